/*
 * test_cache.c - documents and their plans (document/cache.c), and the guards
 * that say when a plan holds (plan/guard.c).
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/limits.h"
#include "language/parser.h"
#include "value/value.h"
#include "value/value_coerce.h"
#include "value/value_json.h"
#include "catalog/catalog.h"
#include "contract/contract.h"
#include "plan/plan.h"
#include "planner/operation.h"
#include "document/cache.h"
#include "tests/unit/unit.h"

static const char sdl[] = "type Query {\n"
                          "  links(first: Int = 10, skip: Int = 0, orderBy: [Order!],\n"
                          "        search: String @search(columns: [\"url\"])): [Link!]!\n"
                          "  link(id: ID!): Link\n"
                          "  mine(id: ID!): Link @signedIn\n"
                          "}\n"
                          "type Link @table(name: \"links\") { id: ID! url: String! }\n"
                          "type Mutation { sign(name: String): Signed @resolver(name: \"sign\") }\n"
                          "type Signed { ok: Boolean }\n"
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
    static const char *const arguments[] = { "name", NULL };
    static const struct resolver_output outputs[] = { { "ok", OUTPUT_BOOLEAN }, { NULL, 0 } };
    static const struct resolver_signature sign = { "sign", arguments, outputs };
    static const struct resolver_signature *const resolvers[] = { &sign, NULL };
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
    const struct ast_operation *operation = operation_get(d->ast, STR_NONE, false, &errors);
    const struct value *values = value_json_parse(arena, str_from(json), &limits, &errors);

    assert_true(value_coerce_variables(arena, contract->schema, d->ast, operation, values,
                                       &variables, &errors));
    d->users++; /* as if cache_find() had found it */
    return cache_plan(cache, d, operation, &variables, 0, arena);
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
    enum { COUNT = ARRAY_LENGTH(shapes) };
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
            assert_int_equal(p->statements[0]->relation->slice->limit, n);
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
    assert_int_equal(slow->statements[0]->relation->slice->limit, 1);
    keep("{ a: links { id } }");
    keep("{ b: links { id } }");
    keep("{ c: links { id } }");
    assert_null(cache_find(cache, STR("query ($n: Int) { links(first: $n) { id } }")));
    assert_int_equal(refused->fields->kind, PLAN_REFUSAL);
    cache_release(cache, d, refused);
    assert_int_equal(slow->statements[0]->relation->slice->limit, 1);
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

static bool
is_constant(const char *text, const char *json)
{
    return plan(keep(text), json)->is_constant;
}

static void
a_plan_is_constant_when_it_asks_of_the_schema_alone(void **state)
{
    (void)state;
    assert_true(is_constant("{ __schema { types { name } } }", "{}"));
    assert_true(is_constant("{ a: __typename ...F } fragment F on Query { __type(name: \"Link\") "
                            "{ fields(includeDeprecated: true) { name } } }",
                            "{}"));
    assert_false(is_constant("{ __schema { types { name } } links { id } }", "{}"));
    assert_false(
        is_constant("query ($n: String!) { __type(name: $n) { name } }", "{\"n\":\"Link\"}"));
    assert_false(is_constant("query ($all: Boolean!) { __schema { types { "
                             "fields(includeDeprecated: $all) { name } } } }",
                             "{\"all\":true}"));
}

static void
a_condition_makes_plans_that_are_constant_each(void **state)
{
    struct document *d = keep("query ($no: Boolean!) { __schema { description } "
                              "links @skip(if: $no) { id } }");
    const struct plan *alone = plan(d, "{\"no\":true}");

    (void)state;
    assert_true(alone->is_constant);
    cache_keep_data(cache, d, alone, STR("alone"));
    assert_false(plan(d, "{\"no\":false}")->is_constant);
    assert_int_equal(cache_data(d, plan(d, "{\"no\":false}")).len, 0);
    assert_true(str_is(cache_data(d, plan(d, "{\"no\":true}")), "alone"));
}

static size_t
data_len(struct document *d)
{
    return cache_data(d, plan(d, "{}")).len;
}

/* Keep `len` bytes of data with the only plan of the document. */
static struct document *
keep_data(struct document *d, size_t len)
{
    struct str data = { arena_alloc(arena, len + 1), len };

    cache_keep_data(cache, d, plan(d, "{}"), data);
    return d;
}

static void
data_is_kept_within_its_bound(void **state)
{
    (void)state;
    limits.schema_data = 100;
    struct document *a = keep_data(keep("{ a: __typename }"), 60);
    struct document *b = keep_data(keep("{ b: __typename }"), 40);
    assert_int_equal(data_len(a), 60);
    assert_int_equal(data_len(b), 40);

    struct document *c = keep_data(keep("{ c: __typename }"), 1);
    assert_int_equal(data_len(a), 0); /* the oldest makes room */
    assert_int_equal(data_len(b), 40);
    assert_int_equal(data_len(c), 1);

    struct document *d =
        keep("{ d: __typename }"); /* the first document goes, which holds nothing */
    assert_int_equal(data_len(keep_data(d, 101)), 0);
    assert_int_equal(data_len(b), 40);
    assert_int_equal(data_len(keep_data(d, 59)), 59);
    assert_int_equal(data_len(b), 40);

    keep("{ e: __typename }"); /* b goes, and gives back what it held */
    assert_int_equal(data_len(keep_data(keep("{ f: __typename }"), 41)), 41);
    assert_int_equal(data_len(d), 59);
}

static bool
needs_user(const char *text)
{
    return plan_needs_user(plan(keep(text), "{}"));
}

static void
a_plan_needs_a_user_when_all_of_it_does(void **state)
{
    (void)state;
    assert_true(needs_user("{ mine(id: 1) { id } }"));
    assert_true(needs_user("{ mine(id: 1) { id } a: mine(id: 2) { url } }"));
    assert_false(needs_user("{ mine(id: 1) { id } link(id: 1) { id } }"));
    assert_false(needs_user("{ mine(id: 1) { id } __typename }"));
}

static void
data_is_kept_with_its_own_plan(void **state)
{
    struct document *d = keep("query ($no: Boolean!) { __typename b: __typename @skip(if: $no) }");
    const struct plan *first = plan(d, "{\"no\":true}"), *second = plan(d, "{\"no\":false}");

    (void)state;
    cache_keep_data(cache, d, first, STR("first"));
    cache_keep_data(cache, d, second, STR("second"));
    assert_true(str_is(cache_data(d, first), "first"));
    assert_true(str_is(cache_data(d, second), "second"));
}

static void
a_document_that_may_have_a_password_in_it_goes_behind_its_request(void **state)
{
    static const char text[] = "mutation { sign(name: \"me\") { ok } }";
    struct document *d = keep(text);
    const struct plan *p = use(d, "{}");

    (void)state;
    assert_int_equal(p->resolver_calls, 1);
    assert_true(plan_needs_db(p));
    assert_ptr_equal(cache_find(cache, str_from(text)), d);
    cache_release(cache, d, NULL);
    assert_null(cache_find(cache, str_from(text)));
    assert_int_equal(p->resolver_calls, 1); /* for the request that still has it */
    cache_release(cache, d, p);
}

static void
a_cache_holds_as_many_documents_as_it_may(void **state)
{
    struct limits many = limits;

    (void)state;
    cache_free(cache);
    cache_free(NULL);
    many.plans = 100; /* more than chains to begin with */
    cache = cache_new(contract, &many);
    for (int i = 0; i < 120; i++)
        keep(str_format(arena, "{ a%d: __typename }", i).ptr);
    for (int i = 0; i < 120; i++)
        assert_int_equal(cache_find(cache, str_format(arena, "{ a%d: __typename }", i)) != NULL,
                         i >= 20);
    cache_free(cache);
    cache = NULL; /* for tear_down(): `many` has gone */
}

static void
a_guard_of_null_is_not_one_of_a_value(void **state)
{
    struct document *d =
        keep("query ($n: Int) { links(first: $n) { id } a: links(skip: $n) { id } }");
    const struct plan *p = plan(d, "{\"n\":null}");

    (void)state;
    assert_ptr_equal(plan(d, "{\"n\":null}"), p);
    assert_ptr_not_equal(plan(d, "{\"n\":2}"), p);
    d = keep("query ($k: Int) { links(skip: $k) { id } }");
    p = plan(d, "{\"k\":null}");
    assert_ptr_equal(plan(d, "{\"k\":null}"), p);
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
        TEST(a_plan_is_constant_when_it_asks_of_the_schema_alone),
        TEST(a_condition_makes_plans_that_are_constant_each),
        TEST(data_is_kept_within_its_bound),
        TEST(a_plan_needs_a_user_when_all_of_it_does),
        TEST(data_is_kept_with_its_own_plan),
        TEST(a_document_that_may_have_a_password_in_it_goes_behind_its_request),
        TEST(a_cache_holds_as_many_documents_as_it_may),
        TEST(a_guard_of_null_is_not_one_of_a_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
