/*
 * plan_filter.c - from a filter's value to conditions.
 *
 * The value says which conditions there are, and what they compare with; the first shapes the
 * SQL and is guarded (GUARD_SHAPE), the second are parameters, each with its path in the value.
 *
 * A condition is true or false: a comparison with null is false, and its `not` is true.  So
 * a filter and its negation part the table, and a parameter that no row can equal is null.
 *
 * SPDX-License-Identifier: MIT
 */
#include <assert.h>

#include "base/arena.h"
#include "schema/schema.h"
#include "value/value.h"
#include "binding/filter.h"
#include "planner/argument.h"
#include "plan/plan_viewers.h"
#include "planner/planner.h"

struct build {
    struct planner *p;
    struct plan_statement *statement;
    const struct argument *argument;
    uint32_t denied; /* roles that may not read what it compares */
};

/* Where conditions are added: the rows that they are on, and the end of a list. */
struct spot {
    const struct plan_relation *rows;
    struct plan_filter **end;
};

static struct plan_filter *
add(struct build *b, struct spot *at, enum plan_filter_kind kind)
{
    struct plan_filter *filter = ARENA_NEW(b->p->arena, struct plan_filter);

    assert(!*at->end);
    filter->kind = kind;
    filter->rows = at->rows;
    *at->end = filter;
    at->end = &filter->next;
    return filter;
}

/* Nothing is asked for where a function has returned the rows. */
static void
deny(struct build *b, const struct plan_relation *rows, const struct column *column)
{
    if (rows->source != PLAN_FUNCTION)
        b->denied |= column->denied;
}

/* --- comparisons --- */

/* The type of the parameter. */
static struct str
operand_type(struct build *b, const struct bound_comparison *comparison)
{
    const struct column *column = comparison->columns[0];
    struct str type = column->type->compared_as;

    switch (filter_operators[comparison->op].operand) {
    case OPERAND_TEXT:
        return STR("text");
    case OPERAND_TEXTS:
        return STR("text[]");
    case OPERAND_VALUES:
        return str_format(b->p->arena, "%.*s[]", STR_PRINT(type));
    case OPERAND_VALUE:
    case OPERAND_TRUTH:
    case OPERAND_ELEMENT:
    case OPERAND_ELEMENTS:
        break;
    }
    return type;
}

static bool
is_same_place(const struct path *a, const struct path *b)
{
    for (; a && b; a = a->parent, b = b->parent)
        if (a->name.ptr ? !b->name.ptr || !str_equal(a->name, b->name)
                        : b->name.ptr || a->index != b->index)
            return false;
    return a == b;
}

/* The parameter for the operand, which all branches of a union share. */
static int
add_parameter(struct build *b, const struct plan_operand *operand)
{
    const struct bound_comparison *comparison = operand->comparison;
    const struct path *path = operand->path;
    struct plan_parameter parameter = { .form = PLAN_OPERAND,
                                        .field = b->argument->field,
                                        .argument = b->argument->definition,
                                        .is_constant = b->argument->is_constant,
                                        .value = b->argument->is_constant ? operand->value : NULL,
                                        .codec = comparison->codec,
                                        .op = comparison->op,
                                        .is_whole_bound = filter_is_whole_bound(
                                            comparison->op, comparison->columns[0]),
                                        .path = path,
                                        .type_name = operand_type(b, comparison) };

    for (int i = 0; i < b->statement->parameter_count; i++) {
        const struct plan_parameter *other = &b->statement->parameters[i];
        if (other->form == PLAN_OPERAND && other->argument == parameter.argument &&
            other->field == parameter.field && other->op == parameter.op &&
            str_equal(other->type_name, parameter.type_name) && is_same_place(other->path, path))
            return i;
    }
    return plan_parameter_add(b->p, b->statement, &parameter);
}

/* Number the parameters of the conditions that are left, and judge what their plan depends on. */
static void
add_parameters(struct build *b, struct plan_filter *filters)
{
    for (struct plan_filter *f = filters; f; f = f->next) {
        if (f->kind == PLAN_COMPARE && f->operand) {
            f->parameter = add_parameter(b, f->operand);
            b->statement->statement.needs_custom_plan |= filter_operators[f->op].is_custom;
        }
        add_parameters(b, f->items);
    }
}

static void
add_comparison(struct build *b, struct spot *at, const struct bound_comparison *comparison,
               const struct value *value, const struct path *path)
{
    struct plan_filter *filter = add(b, at, PLAN_COMPARE);
    struct plan_operand *operand;

    filter->op = comparison->op;
    filter->columns = comparison->columns;
    filter->column_count = comparison->column_count;
    filter->function = comparison->function;
    if (filter->function)
        plan_viewers_add_function(b->p->plan, filter->function, false);
    filter->config = comparison->config;
    filter->is_truncated = comparison->codec && comparison->codec->is_truncated;
    for (int i = 0; i < comparison->column_count; i++)
        deny(b, at->rows, comparison->columns[i]);
    filter->is_true = value->boolean;
    if (filter_operators[comparison->op].operand == OPERAND_TRUTH)
        return;
    operand = ARENA_NEW(b->p->arena, struct plan_operand);
    *operand = (struct plan_operand){ comparison, value, path };
    filter->operand = operand;
}

/* --- combinations --- */

static const struct path *
step(struct build *b, const struct path *parent, struct str name, int index)
{
    struct path *path = ARENA_NEW(b->p->arena, struct path);

    *path = (struct path){ .parent = parent, .name = name, .index = index };
    return path;
}

static void add_filter(struct build *b, struct spot *at, const struct bound_filter *filter,
                       const struct value *object, const struct path *path);

/* `not` of conditions: of none, which is true, it is false; of one that is true or false in SQL,
 * too, it is that one turned around. */
static void
add_not(struct build *b, struct spot *at, struct plan_filter *items)
{
    bool is_one = items && !items->next;

    if (!items)
        add(b, at, PLAN_NOTHING);
    else if (is_one && items->kind == PLAN_NOTHING)
        return;
    else if (is_one && items->kind == PLAN_EXISTS) {
        items->is_negated = !items->is_negated;
        *at->end = items;
        at->end = &items->next;
    } else
        add(b, at, PLAN_NOT)->items = items;
}

/* Can both be asked of one row: is one there that meets the one or the other? */
static bool
is_same_sought(const struct plan_filter *a, const struct plan_filter *b)
{
    return a->kind == PLAN_EXISTS && b->kind == PLAN_EXISTS && !a->is_negated && !b->is_negated &&
           a->rows->parent == b->rows->parent && join_equal(a->rows->join, b->rows->join) &&
           a->rows->type == b->rows->type;
}

/* Of several conditions one, which all of them are of. */
static struct plan_filter *
as_one(struct build *b, struct plan_filter *items)
{
    if (!items->next)
        return items;
    struct plan_filter *both = ARENA_NEW(b->p->arena, struct plan_filter);
    *both = (struct plan_filter){ .kind = PLAN_AND, .rows = items->rows, .items = items };
    return both;
}

/* A row of `a` is there, or one of `b`: a row that is of the one or the other, which one look
 * finds.  Of no condition, any row is. */
static void
merge(struct build *b, struct plan_filter *a, struct plan_filter *other)
{
    /* Its conditions are on these rows now. */
    ((struct plan_relation *)other->rows)->alias = a->rows->alias;
    ((struct plan_relation *)other->rows)->between = a->rows->between;
    if (!a->items || !other->items) {
        a->items = NULL;
        return;
    }
    struct plan_filter *one = as_one(b, a->items), *two = as_one(b, other->items);
    if (one->kind == PLAN_OR) {
        struct plan_filter **end = &one->items;
        while (*end)
            end = &(*end)->next;
        *end = two;
        return;
    }
    struct plan_filter *either = ARENA_NEW(b->p->arena, struct plan_filter);
    *either = (struct plan_filter){ .kind = PLAN_OR, .rows = a->rows, .items = one };
    one->next = two;
    a->items = either;
}

/* Add the alternative, or make it part of one that looks for the same rows. */
static void
add_alternative(struct build *b, struct plan_filter **alternatives, struct plan_filter *item)
{
    struct plan_filter **end = alternatives;

    for (; *end; end = &(*end)->next)
        if (is_same_sought(*end, item)) {
            merge(b, *end, item);
            return;
        }
    *end = item;
}

/* `or`: of nothing it is false, and with an alternative that is always true it says nothing. */
static void
add_or(struct build *b, struct spot *at, const struct bound_filter *filter,
       const struct value *list, const struct path *path)
{
    struct plan_filter *alternatives = NULL;
    bool is_always = false;
    int index = 0;

    for (const struct value *item = list->items; item; item = item->next) {
        struct plan_filter *conditions = NULL;
        struct spot within = { at->rows, &conditions };
        add_filter(b, &within, filter, item, step(b, path, STR_NONE, index++));
        if (conditions)
            add_alternative(b, &alternatives, as_one(b, conditions));
        is_always |= !conditions;
    }
    if (is_always)
        return;
    if (!alternatives) {
        add(b, at, PLAN_NOTHING);
    } else if (!alternatives->next) {
        *at->end = alternatives;
        at->end = &alternatives->next;
    } else {
        add(b, at, PLAN_OR)->items = alternatives;
    }
}

/* --- joined rows --- */

static void
deny_join(struct build *b, const struct plan_relation *rows, const struct join *join)
{
    if (join->through)
        deny_join(b, rows, join->through);
    for (int i = 0; i < join->count; i++) {
        if (join->through)
            b->denied |= join->from[i]->denied;
        else
            deny(b, rows, join->from[i]);
        b->denied |= join->to[i]->denied;
    }
}

/* Turn the conditions on the rows into what rows meet that do not meet them.  False: none do. */
static bool
turn(struct build *b, const struct plan_relation *rows, struct plan_filter **conditions)
{
    struct plan_filter *opposite = NULL;
    struct spot at = { rows, &opposite };

    add_not(b, &at, *conditions);
    *conditions = opposite;
    return !opposite || opposite->kind != PLAN_NOTHING;
}

/* There is a joined row that meets the filter; or there is none; or none that does not. */
static void
add_exists(struct build *b, struct spot *at, const struct filter_field *field,
           enum filter_quantifier quantifier, const struct bound_filter *filter,
           const struct value *object, const struct path *path)
{
    struct plan_relation *rows =
        plan_relation_sought(b->p, (struct plan_relation *)at->rows, field->join, field->rows);
    struct plan_filter *conditions = NULL;
    struct spot within = { rows, &conditions };

    deny_join(b, at->rows, field->join);
    add_filter(b, &within, filter, object, path);
    if (quantifier == FILTER_EVERY && !turn(b, rows, &conditions))
        return;
    struct plan_filter *exists = add(b, at, PLAN_EXISTS);
    exists->rows = rows;
    exists->items = conditions;
    exists->is_negated = quantifier != FILTER_SOME;
}

/* `some`, `every` and `none`, those that are given. */
static void
add_quantifiers(struct build *b, struct spot *at, const struct type *type,
                const struct filter_field *field, const struct value *object,
                const struct path *path)
{
    for (int i = 0; i < type->input_count; i++) {
        const struct value *member = value_find(object, type->inputs[i].name);
        if (member)
            add_exists(b, at, field, field->quantifiers[i].quantifier, field->quantifiers[i].filter,
                       member, step(b, path, type->inputs[i].name, 0));
    }
}

/* --- the fields of a filter --- */

static void
add_column(struct build *b, struct spot *at, const struct type *type,
           const struct filter_field *field, const struct value *value, const struct path *path)
{
    if (type_is_leaf(type)) {
        add_comparison(b, at, field->comparisons, value, path);
        return;
    }
    for (int i = 0; i < type->input_count; i++) {
        const struct value *member = value_find(value, type->inputs[i].name);
        if (member)
            add_comparison(b, at, &field->comparisons[i], member,
                           step(b, path, type->inputs[i].name, 0));
    }
}

static void
add_and(struct build *b, struct spot *at, const struct bound_filter *filter,
        const struct value *list, const struct path *path)
{
    int index = 0;

    for (const struct value *item = list->items; item; item = item->next)
        add_filter(b, at, filter, item, step(b, path, STR_NONE, index++));
}

static void
add_field(struct build *b, struct spot *at, const struct input_value *input,
          const struct filter_field *field, const struct value *value, const struct path *path)
{
    struct plan_filter *conditions = NULL;
    struct spot within = { at->rows, &conditions };

    switch (field->kind) {
    case FILTER_AND:
        add_and(b, at, field->filter, value, path);
        break;
    case FILTER_OR:
        add_or(b, at, field->filter, value, path);
        break;
    case FILTER_NOT:
        add_filter(b, &within, field->filter, value, path);
        add_not(b, at, conditions);
        break;
    case FILTER_COLUMN:
        add_column(b, at, type_named(input->type), field, value, path);
        break;
    case FILTER_TO_ONE:
        add_exists(b, at, field, FILTER_SOME, field->filter, value, path);
        break;
    case FILTER_TO_MANY:
        add_quantifiers(b, at, type_named(input->type), field, value, path);
        break;
    }
}

/* All that the object says of the row must hold. */
static void
add_filter(struct build *b, struct spot *at, const struct bound_filter *filter,
           const struct value *object, const struct path *path)
{
    for (int i = 0; i < filter->type->input_count; i++) {
        const struct input_value *input = &filter->type->inputs[i];
        const struct value *value = value_find(object, input->name);
        if (value)
            add_field(b, at, input, &filter->fields[i], value, step(b, path, input->name, 0));
    }
}

/* --- the argument --- */

uint32_t
plan_filter(struct planner *p, struct plan_relation *relation, const struct bound_filter *filter,
            const struct argument *argument)
{
    struct build b = { .p = p, .statement = relation->statement, .argument = argument };
    struct spot at = { relation, &relation->slice->filters };

    if (!argument->value)
        return 0;
    while (*at.end)
        at.end = &(*at.end)->next;
    struct plan_filter **first = at.end;
    add_filter(&b, &at, filter, argument->value, NULL);
    add_parameters(&b, *first);
    return b.denied;
}
