/*
 * db_session.c - what the requests rely on in a session.
 *
 * SPDX-License-Identifier: MIT
 */
#include "database/db_session.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "database/db_settings.h"

/* How values are written must not depend on what the database or a role has set.  A statement is
 * planned once: otherwise PostgreSQL plans it anew at each call when it guesses that the values
 * might make it cheaper, and that costs more than the execution (docs/performance.md). */
static const char *const constants[][2] = {
    { "TimeZone", "UTC" },           { "DateStyle", "ISO, YMD" },
    { "IntervalStyle", "iso_8601" }, { "bytea_output", "hex" },
    { "extra_float_digits", "1" },   { "lc_monetary", "C" },
    { "xmlbinary", "base64" },       { "plan_cache_mode", "force_generic_plan" },
    { "random_page_cost", "1.1" },   { "jit", "off" },
};

bool
db_session_is_pooled(const struct db_settings *settings)
{
    return settings->pooler == DB_POOLER_TRANSACTION;
}

const char *
db_session_role(const struct db_settings *settings)
{
    return settings->role ? settings->role : "none";
}

struct str
db_session_commands(struct arena *a, const struct db_settings *settings, const char *role)
{
    const struct limits *limits = settings->limits;
    struct buf *b = buf_new(a);

    buf_printf(b, "SET statement_timeout = %d", limits ? limits->database_time : 0);
    buf_printf(b, "; SET lock_timeout = %d", limits ? limits->lock_time : 0);
    for (size_t i = 0; i < ARRAY_LENGTH(constants); i++)
        buf_printf(b, "; SET %s = '%s'", constants[i][0], constants[i][1]);
    buf_put_c(b, "; SET default_transaction_isolation = 'read committed'");
    buf_printf(b, "; SET role = %s", role);
    return buf_copy(a, b);
}

/* One column: the number of settings that are null, which is none. */
static void
add_settings(struct buf *b, const struct db_settings *settings, const char *is_local)
{
    const struct limits *limits = settings->limits;

    buf_printf(b, "num_nulls(set_config('statement_timeout', '%d', %s)",
               limits ? limits->database_time : 0, is_local);
    buf_printf(b, ", set_config('lock_timeout', '%d', %s)", limits ? limits->lock_time : 0,
               is_local);
    for (size_t i = 0; i < ARRAY_LENGTH(constants); i++)
        buf_printf(b, ", set_config('%s', '%s', %s)", constants[i][0], constants[i][1], is_local);
    buf_byte(b, ')');
}

struct db_set_up
db_session_set_up(struct arena *a, const struct db_settings *settings)
{
    struct db_set_up set_up = { 0 };

    if (!db_session_is_pooled(settings))
        return set_up;
    struct buf *b = buf_new(a);
    add_settings(b, settings, "true");
    set_up.column = buf_copy(a, b);
    struct str sql =
        str_format(a, "SELECT %.*s, set_config('role', $1, true)", STR_PRINT(set_up.column));
    set_up.statement =
        (struct statement){ .sql = sql, .hash = str_hash(sql), .parameter_count = 1 };
    set_up.values[0] = db_session_role(settings);
    return set_up;
}

/* Set in each session, so that one is known that a pooler has given to us as it was. */
#define MARK "linnet.connection"

struct str
db_session_first(struct arena *a, const struct db_settings *settings, int pid)
{
    bool is_pooled = db_session_is_pooled(settings);
    const char *is_local = is_pooled ? "true" : "false";
    struct buf *b = buf_new(a);

    buf_put_c(b, "SELECT pg_backend_pid(), pg_is_in_recovery(), ");
    buf_put_c(b, is_pooled && !settings->is_unprepared
                     ? "EXISTS (SELECT FROM pg_prepared_statements"
                       " WHERE name = '" DB_SESSION_PROBE "'), "
                     : "false, ");
    if (settings->pooler == DB_POOLER_SESSION)
        buf_put_c(b, "set_config('" MARK "', 'set', false), ");
    add_settings(b, settings, is_local);
    buf_printf(b, ", set_config('role', $1, %s)", is_local);
    if (settings->pooler == DB_POOLER_NONE)
        buf_printf(b, " WHERE pg_backend_pid() = %d", pid);
    if (settings->pooler == DB_POOLER_SESSION)
        buf_put_c(b, " WHERE coalesce(current_setting('" MARK "', true), '') = ''");
    return buf_copy(a, b);
}
