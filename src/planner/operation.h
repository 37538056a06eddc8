/*
 * operation.h - which operation of a document is meant (specification, 6.1,
 * GetOperation).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef PLANNER_OPERATION_H
#define PLANNER_OPERATION_H

#include <stdbool.h>

#include "base/str.h"

struct ast_document;
struct ast_operation;
struct errors;

/* The operation called `name`, or the only one for STR_NONE.  NULL after adding
 * OPERATION_RESOLUTION_FAILURE: for a subscription too, unless `may_subscribe` (mock). */
const struct ast_operation *operation_get(const struct ast_document *document, struct str name,
                                          bool may_subscribe, struct errors *errors) MUST_CHECK;

#endif
