/*
 * plan_argument.c - a field's arguments: filters, row limit, offset.
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
    else if (argument->written && guard == GUARD_ROWS)
        guard_add_rows(&p->plan->guards, p->arena, argument->written, argument->definition->type,
                       p->variables);
    else if (argument->written)
        guard_add_all(&p->plan->guards, p->arena, argument->written, guard, p->variables);
    if (!argument->is_constant && guard == GUARD_NONE)
        return NULL;
    const struct error *refusal = argument_get(argument->is_constant ? p->arena : p->scratch,
                                               argument, p->variables, p->limits);
    /* It is a part of the plan, which others may use, too, after this request is over. */
    return refusal && !argument->is_constant
               ? argument_get(p->arena, argument, p->variables, p->limits)
               : refusal;
}

/* A parameter that the argument's value goes into, as a whole. */
static struct plan_parameter
argument_value(const struct argument *argument, enum plan_parameter_form form)
{
    return (struct plan_parameter){ .form = form,
                                    .field = argument->field,
                                    .argument = argument->definition,
                                    .is_constant = argument->is_constant,
                                    .value = argument->is_constant ? argument->value : NULL };
}

static int
argument_parameter(struct planner *p, struct plan_relation *relation,
                   const struct argument *argument, enum plan_parameter_form form,
                   const struct codec *codec, struct str type_name)
{
    struct plan_parameter parameter = argument_value(argument, form);

    parameter.codec = codec;
    parameter.type_name = type_name;
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

/* `atMost`: how many of the rows that are found may be written. */
static void
argument_at_most(struct planner *p, struct plan_relation *relation, const struct argument *argument)
{
    (void)p;
    relation->slice->has_limit = true;
    relation->slice->limit = (int)argument->number;
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

static void
filter_add(struct planner *p, struct plan_relation *relation,
           const struct argument_binding *binding, int first, int parameter)
{
    struct plan_filter **end = &relation->slice->filters;

    while (*end)
        end = &(*end)->next;
    *end = ARENA_NEW(p->arena, struct plan_filter);
    **end = (struct plan_filter){
        .kind = binding->role == ARGUMENT_SEARCH ? PLAN_SEARCH : PLAN_COMPARE,
        .rows = relation,
        .op = binding->role == ARGUMENT_SEARCH ? FILTER_I_CONTAINS : FILTER_EQ,
        .columns = binding->columns + first,
        .column_count = binding->role == ARGUMENT_SEARCH ? binding->column_count : 1,
        .is_truncated = binding->codec && binding->codec->is_truncated,
        .parameter = parameter,
    };
}

/* The rows that a global id names: those that equal all parts of its key. */
static void
argument_global_id(struct planner *p, struct plan_relation *relation,
                   const struct argument *argument)
{
    const struct argument_binding *binding = argument->definition->binding;

    for (int i = 0; i < binding->column_count; i++) {
        int parameter = argument_parameter(p, relation, argument, PLAN_VALUE, binding->codecs[i],
                                           binding->codecs[i]->type->compared_as);
        filter_add(p, relation, binding, i, parameter);
    }
}

/* `ifVersion`: null is as if it was absent. */
static void
argument_version(struct planner *p, struct plan_relation *relation, const struct argument *argument)
{
    const struct argument_binding *binding = argument->definition->binding;

    if (!argument->value)
        return;
    relation->slice->version = ARENA_NEW(p->arena, struct plan_filter);
    *relation->slice->version = (struct plan_filter){
        .kind = PLAN_COMPARE,
        .rows = relation,
        .op = FILTER_EQ,
        .columns = binding->columns,
        .column_count = 1,
        .is_truncated = binding->codec->is_truncated,
        .parameter = argument_parameter(p, relation, argument, PLAN_VALUE, binding->codec,
                                        binding->codec->type->compared_as),
    };
}

static void
argument_filter(struct planner *p, struct plan_relation *relation, const struct argument *argument)
{
    const struct argument_binding *binding = argument->definition->binding;
    bool is_search = binding->role == ARGUMENT_SEARCH;

    if (!argument->value || (is_search && argument->value->text.len == 0))
        return;
    if (binding->codecs) {
        argument_global_id(p, relation, argument);
        return;
    }
    int parameter = is_search
                        ? argument_parameter(p, relation, argument, PLAN_PATTERN, NULL, STR("text"))
                        : argument_parameter(p, relation, argument, PLAN_VALUE, binding->codec,
                                             binding->codec->type->compared_as);
    struct plan_relation *rows = plan_first_rows(relation);
    for (int i = 0; rows; rows = plan_next_rows(relation, rows), i++)
        filter_add(p, rows, relation->source == PLAN_UNION ? binding->branches[i] : binding, 0,
                   parameter);
    relation->statement->statement.needs_custom_plan |= is_search;
}

/* `where`: conditions, of which a role may be refused some. */
static void
argument_where(struct planner *p, struct plan_relation *relation, const struct argument *argument)
{
    const struct argument_binding *binding = argument->definition->binding;
    struct plan_relation *rows = plan_first_rows(relation);
    uint32_t denied = 0;

    for (int i = 0; rows; rows = plan_next_rows(relation, rows), i++)
        denied |= plan_filter(p, rows,
                              relation->source == PLAN_UNION ? binding->branches[i]->filter
                                                             : binding->filter,
                              argument);
    relation->denied |= denied;
    if (relation->purpose == PLAN_DOUBT) /* of a few rows that have been found */
        return;
    for (rows = plan_first_rows(relation); rows && argument->value;
         rows = plan_next_rows(relation, rows))
        p->plan->filter_cost += plan_filter_cost(p, rows);
}

/* Pass a value to the function's parameter. */
static void
call_add(struct planner *p, struct plan_relation *relation, const struct argument_binding *binding,
         struct plan_parameter value)
{
    const struct parameter *parameter = binding->parameter;
    struct plan_call *call = &relation->of.call;

    assert(relation->source == PLAN_FUNCTION);
    assert(parameter - call->function->parameters < call->function->parameter_count);
    value.codec = binding->codec;
    value.type_name = parameter->type->passed_as;
    call->arguments[parameter - call->function->parameters] =
        (struct plan_call_argument){ true, plan_parameter_add(p, relation->statement, &value) };
    /* `lo IS NULL OR at >= lo` finds no index but in a plan that is made for the value. */
    relation->statement->statement.needs_custom_plan |=
        parameter->has_default && call->function->returns_set && !call->function->is_volatile;
}

static void
argument_function(struct planner *p, struct plan_relation *relation,
                  const struct argument *argument)
{
    if (argument->value)
        call_add(p, relation, argument->definition->binding, argument_value(argument, PLAN_VALUE));
}

/* `input`: each field that is there, or hidden with a default, is passed. */
static void
argument_input(struct planner *p, struct plan_relation *relation, const struct argument *argument)
{
    const struct argument_binding *binding = argument->definition->binding;

    for (int i = 0; i < binding->input->input_count; i++) {
        const struct input_value *input = &binding->input->inputs[i];
        const struct value *value = value_find(argument->value, input->name);
        struct plan_parameter parameter = argument_value(argument, PLAN_VALUE);
        if (!binding->inputs[i] || binding->inputs[i]->role == ARGUMENT_KEY ||
            (!value && !input->default_value))
            continue;
        parameter.input = input;
        parameter.is_constant |= !value;
        parameter.value = value ? parameter.is_constant ? value : NULL : input->default_value;
        call_add(p, relation, binding->inputs[i], parameter);
    }
}

/* The key of a write is for the transaction alone (execute_idempotent.c). */
static void
argument_key(struct planner *p, struct plan_relation *relation, const struct argument *argument)
{
    (void)p, (void)relation, (void)argument;
}

static const struct {
    enum guard_kind guard;
    void (*plan)(struct planner *, struct plan_relation *, const struct argument *);
} roles[] = {
    [ARGUMENT_FIRST] = { GUARD_VALUE, argument_first },
    [ARGUMENT_AT_MOST] = { GUARD_VALUE, argument_at_most },
    [ARGUMENT_SKIP] = { GUARD_NONE, argument_skip },
    [ARGUMENT_ORDER_BY] = { GUARD_VALUE, plan_order_by },
    [ARGUMENT_EQUALS] = { GUARD_NOT_NULL, argument_filter },
    [ARGUMENT_SEARCH] = { GUARD_NOT_EMPTY, argument_filter },
    [ARGUMENT_BY] = { GUARD_VALUE, plan_group_argument },
    [ARGUMENT_GROUP_ORDER] = { GUARD_VALUE, plan_group_argument },
    [ARGUMENT_FILTER] = { GUARD_SHAPE, argument_where },
    [ARGUMENT_PARAMETER] = { GUARD_PRESENT, argument_function },
    [ARGUMENT_INPUT] = { GUARD_FIELDS, argument_input },
    [ARGUMENT_VERSION] = { GUARD_NOT_NULL, argument_version },
    [ARGUMENT_VALUES] = { GUARD_ROWS, plan_write_values },
    [ARGUMENT_KEY] = { GUARD_NONE, argument_key },
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

/* Is it the first that an argument makes?  A global id makes one for each part of the key. */
static bool
is_first(const struct plan_relation *relation, const struct plan_filter *filter)
{
    const struct codec *codec;

    if (!is_argument(relation, filter)) /* then it may have no parameter */
        return false;
    codec = relation->statement->parameters[filter->parameter].codec;
    return !codec || codec->key_part == 0;
}

/* @exactlyOne: as many filters as are wanted, no more and no fewer. */
static const struct error *
check_exactly_one(struct planner *p, struct plan_relation *relation, const struct field *field)
{
    int count = 0;

    for (const struct plan_filter *f = plan_first_rows(relation)->slice->filters; f; f = f->next)
        count += is_first(relation, f);
    if (!field->binding->is_exactly_one || count == 1)
        return NULL;
    return plan_exactly_one_error(&p->errors, field);
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

/* Does it say how rows are written, which is no matter to what is asked of those that were not? */
static bool
is_of_writing(const struct plan_relation *relation, enum argument_role role)
{
    return relation->purpose == PLAN_DOUBT && (role == ARGUMENT_VALUES || role == ARGUMENT_AT_MOST);
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
    if (relation->purpose == PLAN_COUNT && role == ARGUMENT_ORDER_BY)
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
        if (is_of_page(binding_rows(field->binding), relation, role) ||
            is_of_writing(relation, role))
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
    if (refusal || relation->source == PLAN_WRITE || relation->purpose == PLAN_DOUBT ||
        (!binding_rows(field->binding) && !slice->is_list))
        return refusal;
    if (relation->purpose == PLAN_AGGREGATE)
        return plan_aggregate_end(p, relation);
    if (relation->purpose == PLAN_COUNT)
        return NULL;
    if (slice->is_list && binding_rows(field->binding))
        refusal = plan_order(p, relation, binding_rows(field->binding));
    if (!slice->has_limit && (slice->is_list || needs_limit_of_one(relation))) {
        slice->has_limit = true;
        slice->limit = slice->is_list ? p->limits->page : 1;
    }
    return refusal;
}
