/*
 * cost.c - what requests have cost PostgreSQL before.
 *
 * A table of sets: a key may stand in any row of one set.  Each use of a row earns it weight; a
 * key that finds no free row takes one unit from each row of its set, and moves in where none is
 * left.
 *
 * SPDX-License-Identifier: MIT
 */
#include "pool/cost.h"

#include <stddef.h>

#include "base/arena.h"

enum { SETS = 256, ROWS = 8, WEIGHT_MOST = 15 };

/* By how much of the difference the averages follow a time.  The upper one rises at once and falls
 * slowly, so that cheap calls of a statement do not hide what another call of it cost; the lower
 * one rises slowly and falls at once, so that one that has waited does not count. */
static const float quick = 0.5F, slow = 0.0625F;

/* What is cheap takes less in the lower average, and less than so many times that in the upper one:
 * one call may have waited. */
enum { CHEAP_UPPER = 10 };

/* Time that was taken lately: it fades within BUSY_SPAN. */
struct taken {
    float time; /* milliseconds, as of */
    int64_t at; /* then */
};

/* Milliseconds in which it fades; of these an owner that is busy takes so many.  Of several
 * workers that let it take turns each still sees it take more. */
enum { BUSY_SPAN = 1000, BUSY_TIME = 100 };

struct row {
    uint64_t key;
    float upper, lower; /* averages, in milliseconds */
    int weight;         /* 0: the row is free */
    struct taken taken; /* by an owner */
};

struct costs {
    int cheap, heavy;   /* milliseconds */
    struct taken taken; /* by all owners */
    struct row rows[SETS][ROWS];
};

struct costs *
costs_new(struct arena *a, int cheap, int heavy)
{
    struct costs *costs = ARENA_NEW(a, struct costs);

    costs->cheap = cheap;
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
    if (row->upper >= (float)costs->heavy)
        return COST_HEAVY;
    float cheap = (float)costs->cheap;
    return row->lower < cheap && row->upper < cheap * CHEAP_UPPER ? COST_CHEAP : COST_LIGHT;
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
follow(float *average, float time, float rise, float fall)
{
    float more = time - *average;

    *average += more * (more > 0 ? rise : fall);
}

void
costs_add(struct costs *costs, uint64_t key, int64_t time)
{
    struct row *set = costs->rows[key % SETS];
    struct row *row = (struct row *)find_row(set, key);
    float milliseconds = (float)time / 1000;

    if (row) {
        follow(&row->upper, milliseconds, quick, slow);
        follow(&row->lower, milliseconds, slow, quick);
        row->weight += row->weight < WEIGHT_MOST;
    } else if ((row = make_room(set))) {
        *row = (struct row){ .key = key, .upper = milliseconds, .weight = 1 };
    }
}

/* What has not faded of it now. */
static float
time_left(const struct taken *taken, int64_t now)
{
    int64_t age = now - taken->at;

    return age < BUSY_SPAN ? taken->time * (float)(BUSY_SPAN - age) / BUSY_SPAN : 0;
}

static void
take(struct taken *taken, int64_t time, int64_t now)
{
    *taken = (struct taken){ time_left(taken, now) + (float)time / 1000, now };
}

void
costs_add_owner(struct costs *costs, uint64_t owner, int64_t time, int64_t now)
{
    costs_add(costs, owner, time);
    struct row *row = (struct row *)find_row(costs->rows[owner % SETS], owner);

    take(&costs->taken, time, now);
    if (row)
        take(&row->taken, time, now);
}

bool
costs_is_busy(const struct costs *costs, uint64_t owner, int64_t now)
{
    const struct row *row = find_row(costs->rows[owner % SETS], owner);
    float own = row ? time_left(&row->taken, now) : 0;

    return own >= BUSY_TIME && own * 2 > time_left(&costs->taken, now);
}
