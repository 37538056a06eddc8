/*
 * execute_write.c - writes: what is given to their columns, and whether they wrote what was asked
 * for.
 *
 * SPDX-License-Identifier: MIT
 */
#include <assert.h>

#include "base/arena.h"
#include "base/buf.h"
#include "schema/schema.h"
#include "value/value.h"
#include "codec/codec.h"
#include "binding/write.h"
#include "execution/run.h"

/* --- values --- */

static const struct error *
refuse_null(const struct run *run, const struct plan_parameter *parameter)
{
    struct str name = execute_parameter_name(run, parameter);
    struct error *error = errors_add(&(struct errors){ .arena = run->arena }, ERROR_BAD_USER_INPUT,
                                     "Argument \"%.*s\" must not be null.", STR_PRINT(name));

    error->argument = name;
    return error;
}

/* What the object sets the column to; STR_NONE: null.  Return what is wrong with it, or NULL. */
static const struct error *
find_text(const struct run *run, const struct plan_parameter *parameter, const struct value *object,
          struct str *text)
{
    const struct value *value = value_find(object, parameter->input->name);

    *text = STR_NONE;
    if (!value)
        value = parameter->input->default_value; /* of a field that is hidden */
    if (!value || value->kind == VALUE_NULL)
        return parameter->set->is_not_null ? refuse_null(run, parameter) : NULL;
    return codec_parameter(run->arena, parameter->codec, value, false, text) == CODEC_OK
               ? NULL
               : execute_impossible(run, parameter);
}

/* The values of all objects, as an array. */
static const struct error *
find_texts(const struct run *run, const struct plan_parameter *parameter, const struct value *list,
           const char **out)
{
    struct plan_parameter one = *parameter;
    struct buf *b = buf_new(run->arena);

    buf_byte(b, '{');
    one.row = 0;
    for (const struct value *object = list->items; object; object = object->next, one.row++) {
        struct str text;
        const struct error *error = find_text(run, &one, object, &text);
        if (error)
            return error;
        buf_put_c(b, one.row > 0 ? "," : "");
        if (text.ptr)
            codec_quote_element(b, text);
        else
            buf_put_c(b, "NULL");
    }
    buf_byte(b, '}');
    *out = buf_copy(run->arena, b).ptr;
    return NULL;
}

bool
execute_find_setting(struct run *run, struct run_statement *state,
                     const struct plan_parameter *parameter, const char **out)
{
    const struct value *value;
    const struct error *error = execute_value(run, parameter->field, parameter->argument, &value);
    bool is_list = !error && value->kind == VALUE_LIST;
    struct str text = STR_NONE;

    if (is_list && !value->items) {
        state->state = RUN_EMPTY;
        return false;
    }
    if (!error && is_list && parameter->row < 0) {
        error = find_texts(run, parameter, value, out);
    } else if (!error) {
        const struct value *object = is_list ? value->items : value;
        for (int i = 0; is_list && i < parameter->row; i++)
            object = object->next;
        error = find_text(run, parameter, object, &text);
        *out = text.ptr;
    }
    if (error) {
        state->state = RUN_FAILED;
        state->error = error;
    }
    return !error;
}

/* --- what was written --- */

/* How many rows was it to write? */
static int
count_asked(struct run *run, const struct plan_statement *statement)
{
    const struct plan_write *write = plan_write_of(statement->relation);
    const struct value *value;

    if (!write->bound->is_many)
        return 1;
    const struct error *error = execute_value(
        run, statement->root->ast, write_find_values(statement->root->definition), &value);
    assert(!error); /* or it would not have been sent */
    return error ? 0 : value->count;
}

/* Of a write by a filter: was the row not written that it has found? */
static bool
is_unwritten(const struct run *run, const struct plan_statement *statement, int row)
{
    const struct rows *rows = run->statements[statement->number].call.rows;

    return !rows_get(rows, row, plan_write_of(statement->relation)->written).ptr;
}

bool
execute_is_doubted(const struct run *run, const struct plan_statement *statement, int row)
{
    return !statement->doubted || is_unwritten(run, statement->doubted, row);
}

static int
count_unwritten(const struct run *run, const struct plan_statement *statement)
{
    int rows = rows_count(run->statements[statement->number].call.rows), count = 0;

    for (int row = 0; row < rows; row++)
        count += is_unwritten(run, statement, row);
    return count;
}

static struct error *
add_error(const struct run *run, enum error_code code, const char *message)
{
    return errors_add(&(struct errors){ .arena = run->arena }, code, "%s", message);
}

static const struct error *
make_missing(const struct run *run)
{
    return add_error(run, ERROR_NOT_FOUND, "There is no such row.");
}

const struct error *
execute_refuse_upsert(const struct run *run, const struct field *field)
{
    const struct bound_write *write = binding_write(field->binding);
    struct error *error =
        add_error(run, ERROR_CONFLICT,
                  "There is already one with this value, which may not be seen or changed.");

    error->field = execute_written_name(run, field, write->on.columns[0]->name);
    return error;
}

/* A row is there that the statement does not see.  One that has come meanwhile is seen by the
 * next. */
static const struct error *
judge_unseen(struct run *run, const struct plan_statement *statement)
{
    if (run->transaction.state == TRANSACTION_OPEN)
        run->transaction.again = AGAIN_CONFLICT;
    return execute_refuse_upsert(run, statement->root->definition);
}

/* More rows were found than may be written. */
static const struct error *
judge_found(const struct run *run, const struct plan_statement *statement)
{
    const struct field *field = statement->root->definition;
    int most = statement->relation->slice->limit;
    struct error *error;

    if (rows_count(run->statements[statement->number].call.rows) <= most)
        return NULL;
    error = errors_add(&(struct errors){ .arena = run->arena }, ERROR_BAD_USER_INPUT,
                       "More than %d row%s.", most, most == 1 ? "" : "s");
    for (int i = 0; i < field->argument_count; i++)
        if (field->arguments[i].binding->role == ARGUMENT_AT_MOST)
            error->argument = field->arguments[i].name;
    return error;
}

/* Rows that were found, and not written: are they all there still, as they were found? */
static const struct error *
judge_doubt_found(const struct run *run, const struct plan_statement *statement)
{
    if (rows_count(run->statements[statement->number].call.rows) <
        count_unwritten(run, statement->doubted))
        return add_error(run, ERROR_CONFLICT, "Rows have been changed or deleted meanwhile.");
    return execute_refuse_written(run, add_error(run, ERROR_FORBIDDEN, "This is not allowed."));
}

/* What the rows of a DOUBT say. */
static const struct error *
judge_doubt(const struct run *run, const struct plan_statement *statement)
{
    int count = rows_count(run->statements[statement->number].call.rows);
    const struct plan_filter *version = statement->relation->slice->version;

    if (plan_write_of(statement->doubted->relation)->bound->is_by_filter)
        return judge_doubt_found(run, statement);
    if (count == 0)
        return make_missing(run);
    if (version && count == 1) {
        struct error *error = add_error(run, ERROR_CONFLICT, "It has been changed meanwhile.");
        error->argument = statement->parameters[version->parameter].argument->name;
        return error;
    }
    return execute_refuse_written(run, add_error(run, ERROR_FORBIDDEN, "This is not allowed."));
}

const struct error *
execute_judge_written(struct run *run, const struct plan_statement *statement)
{
    const struct plan_write *write = plan_write_of(statement->relation);
    int count = rows_count(run->statements[statement->number].call.rows);

    if (statement->doubted)
        return judge_doubt(run, statement);
    if (write && write->bound->is_by_filter)
        return judge_found(run, statement);
    if (!write || (write->doubt && count == 0) || count == count_asked(run, statement))
        return NULL;
    if (write->bound->action == WRITE_UPSERT && !plan_write_changes(write))
        return judge_unseen(run, statement);
    return execute_refuse_written(run, add_error(run, ERROR_FORBIDDEN, "This is not allowed."));
}

bool
execute_is_in_doubt(const struct run *run, const struct plan_statement *statement)
{
    const struct run_statement *doubted =
        statement->doubted ? &run->statements[statement->doubted->number] : NULL;

    if (!doubted || doubted->state != RUN_DONE)
        return !doubted;
    return plan_write_of(statement->doubted->relation)->bound->is_by_filter
               ? count_unwritten(run, statement->doubted) > 0
               : rows_count(doubted->call.rows) == 0;
}

void
execute_miss_written(struct run *run, const struct plan_statement *statement)
{
    struct run_statement *state = &run->statements[statement->number];
    const struct plan_write *write = plan_write_of(statement->relation);

    if (state->state != RUN_EMPTY || !write || !write->doubt || write->bound->is_by_filter)
        return;
    state->state = RUN_FAILED;
    state->error = make_missing(run);
}

const struct error *
execute_refuse_written(const struct run *run, struct error *error)
{
    if (error->code != ERROR_FORBIDDEN || run->options.viewer->user_id.ptr)
        return error;
    return errors_add(&(struct errors){ .arena = run->arena }, ERROR_UNAUTHENTICATED,
                      "Not logged in!");
}

/* The field of the values that sets the column; NULL: none that the client sees. */
static const struct input_value *
find_setter(const struct input_value *argument, struct str column)
{
    const struct argument_binding *values = argument->binding;

    for (int i = 0; i < values->input->input_count; i++) {
        const struct input_value *input = &values->input->inputs[i];
        if (values->inputs[i] && str_equal(values->inputs[i]->columns[0]->name, column))
            return schema_find_input(type_named(argument->type), input->name);
    }
    return NULL;
}

struct str
execute_input_name(const struct run *run, const struct field *field, struct str input)
{
    const struct input_value *values = write_find_values(field);
    const struct input_value *seen = schema_find_input(type_named(values->type), input);

    if (!seen)
        return STR_NONE;
    return binding_given_name(run->arena, (struct given){ .value = seen, .within = values });
}

struct str
execute_written_name(const struct run *run, const struct field *field, struct str column)
{
    const struct input_value *values = write_find_values(field);
    const struct input_value *input = values ? find_setter(values, column) : NULL;

    if (!input)
        return STR_NONE;
    return binding_given_name(run->arena, (struct given){ .value = input, .within = values });
}
