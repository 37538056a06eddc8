/*
 * write.c - rows that a mutation writes, as the contract says it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "binding/write.h"

const char *
write_action_name(enum write_action action)
{
    static const char *const names[] = {
#define WRITE_NAME(constant, name, title) [WRITE_##constant] = name,
        WRITE_ACTIONS(WRITE_NAME)
#undef WRITE_NAME
    };

    return names[action];
}

const char *
write_action_title(enum write_action action)
{
    static const char *const titles[] = {
#define WRITE_TITLE(constant, name, title) [WRITE_##constant] = title,
        WRITE_ACTIONS(WRITE_TITLE)
#undef WRITE_TITLE
    };

    return titles[action];
}

const struct input_value *
write_find_values(const struct field *field)
{
    for (int i = 0; i < field->argument_count; i++)
        if (field->arguments[i].binding && field->arguments[i].binding->role == ARGUMENT_VALUES)
            return &field->arguments[i];
    return NULL;
}

const struct input_value *
write_find_setter(const struct argument_binding *values, const struct column *column)
{
    for (int i = 0; i < values->input->input_count; i++)
        if (values->inputs[i] &&
            column_is_among(column, values->inputs[i]->columns, values->inputs[i]->column_count))
            return &values->input->inputs[i];
    return NULL;
}

bool
write_is_outer_key(const struct argument_binding *values, const struct column *column)
{
    return values->is_after && column_is_among(column, values->join->to, values->join->count);
}

const struct bound_constraint *
write_find_constraint(const struct argument_binding *values, struct str name)
{
    const struct bound_constraint *said = values->constraints;

    while (said && !str_equal(said->constraint->name, name))
        said = said->next;
    return said;
}

bool
write_unnests(const struct column_type *type)
{
    return type->kind == COLUMN_ARRAY || type->kind == COLUMN_OTHER;
}
