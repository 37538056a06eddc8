/*
 * bind_upsert.c - @upsert: how a row that is there already is found, and what changes of it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "binder_write/bind_upsert.h"

#include "base/arena.h"
#include "binding/write.h"
#include "binder_write/bind_setter.h"
#include "binder_write/bind_version.h"

/* The columns that the directive's argument lists: NULL, and none, where it is absent, and after a
 * misfit, when it is false that it fits. */
static const struct column **
find_columns(const struct bind_site *site, const struct ast_directive *directive,
             const char *argument, int *count, bool *fits)
{
    struct binder *b = site->binder;
    const struct table *table = site->binding->as.write.rows.table;
    const struct str *names = binder_directive_texts(b, directive, argument, count);
    const struct column **columns;
    struct str missing;

    if (!names)
        return NULL;
    columns = binder_find_columns(b, table, names, *count, &missing);
    if (columns)
        return columns;
    *count = 0;
    *fits = false;
    binder_site_misfit(site, directive,
                       "table %.*s has no column \"%.*s\"; name another with @upsert(%s:).%.*s",
                       STR_PRINT(table->name), STR_PRINT(missing), argument,
                       STR_PRINT(binder_suggest_column(b, table, missing)));
    return NULL;
}

/* Has the table a unique index on these columns, and on no other? */
static bool
has_index(const struct table *table, const struct key *on)
{
    if (table->primary_key.count == on->count &&
        key_is_within(&table->primary_key, on->columns, on->count))
        return true;
    for (int i = 0; i < table->unique_count; i++)
        if (table->unique_keys[i].count == on->count &&
            key_is_within(&table->unique_keys[i], on->columns, on->count))
            return true;
    return false;
}

bool
bind_upsert(struct bind_site *site, const struct ast_directive *directive)
{
    struct binder *b = site->binder;
    struct bound_write *write = &site->binding->as.write;
    const struct table *table = write->rows.table;
    bool fits = true;

    write->on.columns = find_columns(site, directive, "on", &write->on.count, &fits);
    write->changed = find_columns(site, directive, "update", &write->changed_count, &fits);
    if (!fits || has_index(table, &write->on))
        return fits;
    binder_site_misfit(site, directive,
                       "%.*s has no unique index on (%.*s) alone; let @upsert(on:) name the "
                       "columns of one.",
                       STR_PRINT(table->name),
                       STR_PRINT(binder_name_columns(b, write->on.columns, write->on.count)));
    return false;
}

/* A row that is there is found by what is given: by all of the columns. */
static bool
check_found(const struct bind_site *site, const struct argument_binding *values,
            const struct column *column)
{
    const struct input_value *input = write_find_setter(values, column);
    struct arena *a = site->binder->arena;

    if (!input)
        binder_site_misfit(
            site, NULL,
            "a row that is there is found by column %.*s, but no field of %.*s sets it; add one.",
            STR_PRINT(column->name), STR_PRINT(values->input->name));
    else if (input->type->kind != TYPE_NON_NULL && !input->default_value)
        bind_setter_misfit(site, values->input, input,
                           str_format(a,
                                      "a row that is there is found by column %.*s, so that it "
                                      "must always be given; make it %.*s!.",
                                      STR_PRINT(column->name),
                                      STR_PRINT(type_text(a, input->type))));
    else
        return true;
    return false;
}

/* Without @upsert(update:) all columns change that are given, but for those that are equal. */
static void
change_all(const struct bind_site *site, const struct argument_binding *values)
{
    struct bound_write *write = &site->binding->as.write;

    write->changed = ARENA_ARRAY(site->binder->arena, const struct column *,
                                 (size_t)values->input->input_count + 1);
    for (int i = 0; i < values->input->input_count; i++) {
        const struct argument_binding *setter = values->inputs[i];
        if (setter && !column_is_among(setter->columns[0], write->on.columns, write->on.count))
            write->changed[write->changed_count++] = setter->columns[0];
    }
}

/* Where something may change, `inserted` is what PostgreSQL keeps of the row. */
static bool
check_inserted(const struct bind_site *site)
{
    const struct field *field =
        schema_find_field(site->binder->schema, site->named, STR("inserted"));
    const struct bound_write *write = &site->binding->as.write;

    return !field || write->changed_count == 0 || binder_has_table(site->binder, site->named) ||
           table_find_column(write->rows.table, STR("inserted")) ||
           bind_version_check_whole(site, write->rows.table, "`inserted`");
}

bool
bind_upsert_check(const struct bind_site *site)
{
    const struct argument_binding *values = write_find_values(site->field)->binding;
    struct bound_write *write = &site->binding->as.write;
    bool fits = true;

    for (int i = 0; i < write->on.count; i++)
        fits = check_found(site, values, write->on.columns[i]) && fits;
    if (!write->changed)
        change_all(site, values);
    for (int i = 0; i < write->changed_count; i++) {
        if (write_find_setter(values, write->changed[i]))
            continue;
        binder_site_misfit(site, NULL,
                           "@upsert(update:) names column %.*s, and no field of %.*s sets it; add "
                           "one, or remove the name.",
                           STR_PRINT(write->changed[i]->name), STR_PRINT(values->input->name));
        fits = false;
    }
    return check_inserted(site) && fits;
}
