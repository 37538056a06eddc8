/*
 * mock_match.c - which objects the arguments of a field ask for.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "binding/binding.h"
#include "mock/mock_internal.h"

const struct value *
mock_match_argument(const struct mock_call *call, const struct input_value *argument)
{
    const struct value *value = value_find(call->arguments, argument->name);

    return value && value->kind != VALUE_NULL ? value : NULL;
}

static bool
equals_any(struct run *run, struct mock_entity entity, const struct field *compared,
           const struct value *value)
{
    if (value->kind != VALUE_LIST)
        return mock_value_equals(run, entity, compared, value);
    for (const struct value *item = value->items; item; item = item->next)
        if (mock_value_equals(run, entity, compared, item))
            return true;
    return false;
}

bool
mock_match_is_found(struct run *run, struct mock_entity entity,
                    const struct argument_binding *binding, const struct value *value)
{
    for (int i = 0; i < binding->field_count; i++)
        if (mock_value_contains(mock_value_leaf(run, entity, binding->fields[i]), value,
                                run->arena))
            return true;
    return value->text.len == 0;
}

static bool
passes(struct run *run, struct mock_entity entity, const struct argument_binding *binding,
       const struct value *value)
{
    if (binding->mock && binding->mock->filter)
        return mock_filter_passes(run, binding->mock->filter, value, entity);
    if (binding->role == ARGUMENT_EQUALS)
        return equals_any(run, entity, binding->fields[0], value);
    return binding->role != ARGUMENT_SEARCH || mock_match_is_found(run, entity, binding, value);
}

bool
mock_match_passes(const struct mock_call *call, struct mock_entity entity)
{
    const struct field *field = call->field->definition;

    for (int i = 0; i < field_call_count(field); i++) {
        const struct value *value = mock_match_argument(call, &field->arguments[i]);
        if (value && !passes(call->w->run, entity, field->arguments[i].binding, value))
            return false;
    }
    return true;
}

struct mock_entity
mock_match_one(const struct mock_call *call)
{
    const struct field *field = call->field->definition;
    const struct type *target = call->mock->target;
    struct arena *a = call->w->run->arena;
    int count = mock_entity_count(target);
    bool is_asked = false;

    for (int i = 0; i < field_call_count(field); i++) {
        const struct argument_binding *binding = field->arguments[i].binding;
        const struct value *value = mock_match_argument(call, &field->arguments[i]);
        if (!value || binding->role != ARGUMENT_EQUALS)
            continue;
        is_asked = true;
        if (str_is(binding->fields[0]->name, "id")) /* created ones, too */
            return mock_entity_find(a, target, mock_value_bare(mock_value_text(a, value)));
    }
    if (!is_asked)
        return mock_entity_refer(call->parent, field);
    for (int i = 0; i < count; i++)
        if (mock_match_passes(call, mock_entity_at(target, i)))
            return mock_entity_at(target, i);
    return (struct mock_entity){ NULL, 0 };
}
