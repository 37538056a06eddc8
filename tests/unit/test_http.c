/*
 * test_http.c - requests from a source in memory: media types, lengths, query
 * strings, credentials, and what is asked for.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/unit/http_case.h"

static void
test_content_types(void **state)
{
    static const struct {
        const char *text;
        bool is_json;
    } cases[] = {
        { "application/json", true },
        { "Application/JSON", true },
        { " application/json ; charset=utf-8", true },
        { "application/json;charset=\"UTF-8\"", true },
        { "application/json; charset=utf-8; x=y", true },
        { "application/json;", true },
        { "application/json; charset=utf-7", false },
        { "application/json; charset=latin1", false },
        { "application/json; charset", false },
        { "application/json; charset=", false },
        { "application/json, application/json", false },
        { "application/json; a=b, text/plain", false },
        { "application/jsonx", false },
        { "application/graphql", false },
        { "text/plain", false },
        { "multipart/form-data; boundary=x", false },
        { "", false },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++)
        if (http_is_json(str_from(cases[i].text)) != cases[i].is_json)
            fail_msg("Content-Type: %s", cases[i].text);
    assert_false(http_is_json(STR_NONE));
}

static void
test_accept(void **state)
{
    enum { NEITHER = -1 };
    static const struct {
        const char *text;
        int media;
    } cases[] = {
        { NULL, HTTP_JSON },
        { "", HTTP_JSON },
        { "*/*", HTTP_JSON },
        { "application/*", HTTP_JSON },
        { "application/json", HTTP_JSON },
        { "application/json; charset=utf-8", HTTP_JSON },
        { "application/graphql-response+json", HTTP_GRAPHQL },
        { "Application/GraphQL-Response+JSON", HTTP_GRAPHQL },
        { "application/graphql-response+json, application/json", HTTP_GRAPHQL },
        { "application/json, application/graphql-response+json", HTTP_GRAPHQL },
        { "application/graphql-response+json, application/json;q=0.9", HTTP_GRAPHQL },
        { "application/graphql-response+json;q=0.8, application/json;q=0.9", HTTP_JSON },
        { "application/graphql-response+json;q=0, */*", HTTP_JSON },
        { "application/json;q=0, */*;q=0.1", HTTP_GRAPHQL },
        { "text/html, */*;q=0.001", HTTP_JSON },
        { "text/html , application/json ; q=1.000", HTTP_JSON },
        { "application/graphql-response+json, */*;q=0.5", HTTP_GRAPHQL },
        { "application/json;q=1, application/*;q=0.2", HTTP_JSON },
        { "text/html", NEITHER },
        { "application/json;q=0", NEITHER },
        { "application/json;q=0.000", NEITHER },
        { "application/json;q=2", NEITHER },
        { "application/json;q=1.001", NEITHER },
        { "application/json;q=x", NEITHER },
        { "*/*;q=0", NEITHER },
        { ",;,", NEITHER },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        enum http_media media;
        bool is_acceptable = http_accept(str_from(cases[i].text), &media);
        if ((is_acceptable ? (int)media : NEITHER) != cases[i].media)
            fail_msg("Accept: %s", cases[i].text);
    }
}

/* HTML is for those who want it more, and not for those who take anything. */
static void
test_accept_html(void **state)
{
    static const struct {
        const char *text;
        bool is_html;
    } cases[] = {
        { NULL, false },
        { "", false },
        { "*/*", false },
        { "*/*;q=0.1", false },
        { "image/avif,image/webp,*/*;q=0.8", false },
        { "application/json", false },
        { "text/html", true },
        { "Text/HTML ; charset=utf-8", true },
        { "text/*", true },
        { "text/html;q=0", false },
        { "text/html;q=0, */*", false },
        { "text/html;q=0.001", true },
        { "text/html;q=2", false },
        { "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", true },
        { "text/html, application/xhtml+xml, */*", true },
        { "text/html, application/json", false },
        { "application/json, text/html", false },
        { "text/html, application/json;q=0.9", true },
        { "text/html;q=0.9, application/json", false },
        { "text/html, application/graphql-response+json", false },
        { "text/html, application/graphql-response+json;q=0.9, application/json;q=0.8", true },
        { "text/*, application/*", false },
        { "text/html, application/*", true },
        { "text/*, application/json", false },
        { "text/html;q=0.5, */*;q=0.5", true },
        { "text/html;q=0.4, */*;q=0.5", false },
        { "text/plain", false },
        { "text/htmlx", false },
        { "application/xhtml+xml", false },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++)
        if (http_accepts_html(str_from(cases[i].text)) != cases[i].is_html)
            fail_msg("Accept: %s", cases[i].text);
}

static void
test_content_encodings(void **state)
{
    static const struct {
        const char *text;
        bool is_identity;
    } cases[] = {
        { NULL, true },        { "", true },           { "identity", true },
        { "IDENTITY,", true }, { "gzip", false },      { "identity, br", false },
        { "x-gzip", false },   { "identityx", false }, { "*", false },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++)
        if (http_is_identity(str_from(cases[i].text)) != cases[i].is_identity)
            fail_msg("Content-Encoding: %s", cases[i].text);
}

/* Lines of a list are one list; the others count once. */
static void
test_repetition(void **state)
{
    char *accepts[3000];
    struct http_request request;
    struct response response;
    (void)state;
    struct arena *a = arena_new("test");
    accepts[0] = "REQUEST_METHOD=GET";
    accepts[1] = "HTTP_ACCEPT=text/html";
    accepts[2] = "HTTP_ACCEPT=application/json;q=0.1";
    accepts[3] = "HTTP_ACCEPT=application/graphql-response+json";
    accepts[4] = NULL;
    assert_int_equal(read_variables(a, accepts, MODE_PRODUCTION, &request, &response), HTTP_OK);
    assert_int_equal(request.media, HTTP_GRAPHQL);
    accepts[3] = NULL;
    assert_int_equal(read_variables(a, accepts, MODE_PRODUCTION, &request, &response), HTTP_OK);
    assert_int_equal(request.media, HTTP_JSON);
    accepts[2] = "QUERY_STRING=query=x";
    accepts[3] = NULL;
    assert_int_equal(read_variables(a, accepts, MODE_PRODUCTION, &request, &response),
                     HTTP_REFUSED);
    assert_int_equal(response.status, 406);
    for (size_t i = 1; i < ARRAY_LENGTH(accepts) - 2; i++)
        accepts[i] = "HTTP_ACCEPT=text/html";
    accepts[ARRAY_LENGTH(accepts) - 2] = "HTTP_ACCEPT=application/json";
    accepts[ARRAY_LENGTH(accepts) - 1] = NULL;
    assert_int_equal(read_variables(a, accepts, MODE_PRODUCTION, &request, &response), HTTP_OK);
    char *twice[] = { "REQUEST_METHOD=GET", "CONTENT_TYPE=text/html", "CONTENT_TYPE=x", NULL };
    assert_int_equal(read_variables(a, twice, MODE_PRODUCTION, &request, &response), HTTP_REFUSED);
    assert_int_equal(response.status, 400);
    arena_free(a);
}

static void
test_query_strings(void **state)
{
    static const struct {
        const char *text;
        const char *name, *value; /* NULL: bad */
    } cases[] = {
        { "query=%7B+a%20%7d", "query", "{ a }" },
        { "&&query=a&b=c", "query", "a" },
        { "query", "query", "" },
        { "query=", "query", "" },
        { "a=b=c", "a", "b=c" },
        { "%61=%C3%A9", "a", "\xC3\xA9" },
        { "a=%4", NULL, NULL },
        { "a=%", NULL, NULL },
        { "a=%4g", NULL, NULL },
        { "a=%00", NULL, NULL },
        { "a=%FF", NULL, NULL },
        { "%zz=a", NULL, NULL },
    };
    (void)state;
    struct arena *a = arena_new("test");
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct str rest = str_from(cases[i].text), name, value;
        bool is_bad;
        assert_true(http_next_parameter(a, &rest, &name, &value, &is_bad));
        if (is_bad != !cases[i].name ||
            (!is_bad && (!str_is(name, cases[i].name) || !str_is(value, cases[i].value))))
            fail_msg("%s", cases[i].text);
    }
    struct str rest = STR("a=1&b=2&"), name, value;
    bool is_bad;
    assert_true(http_next_parameter(a, &rest, &name, &value, &is_bad));
    assert_true(http_next_parameter(a, &rest, &name, &value, &is_bad));
    assert_true(str_is(name, "b") && str_is(value, "2"));
    assert_false(http_next_parameter(a, &rest, &name, &value, &is_bad));
    arena_free(a);
}

/* What http_read() makes of a request; the body is "{\"a\":1}". */
static void
test_verdicts(void **state)
{
    static const char body[] = "{\"a\":1}";
    struct {
        const char *title;
        char *variables[6];
        int status; /* 0: it is well */
    } cases[] = {
        { "post",
          { "REQUEST_METHOD=POST", "CONTENT_TYPE=application/json", "CONTENT_LENGTH=7", NULL },
          0 },
        { "get", { "REQUEST_METHOD=GET", "CONTENT_TYPE=", "CONTENT_LENGTH=", NULL }, 0 },
        { "put", { "REQUEST_METHOD=PUT", NULL }, 405 },
        { "lower case", { "REQUEST_METHOD=post", NULL }, 405 },
        { "no method", { NULL }, 405 },
        { "no type", { "REQUEST_METHOD=POST", "CONTENT_LENGTH=7", NULL }, 415 },
        { "text",
          { "REQUEST_METHOD=POST", "CONTENT_TYPE=text/plain", "CONTENT_LENGTH=7", NULL },
          415 },
        { "not acceptable",
          { "REQUEST_METHOD=POST", "CONTENT_TYPE=application/json", "CONTENT_LENGTH=7",
            "HTTP_ACCEPT=text/html", NULL },
          406 },
        { "two types",
          { "REQUEST_METHOD=POST", "CONTENT_TYPE=application/json", "CONTENT_LENGTH=7",
            "CONTENT_TYPE=text/plain", NULL },
          400 },
        { "two headers of types",
          { "REQUEST_METHOD=POST", "CONTENT_TYPE=application/json", "CONTENT_LENGTH=7",
            "HTTP_CONTENT_TYPE=application/json", "HTTP_CONTENT_TYPE=text/plain", NULL },
          400 },
        { "short",
          { "REQUEST_METHOD=POST", "CONTENT_TYPE=application/json", "CONTENT_LENGTH=8", NULL },
          400 },
        { "long",
          { "REQUEST_METHOD=POST", "CONTENT_TYPE=application/json", "CONTENT_LENGTH=6", NULL },
          400 },
        { "no length", { "REQUEST_METHOD=POST", "CONTENT_TYPE=application/json", NULL }, 0 },
        { "negative",
          { "REQUEST_METHOD=POST", "CONTENT_TYPE=application/json", "CONTENT_LENGTH=-0", NULL },
          400 },
        { "letters",
          { "REQUEST_METHOD=POST", "CONTENT_TYPE=application/json", "CONTENT_LENGTH=7x", NULL },
          400 },
        { "beyond 64 bits",
          { "REQUEST_METHOD=POST", "CONTENT_TYPE=application/json",
            "CONTENT_LENGTH=99999999999999999999", NULL },
          400 },
        { "over the limit",
          { "REQUEST_METHOD=POST", "CONTENT_TYPE=application/json", "CONTENT_LENGTH=262145", NULL },
          413 },
    };
    (void)state;
    struct arena *a = arena_new("test");
    const struct config config = make_config(MODE_PRODUCTION);
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct memory m = make_memory(cases[i].variables, body);
        struct errors errors = { .arena = a };
        struct http_request request;
        struct response response;
        response_init(&response);
        enum http_result result = http_read(a, &m.source, &config, &request, &response, &errors);
        if (response.status != cases[i].status || (result == HTTP_OK) != !cases[i].status ||
            (errors.count == 1) != (cases[i].status != 0) || m.read != m.length)
            fail_msg("%s: %d", cases[i].title, response.status);
    }
    arena_free(a);
}

static void
test_body(void **state)
{
    char *variables[] = { "HTTP_HOST=x",
                          "REQUEST_METHOD=POST",
                          "CONTENT_TYPE=application/json",
                          "CONTENT_LENGTH=20",
                          "QUERY_STRING=a=b",
                          "HTTP_ACCEPT=application/graphql-response+json",
                          "REQUEST_ID=0123456789abcdef0123456789abcdef",
                          NULL };
    (void)state;
    struct arena *a = arena_new("test");
    const struct config config = make_config(MODE_PRODUCTION);
    struct memory m = make_memory(variables, "0123456789abcdefghij");
    struct errors errors = { .arena = a };
    struct http_request request;
    struct response response;
    response_init(&response);
    assert_int_equal(http_read(a, &m.source, &config, &request, &response, &errors), HTTP_OK);
    assert_true(str_is(request.body, "0123456789abcdefghij"));
    assert_true(str_is(request.query_string, "a=b"));
    assert_int_equal(request.method, HTTP_POST);
    assert_int_equal(response.media, HTTP_GRAPHQL);
    assert_string_equal(response.id, "0123456789abcdef0123456789abcdef");

    variables[3] = "CONTENT_LENGTH=-0";
    m = make_memory(variables, "");
    assert_int_equal(http_read(a, &m.source, &config, &request, &response, &errors), HTTP_REFUSED);

    variables[3] = "CONTENT_LENGTH=20";
    errors.count = 0;
    m = make_memory(variables, "0123456789");
    m.breaks_off = true;
    assert_int_equal(http_read(a, &m.source, &config, &request, &response, &errors), HTTP_GONE);
    assert_int_equal(errors.count, 0);
    arena_free(a);
}

static void
test_credentials(void **state)
{
    static const struct {
        const char *title;
        char *variables[4];
        const char *authorization; /* NULL: refused */
    } cases[] = {
        { "plain", { "HTTP_AUTHORIZATION=JWT a", NULL }, "JWT a" },
        { "rewritten", { "REDIRECT_HTTP_AUTHORIZATION=JWT a", NULL }, "JWT a" },
        { "rewritten twice", { "REDIRECT_REDIRECT_HTTP_AUTHORIZATION=JWT a", NULL }, "JWT a" },
        { "as mod_fcgid has it", { "Authorization=JWT a", NULL }, "JWT a" },
        { "two names, one value",
          { "HTTP_AUTHORIZATION=JWT a", "REDIRECT_HTTP_AUTHORIZATION=JWT a", NULL },
          "JWT a" },
        { "an empty name and another",
          { "HTTP_AUTHORIZATION=", "REDIRECT_HTTP_AUTHORIZATION=JWT a", NULL },
          "JWT a" },
        { "two names, two values",
          { "HTTP_AUTHORIZATION=JWT a", "Authorization=JWT b", NULL },
          NULL },
        { "twice", { "HTTP_AUTHORIZATION=JWT a", "HTTP_AUTHORIZATION=JWT a", NULL }, NULL },
    };
    (void)state;
    struct arena *a = arena_new("test");
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct http_request request;
        struct response response;
        char *variables[6] = { "REQUEST_METHOD=GET" };
        memcpy(variables + 1, cases[i].variables, sizeof(cases[i].variables));
        enum http_result result =
            read_variables(a, variables, MODE_PRODUCTION, &request, &response);
        if (cases[i].authorization
                ? result != HTTP_OK || !str_is(request.authorization, cases[i].authorization)
                : result != HTTP_REFUSED || response.status != 400)
            fail_msg("%s", cases[i].title);
    }
    arena_free(a);
}

static void
test_targets(void **state)
{
    static const struct {
        const char *title;
        char *variables[5];
        int target, status; /* 0: it is well */
    } cases[] = {
        { "an operation",
          { "REQUEST_METHOD=GET", "SCRIPT_NAME=/graphql", NULL },
          HTTP_OPERATION,
          0 },
        { "live", { "REQUEST_METHOD=GET", "SCRIPT_NAME=/live", NULL }, HTTP_LIVE, 0 },
        { "keys",
          { "REQUEST_METHOD=GET", "SCRIPT_NAME=/.well-known/jwks.json", NULL },
          HTTP_KEYS,
          0 },
        { "ready", { "REQUEST_METHOD=HEAD", "SCRIPT_NAME=/ready", NULL }, HTTP_READY, 0 },
        { "after a program",
          { "REQUEST_METHOD=GET", "SCRIPT_NAME=/cgi-bin/graphql.cgi", "PATH_INFO=/ready", NULL },
          HTTP_READY,
          0 },
        { "longer", { "REQUEST_METHOD=GET", "SCRIPT_NAME=/live/", NULL }, HTTP_OPERATION, 0 },
        { "posted", { "REQUEST_METHOD=POST", "SCRIPT_NAME=/live", NULL }, HTTP_LIVE, 405 },
        { "a preflight",
          { "REQUEST_METHOD=OPTIONS", "HTTP_ORIGIN=https://x.example",
            "HTTP_ACCESS_CONTROL_REQUEST_METHOD=POST", "HTTP_ACCEPT=text/html", NULL },
          HTTP_PREFLIGHT,
          0 },
        { "no preflight",
          { "REQUEST_METHOD=OPTIONS", "HTTP_ORIGIN=https://x.example", NULL },
          HTTP_OPERATION,
          405 },
    };
    (void)state;
    struct arena *a = arena_new("test");
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct http_request request;
        struct response response;
        read_variables(a, (char **)cases[i].variables, MODE_PRODUCTION, &request, &response);
        if ((int)request.target != cases[i].target || response.status != cases[i].status)
            fail_msg("%s: %d", cases[i].title, response.status);
    }
    arena_free(a);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_content_types), cmocka_unit_test(test_accept),
        cmocka_unit_test(test_accept_html),   cmocka_unit_test(test_content_encodings),
        cmocka_unit_test(test_repetition),    cmocka_unit_test(test_query_strings),
        cmocka_unit_test(test_verdicts),      cmocka_unit_test(test_body),
        cmocka_unit_test(test_credentials),   cmocka_unit_test(test_targets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
