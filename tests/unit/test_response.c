/*
 * test_response.c - responses: ids, statuses, heads and bodies.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/unit/http_case.h"

/* A response that is written into memory. */
struct fixture {
    struct arena *arena;
    struct memory memory;
    struct errors errors;
    struct response response;
    ssize_t length; /* of the body that was written last; -1: it could not be */
};

/* Begin a response, with nothing written. */
static void
begin(struct fixture *f)
{
    f->memory = make_memory(NULL, "");
    f->memory.written = buf_new(f->arena);
    f->errors = (struct errors){ .arena = f->arena };
    response_init(&f->response);
    response_set_id(&f->response, STR("0123456789abcdef"));
}

static int
setup(void **state)
{
    struct arena *a = arena_new("test");
    struct fixture *f = ARENA_NEW(a, struct fixture);

    f->arena = a;
    begin(f);
    *state = f;
    return 0;
}

static int
teardown(void **state)
{
    struct fixture *f = *state;

    arena_free(f->arena);
    return 0;
}

/* Write it, with that data; the text of the whole response. */
static const char *
write_data(struct fixture *f, const char *data)
{
    buf_truncate(f->memory.written, 0);
    f->length =
        response_write(f->arena, &f->memory.source, &f->response, &f->errors, str_from(data));
    return buf_copy(f->arena, f->memory.written).ptr;
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
    struct fixture *f = *state;

    assert_string_equal(write_data(f, "{\"a\":1}"),
                        "Status: 200 OK\r\n"
                        "Content-Type: application/json; charset=utf-8\r\n"
                        "Content-Length: 16\r\n"
                        "X-Request-Id: 0123456789abcdef\r\n"
                        "Vary: Origin\r\n"
                        "Cache-Control: private, no-store\r\n"
                        "X-Content-Type-Options: nosniff\r\n"
                        "\r\n"
                        "{\"data\":{\"a\":1}}");
    assert_int_equal(f->length, 16);

    errors_add(&f->errors, ERROR_SERVICE_UNAVAILABLE, "Away.")->retry_after = 3;
    f->response.status = 0;
    const char *text = write_data(f, NULL);
    assert_true(f->length > 0);
    assert_non_null(strstr(text, "Status: 503 Service Unavailable\r\n"));
    assert_non_null(strstr(text, "\r\nRetry-After: 3\r\n"));
    assert_non_null(strstr(text, "\r\n\r\n{\"errors\":[{\"message\":\"Away.\""));
    assert_null(strstr(text, "data"));
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
    struct fixture *f = *state;

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        begin(f);
        f->response.extensions = STR("{\"b\":2}");
        if (cases[i].message)
            errors_add(&f->errors, ERROR_BAD_USER_INPUT, "%s", cases[i].message);
        const char *text = write_data(f, cases[i].data);
        struct str body = str_from(strstr(text, "\r\n\r\n") + 4);
        assert_int_equal(f->length, body.len);
        if (!str_ends_with(body, str_from(cases[i].body)))
            fail_msg("%.*s", STR_PRINT(body));
    }
}

/* A value with a line end would begin a header of the attacker's. */
static void
test_header_injection(void **state)
{
    struct fixture *f = *state;

    f->response.timing = STR("x\r\nSet-Cookie: a=b");
    const char *text = write_data(f, "{}");
    assert_true(f->length > 0);
    assert_null(strstr(text, "Set-Cookie"));
    assert_non_null(strstr(text, "Status: 500 "));
    assert_non_null(strstr(text, "INTERNAL_SERVER_ERROR"));
}

/* What caches may keep says so, and whose else it is not. */
static void
test_public(void **state)
{
    struct fixture *f = *state;

    f->response.max_age = 5;
    f->response.stale = 60;
    f->response.etag = STR("W/\"0f\"");
    assert_string_equal(write_data(f, "{}"),
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
    assert_int_equal(f->length, 11);

    f->response.status = 304;
    f->response.stale = 0;
    assert_string_equal(write_data(f, "{}"),
                        "Status: 304 Not Modified\r\n"
                        "X-Request-Id: 0123456789abcdef\r\n"
                        "Vary: Accept, Authorization, Linnet-Cookies, Origin\r\n"
                        "ETag: W/\"0f\"\r\n"
                        "Cache-Control: public, max-age=5\r\n"
                        "X-Content-Type-Options: nosniff\r\n"
                        "\r\n");
    assert_true(f->length >= 0);
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
    struct fixture *f = *state;

    f->response.set_cookies[0] = STR("a=b; Secure");
    f->response.set_cookies[1] = STR("c=d; Secure");
    const char *text = write_data(f, "{}");
    assert_true(f->length > 0);
    assert_non_null(strstr(text, "\r\nSet-Cookie: a=b; Secure\r\nSet-Cookie: c=d; Secure\r\n"));
    assert_non_null(strstr(text, "\r\nCache-Control: private, no-store\r\n"));

    f->response.set_cookies[1] = STR("c=d\r\nX-Injected: 1");
    text = write_data(f, "{}");
    assert_true(f->length > 0);
    assert_non_null(strstr(text, "Status: 500 "));
    assert_null(strstr(text, "Set-Cookie"));
    assert_null(strstr(text, "X-Injected"));
}

/* The head that a response with this status and origin has. */
static const char *
make_head(struct fixture *f, int status, struct str origin)
{
    begin(f);
    f->response.status = status;
    f->response.allow_origin = origin;
    f->response.allow_headers = STR("Content-Type, X-One");
    assert_int_equal(response_write_text(f->arena, &f->memory.source, &f->response, STR("")), 0);
    return buf_copy(f->arena, f->memory.written).ptr;
}

static void
test_origin_headers(void **state)
{
    struct fixture *f = *state;
    const char *head = make_head(f, 204, STR("https://a.example"));
    assert_non_null(strstr(head, "Status: 204 No Content\r\n"));
    assert_non_null(strstr(head, "\r\nAccess-Control-Allow-Origin: https://a.example\r\n"));
    assert_non_null(strstr(head, "\r\nAccess-Control-Allow-Methods: GET, HEAD, POST\r\n"));
    assert_non_null(strstr(head, "\r\nAccess-Control-Allow-Headers: Content-Type, X-One\r\n"));
    assert_non_null(strstr(head, "\r\nVary: Origin, Access-Control-Request-Headers\r\n"));
    assert_null(strstr(head, "\r\nContent-"));
    assert_null(strstr(head, "Credentials"));

    head = make_head(f, 200, STR("https://a.example"));
    assert_non_null(
        strstr(head, "\r\nAccess-Control-Expose-Headers: X-Request-Id, Retry-After\r\n"));
    assert_null(strstr(head, "Access-Control-Allow-Methods"));

    head = make_head(f, 200, STR_NONE);
    assert_non_null(strstr(head, "\r\nVary: Origin\r\n"));
    assert_null(strstr(head, "Access-Control"));

    assert_non_null(strstr(make_head(f, 401, STR_NONE), "\r\nWWW-Authenticate: Bearer "));
}

/* The head says how long the body would be. */
static void
test_head(void **state)
{
    struct fixture *f = *state;
    struct str whole = str_from(write_data(f, "{\"a\":1}"));

    assert_int_equal(f->length, 16);
    f->response.is_head = true;
    struct str head = str_from(write_data(f, "{\"a\":1}"));
    assert_int_equal(f->length, 0);
    assert_int_equal(head.len, whole.len - 16);
    assert_memory_equal(head.ptr, whole.ptr, head.len);
    assert_non_null(strstr(head.ptr, "Content-Length: 16\r\n"));
    assert_int_equal(response_write_text(f->arena, &f->memory.source, &f->response, STR("{}")), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ids),   cmocka_unit_test(test_statuses),
        TEST(test_response),          TEST(test_extensions),
        TEST(test_header_injection),  TEST(test_public),
        cmocka_unit_test(test_known), TEST(test_cookies),
        TEST(test_origin_headers),    TEST(test_head),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
