/*
 * identifier.h - names of the database in statements that people are given to run.
 *
 * They are as quote_ident() writes them: in double quotes only where PostgreSQL needs these
 * (4.1.1, appendix C).  Statements that the server itself sends are made in the planner.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CATALOG_IDENTIFIER_H
#define CATALOG_IDENTIFIER_H

#include "base/str.h"

struct buf;
struct catalog;
struct function;
struct sequence_use;
struct table;

/* In double quotes, whether PostgreSQL needs them or not. */
void identifier_quote(struct buf *b, struct str name);
void identifier_write(struct buf *b, struct str name);
/* With its schema, unless that is `public` and the first of the search path: whoever runs the
 * statement may have another search path. */
void identifier_write_table(struct buf *b, const struct catalog *c, const struct table *table);
void
identifier_write_sequence(struct buf *b, const struct catalog *c, const struct sequence_use *use);
/* Likewise, and with the types of its parameters, since others may have its name. */
void identifier_write_function(struct buf *b, const struct catalog *c, const struct function *f);

#endif
