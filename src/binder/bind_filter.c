/*
 * bind_filter.c - what the fields of a filter compare.
 *
 * What a field is follows from its name and its type: `and`, `or` and `not` have filters
 * of the same row; a scalar is a value that a column equals; an input type of operators
 * alone compares a column (bind_filter_column.c); one of `some`, `every` and `none` alone
 * is of rows that are joined, and any other of one row that is (bind_filter_join.c).
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdarg.h>

#include "base/arena.h"
#include "language/source.h"
#include "binding/filter.h"
#include "binder/bind_internal.h"

/* What stands in the way of a filter is told at its field. */
void
bind_filter_misfit(const struct filter_site *site, struct str within, const char *format, ...)
{
    struct binder *b = site->binder;
    va_list args;

    site->filter->has_misfit = true;
    va_start(args, format);
    struct str message = str_vformat(b->arena, format, args);
    va_end(args);
    binder_misfit(b, source_offset(b->schema->document->source, site->input->ast->name),
                  str_format(b->arena, "%.*s.%.*s%s%.*s", STR_PRINT(site->filter->type->name),
                             STR_PRINT(site->input->name), within.ptr ? "." : "",
                             STR_PRINT(within)),
                  "%.*s", STR_PRINT(message));
}

struct str
bind_filter_name(const struct binder *b, const struct input_value *input)
{
    const struct ast_directive *directive = ast_find_directive(input->ast->directives, "operator");
    struct str name = binder_directive_text(b, directive, "name");

    return name.ptr ? name : input->name;
}

/* May the items of the list be null?  Of what is no list: no. */
bool
bind_filter_has_null_items(const struct type *type)
{
    const struct type *list = type_nullable(type);

    return list->kind == TYPE_LIST && list->of->kind != TYPE_NON_NULL;
}

/* --- what a field is --- */

static bool
is_input_object(const struct type *type)
{
    return type_named(type)->kind == TYPE_INPUT_OBJECT;
}

static const struct {
    const char *name;
    enum filter_field_kind kind;
} combinations[] = { { "and", FILTER_AND }, { "or", FILTER_OR }, { "not", FILTER_NOT } };

/* Does the field combine further conditions on the same row? */
static bool
is_combination(const struct filter_site *site, enum filter_field_kind *kind)
{
    struct str name = bind_filter_name(site->binder, site->input);

    for (size_t i = 0; i < ARRAY_LENGTH(combinations); i++)
        if (str_is(name, combinations[i].name) && is_input_object(site->input->type)) {
            *kind = combinations[i].kind;
            return true;
        }
    return false;
}

static void
bind_combination(const struct filter_site *site)
{
    const struct type *type = type_nullable(site->input->type);
    bool is_not = site->field->kind == FILTER_NOT;

    if (is_not && type->kind == TYPE_LIST)
        bind_filter_misfit(site, STR_NONE, "\"not\" takes one filter; make it %.*s.",
                           STR_PRINT(type_named(type)->name));
    else if (!is_not && (type->kind != TYPE_LIST || type->of->kind != TYPE_NON_NULL ||
                         type_nullable(type->of)->kind != TYPE_INPUT_OBJECT))
        bind_filter_misfit(
            site, STR_NONE,
            "\"%.*s\" takes a list of filters, none of which is null; make it [%.*s!].",
            STR_PRINT(bind_filter_name(site->binder, site->input)),
            STR_PRINT(type_named(type)->name));
    else
        site->field->filter = bind_filter_find(site->binder, type_named(type), site->filter->table);
}

/* --- the fields of a filter --- */

static void
bind_input(const struct filter_site *site)
{
    const struct type *type = site->input->type;

    if (is_combination(site, &site->field->kind)) {
        bind_combination(site);
    } else if (!is_input_object(type) || bind_filter_is_of_column(site)) {
        site->field->kind = FILTER_COLUMN;
        bind_filter_column(site);
    } else if (type_nullable(type)->kind == TYPE_LIST) {
        bind_filter_misfit(site, STR_NONE,
                           "only \"and\" and \"or\" take a list of filters; make it one %.*s.",
                           STR_PRINT(type_named(type)->name));
    } else {
        bool is_many = bind_filter_is_of_rows(site);
        site->field->kind = is_many ? FILTER_TO_MANY : FILTER_TO_ONE;
        bind_filter_join(site);
    }
    if (site->field->filter)
        site->filter->has_misfit |= site->field->filter->has_misfit;
}

const struct bound_filter *
bind_filter_find(struct binder *b, const struct type *type, const struct table *table)
{
    for (const struct bound_filter *filter = b->filters; filter; filter = filter->next)
        if (filter->type == type && filter->table == table)
            return filter;
    struct bound_filter *filter = ARENA_NEW(b->arena, struct bound_filter);
    struct filter_field *fields =
        ARENA_ARRAY(b->arena, struct filter_field, (size_t)type->input_count);
    *filter = (struct bound_filter){ .type = type, .table = table, .next = b->filters };
    b->filters = filter; /* its fields may be of this filter again */
    for (int i = 0; i < type->input_count; i++)
        bind_input(&(struct filter_site){ b, filter, &type->inputs[i], &fields[i] });
    filter->fields = fields;
    return filter;
}

const struct bound_filter *
bind_filter_within(const struct filter_site *site, const struct input_value *input,
                   const struct table *table)
{
    const struct bound_filter *filter =
        bind_filter_find(site->binder, type_named(input->type), table);

    site->filter->has_misfit |= filter->has_misfit;
    return filter;
}

/* --- the argument --- */

bool
bind_filter_stands(const struct bind_site *site)
{
    const struct binding *binding = site->binding;

    switch (binding->kind) {
    case BINDING_TABLE:
        return true;
    case BINDING_JOIN:
        return binding->is_list || binding->as.rows.is_aggregate;
    case BINDING_FUNCTION:
        return binding->is_list && type_is_composite(site->named);
    default:
        return false;
    }
}

bool
bind_filter_is(const struct input_value *argument)
{
    const struct type *type = type_named(argument->type);

    return type->kind == TYPE_INPUT_OBJECT && !type->is_one_of;
}

static const struct argument_binding *
bind_rows(const struct bind_site *site, const struct input_value *argument, bool is_strict)
{
    const struct type *type = type_nullable(argument->type);

    if (type->kind == TYPE_LIST) {
        bind_argument_misfit(site, argument, "a filter is one input object; make it %.*s.",
                             STR_PRINT(type_named(type)->name));
        return NULL;
    }
    const struct bound_filter *filter =
        bind_filter_find(site->binder, type, binder_site_rows(site)->table);
    if (filter->has_misfit)
        return NULL;
    struct argument_binding *binding = ARENA_NEW(site->binder->arena, struct argument_binding);
    *binding = (struct argument_binding){ .role = ARGUMENT_FILTER,
                                          .filter = filter,
                                          .is_strict = is_strict };
    return binding;
}

const struct argument_binding *
bind_filter_argument(const struct bind_site *site, const struct input_value *argument)
{
    if (site->binding->is_list || binding_rows(site->binding)->is_aggregate)
        return bind_rows(site, argument, false);
    bind_argument_misfit(site, argument,
                         "the field shows one row, but a filter may find many; compare with the "
                         "columns of a key, or make the field a list.");
    return NULL;
}

const struct argument_binding *
bind_filter_of_write(const struct bind_site *site, const struct input_value *argument)
{
    if (argument->type->kind == TYPE_NON_NULL)
        return bind_rows(site, argument, true);
    bind_argument_misfit(site, argument, "without it all rows would be written; make it %.*s!.",
                         STR_PRINT(type_text(site->binder->arena, argument->type)));
    return NULL;
}
