/*
 * test_scalar.c - scalars: what they take.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "value/scalar.h"
#include "value/scalar_time.h"
#include "value/value.h"
#include "tests/unit/arena_case.h"

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
    { "DateTimeMicros", VALUE_STRING, "2026-11-22T13:07:00.123456+01:00", NULL },
    { "DateTimeMicros", VALUE_STRING, "2026-11-22T13:07:00",
      "DateTimeMicros cannot represent a value that is not an RFC 3339 date and time" },
    { "LocalDateTime", VALUE_STRING, "2026-11-22T13:07:00", NULL },
    { "LocalDateTime", VALUE_STRING, "2026-11-22T13:07:00Z",
      "LocalDateTime cannot represent a value that is not a date and time without offset" },
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

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(takes),
        TEST(takes_integers_as_ids),
        TEST(reads_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
