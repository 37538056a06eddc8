/*
 * bind_internal.h - what the files of bind.h share among themselves.
 *
 * bind.c walks the types; bind_field.c finds a field's resolver, with the help
 * of bind_join.c, bind_function.c and bind_resolver.c; bind_payload.c knows the
 * types without @table, bind_abstract.c interfaces and unions with one, and
 * bind_union.c the fields of those without; bind_argument.c and bind_order.c bind
 * what hangs on a field.  Each returns false or NULL after a misfit was reported, and its caller
 * goes on to the next thing, so that all misfits are found.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BINDING_BIND_INTERNAL_H
#define BINDING_BIND_INTERNAL_H

#include "language/ast.h"
#include "schema/schema.h"
#include "binding/bind.h"

/* An input object used as order of a table, bound once for all its uses. */
struct bound_order {
    const struct type *type;
    const struct table *table;
    const struct column **columns; /* one for each input; NULL: a misfit */
    struct bound_order *next;
};

/* A type without @table that mutations show: the row that a mutation's
 * function returned, which is then one of the type's table, or what a C
 * function has put out. */
struct payload {
    const struct type *type;
    const struct field *field;                 /* the first mutation that shows it */
    bool is_of_resolver;                       /* that one has @resolver */
    const struct resolver_signature *resolver; /* or NULL: the server has none of that name */
    struct payload *next;
};

struct binder {
    struct arena *arena;
    const struct schema *schema;
    const struct catalog *catalog;
    const struct resolver_signature *const *resolvers; /* ended by NULL */
    struct errors *errors;
    bool has_misfit;
    struct bound_order *orders;
    struct payload *payloads;
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
    bool is_branch;                /* one of the possible types stands for the field's type */
    struct binding *binding;
};

/* --- bind.c --- */

/* Report a misfit at an offset of the contract, in front of it what is bound:
 * `Link.title: ...`. */
void bind_misfit(struct binder *b, uint32_t offset, struct str subject, const char *format, ...)
    PRINTF(4, 5);
/* The same for the field, at its name, or at `directive` unless that is NULL. */
void bind_site_misfit(const struct bind_site *site, const struct ast_directive *directive,
                      const char *format, ...) PRINTF(3, 4);
const struct ast_directive *bind_site_directive(const struct bind_site *site, const char *name);
/* The text of a directive's argument, or the argument's default, or STR_NONE. */
struct str bind_directive_text(const struct binder *b, const struct ast_directive *directive,
                               const char *argument);
/* The name of the column that `name` means: by @column(name:), or in snake case. */
struct str bind_column_name(struct binder *b, const struct ast_node *directives, struct str name);
/* The type's directive of that name, which an extension may have added; or NULL. */
const struct ast_directive *
bind_type_directive(const struct binder *b, const struct type *type, const char *name);
/* What the type is bound to, made at first use. */
struct type_binding *bind_type_binding(struct binder *b, struct type *type);
/* The rows that the field shows, while they are bound. */
struct bound_rows *bind_site_rows(const struct bind_site *site);
/* The offset of the type's name in the contract. */
uint32_t bind_type_offset(const struct binder *b, const struct type *type);
/* The table that the type's @table names; NULL after a misfit. */
const struct table *
bind_named_table(struct binder *b, const struct type *type, const struct ast_directive *directive);
/* Does the type have @table?  Then a type without a table is one whose
 * misfit has been reported. */
bool bind_has_table(const struct binder *b, const struct type *type);

/* Is it the query, mutation or subscription type? */
bool bind_is_root(const struct binder *b, const struct type *type);

/* --- bind_abstract.c --- */

/* Find the table of an interface or a union that has one, and what tells its
 * possible types apart.  Their tables are known. */
void bind_abstract(struct binder *b, struct type *type);
/* See that the object type has @variant only where a discriminator asks for it. */
void bind_variant(struct binder *b, const struct type *type);

/* --- bind_union.c --- */

/* Are the field's rows those of its possible types' own tables? */
bool bind_union_is(const struct bind_site *site);
/* Bind a field whose rows are, each branch as a field of one possible type. */
bool bind_union(struct bind_site *site);
/* Bind an argument of such a field.  NULL after a misfit. */
const struct argument_binding *
bind_union_argument(const struct bind_site *site, const struct input_value *argument);

/* --- bind_payload.c --- */

/* Find the mutations that show the type, which has no @table and is no root.
 * False when there is none with @function or @resolver. */
bool bind_payload(struct binder *b, struct type *type);
/* What is known of the type as a payload; NULL: it is none. */
const struct payload *bind_payload_find(const struct binder *b, const struct type *type);
/* Report that the type of the field shows what another field gives, and not this. */
void bind_payload_misfit(const struct bind_site *site, const struct payload *payload);
/* Is the parent's row one that a mutation's function returned?  What is joined
 * to it is read by statements of their own. */
bool bind_payload_is_written(const struct bind_site *site);

/* --- bind_field.c --- */

/* Find the field's resolver and bind it and its arguments. */
void bind_field(struct binder *b, const struct type *parent, struct field *field);
/* How a value of `kind`, named `what` in messages (`column links.url`), is shown
 * as the field's type; NULL after a misfit. */
scalar_write_fn *bind_field_writer(const struct bind_site *site, struct str what,
                                   enum column_kind kind, struct str type_name);

/* The table whose rows the field's type shows, by @table; NULL after a misfit. */
const struct table *bind_field_table(const struct bind_site *site);
/* Bind a field of rows: those of a table, or those that are joined to the parent's. */
bool bind_field_rows(struct bind_site *site);

/* --- bind_join.c --- */

/* The one way from the parent's table to `target` that the field can mean:
 * many rows for a list, else one.  NULL after a misfit. */
const struct join *bind_join_find(const struct bind_site *site, const struct table *target);
/* May the field be `!`: is there always a row, and is it always seen?  False
 * after a misfit. */
bool bind_join_check_non_null(const struct bind_site *site, const struct join *join);
/* May values of the column be the keys of a statement of their own?  They go
 * into it as text.  False after a misfit. */
bool bind_join_check_key(const struct bind_site *site, const struct table *table,
                         const struct column *column);

/* --- bind_function.c --- */

/* Bind a field with @function. */
bool bind_function(struct bind_site *site);

/* --- bind_resolver.c --- */

/* The C function of that name, or NULL. */
const struct resolver_signature *
bind_resolver_find(const struct binder *b, const struct ast_directive *directive);
/* Bind a field with @resolver. */
bool bind_resolver(struct bind_site *site);
/* Bind a field of a resolver's payload. */
bool bind_output(struct bind_site *site);
/* Does the C function take an argument of that name? */
bool bind_resolver_takes(const struct resolver_signature *resolver, struct str argument);

/* --- bind_argument.c --- */

/* Bind the field's arguments, and hold them against @exactlyOne and against
 * what a single row needs.  The field's binding is complete but for that. */
bool bind_argument_all(struct bind_site *site);
/* What the argument does, judged alone.  NULL after a misfit. */
const struct argument_binding *
bind_argument(const struct bind_site *site, const struct input_value *argument);
/* Report a misfit of the argument, at its name. */
void bind_argument_misfit(const struct bind_site *site, const struct input_value *argument,
                          const char *format, ...) PRINTF(3, 4);
/* The texts that @search(columns:) lists. */
const struct ast_node *bind_argument_search(const struct ast_directive *directive);

/* --- bind_order.c --- */

/* The field's rows are a list: see that they have a key, and bind @order. */
bool bind_order_default(struct bind_site *site);
/* Bind `orderBy`.  NULL after a misfit. */
const struct argument_binding *
bind_order_argument(const struct bind_site *site, const struct input_value *argument);

#endif
