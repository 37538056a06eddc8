/*
 * test_fcgi_record.c - where a request ends, and what is none.
 *
 * SPDX-License-Identifier: MIT
 */

#include "base/str.h"
#include "http/fcgi_internal.h"
#include "tests/unit/unit.h"

#define BEGIN       "\1\1\0\1\0\010\0\0\0\1\1\0\0\0\0\0"
#define END_PARAMS  "\1\4\0\1\0\0\0\0"
#define END_STDIN   "\1\5\0\1\0\0\0\0"
#define PARAMS      "\1\4\0\1\0\011\1\0\1\3Aone\1\0B\0" /* with a byte of padding */
#define HALF_PARAMS "\1\4\0\1\0\4\0\0\1\3Ao"
#define REST_PARAMS "\1\4\0\1\0\2\0\0ne"
#define LONG_PARAMS "\1\4\0\1\0\014\0\0\200\0\0\1\200\0\0\3Aone"
#define STDIN       "\1\5\0\1\0\2\2\0hi\0\0"

static enum fcgi_walk_state
walk_all(struct str bytes, size_t *end)
{
    struct fcgi_walk walk = { 0 };
    enum fcgi_walk_state state = fcgi_walk(&walk, bytes.ptr, bytes.len);

    *end = walk.at;
    return state;
}

/* Requests, and whole ones at their end alone, however their bytes come. */
static void
requests(void **state)
{
    static const struct str whole[] = {
        STR_INIT(BEGIN END_PARAMS END_STDIN),
        STR_INIT(BEGIN PARAMS PARAMS END_PARAMS END_STDIN),
        STR_INIT(BEGIN HALF_PARAMS REST_PARAMS END_PARAMS STDIN STDIN END_STDIN),
        STR_INIT(BEGIN LONG_PARAMS END_PARAMS STDIN END_STDIN),
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(whole); i++) {
        struct fcgi_walk piecemeal = { 0 };
        size_t end;
        for (size_t len = 0; len < whole[i].len; len++) {
            assert_int_equal(walk_all((struct str){ whole[i].ptr, len }, &end), FCGI_MORE);
            assert_int_equal(fcgi_walk(&piecemeal, whole[i].ptr, len), FCGI_MORE);
        }
        assert_int_equal(walk_all(whole[i], &end), FCGI_WHOLE);
        assert_int_equal(end, whole[i].len);
        assert_int_equal(fcgi_walk(&piecemeal, whole[i].ptr, whole[i].len), FCGI_WHOLE);
        assert_int_equal(piecemeal.at, whole[i].len);
    }
}

static void
what_is_behind_the_end_is_not_looked_at(void **state)
{
    size_t end;

    (void)state;
    assert_int_equal(walk_all(STR(BEGIN END_PARAMS END_STDIN "xxxxxxxxx"), &end), FCGI_WHOLE);
    assert_int_equal(end, 32);
}

static void
what_is_none(void **state)
{
    static const struct str junk[] = {
        STR_INIT("GET / HTTP/1.1\r\n"),
        STR_INIT("\2\1\0\1\0\010\0\0\0\1\1\0\0\0\0\0"), /* another version */
        STR_INIT("\1\1\0\0\0\010\0\0\0\1\1\0\0\0\0\0"), /* no id */
        STR_INIT("\1\1\0\1\0\010\0\0\0\2\1\0\0\0\0\0"), /* an authorizer */
        STR_INIT("\1\1\0\1\0\010\0\0\1\1\1\0\0\0\0\0"), /* a role of 257 */
        STR_INIT("\1\1\0\1\0\4\0\0\0\1\1\0"),           /* too short */
        STR_INIT("\1\11\0\1\0\0\0\0"),                  /* GET_VALUES */
        STR_INIT(BEGIN BEGIN),
        STR_INIT(BEGIN "\1\2\0\1\0\0\0\0"), /* ABORT_REQUEST */
        STR_INIT(BEGIN END_STDIN),          /* before PARAMS has ended */
        STR_INIT(BEGIN "\1\4\0\2\0\0\0\0"), /* of another request */
        STR_INIT(BEGIN END_PARAMS END_PARAMS),
        STR_INIT(BEGIN END_PARAMS PARAMS),
        STR_INIT(BEGIN "\1\4\0\1\0\0\1\0\0" END_STDIN),  /* nothing, padded */
        STR_INIT(BEGIN HALF_PARAMS END_PARAMS),          /* a pair is broken off: in its value, */
        STR_INIT(BEGIN "\1\4\0\1\0\1\0\0\1" END_PARAMS), /* between its lengths, */
        STR_INIT(BEGIN "\1\4\0\1\0\2\0\0\200\0" END_PARAMS), /* in a length */
        STR_INIT(BEGIN "\1\4\0\1\0\10\0\0\377\377\377\377\377\377\377\377" END_PARAMS),
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(junk); i++) {
        size_t end;
        assert_int_equal(walk_all(junk[i], &end), FCGI_JUNK);
    }
}

/* Variables and body, whatever records they come in. */
static void
what_is_read(void **state)
{
    static const struct str bytes =
        STR_INIT(BEGIN PARAMS HALF_PARAMS REST_PARAMS LONG_PARAMS END_PARAMS STDIN STDIN END_STDIN);
    static const char *const expected[] = { "A=one", "B=", "A=one", "A=one" };
    struct fcgi_walk walk = { 0 };
    struct fcgi_request request = { 0 };
    char body[5];

    (void)state;
    assert_int_equal(fcgi_walk(&walk, bytes.ptr, bytes.len), FCGI_WHOLE);
    fcgi_request_read(&request, bytes.ptr, &walk);
    assert_int_equal(request.id, 1);
    assert_true(request.is_kept);
    for (size_t i = 0; i < ARRAY_LENGTH(expected); i++)
        assert_string_equal(request.variables[i], expected[i]);
    assert_null(request.variables[ARRAY_LENGTH(expected)]);
    assert_int_equal(fcgi_request_take(&request, body, 1), 1);
    assert_int_equal(fcgi_request_take(&request, body + 1, sizeof(body) - 1), 3);
    assert_memory_equal(body, "hihi", 4);
    assert_int_equal(fcgi_request_take(&request, body, sizeof(body)), 0);
    fcgi_request_free(&request);
}

/* One that closes the connection, with neither variables nor body. */
static void
what_is_empty(void **state)
{
    static const struct str bytes = STR_INIT("\1\1\1\2\0\010\0\0\0\1\0\0\0\0\0\0"
                                             "\1\4\1\2\0\0\0\0\1\5\1\2\0\0\0\0");
    struct fcgi_walk walk = { 0 };
    struct fcgi_request request = { 0 };

    (void)state;
    assert_int_equal(fcgi_walk(&walk, bytes.ptr, bytes.len), FCGI_WHOLE);
    fcgi_request_read(&request, bytes.ptr, &walk);
    assert_int_equal(request.id, 258);
    assert_false(request.is_kept);
    assert_null(request.variables[0]);
    assert_int_equal(request.body.len, 0);
    fcgi_request_free(&request);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests),      cmocka_unit_test(what_is_behind_the_end_is_not_looked_at),
        cmocka_unit_test(what_is_none),  cmocka_unit_test(what_is_read),
        cmocka_unit_test(what_is_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
