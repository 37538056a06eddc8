/*
 * script.h - SQL that a person reads and runs: what a contract needs in the database.
 *
 * Each script is made of the contract as it is bound, so that it is right after the contract was
 * edited, too.  Nothing here runs any of it.  A line that begins with `--? ` is a statement that
 * somebody has to decide on.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SCRIPT_SCRIPT_H
#define SCRIPT_SCRIPT_H

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct buf;
struct contract;
struct db;

/* A role that requests have. */
struct script_role {
    struct str name;                 /* of the configuration: `anon`, `user` */
    struct str database_role;        /* PostgreSQL's */
    const struct contract *contract; /* as the role sees it, bound to the same catalog */
    bool is_given;                   /* rights; else they are proposed, behind `--? ` */
    bool is_nobody;                  /* nobody is signed in who has it */
};

struct script_scope {
    struct str file; /* the contract's, for comments */
    const struct contract *contract;
    const struct script_role *roles; /* one for each of PostgreSQL's roles */
    int role_count;
};

/* rights.sql: GRANTs by column, or of a whole table where the contract shows all of it; what
 * mutations write; and which policies there are, or could be.  False: `*message` is
 * PostgreSQL's. */
bool script_rights_print(struct arena *a, struct buf *b, struct db *db,
                         const struct script_scope *scope, struct str *message) MUST_CHECK;

/* indexes.sql: an index for each order, condition and join that none serves, whether or not the
 * contract has @unindexed there. */
void script_indexes_print(struct arena *a, struct buf *b, const struct script_scope *scope);

/* What reader.sql makes. */
struct script_reader {
    struct str role;     /* the role's name */
    struct str verifier; /* of its password (conninfo.h) */
};

/* reader.sql: a role that logs in, reads what the contract shows, and can do nothing else.  A role
 * of that name gets these properties if it is there already. */
bool
script_reader_print(struct arena *a, struct buf *b, struct db *db, const struct script_scope *scope,
                    const struct script_reader *reader, struct str *message) MUST_CHECK;

/* Why the role of the connection must not serve: it is a superuser, owns something, may write, and
 * the like; a sentence each, in lines.  STR_NONE: it may; then `*message` is STR_NONE, too, unless
 * PostgreSQL could not be asked. */
struct str script_judge_role(struct arena *a, struct db *db, struct str *message);

#endif
