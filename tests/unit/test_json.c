/*
 * test_json.c - writing JSON (base/json.c) and judging it (base/json_scan.c).
 *
 * SPDX-License-Identifier: MIT
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "tests/unit/unit.h"

static const struct json_bounds wide = { 64, 10000, 65536, 40, false };

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

static bool
scans(struct str text, const struct json_bounds *bounds, struct json_fault *fault)
{
    *fault = (struct json_fault){ 0 };
    return json_scan(text, bounds, fault);
}

static void
json_scan_takes_json(void **state)
{
    static const char *const good[] = {
        "null",
        " true ",
        "false\n",
        "\t0",
        "-0",
        "1",
        "-1.5e+10",
        "1E2",
        "0.5",
        "\"\"",
        "\"a\\u0062\\n\\/\"",
        "\"\\ud83c\\udfc3\"",
        "[]",
        "{}",
        "[1,[2,{}],\"x\"]",
        "{\"a\":{\"a\":1},\"b\":[{\"a\":1},{\"a\":1}]}",
        "{\"\":0}",
        "\"\x7F\"",
    };
    struct json_fault fault;

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(good); i++)
        if (!scans(str_from(good[i]), &wide, &fault))
            fail_msg("%s: %s at %zu", good[i], fault.message, fault.offset);
}

static void
json_scan_refuses_all_else(void **state)
{
    static const struct {
        struct str text;
        size_t offset;
    } bad[] = {
        { STR_INIT(""), 0 },
        { STR_INIT(" "), 1 },
        { STR_INIT("nul"), 0 },
        { STR_INIT("NaN"), 0 },
        { STR_INIT("Infinity"), 0 },
        { STR_INIT("'a'"), 0 },
        { STR_INIT("01"), 0 },
        { STR_INIT("1."), 0 },
        { STR_INIT(".5"), 0 },
        { STR_INIT("1e"), 0 },
        { STR_INIT("+1"), 0 },
        { STR_INIT("-"), 0 },
        { STR_INIT("1 2"), 2 },
        { STR_INIT("[1,]"), 3 },
        { STR_INIT("[1 2]"), 3 },
        { STR_INIT("[1"), 2 },
        { STR_INIT("{\"a\":1,}"), 7 },
        { STR_INIT("{\"a\" 1}"), 5 },
        { STR_INIT("{a:1}"), 1 },
        { STR_INIT("{1:1}"), 1 },
        { STR_INIT("{} {}"), 3 },
        { STR_INIT("[1]//"), 3 },
        { STR_INIT("\"abc"), 0 },
        { STR_INIT("\"abc\\"), 5 },
        { STR_INIT("\"\\x\""), 1 },
        { STR_INIT("\"\\u12g4\""), 1 },
        { STR_INIT("\"\\u12\""), 1 },
        { STR_INIT("\"\\ud800\""), 1 },
        { STR_INIT("\"\\ud800\\u0041\""), 1 },
        { STR_INIT("\"\\udc00\""), 1 },
        { STR_INIT("\"\\u0000\""), 1 },
        { STR_INIT("\"a\nb\""), 2 },
        { STR_INIT("\"a\0b\""), 2 },
        { STR_INIT("null\0"), 4 },
        { STR_INIT("\xEF\xBB\xBFnull"), 0 },
        { STR_INIT("\"\xFF\""), 1 },
        { STR_INIT("\"\xED\xA0\x80\""), 1 },
        { STR_INIT("{\"a\":1,\"a\":2}"), 0 },
        { STR_INIT("{\"a\":1,\"\\u0061\":2}"), 0 },
        { STR_INIT("{\"x\":{\"a\":1,\"b\":2,\"a\":3}}"), 5 },
        { STR_INIT("[{\"b\":{},\"a\":[{\"b\":1}],\"b\":0}]"), 1 },
    };
    struct json_fault fault;

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++) {
        if (scans(bad[i].text, &wide, &fault))
            fail_msg("%.*s was taken", STR_PRINT(bad[i].text));
        assert_non_null(fault.message);
        assert_null(fault.limit);
        if (fault.offset != bad[i].offset)
            fail_msg("%.*s: at %zu, not %zu", STR_PRINT(bad[i].text), bad[i].offset, fault.offset);
    }
}

/* `count` times `before`, then `middle`, then `count` times `behind`. */
static struct str
nest(struct arena *a, int count, const char *before, const char *middle, const char *behind)
{
    struct buf *b = buf_new(a);

    for (int i = 0; i < count; i++)
        buf_put_c(b, before);
    buf_put_c(b, middle);
    for (int i = 0; i < count; i++)
        buf_put_c(b, behind);
    return buf_str(b);
}

static void
json_scan_keeps_its_bounds(void **state)
{
    struct arena *a = arena_new("test");
    struct json_bounds narrow = { 4, 10, 8, 5, false };
    struct json_fault fault;

    (void)state;
    assert_true(scans(nest(a, 4, "[", "", "]"), &narrow, &fault));
    assert_false(scans(nest(a, 5, "[", "", "]"), &narrow, &fault));
    assert_string_equal(fault.limit, "json_depth");
    assert_int_equal(fault.maximum, 4);
    assert_true(scans(nest(a, 4, "{\"a\":", "1", "}"), &narrow, &fault));
    assert_false(scans(nest(a, 5, "{\"a\":", "1", "}"), &narrow, &fault));
    assert_false(scans(nest(a, 100000, "[", "", ""), &narrow, &fault));
    assert_true(scans(STR("[1,2,3,4,5,6,7,8,9]"), &narrow, &fault));
    assert_false(scans(STR("[1,2,3,4,5,6,7,8,9,0]"), &narrow, &fault));
    assert_string_equal(fault.limit, "json_values");
    assert_true(scans(STR("\"123456\""), &narrow, &fault));
    assert_false(scans(STR("\"12345678\""), &narrow, &fault));
    assert_string_equal(fault.limit, "json_string");
    assert_true(scans(STR("12345"), &narrow, &fault));
    assert_false(scans(STR("123456"), &narrow, &fault));
    assert_string_equal(fault.limit, "json_number");
    arena_free(a);
}

/* 9,000 names, the last the same as the first, are found out without comparing all with all. */
static void
json_scan_finds_duplicates_among_many(void **state)
{
    struct arena *a = arena_new("test");
    struct buf *b = buf_new(a);
    struct json_fault fault;

    (void)state;
    for (int i = 0; i < 9000; i++)
        buf_printf(b, "%s\"n%d\":0", i == 0 ? "{" : ",", i);
    size_t open = b->len;
    buf_put(b, STR(",\"other\":0}"));
    assert_true(scans(buf_str(b), &wide, &fault));
    buf_truncate(b, open);
    buf_put(b, STR(",\"n0\":0}"));
    assert_false(scans(buf_str(b), &wide, &fault));
    arena_free(a);
}

/* Any text that UTF-16 can hold, in values alone. */
static void
json_scan_admits_any_text(void **state)
{
    struct json_bounds bounds = wide;
    struct json_fault fault;

    (void)state;
    bounds.any_text = true;
    assert_true(
        scans(STR("[\"\\u0000\", \"\\ud800\", {\"a\": \"\\udc00\\ud800x\"}]"), &bounds, &fault));
    assert_false(scans(STR("{\"\\u0000\": 1}"), &bounds, &fault));
    assert_false(scans(STR("{\"\\ud800\": 1}"), &bounds, &fault));
    assert_false(scans(STR("\"\xED\xA0\x80\""), &bounds, &fault));
}

static void
json_reads_strings(void **state)
{
    struct arena *a = arena_new("test");
    struct str text = STR("[\"\", \"a\\\"\\u00e4\\n\", \"\\ud83d\\ude00\\u0000\\ud83d\"]");
    size_t offset = 1;

    (void)state;
    assert_int_equal(json_read_string(a, text, &offset).len, 0);
    assert_int_equal(offset, 3);
    offset = 5;
    assert_string_equal(json_read_string(a, text, &offset).ptr, "a\"\xC3\xA4\n");
    offset += 2;
    struct str last = json_read_string(a, text, &offset);
    assert_true(str_equal(last, STR("\xF0\x9F\x98\x80\0\xED\xA0\xBD")));
    assert_int_equal(offset, text.len - 1);
    arena_free(a);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_writes_strings),
        cmocka_unit_test(json_writes_numbers),
        cmocka_unit_test(json_scan_takes_json),
        cmocka_unit_test(json_scan_refuses_all_else),
        cmocka_unit_test(json_scan_keeps_its_bounds),
        cmocka_unit_test(json_scan_finds_duplicates_among_many),
        cmocka_unit_test(json_scan_admits_any_text),
        cmocka_unit_test(json_reads_strings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
