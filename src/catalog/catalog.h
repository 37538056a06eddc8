/*
 * catalog.h - what the database has, as far as a contract can be bound to it:
 * tables, columns, keys, functions.
 *
 * Read from PostgreSQL by catalog/catalog_load.h, or from its text form,
 * which is one definition a line:
 *
 *     catalog <hash of the contract>
 *     roles app_anon app_user
 *     enum mood sad "so so" happy
 *     domain code character(3)
 *     type json lacks equality
 *     aggregate sum(integer) returns bigint
 *     type numeric not leakproof
 *     schema sales denied app_anon
 *     schema app first
 *     table links
 *     column id integer not null identity
 *     column created_at timestamp with time zone not null default
 *     column url citext collation nocase nondeterministic
 *     column tags text[] elements not null
 *     column length integer generated
 *     primary key id
 *     unique user_id link_id
 *     foreign key posted_by references users id
 *     foreign key site references sales.sites id not valid links_site_fkey
 *     denied app_anon posted_by created_at
 *     parts app_anon
 *     delete app_user
 *     insert app_user url title
 *     update app_user
 *     sequence id links_id_seq denied app_user
 *     constraint links_posted_by_fkey posted_by
 *     policy hides rows
 *     rows 100000
 *     search lower url description
 *     index btree created_at desc, id
 *     index btree site, url bytewise where "(site IS NOT NULL)"
 *     index gin url by "% = ~ ~* ~~ ~~*", ("lower(url)") by "% = ~ ~* ~~ ~~*"
 *     table sales.sites partitioned
 *     table top_links materialized view
 *     function viewer_has_voted(links links) returns boolean stable
 *     function me() returns setof users stable
 *     function sum_of(variadic numbers integer[]) returns bigint immutable
 *     function create_link(url text, description text default) returns links volatile
 *     function day() returns table(link integer, votes bigint) stable
 *     function near(place text) returns setof links stable not inlined
 *     function range() returns row(least integer, most integer) stable definer admin
 *     function purge() returns integer volatile denied app_anon app_user
 *
 * Names are as in PostgreSQL; one that is not a plain lower-case identifier, and
 * the words `references`, `not` and `variadic`, stand in double quotes; `""` is the
 * name of a parameter that has none.  A table, view or function of another schema than
 * the first of the search path has its schema's name and a dot before its own.
 * Types are as format_type() writes them, and a type is an enum, or a domain, when a
 * line says so; the type in a `domain` line is what the domain is made of at last.
 * `aggregate` says what PostgreSQL makes of all values of a column that has this type, or a
 * domain of it.
 * `roles` names those that requests take on; `denied` says which columns one of them may not
 * read, and at a function who may not call it: also because the role may not use the schema,
 * which a line says then.  The first of the search path has a line too, if it is not `public`.
 * `parts` names the roles that may read columns, but not the table as a whole, with what PostgreSQL
 * keeps of each row.  `insert`, `update` and `delete` say what a role may write: all columns, if
 * none is named.  A catalog without any such line says nothing of it.
 * `sequence` says from which the DEFAULT of a column draws its next number, where that is denied to
 * roles that may insert rows.
 * `search` says which columns have an index that finds texts within their values: an index on the
 * column (`plain`) or on what lower() makes of it (`lower`).
 * An `index` line has the method, and the columns or, in parentheses, expressions, each with the
 * operators of its operator class if these are not `< <= = > >=`, and with the words `collated`,
 * `bytewise`, `desc`, `nulls first` and `nulls last` (what the direction does not imply).
 * A type is `not leakproof` when its comparisons are not: under row-level security, PostgreSQL
 * then compares a column's values only in rows that the policies show.
 * `rows` says how many a large table had. It changes by itself: so it is written only with a hash,
 * in what is kept, and is no part of what catalogs are compared by.
 * After `table NAME` comes its kind, unless it is a plain table.  What follows
 * `table` is of that table.  Empty lines, and lines that begin with #, say nothing.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CATALOG_CATALOG_H
#define CATALOG_CATALOG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct arena;
struct buf;
struct errors;
struct map;
struct source;

/* The kinds of types, and how their cells come:
 *      constant, PostgreSQL's name, in binary format, OID of the type that is sent, the same
 *      for arrays of it */
#define COLUMN_KINDS(X)                                                                            \
    X(BOOLEAN, "boolean", true, 16, 1000)                                                          \
    X(INT2, "smallint", true, 21, 1005)                                                            \
    X(INT4, "integer", true, 23, 1007)                                                             \
    X(INT8, "bigint", true, 20, 1016)                                                              \
    X(FLOAT4, "real", true, 700, 1021)                                                             \
    X(FLOAT8, "double precision", true, 701, 1022)                                                 \
    X(NUMERIC, "numeric", false, 25, 1009)                                                         \
    X(TEXT, "text", true, 25, 1009)                                                                \
    X(VARCHAR, "character varying", true, 1043, 1015)                                              \
    X(CHAR, "character", true, 1042, 1014)                                                         \
    X(CITEXT, "citext", false, 25, 1009)                                                           \
    X(NAME, "name", false, 25, 1009)                                                               \
    X(BYTE, "\"char\"", false, 25, 1009)                                                           \
    X(UUID, "uuid", false, 25, 1009)                                                               \
    X(DATE, "date", false, 25, 1009)                                                               \
    X(TIME, "time without time zone", false, 25, 1009)                                             \
    X(TIMETZ, "time with time zone", false, 25, 1009)                                              \
    X(TIMESTAMP, "timestamp without time zone", true, 1114, 1115)                                  \
    X(TIMESTAMPTZ, "timestamp with time zone", true, 1184, 1185)                                   \
    X(INTERVAL, "interval", false, 25, 1009)                                                       \
    X(BYTEA, "bytea", true, 17, 1001)                                                              \
    X(INET, "inet", false, 25, 1009)                                                               \
    X(CIDR, "cidr", false, 25, 1009)                                                               \
    X(MACADDR, "macaddr", false, 25, 1009)                                                         \
    X(MACADDR8, "macaddr8", false, 25, 1009)                                                       \
    X(OID, "oid", false, 25, 1009)                                                                 \
    X(MONEY, "money", false, 25, 1009)                                                             \
    X(BIT, "bit", false, 25, 1009)                                                                 \
    X(VARBIT, "bit varying", false, 25, 1009)                                                      \
    X(INT4RANGE, "int4range", false, 25, 1009)                                                     \
    X(INT8RANGE, "int8range", false, 25, 1009)                                                     \
    X(NUMRANGE, "numrange", false, 25, 1009)                                                       \
    X(DATERANGE, "daterange", false, 25, 1009)                                                     \
    X(TSRANGE, "tsrange", false, 25, 1009)                                                         \
    X(TSTZRANGE, "tstzrange", false, 25, 1009)                                                     \
    X(XML, "xml", false, 25, 1009)                                                                 \
    X(JSON, "json", false, 25, 1009)                                                               \
    X(JSONB, "jsonb", false, 25, 1009)                                                             \
    X(ENUM, "enum", false, 25, 1009)                                                               \
    X(ARRAY, "array", false, 25, 1009)                                                             \
    X(OTHER, "other", false, 25, 1009)

enum column_kind {
#define COLUMN_CONSTANT(constant, name, is_binary, oid, array_oid) COLUMN_##constant,
    COLUMN_KINDS(COLUMN_CONSTANT)
#undef COLUMN_CONSTANT
};

/* A type, as columns, parameters and results have it. */
struct column_type {
    struct str name;       /* as format_type() has it: `character(3)`; of a domain: its own */
    struct str base_name;  /* the same, but of what a domain is made of */
    enum column_kind kind; /* of that */
    const struct column_type *element; /* ARRAY: of its elements; or NULL */
    const struct enum_type *labels;    /* ENUM, and ARRAY of enums; or NULL */
    /* What a parameter that is compared with such a column is cast to, so that its value is
     * neither cut nor rounded: the type without its modifier and without domains. */
    struct str compared_as;
    /* The same for a parameter that is passed to a function: a domain by its name. */
    struct str passed_as;
    bool is_domain;
    bool has_equality; /* there is an operator `=` */
    bool has_order;    /* and an order, of a B-tree */
    bool is_leaky;     /* whose operators are not leakproof (PostgreSQL, 41.5) */
};

/* What PostgreSQL puts in where a statement says nothing. */
enum column_filling {
    COLUMN_GIVEN,    /* null */
    COLUMN_DEFAULT,  /* its default */
    COLUMN_IDENTITY, /* the next of its numbers, and no statement can say another */
    COLUMN_GENERATED /* what its expression computes, likewise */
};

/* Which index, if any, finds a text within a column's values (pg_trgm). */
enum column_search {
    SEARCH_UNINDEXED,
    SEARCH_PLAIN, /* on the column: by ILIKE */
    SEARCH_LOWER  /* on lower() of it: by LIKE */
};

struct column {
    struct str name;
    const struct column_type *type;
    struct str type_name; /* type->base_name: `character varying(150)`, `mood` */
    enum column_kind kind;
    bool is_not_null;
    struct str collation;       /* if it is not the database's: by it texts are compared */
    bool is_nondeterministic;   /* its collation is: no ILIKE, and texts that differ may be equal */
    bool has_elements_not_null; /* an array that a CHECK keeps from holding a null */
    enum column_filling filling;
    enum column_search search;
    uint32_t denied; /* a bit for each of the catalog's roles that may not read it */
    uint32_t denied_insert, denied_update; /* likewise: that may not write it */
    int number;                            /* in its table, from 0 */
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
    bool is_not_valid; /* rows that were there before it may break it */
    struct str name;   /* of one that is: the constraint's; or STR_NONE */
};

/* A constraint, or a unique index, by the name that PostgreSQL's errors have, and the columns
 * that it is about. */
struct constraint {
    struct str name;
    const struct column **columns;
    int count;
};

/* A column or an expression of an index, with what it can be compared by. */
struct index_term {
    const struct column *column; /* NULL: an expression */
    struct str expression;       /* as PostgreSQL writes it: `lower(url)`; or STR_NONE */
    bool is_descending;
    bool is_nulls_first;
    /* Texts are compared byte by byte: the collation is "C". */
    bool is_bytewise;
    /* The index has another collation than the column: it knows no order and no equality of
     * the column's own. */
    bool is_collated;
    /* The operators of its operator class, in order, with spaces between: `% = ~ ~* ~~ ~~*`. */
    struct str operators;
};

/* A valid index.  Columns that it only includes are not told of. */
struct index {
    struct str method; /* `btree`, `gin` */
    struct index_term *terms;
    int count;
    struct str predicate; /* of a partial one, as PostgreSQL writes it; or STR_NONE */
};

/* The operators of an operator class for a B-tree that is a type's default. */
#define INDEX_OPERATORS_BTREE "< <= = > >="

/* A sequence from which a column's DEFAULT draws, but not for all who may insert rows.  (Who may
 * insert rows may draw the numbers of an identity.) */
struct sequence_use {
    const struct column *column;
    struct str name, schema, local_name; /* of the sequence, as of a table */
    uint32_t denied;                     /* the roles that may not draw from it */
};

/* A SELECT policy, not constant true, that decides which rows a viewer of these roles sees. */
struct personal_policy {
    struct str name;
    uint32_t roles; /* as of `personal` */
};

/*  constant, as the text form has it after the name */
#define TABLE_KINDS(X)                                                                             \
    X(PLAIN, "")                                                                                   \
    X(PARTITIONED, "partitioned")                                                                  \
    X(VIEW, "view")                                                                                \
    X(MATERIALIZED_VIEW, "materialized view")                                                      \
    X(FOREIGN, "foreign")                                                                          \
    X(RESULT, "result") /* of a function: rows that have no table */

enum table_kind {
#define TABLE_CONSTANT(constant, name) TABLE_##constant,
    TABLE_KINDS(TABLE_CONSTANT)
#undef TABLE_CONSTANT
};

struct table {
    struct str name;       /* as the contract has it: `links`, `sales.orders` */
    struct str schema;     /* or STR_NONE: the first of the search path */
    struct str local_name; /* within its schema */
    enum table_kind kind;
    struct column *columns;
    int column_count;
    struct key primary_key; /* count 0: none */
    struct key *unique_keys;
    int unique_count;
    struct foreign_key *foreign_keys; /* from this table */
    int foreign_key_count;
    struct constraint *constraints;
    int constraint_count;
    struct index *indexes; /* the valid ones */
    int index_count;
    bool may_hide_rows; /* row-level security with anything but a constant-true SELECT policy */
    /* The roles whose viewers may each see other rows of it, by its policies: bits of the catalog's
     * roles, or 1 where it has none.  catalog_personal() is what counts. */
    uint32_t personal;
    struct personal_policy *policies; /* by which; one for each role */
    int policy_count;
    int64_t row_count;      /* as PostgreSQL estimated when the catalog was read; 0: not known */
    uint32_t denied_delete; /* the roles that may not delete its rows */
    struct sequence_use *sequences;
    int sequence_count;
    /* xmin, PostgreSQL's number of the transaction that has written a row.  It is none of the
     * columns, and asks for the right to read the table as a whole. */
    struct column row_version;
    struct map *columns_by_name;
};

struct parameter {
    struct str name; /* STR_NONE: unnamed */
    const struct column_type *type;
    struct str type_name; /* type->base_name */
    enum column_kind kind;
    const struct table *table; /* a row of that table, or NULL */
    bool has_default;
    bool is_variadic; /* an array of all arguments that follow */
};

struct function {
    struct str name, schema, local_name; /* as of a table */
    struct parameter *parameters;        /* those that go in */
    int parameter_count;
    bool returns_set;
    const struct table *returns_table; /* or NULL: then */
    /* A RESULT of the columns of TABLE(...), of OUT parameters, of a composite type; or NULL */
    const struct table *returns_row;
    const struct column_type *returns;
    struct str returns_type; /* returns->base_name; `record` for a row of several columns */
    enum column_kind returns_kind;
    bool is_volatile;
    bool is_immutable;
    bool is_not_inlined; /* of one that returns a set: all its rows are made before one is used */
    struct str definer;  /* SECURITY DEFINER: the owner, whose rights it has; or STR_NONE */
    uint32_t denied;     /* a bit for each of the catalog's roles that may not call it */
    const struct function *next; /* of the same name; or NULL */
};

/* An enum type of the database. */
struct enum_type {
    struct str name; /* as format_type() has it */
    struct str *labels;
    int label_count;
};

/* A domain, and what it is made of when all domains are followed. */
struct domain {
    struct str name, base_name;
};

/* A type that cannot be compared, or only for equality. */
struct bare_type {
    struct str name;
    bool has_equality;
};

/*  constant, PostgreSQL's name */
#define AGGREGATES(X) X(MIN, "min") X(MAX, "max") X(SUM, "sum") X(AVG, "avg")

enum aggregate_function {
#define AGGREGATE_CONSTANT(constant, name) AGGREGATE_##constant,
    AGGREGATES(AGGREGATE_CONSTANT)
#undef AGGREGATE_CONSTANT
        AGGREGATE_FUNCTIONS /* how many there are */
};

/* An aggregate function, as PostgreSQL calls it for the type of some column. */
struct aggregate {
    enum aggregate_function function;
    const struct column_type *type;    /* the column's */
    const struct column_type *returns; /* null when there are no values */
};

/* A schema that some role may not use, and so nothing in it; or the first, if that is not
 * `public`. */
struct schema_rights {
    struct str name;
    bool is_first; /* of the search path */
    uint32_t denied;
};

/* What fits into the bits of `denied`.  The rights of further roles are not known. */
enum { CATALOG_ROLES = 32 };

struct catalog {
    struct str hash;   /* of the contract it was checked with, or STR_NONE */
    struct str *roles; /* that requests take on, first that of anonymous ones; may be none */
    int role_count;
    struct enum_type *enums;
    int enum_count;
    struct domain *domains;
    int domain_count;
    struct bare_type *bare_types;
    int bare_type_count;
    struct aggregate *aggregates;
    int aggregate_count;
    struct str *leaky_types; /* whose comparisons are not leakproof: names without modifiers */
    int leaky_type_count;
    struct schema_rights *schemas;
    int schema_count;
    struct table *tables;
    int table_count;
    struct function *functions;
    int function_count;
    struct map *tables_by_name;
    struct map *functions_by_name; /* the first of that name */
    struct map *enums_by_name, *types_by_name;
    /* `#`, or as many as no name of a column or a table begins with: what names that statements
     * make up begin with. */
    struct str made_up;
    bool knows_writers; /* it says what roles may write */
};

/* As the text form has it; "" for PLAIN. */
const char *table_kind_name(enum table_kind kind);
/* The bit of the role among the catalog's; 0 when it is none of them. */
uint32_t catalog_role_bit(const struct catalog *c, struct str role);
/* What stands for the role in `personal`: its bit, or where the catalog has no roles, 1. */
uint32_t catalog_viewer_bit(const struct catalog *c, uint32_t role);
/* The roles whose viewers may each see other rows of the table, in bits of catalog_viewer_bit().
 * Of a view or a foreign table all: it has rules of its own. */
uint32_t catalog_personal(const struct table *t);
/* The policy by which the table is personal to the role; NULL: by none, or it is not. */
const struct personal_policy *catalog_personal_policy(const struct table *t, uint32_t role);
/* What `schema` of a table or a function is; NULL: all roles may use it, and it is `public` or not
 * the first. */
const struct schema_rights *catalog_find_schema(const struct catalog *c, struct str schema);
const struct table *catalog_find_table(const struct catalog *c, struct str name);
/* NULL too when the name is overloaded. */
const struct function *catalog_find_function(const struct catalog *c, struct str name);
/* The next function of the name after `last`, which is one of them; the first for NULL.  NULL
 * when there are no more. */
const struct function *
catalog_next_function(const struct catalog *c, struct str name, const struct function *last);
/* The aggregate function for columns of the type; NULL: PostgreSQL has none. */
const struct aggregate *
catalog_find_aggregate(const struct catalog *c, enum aggregate_function function,
                       const struct column_type *type);
const char *aggregate_function_name(enum aggregate_function function);
/* The function of that name, or AGGREGATE_FUNCTIONS. */
enum aggregate_function aggregate_function_find(struct str name);
/* The enum type that a type's name is, or NULL. */
const struct enum_type *catalog_find_enum(const struct catalog *c, struct str type_name);
const struct column *table_find_column(const struct table *t, struct str name);
/* Has it rows of its own, which PostgreSQL numbers: is it no view? */
bool table_has_row_version(const struct table *t);
/* The constraint of that name, or NULL. */
const struct constraint *table_find_constraint(const struct table *t, struct str name);
bool column_is_among(const struct column *column, const struct column *const *columns, int count);
/* Are all of the key's columns among these?  False for a key without columns. */
bool key_is_within(const struct key *key, const struct column *const *columns, int count);
/* Is there at most one row for values of these columns: is a key within them? */
bool table_is_unique(const struct table *t, const struct column *const *columns, int count);

/* --- catalog_type.c --- */

/* Do cells of the kind come in binary, and are neither integers nor text?  They are no keys. */
bool column_kind_is_opaque(enum column_kind kind);
/* PostgreSQL's own type of that kind: bigint, real, date, or a timestamp. */
const struct column_type *column_kind_type(enum column_kind kind);

/* The kind of a type's name as format_type() gives it; OTHER too for the name of an enum or
 * of a domain, which only a catalog knows. */
enum column_kind column_kind_find(struct str type_name);
const char *column_kind_name(enum column_kind kind);
bool column_kind_is_binary(enum column_kind kind);
/* The type that the cells of such a column are sent as: PostgreSQL's OID. */
unsigned column_kind_oid(enum column_kind kind);
unsigned column_kind_array_oid(enum column_kind element);
/* The type of that name, which is made when it is first asked for.  Enums, domains and bare
 * types are known. */
const struct column_type *
catalog_get_type(struct arena *a, const struct catalog *c, struct str type_name);

/* --- catalog_parse.c, catalog_print.c --- */

/* Read the text form. Return NULL after adding an error with its line. */
const struct catalog *
catalog_parse(struct arena *a, const struct source *source, struct errors *errors) MUST_CHECK;
void catalog_print(struct buf *b, const struct catalog *c);
/* A hash of all that the database has, which is not 0: the same while nothing of it changes. */
uint64_t catalog_fingerprint(const struct catalog *c);

#endif
