/*
 * test_params.c - documents and variables from bodies and query strings.
 *
 * SPDX-License-Identifier: MIT
 */

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/limits.h"
#include "value/value.h"
#include "http/http.h"
#include "http/params.h"
#include "tests/unit/unit.h"

static struct http_request
post(const char *body)
{
    return (struct http_request){ .method = HTTP_POST, .body = str_from(body) };
}

static struct http_request
get(const char *query_string)
{
    return (struct http_request){ .method = HTTP_GET, .query_string = str_from(query_string) };
}

/* A value as JSON again. */
static const char *
as_text(struct arena *a, const struct value *value)
{
    struct buf *b = buf_new(a);
    if (!value)
        return "-";
    value_write_json(b, value);
    return buf_copy(a, b).ptr;
}

static void
test_requests(void **state)
{
    static const struct {
        bool is_get;
        const char *text;
        const char *query, *name, *variables, *extensions; /* NULL: none */
    } cases[] = {
        { false, "{\"query\":\"{a}\"}", "{a}", NULL, "-", "-" },
        { false,
          " {\"query\":\"{a}\",\"operationName\":\"A\",\"variables\":{\"x\":[1,null]},"
          "\"extensions\":{\"y\":true},\"unknown\":[{\"z\":1.5}]}\n",
          "{a}", "A", "{\"x\":[1,null]}", "{\"y\":true}" },
        { false,
          "{\"query\":\"{a}\",\"operationName\":null,\"variables\":null,"
          "\"extensions\":null}",
          "{a}", NULL, "-", "-" },
        { false, "{\"query\":\"{a}\",\"operationName\":\"\"}", "{a}", NULL, "-", "-" },
        { false, "{\"variables\":{},\"query\":\"\"}", "", NULL, "{}", "-" },
        { false, "{\"query\":\"\\u00e9\\ud83d\\ude00\\n\"}", "\xC3\xA9\xF0\x9F\x98\x80\n", NULL,
          "-", "-" },
        { true, "query=%7Ba%7D&variables=%7B%22x%22%3A%22y%22%7D&operationName=A&other=%5B", "{a}",
          "A", "{\"x\":\"y\"}", "-" },
        { true, "query=a&variables=&operationName=&extensions=null", "a", NULL, "-", "-" },
        { true, "operationName=null&query=a", "a", "null", "-", "-" },
    };
    (void)state;
    struct arena *a = arena_new("test");
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct http_request request = cases[i].is_get ? get(cases[i].text) : post(cases[i].text);
        struct errors errors = { .arena = a };
        struct params params;
        if (!params_read(a, &request, &limits_default, &params, &errors))
            fail_msg("%s: %.*s", cases[i].text, STR_PRINT(errors.first->message));
        assert_true(str_is(params.query, cases[i].query));
        assert_true(str_equal(params.operation_name, str_from(cases[i].name)));
        assert_int_equal(!params.operation_name.ptr, !cases[i].name);
        assert_string_equal(as_text(a, params.variables), cases[i].variables);
        assert_string_equal(as_text(a, params.extensions), cases[i].extensions);
    }
    arena_free(a);
}

static void
test_refusals(void **state)
{
    static const struct {
        bool is_get;
        const char *text;
    } cases[] = {
        { false, "" },
        { false, "{" },
        { false, "null" },
        { false, "\"query\"" },
        { false, "[]" },
        { false, "[{\"query\":\"{a}\"}]" },
        { false, "{}" },
        { false, "{\"Query\":\"{a}\"}" },
        { false, "{\"query\":null}" },
        { false, "{\"query\":{}}" },
        { false, "{\"query\":0}" },
        { false, "{\"query\":true}" },
        { false, "{\"query\":[\"{a}\"]}" },
        { false, "{\"query\":\"a\",\"operationName\":{}}" },
        { false, "{\"query\":\"a\",\"operationName\":1}" },
        { false, "{\"query\":\"a\",\"variables\":\"{}\"}" },
        { false, "{\"query\":\"a\",\"variables\":[]}" },
        { false, "{\"query\":\"a\",\"extensions\":1}" },
        { false, "{\"query\":\"a\",\"query\":\"b\"}" },
        { false, "{\"query\":\"a\\u0000\"}" },
        { false, "{\"query\":\"\\ud800\"}" },
        { false, "{\"query\":'a'}" },
        { false, "{\"documentId\":1}" },
        { false, "{\"documentId\":\"\"}" },
        { false, "{\"documentId\":{},\"query\":\"a\"}" },
        { false, "{\"extensions\":{\"persistedQuery\":{\"version\":1}}}" },
        { false, "{\"extensions\":{\"persistedQuery\":{\"version\":1.0,\"sha256Hash\":\"b\"}}}" },
        { true, "documentId=" },
        { true, "documentId=a&documentId=a" },
        { false, "{\"query\":\"a\"} x" },
        { true, "" },
        { true, "query=" },
        { true, "query=a&query=b" },
        { true, "query=a%" },
        { true, "query=a&variables=%5B%5D" },
        { true, "query=a&variables=x" },
        { true, "query=a&extensions=1" },
    };
    (void)state;
    struct arena *a = arena_new("test");
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct http_request request = cases[i].is_get ? get(cases[i].text) : post(cases[i].text);
        struct errors errors = { .arena = a };
        struct params params;
        if (params_read(a, &request, &limits_default, &params, &errors) || errors.count != 1 ||
            errors.first->code != ERROR_BAD_REQUEST)
            fail_msg("%s", cases[i].text);
    }
    arena_free(a);
}

/* By the id of a document, with its text or without. */
static void
test_ids(void **state)
{
    static const struct {
        bool is_get;
        const char *text;
        const char *id, *query; /* NULL: none */
        bool is_persisted_query;
    } cases[] = {
        { false, "{\"documentId\":\"a\"}", "a", NULL, false },
        { false, "{\"documentId\":\"a\",\"query\":null}", "a", NULL, false },
        { false, "{\"documentId\":\"a\",\"query\":\"\"}", "a", NULL, false },
        { false, "{\"documentId\":\"a\",\"query\":\"{a}\"}", "a", "{a}", false },
        { false, "{\"documentId\":\"\",\"query\":\"{a}\"}", NULL, "{a}", false },
        { false, "{\"documentId\":null,\"query\":\"{a}\"}", NULL, "{a}", false },
        { false, "{\"extensions\":{\"persistedQuery\":{\"version\":1,\"sha256Hash\":\"b\"}}}", "b",
          NULL, true },
        { false,
          "{\"documentId\":\"a\",\"extensions\":{\"persistedQuery\":{\"version\":1,"
          "\"sha256Hash\":\"b\"}}}",
          "a", NULL, false },
        { false,
          "{\"query\":\"{a}\",\"extensions\":{\"persistedQuery\":{\"version\":2,"
          "\"sha256Hash\":\"b\"}}}",
          NULL, "{a}", false },
        { true, "documentId=sha256%3Aa&query=", "sha256:a", NULL, false },
        { true,
          "extensions=%7B%22persistedQuery%22%3A%7B%22version%22%3A1%2C%22sha256Hash%22%3A%22b%22"
          "%7D%7D",
          "b", NULL, true },
    };
    struct arena *a = arena_new("test");

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct http_request request = cases[i].is_get ? get(cases[i].text) : post(cases[i].text);
        struct errors errors = { .arena = a };
        struct params params;
        if (!params_read(a, &request, &limits_default, &params, &errors))
            fail_msg("%s: %.*s", cases[i].text, STR_PRINT(errors.first->message));
        if (!str_equal(params.document_id, str_from(cases[i].id)) ||
            !str_equal(params.query, str_from(cases[i].query)) ||
            !params.query.ptr != !cases[i].query ||
            params.is_persisted_query != cases[i].is_persisted_query)
            fail_msg("%s", cases[i].text);
    }
    arena_free(a);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_requests),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_ids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
