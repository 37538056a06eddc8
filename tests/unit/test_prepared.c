/*
 * test_prepared.c - which statements a connection has prepared (database/prepared.c).
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "database/prepared.h"
#include "database/statement.h"
#include "tests/unit/unit.h"

static struct arena *arena;
static struct prepared_table *table;

static int
set_up(void **state)
{
    (void)state;
    arena = arena_new("test");
    table = prepared_new();
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    prepared_free(table);
    arena_free(arena);
    return 0;
}

static struct prepared *
get(struct str sql, struct str role, bool is_anew)
{
    struct statement statement = { .sql = sql, .hash = str_hash(sql) };
    struct prepared *row = prepared_get(table, &statement, role, is_anew);

    if (row)
        row->is_sent = true;
    return row;
}

/* One of many statements, as nobody's. */
static struct prepared *
get_number(int n)
{
    return get(str_format(arena, "SELECT %d", n), STR_NONE, false);
}

/* How many are forgotten now; the last command is in `command`. */
static int
forget(char command[PREPARED_COMMAND_SIZE])
{
    int count = 0;

    while (prepared_take_surplus(table, command))
        count++;
    return count;
}

static void
a_statement_is_known_by_text_and_role(void **state)
{
    struct prepared *one = get(STR("SELECT 1"), STR("a"), false);

    (void)state;
    assert_ptr_equal(get(STR("SELECT 1"), STR("a"), false), one);
    assert_ptr_not_equal(get(STR("SELECT 1"), STR("b"), false), one);
    assert_ptr_not_equal(get(STR("SELECT 1"), STR_NONE, false), one);
    assert_ptr_not_equal(get(STR("SELECT 1a"), STR_NONE, false), one);
    assert_string_not_equal(get(STR("SELECT 1"), STR("b"), false)->name, one->name);
}

static void
one_that_is_stale_gets_another_name_and_the_old_one_is_forgotten(void **state)
{
    char command[PREPARED_COMMAND_SIZE], expected[PREPARED_COMMAND_SIZE];
    struct prepared *one = get(STR("SELECT 1"), STR("a"), false);

    (void)state;
    snprintf(expected, sizeof(expected), "DEALLOCATE %s", one->name);
    one->is_stale = true;
    struct prepared *next = get(STR("SELECT 1"), STR("a"), false);
    assert_ptr_not_equal(next, one); /* what was sent may still be answered */
    assert_string_not_equal(next->name, one->name);
    assert_int_equal(forget(command), 1);
    assert_string_equal(command, expected);
    assert_ptr_not_equal(get(STR("SELECT 1"), STR("a"), true), next);
    assert_int_equal(forget(command), 1);
}

static void
what_postgresql_refused_need_not_be_forgotten(void **state)
{
    char command[PREPARED_COMMAND_SIZE];

    (void)state;
    for (int i = 0; i < 512; i++)
        get_number(i)->is_sent = false;
    assert_int_equal(forget(command), 0);
    assert_non_null(get_number(512));
}

static void
the_least_recently_used_are_forgotten_one_by_one(void **state)
{
    char command[PREPARED_COMMAND_SIZE];

    (void)state;
    for (int i = 0; i < 448; i++)
        assert_non_null(get_number(i));
    assert_int_equal(forget(command), 0);
    const struct prepared *first = get_number(0);
    get_number(448);
    assert_int_equal(forget(command), 1);
    assert_string_equal(command, "DEALLOCATE s2"); /* SELECT 1 */
    assert_ptr_equal(get_number(0), first);
    assert_string_equal(get_number(1)->name, "s450");
}

static void
a_full_table_says_so_until_some_are_forgotten(void **state)
{
    char command[PREPARED_COMMAND_SIZE];

    (void)state;
    for (int i = 0; i < 512; i++)
        assert_non_null(get_number(i));
    assert_null(get_number(512));
    assert_non_null(get_number(511));
    assert_int_equal(forget(command), 64);
    for (int i = 512; i < 512 + 64; i++)
        assert_non_null(get_number(i));
    assert_null(get_number(1000));
}

/* A text of so many bytes. */
static struct str
large(int n, size_t len)
{
    char *text = arena_alloc(arena, len + 1);

    memset(text, 'x', len);
    memcpy(text, &n, sizeof(n));
    return (struct str){ text, len };
}

static void
large_texts_leave_room_for_fewer(void **state)
{
    char command[PREPARED_COMMAND_SIZE];
    int count = 0;

    (void)state;
    assert_null(get(large(0, 70000), STR_NONE, false));
    while (get(large(count, 60000), STR_NONE, false))
        count++;
    assert_in_range(count, 15, 30);
    assert_in_range(forget(command), 5, 15);
    assert_non_null(get(large(count, 60000), STR_NONE, false));
}

int
main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_statement_is_known_by_text_and_role),
        TEST(one_that_is_stale_gets_another_name_and_the_old_one_is_forgotten),
        TEST(what_postgresql_refused_need_not_be_forgotten),
        TEST(the_least_recently_used_are_forgotten_one_by_one),
        TEST(a_full_table_says_so_until_some_are_forgotten),
        TEST(large_texts_leave_room_for_fewer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
