/*
 * bind_write.c - fields with a directive that writes: which rows, and whether they can be written.
 *
 * SPDX-License-Identifier: MIT
 */
#include "binder_write/bind_write.h"

#include "base/arena.h"
#include "binder_write/bind_setter.h"
#include "binder_write/bind_upsert.h"

const struct ast_directive *
bind_write_directive(const struct field *field, enum write_action *action)
{
    for (enum write_action i = 0; i < WRITE_ACTION_COUNT; i++) {
        const struct ast_directive *directive =
            ast_find_directive(field->ast->directives, write_action_name(i));
        if (!directive)
            continue;
        *action = i;
        return directive;
    }
    return NULL;
}

static bool
is_object(const struct input_value *argument)
{
    return type_named(argument->type)->kind == TYPE_INPUT_OBJECT;
}

bool
bind_write_is_filter(const struct field *field, const struct input_value *argument)
{
    enum write_action action;

    return is_object(argument) && str_is(argument->name, "where") &&
           bind_write_directive(field, &action) && !write_action_adds(action);
}

bool
bind_write_is_values(const struct field *field, const struct input_value *argument)
{
    return is_object(argument) && !bind_write_is_filter(field, argument);
}

/* The argument that says what goes into the columns, before it is bound; or NULL. */
static const struct input_value *
find_values(const struct field *field)
{
    for (int i = 0; i < field->argument_count; i++)
        if (bind_write_is_values(field, &field->arguments[i]))
            return &field->arguments[i];
    return NULL;
}

static bool
is_by_filter(const struct field *field)
{
    for (int i = 0; i < field->argument_count; i++)
        if (bind_write_is_filter(field, &field->arguments[i]))
            return true;
    return false;
}

static bool
is_list(const struct input_value *values)
{
    return values && type_nullable(values->type)->kind == TYPE_LIST;
}

bool
bind_write_is_many(const struct field *field)
{
    return is_by_filter(field) || is_list(find_values(field));
}

const struct table *
bind_write_table(struct binder *b, const struct field *field)
{
    enum write_action action;
    const struct ast_directive *directive = bind_write_directive(field, &action);

    return catalog_find_table(b->catalog, binder_directive_text(b, directive, "table"));
}

/* --- the field --- */

static bool
check_table(const struct bind_site *site, const struct ast_directive *directive,
            const struct table *table)
{
    const struct binder *b = site->binder;
    struct str name = binder_directive_text(b, directive, "table");

    if (!table)
        binder_site_misfit(site, directive,
                           "there is no table \"%.*s\"; create it, or name another with "
                           "@%.*s(table:).%.*s",
                           STR_PRINT(name), STR_PRINT(directive->name),
                           STR_PRINT(binder_suggest_table(b, name)));
    else if (table->kind == TABLE_MATERIALIZED_VIEW)
        binder_site_misfit(
            site, directive,
            "%.*s is a materialized view, which cannot be written to; write rows of a table.",
            STR_PRINT(table->name));
    else
        return true;
    return false;
}

/* Is what was written shown by a type that can: as many rows, of this table? */
static bool
check_shown(const struct bind_site *site, const struct ast_directive *directive)
{
    const struct bound_write *write = &site->binding->as.write;
    const struct table *table = write->rows.table, *shown = binding_of_type(site->named)->table;
    bool is_payload = shown && !binder_has_table(site->binder, site->named);
    struct str name = site->named->name;

    if (!type_is_composite(site->named))
        binder_site_misfit(site, directive,
                           "%.*s shows no row; let the field show what was written: a type with "
                           "@table(name: \"%.*s\"), or a payload that shows its columns.",
                           STR_PRINT(name), STR_PRINT(table->name));
    else if (shown != table)
        binder_site_misfit(site, directive,
                           "%.*s does not show rows of %.*s; give the field a type that does.",
                           STR_PRINT(name), STR_PRINT(table->name));
    else if (is_payload && site->is_list)
        binder_site_misfit(site, NULL, "a mutation gives one %.*s; make the field a single object.",
                           STR_PRINT(name));
    else if (!is_payload && site->is_list != write->is_many)
        binder_site_misfit(site, NULL,
                           write->is_many ? "it writes several rows; show [%.*s!]."
                                          : "it writes one row; show one %.*s.",
                           STR_PRINT(name));
    else
        return true;
    return false;
}

bool
bind_write(struct bind_site *site)
{
    struct binder *b = site->binder;
    struct bound_write *write = &site->binding->as.write;
    const struct ast_directive *directive = bind_write_directive(site->field, &write->action);
    const struct table *table = bind_write_table(b, site->field);

    site->binding->kind = BINDING_WRITE;
    write->is_many = bind_write_is_many(site->field);
    write->is_by_filter = is_by_filter(site->field);
    if (site->parent != b->schema->mutation) {
        binder_site_misfit(site, directive, "only a mutation writes; remove @%.*s.",
                           STR_PRINT(directive->name));
        return false;
    }
    if (!check_table(site, directive, table))
        return false;
    write->rows.table = table;
    write->rows.key = &binding_of_type(site->named)->key;
    return (write->action != WRITE_UPSERT || bind_upsert(site, directive)) &&
           check_shown(site, directive);
}

/* --- columns --- */

bool
bind_write_check_column(const struct bind_site *site, const struct table *table,
                        const struct type *values, const struct input_value *input,
                        const struct column *column, struct str name)
{
    struct binder *b = site->binder;
    struct str message;

    if (!column)
        message = str_format(b->arena,
                             "table %.*s has no column \"%.*s\" to be set; add the column, or name "
                             "another with @column(name:).%.*s",
                             STR_PRINT(table->name), STR_PRINT(name),
                             STR_PRINT(binder_suggest_column(b, table, name)));
    else if (column->filling == COLUMN_GENERATED || column->filling == COLUMN_IDENTITY)
        message = str_format(b->arena,
                             "column %.*s.%.*s is GENERATED ALWAYS, and cannot be set; remove the "
                             "field.",
                             STR_PRINT(table->name), STR_PRINT(column->name));
    else
        return true;
    bind_setter_misfit(site, values, input, message);
    return false;
}

/* The other field, earlier in the input, that sets a column of this one's; or NULL. */
static const struct input_value *
find_same(const struct argument_binding *values, int number)
{
    const struct argument_binding *setter = values->inputs[number];

    for (int i = 0; i < setter->column_count; i++) {
        const struct input_value *input = write_find_setter(values, setter->columns[i]);
        if (input != &values->input->inputs[number])
            return input;
    }
    return NULL;
}

/* Does the field set a column that has the key of the row around? */
static bool
sets_outer_key(const struct argument_binding *values, const struct argument_binding *setter)
{
    for (int i = 0; i < setter->column_count; i++)
        if (write_is_outer_key(values, setter->columns[i]))
            return true;
    return false;
}

/* Two fields that set one column would be refused by PostgreSQL, when both are given. */
static bool
check_once(const struct bind_site *site, const struct argument_binding *values)
{
    struct arena *a = site->binder->arena;

    for (int i = 0; i < values->input->input_count; i++) {
        const struct input_value *input = &values->input->inputs[i];
        const struct argument_binding *setter = values->inputs[i];
        if (!setter)
            continue;
        const struct input_value *same = find_same(values, i);
        if (same)
            bind_setter_misfit(site, values->input, input,
                               str_format(a, "%.*s sets the same column; remove one of the two.",
                                          STR_PRINT(same->name)));
        else if (sets_outer_key(values, setter))
            bind_setter_misfit(
                site, values->input, input,
                STR("its column gets the key of the row around it; remove the field."));
        else
            continue;
        return false;
    }
    return true;
}

/* Does each row have a value for the column, or can it do without? */
static bool
check_needed(const struct bind_site *site, const struct table *table,
             const struct argument_binding *values, const struct column *column)
{
    const struct input_value *input = write_find_setter(values, column);
    struct arena *a = site->binder->arena;

    if (!column->is_not_null || column->filling != COLUMN_GIVEN ||
        write_is_outer_key(values, column) ||
        (input && (input->type->kind == TYPE_NON_NULL || input->default_value)))
        return true;
    if (input)
        bind_setter_misfit(
            site, values->input, input,
            str_format(a,
                       "it may be absent, but column %.*s.%.*s is NOT NULL and has no "
                       "default; make it %.*s!, or give either of them a default.",
                       STR_PRINT(table->name), STR_PRINT(column->name),
                       STR_PRINT(type_text(a, input->type))));
    else
        binder_site_misfit(site, NULL,
                           "column %.*s.%.*s is NOT NULL and has no default, and no field of %.*s "
                           "sets it; add one.",
                           STR_PRINT(table->name), STR_PRINT(column->name),
                           STR_PRINT(values->input->name));
    return false;
}

/* Do the arguments that find the row name one at most? */
static bool
check_key(const struct bind_site *site)
{
    const struct table *table = site->binding->as.write.rows.table;
    const struct column **columns;
    int count = 0, most = 0;

    for (int i = 0; i < site->field->argument_count; i++)
        most += site->field->arguments[i].binding->column_count;
    columns = ARENA_ARRAY(site->binder->arena, const struct column *, (size_t)most + 1);
    for (int i = 0; i < site->field->argument_count; i++) {
        const struct argument_binding *binding = site->field->arguments[i].binding;
        for (int j = 0; binding->role == ARGUMENT_EQUALS && j < binding->column_count; j++)
            columns[count++] = binding->columns[j];
    }
    if (binder_is_unique(site->named, table, columns, count))
        return true;
    binder_site_misfit(
        site, NULL,
        "several rows of %.*s may match, but it writes one; make the arguments cover a unique key.",
        STR_PRINT(table->name));
    return false;
}

/* Do the fields of the objects, and of those within them, say all that rows of the table need? */
static bool
check_objects(const struct bind_site *site, const struct table *table,
              const struct argument_binding *values)
{
    bool adds = write_action_adds(site->binding->as.write.action);
    bool fits = check_once(site, values);

    for (int i = 0; i < table->column_count && adds; i++)
        fits = check_needed(site, table, values, &table->columns[i]) && fits;
    for (int i = 0; i < values->input->input_count; i++) {
        const struct argument_binding *within = values->inputs[i];
        if (within && within->join)
            fits = check_objects(site, within->join->table, within) && fits;
    }
    return fits;
}

static bool
check_values(const struct bind_site *site, const struct input_value *values)
{
    const struct bound_write *write = &site->binding->as.write;

    if (!values)
        binder_site_misfit(site, NULL,
                           write_action_adds(write->action)
                               ? "no argument says what is written; add one whose type is an input "
                                 "object, or a list of them."
                               : "no argument says what is changed; add one whose type is an input "
                                 "object.");
    else if (!write_action_adds(write->action) && is_list(values))
        binder_site_misfit(site, NULL, "it writes one row; make %.*s one %.*s!.",
                           STR_PRINT(values->name), STR_PRINT(type_named(values->type)->name));
    return values && (write_action_adds(write->action) || !is_list(values)) &&
           check_objects(site, write->rows.table, values->binding);
}

/* --- rows that a filter finds --- */

const struct argument_binding *
bind_write_at_most(const struct bind_site *site, const struct input_value *argument,
                   const char **message)
{
    struct argument_binding *binding = ARENA_NEW(site->binder->arena, struct argument_binding);
    const struct type *type = argument->type;

    *message = NULL;
    if (type->kind != TYPE_NON_NULL || !str_is(type->of->name, "Int"))
        *message = "it says how many rows may be written; make it Int!.";
    binding->role = ARGUMENT_AT_MOST;
    return *message ? NULL : binding;
}

/* The key by which rows are told apart: that of the type, or, of a payload, of the type that it
 * shows them by. */
static const struct key *
find_key(const struct bind_site *site)
{
    const struct type_binding *type = binding_of_type(site->named);

    for (int i = 0; type->key.count == 0 && i < site->named->field_count; i++) {
        const struct type_binding *shown = binding_of_type(type_named(site->named->fields[i].type));
        if (shown->table == type->table && shown->key.count > 0)
            return &shown->key;
    }
    return &type->key;
}

/* May only so many rows be written, and can they be told apart? */
static bool
check_found(const struct bind_site *site)
{
    struct bound_write *write = &site->binding->as.write;
    const struct table *table = write->rows.table;
    bool has_most = false;

    write->rows.key = find_key(site);

    for (int i = 0; i < site->field->argument_count; i++)
        has_most |= site->field->arguments[i].binding->role == ARGUMENT_AT_MOST;
    if (!has_most)
        binder_site_misfit(site, NULL,
                           "a filter may find all rows of %.*s; add an argument, atMost: Int! = 1, "
                           "which says how many may be written.",
                           STR_PRINT(table->name));
    else if (write->rows.key->count == 0)
        binder_site_misfit(site, NULL,
                           "nothing tells the rows of %.*s apart; declare a key with "
                           "@table(key:) on the type that shows them.",
                           STR_PRINT(table->name));
    else
        return true;
    return false;
}

bool
bind_write_check(const struct bind_site *site)
{
    enum write_action action = site->binding->as.write.action;
    bool has_values = action == WRITE_DELETE || check_values(site, write_find_values(site->field));

    if (action == WRITE_UPSERT)
        return has_values && bind_upsert_check(site);
    if (action == WRITE_INSERT)
        return has_values;
    return (site->binding->as.write.is_by_filter ? check_found(site) : check_key(site)) &&
           has_values;
}
