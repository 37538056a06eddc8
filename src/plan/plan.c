/*
 * plan.c - questions to a plan that is built.
 *
 * SPDX-License-Identifier: MIT
 */
#include "plan/plan.h"

#include <assert.h>

#include "schema/schema.h"
#include "value/value.h"

const struct table *
plan_table(const struct plan_relation *relation)
{
    switch (relation->source) {
    case PLAN_TABLE:
        return relation->of.table;
    case PLAN_FUNCTION:
        return relation->of.call.table;
    case PLAN_WRITE:
        return relation->of.write.table;
    case PLAN_UNION:
        break;
    }
    return NULL;
}

const struct plan_write *
plan_write_of(const struct plan_relation *relation)
{
    return relation->source == PLAN_WRITE ? &relation->of.write : NULL;
}

int
plan_object_count(const struct value *value)
{
    return !value || value->kind == VALUE_NULL ? 0 : value->kind == VALUE_LIST ? value->count : 1;
}

const struct value *
plan_next_object(const struct value *value, const struct value *last)
{
    if (value && value->kind == VALUE_LIST)
        return last ? last->next : value->items;
    return !last && value && value->kind == VALUE_OBJECT ? value : NULL;
}

const struct value *
plan_given(const struct value *object, const struct input_value *field)
{
    const struct value *value = value_find(object, field->name);

    return value ? value : field->default_value;
}

bool
plan_write_is_given(const struct plan_write *write, const struct value *object, int field)
{
    const struct argument_binding *setter = write->values->inputs[field];
    const struct input_value *input = &write->values->input->inputs[field];

    if (!setter || setter->column_count == 0)
        return false;
    return object ? plan_given(object, input) != NULL : input->type->kind == TYPE_NON_NULL;
}

static bool
is_of_shape(const struct plan_write *write, const struct plan_shape *shape,
            const struct value *object)
{
    for (int i = 0; i < write->values->input->input_count; i++)
        if (shape->given[i] != plan_write_is_given(write, object, i))
            return false;
    return true;
}

int
plan_write_shape(const struct plan_write *write, const struct value *object, int last)
{
    for (int i = last < 0 ? 0 : last; i < last + 2 && i < write->shape_count; i++)
        if (is_of_shape(write, &write->shapes[i], object))
            return i;
    return -1;
}

bool
plan_setting_changes(const struct plan_write *write, const struct plan_setting *setting)
{
    return column_is_among(setting->column, write->bound->changed, write->bound->changed_count);
}

bool
plan_shape_changes(const struct plan_write *write, const struct plan_shape *shape)
{
    for (int i = 0; i < shape->setting_count; i++)
        if (plan_setting_changes(write, &shape->settings[i]))
            return true;
    return false;
}

bool
plan_shape_finds(const struct plan_write *write, const struct plan_shape *shape)
{
    return write->bound->action == WRITE_UPSERT && !plan_shape_changes(write, shape);
}

const struct plan_setting *
plan_shape_setting(const struct plan_shape *shape, const struct column *column)
{
    int i = 0;

    while (i < shape->setting_count - 1 && shape->settings[i].column != column)
        i++;
    assert(i < shape->setting_count && shape->settings[i].column == column);
    return &shape->settings[i];
}

int
plan_key_count(const struct plan_statement *statement)
{
    int count = 0;

    while (count < statement->parameter_count && statement->parameters[count].form == PLAN_KEYS)
        count++;
    return count;
}

const struct plan_relation *
plan_ordered(const struct plan_relation *relation)
{
    return relation->source == PLAN_UNION ? relation->children : relation;
}

const struct function *
plan_function(const struct plan_relation *relation)
{
    return relation->source == PLAN_FUNCTION ? relation->of.call.function : NULL;
}

bool
plan_calls_function(const struct plan_statement *statement)
{
    if (plan_function(statement->relation))
        return true;
    for (int i = 0; i < statement->cell_count; i++)
        if (statement->cells[i].kind == PLAN_CELL_FUNCTION)
            return true;
    return false;
}

static bool
may_overflow(const struct plan_cell *cell)
{
    enum aggregate_function function;

    if (cell->kind == PLAN_CELL_UNIT)
        return cell->of.unit->column->kind == COLUMN_DATE; /* cut as a timestamp */
    if (cell->kind != PLAN_CELL_AGGREGATE)
        return false;
    function = cell->of.aggregate.function->function;
    return (function == AGGREGATE_SUM || function == AGGREGATE_AVG) &&
           cell->of.aggregate.column->kind > COLUMN_INT8;
}

bool
plan_may_overflow(const struct plan_statement *statement)
{
    for (int i = 0; i < statement->cell_count; i++)
        if (may_overflow(&statement->cells[i]))
            return true;
    return false;
}

struct str
plan_label(const struct plan_relation *relation, const struct type *object)
{
    return relation->source == PLAN_UNION ? object->name : binding_of_type(object)->label;
}

const struct plan_field *
plan_fields_of(const struct plan_field *field, const struct type *type)
{
    const struct plan_variant *variant = field->variants;

    if (!variant)
        return field->fields;
    while (variant && variant->type != type)
        variant = variant->next;
    assert(variant); /* or the type would not be possible there */
    return variant->fields;
}

bool
plan_needs_user(const struct plan *plan)
{
    for (const struct plan_field *field = plan->fields; field; field = field->next) {
        const struct binding *binding = field->definition->binding;
        if (!binding || !binding->signed_in.ptr)
            return false;
    }
    return plan->fields != NULL;
}

bool
plan_needs_db(const struct plan *plan)
{
    for (const struct plan_field *field = plan->fields; field; field = field->next)
        if (field->kind == PLAN_RESOLVED)
            return true;
    return plan->statement_count > 0;
}
