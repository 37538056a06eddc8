/*
 * execute_object.c - the objects that a write is given: which they are, and what the client knows
 * them as.
 *
 * SPDX-License-Identifier: MIT
 */
#include <assert.h>

#include "base/arena.h"
#include "base/buf.h"
#include "schema/schema.h"
#include "value/value.h"
#include "binding/write.h"
#include "contract/contract.h"
#include "execution/run.h"

/* --- which they are --- */

static void
add_object(struct run_objects *objects, const struct plan_write *write, const struct value *value,
           int outer, int item)
{
    int last = objects->count > 0 ? objects->list[objects->count - 1].shape : -1;
    int shape = plan_write_shape(write, value, last);

    assert(shape >= 0); /* or the plan would not hold for it */
    objects->list[objects->count++] = (struct run_object){ value, outer, item, shape };
}

static void
add_objects(struct run_objects *objects, const struct plan_write *write, const struct value *value,
            int outer)
{
    bool is_list = value && value->kind == VALUE_LIST;
    const struct value *object = NULL;

    for (int item = 0; (object = plan_next_object(value, object)); item++)
        add_object(objects, write, object, outer, is_list ? item : -1);
}

static struct run_objects *
make_objects(struct run *run, int count)
{
    struct run_objects *objects = ARENA_NEW(run->arena, struct run_objects);

    objects->list = ARENA_ARRAY(run->arena, struct run_object, (size_t)count + 1);
    return objects;
}

/* Those of the argument. */
static const struct run_objects *
find_own(struct run *run, const struct plan_statement *statement, const struct error **error)
{
    const struct value *value;
    struct run_objects *objects;

    *error = execute_value(run, statement->root->ast,
                           write_find_values(statement->root->definition), &value);
    if (*error)
        return NULL;
    objects = make_objects(run, plan_object_count(value));
    add_objects(objects, plan_write_of(statement->relation), value, 0);
    return objects;
}

/* Those that a field of the outer objects has. */
static const struct run_objects *
find_within(struct run *run, const struct plan_statement *statement, const struct error **error)
{
    const struct plan_write *write = plan_write_of(statement->relation);
    const struct run_objects *outer = execute_objects(run, write->outer->statement, error);
    struct run_objects *objects;
    int count = 0;

    if (!outer)
        return NULL;
    for (int i = 0; i < outer->count; i++)
        count += plan_object_count(plan_given(outer->list[i].value, write->within));
    objects = make_objects(run, count);
    for (int i = 0; i < outer->count; i++)
        add_objects(objects, write, plan_given(outer->list[i].value, write->within), i);
    return objects;
}

const struct run_objects *
execute_objects(struct run *run, const struct plan_statement *statement, const struct error **error)
{
    struct run_statement *state = &run->statements[statement->number];
    bool is_nested = plan_write_of(statement->relation)->outer != NULL;

    if (!state->objects)
        state->objects = (is_nested ? find_within : find_own)(run, statement, error);
    return state->objects;
}

/* --- names --- */

static void
write_object_name(const struct run *run, struct buf *b, const struct plan_statement *statement,
                  int number)
{
    const struct plan_write *write = plan_write_of(statement->relation);
    const struct run_objects *objects = run->statements[statement->number].objects;
    const struct run_object *object = objects && number >= 0 ? &objects->list[number] : NULL;

    if (write->outer) {
        write_object_name(run, b, write->outer->statement, object ? object->outer : -1);
        buf_printf(b, ".%.*s", STR_PRINT(write->within->name));
    } else {
        buf_put(b, write_find_values(statement->root->definition)->name);
    }
    if (object && object->item >= 0)
        buf_printf(b, "[%d]", object->item);
}

struct str
execute_object_name(const struct run *run, const struct plan_statement *statement, int number)
{
    struct buf *b = buf_new(run->arena);

    write_object_name(run, b, statement, number);
    return buf_copy(run->arena, b);
}

/* Is the field of the write's objects one that the client does not see (@auth), or within one? */
static bool
is_hidden(const struct run *run, const struct plan_write *write, const struct input_value *field)
{
    const struct type *seen =
        schema_find_type(run->options.contract->schema, write->values->input->name);

    if (!seen || !schema_find_input(seen, field->name))
        return true;
    return write->outer && is_hidden(run, plan_write_of(write->outer), write->within);
}

struct str
execute_given_name(const struct run *run, const struct plan_statement *statement, int number,
                   const struct input_value *field)
{
    struct buf *b = buf_new(run->arena);

    if (is_hidden(run, plan_write_of(statement->relation), field))
        return STR_NONE;
    write_object_name(run, b, statement, number);
    buf_printf(b, ".%.*s", STR_PRINT(field->name));
    return buf_copy(run->arena, b);
}
