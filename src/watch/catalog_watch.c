/*
 * catalog_watch.c - has the database's catalog changed?
 *
 * The transaction that has written a row of the catalog is in its xmin: an event trigger, which
 * only a superuser may make, would know no more.  Tables' own rows are also written by TRUNCATE and
 * the like, so that of these the columns count.
 *
 * SPDX-License-Identifier: MIT
 */
#include "watch/catalog_watch.h"

#include <assert.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/log.h"
#include "event/clock.h"
#include "database/db.h"
#include "database/rows.h"
#include "database/statement.h"
#include "watch/notice.h"

/* Milliseconds between two rounds. */
enum { ROUND_TIME = 1000 };

/* clang-format off */

/* A row of the catalog and the transaction that has written it. */
#define ROW(letter, key) " UNION ALL SELECT '" letter " ' || " key " || ' ' || x.xmin::text FROM "

/* How the applied migrations can be read, if anybody has applied any. */
#define MIGRATIONS \
    "SELECT has_column_privilege(a.attrelid, a.attnum, 'SELECT') FROM pg_attribute a" \
    " WHERE a.attrelid = to_regclass('linnet_migrations') AND a.attname = 'name'"

static const char catalog_sql[] =
    "WITH schema AS MATERIALIZED (SELECT oid FROM pg_namespace"
    "  WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'),"
    " relation AS MATERIALIZED (SELECT c.* FROM pg_class c JOIN schema s ON s.oid = c.relnamespace"
    "  WHERE c.relpersistence <> 't')"
    " SELECT coalesce(sum(hashtextextended(line, 0)), 0)::text,"
    " coalesce((" MIGRATIONS "), false)::text"
    " FROM ("
    " SELECT concat_ws(' ', 'c', oid, relname, relnamespace, reltype, relowner, relkind, relacl,"
    "  relrowsecurity, relforcerowsecurity, relispartition, reloptions) AS line FROM relation"
    ROW("a", "x.attrelid || ' ' || x.attnum") "pg_attribute x JOIN relation r ON r.oid = x.attrelid"
    " WHERE x.attnum > 0"
    ROW("i", "x.indexrelid") "pg_index x JOIN relation r ON r.oid = x.indrelid"
    ROW("v", "x.oid") "pg_rewrite x JOIN relation r ON r.oid = x.ev_class"
    ROW("h", "x.inhrelid || ' ' || x.inhparent") "pg_inherits x"
    ROW("k", "x.oid") "pg_constraint x JOIN schema s ON s.oid = x.connamespace"
    ROW("p", "x.oid") "pg_policy x"
    ROW("f", "x.oid") "pg_proc x JOIN schema s ON s.oid = x.pronamespace"
    ROW("t", "x.oid") "pg_type x JOIN schema s ON s.oid = x.typnamespace"
    "  WHERE x.typtype IN ('d', 'e', 'r', 'm', 'b') AND x.typelem = 0"
    ROW("e", "x.oid") "pg_enum x"
    ROW("l", "x.oid") "pg_collation x JOIN schema s ON s.oid = x.collnamespace"
    ROW("n", "x.oid") "pg_namespace x JOIN schema s ON s.oid = x.oid"
    ROW("x", "x.oid") "pg_extension x"
    ROW("m", "x.roleid || ' ' || x.member") "pg_auth_members x"
    ROW("s", "x.setdatabase || ' ' || x.setrole") "pg_db_role_setting x"
    " UNION ALL SELECT concat_ws(' ', 'r', oid, rolname, rolsuper, rolinherit, rolbypassrls)"
    "  FROM pg_roles"
    ") catalog";

static const char migrations_sql[] =
    "SELECT f.name FROM unnest(string_to_array($1::text, E'\\n')) WITH ORDINALITY f(name, n)"
    " WHERE NOT EXISTS (SELECT FROM linnet_migrations m WHERE m.name = f.name) ORDER BY n DESC";

/* clang-format on */

static const struct statement migrations_statement = {
    .sql = { migrations_sql, sizeof(migrations_sql) - 1 }, .parameter_count = 1
};

/* The fingerprint, of the text that the statement makes. */
static uint64_t
fingerprint_of(struct str sum)
{
    return str_hash(sum) | 1;
}

bool
catalog_watch_read(struct catalog_watch *w, struct arena *a, struct db *db, struct str *message)
{
    struct rows *rows = db_query(db, a, catalog_sql, 0, NULL, message);

    if (rows)
        w->bound = w->last = fingerprint_of(rows_get(rows, 0, 0));
    return rows != NULL;
}

/* --- a round --- */

static void
end_round(struct catalog_watch *w)
{
    db_pool_return(w->pool, &w->loan);
    w->step = WATCH_IDLE;
}

static void
ask(struct catalog_watch *w, const struct statement *statement, enum catalog_watch_step step)
{
    w->call = (struct db_call){ .statement = statement, .values = w->values };
    db_call(w->loan.db, w->arena, &w->call);
    db_send(w->loan.db);
    w->step = step;
}

/* The names of the pending files are there: say it once in the log, and with every answer. */
static void
tell_pending(struct catalog_watch *w)
{
    struct str before = notice_read(&w->notices->pending, w->arena);
    struct buf *b = buf_new(w->arena);
    int count = w->call.rows ? rows_count(w->call.rows) : 0;

    for (int i = 0; i < count; i++)
        buf_printf(b, "%s%.*s: pending: ./up or `linnet migrate` applies it.", i > 0 ? "\n" : "",
                   STR_PRINT(rows_get(w->call.rows, i, 0)));
    if (str_equal(buf_str(b), before))
        return;
    notice_set(&w->notices->pending, buf_str(b));
    for (int i = 0; i < count; i++)
        log_warning("%.*s: pending: ./up or `linnet migrate` applies it",
                    STR_PRINT(rows_get(w->call.rows, i, 0)));
}

/* The answer about the catalog is there.  True: there is more to ask. */
static bool
take_catalog(struct catalog_watch *w)
{
    struct str files = notice_read(&w->notices->files, w->arena);
    uint64_t fingerprint = fingerprint_of(rows_get(w->call.rows, 0, 0));
    bool has_migrations = str_is(rows_get(w->call.rows, 0, 1), "true");

    /* What comes back to what was bound may be the end of a misfit. */
    if (fingerprint != w->bound || fingerprint != w->last)
        w->changed(w, fingerprint);
    w->last = fingerprint;
    if (files.ptr && has_migrations) {
        w->values[0] = str_copy_c(w->arena, files);
        ask(w, &migrations_statement, WATCH_MIGRATIONS);
        return true;
    }
    notice_set(&w->notices->pending, STR_NONE);
    return false;
}

/* Go on until there is something to wait for. */
static void
go_on(struct catalog_watch *w)
{
    static const struct statement statement = {
        .sql = { catalog_sql, sizeof(catalog_sql) - 1 },
    };
    enum db_loan_state loan;

    if (w->step == WATCH_LEND) {
        loan = db_pool_borrow(w->pool, &w->loan);
        if (loan == DB_LOAN_QUEUED)
            return;
        if (loan != DB_LOAN_GRANTED) {
            w->step = WATCH_IDLE;
            return;
        }
        ask(w, &statement, WATCH_CATALOG);
    }
    for (;;) {
        if (db_receive(w->loan.db) == DB_WAITING) {
            db_pool_await(w->pool, &w->loan);
            return;
        }
        if (w->call.outcome == DB_FAILED)
            log_warning("the catalog cannot be watched: %.*s", STR_PRINT(w->call.message));
        if (w->call.outcome != DB_ROWS)
            break;
        if (w->step == WATCH_MIGRATIONS) {
            tell_pending(w);
            break;
        }
        if (!take_catalog(w))
            break;
    }
    end_round(w);
}

static void
wake(struct db_loan *loan)
{
    go_on(CONTAINER_OF(loan, struct catalog_watch, loan));
}

static void
begin_round(struct loop_timer *timer)
{
    struct catalog_watch *w = CONTAINER_OF(timer, struct catalog_watch, timer);

    loop_set_timer(w->loop, &w->timer, clock_now() + ROUND_TIME);
    if (w->step != WATCH_IDLE)
        return;
    arena_reset(w->arena);
    w->step = WATCH_LEND;
    go_on(w);
}

void
catalog_watch_start(struct catalog_watch *w)
{
    assert(!w->arena && w->bound);
    w->arena = arena_new("catalog watch");
    w->timer.due = begin_round;
    w->loan.wake = wake;
    loop_set_timer(w->loop, &w->timer, clock_now() + ROUND_TIME);
}

void
catalog_watch_stop(struct catalog_watch *w)
{
    if (!w->arena)
        return;
    loop_stop_timer(w->loop, &w->timer);
    if (w->step == WATCH_CATALOG || w->step == WATCH_MIGRATIONS)
        db_expire(w->loan.db); /* nobody waits for the answer */
    if (w->step != WATCH_IDLE)
        end_round(w);
    arena_free(w->arena);
    w->arena = NULL;
}
