/*
 * filter.c - what the fields of a filter compare, once it is bound.
 *
 * SPDX-License-Identifier: MIT
 */
#include "binding/filter.h"

#include "base/arena.h"
#include "language/ast.h"
#include "schema/schema.h"
#include "catalog/catalog.h"

const struct filter_operator_row filter_operators[] = {
#define FILTER_ROW(constant, name, domain, operand, sql, is_custom)                                \
    { name, DOMAIN_##domain, OPERAND_##operand, sql, is_custom },
    FILTER_OPERATORS(FILTER_ROW)
#undef FILTER_ROW
};

static bool
is_text(enum column_kind kind)
{
    return kind == COLUMN_TEXT || kind == COLUMN_VARCHAR || kind == COLUMN_CHAR ||
           kind == COLUMN_CITEXT;
}

bool
filter_has_operator(const struct column *column, enum filter_operator op)
{
    const struct column_type *type = column->type;

    switch (filter_operators[op].domain) {
    case DOMAIN_ANY:
        return true;
    case DOMAIN_EQUALITY: /* a list of arrays would be one of their elements */
        return type->has_equality &&
               (filter_operators[op].operand == OPERAND_VALUE || type->kind != COLUMN_ARRAY);
    case DOMAIN_ORDER:
        return type->has_order;
    case DOMAIN_TEXT:
        return is_text(type->kind) && !column->is_nondeterministic;
    case DOMAIN_ARRAY:
        return type->kind == COLUMN_ARRAY && type->has_equality;
    case DOMAIN_JSONB:
        return type->kind == COLUMN_JSONB;
    case DOMAIN_DOCUMENT:
        return str_is(type->base_name, "tsvector");
    }
    return false;
}

bool
filter_is_whole_bound(enum filter_operator op, const struct column *column)
{
    return filter_operators[op].domain == DOMAIN_ORDER &&
           (column->kind == COLUMN_INT2 || column->kind == COLUMN_INT4 ||
            column->kind == COLUMN_INT8 || column->kind == COLUMN_OID);
}

bool
filter_has_same_words(const struct bound_comparison *a, const struct bound_comparison *b)
{
    if (a->column_count != b->column_count || !a->config.ptr != !b->config.ptr ||
        (a->config.ptr && !str_equal(a->config, b->config)))
        return false;
    for (int i = 0; i < a->column_count; i++)
        if (a->columns[i] != b->columns[i])
            return false;
    return true;
}

bool
filter_may_find(const struct bound_filter *filter, const struct bound_comparison *words)
{
    for (int i = 0; i < filter->type->input_count; i++) {
        const struct filter_field *field = &filter->fields[i];
        const struct type *type = type_named(filter->type->inputs[i].type);
        int count = field->kind != FILTER_COLUMN ? 0 : type_is_leaf(type) ? 1 : type->input_count;
        for (int j = 0; j < count; j++)
            if (field->comparisons[j].op == FILTER_MATCHES &&
                filter_has_same_words(&field->comparisons[j], words))
                return true;
    }
    return false;
}

/* Only Booleans are asked for their names. */
bool
filter_is_truth(const struct input_value *input)
{
    const struct ast_directive *directive;

    if (!str_is(type_named(input->type)->name, "Boolean"))
        return false;
    directive = ast_find_directive(input->ast->directives, "operator");
    struct str name = directive && directive->arguments
                          ? ast_as(value, ast_as(argument, directive->arguments)->value)->text
                          : input->name;
    return str_is(name, filter_operators[FILTER_IS_NULL].name) ||
           str_is(name, filter_operators[FILTER_IS_EMPTY].name);
}

/* --- a walk --- */

struct seen {
    const struct bound_filter *filter;
    struct seen *next;
};

struct walk {
    struct arena *arena;
    struct seen *seen;
    filter_visit_fn *visit;
    void *context;
};

static void
visit_column(const struct walk *w, const struct bound_filter *filter, int number)
{
    const struct input_value *input = &filter->type->inputs[number];
    const struct filter_field *field = &filter->fields[number];
    const struct type *type = type_named(input->type);

    if (type_is_leaf(type)) {
        w->visit(w->context, filter, input, NULL, field->comparisons, NULL);
        return;
    }
    for (int i = 0; i < type->input_count; i++)
        w->visit(w->context, filter, input, &type->inputs[i], &field->comparisons[i], NULL);
}

static void
visit_filter(struct walk *w, const struct bound_filter *filter)
{
    for (const struct seen *seen = w->seen; seen; seen = seen->next)
        if (seen->filter == filter)
            return;
    struct seen *seen = ARENA_NEW(w->arena, struct seen);
    *seen = (struct seen){ filter, w->seen };
    w->seen = seen;
    for (int i = 0; i < filter->type->input_count; i++) {
        const struct input_value *input = &filter->type->inputs[i];
        const struct filter_field *field = &filter->fields[i];
        if (field->kind == FILTER_COLUMN)
            visit_column(w, filter, i);
        if (field->join)
            w->visit(w->context, filter, input, NULL, NULL, field->join);
        if (field->filter)
            visit_filter(w, field->filter);
        for (int j = 0; field->quantifiers && j < type_named(input->type)->input_count; j++)
            visit_filter(w, field->quantifiers[j].filter);
    }
}

void
filter_visit(struct arena *a, const struct bound_filter *filter, filter_visit_fn *visit,
             void *context)
{
    struct walk w = { .arena = a, .visit = visit, .context = context };

    visit_filter(&w, filter);
}
