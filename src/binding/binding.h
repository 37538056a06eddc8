/*
 * binding.h - where the contract's fields come from, once it is bound.
 *
 * A field's resolver is a column (of its table, or of a table that is joined to it), a join, an SQL
 * function or a C function.  A type, a field and an argument of the schema each have one pointer to
 * their binding.
 *
 * The members of a binding depend on its kind.  Outside of the binder they are read by the
 * functions below, which check the kind.
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
#include "binding/join.h"
#include "binding/order.h"

struct arena;
struct bound_filter;
struct global_id;
struct mock;
struct mock_type;

/* An object type that shows a page of rows (GraphQL Cursor Connections Specification). */
struct connection {
    const struct type *node; /* whose rows */
    const struct type *edge;
};

/* The part of a page that an object type without rows of its own is. */
enum type_shape { SHAPE_NONE, SHAPE_CONNECTION, SHAPE_EDGE, SHAPE_PAGE_INFO };

/* What @cacheControl says of a field or a type; all zero: nothing. */
struct cache_hint {
    bool has_age;
    bool is_private; /* nobody may keep it */
    bool inherits;   /* it does not limit the age, whatever it shows */
    int max_age;     /* seconds; with has_age: */
    int stale;       /* for how many seconds after that an old answer may be given */
};

/* Whose rows an object type, an interface or a union shows. */
struct type_binding {
    const struct table *table; /* or NULL */
    /* It tells the rows apart, and is the last term of each order: the columns of @table(key:), or
     * the table's primary key.  Without columns: nothing tells them apart. */
    struct key key;
    bool is_keyless;   /* @table(key: []) */
    bool is_aggregate; /* @aggregate: its objects are made of many rows each */
    /* The column of the table that says which type a row has; NULL: all rows have the same type. */
    const struct column *discriminator;
    struct str label;         /* OBJECT with a discriminator: what that holds in its rows */
    const struct str *hidden; /* of an abstract type: labels of its types that @auth hides */
    int hidden_count;
    const struct global_id *global_id;   /* OBJECT that implements Node: its `id`; or NULL */
    const struct codec_labels *labels;   /* ENUM: what its values stand for */
    enum type_shape shape;               /* OBJECT */
    const struct connection *connection; /* OBJECT of SHAPE_CONNECTION; or NULL */
    bool is_shared;                      /* @table(shared: true): of a view */
    struct cache_hint hint;
    const struct mock_type *mock; /* OBJECT, bound to lifelike values (bind_mock.h); or NULL */
};

/* What a field of a write's payload shows, if it shows no column of the row. */
enum written_part {
    WRITTEN_ROWS,    /* the row that was written, or the list of them */
    WRITTEN_COUNT,   /* how many rows were written */
    WRITTEN_INSERTED /* of an upsert: was the row inserted? */
};

struct bound_written {
    enum written_part part;
    const struct codec *codec; /* INSERTED */
};

enum binding_kind {
    BINDING_COLUMN,    /* a column of the parent's row, or of a row joined to it (`join`) */
    BINDING_GLOBAL_ID, /* the global id of the parent's row, or of one that it refers to */
    BINDING_TABLE,     /* rows of a table: root fields */
    BINDING_JOIN,      /* rows of a table that match a column of the parent's row */
    BINDING_FUNCTION,  /* an SQL function: of the arguments (root), or of the parent's row */
    BINDING_WRITE,     /* rows of a table that are written: mutations */
    BINDING_WRITTEN,   /* of a write's payload: the rows, or how many (write.h) */
    BINDING_RESOLVER,  /* a C function of the constant table: mutations */
    BINDING_OUTPUT,    /* an output of the C function of the parent's field */
    BINDING_AGGREGATE, /* of many rows: their count, or an aggregate function of a column */
    BINDING_SUMMARY,   /* an object with the results of one such function for several columns */
    BINDING_GROUP_KEY, /* a value that all rows of a group have in common */
    BINDING_PART,      /* a part of a connection's page */
    BINDING_NODE,      /* objects that are found by their global ids: root fields */
    BINDING_ECHO,      /* the `clientMutationId` that the mutation was given */
    BINDING_MOCK       /* made up, without a database (bind_mock.h) */
};

/* The parts of a page, by the type that shows them. */
enum connection_part {
    CONNECTION_EDGES,
    CONNECTION_NODES,
    CONNECTION_PAGE_INFO,
    CONNECTION_TOTAL_COUNT,
    CONNECTION_AGGREGATE, /* what is made of all of its rows */
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

enum argument_role {
    ARGUMENT_FIRST,    /* a row limit */
    ARGUMENT_SKIP,     /* an offset */
    ARGUMENT_ORDER_BY, /* an enum of orders, or input objects that name what to sort by */
    ARGUMENT_EQUALS,   /* column = value */
    ARGUMENT_SEARCH,   /* a substring of any of the columns, without case */
    ARGUMENT_FILTER,   /* an input object of conditions (filter.h) */
    ARGUMENT_AT_MOST,  /* of a write by a filter: how many rows it may write */
    ARGUMENT_BY,       /* the keys that tell groups apart */
    ARGUMENT_GROUP_ORDER,
    ARGUMENT_VERSION,   /* of a write: what the column must hold, or nothing is written */
    ARGUMENT_PARAMETER, /* of the field's function or resolver; of mock: it does nothing */
    ARGUMENT_INPUT,     /* an object whose fields are given as if they were arguments: mutations */
    ARGUMENT_VALUES,    /* of a write: an object, or a list of them, whose fields set columns */
    ARGUMENT_NODE,      /* the global ids of the objects that are to be found: one or a list */
    ARGUMENT_LAST,      /* of a connection, as those below: rows from the end */
    ARGUMENT_AFTER,     /* the cursor that a page begins after */
    ARGUMENT_BEFORE,    /* the cursor that it ends before */
    ARGUMENT_KEY        /* by which a write is known when it is sent again (idempotent.h) */
};

/* What a field of an order of groups sorts by: a key; or one function of columns, which an input
 * object of its own names; or else the number of rows. */
struct bound_group_term {
    const struct field *key;
    const struct type *type;              /* the input object, */
    const struct bound_group_term *terms; /* and for each of its fields: */
    const struct column *column;
    const struct aggregate *aggregate;
};

/* @constraint: the message for a client when the database refuses a row by this constraint. */
struct bound_constraint {
    const struct constraint *constraint;
    const struct input_value *field; /* of the input object; NULL: one that sets a column of it */
    struct str message;
    const struct bound_constraint *next;
};

struct argument_binding {
    enum argument_role role;
    const struct column **columns; /* EQUALS: one.  SEARCH: those searched. */
    int column_count;
    const struct order_choices *order; /* ORDER_BY */
    const struct parameter *parameter; /* PARAMETER of an SQL function */
    const struct codec *codec;         /* EQUALS, PARAMETER of an SQL function */
    /* EQUALS of a global id: for each column of the key; or NULL. */
    const struct codec *const *codecs;
    /* INPUT, VALUES: the input object's type, of the whole contract, and the binding of each of its
     * fields; NULL: the function or the resolver does not get that one.  Of VALUES each binding has
     * the columns that it sets. */
    const struct type *input;
    const struct argument_binding **inputs;
    /* VALUES within other objects: the join to the rows of these.  `is_after`: the rows within are
     * written after the others, and refer to them; else the others refer to them, by `columns`. */
    const struct join *join;
    bool is_after;
    const struct bound_constraint *constraints; /* VALUES */
    const struct bound_filter *filter;          /* FILTER */
    bool is_strict; /* FILTER of a write: a part of it without a condition is an error */
    /* BY: for each value of the enum the key.  Of mock, instead of columns. */
    const struct field **fields;
    int field_count;
    const struct bound_group_term *terms; /* GROUP_ORDER: for each input of the input object */
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

/* A global id. */
struct bound_global_id {
    const struct global_id *id;
    const struct column *const *columns; /* of the parent's row: as many as the id's key has */
    int count;
};

/* Objects that are found by their global ids. */
struct bound_node {
    /* For each possible type of the field's type: the join that finds its rows (`from` is NULL). */
    const struct join *joins;
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
    bool is_aggregate;       /* the field shows an aggregate of them; a list: groups of them */
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

/*  constant, as the directive is named, as a plan has it */
#define WRITE_ACTIONS(X)                                                                           \
    X(INSERT, "insert", "Insert")                                                                  \
    X(UPSERT, "upsert", "Upsert")                                                                  \
    X(UPDATE, "update", "Update")                                                                  \
    X(DELETE, "delete", "Delete")

enum write_action {
#define WRITE_CONSTANT(constant, name, title) WRITE_##constant,
    WRITE_ACTIONS(WRITE_CONSTANT)
#undef WRITE_CONSTANT
        WRITE_ACTION_COUNT
};

/* Rows of a table that a mutation writes. */
struct bound_write {
    enum write_action action;
    struct bound_rows rows; /* the table, and the key of the type that shows its rows */
    bool is_many;
    bool is_by_filter; /* UPDATE, DELETE: of the rows that a filter finds, which are many */
    struct key on;     /* UPSERT: a unique index, whose values say whether a row is there already */
    /* UPSERT: the columns of such a row that are set to the given values. */
    const struct column **changed;
    int changed_count;
};

struct bound_aggregate {
    const struct column *column; /* NULL: rows are counted */
    /* By the function of the object that shows it: NULL where none of that function does. */
    const struct aggregate *functions[AGGREGATE_FUNCTIONS];
    const struct codec *codec;
};

/*  constant, PostgreSQL's name, is it days or longer? */
#define GROUP_UNITS(X)                                                                             \
    X(YEAR, "year", true)                                                                          \
    X(QUARTER, "quarter", true)                                                                    \
    X(MONTH, "month", true)                                                                        \
    X(WEEK, "week", true)                                                                          \
    X(DAY, "day", true)                                                                            \
    X(HOUR, "hour", false)                                                                         \
    X(MINUTE, "minute", false)

enum group_unit {
    UNIT_NONE,
#define UNIT_CONSTANT(constant, name, is_of_days) UNIT_##constant,
    GROUP_UNITS(UNIT_CONSTANT)
#undef UNIT_CONSTANT
};

/* A column, or the beginning, in UTC, of the unit of time that it falls into. */
struct bound_group_key {
    const struct column *column;
    enum group_unit unit;
    const struct column_type *type; /* of that */
    const struct codec *codec;
};

struct bound_output {
    const struct resolver_signature *resolver; /* whose it is */
    int number;                                /* in the signature */
    struct bound_rows rows;                    /* OUTPUT_KEY: the row that it is the key of */
};

struct binding {
    enum binding_kind kind;
    bool is_list;
    bool is_exactly_one; /* @exactlyOne: of its EQUALS and SEARCH arguments */
    bool is_idempotent;  /* @idempotent: a mutation that may be sent again, with a key */
    bool is_shared;      /* @function(shared: true) */
    struct cache_hint hint;
    struct str signed_in; /* @signedIn: the message for anybody else; or STR_NONE */
    union {
        struct bound_column column; /* COLUMN */
        struct bound_global_id global_id;
        struct bound_node node;
        struct bound_rows rows; /* TABLE, JOIN */
        struct bound_function function;
        struct bound_write write;
        struct bound_written written;
        const struct resolver_signature *resolver;
        struct bound_output output;
        struct bound_aggregate aggregate;
        enum aggregate_function summary;
        struct bound_group_key group_key;
        struct bound_part part;
        const struct mock *mock; /* how it is made up; NULL: the comparable values */
    } as;
};

/* Is it an action whose rows may be new: does each need all that its table asks for? */
static inline bool
write_action_adds(enum write_action action)
{
    return action == WRITE_INSERT || action == WRITE_UPSERT;
}

/* "day"; and back from DAY: UNIT_NONE for none. */
const char *group_unit_name(enum group_unit unit);
enum group_unit group_unit_find(struct str name);
/* Is it days, or longer? */
bool group_unit_is_of_days(enum group_unit unit);

/* What a client gives to a field: an argument, or a field of the argument that is INPUT. */
struct given {
    const struct input_value *value;
    const struct input_value *within;       /* the argument that it is in; or NULL */
    const struct argument_binding *binding; /* NULL: it is not given to what the field calls */
    bool is_hidden; /* from the schema's role (@auth): it has its default, if it has one */
};

int binding_given_count(const struct field *field);
struct given binding_given(const struct field *field, int number);
/* What the client knows it as: `url`, or `input.url`. */
struct str binding_given_name(struct arena *a, struct given given);

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

static inline const struct bound_global_id *
binding_global_id(const struct binding *binding)
{
    assert(binding->kind == BINDING_GLOBAL_ID);
    return &binding->as.global_id;
}

static inline const struct bound_node *
binding_node(const struct binding *binding)
{
    assert(binding->kind == BINDING_NODE);
    return &binding->as.node;
}

static inline const struct bound_function *
binding_function(const struct binding *binding)
{
    assert(binding->kind == BINDING_FUNCTION);
    return &binding->as.function;
}

static inline const struct bound_write *
binding_write(const struct binding *binding)
{
    assert(binding->kind == BINDING_WRITE);
    return &binding->as.write;
}

static inline const struct bound_written *
binding_written(const struct binding *binding)
{
    assert(binding->kind == BINDING_WRITTEN);
    return &binding->as.written;
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

static inline const struct bound_aggregate *
binding_aggregate(const struct binding *binding)
{
    assert(binding->kind == BINDING_AGGREGATE);
    return &binding->as.aggregate;
}

static inline enum aggregate_function
binding_summary(const struct binding *binding)
{
    assert(binding->kind == BINDING_SUMMARY);
    return binding->as.summary;
}

static inline const struct bound_group_key *
binding_group_key(const struct binding *binding)
{
    assert(binding->kind == BINDING_GROUP_KEY);
    return &binding->as.group_key;
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
