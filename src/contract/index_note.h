/*
 * index_note.h - how notes about indexes are made: what index_notes.c and the files that it calls
 * share.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CONTRACT_INDEX_NOTE_H
#define CONTRACT_INDEX_NOTE_H

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct ast_node;
struct column;
struct contract;
struct errors;
struct function;
struct index_order;
struct map;
struct table;

struct index_notes {
    struct arena *arena; /* the errors' */
    const struct contract *contract;
    struct errors *errors;
    /* The notes, by place and text, and those by operator, too: a filter may be met several times,
     * and one index may serve several operators. */
    struct map *said, *said_of;
    bool is_loud; /* @unindexed silences nothing */
};

/* What a note is about. */
struct index_site {
    struct str name;    /* where it stands in the contract */
    struct str subject; /* `Query.links(postedBy:)` */
    struct str op;      /* an operator of a filter; or STR_NONE */
};

/* Add a note at the site.  `mend`, which may be STR_NONE, ends it. */
void index_note_add(const struct index_notes *n, const struct index_site *site, struct str mend,
                    const char *format, ...) PRINTF(4, 5);

/* Is there an @unindexed(reason:)?  Then nobody wants to know. */
bool index_note_is_silenced(const struct index_notes *n, const struct ast_node *directives);

/* Add a note that no index finds rows of the table by the column; `mend` is the statement. */
void index_note_unfound(const struct index_notes *n, const struct index_site *site,
                        const struct table *table, const struct column *column, struct str mend);

/* Add a note that PostgreSQL compares the column only in rows that a policy of the table shows,
 * and so by no index, since `what` is not leakproof. */
void index_note_leak(const struct index_notes *n, const struct index_site *site,
                     const struct table *table, const struct column *column, struct str what);

/* The same where the comparisons of the column's type are not leakproof.  False: they are, or no
 * policy hides rows. */
bool index_note_leaky(const struct index_notes *n, const struct index_site *site,
                      const struct table *table, const struct column *column);

/* `heat(links.*)`: what a function makes of the row, as PostgreSQL writes it in an index. */
struct str
index_note_call(struct arena *a, const struct table *table, const struct function *function);

/* `CREATE INDEX ON links (posted_by, created_at, id);`: the columns `equal`, in front of an order
 * up to where it is decided. */
struct str index_note_order(struct arena *a, const struct contract *contract,
                            const struct table *table, const struct column *const *equal,
                            int equal_count, const struct index_order *terms, int term_count);

/* `CREATE INDEX ON links USING gin (url gin_trgm_ops);`.  `method` and `operators` may be "". */
struct str
index_note_column(struct arena *a, const struct contract *contract, const struct table *table,
                  const struct column *column, const char *method, const char *operators);

/* The index for `=`.  Of a `text` it is SP-GiST: an entry of a B-tree has no room for a long one,
 * and a hash index walks all values that are equal at each INSERT (docs/performance.md). */
struct str index_note_equality(struct arena *a, const struct contract *contract,
                               const struct table *table, const struct column *column);

/* `CREATE INDEX ON links USING gin (to_tsvector('english'::regconfig, url));` */
struct str
index_note_expression(struct arena *a, const struct contract *contract, const struct table *table,
                      const char *method, struct str expression);

#endif
