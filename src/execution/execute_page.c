/*
 * execute_page.c - pages of connections: the cursors that a request gives, and the row that is
 * asked for and not shown.
 *
 * SPDX-License-Identifier: MIT
 */
#include <assert.h>

#include "base/arena.h"
#include "base/error.h"
#include "schema/schema.h"
#include "value/value.h"
#include "codec/cursor.h"
#include "execution/run.h"

/* --- cursors --- */

static const struct error *
cursor_error(const struct run *run, const struct plan_cursor *cursor, const char *what)
{
    struct error *error = errors_add(&(struct errors){ .arena = run->arena }, ERROR_BAD_USER_INPUT,
                                     "\"%.*s\" is %s.", STR_PRINT(cursor->argument->name), what);

    error->argument = cursor->argument->name;
    return error;
}

/* Find the cursor's cells. */
static const struct error *
read_cursor(struct run *run, const struct plan_cursor *cursor, const struct str **out)
{
    struct str *cells = ARENA_ARRAY(run->arena, struct str, (size_t)cursor->count);
    const struct value *value = cursor->value;
    enum cursor_result result = CURSOR_BAD;
    const struct error *error =
        cursor->is_constant ? NULL : execute_value(run, cursor->field, cursor->argument, &value);

    *out = cells;
    if (error)
        return error;
    if (value && value->kind == VALUE_STRING)
        result = cursor_decode(run->arena, run->options.cursor_keys, cursor->place, value->text,
                               cells, cursor->count);
    if (result == CURSOR_OK)
        return NULL;
    return cursor_error(run, cursor,
                        result == CURSOR_BAD ? "no cursor" : "a cursor of another list or order");
}

const struct error *
execute_judge_page(struct run *run, const struct plan_page *page)
{
    const struct str *cells;
    const struct value *value;
    const struct error *error = page->after ? read_cursor(run, page->after, &cells) : NULL;

    if (!error && page->before)
        error = read_cursor(run, page->before, &cells);
    if (!error && page->skip && !page->skip->is_constant)
        error = execute_value(run, page->skip->field, page->skip->argument, &value);
    return error;
}

bool
execute_skips(struct run *run, const struct plan_page *page)
{
    const struct plan_parameter *skip = page->skip;
    const struct value *value = skip ? skip->value : NULL;
    int64_t number = 0;

    if (skip && !skip->is_constant)
        (void)execute_value(run, skip->field, skip->argument, &value);
    return value && value->kind != VALUE_NULL && str_read_int64(value->text, &number) && number > 0;
}

struct str
execute_given_cursor(struct run *run, const struct plan_cursor *cursor)
{
    const struct value *value = cursor->value;

    if (!cursor->is_constant)
        (void)execute_value(run, cursor->field, cursor->argument, &value);
    assert(value && value->kind == VALUE_STRING);
    return value->text;
}

/* A value cannot be: the statement is not sent. */
static bool
fail(struct run_statement *state, const struct error *error)
{
    state->state = RUN_FAILED;
    state->error = error;
    return false;
}

bool
execute_find_cursor(struct run *run, const struct plan_statement *statement, int number,
                    const char **values)
{
    struct run_statement *state = &run->statements[statement->number];
    const struct plan_cursor *cursor = statement->parameters[number].cursor;

    if (values[number])
        return true;
    const struct str *cells;
    const struct error *error = read_cursor(run, cursor, &cells);
    if (error)
        return fail(state, error);
    for (int i = number; i < statement->parameter_count; i++) {
        const struct plan_parameter *parameter = &statement->parameters[i];
        if (parameter->cursor != cursor)
            continue;
        struct str cell = cells[parameter->term], text = STR_NONE;
        if (cell.ptr)
            text = cursor_parameter(run->arena, parameter->term_type, cell);
        if (!text.ptr)
            return fail(state, cursor_error(run, cursor, "no cursor"));
        values[i] = text.ptr;
    }
    return true;
}

/* --- rows --- */

bool
execute_is_shown(const struct run *run, const struct plan_statement *statement, int row, int *group)
{
    const struct plan_page *page = statement->relation->page;
    const int *first_row = run->statements[statement->number].first_row;

    if (!page || statement->relation->purpose != PLAN_ROWS)
        return true;
    if (!first_row)
        return row < page->limit;
    while (row >= first_row[*group + 1])
        (*group)++;
    return row - first_row[*group] < page->limit;
}

int
execute_count_shown(const struct run *run, const struct plan_statement *statement)
{
    const struct run_statement *state = &run->statements[statement->number];
    const struct plan_page *page = statement->relation->page;
    int rows = rows_count(state->call.rows), hidden = 0;

    if (!page || statement->relation->purpose != PLAN_ROWS)
        return rows;
    if (!state->first_row)
        return rows < page->limit ? rows : page->limit;
    for (int key = 0; key < state->key_count; key++)
        hidden += state->first_row[key + 1] - state->first_row[key] > page->limit;
    return rows - hidden;
}
