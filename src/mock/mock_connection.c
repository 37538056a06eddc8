/*
 * mock_connection.c - pages as Relay's connections, edges and page infos.
 *
 * SPDX-License-Identifier: MIT
 */
#include <assert.h>

#include "base/json.h"
#include "binding/binding.h"
#include "mock/mock_internal.h"

static bool
write_nodes(struct mock_call *call, bool are_edges)
{
    struct buf *b = call->w->buf;
    const struct type *type = type_nullable(call->field->type);
    const struct mock_page *page = call->parent->page;

    buf_byte(b, '[');
    for (int i = page->start; i < page->end && !b->failed; i++) {
        struct path path = { .parent = call->path, .index = i - page->start };
        struct mock_object item = mock_entity_object(page->list[i]);
        if (are_edges)
            item = (struct mock_object){ .type = type_named(type),
                                         .seed = item.seed,
                                         .given = call->parent->given,
                                         .page = page,
                                         .index = i };
        else
            item.given = call->parent->given;
        if (i > page->start)
            buf_byte(b, ',');
        size_t start = b->len;
        if (!mock_field_object(call, &item, &path) && !write_stop(call->w, type->of, start))
            return false;
    }
    buf_byte(b, ']');
    return true;
}

static bool
write_edges(struct mock_call *call)
{
    return write_nodes(call, true);
}

static bool
write_plain_nodes(struct mock_call *call)
{
    return write_nodes(call, false);
}

static bool
write_page_info(struct mock_call *call)
{
    const struct mock_object info = { .type = type_named(call->field->type),
                                      .seed = call->seed,
                                      .page = call->parent->page };

    return mock_field_object(call, &info, call->path);
}

static bool
write_total(struct mock_call *call)
{
    int count = call->parent->page->count, most = call->mock->at_most;

    buf_int64(call->w->buf, most >= 0 && count > most ? most + 1 : count); /* one more: and more */
    return true;
}

static bool
write_node(struct mock_call *call)
{
    assert(call->parent->index >= call->parent->page->start &&
           call->parent->index < call->parent->page->end);
    struct mock_object node = mock_entity_object(call->parent->page->list[call->parent->index]);

    node.given = call->parent->given;
    return mock_field_object(call, &node, call->path);
}

static bool
write_cursor_of(struct mock_call *call, int index)
{
    const struct mock_page *page = call->parent->page;

    mock_page_write_cursor(call->w->buf, page, page->list[index]);
    return true;
}

/* At an end of the page; an empty one keeps the place that it was asked from. */
static bool
write_end(struct mock_call *call, int index, const struct value *asked)
{
    const struct mock_page *page = call->parent->page;

    if (page->start < page->end)
        return write_cursor_of(call, index);
    if (!asked)
        return write_null(call->w, call->field, call->field->type, call->path);
    value_write_json(call->w->buf, asked);
    return true;
}

static bool
write_cursor(struct mock_call *call)
{
    return write_cursor_of(call, call->parent->index);
}

static bool
write_start_cursor(struct mock_call *call)
{
    return write_end(call, call->parent->page->start, call->parent->page->before);
}

static bool
write_end_cursor(struct mock_call *call)
{
    return write_end(call, call->parent->page->end - 1, call->parent->page->after);
}

static bool
write_has_next(struct mock_call *call)
{
    json_write_bool(call->w->buf, call->parent->page->has_next);
    return true;
}

static bool
write_has_previous(struct mock_call *call)
{
    json_write_bool(call->w->buf, call->parent->page->has_previous);
    return true;
}

/* The fields, by the shape of their type. */
static const struct {
    enum mock_shape shape;
    const char *name;
    bool is_leaf, is_list;
    bool (*write)(struct mock_call *call);
} fields[] = {
    { MOCK_CONNECTION, "edges", false, true, write_edges },
    { MOCK_CONNECTION, "nodes", false, true, write_plain_nodes },
    { MOCK_CONNECTION, "pageInfo", false, false, write_page_info },
    { MOCK_CONNECTION, "totalCount", true, false, write_total },
    { MOCK_CONNECTION, "total", true, false, write_total },
    { MOCK_CONNECTION, "count", true, false, write_total },
    { MOCK_EDGE, "node", false, false, write_node },
    { MOCK_EDGE, "cursor", true, false, write_cursor },
    { MOCK_PAGE_INFO, "hasNextPage", true, false, write_has_next },
    { MOCK_PAGE_INFO, "hasPreviousPage", true, false, write_has_previous },
    { MOCK_PAGE_INFO, "startCursor", true, false, write_start_cursor },
    { MOCK_PAGE_INFO, "endCursor", true, false, write_end_cursor },
};

bool
mock_connection_write(struct mock_call *call, bool *is_written)
{
    const struct field *field = call->field->definition;
    const struct type *type = type_nullable(field->type);

    *is_written = false;
    for (size_t i = 0; call->parent->page && i < ARRAY_LENGTH(fields); i++) {
        if (fields[i].shape != binding_of_type(call->parent->type)->mock->shape ||
            !str_is(field->name, fields[i].name) ||
            type_is_leaf(type_named(type)) != fields[i].is_leaf ||
            (type->kind == TYPE_LIST) != fields[i].is_list)
            continue;
        *is_written = true;
        return fields[i].write(call);
    }
    return false;
}
