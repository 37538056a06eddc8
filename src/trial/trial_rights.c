/*
 * trial_rights.c - which right a role lacks to use a field.
 *
 * SPDX-License-Identifier: MIT
 */
#include "trial/trial_rights.h"

#include "base/arena.h"
#include "base/buf.h"
#include "schema/schema.h"
#include "catalog/catalog.h"
#include "catalog/identifier.h"
#include "binding/binding.h"
#include "binding/rights.h"

struct search {
    struct arena *arena;
    const struct catalog *catalog;
    uint32_t roles;
    struct str found; /* or STR_NONE */
};

/* ` TO role, role;` */
static void
write_roles(struct buf *b, const struct search *s, uint32_t denied)
{
    const char *separator = " TO ";

    for (int i = 0; i < s->catalog->role_count; i++)
        if (denied & s->roles & UINT32_C(1) << i) {
            buf_put_c(b, separator);
            identifier_write(b, s->catalog->roles[i]);
            separator = ", ";
        }
    buf_byte(b, ';');
}

/* `GRANT USAGE ON SCHEMA sales TO role; `, which no other right makes up for. */
static void
write_usage(struct buf *b, const struct search *s, struct str schema)
{
    const struct schema_rights *rights = catalog_find_schema(s->catalog, schema);

    if (!rights || !(rights->denied & s->roles))
        return;
    buf_put_c(b, "GRANT USAGE ON SCHEMA ");
    identifier_write(b, rights->name);
    write_roles(b, s, rights->denied);
    buf_byte(b, ' ');
}

/* The roles that may read no column of the table. */
static uint32_t
denied_wholly(const struct table *table)
{
    uint32_t denied = table->column_count > 0 ? table->columns[0].denied : 0;

    for (int i = 1; i < table->column_count; i++)
        denied &= table->columns[i].denied;
    return denied;
}

static void
judge_column(struct search *s, const struct table *table, const struct column *column)
{
    uint32_t wholly = denied_wholly(table) & s->roles;
    struct buf *b = buf_new(s->arena);

    if (wholly)
        buf_printf(b, "may not read table %.*s; ", STR_PRINT(table->name));
    else
        buf_printf(b, "may not read column %.*s.%.*s; ", STR_PRINT(table->name),
                   STR_PRINT(column->name));
    write_usage(b, s, table->schema);
    buf_put_c(b, "GRANT SELECT ");
    if (!wholly) {
        buf_byte(b, '(');
        identifier_write(b, column->name);
        buf_put_c(b, ") ");
    }
    buf_put_c(b, "ON ");
    identifier_write_table(b, s->catalog, table);
    write_roles(b, s, wholly ? wholly : column->denied);
    s->found = buf_copy(s->arena, b);
}

static void
judge_function(struct search *s, const struct function *function)
{
    struct buf *b = buf_new(s->arena);

    buf_printf(b, "may not call function %.*s; ", STR_PRINT(function->name));
    write_usage(b, s, function->schema);
    buf_put_c(b, "GRANT EXECUTE ON FUNCTION ");
    identifier_write_function(b, s->catalog, function);
    write_roles(b, s, function->denied);
    s->found = buf_copy(s->arena, b);
}

/* Describe the first that is missing. */
static void
judge(void *context, const struct table *table, const struct column *column,
      const struct function *function)
{
    struct search *s = context;

    if (s->found.ptr || !((column ? column->denied : function->denied) & s->roles))
        return;
    if (column)
        judge_column(s, table, column);
    else
        judge_function(s, function);
}

struct str
trial_missing_right(struct arena *a, const struct catalog *catalog, const struct type *type,
                    const struct field *field, const struct input_value *argument, uint32_t roles)
{
    struct search s = { .arena = a, .catalog = catalog, .roles = roles, .found = STR_NONE };
    const struct bound_rows *rows = field->binding ? binding_rows(field->binding) : NULL;

    if (!field->binding)
        return STR_NONE;
    if (!argument)
        rights_visit_field(field->binding, binding_of_type(type)->table, judge, &s);
    else if (argument->binding)
        rights_visit_argument(field->binding, argument->binding, judge, &s);
    /* A single row needs some column of its table. */
    if (!argument && !s.found.ptr && rows && rows->table && denied_wholly(rows->table) & roles)
        judge_column(&s, rows->table, rows->table->columns);
    return s.found;
}
