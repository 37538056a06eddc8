/*
 * bind_filter.h - what the files that bind filters share: bind_filter.c (the whole),
 * bind_filter_column.c (columns and operators), bind_filter_join.c (joined rows).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BINDER_BIND_FILTER_H
#define BINDER_BIND_FILTER_H

#include "binder/bind_internal.h"
#include "binding/filter.h"

/* A field of a filter while it is bound. */
struct filter_site {
    struct binder *binder;
    struct bound_filter *filter;
    const struct input_value *input;
    struct filter_field *field;
};

/* --- bind_filter.c --- */

/* Report a misfit at the filter's field; `within` is the input of its type that it is about, or
 * STR_NONE. */
void bind_filter_misfit(const struct filter_site *site, struct str within, const char *format, ...)
    PRINTF(3, 4);
/* What the input is named, or what its @operator says. */
struct str bind_filter_name(const struct binder *b, const struct input_value *input);
/* Is it a list whose items may be null? */
bool bind_filter_has_null_items(const struct type *type);
/* The input type as a filter of rows of the table, bound when it is first used so. */
const struct bound_filter *
bind_filter_find(struct binder *b, const struct type *type, const struct table *table);
/* The same for what stands within the site's field, whose misfits are the site's, too. */
const struct bound_filter *
bind_filter_within(const struct filter_site *site, const struct input_value *input,
                   const struct table *table);

/* --- bind_filter_column.c --- */

/* Has the field's type operators alone, or does it at least name a column and no rows? */
bool bind_filter_is_of_column(const struct filter_site *site);
/* Find the column, and what the field, or each operator of its type, compares it with. */
void bind_filter_column(const struct filter_site *site);

/* --- bind_filter_join.c --- */

/* Has the field's type `some`, `every` and `none` alone? */
bool bind_filter_is_of_rows(const struct filter_site *site);
/* Find how the rows are joined, and bind what is to hold of them. */
void bind_filter_join(const struct filter_site *site);

#endif
