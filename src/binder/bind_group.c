/*
 * bind_group.c - the arguments of a list of groups: `by`, which names the keys that tell them
 * apart, and `orderBy`.
 *
 * The values of the enum of `by` are the key fields of the list's type in capitals: POSTED_BY
 * for postedBy.  An order is an input object with @oneOf, as it is for rows; its fields are
 * `count`, keys, and input objects for columns: `{ sum: { voteCount: DESC } }`.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "language/source.h"
#include "binder/bind_internal.h"

bool
bind_group_is(const struct bind_site *site)
{
    const struct bound_rows *rows = binding_rows(site->binding);

    return rows && rows->is_aggregate && site->binding->is_list;
}

bool
bind_group_check(const struct bind_site *site)
{
    if (schema_find_argument(site->field, STR("by")))
        return true;
    binder_site_misfit(site, NULL,
                       "a list of groups needs an argument \"by\", which names their keys: a list "
                       "of an enum such as [Key!]!.");
    return false;
}

static struct str
input_subject(struct binder *b, const struct type *type, struct str name)
{
    return str_format(b->arena, "%.*s.%.*s", STR_PRINT(type->name), STR_PRINT(name));
}

/* Is `value` the field's name in capitals, or as it is? */
static bool
is_value_of(struct binder *b, struct str value, const struct field *field)
{
    return str_equal(value, field->name) ||
           str_equal_nocase(value, str_snake_case(b->arena, field->name));
}

/* The key field of the type that the enum's value names; NULL after a misfit. */
static const struct field *
find_key(struct binder *b, const struct type *groups, const struct type *type,
         const struct enum_value *value)
{
    for (int i = 0; i < groups->field_count; i++)
        if (bind_aggregate_is_key(b, &groups->fields[i]) &&
            is_value_of(b, value->name, &groups->fields[i]))
            return &groups->fields[i];
    binder_misfit(b, source_offset(b->schema->document->source, value->ast->name),
                  input_subject(b, type, value->name),
                  "%.*s has no such key; a value is the name of one of its keys in capitals: "
                  "HOME_TOWN for homeTown.",
                  STR_PRINT(groups->name));
    return NULL;
}

/* Is it a list of an enum without nulls, that is always there? */
static bool
is_list_of_keys(const struct input_value *argument)
{
    const struct type *list = type_nullable(argument->type);

    return argument->type->kind == TYPE_NON_NULL && list->kind == TYPE_LIST &&
           list->of->kind == TYPE_NON_NULL && list->of->of->kind == TYPE_ENUM;
}

const struct argument_binding *
bind_group_by(const struct bind_site *site, const struct input_value *argument)
{
    struct binder *b = site->binder;
    const struct type *type = type_named(argument->type);
    bool fits = true;

    if (!is_list_of_keys(argument)) {
        bind_argument_misfit(site, argument,
                             "it names keys of groups, and must be a list of an enum such as "
                             "[Key!]!, not %.*s.",
                             STR_PRINT(type_text(b->arena, argument->type)));
        return NULL;
    }
    struct argument_binding *binding = ARENA_NEW(b->arena, struct argument_binding);
    binding->role = ARGUMENT_BY;
    binding->field_count = type->value_count;
    binding->fields = ARENA_ARRAY(b->arena, const struct field *, (size_t)type->value_count);
    for (int i = 0; i < type->value_count; i++) {
        binding->fields[i] = find_key(b, site->named, type, &type->values[i]);
        fits = fits && binding->fields[i];
    }
    return fits ? binding : NULL;
}

/* --- orderBy --- */

static uint32_t
input_offset(const struct binder *b, const struct input_value *input)
{
    return source_offset(b->schema->document->source, input->ast->name);
}

static bool
check_direction(struct binder *b, const struct type *type, const struct input_value *input)
{
    const struct order_place place = { .binder = b,
                                       .offset = input_offset(b, input),
                                       .subject = input_subject(b, type, input->name) };

    return bind_order_check_direction(&place, input->type);
}

/* What sorts by a function of a column: `voteCount` in `{ sum: { voteCount: DESC } }`. */
static bool
bind_value(struct binder *b, const struct table *table, const struct type *type,
           const struct input_value *input, enum aggregate_function function,
           struct bound_group_term *term)
{
    struct str name;

    term->column = binder_find_column(b, table, input->ast->directives, input->name, &name);
    if (!term->column) {
        binder_misfit(b, input_offset(b, input), input_subject(b, type, input->name),
                      "table %.*s has no column \"%.*s\" to order by; add the column, or name "
                      "another with @column(name:).%.*s",
                      STR_PRINT(table->name), STR_PRINT(name),
                      STR_PRINT(binder_suggest_column(b, table, name)));
        return false;
    }
    term->aggregate = catalog_find_aggregate(b->catalog, function, term->column->type);
    if (!term->aggregate) {
        binder_misfit(b, input_offset(b, input), input_subject(b, type, input->name),
                      "PostgreSQL has no %s of %.*s.%.*s, which is %.*s; remove the field.",
                      aggregate_function_name(function), STR_PRINT(table->name),
                      STR_PRINT(term->column->name), STR_PRINT(term->column->type_name));
        return false;
    }
    return check_direction(b, type, input);
}

static bool
bind_values(struct binder *b, const struct table *table, const struct type *type,
            enum aggregate_function function, struct bound_group_term *term)
{
    struct bound_group_term *terms =
        ARENA_ARRAY(b->arena, struct bound_group_term, (size_t)type->input_count);
    bool fits = true;

    for (int i = 0; i < type->input_count; i++)
        fits = bind_value(b, table, type, &type->inputs[i], function, &terms[i]) && fits;
    term->terms = terms;
    term->type = type;
    return fits;
}

/* A field of the order: a function of columns, a count, or a key. */
static bool
bind_term(const struct bind_site *site, const struct type *type, const struct input_value *input,
          struct bound_group_term *term)
{
    struct binder *b = site->binder;
    const struct type *inner = type_nullable(input->type), *groups = site->named;
    enum aggregate_function function = aggregate_function_find(input->name);

    if (function != AGGREGATE_FUNCTIONS && inner->kind == TYPE_INPUT_OBJECT && inner->is_one_of)
        return bind_values(b, binder_site_rows(site)->table, inner, function, term);
    for (int i = 0; i < groups->field_count; i++)
        if (str_equal(groups->fields[i].name, input->name) &&
            bind_aggregate_is_key(b, &groups->fields[i]))
            term->key = &groups->fields[i];
    if (term->key || str_is(input->name, "count"))
        return check_direction(b, type, input);
    binder_misfit(b, input_offset(b, input), input_subject(b, type, input->name),
                  "%.*s has no such key; groups are ordered by keys, by `count`, or by columns "
                  "within an input object with @oneOf that is named min, max, sum or avg.",
                  STR_PRINT(groups->name));
    return false;
}

const struct argument_binding *
bind_group_order(const struct bind_site *site, const struct input_value *argument)
{
    struct binder *b = site->binder;
    const struct type *type = type_named(argument->type);
    bool fits = true;

    if (type->kind != TYPE_INPUT_OBJECT || !type->is_one_of) {
        bind_argument_misfit(site, argument,
                             "an order must be an input object with @oneOf, or a list of them, "
                             "not %.*s.",
                             STR_PRINT(type_text(b->arena, argument->type)));
        return NULL;
    }
    struct bound_group_term *terms =
        ARENA_ARRAY(b->arena, struct bound_group_term, (size_t)type->input_count);
    for (int i = 0; i < type->input_count; i++)
        fits = bind_term(site, type, &type->inputs[i], &terms[i]) && fits;
    if (!fits)
        return NULL;
    struct argument_binding *binding = ARENA_NEW(b->arena, struct argument_binding);
    *binding = (struct argument_binding){ .role = ARGUMENT_GROUP_ORDER, .terms = terms };
    return binding;
}
