/*
 * test_arena.c - memory that is released all at once (base/arena.c), buffers
 * (base/buf.c) and maps (base/map.c).
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "tests/unit/unit.h"

static void
arena_gives_zeroed_aligned_memory(void **state)
{
    struct arena *a = arena_new("test");

    (void)state;
    for (size_t size = 0; size < 100000; size = size * 2 + 1) {
        char *bytes = arena_alloc(a, size);
        assert_non_null(bytes);
        assert_int_equal((uintptr_t)bytes % _Alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(bytes[i], 0);
        memset(bytes, 0xFF, size); /* what is dirtied comes back zeroed after a reset */
    }
    arena_reset(a);
    char *again = arena_alloc(a, 4096);
    for (int i = 0; i < 4096; i++)
        assert_int_equal(again[i], 0);
    arena_free(a);
}

static void
arena_reset_keeps_one_block(void **state)
{
    struct arena *a = arena_new("test");
    size_t warm = arena_size(a);

    (void)state;
    arena_alloc(a, 1000000);
    assert_true(arena_size(a) > 1000000);
    arena_reset(a);
    assert_int_equal(arena_size(a), warm);
    arena_free(a);
}

static char order[8];

static void
note(void *letter)
{
    strcat(order, letter);
}

static void
arena_runs_cleanups_last_first(void **state)
{
    struct arena *a = arena_new("test");

    (void)state;
    order[0] = '\0';
    arena_defer(a, note, "a");
    arena_defer(a, note, "b");
    arena_reset(a);
    assert_string_equal(order, "ba");
    arena_defer(a, note, "c");
    arena_free(a);
    assert_string_equal(order, "bac");
    arena_free(NULL);
}

static void
buf_grows_and_truncates(void **state)
{
    struct buf b = { 0 };

    (void)state;
    assert_int_equal(buf_str(&b).len, 0);
    assert_non_null(buf_reserve(&b, 0));
    for (int i = 0; i < 1000; i++)
        buf_put(&b, STR("0123456789"));
    assert_int_equal(b.len, 10000);
    buf_truncate(&b, 3);
    buf_printf(&b, "%d-%s", 42, "x");
    buf_byte(&b, '!');
    buf_repeat(&b, '=', 3);
    assert_true(str_is(buf_str(&b), "01242-x!==="));
    buf_truncate(&b, 1000); /* beyond the end: nothing */
    assert_int_equal(b.len, 11);
    buf_free(&b);
    assert_null(b.ptr);
}

static void
buf_fails_stickily_at_its_maximum(void **state)
{
    struct buf b = { .maximum = 10 };

    (void)state;
    buf_put(&b, STR("0123456789"));
    assert_false(b.failed);
    buf_byte(&b, 'x');
    assert_true(b.failed);
    buf_truncate(&b, 0);
    buf_put(&b, STR("y")); /* still failed: nothing is written */
    assert_int_equal(b.len, 0);
    buf_free(&b);
}

static void
buf_writes_integers(void **state)
{
    static const int64_t numbers[] = { 0, 7, -1, 10, 99999, INT64_MAX, INT64_MIN };
    struct arena *a = arena_new("test");
    struct buf *b = buf_new(a);

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(numbers); i++) {
        char expected[32];
        snprintf(expected, sizeof(expected), "%lld", (long long)numbers[i]);
        buf_truncate(b, 0);
        buf_int64(b, numbers[i]);
        assert_true(str_is(buf_str(b), expected));
    }
    assert_string_equal(buf_copy(a, b).ptr, "-9223372036854775808"); /* ends in NUL */
    arena_free(a);
}

static void
map_finds_what_was_put(void **state)
{
    struct arena *a = arena_new("test");
    struct map *m = map_new(a);
    static int values[1000];

    (void)state;
    for (int i = 0; i < 1000; i++)
        assert_null(map_put(m, str_format(a, "key %d", i), &values[i]));
    assert_int_equal(map_count(m), 1000);
    for (int i = 0; i < 1000; i++)
        assert_ptr_equal(map_get(m, str_format(a, "key %d", i)), &values[i]);
    assert_null(map_get(m, STR("key 1000")));
    assert_null(map_get(m, STR("")));
    assert_ptr_equal(map_put(m, STR("key 7"), &values[0]), &values[7]);
    assert_ptr_equal(map_add(m, STR("key 7"), &values[9]), &values[0]);
    assert_ptr_equal(map_get(m, STR("key 7")), &values[0]);
    assert_int_equal(map_count(m), 1000);
    arena_free(a);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arena_gives_zeroed_aligned_memory),
        cmocka_unit_test(arena_reset_keeps_one_block),
        cmocka_unit_test(arena_runs_cleanups_last_first),
        cmocka_unit_test(buf_grows_and_truncates),
        cmocka_unit_test(buf_fails_stickily_at_its_maximum),
        cmocka_unit_test(buf_writes_integers),
        cmocka_unit_test(map_finds_what_was_put),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
