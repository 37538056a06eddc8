/*
 * plan.h - which statements an operation sends to the database, and how their rows become the
 * response.
 *
 * There are two trees, which share their leaves.  The tree of relations is what a database
 * person reads, printed like EXPLAIN (plan_print.h): a root field is a SELECT;
 * a to-one field is a JOIN in its parent's statement; a to-many field is a
 * BATCH, a statement of its own for all parents at once, one wave later.  Rows
 * of an abstract type over several tables are a SELECT or a BATCH with a BRANCH
 * for each of them.  The tree of fields is the response: each field knows the
 * cell, or the relation, that it is written from.
 *
 * A plan belongs to a document.  Some values of a request shape the SQL: row limits, orders, the
 * presence of filters, @skip and @include.  The plan keeps these values as guards, and is used
 * again for variables that meet the guards.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef PLAN_PLAN_H
#define PLAN_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/str.h"
#include "language/ast.h"
#include "schema/schema.h"
#include "database/statement.h"
#include "binding/binding.h"
#include "binding/filter.h"
#include "plan/guard.h"
#include "plan/plan_write.h"

struct arena;
struct field;
struct global_id;
struct input_value;
struct plan_cause;
struct type;
struct value;

enum plan_parameter_form {
    PLAN_VALUE,   /* the argument's value as it is */
    PLAN_PATTERN, /* the argument's value as a pattern of LIKE: %value%, escaped */
    PLAN_OFFSET,  /* the argument's value, which limits->offset bounds */
    PLAN_OPERAND, /* what a condition of a filter compares with: a value within the argument's */
    PLAN_KEYS,    /* one column of the keys of a batch, as an array: its first parameters */
    PLAN_CURSOR,  /* one term of the argument's cursor, which is not null */
    PLAN_PLACES,  /* of a write: which of its objects have the shape */
    PLAN_WRITTEN  /* of a write within another: a cell of the row that was written for the object
                   * around it, or for an object within it; null if there is no such row */
};

/* A cursor that a request gives: the place of a row in a list. */
struct plan_cursor {
    const struct ast_field *field; /* whose argument it is */
    const struct input_value *argument;
    bool is_constant;          /* the same for all variables */
    const struct value *value; /* constant: its value */
    uint32_t place;            /* of the list and its order (codec/cursor.h) */
    int count;                 /* the number of its terms, which are those of the order */
    uint64_t nulls;            /* bit i: term i is null; a guard makes sure of that */
};

/* A parameter of a statement; its value is found when the plan is executed. */
struct plan_parameter {
    enum plan_parameter_form form;
    const struct ast_field *field;      /* its arguments have the value; not for KEYS */
    const struct input_value *argument; /* not for KEYS */
    const struct input_value *input;    /* the field of the argument's value; NULL: all of it */
    /* The column that a write sets to `input` of the objects of a shape, as an array if they may be
     * many; NULL: it sets none. */
    const struct column *set;
    int shape;                           /* of a write, PLACES and WRITTEN too: its number */
    const struct plan_relation *written; /* WRITTEN: the write that has the row */
    int cell;                            /* WRITTEN: its number */
    bool is_constant;                    /* the value is the same for all variables */
    const struct value *value;           /* constant: the value; NULL: absent */
    const struct codec *codec;           /* VALUE, OPERAND: how the value becomes a text; or NULL */
    const struct path *path;             /* OPERAND: where it is in the argument's value */
    enum filter_operator op;             /* OPERAND */
    bool is_whole_bound;                 /* OPERAND: filter_is_whole_bound() */
    const struct column *keys;           /* KEYS: the column that they are compared with */
    int key;                             /* KEYS: its number among those of the join */
    const struct plan_cursor *cursor;    /* CURSOR */
    int term;                            /* CURSOR: its number among those of the order */
    const struct column_type *term_type; /* CURSOR: of the term */
    struct str type_name;                /* the SQL type that it is cast to */
};

enum plan_filter_kind {
    PLAN_AND,     /* all of the items */
    PLAN_OR,      /* any of the items */
    PLAN_NOT,     /* not all of the items; null in SQL counts as false, so its opposite is true */
    PLAN_COMPARE, /* the column with the parameter, by the operator */
    PLAN_SEARCH,  /* the same for @search on an argument: any of the columns contains the text */
    PLAN_EXISTS,  /* there is a row of `rows` that meets the items; or, negated, there is none */
    PLAN_NOTHING  /* false: no row meets it */
};

/* What a condition of a filter compares with. */
struct plan_operand {
    const struct bound_comparison *comparison;
    const struct value *value; /* as it is while the plan is made */
    const struct path *path;
};

/* A condition on rows. */
struct plan_filter {
    enum plan_filter_kind kind;
    /* It is about columns of these rows.  EXISTS: these rows are looked for. */
    const struct plan_relation *rows;
    enum filter_operator op; /* COMPARE, SEARCH */
    const struct column **columns;
    int column_count;                /* one, except for searches */
    const struct function *function; /* COMPARE: its result for the row, in place of a column */
    struct str config; /* COMPARE by MATCHES: the text search configuration, or STR_NONE */
    bool is_truncated; /* COMPARE: with any time that is at most 999 microseconds more */
    bool is_true;      /* COMPARE by IS_NULL, IS_EMPTY, which have no parameter */
    bool is_negated;   /* EXISTS */
    int parameter;     /* its number in the statement, from 0 */
    const struct plan_operand *operand; /* COMPARE of a filter: where the parameter comes from */
    struct plan_filter *items;          /* AND, OR, NOT; EXISTS: joined by AND, may be none */
    struct plan_filter *next;
};

/* The rows on one side of a cursor. */
struct plan_bound {
    const struct plan_cursor *cursor;
    int count;             /* of the first terms of the order: those that are compared */
    const int *parameters; /* by these: the number in the statement; -1: the cursor's is null */
    bool is_behind;        /* later in the list's order, whichever way it is read; else earlier */
    bool is_inclusive;     /* also a row at the cursor itself */
    const struct plan_bound *next; /* rows must meet this one, too */
};

/* The rows that a term of an order belongs to. */
struct plan_term_rows {
    const struct plan_relation *row;     /* SOUGHT; NULL: the relation's own */
    const struct plan_relation *counted; /* SOUGHT: the rows that it counts; or NULL */
    const struct plan_filter *words;     /* the condition whose words it ranks by; or NULL */
};

/* Which of a relation's rows are wanted, in what order, and how many. */
struct plan_slice {
    bool is_list;                /* false: one row */
    struct plan_filter *filters; /* joined by AND */
    struct plan_filter *version; /* of a write, and DOUBT: the version must be this one; or NULL */
    struct order_term *order;    /* of lists: with the key that breaks ties; of a union: NULL */
    int order_count; /* of a union: the first terms of each branch that order them all */
    const struct plan_term_rows *order_rows; /* by term; NULL: all are of the relation's own rows */
    const struct plan_relation *joined; /* rows that are joined for the order alone, by `next` */
    bool is_descending;                 /* the direction of the last term that was asked for */
    bool is_reversed; /* the list is read from its end: all directions are turned */
    const struct plan_bound *bounds;
    bool has_limit, has_offset;
    bool has_written_limit; /* the document says how many */
    int limit;              /* rows (BATCH: for each key) */
    int offset;             /* number of the parameter */
};

/* What the function gets for one of its parameters. */
struct plan_call_argument {
    bool is_given; /* else its default */
    int parameter; /* of the statement: its number */
};

struct plan_call {
    const struct function *function;
    const struct table *table;            /* whose rows it returns; NULL: a scalar */
    struct plan_call_argument *arguments; /* by the function's parameters */
};

enum plan_relation_kind {
    PLAN_SELECT,
    PLAN_JOIN,
    PLAN_BATCH,
    PLAN_BRANCH,
    PLAN_SOUGHT /* what a filter looks for, or an order is by; it is no child of its parent */
};

/* What is asked of the rows. */
enum plan_purpose {
    PLAN_ROWS,     /* themselves */
    PLAN_PROBE,    /* is there one? */
    PLAN_COUNT,    /* how many are there? */
    PLAN_DOUBT,    /* why was it not written? */
    PLAN_AGGREGATE /* their aggregate: one row, or one for each group */
};

enum plan_source {
    PLAN_TABLE,    /* rows of a table */
    PLAN_FUNCTION, /* SELECT: what a function returns */
    PLAN_WRITE,    /* SELECT: the rows that are written */
    PLAN_UNION     /* SELECT, BATCH: the rows of the branches, which are its first children */
};

struct plan_group_term {
    int cell;
    struct order_direction direction;
};

/* AGGREGATE: how rows are put into groups. */
struct plan_groups {
    const struct field **by; /* the fields that show their keys */
    int by_count;
    int *keys; /* numbers of the cells that tell groups apart */
    int key_count;
    struct plan_group_term *order; /* all of the keys are in it */
    int order_count;
};

struct plan_relation {
    enum plan_relation_kind kind;
    enum plan_purpose purpose; /* SELECT, BATCH */
    enum plan_source source;
    union { /* by the source; nothing of a union */
        const struct table *table;
        struct plan_call call;
        struct plan_write write;
    } of;
    struct str alias; /* `l1`: its own within the statement */
    struct str name;  /* the response name; BRANCH: the type's; STR_NONE: a column's join */
    /* The type of the rows, if it depends on a discriminator: an object type, whose rows have its
     * label; or an abstract type, where type_cell has the type of each row.  NULL: it does not. */
    const struct type *type;
    int type_cell;     /* of an abstract type: holds what plan_label() says of the row's type */
    bool skips_hidden; /* rows of types that are hidden are left out, and not null */
    struct plan_statement *statement;
    const struct join *join;      /* JOIN, BATCH, SOUGHT; BRANCH of a BATCH */
    const struct key *key;        /* of the rows' type; without columns, or NULL: none */
    struct str between;           /* BATCH, SOUGHT by a join table: the alias of that table */
    struct plan_slice *slice;     /* SELECT, BATCH, BRANCH; JOIN, SOUGHT: NULL */
    struct plan_groups *groups;   /* AGGREGATE; NULL: all rows are one */
    const struct plan_page *page; /* SELECT, BATCH: that its rows, probe or count are of; or NULL */
    uint32_t denied;              /* the roles that may not read the columns of filters or orders */
    bool has_presence;            /* is there a cell that is null if there is no row? */
    int presence;                 /* its number */
    struct plan_relation *parent; /* JOIN, BATCH, BRANCH, SOUGHT */
    struct plan_relation *children, *last_child, *next;
};

enum plan_cell_kind {
    PLAN_CELL_COLUMN,
    PLAN_CELL_FUNCTION,  /* of the relation's row; or the value of a scalar function */
    PLAN_CELL_TYPE,      /* of a union's row: the name of its type */
    PLAN_CELL_KEY,       /* BATCH, cell 0: the number of the row's key, from 1 */
    PLAN_CELL_BETWEEN,   /* a column of the join table, by which the row is joined */
    PLAN_CELL_TERM,      /* a term of the order: of a union, or one that is no column of the row */
    PLAN_CELL_COUNT,     /* COUNT, AGGREGATE: how many rows there are */
    PLAN_CELL_AGGREGATE, /* AGGREGATE: the result of an aggregate function of a column */
    PLAN_CELL_UNIT,      /* AGGREGATE: a key, which is a unit of time */
    PLAN_CELL_INSERTED,  /* of an upsert: was the row inserted? */
    PLAN_CELL_WRITTEN,   /* of a write by a filter: true, or null where the row was not written */
    PLAN_CELL_FOUND      /* of a write by a filter: a column of the key by which it was found */
};

struct plan_cell_aggregate {
    const struct aggregate *function;
    const struct column *column;
};

/* A column of a statement's rows. */
struct plan_cell {
    enum plan_cell_kind kind;
    const struct plan_relation *relation;
    union {                          /* nothing of TYPE, KEY, COUNT, INSERTED and WRITTEN */
        const struct column *column; /* COLUMN, BETWEEN, FOUND */
        int term;                    /* TERM: its number */
        const struct function *function;
        struct plan_cell_aggregate aggregate;
        const struct bound_group_key *unit;
    } of;
};

struct plan_possible {
    const struct type *type;
    struct plan_possible *next;
};

/* A row counts only if the relation's row has one of the types. */
struct plan_condition {
    const struct plan_relation *relation;
    struct plan_possible types;        /* the first */
    const struct plan_condition *next; /* of a relation around it, in the same statement */
};

struct plan_statement {
    struct statement statement;
    /* BATCH: another form of the statement, to be sent together with its parent.  It finds the keys
     * itself, by a subselect of the parent's rows, and has each row's key in place of the key's
     * number.  Its parameters are the parent's, and then its own without the keys.  Without text:
     * there is no such form. */
    struct statement ahead;
    bool is_ahead;                  /* while SQL is written: that of `ahead` */
    struct str made_up;             /* the catalog's: what names of cells begin with */
    int number;                     /* in the plan, from 0 */
    int alias_count;                /* of its relations */
    int wave;                       /* from 1 */
    int last_wave;                  /* of a write: that of the last write within it; else 0 */
    struct plan_relation *relation; /* SELECT or BATCH */
    const struct plan_field *root;  /* the root field that it is sent for */
    /* In a query of several statements: a value of the client may make this one fail.  The others
     * must not fail with it. */
    bool is_isolated;
    struct plan_cell *cells;
    int cell_count, cell_capacity;
    struct plan_parameter *parameters;
    int parameter_count, parameter_capacity;
    /* BATCH: where its keys come from: cells of the parent's rows, one for each column of the
     * join, or, when there is no parent, what a C function puts out. */
    const struct plan_statement *parent;
    int *parent_cells;
    const struct plan_condition *conditions; /* on the parent's rows: the types it stands below */
    /* BATCH: its rows come in any order, and batch_rows.h sorts them by these cells, one for each
     * term of the order.  NULL: they come in their order. */
    const int *sort_cells;
    /* DOUBT: the write.  This is sent if the write has written no row or, by a filter, not all that
     * it found; then it gets their keys from the cells of `parent`. */
    const struct plan_statement *doubted;
    const struct plan_statement *same_keys; /* an earlier one that has the same keys; or NULL */
    int key_output;
    /* Or ids of these objects, which the root field has as its argument. */
    const struct global_id *ids;
};

enum plan_field_kind {
    PLAN_LEAF,          /* one cell of the row */
    PLAN_TYPENAME,      /* the name of the type */
    PLAN_OBJECT,        /* one row: of a SELECT, joined, or of a BATCH */
    PLAN_LIST,          /* rows: of a SELECT, or of a BATCH */
    PLAN_CONNECTION,    /* a page of rows, as the parts below it show them */
    PLAN_PART,          /* a part of the page */
    PLAN_TALLY,         /* a cell that counts rows: 0 if there is none */
    PLAN_SUMMARY,       /* an object that shows cells of the same row */
    PLAN_NULL,          /* a key that `by` does not name */
    PLAN_PAYLOAD,       /* an object: the rows that were written */
    PLAN_WRITTEN_COUNT, /* the number of these rows */
    PLAN_RESOLVED,      /* an object: the outputs of a C function */
    PLAN_OUTPUT,        /* one of these outputs */
    PLAN_GLOBAL_ID,     /* cells of the row, from which an id is made */
    PLAN_NODE,          /* an object, or a list of them, found by ids: each type in a BATCH */
    PLAN_ECHO,          /* the `clientMutationId` that the mutation was given */
    PLAN_MOCK,          /* made up: mock/mock.h */
    PLAN_INTROSPECTION, /* from the schema: __schema, __type and all below */
    PLAN_REFUSAL,       /* an error that was found while planning */
    PLAN_UNCOLLECTED    /* alone in its list: why an object's fields could not be collected */
};

struct plan_field;

/* Another place in the document that asks for the same field. */
struct plan_place {
    const struct ast_field *ast;
    const struct plan_place *next;
};

/* A connection's page. */
struct plan_page {
    bool is_backward; /* the last rows, which come last first */
    int limit;        /* rows that it shows at most; one more is asked for */
    bool has_written_limit;
    uint32_t place;
    const struct plan_cursor *after, *before;         /* or NULL: not given */
    const struct plan_parameter *skip;                /* rows that are skipped; NULL: none are */
    const struct plan_relation *rows, *probe, *count; /* or NULL: not asked for */
    const int *cells; /* of the rows: their cursors are made from these */
    int cell_count;   /* 0: no cursor is asked for */
    int count_cell;   /* of the count */
    int count_most;   /* what it counts to at most; -1: to the end */
};

/* The fields of one possible type of an abstract type. */
struct plan_variant {
    const struct type *type;
    const struct plan_field *fields;      /* NULL: the document selects nothing for this type */
    const struct plan_relation *relation; /* NODE: it has the rows; NULL: none may be seen */
    const struct plan_variant *next;
};

/* A field of the response. */
struct plan_field {
    enum plan_field_kind kind;
    struct str name;                 /* the response name */
    struct str json_name;            /* `"name":` */
    const struct ast_field *ast;     /* the first place in the document that asks for it */
    const struct plan_place *others; /* or NULL */
    const struct field *definition;
    const struct type *type;              /* the field's, wrapping types and all */
    const struct type *parent_type;       /* the object type that it is a field of */
    const struct plan_relation *relation; /* OBJECT, LIST; PART: that shows rows */
    const struct plan_page *page;         /* CONNECTION, PART */
    enum connection_part part;            /* PART */
    int cell;                             /* LEAF; OUTPUT: its number */
    const int *cells;                     /* GLOBAL_ID: one for each column of the key */
    int64_t nodes;                        /* NODE: rows that may be asked for below each object */
    const struct codec *codec;            /* LEAF: how the cell is shown */
    const struct plan_field *fields;      /* of an object type: the fields below */
    const struct plan_variant *variants;  /* of an abstract type: for each possible type */
    const struct error *refusal;          /* REFUSAL, UNCOLLECTED: without path */
    const struct plan_field *next;
};

struct plan {
    struct arena *arena; /* holds the plan */
    const struct ast_document *document;
    const struct ast_operation *operation;
    const struct type *root_type;
    const struct plan_field *fields;
    const struct error *failure;        /* why there are none, without path; or NULL */
    struct plan_statement **statements; /* by wave; a BATCH after its parent */
    int statement_count, statement_capacity;
    int sent_count; /* how many of them a request sends at most: of a list of ids, for one id */
    int wave_count;
    struct guards guards;
    int root_count;
    int field_count;       /* of all variants, against limits->fields */
    int64_t filter_cost;   /* rows that its filters may look at, saturating */
    int64_t nodes;         /* rows that the written limits ask for at most, saturating */
    int column_count;      /* the most that any statement has */
    int resolver_calls;    /* the most that any C function is called */
    bool is_refused;       /* has a REFUSAL: not worth keeping */
    uint32_t denied;       /* the roles that must not use some of its fields: the catalog's bits */
    uint32_t refused_role; /* a field was refused to this role, so it is only for this one; or 0 */
    uint32_t personal;     /* the roles of which each viewer may get another answer, */
    const struct plan_cause *causes; /* and why (plan_viewers.h) */
    struct cache_hint hint;          /* the least of its fields' */
    bool is_constant; /* it reads only the schema, and no variable: always the same data */
};

/* Does the value go into a function or a write?  Then a value that its type cannot hold is an
 * error.  Otherwise it is a value that no row has. */
static inline bool
plan_is_passed(const struct plan_parameter *parameter)
{
    return parameter->input || parameter->argument->binding->role == ARGUMENT_PARAMETER ||
           parameter->argument->binding->role == ARGUMENT_VERSION;
}

/* The number of columns of a batch's keys. */
int plan_key_count(const struct plan_statement *statement);

/* The table whose rows the relation has; NULL: a union, or a function's scalar. */
const struct table *plan_table(const struct plan_relation *relation);
/* The relation that has the order of the rows: of a union, the first branch. */
const struct plan_relation *plan_ordered(const struct plan_relation *relation);
/* The write whose rows the relation has, or NULL. */
const struct plan_write *plan_write_of(const struct plan_relation *relation);
/* The function whose result the relation is, or NULL. */
const struct function *plan_function(const struct plan_relation *relation);

/* Does the statement call a function of the application? */
bool plan_calls_function(const struct plan_statement *statement);

/* May the result of an aggregate be too large for its type, such as a sum of fractions?  Sums of
 * integers, and counts, have room enough. */
bool plan_may_overflow(const struct plan_statement *statement);

/* The content of the type cell in rows of the object type: the type's label in the discriminator's
 * column, or the type's name if the rows are those of a union. */
struct str plan_label(const struct plan_relation *relation, const struct type *object);

/* The fields below `field` for an object of `type`, which is possible there. */
const struct plan_field *plan_fields_of(const struct plan_field *field, const struct type *type);

/* Add the error of a field with @exactlyOne that does not have exactly one of these arguments. */
const struct error *plan_exactly_one_error(struct errors *errors, const struct field *field);

/* Does every root field, and at least one, need a signed-in user? */
bool plan_needs_user(const struct plan *plan);
/* Does executing it take a connection to the database? */
bool plan_needs_db(const struct plan *plan);

#endif
