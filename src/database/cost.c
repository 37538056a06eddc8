/*
 * cost.c - what requests have cost PostgreSQL before.
 *
 * A table of sets: a key may stand in any row of one set.  Each use of a row earns it weight; a
 * key that finds no free row takes one unit from each row of its set, and moves in where none is
 * left.
 *
 * SPDX-License-Identifier: MIT
 */
#include "database/cost.h"

#include <stddef.h>

#include "base/arena.h"

enum { SETS = 256, ROWS = 8, WEIGHT_MOST = 15 };

/* By how much of the difference the averages follow a time.  The upper one rises at once and falls
 * slowly, so that cheap calls of a statement do not hide what another call of it cost; the lower
 * one rises slowly and falls at once, so that one that has waited does not count. */
static const float quick = 0.5F, slow = 0.0625F;

struct row {
    uint64_t key;
    float upper, lower; /* averages, in milliseconds */
    int weight;         /* 0: the row is free */
};

struct costs {
    int heavy;
    struct row rows[SETS][ROWS];
};

struct costs *
costs_new(struct arena *a, int heavy)
{
    struct costs *costs = ARENA_NEW(a, struct costs);

    costs->heavy = heavy;
    return costs;
}

static const struct row *
find_row(const struct row *set, uint64_t key)
{
    for (int i = 0; i < ROWS; i++)
        if (set[i].weight > 0 && set[i].key == key)
            return &set[i];
    return NULL;
}

enum cost
costs_find(const struct costs *costs, uint64_t key)
{
    const struct row *row = find_row(costs->rows[key % SETS], key);

    if (!row)
        return COST_UNKNOWN;
    if (row->lower >= (float)costs->heavy)
        return COST_COSTLY;
    return row->upper >= (float)costs->heavy ? COST_HEAVY : COST_LIGHT;
}

/* A row for a key that is new; NULL: not now. */
static struct row *
make_room(struct row *set)
{
    struct row *room = NULL;

    for (int i = 0; i < ROWS && !room; i++)
        if (set[i].weight == 0)
            room = &set[i];
    for (int i = 0; i < ROWS && !room; i++)
        set[i].weight--;
    return room;
}

static void
follow(float *average, int64_t time, float rise, float fall)
{
    float more = (float)time - *average;

    *average += more * (more > 0 ? rise : fall);
}

void
costs_add(struct costs *costs, uint64_t key, int64_t time)
{
    struct row *set = costs->rows[key % SETS];
    struct row *row = (struct row *)find_row(set, key);

    if (row) {
        follow(&row->upper, time, quick, slow);
        follow(&row->lower, time, slow, quick);
        row->weight += row->weight < WEIGHT_MOST;
    } else if ((row = make_room(set))) {
        *row = (struct row){ .key = key, .upper = (float)time, .weight = 1 };
    }
}
