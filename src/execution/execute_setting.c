/*
 * execute_setting.c - what a write sets columns to: of one object, or of all that have a shape.
 *
 * SPDX-License-Identifier: MIT
 */
#include <assert.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "schema/schema.h"
#include "value/value.h"
#include "codec/codec.h"
#include "execution/run.h"

static const struct error *
refuse_null(const struct run *run, struct str name)
{
    struct error *error;

    if (!name.ptr)
        return execute_impossible(run, name, NULL);
    error = errors_add(&(struct errors){ .arena = run->arena }, ERROR_BAD_USER_INPUT,
                       "Argument \"%.*s\" must not be null.", STR_PRINT(name));
    error->argument = name;
    return error;
}

/* What the object's field says.  Return what is wrong with it, or NULL. */
static const struct error *
find_value(const struct run *run, const struct plan_statement *statement,
           const struct plan_parameter *parameter, int number, struct str *text)
{
    const struct run_objects *objects = run->statements[statement->number].objects;
    const struct value *value = plan_given(objects->list[number].value, parameter->input);
    struct str name;

    if (value && value->kind != VALUE_NULL &&
        codec_parameter(run->arena, parameter->codec, value, false, text) == CODEC_OK)
        return NULL;
    name = execute_given_name(run, statement, number, parameter->input);
    if (value && value->kind != VALUE_NULL)
        return execute_impossible(run, name, parameter->codec);
    return parameter->set->is_not_null ? refuse_null(run, name) : NULL;
}

/* The number of the row that the parameter's cell is of; -1: the object has none within it. */
static int
find_written_row(const struct run *run, const struct plan_statement *statement,
                 const struct plan_parameter *parameter, int number)
{
    const struct run_statement *written = &run->statements[parameter->written->statement->number];
    int from = 0, to = written->objects ? written->objects->count : 0;

    if (plan_write_of(statement->relation)->outer == parameter->written)
        return run->statements[statement->number].objects->list[number].outer;
    while (from < to) { /* they stand in the order of the outer ones */
        int middle = from + (to - from) / 2;
        if (written->objects->list[middle].outer < number)
            from = middle + 1;
        else
            to = middle;
    }
    return written->objects && from < written->objects->count &&
                   written->objects->list[from].outer == number
               ? from
               : -1;
}

/* What has the row that is written of the object within this one is NULL without such. */
static const struct error *
judge_written(const struct run *run, const struct plan_statement *statement,
              const struct plan_parameter *parameter, int number)
{
    if (!parameter->set->is_not_null || find_written_row(run, statement, parameter, number) >= 0)
        return NULL;
    return refuse_null(
        run, execute_given_name(run, statement, number, plan_write_of(parameter->written)->within));
}

/* What was written in another row. */
static const struct error *
find_written(const struct run *run, const struct plan_statement *statement,
             const struct plan_parameter *parameter, int number, struct str *text)
{
    const struct plan_statement *written = parameter->written->statement;
    const struct run_statement *state = &run->statements[written->number];
    int row = find_written_row(run, statement, parameter, number);

    if (row < 0)
        return judge_written(run, statement, parameter, number);
    assert(state->state == RUN_DONE && row < rows_count(state->call.rows));
    struct str cell = rows_get(state->call.rows, row, parameter->cell);
    if (cell.ptr)
        *text = execute_key_text(run->arena, cell, written->cells[parameter->cell].of.column->kind,
                                 parameter->set->type);
    return NULL;
}

/* What the object with that number has for the parameter; STR_NONE: null.  Return what is wrong
 * with it, or NULL. */
static const struct error *
find_text(const struct run *run, const struct plan_statement *statement,
          const struct plan_parameter *parameter, int number, struct str *text)
{
    *text = STR_NONE;
    switch (parameter->form) {
    case PLAN_PLACES:
        *text = str_format(run->arena, "%d", number + 1);
        return NULL;
    case PLAN_WRITTEN:
        return find_written(run, statement, parameter, number, text);
    default:
        return find_value(run, statement, parameter, number, text);
    }
}

/* The values of all objects of the shape, as an array; or of the only one that is meant. */
static const struct error *
find_texts(const struct run *run, const struct plan_statement *statement,
           const struct plan_parameter *parameter, int only, const char **out)
{
    const struct run_objects *objects = run->statements[statement->number].objects;
    struct buf *b = buf_new(run->arena);
    const char *before = "{";

    for (int i = 0; i < objects->count; i++) {
        struct str text;
        if (objects->list[i].shape != parameter->shape || (only >= 0 && i != only))
            continue;
        const struct error *error = find_text(run, statement, parameter, i, &text);
        if (error)
            return error;
        buf_put_c(b, before);
        if (text.ptr)
            codec_quote_element(b, text);
        else
            buf_put_c(b, "NULL");
        before = ",";
    }
    buf_put_c(b, *before == '{' ? "{}" : "}");
    *out = buf_copy(run->arena, b).ptr;
    return NULL;
}

const struct error *
execute_find_one_setting(struct run *run, const struct plan_statement *statement,
                         const struct plan_parameter *parameter, int object, const char **out)
{
    return find_texts(run, statement, parameter, object, out);
}

bool
execute_find_setting(struct run *run, const struct plan_statement *statement,
                     const struct plan_parameter *parameter, const char **out)
{
    struct run_statement *state = &run->statements[statement->number];
    const struct error *error = NULL;
    const struct run_objects *objects = execute_objects(run, statement, &error);
    struct str text = STR_NONE;

    if (objects && objects->count == 0) {
        state->state = RUN_EMPTY;
        return false;
    }
    if (objects && plan_write_of(statement->relation)->is_many) {
        error = find_texts(run, statement, parameter, -1, out);
    } else if (objects) {
        error = find_text(run, statement, parameter, 0, &text);
        *out = text.ptr;
    }
    if (error) {
        state->state = RUN_FAILED;
        state->error = error;
    }
    return !error;
}

/* --- all that a field's writes are given --- */

/* The values that an upsert finds the object's row by, as one text. */
static const struct error *
find_upsert_key(const struct run *run, const struct plan_statement *statement, int number,
                struct str *key)
{
    const struct plan_write *write = plan_write_of(statement->relation);
    const struct plan_shape *shape =
        &write->shapes[run->statements[statement->number].objects->list[number].shape];
    struct buf *b = buf_new(run->arena);

    for (int i = 0; i < write->bound->on.count; i++) {
        struct str text;
        const struct error *error = find_text(
            run, statement,
            &statement
                 ->parameters[plan_shape_setting(shape, write->bound->on.columns[i])->parameter],
            number, &text);
        if (error)
            return error;
        if (!text.ptr) { /* no row is found by null */
            *key = STR_NONE;
            return NULL;
        }
        codec_quote_element(b, text);
    }
    *key = buf_copy(run->arena, b);
    return NULL;
}

/* Are all rows different that an upsert is given?  PostgreSQL changes none twice. */
static const struct error *
judge_upsert(struct run *run, const struct plan_statement *statement)
{
    const struct error *error = NULL;
    const struct run_objects *objects = execute_objects(run, statement, &error);
    struct map *keys = map_new(run->arena);

    for (int i = 0; !error && i < objects->count; i++) {
        struct str key;
        error = find_upsert_key(run, statement, i, &key);
        if (!error && key.ptr && map_add(keys, key, run))
            error = execute_refuse_twice(run, statement, i);
    }
    return error;
}

/* Is one of the statement's objects of no use? */
static const struct error *
judge_statement(struct run *run, const struct plan_statement *statement)
{
    const struct error *error = NULL;
    const struct run_objects *objects = execute_objects(run, statement, &error);

    for (int i = 0; !error && i < statement->parameter_count; i++) {
        const struct plan_parameter *parameter = &statement->parameters[i];
        bool is_within = parameter->form == PLAN_WRITTEN &&
                         parameter->written != plan_write_of(statement->relation)->outer;
        struct str text;
        for (int j = 0; !error && j < objects->count; j++)
            if (!parameter->set || objects->list[j].shape != parameter->shape)
                continue;
            else if (parameter->form == PLAN_VALUE)
                error = find_value(run, statement, parameter, j, &text);
            else if (is_within)
                error = judge_written(run, statement, parameter, j);
    }
    return error;
}

const struct error *
execute_judge_given(struct run *run, const struct run_root *root)
{
    const struct plan *plan = run->options.plan;
    const struct plan_write *write =
        root->field->relation ? plan_write_of(root->field->relation) : NULL;
    const struct error *error = NULL;

    if (write && write->is_many && write->bound->action == WRITE_UPSERT)
        return judge_upsert(run, root->field->relation->statement);
    /* Objects are found before others are looked for within them. */
    for (int i = 0; write && write->inner && !error && i < plan->statement_count; i++)
        if (plan->statements[i]->root == root->field &&
            plan_write_of(plan->statements[i]->relation))
            execute_objects(run, plan->statements[i], &error);
    for (int i = 0; write && write->inner && !error && i < plan->statement_count; i++)
        if (plan->statements[i]->root == root->field &&
            plan_write_of(plan->statements[i]->relation))
            error = judge_statement(run, plan->statements[i]);
    return error;
}
