/*
 * test_json.c - writing JSON (base/json.c).
 *
 * SPDX-License-Identifier: MIT
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "tests/unit/unit.h"

static void
assert_written(struct str text, const char *expected)
{
    struct buf b = { 0 };

    json_write_string(&b, text);
    if (!str_is(buf_str(&b), expected))
        fail_msg("%.*s is not %s", STR_PRINT(buf_str(&b)), expected);
    buf_free(&b);
}

static void
json_writes_strings(void **state)
{
    (void)state;
    assert_written(STR(""), "\"\"");
    assert_written(STR("plain"), "\"plain\"");
    assert_written(STR("\"\\/"), "\"\\\"\\\\/\"");
    assert_written(STR("\b\f\n\r\t"), "\"\\b\\f\\n\\r\\t\"");
    assert_written(STR("\0\x01\x1F\x7F"), "\"\\u0000\\u0001\\u001f\\u007f\"");
    assert_written(STR("h\xC3\xA9 \xF0\x9F\x8F\x83!"), "\"h\xC3\xA9 \xF0\x9F\x8F\x83!\"");
    assert_written(STR("a\xFF"
                       "b\xE2\x82"),
                   "\"a\xEF\xBF\xBD"
                   "b\xEF\xBF\xBD\xEF\xBF\xBD\"");
    /* Line ends to some readers of lines. */
    assert_written(STR("\xE2\x80\xA7\xE2\x80\xA8.\xE2\x80\xA9"), "\"\xE2\x80\xA7\\u2028.\\u2029\"");
}

/* Eight bytes are looked at at once: each byte of ASCII, in each place, is written as alone. */
static void
json_finds_each_byte(void **state)
{
    struct buf alone = { 0 }, expected = { 0 };

    (void)state;
    for (int byte = 0; byte < 0x80; byte++) {
        buf_truncate(&alone, 0);
        json_write_string(&alone, (struct str){ (char[]){ (char)byte }, 1 });
        for (size_t place = 0; place < 20; place++) {
            char text[20];
            memset(text, 'x', sizeof(text));
            text[place] = (char)byte;
            buf_truncate(&expected, 0);
            buf_byte(&expected, '"');
            buf_repeat(&expected, 'x', place);
            buf_put(&expected, (struct str){ alone.ptr + 1, alone.len - 2 });
            buf_repeat(&expected, 'x', sizeof(text) - 1 - place);
            buf_put(&expected, STR("\"\0"));
            assert_written((struct str){ text, sizeof(text) }, expected.ptr);
        }
    }
    buf_free(&alone);
    buf_free(&expected);
}

static void
json_writes_numbers(void **state)
{
    static const double numbers[] = { 0, 1, -1.5, 0.1, 1e300, 5e-324, 3.141592653589793, 1e21 };
    struct buf b = { 0 };

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(numbers); i++) {
        buf_truncate(&b, 0);
        json_write_double(&b, numbers[i]);
        buf_byte(&b, '\0');
        assert_true(strtod(b.ptr, NULL) == numbers[i]);
    }
    buf_truncate(&b, 0);
    json_write_double(&b, 0.1);
    assert_true(str_is(buf_str(&b), "0.1")); /* the shortest form */
    buf_truncate(&b, 0);
    json_write_double(&b, INFINITY);
    json_write_bool(&b, true);
    assert_true(str_is(buf_str(&b), "nulltrue"));
    buf_free(&b);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_writes_strings),
        cmocka_unit_test(json_finds_each_byte),
        cmocka_unit_test(json_writes_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
