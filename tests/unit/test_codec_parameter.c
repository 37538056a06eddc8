/*
 * test_codec_parameter.c - how values become parameters, and which never do.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/unit/codec_case.h"
#include "value/value.h"

/* clang-format off */
static const struct {
    const char *leaf, *type;
    enum value_kind kind;
    const char *text;
    const char *parameter; /* NULL: never */
} parameters[] = {
    { "ID", "integer", VALUE_STRING, "42", "42" },
    { "Int", "integer", VALUE_INT, "-42", "-42" },
    { "ID", "integer", VALUE_STRING, "2147483647", "2147483647" },
    { "ID", "integer", VALUE_STRING, "2147483648", NULL },
    { "Int", "smallint", VALUE_INT, "32768", NULL },
    { "ID", "bigint", VALUE_STRING, "9223372036854775807", "9223372036854775807" },
    { "ID", "bigint", VALUE_STRING, "9223372036854775808", NULL },
    { "ID", "integer", VALUE_STRING, "0", "0" },
    { "ID", "integer", VALUE_STRING, "007", NULL },
    { "ID", "integer", VALUE_STRING, "-0", NULL },
    { "ID", "integer", VALUE_STRING, "+1", NULL },
    { "ID", "integer", VALUE_STRING, " 1", NULL },
    { "ID", "integer", VALUE_STRING, "1e3", NULL },
    { "ID", "integer", VALUE_STRING, "", NULL },
    { "ID", "integer", VALUE_STRING, "-", NULL },
    { "Float", "integer", VALUE_FLOAT, "1.0", "1" },
    { "Float", "integer", VALUE_FLOAT, "-1.50e1", "-15" },
    { "Float", "integer", VALUE_FLOAT, "0.00", "0" },
    { "Float", "integer", VALUE_FLOAT, "1.5", NULL },
    { "Float", "integer", VALUE_FLOAT, "1e10", NULL },
    { "Float", "bigint", VALUE_FLOAT, "1e999999999", NULL },
    { "Float", "bigint", VALUE_FLOAT, "9.007199254740993e15", "9007199254740993" },
    { "Float", "double precision", VALUE_FLOAT, "1.5e3", "1.5e3" },
    { "Any", "double precision", VALUE_STRING, "1e400", NULL },
    { "Any", "double precision", VALUE_STRING, "1e-400", NULL },
    { "Any", "double precision", VALUE_STRING, "0.00e9", "0.00e9" },
    { "String", "double precision", VALUE_STRING, "NaN", "NaN" },
    { "Float", "real", VALUE_FLOAT, "1e39", NULL },
    { "Any", "numeric", VALUE_INT, "123456789012345678901234567890",
      "123456789012345678901234567890" },
    { "String", "numeric", VALUE_STRING, "NaN", "NaN" },
    { "String", "numeric", VALUE_STRING, "-Infinity", "-Infinity" },
    { "Any", "numeric", VALUE_STRING, "1.", NULL },
    { "Any", "numeric", VALUE_STRING, "1e", NULL },
    { "Any", "numeric", VALUE_FLOAT, "1e309", NULL },
    { "Any", "numeric", VALUE_FLOAT, "1e99999999999999999999", NULL },
    { "String", "text", VALUE_STRING, "it's", "it's" },
    { "String", "name", VALUE_STRING,
      "a name of more than sixty-three bytes would be cut to those that fit", NULL },
    { "String", "\"char\"", VALUE_STRING, "ab", NULL },
    { "Rating", "rating", VALUE_ENUM, "PG_13", "PG-13" },
    { "Rating", "text", VALUE_ENUM, "PG_13", "PG-13" },
    { "String", "rating", VALUE_STRING, "PG-13", "PG-13" },
    { "String", "rating", VALUE_STRING, "PG_13", NULL },
    { "Boolean", "boolean", VALUE_STRING, "true", NULL },
    { "String", "boolean", VALUE_STRING, "true", "true" },
    { "String", "boolean", VALUE_STRING, "yes", NULL },
    { "ID", "uuid", VALUE_STRING, "0191ab3c-5d6e-7F80-9a1b-2c3d4e5f6071",
      "0191ab3c-5d6e-7F80-9a1b-2c3d4e5f6071" },
    { "ID", "uuid", VALUE_STRING, "0191ab3c5d6e7f809a1b2c3d4e5f6071", NULL },
    { "ID", "uuid", VALUE_STRING, "0191ab3c-5d6e-7f80-9a1b-2c3d4e5f607g", NULL },
    { "Date", "date", VALUE_STRING, "2026-11-22", "2026-11-22" },
    { "Date", "date", VALUE_STRING, "0044-03-15 BC", "0044-03-15 BC" },
    { "Date", "date", VALUE_STRING, "infinity", "infinity" },
    { "Date", "date", VALUE_STRING, "yesterday", NULL },
    { "String", "time without time zone", VALUE_STRING, "12:30:00.5", "12:30:00.5" },
    { "String", "time without time zone", VALUE_STRING, "allballs", NULL },
    { "String", "time with time zone", VALUE_STRING, "12:30:00+02", "12:30:00+02" },
    { "DateTime", "timestamp with time zone", VALUE_STRING, "2026-11-22T13:07:00.1239567+01:00",
      "2026-11-22 12:07:00.123+00" },
    { "DateTime", "timestamp with time zone", VALUE_STRING, "1999-12-31T23:59:59.9999Z",
      "1999-12-31 23:59:59.999+00" },
    { "DateTimeMicros", "timestamp with time zone", VALUE_STRING,
      "2026-11-22T13:07:00.1239567+01:00", "2026-11-22 12:07:00.123956+00" },
    { "DateTime Z", "timestamp without time zone", VALUE_STRING, "2026-11-22T13:07:00+01:00",
      "2026-11-22 12:07:00" },
    { "DateTime", "timestamp with time zone", VALUE_STRING, "0001-01-01T00:00:00+00:01",
      "0001-12-31 23:59:00+00 BC" },
    { "LocalDateTime", "timestamp without time zone", VALUE_STRING, "2026-11-22T13:07:00.5",
      "2026-11-22 13:07:00.5" },
    { "LocalDateTime", "timestamp without time zone", VALUE_STRING, "2026-11-22T13:07:00Z", NULL },
    { "Any", "timestamp without time zone", VALUE_STRING, "infinity", "infinity" },
    { "Any", "timestamp with time zone", VALUE_STRING, "infinity", "infinity" },
    { "String", "timestamp with time zone", VALUE_STRING, "0044-01-03 00:00:00.000001+00 BC",
      "0044-01-03 00:00:00.000001+00 BC" },
    { "String", "timestamp with time zone", VALUE_STRING, "now", NULL },
    { "String", "timestamp without time zone", VALUE_STRING, "294277-01-01 00:00:00", NULL },
    { "Duration", "interval", VALUE_STRING, "P1Y2M-3DT4H5M6.789S", "P1Y2M-3DT4H5M6.789S" },
    { "Duration", "interval", VALUE_STRING, "P", NULL },
    { "Duration", "interval", VALUE_STRING, "P1DT", NULL },
    { "Duration", "interval", VALUE_STRING, "PT1H1Y", NULL },
    { "Duration", "interval", VALUE_STRING, "P999999999Y", NULL },
    { "Duration", "interval", VALUE_STRING, "PT9999999999H", NULL },
    { "String", "interval", VALUE_STRING, "1 day", NULL },
    { "String", "inet", VALUE_STRING, "10.0.0.1", "10.0.0.1" },
    { "String", "inet", VALUE_STRING, "::1/64", "::1/64" },
    { "String", "inet", VALUE_STRING, "10.0.0.256", NULL },
    { "String", "inet", VALUE_STRING, "10.0.0.1/33", NULL },
    { "String", "cidr", VALUE_STRING, "10.0.0.0/8", "10.0.0.0/8" },
    { "String", "cidr", VALUE_STRING, "10.0.0.1/8", NULL },
    { "String", "macaddr", VALUE_STRING, "08:00:2b:01:02:03", "08:00:2b:01:02:03" },
    { "String", "macaddr", VALUE_STRING, "08:00:2b:01:02", NULL },
    { "String", "oid", VALUE_STRING, "4294967295", "4294967295" },
    { "String", "oid", VALUE_STRING, "4294967296", NULL },
    { "String", "money", VALUE_STRING, "-$1,234.50", "-$1,234.50" },
    { "String", "money", VALUE_STRING, "$92,233,720,368,547,758.08", NULL },
    { "String", "money", VALUE_STRING, "-$92233720368547758.08", "-$92233720368547758.08" },
    { "String", "money", VALUE_STRING, "-$92233720368547758.09", NULL },
    { "String", "bit(3)", VALUE_STRING, "10101", "10101" },
    { "String", "bit varying(3)", VALUE_STRING, "12", NULL },
    { "String", "bytea", VALUE_STRING, "\\xdead", "\\xdead" },
    { "String", "bytea", VALUE_STRING, "dead", NULL },
    { "Bytes", "bytea", VALUE_STRING, "3q0A/w==", "\\xdead00ff" },
    { "Bytes", "bytea", VALUE_STRING, "", "\\x" },
    { "Bytes", "bytea", VALUE_STRING, "3q0A/x==", NULL },
    { "Bytes", "bytea", VALUE_STRING, "3q0", NULL },
    { "String", "int4range", VALUE_STRING, "[1,10)", "[1,10)" },
    { "String", "int4range", VALUE_STRING, "[10,1)", NULL },
    { "String", "int4range", VALUE_STRING, "[1,2147483647]", NULL },
    { "String", "numrange", VALUE_STRING, "(-1.50,-1.5]", "(-1.50,-1.5]" },
    { "String", "numrange", VALUE_STRING, "(-1.4,-1.5]", NULL },
    { "String", "daterange", VALUE_STRING, "[2024-01-01,infinity)", "[2024-01-01,infinity)" },
    { "String", "tstzrange", VALUE_STRING, "[\"2024-01-01 00:00:00+00\",)",
      "[\"2024-01-01 00:00:00+00\",)" },
    { "String", "tstzrange", VALUE_STRING, "[now,)", NULL },
    { "String", "integer[]", VALUE_STRING, "{1,NULL,-3}", "{1,NULL,-3}" },
    { "String", "integer[]", VALUE_STRING, "{1,x}", NULL },
    { "String", "integer[]", VALUE_STRING, "{{1},{2,3}}", NULL },
    { "String", "rating[]", VALUE_STRING, "{PG-13,R}", NULL },
    { "[Int]", "integer[]", VALUE_INT, "7", "{\"7\"}" },
    { "Any", "integer[]", VALUE_INT, "7", NULL },
    { "Any", "jsonb", VALUE_STRING, "a\"", "\"a\\\"\"" },
    { "Any", "json", VALUE_INT, "1", "1" },
    { "Any", "jsonb", VALUE_FLOAT, "1e309", NULL },
    { "String", "jsonb", VALUE_STRING, "{\"a\": [1, \"1e999\"]}", "{\"a\": [1, \"1e999\"]}" },
    { "String", "jsonb", VALUE_STRING, "{\"a\": 1e999}", NULL },
    { "String", "jsonb", VALUE_STRING, "{a: 1}", NULL },
    { "String", "jsonb", VALUE_STRING, "\"\\u0000\"", NULL },
    { "ID", "code", VALUE_STRING, "SWE", "SWE" },
};
/* clang-format on */

static void
makes_parameters(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(parameters); i++) {
        const struct value value = { .kind = parameters[i].kind,
                                     .text = str_from(parameters[i].text) };
        const struct codec *codec = make(parameters[i].leaf, parameters[i].type);
        struct str text = STR_NONE;
        if (!codec)
            fail_msg("%s cannot show %s", parameters[i].leaf, parameters[i].type);
        enum codec_result result = codec_parameter(arena, codec, &value, true, &text);
        if ((result == CODEC_OK) != (parameters[i].parameter != NULL))
            fail_msg("%s of %s: %s", parameters[i].leaf, parameters[i].type, parameters[i].text);
        if (parameters[i].parameter)
            assert_string_equal(text.ptr, parameters[i].parameter);
    }
}

static enum codec_result
parameter_of(const char *leaf, const char *type, const struct value *value, struct str *text)
{
    return codec_parameter(arena, make(leaf, type), value, true, text);
}

static void
makes_parameters_of_other_values(void **state)
{
    const struct value nul = { .kind = VALUE_STRING, .text = STR_INIT("a\0b") };
    const struct value yes = { .kind = VALUE_BOOLEAN, .boolean = true };
    struct value object = { .kind = VALUE_OBJECT };
    struct str text;
    (void)state;

    assert_int_equal(parameter_of("String", "text", &nul, &text), CODEC_NEVER);
    assert_int_equal(parameter_of("Any", "jsonb", &nul, &text), CODEC_NEVER);
    assert_int_equal(parameter_of("Boolean", "boolean", &yes, &text), CODEC_OK);
    assert_string_equal(text.ptr, "true");
    assert_int_equal(parameter_of("Any", "integer", &yes, &text), CODEC_NEVER);
    assert_int_equal(parameter_of("Any", "text", &object, &text), CODEC_NEVER);
    value_append(arena, &object, &object.items, &yes, STR("a"));
    assert_int_equal(parameter_of("Any", "jsonb", &object, &text), CODEC_OK);
    assert_string_equal(text.ptr, "{\"a\":true}");
    value_append(arena, &object, &object.items->next, &nul, STR("b"));
    assert_int_equal(parameter_of("Any", "jsonb", &object, &text), CODEC_NEVER);
}

static void
makes_parameters_of_lists(void **state)
{
    const struct value quoted = { .kind = VALUE_STRING, .text = STR_INIT("a \"b\"\\") };
    const struct value name = { .kind = VALUE_ENUM, .text = STR_INIT("PG_13") };
    const struct value one = { .kind = VALUE_INT, .text = STR_INIT("1") };
    struct value list = { .kind = VALUE_LIST }, nested = { .kind = VALUE_LIST };
    struct value ratings = { .kind = VALUE_LIST };
    struct str text;
    (void)state;

    assert_int_equal(parameter_of("[String]", "text[]", &list, &text), CODEC_OK);
    assert_string_equal(text.ptr, "{}");
    struct value **end = value_append(arena, &list, &list.items, &quoted, STR_NONE);
    value_append(arena, &list, end, &value_null, STR_NONE);
    assert_int_equal(parameter_of("[String]", "text[]", &list, &text), CODEC_OK);
    assert_string_equal(text.ptr, "{\"a \\\"b\\\"\\\\\",NULL}");
    assert_int_equal(parameter_of("Any", "text[]", &list, &text), CODEC_OK);
    assert_int_equal(parameter_of("[String]", "uuid[]", &list, &text), CODEC_NEVER);
    value_append(arena, &ratings, &ratings.items, &name, STR_NONE);
    assert_int_equal(parameter_of("[Rating]", "rating[]", &ratings, &text), CODEC_OK);
    assert_string_equal(text.ptr, "{\"PG-13\"}");
    value_append(arena, &nested, &nested.items, &list, STR_NONE);
    assert_int_equal(parameter_of("Any", "text[]", &nested, &text), CODEC_OK);
    assert_string_equal(text.ptr, "{{\"a \\\"b\\\"\\\\\",NULL}}");
    value_append(arena, &nested, &nested.items->next, &one, STR_NONE);
    assert_int_equal(parameter_of("Any", "text[]", &nested, &text), CODEC_NEVER);
}

/* A function gets all digits. */
static void
passes_times_to_functions(void **state)
{
    const struct value value = { .kind = VALUE_STRING,
                                 .text = STR_INIT("2026-11-22T13:07:00.123456Z") };
    const struct codec *codec = make("DateTime", "timestamp with time zone");
    struct str text;
    (void)state;

    assert_true(codec->is_truncated);
    assert_int_equal(codec_parameter(arena, codec, &value, false, &text), CODEC_OK);
    assert_string_equal(text.ptr, "2026-11-22 13:07:00.123456+00");
    assert_false(make("DateTimeMicros", "timestamp with time zone")->is_truncated);
    assert_false(make("String", "timestamp with time zone")->is_truncated);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(makes_parameters, setup, teardown),
        cmocka_unit_test_setup_teardown(makes_parameters_of_other_values, setup, teardown),
        cmocka_unit_test_setup_teardown(makes_parameters_of_lists, setup, teardown),
        cmocka_unit_test_setup_teardown(passes_times_to_functions, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
