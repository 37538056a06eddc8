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
#include "value/value_coerce.h"
#include "database/sqlstate.h"
#include "database/statement.h"
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

const struct value *
execute_arguments(struct run *run, const struct plan_field *field, struct errors *errors)
{
    struct value *object = ARENA_NEW(run->arena, struct value), **end = &object->items;

    object->kind = VALUE_OBJECT;
    for (int i = 0; i < field->definition->argument_count; i++) {
        const struct input_value *argument = &field->definition->arguments[i];
        bool is_absent = false;
        const struct value *value =
            value_coerce_argument(run->arena, field->ast->arguments, argument,
                                  run->options.variables, &is_absent, errors);
        if (!value && !is_absent)
            return NULL;
        if (!value)
            continue;
        struct value *member = ARENA_NEW(run->arena, struct value);
        *member = *value;
        member->name = argument->name;
        member->next = NULL;
        *end = member;
        end = &member->next;
        object->count++;
    }
    return object;
}

bool
execute_resolves_slowly(const struct run *run)
{
    return find_resolver(run, run->root->field)->is_slow;
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
    if (!call->arguments || !resolver->resolve(call)) {
        assert(errors.first);
        root->error = errors.first;
        run->phase = RUN_NEXT_ROOT;
        return;
    }
    root->outputs = call->outputs;
    run->viewer = call->viewer;
    run->phase = RUN_SENDING;
}

bool
resolver_is_awaited(const struct resolver_call *call)
{
    return !peer_has_gone(call->descriptor);
}

struct rows *
resolver_query(struct resolver_call *call, const char *sql, int count, const char *const *values)
{
    struct str text = str_from(sql);
    struct statement statement = { .sql = text, .hash = str_hash(text), .parameter_count = count };
    struct db_call query = { .statement = &statement, .values = values };

    do {
        query.is_anew = query.is_stale;
        db_call(call->db, call->arena, &query); /* its own transaction, which the flush ends */
        db_send(call->db);
        db_wait(call->db, call->deadline);
    } while (query.is_stale && !query.is_anew);
    if (query.outcome == DB_ROWS)
        return query.rows;
    errors_add_copy(call->errors, sqlstate_error(call->arena, &query));
    return NULL;
}
