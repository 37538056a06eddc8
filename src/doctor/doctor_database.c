/*
 * doctor_database.c - the cluster and the database: version, durability, time, what is in it.
 *
 * SPDX-License-Identifier: MIT
 */
#include <time.h>

#include "base/arena.h"
#include "base/buf.h"
#include "config/config.h"
#include "contract/contract.h"
#include "database/db.h"
#include "doctor/checks.h"
#include "doctor/doctor_internal.h"
#include "doctor/version.h"
#include "schema/schema.h"
#include "watch/migration.h"

enum {
    CLOCK_WARN = 2000,    /* milliseconds */
    CLOCK_FAIL = 60000,   /* a token of ours may live no longer than ten seconds */
    SLACK = 100,          /* of what cannot be known */
    AGE_WARN = 1000000000 /* transactions; PostgreSQL stops at 2^31 less three million */
};

void
doctor_database_version(struct doctor *d)
{
    if (!doctor_facts_need(d))
        return;
    enum doctor_verdict verdict;
    struct str text = doctor_fact(d, DOCTOR_VERSION_TEXT);
    const char *why = version_judge(doctor_fact_number(d, DOCTOR_VERSION), time(NULL), &verdict);
    struct str mend =
        STR("Upgrade PostgreSQL: a minor version by its package and a restart, a major "
            "one by pg_upgrade.");
    if (verdict == DOCTOR_FAIL)
        doctor_fail(d, mend, "PostgreSQL is %.*s, %s.", STR_PRINT(text), why);
    else if (verdict == DOCTOR_WARN)
        doctor_warn(d, mend, "PostgreSQL is %.*s, %s.", STR_PRINT(text), why);
}

void
doctor_database_encoding(struct doctor *d)
{
    if (!doctor_facts_need(d) || str_is(doctor_fact(d, DOCTOR_ENCODING), "UTF8"))
        return;
    struct str encoding = doctor_fact(d, DOCTOR_ENCODING);
    doctor_fail(d,
                STR("CREATE DATABASE ... TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8', and "
                    "restore a dump into it."),
                "The encoding of the database is %.*s: clients send UTF-8, and texts that this "
                "encoding cannot hold are refused.",
                STR_PRINT(encoding));
}

void
doctor_database_durability(struct doctor *d)
{
    static const char reload[] = "ALTER SYSTEM RESET %s; SELECT pg_reload_conf();";

    if (!doctor_facts_need(d))
        return;
    if (!doctor_fact_is(d, DOCTOR_FSYNC))
        doctor_fail(d, str_format(d->arena, reload, "fsync"),
                    "fsync is off: the database is lost when the machine loses its power.");
    if (!doctor_fact_is(d, DOCTOR_FULL_PAGE_WRITES))
        doctor_fail(
            d, str_format(d->arena, reload, "full_page_writes"),
            "full_page_writes is off: pages that were half written when the machine lost its "
            "power are lost.");
    if (str_is(doctor_fact(d, DOCTOR_SYNCHRONOUS_COMMIT), "off"))
        doctor_warn(d, str_format(d->arena, reload, "synchronous_commit"),
                    "synchronous_commit is off: a mutation that was answered may be lost when "
                    "PostgreSQL or the machine crashes.");
}

void
doctor_database_clock(struct doctor *d)
{
    if (!doctor_facts_need(d))
        return;
    int64_t apart = doctor_fact_number(d, DOCTOR_MILLISECONDS) - d->facts->asked_at;
    if (apart < 0)
        apart = -apart;
    if (apart > CLOCK_FAIL)
        doctor_fail(d, STR("timedatectl set-ntp true, on both machines"),
                    "The clocks of this machine and of PostgreSQL's differ by %lld s: tokens end, "
                    "and sessions and keys expire, at the wrong time.",
                    (long long)(apart / 1000));
    else if (apart > CLOCK_WARN + SLACK)
        doctor_warn(d, STR("timedatectl set-ntp true, on both machines"),
                    "The clocks of this machine and of PostgreSQL's differ by %lld ms.",
                    (long long)apart);
}

void
doctor_database_collation(struct doctor *d)
{
    if (!doctor_facts_need(d))
        return;
    struct str then = doctor_fact(d, DOCTOR_COLLATION_THEN),
               now = doctor_fact(d, DOCTOR_COLLATION_NOW);
    if (!then.ptr || !now.ptr || str_equal(then, now))
        return;
    doctor_fail(
        d,
        str_format(
            d->arena, "REINDEX DATABASE %.*s; ALTER DATABASE %.*s REFRESH COLLATION VERSION;",
            STR_PRINT(doctor_fact(d, DOCTOR_DATABASE)), STR_PRINT(doctor_fact(d, DOCTOR_DATABASE))),
        "The indexes of texts were made with version %.*s of the locale, and the system has "
        "%.*s: pages may skip rows, and unique keys may have duplicates.",
        STR_PRINT(then), STR_PRINT(now));
}

void
doctor_database_age(struct doctor *d)
{
    if (!doctor_facts_need(d) || doctor_fact_number(d, DOCTOR_AGE) < AGE_WARN)
        return;
    doctor_fail(d,
                STR("Find what keeps autovacuum from its work (old transactions, replication "
                    "slots), then: vacuumdb --freeze DATABASE"),
                "The oldest row is %lld million transactions old: PostgreSQL stops accepting "
                "writes at 2,144 million.",
                (long long)(doctor_fact_number(d, DOCTOR_AGE) / 1000000));
}

void
doctor_database_standby(struct doctor *d)
{
    if (!doctor_facts_need(d) || !doctor_fact_is(d, DOCTOR_IS_STANDBY))
        return;
    doctor_facts_read_contract(d);
    if (d->contract && d->contract->schema->mutation)
        doctor_fail(d, STR("in `database`: host=A,B target_session_attrs=read-write"),
                    "`database` leads to a standby, which can only be read, but the contract has "
                    "mutations.");
}

/* Ask a query whose rows are each a finding: its two cells are why, and what mends it. */
static void
ask_each(struct doctor *d, const char *sql)
{
    struct str message;

    if (!doctor_facts_need(d))
        return;
    const struct rows *rows = db_query(d->db, d->arena, sql, 0, NULL, &message);
    if (!rows)
        doctor_skip(d, "%.*s", STR_PRINT(str_trim(message)));
    for (int i = 0; rows && i < rows_count(rows); i++)
        doctor_warn(d, rows_get(rows, i, 1), "%.*s", STR_PRINT(rows_get(rows, i, 0)));
}

void
doctor_database_extensions(struct doctor *d)
{
    ask_each(d,
             "SELECT format('The extension %s has version %s in this database, but its installed "
             "files have version %s.', e.extname, e.extversion, a.default_version), format('ALTER "
             "EXTENSION %I UPDATE;', e.extname) FROM pg_extension e JOIN pg_available_extensions a "
             "ON a.name = e.extname WHERE e.extversion <> a.default_version ORDER BY 1");
}

void
doctor_database_invalid(struct doctor *d)
{
    ask_each(d, "SELECT format('The index %s is not valid: building it failed. No query uses it, "
                "but each write has to update it.', i.indexrelid::regclass), format('REINDEX INDEX "
                "CONCURRENTLY %s;', i.indexrelid::regclass) FROM pg_index i WHERE NOT i.indisvalid "
                "AND NOT EXISTS (SELECT FROM pg_stat_progress_create_index p  WHERE p.index_relid "
                "= i.indexrelid) ORDER BY 1");
}

/* 1,000 pages are 8 MB. */
void
doctor_database_statistics(struct doctor *d)
{
    ask_each(d, "SELECT format('The table %s has never been analysed: PostgreSQL can only guess "
                "plans, and Linnet the cost of filters (limit_filter_cost).', c.oid::regclass), "
                "format('ANALYZE %s;', c.oid::regclass) FROM pg_class c JOIN pg_namespace n ON "
                "n.oid = c.relnamespace WHERE c.relkind IN ('r', 'm') AND c.reltuples < 0 AND "
                "pg_relation_size(c.oid) > 1000 * current_setting('block_size')::int AND n.nspname "
                "!~ '^pg_' AND n.nspname <> 'information_schema' ORDER BY 1");
}

/* By trying to log in, most is known of pg_hba.conf; its text is for superusers, and whoever was
 * given it. */
void
doctor_database_hba(struct doctor *d)
{
    static const char sql[] =
        "SELECT (error IS NOT NULL)::text, format('Line %s of pg_hba.conf %s', line_number,"
        " CASE WHEN error IS NOT NULL THEN 'is not understood: ' || error || '.'"
        "  WHEN type = 'local' THEN 'lets everybody on this machine log in without a password "
        "(trust).'"
        "  ELSE 'lets everybody at ' || coalesce(address, 'any address')"
        "   || ' log in without a password (trust).' END),"
        " (type <> 'local' AND address NOT IN ('127.0.0.1', '::1', 'localhost', 'samehost'))::text"
        " FROM pg_hba_file_rules WHERE error IS NOT NULL OR auth_method = 'trust' ORDER BY 1 DESC, "
        "2";
    static const struct str mend =
        STR_INIT("Mend the line (`peer` for local, `scram-sha-256` for others); then: "
                 "SELECT pg_reload_conf();");
    struct str message;

    if (!doctor_facts_need(d))
        return;
    const struct rows *rows = db_query(d->db, d->arena, sql, 0, NULL, &message);
    if (!rows)
        doctor_skip(
            d,
            "The login role may not read pg_hba_file_rules, which is right. As a superuser, run: "
            "SELECT * FROM pg_hba_file_rules WHERE auth_method = 'trust' OR error IS NOT NULL;");
    for (int i = 0; rows && i < rows_count(rows); i++) {
        bool is_fatal =
            str_is(rows_get(rows, i, 0), "true") || str_is(rows_get(rows, i, 2), "true");
        if (is_fatal)
            doctor_fail(d, mend, "%.*s", STR_PRINT(rows_get(rows, i, 1)));
        else
            doctor_warn(d, mend, "%.*s", STR_PRINT(rows_get(rows, i, 1)));
    }
}

void
doctor_database_migrations(struct doctor *d)
{
    static const char sql[] =
        "SELECT f.name FROM unnest(string_to_array($1::text, E'\\n')) WITH ORDINALITY f(name, n)"
        " WHERE NOT EXISTS (SELECT FROM linnet_migrations m WHERE m.name = f.name) ORDER BY n";
    const char *folder = migration_folder(d->arena, d->config);
    const char *const *names;
    struct str message;

    if (!doctor_facts_need(d))
        return;
    int count = migration_list(d->arena, folder, &names);
    if (count <= 0) {
        doctor_skip(d, "%s has no numbered SQL files.", folder);
        return;
    }
    struct buf *b = buf_new(d->arena);
    for (int i = 0; i < count; i++)
        buf_printf(b, "%s%s", i ? "\n" : "", names[i]);
    const char *text = buf_copy(d->arena, b).ptr;
    if (!doctor_facts_take_role(d, true)) { /* which `linnet migrate` lets read the names */
        doctor_skip(d, "The role of requests cannot be taken on: see role-switch and pooler.");
        return;
    }
    const struct rows *rows = db_query(d->db, d->arena, sql, 1, &text, &message);
    if (!doctor_facts_take_role(d, false) || !rows)
        doctor_skip(d, "Which files have been applied cannot be read: %.*s",
                    STR_PRINT(str_trim(message)));
    else if (rows_count(rows) > 0)
        doctor_fail(d, STR("linnet migrate, as the owner: docs/deployment.md"),
                    "%d of %d files in %s have not been applied, first %.*s.", rows_count(rows),
                    count, folder, STR_PRINT(rows_get(rows, 0, 0)));
}
