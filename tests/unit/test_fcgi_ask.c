/*
 * test_fcgi_ask.c - the answer that records have, and what is none.
 *
 * SPDX-License-Identifier: MIT
 */
#include "client/fcgi_ask.h"

#include <string.h>

#include "base/arena.h"
#include "tests/unit/unit.h"

#define END     "\1\3\0\1\0\010\0\0\0\0\0\0\0\0\0\0"
#define NOTHING "\1\6\0\1\0\0\0\0"
#define HEAD    "\1\6\0\1\0\022\0\0Status: 404 No\r\nA:"
#define REST    "\1\6\0\1\0\010\3\0 b\r\n\r\nhi\0\0\0"
#define MORE    "\1\6\0\1\0\1\0\0!"
#define NOTE    "\1\7\0\1\0\3\0\0oh!" /* STDERR */

static void
answers(void **state)
{
    static const struct str whole[] = {
        STR_INIT(HEAD REST MORE NOTHING END), STR_INIT(NOTE HEAD REST NOTE MORE END),
        STR_INIT(HEAD REST MORE END HEAD REST), /* what follows the end is not looked at */
    };
    struct arena *a = arena_new("test");
    struct fcgi_answer answer;

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(whole); i++) {
        assert_true(fcgi_ask_read(a, whole[i], &answer));
        assert_int_equal(answer.status, 404);
        assert_true(str_is(answer.body, "hi!"));
    }
    /* Cut off anywhere, it is none. */
    for (size_t len = 0; len < whole[0].len; len++)
        assert_false(fcgi_ask_read(a, (struct str){ whole[0].ptr, len }, &answer));
    arena_free(a);
}

static void
others(void **state)
{
    static const struct str none[] = {
        STR_INIT(END),
        STR_INIT(NOTHING END),
        STR_INIT(REST END),                                    /* no status */
        STR_INIT("\1\6\0\1\0\017\0\0Status: 2x0\r\n\r\n" END), /* no number */
        STR_INIT("\1\6\0\1\0\015\0\0Status: 2\r\n\r\n" END),   /* too short */
        STR_INIT("\1\6\0\1\0\020\0\0Status: 200 OK\r\n" END),  /* no end of the head */
    };
    struct arena *a = arena_new("test");
    struct fcgi_answer answer;

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(none); i++)
        assert_false(fcgi_ask_read(a, none[i], &answer));
    arena_free(a);
}

static void
no_server(void **state)
{
    struct arena *a = arena_new("test");
    struct fcgi_answer answer;
    char path[200] = { 0 };

    (void)state;
    memset(path, 'x', sizeof(path) - 1);
    assert_non_null(fcgi_ask(a, "/nowhere/socket", "/live", 100, &answer));
    assert_non_null(fcgi_ask(a, path, "/live", 100, &answer));
    arena_free(a);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers),
        cmocka_unit_test(others),
        cmocka_unit_test(no_server),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
