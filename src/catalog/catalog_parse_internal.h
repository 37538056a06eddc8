/*
 * catalog_parse_internal.h - what the files that read a catalog's text form share.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CATALOG_CATALOG_PARSE_INTERNAL_H
#define CATALOG_CATALOG_PARSE_INTERNAL_H

#include "catalog/catalog.h"
#include "catalog/scan.h"

struct catalog_reader {
    struct scan scan;
    struct catalog *catalog;
    struct table *table; /* the last `table` line's, or NULL */
};

/* --- catalog_parse.c --- */

/* Make room for one more in an array of `count`: it is moved to twice its size
 * whenever its size is a power of two. */
void *catalog_parse_grow(struct arena *a, void *array, int count, size_t size);

#define GROW(r, array, count)                                                                      \
    ((array) = catalog_parse_grow((r)->scan.arena, (array), (count), sizeof *(array)))

/* Read `links` or `sales.orders`: the parts of the name; return it as the contract has it. */
struct str catalog_parse_name(struct catalog_reader *r, struct str *schema, struct str *local_name);
/* The type of that name. */
const struct column_type *catalog_parse_type(struct catalog_reader *r, struct str name);
/* Read a name of one of the table's columns; NULL after an error. */
const struct column *catalog_parse_column_name(struct catalog_reader *r, const struct table *t);
/* Read names of the table's columns, at least one. */
const struct column **
catalog_parse_columns(struct catalog_reader *r, const struct table *t, int *count);
/* Read a column's definition into the reader's table. */
void catalog_parse_column(struct catalog_reader *r);
/* The table's columns no longer move, and all types are known: find their types. */
void catalog_parse_column_types(struct catalog_reader *r, struct table *t);

/* Read the name of one of the catalog's roles, and return its bit; 0 after an error. */
uint32_t catalog_parse_role(struct catalog_reader *r);

/* --- catalog_parse_rights.c --- */

/* What a role may not read, */
void catalog_parse_denied(struct catalog_reader *r);
void catalog_parse_parts(struct catalog_reader *r);
/* by which policy rows differ from viewer to viewer, */
void catalog_parse_personal(struct catalog_reader *r);
/* and what it may write. */
void catalog_parse_delete(struct catalog_reader *r);
void catalog_parse_insert(struct catalog_reader *r);
void catalog_parse_update(struct catalog_reader *r);
void catalog_parse_sequence(struct catalog_reader *r);
/* All lines are read: find out what follows from them. */
void catalog_parse_rights_end(struct catalog_reader *r);

/* --- catalog_parse_search.c --- */

void catalog_parse_search(struct catalog_reader *r);

/* --- catalog_parse_index.c --- */

void catalog_parse_index(struct catalog_reader *r);
/* What a type's comparisons lack. */
void catalog_parse_type_line(struct catalog_reader *r);

/* --- catalog_parse_function.c --- */

void catalog_parse_function(struct catalog_reader *r);
void catalog_parse_aggregate(struct catalog_reader *r);

#endif
