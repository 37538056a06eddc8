/*
 * bind.h - where the contract's fields come from: its directives, held against
 * the catalog.
 *
 * A field's resolver is a column (of its table, or of a table joined to one),
 * a join, an SQL function or a C function; convention carries what no
 * directive names: a scalar field `createdAt` is the column created_at, a
 * field whose type has @table is the foreign key between the two tables, a
 * root field whose type has @table is that table.  An object type without
 * @table is a payload: of the row that a mutation's function returns, or of what
 * a C function puts out.  An interface or a union shows the rows of one table,
 * whose discriminator tells their types, or those of its possible types' tables.
 * docs/contract.md is the manual of it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BINDING_BIND_H
#define BINDING_BIND_H

#include <stdbool.h>

#include "base/str.h"
#include "catalog/catalog.h"
#include "catalog/scalar_write.h"

struct arena;
struct buf;
struct errors;
struct field;
struct input_value;
struct mock;
struct schema;

enum binding_kind {
    BINDING_COLUMN,   /* a column of the parent's row, or of a row joined to it (`join`) */
    BINDING_TABLE,    /* rows of a table: root fields */
    BINDING_JOIN,     /* rows of a table that match a column of the parent's row */
    BINDING_FUNCTION, /* an SQL function: of the arguments (root), or of the parent's row */
    BINDING_RESOLVER, /* a C function of the constant table: mutations */
    BINDING_OUTPUT,   /* what the C function of the parent's field has put out */
    BINDING_MOCK      /* made up: no database is there (bind_mock.h) */
};

/* What a C function puts out: members of the field's type, by name. */
enum output_kind {
    OUTPUT_TEXT,
    OUTPUT_INT,
    OUTPUT_BOOLEAN,
    OUTPUT_JSON, /* any JSON value */
    OUTPUT_KEY   /* the key of a row; the field below it shows the row */
};

struct resolver_output {
    const char *name; /* of the field that shows it */
    enum output_kind kind;
};

/* A C function, as far as a contract can be bound to it. */
struct resolver_signature {
    const char *name;                      /* as @resolver(name:) has it */
    const char *const *arguments;          /* of the field: names, ended by NULL */
    const struct resolver_output *outputs; /* ended by one without name */
};

/* target.`to` = parent.`from` */
struct join {
    const struct table *table; /* the target */
    const struct column *from; /* of the parent's table; NULL: a resolver's OUTPUT_KEY */
    const struct column *to;   /* of the target */
};

struct order_term {
    const struct column *column;
    bool is_descending;
};

struct order {
    const struct order_term *terms; /* the key breaks ties, if it is not among them */
    int count;
};

enum argument_role {
    ARGUMENT_FIRST,     /* a row limit */
    ARGUMENT_SKIP,      /* an offset */
    ARGUMENT_ORDER_BY,  /* [Order!] with a @oneOf input object whose fields are columns */
    ARGUMENT_EQUALS,    /* column = value */
    ARGUMENT_SEARCH,    /* a substring of any of the columns, without case */
    ARGUMENT_PARAMETER, /* of the field's function or resolver; of mock: it does nothing */
    ARGUMENT_LAST,      /* of mock, as those below: rows from the end */
    ARGUMENT_AFTER,     /* the cursor that a page begins behind */
    ARGUMENT_BEFORE     /* the cursor that it ends in front of */
};

struct argument_binding {
    enum argument_role role;
    /* EQUALS: one.  SEARCH: those searched.  ORDER_BY: for each input of the
     * input object, in its order, the column that it sorts by. */
    const struct column **columns;
    int column_count;
    const struct parameter *parameter; /* PARAMETER of an SQL function */
    const struct field **fields; /* of mock, in place of columns; those of ORDER_BY may be NULL */
    int field_count;
    /* Of a field with branches, and where columns are named: what it does in each. */
    const struct argument_binding *const *branches;
};

struct binding {
    enum binding_kind kind;
    bool is_list;
    const struct table *table;       /* whose rows the field shows, or NULL: leaves, branches */
    const struct join *join;         /* JOIN; COLUMN of a joined table; OUTPUT of a row; or NULL */
    const struct column *column;     /* COLUMN */
    scalar_write_fn *write;          /* leaves: COLUMN, FUNCTION */
    const struct function *function; /* FUNCTION */
    const struct resolver_signature *resolver; /* RESOLVER; OUTPUT: whose it is */
    int output;                                /* OUTPUT: its number in the signature */
    struct order order;                        /* lists: the default order */
    const struct mock *mock;                   /* MOCK: how; NULL: the comparable values */
    bool is_exactly_one;                       /* @exactlyOne: of its EQUALS and SEARCH arguments */
    struct str signed_in; /* @signedIn: the message for anybody else; or STR_NONE */
    /* TABLE, JOIN of an abstract type without a table: a list of the rows of its possible
     * types, each as if it were the field's type.  Their joins start from one column, and
     * their orders have terms of the same kinds.  NULL: none. */
    const struct binding *const *branches;
    int branch_count;
};

/* Bind every field of the contract's object types, input objects used as orders
 * and arguments, and report each misfit as VALIDATION_FAILED with its place in
 * the contract: what is wrong, and what would mend it.  The schema's bindings,
 * which are NULL before, are set; false when there was a misfit.  `resolvers`
 * are the C functions, ended by NULL. */
bool
bind_schema(struct arena *a, struct schema *schema, const struct catalog *catalog,
            const struct resolver_signature *const *resolvers, struct errors *errors) MUST_CHECK;

/* Write each field with its resolver, a line each: `Link.postedBy  join users on
 * users.id = links.posted_by`; before them, what tells the types of a table apart:
 * `Item  table items, by kind: task Task, note Note`. */
void bind_print(struct buf *b, const struct schema *schema);

#endif
