/*
 * slow.c - PostgreSQL's plans of slow statements, for the log.
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/slow.h"

#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/log.h"
#include "event/clock.h"
#include "database/db.h"
#include "database/statement.h"
#include "pool/db_pool.h"
#include "server/service.h"

/* Statements that are remembered, so that they are not explained again soon. */
enum { REMEMBERED = 64 };

/* The commands, in their order.  (A hash of 0: they are sent without being prepared.) */
enum { SETTINGS, PREPARE, EXPLAIN, DEALLOCATE, COMMANDS };

struct slow {
    struct db_loan loan; /* the first member; lent while one is explained */
    struct service *service;
    struct arena *arena; /* of that one */
    struct str request_id;
    struct db_call calls[COMMANDS];
    struct {
        uint64_t hash;
        int64_t until; /* of clock_now() */
    } remembered[REMEMBERED];
    int next; /* of these, to be used again */
};

/* Was it explained a while ago?  If not, it is from now on. */
static bool
remembers(struct slow *slow, uint64_t hash, int64_t now)
{
    for (int i = 0; i < REMEMBERED; i++)
        if (slow->remembered[i].hash == hash && slow->remembered[i].until > now)
            return true;
    slow->remembered[slow->next].hash = hash;
    slow->remembered[slow->next].until = now + SLOW_PAUSE;
    slow->next = (slow->next + 1) % REMEMBERED;
    return false;
}

/* PostgreSQL lays out its JSON in lines: leave out what is between its parts. */
static struct str
compact(struct arena *a, struct str json)
{
    struct buf *b = buf_new(a);
    bool is_text = false;

    for (size_t i = 0; i < json.len; i++) {
        char c = json.ptr[i];
        if (c == '"')
            is_text = !is_text;
        if (is_text || (c != ' ' && c != '\n'))
            buf_byte(b, c);
        if (is_text && c == '\\' && i + 1 < json.len)
            buf_byte(b, json.ptr[++i]);
    }
    return buf_str(b);
}

/* A line of the log takes a part of it. */
static void
log_plan(const struct slow *slow, struct str plan)
{
    int parts = (int)((plan.len + LOG_LONG_MAXIMUM - 1) / LOG_LONG_MAXIMUM);

    for (int i = 0; i < parts; i++) {
        struct str part = { plan.ptr + (size_t)i * LOG_LONG_MAXIMUM, LOG_LONG_MAXIMUM };
        if (i + 1 == parts)
            part.len = plan.len - (size_t)i * LOG_LONG_MAXIMUM;
        const struct log_member members[] = {
            { "requestId", LOG_TEXT, slow->request_id, 0 },
            { "part", LOG_NUMBER, STR_NONE, i + 1 },
            { "parts", LOG_NUMBER, STR_NONE, parts },
            { "plan", LOG_LONG, part, 0 },
        };
        log_event(LOG_WARNING, "plan", members, ARRAY_LENGTH(members));
    }
}

/* All has been answered, or the connection is lost. */
static void
finish(struct slow *slow)
{
    const struct db_call *explain = &slow->calls[EXPLAIN];

    if (explain->outcome == DB_ROWS && rows_count(explain->rows) > 0)
        log_plan(slow, compact(slow->arena, rows_get(explain->rows, 0, 0)));
    for (int i = 0; i < DEALLOCATE; i++) /* after an error there is nothing to be forgotten */
        if (slow->calls[i].outcome == DB_FAILED)
            log_warning("the slow statement of request %.*s cannot be explained: %s",
                        STR_PRINT(slow->request_id), slow->calls[i].sqlstate);
    slow_stop(slow->service);
}

static void
wake(struct db_loan *loan)
{
    struct slow *slow = (struct slow *)loan;

    if (db_receive(loan->db) == DB_WAITING)
        db_pool_await(slow->service->pool, loan);
    else
        finish(slow);
}

static void
call(struct slow *slow, int command, struct str sql, int count, const char **values)
{
    struct statement *statement = ARENA_NEW(slow->arena, struct statement);

    *statement = (struct statement){ .sql = sql, .parameter_count = count };
    slow->calls[command] = (struct db_call){ .statement = statement, .values = values };
    db_call(slow->loan.db, slow->arena, &slow->calls[command]);
}

/* Locks are not waited for: whoever holds one may be why the statement was slow. */
#define SETTINGS_SQL                                                                               \
    "SELECT set_config('plan_cache_mode', 'force_generic_plan', true), "                           \
    "set_config('lock_timeout', '50', true), set_config('statement_timeout', '1000', true)"

static void
ask(struct slow *slow, const struct statement *statement, struct str role)
{
    struct arena *a = slow->arena;
    struct buf *execute = buf_new(a);
    const char **values = ARENA_NEW(a, const char *);

    buf_put(execute, STR("EXPLAIN (FORMAT JSON) EXECUTE linnet_slow"));
    for (int i = 0; i < statement->parameter_count; i++)
        buf_put(execute, i == 0 ? STR("(NULL") : STR(", NULL"));
    if (statement->parameter_count > 0)
        buf_byte(execute, ')');
    values[0] = role.ptr ? str_copy_c(a, role) : NULL;
    db_command(slow->loan.db, "BEGIN READ ONLY");
    db_command(slow->loan.db, "SAVEPOINT before");
    call(slow, SETTINGS,
         role.ptr ? STR(SETTINGS_SQL ", set_config('role', $1, true)") : STR(SETTINGS_SQL),
         role.ptr ? 1 : 0, values);
    call(slow, PREPARE, str_format(a, "PREPARE linnet_slow AS %.*s", STR_PRINT(statement->sql)), 0,
         NULL);
    call(slow, EXPLAIN, buf_copy(a, execute), 0, NULL);
    db_sync(slow->loan.db); /* an error skips what comes before this alone */
    /* The transaction ends last, as a pooler wants it: see db_flush.h. */
    db_command(slow->loan.db, "ROLLBACK TO before");
    call(slow, DEALLOCATE, STR("DEALLOCATE linnet_slow"), 0, NULL);
    db_sync(slow->loan.db);
    db_command(slow->loan.db, "ROLLBACK");
    db_send(slow->loan.db);
}

void
slow_explain(struct service *service, const struct statement *statement, struct str role,
             struct str request_id)
{
    if (!service->pool || !db_pool_has_idle(service->pool))
        return;
    if (!service->slow) {
        service->slow = ARENA_NEW(service->arena, struct slow);
        service->slow->service = service;
        service->slow->loan.wake = wake;
    }
    struct slow *slow = service->slow;
    if (slow->arena) /* one is being explained */
        return;
    if (db_pool_borrow(service->pool, &slow->loan) != DB_LOAN_GRANTED ||
        db_is_pooled(slow->loan.db) || remembers(slow, str_hash(statement->sql), clock_now())) {
        db_pool_return(service->pool, &slow->loan);
        return;
    }
    slow->arena = arena_new("explain");
    slow->request_id = str_copy(slow->arena, request_id);
    ask(slow, statement, role);
    if (db_receive(slow->loan.db) == DB_WAITING)
        db_pool_await(service->pool, &slow->loan);
    else
        finish(slow);
}

void
slow_stop(struct service *service)
{
    struct slow *slow = service->slow;

    if (!slow || !slow->arena)
        return;
    db_pool_return(service->pool, &slow->loan);
    arena_free(slow->arena);
    slow->arena = NULL;
}
