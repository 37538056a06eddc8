/*
 * test_places.c - lines and columns of one document: those that source_place()
 * finds, whatever the order in which they are asked for.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "language/places.h"
#include "language/source.h"
#include "tests/unit/unit.h"

/* Where a mark may fall between: line ends of each kind, characters of each length. */
static const char *const pieces[] = { "a",     "\n",       "\r",           "\r\n",
                                      "\n\r",  "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80",
                                      "word, " };

static void
same_as_from_the_start(void **state)
{
    struct arena *a = arena_new("test");
    struct buf *b = buf_new(a);
    unsigned seed = 7;

    (void)state;
    while (b->len < 4096)
        buf_put_c(b, pieces[rand_r(&seed) % ARRAY_LENGTH(pieces)]);
    const struct source source = { .text = buf_str(b) };
    struct places *places = places_new(a, &source);
    for (int i = 0; i < 5000; i++) {
        uint32_t offset = (uint32_t)rand_r(&seed) % (uint32_t)(source.text.len + 1);
        struct place expected = source_place(&source, offset);
        struct place found = places_find(places, offset);

        assert_int_equal(found.line, expected.line);
        assert_int_equal(found.column, expected.column);
    }
    arena_free(a);
}

static void
an_empty_text_has_one_place(void **state)
{
    struct arena *a = arena_new("test");
    const struct source source = { .text = STR("") };
    struct place found = places_find(places_new(a, &source), 0);

    (void)state;
    assert_int_equal(found.line, 1);
    assert_int_equal(found.column, 1);
    arena_free(a);
}

int
main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(same_as_from_the_start),
                                        cmocka_unit_test(an_empty_text_has_one_place) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
