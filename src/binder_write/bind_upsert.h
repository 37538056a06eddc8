/*
 * bind_upsert.h - @upsert: how a row that is there already is found, and what changes of it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BINDER_WRITE_BIND_UPSERT_H
#define BINDER_WRITE_BIND_UPSERT_H

#include "binder_base/binder.h"

/* Find the columns that the directive names, of the table that is written.  False after a
 * misfit. */
bool bind_upsert(struct bind_site *site, const struct ast_directive *directive);
/* All arguments are bound: is each of these columns given?  False after a misfit. */
bool bind_upsert_check(const struct bind_site *site);

#endif
