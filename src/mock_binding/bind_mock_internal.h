/*
 * bind_mock_internal.h - what bind_mock.c (types and fields), bind_mock_argument.c and
 * bind_mock_directive.c share.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MOCK_BINDING_BIND_MOCK_INTERNAL_H
#define MOCK_BINDING_BIND_MOCK_INTERNAL_H

#include "base/map.h"
#include "binder/binder.h"
#include "mock_binding/bind_mock.h"

/* --- bind_mock_argument.c --- */

/* The field of the type that would be shown from a column of this name; or NULL. */
const struct field *bind_mock_column(struct binder *b, const struct type *type, struct str column);
/* Bind the field's arguments.  Those that mean nothing here are PARAMETER. */
void bind_mock_arguments(struct binder *b, struct field *field, const struct mock *mock);

/* --- bind_mock_directive.c --- */

/* The number that an argument of the directive says, or `otherwise`.  A misfit, of `subject`,
 * when it is negative. */
int bind_mock_number(struct binder *b, const struct ast_directive *directive, const char *argument,
                     struct str subject, int otherwise);
/* Read the field's @mock, and that of its scalar. */
void bind_mock_directive(struct binder *b, const struct type *parent, const struct field *field,
                         struct mock *mock);

#endif
