/*
 * plan_relation.c - relations, and the statements that they stand in.
 *
 * SPDX-License-Identifier: MIT
 */
#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "schema/schema.h"
#include "plan_sql/sql_quote.h"
#include "contract/contract.h"
#include "plan/plan_viewers.h"
#include "planner/planner.h"

/* The array with room for one more; what it was stays in the arena. */
static void *
plan_grow(struct planner *p, void *items, int count, int *capacity, size_t size)
{
    if (count < *capacity)
        return items;
    *capacity = *capacity ? 2 * *capacity : 8;
    void *grown = arena_array(p->arena, (size_t)*capacity, size);
    if (count)
        memcpy(grown, items, (size_t)count * size);
    return grown;
}

/* `l1` for links.  They are counted within the statement: so statements that ask for the same have
 * the same text, wherever they stand, and a connection prepares it once. */
static struct str
plan_alias(struct planner *p, struct plan_statement *statement, struct str table)
{
    char letter = table.len > 0 && table.ptr[0] >= 'a' && table.ptr[0] <= 'z' ? table.ptr[0] : 't';

    return str_format(p->arena, "%c%d", letter, ++statement->alias_count);
}

static bool
is_same_cell(const struct plan_cell *a, const struct plan_cell *b)
{
    if (a->kind != b->kind || a->relation != b->relation)
        return false;
    switch (a->kind) {
    case PLAN_CELL_COLUMN:
    case PLAN_CELL_BETWEEN:
    case PLAN_CELL_FOUND:
        return a->of.column == b->of.column;
    case PLAN_CELL_TERM:
        return a->of.term == b->of.term;
    case PLAN_CELL_FUNCTION:
        return a->of.function == b->of.function;
    case PLAN_CELL_AGGREGATE:
        return a->of.aggregate.function == b->of.aggregate.function &&
               a->of.aggregate.column == b->of.aggregate.column;
    case PLAN_CELL_UNIT:
        return a->of.unit->column == b->of.unit->column && a->of.unit->unit == b->of.unit->unit &&
               a->of.unit->type->kind == b->of.unit->type->kind;
    case PLAN_CELL_TYPE:
    case PLAN_CELL_KEY:
    case PLAN_CELL_COUNT:
    case PLAN_CELL_INSERTED:
    case PLAN_CELL_WRITTEN:
        break;
    }
    return true;
}

/* The number of the cell, which is added unless it is there. */
static int
plan_cell_add(struct planner *p, const struct plan_cell *wanted)
{
    struct plan_statement *statement = wanted->relation->statement;

    for (int i = 0; i < statement->cell_count; i++)
        if (is_same_cell(&statement->cells[i], wanted))
            return i;
    statement->cells = plan_grow(p, statement->cells, statement->cell_count,
                                 &statement->cell_capacity, sizeof(struct plan_cell));
    assert(statement->cell_count < statement->cell_capacity);
    statement->cells[statement->cell_count] = *wanted;
    return statement->cell_count++;
}

int
plan_column_cell(struct planner *p, const struct plan_relation *relation,
                 const struct column *column)
{
    return plan_cell_add(p, &(struct plan_cell){ PLAN_CELL_COLUMN, relation, { column } });
}

int
plan_function_cell(struct planner *p, const struct plan_relation *relation,
                   const struct function *function)
{
    return plan_cell_add(p, &(struct plan_cell){ .kind = PLAN_CELL_FUNCTION,
                                                 .relation = relation,
                                                 .of.function = function });
}

int
plan_between_cell(struct planner *p, const struct plan_relation *relation,
                  const struct column *column)
{
    return plan_cell_add(p, &(struct plan_cell){ PLAN_CELL_BETWEEN, relation, { column } });
}

int
plan_term_cell(struct planner *p, const struct plan_relation *relation, int number)
{
    const struct order_term *term =
        relation->source == PLAN_UNION ? NULL : &relation->slice->order[number];

    if (term && order_term_is_own_column(term))
        return plan_column_cell(p, relation, term->column);
    if (term && term->is_between)
        return plan_between_cell(p, relation, term->column);
    return plan_cell_add(
        p, &(struct plan_cell){ .kind = PLAN_CELL_TERM, .relation = relation, .of.term = number });
}

int
plan_count_cell(struct planner *p, const struct plan_relation *relation)
{
    return plan_cell_add(p, &(struct plan_cell){ .kind = PLAN_CELL_COUNT, .relation = relation });
}

int
plan_inserted_cell(struct planner *p, const struct plan_relation *relation)
{
    return plan_cell_add(p,
                         &(struct plan_cell){ .kind = PLAN_CELL_INSERTED, .relation = relation });
}

int
plan_written_cell(struct planner *p, const struct plan_relation *relation)
{
    return plan_cell_add(p, &(struct plan_cell){ .kind = PLAN_CELL_WRITTEN, .relation = relation });
}

int
plan_aggregate_cell(struct planner *p, const struct plan_relation *relation,
                    const struct aggregate *function, const struct column *column)
{
    return plan_cell_add(p, &(struct plan_cell){ .kind = PLAN_CELL_AGGREGATE,
                                                 .relation = relation,
                                                 .of.aggregate = { function, column } });
}

int
plan_unit_cell(struct planner *p, const struct plan_relation *relation,
               const struct bound_group_key *key)
{
    return plan_cell_add(
        p, &(struct plan_cell){ .kind = PLAN_CELL_UNIT, .relation = relation, .of.unit = key });
}

int
plan_type_cell(struct planner *p, const struct plan_relation *relation, const struct type *type)
{
    if (relation->source == PLAN_UNION)
        return plan_cell_add(p,
                             &(struct plan_cell){ .kind = PLAN_CELL_TYPE, .relation = relation });
    return plan_column_cell(p, relation, binding_of_type(type)->discriminator);
}

/* The number of its key is the first cell of each row of a batch; its keys, $1 and as many
 * more as they have columns, come from the parent's rows, one wave earlier. */
static void
plan_add_keys(struct planner *p, struct plan_relation *batch)
{
    struct plan_statement *statement = batch->statement;
    const struct join *join = join_to_parent(batch->join);

    plan_cell_add(p, &(struct plan_cell){ .kind = PLAN_CELL_KEY, .relation = batch });
    for (int i = 0; i < join->count; i++)
        plan_parameter_add(p, statement,
                           &(struct plan_parameter){ .form = PLAN_KEYS,
                                                     .keys = join->to[i],
                                                     .key = i,
                                                     .type_name = join->to[i]->type->compared_as });
    if (!batch->parent)
        return;
    statement->parent = batch->parent->statement;
    statement->parent_cells = ARENA_ARRAY(p->arena, int, (size_t)join->count);
    for (int i = 0; i < join->count; i++)
        statement->parent_cells[i] = plan_column_cell(p, batch->parent, join->from[i]);
    statement->wave =
        (statement->parent->last_wave ? statement->parent->last_wave : statement->parent->wave) + 1;
}

/* The type, where the table alone does not say whose rows are meant. */
static const struct type *
plan_row_type(const struct type *type)
{
    return type && (type_is_abstract(type) || binding_of_type(type)->discriminator) ? type : NULL;
}

/* Is it a list whose items must not be null? */
static bool
has_items_non_null(const struct type *type)
{
    const struct type *list = type_nullable(type);

    return list->kind == TYPE_LIST && list->of->kind == TYPE_NON_NULL;
}

struct plan_relation *
plan_relation_make(struct planner *p, enum plan_relation_kind kind,
                   struct plan_statement *statement, struct str table)
{
    struct plan_relation *relation = ARENA_NEW(p->arena, struct plan_relation);

    relation->kind = kind;
    relation->statement = statement;
    relation->alias = plan_alias(p, statement, table);
    if (kind != PLAN_JOIN && kind != PLAN_SOUGHT)
        relation->slice = ARENA_NEW(p->arena, struct plan_slice);
    return relation;
}

static void
plan_set_table(struct planner *p, struct plan_relation *relation, const struct table *table)
{
    relation->source = PLAN_TABLE;
    relation->of.table = table;
    plan_viewers_add_table(p->plan, p->contract->schema, table);
}

/* The alias of the table between, if the join has one. */
static struct str
plan_between(struct planner *p, struct plan_statement *statement, const struct join *join)
{
    if (!join || !join->through)
        return STR_NONE;
    plan_viewers_add_table(p->plan, p->contract->schema, join->through->table);
    return plan_alias(p, statement, join->through->table->local_name);
}

/* Where the rows that the field shows, or the scalar, come from. */
static void
plan_set_source(struct planner *p, struct plan_relation *relation, const struct binding *binding,
                const struct bound_rows *bound)
{
    if (binding->kind == BINDING_FUNCTION) {
        const struct function *function = binding_function(binding)->function;
        relation->source = PLAN_FUNCTION;
        relation->of.call = (struct plan_call){
            .function = function,
            .table = bound ? bound->table : NULL,
            .arguments =
                ARENA_ARRAY(p->arena, struct plan_call_argument, (size_t)function->parameter_count),
        };
    } else if (binding->kind == BINDING_WRITE) {
        relation->source = PLAN_WRITE;
        relation->of.write =
            (struct plan_write){ .bound = binding_write(binding), .table = bound->table };
    } else if (bound->branches) {
        relation->source = PLAN_UNION;
    } else {
        plan_set_table(p, relation, bound->table);
    }
}

struct plan_relation *
plan_relation_new(struct planner *p, struct position at, const struct field *field, struct str name)
{
    const struct binding *binding = field->binding;
    const struct type *type = binding_row_type(field->type);
    const struct bound_rows *bound = binding_rows(binding); /* NULL: a function's scalar */
    bool is_batch = at.relation || binding->kind == BINDING_OUTPUT;
    struct str alias = !bound         ? binding_function(binding)->function->local_name
                       : bound->table ? bound->table->local_name
                                      : type->name;
    struct plan_statement *statement = ARENA_NEW(p->arena, struct plan_statement);
    struct plan_relation *relation =
        plan_relation_make(p, is_batch ? PLAN_BATCH : PLAN_SELECT, statement, alias);

    relation->parent = at.relation;
    plan_set_source(p, relation, binding, bound);
    relation->type = plan_row_type(type);
    /* A page leaves them out, whatever its nodes may be: null in their place, and counted, they
     * would tell how many there are. */
    relation->skips_hidden = (bound && bound->connection) || has_items_non_null(field->type);
    relation->key = &binding_of_type(type)->key;
    relation->join = bound ? bound->join : NULL;
    relation->between = plan_between(p, statement, relation->join);
    relation->slice->is_list = binding->is_list;
    relation->name = name;
    statement->relation = relation;
    statement->made_up = p->contract->catalog->made_up;
    statement->root = at.root;
    statement->wave = 1;
    statement->conditions = at.conditions;
    if (binding->kind == BINDING_OUTPUT)
        statement->key_output = binding_output(binding)->number;
    if (is_batch)
        plan_add_keys(p, relation);
    if (bound && bound->branches)
        plan_union_branches(p, relation, bound, type);
    return relation;
}

struct plan_relation *
plan_relation_node(struct planner *p, struct position at, const struct join *join,
                   const struct type *type, struct str name)
{
    struct plan_statement *statement = ARENA_NEW(p->arena, struct plan_statement);
    struct plan_relation *relation =
        plan_relation_make(p, PLAN_BATCH, statement, join->table->local_name);

    plan_set_table(p, relation, join->table);
    relation->type = plan_row_type(type);
    relation->key = &binding_of_type(type)->key;
    relation->join = join;
    relation->name = name;
    relation->slice->is_list = at.root->definition->binding->is_list;
    relation->slice->has_limit = !table_is_unique(join->table, join->to, join->count);
    relation->slice->limit = 1;
    statement->relation = relation;
    statement->made_up = p->contract->catalog->made_up;
    statement->root = at.root;
    statement->wave = 1;
    statement->ids = binding_of_type(type)->global_id;
    plan_add_keys(p, relation);
    return relation;
}

struct plan_relation *
plan_relation_again(struct planner *p, struct position at, const struct join *join)
{
    struct plan_statement *statement = ARENA_NEW(p->arena, struct plan_statement);
    struct plan_relation *relation =
        plan_relation_make(p, PLAN_BATCH, statement, join->table->local_name);

    plan_set_table(p, relation, join->table);
    relation->join = join;
    relation->parent = at.relation;
    relation->slice->has_limit = !table_is_unique(join->table, join->to, join->count);
    relation->slice->limit = 1;
    statement->relation = relation;
    statement->made_up = p->contract->catalog->made_up;
    statement->root = at.root;
    statement->conditions = at.conditions;
    plan_add_keys(p, relation);
    plan_relation_add(p, relation);
    return relation;
}

struct plan_relation *
plan_relation_doubt(struct planner *p, struct position at, const struct plan_relation *written)
{
    const struct table *table = plan_table(written);
    struct plan_statement *statement = ARENA_NEW(p->arena, struct plan_statement);
    struct plan_relation *relation =
        plan_relation_make(p, PLAN_SELECT, statement, table->local_name);

    relation->purpose = PLAN_DOUBT;
    plan_set_table(p, relation, table);
    relation->name = written->name;
    statement->relation = relation;
    statement->doubted = written->statement;
    statement->root = at.root;
    statement->wave = written->statement->wave + 1;
    return relation;
}

void
plan_relation_doubt_found(struct planner *p, struct plan_relation *doubt,
                          const struct plan_relation *written)
{
    const struct plan_write *write = plan_write_of(written);
    const struct key *key = write->bound->rows.key;
    struct plan_statement *statement = doubt->statement;
    struct join *join = ARENA_NEW(p->arena, struct join);

    *join = (struct join){
        .table = write->table, .from = key->columns, .to = key->columns, .count = key->count
    };
    doubt->join = join;
    statement->parent = written->statement;
    statement->parent_cells = ARENA_ARRAY(p->arena, int, (size_t)key->count);
    for (int i = 0; i < key->count; i++) {
        const struct column *column = key->columns[i];
        statement->parent_cells[i] =
            plan_cell_add(p, &(struct plan_cell){ PLAN_CELL_FOUND, written, { column } });
        plan_parameter_add(p, statement,
                           &(struct plan_parameter){ .form = PLAN_KEYS,
                                                     .keys = column,
                                                     .key = i,
                                                     .type_name = column->type->compared_as });
    }
}

static void
plan_append_child(struct plan_relation *parent, struct plan_relation *child)
{
    child->parent = parent;
    if (parent->last_child)
        parent->last_child->next = child;
    else
        parent->children = child;
    parent->last_child = child;
}

void
plan_relation_add(struct planner *p, struct plan_relation *relation)
{
    struct plan *plan = p->plan;
    const struct table *table = plan_table(relation);

    if (relation->parent)
        plan_append_child(relation->parent, relation);
    else if (plan_function(relation) && table && relation->key->count > 0 && !relation->page) {
        relation->has_presence = true;
        relation->presence = plan_column_cell(p, relation, relation->key->columns[0]);
    }
    plan->statements = plan_grow(p, plan->statements, plan->statement_count,
                                 &plan->statement_capacity, sizeof(struct plan_statement *));
    relation->statement->number = plan->statement_count;
    plan->statements[plan->statement_count++] = relation->statement;
    plan->sent_count++;
}

struct plan_relation *
plan_relation_inner(struct planner *p, enum plan_relation_kind kind, struct plan_relation *parent,
                    const struct join *join, const struct table *table, const struct type *type)
{
    struct plan_relation *relation =
        plan_relation_make(p, kind, parent->statement, table->local_name);

    plan_set_table(p, relation, table);
    relation->join = join;
    relation->type = plan_row_type(type);
    relation->key = type ? &binding_of_type(type)->key : NULL;
    plan_append_child(parent, relation);
    return relation;
}

struct plan_relation *
plan_relation_sought(struct planner *p, struct plan_relation *parent, const struct join *join,
                     const struct type *type)
{
    struct plan_relation *relation =
        plan_relation_make(p, PLAN_SOUGHT, parent->statement, join->table->local_name);

    plan_set_table(p, relation, join->table);
    relation->join = join;
    relation->type = plan_row_type(type);
    relation->skips_hidden = true;
    relation->parent = parent;
    relation->between = plan_between(p, parent->statement, join);
    return relation;
}

/* Can one joined row be shown as both: is it one of the same rows, and its type told by the
 * same column? */
static bool
is_same_row(const struct type *a, const struct type *b)
{
    const struct type *only_a = a && a->kind == TYPE_OBJECT ? a : NULL;
    const struct type *only_b = b && b->kind == TYPE_OBJECT ? b : NULL;

    return only_a == only_b &&
           (!a || !b || binding_of_type(a)->discriminator == binding_of_type(b)->discriminator);
}

struct plan_relation *
plan_join(struct planner *p, struct plan_relation *parent, const struct join *join,
          const struct type *type, struct str name)
{
    const struct type *row_type = plan_row_type(type);

    for (struct plan_relation *child = parent->children; child; child = child->next)
        if (child->kind == PLAN_JOIN && join_equal(child->join, join) &&
            is_same_row(child->type, row_type)) {
            if (!child->type)
                child->type = row_type;
            return child;
        }

    for (int i = 0; parent->kind == PLAN_BRANCH && i < join->count; i++)
        plan_column_cell(p, parent, join->from[i]); /* its rows are seen through cells alone */
    struct plan_relation *relation =
        plan_relation_inner(p, PLAN_JOIN, parent, join, join->table, type);
    relation->name = name;
    return relation;
}

int
plan_parameter_add(struct planner *p, struct plan_statement *statement,
                   const struct plan_parameter *parameter)
{
    statement->parameters =
        plan_grow(p, statement->parameters, statement->parameter_count,
                  &statement->parameter_capacity, sizeof(struct plan_parameter));
    statement->parameters[statement->parameter_count] = *parameter;
    return statement->parameter_count++;
}
