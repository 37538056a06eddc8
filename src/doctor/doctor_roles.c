/*
 * doctor_roles.c - PostgreSQL's roles: that of the login, and those that requests take on.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "auth/auth.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "catalog/audit.h"
#include "catalog/identifier.h"
#include "config/config.h"
#include "contract/contract.h"
#include "database/db.h"
#include "doctor/checks.h"
#include "doctor/doctor_internal.h"
#include "load/load.h"
#include "schema/schema.h"

enum { LEAST_IDLE = 1000 /* milliseconds between two statements of a transaction */ };

/* For each name of a JSON array: is there such a role, may the login take it on, and has the login
 * its rights without that?  SET is asked for from PostgreSQL 16 on. */
static const char roles_sql[] =
    "SELECT n.name, (r.oid IS NOT NULL)::text,"
    " CASE WHEN r.oid IS NULL THEN 'false' WHEN current_setting('server_version_num')::int >= "
    "160000"
    "  THEN pg_has_role(session_user, r.oid, 'SET')::text"
    "  ELSE pg_has_role(session_user, r.oid, 'MEMBER')::text END,"
    " CASE WHEN r.oid IS NULL THEN 'false'"
    "  ELSE pg_has_role(session_user, r.oid, 'USAGE')::text END"
    " FROM json_array_elements_text($1::json) WITH ORDINALITY n(name, number)"
    " LEFT JOIN pg_roles r ON r.rolname = n.name ORDER BY n.number";

/* The roles that requests take on, each once, as a JSON array. */
static const char *
roles_json(struct doctor *d)
{
    struct auth auth = { 0 };
    struct buf *b = buf_new(d->arena);

    load_roles(d->arena, d->config, &auth);
    buf_byte(b, '[');
    json_write_string(b, str_from(d->config->role));
    for (int i = 0; i < auth.role_count; i++) {
        struct str role = auth.roles[i].database_role;
        bool is_known = !role.ptr || str_is(role, d->config->role);
        for (int j = 0; j < i; j++)
            is_known |= str_equal(role, auth.roles[j].database_role);
        if (is_known)
            continue;
        buf_byte(b, ',');
        json_write_string(b, role);
    }
    buf_byte(b, ']');
    return buf_copy(d->arena, b).ptr;
}

/* NULL after saying that the check cannot be made. */
static const struct rows *
ask_roles(struct doctor *d)
{
    struct str message;

    if (!doctor_facts_need(d))
        return NULL;
    if (load_has_single_role(d->config)) {
        doctor_skip(d, "`role` is empty: requests take on no role.");
        return NULL;
    }
    const char *names = roles_json(d);
    const struct rows *rows = db_query(d->db, d->arena, roles_sql, 1, &names, &message);
    if (!rows)
        doctor_skip(d, "%.*s", STR_PRINT(str_trim(message)));
    return rows;
}

static const char *
quoted(struct doctor *d, struct str name)
{
    struct buf *b = buf_new(d->arena);

    identifier_write(b, name);
    return buf_copy(d->arena, b).ptr;
}

void
doctor_roles_switch(struct doctor *d)
{
    const struct rows *rows = ask_roles(d);

    for (int i = 0; rows && i < rows_count(rows); i++) {
        const char *role = quoted(d, rows_get(rows, i, 0));
        const char *login = quoted(d, doctor_fact(d, DOCTOR_LOGIN));
        if (!str_is(rows_get(rows, i, 1), "true"))
            doctor_fail(
                d,
                str_format(d->arena, "CREATE ROLE %s NOLOGIN; GRANT %s TO %s;", role, role, login),
                "There is no role %s, which requests take on.", role);
        else if (!str_is(rows_get(rows, i, 2), "true"))
            doctor_fail(d, str_format(d->arena, "GRANT %s TO %s;", role, login),
                        "The login role %s may not take on %s, as requests need.", login, role);
    }
}

void
doctor_roles_inherit(struct doctor *d)
{
    const struct rows *rows = ask_roles(d);
    const char *login = rows ? quoted(d, doctor_fact(d, DOCTOR_LOGIN)) : "";

    for (int i = 0; rows && i < rows_count(rows); i++)
        if (str_is(rows_get(rows, i, 3), "true")) {
            doctor_warn(
                d,
                doctor_fact_number(d, DOCTOR_VERSION) < 160000
                    ? str_format(d->arena, "ALTER ROLE %s NOINHERIT;", login)
                    : str_format(d->arena, "GRANT %s TO %s WITH INHERIT FALSE;",
                                 quoted(d, rows_get(rows, i, 0)), login),
                "The login role %s has the rights of %s also without taking it on: a statement "
                "that is sent without a role, by a fault, sees what that role sees.",
                login, quoted(d, rows_get(rows, i, 0)));
            return;
        }
}

void
doctor_roles_powers(struct doctor *d)
{
    if (!doctor_facts_need(d))
        return;
    const char *login = quoted(d, doctor_fact(d, DOCTOR_LOGIN));
    const struct {
        enum doctor_fact fact;
        const char *name, *why;
    } powers[] = {
        { DOCTOR_CAN_CREATE_ROLES, "CREATEROLE", "may give itself and others any other role" },
        { DOCTOR_CAN_REPLICATE, "REPLICATION", "may read the whole cluster as a replica does" },
        { DOCTOR_CAN_CREATE_DATABASES, "CREATEDB", "may fill the disk with databases" },
    };
    for (size_t i = 0; i < ARRAY_LENGTH(powers); i++)
        if (doctor_fact_is(d, powers[i].fact))
            doctor_fail(d, str_format(d->arena, "ALTER ROLE %s NO%s;", login, powers[i].name),
                        "The login role %s has %s: it %s.", login, powers[i].name, powers[i].why);
}

/* Words of SQL that each statement and function looks up in the schemas of the search path. */
void
doctor_roles_create(struct doctor *d)
{
    if (!doctor_facts_need(d) || !doctor_fact(d, DOCTOR_CREATABLE).ptr)
        return;
    struct str schemas = doctor_fact(d, DOCTOR_CREATABLE);
    doctor_fail(
        d, str_format(d->arena, "REVOKE CREATE ON SCHEMA %.*s FROM PUBLIC;", STR_PRINT(schemas)),
        "Every role may create functions in the schema %.*s, which may then be called in place of "
        "those that were meant.",
        STR_PRINT(schemas));
}

void
doctor_roles_audit(struct doctor *d)
{
    struct str message;

    if (!doctor_facts_need(d))
        return;
    doctor_facts_read_contract(d);
    if (!d->contract) {
        doctor_skip(d, "It is not known what the contract allows: see contract.");
        return;
    }
    const struct audit *audit =
        load_findings(d->arena, d->config, d->contract, d->db, false, &message);
    if (!audit)
        doctor_fail(d, STR_NONE, "The database cannot be audited: %.*s",
                    STR_PRINT(str_trim(message)));
    for (const struct audit_finding *f = audit ? audit->first : NULL; f; f = f->next) {
        struct str mend = f->mend_count == 1  ? f->mends[0]
                          : f->mend_count > 0 ? STR("linnet check --fix-sql")
                                              : f->hint;
        if (f->is_note)
            doctor_warn(d, mend, "%.*s", STR_PRINT(f->message));
        else
            doctor_fail(d, mend, "%.*s", STR_PRINT(f->message));
    }
}

void
doctor_roles_settings(struct doctor *d)
{
    if (!doctor_facts_need(d))
        return;
    const char *login = quoted(d, doctor_fact(d, DOCTOR_LOGIN));
    int64_t idle = doctor_fact_number(d, DOCTOR_IDLE_IN_TRANSACTION);

    doctor_facts_read_contract(d);
    if (idle > 0 && idle < LEAST_IDLE)
        doctor_warn(d,
                    str_format(d->arena,
                               "ALTER ROLE %s SET idle_in_transaction_session_timeout = '30s';",
                               login),
                    "idle_in_transaction_session_timeout is %lld ms: on a busy machine PostgreSQL "
                    "closes connections between two statements of a mutation.",
                    (long long)idle);
    if (doctor_fact_number(d, DOCTOR_IDLE_SESSION) > 0)
        doctor_warn(d, str_format(d->arena, "ALTER ROLE %s SET idle_session_timeout = 0;", login),
                    "idle_session_timeout is %lld ms: PostgreSQL closes the connections that "
                    "workers keep, and the next request connects anew.",
                    (long long)doctor_fact_number(d, DOCTOR_IDLE_SESSION));
    if (doctor_fact_is(d, DOCTOR_READ_ONLY) && d->contract && d->contract->schema->mutation)
        doctor_fail(d,
                    str_format(d->arena,
                               "ALTER ROLE %s RESET default_transaction_read_only; (or of the "
                               "database, or in postgresql.conf)",
                               login),
                    "default_transaction_read_only is on, but the contract has mutations: each of "
                    "them is refused.");
}
