/*
 * catalog_parse_search.c - which columns have an index that finds texts within their values.
 *
 * SPDX-License-Identifier: MIT
 */
#include "catalog/catalog_parse_internal.h"

/* When a column has both kinds of index, the one on lower() counts: PostgreSQL makes the pattern
 * lower-case once, and not for every row. */
void
catalog_parse_search(struct catalog_reader *r)
{
    enum column_search search = SEARCH_LOWER;
    int count = 0;

    if (!scan_accept(&r->scan, "lower")) {
        scan_expect(&r->scan, "plain");
        search = SEARCH_PLAIN;
    }
    const struct column **columns = catalog_parse_columns(r, r->table, &count);
    for (int i = 0; !r->scan.failed && i < count; i++) {
        struct column *column = &r->table->columns[columns[i]->number];
        if (column->search < search)
            column->search = search;
    }
}
