/*
 * load.h - what commands and workers load: files, the contract, the catalog.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef LOAD_LOAD_H
#define LOAD_LOAD_H

#include <stdbool.h>
#include <stdio.h>

#include "base/str.h"

struct arena;
struct audit;
struct auth;
struct catalog;
struct config;
struct contract;
struct db;
struct db_settings;
struct errors;

/* Read a whole file, or standard input for NULL and "-"; the text ends in NUL.
 * False after saying why not on standard error. */
bool load_text(struct arena *a, const char *path, struct str *text) MUST_CHECK;
/* The same of a file, and it is logged. */
bool load_text_or_log(struct arena *a, const char *path, struct str *text) MUST_CHECK;

/* Make GraphiQL's page of the file that was built (page/page.h); STR_NONE where it is off or is not
 * there, which is logged if it is to be on. */
struct str load_graphiql(struct arena *a, const struct config *config) MUST_CHECK;

/* Read and build the contract that the configuration names.  NULL after saying
 * on `out` what is wrong. */
struct contract *load_contract(struct arena *a, const struct config *config, FILE *out) MUST_CHECK;

/* Build what each role of the configuration sees of the contract (contract_roles.h). */
bool load_views(struct arena *a, const struct config *config, struct contract *contract,
                struct errors *errors) MUST_CHECK;

/* The last line of a catalog that is kept in a file: without it, the file is not whole. */
#define LOAD_SNAPSHOT_END "# end\n"

/* The catalog that `linnet check --write` kept, if that was for this contract; else NULL. */
const struct catalog *load_snapshot(struct arena *a, const struct config *config,
                                    const struct contract *contract) MUST_CHECK;

/* Read the catalog from the database, and what the roles that requests take on may not do.  NULL
 * after an error: `*message` is PostgreSQL's. */
const struct catalog *load_catalog(struct arena *a, const struct config *config, struct db *db,
                                   struct str *message) MUST_CHECK;

/* Bind it: to the snapshot or, if there is none, to the database.  False after saying
 * what is wrong on standard error. */
bool
load_binding(struct arena *a, const struct config *config, struct contract *contract) MUST_CHECK;

/* Bind the contract to a catalog, with the program's own table of C resolvers.  All misfits are
 * added, and notes too, when it fits as well. */
bool load_bind(struct arena *a, const struct config *config, struct contract *contract,
               const struct catalog *catalog, struct errors *errors) MUST_CHECK;

/* The roles of `roles`, with PostgreSQL's; in single-role mode, none is switched to. */
void load_roles(struct arena *a, const struct config *config, struct auth *auth);

/* Make the settings of accounts and tokens, and read the key; there is no gate yet.
 * False after logging why. */
bool load_auth(struct arena *a, const struct config *config, struct auth *auth) MUST_CHECK;

/* Is there one role for all, that of the login? */
bool load_has_single_role(const struct config *config);

/* Is the database one that may be served from (catalog/audit.h)?  False after logging
 * what is wrong. */
bool load_audit(struct arena *a, const struct config *config, const struct contract *contract,
                struct db *db) MUST_CHECK;
/* What the audit finds.  NULL after an error: `*message` is PostgreSQL's. */
const struct audit *
load_findings(struct arena *a, const struct config *config, const struct contract *contract,
              struct db *db, bool is_script_wanted, struct str *message) MUST_CHECK;

/* Try the bound contract on the connection, as each role that requests have (trial/trial.h).
 * False when there was a misfit, which is among the findings, or when the connection was lost:
 * then `*message` is not STR_NONE. */
bool load_try(struct arena *a, const struct config *config, const struct contract *contract,
              struct db *db, struct errors *findings, struct str *message) MUST_CHECK;

/* How the server connects. */
struct db_settings load_settings(const struct config *config);
/* As the login role, without bounds, for what needs a session of its own: a pooler that may give
 * it to others is refused. */
struct db_settings load_session_settings(const struct config *config);
/* The same as the tables' owner: for what is not a request. */
struct db_settings load_owner_settings(const struct config *config);

/* The file that `linnet check --write` keeps: schema.catalog for schema.graphql. */
const char *load_snapshot_path(struct arena *a, const struct config *config);

/* Log each misfit, with its place in the contract, as an error; notes are not logged. */
void load_log_misfits(const char *file, const struct errors *errors);

/* Write `file:line:column: message` for each error, `note: ` before the message of a note. */
void load_complain(FILE *out, const char *file, const struct errors *errors);

#endif
