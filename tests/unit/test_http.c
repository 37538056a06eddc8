/*
 * test_http.c - requests from a source in memory: media types, lengths, query
 * strings; and the heads of responses.
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
#include "base/buf.h"
#include "base/error.h"
#include "base/limits.h"
#include "server/http.h"
#include "server/response.h"

/* A request whose body comes in small pieces, and the response to it. */
struct memory {
    struct http_source source; /* the first member */
    const char *body;
    size_t length, read;
    bool breaks_off; /* instead of an end */
    struct buf *written;
};

static ssize_t
read_memory(struct http_source *source, char *out, size_t size)
{
    struct memory *m = (struct memory *)source;
    size_t left = m->length - m->read, len = left < 7 ? left : 7;
    if (left == 0)
        return m->breaks_off ? -1 : 0;
    len = len < size ? len : size;
    memcpy(out, m->body + m->read, len);
    m->read += len;
    return (ssize_t)len;
}

static bool
write_memory(struct http_source *source, const struct str *pieces, int count)
{
    struct memory *m = (struct memory *)source;
    for (int i = 0; i < count; i++)
        buf_put(m->written, pieces[i]);
    return true;
}

static struct memory
make_memory(char **variables, const char *body)
{
    struct memory m = { .body = body, .length = strlen(body) };
    m.source = (struct http_source){ variables, read_memory, write_memory };
    return m;
}

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
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
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
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        enum http_media media;
        bool is_acceptable = http_accept(str_from(cases[i].text), &media);
        if ((is_acceptable ? (int)media : NEITHER) != cases[i].media)
            fail_msg("Accept: %s", cases[i].text);
    }
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
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
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
        { "short",
          { "REQUEST_METHOD=POST", "CONTENT_TYPE=application/json", "CONTENT_LENGTH=8", NULL },
          400 },
        { "long",
          { "REQUEST_METHOD=POST", "CONTENT_TYPE=application/json", "CONTENT_LENGTH=6", NULL },
          400 },
        { "no length", { "REQUEST_METHOD=POST", "CONTENT_TYPE=application/json", NULL }, 400 },
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
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct memory m = make_memory(cases[i].variables, body);
        struct errors errors = { .arena = a };
        struct http_request request;
        struct response response;
        response_init(&response);
        enum http_result result =
            http_read(a, &m.source, &limits_default, &request, &response, &errors);
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
    struct memory m = make_memory(variables, "0123456789abcdefghij");
    struct errors errors = { .arena = a };
    struct http_request request;
    struct response response;
    response_init(&response);
    assert_int_equal(http_read(a, &m.source, &limits_default, &request, &response, &errors),
                     HTTP_OK);
    assert_true(str_is(request.body, "0123456789abcdefghij"));
    assert_true(str_is(request.query_string, "a=b"));
    assert_int_equal(request.method, HTTP_POST);
    assert_int_equal(response.media, HTTP_GRAPHQL);
    assert_string_equal(response.id, "0123456789abcdef0123456789abcdef");

    variables[3] = "CONTENT_LENGTH=-0";
    m = make_memory(variables, "");
    assert_int_equal(http_read(a, &m.source, &limits_default, &request, &response, &errors),
                     HTTP_REFUSED);

    variables[3] = "CONTENT_LENGTH=20";
    errors.count = 0;
    m = make_memory(variables, "0123456789");
    m.breaks_off = true;
    assert_int_equal(http_read(a, &m.source, &limits_default, &request, &response, &errors),
                     HTTP_GONE);
    assert_int_equal(errors.count, 0);
    arena_free(a);
}

static void
test_ids(void **state)
{
    (void)state;
    struct response one, two;
    response_init(&one);
    response_init(&two);
    response_set_id(&one, STR_NONE);
    response_set_id(&two, STR_NONE);
    assert_int_equal(response_id(&one).len, RESPONSE_ID_LENGTH);
    assert_string_not_equal(one.id, two.id);

    response_set_id(&one, STR("0123456789abcde\""));
    assert_int_equal(strcspn(one.id, "\""), RESPONSE_ID_LENGTH);
    response_set_id(&one, STR("short"));
    assert_int_equal(response_id(&one).len, RESPONSE_ID_LENGTH);
}

static void
test_statuses(void **state)
{
    static const struct {
        enum error_code code;
        int json, graphql;
    } cases[] = {
        { ERROR_BAD_REQUEST, 400, 400 },         { ERROR_PARSE_FAILED, 200, 400 },
        { ERROR_VALIDATION_FAILED, 200, 400 },   { ERROR_OPERATION_RESOLUTION_FAILURE, 200, 400 },
        { ERROR_BAD_USER_INPUT, 200, 400 },      { ERROR_LIMIT_EXCEEDED, 200, 400 },
        { ERROR_SERVICE_UNAVAILABLE, 503, 503 }, { ERROR_INTERNAL, 500, 500 },
    };
    (void)state;
    struct arena *a = arena_new("test");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct errors errors = { .arena = a };
        errors_add(&errors, cases[i].code, "x");
        assert_int_equal(response_status(&errors, false, HTTP_JSON), cases[i].json);
        assert_int_equal(response_status(&errors, false, HTTP_GRAPHQL), cases[i].graphql);
        assert_int_equal(response_status(&errors, true, HTTP_GRAPHQL), 200);
    }
    arena_free(a);
}

static void
test_response(void **state)
{
    (void)state;
    struct arena *a = arena_new("test");
    struct memory m = make_memory(NULL, "");
    struct errors errors = { .arena = a };
    struct response response;
    m.written = buf_new(a);
    response_init(&response);
    response_set_id(&response, STR("0123456789abcdef"));
    assert_int_equal(response_write(a, &m.source, &response, &errors, STR("{\"a\":1}")), 16);
    assert_string_equal(buf_copy(a, m.written).ptr,
                        "Status: 200 OK\r\n"
                        "Content-Type: application/json; charset=utf-8\r\n"
                        "Content-Length: 16\r\n"
                        "X-Request-Id: 0123456789abcdef\r\n"
                        "Cache-Control: no-store\r\n"
                        "X-Content-Type-Options: nosniff\r\n"
                        "\r\n"
                        "{\"data\":{\"a\":1}}");

    buf_truncate(m.written, 0);
    errors_add(&errors, ERROR_SERVICE_UNAVAILABLE, "Away.")->retry_after = 3;
    response.status = 0;
    assert_true(response_write(a, &m.source, &response, &errors, STR_NONE) > 0);
    struct str text = buf_copy(a, m.written);
    assert_non_null(strstr(text.ptr, "Status: 503 Service Unavailable\r\n"));
    assert_non_null(strstr(text.ptr, "\r\nRetry-After: 3\r\n"));
    assert_non_null(strstr(text.ptr, "\r\n\r\n{\"errors\":[{\"message\":\"Away.\""));
    assert_null(strstr(text.ptr, "data"));
    arena_free(a);
}

/* A value with a line end would begin a header of the attacker's. */
static void
test_header_injection(void **state)
{
    (void)state;
    struct arena *a = arena_new("test");
    struct memory m = make_memory(NULL, "");
    struct errors errors = { .arena = a };
    struct response response;
    m.written = buf_new(a);
    response_init(&response);
    response_set_id(&response, STR_NONE);
    response.timing = STR("x\r\nSet-Cookie: a=b");
    assert_true(response_write(a, &m.source, &response, &errors, STR("{}")) > 0);
    struct str text = buf_copy(a, m.written);
    assert_null(strstr(text.ptr, "Set-Cookie"));
    assert_non_null(strstr(text.ptr, "Status: 500 "));
    assert_non_null(strstr(text.ptr, "INTERNAL_SERVER_ERROR"));
    arena_free(a);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_content_types),
        cmocka_unit_test(test_accept),
        cmocka_unit_test(test_query_strings),
        cmocka_unit_test(test_verdicts),
        cmocka_unit_test(test_body),
        cmocka_unit_test(test_ids),
        cmocka_unit_test(test_statuses),
        cmocka_unit_test(test_response),
        cmocka_unit_test(test_header_injection),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
