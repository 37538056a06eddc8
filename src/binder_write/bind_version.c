/*
 * bind_version.c - @version: fields that show the version of a row, and what `ifVersion` compares.
 *
 * SPDX-License-Identifier: MIT
 */
#include "binder_write/bind_version.h"

#include "base/arena.h"
#include "language/source.h"

bool
bind_version_check_whole(const struct bind_site *site, const struct table *table, const char *what)
{
    const struct catalog *c = site->binder->catalog;
    uint32_t all = (uint32_t)((UINT64_C(1) << c->role_count) - 1);

    if (all == 0 || (table->row_version.denied & all) != all)
        return true;
    binder_site_misfit(site, NULL,
                       "%s needs the right to read all of table %.*s, but no role has it; GRANT "
                       "SELECT on the table to one, not only on columns.",
                       what, STR_PRINT(table->name));
    return false;
}

const struct column *
bind_version_column(const struct bind_site *site, const struct ast_directive *directive,
                    const struct table *table)
{
    struct binder *b = site->binder;
    struct str name = binder_directive_text(b, directive, "column");
    const struct column *column = name.ptr ? table_find_column(table, name) : NULL;

    if (column)
        return column;
    if (name.ptr)
        binder_site_misfit(site, directive,
                           "table %.*s has no column \"%.*s\"; name another with "
                           "@version(column:).%.*s",
                           STR_PRINT(table->name), STR_PRINT(name),
                           STR_PRINT(binder_suggest_column(b, table, name)));
    else if (!table_has_row_version(table))
        binder_site_misfit(
            site, directive,
            "PostgreSQL keeps no version of rows of %.*s; name a column that changes "
            "with each change, @version(column:).",
            STR_PRINT(table->name));
    else if (bind_version_check_whole(site, table, "xmin"))
        return &table->row_version;
    return NULL;
}

/* The column of the first field of the type that has @version. */
static const struct column *
find_shown(const struct binder *b, const struct type *type)
{
    const struct table *table = binding_of_type(type)->table;

    for (int i = 0; table && i < type->field_count; i++) {
        const struct ast_directive *directive =
            type->fields[i].ast ? ast_find_directive(type->fields[i].ast->directives, "version")
                                : NULL;
        if (!directive)
            continue;
        struct str name = binder_directive_text(b, directive, "column");
        return name.ptr ? table_find_column(table, name) : &table->row_version;
    }
    return NULL;
}

const struct column *
bind_version_shown(const struct bind_site *site)
{
    const struct binder *b = site->binder;
    const struct type *shown = binder_whole(b, site->named);
    const struct table *table = binding_of_type(site->named)->table;
    const struct column *column = find_shown(b, site->named);

    for (int i = 0; !column && i < shown->field_count; i++) {
        const struct type *type = type_named(shown->fields[i].type);
        if (type_is_composite(type) && binding_of_type(type)->table == table)
            column = find_shown(b, type);
    }
    return column;
}

/* --- rows of functions --- */

static bool
shows_row_version(const struct type *type)
{
    const struct table *table = binding_of_type(type)->table;

    for (int i = 0; table && i < type->field_count; i++) {
        const struct binding *binding = type->fields[i].binding;
        if (binding && binding->kind == BINDING_COLUMN &&
            binding_column(binding)->column == &table->row_version)
            return true;
    }
    return false;
}

/* The type of the rows that the field shows and a function returns, which has such a field; or
 * NULL. */
static const struct type *
find_returned(const struct field *field)
{
    const struct type *type = binding_row_type(field->type);

    if (!field->binding || field->binding->kind != BINDING_FUNCTION ||
        !binding_rows(field->binding))
        return NULL;
    if (shows_row_version(type))
        return type;
    for (int i = 0; i < type->possible_count; i++)
        if (shows_row_version(type->possible[i]))
            return type->possible[i];
    return NULL;
}

void
bind_version_check_functions(struct binder *b)
{
    for (int i = 0; i < b->schema->type_count; i++) {
        const struct type *type = b->schema->types[i];
        for (int j = 0; type->kind == TYPE_OBJECT && j < type->field_count; j++) {
            const struct field *field = &type->fields[j];
            const struct type *returned = find_returned(field);
            if (returned)
                binder_misfit(b, source_offset(b->schema->document->source, field->ast->name),
                              str_format(b->arena, "%.*s.%.*s", STR_PRINT(type->name),
                                         STR_PRINT(field->name)),
                              "a function returns these rows, so they have no xmin; let the "
                              "@version of %.*s name a column, or show the row by a payload.",
                              STR_PRINT(returned->name));
        }
    }
}
