/*
 * trial.h - the database is asked whether it would do what a contract promises.
 *
 * Binding reads the catalog alone, and PostgreSQL knows more: rights, operators, what a view
 * or a function has become.  So statements that documents would send are prepared, and
 * explained with generic plans, as each role that requests take on.  One document shows all
 * fields of a type; when it is refused, it is halved until the field or the argument is found.
 *
 * Nothing is executed: each type is tried in a read-only transaction of its own, without
 * anybody signed in, and EXPLAIN runs no statement.  (Planning runs functions that are STABLE
 * or IMMUTABLE, and so may meet what they raise.)
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TRIAL_TRIAL_H
#define TRIAL_TRIAL_H

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct contract;
struct db;
struct errors;
struct resolver_statement;

/* A role that requests have. */
struct trial_role {
    struct str name; /* PostgreSQL's, to switch to; STR_NONE: that of the connection */
    bool is_signed_in;
    const struct contract *contract; /* as the role sees it; bound */
};

struct trial_options {
    const struct contract *contract; /* the whole; bound */
    const struct trial_role *roles;
    int role_count;
    /* What the server sends besides documents and C functions, ended by one without SQL. */
    const struct resolver_statement *statements;
};

/* Try the whole contract on the connection, which is idle, and add what was found to
 * `findings`: a misfit where no role that may use a field or an argument can, a note where some
 * cannot, and where PostgreSQL could not judge.  False when there was a misfit, or when the
 * connection was lost: then `*message` says so, and it is STR_NONE otherwise. */
bool trial_run(struct arena *a, struct db *db, const struct trial_options *options,
               struct errors *findings, struct str *message) MUST_CHECK;

#endif
