/*
 * execute_resolve.c - root fields that a C function answers.
 *
 * SPDX-License-Identifier: MIT
 */
#include "execution/resolver.h"

#include <assert.h>

#include "base/arena.h"
#include "base/limits.h"
#include "event/peer.h"
#include "schema/schema.h"
#include "value/value.h"
#include "planner/argument.h"
#include "execution/execute.h"
#include "execution/run.h"

const struct resolver_signature *const *
resolver_signatures(struct arena *a, const struct resolver *table)
{
    int count = 0;

    while (table[count].signature.name)
        count++;
    const struct resolver_signature **signatures =
        ARENA_ARRAY(a, const struct resolver_signature *, (size_t)count + 1);
    for (int i = 0; i < count; i++)
        signatures[i] = &table[i].signature;
    return signatures;
}

static const struct resolver *
find_resolver(const struct run *run, const struct plan_field *field)
{
    const struct resolver_signature *signature = binding_resolver(field->definition->binding);
    const struct resolver *resolver = run->options.resolvers->table;

    while (&resolver->signature != signature)
        resolver++;
    return resolver;
}

/* The fields of an input object that the C function is given. */
static struct value **
append_inputs(struct run *run, struct value *object, struct value **end, const struct value *value,
              const struct argument_binding *binding)
{
    for (int i = 0; i < binding->input->input_count; i++) {
        const struct input_value *input = &binding->input->inputs[i];
        const struct value *given = value_find(value, input->name);
        if (!given)
            given = input->default_value; /* of one that is hidden; those of others are there */
        if (binding->inputs[i] && given)
            end = value_append(run->arena, object, end, given, input->name);
    }
    return end;
}

const struct value *
execute_arguments(struct run *run, const struct plan_field *field, struct errors *errors)
{
    struct value *object = ARENA_NEW(run->arena, struct value), **end = &object->items;

    object->kind = VALUE_OBJECT;
    for (int i = 0; i < field_call_count(field->definition); i++) {
        struct argument argument = argument_find(field->ast, &field->definition->arguments[i]);
        const struct error *error =
            argument_get(run->arena, &argument, run->options.variables, run->options.limits);
        if (error) {
            errors_add_copy(errors, error);
            return NULL;
        }
        const struct argument_binding *binding = argument.definition->binding;
        if (argument.value && binding && binding->role == ARGUMENT_INPUT)
            end = append_inputs(run, object, end, argument.value, binding);
        else if (argument.value)
            end = value_append(run->arena, object, end, argument.value, argument.definition->name);
    }
    return object;
}

bool
execute_resolves_slowly(const struct run *run)
{
    return find_resolver(run, run->root->field)->is_slow;
}

bool
execute_resolves_briefly(const struct run *run)
{
    return find_resolver(run, run->root->field)->is_brief;
}

/* May the viewer's token still write?  False after an error. */
static bool
check_session(const struct run *run, struct resolver_call *call)
{
    const struct viewer *viewer = call->asking;
    struct str session_id = viewer->session_id;

    if (!run->options.asks_session || !viewer->user_id.ptr)
        return true;
    const char *values[] = { session_id.ptr ? str_copy_c(run->arena, session_id) : NULL,
                             str_copy_c(run->arena, viewer->user_id) };
    return resolver_query(call, CHECK_SESSION_SQL, 2, values) != NULL;
}

void
execute_resolve(struct run *run, struct db *db, int descriptor)
{
    struct run_root *root = run->root;
    const struct resolver *resolver = find_resolver(run, root->field);
    struct errors errors = { .arena = run->arena };
    struct resolver_call *call = ARENA_NEW(run->arena, struct resolver_call);

    *call = (struct resolver_call){ .arena = run->arena,
                                    .db = db,
                                    .descriptor = descriptor,
                                    .deadline = run->options.deadline,
                                    .context = run->options.resolvers->context,
                                    .asking = run->options.viewer,
                                    .arguments = execute_arguments(run, root->field, &errors),
                                    .viewer = *run->options.viewer,
                                    .errors = &errors };
    if (!call->arguments || (resolver->asks_session && !check_session(run, call)) ||
        !resolver->resolve(call)) {
        assert(errors.first);
        root->error = errors.first;
        run->phase = RUN_NEXT_ROOT;
        return;
    }
    root->outputs = call->outputs;
    root->is_done = call->is_done;
    run->viewer = call->viewer;
    run->phase = RUN_SENDING;
}

bool
resolver_is_awaited(const struct resolver_call *call)
{
    return !peer_has_gone(call->descriptor);
}
