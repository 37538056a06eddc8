/*
 * queue.c - what has been sent to PostgreSQL and is not answered yet.
 *
 * SPDX-License-Identifier: MIT
 */
#include "database/queue.h"

#include <assert.h>

#include "base/arena.h"

struct entry *
queue_add(struct queue *q, enum entry_kind kind)
{
    struct entry *entry = ARENA_NEW(q->arena, struct entry);

    entry->kind = kind;
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
    assert(q->head);
    q->head = q->head->next;
    if (!q->head) {
        q->tail = NULL;
        arena_reset(q->arena);
    }
}

void
queue_abandon(struct queue *q, enum db_outcome outcome)
{
    for (struct entry *entry = q->head; entry; entry = entry->next)
        if (entry->kind == ENTRY_CALL && entry->call->outcome == DB_PENDING)
            entry->call->outcome = outcome;
    q->head = q->tail = NULL;
    arena_reset(q->arena);
}
