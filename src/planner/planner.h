/*
 * planner.h - what the files of the planner share: plan_build.c (the whole), plan_field.c
 * (fields), plan_page.c and plan_cursor.c (connections), plan_variant.c (fields of abstract
 * types), plan_node.c (objects by their ids), plan_shared.c (fields that types have in common),
 * plan_relation.c (relations and statements), plan_union.c (relations over several tables),
 * plan_argument.c (arguments).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef PLANNER_PLANNER_H
#define PLANNER_PLANNER_H

#include "base/error.h"
#include "plan/plan.h"
#include "planner/argument.h"
#include "planner/collect.h"

struct planned_page;

struct planner {
    struct plan *plan;
    struct arena *arena;   /* the plan's */
    struct arena *scratch; /* for what only planning needs */
    const struct contract *contract;
    const struct limits *limits;
    const struct variables *variables;
    uint32_t role; /* the catalog's bit of the request's role; 0: its rights are not known */
    struct collector collector;
    struct errors errors; /* refusals are made here; they belong to fields */
    struct map *variants; /* plan_variant.c: those that do not depend on a relation */
    struct map *shared;   /* plan_shared.c: fields that several types of a relation may have */
    struct argument group_by, group_order; /* plan_aggregate.c: of the field whose arguments are
                                            * planned */
};

/* Where the walk through the fields is.  It is passed by value: a change that a field makes is
 * seen by the fields below it, and not by those after it. */
struct position {
    struct plan_field *root;        /* the root field; NULL: at the root fields */
    struct plan_relation *relation; /* the fields show its row; NULL: no row */
    /* The fields stand below these types, and are only for rows of these; NULL: for all rows. */
    const struct plan_condition *conditions;
    enum aggregate_function function; /* in a summary: that of its fields */
    int64_t nodes;                    /* the product of the limits written on the way here */
    struct planned_page *page;        /* the fields show a part of it; NULL: of no page */
};

/* A connection while the parts of its page are planned. */
struct planned_page {
    struct plan_page *page;
    const struct plan_field *field;     /* it shows the page */
    struct position at;                 /* of that field */
    struct plan_relation *rows;         /* they are not asked for until they are in the page */
    const struct plan_statement *first; /* the first one that was added to the plan; or NULL */
    struct plan_relation *count;        /* the page's, or NULL */
};

/* --- plan_field.c --- */

/* Plan the fields that were collected for an object type. */
const struct plan_field *plan_fields(struct planner *p, const struct type *type,
                                     const struct collected *list, struct position at);
/* The fields of an object whose selections were collected: UNCOLLECTED, if that failed. */
const struct plan_field *plan_collected(struct planner *p, const struct type *type,
                                        const struct collected *list, struct position at);
/* The fields below a field of an object type. */
const struct plan_field *plan_below(struct planner *p, const struct plan_field *field,
                                    const struct collected *collected, struct position at);
/* Let the field show the cell of the row that it stands in. */
void plan_leaf(struct plan_field *field, int cell, const struct codec *codec);
/* The fields below a field that shows rows of the position's relation. */
void plan_below_row(struct planner *p, struct plan_field *field, const struct collected *collected,
                    struct position at);
/* The fields below a connection, whose page is the position's. */
void plan_below_page(struct planner *p, struct plan_field *field, const struct collected *collected,
                     struct position at);
/* The error of the last `@skip` or `@include` that could not be judged, or NULL; then it is
 * forgotten. */
const struct error *plan_take_failure(struct planner *p);
/* Make an error of the field. */
void plan_refuse(struct planner *p, struct plan_field *field, const struct error *refusal);

/* --- plan_rights.c --- */

/* The roles that may not use the field, with its arguments, of a row of `parent` or of a root
 * type: bits of the catalog. */
uint32_t plan_denied(const struct field *definition, const struct collected *collected,
                     const struct plan_relation *parent);
/* The error that the field is refused with, if the request's role is one of these.  NULL: it is
 * not, and the plan must not be used for requests of these roles. */
const struct error *plan_refuse_denied(struct planner *p, uint32_t denied);

/* --- plan_variant.c --- */

/* Plan the fields below a field of an abstract type, for each of its possible types;
 * `collected` is the field.  The field is refused when there are too many. */
void plan_variants(struct planner *p, struct plan_field *field, const struct collected *collected,
                   struct position at);
/* False, and the field is refused, when there are too many fields by now. */
bool plan_check_fields(struct planner *p, struct plan_field *field);
/* A key for maps, as bytes in scratch memory: two things by their addresses, and the document's
 * fields whose selections are merged. */
struct str
plan_key(struct planner *p, const void *one, const void *other, const struct collected *collected);

/* --- plan_shared.c --- */

/* In a row that may have several types: complete the field like one that was planned for
 * another type.  False if there is no such field. */
bool plan_shared_take(struct planner *p, struct plan_field *field,
                      const struct collected *collected, struct position at);
/* The field is about to be planned: let other types take it.  Return the conditions for the
 * fields below it. */
const struct plan_condition *
plan_shared_offer(struct planner *p, struct plan_field *field, const struct collected *collected,
                  struct position at);

/* --- plan_order.c --- */

/* The relations that have the columns of arguments: the branches of a union, one after the other,
 * or the relation itself. */
struct plan_relation *plan_first_rows(struct plan_relation *relation);
struct plan_relation *
plan_next_rows(const struct plan_relation *relation, const struct plan_relation *rows);
/* Order the rows as `orderBy` says, if it says something. */
void
plan_order_by(struct planner *p, struct plan_relation *relation, const struct argument *argument);
/* If the rows have no order yet, order them as the contract says; then by their key.  Return NULL,
 * or the error if the order has too many terms. */
const struct error *
plan_order(struct planner *p, struct plan_relation *relation, const struct bound_rows *bound);
/* Let Linnet sort the statement's rows (sort_cells), if that is cheaper than an ORDER BY.  All
 * other cells of the statement are known. */
void plan_sort(struct planner *p, struct plan_statement *statement);

/* --- plan_cursor.c --- */

/* A number that all cursors of the page's list have in common: it depends on the field, its table
 * and its order.  It is the same for all types that have the field by an interface and share its
 * rows. */
uint32_t plan_cursor_place(const struct planned_page *planned);
/* Add the cells of the page's rows from which their cursors are made. */
void plan_cursor_cells(struct planner *p, struct planned_page *planned);
/* The cursor that the field's argument of that role gives; NULL: none.  Return the refusal, or
 * NULL. */
const struct error *plan_cursor_find(struct planner *p, const struct planned_page *planned,
                                     enum argument_role role, const struct plan_cursor **cursor);
/* Let the relation have only the rows after the cursor, or only those before it. */
void plan_cursor_bound(struct planner *p, struct plan_relation *rows,
                       const struct plan_cursor *cursor, bool is_behind, bool is_inclusive);

/* --- plan_page.c --- */

/* The field's argument of that role, found and judged, with a guard for what shapes the SQL.  Its
 * value is NULL, too, where the field has none.  Return the refusal, or NULL. */
const struct error *
plan_page_argument(struct planner *p, const struct plan_field *field, enum argument_role role,
                   enum guard_kind guard, struct argument *argument);

/* Plan a field that shows a connection, and its parts. */
void plan_connection(struct planner *p, struct plan_field *field, const struct collected *collected,
                     struct position at);
void plan_part(struct planner *p, struct plan_field *field, const struct collected *collected,
               struct position at);

/* --- plan_argument.c --- */

/* Get the argument, and guard the variables in it.  Return NULL, or the refusal.  The value of a
 * variable without a guard is judged when the plan is executed. */
const struct error *
plan_argument_get(struct planner *p, struct argument *argument, enum guard_kind guard);

/* Fill in the relation's filters, order, limit, offset and function arguments from the
 * field's arguments.  Return NULL, or the error that the field is refused with. */
const struct error *plan_arguments(struct planner *p, struct plan_relation *relation,
                                   const struct ast_field *ast, const struct field *field);

/* --- plan_write.c --- */

/* Plan a field that writes rows; and a field of its payload that shows them. */
void plan_write(struct planner *p, struct plan_field *field, const struct collected *collected,
                struct position at);
void plan_written(struct planner *p, struct plan_field *field, const struct collected *collected,
                  struct position at);
/* Plan the values of the argument's objects, which the columns are set to. */
void plan_write_values(struct planner *p, struct plan_relation *relation,
                       const struct argument *argument);

/* --- plan_aggregate.c --- */

/* To be called before the arguments of a field that shows an aggregate of the relation's rows. */
void plan_aggregate_begin(struct planner *p, struct plan_relation *relation);
/* `by` or `orderBy`, which is kept until all arguments are there. */
void plan_group_argument(struct planner *p, struct plan_relation *relation,
                         const struct argument *argument);
/* All arguments have been planned: find the keys of groups, and their order.  Return NULL, or the
 * error that the field is refused with. */
const struct error *plan_aggregate_end(struct planner *p, struct plan_relation *relation);
/* Is the field a key that `by` does not name, so that it is null? */
bool plan_group_lacks(const struct plan_relation *relation, const struct field *key);
/* Plan a count or a value, an object of values, and a key that is a column. */
void plan_aggregate_value(struct planner *p, struct plan_field *field,
                          const struct collected *collected, struct position at);
void plan_summary(struct planner *p, struct plan_field *field, const struct collected *collected,
                  struct position at);
void plan_group_key(struct planner *p, struct plan_field *field, const struct collected *collected,
                    struct position at);

/* --- plan_node.c --- */

/* Plan a field that finds objects by their ids: a statement for each possible type. */
void plan_node(struct planner *p, struct plan_field *field, const struct collected *collected,
               struct position at);

/* --- plan_filter.c --- */

/* The argument is a filter of the relation's rows: add the conditions that its value has.  Return
 * the roles that may not read the columns that these compare. */
uint32_t plan_filter(struct planner *p, struct plan_relation *relation,
                     const struct bound_filter *filter, const struct argument *argument);

/* --- plan_cost.c --- */

/* How many rows PostgreSQL may have to read for the relation with its filters, by estimates of how
 * many rows the tables have; 0 if these are not known. */
int64_t plan_filter_cost(const struct planner *p, const struct plan_relation *relation);

/* --- plan_union.c --- */

/* Give the relation a branch for each branch of the binding. */
void plan_union_branches(struct planner *p, struct plan_relation *relation,
                         const struct bound_rows *bound, const struct type *type);
/* The branch that shows rows of the object type. */
struct plan_relation *
plan_union_find(const struct plan_relation *relation, const struct type *object);

/* --- plan_relation.c --- */

/* Make a relation of the statement, with an alias for the table.  It has no source yet. */
struct plan_relation *plan_relation_make(struct planner *p, enum plan_relation_kind kind,
                                         struct plan_statement *statement, struct str table);
/* Make a SELECT or, below a relation, a BATCH, with an alias and a statement of its own,
 * which is not sent unless it is added. */
struct plan_relation *plan_relation_new(struct planner *p, struct position at,
                                        const struct field *field, struct str name);
/* Make a BATCH of the objects of the type that have the given ids; `join` says how they are
 * found. */
struct plan_relation *
plan_relation_node(struct planner *p, struct position at, const struct join *join,
                   const struct type *type, struct str name);
/* Add it to the plan, and below its parent. */
void plan_relation_add(struct planner *p, struct plan_relation *relation);
/* The row that `join` joins to the relation's: a relation that is there already, or a new one.
 * `type` shows the row; NULL: a field shows only a column of it. */
struct plan_relation *plan_join(struct planner *p, struct plan_relation *parent,
                                const struct join *join, const struct type *type, struct str name);
/* A relation that is part of its parent's statement, as the last of its children. */
struct plan_relation *
plan_relation_inner(struct planner *p, enum plan_relation_kind kind, struct plan_relation *parent,
                    const struct join *join, const struct table *table, const struct type *type);
/* Rows that a filter of the parent's rows looks for; `type` is the type that shows them, or
 * NULL. */
struct plan_relation *plan_relation_sought(struct planner *p, struct plan_relation *parent,
                                           const struct join *join, const struct type *type);
/* The number of the cell that holds the column. */
int plan_column_cell(struct planner *p, const struct plan_relation *relation,
                     const struct column *column);
/* The number of the cell that holds the function of the row, or the scalar function's value. */
int plan_function_cell(struct planner *p, const struct plan_relation *relation,
                       const struct function *function);
/* The number of the cell that holds how many rows there are; whether an upsert has inserted the
 * row; the result of an aggregate function for a column; and a key that is a unit of time. */
int plan_count_cell(struct planner *p, const struct plan_relation *relation);
int plan_inserted_cell(struct planner *p, const struct plan_relation *relation);
int plan_aggregate_cell(struct planner *p, const struct plan_relation *relation,
                        const struct aggregate *function, const struct column *column);
int plan_unit_cell(struct planner *p, const struct plan_relation *relation,
                   const struct bound_group_key *key);
/* The number of the cell that says which object type a row of an abstract type has. */
int
plan_type_cell(struct planner *p, const struct plan_relation *relation, const struct type *type);
/* The number of the cell that holds a term of the relation's order. */
int plan_term_cell(struct planner *p, const struct plan_relation *relation, int number);
/* The number of the cell that holds a column of the join table, by which the row is joined. */
int plan_between_cell(struct planner *p, const struct plan_relation *relation,
                      const struct column *column);
/* The position's relation has rows that were written: add a BATCH to the plan that reads the rows
 * that are joined to these. */
struct plan_relation *
plan_relation_again(struct planner *p, struct position at, const struct join *join);
/* A SELECT for the wave after a write, which looks for a row that the write has not found.  It has
 * no conditions yet, and is not sent unless it is added. */
struct plan_relation *
plan_relation_doubt(struct planner *p, struct position at, const struct plan_relation *written);
/* For a write by a filter: let this SELECT, which has no parameters yet, look for the rows that
 * were found and not written, by their keys. */
void plan_relation_doubt_found(struct planner *p, struct plan_relation *doubt,
                               const struct plan_relation *written);
/* The number of the cell that says whether a row that a filter found was written. */
int plan_written_cell(struct planner *p, const struct plan_relation *relation);
/* Add a parameter and return its number. */
int plan_parameter_add(struct planner *p, struct plan_statement *statement,
                       const struct plan_parameter *parameter);

#endif
