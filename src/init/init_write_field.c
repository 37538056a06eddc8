/*
 * init_write_field.c - fields that show rows: lists of them, and one by its key.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "base/buf.h"
#include "catalog/catalog.h"
#include "init/init_internal.h"
#include "init/init_writer.h"

/* The arguments of a list, on one line or on two. */
static struct str
list_arguments(struct init_writer *w, size_t used, const char *paging, struct str where,
               struct str order_by)
{
    struct arena *a = w->model->arena;
    struct buf *choice = buf_new(a);

    if (where.ptr)
        buf_printf(choice, "where: %.*s", STR_PRINT(where));
    if (order_by.ptr)
        buf_printf(choice, "%sorderBy: [%.*s!]", where.ptr ? ", " : "", STR_PRINT(order_by));
    struct str chosen = buf_copy(a, choice);
    if (chosen.len == 0)
        return str_format(a, "(%s)", paging);
    struct str line = str_format(a, "(%s, %.*s)", paging, STR_PRINT(chosen));
    return used + line.len <= INIT_LINE_MOST
               ? line
               : str_format(a, "(\n    %s\n    %.*s\n  )", paging, STR_PRINT(chosen));
}

bool
init_is_connection(const struct init_writer *w, const struct init_table *t)
{
    return w->model->options.style != INIT_LISTS && t->key_count > 0;
}

struct str
init_list_field(struct init_writer *w, struct str name, const struct init_table *t, bool is_root,
                bool pages)
{
    struct arena *a = w->model->arena;
    struct str type = pages ? str_format(a, "%.*sConnection!", STR_PRINT(t->stem))
                            : str_format(a, "[%.*s!]!", STR_PRINT(t->type));
    struct str where =
        t->filter_count > 0 ? str_format(a, "%.*sFilter", STR_PRINT(t->stem)) : STR_NONE;
    struct str sort =
        is_root && t->order_count > 0 ? str_format(a, "%.*sSort", STR_PRINT(t->stem)) : STR_NONE;
    const char *paging =
        pages ? "first: Int, after: String, last: Int, before: String" : "first: Int, skip: Int";

    return str_format(a, "%.*s%.*s: %.*s", STR_PRINT(name),
                      STR_PRINT(list_arguments(w, name.len + type.len, paging, where, sort)),
                      STR_PRINT(type));
}

/* Are its rows found by their global ids? */
static bool
has_global_key(const struct init_model *m, const struct init_table *t)
{
    return init_is_node(m, t) && t->key_count == 1;
}

struct str
init_with_global_id(struct init_writer *w, struct str directives, const struct init_table *of)
{
    return str_format(w->model->arena, "%.*s%s@globalId(of: \"%.*s\")", STR_PRINT(directives),
                      directives.len > 0 ? " " : "", STR_PRINT(of->type));
}

/* What says which column, or which id, an argument is compared with; "" where its name does.  A
 * payload's rows have no ids of their own. */
static struct str
key_directive(struct init_writer *w, const struct init_table *t, const struct column *column,
              struct str name, bool is_write)
{
    bool is_global = has_global_key(w->model, t);
    struct str directive =
        is_global && !is_write ? STR("") : init_column_directive(w, t->table, column, name);

    return is_global && is_write ? init_with_global_id(w, directive, t) : directive;
}

struct str
init_key_arguments(struct init_writer *w, const struct init_table *t, bool is_write)
{
    const struct init_model *m = w->model;
    struct buf *b = buf_new(m->arena);
    bool is_id = t->key_count == 1 && (init_has_id(m, t) || init_is_node(m, t));

    for (int i = 0; i < t->key_count; i++) {
        const struct column *column = t->key[i];
        struct str name = is_id ? STR("id") : init_argument_name(m, column);
        bool is_shown_so = init_has_id(m, t) || init_find_column(t, column)->is_joined;
        struct str type = (is_shown_so && init_may_be_id(column)) || has_global_key(m, t)
                              ? STR("ID")
                              : init_column_type(m, column);
        struct str directive = key_directive(w, t, column, name, is_write);
        buf_printf(b, "%s%.*s: %.*s!%s%.*s", i > 0 ? ", " : "", STR_PRINT(name), STR_PRINT(type),
                   directive.len > 0 ? " " : "", STR_PRINT(directive));
    }
    return buf_copy(m->arena, b);
}

struct str
init_one_field(struct init_writer *w, const struct init_table *t)
{
    return str_format(w->model->arena, "%.*s(%.*s): %.*s", STR_PRINT(t->one),
                      STR_PRINT(init_key_arguments(w, t, false)), STR_PRINT(t->type));
}
