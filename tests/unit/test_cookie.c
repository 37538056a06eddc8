/*
 * test_cookie.c - which cookies count in which requests, and the headers that set them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/unit/http_case.h"

#define T "__Secure-linnet-token"
#define R "__Secure-linnet-refresh"

static enum http_result
read(struct arena *a, const struct config *config, char **variables, struct http_request *request,
     struct response *response, struct errors *errors)
{
    struct memory m = make_memory(variables, "");
    *errors = (struct errors){ .arena = a };
    *request = (struct http_request){ 0 };
    response_init(response);
    return http_read(a, &m.source, config, request, response, errors);
}

/* A GET over https in cookie mode, with up to three more variables. */
static enum http_result
read_secure(struct arena *a, char *one, char *two, char *three, struct http_request *request,
            struct response *response, struct errors *errors)
{
    struct config config = make_config(MODE_PRODUCTION);
    char *variables[] = { "REQUEST_METHOD=GET",   "SCRIPT_NAME=/graphql",  "HTTPS=on",
                          "HTTP_HOST=us.example", "HTTP_LINNET_COOKIES=1", one ? one : "A=",
                          two ? two : "B=",       three ? three : "C=",    NULL };
    return read(a, &config, variables, request, response, errors);
}

/* What the header Cookie says; `token` and `refresh` NULL: it does not count. */
static const struct {
    const char *cookie, *token, *refresh;
} headers[] = {
    { "", NULL, NULL },
    { T "=a.b-c_9", "a.b-c_9", NULL },
    { R "=xyz", NULL, "xyz" },
    { T "=a; " R "=b", "a", "b" },
    { R "=b; " T "=a", "a", "b" },
    { "x=1; " T "=a; y=2", "a", NULL },
    { "x=1;" T "=a;y=2", "a", NULL },
    { T " = a ", "a", NULL },
    { T "=", NULL, NULL },
    { T, NULL, NULL },
    { "x=" T "; y=1", NULL, NULL },
    { "x=a,b, c; " T "=a", "a", NULL },
    { "x=\"q\\\"; y; =z; ;; " T "=a", "a", NULL },
    /* Other names. */
    { "linnet-token=a; linnet-refresh=b", NULL, NULL },
    { "__secure-linnet-token=a", NULL, NULL },
    { "__Host-linnet-token=a", NULL, NULL },
    { R "-only=a", NULL, NULL }, /* of the other mode */
    { T "x=a; x" T "=b; " T "[]=c; $" T "=d", NULL, NULL },
    { "JWT=a; token=b", NULL, NULL },
};

static void
test_headers(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(headers); i++) {
        struct arena *a = arena_new("test");
        struct http_request request;
        struct response response;
        struct errors errors;
        char *line = (char *)str_format(a, "HTTP_COOKIE=%s", headers[i].cookie).ptr;
        if (read_secure(a, line, NULL, NULL, &request, &response, &errors) != HTTP_OK)
            fail_msg("Cookie: %s is refused", headers[i].cookie);
        const struct str *values = request.cookies.values;
        if (!str_equal(values[COOKIE_TOKEN], str_from(headers[i].token)) ||
            !str_equal(values[COOKIE_REFRESH], str_from(headers[i].refresh)) ||
            (headers[i].token != NULL) != (values[COOKIE_TOKEN].ptr != NULL))
            fail_msg("Cookie: %s has %.*s and %.*s", headers[i].cookie, STR_PRINT(values[0]),
                     STR_PRINT(values[1]));
        arena_free(a);
    }
}

/* Each mode has a refresh token of its own. */
static void
test_modes(void **state)
{
    struct cookie_headers asked = { .https = STR("on"),
                                    .script_name = STR("/graphql"),
                                    .cookie = STR(R "=a; " R "-only=b") };
    const struct config config = make_config(MODE_PRODUCTION);
    struct cookies cookies;

    (void)state;
    asked.mode = STR("1");
    assert_int_equal(cookie_read(&config, &asked, &cookies).status, 0);
    assert_true(str_is(cookies.values[COOKIE_REFRESH], "a"));
    asked.mode = STR("refresh");
    assert_int_equal(cookie_read(&config, &asked, &cookies).status, 0);
    assert_true(str_is(cookies.values[COOKIE_REFRESH], "b"));
}

/* Sent twice, or not a token: refused, in whatever form they come. */
static void
test_ambiguous(void **state)
{
    static const char *const cookies[] = {
        T "=a; " T "=b",
        T "=a; " T "=a",
        R "=a; x=1; " R "=b",
        T "=a, " T "=b",
        T "=a; x=1, " T "=b",
        "x=1, " T "=b; " T "=a",
        T "; " T "=a",
        T "=a; " T "=",
        T "=a b",
        T "=\"a\"",
        T "=a,b",
        T "=a=",
        T "=a%2e",
        T "=\xc3\xa9",
        T "=a\tb",
        T "=<script>",
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(cookies); i++) {
        struct arena *a = arena_new("test");
        struct http_request request;
        struct response response;
        struct errors errors;
        char *line = (char *)str_format(a, "HTTP_COOKIE=%s", cookies[i]).ptr;
        if (read_secure(a, line, NULL, NULL, &request, &response, &errors) != HTTP_REFUSED)
            fail_msg("Cookie: %s is not refused", cookies[i]);
        assert_int_equal(response.status, 400);
        assert_int_equal(errors.first->code, ERROR_BAD_REQUEST);
        arena_free(a);
    }
}

/* Two headers are one list, as some web servers make it. */
static void
test_lines(void **state)
{
    static char *const one[] = { "HTTP_COOKIE=x=1", "HTTP_COOKIE=" T "=a" };
    static char *const two[] = { "HTTP_COOKIE=" T "=a", "HTTP_COOKIE=" T "=b" };
    struct arena *a = arena_new("test");
    struct http_request request;
    struct response response;
    struct errors errors;

    (void)state;
    assert_int_equal(read_secure(a, two[0], two[1], NULL, &request, &response, &errors),
                     HTTP_REFUSED);
    assert_int_equal(response.status, 400);
    /* Which of the two is it that the browser has sent? */
    assert_int_equal(read_secure(a, one[0], one[1], NULL, &request, &response, &errors),
                     HTTP_REFUSED);
    char *three = (char *)str_format(a, "HTTP_COOKIE=x=%0*d", 8192, 0).ptr;
    assert_int_equal(read_secure(a, three, NULL, NULL, &request, &response, &errors), HTTP_REFUSED);
    assert_int_equal(response.status, 400);
    assert_int_equal(errors.first->code, ERROR_LIMIT_EXCEEDED);
    arena_free(a);
}

/* In which requests cookies count.  NULL: the variable is absent. */
static const struct {
    const char *title;
    const char *mode, *site, *host, *https;
    enum config_cookie_secure setting;
    int status; /* 0: it is read */
    enum cookie_mode read;
    bool is_secure;
} requests[] = {
    { "no header", NULL, "cross-site", "evil.example", NULL, COOKIE_SECURE_AUTO, 0,
      COOKIE_MODE_NONE, false },
    { "https", "1", NULL, "us.example", "on", COOKIE_SECURE_AUTO, 0, COOKIE_MODE_ALL, true },
    { "another web server", "1", NULL, "us.example", "ON", COOKIE_SECURE_AUTO, 0, COOKIE_MODE_ALL,
      true },
    { "refresh", "refresh", NULL, "us.example", "on", COOKIE_SECURE_AUTO, 0, COOKIE_MODE_REFRESH,
      true },
    { "our page", "1", "same-origin", "us.example", "on", COOKIE_SECURE_AUTO, 0, COOKIE_MODE_ALL,
      true },
    { "a proxy has the certificate", "1", NULL, "us.example", NULL, COOKIE_SECURE_ON, 0,
      COOKIE_MODE_ALL, true },
    { "https here", "1", NULL, "localhost", "on", COOKIE_SECURE_AUTO, 0, COOKIE_MODE_ALL, true },
    { "localhost", "1", NULL, "localhost", NULL, COOKIE_SECURE_AUTO, 0, COOKIE_MODE_ALL, false },
    { "a port", "1", NULL, "LocalHost:8080", NULL, COOKIE_SECURE_AUTO, 0, COOKIE_MODE_ALL, false },
    { "127.0.0.1", "1", NULL, "127.0.0.1:8080", NULL, COOKIE_SECURE_AUTO, 0, COOKIE_MODE_ALL,
      false },
    { "another 127", "1", NULL, "127.1.2.3", NULL, COOKIE_SECURE_AUTO, 0, COOKIE_MODE_ALL, false },
    { "[::1]", "1", NULL, "[::1]:8080", NULL, COOKIE_SECURE_AUTO, 0, COOKIE_MODE_ALL, false },
    { "localhost as if over https", "1", NULL, "localhost", NULL, COOKIE_SECURE_ON, 0,
      COOKIE_MODE_ALL, true },

    { "another word", "yes", NULL, "us.example", "on", COOKIE_SECURE_AUTO, 400, 0, false },
    { "an empty word", "", NULL, "us.example", "on", COOKIE_SECURE_AUTO, 400, 0, false },
    { "two words", "1, 1", NULL, "us.example", "on", COOKIE_SECURE_AUTO, 400, 0, false },
    { "another site's page", "1", "cross-site", "us.example", "on", COOKIE_SECURE_AUTO, 403, 0,
      false },
    { "a neighbour's page", "1", "same-site", "us.example", "on", COOKIE_SECURE_AUTO, 403, 0,
      false },
    { "no page", "1", "none", "us.example", "on", COOKIE_SECURE_AUTO, 403, 0, false },
    { "an empty relation", "1", "", "us.example", "on", COOKIE_SECURE_AUTO, 403, 0, false },
    { "plain http", "1", NULL, "us.example", NULL, COOKIE_SECURE_AUTO, 403, 0, false },
    { "https that is off", "1", NULL, "us.example", "off", COOKIE_SECURE_AUTO, 403, 0, false },
    { "no host", "1", NULL, NULL, NULL, COOKIE_SECURE_AUTO, 403, 0, false },
    { "like localhost", "1", NULL, "localhost.evil.example", NULL, COOKIE_SECURE_AUTO, 403, 0,
      false },
    { "like 127", "1", NULL, "127.0.0.1.evil.example", NULL, COOKIE_SECURE_AUTO, 403, 0, false },
    { "two ports", "1", NULL, "localhost:1:2", NULL, COOKIE_SECURE_AUTO, 403, 0, false },
    { "this network", "1", NULL, "192.168.0.1", NULL, COOKIE_SECURE_AUTO, 403, 0, false },
};

static char *
make_variable(struct arena *a, const char *name, const char *value)
{
    return (char *)(value ? str_format(a, "%s=%s", name, value).ptr : "ABSENT=");
}

static void
test_requests(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(requests); i++) {
        struct arena *a = arena_new("test");
        struct config config = make_config(MODE_PRODUCTION);
        struct http_request request;
        struct response response;
        struct errors errors;
        char *variables[] = { "REQUEST_METHOD=POST",
                              "CONTENT_TYPE=application/json",
                              "SCRIPT_NAME=/graphql",
                              "HTTP_COOKIE=" T "=a; linnet-token=b",
                              make_variable(a, "HTTP_LINNET_COOKIES", requests[i].mode),
                              make_variable(a, "HTTP_SEC_FETCH_SITE", requests[i].site),
                              make_variable(a, "HTTP_HOST", requests[i].host),
                              make_variable(a, "HTTPS", requests[i].https),
                              NULL };
        config.cookie_secure = requests[i].setting;
        enum http_result result = read(a, &config, variables, &request, &response, &errors);
        if ((result == HTTP_OK) != (requests[i].status == 0) ||
            response.status != requests[i].status)
            fail_msg("%s: status %d", requests[i].title, response.status);
        const char *token = requests[i].read == COOKIE_MODE_NONE ? NULL
                            : requests[i].is_secure              ? "a"
                                                                 : "b";
        if (result == HTTP_OK &&
            (request.cookies.mode != requests[i].read ||
             request.cookies.is_secure != requests[i].is_secure ||
             !str_equal(request.cookies.values[COOKIE_TOKEN], str_from(token))))
            fail_msg("%s: mode %d, %.*s", requests[i].title, request.cookies.mode,
                     STR_PRINT(request.cookies.values[COOKIE_TOKEN]));
        arena_free(a);
    }
}

/* A GET by a page, in a browser that does not say whose page it is: it needs a preflight. */
static void
test_old_browser(void **state)
{
    struct arena *a = arena_new("test");
    struct http_request request;
    struct response response;
    struct errors errors;
    char page[] = "HTTP_REFERER=https://us.example/";
    char *variables[] = { "REQUEST_METHOD=GET", page, NULL };

    (void)state;
    assert_int_equal(read_secure(a, page, NULL, NULL, &request, &response, &errors), HTTP_OK);
    assert_int_equal(read_variables(a, variables, MODE_PRODUCTION, &request, &response),
                     HTTP_REFUSED);
    arena_free(a);
}

/* Without the header a Cookie may be anything: it is for other programs. */
static void
test_not_asked(void **state)
{
    struct arena *a = arena_new("test");
    char *variables[] = { "REQUEST_METHOD=GET", "HTTP_COOKIE=" T "=a; " T "=b", "HTTP_COOKIE=x",
                          NULL };
    struct http_request request;
    struct response response;

    (void)state;
    assert_int_equal(read_variables(a, variables, MODE_PRODUCTION, &request, &response), HTTP_OK);
    assert_int_equal(request.cookies.mode, COOKIE_MODE_NONE);
    assert_null(request.cookies.values[COOKIE_TOKEN].ptr);
    arena_free(a);
}

/* Where the cookies belong; NULL: nowhere. */
static void
test_paths(void **state)
{
    static const struct {
        const char *script_name, *setting, *path;
    } cases[] = {
        { "/graphql", "", "/graphql" },
        { "/graphql/", "", "/graphql" },
        { "/cgi-bin/graphql.cgi", "", "/cgi-bin/graphql.cgi" },
        { "/~ada/api_1/graphql", "", "/~ada/api_1/graphql" },
        { "/", "", "/" },
        { "", "", "/" },
        { "/graphql", "/api/graphql", "/api/graphql" },
        { "/graphql", "/api/graphql/", "/api/graphql" },
        { "/a;b", "", NULL },
        { "/a b", "", NULL },
        { "/a, b=c", "", NULL },
        { "/\xc3\xa9", "", NULL },
        { "graphql", "", NULL },
        { "/a;b", "/graphql", "/graphql" },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct config config = make_config(MODE_PRODUCTION);
        struct cookie_headers asked = { .mode = STR("1"),
                                        .https = STR("on"),
                                        .script_name = str_from(cases[i].script_name) };
        struct cookies cookies;
        config.cookie_path = cases[i].setting;
        struct cookie_refusal refusal = cookie_read(&config, &asked, &cookies);
        if ((refusal.status == 0) != (cases[i].path != NULL) ||
            (cases[i].path && !str_is(cookies.path, cases[i].path)))
            fail_msg("%s, %s: %.*s", cases[i].script_name, cases[i].setting,
                     STR_PRINT(cookies.path));
    }
}

static void
test_write(void **state)
{
    struct arena *a = arena_new("test");
    struct cookies cookies = { .mode = COOKIE_MODE_ALL,
                               .is_secure = true,
                               .path = STR("/graphql") };

    (void)state;
    assert_string_equal(cookie_write(a, &cookies, COOKIE_TOKEN, STR("a.b"), 900).ptr,
                        T "=a.b; Path=/graphql; Max-Age=900; HttpOnly; SameSite=Strict; Secure");
    assert_string_equal(cookie_write(a, &cookies, COOKIE_REFRESH, STR("c"), 0).ptr,
                        R "=; Path=/graphql; Max-Age=0; HttpOnly; SameSite=Strict; Secure");
    cookies.mode = COOKIE_MODE_REFRESH;
    assert_string_equal(cookie_write(a, &cookies, COOKIE_REFRESH, STR("c"), 9).ptr,
                        R "-only=c; Path=/graphql; Max-Age=9; HttpOnly; SameSite=Strict; Secure");
    cookies.is_secure = false;
    assert_string_equal(
        cookie_write(a, &cookies, COOKIE_REFRESH, STR("c"), 9).ptr,
        "linnet-refresh-only=c; Path=/graphql; Max-Age=9; HttpOnly; SameSite=Strict");
    cookies.mode = COOKIE_MODE_ALL;
    assert_string_equal(cookie_write(a, &cookies, COOKIE_REFRESH, STR("c"), 60).ptr,
                        "linnet-refresh=c; Path=/graphql; Max-Age=60; HttpOnly; SameSite=Strict");
    arena_free(a);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_headers),   cmocka_unit_test(test_modes),
        cmocka_unit_test(test_ambiguous), cmocka_unit_test(test_lines),
        cmocka_unit_test(test_requests),  cmocka_unit_test(test_old_browser),
        cmocka_unit_test(test_not_asked), cmocka_unit_test(test_paths),
        cmocka_unit_test(test_write),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
