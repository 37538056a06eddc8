/*
 * binding.h - where the contract's fields come from, once it is bound.
 *
 * A field's resolver is a column (of its table, or of a table joined to one),
 * a join, an SQL function or a C function.  A type, a field and an argument of
 * the schema each have one pointer to what is bound to them.
 *
 * What a binding has depends on its kind: outside of the binder it is read through
 * the functions below, which check that.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BINDING_BINDING_H
#define BINDING_BINDING_H

#include <assert.h>
#include <stdbool.h>

#include "base/str.h"
#include "schema/schema.h"
#include "catalog/catalog.h"
#include "codec/codec.h"

struct bound_filter;
struct mock;
struct mock_type;

/* An object type that shows a page of rows (GraphQL Cursor Connections Specification). */
struct connection {
    const struct type *node; /* whose rows */
    const struct type *edge;
    bool is_row_promised; /* what shows a row has a `!` */
};

/* What an object type without rows of its own is. */
enum type_shape { SHAPE_NONE, SHAPE_CONNECTION, SHAPE_EDGE, SHAPE_PAGE_INFO };

/* Whose rows an object type, an interface or a union shows. */
struct type_binding {
    const struct table *table; /* or NULL */
    /* By which its rows are told apart, and in the end ordered: what @table(key:) says, or the
     * table's primary key; without columns: nothing does. */
    struct key key;
    bool is_keyless; /* @table(key: []) */
    /* The column of the table that tells of which type a row is; NULL: they are all of one. */
    const struct column *discriminator;
    struct str label;         /* OBJECT with a discriminator: what that holds in its rows */
    const struct str *hidden; /* of an abstract type: labels of its types that @auth hides */
    int hidden_count;
    const struct codec_labels *labels;   /* ENUM: what its values stand for */
    enum type_shape shape;               /* OBJECT */
    const struct connection *connection; /* OBJECT of SHAPE_CONNECTION; or NULL */
    const struct mock_type *mock; /* OBJECT, bound to lifelike values (bind_mock.h); or NULL */
};

enum binding_kind {
    BINDING_COLUMN,   /* a column of the parent's row, or of a row joined to it (`join`) */
    BINDING_TABLE,    /* rows of a table: root fields */
    BINDING_JOIN,     /* rows of a table that match a column of the parent's row */
    BINDING_FUNCTION, /* an SQL function: of the arguments (root), or of the parent's row */
    BINDING_RESOLVER, /* a C function of the constant table: mutations */
    BINDING_OUTPUT,   /* what the C function of the parent's field has put out */
    BINDING_PART,     /* a part of a connection's page */
    BINDING_MOCK      /* made up: no database is there (bind_mock.h) */
};

/* The parts of a page, by the type that shows them. */
enum connection_part {
    CONNECTION_EDGES,
    CONNECTION_NODES,
    CONNECTION_PAGE_INFO,
    CONNECTION_TOTAL_COUNT,
    EDGE_NODE,
    EDGE_CURSOR,
    EDGE_COLUMN, /* of the table between, by which the row is joined */
    PAGE_HAS_NEXT,
    PAGE_HAS_PREVIOUS,
    PAGE_START_CURSOR,
    PAGE_END_CURSOR
};

/* What a C function puts out: members of the field's type, by name. */
enum output_kind {
    OUTPUT_TEXT,
    OUTPUT_TEXT_OR_NULL,
    OUTPUT_INT,
    OUTPUT_BOOLEAN,
    OUTPUT_JSON, /* any JSON value */
    OUTPUT_KEY   /* the key of a row; the field below it shows the row */
};

struct resolver_output {
    const char *name; /* of the field that shows it */
    enum output_kind kind;
};

/* A statement that a C function sends. */
struct resolver_statement {
    const char *sql; /* its parameters are $1 to $9 at most */
    /* Functions of the database, ended by NULL: it is sent where all of them are.  NULL: always. */
    const char *const *only_with;
    const char *output;      /* that is null where it is not sent; or NULL */
    bool is_before_mutation; /* it is sent where the contract has mutations */
};

/* A C function, as far as a contract can be bound to it. */
struct resolver_signature {
    const char *name;                            /* as @resolver(name:) has it */
    const char *const *arguments;                /* of the field: names, ended by NULL */
    const struct resolver_output *outputs;       /* ended by one without name */
    const struct resolver_statement *statements; /* ended by one without SQL; NULL: it sends none */
};

/* target.`to` = parent.`from`, for each pair of columns. */
struct join {
    const struct table *table;        /* the target */
    const struct column *const *from; /* of the parent's table; NULL: a resolver's OUTPUT_KEY */
    const struct column *const *to;   /* of the target */
    int count;
    /* Many to many: how rows of a table between are joined to the parent's; `from` is then of
     * that table.  NULL: none is between. */
    const struct join *through;
};

struct order_term {
    const struct column *column;
    bool is_between; /* of the table between (join->through) */
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
    ARGUMENT_FILTER,    /* an input object of conditions (filter.h) */
    ARGUMENT_PARAMETER, /* of the field's function or resolver; of mock: it does nothing */
    ARGUMENT_LAST,      /* of a connection, as those below: rows from the end */
    ARGUMENT_AFTER,     /* the cursor that a page begins after */
    ARGUMENT_BEFORE     /* the cursor that it ends before */
};

struct argument_binding {
    enum argument_role role;
    /* EQUALS: one.  SEARCH: those searched.  ORDER_BY: for each input of the
     * input object, in its order, the column that it sorts by. */
    const struct column **columns;
    int column_count;
    const struct parameter *parameter; /* PARAMETER of an SQL function */
    const struct codec *codec;         /* EQUALS, PARAMETER of an SQL function */
    const struct bound_filter *filter; /* FILTER */
    const struct field **fields;       /* of mock, instead of columns */
    int field_count;
    const struct mock_argument *mock; /* of mock: what else is asked (mock_argument.h); or NULL */
    /* Of a field with branches, and where columns are named: what it does in each. */
    const struct argument_binding *const *branches;
};

/* A column of the parent's row. */
struct bound_column {
    const struct column *column;
    const struct join *join; /* of a row joined to the parent's; or NULL */
    const struct codec *codec;
};

struct bound_part {
    enum connection_part part;
    const struct codec *codec;   /* TOTAL_COUNT, EDGE_COLUMN */
    const struct column *column; /* EDGE_COLUMN */
    const struct table *between; /* EDGE_COLUMN: whose it is */
    bool has_most;               /* TOTAL_COUNT: it counts to this at most, and one more: */
    int count_most;
};

/* The rows that a field shows. */
struct bound_rows {
    const struct table *table;           /* NULL: those of the branches */
    const struct key *key;               /* of their type (struct type_binding), with the table */
    const struct connection *connection; /* that shows a page of them; NULL: none does */
    const struct join *join; /* to the parent's row, or to a resolver's OUTPUT_KEY; or NULL */
    struct order order;      /* lists: the default order */
    /* Of an abstract type without a table: a list of the rows of its possible types, each as
     * if it were the field's type.  Their joins start from one column, and their orders have
     * terms of the same kinds.  NULL: none. */
    const struct binding *const *branches;
    int branch_count;
};

struct bound_function {
    const struct function *function;
    const struct codec *codec; /* of a leaf; or NULL */
    struct bound_rows rows;    /* else: those that it returns */
};

struct bound_output {
    const struct resolver_signature *resolver; /* whose it is */
    int number;                                /* in the signature */
    struct bound_rows rows;                    /* OUTPUT_KEY: the row that it is the key of */
};

struct binding {
    enum binding_kind kind;
    bool is_list;
    bool is_exactly_one;  /* @exactlyOne: of its EQUALS and SEARCH arguments */
    struct str signed_in; /* @signedIn: the message for anybody else; or STR_NONE */
    union {
        struct bound_column column; /* COLUMN */
        struct bound_rows rows;     /* TABLE, JOIN */
        struct bound_function function;
        const struct resolver_signature *resolver;
        struct bound_output output;
        struct bound_part part;
        const struct mock *mock; /* how it is made up; NULL: the comparable values */
    } as;
};

/* Do both join the same rows? */
bool join_equal(const struct join *a, const struct join *b);
/* The part of the join that compares with the parent's row. */
const struct join *join_to_parent(const struct join *join);

/* What the type is bound to; never NULL. */
const struct type_binding *binding_of_type(const struct type *type);

/* Does the discriminator hold this in rows of a type that is hidden (@auth)? */
bool binding_is_hidden(const struct type_binding *abstract, struct str label);

/* The type whose rows a field of the type shows: of a connection, that of its nodes. */
const struct type *binding_row_type(const struct type *type);

/* The rows that the field shows; NULL: it shows none. */
const struct bound_rows *binding_rows(const struct binding *binding);

static inline const struct bound_column *
binding_column(const struct binding *binding)
{
    assert(binding->kind == BINDING_COLUMN);
    return &binding->as.column;
}

static inline const struct bound_function *
binding_function(const struct binding *binding)
{
    assert(binding->kind == BINDING_FUNCTION);
    return &binding->as.function;
}

static inline const struct resolver_signature *
binding_resolver(const struct binding *binding)
{
    assert(binding->kind == BINDING_RESOLVER);
    return binding->as.resolver;
}

static inline const struct bound_output *
binding_output(const struct binding *binding)
{
    assert(binding->kind == BINDING_OUTPUT);
    return &binding->as.output;
}

static inline const struct bound_part *
binding_part(const struct binding *binding)
{
    assert(binding->kind == BINDING_PART);
    return &binding->as.part;
}

static inline const struct mock *
binding_mock(const struct binding *binding)
{
    assert(binding->kind == BINDING_MOCK);
    return binding->as.mock;
}

#endif
