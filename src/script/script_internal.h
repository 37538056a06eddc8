/*
 * script_internal.h - what the files of this folder share.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SCRIPT_SCRIPT_INTERNAL_H
#define SCRIPT_SCRIPT_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct arena;
struct buf;
struct catalog;
struct db;
struct needs;
struct needs_table;
struct script_scope;
struct state;

/* A script that is written. */
struct script {
    struct arena *arena;
    struct buf *out;
    const struct script_scope *scope;
    const struct catalog *catalog;
    const struct state *state;
    const struct needs *needs;
    struct str for_all; /* JSON (trust.h) */
    bool is_reading;    /* nothing is granted but to read */
};

/* Write a text of the database or the contract within a comment, which a line break would end. */
void script_comment(struct buf *b, struct str text);
/* Would the text end a comment that it stands in as it is? */
bool script_breaks_line(struct str text);

/* --- script_rights.c --- */

/* The bit of a role of the scope, in words of roles. */
static inline uint32_t
script_bit(int role)
{
    return UINT32_C(1) << role;
}

/* Find out what the script is about: whom, what they need, and what there is.  False: `*message` is
 * PostgreSQL's. */
bool script_begin(struct script *r, struct arena *a, struct buf *b, struct db *db,
                  const struct script_scope *scope, struct str *message) MUST_CHECK;
/* ` TO role, ...` */
void script_roles(const struct script *r, uint32_t roles);
/* `statement TO role, ...;`, and behind `--? ` for those that get nothing by themselves. */
void script_grants(const struct script *r, struct str statement, uint32_t roles);
/* Grant the columns that each of the roles has in `by_column`, to those that have the same ones in
 * one statement: without a list, if these are all and it `may_be_whole`. */
void script_grant_columns(const struct script *r, const struct needs_table *t, const char *verb,
                          const uint32_t *by_column, uint32_t roles, bool may_be_whole);
/* Write all rights, without what stands around them. */
void script_write(const struct script *r);

/* --- script_write.c --- */

/* Write what roles need that write rows of the table, and the policies that could say which. */
void script_write_writes(const struct script *r, const struct needs_table *t);

#endif
