/*
 * test_mock.c - bounds of what is made up, and of the plans of abstract types
 * (execution/mock*.c, planner/plan_variant.c); its values are in tests/corpus/mock.test.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/unit/schema_case.h"

#include "base/buf.h"
#include "base/limits.h"
#include "value/value.h"
#include "value/value_coerce.h"
#include "contract/contract.h"
#include "plan/plan.h"
#include "validation/validate.h"
#include "planner/operation.h"
#include "planner/plan_build.h"
#include "execution/execute.h"
#include "response/response.h"
#include "mock/mock.h"

static struct contract contract;
static struct limits limits;
static struct variables none;
static const struct plan *plan;

static int
set_up(void **state)
{
    limits = limits_default;
    plan = NULL;
    return setup(state);
}

static int
tear_down(void **state)
{
    if (plan)
        arena_free(plan->arena);
    return teardown(state);
}

static void
bind(const char *sdl)
{
    contract = (struct contract){ .schema = build_valid(sdl) };
    assert_true(contract_bind_mock(arena, &contract, MOCK_LIFELIKE, &errors));
}

/* Plan the document, which is valid, in place of the one before. */
static void
make_plan(const char *text)
{
    struct source *source = ARENA_NEW(arena, struct source);
    const struct validate_options options = { 0 };

    source->text = str_from(text);
    const struct ast_document *document = parser_parse(arena, source, NULL, &errors);
    assert_non_null(document);
    assert_true(validate_document(arena, contract.schema, document, &options, &errors));
    if (plan)
        arena_free(plan->arena);
    plan = plan_build(&contract, &limits, document,
                      operation_get(document, STR_NONE, true, &errors), &none, 0, arena);
}

/* The value of `data`; what fails is added to `errors`. */
static struct str
execute(void)
{
    const struct viewer nobody = { 0 };
    const struct execute_options options = { .contract = &contract,
                                             .limits = &limits,
                                             .plan = plan,
                                             .variables = &none,
                                             .viewer = &nobody,
                                             .write_mock = mock_write };
    struct run *run = execute_start(arena, &options);
    struct buf *data = buf_new(arena);

    execute_finish(run, NULL);
    write_data(data, run, &errors);
    return buf_copy(arena, data);
}

/* A union of `count` types, each of which has one of them. */
static const char *
make_union(int count)
{
    struct buf *b = buf_new(arena);

    buf_put_c(b, "type Query { any: Any } union Any = T0");
    for (int i = 1; i < count; i++)
        buf_printf(b, " | T%d", i);
    for (int i = 0; i < count; i++)
        buf_printf(b, " type T%d implements N { any: Any }", i);
    buf_put_c(b, " interface N { any: Any }");
    return buf_copy(arena, b).ptr;
}

/* `{ any { ... on N { any { ... } } } }` */
static const char *
make_nest(int depth)
{
    struct buf *b = buf_new(arena);

    buf_put_c(b, "{ any ");
    for (int i = 1; i < depth; i++)
        buf_put_c(b, "{ ... on N { any ");
    buf_put_c(b, "{ __typename }");
    for (int i = 1; i < depth; i++)
        buf_put_c(b, " } }");
    buf_put_c(b, " }");
    return buf_copy(arena, b).ptr;
}

/* Types within types are many at each level, and not their product. */
static void
plans_variants_once(void **state)
{
    (void)state;
    bind(make_union(100));
    limits.fields = 1000000;
    make_plan(make_nest(20));
    assert_false(plan->is_refused);
    assert_int_equal(plan->field_count, 1 + 20 * 200);
}

static void
bounds_fields(void **state)
{
    (void)state;
    bind(make_union(10));
    limits.fields = 1 + 3 * 20;
    make_plan(make_nest(3));
    assert_false(plan->is_refused);
    assert_int_equal(plan->field_count, limits.fields);

    limits.fields--;
    make_plan(make_nest(3));
    assert_true(plan->is_refused);
    assert_string_equal(execute().ptr, "{\"any\":null}");
    assert_int_equal(errors.count, 1);
    assert_string_equal(errors.first->limit, "fields");
    assert_int_equal(errors.first->maximum, limits.fields);
}

/* Rows of lists within lists are counted as they are shown. */
static void
bounds_rows(void **state)
{
    (void)state;
    bind("type Query { links(first: Int): [Link!] } type Link { id: ID! others(first: Int): "
         "[Link!] }");
    make_plan("{ links(first: 10) { id } all: links(first: 5) { id } }");
    limits.nodes = 15;
    execute();
    assert_int_equal(errors.count, 0);

    limits.nodes = 14;
    assert_non_null(strstr(execute().ptr, "\"all\":null"));
    assert_int_equal(errors.count, 1);
    assert_string_equal(errors.first->limit, "nodes");
}

/* The same at every run, and in every process. */
static void
is_stable(void **state)
{
    (void)state;
    bind("type Query { link(id: ID!): Link } type Link { id: ID! url: String! score: Int }");
    make_plan("{ link(id: 7) { id url score } }");
    assert_string_equal(execute().ptr, "{\"link\":{\"id\":\"7\",\"url\":\"https://blog.example.net/"
                                       "wild-shore-7\",\"score\":201}}");
    assert_int_equal(errors.count, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(plans_variants_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(bounds_fields, set_up, tear_down),
        cmocka_unit_test_setup_teardown(bounds_rows, set_up, tear_down),
        cmocka_unit_test_setup_teardown(is_stable, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
