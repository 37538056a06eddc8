/*
 * db_flush.c - what is sent to PostgreSQL at once, and ends with a Sync.
 *
 * SPDX-License-Identifier: MIT
 */
#include "database/db_flush.h"

#include <assert.h>

#include "event/clock.h"
#include "database/db_internal.h"
#include "database/prepared.h"

void
db_send(struct db *db)
{
    if (!db->queue.tail || db->queue.tail->kind != ENTRY_SYNC)
        db_sync(db);
    db_push(db);
    db->has_just_sent = true;
}

void
db_push(struct db *db)
{
    if (!db->has_failed && !db_write(db))
        db_lose(db);
}

void
db_end_flush(struct db *db, struct db_flush *flush)
{
    flush->ended_at = clock_nanoseconds();
    db_sync(db);
    flush->is_under_way = !db->has_failed;
    if (!flush->is_under_way)
        return;
    assert(db->queue.tail->kind == ENTRY_SYNC);
    db->queue.tail->flush = flush;
}

void
db_answer_flush(struct db *db, struct entry *sync)
{
    struct db_flush *flush = sync->flush;
    int64_t now = clock_nanoseconds();

    assert(flush->is_under_way);
    flush->is_under_way = false;
    flush->time = now - (flush->ended_at > db->answered_at ? flush->ended_at : db->answered_at);
    db->answered_at = now;
}

enum db_state
db_take(struct db *db)
{
    db->has_just_sent = false;
    return db_receive(db);
}

enum db_state
db_take_flush(struct db *db, const struct db_flush *flush)
{
    if (flush->is_under_way && !flush->is_shared)
        (void)db_receive(db);
    return flush->is_under_way ? DB_WAITING : DB_IDLE;
}

void
db_forget_flush(struct db *db, struct db_flush *flush, enum db_outcome outcome)
{
    struct entry *first = db->queue.head, *entry = first;

    assert(flush->is_under_way);
    for (; entry->flush != flush; entry = entry->next)
        if (entry->kind == ENTRY_SYNC)
            first = entry->next;
    for (; first != entry; first = first->next)
        entry_forget(first, outcome);
    entry->flush = NULL;
    flush->is_under_way = false;
}

bool
db_needs_rest(const struct db *db)
{
    return prepared_has_surplus(db->prepared);
}

bool
db_is_closed(const struct db *db)
{
    return db->has_failed;
}

bool
db_is_pending(const struct db *db)
{
    return db->queue.head != NULL;
}
