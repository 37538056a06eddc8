/*
 * test_scalar.c - scalars: what they take, how cells are written, and what may be
 * sent to the database.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "value/scalar.h"
#include "value/scalar_time.h"
#include "value/value.h"
#include "catalog/scalar_parameter.h"
#include "catalog/scalar_write.h"
#include "tests/unit/unit.h"

static struct arena *arena;

static int
setup(void **state)
{
    (void)state;
    arena = arena_new("test");
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static struct value
text_value(enum value_kind kind, const char *text)
{
    return (struct value){ .kind = kind, .text = str_from(text) };
}

/* --- Input. --- */

/* clang-format off */
static const struct {
    const char *scalar;
    enum value_kind kind;
    const char *text;
    const char *why; /* NULL: taken */
} inputs[] = {
    { "Int", VALUE_INT, "2147483647", NULL },
    { "Int", VALUE_INT, "-2147483648", NULL },
    { "Int", VALUE_INT, "2147483648",
      "Int cannot represent non 32-bit signed integer value" },
    { "Int", VALUE_INT, "99999999999999999999",
      "Int cannot represent non 32-bit signed integer value" },
    { "Int", VALUE_FLOAT, "1.0", "Int cannot represent non-integer value" },
    { "Int", VALUE_STRING, "1", "Int cannot represent non-integer value" },
    { "Float", VALUE_INT, "1", NULL },
    { "Float", VALUE_FLOAT, "1e308", NULL },
    { "Float", VALUE_FLOAT, "1e309", "Float cannot represent non numeric value" },
    { "Float", VALUE_STRING, "1", "Float cannot represent non numeric value" },
    { "String", VALUE_STRING, "", NULL },
    { "String", VALUE_ENUM, "A", "String cannot represent a non string value" },
    { "Boolean", VALUE_BOOLEAN, "", NULL },
    { "Boolean", VALUE_INT, "0", "Boolean cannot represent a non boolean value" },
    { "ID", VALUE_STRING, "x", NULL },
    { "ID", VALUE_FLOAT, "1.5", "ID cannot represent a non-string and non-integer value" },
    { "DateTime", VALUE_STRING, "2026-11-22T13:07:00Z", NULL },
    { "DateTime", VALUE_STRING, "2026-11-22",
      "DateTime cannot represent a value that is not an RFC 3339 date and time" },
    { "DateTime", VALUE_INT, "1",
      "DateTime cannot represent a value that is not an RFC 3339 date and time" },
    { "Anything", VALUE_FLOAT, "1e999", NULL },
};
/* clang-format on */

static void
takes(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(inputs); i++) {
        struct value value = text_value(inputs[i].kind, inputs[i].text);
        struct str why = STR_NONE;
        const struct value *taken =
            scalar_get(str_from(inputs[i].scalar))->coerce(arena, &value, &why);
        if (inputs[i].why)
            assert_null(taken);
        else
            assert_ptr_equal(taken, &value);
        assert_string_equal(why.ptr ? why.ptr : "", inputs[i].why ? inputs[i].why : "");
    }
}

static void
takes_integers_as_ids(void **state)
{
    struct value value = text_value(VALUE_INT, "42");
    struct str why = STR_NONE;
    (void)state;

    const struct value *taken = scalar_get(STR("ID"))->coerce(arena, &value, &why);
    assert_int_equal(taken->kind, VALUE_STRING);
    assert_string_equal(taken->text.ptr, "42");
}

static void
reads_times(void **state)
{
    /* clang-format off */
    static const struct {
        const char *text;
        const char *utc; /* NULL: refused */
    } times[] = {
        { "2026-11-22T13:07:00Z", "2026-11-22T13:07:00.000000Z" },
        { "2026-11-22T13:07:00.123456789Z", "2026-11-22T13:07:00.123456Z" },
        { "2026-11-22T00:07:00+01:30", "2026-11-21T22:37:00.000000Z" },
        { "2024-02-29T23:59:59-00:01", "2024-03-01T00:00:59.000000Z" },
        { "2000-02-29T00:00:00Z", "2000-02-29T00:00:00.000000Z" },
        { "0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000000Z" },
        { "9999-12-31T23:59:59.9Z", "9999-12-31T23:59:59.900000Z" },
        { "1999-12-31T23:59:59.5Z", "1999-12-31T23:59:59.500000Z" },
        { "2023-02-29T00:00:00Z", NULL },
        { "1900-02-29T00:00:00Z", NULL },
        { "2026-04-31T00:00:00Z", NULL },
        { "2026-00-01T00:00:00Z", NULL },
        { "2026-13-01T00:00:00Z", NULL },
        { "0000-01-01T00:00:00Z", NULL },
        { "2026-11-22T24:00:00Z", NULL },
        { "2026-11-22T13:60:00Z", NULL },
        { "2026-11-22T13:07:60Z", NULL },
        { "2026-11-22T13:07:00", NULL },
        { "2026-11-22t13:07:00Z", NULL },
        { "2026-11-22T13:07:00z", NULL },
        { "2026-11-22 13:07:00Z", NULL },
        { "2026-11-22T13:07:00-00:00", NULL },
        { "2026-11-22T13:07:00+24:00", NULL },
        { "2026-11-22T13:07:00.Z", NULL },
        { "2026-11-22T13:07Z", NULL },
        { "2026-11-22T13:07:00Z ", NULL },
        { "2026-11-22T13:07:00+0100", NULL },
        { "+026-11-22T13:07:00Z", NULL },
        { "2026-1-22T13:07:00Z", NULL },
        { "", NULL },
    };
    /* clang-format on */
    (void)state;

    for (size_t i = 0; i < ARRAY_LENGTH(times); i++) {
        char written[SCALAR_TIME_MAX];
        int64_t microseconds;
        bool is_read = scalar_time_read(str_from(times[i].text), &microseconds);
        if (is_read != (times[i].utc != NULL))
            fail_msg("%s", times[i].text);
        if (!is_read)
            continue;
        written[scalar_time_write(microseconds, 6, written)] = '\0';
        assert_string_equal(written, times[i].utc);
    }
    int64_t days;
    assert_true(scalar_time_read_date(STR("2024-02-29"), &days));
    assert_int_equal(days, 8825);
    assert_false(scalar_time_read_date(STR("2026-02-29"), &days));
    assert_false(scalar_time_read_date(STR("2026-02-28T"), &days));
}

/* --- Output. --- */

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
expect_cell(const char *scalar, enum column_kind kind, struct str cell, const char *json)
{
    bool is_enum = strcmp(scalar, "enum") == 0;
    scalar_write_fn *write = scalar_writer(str_from(scalar), is_enum, kind);
    struct buf b = { 0 };
    bool is_written;

    assert_non_null(write);
    is_written = write(&b, cell);
    assert_int_equal(is_written, json != NULL);
    if (json)
        assert_string_equal(buf_copy(arena, &b).ptr, json);
    else
        assert_int_equal(b.len, 0);
    buf_free(&b);
}

static void
writes_integers(void **state)
{
    (void)state;
    expect_cell("Int", COLUMN_INT2, binary((uint64_t)-32768, 2), "-32768");
    expect_cell("Int", COLUMN_INT4, binary(0, 4), "0");
    expect_cell("Int", COLUMN_INT4, binary((uint64_t)INT32_MIN, 4), "-2147483648");
    expect_cell("Int", COLUMN_INT8, binary(2147483647, 8), "2147483647");
    expect_cell("Int", COLUMN_INT8, binary(2147483648, 8), NULL);
    expect_cell("Int", COLUMN_INT8, binary((uint64_t)-2147483649, 8), NULL);
    expect_cell("ID", COLUMN_INT2, binary(7, 2), "\"7\"");
    expect_cell("ID", COLUMN_INT4, binary((uint64_t)-1, 4), "\"-1\"");
    expect_cell("ID", COLUMN_INT8, binary((uint64_t)INT64_MIN, 8), "\"-9223372036854775808\"");
    expect_cell("Big", COLUMN_INT8, binary(INT64_MAX, 8), "9223372036854775807");
    expect_cell("Float", COLUMN_INT4, binary(5, 4), "5");
}

static void
writes_floats(void **state)
{
    (void)state;
    expect_cell("Float", COLUMN_FLOAT8, binary_double(0.1), "0.1");
    expect_cell("Float", COLUMN_FLOAT8, binary_double(-2.5), "-2.5");
    expect_cell("Float", COLUMN_FLOAT8, binary_double(1.0 / 0.0), NULL);
    expect_cell("Float", COLUMN_FLOAT8, binary_double(0.0 / 0.0), NULL);
    expect_cell("Float", COLUMN_FLOAT4, binary_float(0.1f), "0.1");
    expect_cell("Float", COLUMN_FLOAT4, binary_float(16777217.0f), "16777216");
    expect_cell("Float", COLUMN_FLOAT4, binary_float(1.0f / 0.0f), NULL);
    expect_cell("Float", COLUMN_NUMERIC, STR("12345678901234567890.10"), "12345678901234567890.10");
    expect_cell("Float", COLUMN_NUMERIC, STR("-0.5"), "-0.5");
    expect_cell("Float", COLUMN_NUMERIC, STR("NaN"), NULL);
    expect_cell("Money", COLUMN_NUMERIC, STR("-Infinity"), NULL);
    expect_cell("String", COLUMN_NUMERIC, STR("1.50"), "\"1.50\"");
}

static void
writes_texts(void **state)
{
    (void)state;
    expect_cell("String", COLUMN_TEXT, STR("a\"b\n"), "\"a\\\"b\\n\"");
    expect_cell("ID", COLUMN_UUID, STR("0-1"), "\"0-1\"");
    expect_cell("enum", COLUMN_ENUM, STR("RED"), "\"RED\"");
    expect_cell("Any", COLUMN_OTHER, STR("1 day"), "\"1 day\"");
    expect_cell("Any", COLUMN_JSONB, STR("{\"a\": 1.0}"), "{\"a\": 1.0}");
    expect_cell("String", COLUMN_JSON, STR("{}"), "\"{}\"");
    expect_cell("Boolean", COLUMN_BOOLEAN, STR("\1"), "true");
    expect_cell("Boolean", COLUMN_BOOLEAN, (struct str){ "\0", 1 }, "false");
}

static void
writes_times(void **state)
{
    const int64_t second = 1000000, day = 86400 * second;
    (void)state;

    expect_cell("DateTime", COLUMN_TIMESTAMPTZ, binary(0, 8), "\"2000-01-01T00:00:00.000Z\"");
    expect_cell("DateTime", COLUMN_TIMESTAMP, binary((uint64_t)(59 * day + 1999999), 8),
                "\"2000-02-29T00:00:01.999Z\"");
    /* Before 2000, what is cut off is cut off towards the past as well. */
    expect_cell("DateTime", COLUMN_TIMESTAMPTZ, binary((uint64_t)-1, 8),
                "\"1999-12-31T23:59:59.999Z\"");
    expect_cell("DateTime", COLUMN_TIMESTAMPTZ, binary((uint64_t)(-10957 * day), 8),
                "\"1970-01-01T00:00:00.000Z\"");
    expect_cell("DateTime", COLUMN_TIMESTAMPTZ, binary((uint64_t)(2921940 * day - 1), 8),
                "\"9999-12-31T23:59:59.999Z\"");
    expect_cell("DateTime", COLUMN_TIMESTAMPTZ, binary((uint64_t)(2921940 * day), 8), NULL);
    expect_cell("DateTime", COLUMN_TIMESTAMPTZ, binary(INT64_MAX, 8), NULL);
    expect_cell("DateTime", COLUMN_TIMESTAMPTZ, binary((uint64_t)INT64_MIN, 8), NULL);
}

static void
refuses_pairs(void **state)
{
    (void)state;
    assert_null(scalar_writer(STR("Int"), false, COLUMN_TEXT));
    assert_null(scalar_writer(STR("Int"), false, COLUMN_NUMERIC));
    assert_null(scalar_writer(STR("String"), false, COLUMN_INT4));
    assert_null(scalar_writer(STR("Boolean"), false, COLUMN_INT4));
    assert_null(scalar_writer(STR("DateTime"), false, COLUMN_DATE));
    assert_null(scalar_writer(STR("ID"), false, COLUMN_FLOAT8));
    assert_null(scalar_writer(STR("Int"), true, COLUMN_INT4));
    for (int kind = COLUMN_BOOLEAN; kind <= COLUMN_OTHER; kind++)
        assert_non_null(scalar_writer(STR("Custom"), false, kind));
}

/* --- Parameters. --- */

/* clang-format off */
static const struct {
    enum column_kind column;
    enum value_kind kind;
    const char *text;
    const char *parameter; /* NULL: never */
} parameters[] = {
    { COLUMN_INT4, VALUE_STRING, "42", "42" },
    { COLUMN_INT4, VALUE_INT, "-42", "-42" },
    { COLUMN_INT4, VALUE_STRING, "2147483647", "2147483647" },
    { COLUMN_INT4, VALUE_STRING, "2147483648", NULL },
    { COLUMN_INT2, VALUE_INT, "32768", NULL },
    { COLUMN_INT8, VALUE_STRING, "9223372036854775807", "9223372036854775807" },
    { COLUMN_INT8, VALUE_STRING, "9223372036854775808", NULL },
    { COLUMN_INT4, VALUE_STRING, "0", "0" },
    { COLUMN_INT4, VALUE_STRING, "007", NULL },
    { COLUMN_INT4, VALUE_STRING, "-0", NULL },
    { COLUMN_INT4, VALUE_STRING, "-01", NULL },
    { COLUMN_INT4, VALUE_STRING, "+1", NULL },
    { COLUMN_INT4, VALUE_STRING, " 1", NULL },
    { COLUMN_INT4, VALUE_STRING, "1e3", NULL },
    { COLUMN_INT4, VALUE_STRING, "", NULL },
    { COLUMN_INT4, VALUE_STRING, "-", NULL },
    { COLUMN_FLOAT8, VALUE_FLOAT, "1.5e3", "1.5e3" },
    { COLUMN_FLOAT8, VALUE_STRING, "1e400", NULL },
    { COLUMN_FLOAT8, VALUE_STRING, "1e-400", NULL },
    { COLUMN_FLOAT8, VALUE_STRING, "0.00e9", "0.00e9" },
    { COLUMN_FLOAT4, VALUE_FLOAT, "1e39", NULL },
    { COLUMN_NUMERIC, VALUE_INT, "123456789012345678901234567890",
      "123456789012345678901234567890" },
    { COLUMN_NUMERIC, VALUE_STRING, "NaN", NULL },
    { COLUMN_NUMERIC, VALUE_STRING, "1.", NULL },
    { COLUMN_NUMERIC, VALUE_STRING, "1e", NULL },
    { COLUMN_TEXT, VALUE_STRING, "it's", "it's" },
    { COLUMN_TEXT, VALUE_ENUM, "RED", "RED" },
    { COLUMN_BOOLEAN, VALUE_STRING, "true", NULL },
    { COLUMN_UUID, VALUE_STRING, "0191ab3c-5d6e-7F80-9a1b-2c3d4e5f6071",
      "0191ab3c-5d6e-7F80-9a1b-2c3d4e5f6071" },
    { COLUMN_UUID, VALUE_STRING, "0191ab3c5d6e7f809a1b2c3d4e5f6071", NULL },
    { COLUMN_UUID, VALUE_STRING, "0191ab3c-5d6e-7f80-9a1b-2c3d4e5f607g", NULL },
    { COLUMN_DATE, VALUE_STRING, "2026-11-22", "2026-11-22" },
    { COLUMN_DATE, VALUE_STRING, "yesterday", NULL },
    { COLUMN_TIMESTAMPTZ, VALUE_STRING, "2026-11-22T13:07:00.1234567+01:00",
      "2026-11-22T12:07:00.123456Z" },
    { COLUMN_TIMESTAMP, VALUE_STRING, "infinity", NULL },
    { COLUMN_TIMESTAMP, VALUE_STRING, "0001-01-01T00:00:00+00:01", NULL },
    { COLUMN_TIMESTAMP, VALUE_STRING, "9999-12-31T23:59:59-01:00", NULL },
    { COLUMN_JSONB, VALUE_STRING, "a\"", "\"a\\\"\"" },
    { COLUMN_JSON, VALUE_INT, "1", "1" },
};
/* clang-format on */

static void
makes_parameters(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(parameters); i++) {
        struct value value = text_value(parameters[i].kind, parameters[i].text);
        struct str text = STR_NONE;
        enum parameter_result result = scalar_parameter(arena, &value, parameters[i].column, &text);
        if ((result == PARAMETER_OK) != (parameters[i].parameter != NULL))
            fail_msg("%s", parameters[i].text);
        if (parameters[i].parameter)
            assert_string_equal(text.ptr, parameters[i].parameter);
    }
}

static void
makes_parameters_of_other_values(void **state)
{
    struct value nul = { .kind = VALUE_STRING, .text = STR_INIT("a\0b") };
    struct value yes = { .kind = VALUE_BOOLEAN, .boolean = true };
    struct value object = { .kind = VALUE_OBJECT };
    struct str text;
    (void)state;

    assert_int_equal(scalar_parameter(arena, &nul, COLUMN_TEXT, &text), PARAMETER_NEVER);
    assert_int_equal(scalar_parameter(arena, &nul, COLUMN_JSONB, &text), PARAMETER_NEVER);
    assert_int_equal(scalar_parameter(arena, &yes, COLUMN_BOOLEAN, &text), PARAMETER_OK);
    assert_string_equal(text.ptr, "true");
    assert_int_equal(scalar_parameter(arena, &yes, COLUMN_INT4, &text), PARAMETER_NEVER);
    assert_int_equal(scalar_parameter(arena, &object, COLUMN_TEXT, &text), PARAMETER_NEVER);
    value_append(arena, &object, &object.items, &yes, STR("a"));
    assert_int_equal(scalar_parameter(arena, &object, COLUMN_JSONB, &text), PARAMETER_OK);
    assert_string_equal(text.ptr, "{\"a\":true}");
    value_append(arena, &object, &object.items->next, &nul, STR("b"));
    assert_int_equal(scalar_parameter(arena, &object, COLUMN_JSONB, &text), PARAMETER_NEVER);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(takes, setup, teardown),
        cmocka_unit_test_setup_teardown(takes_integers_as_ids, setup, teardown),
        cmocka_unit_test_setup_teardown(reads_times, setup, teardown),
        cmocka_unit_test_setup_teardown(writes_integers, setup, teardown),
        cmocka_unit_test_setup_teardown(writes_floats, setup, teardown),
        cmocka_unit_test_setup_teardown(writes_texts, setup, teardown),
        cmocka_unit_test_setup_teardown(writes_times, setup, teardown),
        cmocka_unit_test_setup_teardown(refuses_pairs, setup, teardown),
        cmocka_unit_test_setup_teardown(makes_parameters, setup, teardown),
        cmocka_unit_test_setup_teardown(makes_parameters_of_other_values, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
