/*
 * fuzz_mock.c - any operation on any schema is answered with made-up values: with JSON, with
 * data or errors, the same when it is asked again, and in time.
 *
 * The input is a schema and, after a line `---`, a case of it (fuzz_case.h).  A schema that
 * is empty stands for the contract of the source tree.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/fuzz/fuzz.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/limits.h"
#include "language/parser.h"
#include "language/source.h"
#include "value/value.h"
#include "value/value_coerce.h"
#include "value/value_json.h"
#include "contract/contract.h"
#include "plan/plan.h"
#include "validation/validate.h"
#include "planner/operation.h"
#include "planner/plan_build.h"
#include "execution/execute.h"
#include "response/response.h"
#include "mock/mock.h"
#include "tests/fuzz/fuzz_case.h"

enum { TIME_MAXIMUM = 500, DATA_MAXIMUM = 1024 * 1024 }; /* milliseconds, bytes */

/* What is asked of one contract. */
struct asked {
    struct arena *arena;
    const struct contract *contract;
    struct limits limits;
    const struct plan *plan; /* or NULL */
    struct variables variables;
    struct errors errors;
};

static struct str
execute(struct asked *q)
{
    const struct viewer viewer = { .user_id = STR("1") };
    const struct execute_options options = { .contract = q->contract,
                                             .limits = &q->limits,
                                             .plan = q->plan,
                                             .variables = &q->variables,
                                             .viewer = &viewer,
                                             .write_mock = mock_write };
    struct errors errors = { .arena = q->arena, .maximum = q->limits.errors };
    struct run *run = execute_start(q->arena, &options);
    struct buf *data = buf_new(q->arena), *response = buf_new(q->arena);

    execute_finish(run, NULL);
    data->maximum = DATA_MAXIMUM;
    write_data(data, run, &errors);
    if (data->failed)
        return STR("null");
    buf_put_c(response, "[");
    buf_put(response, buf_str(data));
    buf_put_c(response, ",");
    errors_write(response, &errors, STR_NONE);
    buf_put_c(response, "]");
    if (str_is(buf_str(data), "null") && errors.count == 0)
        fuzz_fail("no data without errors", q->plan->document->source->text, STR_NONE);
    return buf_str(response);
}

/* Parse, judge and plan; the plan stays NULL when that fails. */
static void
ask(struct asked *q, const struct fuzz_case *c)
{
    struct source *source = ARENA_NEW(q->arena, struct source);
    const struct validate_options options = { &q->limits, false };
    const struct value *json = NULL;

    source->text = c->document.ptr ? c->document : STR("");
    const struct ast_document *document = parser_parse(q->arena, source, &q->limits, &q->errors);
    if (!document ||
        !validate_document(q->arena, q->contract->schema, document, &options, &q->errors))
        return;
    const struct ast_operation *operation = operation_get(document, c->operation, true, &q->errors);
    if (c->variables[0].len > 0)
        json = value_json_parse(q->arena, c->variables[0], &q->limits, &q->errors);
    if (operation && (!json || json->kind == VALUE_OBJECT) &&
        value_coerce_variables(q->arena, q->contract->schema, document, operation, json,
                               &q->variables, &q->errors))
        q->plan =
            plan_build(q->contract, &q->limits, document, operation, &q->variables, 0, q->arena);
}

static void
check(struct asked *q)
{
    /* A description of the contract may have U+0000 in it. */
    const struct value_json_bounds bounds = {
        .depth = 1000, .values = 10000000, .string = DATA_MAXIMUM, .number = 1000, .any_text = true
    };
    bool is_query = q->plan->operation->type == OPERATION_QUERY;
    struct value_json_fault fault;
    struct str response = execute(q);

    if (!value_json_read(q->arena, response, &bounds, &fault))
        fuzz_fail(fault.message, response, q->plan->document->source->text);
    if (is_query && !str_equal(response, execute(q)))
        fuzz_fail("a query is answered alike twice", response, execute(q));
}

static void
run(struct str schema, struct str input, enum mock_values values)
{
    struct asked q = { .arena = arena_new("input"), .limits = limits_default };
    struct errors errors = { .arena = q.arena };
    int64_t start;
    struct contract *contract = contract_build(q.arena, STR("schema"), schema, &errors);

    if (contract && contract_bind_mock(q.arena, contract, values, &errors)) {
        struct fuzz_case c = fuzz_case(q.arena, contract->schema, input);
        q.contract = contract;
        q.limits.aliases = q.limits.fields; /* a generated document has many */
        q.errors = (struct errors){ .arena = q.arena, .maximum = q.limits.errors };
        start = fuzz_cpu_time();
        ask(&q, &c);
        if (q.plan)
            check(&q);
        fuzz_check_time(start, TIME_MAXIMUM, c.document);
        if (q.plan)
            arena_free(q.plan->arena);
    }
    arena_free(q.arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new("text");
    struct str rest = fuzz_text(a, data, size);
    struct str schema = fuzz_next_part(&rest);

    if (str_trim(schema).len == 0)
        schema = fuzz_read_file(a, "sql/schema.graphql");
    run(schema, rest, MOCK_COMPARABLE);
    run(schema, rest, MOCK_LIFELIKE);
    arena_free(a);
    return 0;
}
