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
    table = prepared_new(false);
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

static bool
use_checked(struct str sql)
{
    struct statement statement = { .sql = sql, .hash = str_hash(sql) };

    return prepared_use_checked(table, &statement, STR("a"));
}

static void
what_was_checked_is_known_until_it_is_stale(void **state)
{
    (void)state;
    assert_false(use_checked(STR("SELECT 1")));
    struct prepared *one = get(STR("SELECT 1"), STR("a"), false);
    assert_false(use_checked(STR("SELECT 1")));
    one->is_checked = true;
    assert_true(use_checked(STR("SELECT 1")));
    assert_false(use_checked(STR("SELECT 2")));
    one->is_sent = false;
    assert_false(use_checked(STR("SELECT 1")));
    one->is_sent = one->is_stale = true;
    assert_false(use_checked(STR("SELECT 1")));
}

static void
what_is_asked_for_as_checked_counts_as_used(void **state)
{
    char command[PREPARED_COMMAND_SIZE];
    struct prepared *one = get(STR("SELECT 1"), STR("a"), false);

    (void)state;
    one->is_checked = true;
    for (int i = 0; forget(command) == 0; i++) {
        assert_true(use_checked(STR("SELECT 1")));
        get_number(i);
    }
    assert_true(use_checked(STR("SELECT 1")));
}

static void
one_that_is_stale_gets_another_name_and_the_old_one_is_forgotten(void **state)
{
    char command[PREPARED_COMMAND_SIZE], expected[64];
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

/* --- behind a pooler --- */

static int
set_up_pooled(void **state)
{
    (void)state;
    arena = arena_new("test");
    table = prepared_new(true);
    return 0;
}

static const char *
text_of(const struct prepared *row)
{
    struct buf *b = buf_new(arena);

    prepared_write(table, row, b);
    return buf_copy(arena, b).ptr;
}

static void
roles_are_in_the_text(void **state)
{
    (void)state;
    const struct prepared *nobody = get(STR("SELECT 1"), STR_NONE, false);
    const struct prepared *user = get(STR("SELECT 1"), STR("app_user"), false);
    const struct prepared *odd = get(STR("SELECT 1"), STR("*/ DROP"), false);

    assert_string_equal(text_of(nobody), "SELECT 1 /*  */");
    assert_string_equal(text_of(user), "SELECT 1 /* app_user */");
    assert_string_equal(text_of(odd), "SELECT 1 /* __ DROP */");
}

static void
names_are_of_one_connection(void **state)
{
    (void)state;
    struct prepared_table *other = prepared_new(true);
    struct statement statement = { .sql = STR("SELECT 1"), .hash = str_hash(STR("SELECT 1")) };
    const char *name = prepared_get(other, &statement, STR_NONE, false)->name;

    assert_string_not_equal(get(STR("SELECT 1"), STR_NONE, false)->name, name);
    prepared_free(other);
}

static void
nothing_is_taken_back(void **state)
{
    (void)state;
    char command[PREPARED_COMMAND_SIZE], name[sizeof(((struct prepared *)NULL)->name)];

    snprintf(name, sizeof(name), "%s", get_number(0)->name);
    for (int i = 1; i < 500; i++)
        assert_non_null(get_number(i));
    assert_true(prepared_has_surplus(table));
    assert_int_equal(forget(command), 0);
    assert_false(prepared_has_surplus(table));
    assert_string_not_equal(get_number(0)->name, name);
}

static void
a_refused_one_gets_another_name(void **state)
{
    (void)state;
    char name[sizeof(((struct prepared *)NULL)->name)];
    struct prepared *row = get_number(1);

    snprintf(name, sizeof(name), "%s", row->name);
    prepared_refuse(table, row);
    row = get_number(1);
    assert_string_not_equal(row->name, name);
}

/* A pooler would find the one that it has by its text. */
static void
anew_is_without_a_name_and_then_with_another_text(void **state)
{
    (void)state;
    const char *before = text_of(get_number(1));

    assert_null(get(STR("SELECT 1"), STR_NONE, true));
    assert_string_not_equal(text_of(get_number(1)), before);
    assert_string_equal(text_of(get_number(1)), text_of(get_number(1)));
}

static void
it_is_worn_after_many_names(void **state)
{
    (void)state;
    char command[PREPARED_COMMAND_SIZE];
    int count = 0;

    while (!prepared_is_worn(table) && count < 100000) {
        assert_non_null(get_number(count++));
        assert_int_equal(forget(command), 0);
    }
    assert_in_range(count, 1000, 10000);
}

int
main(void)
{
#define TEST(function)   cmocka_unit_test_setup_teardown(function, set_up, tear_down)
#define POOLED(function) cmocka_unit_test_setup_teardown(function, set_up_pooled, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_statement_is_known_by_text_and_role),
        TEST(what_was_checked_is_known_until_it_is_stale),
        TEST(what_is_asked_for_as_checked_counts_as_used),
        TEST(one_that_is_stale_gets_another_name_and_the_old_one_is_forgotten),
        TEST(what_postgresql_refused_need_not_be_forgotten),
        TEST(the_least_recently_used_are_forgotten_one_by_one),
        TEST(a_full_table_says_so_until_some_are_forgotten),
        TEST(large_texts_leave_room_for_fewer),
        POOLED(roles_are_in_the_text),
        POOLED(names_are_of_one_connection),
        POOLED(nothing_is_taken_back),
        POOLED(a_refused_one_gets_another_name),
        POOLED(anew_is_without_a_name_and_then_with_another_text),
        POOLED(it_is_worn_after_many_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
