/*
 * test_value_json.c - values from JSON: what is read, what is refused, and what json-c says of it.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/limits.h"
#include "value/value.h"
#include "value/value_json.h"
#include "tests/unit/unit.h"

static const struct value_json_bounds wide = { 64, 10000, 65536, 40, false };

static bool
scans(struct str text, const struct value_json_bounds *bounds, struct value_json_fault *fault)
{
    struct arena *arena = arena_new("text");

    *fault = (struct value_json_fault){ 0 };
    bool is_read = value_json_read(arena, text, bounds, fault) != NULL;
    arena_free(arena);
    return is_read;
}

static void
takes_json(void **state)
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
    struct value_json_fault fault;

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(good); i++)
        if (!scans(str_from(good[i]), &wide, &fault))
            fail_msg("%s: %s at %zu", good[i], fault.message, fault.offset);
}

static void
refuses_all_else(void **state)
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
    struct value_json_fault fault;

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

/* `count` times `before`, then `middle`, then `count` times `after`. */
static struct str
nest(struct arena *a, int count, const char *before, const char *middle, const char *after)
{
    struct buf *b = buf_new(a);

    for (int i = 0; i < count; i++)
        buf_put_c(b, before);
    buf_put_c(b, middle);
    for (int i = 0; i < count; i++)
        buf_put_c(b, after);
    return buf_str(b);
}

static void
keeps_its_bounds(void **state)
{
    struct arena *a = arena_new("test");
    struct value_json_bounds narrow = { 4, 10, 8, 5, false };
    struct value_json_fault fault;

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
finds_duplicates_among_many(void **state)
{
    struct arena *a = arena_new("test");
    struct buf *b = buf_new(a);
    struct value_json_fault fault;

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
admits_any_text(void **state)
{
    struct value_json_bounds bounds = wide;
    struct value_json_fault fault;

    (void)state;
    bounds.any_text = true;
    assert_true(
        scans(STR("[\"\\u0000\", \"\\ud800\", {\"a\": \"\\udc00\\ud800x\"}]"), &bounds, &fault));
    assert_true(scans(STR("{\"\\u0000\": 1, \"\\u0000\\u0000\": 2}"), &bounds, &fault));
    assert_true(scans(STR("{\"\\ud800\": 1, \"\\ud801\": 2}"), &bounds, &fault));
    assert_false(scans(STR("{\"\\ud800\": 1, \"\\uD800\": 2}"), &bounds, &fault));
    assert_false(scans(STR("\"\xED\xA0\x80\""), &bounds, &fault));
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
reports_limits(void **state)
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
        const struct value *value = value_json_parse(a, str_from(cases[i].text), &limits, &errors);
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
keeps_digits(void **state)
{
    static const char text[] =
        "{\"1\": [1, -0, 9223372036854775808, 123456789012345678901234567890], "
        "\"a\\\"2\\\\\": 1.10, \"3\": {\"x\": 1E400, \"y\": -1.5e-7, \"z\": \"4\"}, \"5\": 1e2}";
    (void)state;
    struct arena *a = arena_new("test");
    struct errors errors = { .arena = a };
    const struct value *value = value_json_parse(a, str_from(text), &limits_default, &errors);
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

    value = value_json_parse(a, STR("42"), &limits_default, &errors);
    assert_string_equal(as_text(a, value), "42");
    value = value_json_parse(a, STR(" null "), &limits_default, &errors);
    assert_int_equal(value->kind, VALUE_NULL);
    arena_free(a);
}

/* A line of a batch may have strings that no request has. */
static void
reads_any_text(void **state)
{
    static const struct str text = STR_INIT("{\"a\": \"\\ud800\", \"b\": [1, \"x\\u0000y\", 2]}");
    (void)state;
    struct arena *a = arena_new("test");
    struct errors errors = { .arena = a };
    assert_null(value_json_parse(a, text, &limits_default, &errors));
    const struct value *value = value_json_parse_any_text(a, text, &limits_default, &errors);
    assert_non_null(value);
    assert_true(str_equal(value_find(value, STR("a"))->text, STR("\xED\xA0\x80")));
    const struct value *list = value_find(value, STR("b"));
    assert_string_equal(list->items->text.ptr, "1");
    assert_true(str_equal(list->items->next->text, STR("x\0y")));
    assert_string_equal(list->items->next->next->text.ptr, "2");
    arena_free(a);
}

/* Is the value the one that json-c has read?  Numbers are compared as far as it keeps them. */
static bool
is_same(const struct value *value, json_object *judge)
{
    const struct value *item = value->items;

    switch (json_object_get_type(judge)) {
    case json_type_null:
        return value->kind == VALUE_NULL;
    case json_type_boolean:
        return value->kind == VALUE_BOOLEAN && value->boolean == json_object_get_boolean(judge);
    case json_type_int:
        return value->kind == VALUE_INT &&
               strtoll(value->text.ptr, NULL, 10) == json_object_get_int64(judge);
    case json_type_double:
        return value->kind == VALUE_FLOAT &&
               strtod(value->text.ptr, NULL) == json_object_get_double(judge);
    case json_type_string:
        return value->kind == VALUE_STRING && value->text.ptr[value->text.len] == '\0' &&
               str_equal(value->text, (struct str){ json_object_get_string(judge),
                                                    (size_t)json_object_get_string_len(judge) });
    case json_type_array:
        for (size_t i = 0; i < json_object_array_length(judge); i++, item = item->next)
            if (!item || !is_same(item, json_object_array_get_idx(judge, i)))
                return false;
        return value->kind == VALUE_LIST && !item &&
               value->count == (int)json_object_array_length(judge);
    case json_type_object:
        break;
    }
    json_object_object_foreach(judge, name, member)
    {
        if (!item || !str_is(item->name, name) || !is_same(item, member))
            return false;
        item = item->next;
    }
    return value->kind == VALUE_OBJECT && !item && value->count == json_object_object_length(judge);
}

static void
reads_what_the_judge_reads(void **state)
{
    static const char *const texts[] = {
        "null",
        "true",
        "-0",
        "9223372036854775807",
        "1.25e-7",
        "\"\"",
        "\"a\\\"\\u00e4\\n\\ud83d\\ude00\\/\\b\\f\\r\\t\\\\ z\"",
        "[]",
        "{}",
        "[[], {}, [[1]], \"x\", false]",
        " { \"a\" : [ 1 , 2.5 , { \"b\" : null } ] , \"\" : \"\\u0041\" , \"\\u00fc\" : { } } ",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++) {
        struct arena *a = arena_new("text");
        struct errors errors = { .arena = a };
        const struct value *value =
            value_json_parse(a, str_from(texts[i]), &limits_default, &errors);
        json_object *judge = json_tokener_parse(texts[i]);
        if (!value || !is_same(value, judge))
            fail_msg("%s", texts[i]);
        json_object_put(judge);
        arena_free(a);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_json),
        cmocka_unit_test(refuses_all_else),
        cmocka_unit_test(keeps_its_bounds),
        cmocka_unit_test(finds_duplicates_among_many),
        cmocka_unit_test(admits_any_text),
        cmocka_unit_test(reports_limits),
        cmocka_unit_test(keeps_digits),
        cmocka_unit_test(reads_any_text),
        cmocka_unit_test(reads_what_the_judge_reads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
