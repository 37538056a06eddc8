/*
 * bind_mock_internal.h - what the files that bind made-up values share.
 *
 *     bind_mock.c            types and fields
 *     bind_mock_argument.c   their arguments
 *     bind_mock_order.c      what lists are sorted by
 *     bind_mock_filter.c     what filters ask
 *     bind_mock_aggregate.c  what many objects have together
 *     bind_mock_write.c      which objects a mutation writes
 *     bind_mock_directive.c  @mock
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MOCK_BINDING_BIND_MOCK_INTERNAL_H
#define MOCK_BINDING_BIND_MOCK_INTERNAL_H

#include "base/map.h"
#include "binder_base/binder.h"
#include "mock_binding/bind_mock.h"

/* --- bind_mock_argument.c --- */

/* The field of the type that would be shown from a column of this name; or NULL. */
const struct field *bind_mock_column(struct binder *b, const struct type *type, struct str column);
/* The field of the type that an argument, or an input of a filter, is compared with; or NULL. */
const struct field *
bind_mock_compared(struct binder *b, const struct type *target, const struct input_value *input);
/* The field that shows what a function makes of the row, where @function is among the directives;
 * NULL: none. */
const struct field *
bind_mock_made(struct binder *b, const struct type *target, const struct ast_node *directives);
/* Bind the fields that @search(columns:) names, of any of the possible types; NULL: all texts. */
void bind_mock_searched(struct binder *b, const struct type *target,
                        const struct ast_directive *directive, struct argument_binding *binding);
/* Is it about many objects, which arguments choose from? */
bool bind_mock_is_many(const struct mock *mock);
/* Bind the field's arguments.  Those that mean nothing here are PARAMETER. */
void bind_mock_arguments(struct binder *b, struct field *field, const struct mock *mock);

/* --- bind_mock_order.c --- */

/* Read what @order(by:) says, without columns that no field shows. */
struct mock_orders bind_mock_orders(struct binder *b, const struct type *target, struct str text);
/* The input object or enum as an order of the target's objects. */
const struct mock_sort *
bind_mock_sort(struct binder *b, const struct type *type, const struct type *target);

/* --- bind_mock_filter.c --- */

/* The input object as a filter of the target's objects. */
const struct mock_filter *
bind_mock_filter(struct binder *b, const struct type *type, const struct type *target);

/* --- bind_mock_write.c --- */

/* The rows that the field writes; NULL: none. */
const struct mock_write *
bind_mock_write(struct binder *b, const struct type *parent, const struct field *field);

/* --- bind_mock_aggregate.c --- */

/* Does it show what many objects have together? */
bool bind_mock_is_aggregate(struct binder *b, const struct type *type);
/* Of what objects: a type with ids; or NULL. */
const struct type *bind_mock_aggregated(struct binder *b, const struct type *type);
/* Find what a field of an aggregate, or of an object within, is made of. */
void bind_mock_member(struct binder *b, const struct type *parent, const struct field *field,
                      struct mock *mock);

/* --- bind_mock_directive.c --- */

/* The number that an argument of the directive says, or `otherwise`.  A misfit, of `subject`,
 * when it is negative. */
int bind_mock_number(struct binder *b, const struct ast_directive *directive, const char *argument,
                     struct str subject, int otherwise);
/* The name of an enum's value that an argument of the directive is; or STR_NONE. */
struct str bind_mock_word(const struct ast_directive *directive, const char *argument);
/* Read the field's @mock, and that of its scalar. */
void bind_mock_directive(struct binder *b, const struct type *parent, const struct field *field,
                         struct mock *mock);

#endif
