/*
 * catalog.h - what the database has, as far as a contract can be bound to it:
 * tables, columns, keys, functions.
 *
 * Read from PostgreSQL by catalog/catalog_load.h, or from its text form,
 * which is one definition a line:
 *
 *     catalog <hash of the contract>
 *     enum mood sad "so so" happy
 *     table links
 *     column id integer not null
 *     column created_at timestamp with time zone not null
 *     primary key id
 *     unique user_id link_id
 *     foreign key posted_by references users id
 *     policy hides rows
 *     function viewer_has_voted(links links) returns boolean stable
 *     function me() returns setof users stable
 *     function create_link(url text, description text default) returns links volatile
 *
 * Names are as in PostgreSQL; one that is no plain lower-case identifier, and
 * the word `references`, stands in double quotes; `""` is the name of a
 * parameter that has none.  Types are as format_type() writes them, and a type
 * is an enum when an `enum` line says so.  What follows `table` is of that
 * table.  Empty lines, and lines that begin with #, say nothing.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CATALOG_CATALOG_H
#define CATALOG_CATALOG_H

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct buf;
struct errors;
struct map;
struct source;

/*  constant, PostgreSQL's name, cells come in binary format */
#define COLUMN_KINDS(X)                                                                            \
    X(BOOLEAN, "boolean", true)                                                                    \
    X(INT2, "smallint", true)                                                                      \
    X(INT4, "integer", true)                                                                       \
    X(INT8, "bigint", true)                                                                        \
    X(FLOAT4, "real", true)                                                                        \
    X(FLOAT8, "double precision", true)                                                            \
    X(NUMERIC, "numeric", false)                                                                   \
    X(TEXT, "text", true)                                                                          \
    X(VARCHAR, "character varying", true)                                                          \
    X(CHAR, "character", true)                                                                     \
    X(UUID, "uuid", false)                                                                         \
    X(DATE, "date", false)                                                                         \
    X(TIMESTAMP, "timestamp without time zone", true)                                              \
    X(TIMESTAMPTZ, "timestamp with time zone", true)                                               \
    X(JSON, "json", false)                                                                         \
    X(JSONB, "jsonb", false)                                                                       \
    X(ENUM, "enum", false)                                                                         \
    X(OTHER, "other", false)

enum column_kind {
#define COLUMN_CONSTANT(constant, name, is_binary) COLUMN_##constant,
    COLUMN_KINDS(COLUMN_CONSTANT)
#undef COLUMN_CONSTANT
};

struct column {
    struct str name;
    struct str type_name; /* as format_type() has it: `character varying(150)`, `mood` */
    enum column_kind kind;
    bool is_not_null;
    int number; /* in its table, from 0 */
};

/* Columns of one table, in the order of the constraint. */
struct key {
    const struct column **columns;
    int count;
};

struct foreign_key {
    const struct table *from, *to;
    const struct column **from_columns, **to_columns;
    int count;
};

struct table {
    struct str name;
    struct column *columns;
    int column_count;
    struct key primary_key; /* count 0: none */
    struct key *unique_keys;
    int unique_count;
    struct foreign_key *foreign_keys; /* from this table */
    int foreign_key_count;
    bool may_hide_rows; /* row-level security with anything but a constant-true SELECT policy */
    struct map *columns_by_name;
};

struct parameter {
    struct str name; /* STR_NONE: unnamed */
    struct str type_name;
    enum column_kind kind;
    const struct table *table; /* a row of that table, or NULL */
    bool has_default;
};

struct function {
    struct str name;
    struct parameter *parameters; /* those that go in */
    int parameter_count;
    bool returns_set;
    const struct table *returns_table; /* or NULL: then */
    struct str returns_type;
    enum column_kind returns_kind;
    bool is_volatile;
};

/* An enum type of the database. */
struct enum_type {
    struct str name; /* as format_type() has it */
    struct str *labels;
    int label_count;
};

struct catalog {
    struct str hash; /* of the contract it was checked with, or STR_NONE */
    struct enum_type *enums;
    int enum_count;
    struct table *tables;
    int table_count;
    struct function *functions;
    int function_count;
    struct map *tables_by_name;
    struct map *functions_by_name; /* the first of that name */
};

const struct table *catalog_find_table(const struct catalog *c, struct str name);
/* NULL too when the name is overloaded: a contract cannot say which is meant. */
const struct function *catalog_find_function(const struct catalog *c, struct str name);
/* The enum type that a type's name is, or NULL. */
const struct enum_type *catalog_find_enum(const struct catalog *c, struct str type_name);
const struct column *table_find_column(const struct table *t, struct str name);
/* Is there at most one row for a value of this column: is it unique alone? */
bool table_is_unique(const struct table *t, const struct column *column);

/* The kind of a type's name as format_type() gives it; OTHER too for an enum's,
 * which only a catalog knows. */
enum column_kind column_kind_find(struct str type_name);
const char *column_kind_name(enum column_kind kind);
bool column_kind_is_binary(enum column_kind kind);

/* Read the text form. Return NULL after adding an error with its line. */
const struct catalog *
catalog_parse(struct arena *a, const struct source *source, struct errors *errors) MUST_CHECK;
void catalog_print(struct buf *b, const struct catalog *c);

#endif
