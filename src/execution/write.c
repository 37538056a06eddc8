/*
 * write.c - from rows to the response (specification, 6.4.3 and 6.4.4).
 *
 * One recursion over the plan's fields beside the rows.  A value is written as
 * it is met; where one turns out to be null and its type is non-null, the
 * function returns false, and the nearest caller whose type may be null takes
 * back what has been written since, and writes null instead.
 *
 * SPDX-License-Identifier: MIT
 */
#include "execution/write.h"

#include <assert.h>

#include "base/json.h"
#include "language/source.h"
#include "type/contract.h"
#include "type/schema.h"

/* Where a value stands: a row of a statement, of NULL for the root. */
struct row {
    const struct run_statement *statement;
    int number;
};

static bool write_fields(struct writer *w, const struct plan_field *fields, struct row row,
                         const struct path *path);

/* Add a copy of the error, with the field's path and place. */
static void
write_error(struct writer *w, const struct plan_field *field, const struct path *path,
            const struct error *what)
{
    const struct source *source = w->run->options.plan->document->source;
    struct error *error = source_error(w->errors, source, field->ast->node.start, what->code,
                                       "%.*s", STR_PRINT(what->message));

    error->argument = what->argument;
    error->limit = what->limit;
    error->maximum = what->maximum;
    error->retry_after = what->retry_after;
    error_set_path(w->errors->arena, error, path);
}

/* An error's null.  False when it propagates. */
static bool
write_failure(struct writer *w, const struct plan_field *field, const struct type *type,
              const struct path *path, const struct error *what)
{
    write_error(w, field, path, what);
    if (type->kind == TYPE_NON_NULL)
        return false;
    buf_put(w->buf, STR("null"));
    return true;
}

/* A null that the database gave. False when it propagates, with an error of its own. */
static bool
write_null(struct writer *w, const struct plan_field *field, const struct type *type,
           const struct path *path)
{
    if (type->kind != TYPE_NON_NULL) {
        buf_put(w->buf, STR("null"));
        return true;
    }
    struct error *error =
        errors_add(&(struct errors){ .arena = w->errors->arena }, ERROR_INTERNAL,
                   "Cannot return null for non-nullable field %.*s.%.*s.",
                   STR_PRINT(field->parent_type->name), STR_PRINT(field->definition->name));
    write_error(w, field, path, error);
    return false;
}

/* A null came up from below: it stops here, in place of what was written since
 * `start`, or goes on. */
static bool
stop_null(struct writer *w, const struct type *type, size_t start)
{
    if (type->kind == TYPE_NON_NULL)
        return false;
    buf_truncate(w->buf, start);
    buf_put(w->buf, STR("null"));
    return true;
}

static bool
write_leaf(struct writer *w, const struct plan_field *field, struct row row,
           const struct path *path)
{
    struct str cell = STR_NONE;
    size_t start = w->buf->len;

    if (row.statement->state == RUN_DONE && row.number < rows_count(row.statement->call.rows))
        cell = rows_get(row.statement->call.rows, row.number, field->cell);
    if (!cell.ptr)
        return write_null(w, field, field->type, path);
    if (field->definition->binding->write(w->buf, cell))
        return true;
    buf_truncate(w->buf, start);
    struct error *error =
        errors_add(&(struct errors){ .arena = w->errors->arena }, ERROR_INTERNAL,
                   "The value of %.*s.%.*s is no %.*s.", STR_PRINT(field->parent_type->name),
                   STR_PRINT(field->definition->name), STR_PRINT(type_named(field->type)->name));
    return write_failure(w, field, field->type, path, error);
}

/* Is there a row for the object?  A joined row that is not there, or is hidden
 * by row-level security, has null where its key would be. */
static bool
has_row(const struct plan_relation *relation, struct row row)
{
    if (row.statement->state != RUN_DONE || row.number >= rows_count(row.statement->call.rows))
        return false;
    return relation->presence < 0 ||
           rows_get(row.statement->call.rows, row.number, relation->presence).ptr;
}

static bool
write_object(struct writer *w, const struct plan_field *field, struct row row,
             const struct path *path)
{
    size_t start = w->buf->len;

    if (!has_row(field->relation, row))
        return write_null(w, field, field->type, path);
    return write_fields(w, field->fields, row, path) || stop_null(w, field->type, start);
}

/* The items of a list: the statement's rows from `row.number` to `end`. */
static bool
write_items(struct writer *w, const struct plan_field *field, struct row row, int end,
            const struct path *path)
{
    const struct type *item_type = type_nullable(field->type)->of;
    int first = row.number;

    buf_byte(w->buf, '[');
    for (; row.number < end; row.number++) {
        struct path item = { .parent = path, .index = row.number - first };
        if (row.number > first)
            buf_byte(w->buf, ',');
        size_t start = w->buf->len;
        if (!write_fields(w, field->fields, row, &item) && !stop_null(w, item_type, start))
            return false;
    }
    buf_byte(w->buf, ']');
    return true;
}

static bool
write_list(struct writer *w, const struct plan_field *field, const struct run_statement *rows,
           struct row parent, const struct path *path)
{
    struct row row = { rows, 0 };
    int end = 0;
    size_t start = w->buf->len;

    if (rows->state == RUN_DONE && rows->first_row) {
        int key = rows->key_of_row[parent.number];
        row.number = key < 0 ? 0 : rows->first_row[key];
        end = key < 0 ? 0 : rows->first_row[key + 1];
    } else if (rows->state == RUN_DONE) {
        end = rows_count(rows->call.rows);
    }
    return write_items(w, field, row, end, path) || stop_null(w, field->type, start);
}

/* The error that the whole field fails with, or NULL. */
static const struct error *
find_failure(const struct writer *w, const struct plan_field *field, bool is_root)
{
    const struct plan *plan = w->run->options.plan;

    if (field->kind == PLAN_REFUSAL)
        return field->refusal;
    if (!field->relation || field->relation->kind == PLAN_JOIN)
        return NULL;
    const struct run_statement *own = &w->run->statements[field->relation->statement->number];
    if (own->state == RUN_FAILED)
        return own->error;
    /* A database error below a root field fails the root field, once. */
    for (int i = 0; is_root && w->run->has_failed && i < plan->statement_count; i++)
        if (plan->statements[i]->root == field && w->run->statements[i].state == RUN_FAILED)
            return w->run->statements[i].error;
    return NULL;
}

static bool
write_field(struct writer *w, const struct plan_field *field, struct row row,
            const struct path *parent)
{
    struct path path = { .parent = parent, .name = field->name };
    const struct error *failure = find_failure(w, field, !row.statement);
    const struct run_statement *own =
        field->relation ? &w->run->statements[field->relation->statement->number] : NULL;

    if (failure)
        return write_failure(w, field, field->type, &path, failure);
    switch (field->kind) {
    case PLAN_TYPENAME:
        json_string(w->buf, field->parent_type->name);
        return true;
    case PLAN_LEAF:
        return write_leaf(w, field, own ? (struct row){ own, 0 } : row, &path);
    case PLAN_OBJECT:
        return write_object(w, field, row.statement ? row : (struct row){ own, 0 }, &path);
    case PLAN_LIST:
        return write_list(w, field, own, row, &path);
    case PLAN_INTROSPECTION:
        introspect_write(w, field, NULL);
        return true;
    case PLAN_REFUSAL:
        break;
    }
    assert(false);
    return false;
}

static bool
write_fields(struct writer *w, const struct plan_field *fields, struct row row,
             const struct path *path)
{
    buf_byte(w->buf, '{');
    for (const struct plan_field *field = fields; field; field = field->next) {
        if (field != fields)
            buf_byte(w->buf, ',');
        buf_put(w->buf, field->json_name);
        if (!write_field(w, field, row, path))
            return false;
    }
    buf_byte(w->buf, '}');
    return true;
}

void
write_data(struct buf *b, struct run *run, struct errors *errors)
{
    struct writer w = { .buf = b, .run = run, .errors = errors };
    size_t start = b->len;

    if (write_fields(&w, run->options.plan->fields, (struct row){ NULL, 0 }, NULL))
        return;
    buf_truncate(b, start);
    buf_put(b, STR("null"));
}
