/*
 * write_node.c - objects that were found by their ids, ids, and what a mutation was given.
 *
 * SPDX-License-Identifier: MIT
 */
#include "response/write.h"

#include <assert.h>

#include "base/json.h"
#include "schema/schema.h"
#include "value/value.h"
#include "codec/global_id.h"
#include "execution/run.h"

bool
write_global_id(struct writer *w, const struct plan_field *field, struct row row,
                const struct path *path)
{
    const struct bound_global_id *bound = binding_global_id(field->definition->binding);
    struct str cells[GLOBAL_ID_COLUMNS] = { { NULL, 0 } };
    bool has_row =
        row.statement->state == RUN_DONE && row.number < rows_count(row.statement->call.rows);

    for (int i = 0; i < bound->count; i++) {
        if (has_row)
            cells[i] = rows_get(row.statement->call.rows, row.number, field->cells[i]);
        if (!cells[i].ptr)
            return write_null(w, field, field->type, path);
    }
    global_id_write(w->buf, bound->id, bound->columns, cells);
    return true;
}

/* Find the row of the id with that number, and the variant of its type; NULL: there is none. */
static const struct plan_variant *
find_row(const struct writer *w, const struct plan_field *field, int number, struct row *row)
{
    for (const struct plan_variant *v = field->variants; v; v = v->next) {
        if (!v->relation)
            continue;
        const struct run_statement *own = &w->run->statements[v->relation->statement->number];
        int key = own->state == RUN_DONE ? own->key_of_row[number] : -1;
        if (key < 0 || own->first_row[key] == own->first_row[key + 1])
            continue;
        *row = (struct row){ .statement = own, .number = own->first_row[key] };
        return v;
    }
    return NULL;
}

/* The object of the id with that number, which may be null. */
static bool
write_one(struct writer *w, const struct plan_field *field, int number, const struct path *path)
{
    size_t start = w->buf->len;
    struct row row;
    const struct plan_variant *variant = find_row(w, field, number, &row);

    return (variant && write_fields(w, variant->fields, row, path)) ||
           write_stop(w, type_named(field->type), start);
}

/* Why objects could not be looked for; or NULL. */
static const struct error *
find_failure(const struct writer *w, const struct plan_field *field)
{
    for (const struct plan_variant *v = field->variants; v; v = v->next) {
        const struct run_statement *own =
            v->relation ? &w->run->statements[v->relation->statement->number] : NULL;
        if (own && own->state == RUN_FAILED)
            return own->error;
    }
    return NULL;
}

bool
write_found(struct writer *w, const struct plan_field *field, const struct path *path)
{
    const struct error *error = find_failure(w, field);
    const struct value *ids =
        error ? NULL : execute_only_argument(w->run, execute_find_root(w->run, field), &error);

    if (error)
        return write_failure(w, field, field->type, path, error);
    if (ids->kind != VALUE_LIST)
        return write_one(w, field, 0, path);
    buf_byte(w->buf, '[');
    for (int i = 0; i < ids->count && !w->buf->failed; i++) {
        struct path item = { .parent = path, .index = i };
        buf_put_c(w->buf, i > 0 ? "," : "");
        if (!write_one(w, field, i, &item))
            return false;
    }
    buf_byte(w->buf, ']');
    return true;
}

bool
write_echo(struct writer *w, const struct plan_field *field, const struct path *path)
{
    const struct error *error;
    const struct value *input =
        execute_only_argument(w->run, execute_find_root(w->run, w->root), &error);
    const struct value *value = input ? value_find(input, field->definition->name) : NULL;

    if (!value || value->kind == VALUE_NULL)
        return write_null(w, field, field->type, path);
    json_write_string(w->buf, value->text);
    return true;
}
