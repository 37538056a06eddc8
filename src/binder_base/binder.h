/*
 * binder.h - what all files that bind a contract use: to report misfits, and to read directives.
 *
 * A function that binds something returns false or NULL after a misfit was reported, and
 * its caller goes on to the next thing, so that all misfits are found.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BINDER_BASE_BINDER_H
#define BINDER_BASE_BINDER_H

#include "language/ast.h"
#include "schema/schema.h"
#include "binding/binding.h"

struct bound_filter;
struct errors;

/* A type without @table that mutations show.  It shows the row that the mutation's function
 * returned, the row or the rows that the mutation wrote, or the outputs of a C function. */
struct payload {
    const struct type *type;
    const struct field *field;                 /* the first mutation that shows it */
    bool is_of_resolver;                       /* that one has @resolver */
    bool is_of_write;                          /* it has a directive that writes rows: */
    bool is_many;                              /* several */
    const struct resolver_signature *resolver; /* or NULL: the server has none of that name */
    struct payload *next;
};

/* A type without a table that aggregates show: results of aggregate functions for columns of their
 * rows. */
struct summary {
    const struct type *type;
    const struct type *owner; /* the first aggregate that shows it, which has the table */
    unsigned functions;       /* a bit for each enum aggregate_function that it is shown for */
    struct summary *next;
};

struct binder {
    struct arena *arena;
    const struct schema *schema;
    const struct catalog *catalog;
    const struct resolver_signature *const *resolvers; /* ended by NULL */
    struct errors *errors;
    bool has_misfit;
    struct order_choices *orders; /* bound once for all their uses */
    struct bound_filter *filters;
    struct payload *payloads;
    struct summary *summaries;
    struct mock_sort *mock_sorts;     /* mock_binding alone */
    struct mock_filter *mock_filters; /* likewise */
};

/* A field while it is bound. */
struct bind_site {
    struct binder *binder;
    const struct type *parent;
    struct field *field;
    const struct type *named; /* the field's type without lists and non-nulls */
    bool is_list;
    bool is_non_null;              /* ends in `!` */
    bool is_root;                  /* of the query or mutation type */
    const struct payload *payload; /* that the parent is, or NULL */
    const struct summary *summary; /* likewise */
    bool is_branch;                /* one of the possible types stands for the field's type */
    /* The argument whose fields are bound as if they were arguments; or NULL. */
    const struct input_value *input;
    struct binding *binding;
};

/* Report a misfit at an offset of the contract, after the name of what is bound:
 * `Link.title: ...`. */
void binder_misfit(struct binder *b, uint32_t offset, struct str subject, const char *format, ...)
    PRINTF(4, 5);
/* The same for the field, at its name, or at `directive` unless that is NULL. */
void binder_site_misfit(const struct bind_site *site, const struct ast_directive *directive,
                        const char *format, ...) PRINTF(3, 4);
/* Add a note at an offset of the contract: what holds, but may surprise.  `linnet
 * check` prints it, and with --strict it counts as a misfit. */
void binder_note(struct binder *b, uint32_t offset, struct str subject, const char *format, ...)
    PRINTF(4, 5);
/* The same for the field, as binder_site_misfit(). */
void binder_site_note(const struct bind_site *site, const struct ast_directive *directive,
                      const char *format, ...) PRINTF(3, 4);
const struct ast_directive *binder_site_directive(const struct bind_site *site, const char *name);
/* The text of a directive's argument, or the argument's default, or STR_NONE. */
struct str binder_directive_text(const struct binder *b, const struct ast_directive *directive,
                                 const char *argument);
/* The texts of a directive's argument, which is one or a list.  NULL when it is absent. */
const struct str *
binder_directive_texts(const struct binder *b, const struct ast_directive *directive,
                       const char *argument, int *count);
/* The columns of the table with these names.  NULL when one is not there: `*missing` is it. */
const struct column **binder_find_columns(struct binder *b, const struct table *table,
                                          const struct str *names, int count, struct str *missing);
/* The name of the column that `name` means: by @column(name:), or in snake case. */
struct str binder_column_name(struct binder *b, const struct ast_node *directives, struct str name);
/* The column that `name` means: by @column(name:), or of the name as it is, or in snake case.
 * NULL when there is none; `*looked_for` is then the name that it would have. */
const struct column *
binder_find_column(struct binder *b, const struct table *table, const struct ast_node *directives,
                   struct str name, struct str *looked_for);
/* ` Did you mean "created_at"?`: columns that are close to a name; or "". */
struct str binder_suggest_column(struct binder *b, const struct table *table, struct str name);
/* ` Did you mean "sales.orders"?`: tables, or functions, of that name in another schema, or else of
 * a name that is close; or "". */
struct str binder_suggest_table(const struct binder *b, struct str name);
struct str binder_suggest_function(const struct binder *b, struct str name);
/* The type's directive of that name, which an extension may have added; or NULL. */
const struct ast_directive *
binder_type_directive(const struct binder *b, const struct type *type, const char *name);
/* The type as the contract has it, with what is hidden from the schema's role (@auth). */
const struct type *binder_whole(const struct binder *b, const struct type *type);
/* What the type is bound to, made at first use. */
struct type_binding *binder_type_binding(struct binder *b, struct type *type);
/* The rows that the field shows, while they are bound. */
struct bound_rows *binder_site_rows(const struct bind_site *site);
/* The offset of the type's name in the contract. */
uint32_t binder_type_offset(const struct binder *b, const struct type *type);
/* The table that the type's @table names; NULL after a misfit. */
const struct table *binder_named_table(struct binder *b, const struct type *type,
                                       const struct ast_directive *directive);
/* Let the type show rows of the table, told apart by what @table(key:) says. */
void binder_set_table(struct binder *b, struct type *type, const struct table *table,
                      const struct ast_directive *directive);
/* Is there at most one row of the type for values of these columns? */
bool binder_is_unique(const struct type *type, const struct table *table,
                      const struct column *const *columns, int count);
/* `id`, or `order_id, line_no`. */
struct str binder_name_columns(struct binder *b, const struct column *const *columns, int count);
/* What stands before the table's name in messages: `table`, or `the result of` a function. */
const char *binder_table_noun(const struct table *table);
/* Does the type have @table or @row?  Then a type without a table is one whose
 * misfit has been reported. */
bool binder_has_table(const struct binder *b, const struct type *type);

/* Is it the query, mutation or subscription type? */
bool binder_is_root(const struct binder *b, const struct type *type);
/* The C function of that name, or NULL. */
const struct resolver_signature *
binder_find_resolver(const struct binder *b, const struct ast_directive *directive);

#endif
