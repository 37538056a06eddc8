/*
 * write_aggregate.c - what is made of many rows: counts, and objects of sums and the like.
 *
 * SPDX-License-Identifier: MIT
 */
#include "response/write.h"

bool
write_aggregate_tally(struct writer *w, const struct plan_field *field, struct row row,
                      const struct path *path)
{
    static const char zero[sizeof(int64_t)];
    struct str cell = { zero, sizeof(zero) };

    if (row.statement->state == RUN_DONE && row.number >= 0 &&
        row.number < rows_count(row.statement->call.rows))
        cell = rows_get(row.statement->call.rows, row.number, field->cell);
    return write_element(w, field, field->type, field->codec, cell, path);
}

bool
write_aggregate_summary(struct writer *w, const struct plan_field *field, struct row row,
                        const struct path *path)
{
    size_t start = w->buf->len;

    return write_fields(w, field->fields, row, path) || write_stop(w, field->type, start);
}
