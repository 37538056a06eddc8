/*
 * bind_internal.h - which file binds what: the files of bind.h, callers before those they call.
 *
 * bind.c walks the types; bind_field.c finds a field's resolver, with the help of
 * bind_join.c, bind_function.c and bind_resolver.c; bind_payload.c knows the types
 * without @table, bind_row.c those of a function's rows, bind_abstract.c interfaces and
 * unions with one, and bind_union.c the fields of those without; bind_connection.c knows the
 * types that show pages of rows, and bind_page.c the fields of these; bind_global_id.c knows the
 * types with global ids, and bind_node.c the fields that show these and find their objects;
 * bind_argument.c, bind_input.c and bind_order.c bind a field's arguments and its order.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BINDER_BIND_INTERNAL_H
#define BINDER_BIND_INTERNAL_H

#include "binder_base/bind_codec.h"
#include "binder_base/binder.h"
#include "binder_base/bind_idempotent.h"

/* --- bind_abstract.c --- */

/* Find the table of an interface or a union that has one, and the discriminator that tells its
 * possible types apart.  The tables of these types are known. */
void bind_abstract(struct binder *b, struct type *type);
/* Report @variant on an object type that is a possible type of none with a discriminator. */
void bind_variant(struct binder *b, const struct type *type);
/* In a contract view: give the object type the label that it has in the whole contract, even if the
 * view hides the type with the discriminator.  The whole schema has been bound. */
void bind_keep_label(struct binder *b, struct type *type);

/* --- bind_global_id.c --- */

/* Find the types whose objects have global ids.  Their tables and labels are known. */
void bind_global_id_types(struct binder *b);
/* Does the object type or the interface implement Node in the whole contract? */
bool bind_global_id_is_node(const struct binder *b, const struct type *type);
/* Do all possible types of the type implement Node? */
bool bind_global_id_is_shown(const struct binder *b, const struct type *type);
/* The type that @globalId(of:) names; NULL: `*message` says what is wrong with it. */
const struct type *
bind_global_id_of(struct binder *b, const struct ast_directive *directive, const char **message);
/* Can a value of the one type be a value of the other, which is that of a key's column? */
bool bind_global_id_is_same_kind(const struct column_type *a, const struct column_type *b);
/* If values of the argument are global ids, let the codec take the key from them.  False after a
 * misfit. */
bool bind_global_id_argument(const struct bind_site *site, const struct input_value *argument,
                             const struct codec **codec) MUST_CHECK;
/* The same for a column that a filter compares with ids of the type that the directive names.
 * NULL: `*message` says what is wrong. */
const struct codec *bind_global_id_compared(struct binder *b, const struct ast_directive *directive,
                                            const struct codec *codec, const char **message);
/* The argument is bound: report a @globalId that has no meaning there. */
bool bind_global_id_check(const struct bind_site *site, const struct input_value *argument);
/* Is the argument the global id of the rows that the field shows? */
bool bind_global_id_is_own(const struct bind_site *site, const struct input_value *argument);
/* Is the argument, by @globalId(of:), the id of the row that the field writes? */
bool bind_global_id_is_key(const struct bind_site *site, const struct input_value *argument);
/* If one of these is true: compare the argument with all columns of the key.  NULL after a
 * misfit. */
const struct argument_binding *
bind_global_id_equals(const struct bind_site *site, const struct input_value *argument);

/* --- bind_node.c --- */

/* Is the field's value a global id? */
bool bind_global_id_is(const struct bind_site *site);
/* Bind such a field. */
bool bind_global_id(struct bind_site *site);
/* Does the field find objects by their global ids? */
bool bind_node_is(const struct bind_site *site);
/* Bind a field that does. */
bool bind_node(struct bind_site *site);

/* --- bind_input.c --- */

/* The type of the argument `input` whose fields are the mutation's parameters, in the whole
 * contract; or NULL. */
const struct type *
bind_input_of(const struct binder *b, const struct type *parent, const struct field *field);
/* The values that the field's function or resolver gets: the field's arguments, or the fields of
 * its input.  NULL: clientMutationId, which it does not get. */
int bind_input_count(const struct binder *b, const struct type *parent, const struct field *field);
const struct input_value *bind_input_at(const struct binder *b, const struct type *parent,
                                        const struct field *field, int number);
/* Bind the argument, and the fields of its input object.  NULL after a misfit. */
const struct argument_binding *
bind_input_argument(const struct bind_site *site, const struct input_value *argument);
/* The binding EQUALS of an argument, or of a field of an input object, that is compared with this
 * column or sets it.  NULL after a misfit. */
const struct argument_binding *
bind_input_column(const struct bind_site *site, const struct input_value *argument,
                  const struct column *column);
/* Bind an argument of a write, and the fields of its input object.  NULL after a misfit. */
const struct argument_binding *
bind_input_of_write(const struct bind_site *site, const struct input_value *argument);
/* Does the field of a payload show what the client gave as `clientMutationId`? */
bool bind_echo_is(const struct bind_site *site);
/* Bind a field that does. */
bool bind_echo(struct bind_site *site);

/* --- bind_union.c --- */

/* Does the field show rows of several tables, one for each possible type? */
bool bind_union_is(const struct bind_site *site);
/* Bind such a field, each branch as a field of one possible type. */
bool bind_union(struct bind_site *site);
/* Bind an argument of such a field.  NULL after a misfit. */
const struct argument_binding *
bind_union_argument(const struct bind_site *site, const struct input_value *argument);

/* --- bind_payload.c --- */

/* Find the mutations that show the type, which has no @table and is not a root type.
 * False when there is none with @function or @resolver. */
bool bind_payload(struct binder *b, struct type *type);
/* The payload that the type is; NULL: it is none. */
const struct payload *bind_payload_find(const struct binder *b, const struct type *type);
/* Report that the type of the field is the payload of another field. */
void bind_payload_misfit(const struct bind_site *site, const struct payload *payload);
/* Was the parent's row written by a mutation, or returned by its function?  Then other statements
 * read the rows that are joined to it. */
bool bind_payload_is_written(const struct bind_site *site);
/* Bind a field that writes rows; its type may be a payload.  False after a misfit. */
bool bind_payload_write(struct bind_site *site);
/* Does the field of a write's payload show the rows themselves, or their number? */
bool bind_payload_shows(const struct bind_site *site);
/* Bind a field that does.  False after a misfit. */
bool bind_payload_part(struct bind_site *site);

/* --- bind_connection.c --- */

/* Find the types that show pages of rows, and those of their parts. */
void bind_connection_types(struct binder *b);
/* Bind the fields of such a type; those that show connections are bound. */
void bind_connection_fields(struct binder *b, struct type *type);
/* May the type show a cursor, or take one: is it String, ID, or a scalar of the contract's own? */
bool bind_connection_is_cursor(const struct type *type);

/* --- bind_page.c --- */

/* The field's type is a connection: bind the site as a list of its rows.  False after a misfit. */
bool bind_page_enter(struct bind_site *site);
/* Is it an argument of a page: `last`, `after` or `before` of a field that shows a connection? */
bool bind_page_takes(const struct bind_site *site, const struct input_value *argument);
/* Bind `after` or `before`.  NULL after a misfit. */
const struct argument_binding *
bind_page_argument(const struct bind_site *site, const struct input_value *argument);
/* The field is bound: if it shows a connection, can its pages be asked for?  False after a
 * misfit. */
bool bind_page_check(const struct bind_site *site);

/* --- bind_row.c --- */

/* Are the table's rows the result of a function?  Then only fields with @function have them. */
bool bind_row_is(const struct table *table);
/* Let the type show the rows of the function that its @row names. */
void bind_row(struct binder *b, struct type *type, const struct ast_directive *directive);
/* The same for a type without @row and @table that a field of the query type shows by a
 * function.  False, and nothing reported: there is no such field. */
bool bind_row_by_field(struct binder *b, struct type *type);
/* Does the function return rows with the columns of `row`? */
bool bind_row_fits(const struct table *row, const struct function *function);

/* --- bind_field.c --- */

/* Find the field's resolver and bind it and its arguments. */
void bind_field(struct binder *b, const struct type *parent, struct field *field);
/* The table whose rows the field's type shows, by @table; NULL after a misfit. */
const struct table *bind_field_table(const struct bind_site *site);
/* Bind a field of rows: those of a table, or those that are joined to the parent's. */
bool bind_field_rows(struct bind_site *site);

/* --- bind_aggregate.c --- */

/* Note whether the type has @aggregate, and the types of its summaries.  No type has its table
 * yet. */
void bind_aggregate_type(struct binder *b, struct type *type);
/* The type as a summary; NULL: it is none. */
const struct summary *bind_aggregate_find_summary(const struct binder *b, const struct type *type);
/* Can the field show an aggregate, if its type is one?  False after a misfit. */
bool bind_aggregate_check_site(const struct bind_site *site);
/* Is the field's parent an aggregate, or a summary? */
bool bind_aggregate_is(const struct bind_site *site);
/* Is the field of an aggregate a key, which tells groups apart? */
bool bind_aggregate_is_key(const struct binder *b, const struct field *field);
/* The field is no key: report @column(unit:).  False after a misfit. */
bool bind_aggregate_check_unit(const struct bind_site *site);
/* Bind a field of such a parent. */
bool bind_aggregate_field(struct bind_site *site);
/* The field's type is an aggregate, and its rows are known: bind it to their aggregate. */
bool bind_aggregate_rows(struct bind_site *site);

/* The same for a field of a connection: it shows an aggregate of all of its rows. */
bool bind_aggregate_part(const struct bind_site *site);

/* --- bind_group.c --- */

/* Does the field show groups of rows? */
bool bind_group_is(const struct bind_site *site);
/* Has it the argument that names their keys?  False after a misfit. */
bool bind_group_check(const struct bind_site *site);
/* Bind `by`, or `orderBy`, of a list of groups.  NULL after a misfit. */
const struct argument_binding *
bind_group_by(const struct bind_site *site, const struct input_value *argument);
const struct argument_binding *
bind_group_order(const struct bind_site *site, const struct input_value *argument);

/* --- bind_join.c --- */

/* The join from the parent's table to `target`: the one that @join or @through names, or the only
 * possible one.  It finds many rows for a list, else one.  NULL after a misfit. */
const struct join *bind_join_find(const struct bind_site *site, const struct table *target);
/* Does the field show a list of rows, and not one, or a column of one? */
bool bind_join_wants_many(const struct bind_site *site);
/* bind_join_columns.c: @join(column:, to:), columns of the parent's table, and as many of the
 * target.  NULL after a misfit. */
const struct join *
bind_join_by_columns(const struct bind_site *site, const struct ast_directive *directive,
                     const struct table *target);
/* bind_join_columns.c: no foreign key says what the named columns of the join table equal: a
 * made-up one to the key of the type.  NULL after a misfit. */
const struct foreign_key *
bind_join_key_by_columns(const struct bind_site *site, const struct ast_directive *directive,
                         const struct table *between, const struct type *type,
                         const struct str *names, int count);
/* May the field be `!`: is there always a row, and is it always seen?  False
 * after a misfit. */
bool bind_join_check_non_null(const struct bind_site *site, const struct join *join);
/* Can values of the columns be the keys of a BATCH?  They go into it as text.  False after a
 * misfit. */
bool bind_join_check_key(const struct bind_site *site, const struct table *table,
                         const struct column *const *columns, int count);

/* --- bind_function.c --- */

/* Bind a field with @function. */
bool bind_function(struct bind_site *site);

/* --- bind_resolver.c --- */

/* Bind a field with @resolver. */
bool bind_resolver(struct bind_site *site);
/* Bind a field of a resolver's payload. */
bool bind_output(struct bind_site *site);
/* Does the C function take an argument of that name? */
bool bind_resolver_takes(const struct resolver_signature *resolver, struct str argument);

/* The parameter that the field's argument is for: the one with its name, or the unnamed one in its
 * place. */
const struct parameter *
bind_function_parameter(struct binder *b, const struct function *function,
                        const struct field *field, const struct input_value *argument);
/* The function that the field's @function names: if several have the name, the only one that takes
 * the field's arguments.  NULL, and nothing reported: `count` functions do. */
const struct function *bind_function_find(struct binder *b, const struct type *parent,
                                          const struct field *field, int *count);
/* The function of that name whose only parameter is a row of the table, and which a query may call
 * for one value.  NULL, and nothing reported: there is none, for the reason that `why` becomes. */
const struct function *bind_function_of_row(const struct binder *b, const struct table *table,
                                            struct str name, struct str *why);
/* Does every call give each parameter that has no default? */
bool bind_function_check_parameters(const struct bind_site *site);

/* --- bind_argument.c --- */

/* Bind the field's arguments.  Check that they fit @exactlyOne, and that those of a field with a
 * single row find at most one.  The rest of the field's binding is complete. */
bool bind_argument_all(struct bind_site *site);
/* The binding of the argument, whatever the others are.  NULL after a misfit. */
const struct argument_binding *
bind_argument(const struct bind_site *site, const struct input_value *argument);
/* Report a misfit of the argument, at its name. */
void bind_argument_misfit(const struct bind_site *site, const struct input_value *argument,
                          const char *format, ...) PRINTF(3, 4);
/* The codec from values of the argument to the database's type `shown`, which is that of the
 * `what` (column, parameter) with this `name`.  NULL after a misfit. */
const struct codec *
bind_argument_codec(const struct bind_site *site, const struct input_value *argument,
                    const char *what, struct str name, const struct column_type *shown);
/* Compare a column of the field's rows with the argument.  NULL after a misfit. */
const struct argument_binding *
bind_argument_equals(const struct bind_site *site, const struct input_value *argument);
/* The texts that @search(columns:) lists. */
const struct ast_node *bind_argument_search(const struct ast_directive *directive);

/* --- bind_order.c: what @order says; bind_order_by.c: what `orderBy` may ask for --- */

/* Where an order is written, and which rows it sorts. */
struct order_place {
    struct binder *binder;
    uint32_t offset;
    struct str subject;
    const struct table *table;
    const struct table *between; /* of rows that are joined through it; or NULL */
};

void bind_order_misfit(const struct order_place *place, const char *format, ...) PRINTF(2, 3);
/* Is the type of an order's field an enum of directions?  False after a misfit. */
bool bind_order_check_direction(const struct order_place *place, const struct type *type);
/* Can rows be sorted by the column?  It is NULL if the table has no column of the name.  False
 * after a misfit. */
bool bind_order_check_column(const struct order_place *place, const struct column *column,
                             struct str name, const char *remedy);
/* `created_at DESC, url`: what @order(by:) says.  False after a misfit. */
bool bind_order_text(const struct order_place *place, struct str text, struct order *order);

/* The field's rows are a list: check that they have a key, and bind @order. */
bool bind_order_default(struct bind_site *site);
/* Bind `orderBy`.  NULL after a misfit. */
const struct argument_binding *
bind_order_argument(const struct bind_site *site, const struct input_value *argument);
/* The field's arguments are bound: has it a filter for the words of each order by rank?  False
 * after a misfit. */
bool bind_order_check_words(const struct bind_site *site);

/* --- bind_filter.c --- */

/* A field of a filter while it is bound. */
struct filter_site {
    struct binder *binder;
    struct bound_filter *filter;
    const struct input_value *input;
    struct filter_field *field;
};

/* Can the field have a filter: does it show rows of a table, a list of joined rows or of a
 * function's rows, or an aggregate of rows? */
bool bind_filter_stands(const struct bind_site *site);
/* Is the argument of such a field a filter? */
bool bind_filter_is(const struct input_value *argument);
/* Bind it.  NULL after a misfit. */
const struct argument_binding *
bind_filter_argument(const struct bind_site *site, const struct input_value *argument);
/* The same for a write: every part of the filter must have a condition. */
const struct argument_binding *
bind_filter_of_write(const struct bind_site *site, const struct input_value *argument);
/* Report a misfit at the filter's field; `within` is the field of its type that the misfit is
 * about, or STR_NONE. */
void bind_filter_misfit(const struct filter_site *site, struct str within, const char *format, ...)
    PRINTF(3, 4);
/* The name that @operator gives the input, or else its own. */
struct str bind_filter_name(const struct binder *b, const struct input_value *input);
/* Is it a list whose items may be null? */
bool bind_filter_has_null_items(const struct type *type);
/* The input type as a filter of rows of the table.  It is bound when it is first used. */
const struct bound_filter *
bind_filter_find(struct binder *b, const struct type *type, const struct table *table);
/* The same for a filter within the site's field.  Its misfits are also the site's. */
const struct bound_filter *
bind_filter_within(const struct filter_site *site, const struct input_value *input,
                   const struct table *table);

/* --- bind_filter_column.c --- */

/* Does the field's type have only operators, or does the field name a column, and no rows? */
bool bind_filter_is_of_column(const struct filter_site *site);
/* Find the column, and bind the comparison of the field, or that of each operator of its type. */
void bind_filter_column(const struct filter_site *site);

/* --- bind_filter_join.c --- */

/* Does the field's type have only `some`, `every` and `none`? */
bool bind_filter_is_of_rows(const struct filter_site *site);
/* The join of the field's rows, which are one or many by its kind; and the type that shows them, or
 * NULL.  NULL after a misfit. */
const struct join *bind_filter_find_join(const struct filter_site *site, const struct type **rows);
/* Find the join, and bind the conditions on the joined rows. */
void bind_filter_join(const struct filter_site *site);

#endif
