/*
 * bind_version.h - @version: fields that show the version of a row, and what `ifVersion` compares.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BINDER_WRITE_BIND_VERSION_H
#define BINDER_WRITE_BIND_VERSION_H

#include "binder_base/binder.h"

/* The column that the field's @version means, of the table: that of its name, or xmin.  NULL after
 * a misfit. */
const struct column *
bind_version_column(const struct bind_site *site, const struct ast_directive *directive,
                    const struct table *table);
/* The column that a field with @version shows, of the rows that a write shows: what `ifVersion` of
 * it compares, where it names none.  NULL, and nothing reported: no field has it. */
const struct column *bind_version_shown(const struct bind_site *site);
/* The contract is bound: report each field that shows, by an SQL function, rows whose version is
 * xmin, which what a function returns does not have. */
void bind_version_check_functions(struct binder *b);
/* May a role that requests take on read what is kept of each row of the table?  False after a
 * misfit: `what` does. */
bool
bind_version_check_whole(const struct bind_site *site, const struct table *table, const char *what);

#endif
