/*
 * bind_order.h - what the files that bind orders share: bind_order.c, what @order says, and
 * bind_order_by.c, what `orderBy` may ask for.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BINDER_BIND_ORDER_H
#define BINDER_BIND_ORDER_H

#include "binder/bind_internal.h"

/* Where an order is written, and of which rows it is. */
struct order_place {
    struct binder *binder;
    uint32_t offset;
    struct str subject;
    const struct table *table;
    const struct table *between; /* of rows that are joined through it; or NULL */
};

void bind_order_misfit(const struct order_place *place, const char *format, ...) PRINTF(2, 3);
/* May rows be sorted by the column, which is NULL where the table has none of the name?  False
 * after a misfit. */
bool bind_order_check_column(const struct order_place *place, const struct column *column,
                             struct str name, const char *remedy);
/* `created_at DESC, url`: what @order(by:) says.  False after a misfit. */
bool bind_order_text(const struct order_place *place, struct str text, struct order *order);

#endif
