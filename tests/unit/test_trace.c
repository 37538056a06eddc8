/*
 * test_trace.c - which headers name a trace.
 *
 * SPDX-License-Identifier: MIT
 */
#include "metrics/trace.h"

#include <string.h>

#include "tests/unit/unit.h"

#define ID     "4bf92f3577b34da6a3ce929d0e0e4736"
#define PARENT "00f067aa0ba902b7"

static void
traces(void **state)
{
    static const struct {
        const char *header;
        bool is_sampled;
    } good[] = {
        { "00-" ID "-" PARENT "-01", true },  { "00-" ID "-" PARENT "-00", false },
        { "00-" ID "-" PARENT "-03", true },  { "00-" ID "-" PARENT "-ff", true },
        { "00-" ID "-" PARENT "-fe", false },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(good); i++) {
        struct trace trace = trace_read(str_from(good[i].header));
        assert_true(str_is(trace.id, ID));
        assert_true(str_is(trace.parent, PARENT));
        assert_int_equal(trace.is_sampled, good[i].is_sampled);
    }
}

static void
others(void **state)
{
    static const char *const none[] = {
        "",
        "00-" ID "-" PARENT "-1",
        "00-" ID "-" PARENT "-01-",
        "00-" ID "-" PARENT "-01-00",
        " 00-" ID "-" PARENT "-01",
        "01-" ID "-" PARENT "-01",
        "ff-" ID "-" PARENT "-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-" PARENT "-01",
        "00-" ID "-00F067AA0BA902B7-01",
        "00-" ID "-" PARENT "-0G",
        "00-" ID "-" PARENT "-0A",
        "00-00000000000000000000000000000000-" PARENT "-01",
        "00-" ID "-0000000000000000-01",
        "00_" ID "-" PARENT "-01",
        "00-" ID "_" PARENT "-01",
        "00-" ID "-" PARENT "_01",
        "00-" ID "-" PARENT "-01, 00-" ID "-" PARENT "-01", /* it came twice */
    };

    (void)state;
    assert_null(trace_read(STR_NONE).id.ptr);
    for (size_t i = 0; i < ARRAY_LENGTH(none); i++)
        assert_null(trace_read(str_from(none[i])).id.ptr);
    /* None of its characters may be another one. */
    char header[] = "00-" ID "-" PARENT "-01";
    for (size_t i = 0; i < strlen(header); i++) {
        char before = header[i];
        header[i] = 'x';
        assert_null(trace_read(str_from(header)).id.ptr);
        header[i] = before;
    }
}

static void
spans(void **state)
{
    char first[TRACE_SPAN_DIGITS + 1], second[TRACE_SPAN_DIGITS + 1];

    (void)state;
    trace_draw_span(first);
    trace_draw_span(second);
    assert_int_equal(strlen(first), TRACE_SPAN_DIGITS);
    assert_int_equal(strspn(first, "0123456789abcdef"), TRACE_SPAN_DIGITS);
    assert_string_not_equal(first, second);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(traces),
        cmocka_unit_test(others),
        cmocka_unit_test(spans),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
