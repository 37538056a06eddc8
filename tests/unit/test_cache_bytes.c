/*
 * test_cache_bytes.c - what the cache of documents holds, in bytes (document/cache.c).
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/unit/cache_case.h"

static void
the_least_recently_used_document_goes(void **state)
{
    const char *first = another(), *second = another(), *last = NULL;

    (void)state;
    limits.cache_bytes = 1000000;
    keep(first);
    keep(second);
    for (int i = 0; i < 300; i++) {
        last = another();
        keep(last);
        assert_true(is_kept(last));
        assert_true(is_kept(first));
        assert_true(cache_size(cache) <= 1000000);
    }
    assert_true(cache_size(cache) > 900000);
    assert_false(is_kept(second));
}

static void
plans_go_before_the_document_that_is_used(void **state)
{
    static const char text[] = "query ($n: Int) { links(first: $n) { id } }";
    struct document *d = keep(text);

    (void)state;
    limits.cache_bytes = 1000000;
    for (int n = 0; n < 20; n++)
        plan(d, str_format(arena, "{\"n\":%d}", n).ptr);
    assert_int_equal(d->plan_count, 20);
    for (int i = 0; i < 300; i++) {
        plan(keep(another()), "{}");
        assert_true(is_kept(text));
        assert_true(cache_size(cache) <= 1000000);
    }
    assert_int_equal(d->plan_count, 0);
    assert_int_equal(plan(d, "{\"n\":7}")->statements[0]->relation->slice->limit, 7);
}

/* The bytes that the document's plan under these variables adds. */
static size_t
size_of_plan(struct document *d, const char *json)
{
    size_t before = cache_size(cache);

    plan(d, json);
    return cache_size(cache) - before;
}

static void
a_plan_is_counted_with_the_values_that_its_guards_copy(void **state)
{
    struct document *d = keep("query ($o: [Order!]) { links(orderBy: $o) { id } }");
    struct buf *b = buf_new(arena);

    (void)state;
    assert_true(size_of_plan(d, "{}") > 0);
    assert_int_equal(size_of_plan(d, "{}"), 0);
    size_t small = size_of_plan(d, "{\"o\":[{\"id\":\"ASC\"}]}");
    buf_put_c(b, "{\"o\":[{\"id\":\"ASC\"}");
    for (int i = 0; i < 999; i++)
        buf_put_c(b, ",{\"id\":\"ASC\"}");
    buf_put_c(b, "]}");
    size_t large = size_of_plan(d, buf_copy(arena, b).ptr);
    assert_true(large > small + 1000 * sizeof(struct value));
}

/* `{ a0: links { id url } a1: ... }` */
static const char *
wide_document(int count)
{
    struct buf *b = buf_new(arena);

    buf_byte(b, '{');
    for (int i = 0; i < count; i++)
        buf_printf(b, " a%d: link(id: %d) { id url }", i, i);
    buf_put_c(b, " }");
    return buf_copy(arena, b).ptr;
}

static void
a_plan_that_is_too_large_is_used_once(void **state)
{
    struct document *d = keep(wide_document(60));
    size_t before = cache_size(cache);

    (void)state;
    limits.cache_bytes = 32 * 30000;
    const struct plan *first = use(d, "{}"), *second = use(d, "{}");
    assert_true(arena_size(first->arena) > 30000);
    assert_ptr_not_equal(first, second);
    assert_int_equal(cache_size(cache), before);
    cache_release(cache, d, first);
    assert_int_equal(second->statement_count, 60);
    cache_release(cache, d, second); /* the sanitizer's build would tell of a leak */
    assert_true(is_kept(wide_document(60)));
}

/* Use a document that the cache does not keep. */
static void
use_once(const char *text, int statement_count)
{
    struct errors errors = { .arena = arena };
    struct document *d = cache_make(cache, contract, str_from(text));
    size_t before = cache_size(cache);

    d->ast = parser_parse(d->arena, &d->source, &limits, &errors);
    cache_keep(cache, d);
    const struct plan *p = use(d, "{}");
    assert_int_equal(p->statement_count, statement_count);
    cache_release(cache, d, p);
    cache_release(cache, d, NULL);
    assert_false(is_kept(text));
    assert_int_equal(cache_size(cache), before);
}

static void
a_document_that_is_too_large_is_used_once(void **state)
{
    (void)state;
    limits.cache_bytes = 32 * 9000;
    use_once(wide_document(60), 60);
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
data_is_kept_within_the_bound(void **state)
{
    struct document *first = keep_data(keep("{ __typename }"), 10000);

    (void)state;
    limits.cache_bytes = 1000000;
    assert_int_equal(data_len(first), 10000);
    assert_int_equal(data_len(keep_data(keep("{ a: __typename }"), 31000)), 0); /* too large */
    for (int i = 0; i < 100; i++) {
        struct document *d = keep(str_format(arena, "{ b%d: __typename }", i).ptr);
        assert_int_equal(data_len(keep_data(d, 10000)), 10000);
        assert_true(cache_size(cache) <= 1000000);
    }
    assert_false(is_kept("{ __typename }"));
}

static void
a_cache_without_memory_keeps_nothing(void **state)
{
    (void)state;
    cache_free(cache);
    cache_free(NULL);
    limits.cache_bytes = 0;
    cache = cache_new(&limits);
    use_once("{ links { id } }", 1);
}

int
main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_least_recently_used_document_goes),
        TEST(plans_go_before_the_document_that_is_used),
        TEST(a_plan_is_counted_with_the_values_that_its_guards_copy),
        TEST(a_plan_that_is_too_large_is_used_once),
        TEST(a_document_that_is_too_large_is_used_once),
        TEST(data_is_kept_within_the_bound),
        TEST(a_cache_without_memory_keeps_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
