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
#include "binding/write.h"

struct search {
    struct arena *arena;
    const struct catalog *catalog;
    uint32_t roles;
    bool is_accepted; /* the statement: what is missing is found when rows are written */
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

/* End what is missing with the roles that it is to be granted to. */
static void
finish(struct search *s, struct buf *b, uint32_t denied)
{
    write_roles(b, s, denied);
    s->found = buf_copy(s->arena, b);
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
    finish(s, b, wholly ? wholly : column->denied);
}

static void
judge_function(struct search *s, const struct function *function)
{
    struct buf *b = buf_new(s->arena);

    buf_printf(b, "may not call function %.*s; ", STR_PRINT(function->name));
    write_usage(b, s, function->schema);
    buf_put_c(b, "GRANT EXECUTE ON FUNCTION ");
    identifier_write_function(b, s->catalog, function);
    finish(s, b, function->denied);
}

/* Does the write change the column in rows that are there, or else give it to new ones? */
static bool
is_written(const struct bound_write *write, const struct column *column, bool is_update)
{
    return !is_update || write->action == WRITE_UPDATE ||
           column_is_among(column, write->changed, write->changed_count);
}

/* Name the column, if some of the roles may not write it.  Return those. */
static uint32_t
list_column(struct buf *b, const struct search *s, const struct column *column, bool is_update,
            uint32_t lacking)
{
    uint32_t denied = (is_update ? column->denied_update : column->denied_insert) & s->roles;

    if (denied == 0)
        return 0;
    buf_put_c(b, lacking ? ", " : "");
    identifier_write(b, column->name);
    return denied;
}

/* The columns that objects give, and which some of the roles may not write: of rows within others
 * also those that have the key of the row around. */
static uint32_t
list_unwritable(struct buf *b, const struct search *s, const struct bound_write *write,
                const struct argument_binding *values, bool is_update)
{
    uint32_t lacking = 0;

    for (int i = 0; i < values->input->input_count; i++) {
        const struct argument_binding *setter = values->inputs[i];
        for (int j = 0; setter && j < setter->column_count; j++)
            if (is_written(write, setter->columns[j], is_update))
                lacking |= list_column(b, s, setter->columns[j], is_update, lacking);
    }
    for (int i = 0; values->is_after && i < values->join->count; i++)
        lacking |= list_column(b, s, values->join->to[i], is_update, lacking);
    return lacking;
}

/* `may not insert title, price of table things; GRANT INSERT (title, price) ON things TO role;` */
static void
judge_written(struct search *s, const struct bound_write *write, const struct table *table,
              const struct argument_binding *values, bool is_update)
{
    struct buf *list = buf_new(s->arena), *b = buf_new(s->arena);
    uint32_t lacking = list_unwritable(list, s, write, values, is_update);
    struct str columns = buf_copy(s->arena, list);

    if (!lacking)
        return;
    buf_printf(b, "may not %s %.*s of table %.*s; ", is_update ? "update" : "insert",
               STR_PRINT(columns), STR_PRINT(table->name));
    write_usage(b, s, table->schema);
    buf_printf(b, "GRANT %s (%.*s) ON ", is_update ? "UPDATE" : "INSERT", STR_PRINT(columns));
    identifier_write_table(b, s->catalog, table);
    finish(s, b, lacking);
}

static void
judge_deleted(struct search *s, const struct table *table)
{
    struct buf *b = buf_new(s->arena);

    if (!(table->denied_delete & s->roles))
        return;
    buf_printf(b, "may not delete rows of table %.*s; ", STR_PRINT(table->name));
    write_usage(b, s, table->schema);
    buf_put_c(b, "GRANT DELETE ON ");
    identifier_write_table(b, s->catalog, table);
    finish(s, b, table->denied_delete);
}

/* May objects leave out the column, so that it has its default? */
static bool
may_be_left_out(const struct argument_binding *values, const struct column *column)
{
    const struct input_value *input = write_find_setter(values, column);

    return !(input && (input->type->kind == TYPE_NON_NULL || input->ast->default_value)) &&
           !write_is_outer_key(values, column);
}

/* `may not draw the default of things.id from its sequence; GRANT USAGE ON SEQUENCE things_id_seq
 * TO role;` */
static void
judge_drawn(struct search *s, const struct table *table, const struct argument_binding *values)
{
    for (int i = 0; i < table->sequence_count && !s->found.ptr; i++) {
        const struct sequence_use *use = &table->sequences[i];
        struct buf *b = buf_new(s->arena);
        if (!(use->denied & s->roles) || !may_be_left_out(values, use->column))
            continue;
        buf_printf(b, "may not use the sequence for the default of %.*s.%.*s; ",
                   STR_PRINT(table->name), STR_PRINT(use->column->name));
        buf_put_c(b, "GRANT USAGE ON SEQUENCE ");
        identifier_write_sequence(b, s->catalog, use);
        finish(s, b, use->denied);
    }
}

/* Rows that are added, and those within them: the first table of which something may not be. */
static void
judge_added(struct search *s, const struct bound_write *write, const struct table *table,
            const struct argument_binding *values)
{
    if (!s->is_accepted)
        judge_written(s, write, table, values, false);
    if (!s->found.ptr)
        judge_drawn(s, table, values);
    for (int i = 0; !s->found.ptr && i < values->input->input_count; i++) {
        const struct argument_binding *within = values->inputs[i];
        if (within && within->join)
            judge_added(s, write, within->join->table, within);
    }
}

/* What a write needs besides what it reads. */
static void
judge_write(struct search *s, const struct field *field)
{
    const struct bound_write *write = binding_write(field->binding);
    const struct input_value *values = write_find_values(field);

    if (write->action == WRITE_DELETE)
        judge_deleted(s, write->rows.table);
    if (values && write_action_adds(write->action))
        judge_added(s, write, write->rows.table, values->binding);
    if (values && !s->found.ptr && (write->action == WRITE_UPDATE || write->changed_count > 0))
        judge_written(s, write, write->rows.table, values->binding, true);
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
    if (!argument && field->binding->kind == BINDING_WRITE)
        judge_write(&s, field);
    if (argument && argument->binding)
        rights_visit_argument(field->binding, argument->binding, judge, &s);
    /* A single row needs some column of its table. */
    if (!argument && !s.found.ptr && rows && rows->table && denied_wholly(rows->table) & roles)
        judge_column(&s, rows->table, rows->table->columns);
    return s.found;
}

bool
trial_lacks_sequence(struct arena *a, const struct catalog *catalog, const struct field *field,
                     uint32_t roles)
{
    struct search s = { .arena = a, .catalog = catalog, .roles = roles, .is_accepted = true };

    if (!field->binding || field->binding->kind != BINDING_WRITE)
        return false;
    const struct bound_write *write = binding_write(field->binding);
    const struct input_value *values = write_find_values(field);
    if (values && write_action_adds(write->action))
        judge_added(&s, write, write->rows.table, values->binding);
    return s.found.ptr;
}
