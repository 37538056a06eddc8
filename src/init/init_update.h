/*
 * init_update.h - what is new goes into a contract that is there already.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef INIT_INIT_UPDATE_H
#define INIT_INIT_UPDATE_H

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct ast_document;
struct buf;
struct errors;

/* Write the old contract with what `written`, the new one, has and it has not; all its bytes stay.
 * What a comment of the old one names stays out.  `summary` gets what was added, as lines that
 * begin with `+`; empty: nothing is new.  False after adding errors: `written` cannot be parsed. */
bool init_update(struct arena *a, const struct ast_document *old, struct str written,
                 struct buf *text, struct buf *summary, struct errors *errors) MUST_CHECK;

#endif
