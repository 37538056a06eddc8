/*
 * plan_relation.c - relations, and the statements that they stand in.
 *
 * SPDX-License-Identifier: MIT
 */
#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "schema/schema.h"
#include "planner/planner.h"
#include "planner/sql.h"

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

/* `l1` for links: the same at every run, so that plans and SQL can be compared as text. */
static struct str
plan_alias(struct planner *p, struct str table)
{
    char letter = table.len > 0 && table.ptr[0] >= 'a' && table.ptr[0] <= 'z' ? table.ptr[0] : 't';

    return str_format(p->arena, "%c%d", letter, ++p->alias_count);
}

/* The number of its key is the first cell of each row of a batch; its keys, $1,
 * come from the parent's rows, one wave earlier. */
static void
plan_add_keys(struct planner *p, struct plan_relation *batch)
{
    struct plan_statement *statement = batch->statement;
    const struct join *join = batch->join;
    struct plan_parameter keys = {
        .form = PLAN_KEYS,
        .kind = join->to->kind,
        .type_name = sql_type_name(join->to->kind, join->to->type_name),
    };

    plan_cell(p, batch, NULL, NULL);
    plan_parameter_add(p, statement, &keys);
    if (!batch->parent)
        return;
    statement->parent = batch->parent->statement;
    statement->parent_cell = plan_cell(p, batch->parent, join->from, NULL);
    statement->wave = statement->parent->wave + 1;
}

/* The type, where the table alone does not say whose rows are meant. */
static const struct type *
plan_row_type(const struct type *type)
{
    return type && (type_is_abstract(type) || binding_of_type(type)->discriminator) ? type : NULL;
}

static struct plan_relation *
plan_relation_make(struct planner *p, enum plan_relation_kind kind, struct str alias)
{
    struct plan_relation *relation = ARENA_NEW(p->arena, struct plan_relation);

    relation->kind = kind;
    relation->alias = plan_alias(p, alias);
    relation->limit = relation->offset = relation->presence = relation->type_cell = -1;
    return relation;
}

struct plan_relation *
plan_relation_new(struct planner *p, struct plan_relation *parent, const struct field *field,
                  struct str name)
{
    const struct binding *binding = field->binding;
    const struct type *type = type_named(field->type);
    const struct bound_rows *bound = binding_rows(binding); /* NULL: a function's scalar */
    bool is_batch = parent || binding->kind == BINDING_OUTPUT;
    struct str alias = !bound         ? binding_function(binding)->function->name
                       : bound->table ? bound->table->name
                                      : type->name;
    struct plan_relation *relation =
        plan_relation_make(p, is_batch ? PLAN_BATCH : PLAN_SELECT, alias);

    relation->parent = parent;
    relation->table = bound ? bound->table : NULL;
    relation->type = plan_row_type(type);
    if (binding->kind == BINDING_FUNCTION)
        relation->function = binding_function(binding)->function;
    relation->join = bound ? bound->join : NULL;
    relation->is_list = binding->is_list;
    relation->name = name;
    relation->statement = ARENA_NEW(p->arena, struct plan_statement);
    relation->statement->relation = relation;
    relation->statement->root = p->root;
    relation->statement->wave = 1;
    relation->statement->conditions = p->conditions;
    if (binding->kind == BINDING_OUTPUT)
        relation->statement->key_output = binding_output(binding)->number;
    if (is_batch)
        plan_add_keys(p, relation);
    if (bound && bound->branches)
        plan_union_branches(p, relation, bound, type);
    return relation;
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

    if (relation->parent)
        plan_append_child(relation->parent, relation);
    else if (relation->function && relation->table)
        relation->presence = plan_cell(p, relation, relation->table->primary_key.columns[0], NULL);
    plan->statements = plan_grow(p, plan->statements, plan->statement_count,
                                 &plan->statement_capacity, sizeof(struct plan_statement *));
    relation->statement->number = plan->statement_count;
    plan->statements[plan->statement_count++] = relation->statement;
}

struct plan_relation *
plan_relation_inner(struct planner *p, enum plan_relation_kind kind, struct plan_relation *parent,
                    const struct join *join, const struct table *table, const struct type *type)
{
    struct plan_relation *relation = plan_relation_make(p, kind, table->name);

    relation->table = table;
    relation->join = join;
    relation->type = plan_row_type(type);
    relation->statement = parent->statement;
    plan_append_child(parent, relation);
    return relation;
}

/* Can one joined row be shown as both: is it one of the same rows, and its type told by the
 * same column? */
static bool
is_alike(const struct type *a, const struct type *b)
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
        if (child->kind == PLAN_JOIN && child->join->from == join->from &&
            child->join->to == join->to && is_alike(child->type, row_type)) {
            if (!child->type)
                child->type = row_type;
            return child;
        }

    if (parent->kind == PLAN_BRANCH) /* its rows are seen through the union's cells alone */
        plan_cell(p, parent, join->from, NULL);
    struct plan_relation *relation =
        plan_relation_inner(p, PLAN_JOIN, parent, join, join->table, type);
    relation->name = name;
    return relation;
}

static int
plan_cell_add(struct planner *p, const struct plan_cell *wanted)
{
    struct plan_statement *statement = wanted->relation->statement;

    for (int i = 0; i < statement->cell_count; i++) {
        const struct plan_cell *cell = &statement->cells[i];
        if (cell->relation == wanted->relation && cell->column == wanted->column &&
            cell->function == wanted->function && cell->is_type == wanted->is_type)
            return i;
    }
    statement->cells = plan_grow(p, statement->cells, statement->cell_count,
                                 &statement->cell_capacity, sizeof(struct plan_cell));
    statement->cells[statement->cell_count] = *wanted;
    return statement->cell_count++;
}

int
plan_cell(struct planner *p, const struct plan_relation *relation, const struct column *column,
          const struct function *function)
{
    return plan_cell_add(p, &(struct plan_cell){ relation, column, function, false });
}

int
plan_type_cell(struct planner *p, const struct plan_relation *relation, const struct type *type)
{
    return plan_cell_add(
        p, &(struct plan_cell){ relation,
                                relation->is_union ? NULL : binding_of_type(type)->discriminator,
                                NULL, relation->is_union });
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
