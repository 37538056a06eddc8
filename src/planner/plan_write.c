/*
 * plan_write.c - fields that write rows, and what their payloads show of them.
 *
 * The shapes of what is given are those of the SQL: a column that an object does not give is not
 * named, and has its default.  Objects of one shape are one array for each column, however many
 * they are.
 *
 * An object of the input may have others within it, which are written by statements of their own,
 * one for each field that has them: objects that its row refers to in a wave before, and objects
 * that refer to it in one after.
 *
 * SPDX-License-Identifier: MIT
 */
#include <assert.h>

#include "base/arena.h"
#include "schema/schema.h"
#include "value/value.h"
#include "binding/write.h"
#include "contract/contract.h"
#include "planner/planner.h"

/* --- objects --- */

/* What one write is given, while it is planned. */
struct objects {
    const struct argument *argument; /* that they are in */
    const struct value **list;
    int count;
};

static void
add_objects(struct objects *objects, const struct value *value)
{
    const struct value *object = NULL;

    while ((object = plan_next_object(value, object)))
        objects->list[objects->count++] = object;
}

/* Those of the argument. */
static struct objects
find_objects(struct planner *p, const struct argument *argument)
{
    struct objects objects = { .argument = argument };

    objects.list = ARENA_ARRAY(p->scratch, const struct value *,
                               (size_t)plan_object_count(argument->value) + 1);
    add_objects(&objects, argument->value);
    return objects;
}

/* Those that the field of these has. */
static struct objects
find_inner(struct planner *p, const struct objects *outer, const struct input_value *field)
{
    struct objects objects = { .argument = outer->argument };
    size_t count = 1;

    for (int i = 0; i < outer->count; i++)
        count += (size_t)plan_object_count(plan_given(outer->list[i], field));
    objects.list = ARENA_ARRAY(p->scratch, const struct value *, count);
    for (int i = 0; i < outer->count; i++)
        add_objects(&objects, plan_given(outer->list[i], field));
    return objects;
}

/* --- shapes --- */

/* The write within `relation` whose objects the field has; NULL: no object has any. */
static const struct plan_relation *
find_write_within(const struct plan_relation *relation, const struct input_value *field)
{
    const struct plan_relation *inner = relation->of.write.inner;

    while (inner && inner->of.write.within != field)
        inner = inner->of.write.next_inner;
    return inner;
}

static void
add_setting(struct plan_shape *shape, const struct column *column, int parameter)
{
    shape->settings[shape->setting_count++] = (struct plan_setting){ column, parameter };
}

/* What the objects' field says goes into the column. */
static int
add_value(struct planner *p, struct plan_relation *relation, const struct argument *argument,
          int shape, int field)
{
    const struct plan_write *write = &relation->of.write;
    const struct argument_binding *setter = write->values->inputs[field];
    const struct column_type *type = setter->columns[0]->type;
    bool is_text = write->is_many && write_unnests(type);

    return plan_parameter_add(p, relation->statement,
                              &(struct plan_parameter){
                                  .form = PLAN_VALUE,
                                  .field = argument->field,
                                  .argument = argument->definition,
                                  .input = &write->values->input->inputs[field],
                                  .set = setter->columns[0],
                                  .shape = shape,
                                  .codec = setter->codec,
                                  .type_name = is_text ? STR("text") : type->passed_as,
                              });
}

/* Let the columns have what was written in other rows: those of the other end of the join. */
static void
add_keys(struct planner *p, struct plan_relation *relation, struct plan_shape *shape,
         const struct argument *argument, const struct plan_relation *written,
         const struct column *const *columns, const struct column *const *others, int count)
{
    for (int i = 0; i < count; i++)
        add_setting(shape, columns[i],
                    plan_parameter_add(p, relation->statement,
                                       &(struct plan_parameter){
                                           .form = PLAN_WRITTEN,
                                           .field = argument->field,
                                           .argument = argument->definition,
                                           .set = columns[i],
                                           .shape = (int)(shape - relation->of.write.shapes),
                                           .written = written,
                                           .cell = plan_column_cell(p, written, others[i]),
                                           .type_name = columns[i]->type->passed_as,
                                       }));
}

/* A shape like that of the object; NULL: where there is none. */
static void
add_shape(struct planner *p, struct plan_relation *relation, const struct argument *argument,
          const struct value *object)
{
    struct plan_write *write = &relation->of.write;
    const struct argument_binding *values = write->values;
    struct plan_shape *shape = &write->shapes[write->shape_count++];
    bool *given = ARENA_ARRAY(p->arena, bool, (size_t)values->input->input_count + 1);

    *shape = (struct plan_shape){ .given = given, .places = -1 };
    shape->settings =
        ARENA_ARRAY(p->arena, struct plan_setting, (size_t)write->table->column_count + 1);
    for (int i = 0; i < values->input->input_count; i++) {
        const struct input_value *input = &values->input->inputs[i];
        const struct argument_binding *setter = values->inputs[i];
        given[i] = plan_write_is_given(write, object, i);
        if (given[i] && setter->join)
            add_keys(p, relation, shape, argument, find_write_within(relation, input),
                     setter->columns, setter->join->to, setter->column_count);
        else if (given[i])
            add_setting(shape, setter->columns[0],
                        add_value(p, relation, argument, write->shape_count - 1, i));
    }
    if (write->outer && values->is_after)
        add_keys(p, relation, shape, argument, write->outer, values->join->to, values->join->from,
                 values->join->count);
}

/* Rows of several shapes are put back into their order; and rows that say nothing are counted. */
static void
add_places(struct planner *p, struct plan_relation *relation, const struct argument *argument)
{
    struct plan_write *write = &relation->of.write;

    for (int i = 0; i < write->shape_count; i++)
        if (write->shape_count > 1 || write->shapes[i].setting_count == 0 ||
            plan_shape_finds(write, &write->shapes[i]))
            write->shapes[i].places =
                plan_parameter_add(p, relation->statement,
                                   &(struct plan_parameter){ .form = PLAN_PLACES,
                                                             .field = argument->field,
                                                             .argument = argument->definition,
                                                             .shape = i,
                                                             .type_name = STR("integer") });
}

/* --- writes within others --- */

static void
plan_objects(struct planner *p, struct plan_relation *relation, const struct objects *objects);

/* The write of the objects that the field of that number has in those of the other write. */
static struct plan_relation *
make_within(struct planner *p, struct plan_relation *outer, int field)
{
    const struct plan_write *write = plan_write_of(outer);
    const struct argument_binding *values = write->values->inputs[field];
    const struct input_value *input = &write->values->input->inputs[field];
    struct plan_relation **end = &outer->of.write.inner;
    struct plan_statement *statement = ARENA_NEW(p->arena, struct plan_statement);
    struct plan_relation *relation =
        plan_relation_make(p, PLAN_SELECT, statement, values->join->table->local_name);

    relation->source = PLAN_WRITE;
    relation->of.write = (struct plan_write){ .bound = write->bound,
                                              .table = values->join->table,
                                              .values = values,
                                              .is_many = true,
                                              .outer = outer,
                                              .within = input };
    relation->slice->is_list = true;
    relation->name =
        str_format(p->arena, "%.*s.%.*s", STR_PRINT(outer->name), STR_PRINT(input->name));
    statement->relation = relation;
    statement->made_up = p->contract->catalog->made_up;
    statement->root = outer->statement->root;
    while (*end)
        end = &(*end)->of.write.next_inner;
    *end = relation;
    return relation;
}

/* Does any object set columns to what is written of the field's objects? */
static bool
is_set_within(const struct plan_write *outer, const struct objects *objects, int field)
{
    for (int i = 0; i < objects->count; i++)
        if (plan_write_is_given(outer, objects->list[i], field))
            return true;
    return objects->count == 0 && plan_write_is_given(outer, NULL, field);
}

/* The statements of the objects that the fields have which are to be written before the outer
 * ones, or after them, unless there are none. */
static void
plan_within(struct planner *p, struct plan_relation *relation, const struct objects *objects,
            bool is_after)
{
    const struct plan_write *write = &relation->of.write;

    for (int i = 0; i < write->values->input->input_count; i++) {
        const struct argument_binding *values = write->values->inputs[i];
        if (!values || !values->join || values->is_after != is_after)
            continue;
        struct objects inner = find_inner(p, objects, &write->values->input->inputs[i]);
        if (inner.count > 0 || is_set_within(write, objects, i))
            plan_objects(p, make_within(p, relation, i), &inner);
    }
}

/* A row is written after those that it refers to. */
static void
find_wave(struct plan_relation *relation)
{
    const struct plan_write *write = &relation->of.write;
    struct plan_statement *statement = relation->statement;

    statement->wave =
        write->outer && write->values->is_after ? write->outer->statement->wave + 1 : 1;
    for (const struct plan_relation *inner = write->inner; inner;
         inner = inner->of.write.next_inner)
        if (inner->statement->wave >= statement->wave)
            statement->wave = inner->statement->wave + 1;
}

static void
plan_objects(struct planner *p, struct plan_relation *relation, const struct objects *objects)
{
    struct plan_write *write = &relation->of.write;
    struct plan_statement *statement = relation->statement;

    plan_within(p, relation, objects, false);
    find_wave(relation);
    write->shapes = ARENA_ARRAY(p->arena, struct plan_shape, (size_t)objects->count + 1);
    for (int i = 0; i < objects->count; i++)
        if (plan_write_shape(write, objects->list[i], write->shape_count - 1) < 0)
            add_shape(p, relation, objects->argument, objects->list[i]);
    if (objects->count == 0)
        add_shape(p, relation, objects->argument, NULL);
    if (write->is_many)
        add_places(p, relation, objects->argument);
    plan_within(p, relation, objects, true);
    statement->last_wave = statement->wave;
    for (const struct plan_relation *inner = write->inner; inner;
         inner = inner->of.write.next_inner)
        if (inner->statement->last_wave > statement->last_wave)
            statement->last_wave = inner->statement->last_wave;
}

/* The roles that may not write the column. */
static uint32_t
setting_denied(const struct plan_write *write, const struct column *column)
{
    const struct bound_write *bound = write->bound;
    uint32_t denied = bound->action == WRITE_UPDATE ? column->denied_update : column->denied_insert;

    if (column_is_among(column, bound->changed, bound->changed_count))
        denied |= column->denied_update;
    if (column_is_among(column, bound->on.columns, bound->on.count))
        denied |= column->denied;
    return denied;
}

/* The roles that may write no row of the table, whatever its columns are given. */
static uint32_t
row_denied(const struct plan_write *write)
{
    uint32_t denied = UINT32_MAX;

    if (write->bound->action == WRITE_DELETE)
        return write->table->denied_delete;
    for (int i = 0; i < write->table->column_count; i++)
        denied &= write->bound->action == WRITE_UPDATE ? write->table->columns[i].denied_update
                                                       : write->table->columns[i].denied_insert;
    return write->table->column_count > 0 ? denied : 0;
}

static bool
shape_gives(const struct plan_shape *shape, const struct column *column)
{
    for (int i = 0; i < shape->setting_count; i++)
        if (shape->settings[i].column == column)
            return true;
    return false;
}

/* The roles that may not draw the numbers that new rows of the shape have by default. */
static uint32_t
drawing_denied(const struct plan_write *write, const struct plan_shape *shape)
{
    uint32_t denied = 0;

    for (int i = 0; i < write->table->sequence_count; i++)
        if (write_action_adds(write->bound->action) &&
            !shape_gives(shape, write->table->sequences[i].column))
            denied |= write->table->sequences[i].denied;
    return denied;
}

/* The roles that may not write all of this, with the rows within. */
static uint32_t
writing_denied(const struct plan_write *write)
{
    uint32_t denied = row_denied(write);

    for (int i = 0; i < write->shape_count; i++) {
        denied |= drawing_denied(write, &write->shapes[i]);
        for (int j = 0; j < write->shapes[i].setting_count; j++)
            denied |= setting_denied(write, write->shapes[i].settings[j].column);
    }
    for (const struct plan_relation *inner = write->inner; inner;
         inner = inner->of.write.next_inner)
        denied |= writing_denied(&inner->of.write);
    return denied;
}

void
plan_write_values(struct planner *p, struct plan_relation *relation,
                  const struct argument *argument)
{
    struct objects objects = find_objects(p, argument);

    relation->of.write.values = argument->definition->binding;
    relation->of.write.is_many = type_nullable(argument->definition->type)->kind == TYPE_LIST;
    plan_objects(p, relation, &objects);
    relation->denied |= writing_denied(&relation->of.write);
}

/* Add the statements of a write to the plan. */
static void
add_statements(struct planner *p, struct plan_relation *relation)
{
    plan_relation_add(p, relation);
    for (struct plan_relation *inner = relation->of.write.inner; inner;
         inner = inner->of.write.next_inner)
        add_statements(p, inner);
}

/* --- fields --- */

/* A change that changes nothing is no statement of SQL's. */
static const struct error *
judge_settings(struct planner *p, const struct field *definition,
               const struct plan_relation *relation)
{
    const struct plan_write *write = plan_write_of(relation);
    struct error *error;

    if (write->bound->action != WRITE_UPDATE || write->shapes[0].setting_count > 0)
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
    relation->denied |= row_denied(&relation->of.write);
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
    add_statements(p, relation);
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
