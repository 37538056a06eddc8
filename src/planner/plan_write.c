/*
 * plan_write.c - fields that write rows, and what their payloads show of them.
 *
 * The shape of what is given, which fields each object has, is that of the SQL: a column that is
 * not given is not named, and has its default.  Objects of one shape are one array for each
 * column, however many they are; only where shapes differ is each value a parameter.
 *
 * SPDX-License-Identifier: MIT
 */
#include <assert.h>

#include "base/arena.h"
#include "schema/schema.h"
#include "value/value.h"
#include "binding/write.h"
#include "planner/planner.h"

/* --- values --- */

/* The object's value for the field: what the client says, or the default of one that it does not
 * see; NULL: none. */
static const struct value *
find_given(const struct value *object, const struct input_value *input)
{
    const struct value *value = value_find(object, input->name);

    return value ? value : input->default_value;
}

/* The object with that number, of a list; else the argument's. */
static const struct value *
find_object(const struct value *value, int number)
{
    if (value->kind != VALUE_LIST)
        return value;
    value = value->items;
    while (value && number-- > 0)
        value = value->next;
    return value;
}

/* A parameter for the field of the object with that number, or of all. */
static int
add_parameter(struct planner *p, struct plan_relation *relation, const struct argument *argument,
              int number, int row)
{
    const struct argument_binding *values = argument->definition->binding;
    const struct argument_binding *setter = values->inputs[number];
    const struct column_type *type = setter->columns[0]->type;
    bool is_of_all = argument->value->kind == VALUE_LIST && row < 0;
    bool is_text = is_of_all && write_unnests(type);

    return plan_parameter_add(p, relation->statement,
                              &(struct plan_parameter){
                                  .form = PLAN_VALUE,
                                  .field = argument->field,
                                  .argument = argument->definition,
                                  .input = &values->input->inputs[number],
                                  .set = setter->columns[0],
                                  .row = row,
                                  .codec = setter->codec,
                                  .type_name = is_text ? STR("text") : type->passed_as,
                              });
}

/* Is the field given, by any of the objects? */
static bool
is_given(const struct value *value, const struct input_value *input)
{
    if (value->kind != VALUE_LIST)
        return find_given(value, input);
    for (const struct value *object = value->items; object; object = object->next)
        if (find_given(object, input))
            return true;
    /* Of an empty list nothing is sent, whatever the statement sets. */
    return !value->items && input->type->kind == TYPE_NON_NULL;
}

/* Rows that say nothing: SQL names a column of them nonetheless. */
static void
set_default(struct planner *p, struct plan_write *write, const struct column *column)
{
    struct plan_setting *setting = &write->settings[write->setting_count++];

    setting->column = column;
    setting->parameters = ARENA_ARRAY(p->arena, int, (size_t)write->shape_count);
    for (int row = 0; row < write->shape_count; row++)
        setting->parameters[row] = -1;
}

void
plan_write_values(struct planner *p, struct plan_relation *relation,
                  const struct argument *argument)
{
    const struct argument_binding *values = argument->definition->binding;
    const struct value *value = argument->value;
    struct plan_write *write = &relation->of.write;
    bool is_mixed = value->kind == VALUE_LIST && !guard_rows_are_alike(value);

    write->shape_count = is_mixed ? value->count : 1;
    write->settings =
        ARENA_ARRAY(p->arena, struct plan_setting, (size_t)values->input->input_count + 1);
    for (int i = 0; i < values->input->input_count; i++) {
        const struct input_value *input = &values->input->inputs[i];
        if (!values->inputs[i] || !is_given(value, input))
            continue;
        struct plan_setting *setting = &write->settings[write->setting_count++];
        setting->column = values->inputs[i]->columns[0];
        setting->parameters = ARENA_ARRAY(p->arena, int, (size_t)write->shape_count);
        for (int row = 0; row < write->shape_count; row++)
            setting->parameters[row] =
                is_mixed && !find_given(find_object(value, row), input)
                    ? -1
                    : add_parameter(p, relation, argument, i, is_mixed ? row : -1);
    }
    if (is_mixed && write->setting_count == 0)
        set_default(p, write, write->table->columns);
}

/* --- fields --- */

/* A change that changes nothing is no statement of SQL's. */
static const struct error *
judge_settings(struct planner *p, const struct field *definition,
               const struct plan_relation *relation)
{
    const struct plan_write *write = plan_write_of(relation);
    struct error *error;

    if (write->bound->action != WRITE_UPDATE || write->setting_count > 0)
        return NULL;
    error = errors_add(&p->errors, ERROR_BAD_USER_INPUT, "Argument \"%.*s\" changes nothing.",
                       STR_PRINT(write_find_values(definition)->name));
    error->argument = write_find_values(definition)->name;
    return error;
}

/* Where the row is not found, that it is there and of which version is asked in the same
 * transaction; where rows are found and not written, whether they are there still. */
static void
plan_doubt(struct planner *p, const struct plan_field *field, struct plan_relation *relation,
           struct position at)
{
    struct plan_relation *doubt = plan_relation_doubt(p, at, relation);
    const struct error *refusal;

    if (plan_write_of(relation)->bound->is_by_filter)
        plan_relation_doubt_found(p, doubt, relation);
    refusal = plan_arguments(p, doubt, field->ast, field->definition);
    assert(!refusal); /* or the write would have been refused */
    (void)refusal;
    plan_relation_add(p, doubt);
    relation->of.write.doubt = doubt;
}

/* Rows are written that are found first, and told apart by their keys. */
static void
plan_found(struct planner *p, struct plan_relation *relation)
{
    const struct key *key = plan_write_of(relation)->bound->rows.key;

    relation->of.write.written = plan_written_cell(p, relation);
    for (int i = 0; i < key->count; i++)
        relation->denied |= key->columns[i]->denied;
}

void
plan_write(struct planner *p, struct plan_field *field, const struct collected *collected,
           struct position at)
{
    const struct binding *binding = field->definition->binding;
    struct plan_relation *relation = plan_relation_new(p, at, field->definition, field->name);
    bool is_many = binding_write(binding)->is_many;
    const struct error *refusal;

    relation->slice->is_list = is_many;
    if (binding_write(binding)->is_by_filter)
        plan_found(p, relation);
    refusal = plan_arguments(p, relation, field->ast, field->definition);
    if (!refusal)
        refusal = judge_settings(p, field->definition, relation);
    if (refusal) {
        plan_refuse(p, field, refusal);
        return;
    }
    field->relation = relation;
    plan_relation_add(p, relation);
    if (!write_action_adds(binding_write(binding)->action))
        plan_doubt(p, field, relation, at);
    at.relation = relation;
    at.conditions = NULL;
    if (is_many && !binding->is_list) {
        field->kind = PLAN_PAYLOAD;
        field->fields = plan_below(p, field, collected, at);
    } else {
        field->kind = is_many ? PLAN_LIST : PLAN_OBJECT;
        plan_below_row(p, field, collected, at);
    }
}

void
plan_written(struct planner *p, struct plan_field *field, const struct collected *collected,
             struct position at)
{
    const struct bound_written *written = binding_written(field->definition->binding);

    assert(plan_write_of(at.relation));
    field->relation = at.relation;
    if (written->part == WRITTEN_COUNT) {
        field->kind = PLAN_WRITTEN_COUNT;
        return;
    }
    if (written->part == WRITTEN_INSERTED) {
        field->relation = NULL; /* a cell of the row that it stands in */
        plan_leaf(field, plan_inserted_cell(p, at.relation), written->codec);
        return;
    }
    field->kind = at.relation->slice->is_list ? PLAN_LIST : PLAN_OBJECT;
    plan_below_row(p, field, collected, at);
}
