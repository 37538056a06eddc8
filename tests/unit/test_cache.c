/*
 * test_cache.c - documents and their plans (planner/cache.c), and the guards
 * that say when a plan holds (planner/guard.c).
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/limits.h"
#include "language/parser.h"
#include "planner/cache.h"
#include "planner/operation.h"
#include "planner/plan.h"
#include "server/params.h"
#include "type/catalog.h"
#include "type/contract.h"
#include "type/value.h"

static const char sdl[] = "type Query {\n"
                          "  links(first: Int = 10, skip: Int = 0, orderBy: [Order!],\n"
                          "        search: String @search(columns: [\"url\"])): [Link!]!\n"
                          "  link(id: ID!): Link\n"
                          "}\n"
                          "type Link @table(name: \"links\") { id: ID! url: String! }\n"
                          "input Order @oneOf { id: Direction url: Direction }\n"
                          "enum Direction { ASC DESC }\n";
static const char tables[] = "table links\n"
                             "column id integer not null\n"
                             "column url text not null\n"
                             "primary key id\n";

/* What a test works on, made anew for each. */
static struct arena *arena;
static struct contract *contract;
static struct limits limits;
static struct cache *cache;

static int
set_up(void **state)
{
    static const struct resolver_signature *const resolvers[] = { NULL };
    struct source source = { STR("catalog"), str_from(tables) };

    (void)state;
    arena = arena_new("test");
    struct errors errors = { .arena = arena };
    contract = contract_build(arena, STR("contract"), str_from(sdl), &errors);
    assert_non_null(contract);
    const struct catalog *catalog = catalog_parse(arena, &source, &errors);
    assert_non_null(catalog);
    assert_true(contract_bind(arena, contract, catalog, resolvers, &errors));
    limits = limits_default;
    limits.plans = 3;
    cache = cache_new(contract, &limits);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    cache_free(cache);
    arena_free(arena);
    return 0;
}

static struct document *
keep(const char *text)
{
    struct errors errors = { .arena = arena };
    struct document *d = cache_make(cache, str_from(text));

    d->ast = parser_parse(d->arena, &d->source, &limits, &errors);
    assert_non_null(d->ast);
    cache_keep(cache, d);
    cache_release(cache, d, NULL);
    return d;
}

/* The plan of the document's only operation under the variables in `json`, for a request
 * that has to release it. */
static const struct plan *
use(struct document *d, const char *json)
{
    struct errors errors = { .arena = arena };
    struct variables variables;
    const struct ast_operation *operation = operation_get(d->ast, STR_NONE, &errors);
    const struct value *values = params_parse_json(arena, str_from(json), &limits, &errors);

    assert_true(value_coerce_variables(arena, contract->schema, d->ast, operation, values,
                                       &variables, &errors));
    d->users++; /* as if cache_find() had found it */
    return cache_plan(cache, d, operation, &variables, arena);
}

/* The same, of a request that has ended. */
static const struct plan *
plan(struct document *d, const char *json)
{
    const struct plan *p = use(d, json);

    cache_release(cache, d, p);
    return p;
}

static void
documents_are_found_by_their_text(void **state)
{
    struct document *d = keep("{ links { id } }");

    (void)state;
    assert_ptr_equal(cache_find(cache, STR("{ links { id } }")), d);
    assert_null(cache_find(cache, STR("{ links { id }  }")));
    assert_null(cache_find(cache, STR("")));
}

static void
the_least_recently_used_document_goes(void **state)
{
    (void)state;
    keep("{ a: links { id } }");
    keep("{ b: links { id } }");
    keep("{ c: links { id } }");
    assert_non_null(cache_find(cache, STR("{ a: links { id } }")));
    keep("{ d: links { id } }");
    assert_null(cache_find(cache, STR("{ b: links { id } }")));
    assert_non_null(cache_find(cache, STR("{ a: links { id } }")));
    assert_non_null(cache_find(cache, STR("{ c: links { id } }")));
    assert_non_null(cache_find(cache, STR("{ d: links { id } }")));
}

static void
a_document_that_is_not_kept_is_released(void **state)
{
    struct document *d = cache_make(cache, STR("{ nonsense }"));

    (void)state;
    cache_release(cache, d, NULL); /* the sanitizer's build would tell of a leak */
    assert_null(cache_find(cache, STR("{ nonsense }")));
    cache_release(cache, NULL, NULL);
}

static void
values_that_do_not_shape_the_sql_share_a_plan(void **state)
{
    struct document *d = keep("query ($id: ID!, $k: Int) { link(id: $id) { id } "
                              "links(skip: $k) { id } }");
    const struct plan *first = plan(d, "{\"id\":\"1\"}");

    (void)state;
    assert_ptr_equal(plan(d, "{\"id\":\"2\",\"k\":7}"), first);
    assert_ptr_equal(plan(d, "{\"id\":3,\"k\":null}"), first);
}

static void
values_that_shape_the_sql_have_plans_of_their_own(void **state)
{
    static const char *const shapes[] = {
        "{}",
        "{\"n\":5}",
        "{\"o\":[{\"id\":\"ASC\"}]}",
        "{\"o\":[{\"id\":\"DESC\"}]}",
        "{\"o\":[{\"id\":\"ASC\"},{\"url\":\"ASC\"}]}",
        "{\"s\":\"x\"}",
        "{\"yes\":true}",
    };
    enum { COUNT = sizeof(shapes) / sizeof(shapes[0]) };
    struct document *d = keep("query ($n: Int, $o: [Order!], $s: String, $yes: Boolean = false) "
                              "{ links(first: $n, orderBy: $o, search: $s) "
                              "{ id url @include(if: $yes) } }");
    const struct plan *plans[COUNT];

    (void)state;
    for (int i = 0; i < COUNT; i++) {
        plans[i] = plan(d, shapes[i]);
        for (int j = 0; j < i; j++)
            assert_ptr_not_equal(plans[i], plans[j]);
    }
    for (int i = 0; i < COUNT; i++)
        assert_ptr_equal(plan(d, shapes[i]), plans[i]);
    assert_ptr_not_equal(plan(d, "{\"n\":null}"), plans[0]); /* null is a value of its own */
    assert_ptr_equal(plan(d, "{\"s\":\"another\"}"), plans[5]);
    assert_ptr_equal(plan(d, "{\"s\":\"\"}"), plans[0]);
}

static void
a_document_keeps_so_many_plans_and_no_more(void **state)
{
    struct document *d = keep("query ($n: Int) { links(first: $n) { id } }");

    (void)state;
    for (int round = 0; round < 3; round++)
        for (int n = 0; n <= 100; n++) {
            const struct plan *p = plan(d, str_format(arena, "{\"n\":%d}", n).ptr);
            assert_int_equal(p->statements[0]->relation->limit, n);
        }
    assert_true(d->plan_count <= 32);
}

static void
refusals_are_not_kept(void **state)
{
    struct document *d = keep("query ($n: Int) { links(first: $n) { id } }");
    const struct plan *good = plan(d, "{\"n\":1}");

    (void)state;
    for (int n = 101; n < 200; n++) {
        const struct plan *p = use(d, str_format(arena, "{\"n\":%d}", n).ptr);
        assert_int_equal(p->fields->kind, PLAN_REFUSAL);
        assert_true(str_is(p->fields->refusal->argument, "first"));
        cache_release(cache, d, p);
        assert_int_equal(d->plan_count, 1);
    }
    assert_ptr_equal(plan(d, "{\"n\":1}"), good);
}

/* What a request uses stays until it ends, whatever others do meanwhile; the sanitizer's build
 * would tell of what goes too early, and of what never goes. */
static void
what_is_in_use_stays(void **state)
{
    struct document *d = keep("query ($n: Int) { links(first: $n) { id } }");
    const struct plan *slow = use(d, "{\"n\":1}"), *refused = use(d, "{\"n\":101}");

    (void)state;
    for (int n = 2; n <= 60; n++) /* more than a document keeps */
        plan(d, str_format(arena, "{\"n\":%d}", n).ptr);
    assert_ptr_not_equal(plan(d, "{\"n\":1}"), slow);
    assert_int_equal(slow->statements[0]->relation->limit, 1);
    keep("{ a: links { id } }");
    keep("{ b: links { id } }");
    keep("{ c: links { id } }");
    assert_null(cache_find(cache, STR("query ($n: Int) { links(first: $n) { id } }")));
    assert_int_equal(refused->fields->kind, PLAN_REFUSAL);
    cache_release(cache, d, refused);
    assert_int_equal(slow->statements[0]->relation->limit, 1);
    assert_true(str_starts_with(d->source.text, STR("query")));
    cache_release(cache, d, slow);
}

static void
written_limits_are_multiplied_along_paths_and_added_over_them(void **state)
{
    struct document *d = keep("{ a: links(first: 7) { id } b: links { id } "
                              "c: links(first: 5, skip: 1) { id } link(id: 1) { id } }");

    (void)state;
    assert_int_equal(plan(d, "{}")->nodes, 7 + 1 + 5);
}

int
main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(documents_are_found_by_their_text),
        TEST(the_least_recently_used_document_goes),
        TEST(a_document_that_is_not_kept_is_released),
        TEST(values_that_do_not_shape_the_sql_share_a_plan),
        TEST(values_that_shape_the_sql_have_plans_of_their_own),
        TEST(a_document_keeps_so_many_plans_and_no_more),
        TEST(refusals_are_not_kept),
        TEST(what_is_in_use_stays),
        TEST(written_limits_are_multiplied_along_paths_and_added_over_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
