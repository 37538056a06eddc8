/*
 * init.h - a contract for a database that is there already: the model of `linnet init`.
 *
 * It is made in steps, and each fills in more of the model:
 *
 *     init_new     what the database has, and what of it is left out: as asked for, since it may
 *                  not be read, or since it looks like a secret (sensitive/sensitive.h)
 *     init_choose  names, types, keys, relations, orders and filters of what is shown, and what may
 *                  be written
 *     init_write   the text of the contract, which is bound and judged as any other: what no index
 *                  serves gets @unindexed, and what does not fit is left out
 *
 * Nothing is written to the database.  All lives in one arena.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef INIT_INIT_H
#define INIT_INIT_H

#include <stdbool.h>

#include "base/str.h"
#include "binding/binding.h"

struct arena;
struct ast_document;
struct buf;
struct catalog;
struct column;
struct db;
struct errors;
struct foreign_key;
struct map;
struct table;

/* Why a table or a column is not in the contract:
 *      constant, what a comment of the contract says after the name and `: ` */
#define INIT_REASONS(X)                                                                            \
    X(SHOWN, "shown")                                                                              \
    X(EXCLUDED, "left out as asked for")                                                           \
    X(SECRET, "left out")                                                                          \
    X(HIDDEN, "left out, since no policy shows a row of it")                                       \
    X(DENIED, "left out, since the role of this connection may not read it")                       \
    X(KEYLESS, "left out, since nothing tells its rows apart, and no column can sort them")        \
    X(EMPTY, "left out, since no column of it is left")                                            \
    X(MISFIT, "left out")

enum init_reason {
#define INIT_CONSTANT(constant, text) INIT_##constant,
    INIT_REASONS(INIT_CONSTANT)
#undef INIT_CONSTANT
};

/* The words of a comment. */
const char *init_reason_text(enum init_reason reason);

/* How lists are shown. */
enum init_style {
    INIT_CONNECTIONS, /* pages by cursors: `films(first:, after:, ...): FilmConnection!` */
    INIT_LISTS,       /* --plain-lists: `films(first:, skip:): [Film!]!` */
    INIT_RELAY        /* --relay: connections, and global ids with `node(id:)` */
};

/* What the command line says.  Patterns are names of tables or of columns, `films`,
 * `sales.orders`, `users.email`, in which `*` stands for any characters and `?` for one. */
struct init_options {
    struct str schema; /* the only schema whose tables are taken; STR_NONE: all */
    const struct str *includes, *excludes;
    int include_count, exclude_count;
    enum init_style style;
    bool has_writes;                 /* --writes: mutations, too */
    const struct ast_document *kept; /* the contract that is there already; or NULL */
};

struct init_column {
    const struct column *column;
    enum init_reason reason; /* INIT_SHOWN: it has a field, or is read for a relation */
    struct str why;          /* more about the reason, for the comment; or STR_NONE */
    struct str description;  /* its COMMENT; or STR_NONE */
    bool is_asked;           /* --include names it: it is shown, whatever it looks like */
    /* init_choose: */
    bool is_joined;   /* a relation follows it, so that it needs no field of its own */
    struct str field; /* its name in the contract; STR_NONE: only relations show it */
    struct str plain; /* the name that it would have without the contract that is there already */
    struct str type;  /* that of the field, without `!`: `Int`, `[FilmRating]` */
    bool has_value;   /* a `!` */
    /* Of --writes: what inputs have of it. */
    struct str setter;                  /* its name there; STR_NONE: clients cannot set it */
    struct str setter_type;             /* `String`, without `!` */
    const struct init_table *refers_to; /* whose global id is given; or NULL */
    bool is_needed;                     /* a row that is new must have it: `!` */
    const char *unset;                  /* why they cannot, if a comment says it; or NULL */
};

enum init_relation_kind {
    INIT_TO_ONE,  /* by a foreign key of this table */
    INIT_TO_MANY, /* by a foreign key of the other one */
    INIT_THROUGH  /* by a table between, with a foreign key to either */
};

/* A field of a table's type that shows rows of another table. */
struct init_relation {
    enum init_relation_kind kind;
    struct str field, plain; /* as those of a column */
    struct init_table *to;
    struct init_table *between;            /* INIT_THROUGH: or NULL */
    const struct foreign_key *foreign_key; /* INIT_THROUGH: the one that leads to this table */
    const struct foreign_key *onward;      /* INIT_THROUGH: the one that leads to the other */
    bool is_named;  /* @join(column:), or @through(column:, to:), says which foreign key */
    bool is_guess;  /* no foreign key says so, but a column's name: it is a comment */
    bool is_single; /* there is at most one row: an object, no list */
    bool has_value; /* a `!` */
};

/* An order that an index has: `NEWEST @order(by: "created_at DESC")`. */
struct init_order {
    struct str value; /* the enum's */
    struct str by;    /* of @order(by:); STR_NONE: the value's name says it */
};

/* Sets of operators that a filter has of a column. */
enum init_operators {
    INIT_EQUAL = 1,     /* eq, in */
    INIT_RANGE = 2,     /* lt, lte, gt, gte */
    INIT_NULL = 4,      /* isNull */
    INIT_PREFIX = 8,    /* startsWith */
    INIT_TEXT = 16,     /* startsWith, contains, iContains, iStartsWith */
    INIT_ELEMENTS = 32, /* of arrays: has, hasAll, hasAny; of jsonb: contains */
    INIT_KEYS = 64,     /* of jsonb: hasKey, hasAnyKey, hasAllKeys */
    INIT_WORDS = 128    /* matches */
};

/* An input type of operators: `StringFilter`. */
struct init_comparison {
    struct str name;
    struct str scalar; /* what is compared; of a list, its elements */
    unsigned set;      /* enum init_operators */
    bool is_list;
};

/* What a filter's field compares, and by which input type: `title: StringFilter`. */
struct init_filter {
    struct str field, type;
    const struct column *column;
};

/* A mutation that writes one row of a table. */
struct init_mutation {
    struct str field;     /* `createFilm`; STR_NONE: there is nothing of the kind to be said */
    const char *why;      /* why it is left out, for the comment; or NULL */
    const struct key *on; /* UPSERT: by which a row that is there is found */
};

struct init_table {
    struct table *table; /* the catalog's */
    enum init_reason reason;
    struct str why;
    struct str description;      /* its COMMENT; or STR_NONE */
    struct init_column *columns; /* in the order of the table's, as many as it has */
    bool is_asked, has_asked;    /* --include names it; or a column of it */
    struct str kept_type;        /* its type in the contract that is there already; or STR_NONE */
    bool is_open; /* no policy says which rows there are: `rows: ALL`, unless they are written */
    bool may_insert, may_update, may_delete; /* policies let somebody */
    /* init_choose: */
    bool is_between;           /* it has no type: fields with @through alone read it */
    bool is_guessed;           /* a view's key is a guess */
    const struct column **key; /* by which its rows are told apart */
    int key_count;
    struct str order;     /* without a key: what @order(by:) says */
    struct str type;      /* `Film` */
    struct str stem;      /* of `FilmFilter` and its like: the type, unless one of them is a type */
    struct str one, many; /* fields of Query: `film`, `films`; `one` is STR_NONE without a key */
    struct foreign_key *guesses; /* what columns refer to by their names (init_guess.c) */
    int guess_count;
    struct init_relation *relations;
    int relation_count;
    struct init_order *orders;
    int order_count;
    struct init_filter *filters;
    int filter_count;
    struct init_mutation mutations[WRITE_ACTION_COUNT];
};

/* A type of the database with labels. */
struct init_enum {
    const struct enum_type *type;
    struct str description; /* its COMMENT; or STR_NONE */
    struct str kept;        /* its name in the contract that is there already; or STR_NONE */
    /* init_choose: */
    struct str name;    /* `FilmRating`; STR_NONE: nothing shows it */
    struct str *values; /* for each label: `PG_13` */
};

struct init_model {
    struct arena *arena;
    const struct catalog *catalog;
    struct init_options options;
    struct init_table *tables; /* in the order of the catalog's */
    int table_count;
    struct map *tables_by_name; /* struct init_table, by the catalog's names */
    struct init_enum *enums;    /* in the order of the catalog's */
    int enum_count;
    struct str first_schema; /* of the search path: its tables go by their own names */
    /* Functions with the rights of their owner that others may call: `name(types)`. */
    struct str *trusted;
    int trusted_count;
    struct init_comparison *comparisons; /* the input types that filters have */
    int comparison_count;
    bool is_utc;            /* a tool that writes timestamps in UTC has made the tables */
    struct map *kept;       /* names of fields there, struct str (init_keep.c) */
    struct map *type_names; /* the names of types that are taken */
    struct map *items;      /* struct init_item (init_internal.h), by coordinates; and a list: */
    struct init_item *last_item;
};

/* Read what the database has; nothing is written, and every statement is READ ONLY.  NULL after an
 * error: `*message` is PostgreSQL's. */
struct init_model *init_new(struct arena *a, struct db *db, const struct init_options *options,
                            struct str *message) MUST_CHECK;

/* Does a pattern name the table, or the column of it?  NULL as column: the table. */
bool init_matches(const struct init_model *model, struct str pattern, const struct table *table,
                  const struct column *column);

/* Choose names, types, keys, relations, orders, filters and mutations for what is shown. */
void init_choose(struct init_model *model);

/* Write the contract.  False after adding errors: it cannot be built, which would be a fault of
 * ours. */
bool init_write(struct init_model *model, struct buf *b, struct errors *errors) MUST_CHECK;

/* The model's table of the catalog's; NULL if it has none. */
struct init_table *init_find(const struct init_model *model, const struct table *table);
struct init_column *init_find_column(const struct init_table *table, const struct column *column);
/* Is it in the contract: has it a type, or is it between two tables? */
bool init_is_shown(const struct init_table *table);

#endif
