/*
 * test_cache.c - documents and their plans (document/cache.c), and the guards
 * that say when a plan holds (plan/guard.c).
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/unit/cache_case.h"

static void
documents_are_found_by_their_text(void **state)
{
    struct document *d = keep("{ links { id } }");

    (void)state;
    assert_ptr_equal(cache_find(cache, contract, STR("{ links { id } }")), d);
    assert_null(cache_find(cache, contract, STR("{ links { id }  }")));
    assert_null(cache_find(cache, contract, STR("")));
}

/* What another role sees of the contract is another contract: what was valid for one is not known
 * to be for the other, and plans are of one schema. */
static void
a_document_is_of_one_contract(void **state)
{
    static const char text[] = "{ links { id } }";
    struct contract other = *contract;
    struct document *d = keep(text);
    size_t size = cache_size(cache);

    (void)state;
    assert_null(cache_find(cache, &other, str_from(text)));
    struct document *theirs = cache_make(cache, &other, str_from(text));
    cache_keep(cache, theirs);
    assert_true(cache_size(cache) > size);
    assert_ptr_equal(cache_find(cache, &other, str_from(text)), theirs);
    assert_ptr_equal(cache_find(cache, contract, str_from(text)), d);
}

static void
a_document_that_is_not_kept_is_released(void **state)
{
    struct document *d = cache_make(cache, contract, STR("{ nonsense }"));

    (void)state;
    cache_release(cache, d, NULL); /* the sanitizer's build would tell of a leak */
    assert_null(cache_find(cache, contract, STR("{ nonsense }")));
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

/* Those of one line have one plan; of two lines, two. */
static void
filters_have_a_plan_for_each_shape(void **state)
{
    static const char *const shapes[][3] = {
        { "{}", "{\"s\":\"unused\"}", "{\"w\":null}" },
        { "{\"w\":{}}", "{\"w\":{}}", "{\"w\":{}}" },
        { "{\"w\":{\"id\":1}}", "{\"w\":{\"id\":2}}", "{\"w\":{\"id\":-1}}" },
        { "{\"w\":{\"url\":{\"in\":[]}}}", "{\"w\":{\"url\":{\"in\":[\"a\"]}}}",
          "{\"w\":{\"url\":{\"in\":[\"a\",\"b\"]}}}" },
        { "{\"w\":{\"url\":{\"isNull\":true}}}", "{\"w\":{\"url\":{\"isNull\":true}}}",
          "{\"w\":{\"url\":{\"isNull\":true}}}" },
        { "{\"w\":{\"url\":{\"isNull\":false}}}", "{\"w\":{\"url\":{\"isNull\":false}}}",
          "{\"w\":{\"url\":{\"isNull\":false}}}" },
        { "{\"w\":{\"or\":[{\"id\":1}]}}", "{\"w\":{\"or\":[{\"id\":2}]}}",
          "{\"w\":{\"or\":{\"id\":3}}}" },
        { "{\"w\":{\"or\":[{\"id\":1},{\"id\":1}]}}", "{\"w\":{\"or\":[{\"id\":1},{\"id\":2}]}}",
          "{\"w\":{\"or\":[{\"id\":3},{\"id\":4}]}}" },
        { "{\"w\":{\"not\":{\"id\":1}}}", "{\"w\":{\"not\":{\"id\":2}}}",
          "{\"w\":{\"not\":{\"id\":3}}}" },
        { "{\"w\":{\"not\":{\"url\":{\"eq\":\"a\"}}}}",
          "{\"w\":{\"not\":{\"url\":{\"eq\":\"}\"}}}}",
          "{\"w\":{\"not\":{\"url\":{\"eq\":\"\"}}}}" },
    };
    enum { COUNT = ARRAY_LENGTH(shapes) };
    struct document *d =
        keep("query ($w: Where, $s: String) { links(where: $w, search: $s) { id } }");
    const struct plan *plans[COUNT];

    (void)state;
    for (int i = 0; i < COUNT; i++) {
        plans[i] = plan(d, shapes[i][0]);
        for (int j = 0; j < i; j++)
            assert_ptr_not_equal(plans[i], plans[j]);
    }
    for (int i = 1; i < COUNT; i++) {
        assert_ptr_equal(plan(d, shapes[i][1]), plans[i]);
        assert_ptr_equal(plan(d, shapes[i][2]), plans[i]);
    }
    assert_ptr_not_equal(plan(d, shapes[0][2]), plans[0]); /* null is there, which says nothing */
}

static void
variables_within_a_filter_shape_it(void **state)
{
    struct document *d = keep("query ($t: Text, $i: Int, $n: Boolean, $l: [Where!], $s: String!) { "
                              "links(where: {url: $t, or: $l, not: {id: $i, url: {isNull: $n, "
                              "in: [$s, \"b\"]}}}) { id } }");
    const struct plan *first = plan(d, "{\"s\":\"a\",\"i\":1}");

    (void)state;
    assert_ptr_equal(plan(d, "{\"s\":\"c\",\"i\":2}"), first);
    assert_ptr_not_equal(plan(d, "{\"s\":\"c\"}"), first);
    assert_ptr_not_equal(plan(d, "{\"s\":\"c\",\"i\":2,\"n\":true}"), first);
    assert_ptr_not_equal(plan(d, "{\"s\":\"c\",\"i\":2,\"n\":false}"),
                         plan(d, "{\"s\":\"c\",\"i\":2,\"n\":true}"));
    assert_ptr_not_equal(plan(d, "{\"s\":\"c\",\"i\":2,\"t\":{}}"), first);
    assert_ptr_not_equal(plan(d, "{\"s\":\"c\",\"i\":2,\"l\":[]}"), first);
    assert_true(use(d, "{\"s\":\"c\",\"i\":null}")->is_refused);
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
    limits.cache_bytes = 500000;
    for (int i = 0; i < 100; i++)
        keep(another());
    assert_null(cache_find(cache, contract, STR("query ($n: Int) { links(first: $n) { id } }")));
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
a_document_that_may_have_a_password_in_it_goes_after_its_request(void **state)
{
    static const char text[] = "mutation { sign(name: \"me\") { ok } }";
    struct document *d = keep(text);
    const struct plan *p = use(d, "{}");

    (void)state;
    assert_int_equal(p->resolver_calls, 1);
    assert_true(plan_needs_db(p));
    assert_ptr_equal(cache_find(cache, contract, str_from(text)), d);
    cache_release(cache, d, NULL);
    assert_null(cache_find(cache, contract, str_from(text)));
    assert_int_equal(p->resolver_calls, 1); /* for the request that still has it */
    cache_release(cache, d, p);
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
        TEST(a_document_is_of_one_contract),
        TEST(a_document_that_is_not_kept_is_released),
        TEST(values_that_do_not_shape_the_sql_share_a_plan),
        TEST(values_that_shape_the_sql_have_plans_of_their_own),
        TEST(filters_have_a_plan_for_each_shape),
        TEST(variables_within_a_filter_shape_it),
        TEST(a_document_keeps_so_many_plans_and_no_more),
        TEST(refusals_are_not_kept),
        TEST(what_is_in_use_stays),
        TEST(written_limits_are_multiplied_along_paths_and_added_over_them),
        TEST(a_plan_is_constant_when_it_asks_of_the_schema_alone),
        TEST(a_condition_makes_plans_that_are_constant_each),
        TEST(a_plan_needs_a_user_when_all_of_it_does),
        TEST(data_is_kept_with_its_own_plan),
        TEST(a_document_that_may_have_a_password_in_it_goes_after_its_request),
        TEST(a_guard_of_null_is_not_one_of_a_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
