/*
 * test_http_origin.c - which pages of other sites may read, and which GETs are
 * answered.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/unit/http_case.h"

static void
test_origins(void **state)
{
    static const struct {
        const char *origin;
        bool in_production, in_development;
    } cases[] = {
        { "https://a.example", true, true },
        { "http://b.example:8080", true, true },
        { "http://b.example", false, false },
        { "http://b.example:80801", false, false },
        { "https://a.example.evil.example", false, false },
        { "https://evila.example", false, false },
        { "https://a.exampl", false, false },
        { "https://A.example", false, false },
        { "https://a.example/", false, false },
        { "https://a.example  http://b.example:8080", false, false },
        { "", false, false },
        { "null", false, false },
        { "*", false, false },
        { "http://localhost", false, true },
        { "http://localhost:3000", false, true },
        { "http://127.0.0.1:1", false, true },
        { "https://localhost:3000", false, false },
        { "http://localhost:", false, false },
        { "http://localhost:80x", false, false },
        { "http://localhost.evil.example", false, false },
        { "http://127.0.0.10", false, false },
    };
    const struct config production = make_config(MODE_PRODUCTION);
    const struct config development = make_config(MODE_DEVELOPMENT);
    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct str origin = str_from(cases[i].origin);
        if (http_may_read(&production, origin) != cases[i].in_production ||
            http_may_read(&development, origin) != cases[i].in_development)
            fail_msg("Origin: %s", cases[i].origin);
    }
    assert_false(http_may_read(&development, STR_NONE));
}

static void
test_headers(void **state)
{
    static const char usual[] = "Content-Type, Authorization, GraphQL-Require-Preflight";
    static const struct config config = { .allowed_headers = "X-Tenant  x-shop" };
    static const struct {
        const char *asked, *more;
    } cases[] = {
        { "x-shop, X-TENANT,x-other", ", X-Tenant, x-shop" },
        { NULL, "" },
        { "", "" },
        { "content-type,authorization", "" },
        { "traceparent", ", Traceparent" },
        { " TRACEPARENT , x-unknown,, accept", ", Accept, Traceparent" },
        { "content-type, linnet-explain", ", Linnet-Explain" },
        { "linnet-cookies", "" },
        { "traceparent,traceparent", ", Traceparent" },
        { "trace", "" },
        { "traceparentx", "" },
        { "*", "" },
        { "cookie", "" },
    };
    (void)state;
    struct arena *a = arena_new("test");
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct str allowed = http_allow_headers(a, &config, str_from(cases[i].asked));
        if (!str_equal(allowed, str_format(a, "%s%s", usual, cases[i].more)))
            fail_msg("%s: %.*s", cases[i].asked, STR_PRINT(allowed));
    }
    arena_free(a);
}

static void
test_gets(void **state)
{
    static const struct {
        const char *title, *origin, *site, *referer, *preflight;
        bool may;
    } cases[] = {
        { "no browser", NULL, NULL, NULL, NULL, true },
        { "typed", NULL, "none", NULL, NULL, true },
        { "our own page", NULL, "same-origin", "https://us.example/", NULL, true },
        { "an image elsewhere", NULL, "cross-site", NULL, NULL, false },
        { "a neighbour", NULL, "same-site", NULL, NULL, false },
        { "an unknown relation", NULL, "friends", NULL, NULL, false },
        { "an empty relation", NULL, "", NULL, NULL, false },
        { "an old browser", NULL, NULL, "https://x.example/", NULL, false },
        { "an old browser's fetch", "https://x.example", NULL, NULL, NULL, false },
        { "an allowed page", "https://a.example", "cross-site", "https://a.example/", NULL, true },
        { "with a preflight", "https://x.example", "cross-site", NULL, "1", true },
    };
    const struct config config = make_config(MODE_PRODUCTION);
    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        const struct http_browser browser = { str_from(cases[i].origin), str_from(cases[i].site),
                                              str_from(cases[i].referer),
                                              str_from(cases[i].preflight) };
        if (http_may_get(&config, &browser) != cases[i].may)
            fail_msg("%s", cases[i].title);
    }

    /* What the variables are called, and that nothing is asked of POST. */
    struct arena *a = arena_new("test");
    char *variables[] = { "REQUEST_METHOD=GET", "HTTP_SEC_FETCH_SITE=cross-site", NULL, NULL };
    struct http_request request;
    struct response response;
    assert_int_equal(read_variables(a, variables, MODE_PRODUCTION, &request, &response),
                     HTTP_REFUSED);
    assert_int_equal(response.status, 403);
    variables[2] = "HTTP_GRAPHQL_REQUIRE_PREFLIGHT=1";
    assert_int_equal(read_variables(a, variables, MODE_PRODUCTION, &request, &response), HTTP_OK);
    variables[0] = "REQUEST_METHOD=POST";
    variables[2] = "CONTENT_TYPE=application/json";
    assert_int_equal(read_variables(a, variables, MODE_PRODUCTION, &request, &response), HTTP_OK);
    arena_free(a);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_origins),
        cmocka_unit_test(test_headers),
        cmocka_unit_test(test_gets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
