/*
 * plan.c - from an operation's fields to a plan.
 *
 * One recursion over the collected fields, type by type; a field that has a
 * relation of its own continues it there, all others add a cell to the
 * relation that they stand in.
 *
 * SPDX-License-Identifier: MIT
 */
#include "planner/plan.h"

#include <assert.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/limits.h"
#include "schema/schema.h"
#include "binding/contract.h"
#include "planner/planner.h"
#include "planner/sql.h"

/* What `@skip` or `@include` fails with, when one could not be judged; then it is forgotten. */
static const struct error *
take_failure(struct planner *p)
{
    const struct ast_node *variable = p->collector.failed;

    p->collector.failed = NULL;
    if (!variable)
        return NULL;
    struct error *error =
        errors_add(&p->errors, ERROR_BAD_USER_INPUT,
                   "Argument \"if\" has invalid value: Expected variable \"$%.*s\" provided to "
                   "non-null type \"Boolean!\" not to be null.",
                   STR_PRINT(ast_as(value, variable)->text));
    error->argument = STR("if");
    error->offset = variable->start;
    return error;
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
               struct plan_relation *relation)
{
    const struct error *failure = take_failure(p);
    struct plan_field *uncollected;

    if (!failure) {
        p->depth++;
        const struct plan_field *fields = plan_fields(p, type, list, relation);
        p->depth--;
        return fields;
    }
    p->plan->is_refused = true;
    if (type->is_builtin) { /* the writer of introspection knows no errors */
        plan_refuse(p, p->root, failure);
        return NULL;
    }
    uncollected = ARENA_NEW(p->arena, struct plan_field);
    uncollected->kind = PLAN_UNCOLLECTED;
    uncollected->refusal = failure;
    return uncollected;
}

/* The fields below a field of an object type. */
static const struct plan_field *
plan_below(struct planner *p, const struct plan_field *field, const struct collected *collected,
           struct plan_relation *relation)
{
    const struct type *type = type_named(field->type);

    return plan_collected(p, type, collect_subfields(&p->collector, type, collected), relation);
}

static int64_t
saturating_multiply(int64_t a, int64_t b)
{
    int64_t product;

    return __builtin_mul_overflow(a, b, &product) ? INT64_MAX : product;
}

/* The fields below a field that shows rows of the relation. */
static void
plan_below_row(struct planner *p, struct plan_field *field, const struct collected *collected,
               struct plan_relation *relation)
{
    const struct type *type = type_named(field->type);

    if (type_is_abstract(type)) {
        relation->type_cell = plan_type_cell(p, relation, type);
        plan_variants(p, field, collected, relation);
    } else {
        field->fields = plan_below(p, field, collected, relation);
    }
}

/* The fields below a list.  The limits that the document writes are multiplied
 * along each path of lists, and added up over the paths: what a request may
 * ask for is bounded before any SQL (limits->nodes). */
static void
plan_below_list(struct planner *p, struct plan_field *field, const struct collected *collected,
                struct plan_relation *relation)
{
    int64_t before = p->plan->nodes, path = p->path_nodes;

    if (relation->has_written_limit)
        p->path_nodes = saturating_multiply(path, relation->limit);
    plan_below_row(p, field, collected, relation);
    if (p->plan->nodes == before && /* no list below: the path ends here */
        __builtin_add_overflow(before, p->path_nodes, &p->plan->nodes))
        p->plan->nodes = INT64_MAX;
    p->path_nodes = path;
}

/* A field whose rows come from a statement of their own. */
static void
plan_statement(struct planner *p, struct plan_field *field, const struct collected *collected,
               struct plan_relation *parent)
{
    const struct binding *binding = field->definition->binding;
    struct plan_relation *relation = plan_relation_new(p, parent, field->definition, field->name);
    const struct plan_condition *conditions = p->conditions;
    const struct error *refusal = plan_arguments(p, relation, field->ast, field->definition);

    if (refusal) {
        plan_refuse(p, field, refusal);
        return;
    }
    field->relation = relation;
    plan_relation_add(p, relation);
    if (!binding_rows(binding)) {
        field->kind = PLAN_LEAF;
        field->cell = plan_cell(p, relation, NULL, binding_function(binding)->function);
        field->write = binding_function(binding)->write;
        return;
    }
    p->conditions = NULL;
    field->kind = binding->is_list ? PLAN_LIST : PLAN_OBJECT;
    if (binding->is_list)
        plan_below_list(p, field, collected, relation);
    else
        plan_below_row(p, field, collected, relation);
    p->conditions = conditions;
}

/* A row that a function has written is read again, and joined to others, by
 * statements that follow it: the function's own does not see what it wrote. */
static bool
is_written(const struct plan_relation *relation)
{
    return relation->function && relation->function->is_volatile;
}

/* Rows that are joined to the row: in its statement, or in one of their own. */
static void
plan_row_join(struct planner *p, struct plan_field *field, const struct collected *collected,
              struct plan_relation *relation)
{
    const struct binding *binding = field->definition->binding;

    if (binding->is_list || is_written(relation)) {
        plan_statement(p, field, collected, relation);
        return;
    }
    const struct join *join = binding_rows(binding)->join;
    struct plan_relation *joined =
        plan_join(p, relation, join, type_named(field->type), field->name);
    joined->presence = plan_cell(p, joined, join->to, NULL);
    field->kind = PLAN_OBJECT;
    field->relation = joined;
    plan_below_row(p, field, collected, joined);
}

/* A field of the row that `relation` is. */
static void
plan_row_field(struct planner *p, struct plan_field *field, const struct collected *collected,
               struct plan_relation *relation)
{
    const struct binding *binding = field->definition->binding;

    if (binding->kind == BINDING_JOIN) {
        const struct plan_condition *conditions = p->conditions;
        if (!plan_shared_begin(p, field, collected, relation))
            plan_row_join(p, field, collected, relation);
        p->conditions = conditions;
    } else if (binding->kind == BINDING_FUNCTION) {
        const struct bound_function *bound = binding_function(binding);
        field->kind = PLAN_LEAF;
        field->cell = plan_cell(p, relation, NULL, bound->function);
        field->write = bound->write;
    } else {
        const struct bound_column *bound = binding_column(binding);
        const struct plan_relation *row = relation;
        if (bound->join)
            row = plan_join(p, relation, bound->join, NULL, STR_NONE);
        field->kind = PLAN_LEAF;
        field->cell = plan_cell(p, row, bound->column, NULL);
        field->write = bound->write;
    }
}

/* A field of what a C function puts out: a value, or the row of a key. */
static void
plan_output(struct planner *p, struct plan_field *field, const struct collected *collected)
{
    const struct binding *binding = field->definition->binding;

    if (binding_rows(binding)) {
        plan_statement(p, field, collected, NULL);
    } else {
        field->kind = PLAN_OUTPUT;
        field->cell = binding_output(binding)->number;
    }
}

/* A field that is made up. */
static void
plan_mock(struct planner *p, struct plan_field *field, const struct collected *collected)
{
    const struct type *type = type_named(field->type);

    field->kind = PLAN_MOCK;
    if (type_is_abstract(type))
        plan_variants(p, field, collected, NULL);
    else if (type_is_composite(type))
        field->fields = plan_below(p, field, collected, NULL);
}

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

/* An argument of introspection is a Boolean or a name: a variable is all of it, or none. */
static bool
has_variable(const struct ast_node *arguments)
{
    for (const struct ast_node *node = arguments; node; node = node->next)
        if (ast_as(argument, node)->value->kind == AST_VARIABLE)
            return true;
    return false;
}

/* A field of the schema, which needs no row. */
static void
plan_introspection(struct planner *p, struct plan_field *field, const struct collected *collected)
{
    field->kind = PLAN_INTROSPECTION;
    if (has_variable(field->ast->arguments))
        p->plan->is_constant = false;
    if (type_is_composite(type_named(field->type)))
        field->fields = plan_below(p, field, collected, NULL);
}

static struct plan_field *
plan_field(struct planner *p, const struct type *type, const struct collected *collected,
           struct plan_relation *relation)
{
    const struct schema *schema = p->contract->schema;
    struct plan_field *field = ARENA_NEW(p->arena, struct plan_field);

    field->name = collected->name;
    field->json_name = plan_json_name(p, collected->name);
    field->ast = collected->first.field;
    field->others = plan_others(p, collected);
    field->definition = schema_find_field(schema, type, field->ast->name);
    assert(field->definition); /* or the document would not be valid */
    field->type = field->definition->type;
    field->parent_type = type;
    p->plan->field_count++;
    if (p->depth == 0)
        p->root = field;

    if (field->definition == schema->typename_field) {
        field->kind = PLAN_TYPENAME;
    } else if (type->is_builtin || field->definition == schema->schema_field ||
               field->definition == schema->type_field) {
        plan_introspection(p, field, collected);
    } else if (field->definition->binding->kind == BINDING_MOCK) {
        plan_mock(p, field, collected);
    } else if (field->definition->binding->kind == BINDING_RESOLVER) {
        field->kind = PLAN_RESOLVED;
        field->fields = plan_below(p, field, collected, NULL);
    } else if (field->definition->binding->kind == BINDING_OUTPUT) {
        plan_output(p, field, collected);
    } else if (!relation) {
        plan_statement(p, field, collected, NULL);
    } else {
        plan_row_field(p, field, collected, relation);
    }
    return field;
}

const struct plan_field *
plan_fields(struct planner *p, const struct type *type, const struct collected *list,
            struct plan_relation *relation)
{
    const struct plan_field *first = NULL, **end = &first;

    for (const struct collected *collected = list; collected; collected = collected->next) {
        struct plan_field *field = plan_field(p, type, collected, relation);
        *end = field;
        end = &field->next;
    }
    return first;
}

static void
plan_number_statements(struct plan *plan)
{
    for (int i = 0; i < plan->statement_count; i++) {
        struct plan_statement *statement = plan->statements[i];
        int columns = sql_column_count(statement);
        if (statement->wave > plan->wave_count)
            plan->wave_count = statement->wave;
        if (columns > plan->column_count)
            plan->column_count = columns;
        sql_write_statement(plan->arena, statement);
    }
}

static int
count_calls(const struct plan *plan, const struct plan_field *of)
{
    int count = 0;

    for (const struct plan_field *field = plan->fields; field; field = field->next)
        count += field->kind == PLAN_RESOLVED && binding_resolver(field->definition->binding) ==
                                                     binding_resolver(of->definition->binding);
    return count;
}

static void
plan_judge_roots(struct plan *plan)
{
    for (const struct plan_field *field = plan->fields; field; field = field->next) {
        int calls = field->kind == PLAN_RESOLVED ? count_calls(plan, field) : 0;
        plan->root_count++;
        plan->is_constant &= field->kind == PLAN_INTROSPECTION || field->kind == PLAN_TYPENAME;
        if (calls > plan->resolver_calls)
            plan->resolver_calls = calls;
    }
}

struct plan *
plan_build(const struct contract *contract, const struct limits *limits,
           const struct ast_document *document, const struct ast_operation *operation,
           const struct variables *variables, struct arena *scratch)
{
    struct arena *a = arena_new("plan");
    struct plan *plan = ARENA_NEW(a, struct plan);
    struct planner p = { .plan = plan,
                         .arena = a,
                         .scratch = scratch,
                         .contract = contract,
                         .limits = limits,
                         .variables = variables,
                         .errors = { .arena = a },
                         .path_nodes = 1 };

    plan->arena = a;
    plan->document = document;
    plan->operation = operation;
    plan->root_type = schema_root_type(contract->schema, operation->type);
    plan->is_constant = true; /* until a field says otherwise */
    p.collector = (struct collector){ .arena = scratch,
                                      .schema = contract->schema,
                                      .variables = variables,
                                      .guards = &plan->guards,
                                      .guard_arena = a };
    collect_begin(&p.collector, document);
    const struct collected *roots =
        collect_fields(&p.collector, plan->root_type, operation->selections);
    plan->failure = take_failure(&p);
    if (!plan->failure)
        plan->fields = plan_fields(&p, plan->root_type, roots, NULL);
    plan_judge_roots(plan);
    plan_number_statements(plan);
    plan->is_refused |=
        plan->failure || plan->nodes > limits->nodes || plan->column_count > limits->columns;
    plan->is_constant &= !plan->is_refused;
    return plan;
}

struct str
plan_label(const struct plan_relation *relation, const struct type *object)
{
    return relation->is_union ? object->name : binding_of_type(object)->label;
}

const struct plan_field *
plan_fields_of(const struct plan_field *field, const struct type *type)
{
    const struct plan_variant *variant = field->variants;

    if (!variant)
        return field->fields;
    while (variant->type != type)
        variant = variant->next;
    return variant->fields;
}

bool
plan_needs_user(const struct plan *plan)
{
    for (const struct plan_field *field = plan->fields; field; field = field->next) {
        const struct binding *binding = field->definition->binding;
        if (!binding || !binding->signed_in.ptr)
            return false;
    }
    return plan->fields != NULL;
}

bool
plan_needs_db(const struct plan *plan)
{
    for (const struct plan_field *field = plan->fields; field; field = field->next)
        if (field->kind == PLAN_RESOLVED)
            return true;
    return plan->statement_count > 0;
}
