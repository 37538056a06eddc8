/*
 * test_client.c - which addresses count as one client.
 *
 * SPDX-License-Identifier: MIT
 */
#include "auth/client.h"
#include "tests/unit/unit.h"

static void
test_keys(void **state)
{
    static const struct {
        const char *one, *other;
        bool is_same;
    } cases[] = {
        { "192.0.2.1", "192.0.2.1", true },
        { "192.0.2.1", "192.0.2.2", false },
        { "192.0.2.1", "::ffff:192.0.2.1", true },
        { "::ffff:192.0.2.1", "::ffff:192.0.2.2", false },
        { "2001:db8::1", "2001:db8::2", true },
        { "2001:db8::1", "2001:DB8:0:0:ffff::1", true },
        { "2001:db8::1", "2001:db8:0:1::1", false },
        { "2001:db8::1", "::1", false },
        { "unix:", "unix:", true },
        { "unix:", "elsewhere", false },
        { "192.0.2.1", "192.0.2.1x", false },
        { "1111111111111111111111111111111111111111111111111111111111111111",
          "1111111111111111111111111111111111111111111111111111111111111112", false },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        uint64_t one = client_key(str_from(cases[i].one));
        bool is_same = one == client_key(str_from(cases[i].other));
        assert_int_not_equal(one, 0);
        if (is_same != cases[i].is_same)
            fail_msg("%s and %s", cases[i].one, cases[i].other);
    }
    assert_int_equal(client_key(STR_NONE), 0);
    assert_int_equal(client_key(STR("")), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_keys) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
