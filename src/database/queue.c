/*
 * queue.c - what has been sent to PostgreSQL and is not answered yet.
 *
 * SPDX-License-Identifier: MIT
 */
#include "database/queue.h"

#include <assert.h>

#include "base/arena.h"
#include "database/db_count.h"

/* There is no entry in it. */
static void
queue_reset(struct queue *q)
{
    q->head = q->tail = q->spare = NULL;
    arena_reset(q->arena);
}

struct entry *
queue_add(struct queue *q, enum entry_kind kind)
{
    struct entry *entry = q->spare;

    if (entry)
        q->spare = entry->next;
    else
        entry = ARENA_NEW(q->arena, struct entry);
    *entry = (struct entry){ .kind = kind };
    if (q->tail)
        q->tail->next = entry;
    else
        q->head = entry;
    q->tail = entry;
    return entry;
}

void
queue_remove(struct queue *q)
{
    struct entry *entry = q->head;

    assert(entry);
    q->head = entry->next;
    entry->next = q->spare;
    q->spare = entry;
    if (!q->head)
        queue_reset(q);
}

void
entry_forget(struct entry *entry, enum db_outcome outcome)
{
    bool is_own = entry->kind == ENTRY_CALL || entry->kind == ENTRY_SYNC;

    if (is_own && entry->call && entry->call->outcome == DB_PENDING) {
        entry->call->outcome = outcome;
        if (entry->kind == ENTRY_CALL)
            db_count(entry->call);
    }
    entry->call = NULL;
    entry->arena = NULL;
}

void
queue_abandon(struct queue *q, enum db_outcome outcome)
{
    for (struct entry *entry = q->head; entry; entry = entry->next) {
        entry_forget(entry, outcome);
        if (entry->flush)
            entry->flush->is_under_way = false;
    }
    queue_reset(q);
}
