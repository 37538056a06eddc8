/*
 * load.h - what commands and workers load: files, the contract, the catalog.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CGI_BIN_LOAD_H
#define CGI_BIN_LOAD_H

#include <stdbool.h>
#include <stdio.h>

#include "base/str.h"

struct arena;
struct catalog;
struct config;
struct contract;
struct db;
struct errors;

/* Read a whole file, or standard input for NULL and "-"; the text ends in NUL.
 * False after saying why not on standard error. */
bool load_text(struct arena *a, const char *path, struct str *text) MUST_CHECK;

/* Read and build the contract that the configuration names.  NULL after saying
 * on `out` what is wrong. */
struct contract *load_contract(struct arena *a, const struct config *config, FILE *out) MUST_CHECK;

/* Bind it: to what `linnet check --write` found, if that was this contract, and
 * else to the database.  False after saying what is wrong on standard error. */
bool
load_binding(struct arena *a, const struct config *config, struct contract *contract) MUST_CHECK;

/* Bind the contract to a catalog, with the program's own table of C resolvers. */
bool load_bind(struct arena *a, struct contract *contract, const struct catalog *catalog,
               struct errors *errors) MUST_CHECK;

/* Connect as the server does; NULL after logging why not. */
struct db *load_database(const struct config *config, char sqlstate[6]);

/* The file that `linnet check --write` keeps: schema.catalog for schema.graphql. */
const char *load_snapshot_path(struct arena *a, const struct config *config);

/* Write `file:line:column: message` for each error. */
void load_complain(FILE *out, const char *file, const struct errors *errors);

#endif
