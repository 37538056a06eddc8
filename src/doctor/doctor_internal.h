/*
 * doctor_internal.h - what the checks share.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef DOCTOR_DOCTOR_INTERNAL_H
#define DOCTOR_DOCTOR_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/str.h"
#include "doctor/doctor.h"

struct catalog;
struct contract;
struct db;
struct doctor_facts;
struct error;
struct web_directive;

/* One of the web servers' configurations. */
struct doctor_web {
    const char *file;                  /* the main one; NULL: there is none */
    const struct web_directive *root;  /* NULL: it could not be read, `message` says why */
    const struct web_directive **pass; /* the directives that lead to our socket or program */
    int pass_count;
    struct str message;
};

struct doctor {
    struct arena *arena;
    const struct config *config;
    struct doctor_options options;
    /* The check that is being made, and what has been found. */
    const struct doctor_check *check;
    struct doctor_finding *first, *last;
    int counts[DOCTOR_VERDICTS];
    /* What several checks look at; each is filled in by the first that needs it. */
    struct doctor_web nginx, apache;
    bool is_web_read;
    struct str heard;  /* what was logged last by what doctor_listen() listened to */
    int silence;       /* where it was written instead */
    struct db *db;     /* as the login role, which switched to none; NULL: it cannot be reached */
    bool is_connected; /* that was tried */
    bool has_pooler;   /* something stands between us and PostgreSQL */
    struct str db_message; /* why there is none */
    char db_sqlstate[6];
    const struct doctor_facts *facts; /* NULL: they could not be read, and db_message says why */
    struct contract *contract;        /* NULL: it cannot be built */
    const struct catalog *catalog;    /* NULL: it cannot be read */
    bool is_bound;                    /* the contract, to the catalog */
    const struct error *misfits;      /* why it cannot be built or bound; and notes */
    int misfit_count;
    struct str contract_message; /* why its file cannot be read, or STR_NONE */
    bool is_contract_read;
    pid_t master; /* of the server that listens; 0: not known */
};

/* --- doctor.c: what a check says --- */

void doctor_warn(struct doctor *d, struct str mend, const char *format, ...) PRINTF(3, 4);
void doctor_fail(struct doctor *d, struct str mend, const char *format, ...) PRINTF(3, 4);
/* The check cannot be made here, or is about nothing that is here; said only when all is asked. */
void doctor_skip(struct doctor *d, const char *format, ...) PRINTF(2, 3);

/* The path as a word of the shell. */
const char *doctor_quote(struct doctor *d, const char *path);
/* How many workers `linnet serve` starts, as long as it makes its own socket. */
int doctor_workers(const struct doctor *d);
/* Keep what is logged, and write none of it, until it is ended: then `heard` has the last error. */
void doctor_listen(struct doctor *d);
void doctor_listen_end(struct doctor *d);

/* --- doctor_user.c: who may do what with a file --- */

enum { DOCTOR_GROUPS = 64 };

struct doctor_user {
    const char *name;
    uid_t uid;
    gid_t groups[DOCTOR_GROUPS];
    int group_count;
};

/* False: there is no user of that name. */
bool doctor_user_find(const char *name, struct doctor_user *user) MUST_CHECK;
/* May the user do that (bits of access(): R_OK, W_OK, X_OK) with what is at the path, and go
 * through the folders above it?  By owners, groups and modes alone.  Else `*where` is what bars the
 * way, in the arena.  A path that is not there may be done everything with. */
bool doctor_user_may(struct arena *a, const struct doctor_user *user, const char *path, int what,
                     const char **where) MUST_CHECK;

/* --- doctor_facts.c: PostgreSQL, as the server's login role finds it --- */

/*  name, SQL of a text; all in one row */
#define DOCTOR_FACTS(X)                                                                            \
    X(VERSION, "current_setting('server_version_num')")                                            \
    X(VERSION_TEXT, "current_setting('server_version')")                                           \
    X(LOGIN, "session_user")                                                                       \
    X(DATABASE, "current_database()")                                                              \
    X(ENCODING, "pg_encoding_to_char(d.encoding)")                                                 \
    X(FSYNC, "current_setting('fsync')")                                                           \
    X(FULL_PAGE_WRITES, "current_setting('full_page_writes')")                                     \
    X(SYNCHRONOUS_COMMIT, "current_setting('synchronous_commit')")                                 \
    X(READ_ONLY, "current_setting('default_transaction_read_only')")                               \
    X(IDLE_IN_TRANSACTION, "(SELECT setting FROM pg_settings"                                      \
                           " WHERE name = 'idle_in_transaction_session_timeout')")                 \
    X(IDLE_SESSION, "(SELECT setting FROM pg_settings WHERE name = 'idle_session_timeout')")       \
    X(MILLISECONDS, "floor(extract(epoch FROM clock_timestamp()) * 1000)")                         \
    X(MAX_CONNECTIONS, "current_setting('max_connections')")                                       \
    X(RESERVED, "current_setting('superuser_reserved_connections')::int"                           \
                " + coalesce(current_setting('reserved_connections', true)::int, 0)")              \
    X(DATABASE_LIMIT, "d.datconnlimit")                                                            \
    X(LOGIN_LIMIT, "r.rolconnlimit")                                                               \
    X(BACKEND, "pg_backend_pid()")                                                                 \
    X(IS_STANDBY, "pg_is_in_recovery()")                                                           \
    X(IS_REMOTE, "inet_server_addr() IS DISTINCT FROM inet_client_addr()"                          \
                 " AND NOT inet_server_addr() <<= '127.0.0.0/8' AND inet_server_addr() <> '::1'")  \
    X(HAS_TLS, "(SELECT s.ssl FROM pg_stat_ssl s WHERE s.pid = pg_backend_pid())")                 \
    X(COLLATION_THEN, "d.datcollversion")                                                          \
    X(COLLATION_NOW, "pg_database_collation_actual_version(d.oid)")                                \
    X(AGE, "age(d.datfrozenxid)")                                                                  \
    X(CAN_CREATE_ROLES, "r.rolcreaterole")                                                         \
    X(CAN_CREATE_DATABASES, "r.rolcreatedb")                                                       \
    X(CAN_REPLICATE, "r.rolreplication")                                                           \
    X(CREATABLE, "(SELECT string_agg(quote_ident(n.nspname), ', ') FROM pg_namespace n"            \
                 " WHERE n.nspname = ANY (current_schemas(false)) AND EXISTS (SELECT"              \
                 "  FROM aclexplode(n.nspacl) x WHERE x.grantee = 0"                               \
                 "  AND x.privilege_type = 'CREATE'))")

enum doctor_fact {
#define DOCTOR_CONSTANT(name, sql) DOCTOR_##name,
    DOCTOR_FACTS(DOCTOR_CONSTANT)
#undef DOCTOR_CONSTANT
        DOCTOR_FACT_COUNT
};

struct doctor_facts {
    struct str texts[DOCTOR_FACT_COUNT];
    int64_t asked_at; /* milliseconds of CLOCK_REALTIME, in the middle of the question */
};

/* Connect and ask, unless that has been done.  False after saying that the check cannot be made. */
bool doctor_facts_need(struct doctor *d) MUST_CHECK;
/* The same without a word: was there an answer? */
bool doctor_facts_read(struct doctor *d) MUST_CHECK;
/* From now on the connection has the role that the server's have, or again that of the login alone.
 * False: it may not take it on, which another check says. */
bool doctor_facts_take_role(struct doctor *d, bool is_wanted) MUST_CHECK;
/* Fill in the contract, the catalog and whether they fit, unless that has been done. */
void doctor_facts_read_contract(struct doctor *d);
struct str doctor_fact(const struct doctor *d, enum doctor_fact fact);
/* Of a number; what is none is 0. */
int64_t doctor_fact_number(const struct doctor *d, enum doctor_fact fact);
bool doctor_fact_is(const struct doctor *d, enum doctor_fact fact);

/* --- doctor_web.c: the web servers' configurations --- */

/* Read them, unless that has been done. */
void doctor_web_read(struct doctor *d);
/* Does that one lead to our socket?  False after saying that the check cannot be made. */
bool doctor_web_need_nginx(struct doctor *d) MUST_CHECK;
bool doctor_web_need_apache(struct doctor *d) MUST_CHECK;
/* Judge what counts where nginx passes on, once for each of its servers that does. */
void doctor_web_each(struct doctor *d,
                     void (*judge)(struct doctor *d, const struct web_directive *pass));
/* The user that the web server runs as, or NULL: it is not known. */
const char *doctor_web_user(struct doctor *d);
/* Is it `unix:PATH` of our socket?  Something may stand behind it. */
bool doctor_web_names_socket(const struct doctor *d, struct str word);
/* The `server` block of nginx around a directive that leads to our socket, or NULL. */
const struct web_directive *doctor_web_server(const struct web_directive *pass);
/* Does it have TLS? */
bool doctor_web_has_tls(const struct web_directive *server);
/* An address that such a server listens at and that is not of this machine alone, or NULL. */
const char *doctor_web_address(struct doctor *d, const struct web_directive *server);
/* Any of those, of nginx, or NULL: there is none, or nothing is known. */
const char *doctor_web_public(struct doctor *d);

#endif
