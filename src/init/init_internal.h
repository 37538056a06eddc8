/*
 * init_internal.h - what the files of init share.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef INIT_INIT_INTERNAL_H
#define INIT_INIT_INTERNAL_H

#include "init/init.h"

/* The scalars of the contract that are not GraphQL's:
 *      name, whether it has @quoted, description */
#define INIT_SCALARS(X)                                                                            \
    X("BigInt", true,                                                                              \
      "An integer of 64 bits, in quotes, so that JavaScript keeps all its digits.")                \
    X("Bytes", false, "Bytes, in base64.")                                                         \
    X("Date", false, "A date: `2024-02-29`.")                                                      \
    X("DateTime", false, "A point in time: `2024-02-29T12:34:56.789Z`.")                           \
    X("Decimal", true, "A decimal number, in quotes, so that JavaScript keeps all its digits.")    \
    X("Duration", false, "A duration: `P1DT2H`.")                                                  \
    X("JSON", false, "Any JSON value.")                                                            \
    X("LocalDateTime", false,                                                                      \
      "A date and a time of day, without saying where: `2024-02-29T12:34:56`.")                    \
    X("Time", false, "A time of day: `12:30:00`.")                                                 \
    X("UUID", false, "A UUID: `123e4567-e89b-12d3-a456-426614174000`.")

/* --- init_read.c --- */

/* Read what the catalog does not have: comments, row-level security, and what the role of the
 * connection may not read.  False: `*message` is PostgreSQL's. */
bool init_read(struct init_model *m, struct db *db, struct str *message) MUST_CHECK;

/* --- init_choose.c --- */

/* Choose by what the rows of each table are told apart; of views that is guessed, and counted. */
void init_find_keys(struct init_model *m, struct db *db);
/* Can @order(by:) name the column? */
bool init_is_plain_name(struct str name);
/* Is it what full-text search finds words in? */
bool init_is_document(const struct column *column);

/* --- init_names.c --- */

/* Reserve the name, or the first of NAME2, NAME3, ... that is not in the map yet. */
struct str init_take(struct init_model *m, struct map *taken, struct str name);
/* The names of types, of fields of Query, of enums and of columns. */
void init_name_tables(struct init_model *m);
void init_name_enums(struct init_model *m);
void init_name_columns(struct init_model *m, struct init_table *t, struct map *taken);
/* Has it a global id: can its rows be found by their key? */
bool init_is_node(const struct init_model *m, const struct init_table *t);
/* The name of an argument that is compared with the column. */
struct str init_argument_name(const struct init_model *m, const struct column *column);
/* Does the field `id` show the table's key? */
bool init_has_id(const struct init_model *m, const struct init_table *t);

/* --- init_keep.c --- */

/* Take the names from a contract that is there already, and leave out what a comment of it
 * names. */
void init_keep(struct init_model *m, const struct ast_document *document);
/* Does a comment of the text begin with the name? */
bool init_is_commented(struct str text, struct str name);

/* Where a field stands that shows rows. */
struct init_place {
    struct str owner; /* the table whose type has it; or `Query` */
    struct str type;  /* of the rows */
    struct str stem;  /* of that type's connection */
    bool is_list;
    struct str columns; /* of @join or @through, with spaces between; or STR_NONE */
    struct str between; /* of @through; or STR_NONE */
};

/* The name that the old contract has for it; else `name`. */
struct str
init_kept_field(const struct init_model *m, const struct init_place *place, struct str name);
struct str init_kept_column(const struct init_model *m, const struct table *table,
                            const struct column *column, struct str name);
struct str init_kept_mutation(const struct init_model *m, const struct table *table,
                              enum write_action action, struct str name);

/* --- init_type.c --- */

/* The type of a field that shows the column, without `!`: `Int`, `[FilmRating]`. */
struct str init_column_type(const struct init_model *m, const struct column *column);
/* Can an ID show it? */
bool init_may_be_id(const struct column *column);

/* --- init_relation.c --- */

/* Which tables are only between two others, and the fields that join. */
void init_find_between(struct init_model *m);
/* Mark the columns that relations follow. */
void init_mark_joined(struct init_model *m, struct init_table *t);
void init_relate(struct init_model *m, struct init_table *t, struct map *taken);

/* --- init_guess.c --- */

/* Find the columns that refer to another table by their names alone, as Rails has them: of each
 * table, all tables being named. */
void init_find_guesses(struct init_model *m, struct init_table *t);

/* --- init_index.c --- */

/* The orders that indexes have, and the filters that they serve. */
void init_find_orders(struct init_model *m, struct init_table *t);
void init_find_filters(struct init_model *m, struct init_table *t);

/* May a filter follow the relation: do indexes serve it, and have both tables filters? */
bool init_is_filtered_by(const struct init_table *t, const struct init_relation *r);

/* --- init_mutation.c --- */

/* Which mutations write rows of the table, and what they may set. */
void init_find_mutations(struct init_model *m, struct init_table *t);
/* Is the mutation written, unless it does not fit? */
bool init_has_mutation(const struct init_table *t, enum write_action action);
/* Does any mutation write rows of the table? */
bool init_is_written(const struct init_table *t);
/* Does a patch have the column: may it change? */
bool init_may_change(const struct init_table *t, const struct init_column *c);

/* --- init_judge.c --- */

/* What was found out about one line of the contract: a field, an input, a value of an enum. */
struct init_item {
    struct str coordinate;     /* `Film.actors`, or `Film` of a type */
    struct str misfit;         /* why it is left out; or STR_NONE */
    struct str lack;           /* the reason of its @unindexed; or STR_NONE */
    int first_line, last_line; /* where it was written last */
    struct init_item *next;
};

/* The item of the member, or of the type itself where that is STR_NONE. */
struct init_item *init_item(struct init_model *m, struct str type, struct str member);

/* --- init_write.c --- */

/* Write the whole contract as far as it is known. */
void init_write_text(struct init_model *m, struct buf *b);

#endif
