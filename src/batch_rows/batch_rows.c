/*
 * batch_rows.c - the rows of a batch: which are those of a key, and in what order.
 *
 * PostgreSQL joins the to-one rows after each key's rows were sorted and cut, and a hash join
 * returns them in any order.  To sort them there once more takes it a sixth of the whole statement
 * (docs/performance.md), since it compares rows of several columns.  Here they are first put to
 * their keys, by number, and then the few rows of each are sorted by numbers that were read once.
 *
 * SPDX-License-Identifier: MIT
 */
#include "batch_rows/batch_rows.h"

#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "batch_rows/batch_keys.h"
#include "codec/codec.h"
#include "database/rows.h"
#include "plan/plan.h"

/* A cell of a term of the order. */
struct sort_cell {
    struct str cell;
    uint64_t head; /* its first bytes, as a number that is compared first */
};

/* A term of the order, as it is compared. */
struct sort_term {
    enum codec_order order;
    bool is_descending, is_nulls_first;
    int cell; /* its number */
};

struct sorting {
    const struct sort_term *terms;
    int count;
    const struct sort_cell *cells; /* by the row, and then by the term */
};

/* The bytes as a number, the highest first; four or eight, as most are, in one load. */
static uint64_t
read_bytes(const char *bytes, size_t len)
{
    const unsigned char *b = (const unsigned char *)bytes;
    uint64_t number = 0;

    if (len == 8)
        return (uint64_t)b[0] << 56 | (uint64_t)b[1] << 48 | (uint64_t)b[2] << 40 |
               (uint64_t)b[3] << 32 | (uint64_t)b[4] << 24 | (uint64_t)b[5] << 16 |
               (uint64_t)b[6] << 8 | b[7];
    if (len == 4)
        return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
    for (size_t i = 0; i < len; i++)
        number = number << 8 | b[i];
    return number;
}

/* --- terms --- */

static const struct sort_term *
find_terms(struct arena *a, const struct plan_statement *statement)
{
    const struct plan_slice *slice = statement->relation->slice;
    struct sort_term *terms = ARENA_ARRAY(a, struct sort_term, (size_t)slice->order_count);

    for (int i = 0; i < slice->order_count; i++) {
        const struct order_term *term = &slice->order[i];
        struct order_direction direction =
            slice->is_reversed ? order_turn(term->direction) : term->direction;
        /* Of a term that is never null, nobody has said where nulls stand. */
        terms[i] = (struct sort_term){ codec_order(order_term_type(term)), direction.is_descending,
                                       direction.is_nulls_first, statement->sort_cells[i] };
    }
    return terms;
}

/* The first bytes as a number that is in the order of the cells. */
static uint64_t
read_head(struct str cell, enum codec_order order)
{
    size_t len = cell.len < sizeof(uint64_t) ? cell.len : sizeof(uint64_t);
    uint64_t head = read_bytes(cell.ptr, len);

    if (order == CODEC_NUMBERS && len > 0) /* the sign: negative numbers are the lower half */
        head ^= (uint64_t)1 << (8 * len - 1);
    return head;
}

static const struct sort_cell *
read_cells(struct arena *a, const struct sorting *sorting, const struct rows *rows)
{
    int row_count = rows_count(rows);
    struct sort_cell *cells =
        ARENA_ARRAY(a, struct sort_cell, (size_t)row_count * (size_t)sorting->count);

    for (int row = 0; row < row_count; row++)
        for (int i = 0; i < sorting->count; i++) {
            struct sort_cell *cell = &cells[row * sorting->count + i];
            cell->cell = rows_get(rows, row, sorting->terms[i].cell);
            cell->head = read_head(cell->cell, sorting->terms[i].order);
        }
    return cells;
}

/* --- rows --- */

/* Less than 0: a is first; more: b is. */
static int
compare_cells(const struct sort_term *term, const struct sort_cell *a, const struct sort_cell *b)
{
    if (!a->cell.ptr || !b->cell.ptr) {
        if (!a->cell.ptr && !b->cell.ptr)
            return 0;
        return (a->cell.ptr == NULL) == term->is_nulls_first ? -1 : 1;
    }
    int order = a->head < b->head ? -1 : a->head > b->head;
    /* Numbers have no more bytes; the others have all one length. */
    if (order == 0 && term->order == CODEC_BYTES && a->cell.len == b->cell.len)
        order = memcmp(a->cell.ptr, b->cell.ptr, a->cell.len);
    return term->is_descending ? -order : order;
}

static bool
is_before(const struct sorting *sorting, int a, int b)
{
    const struct sort_cell *left = &sorting->cells[a * sorting->count];
    const struct sort_cell *right = &sorting->cells[b * sorting->count];

    for (int i = 0; i < sorting->count; i++) {
        int order = compare_cells(&sorting->terms[i], &left[i], &right[i]);
        if (order != 0)
            return order < 0;
    }
    return false;
}

/* Sort the numbers of rows by merging halves, which costs the same whatever their order was;
 * `space` has room for as many.  True if one has moved. */
static bool
sort_rows(const struct sorting *sorting, int *rows, int count, int *space)
{
    int half = count / 2, left = 0, right = half, next = 0;

    if (count < 2)
        return false;
    bool has_moved = sort_rows(sorting, rows, half, space);
    has_moved |= sort_rows(sorting, rows + half, count - half, space);
    if (!is_before(sorting, rows[half], rows[half - 1]))
        return has_moved;
    memcpy(space, rows, (size_t)half * sizeof(*rows));
    while (left < half)
        rows[next++] = right < count && is_before(sorting, rows[right], space[left])
                           ? rows[right++]
                           : space[left++];
    return true;
}

/* --- keys --- */

/* The number of the row's key, from 0; `key_count`: it is none of them. */
static int
read_number(const struct rows *rows, int row, int key_count, const struct batch_keys *keys)
{
    struct str cell = rows_get(rows, row, 0);

    if (keys) {
        int number = batch_keys_find(keys, cell);
        return number < 0 ? key_count : number;
    }
    int number = (int)read_bytes(cell.ptr, cell.len) - 1;
    assert(number >= 0 && number < key_count);
    return number;
}

/* Count the rows of each key, and of none, into what follows its place, and write their numbers.
 * True if they come by key. */
static bool
count_rows(const struct rows *rows, int *numbers, int *first_row, int key_count,
           const struct batch_keys *keys)
{
    int row_count = rows_count(rows), last = 0;
    bool is_by_key = true;

    for (int row = 0; row < row_count; row++) {
        int number = read_number(rows, row, key_count, keys);
        numbers[row] = number;
        first_row[number + 1]++;
        is_by_key &= number >= last;
        last = number;
    }
    return is_by_key;
}

/* The rows' numbers, key by key, and behind them those of rows that have none. */
static int *
order_by_key(struct arena *a, const int *numbers, int row_count, const int *first_row,
             int key_count)
{
    int *order = ARENA_ARRAY(a, int, (size_t)row_count);
    int *next = ARENA_ARRAY(a, int, (size_t)key_count + 1);

    memcpy(next, first_row, ((size_t)key_count + 1) * sizeof(*next));
    for (int row = 0; row < row_count; row++)
        order[next[numbers[row]]++] = row;
    return order;
}

/* Sort the rows of each key; true if one has moved. */
static bool
sort_by_terms(struct arena *a, const struct plan_statement *statement, const struct rows *rows,
              int *order, const int *first_row, int key_count)
{
    struct sorting sorting = { .terms = find_terms(a, statement),
                               .count = statement->relation->slice->order_count };
    int *space = ARENA_ARRAY(a, int, (size_t)rows_count(rows));
    bool has_moved = false;

    sorting.cells = read_cells(a, &sorting, rows);
    for (int key = 0; key < key_count; key++)
        has_moved |=
            sort_rows(&sorting, order + first_row[key], first_row[key + 1] - first_row[key], space);
    return has_moved;
}

int *
batch_rows_index(struct arena *a, const struct plan_statement *statement, struct rows *rows,
                 int key_count, const struct batch_keys *keys)
{
    int row_count = rows_count(rows);
    int *first_row = ARENA_ARRAY(a, int, (size_t)key_count + 2);
    int *numbers = ARENA_ARRAY(a, int, (size_t)row_count);
    bool is_in_order = count_rows(rows, numbers, first_row, key_count, keys);

    for (int key = 0; key <= key_count; key++)
        first_row[key + 1] += first_row[key];
    if (!statement->sort_cells && is_in_order)
        return first_row;
    assert(statement->sort_cells || keys);
    int *order = order_by_key(a, numbers, row_count, first_row, key_count);
    if (statement->sort_cells)
        is_in_order &= !sort_by_terms(a, statement, rows, order, first_row, key_count);
    if (!is_in_order)
        rows_set_order(rows, order);
    return first_row;
}
