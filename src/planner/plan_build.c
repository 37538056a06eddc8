/*
 * plan_build.c - from an operation to a plan: first its fields, then numbers of the
 * whole, then the SQL.
 *
 * SPDX-License-Identifier: MIT
 */
#include "planner/plan_build.h"

#include "base/arena.h"
#include "base/limits.h"
#include "schema/schema.h"
#include "contract/contract.h"
#include "plan_sql/sql.h"
#include "planner/planner.h"

/* Has it a parameter whose values only PostgreSQL can judge? */
static bool
has_unjudged(const struct plan_statement *statement)
{
    for (int i = 0; i < statement->parameter_count; i++) {
        const struct codec *codec = statement->parameters[i].codec;
        if (codec && codec->is_unjudged)
            return true;
    }
    return false;
}

static bool
has_value(const struct plan_statement *statement)
{
    for (int i = 0; i < statement->parameter_count; i++)
        if (statement->parameters[i].form == PLAN_VALUE)
            return true;
    return false;
}

static bool
has_statements_of_others(const struct plan *plan, const struct plan_field *root)
{
    for (int i = 0; i < plan->statement_count; i++)
        if (plan->statements[i]->root != root)
            return true;
    return false;
}

/* A value that its type does not hold is no reason to fail at all, nor is a sum; what a function
 * raises because of a value fails its root field. */
static void
plan_isolate(struct plan *plan)
{
    if (plan->operation->type != OPERATION_QUERY || plan->statement_count == 1)
        return;
    for (int i = 0; i < plan->statement_count; i++) {
        struct plan_statement *statement = plan->statements[i];
        statement->is_isolated = has_unjudged(statement) || plan_may_overflow(statement) ||
                                 (plan_function(statement->relation) && has_value(statement) &&
                                  has_statements_of_others(plan, statement->root));
    }
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
    }
}

/* What asks for too many statements is refused: their texts would be work for nothing. */
static void
plan_write_statements(struct planner *p)
{
    const struct plan *plan = p->plan;

    for (int i = 0; plan->sent_count <= p->limits->statements && i < plan->statement_count; i++) {
        plan_sort(p, plan->statements[i]);
        sql_write_statement(plan->arena, plan->statements[i]);
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

const struct plan *
plan_build(const struct contract *contract, const struct limits *limits,
           const struct ast_document *document, const struct ast_operation *operation,
           const struct variables *variables, uint32_t role, struct arena *scratch)
{
    struct arena *a = arena_new("plan");
    struct plan *plan = ARENA_NEW(a, struct plan);
    struct planner p = { .plan = plan,
                         .arena = a,
                         .scratch = scratch,
                         .contract = contract,
                         .limits = limits,
                         .variables = variables,
                         .role = role,
                         .errors = { .arena = a } };

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
    plan->failure = plan_take_failure(&p);
    if (!plan->failure)
        plan->fields = plan_fields(&p, plan->root_type, roots, (struct position){ .nodes = 1 });
    plan_judge_roots(plan);
    plan_number_statements(plan);
    plan_isolate(plan);
    plan_write_statements(&p);
    plan->is_refused |=
        plan->failure || plan->nodes > limits->nodes || plan->filter_cost > limits->filter_cost ||
        plan->sent_count > limits->statements || plan->column_count > limits->columns;
    plan->is_constant &= !plan->is_refused;
    return plan;
}
