/*
 * test_codec.c - how the database's cells are shown.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "base/buf.h"
#include "tests/unit/codec_case.h"

/* A binary cell of `size` bytes, network byte order. */
static struct str
binary(uint64_t bits, size_t size)
{
    char *bytes = arena_alloc(arena, size);

    for (size_t i = 0; i < size; i++)
        bytes[i] = (char)(bits >> (8 * (size - 1 - i)));
    return (struct str){ bytes, size };
}

static struct str
binary_double(double number)
{
    uint64_t bits;

    memcpy(&bits, &number, sizeof(bits));
    return binary(bits, 8);
}

static struct str
binary_float(float number)
{
    uint32_t bits;

    memcpy(&bits, &number, sizeof(bits));
    return binary(bits, 4);
}

static void
put_int(struct buf *b, int64_t number)
{
    buf_put(b, binary((uint64_t)number, 4));
}

/* An array's cell; an element without text is null. */
static struct str
array(int dimensions, const int *lengths, const struct str *elements, int count)
{
    struct buf *b = buf_new(arena);

    put_int(b, dimensions);
    put_int(b, 0);
    put_int(b, 25);
    for (int i = 0; i < dimensions; i++) {
        put_int(b, lengths[i]);
        put_int(b, 1);
    }
    for (int i = 0; i < count; i++) {
        put_int(b, elements[i].ptr ? (int64_t)elements[i].len : -1);
        if (elements[i].ptr)
            buf_put(b, elements[i]);
    }
    return buf_copy(arena, b);
}

static void
expect_cell(const char *leaf, const char *type, struct str cell, const char *json)
{
    const struct codec *codec = make(leaf, type);
    struct buf *b = buf_new(arena);

    if (!codec || !codec->write)
        fail_msg("%s cannot show %s", leaf, type);
    bool is_written = codec->write(b, cell, codec);
    if (is_written != (json != NULL))
        fail_msg("%s of %s: %.*s", leaf, type, STR_PRINT(buf_str(b)));
    if (json)
        assert_string_equal(buf_copy(arena, b).ptr, json);
    else
        assert_int_equal(b->len, 0);
}

static void
writes_integers(void **state)
{
    (void)state;
    expect_cell("Int", "smallint", binary((uint64_t)-32768, 2), "-32768");
    expect_cell("Int", "integer", binary(0, 4), "0");
    expect_cell("Int", "integer", binary((uint64_t)INT32_MIN, 4), "-2147483648");
    expect_cell("Int", "bigint", binary(2147483647, 8), "2147483647");
    expect_cell("Int", "bigint", binary(2147483648, 8), NULL);
    expect_cell("Int", "bigint", binary((uint64_t)-2147483649, 8), NULL);
    expect_cell("ID", "smallint", binary(7, 2), "\"7\"");
    expect_cell("ID", "integer", binary((uint64_t)-1, 4), "\"-1\"");
    expect_cell("ID", "bigint", binary((uint64_t)INT64_MIN, 8), "\"-9223372036854775808\"");
    expect_cell("ID", "numeric(10,0)", STR("12"), "\"12\"");
    expect_cell("String", "bigint", binary(INT64_MAX, 8), "\"9223372036854775807\"");
    expect_cell("Big", "bigint", binary(INT64_MAX, 8), "9223372036854775807");
    expect_cell("Big!", "bigint", binary(INT64_MAX, 8), "\"9223372036854775807\"");
    expect_cell("Big!", "numeric", STR("NaN"), "\"NaN\"");
    expect_cell("Big!", "text", STR("x"), "\"x\"");
    expect_cell("Float", "integer", binary(5, 4), "5");
}

static void
writes_floats(void **state)
{
    char digits[420];
    (void)state;

    expect_cell("Float", "double precision", binary_double(0.1), "0.1");
    expect_cell("Float", "double precision", binary_double(-2.5), "-2.5");
    expect_cell("Float", "double precision", binary_double(1.0 / 0.0), NULL);
    expect_cell("Float", "double precision", binary_double(0.0 / 0.0), NULL);
    expect_cell("Float", "real", binary_float(0.1f), "0.1");
    expect_cell("Float", "real", binary_float(16777217.0f), "16777216");
    expect_cell("Float", "real", binary_float(1.0f / 0.0f), NULL);
    expect_cell("String", "real", binary_float(1.0f / 0.0f), "\"Infinity\"");
    expect_cell("String", "double precision", binary_double(-1.0 / 0.0), "\"-Infinity\"");
    expect_cell("String", "double precision", binary_double(0.0 / 0.0), "\"NaN\"");
    expect_cell("String", "double precision", binary_double(0.1), "\"0.1\"");
    expect_cell("Float", "numeric", STR("12345678901234567890.10"), "12345678901234567890.10");
    expect_cell("Float", "numeric", STR("-0.5"), "-0.5");
    expect_cell("Float", "numeric", STR("NaN"), NULL);
    expect_cell("Money", "numeric", STR("-Infinity"), NULL);
    expect_cell("String", "numeric(4,2)", STR("1.50"), "\"1.50\"");

    /* A double has some 308 digits before its point, and any number after it. */
    memset(digits, '9', sizeof(digits) - 1);
    digits[sizeof(digits) - 1] = '\0';
    expect_cell("Float", "numeric", str_from(digits), NULL);
    expect_cell("Decimal", "numeric", str_from(digits), digits);
    digits[1] = '.';
    expect_cell("Float", "numeric", str_from(digits), digits);
}

static void
writes_texts(void **state)
{
    (void)state;
    expect_cell("String", "text", STR("a\"b\n"), "\"a\\\"b\\n\"");
    expect_cell("String", "extensions.citext", STR("A"), "\"A\"");
    expect_cell("ID", "uuid", STR("0-1"), "\"0-1\"");
    expect_cell("Any", "tsvector", STR("'a':1"), "\"'a':1\"");
    expect_cell("Duration", "interval", STR("P1D"), "\"P1D\"");
    expect_cell("Any", "jsonb", STR("{\"a\": 1.0}"), "{\"a\": 1.0}");
    expect_cell("String", "json", STR("{}"), "\"{}\"");
    expect_cell("Boolean", "boolean", STR("\1"), "true");
    expect_cell("Boolean", "boolean", (struct str){ "\0", 1 }, "false");
    expect_cell("String", "boolean", STR("\1"), "\"true\"");
    /* The cast to text has added the masks of all bits. */
    expect_cell("String", "inet", STR("10.0.0.1/32"), "\"10.0.0.1\"");
    expect_cell("IP", "inet", STR("::1/128"), "\"::1\"");
    expect_cell("IP", "inet", STR("::1/32"), "\"::1/32\"");
    expect_cell("IP", "inet", STR("10.0.0.1/24"), "\"10.0.0.1/24\"");
    expect_cell("IP", "cidr", STR("10.0.0.1/32"), "\"10.0.0.1/32\"");
}

static void
writes_bytes(void **state)
{
    (void)state;
    expect_cell("String", "bytea", STR("\xde\xad\0\xff"), "\"\\\\xdead00ff\"");
    expect_cell("String", "bytea", STR(""), "\"\\\\x\"");
    expect_cell("Bytes", "bytea", STR(""), "\"\"");
    expect_cell("Bytes", "bytea", STR("\xde"), "\"3g==\"");
    expect_cell("Bytes", "bytea", STR("\xde\xad"), "\"3q0=\"");
    expect_cell("Bytes", "bytea", STR("\xde\xad\0"), "\"3q0A\"");
    expect_cell("Bytes", "bytea", STR("\xde\xad\0\xff"), "\"3q0A/w==\"");
}

static void
writes_enums(void **state)
{
    (void)state;
    expect_cell("Rating", "rating", STR("G"), "\"G\"");
    expect_cell("Rating", "rating", STR("PG-13"), "\"PG_13\"");
    expect_cell("Rating", "rating", STR("R"), NULL);
    expect_cell("Rating", "rating", STR("PG_13"), NULL);
    expect_cell("Rating", "text", STR("PG-13"), "\"PG_13\"");
    expect_cell("Rating", "character varying(5)", STR(""), NULL);
    expect_cell("Rating", "character(7)", STR("PG-13  "), "\"PG_13\"");
    expect_cell("String", "rating", STR("PG-13"), "\"PG-13\"");
}

static void
writes_times(void **state)
{
    const int64_t second = 1000000, day = 86400 * second;
    (void)state;

    expect_cell("DateTime", "timestamp with time zone", binary(0, 8),
                "\"2000-01-01T00:00:00.000Z\"");
    expect_cell("DateTime Z", "timestamp without time zone",
                binary((uint64_t)(59 * day + 1999999), 8), "\"2000-02-29T00:00:01.999Z\"");
    expect_cell("DateTimeMicros", "timestamp(3) with time zone",
                binary((uint64_t)(59 * day + 1999999), 8), "\"2000-02-29T00:00:01.999999Z\"");
    expect_cell("LocalDateTime", "timestamp without time zone",
                binary((uint64_t)(59 * day + 1990000), 8), "\"2000-02-29T00:00:01.99\"");
    expect_cell("LocalDateTime", "timestamp without time zone", binary(0, 8),
                "\"2000-01-01T00:00:00\"");
    expect_cell("LocalDateTime", "timestamp without time zone", binary(INT64_MAX, 8), NULL);
    /* Before 2000, what is cut off is cut off towards the past as well. */
    expect_cell("DateTime", "timestamp with time zone", binary((uint64_t)-1, 8),
                "\"1999-12-31T23:59:59.999Z\"");
    expect_cell("DateTime", "timestamp with time zone", binary((uint64_t)(-10957 * day), 8),
                "\"1970-01-01T00:00:00.000Z\"");
    expect_cell("DateTime", "timestamp with time zone", binary((uint64_t)(2921940 * day - 1), 8),
                "\"9999-12-31T23:59:59.999Z\"");
    expect_cell("DateTime", "timestamp with time zone", binary((uint64_t)(2921940 * day), 8), NULL);
    expect_cell("DateTime", "timestamp with time zone", binary(INT64_MAX, 8), NULL);
    expect_cell("DateTime", "timestamp with time zone", binary((uint64_t)INT64_MIN, 8), NULL);
}

static void
writes_any_time(void **state)
{
    const int64_t day = 86400000000;
    (void)state;

    expect_cell("String", "timestamp with time zone", binary(INT64_MAX, 8), "\"infinity\"");
    expect_cell("Any", "timestamp with time zone", binary((uint64_t)INT64_MIN, 8), "\"-infinity\"");
    expect_cell("Any", "timestamp with time zone", binary(1500, 8), "\"2000-01-01T00:00:00.001Z\"");
    expect_cell("Any", "timestamp without time zone", binary(1500, 8),
                "\"2000-01-01T00:00:00.0015\"");
    expect_cell("Any Z", "timestamp without time zone", binary(1500, 8),
                "\"2000-01-01T00:00:00.001Z\"");
    expect_cell("String", "timestamp without time zone", binary(1500000, 8),
                "\"2000-01-01 00:00:01.5\"");
    expect_cell("String", "timestamp with time zone", binary((uint64_t)(2921940 * day), 8),
                "\"10000-01-01 00:00:00+00\"");
    expect_cell("String", "timestamp with time zone", binary((uint64_t)(-730486 * day), 8),
                "\"0002-12-31 00:00:00+00 BC\"");
    expect_cell("Any", "timestamp with time zone", binary((uint64_t)(-746554 * day), 8),
                "\"0045-01-03 00:00:00+00 BC\"");
}

static void
writes_arrays(void **state)
{
    const struct str numbers[] = { binary(1, 4), STR_NONE, binary((uint64_t)-3, 4), binary(4, 4) };
    const struct str texts[] = { STR("a b"),   STR(""),  STR("null"),
                                 STR("x\"\\"), STR_NONE, STR("plain") };
    const struct str ratings[] = { STR("PG-13"), STR("R") };
    const int four[] = { 4 }, two_by_two[] = { 2, 2 }, six[] = { 6 }, one[] = { 1 };
    (void)state;

    expect_cell("Any", "integer[]", array(1, four, numbers, 4), "[1,null,-3,4]");
    expect_cell("Any", "integer[]", array(2, two_by_two, numbers, 4), "[[1,null],[-3,4]]");
    expect_cell("Any", "integer[]", array(0, NULL, NULL, 0), "[]");
    expect_cell("String", "integer[]", array(2, two_by_two, numbers, 4), "\"{{1,NULL},{-3,4}}\"");
    expect_cell("String", "integer[]", array(0, NULL, NULL, 0), "\"{}\"");
    expect_cell("Any", "text[]", array(1, six, texts, 6),
                "[\"a b\",\"\",\"null\",\"x\\\"\\\\\",null,\"plain\"]");
    expect_cell("String", "text[]", array(1, six, texts, 6),
                "\"{\\\"a b\\\",\\\"\\\",\\\"null\\\",\\\"x\\\\\\\"\\\\\\\\\\\",NULL,plain}\"");
    expect_cell("Any", "rating[]", array(1, one, ratings, 1), "[\"PG-13\"]");
    expect_cell("Any", "integer[]", STR("\0\0\0\1"), NULL);

    const struct codec *list = make("[Rating]", "rating[]");
    struct codec_elements elements;
    struct buf *b = buf_new(arena);
    assert_null(list->write);
    assert_true(codec_elements_open(array(1, (int[]){ 2 }, ratings, 2), &elements));
    assert_int_equal(elements.count, 2);
    assert_true(list->item->write(b, codec_elements_next(&elements), list->item));
    assert_string_equal(buf_copy(arena, b).ptr, "\"PG_13\"");
    assert_false(list->item->write(b, codec_elements_next(&elements), list->item));
    assert_null(codec_elements_next(&elements).ptr);
}

static void
casts_what_has_no_binary_form(void **state)
{
    static const struct {
        const char *type, *cast;
        unsigned oid;
    } casts[] = {
        { "integer", "", 23 },
        { "numeric", "", 2275 },
        { "rating", "", 2275 },
        { "integer[]", "", 1007 },
        { "uuid[]", "::text[]", 1009 },
        { "code", "", 1042 },
        { "code[]", "", 0 },
        { "rating[]", "::text[]", 1009 },
        { "point", "::text", 25 },
        { "bytea", "", 17 },
        { "timestamp with time zone[]", "", 1185 },
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LENGTH(casts); i++) {
        const struct column_type *type = catalog_get_type(arena, catalog, str_from(casts[i].type));
        assert_string_equal(codec_cast(type), casts[i].cast);
        assert_int_equal(codec_oid(type), casts[i].oid);
    }
}

static void
refuses_pairs(void **state)
{
    static const char *const pairs[][2] = {
        { "Int", "text" },        { "Int", "numeric" },
        { "Boolean", "integer" }, { "DateTime", "date" },
        { "ID", "real" },         { "Rating", "integer" },
        { "Int", "integer[]" },   { "[Int]", "integer" },
        { "[Int]", "text[]" },    { "DateTime", "timestamp without time zone" },
        { "ID", "integer[]" },    { "DateTimeMicros", "timestamp without time zone" },
        { "ID", "boolean" },      { "LocalDateTime", "timestamp with time zone" },
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LENGTH(pairs); i++)
        if (make(pairs[i][0], pairs[i][1]))
            fail_msg("%s shows %s", pairs[i][0], pairs[i][1]);
    for (int kind = COLUMN_BOOLEAN; kind < COLUMN_ENUM; kind++) {
        assert_non_null(make("Custom", column_kind_name((enum column_kind)kind)));
        assert_non_null(make("String", column_kind_name((enum column_kind)kind)));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(writes_integers, setup, teardown),
        cmocka_unit_test_setup_teardown(writes_floats, setup, teardown),
        cmocka_unit_test_setup_teardown(writes_texts, setup, teardown),
        cmocka_unit_test_setup_teardown(writes_bytes, setup, teardown),
        cmocka_unit_test_setup_teardown(writes_enums, setup, teardown),
        cmocka_unit_test_setup_teardown(writes_times, setup, teardown),
        cmocka_unit_test_setup_teardown(writes_any_time, setup, teardown),
        cmocka_unit_test_setup_teardown(writes_arrays, setup, teardown),
        cmocka_unit_test_setup_teardown(casts_what_has_no_binary_form, setup, teardown),
        cmocka_unit_test_setup_teardown(refuses_pairs, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
