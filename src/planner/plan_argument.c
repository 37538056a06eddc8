/*
 * plan_argument.c - a field's arguments: filters, order, row limit, offset.
 *
 * What a variable says here may shape the SQL; then the plan gets a guard.  All other
 * values are parameters of the statement.
 *
 * SPDX-License-Identifier: MIT
 */
#include <assert.h>

#include "base/arena.h"
#include "base/limits.h"
#include "schema/schema.h"
#include "value/value.h"
#include "planner/argument.h"
#include "planner/planner.h"

/* PostgreSQL's keys have no more columns. */
enum { MOST_OF_KEY = 32 };

const struct error *
plan_argument_get(struct planner *p, struct argument *argument, enum guard_kind guard)
{
    if (argument->written && guard == GUARD_SHAPE)
        guard_add_shapes(&p->plan->guards, p->arena, argument->written, argument->definition->type,
                         p->variables);
    else if (argument->written)
        guard_add_all(&p->plan->guards, p->arena, argument->written, guard, p->variables);
    if (!argument->is_constant && guard == GUARD_NONE)
        return NULL;
    return argument_get(argument->is_constant ? p->arena : p->scratch, argument, p->variables,
                        p->limits);
}

static int
argument_parameter(struct planner *p, struct plan_relation *relation,
                   const struct argument *argument, enum plan_parameter_form form,
                   const struct codec *codec, struct str type_name)
{
    struct plan_parameter parameter = { .form = form,
                                        .field = argument->field,
                                        .argument = argument->definition,
                                        .is_constant = argument->is_constant,
                                        .value = argument->is_constant ? argument->value : NULL,
                                        .codec = codec,
                                        .type_name = type_name };

    return plan_parameter_add(p, relation->statement, &parameter);
}

/* `first`: a row limit is a literal of the SQL, or PostgreSQL could not plan for it. */
static void
argument_first(struct planner *p, struct plan_relation *relation, const struct argument *argument)
{
    relation->slice->has_limit = true;
    relation->slice->limit = argument->value ? (int)argument->number : p->limits->page;
    relation->slice->has_written_limit = argument->is_given;
}

/* `skip`: nothing in the SQL where the document says nothing or 0.  The branches of a union
 * are cut after what is skipped, which therefore must be known when PostgreSQL plans them. */
static void
argument_skip(struct planner *p, struct plan_relation *relation, const struct argument *argument)
{
    if (argument->is_constant && (!argument->value || argument->number == 0))
        return;
    relation->slice->has_offset = true;
    relation->slice->offset =
        argument_parameter(p, relation, argument, PLAN_OFFSET, NULL, STR("bigint"));
    relation->statement->statement.needs_custom_plan |= relation->source == PLAN_UNION;
}

/* The relations in whose rows the columns of arguments stand: the branches of a union, one
 * after the other, or the relation itself. */
static struct plan_relation *
first_rows(struct plan_relation *relation)
{
    return relation->source == PLAN_UNION ? relation->children : relation;
}

static struct plan_relation *
next_rows(const struct plan_relation *relation, const struct plan_relation *rows)
{
    return relation->source == PLAN_UNION ? rows->next : NULL;
}

static void
filter_add(struct planner *p, struct plan_relation *relation,
           const struct argument_binding *binding, int parameter)
{
    struct plan_filter **end = &relation->slice->filters;

    while (*end)
        end = &(*end)->next;
    *end = ARENA_NEW(p->arena, struct plan_filter);
    **end = (struct plan_filter){
        .kind = binding->role == ARGUMENT_SEARCH ? PLAN_SEARCH : PLAN_COMPARE,
        .rows = relation,
        .op = binding->role == ARGUMENT_SEARCH ? FILTER_I_CONTAINS : FILTER_EQ,
        .columns = binding->columns,
        .column_count = binding->column_count,
        .is_truncated = binding->codec && binding->codec->is_truncated,
        .parameter = parameter,
    };
}

static void
argument_filter(struct planner *p, struct plan_relation *relation, const struct argument *argument)
{
    const struct argument_binding *binding = argument->definition->binding;
    bool is_search = binding->role == ARGUMENT_SEARCH;

    if (!argument->value || (is_search && argument->value->text.len == 0))
        return;
    int parameter = is_search
                        ? argument_parameter(p, relation, argument, PLAN_PATTERN, NULL, STR("text"))
                        : argument_parameter(p, relation, argument, PLAN_VALUE, binding->codec,
                                             binding->codec->type->compared_as);
    struct plan_relation *rows = first_rows(relation);
    for (int i = 0; rows; rows = next_rows(relation, rows), i++)
        filter_add(p, rows, relation->source == PLAN_UNION ? binding->branches[i] : binding,
                   parameter);
    relation->statement->statement.needs_custom_plan |= is_search;
}

/* `where`: conditions, of which a role may be refused some. */
static void
argument_where(struct planner *p, struct plan_relation *relation, const struct argument *argument)
{
    const struct argument_binding *binding = argument->definition->binding;
    struct plan_relation *rows = first_rows(relation);
    uint32_t denied = 0;

    for (int i = 0; rows; rows = next_rows(relation, rows), i++)
        denied |= plan_filter(p, rows,
                              relation->source == PLAN_UNION ? binding->branches[i]->filter
                                                             : binding->filter,
                              argument);
    relation->denied |= denied;
}

/* Sort by the column, unless an earlier term does already.  The last term says how
 * the key breaks ties, whether it sorts or not. */
static void
order_add(struct plan_slice *slice, const struct order_term *term)
{
    slice->is_descending = term->is_descending;
    for (int i = 0; i < slice->order_count; i++)
        if (slice->order[i].column == term->column)
            return;
    slice->order[slice->order_count++] = *term;
}

/* Room for all columns of the table, and of one between. */
static void
order_begin(struct planner *p, struct plan_relation *relation)
{
    const struct join *through = relation->join ? relation->join->through : NULL;
    size_t count = (size_t)plan_table(relation)->column_count +
                   (through ? (size_t)through->table->column_count : 0);

    relation->slice->order = ARENA_ARRAY(p->arena, struct order_term, count);
}

/* Sort rows of the relation by what each object of the list, or the only one, names. */
static void
order_by(struct planner *p, struct plan_relation *relation, const struct argument *argument,
         const struct column **columns)
{
    const struct type *type = type_named(argument->definition->type);
    const struct value *value = argument->value;
    const struct value *item = value->kind == VALUE_LIST ? value->items : value;

    order_begin(p, relation);
    for (; item; item = value->kind == VALUE_LIST ? item->next : NULL) {
        const struct value *member = item->items;
        for (int i = 0; i < type->input_count; i++)
            if (str_equal(type->inputs[i].name, member->name))
                order_add(relation->slice,
                          &(struct order_term){ .column = columns[i],
                                                .is_descending = str_is(member->text, "DESC") });
    }
}

/* `orderBy`: a list of objects with one member each, which names the column. */
static void
argument_order(struct planner *p, struct plan_relation *relation, const struct argument *argument)
{
    const struct argument_binding *binding = argument->definition->binding;
    const struct value *value = argument->value;
    struct plan_relation *rows = first_rows(relation);

    if (!value || (value->kind == VALUE_LIST && !value->items))
        return;
    for (int i = 0; rows; rows = next_rows(relation, rows), i++)
        order_by(p, rows, argument,
                 relation->source == PLAN_UNION ? binding->branches[i]->columns : binding->columns);
}

static void
argument_function(struct planner *p, struct plan_relation *relation,
                  const struct argument *argument)
{
    const struct argument_binding *binding = argument->definition->binding;
    const struct parameter *parameter = binding->parameter;
    struct plan_call *call = &relation->of.call;

    assert(relation->source == PLAN_FUNCTION);
    assert(parameter - call->function->parameters < call->function->parameter_count);
    if (!argument->value)
        return;
    call->arguments[parameter - call->function->parameters] =
        (struct plan_call_argument){ true, argument_parameter(p, relation, argument, PLAN_VALUE,
                                                              binding->codec,
                                                              parameter->type->passed_as) };
    /* `lo IS NULL OR at >= lo` finds no index but in a plan that is made for the value. */
    relation->statement->statement.needs_custom_plan |=
        parameter->has_default && call->function->returns_set && !call->function->is_volatile;
}

static const struct {
    enum guard_kind guard;
    void (*plan)(struct planner *, struct plan_relation *, const struct argument *);
} roles[] = {
    [ARGUMENT_FIRST] = { GUARD_VALUE, argument_first },
    [ARGUMENT_SKIP] = { GUARD_NONE, argument_skip },
    [ARGUMENT_ORDER_BY] = { GUARD_VALUE, argument_order },
    [ARGUMENT_EQUALS] = { GUARD_NOT_NULL, argument_filter },
    [ARGUMENT_SEARCH] = { GUARD_NOT_EMPTY, argument_filter },
    [ARGUMENT_FILTER] = { GUARD_SHAPE, argument_where },
    [ARGUMENT_PARAMETER] = { GUARD_PRESENT, argument_function },
};

const struct error *
plan_exactly_one_error(struct errors *errors, const struct field *field)
{
    struct str names = STR("");

    for (int i = 0; i < field->argument_count; i++)
        names = str_format(errors->arena, "%.*s%s\"%.*s\"", STR_PRINT(names),
                           i == 0                           ? ""
                           : i + 1 == field->argument_count ? " and "
                                                            : ", ",
                           STR_PRINT(field->arguments[i].name));
    return errors_add(errors, ERROR_BAD_USER_INPUT,
                      "Exactly one of the arguments %.*s must be given.", STR_PRINT(names));
}

/* Is the condition one that an argument is alone, and not of a filter? */
static bool
is_argument(const struct plan_relation *relation, const struct plan_filter *filter)
{
    return filter->kind == PLAN_SEARCH ||
           (filter->kind == PLAN_COMPARE && filter_operators[filter->op].operand == OPERAND_VALUE &&
            relation->statement->parameters[filter->parameter].form == PLAN_VALUE);
}

/* @exactlyOne: as many filters as are wanted, no more and no fewer. */
static const struct error *
check_exactly_one(struct planner *p, struct plan_relation *relation, const struct field *field)
{
    int count = 0;

    for (const struct plan_filter *f = first_rows(relation)->slice->filters; f; f = f->next)
        count += is_argument(relation, f);
    if (!field->binding->is_exactly_one || count == 1)
        return NULL;
    return plan_exactly_one_error(&p->errors, field);
}

/* The default order, where the document has none. */
static void
order_default(struct planner *p, struct plan_relation *relation, const struct order *order)
{
    if (relation->slice->order)
        return;
    order_begin(p, relation);
    for (int i = 0; i < order->count; i++)
        order_add(relation->slice, &order->terms[i]);
}

/* Is the column of the table between the same in all rows that are equal so far: by the parent's
 * key, or by the row that it joins? */
static bool
is_settled(const struct plan_slice *slice, const struct join *join, const struct column *column)
{
    for (int i = 0; i < join->through->count; i++)
        if (join->through->to[i] == column)
            return true;
    for (int i = 0; i < join->count; i++)
        for (int j = 0; join->from[i] == column && j < slice->order_count; j++)
            if (slice->order[j].column == join->to[i])
                return true;
    return false;
}

/* What makes the order total: the key; and of the table between, which may join a row more
 * than once, its own. */
static void
order_add_keys(struct plan_relation *relation)
{
    const struct join *join = relation->join;
    struct plan_slice *slice = relation->slice;

    for (int i = 0; i < relation->key->count; i++)
        order_add(slice,
                  &(struct order_term){ relation->key->columns[i], false, slice->is_descending });
    if (!join || !join->through)
        return;
    const struct key *key = &join->through->table->primary_key;
    for (int i = 0; i < key->count; i++)
        if (!is_settled(slice, join, key->columns[i]))
            order_add(slice, &(struct order_term){ key->columns[i], true, slice->is_descending });
}

/* Rows of a function are in its own order, unless the contract or the document orders them. */
static bool
keeps_order(const struct plan_relation *relation, const struct bound_rows *bound)
{
    return relation->source == PLAN_FUNCTION && bound->order.count == 0 &&
           !relation->slice->order && !bound->connection;
}

/* A union is ordered by the terms that its branches have in common; then by type, and in
 * one type by its key, which so is a cell. */
static void
plan_order(struct planner *p, struct plan_relation *relation, const struct bound_rows *bound)
{
    struct plan_relation *rows = first_rows(relation);

    if (keeps_order(relation, bound))
        return;
    for (int i = 0; rows; rows = next_rows(relation, rows), i++) {
        order_default(p, rows,
                      relation->source == PLAN_UNION ? &binding_rows(bound->branches[i])->order
                                                     : &bound->order);
        if (relation->source == PLAN_UNION) {
            relation->slice->order_count = rows->slice->order_count;
            relation->slice->is_descending = rows->slice->is_descending;
            for (int j = 0; j < rows->key->count; j++)
                plan_column_cell(p, rows, rows->key->columns[j]);
        }
        order_add_keys(rows);
    }
}

/* Do the filters equal all columns of a key? */
static bool
is_key_given(const struct plan_relation *relation)
{
    const struct table *table = plan_table(relation);
    const struct column *columns[MOST_OF_KEY];
    int count = 0;

    for (const struct plan_filter *f = relation->slice->filters; f && count < MOST_OF_KEY;
         f = f->next)
        if (is_argument(relation, f) && f->kind == PLAN_COMPARE && !f->is_truncated)
            columns[count++] = f->columns[0];
    return table_is_unique(table, columns, count);
}

/* Can more than one row come although one is wanted? */
static bool
needs_limit_of_one(const struct plan_relation *relation)
{
    if (relation->source == PLAN_FUNCTION)
        return relation->of.call.function->returns_set;
    return !is_key_given(relation);
}

/* Is it one that plan_page.c plans: a connection's `first`, `last`, `after`, `before`, and what is
 * no matter to its count? */
static bool
is_of_page(const struct bound_rows *rows, const struct plan_relation *relation,
           enum argument_role role)
{
    if (!rows || !rows->connection)
        return false;
    if (relation->purpose != PLAN_ROWS && role == ARGUMENT_SKIP)
        return true;
    return role == ARGUMENT_FIRST || role == ARGUMENT_LAST || role == ARGUMENT_AFTER ||
           role == ARGUMENT_BEFORE;
}

const struct error *
plan_arguments(struct planner *p, struct plan_relation *relation, const struct ast_field *ast,
               const struct field *field)
{
    struct plan_slice *slice = relation->slice;
    const struct error *refusal = NULL;

    for (int i = 0; i < field_call_count(field) && !refusal; i++) {
        struct argument argument = argument_find(ast, &field->arguments[i]);
        enum argument_role role = argument.definition->binding->role;
        if (is_of_page(binding_rows(field->binding), relation, role))
            continue;
        assert(role < ARRAY_LENGTH(roles) && roles[role].plan);
        refusal = plan_argument_get(p, &argument, roles[role].guard);
        if (!refusal)
            roles[role].plan(p, relation, &argument);
    }
    if (!refusal)
        refusal = plan_refuse_denied(p, relation->denied);
    if (!refusal)
        refusal = check_exactly_one(p, relation, field);
    if (refusal || (!binding_rows(field->binding) && !slice->is_list))
        return refusal;
    if (relation->purpose == PLAN_COUNT)
        return NULL;
    if (slice->is_list && binding_rows(field->binding))
        plan_order(p, relation, binding_rows(field->binding));
    if (!slice->has_limit && (slice->is_list || needs_limit_of_one(relation))) {
        slice->has_limit = true;
        slice->limit = slice->is_list ? p->limits->page : 1;
    }
    return NULL;
}
