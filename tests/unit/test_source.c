/*
 * test_source.c - lines and columns, and errors that have them.
 *
 * SPDX-License-Identifier: MIT
 */

#include "base/arena.h"
#include "language/source.h"
#include "tests/unit/unit.h"

static void
test_places(void **state)
{
    static const struct {
        const char *text;
        uint32_t offset, line, column;
    } cases[] = {
        { "", 0, 1, 1 },
        { "abc", 0, 1, 1 },
        { "abc", 2, 1, 3 },
        { "abc", 3, 1, 4 },         /* the end */
        { "a\nb", 1, 1, 2 },        /* the line end belongs to its line */
        { "a\nb", 2, 2, 1 },        /* LF */
        { "a\rb", 2, 2, 1 },        /* CR */
        { "a\r\nb", 3, 2, 1 },      /* CR LF is one line end */
        { "a\n\rb", 3, 3, 1 },      /* LF CR is two */
        { "a\r\rb", 3, 3, 1 },      /* CR CR is two */
        { "a\r\n\r\nbc", 6, 3, 2 }, /* an empty line between */
        { "\n", 1, 2, 1 },          /* the end, on an empty line */
        { "\xC3\xA9x", 2, 1, 2 },   /* U+00E9: two bytes, one code unit */
        { "\xE2\x82\xACx", 3, 1, 2 },
        { "\xF0\x9F\x98\x80x", 4, 1, 3 },   /* U+1F600: two code units */
        { "\xEF\xBF\xBFx", 3, 1, 2 },       /* U+FFFF, the last of one unit */
        { "\xF0\x90\x80\x80x", 4, 1, 3 },   /* U+10000, the first of two */
        { "\xEF\xBB\xBF{", 3, 1, 2 },       /* a byte order mark is a character */
        { "\xF0\x9F\x98\x80\nx", 5, 2, 1 }, /* and the column starts anew */
        { "a\xE2\x80\xA8x", 4, 1, 3 },      /* U+2028 ends no line */
        { "a\xFF\xFEx", 3, 1, 4 },          /* ill-formed: a column a byte */
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct source source = { STR_NONE, str_from(cases[i].text) };
        struct place place = source_place(&source, cases[i].offset);
        if (place.line != cases[i].line || place.column != cases[i].column)
            fail_msg("case %zu: %u:%u, not %u:%u", i, place.line, place.column, cases[i].line,
                     cases[i].column);
    }
}

static void
test_offset(void **state)
{
    (void)state;
    struct source source = { STR_NONE, STR("{ link }") };
    struct str name = { source.text.ptr + 2, 4 };

    assert_int_equal(source_offset(&source, name), 2);
    assert_int_equal(source_offset(&source, source.text), 0);
    assert_int_equal(source_offset(&source, (struct str){ source.text.ptr + 8, 0 }), 8);
}

static void
test_errors(void **state)
{
    (void)state;
    struct arena *a = arena_new("test");
    struct errors errors = { .arena = a };
    struct source source = { STR_NONE, STR("a\nbb\nccc") };

    struct error *error =
        source_error(&errors, &source, 3, ERROR_VALIDATION_FAILED, "%d of %s", 2, "them");
    source_add_place(&errors, error, &source, 7);

    assert_int_equal(errors.count, 1);
    assert_ptr_equal(errors.first, error);
    assert_int_equal(error->code, ERROR_VALIDATION_FAILED);
    assert_true(str_is(error->message, "2 of them"));
    assert_int_equal(error->places->line, 2);
    assert_int_equal(error->places->column, 2);
    assert_int_equal(error->places->next->line, 3);
    assert_int_equal(error->places->next->column, 3);
    assert_null(error->places->next->next);
    arena_free(a);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_offset),
        cmocka_unit_test(test_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
