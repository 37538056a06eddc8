/*
 * command_migrate.c - linnet migrate: the numbered SQL files, each once.
 *
 * What has been applied stands in the table linnet_migrations, with a digest
 * of the text, so that a file that was changed afterwards is noticed.  A file runs in one
 * transaction together with its row there; an advisory lock keeps a second
 * migration waiting.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/buf.h"
#include "base/str.h"
#include "database/db.h"
#include "catalog/identifier.h"
#include "load/load.h"
#include "watch/migration.h"
#include "cgi-bin/command.h"

/* The key of the lock: "linnet" in ASCII. */
#define LOCK_KEY "119200080094580"

/* The table is guarded like any other: in single-role mode its owner serves requests. */
static const char prepare_sql[] =
    "SET client_min_messages = warning;"
    "SELECT pg_advisory_lock(" LOCK_KEY ");"
    "DO $$ BEGIN"
    " IF to_regclass('linnet_migrations') IS NULL THEN"
    "  CREATE TABLE linnet_migrations ("
    "   name text PRIMARY KEY,"
    "   digest text NOT NULL,"
    "   applied_at timestamptz NOT NULL DEFAULT clock_timestamp());"
    "  ALTER TABLE linnet_migrations ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;"
    "  CREATE POLICY linnet_migrations_read ON linnet_migrations FOR SELECT USING (true);"
    "  CREATE POLICY linnet_migrations_owner ON linnet_migrations TO CURRENT_USER"
    "   USING (current_setting('linnet.internal', true) = 'on');"
    " END IF;"
    /* As earlier versions granted it. */
    " IF has_column_privilege('public', 'linnet_migrations', 'name', 'SELECT') THEN"
    "  REVOKE SELECT (name) ON linnet_migrations FROM PUBLIC;"
    " END IF; END $$";

/* Is the role there, and cannot read which files have been applied? */
static const char reader_sql[] =
    "SELECT FROM pg_roles WHERE rolname = $1"
    " AND NOT has_column_privilege(oid, 'linnet_migrations'::regclass, 'name', 'SELECT')";

/* What policies of single-role mode ask for lasts as long as the transaction. */
static const char begin_sql[] = "BEGIN; SET LOCAL linnet.internal = 'on'";

static const char find_sql[] = "SELECT digest = encode(sha256(convert_to($2, 'UTF8')), 'hex')"
                               "  FROM linnet_migrations WHERE name = $1";

static const char record_sql[] = "INSERT INTO linnet_migrations (name, digest)"
                                 " VALUES ($1, encode(sha256(convert_to($2, 'UTF8')), 'hex'))";

/* U+FEFF, which some editors write at the beginning of a file. */
static const struct str byte_order_mark = STR_INIT("\xEF\xBB\xBF");

struct migration {
    struct arena *arena;
    struct db *db;
    const char *folder;
    int applied;
};

/* Say what PostgreSQL said about a file. */
static int
complain(const struct migration *m, const char *name, struct str message)
{
    fprintf(stderr, "%s/%s: %.*s\n", m->folder, name, STR_PRINT(str_trim(message)));
    return COMMAND_FAILED;
}

/* Run the file and record it, in one transaction. */
static int
apply(struct migration *m, const char *name, const char *const values[2])
{
    struct str message;
    if (!db_script(m->db, m->arena, begin_sql, &message) ||
        !db_script(m->db, m->arena, values[1], &message) ||
        !db_query(m->db, m->arena, record_sql, 2, values, &message) ||
        !db_script(m->db, m->arena, "COMMIT", &message)) {
        struct str ignored;
        if (!db_script(m->db, m->arena, "ROLLBACK", &ignored))
            fprintf(stderr, "%s: the connection is lost\n", name);
        return complain(m, name, message);
    }
    printf("%s: applied\n", name);
    m->applied++;
    return 0;
}

/* Apply one file unless it has been. */
static int
migrate_file(struct migration *m, const char *name)
{
    struct str text, message;
    if (!load_text(m->arena, str_format(m->arena, "%s/%s", m->folder, name).ptr, &text))
        return EX_NOINPUT;
    if (str_starts_with(text, byte_order_mark)) /* PostgreSQL takes it for a word */
        text = (struct str){ text.ptr + byte_order_mark.len, text.len - byte_order_mark.len };
    if (strlen(text.ptr) != text.len)
        return complain(m, name, STR("the file contains a NUL byte"));

    const char *const values[] = { name, text.ptr };
    struct rows *rows = db_query(m->db, m->arena, find_sql, 2, values, &message);
    if (!rows)
        return complain(m, name, message);
    if (rows_count(rows) == 0)
        return apply(m, name, values);
    if (str_is(rows_get(rows, 0, 0), "t"))
        return 0;
    return complain(m, name,
                    STR("was changed after it had been applied; put the change into a new file"));
}

/* Apply what is missing, in order, until one fails. */
static int
migrate_folder(struct migration *m)
{
    const char *const *names;
    int count = migration_list(m->arena, m->folder, &names);
    if (count < 0) {
        fprintf(stderr, "%s: %s\n", m->folder, strerror(errno));
        return EX_NOINPUT;
    }
    int status = 0;
    if (count == 0) { /* more likely another folder was meant than none */
        fprintf(stderr, "%s: no numbered SQL files in this folder; set --migrations\n", m->folder);
        status = EX_NOINPUT;
    }
    for (int i = 0; i < count && status == 0; i++)
        status = migrate_file(m, names[i]);
    if (status == 0)
        printf("%s: %d applied, %d in total\n", m->folder, m->applied, count);
    return status;
}

/* Let the role that connections of the server start as read the names, so that whoever develops is
 * told which files are pending (watch/catalog_watch.c).  False: `*message` is PostgreSQL's. */
static bool
grant_names(const struct migration *m, const char *role, struct str *message)
{
    struct buf *b = buf_new(m->arena);

    if (!*role) /* that is the owner itself */
        return true;
    const struct rows *rows = db_query(m->db, m->arena, reader_sql, 1, &role, message);
    if (!rows || rows_count(rows) == 0)
        return rows != NULL;
    buf_put_c(b, "GRANT SELECT (name) ON linnet_migrations TO ");
    identifier_write(b, str_from(role));
    return db_script(m->db, m->arena, buf_copy(m->arena, b).ptr, message);
}

int
command_migrate(const struct invocation *invocation)
{
    const struct config *config = &invocation->config;
    struct migration m = { .arena = invocation->arena };
    m.folder = migration_folder(m.arena, config);
    /* As the login role, and for as long as it takes. */
    const struct db_settings settings = load_session_settings(config);
    m.db = db_open(&settings, NULL);
    if (!m.db)
        return EX_UNAVAILABLE;

    struct str message;
    int status = COMMAND_FAILED;
    if (db_script(m.db, m.arena, prepare_sql, &message) && grant_names(&m, config->role, &message))
        status = migrate_folder(&m);
    else
        fprintf(stderr, "linnet: %.*s\n", STR_PRINT(str_trim(message)));
    db_close(m.db);
    return status;
}
