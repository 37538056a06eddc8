/*
 * mock_write.c - fields that write rows: they answer with the rows that they were given.
 *
 * A row that is added is an object with a new id.  One that is changed or deleted is the object
 * with that id, with what was given in place of what it has.  A payload of one row shows what the
 * row shows.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "base/error.h"
#include "base/json.h"
#include "base/limits.h"
#include "binding/binding.h"
#include "contract/contract.h"
#include "mock/mock_internal.h"
#include "mock_scalar/mock_seed.h"

static const struct mock_write *
find_write(const struct field *mutation)
{
    return mutation ? binding_mock(mutation->binding)->write : NULL;
}

static bool
is_entity(const struct type *type)
{
    return type && type->kind == TYPE_OBJECT && binding_of_type(type)->mock->shape == MOCK_ENTITY;
}

/* What goes into the rows: an object, or a list of them; NULL: nothing. */
static const struct value *
find_values(const struct mock_write *write, const struct value *given)
{
    const struct value *values =
        write->values && given ? value_find(given, write->values->name) : NULL;

    return values && values->kind != VALUE_NULL ? values : NULL;
}

int
mock_write_count(const struct field *mutation, const struct value *given)
{
    const struct mock_write *write = find_write(mutation);
    const struct value *values = write ? find_values(write, given) : NULL;

    return write && write->is_many && !write->where ? (values ? values->count : 0) : 1;
}

/* --- rows that a filter finds --- */

/* The next object from that place on which the filter finds, and its place; -1: there is none. */
static int
find_next(struct run *run, const struct mock_write *write, const struct value *given, int place)
{
    const struct value *where = given ? value_find(given, write->where->name) : NULL;
    int count = is_entity(write->target) ? mock_entity_count(write->target) : 0;

    for (; where && place < count; place++)
        if (mock_filter_passes(run, write->filter, where, mock_entity_at(write->target, place)))
            return place;
    return -1;
}

static int
count_found(struct run *run, const struct mock_write *write, const struct value *given)
{
    int count = 0;

    for (int place = find_next(run, write, given, 0); place >= 0;
         place = find_next(run, write, given, place + 1))
        count++;
    return count;
}

/* --- what is refused --- */

static const struct error *
refuse(struct errors *errors, struct str argument, const char *format)
{
    struct error *error = errors_add(errors, ERROR_BAD_USER_INPUT, format, STR_PRINT(argument));

    error->argument = argument;
    return error;
}

/* A null for what the row's type shows as never null. */
static const struct error *
judge_nulls(const struct run *run, const struct mock_write *write, const struct value *row,
            struct str name, struct errors *errors)
{
    const struct schema *schema = run->options.contract->schema;

    for (const struct value *member = row->items; member && write->target; member = member->next) {
        const struct field *field = schema_find_field(schema, write->target, member->name);
        if (member->kind != VALUE_NULL || !field || field->type->kind != TYPE_NON_NULL)
            continue;
        return refuse(errors,
                      str_format(run->arena, "%.*s.%.*s", STR_PRINT(name), STR_PRINT(member->name)),
                      "Argument \"%.*s\" must not be null.");
    }
    return NULL;
}

static const struct error *
judge_rows(const struct run *run, const struct mock_write *write, const struct value *rows,
           struct errors *errors)
{
    struct str name = write->values->name;
    int number = 0;

    if (rows->count > run->options.limits->write_rows)
        return errors_add_limit(errors, "write_rows", run->options.limits->write_rows,
                                "Argument \"%.*s\" must have at most %d items.", STR_PRINT(name),
                                run->options.limits->write_rows);
    for (const struct value *row = rows->items; row && !errors->first; row = row->next, number++)
        judge_nulls(run, write, row, str_format(run->arena, "%.*s[%d]", STR_PRINT(name), number),
                    errors);
    return errors->first;
}

/* Does a part of the filter say nothing?  `name` is the filter's, and then the part's. */
static bool
says_nothing(struct arena *a, const struct value *value, struct str *name)
{
    int number = 0;

    if (value->kind != VALUE_OBJECT && value->kind != VALUE_LIST)
        return false;
    for (const struct value *part = value->items; part; part = part->next, number++) {
        struct str inner =
            value->kind == VALUE_LIST
                ? str_format(a, "%.*s[%d]", STR_PRINT(*name), number)
                : str_format(a, "%.*s.%.*s", STR_PRINT(*name), STR_PRINT(part->name));
        if (says_nothing(a, part, &inner)) {
            *name = inner;
            return true;
        }
    }
    return !value->items;
}

static const struct error *
judge_found(struct run *run, const struct mock_write *write, const struct value *arguments,
            struct errors *errors)
{
    const struct value *where = value_find(arguments, write->where->name);
    const struct value *most = value_find(arguments, STR("atMost"));
    struct str name = write->where->name;
    int64_t number;

    if (where && says_nothing(run->arena, where, &name))
        return refuse(errors, name, "\"%.*s\" says nothing.");
    if (!most || !str_read_int64(most->text, &number) ||
        count_found(run, write, arguments) <= number)
        return NULL;
    struct error *error = errors_add(errors, ERROR_BAD_USER_INPUT, "More than %lld row%s.",
                                     (long long)number, number == 1 ? "" : "s");
    error->argument = STR("atMost");
    return error;
}

/* The object whose id was given; without type where there is none, or none was given. */
static struct mock_entity
find_given(struct arena *a, const struct mock_write *write, const struct value *given,
           bool *is_given)
{
    const struct value *id = given ? value_find(given, STR("id")) : NULL;

    *is_given = id && id->text.ptr && is_entity(write->target);
    return *is_given ? mock_entity_find_given(a, write->target, id->text)
                     : (struct mock_entity){ NULL, 0 };
}

const struct error *
mock_write_judge(struct run *run, const struct field *field, const struct value *arguments)
{
    const struct mock_write *write = run->is_mutation ? find_write(field) : NULL;
    const struct value *values = write ? find_values(write, arguments) : NULL;
    struct errors errors = { .arena = run->arena };
    bool is_given;

    if (!write)
        return NULL;
    if (values && write->is_many && !write->where)
        return judge_rows(run, write, values, &errors);
    if (values && write->action == WRITE_UPDATE && !values->items)
        return refuse(&errors, write->values->name, "Argument \"%.*s\" changes nothing.");
    if (values && judge_nulls(run, write, values, write->values->name, &errors))
        return errors.first;
    if (write->where)
        return judge_found(run, write, arguments, &errors);
    if (!write_action_adds(write->action) &&
        !find_given(run->arena, write, arguments, &is_given).type && is_given)
        return errors_add(&errors, ERROR_NOT_FOUND, "There is no such row.");
    return NULL;
}

/* --- the rows --- */

/* The row with that number. */
static struct mock_object
make_row(const struct mock_call *call, const struct mock_write *write, const struct value *given,
         int number)
{
    const struct mock_object *parent = call->parent;
    const struct type *type = write->target;
    bool is_given;
    struct mock_entity entity = find_given(call->w->run->arena, write, given, &is_given);
    struct mock_object object;

    if (!is_entity(type))
        object = (struct mock_object){ .type = type,
                                       .id = parent->id + number,
                                       .seed = mock_seed_number(mock_seed_text(0, type->name),
                                                                (uint64_t)number) };
    else if (entity.type)
        object = mock_entity_object(entity);
    else if (write_action_adds(write->action) || mock_entity_count(type) == 0)
        object = mock_entity_object((struct mock_entity){ type, parent->id + number });
    else
        object = mock_entity_object(mock_entity_at(
            type,
            (int)(mock_seed_text(0, parent->mutation->name) % (uint64_t)mock_entity_count(type))));
    object.given = given;
    object.mutation = parent->mutation;
    return object;
}

/* Write the row as the item of that number. */
static bool
write_item(struct mock_call *call, const struct mock_object *row, int number)
{
    struct path item = { .parent = call->path, .index = number };
    struct buf *b = call->w->buf;
    size_t start;

    buf_put_c(b, number > 0 ? "," : "");
    start = b->len;
    return mock_field_object(call, row, &item) ||
           write_stop(call->w, type_nullable(call->field->type)->of, start);
}

static bool
write_rows_given(struct mock_call *call, const struct mock_write *write)
{
    const struct value *rows = find_values(write, call->parent->given);
    int number = 0;

    for (const struct value *given = rows ? rows->items : NULL; given && !call->w->buf->failed;
         given = given->next, number++) {
        const struct mock_object row = make_row(call, write, given, number);
        if (!write_item(call, &row, number))
            return false;
    }
    return true;
}

static bool
write_rows_found(struct mock_call *call, const struct mock_write *write)
{
    const struct value *given = call->parent->given;
    struct run *run = call->w->run;
    int number = 0;

    for (int place = find_next(run, write, given, 0); place >= 0 && !call->w->buf->failed;
         place = find_next(run, write, given, place + 1), number++) {
        struct mock_object row = mock_entity_object(mock_entity_at(write->target, place));
        row.given = find_values(write, given);
        row.mutation = call->parent->mutation;
        if (!write_item(call, &row, number))
            return false;
    }
    return true;
}

static bool
write_rows(struct mock_call *call, const struct mock_write *write)
{
    bool is_good;

    buf_byte(call->w->buf, '[');
    is_good = (write->where ? write_rows_found : write_rows_given)(call, write);
    buf_byte(call->w->buf, ']');
    return is_good;
}

/* Is the object what the mutation answers, and not a row within? */
static bool
is_answer(const struct mock_object *object)
{
    return binding_of_type(object->type)->mock->shape != MOCK_ENTITY;
}

/* Does the field show the row, or the rows, that were written? */
static bool
shows_rows(const struct mock_call *call, const struct mock_write *write)
{
    const struct field *field = call->field->definition;
    bool is_list = type_nullable(field->type)->kind == TYPE_LIST;

    return type_named(field->type) == write->target && is_list == write->is_many &&
           !ast_find_directive(field->ast->directives, "join");
}

bool
mock_write_write(struct mock_call *call, bool *is_written)
{
    const struct mock_object *parent = call->parent;
    const struct mock_write *write = find_write(parent->mutation);
    struct str name = call->field->definition->name;
    struct str type = type_named(call->field->type)->name;

    *is_written = write && is_answer(parent);
    if (!*is_written)
        return true;
    if (shows_rows(call, write) && write->is_many)
        return write_rows(call, write);
    if (shows_rows(call, write)) {
        const struct mock_object row = make_row(call, write, parent->given, 0);
        return mock_field_object(call, &row, call->path);
    }
    if (str_is(name, "count") && str_is(type, "Int"))
        buf_int64(call->w->buf, write->where ? count_found(call->w->run, write, parent->given)
                                             : mock_write_count(parent->mutation, parent->given));
    else if (str_is(name, "inserted") && str_is(type, "Boolean") && write->action == WRITE_UPSERT)
        json_write_bool(call->w->buf, true);
    else
        *is_written = false;
    return true;
}

/* --- rows within the rows --- */

/* The row that was given within the parent, which is one that was written, at that place of the
 * field: its id is the same wherever the answer shows it. */
static struct mock_object
make_inner(const struct mock_call *call, const struct value *given, int number)
{
    const struct mock_object *parent = call->parent;
    struct str name = call->field->definition->name;
    uint64_t seed = mock_seed_text(mock_seed_number(0, (uint64_t)parent->id), name);
    int64_t id = MOCK_FRESH + (int64_t)(mock_seed_number(seed, (uint64_t)number) % 2000000000);
    struct mock_object object =
        mock_entity_object((struct mock_entity){ type_named(call->field->type), id });

    object.given = given;
    object.mutation = parent->mutation;
    return object;
}

/* As many as the list asks for. */
static bool
write_inner_list(struct mock_call *call, const struct value *rows)
{
    const struct value *first = value_find(call->arguments, STR("first"));
    int number = 0;
    int64_t most;

    if (!first || !first->text.ptr || !str_read_int64(first->text, &most))
        most = rows->count;
    buf_byte(call->w->buf, '[');
    for (const struct value *given = rows->items; given && number < most && !call->w->buf->failed;
         given = given->next, number++) {
        const struct mock_object row = make_inner(call, given, number);
        if (!write_item(call, &row, number))
            return false;
    }
    buf_byte(call->w->buf, ']');
    return true;
}

bool
mock_write_within(struct mock_call *call, bool *is_written)
{
    const struct mock_write *write = find_write(call->parent->mutation);
    const struct field *field = call->field->definition;
    const struct type *type = type_nullable(field->type);
    bool is_list = type->kind == TYPE_LIST;
    const struct value *given =
        call->parent->given ? value_find(call->parent->given, field->name) : NULL;

    *is_written = write && write_action_adds(write->action) && !is_answer(call->parent) && given &&
                  given->kind == (is_list ? VALUE_LIST : VALUE_OBJECT) &&
                  is_entity(is_list ? type_nullable(type->of) : type);
    if (!*is_written)
        return true;
    if (is_list)
        return write_inner_list(call, given);
    const struct mock_object row = make_inner(call, given, 0);
    return mock_field_object(call, &row, call->path);
}

void
mock_write_enter(struct mock_call *call, struct mock_object *row)
{
    const struct mock_object *parent = call->parent;
    const struct mock_write *write = find_write(parent->mutation);
    const struct schema *schema = call->w->run->options.contract->schema;
    struct str name = call->field->definition->name;

    if (!write || write->is_many || !is_entity(write->target) || !is_answer(parent) ||
        parent->type == schema->mutation || !schema_find_field(schema, write->target, name))
        return;
    *row = make_row(call, write, parent->given, 0);
    call->parent = row;
    call->seed = mock_seed_text(row->seed, name);
}
