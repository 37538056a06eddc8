/*
 * needs.c - what roles must be allowed in the database, so that a contract can be served to them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "script/needs.h"

#include "base/arena.h"
#include "schema/schema.h"
#include "catalog/catalog.h"
#include "binding/binding.h"
#include "binding/filter.h"
#include "binding/rights.h"
#include "binding/write.h"
#include "contract/contract.h"
#include "script/state.h"

struct walk {
    struct arena *arena;
    struct needs *needs;
    uint32_t roles;
    uint32_t nobody; /* those of the roles that requests have which are not signed in */
};

/* NULL: its rows are of a function. */
static struct needs_table *
find_table(const struct needs *needs, const struct table *table)
{
    for (int i = 0; i < needs->table_count; i++)
        if (needs->tables[i].table == table)
            return &needs->tables[i];
    return NULL;
}

/* True: somebody has not read it before. */
static bool
add_column(struct needs *needs, const struct table *table, const struct column *column,
           uint32_t roles)
{
    struct needs_table *found = find_table(needs, table);

    if (!found || (found->readers[column->number] & roles) == roles)
        return false;
    found->readers[column->number] |= roles;
    found->roles |= roles;
    return true;
}

static void
add_function(const struct walk *w, const struct function *function)
{
    struct needs_function **at = &w->needs->functions;

    while (*at && str_compare((*at)->function->name, function->name) < 0)
        at = &(*at)->next;
    for (struct needs_function *f = *at; f && str_equal(f->function->name, function->name);
         f = f->next)
        if (f->function == function) {
            f->roles |= w->roles;
            return;
        }
    struct needs_function *added = ARENA_NEW(w->arena, struct needs_function);
    *added = (struct needs_function){ function, w->roles, *at };
    *at = added;
}

static void
add_right(void *context, const struct table *table, const struct column *column,
          const struct function *function)
{
    const struct walk *w = context;

    if (column)
        add_column(w->needs, table, column, w->roles);
    else
        add_function(w, function);
}

static void
add_join(const struct walk *w, const struct table *from, const struct join *join)
{
    if (join->through)
        add_join(w, from, join->through);
    for (int i = 0; i < join->count; i++) {
        if (join->from && (join->through || from))
            add_column(w->needs, join->through ? join->through->table : from, join->from[i],
                       w->roles);
        add_column(w->needs, join->table, join->to[i], w->roles);
    }
}

static void
add_condition(void *context, const struct bound_filter *filter, const struct input_value *field,
              const struct input_value *op, const struct bound_comparison *comparison,
              const struct join *join)
{
    const struct walk *w = context;

    (void)field;
    (void)op;
    for (int i = 0; comparison && i < comparison->column_count; i++)
        add_column(w->needs, filter->table, comparison->columns[i], w->roles);
    if (join)
        add_join(w, filter->table, join);
}

/* --- arguments --- */

static void
add_choices(const struct walk *w, const struct bound_rows *rows,
            const struct order_choices *choices)
{
    const struct type *type = choices->type;

    for (int i = 0; choices->values && i < type->value_count; i++)
        for (int j = 0; j < choices->values[i].count; j++)
            rights_visit_order_term(choices->table, rows->join, &choices->values[i].terms[j],
                                    add_right, (void *)w);
    for (int i = 0; choices->choices && i < type->input_count; i++) {
        struct order_term term = choices->choices[i].term;
        if (choices->choices[i].within) {
            add_join(w, choices->table, choices->choices[i].step.join);
            continue;
        }
        rights_visit_order_term(choices->table, rows->join, &term, add_right, (void *)w);
    }
}

static void
add_group_terms(const struct walk *w, const struct bound_rows *rows,
                const struct bound_group_term *term)
{
    if (term->column)
        add_column(w->needs, rows->table, term->column, w->roles);
    for (int i = 0; term->terms && i < term->type->input_count; i++)
        add_group_terms(w, rows, &term->terms[i]);
}

static void
add_argument(const struct walk *w, const struct binding *binding,
             const struct input_value *argument, const struct argument_binding *bound)
{
    const struct bound_rows *rows = binding_rows(binding);

    rights_visit_argument(binding, bound, add_right, (void *)w);
    if (!rows || !rows->table)
        return;
    if (bound->order)
        add_choices(w, rows, bound->order);
    if (bound->filter)
        filter_visit(w->arena, bound->filter, add_condition, (void *)w);
    const struct type *type = type_named(argument->type);
    for (int i = 0; bound->terms && i < type->input_count; i++)
        add_group_terms(w, rows, &bound->terms[i]);
}

/* What an argument does in each branch of the field, or in the field. */
static void
add_arguments(const struct walk *w, const struct field *field)
{
    const struct bound_rows *rows = binding_rows(field->binding);

    for (int i = 0; i < field->argument_count; i++) {
        const struct input_value *argument = &field->arguments[i];
        if (!argument->binding)
            continue;
        for (int j = 0; rows && argument->binding->branches && j < rows->branch_count; j++)
            add_argument(w, rows->branches[j], argument, argument->binding->branches[j]);
        if (!argument->binding->branches)
            add_argument(w, field->binding, argument, argument->binding);
    }
}

/* --- writes --- */

/* Add that the roles give values to the column: in new rows, or in rows that are there. */
static void
add_setter(struct needs_table *t, const struct column *column, bool is_new, uint32_t roles)
{
    (is_new ? t->inserters : t->updaters)[column->number] |= roles;
    t->writers |= roles;
}

/* What objects give to columns of their rows.  Of rows within others a key is read back, which goes
 * into those that refer to it. */
static void
add_setters(const struct walk *w, struct needs_table *t, const struct argument_binding *setters,
            bool is_new, uint32_t roles)
{
    t->adders |= is_new ? roles : 0;
    t->writers |= roles;
    for (int i = 0; i < setters->input->input_count; i++) {
        const struct argument_binding *setter = setters->inputs[i];
        const struct join *join = setter ? setter->join : NULL;
        for (int j = 0; setter && j < setter->column_count; j++)
            add_setter(t, setter->columns[j], is_new, roles);
        if (!join)
            continue;
        struct needs_table *other = find_table(w->needs, join->table);
        for (int j = 0; j < join->count; j++) {
            if (setter->is_after)
                add_setter(other, join->to[j], true, roles);
            add_column(w->needs, setter->is_after ? t->table : join->table,
                       setter->is_after ? join->from[j] : join->to[j], roles);
        }
        add_setters(w, other, setter, true, roles);
    }
}

/* What a mutation writes; a row that may be there already is found by what is read. */
static void
add_write(const struct walk *w, const struct field *field)
{
    const struct bound_write *write = binding_write(field->binding);
    const struct input_value *values = write_find_values(field);
    const struct argument_binding *setters = values ? values->binding : NULL;
    struct needs_table *t = find_table(w->needs, write->rows.table);
    uint32_t roles = field->binding->signed_in.ptr ? w->roles & ~w->nobody : w->roles;
    bool is_new = write_action_adds(write->action);

    t->deleters |= write->action == WRITE_DELETE ? roles : 0;
    t->writers |= roles;
    if (setters)
        add_setters(w, t, setters, is_new, roles);
    for (int i = 0; i < write->changed_count; i++)
        add_setter(t, write->changed[i], false, roles);
    for (int i = 0; i < write->on.count; i++)
        add_column(w->needs, t->table, write->on.columns[i], roles);
    for (int i = 0; write->is_by_filter && i < write->rows.key->count; i++)
        add_column(w->needs, t->table, write->rows.key->columns[i], roles);
}

/* --- fields --- */

static void
add_node(const struct walk *w, const struct field *field)
{
    const struct type *type = type_named(field->type);

    for (int i = 0; i < type->possible_count; i++)
        add_join(w, NULL, &binding_node(field->binding)->joins[i]);
}

static void
add_field(const struct walk *w, const struct type *type, const struct field *field)
{
    if (field->binding->kind == BINDING_NODE)
        add_node(w, field);
    if (field->binding->kind == BINDING_WRITE)
        add_write(w, field);
    rights_visit_field(field->binding, binding_of_type(type)->table, add_right, (void *)w);
    add_arguments(w, field);
}

static void
add_fields(const struct walk *w, const struct schema *schema,
           bool (*is_wanted)(const struct binding *binding))
{
    for (int i = 0; i < schema->type_count; i++) {
        const struct type *type = schema->types[i];
        for (int j = 0; type->kind == TYPE_OBJECT && j < type->field_count; j++)
            if (type->fields[j].binding && is_wanted(type->fields[j].binding))
                add_field(w, type, &type->fields[j]);
    }
}

static bool
is_value(const struct binding *binding)
{
    return binding->kind == BINDING_COLUMN || binding->kind == BINDING_GLOBAL_ID;
}

static bool
is_any(const struct binding *binding)
{
    (void)binding;
    return true;
}

/* Where some column must be read, one that fewer are denied is taken (rights.c): one that is
 * shown. */
static void
deny_hidden(const struct walk *w)
{
    for (int i = 0; i < w->needs->table_count; i++) {
        const struct needs_table *t = &w->needs->tables[i];
        for (int j = 0; j < t->table->column_count; j++)
            t->table->columns[j].denied = t->readers[j] & w->roles ? 0 : UINT32_MAX;
    }
}

struct needs *
needs_new(struct arena *a, const struct catalog *catalog)
{
    struct needs *needs = ARENA_NEW(a, struct needs);

    needs->table_count = catalog->table_count;
    needs->tables = ARENA_ARRAY(a, struct needs_table, (size_t)catalog->table_count + 1);
    for (int i = 0; i < catalog->table_count; i++) {
        const struct table *table = &catalog->tables[i];
        needs->tables[i].table = table;
        needs->tables[i].readers = ARENA_ARRAY(a, uint32_t, (size_t)table->column_count + 1);
        needs->tables[i].inserters = ARENA_ARRAY(a, uint32_t, (size_t)table->column_count + 1);
        needs->tables[i].updaters = ARENA_ARRAY(a, uint32_t, (size_t)table->column_count + 1);
    }
    return needs;
}

void
needs_add(struct arena *a, struct needs *needs, const struct contract *contract, uint32_t roles,
          uint32_t nobody)
{
    const struct walk w = { a, needs, roles, nobody };

    add_fields(&w, contract->schema, is_value);
    deny_hidden(&w);
    add_fields(&w, contract->schema, is_any);
}

/* --- what else is read --- */

void
needs_follow(struct needs *needs, const struct catalog *catalog, const struct state *state)
{
    bool is_changed = true;

    /* A view may read another. */
    while (is_changed) {
        is_changed = false;
        for (const struct state_read *read = state->reads; read; read = read->next) {
            const struct table *by = catalog_find_table(catalog, read->by);
            const struct table *table = catalog_find_table(catalog, read->table);
            const struct column *column = table ? table_find_column(table, read->column) : NULL;
            const struct needs_table *reader = by ? find_table(needs, by) : NULL;
            if (column && reader && reader->roles)
                is_changed |= add_column(needs, table, column, reader->roles);
        }
    }
}
