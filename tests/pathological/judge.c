/*
 * judge.c - what it costs to answer a document, or to refuse it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/pathological/judge.h"

#include <limits.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/limits.h"
#include "language/parser.h"
#include "language/source.h"
#include "value/value.h"
#include "value/value_coerce.h"
#include "value/value_json.h"
#include "sdl/build.h"
#include "catalog/catalog.h"
#include "contract/contract.h"
#include "plan/plan.h"
#include "validation/validate.h"
#include "planner/operation.h"
#include "planner/plan_build.h"
#include "execution/execute.h"
#include "response/response.h"
#include "execution/resolver.h"
#include "mock/mock.h"
#include "account/account.h"
#include "auth/auth.h"
#include "tests/corpus/sections.h"

static const struct contract *
load(struct arena *a, const char *path, const char *catalog)
{
    struct errors errors = { .arena = a };
    struct contract *contract =
        contract_build(a, str_from(path), sections_read_file(a, path), &errors);

    if (contract && catalog) {
        struct source *source = ARENA_NEW(a, struct source);
        source->text = sections_read_file(a, catalog);
        const struct catalog *tables = catalog_parse(a, source, &errors);
        if (!tables ||
            !contract_bind(a, contract, tables, resolver_signatures(a, account_resolvers), &errors))
            contract = NULL;
    }
    if (contract && !catalog && !contract_bind_mock(a, contract, MOCK_LIFELIKE, &errors))
        contract = NULL;
    if (!contract) {
        fprintf(stderr, "%s: %.*s\n", path, STR_PRINT(errors.first->message));
        exit(2);
    }
    return contract;
}

const struct contract *const *
judge_load(struct arena *a)
{
    const struct contract **contracts = ARENA_ARRAY(a, const struct contract *, JUDGE_SCHEMAS);

    contracts[JUDGE_CONTRACT] = load(a, "sql/schema.graphql", "tests/corpus/hackernews.catalog");
    contracts[JUDGE_RICH] = load(a, "tests/fuzz/rich.graphql", NULL);
    contracts[JUDGE_ABSTRACT] =
        load(a, "tests/corpus/abstract/schema.graphql", "tests/corpus/abstract/schema.catalog");
    return contracts;
}

struct limits
judge_lifted(void)
{
    struct limits limits = limits_default;

    limits.tokens = 100000;
    limits.aliases = limits.directives = 10000;
    limits.nesting = limits.depth = 500;
    limits.root_fields = limits.mutation_fields = 1000;
    return limits;
}

/* Basic blocks that have run: the compiler puts a call of this function into each. */
static int64_t work;

void __sanitizer_cov_trace_pc(void);

void
__sanitizer_cov_trace_pc(void)
{
    work++;
}

/* Bytes that are allocated; 0 under a sanitizer, which has its own. */
static size_t
heap(void)
{
    return mallinfo2().uordblks;
}

/* Answer what needs no database. */
static void
execute(struct arena *a, const struct contract *contract, const struct limits *limits,
        const struct plan *plan, const struct variables *variables, struct errors *errors,
        struct buf *out)
{
    struct viewer viewer = { .user_id = STR_NONE };
    struct execute_options options = { .contract = contract,
                                       .limits = limits,
                                       .plan = plan,
                                       .variables = variables,
                                       .viewer = &viewer,
                                       .write_mock = mock_write,
                                       .deadline = INT64_MAX };
    struct run *run = execute_start(a, &options);

    out->maximum = (size_t)limits->response;
    execute_finish(run, NULL);
    write_data(out, run, errors);
    if (out->failed)
        errors_add(errors, ERROR_LIMIT_EXCEEDED, "response")->limit = "response";
}

/* Plan the first operation. */
static void
plan(struct arena *a, const struct contract *contract, const struct limits *limits,
     const struct ast_document *ast, struct errors *errors, struct buf *out, size_t *memory)
{
    struct variables variables;
    const struct ast_node *node = ast->definitions;

    while (node && node->kind != AST_OPERATION)
        node = node->next;
    if (!node || !value_coerce_variables(a, contract->schema, ast, ast_as(operation, node), NULL,
                                         &variables, errors))
        return;
    const struct plan *plan =
        plan_build(contract, limits, ast, ast_as(operation, node), &variables, 0, a);
    if (plan->nodes > limits->nodes)
        errors_add(errors, ERROR_LIMIT_EXCEEDED, "nodes")->limit = "nodes";
    if (plan->is_constant)
        execute(a, contract, limits, plan, &variables, errors, out);
    *memory += arena_size(plan->arena);
    arena_free(plan->arena);
}

static void
judge_once(const struct contract *contract, const struct limits *limits, struct str document,
           struct verdict *v, struct arena *keep)
{
    struct arena *a = arena_new("document");
    struct source source = { .text = document };
    struct errors errors = { .arena = a,
                             .maximum = limits->errors,
                             .byte_maximum = limits->error_bytes,
                             .is_for_client = true };
    const struct validate_options options = { limits, true };
    struct buf *out = buf_new(a), *data = buf_new(a);

    v->memory = 0;
    const struct ast_document *ast = parser_parse(a, &source, limits, &errors);
    if (ast && validate_document(a, contract->schema, ast, &options, &errors))
        plan(a, contract, limits, ast, &errors, data, &v->memory);
    errors_write(out, &errors, STR("0123456789abcdef"));
    v->memory += arena_size(a) + out->capacity + data->capacity;
    v->written = out->len + data->len;
    v->reason = errors.first ? errors.first->limit : NULL;
    if (errors.first && !v->reason)
        v->reason = error_code_name(errors.first->code);
    if (errors.first && keep)
        v->message = str_copy(keep, errors.first->message);
    arena_free(a);
}

/* As limits of a batch are: none but what guards the stack. */
static struct limits
unlimited(void)
{
    struct limits limits = limits_default;

    limits.document = limits.tokens = limits.directives = limits.fields = INT_MAX;
    limits.json_values = limits.json_string = INT_MAX;
    return limits;
}

int64_t
judge_all(struct str sdl, struct str document, struct str variables)
{
    const struct limits limits = unlimited();
    struct arena *a = arena_new("all");
    struct source sources[] = { { .text = sdl }, { .text = document } };
    struct errors errors = { .arena = a, .maximum = 10000 };
    const struct validate_options options = { .has_suggestions = true };
    struct contract contract = { 0 };
    struct variables coerced;

    work = 0;
    const struct ast_document *definitions = parser_parse(a, &sources[0], &limits, &errors);
    contract.schema = definitions ? build_schema(a, definitions, BUILD_PLAIN, &errors) : NULL;
    errors.maximum += 100;
    const struct ast_document *ast = parser_parse(a, &sources[1], &limits, &errors);
    if (contract.schema && ast && contract_bind_mock(a, &contract, MOCK_COMPARABLE, &errors) &&
        validate_document(a, contract.schema, ast, &options, &errors)) {
        const struct ast_operation *operation = operation_get(ast, STR_NONE, false, &errors);
        const struct value *json =
            variables.len > 0 ? value_json_parse(a, variables, &limits, &errors) : NULL;
        if (value_coerce_variables(a, contract.schema, ast, operation, json, &coerced, &errors))
            arena_free(plan_build(&contract, &limits, ast, operation, &coerced, 0, a)->arena);
    }
    arena_free(a);
    return work;
}

struct verdict
judge(struct arena *a, const struct contract *contract, const struct limits *limits,
      struct str document)
{
    struct verdict v = { .reason = NULL };

    /* The second time malloc has what it keeps for itself. */
    for (int i = 0; i < 2; i++) {
        size_t before = heap();
        work = 0;
        judge_once(contract, limits, document, &v, i == 0 ? a : NULL);
        v.work = work;
        v.left = heap() - before;
    }
    return v;
}
