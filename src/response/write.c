/*
 * write.c - from rows to the response (specification, 6.4.3 and 6.4.4).
 *
 * One recursion over the plan's fields and the rows.  Values are written in one pass.
 * When a value is null and its type is non-null, the function returns false, and the
 * nearest caller whose type may be null replaces what it has written by null.
 *
 * A row is written each time that another row refers to it, so that a few hundred rows
 * can become more text than there is memory or time for.  The buffer therefore has a
 * maximum, and bytes that were replaced by null count against it, too.
 *
 * SPDX-License-Identifier: MIT
 */
#include "response/write.h"

#include <assert.h>

#include "base/json.h"
#include "language/source.h"
#include "schema/schema.h"
#include "value/value.h"
#include "contract/contract.h"
#include "response/response.h"
#include "execution/resolver.h"

/* All places that ask for the field. */
static void
add_places(struct writer *w, struct error *error, const struct plan_field *field)
{
    const struct source *source = w->run->options.plan->document->source;

    source_add_place(w->errors, error, source, field->ast->node.start);
    for (const struct plan_place *other = field->others; other; other = other->next)
        source_add_place(w->errors, error, source, other->ast->node.start);
}

/* Add a copy of the error with the field's path and place, unless there are as many as may be. */
static void
write_error(struct writer *w, const struct plan_field *field, const struct path *path,
            const struct error *what)
{
    const struct source *source = w->run->options.plan->document->source;

    if (errors_leave_out(w->errors))
        return;
    struct error *error = errors_add_copy(w->errors, what);

    if (what->offset)
        source_add_place(w->errors, error, source, what->offset);
    else
        add_places(w, error, field);
    error_set_path(w->errors->arena, error, path);
}

bool
write_failure(struct writer *w, const struct plan_field *field, const struct type *type,
              const struct path *path, const struct error *what)
{
    write_error(w, field, path, what);
    if (type->kind == TYPE_NON_NULL)
        return false;
    buf_put(w->buf, STR("null"));
    return true;
}

bool
write_null(struct writer *w, const struct plan_field *field, const struct type *type,
           const struct path *path)
{
    if (type->kind != TYPE_NON_NULL) {
        buf_put(w->buf, STR("null"));
        return true;
    }
    if (errors_leave_out(w->errors))
        return false;
    struct error *error =
        errors_add(&(struct errors){ .arena = w->errors->arena }, ERROR_INTERNAL,
                   "Cannot return null for non-nullable field %.*s.%.*s.",
                   STR_PRINT(field->parent_type->name), STR_PRINT(field->definition->name));
    write_error(w, field, path, error);
    return false;
}

bool
write_stop(struct writer *w, const struct type *type, size_t start)
{
    assert(start <= w->buf->len);
    if (type->kind == TYPE_NON_NULL)
        return false;
    w->taken_back += w->buf->len - start;
    if (w->buf->maximum && w->taken_back > w->buf->maximum)
        w->buf->failed = true;
    buf_truncate(w->buf, start);
    buf_put(w->buf, STR("null"));
    return true;
}

/* A value that the scalar or enum cannot show. */
static bool
write_misfit(struct writer *w, const struct plan_field *field, const struct type *type,
             const struct path *path)
{
    if (errors_leave_out(w->errors))
        return write_stop(w, type, w->buf->len);
    bool is_list = type_nullable(type)->kind == TYPE_LIST;
    struct error *error =
        errors_add(&(struct errors){ .arena = w->errors->arena }, ERROR_INTERNAL,
                   "The value of %.*s.%.*s is not a valid %s%.*s.",
                   STR_PRINT(field->parent_type->name), STR_PRINT(field->definition->name),
                   is_list ? "list of " : "", STR_PRINT(type_named(type)->name));
    return write_failure(w, field, type, path, error);
}

/* Is what was written since `start` JSON's null, which a column of json may hold? */
static bool
is_json_null(const struct buf *b, size_t start)
{
    struct str written = { b->ptr + start, b->len - start };

    return written.len >= 4 && /* of most values the first byte says enough */
           (written.ptr[0] <= ' ' || written.ptr[0] == 'n') && str_is(str_trim(written), "null");
}

bool
write_element(struct writer *w, const struct plan_field *field, const struct type *type,
              const struct codec *codec, struct str cell, const struct path *path)
{
    size_t start = w->buf->len;

    if (!cell.ptr)
        return write_null(w, field, type, path);
    bool is_good = codec->write(w->buf, cell, codec);
    if (is_good && !(type->kind == TYPE_NON_NULL && is_json_null(w->buf, start)))
        return true;
    buf_truncate(w->buf, start);
    if (is_good)
        return write_null(w, field, type, path);
    return write_misfit(w, field, type, path);
}

/* The elements of an array of one dimension as a list. */
static bool
write_array(struct writer *w, const struct plan_field *field, struct str cell,
            const struct path *path)
{
    const struct type *item_type = type_nullable(field->type)->of;
    struct codec_elements elements;
    size_t start = w->buf->len;

    if (!codec_elements_open(cell, &elements) || elements.dimensions > 1)
        return write_misfit(w, field, field->type, path);
    buf_byte(w->buf, '[');
    for (int i = 0; i < elements.count && !w->buf->failed; i++) {
        struct path item = { .parent = path, .index = i };
        if (i > 0)
            buf_byte(w->buf, ',');
        if (!write_element(w, field, item_type, field->codec->item, codec_elements_next(&elements),
                           &item))
            return write_stop(w, field->type, start);
    }
    buf_byte(w->buf, ']');
    return true;
}

static bool
write_leaf(struct writer *w, const struct plan_field *field, struct row row,
           const struct path *path)
{
    struct str cell = STR_NONE;

    if (row.statement->state == RUN_DONE && row.number >= 0 &&
        row.number < rows_count(row.statement->call.rows))
        cell = rows_get(row.statement->call.rows, row.number, field->cell);
    if (field->codec->is_list && cell.ptr)
        return write_array(w, field, cell, path);
    return write_element(w, field, field->type, field->codec, cell, path);
}

/* The row of a batch that belongs to the parent's row; number -1 for none. */
static struct row
find_batch_row(const struct run_statement *batch, struct row parent)
{
    int key = batch->state == RUN_DONE ? batch->key_of_row[parent.number] : -1;

    if (key < 0 || batch->first_row[key] == batch->first_row[key + 1])
        return (struct row){ .statement = batch, .number = -1 };
    return (struct row){ .statement = batch, .number = batch->first_row[key] };
}

/* The row that an object is written from. */
static struct row
find_object_row(const struct writer *w, const struct plan_relation *relation, struct row parent)
{
    const struct run_statement *own = &w->run->statements[relation->statement->number];

    switch (relation->kind) {
    case PLAN_JOIN:
        return parent;
    case PLAN_BATCH:
        return find_batch_row(own, parent);
    case PLAN_SELECT:
    case PLAN_BRANCH: /* no field's: it is of the union that has it */
    case PLAN_SOUGHT:
        break;
    }
    return (struct row){ .statement = own };
}

/* Is there a row for the object?  The key of a joined row is null when the row is absent or
 * hidden by row-level security. */
static bool
has_row(const struct plan_relation *relation, struct row row)
{
    if (row.statement->state != RUN_DONE || row.number < 0 ||
        row.number >= rows_count(row.statement->call.rows))
        return false;
    return !relation->has_presence ||
           rows_get(row.statement->call.rows, row.number, relation->presence).ptr;
}

/* The error of a row that says of itself a type that the contract does not have
 * (specification, 6.4.3, ResolveAbstractType). */
static bool
write_unknown_type(struct writer *w, const struct plan_field *field, const struct path *path)
{
    if (errors_leave_out(w->errors))
        return false;
    struct error *error =
        errors_add(&(struct errors){ .arena = w->errors->arena }, ERROR_INTERNAL,
                   "A row of %.*s.%.*s has none of the possible types of %.*s.",
                   STR_PRINT(field->parent_type->name), STR_PRINT(field->definition->name),
                   STR_PRINT(type_named(field->type)->name));
    write_error(w, field, path, error);
    return false;
}

/* Is the row of a type that is hidden from whom the schema is for? */
static bool
is_hidden(const struct plan_field *field, struct row row)
{
    const struct type_binding *type = binding_of_type(type_named(field->type));

    if (type->hidden_count == 0)
        return false;
    struct str label = rows_get(row.statement->call.rows, row.number, field->relation->type_cell);
    return label.ptr && binding_is_hidden(type, label);
}

bool
write_row(struct writer *w, const struct plan_field *field, struct row row, const struct path *path)
{
    const struct plan_variant *variant = field->variants;

    if (!variant)
        return write_fields(w, field->fields, row, path);
    struct str label = rows_get(row.statement->call.rows, row.number, field->relation->type_cell);
    while (variant && !(label.ptr && str_equal(plan_label(field->relation, variant->type), label)))
        variant = variant->next;
    return variant ? write_fields(w, variant->fields, row, path)
                   : write_unknown_type(w, field, path);
}

static bool
write_object(struct writer *w, const struct plan_field *field, struct row parent,
             const struct path *path)
{
    size_t start = w->buf->len;
    struct row row = find_object_row(w, field->relation, parent);

    if (field->relation->purpose == PLAN_AGGREGATE) /* also of no rows */
        return write_aggregate_summary(w, field, row, path);
    if (!has_row(field->relation, row) || is_hidden(field, row))
        return write_null(w, field, field->type, path);
    return write_row(w, field, row, path) || write_stop(w, field->type, start);
}

/* The items of a list: the statement's rows from `row.number` to `end`. */
static bool
write_items(struct writer *w, const struct plan_field *field, struct row row, int end,
            const struct path *path)
{
    const struct type *item_type = type_nullable(field->type)->of;
    int first = row.number;

    buf_byte(w->buf, '[');
    for (; row.number < end && !w->buf->failed; row.number++) {
        struct path item = { .parent = path, .index = row.number - first };
        if (row.number > first)
            buf_byte(w->buf, ',');
        size_t start = w->buf->len;
        bool is_written = is_hidden(field, row) ? write_null(w, field, item_type, &item)
                                                : write_row(w, field, row, &item);
        if (!is_written && !write_stop(w, item_type, start))
            return false;
    }
    buf_byte(w->buf, ']');
    return true;
}

struct write_range
write_find_rows(const struct writer *w, const struct plan_relation *relation, struct row parent)
{
    const struct run_statement *rows = &w->run->statements[relation->statement->number];
    struct write_range range = { .rows = rows };

    if (rows->state == RUN_DONE && rows->first_row) {
        int key = rows->key_of_row[parent.number];
        range.first = key < 0 ? 0 : rows->first_row[key];
        range.end = key < 0 ? 0 : rows->first_row[key + 1];
    } else if (rows->state == RUN_DONE) {
        range.end = rows_count(rows->call.rows);
    }
    return range;
}

static bool
write_list(struct writer *w, const struct plan_field *field, struct row parent,
           const struct path *path)
{
    struct write_range range = write_find_rows(w, field->relation, parent);
    struct row row = { .statement = range.rows, .number = range.first };
    size_t start = w->buf->len;

    return write_items(w, field, row, range.end, path) || write_stop(w, field->type, start);
}

/* What shows rows that were written: it is there, however many they are. */
static bool
write_payload(struct writer *w, const struct plan_field *field, const struct path *path)
{
    struct row row = { .statement = &w->run->statements[field->relation->statement->number] };
    size_t start = w->buf->len;

    return write_fields(w, field->fields, row, path) || write_stop(w, field->type, start);
}

/* The values that a function returns, one in each row. */
static bool
write_values(struct writer *w, const struct plan_field *field, const struct path *path)
{
    const struct run_statement *rows = &w->run->statements[field->relation->statement->number];
    const struct type *item_type = type_nullable(field->type)->of;
    int count = rows->state == RUN_DONE ? rows_count(rows->call.rows) : 0;
    size_t start = w->buf->len;

    buf_byte(w->buf, '[');
    for (int i = 0; i < count && !w->buf->failed; i++) {
        struct path item = { .parent = path, .index = i };
        if (i > 0)
            buf_byte(w->buf, ',');
        if (!write_element(w, field, item_type, field->codec,
                           rows_get(rows->call.rows, i, field->cell), &item))
            return write_stop(w, field->type, start);
    }
    buf_byte(w->buf, ']');
    return true;
}

static const struct error *
find_relation_failure(const struct writer *w, const struct plan_relation *relation)
{
    if (!relation || relation->kind == PLAN_JOIN)
        return NULL;
    const struct run_statement *own = &w->run->statements[relation->statement->number];
    return own->state == RUN_FAILED ? own->error : NULL;
}

/* A statement that reads the rows has judged what says where the page is. */
static const struct error *
find_page_failure(const struct writer *w, const struct plan_page *page)
{
    const struct error *error =
        page->rows ? find_relation_failure(w, page->rows) : execute_judge_page(w->run, page);

    if (!error)
        error = find_relation_failure(w, page->probe);
    if (error || (page->count && page->count->purpose == PLAN_AGGREGATE))
        return error; /* a sum may fail alone */
    return find_relation_failure(w, page->count);
}

/* The error that the whole field fails with, or NULL. */
static const struct error *
find_failure(const struct writer *w, const struct plan_field *field, bool is_root)
{
    const struct error *error = is_root ? execute_find_root(w->run, field)->error : NULL;

    if (error)
        return error;
    if (field->kind == PLAN_REFUSAL)
        return field->refusal;
    if (field->kind == PLAN_CONNECTION)
        return find_page_failure(w, field->page);
    if (field->kind == PLAN_PART && field->relation != field->page->count)
        return NULL;
    return find_relation_failure(w, field->relation);
}

bool
write_field(struct writer *w, const struct plan_field *field, struct row row,
            const struct path *parent)
{
    struct path path = { .parent = parent, .name = field->name };
    const struct error *failure = find_failure(w, field, !parent);

    if (!parent)
        w->root = field;
    if (failure)
        return write_failure(w, field, field->type, &path, failure);
    if (!parent && execute_find_root(w->run, field)->answer.ptr)
        return write_kept_answer(w, field);
    switch (field->kind) {
    case PLAN_TYPENAME:
        json_write_string(w->buf, field->parent_type->name);
        return true;
    case PLAN_LEAF:
        if (field->relation && field->relation->slice->is_list)
            return write_values(w, field, &path);
        return write_leaf(w, field,
                          field->relation ? find_object_row(w, field->relation, row) : row, &path);
    case PLAN_GLOBAL_ID:
        return write_global_id(w, field, row, &path);
    case PLAN_NODE:
        return write_found(w, field, &path);
    case PLAN_ECHO:
        return write_echo(w, field, &path);
    case PLAN_OBJECT:
        return write_object(w, field, row, &path);
    case PLAN_LIST:
        return write_list(w, field, row, &path);
    case PLAN_PAYLOAD:
        return write_payload(w, field, &path);
    case PLAN_WRITTEN_COUNT:
        buf_int64(w->buf, write_find_rows(w, field->relation, row).end);
        return true;
    case PLAN_TALLY:
        return write_aggregate_tally(w, field, row, &path);
    case PLAN_SUMMARY:
        return write_aggregate_summary(w, field, row, &path);
    case PLAN_NULL:
        return write_null(w, field, field->type, &path);
    case PLAN_CONNECTION:
        return write_connection_field(w, field, row, &path);
    case PLAN_PART:
        return write_connection_part(w, field, row, &path);
    case PLAN_RESOLVED:
        return write_resolved_field(w, field, &path);
    case PLAN_OUTPUT:
        return write_resolved_output(w, field, &path);
    case PLAN_MOCK:
        return w->run->options.write_mock(w, field, row.mock, &path);
    case PLAN_INTROSPECTION:
        introspect_write(w, field, NULL);
        return true;
    case PLAN_REFUSAL:
    case PLAN_UNCOLLECTED:
        break;
    }
    assert(false);
    return false;
}

bool
write_fields(struct writer *w, const struct plan_field *fields, struct row row,
             const struct path *path)
{
    if (fields && fields->kind == PLAN_UNCOLLECTED) {
        write_error(w, fields, path, fields->refusal);
        return false;
    }
    buf_byte(w->buf, '{');
    for (const struct plan_field *field = fields; field && !w->buf->failed; field = field->next) {
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
    const struct plan *plan = run->options.plan;
    size_t start = b->len;

    if (plan->failure) {
        struct error *error = errors_add_copy(errors, plan->failure);
        source_add_place(errors, error, plan->document->source, plan->failure->offset);
        buf_put(b, STR("null"));
        return;
    }
    if (write_fields(&w, plan->fields, (struct row){ 0 }, NULL))
        return;
    buf_truncate(b, start);
    buf_put(b, STR("null"));
}
