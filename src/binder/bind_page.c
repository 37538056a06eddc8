/*
 * bind_page.c - fields that show a connection: lists of its rows, of which their arguments ask for
 * a page.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "value/value.h"
#include "binder/bind_internal.h"

bool
bind_page_enter(struct bind_site *site)
{
    const struct connection *connection = binding_of_type(site->named)->connection;

    if (!connection)
        return true;
    if (site->is_list) {
        binder_site_misfit(site, NULL, "a field shows one page; make it a single %.*s.",
                           STR_PRINT(site->named->name));
        return false;
    }
    if (site->is_root && site->parent != site->binder->schema->query) {
        binder_site_misfit(site, NULL,
                           "a mutation shows the rows that it has written, not a page; show a row, "
                           "and the page as a field of it.");
        return false;
    }
    site->named = connection->node;
    site->is_list = true;
    return true;
}

bool
bind_page_takes(const struct bind_site *site, const struct input_value *argument)
{
    static const char *const names[] = { "last", "after", "before" };

    for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
        if (binding_of_type(type_named(site->field->type))->connection &&
            str_is(argument->name, names[i]))
            return true;
    return false;
}

const struct argument_binding *
bind_page_argument(const struct bind_site *site, const struct input_value *argument)
{
    struct argument_binding *binding = ARENA_NEW(site->binder->arena, struct argument_binding);

    binding->role = str_is(argument->name, "after") ? ARGUMENT_AFTER : ARGUMENT_BEFORE;
    if (bind_connection_is_cursor(argument->type))
        return binding;
    bind_argument_misfit(site, argument, "a cursor must be a String, not %.*s.",
                         STR_PRINT(type_text(site->binder->arena, argument->type)));
    return NULL;
}

/* Among the first `count` arguments. */
static const struct input_value *
find_role(const struct field *field, int count, enum argument_role role)
{
    for (int i = 0; i < count; i++)
        if (field->arguments[i].binding && field->arguments[i].binding->role == role)
            return &field->arguments[i];
    return NULL;
}

/* `first` goes with `after`, and `last` with `before`, or pages cannot be continued by those who
 * see only one of them. */
static bool
check_pair(const struct bind_site *site, enum argument_role limit, enum argument_role cursor)
{
    static const char *const names[] = { [ARGUMENT_FIRST] = "first",
                                         [ARGUMENT_LAST] = "last",
                                         [ARGUMENT_AFTER] = "after",
                                         [ARGUMENT_BEFORE] = "before" };
    const struct input_value *has_limit =
        find_role(site->field, site->field->argument_count, limit);
    const struct input_value *has_cursor =
        find_role(site->field, site->field->argument_count, cursor);

    if (!has_limit == !has_cursor)
        return true;
    binder_site_misfit(site, NULL,
                       "`%s` needs `%s` beside it, or nobody could ask for the next page; add it.",
                       names[has_limit ? limit : cursor], names[has_limit ? cursor : limit]);
    return false;
}

/* With a default, hidden or not, `first` would always be given, and `last` beside it is an
 * error. */
static bool
check_default(const struct bind_site *site, enum argument_role role, enum argument_role other)
{
    const struct input_value *argument =
        find_role(site->field, field_call_count(site->field), role);
    bool is_always = argument && find_role(site->field, field_call_count(site->field), other) &&
                     (argument->type->kind == TYPE_NON_NULL ||
                      (argument->default_value && argument->default_value->kind != VALUE_NULL));

    if (is_always)
        bind_argument_misfit(site, argument,
                             "it would always be given, and nobody could ask for the rows from "
                             "the other end; remove its default or its \"!\".");
    return !is_always;
}

/* Does the table between join each row once, or has it a key that tells apart how often? */
static bool
joins_apart(const struct bind_site *site, const struct join *join)
{
    const struct join *through = join ? join->through : NULL;

    if (!through || through->table->primary_key.count > 0)
        return true;
    const struct column **columns = ARENA_ARRAY(site->binder->arena, const struct column *,
                                                (size_t)(through->count + join->count));
    for (int i = 0; i < through->count; i++)
        columns[i] = through->to[i];
    for (int i = 0; i < join->count; i++)
        columns[through->count + i] = join->from[i];
    return table_is_unique(through->table, columns, through->count + join->count);
}

/* A cursor is a row's place, so each row must have one of its own. */
static bool
check_order(const struct bind_site *site)
{
    const struct type *node = site->named;
    const struct bound_rows *rows = binding_rows(site->binding);
    bool has_key = rows->branches || rows->key->count > 0;

    for (int i = 0; i < rows->branch_count; i++)
        has_key = has_key && binding_rows(rows->branches[i])->key->count > 0;

    if (!has_key)
        binder_site_misfit(site, NULL,
                           "rows of %.*s have no key, so that no cursor says where a page ends; "
                           "declare one with @table(key:), or make the field a list.",
                           STR_PRINT(node->name));
    else if (!joins_apart(site, rows->join))
        binder_site_misfit(site, binder_site_directive(site, "through"),
                           "table %.*s has no key, and may join a row more than once, so that no "
                           "cursor says where a page ends; give it a primary key, or make the "
                           "field a list.",
                           STR_PRINT(rows->join->through->table->name));
    return has_key && joins_apart(site, rows->join);
}

bool
bind_page_check(const struct bind_site *site)
{
    const struct field *field = site->field;
    const struct connection *connection = binding_of_type(type_named(field->type))->connection;
    bool fits = true;

    if (!connection || !binding_rows(site->binding))
        return true;
    binder_site_rows(site)->connection = connection;
    if (!find_role(field, field->argument_count, ARGUMENT_AFTER) &&
        !find_role(field, field->argument_count, ARGUMENT_BEFORE)) {
        binder_site_misfit(site, NULL,
                           "a page needs the arguments `first: Int` and `after: String`, or `last` "
                           "and `before`, to be continued; add them.");
        return false;
    }
    fits = check_pair(site, ARGUMENT_FIRST, ARGUMENT_AFTER) && fits;
    fits = check_pair(site, ARGUMENT_LAST, ARGUMENT_BEFORE) && fits;
    fits = check_default(site, ARGUMENT_FIRST, ARGUMENT_LAST) && fits;
    fits = check_default(site, ARGUMENT_LAST, ARGUMENT_FIRST) && fits;
    return check_order(site) && fits;
}
