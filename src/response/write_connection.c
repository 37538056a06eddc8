/*
 * write_connection.c - pages of rows as connections (GraphQL Cursor Connections Specification).
 *
 * The rows of a page come with one more, which is not shown: there is a next page, in the
 * direction in which the list is read.  A page that was read from the list's end comes last row
 * first, and is turned here.
 *
 * SPDX-License-Identifier: MIT
 */
#include <assert.h>

#include "base/error.h"
#include "base/json.h"
#include "base/limits.h"
#include "schema/schema.h"
#include "value/value.h"
#include "codec/cursor.h"
#include "response/write.h"

/* What the parts of a connection are written from. */
struct page {
    const struct plan_page *plan;
    struct row parent;        /* that the connection is a field of */
    struct write_range range; /* of the rows that it shows, as they came */
    bool has_more;            /* one more came */
};

static int
page_count(const struct page *page)
{
    return page->range.end - page->range.first;
}

/* The row that is shown as the n-th. */
static struct row
page_row(const struct page *page, int n)
{
    const struct write_range *range = &page->range;

    return (struct row){ .statement = range->rows,
                         .number = page->plan->is_backward ? range->end - 1 - n : range->first + n,
                         .page = page };
}

bool
write_connection_field(struct writer *w, const struct plan_field *field, struct row parent,
                       const struct path *path)
{
    const struct plan_page *plan = field->page;
    struct page page = { .plan = plan, .parent = parent };
    size_t start = w->buf->len;

    if (plan->rows)
        page.range = write_find_rows(w, plan->rows, parent);
    page.has_more = page_count(&page) > plan->limit;
    if (page.has_more)
        page.range.end = page.range.first + plan->limit;
    return write_fields(w, field->fields, (struct row){ .page = &page }, path) ||
           write_stop(w, field->type, start);
}

/* --- edges and nodes --- */

static bool
write_node(struct writer *w, const struct plan_field *field, const struct type *type,
           struct row row, const struct path *path)
{
    size_t start = w->buf->len;

    return write_row(w, field, row, path) || write_stop(w, type, start);
}

static bool
write_edge(struct writer *w, const struct plan_field *field, const struct type *type,
           struct row row, const struct path *path)
{
    size_t start = w->buf->len;

    return write_fields(w, field->fields, row, path) || write_stop(w, type, start);
}

static bool
write_items(struct writer *w, const struct plan_field *field, const struct page *page,
            const struct path *path)
{
    const struct type *type = type_nullable(field->type)->of;
    int count = page_count(page);
    size_t start = w->buf->len;

    buf_byte(w->buf, '[');
    for (int i = 0; i < count && !w->buf->failed; i++) {
        struct path item = { .parent = path, .index = i };
        struct row row = page_row(page, i);
        if (i > 0)
            buf_byte(w->buf, ',');
        if (!(field->part == CONNECTION_EDGES ? write_edge : write_node)(w, field, type, row,
                                                                         &item))
            return write_stop(w, field->type, start);
    }
    buf_byte(w->buf, ']');
    return true;
}

/* --- cursors --- */

/* What is longer than a string may be that clients send would be refused as an argument. */
static bool
refuse_cursor(struct writer *w, const struct plan_field *field, const struct path *path)
{
    if (errors_leave_out(w->errors))
        return write_stop(w, field->type, w->buf->len);
    return write_failure(
        w, field, field->type, path,
        errors_add_limit(&(struct errors){ .arena = w->errors->arena }, "json_string",
                         w->run->options.limits->json_string,
                         "The row has no cursor: what it is sorted by is too long."));
}

static bool
write_cursor(struct writer *w, const struct plan_field *field, const struct page *page,
             struct row row, const struct path *path)
{
    struct str cells[CURSOR_TERMS];

    assert(page->plan->cell_count > 0 && page->plan->cell_count <= CURSOR_TERMS);
    for (int i = 0; i < page->plan->cell_count; i++)
        cells[i] = rows_get(row.statement->call.rows, row.number, page->plan->cells[i]);
    if (cursor_length(cells, page->plan->cell_count) > (size_t)w->run->options.limits->json_string)
        return refuse_cursor(w, field, path);
    buf_byte(w->buf, '"');
    cursor_encode(w->buf, w->run->options.cursor_keys, page->plan->place, cells,
                  page->plan->cell_count);
    buf_byte(w->buf, '"');
    return true;
}

/* A page without rows is where it was asked from, so that a client keeps its place. */
static bool
write_asked(struct writer *w, const struct plan_field *field, const struct plan_cursor *cursor,
            const struct path *path)
{
    if (!cursor)
        return write_null(w, field, field->type, path);
    json_write_string(w->buf, execute_given_cursor(w->run, cursor));
    return true;
}

static bool
write_end_cursor(struct writer *w, const struct plan_field *field, const struct page *page,
                 bool is_start, const struct path *path)
{
    int count = page_count(page);

    if (count == 0)
        return write_asked(w, field, is_start ? page->plan->before : page->plan->after, path);
    return write_cursor(w, field, page, page_row(page, is_start ? 0 : count - 1), path);
}

/* --- what is around the page --- */

/* Is there a row behind the page, or in front of it?  In the direction in which it was read the
 * rows say it; in the other the probe does, where a cursor was given. */
static bool
has_neighbour(const struct writer *w, const struct page *page, bool is_next)
{
    const struct plan_page *plan = page->plan;

    if (is_next != plan->is_backward)
        return page->has_more;
    if (!plan->probe || (plan->skip && !execute_skips(w->run, plan)))
        return false;
    struct write_range found = write_find_rows(w, plan->probe, page->parent);
    return found.end > found.first;
}

/* The count, or one more than the most that is counted to, which is written into `text`: what is
 * made of all rows has counted all of them. */
static struct str
cut_count(struct str cell, int most, char text[static sizeof(int64_t)])
{
    uint64_t count = 0, cut = (uint64_t)most + 1;

    for (size_t i = 0; i < cell.len; i++)
        count = count << 8 | (unsigned char)cell.ptr[i];
    if (count <= cut)
        return cell;
    for (int i = 7; i >= 0; i--, cut >>= 8)
        text[i] = (char)(cut & 0xff);
    return (struct str){ text, sizeof(int64_t) };
}

static bool
write_total_count(struct writer *w, const struct plan_field *field, const struct page *page,
                  const struct path *path)
{
    static const char zero[8];
    char text[sizeof(int64_t)];
    struct write_range range = write_find_rows(w, page->plan->count, page->parent);
    struct str cell = { zero, sizeof(zero) }; /* of a parent whose key is null */

    if (range.end > range.first)
        cell = rows_get(range.rows->call.rows, range.first, page->plan->count_cell);
    if (page->plan->count_most >= 0)
        cell = cut_count(cell, page->plan->count_most, text);
    return write_element(w, field, field->type, field->codec, cell, path);
}

bool
write_connection_part(struct writer *w, const struct plan_field *field, struct row row,
                      const struct path *path)
{
    const struct page *page = row.page;

    assert(page && page->plan == field->page);
    switch (field->part) {
    case CONNECTION_EDGES:
    case CONNECTION_NODES:
        return write_items(w, field, page, path);
    case CONNECTION_PAGE_INFO:
        return write_edge(w, field, field->type, row, path);
    case CONNECTION_TOTAL_COUNT:
        return write_total_count(w, field, page, path);
    case CONNECTION_AGGREGATE: {
        struct write_range range = write_find_rows(w, page->plan->count, page->parent);
        struct row all = { .statement = range.rows, .number = -1 };
        if (range.end > range.first)
            all.number = range.first;
        return write_aggregate_summary(w, field, all, path);
    }
    case EDGE_NODE:
        return write_node(w, field, field->type, row, path);
    case EDGE_CURSOR:
        return write_cursor(w, field, page, row, path);
    case PAGE_HAS_NEXT:
    case PAGE_HAS_PREVIOUS:
        json_write_bool(w->buf, has_neighbour(w, page, field->part == PAGE_HAS_NEXT));
        return true;
    case PAGE_START_CURSOR:
    case PAGE_END_CURSOR:
        return write_end_cursor(w, field, page, field->part == PAGE_START_CURSOR, path);
    case EDGE_COLUMN: /* a leaf */
        break;
    }
    assert(false);
    return false;
}
