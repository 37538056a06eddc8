/*
 * test_response.c - responses: ids, statuses, heads and bodies.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/unit/http_case.h"

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
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
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
                        "Vary: Origin\r\n"
                        "Cache-Control: private, no-store\r\n"
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

/* Extensions are the last member, whatever else there is. */
static void
test_extensions(void **state)
{
    static const struct {
        const char *message, *data, *body;
    } cases[] = {
        { NULL, "{\"a\":1}", "{\"data\":{\"a\":1},\"extensions\":{\"b\":2}}" },
        { "Bad.", "null", "}}],\"data\":null,\"extensions\":{\"b\":2}}" },
        { "Bad.", NULL, "}}],\"extensions\":{\"b\":2}}" },
    };
    (void)state;
    struct arena *a = arena_new("test");
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct memory m = make_memory(NULL, "");
        struct errors errors = { .arena = a };
        struct response response;
        m.written = buf_new(a);
        response_init(&response);
        response_set_id(&response, STR_NONE);
        response.extensions = STR("{\"b\":2}");
        if (cases[i].message)
            errors_add(&errors, ERROR_BAD_USER_INPUT, "%s", cases[i].message);
        ssize_t length = response_write(a, &m.source, &response, &errors, str_from(cases[i].data));
        struct str text = buf_copy(a, m.written);
        struct str body = str_from(strstr(text.ptr, "\r\n\r\n") + 4);
        assert_int_equal(length, body.len);
        if (!str_ends_with(body, str_from(cases[i].body)))
            fail_msg("%.*s", STR_PRINT(body));
    }
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

/* What caches may keep says so, and whose else it is not. */
static void
test_public(void **state)
{
    (void)state;
    struct arena *a = arena_new("test");
    struct memory m = make_memory(NULL, "");
    struct errors errors = { .arena = a };
    struct response response;
    m.written = buf_new(a);
    response_init(&response);
    response_set_id(&response, STR("0123456789abcdef"));
    response.max_age = 5;
    response.stale = 60;
    response.etag = STR("W/\"0f\"");
    assert_int_equal(response_write(a, &m.source, &response, &errors, STR("{}")), 11);
    assert_string_equal(buf_copy(a, m.written).ptr,
                        "Status: 200 OK\r\n"
                        "Content-Type: application/json; charset=utf-8\r\n"
                        "Content-Length: 11\r\n"
                        "X-Request-Id: 0123456789abcdef\r\n"
                        "Vary: Accept, Authorization, Linnet-Cookies, Origin\r\n"
                        "ETag: W/\"0f\"\r\n"
                        "Cache-Control: public, max-age=5, stale-while-revalidate=60, "
                        "stale-if-error=60\r\n"
                        "X-Content-Type-Options: nosniff\r\n"
                        "\r\n"
                        "{\"data\":{}}");

    buf_truncate(m.written, 0);
    response.status = 304;
    response.stale = 0;
    assert_true(response_write(a, &m.source, &response, &errors, STR("{}")) >= 0);
    assert_string_equal(buf_copy(a, m.written).ptr,
                        "Status: 304 Not Modified\r\n"
                        "X-Request-Id: 0123456789abcdef\r\n"
                        "Vary: Accept, Authorization, Linnet-Cookies, Origin\r\n"
                        "ETag: W/\"0f\"\r\n"
                        "Cache-Control: public, max-age=5\r\n"
                        "X-Content-Type-Options: nosniff\r\n"
                        "\r\n");
    arena_free(a);
}

static void
test_known(void **state)
{
    static const struct {
        const char *if_none_match;
        bool is_known;
    } cases[] = {
        { "W/\"0f\"", true },
        { "\"0f\"", true },
        { "*", true },
        { "\"a\", W/\"b,c\" ,\t\"0f\"", true },
        { "\"a\",\"0f\",", true },
        { "", false },
        { "0f", false },
        { "\"0f", false },
        { "W/", false },
        { "W/\"0F\"", false },
        { "\"0f0f\"", false },
        { "\"W/\"0f\"\"", false },
        { "w/\"0f\"", false },
        { ", ,", false },
    };
    (void)state;
    struct response response;
    response_init(&response);
    assert_false(response_is_known(&response, STR("*"))); /* it has no tag */
    response.etag = STR("W/\"0f\"");
    assert_false(response_is_known(&response, STR_NONE));
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++)
        if (response_is_known(&response, str_from(cases[i].if_none_match)) != cases[i].is_known)
            fail_msg("%s", cases[i].if_none_match);
}

/* Cookies go through the same door as all headers. */
static void
test_cookies(void **state)
{
    (void)state;
    struct arena *a = arena_new("test");
    struct memory m = make_memory(NULL, "");
    struct errors errors = { .arena = a };
    struct response response;
    m.written = buf_new(a);
    response_init(&response);
    response_set_id(&response, STR_NONE);
    response.set_cookies[0] = STR("a=b; Secure");
    response.set_cookies[1] = STR("c=d; Secure");
    assert_true(response_write(a, &m.source, &response, &errors, STR("{}")) > 0);
    struct str text = buf_copy(a, m.written);
    assert_non_null(strstr(text.ptr, "\r\nSet-Cookie: a=b; Secure\r\nSet-Cookie: c=d; Secure\r\n"));
    assert_non_null(strstr(text.ptr, "\r\nCache-Control: private, no-store\r\n"));

    buf_truncate(m.written, 0);
    response.set_cookies[1] = STR("c=d\r\nX-Injected: 1");
    assert_true(response_write(a, &m.source, &response, &errors, STR("{}")) > 0);
    text = buf_copy(a, m.written);
    assert_non_null(strstr(text.ptr, "Status: 500 "));
    assert_null(strstr(text.ptr, "Set-Cookie"));
    assert_null(strstr(text.ptr, "X-Injected"));
    arena_free(a);
}

/* The head that a response with this status and origin has. */
static const char *
make_head(struct arena *a, int status, struct str origin)
{
    struct memory m = make_memory(NULL, "");
    struct response response;
    m.written = buf_new(a);
    response_init(&response);
    response_set_id(&response, STR_NONE);
    response.status = status;
    response.allow_origin = origin;
    response.allow_headers = STR("Content-Type, X-One");
    assert_int_equal(response_write_text(a, &m.source, &response, STR("")), 0);
    return buf_copy(a, m.written).ptr;
}

static void
test_origin_headers(void **state)
{
    (void)state;
    struct arena *a = arena_new("test");
    const char *head = make_head(a, 204, STR("https://a.example"));
    assert_non_null(strstr(head, "Status: 204 No Content\r\n"));
    assert_non_null(strstr(head, "\r\nAccess-Control-Allow-Origin: https://a.example\r\n"));
    assert_non_null(strstr(head, "\r\nAccess-Control-Allow-Methods: GET, HEAD, POST\r\n"));
    assert_non_null(strstr(head, "\r\nAccess-Control-Allow-Headers: Content-Type, X-One\r\n"));
    assert_non_null(strstr(head, "\r\nVary: Origin, Access-Control-Request-Headers\r\n"));
    assert_null(strstr(head, "\r\nContent-"));
    assert_null(strstr(head, "Credentials"));

    head = make_head(a, 200, STR("https://a.example"));
    assert_non_null(
        strstr(head, "\r\nAccess-Control-Expose-Headers: X-Request-Id, Retry-After\r\n"));
    assert_null(strstr(head, "Access-Control-Allow-Methods"));

    head = make_head(a, 200, STR_NONE);
    assert_non_null(strstr(head, "\r\nVary: Origin\r\n"));
    assert_null(strstr(head, "Access-Control"));

    assert_non_null(strstr(make_head(a, 401, STR_NONE), "\r\nWWW-Authenticate: Bearer "));
    arena_free(a);
}

/* The head says how long the body would be. */
static void
test_head(void **state)
{
    (void)state;
    struct arena *a = arena_new("test");
    struct errors none = { .arena = a };
    struct memory get = make_memory(NULL, ""), head = make_memory(NULL, "");
    struct response response;
    get.written = buf_new(a);
    head.written = buf_new(a);
    response_init(&response);
    response_set_id(&response, STR("0123456789abcdef"));
    assert_int_equal(response_write(a, &get.source, &response, &none, STR("{\"a\":1}")), 16);
    response.is_head = true;
    assert_int_equal(response_write(a, &head.source, &response, &none, STR("{\"a\":1}")), 0);
    struct str whole = buf_str(get.written), part = buf_str(head.written);
    assert_int_equal(part.len, whole.len - 16);
    assert_memory_equal(part.ptr, whole.ptr, part.len);
    assert_non_null(strstr(buf_copy(a, head.written).ptr, "Content-Length: 16\r\n"));
    assert_int_equal(response_write_text(a, &head.source, &response, STR("{}")), 0);
    arena_free(a);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ids),
        cmocka_unit_test(test_statuses),
        cmocka_unit_test(test_response),
        cmocka_unit_test(test_extensions),
        cmocka_unit_test(test_header_injection),
        cmocka_unit_test(test_public),
        cmocka_unit_test(test_known),
        cmocka_unit_test(test_cookies),
        cmocka_unit_test(test_origin_headers),
        cmocka_unit_test(test_head),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
