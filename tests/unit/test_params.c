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

static void
test_bounds(void **state)
{
    (void)state;
    struct arena *a = arena_new("test");
    struct limits limits = limits_default;
    limits.json_depth = 3;
    limits.json_number = 5;
    static const struct {
        const char *text;
        const char *limit; /* NULL: within the bounds */
    } cases[] = {
        { "[[[]]]", NULL },
        { "[[[[]]]]", "json_depth" },
        { "12345", NULL },
        { "123456", "json_number" },
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct errors errors = { .arena = a };
        const struct value *value = params_parse_json(a, str_from(cases[i].text), &limits, &errors);
        assert_int_equal(value != NULL, cases[i].limit == NULL);
        if (value)
            continue;
        assert_int_equal(errors.first->code, ERROR_LIMIT_EXCEEDED);
        assert_string_equal(errors.first->limit, cases[i].limit);
        assert_true(errors.first->maximum > 0);
    }
    arena_free(a);
}

/* Numbers keep the digits that were written, wherever others stand before them. */
static void
test_numbers(void **state)
{
    static const char text[] =
        "{\"1\": [1, -0, 9223372036854775808, 123456789012345678901234567890], "
        "\"a\\\"2\\\\\": 1.10, \"3\": {\"x\": 1E400, \"y\": -1.5e-7, \"z\": \"4\"}, \"5\": 1e2}";
    (void)state;
    struct arena *a = arena_new("test");
    struct errors errors = { .arena = a };
    const struct value *value = params_parse_json(a, str_from(text), &limits_default, &errors);
    assert_non_null(value);
    assert_string_equal(as_text(a, value),
                        "{\"1\":[1,-0,9223372036854775808,123456789012345678901234567890],"
                        "\"a\\\"2\\\\\":1.10,\"3\":{\"x\":1E400,\"y\":-1.5e-7,\"z\":\"4\"},"
                        "\"5\":1e2}");
    const struct value *list = value_find(value, STR("1"));
    assert_int_equal(list->count, 4);
    assert_int_equal(list->items->kind, VALUE_INT);
    assert_int_equal(value_find(value, STR("5"))->kind, VALUE_FLOAT);
    assert_int_equal(value_find(value, STR("a\"2\\"))->kind, VALUE_FLOAT);
    assert_null(value_find(value, STR("6")));

    value = params_parse_json(a, STR("42"), &limits_default, &errors);
    assert_string_equal(as_text(a, value), "42");
    value = params_parse_json(a, STR(" null "), &limits_default, &errors);
    assert_int_equal(value->kind, VALUE_NULL);
    arena_free(a);
}

/* A line of a batch may have strings that no request has. */
static void
test_any_text(void **state)
{
    static const struct str text = STR_INIT("{\"a\": \"\\ud800\", \"b\": [1, \"x\\u0000y\", 2]}");
    (void)state;
    struct arena *a = arena_new("test");
    struct errors errors = { .arena = a };
    assert_null(params_parse_json(a, text, &limits_default, &errors));
    const struct value *value = params_parse_any_text(a, text, &limits_default, &errors);
    assert_non_null(value);
    assert_true(str_equal(value_find(value, STR("a"))->text, STR("\xED\xA0\x80")));
    const struct value *list = value_find(value, STR("b"));
    assert_string_equal(list->items->text.ptr, "1");
    assert_true(str_equal(list->items->next->text, STR("x\0y")));
    assert_string_equal(list->items->next->next->text.ptr, "2");
    arena_free(a);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_requests), cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_bounds),   cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_any_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
