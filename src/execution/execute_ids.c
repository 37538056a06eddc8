/*
 * execute_ids.c - the only argument of a root field: the ids of objects that it finds, or the
 * input that a mutation is given.
 *
 * SPDX-License-Identifier: MIT
 */
#include <assert.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/map.h"
#include "schema/schema.h"
#include "value/value.h"
#include "codec/codec.h"
#include "codec/global_id.h"
#include "planner/argument.h"
#include "execution/run.h"

/* Count the rows that are asked for below each object of a list of ids.  The plan has counted those
 * of one. */
static const struct error *
count_nodes(struct run *run, const struct run_root *root, const struct value *ids)
{
    int64_t most = run->options.limits->nodes, nodes;
    int64_t count = ids->kind == VALUE_LIST ? ids->count - 1 : 0;

    if (count <= 0)
        return NULL;
    if (!__builtin_mul_overflow(count, root->field->nodes, &nodes) &&
        !__builtin_add_overflow(run->nodes, nodes, &run->nodes) &&
        run->nodes <= most - run->options.plan->nodes)
        return NULL;
    return errors_add_limit(&(struct errors){ .arena = run->arena }, "nodes", most,
                            "The lists of the request together ask for too many rows.");
}

const struct value *
execute_only_argument(struct run *run, struct run_root *root, const struct error **error)
{
    const struct field *definition = root->field->definition;
    struct argument argument = argument_find(root->field->ast, &definition->arguments[0]);

    *error = NULL;
    if (root->argument)
        return root->argument;
    *error = argument_get(run->arena, &argument, run->options.variables, run->options.limits);
    if (!*error && argument.definition->binding->role == ARGUMENT_NODE)
        *error = count_nodes(run, root, argument.value);
    root->argument = *error ? NULL : argument.value;
    return root->argument;
}

/* One column of so many keys. */
static const char *
write_array(struct arena *a, const struct str *keys, int count, int columns)
{
    struct buf *b = buf_new(a);

    buf_byte(b, '{');
    for (int i = 0; i < count; i++) {
        buf_put_c(b, i > 0 ? "," : "");
        codec_quote_element(b, keys[i * columns]);
    }
    buf_byte(b, '}');
    return buf_copy(a, b).ptr;
}

/* The distinct keys that ids have. */
struct ids {
    struct arena *arena;
    const struct global_id *of;
    struct map *known; /* by the id: a pointer to its number among the keys */
    struct str *keys;  /* the parts of each, one key after the other */
    int *numbers;
    int count, columns;
};

/* The number of the id's key; -1: it is no id of the objects. */
static int
ids_add(struct ids *ids, struct str text)
{
    const int *known = map_get(ids->known, text);

    if (known)
        return *known;
    if (!global_id_read(ids->arena, ids->of, text, &ids->keys[ids->count * ids->columns]))
        return -1;
    ids->numbers[ids->count] = ids->count;
    map_add(ids->known, text, &ids->numbers[ids->count]);
    return ids->count++;
}

static bool
stop(struct run_statement *state, enum run_statement_state how, const struct error *error)
{
    state->state = how;
    state->error = error;
    return false;
}

bool
execute_find_ids(struct run *run, const struct plan_statement *statement, const char **out)
{
    struct run_statement *state = &run->statements[statement->number];
    const struct error *error;
    const struct value *given =
        execute_only_argument(run, execute_find_root(run, statement->root), &error);
    struct ids ids = { run->arena, statement->ids,           map_new(run->arena), NULL, NULL,
                       0,          plan_key_count(statement) };
    int row = 0;

    if (!given)
        return stop(state, RUN_FAILED, error);
    bool is_list = given->kind == VALUE_LIST;
    size_t most = is_list ? (size_t)given->count : 1;
    ids.keys = ARENA_ARRAY(run->arena, struct str, (most + 1) * (size_t)ids.columns);
    ids.numbers = ARENA_ARRAY(run->arena, int, most + 1);
    state->key_of_row = ARENA_ARRAY(run->arena, int, most + 1);
    for (const struct value *id = is_list ? given->items : given; id;
         id = is_list ? id->next : NULL)
        state->key_of_row[row++] = ids_add(&ids, id->text);
    state->key_count = ids.count;
    if (ids.count == 0)
        return stop(state, RUN_EMPTY, NULL);
    for (int i = 0; i < ids.columns; i++)
        out[i] = write_array(run->arena, &ids.keys[i], ids.count, ids.columns);
    return true;
}
