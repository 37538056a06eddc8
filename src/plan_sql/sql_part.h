/*
 * sql_part.h - the parts that statements of every form are made of.
 *
 * Each function writes one part, in the words of SQL that stand above it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef PLAN_SQL_SQL_PART_H
#define PLAN_SQL_SQL_PART_H

#include "base/buf.h"
#include "plan/plan.h"

/* ` IS NULL`, or ` IS NOT NULL`, of a value of the type.  PostgreSQL's own words would find a
 * composite value null whose fields are, which is shown, and sorted, as a value. */
void sql_null_test(struct buf *b, const struct column_type *type, bool is_null);
/* `"#found"`: a name that no table, column or part of a function's row has.  A part of WITH hides
 * the table of its name. */
void sql_made_up_name(struct buf *b, const struct plan_statement *s, const char *name);
/* `"#3"`: the name of a cell that is not a column. */
void sql_cell_name(struct buf *b, const struct plan_statement *s, int number);
/* `"#o0"`: the name of a term of the order that is not a column of the rows. */
void sql_term_name(struct buf *b, const struct plan_statement *s, int number);
/* `s1."#3"`: such a cell of a subselect. */
void sql_named_cell(struct buf *b, const struct plan_statement *s, struct str alias, int number);
/* `"word_count"(l1.*)` */
void sql_function_of_row(struct buf *b, const struct plan_cell *cell);
/* `$2::bigint` */
void sql_parameter(struct buf *b, const struct plan_statement *s, int number);
/* `$1::integer[]`: one column of the keys of a batch. */
void sql_keys(struct buf *b, const struct plan_statement *s, int number);
/* `key`, or, of keys of several columns, `key2`; of a batch that finds its key itself, `"#0"`. */
void sql_key_name(struct buf *b, const struct plan_statement *s, int number);
/* `v1."link_id" = k.key`: what a key's rows meet, for each column of the key. */
void sql_match_key(struct buf *b, const struct plan_relation *r);
/* `v1."link_id" = ($1::integer[])[1]`: likewise, where a batch has but one key. */
void sql_match_only_key(struct buf *b, const struct plan_relation *r);
/* `u2."id" = l1."posted_by"`, for each column. */
void sql_match(struct buf *b, const struct join *join, struct str to, struct str from);
/* ` DESC NULLS LAST`: what follows a term of an order, or, `is_turned`, of the opposite order. */
void sql_direction(struct buf *b, const struct order_term *term, bool is_turned);

/* The type of the cell's values in the database; NULL: a type's name, or a key's number. */
const struct column_type *sql_cell_type(const struct plan_cell *cell);
/* The type that the cell is sent as: PostgreSQL's OID. */
unsigned sql_cell_oid(const struct plan_cell *cell);
/* The number of the cell that holds the column of the relation, which has one. */
int sql_find_cell(const struct plan_relation *relation, const struct column *column);
/* One of them, which is not INSERTED, WRITTEN or FOUND. */
void sql_cell(struct buf *b, const struct plan_statement *s, int number, bool is_fenced);

/* Has an aggregate alone such cells: counts, functions of columns, and the keys of groups? */
bool sql_made_is(const struct plan_cell *cell);
/* `sum(l1."size")`: such a cell, or a column, which is a key of groups. */
void sql_made_cell(struct buf *b, const struct plan_cell *cell);

/* All cells.  In a fence the statement's own rows are those of a subselect. */
void sql_cells(struct buf *b, const struct plan_statement *s, bool is_fenced);
/* `SELECT` and all cells, ` FROM `. */
void sql_select(struct buf *b, const struct plan_statement *s, bool is_fenced);
/* `"links" AS l1`, or a function's call. */
void sql_from(struct buf *b, const struct plan_relation *r);
/* ` LEFT JOIN "users" AS u2 ON ...` for each row that is joined. */
void sql_joins(struct buf *b, const struct plan_relation *relation);

/* --- sql_term.c --- */

/* `"votes" AS v2 WHERE v2."link_id" = l1."id"`: the rows that a filter looks for, or an order
 * counts. */
void sql_sought(struct buf *b, const struct plan_relation *r);
/* ` LEFT JOIN "users" AS u2 ON ...` for each row that is joined for the order alone. */
void sql_order_joins(struct buf *b, const struct plan_relation *r);
/* `"links" AS l1`, or a table between and what it leads to (sql_through.h); and these joins. */
void sql_ordered_from(struct buf *b, const struct plan_relation *r);
/* A term of the order, within the rows that it sorts. */
void sql_term(struct buf *b, const struct plan_relation *r, int number);
/* The same as operators take it. */
void sql_compared_term(struct buf *b, const struct plan_relation *r, int number);
/* The term as a subselect of the rows shows it. */
void sql_fenced_term(struct buf *b, const struct plan_relation *r, int number);

/* --- sql_add.c --- */

/* The statement that adds rows, or changes those that are there, and returns its cells of them. */
void sql_add(struct buf *b, const struct plan_statement *s);

/* --- sql_write.c --- */

/* The statement that writes rows, and returns its cells of them. */
void sql_write(struct buf *b, const struct plan_statement *s);
/* The statement that asks of the row that was not written: no row if it is not seen, one if it is;
 * where a version was wanted, two if it has that.  Of rows that a filter has found: one for each
 * that was not written, is seen, and meets the filter still. */
void sql_doubt(struct buf *b, const struct plan_statement *s);

/* --- sql_where.c --- */

/* `i1."kind" = 'task'`: the rows of the table that are of the relation's type, with `before` first.
 * False, and nothing written, where all are. */
bool sql_where_type(struct buf *b, const struct plan_relation *r, const char *before);
/* What the relation's rows must meet, with `before` first, unless it is nothing.  Returns what
 * stands before one more condition: " AND ", or `before`. */
const char *sql_where(struct buf *b, const struct plan_relation *r, const char *before);
/* The terms of the order, unless there is none, with `before` first. */
void sql_order(struct buf *b, const struct plan_relation *r, const char *before);
/* The same of a subselect of the rows. */
void sql_fenced_order(struct buf *b, const struct plan_relation *r, const char *before);
/* ` LIMIT 20 OFFSET $2::bigint` */
void sql_limit(struct buf *b, const struct plan_relation *r);

#endif
