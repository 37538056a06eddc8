/*
 * test_batch_rows.c - which rows of a batch are those of a key, and in what order.
 *
 * The rows are made here, so that no PostgreSQL is linked.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "batch_rows/batch_keys.h"
#include "batch_rows/batch_rows.h"
#include "catalog/catalog.h"
#include "database/rows.h"
#include "plan/plan.h"
#include "tests/unit/unit.h"

enum { CELLS = 3, ROWS_MAX = 200 };

struct rows {
    int count;
    struct str cells[ROWS_MAX][CELLS];
    const int *order;
};

int
rows_count(const struct rows *rows)
{
    return rows->count;
}

struct str
rows_get(const struct rows *rows, int row, int column)
{
    return rows->cells[rows->order ? rows->order[row] : row][column];
}

void
rows_set_order(struct rows *rows, const int *order)
{
    rows->order = order;
}

/* --- making them --- */

static struct arena *arena;
static struct rows rows;

static int
setup(void **state)
{
    (void)state;
    arena = arena_new("test");
    rows = (struct rows){ 0 };
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

/* A whole number of so many bytes, as PostgreSQL sends it. */
static struct str
number(int64_t n, size_t len)
{
    char *bytes = arena_alloc(arena, len);

    for (size_t i = 0; i < len; i++)
        bytes[i] = (char)((uint64_t)n >> 8 * (len - 1 - i));
    return (struct str){ bytes, len };
}

static void
add_row(int key, struct str first, struct str second)
{
    struct str *cells = rows.cells[rows.count++];

    cells[0] = number(key, sizeof(int64_t));
    cells[1] = first;
    cells[2] = second;
}

/* A batch that is sorted by its cells 1 and 2, of columns of these kinds. */
static struct plan_statement *
batch(enum column_kind first, struct order_direction first_direction, enum column_kind second,
      bool is_reversed)
{
    static const int cells[] = { 1, 2 };
    struct plan_statement *statement = ARENA_NEW(arena, struct plan_statement);
    struct plan_relation *relation = ARENA_NEW(arena, struct plan_relation);
    struct plan_slice *slice = ARENA_NEW(arena, struct plan_slice);
    struct order_term *terms = ARENA_ARRAY(arena, struct order_term, 2);
    struct column *columns = ARENA_ARRAY(arena, struct column, 2);

    struct column_type *types = ARENA_ARRAY(arena, struct column_type, 2);

    types[0].kind = first;
    types[1].kind = second;
    columns[0] = (struct column){ .type = &types[0], .kind = first };
    columns[1] = (struct column){ .type = &types[1], .kind = second };
    terms[0] = order_term_of(&columns[0], first_direction);
    terms[1] = order_term_of(&columns[1], (struct order_direction){ false, false });
    *slice = (struct plan_slice){ .order = terms, .order_count = 2, .is_reversed = is_reversed };
    relation->slice = slice;
    statement->relation = relation;
    statement->sort_cells = cells;
    return statement;
}

/* The rows of the key are those, by how they came. */
static void
expect_rows(const int *first_row, int key, int count, const int *came)
{
    assert_int_equal(first_row[key + 1] - first_row[key], count);
    for (int i = 0; i < count; i++) {
        int row = first_row[key] + i;
        assert_int_equal(rows.order ? rows.order[row] : row, came[i]);
    }
}

#define EXPECT_ROWS(first_row, key, ...)                                                           \
    expect_rows(first_row, key, (int)(sizeof((int[]){ __VA_ARGS__ }) / sizeof(int)),               \
                (const int[]){ __VA_ARGS__ })

/* --- tests --- */

static const struct order_direction ascending = { false, false }, descending = { true, true };

static void
test_rows_in_order(void **state)
{
    (void)state;
    const struct plan_statement *statement = batch(COLUMN_INT4, ascending, COLUMN_INT8, false);

    add_row(1, number(-5, 4), number(1, 8));
    add_row(1, number(-5, 4), number(2, 8));
    add_row(3, number(INT32_MIN, 4), number(2, 8));
    const int *first_row = batch_rows_index(arena, statement, &rows, 4, NULL);
    assert_null(rows.order);
    EXPECT_ROWS(first_row, 0, 0, 1);
    assert_int_equal(first_row[1], first_row[2]);
    EXPECT_ROWS(first_row, 2, 2);
    assert_int_equal(first_row[3], first_row[4]);
}

static void
test_no_row(void **state)
{
    (void)state;
    const int *first_row =
        batch_rows_index(arena, batch(COLUMN_INT4, ascending, COLUMN_INT8, false), &rows, 2, NULL);

    assert_int_equal(first_row[0], 0);
    assert_int_equal(first_row[2], 0);
}

static void
test_without_sort_cells(void **state)
{
    (void)state;
    struct plan_statement *statement = batch(COLUMN_INT4, ascending, COLUMN_INT8, false);

    statement->sort_cells = NULL;
    add_row(1, number(9, 4), number(1, 8));
    add_row(2, number(8, 4), number(1, 8));
    add_row(2, number(7, 4), number(1, 8));
    const int *first_row = batch_rows_index(arena, statement, &rows, 2, NULL);
    assert_null(rows.order);
    EXPECT_ROWS(first_row, 0, 0);
    EXPECT_ROWS(first_row, 1, 1, 2);
}

static void
test_numbers(void **state)
{
    (void)state;
    const struct plan_statement *statement =
        batch(COLUMN_TIMESTAMPTZ, ascending, COLUMN_INT2, false);

    add_row(2, number(1, 8), number(1, 2));
    add_row(1, number(INT64_MAX, 8), number(1, 2));
    add_row(1, number(0, 8), number(-1, 2));
    add_row(2, number(-1, 8), number(1, 2));
    add_row(1, number(INT64_MIN, 8), number(1, 2));
    add_row(1, number(0, 8), number(INT16_MIN, 2));
    add_row(1, number(0, 8), number(INT16_MAX, 2));
    const int *first_row = batch_rows_index(arena, statement, &rows, 2, NULL);
    EXPECT_ROWS(first_row, 0, 4, 5, 2, 6, 1);
    EXPECT_ROWS(first_row, 1, 3, 0);
}

/* All directions are turned, also that of nulls. */
static void
test_reversed(void **state)
{
    (void)state;
    const struct plan_statement *statement = batch(COLUMN_INT4, descending, COLUMN_INT4, true);

    add_row(1, STR_NONE, number(1, 4));
    add_row(1, number(7, 4), number(1, 4));
    add_row(1, number(7, 4), number(2, 4));
    add_row(1, number(-7, 4), number(3, 4));
    EXPECT_ROWS(batch_rows_index(arena, statement, &rows, 1, NULL), 0, 3, 2, 1, 0);
}

static void
test_nulls(void **state)
{
    (void)state;
    static const struct {
        struct order_direction direction;
        int came[4];
    } cases[] = {
        { { false, false }, { 2, 0, 3, 1 } },
        { { false, true }, { 3, 1, 2, 0 } },
        { { true, true }, { 3, 1, 0, 2 } },
        { { true, false }, { 0, 2, 3, 1 } },
    };

    add_row(1, number(4, 4), number(1, 4));
    add_row(1, STR_NONE, number(2, 4));
    add_row(1, number(-4, 4), number(1, 4));
    add_row(1, STR_NONE, number(1, 4));
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        rows.order = NULL;
        const int *first_row = batch_rows_index(
            arena, batch(COLUMN_INT4, cases[i].direction, COLUMN_INT4, false), &rows, 1, NULL);
        expect_rows(first_row, 0, 4, cases[i].came);
    }
}

/* They are texts, which may differ behind their first bytes alone. */
static void
test_uuids(void **state)
{
    (void)state;
    const struct plan_statement *statement = batch(COLUMN_BOOLEAN, descending, COLUMN_UUID, false);

    add_row(1, number(0, 1), STR("00000000-0000-0000-0000-000000000000"));
    add_row(1, number(1, 1), STR("f0000000-0000-0000-0000-00000000000b"));
    add_row(1, number(1, 1), STR("f0000000-0000-0000-0000-00000000000a"));
    add_row(1, number(1, 1), STR("00000000-ffff-ffff-ffff-ffffffffffff"));
    EXPECT_ROWS(batch_rows_index(arena, statement, &rows, 1, NULL), 0, 3, 2, 1, 0);
}

/* Rows that say their keys, and not the numbers of these, come by key in another order than the
 * keys; those of other keys are behind all others. */
static void
test_keys(void **state)
{
    (void)state;
    struct plan_statement *statement = batch(COLUMN_INT4, ascending, COLUMN_INT8, false);
    struct batch_keys *keys = batch_keys_new(arena, 3);

    assert_int_equal(batch_keys_add(keys, number(30, 8)), 0);
    assert_int_equal(batch_keys_add(keys, number(10, 8)), 1);
    assert_int_equal(batch_keys_add(keys, number(30, 8)), 0);
    assert_int_equal(batch_keys_add(keys, number(20, 8)), 2);
    assert_int_equal(batch_keys_find(keys, number(40, 8)), -1);
    add_row(10, number(2, 4), number(1, 8));
    add_row(10, number(1, 4), number(1, 8));
    add_row(25, number(0, 4), number(1, 8));
    add_row(30, number(0, 4), number(1, 8));
    for (int is_sorted = 1; is_sorted >= 0; is_sorted--) {
        rows.order = NULL;
        if (!is_sorted)
            statement->sort_cells = NULL;
        const int *first_row = batch_rows_index(arena, statement, &rows, 3, keys);
        EXPECT_ROWS(first_row, 0, 3);
        EXPECT_ROWS(first_row, 1, is_sorted ? 1 : 0, is_sorted ? 0 : 1);
        assert_int_equal(first_row[2], first_row[3]);
    }
}

/* Many rows of few keys, whose order is known from how they are made. */
static void
test_many(void **state)
{
    (void)state;
    const struct plan_statement *statement = batch(COLUMN_INT4, descending, COLUMN_INT8, false);

    for (int i = 0; i < ROWS_MAX; i++) {
        int mixed = i * 73 % ROWS_MAX;
        add_row(1 + mixed % 3, number(mixed / 30 - 3, 4), number(mixed, 8));
    }
    const int *first_row = batch_rows_index(arena, statement, &rows, 3, NULL);
    assert_int_equal(first_row[3], ROWS_MAX);
    for (int key = 0; key < 3; key++)
        for (int row = first_row[key]; row < first_row[key + 1]; row++) {
            assert_int_equal(rows_get(&rows, row, 0).ptr[7], key + 1);
            if (row == first_row[key])
                continue;
            int first = (signed char)rows_get(&rows, row, 1).ptr[3];
            int before = (signed char)rows_get(&rows, row - 1, 1).ptr[3];
            int second = (unsigned char)rows_get(&rows, row, 2).ptr[7];
            int second_before = (unsigned char)rows_get(&rows, row - 1, 2).ptr[7];
            assert_true(first < before || (first == before && second > second_before));
        }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_rows_in_order, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_row, setup, teardown),
        cmocka_unit_test_setup_teardown(test_without_sort_cells, setup, teardown),
        cmocka_unit_test_setup_teardown(test_numbers, setup, teardown),
        cmocka_unit_test_setup_teardown(test_reversed, setup, teardown),
        cmocka_unit_test_setup_teardown(test_nulls, setup, teardown),
        cmocka_unit_test_setup_teardown(test_uuids, setup, teardown),
        cmocka_unit_test_setup_teardown(test_keys, setup, teardown),
        cmocka_unit_test_setup_teardown(test_many, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
