/*
 * test_notice.c - texts that master and workers share.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "base/arena.h"
#include "watch/notice.h"
#include "tests/unit/unit.h"

static struct notices *notices;
static struct arena *arena;

static int
set_up(void **state)
{
    (void)state;
    notices = notices_new();
    arena = arena_new("test");
    return notices ? 0 : -1;
}

static int
tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    notices_free(notices);
    return 0;
}

static void
assert_text(struct str text, const char *expected)
{
    assert_non_null(text.ptr);
    assert_string_equal(str_copy_c(arena, text), expected);
}

static void
test_set_and_taken_away(void **state)
{
    (void)state;
    assert_null(notice_read(&notices->misfit, arena).ptr);
    notice_set(&notices->misfit, STR("a misfit"));
    assert_text(notice_read(&notices->misfit, arena), "a misfit");
    notice_set(&notices->misfit, STR("other"));
    assert_text(notice_read(&notices->misfit, arena), "other");
    notice_set(&notices->misfit, STR_NONE);
    assert_null(notice_read(&notices->misfit, arena).ptr);
}

/* The first bytes are kept, and no half of a character. */
static void
test_long(void **state)
{
    char text[NOTICE_SIZE + 8];

    (void)state;
    memset(text, 'x', sizeof(text));
    memcpy(text + NOTICE_SIZE - 1, "\xC3\xA4", 2);
    notice_set(&notices->misfit, (struct str){ text, sizeof(text) });
    assert_int_equal(notice_read(&notices->misfit, arena).len, NOTICE_SIZE - 1);
}

static void
test_warning_of_both(void **state)
{
    (void)state;
    assert_null(notices_read_warning(NULL, arena).ptr);
    assert_null(notices_read_warning(notices, arena).ptr);
    notice_set(&notices->pending, STR("pending"));
    assert_text(notices_read_warning(notices, arena), "pending");
    notice_set(&notices->misfit, STR("misfit"));
    assert_text(notices_read_warning(notices, arena), "misfit\npending");
    notice_set(&notices->pending, STR_NONE);
    assert_text(notices_read_warning(notices, arena), "misfit");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_set_and_taken_away, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_long, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_warning_of_both, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
