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
#include "binding/binding.h"

struct search {
    struct arena *arena;
    const struct catalog *catalog;
    uint32_t roles;
    struct str found; /* or STR_NONE */
};

static void
write_roles(struct buf *b, const struct search *s, uint32_t denied)
{
    const char *separator = " TO ";

    for (int i = 0; i < s->catalog->role_count; i++)
        if (denied & s->roles & UINT32_C(1) << i) {
            buf_put_c(b, separator);
            buf_put(b, s->catalog->roles[i]);
            separator = ", ";
        }
    buf_byte(b, '.');
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
    if (s->found.ptr || !table || !column || !(column->denied & s->roles))
        return;
    struct buf *b = buf_new(s->arena);
    uint32_t wholly = denied_wholly(table) & s->roles;
    if (wholly)
        buf_printf(b, "may not read table %.*s; GRANT SELECT ON %.*s", STR_PRINT(table->name),
                   STR_PRINT(table->name));
    else
        buf_printf(b, "may not read column %.*s.%.*s; GRANT SELECT (%.*s) ON %.*s",
                   STR_PRINT(table->name), STR_PRINT(column->name), STR_PRINT(column->name),
                   STR_PRINT(table->name));
    write_roles(b, s, wholly ? wholly : column->denied);
    s->found = buf_copy(s->arena, b);
}

static void
judge_function(struct search *s, const struct function *function)
{
    if (s->found.ptr || !(function->denied & s->roles))
        return;
    struct buf *b = buf_new(s->arena);
    buf_printf(b, "may not call function %.*s; GRANT EXECUTE ON FUNCTION %.*s",
               STR_PRINT(function->name), STR_PRINT(function->name));
    write_roles(b, s, function->denied);
    s->found = buf_copy(s->arena, b);
}

static void
judge_join(struct search *s, const struct table *parent, const struct join *join)
{
    if (join->through)
        judge_join(s, parent, join->through);
    for (int i = 0; i < join->count; i++) {
        if (join->from)
            judge_column(s, join->through ? join->through->table : parent, join->from[i]);
        judge_column(s, join->table, join->to[i]);
    }
}

static void
judge_rows(struct search *s, const struct table *parent, const struct bound_rows *rows)
{
    if (rows->join)
        judge_join(s, parent, rows->join);
    for (int i = 0; i < rows->branch_count; i++)
        judge_rows(s, parent, binding_rows(rows->branches[i]));
    for (int i = 0; rows->table && i < rows->order.count; i++)
        judge_column(s, rows->order.terms[i].is_between ? rows->join->through->table : rows->table,
                     rows->order.terms[i].column);
    for (int i = 0; rows->table && i < rows->key->count; i++)
        judge_column(s, rows->table, rows->key->columns[i]);
}

/* Without arguments: what the field itself is bound to. */
static void
judge_field(struct search *s, const struct table *parent, const struct binding *binding)
{
    const struct bound_rows *rows = binding_rows(binding);

    if (binding->kind == BINDING_COLUMN) {
        const struct bound_column *bound = binding_column(binding);
        if (bound->join)
            judge_join(s, parent, bound->join);
        judge_column(s, bound->join ? bound->join->table : parent, bound->column);
    } else if (binding->kind == BINDING_FUNCTION) {
        judge_function(s, binding_function(binding)->function);
    } else if (rows) {
        judge_rows(s, parent, rows);
    }
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
        judge_field(&s, binding_of_type(type)->table, field->binding);
    else if (argument->binding && rows && rows->table)
        for (int i = 0; i < argument->binding->column_count; i++)
            judge_column(&s, rows->table, argument->binding->columns[i]);
    return s.found;
}
