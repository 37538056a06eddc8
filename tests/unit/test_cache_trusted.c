/*
 * test_cache_trusted.c - trusted documents in the cache (document/cache.c): they stay.
 *
 * SPDX-License-Identifier: MIT
 */
#include "document/trusted.h"
#include "tests/unit/cache_case.h"

static const char many[] = "query ($n: Int) { links(first: $n) { id } }";

/* A trusted document of that text. */
static const struct trusted_document *
trust(const char *text)
{
    struct trusted *t = trusted_new(arena, &limits);
    const struct trusted_document document = { .text = str_from(text), .file = STR("file") };

    assert_null(trusted_add(t, &document));
    return trusted_first(t);
}

/* Parsed and kept, as a first request does it. */
static struct document *
keep_trusted(const struct trusted_document *trusted)
{
    struct errors errors = { .arena = arena };
    struct document *d = cache_make_trusted(cache, contract, trusted);

    assert_ptr_equal(d->source.text.ptr, trusted->text.ptr);
    d->ast = parser_parse(d->arena, &d->source, &limits, &errors);
    assert_non_null(d->ast);
    cache_keep(cache, d);
    cache_release(cache, d, NULL);
    return d;
}

static bool
is_kept_trusted(const struct trusted_document *trusted)
{
    struct document *d = cache_find_trusted(cache, contract, trusted);

    if (d)
        cache_release(cache, d, NULL);
    return d != NULL;
}

/* More than the cache holds, twice over. */
static void
fill(void)
{
    for (int i = 0; i < 400; i++)
        plan(keep(another()), "{}");
}

static void
it_is_found_by_what_it_is_and_by_its_text(void **state)
{
    const struct trusted_document *trusted = trust(many), *other = trust(many);

    (void)state;
    assert_false(is_kept_trusted(trusted));
    struct document *d = keep_trusted(trusted);
    assert_true(is_kept_trusted(trusted));
    assert_false(is_kept_trusted(other));
    assert_ptr_equal(cache_find(cache, contract, str_from(many)), d);
    cache_release(cache, d, NULL);
    struct contract view = *contract;
    assert_null(cache_find_trusted(cache, &view, trusted));
}

static void
it_stays_and_its_first_plan_with_it(void **state)
{
    const struct trusted_document *trusted = trust(many);

    (void)state;
    limits.cache_bytes = 1000000;
    struct document *d = keep_trusted(trusted);
    const struct plan *first = plan(d, "{\"n\":1}");
    keep(another());
    const char *text = another();
    keep(text);
    plan(d, "{\"n\":2}");
    assert_int_equal(d->plan_count, 2);
    fill();
    assert_false(is_kept(text));
    assert_true(is_kept_trusted(trusted));
    assert_ptr_equal(plan(d, "{\"n\":1}"), first);
    assert_int_equal(d->plan_count, 1); /* the second one went as those of others do */
    for (int n = 2; n <= 100; n++)
        plan(d, str_format(arena, "{\"n\":%d}", n).ptr);
    assert_ptr_equal(plan(d, "{\"n\":1}"), first);
    assert_true(d->plan_count <= 32);
}

static void
a_refusal_is_not_the_plan_that_stays(void **state)
{
    struct document *d = keep_trusted(trust(many));

    (void)state;
    const struct plan *refused = use(d, "{\"n\":101}");
    assert_true(refused->is_refused);
    cache_release(cache, d, refused);
    assert_int_equal(d->plan_count, 0);
    const struct plan *first = plan(d, "{\"n\":1}");
    limits.cache_bytes = 300000;
    fill();
    assert_ptr_equal(plan(d, "{\"n\":1}"), first);
}

static void
what_it_takes_is_not_counted(void **state)
{
    size_t size = cache_size(cache);
    struct document *d = keep_trusted(trust("{ __typename }"));

    (void)state;
    const struct plan *p = use(d, "{}");
    assert_true(p->is_constant);
    cache_keep_data(cache, d, p, STR("data"));
    assert_true(str_is(cache_data(d, p), "data"));
    cache_release(cache, d, p);
    assert_int_equal(cache_size(cache), size);
}

/* A text that the operator has written is no secret, unlike one that a client has. */
static void
one_that_signs_in_stays(void **state)
{
    static const char text[] = "mutation ($name: String) { sign(name: $name) { ok } }";
    const struct trusted_document *trusted = trust(text);
    struct document *d = keep_trusted(trusted);
    const struct plan *p = plan(d, "{\"name\":\"a\"}");

    (void)state;
    assert_true(p->resolver_calls > 0);
    assert_true(is_kept_trusted(trusted));
    assert_ptr_equal(plan(d, "{\"name\":\"b\"}"), p);
}

int
main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(it_is_found_by_what_it_is_and_by_its_text),
        TEST(it_stays_and_its_first_plan_with_it),
        TEST(a_refusal_is_not_the_plan_that_stays),
        TEST(what_it_takes_is_not_counted),
        TEST(one_that_signs_in_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
