/*
 * prepared.c - which statements a connection has prepared, by text and role.
 *
 * Open addressing by the hash that the planner has made.
 *
 * SPDX-License-Identifier: MIT
 */
#include "database/prepared.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "database/statement.h"

/* CROWDED leaves room for the statements of the request at hand. */
enum { CROWDED = 512, SLOTS = 1024 };

struct prepared_table {
    struct arena *arena; /* of the rows */
    int count, name_count;
    struct prepared *slots[SLOTS];
};

struct prepared_table *
prepared_new(void)
{
    struct arena *a = arena_new("prepared statements");
    struct prepared_table *t = ARENA_NEW(a, struct prepared_table);

    t->arena = a;
    return t;
}

void
prepared_free(struct prepared_table *t)
{
    arena_free(t->arena);
}

struct prepared *
prepared_get(struct prepared_table *t, const struct statement *statement, struct str role)
{
    size_t i = (statement->hash ^ role.len) & (SLOTS - 1);

    assert(statement->hash != 0); /* that is a command, which is not prepared */
    for (; t->slots[i]; i = (i + 1) & (SLOTS - 1))
        if (t->slots[i]->hash == statement->hash && str_equal(t->slots[i]->role, role) &&
            str_equal(t->slots[i]->sql, statement->sql))
            return t->slots[i];
    if (t->count == SLOTS - 1)
        return NULL;
    struct prepared *prepared = ARENA_NEW(t->arena, struct prepared);
    prepared->sql = str_copy(t->arena, statement->sql);
    prepared->role = str_copy(t->arena, role);
    prepared->hash = statement->hash;
    prepared_renew(t, prepared);
    t->count++;
    return t->slots[i] = prepared;
}

void
prepared_renew(struct prepared_table *t, struct prepared *prepared)
{
    snprintf(prepared->name, sizeof(prepared->name), "s%d", ++t->name_count);
    prepared->is_sent = prepared->is_checked = prepared->is_stale = false;
}

bool
prepared_is_crowded(const struct prepared_table *t)
{
    return t->name_count >= CROWDED;
}
