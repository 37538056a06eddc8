/*
 * script_reader.c - reader.sql: a role that reads, and can do nothing else.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/buf.h"
#include "catalog/identifier.h"
#include "database/db.h"
#include "script/script.h"
#include "script/script_internal.h"
#include "script/state.h"

static void
write_role(const struct script *r, const struct script_reader *reader, bool is_there)
{
    buf_put_c(r->out, is_there ? "ALTER ROLE " : "CREATE ROLE ");
    identifier_write(r->out, reader->role);
    buf_put_c(r->out, is_there ? "\n    LOGIN"
                               : "\n    LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB "
                                 "NOCREATEROLE NOREPLICATION");
    buf_put_c(r->out, " CONNECTION LIMIT 100\n    PASSWORD '");
    buf_put(r->out, reader->verifier); /* of Base64 and $ : alone */
    buf_put_c(r->out, "';\nALTER ROLE ");
    identifier_write(r->out, reader->role);
    buf_put_c(r->out, " SET default_transaction_read_only = on;\nALTER ROLE ");
    identifier_write(r->out, reader->role);
    buf_put_c(r->out, " SET statement_timeout = '30s';\n");
}

static bool
role_exists(struct arena *a, struct db *db, struct str role, bool *exists, struct str *message)
{
    const char *const values[] = { str_copy_c(a, role) };
    const struct rows *rows =
        db_query(db, a, "SELECT FROM pg_roles WHERE rolname = $1", 1, values, message);

    *exists = rows && rows_count(rows) > 0;
    return rows != NULL;
}

bool
script_reader_print(struct arena *a, struct buf *b, struct db *db, const struct script_scope *scope,
                    const struct script_reader *reader, struct str *message)
{
    struct script r;
    bool is_there;

    if (!script_begin(&r, a, b, db, scope, message) ||
        !role_exists(a, db, reader->role, &is_there, message))
        return false;
    buf_put_c(b, "-- reader.sql - a role that reads what ");
    script_comment(b, scope->file);
    buf_put_c(b, " shows, and can do nothing else.\n--\n"
                 "-- It takes somebody who may create roles and grant rights on these tables.  To "
                 "undo all of it:\n--     DROP OWNED BY ");
    script_comment(b, reader->role);
    buf_put_c(b, "; DROP ROLE ");
    script_comment(b, reader->role);
    buf_put_c(b, ";\nBEGIN;\n\n");
    write_role(&r, reader, is_there);
    if (!r.state->may_all_connect) {
        buf_put_c(b, "GRANT CONNECT ON DATABASE ");
        identifier_write(b, r.state->database);
        buf_put_c(b, " TO ");
        identifier_write(b, reader->role);
        buf_put_c(b, ";\n");
    }
    r.is_reading = true;
    script_write(&r);
    buf_put_c(b, "\nCOMMIT;\n");
    return true;
}
