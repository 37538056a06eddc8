/*
 * plan_field.c - the fields of the response.
 *
 * One recursion over the collected fields, type by type, with a position that is
 * passed down by value; a field that has a relation of its own continues it there, all
 * others add a cell to the relation that they stand in.  What is done with a field
 * follows from the kind of its binding: plan_field() has the table of it.
 *
 * SPDX-License-Identifier: MIT
 */
#include <assert.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "schema/schema.h"
#include "contract/contract.h"
#include "plan/plan_viewers.h"
#include "planner/planner.h"

const struct error *
plan_take_failure(struct planner *p)
{
    const struct error *failure = p->collector.failed;

    p->collector.failed = NULL;
    return failure;
}

void
plan_refuse(struct planner *p, struct plan_field *field, const struct error *refusal)
{
    field->kind = PLAN_REFUSAL;
    field->refusal = refusal;
    p->plan->is_refused = true;
}

const struct plan_field *
plan_collected(struct planner *p, const struct type *type, const struct collected *list,
               struct position at)
{
    const struct error *failure = plan_take_failure(p);
    struct plan_field *uncollected;

    if (!failure)
        return plan_fields(p, type, list, at);
    p->plan->is_refused = true;
    if (type->is_builtin) { /* the writer of introspection knows no errors */
        plan_refuse(p, at.root, failure);
        return NULL;
    }
    uncollected = ARENA_NEW(p->arena, struct plan_field);
    uncollected->kind = PLAN_UNCOLLECTED;
    uncollected->refusal = failure;
    return uncollected;
}

const struct plan_field *
plan_below(struct planner *p, const struct plan_field *field, const struct collected *collected,
           struct position at)
{
    const struct type *type = type_named(field->type);

    return plan_collected(p, type, collect_subfields(&p->collector, type, collected), at);
}

/* --- rows --- */

void
plan_below_row(struct planner *p, struct plan_field *field, const struct collected *collected,
               struct position at)
{
    const struct type *type = type_named(field->type);

    at.page = NULL;
    if (type_is_abstract(type)) {
        at.relation->type_cell = plan_type_cell(p, at.relation, type);
        plan_variants(p, field, collected, at);
    } else {
        field->fields = plan_below(p, field, collected, at);
    }
}

static int64_t
saturating_multiply(int64_t a, int64_t b)
{
    int64_t product;

    return __builtin_mul_overflow(a, b, &product) ? INT64_MAX : product;
}

static void
add_nodes(struct planner *p, int64_t nodes)
{
    if (__builtin_add_overflow(p->plan->nodes, nodes, &p->plan->nodes))
        p->plan->nodes = INT64_MAX;
}

/* The fields below a list.  The limits that the document writes are multiplied
 * along each path of lists, and added up over the paths: what a request may
 * ask for is bounded before any SQL (limits->nodes). */
static void
plan_below_list(struct planner *p, struct plan_field *field, const struct collected *collected,
                struct position at)
{
    const struct plan_slice *slice = at.relation->slice;
    int64_t before = p->plan->nodes;

    if (slice->has_written_limit)
        at.nodes = saturating_multiply(at.nodes, slice->limit);
    plan_below_row(p, field, collected, at);
    if (p->plan->nodes == before) /* no list below: the path ends here */
        add_nodes(p, at.nodes);
}

void
plan_below_page(struct planner *p, struct plan_field *field, const struct collected *collected,
                struct position at)
{
    const struct plan_page *page = at.page->page;
    int64_t before = p->plan->nodes;

    if (page->has_written_limit)
        at.nodes = saturating_multiply(at.nodes, page->limit);
    field->fields = plan_below(p, field, collected, at);
    if (page->rows && p->plan->nodes == before)
        add_nodes(p, at.nodes);
}

void
plan_leaf(struct plan_field *field, int cell, const struct codec *codec)
{
    assert(codec); /* the binder has made one for each leaf */
    field->kind = PLAN_LEAF;
    field->cell = cell;
    field->codec = codec;
}

/* A field whose rows, or whose scalar, come from a statement of their own. */
static void
plan_statement(struct planner *p, struct plan_field *field, const struct collected *collected,
               struct position at)
{
    const struct binding *binding = field->definition->binding;

    if (binding_rows(binding) && binding_rows(binding)->connection) {
        plan_connection(p, field, collected, at);
        return;
    }
    struct plan_relation *relation = plan_relation_new(p, at, field->definition, field->name);
    if (binding_rows(binding) && binding_rows(binding)->is_aggregate)
        plan_aggregate_begin(p, relation);
    const struct error *refusal = plan_arguments(p, relation, field->ast, field->definition);

    if (refusal) {
        plan_refuse(p, field, refusal);
        return;
    }
    field->relation = relation;
    plan_relation_add(p, relation);
    if (!binding_rows(binding)) {
        const struct bound_function *bound = binding_function(binding);
        plan_leaf(field, plan_function_cell(p, relation, bound->function), bound->codec);
        if (relation->slice->is_list)
            add_nodes(p, relation->slice->has_written_limit ? relation->slice->limit : 1);
        return;
    }
    at.relation = relation;
    at.conditions = NULL;
    field->kind = binding->is_list ? PLAN_LIST : PLAN_OBJECT;
    if (binding->is_list)
        plan_below_list(p, field, collected, at);
    else
        plan_below_row(p, field, collected, at);
}

/* A column of the row, or of a row that is joined to it. */
static void
plan_column(struct planner *p, struct plan_field *field, const struct collected *collected,
            struct position at)
{
    const struct bound_column *bound = binding_column(field->definition->binding);
    const struct plan_relation *row = at.relation;

    (void)collected;
    assert(row);
    if (bound->join && plan_write_of(row))
        row = field->relation = plan_relation_again(p, at, bound->join);
    else if (bound->join)
        row = plan_join(p, at.relation, bound->join, NULL, STR_NONE);
    plan_leaf(field, plan_column_cell(p, row, bound->column), bound->codec);
}

/* What an id is made of. */
static void
plan_global_id(struct planner *p, struct plan_field *field, const struct collected *collected,
               struct position at)
{
    const struct bound_global_id *bound = binding_global_id(field->definition->binding);
    int *cells = ARENA_ARRAY(p->arena, int, (size_t)bound->count);

    (void)collected;
    assert(at.relation);
    for (int i = 0; i < bound->count; i++)
        cells[i] = plan_column_cell(p, at.relation, bound->columns[i]);
    field->kind = PLAN_GLOBAL_ID;
    field->cells = cells;
}

static void
plan_echo(struct planner *p, struct plan_field *field, const struct collected *collected,
          struct position at)
{
    (void)p;
    (void)collected;
    (void)at;
    field->kind = PLAN_ECHO;
}

/* A function of the arguments, at the root, or of the row. */
static void
plan_function_field(struct planner *p, struct plan_field *field, const struct collected *collected,
                    struct position at)
{
    const struct bound_function *bound = binding_function(field->definition->binding);

    if (at.relation)
        plan_leaf(field, plan_function_cell(p, at.relation, bound->function), bound->codec);
    else
        plan_statement(p, field, collected, at);
}

/* A row that a function has written is read again, and joined to others, by
 * statements that follow it: the function's own does not see what it wrote. */
static bool
is_written(const struct plan_relation *relation)
{
    const struct function *function = plan_function(relation);

    return plan_write_of(relation) || (function && function->is_volatile);
}

/* Rows that are joined to the row: in its statement, or in one of their own. */
static void
plan_joined(struct planner *p, struct plan_field *field, const struct collected *collected,
            struct position at)
{
    const struct binding *binding = field->definition->binding;
    const struct join *join = binding_rows(binding)->join;

    assert(at.relation);
    if (plan_group_lacks(at.relation, field->definition)) {
        field->kind = PLAN_NULL;
        return;
    }
    if (plan_shared_take(p, field, collected, at))
        return;
    at.conditions = plan_shared_offer(p, field, collected, at);
    if (binding->is_list || binding_rows(binding)->is_aggregate || is_written(at.relation)) {
        plan_statement(p, field, collected, at);
        return;
    }
    at.relation = plan_join(p, at.relation, join, type_named(field->type), field->name);
    at.relation->has_presence = true;
    at.relation->presence = plan_column_cell(p, at.relation, join->to[0]);
    field->kind = PLAN_OBJECT;
    field->relation = at.relation;
    plan_below_row(p, field, collected, at);
}

/* --- what needs no row --- */

/* A field that a C function answers. */
static void
plan_resolved(struct planner *p, struct plan_field *field, const struct collected *collected,
              struct position at)
{
    field->kind = PLAN_RESOLVED;
    field->fields = plan_below(p, field, collected, at);
}

/* A field of what a C function puts out: a value, or the row of a key. */
static void
plan_output(struct planner *p, struct plan_field *field, const struct collected *collected,
            struct position at)
{
    const struct binding *binding = field->definition->binding;

    assert(!at.relation);
    if (binding_rows(binding)) {
        plan_statement(p, field, collected, at);
    } else {
        field->kind = PLAN_OUTPUT;
        field->cell = binding_output(binding)->number;
    }
}

/* A field that is made up. */
static void
plan_mock(struct planner *p, struct plan_field *field, const struct collected *collected,
          struct position at)
{
    const struct type *type = type_named(field->type);

    field->kind = PLAN_MOCK;
    if (type_is_abstract(type))
        plan_variants(p, field, collected, at);
    else if (type_is_composite(type))
        field->fields = plan_below(p, field, collected, at);
}

/* An argument of introspection is a Boolean or a name: a variable is all of it, or none. */
static bool
have_variable(const struct ast_node *arguments)
{
    for (const struct ast_node *node = arguments; node; node = node->next)
        if (ast_as(argument, node)->value->kind == AST_VARIABLE)
            return true;
    return false;
}

/* A field of the schema. */
static void
plan_introspection(struct planner *p, struct plan_field *field, const struct collected *collected,
                   struct position at)
{
    field->kind = PLAN_INTROSPECTION;
    at.relation = NULL;
    if (have_variable(field->ast->arguments))
        p->plan->is_constant = false;
    if (type_is_composite(type_named(field->type)))
        field->fields = plan_below(p, field, collected, at);
}

/* --- fields --- */

static struct str
plan_json_name(struct planner *p, struct str name)
{
    struct buf b = { 0 };

    json_write_name(&b, name);
    struct str copy = buf_copy(p->arena, &b);
    buf_free(&b);
    return copy;
}

/* A document may ask for one field some thousand times: errors name these places of it. */
enum { PLACES_MOST = 16 };

static const struct plan_place *
plan_others(struct planner *p, const struct collected *collected)
{
    const struct plan_place *first = NULL, **end = &first;
    int count = 1;

    for (const struct collected_node *node = collected->first.next; node && count < PLACES_MOST;
         node = node->next, count++) {
        struct plan_place *place = ARENA_NEW(p->arena, struct plan_place);
        place->ast = node->field;
        *end = place;
        end = &place->next;
    }
    return first;
}

static struct plan_field *
make_field(struct planner *p, const struct type *type, const struct collected *collected)
{
    struct plan_field *field = ARENA_NEW(p->arena, struct plan_field);

    field->name = collected->name;
    field->json_name = plan_json_name(p, collected->name);
    field->ast = collected->first.field;
    field->others = plan_others(p, collected);
    field->definition = schema_find_field(p->contract->schema, type, field->ast->name);
    assert(field->definition); /* or the document would not be valid */
    field->type = field->definition->type;
    field->parent_type = type;
    p->plan->field_count++;
    return field;
}

static struct plan_field *
plan_field(struct planner *p, const struct type *type, const struct collected *collected,
           struct position at)
{
    static void (*const kinds[])(struct planner *, struct plan_field *, const struct collected *,
                                 struct position) = {
        [BINDING_COLUMN] = plan_column,       [BINDING_TABLE] = plan_statement,
        [BINDING_JOIN] = plan_joined,         [BINDING_FUNCTION] = plan_function_field,
        [BINDING_RESOLVER] = plan_resolved,   [BINDING_OUTPUT] = plan_output,
        [BINDING_PART] = plan_part,           [BINDING_MOCK] = plan_mock,
        [BINDING_GLOBAL_ID] = plan_global_id, [BINDING_NODE] = plan_node,
        [BINDING_ECHO] = plan_echo,           [BINDING_AGGREGATE] = plan_aggregate_value,
        [BINDING_SUMMARY] = plan_summary,     [BINDING_GROUP_KEY] = plan_group_key,
        [BINDING_WRITE] = plan_write,         [BINDING_WRITTEN] = plan_written,
    };
    struct plan_field *field = make_field(p, type, collected);
    const struct binding *binding = field->definition->binding;
    const struct error *denial;
    bool is_root = !at.root;

    if (is_root)
        at.root = field;
    if (field->definition == p->contract->schema->typename_field)
        field->kind = PLAN_TYPENAME;
    else if (!binding) { /* the schema's own fields have none */
        plan_viewers_add_introspection(p->plan);
        plan_introspection(p, field, collected, at);
    } else {
        plan_viewers_add_field(p->plan, field->definition, is_root);
        denial = plan_refuse_denied(p, plan_denied(field->definition, collected, at.relation));
        if (denial)
            plan_refuse(p, field, denial);
        else
            kinds[binding->kind](p, field, collected, at);
    }
    return field;
}

const struct plan_field *
plan_fields(struct planner *p, const struct type *type, const struct collected *list,
            struct position at)
{
    const struct plan_field *first = NULL, **end = &first;

    for (const struct collected *collected = list; collected; collected = collected->next) {
        struct plan_field *field = plan_field(p, type, collected, at);
        *end = field;
        end = &field->next;
    }
    return first;
}
