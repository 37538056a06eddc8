/*
 * execute_parameters.c - the values of a statement's parameters: arguments of
 * the request, and the keys of a batch from its parent's rows.
 *
 * SPDX-License-Identifier: MIT
 */
#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "schema/schema.h"
#include "value/value.h"
#include "batch_rows/batch_keys.h"
#include "codec/codec.h"
#include "codec/judge.h"
#include "planner/argument.h"
#include "execution/run.h"

/* A value cannot be: the statement is not sent. */
static bool
stop_statement(struct run_statement *state, enum run_statement_state how, const struct error *error)
{
    state->state = how;
    state->error = error;
    return false;
}

/* `%value%` for LIKE and ILIKE, in which %, _ and \ mean themselves. */
static const char *
make_pattern(struct arena *a, struct str text)
{
    char *pattern = arena_alloc(a, 2 * text.len + 3);
    size_t len = 0;

    pattern[len++] = '%';
    for (size_t i = 0; i < text.len; i++) {
        if (memchr("%_\\", text.ptr[i], 3))
            pattern[len++] = '\\';
        pattern[len++] = text.ptr[i];
    }
    pattern[len] = '%';
    return pattern;
}

struct error *
execute_impossible(const struct run *run, struct str name, const struct codec *codec)
{
    struct errors errors = { .arena = run->arena };

    if (!name.ptr)
        return errors_add(&errors, ERROR_INTERNAL, "Internal server error.");
    struct error *error = errors_add(&errors, ERROR_BAD_USER_INPUT, "Argument \"%.*s\" must be %s.",
                                     STR_PRINT(name), codec_words(codec));

    error->argument = name;
    return error;
}

/* That which was found last is known: a filter has many parameters. */
const struct error *
execute_value(struct run *run, const struct ast_field *field, const struct input_value *definition,
              const struct value **out)
{
    struct run_argument *last = &run->last_argument;
    const struct error *error = NULL;

    if (last->field != field || last->definition != definition) {
        struct argument argument = argument_find(field, definition);
        error = argument_get(run->arena, &argument, run->options.variables, run->options.limits);
        *last = (struct run_argument){ error ? NULL : field, definition, argument.value };
    }
    *out = last->value;
    return error;
}

static bool
get_value(struct run *run, struct run_statement *state, const struct plan_parameter *parameter,
          const struct value **out)
{
    const struct error *error = NULL;

    if (parameter->input) {
        *out = execute_only_argument(run, run->root, &error);
        *out = *out ? value_find(*out, parameter->input->name) : NULL;
    } else {
        error = execute_value(run, parameter->field, parameter->argument, out);
    }
    return !error || stop_statement(state, RUN_FAILED, error);
}

/* `%value%`, unless no text can be found by it. */
static bool
find_pattern(struct run *run, struct run_statement *state, const struct value *value,
             const char **out)
{
    struct str text = value->text;

    if (str_find(text, '\0') < text.len)
        return stop_statement(state, RUN_EMPTY, NULL);
    *out = make_pattern(run->arena, text);
    return true;
}

static bool
find_parameter_value(struct run *run, const struct plan_statement *statement,
                     const struct plan_parameter *parameter, const char **out)
{
    struct run_statement *state = &run->statements[statement->number];
    const struct value *value = parameter->value;
    bool is_passed = plan_is_passed(parameter);
    struct str text;

    if (parameter->set || parameter->form == PLAN_PLACES)
        return execute_find_setting(run, statement, parameter, out);
    if (!parameter->is_constant && !get_value(run, state, parameter, &value))
        return false;
    if (parameter->form == PLAN_OPERAND) {
        *out = execute_operand(run->arena, parameter, value);
        return true;
    }
    *out = parameter->form == PLAN_OFFSET ? "0" : NULL;
    if (!value || value->kind == VALUE_NULL)
        return true;
    if (parameter->form == PLAN_PATTERN)
        return find_pattern(run, state, value, out);
    if (parameter->form == PLAN_OFFSET) {
        *out = value->text.ptr;
        return true;
    }
    /* What its type cannot hold does not reach a function: nothing could tell it from a value
     * that is absent. */
    if (codec_parameter(run->arena, parameter->codec, value, !is_passed, &text) == CODEC_NEVER)
        return is_passed
                   ? stop_statement(
                         state, RUN_FAILED,
                         execute_impossible(run, execute_parameter_name(run, statement, parameter),
                                            parameter->codec))
                   : stop_statement(state, RUN_EMPTY, NULL);
    *out = text.ptr;
    return true;
}

static int64_t
read_big_endian(struct str cell)
{
    int64_t n = cell.len > 0 && (signed char)cell.ptr[0] < 0 ? -1 : 0;

    for (size_t i = 0; i < cell.len; i++)
        n = (int64_t)((uint64_t)n << 8 | (unsigned char)cell.ptr[i]);
    return n;
}

/* A parent's key may be of a wider type than its children's: then no column can hold it, and no row
 * has it. */
struct str
execute_key_text(struct arena *a, struct str key, enum column_kind kind,
                 const struct column_type *type)
{
    struct buf *b = buf_new(a);
    bool is_whole =
        type->kind == COLUMN_INT2 || type->kind == COLUMN_INT4 || type->kind == COLUMN_INT8;

    if (kind == COLUMN_INT2 || kind == COLUMN_INT4 || kind == COLUMN_INT8)
        buf_int64(b, read_big_endian(key));
    else
        buf_put(b, key);
    struct str text = buf_copy(a, b);
    if (is_whole && kind == COLUMN_NUMERIC)
        text = judge_whole_number(a, text);
    return text.ptr && judge_text(a, type, text) ? text : STR_NONE;
}

static void
write_key(struct arena *a, struct buf *b, struct str key, enum column_kind kind,
          const struct column_type *type)
{
    if (kind == type->kind && (kind == COLUMN_INT2 || kind == COLUMN_INT4 || kind == COLUMN_INT8)) {
        buf_int64(b, read_big_endian(key));
        return;
    }
    struct str text = kind == type->kind ? key : execute_key_text(a, key, kind, type);
    if (text.ptr)
        codec_quote_element(b, text);
    else
        buf_put(b, STR("NULL"));
}

/* One column of the keys, whose cells are in these rows of the parent. */
static const char *
write_key_array(struct arena *a, const struct rows *rows, const int *key_rows, int count, int cell,
                enum column_kind kind, const struct column_type *type)
{
    struct buf b = { 0 };

    buf_byte(&b, '{');
    for (int i = 0; i < count; i++) {
        if (i > 0)
            buf_byte(&b, ',');
        write_key(a, &b, rows_get(rows, key_rows[i], cell), kind, type);
    }
    buf_byte(&b, '}');
    const char *text = buf_copy(a, &b).ptr;
    buf_free(&b);
    return text;
}

/* The one key that a C function has put out. */
static bool
find_output_key(struct run *run, const struct plan_statement *statement, const char **out)
{
    struct run_statement *state = &run->statements[statement->number];
    const struct value *key = run->root->outputs[statement->key_output];
    struct buf *b = buf_new(run->arena);

    state->key_of_row = ARENA_NEW(run->arena, int);
    state->key_count = 1;
    if (!key) {
        state->key_of_row[0] = -1;
        return stop_statement(state, RUN_EMPTY, NULL);
    }
    assert(plan_key_count(statement) == 1);
    buf_byte(b, '{');
    write_key(run->arena, b, key->text, COLUMN_TEXT, statement->parameters[0].keys->type);
    buf_byte(b, '}');
    *out = buf_copy(run->arena, b).ptr;
    return true;
}

/* Is the row of the types below which the batch stands? */
static bool
meets_conditions(const struct rows *rows, int row, const struct plan_condition *condition)
{
    for (; condition; condition = condition->next) {
        const struct plan_relation *relation = condition->relation;
        struct str label = rows_get(rows, row, relation->type_cell);
        const struct plan_possible *possible = &condition->types;
        while (possible && !(label.ptr && str_equal(label, plan_label(relation, possible->type))))
            possible = possible->next;
        if (!possible)
            return false;
    }
    return true;
}

/* The key of the parent's row: its cell; the cells of a key of several columns with their
 * lengths before them.  STR_NONE when one is null. */
static struct str
row_key(struct arena *a, const struct plan_statement *statement, const struct rows *rows, int row)
{
    int count = plan_key_count(statement);
    size_t len = 0;

    if (count == 1)
        return rows_get(rows, row, statement->parent_cells[0]);
    for (int i = 0; i < count; i++) {
        struct str cell = rows_get(rows, row, statement->parent_cells[i]);
        if (!cell.ptr)
            return STR_NONE;
        len += sizeof(cell.len) + cell.len;
    }
    char *bytes = arena_alloc(a, len), *end = bytes;
    for (int i = 0; i < count; i++) {
        struct str cell = rows_get(rows, row, statement->parent_cells[i]);
        memcpy(end, &cell.len, sizeof(cell.len));
        memcpy(end + sizeof(cell.len), cell.ptr, cell.len);
        end += sizeof(cell.len) + cell.len;
    }
    return (struct str){ bytes, len };
}

/* Take the keys of the statement that has the same; false: they are not known. */
static bool
take_keys(struct run *run, const struct plan_statement *statement, const char **out)
{
    const struct run_statement *same = &run->statements[statement->same_keys->number];
    struct run_statement *state = &run->statements[statement->number];

    if (!same->key_of_row || same->key_count == 0)
        return false;
    state->key_of_row = same->key_of_row;
    state->key_count = same->key_count;
    for (int i = 0; i < plan_key_count(statement); i++)
        out[i] = same->call.values[i];
    return true;
}

/* Group the parent's rows by key; `key_rows` get the first row of each. */
static const struct batch_keys *
group_by_key(struct run *run, const struct plan_statement *statement, int *key_rows, int row_count)
{
    struct run_statement *state = &run->statements[statement->number];
    const struct rows *rows = run->statements[statement->parent->number].call.rows;
    struct batch_keys *keys = batch_keys_new(run->arena, row_count);

    state->key_of_row = ARENA_ARRAY(run->arena, int, (size_t)row_count);
    for (int row = 0, group = 0; row < row_count; row++) {
        struct str key = row_key(run->arena, statement, rows, row);
        bool is_meant = meets_conditions(rows, row, statement->conditions) &&
                        execute_is_shown(run, statement->parent, row, &group) &&
                        execute_is_doubted(run, statement, row);
        int count = keys->count;
        state->key_of_row[row] = key.ptr && is_meant ? batch_keys_add(keys, key) : -1;
        if (keys->count > count)
            key_rows[count] = row;
    }
    state->key_count = keys->count;
    return keys;
}

/* How many rows has the parent, as far as they have come? */
static int
count_parent_rows(const struct run *run, const struct plan_statement *statement)
{
    const struct run_statement *parent = &run->statements[statement->parent->number];

    return parent->state == RUN_DONE ? rows_count(parent->call.rows) : 0;
}

/* `out` are the values of all columns of the keys. */
static bool
find_keys(struct run *run, const struct plan_statement *statement, const char **out)
{
    const struct join *join = join_to_parent(statement->relation->join);
    struct run_statement *state = &run->statements[statement->number];
    const struct rows *rows = run->statements[statement->parent->number].call.rows;

    if (statement->same_keys && take_keys(run, statement, out))
        return true;
    int count = count_parent_rows(run, statement);
    int *key_rows = ARENA_ARRAY(run->arena, int, (size_t)count);
    const struct batch_keys *keys = group_by_key(run, statement, key_rows, count);
    if (keys->count == 0)
        return stop_statement(state, RUN_EMPTY, NULL);
    for (int i = 0; i < join->count; i++)
        out[i] =
            write_key_array(run->arena, rows, key_rows, keys->count, statement->parent_cells[i],
                            join->from[i]->kind, join->to[i]->type);
    return true;
}

static bool
find_parameter(struct run *run, const struct plan_statement *statement, int number,
               const char **values)
{
    const struct plan_parameter *parameter = &statement->parameters[number];

    switch (parameter->form) {
    case PLAN_KEYS:
        if (parameter->key > 0)
            return true; /* found with the first */
        return statement->parent ? find_keys(run, statement, &values[number])
               : statement->ids  ? execute_find_ids(run, statement, &values[number])
                                 : find_output_key(run, statement, &values[number]);
    case PLAN_CURSOR:
        return execute_find_cursor(run, statement, number, values);
    default:
        return find_parameter_value(run, statement, parameter, &values[number]);
    }
}

bool
execute_find_parameters(struct run *run, const struct plan_statement *statement)
{
    struct run_statement *state = &run->statements[statement->number];
    const char **values = ARENA_ARRAY(run->arena, const char *, (size_t)statement->parameter_count);
    bool is_good = true;

    state->call.values = values;
    if (!execute_is_in_doubt(run, statement))
        return stop_statement(state, RUN_EMPTY, NULL);
    for (int i = 0; i < statement->parameter_count; i++) {
        is_good &= find_parameter(run, statement, i, values);
        /* That no row has a value is no reason to take an argument that is wrong. */
        if (!is_good && (statement->parameters[i].form == PLAN_KEYS || state->state == RUN_FAILED))
            break;
    }
    if (!is_good)
        execute_miss_written(run, statement);
    return is_good;
}

/* The parent's values, and then its own but for the keys. */
static bool
find_ahead(struct run *run, const struct plan_statement *statement)
{
    const struct plan_statement *parent = statement->parent;
    struct run_statement *state = &run->statements[statement->number];
    int shift = parent->parameter_count - plan_key_count(statement);
    const char **values =
        ARENA_ARRAY(run->arena, const char *, (size_t)statement->ahead.parameter_count);

    for (int i = 0; i < parent->parameter_count; i++)
        values[i] = run->statements[parent->number].call.values[i];
    state->call.values = values;
    for (int i = plan_key_count(statement); i < statement->parameter_count; i++)
        if (!find_parameter(run, statement, i, values + shift))
            return false;
    return true;
}

bool
execute_find_ahead(struct run *run, const struct plan_statement *statement)
{
    struct run_statement *state = &run->statements[statement->number];

    if (run->statements[statement->parent->number].state == RUN_READY)
        return find_ahead(run, statement);
    return stop_statement(state, RUN_EMPTY, NULL);
}

void
execute_take_keys(struct run *run, const struct plan_statement *statement)
{
    struct run_statement *state = &run->statements[statement->number];
    int count = count_parent_rows(run, statement);
    int *key_rows = ARENA_ARRAY(run->arena, int, (size_t)count);

    state->keys = group_by_key(run, statement, key_rows, count);
}
