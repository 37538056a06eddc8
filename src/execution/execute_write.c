/*
 * execute_write.c - writes: whether they wrote what was asked for, and what is refused.
 *
 * SPDX-License-Identifier: MIT
 */
#include "schema/schema.h"
#include "binding/write.h"
#include "execution/run.h"

/* --- what was written --- */

/* How many rows was it to write? */
static int
count_asked(const struct run *run, const struct plan_statement *statement)
{
    const struct run_objects *objects = run->statements[statement->number].objects;

    return plan_write_of(statement->relation)->is_many ? objects->count : 1;
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
execute_refuse_upsert(const struct run *run, const struct plan_statement *statement)
{
    const struct bound_write *bound = plan_write_of(statement->relation)->bound;
    struct error *error =
        add_error(run, ERROR_CONFLICT,
                  "There is already one with this value, which may not be seen or changed.");

    error->field = execute_written_name(run, statement, bound->on.columns[0]->name);
    return error;
}

const struct error *
execute_refuse_twice(const struct run *run, const struct plan_statement *statement, int number)
{
    struct str name = execute_object_name(run, statement, number);
    struct error *error =
        errors_add(&(struct errors){ .arena = run->arena }, ERROR_BAD_USER_INPUT,
                   number < 0 ? "Argument \"%.*s\" has a row twice."
                              : "Argument \"%.*s\" is the same row as one before it.",
                   STR_PRINT(name));

    error->argument = name;
    return error;
}

/* A row is there that the statement does not see.  One that has come meanwhile is seen by the
 * next. */
static const struct error *
judge_unseen(struct run *run, const struct plan_statement *statement)
{
    if (run->transaction.state == TRANSACTION_OPEN)
        run->transaction.again = AGAIN_CONFLICT;
    return execute_refuse_upsert(run, statement);
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
    for (int i = 0; i < write->shape_count; i++)
        if (plan_shape_finds(write, &write->shapes[i]))
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

/* The number of the object that was refused; -1: it is not known, or there is but one. */
static int
refused_object(const struct run *run, const struct plan_statement *statement)
{
    const struct run_statement *state = &run->statements[statement->number];

    if (state->refused > 0)
        return state->refused - 1;
    return state->objects && state->objects->count == 1 ? 0 : -1;
}

struct str
execute_refused_field(const struct run *run, const struct plan_statement *statement,
                      const struct input_value *field)
{
    return execute_given_name(run, statement, refused_object(run, statement), field);
}

struct str
execute_written_name(const struct run *run, const struct plan_statement *statement,
                     struct str column)
{
    const struct plan_write *write = plan_write_of(statement->relation);
    const struct column *named = write->values ? table_find_column(write->table, column) : NULL;
    const struct input_value *field = named ? write_find_setter(write->values, named) : NULL;

    return field ? execute_refused_field(run, statement, field) : STR_NONE;
}
