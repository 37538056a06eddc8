/*
 * build_publish.c - the types of a schema in the order in which a client sees them
 * (specification, 4.1), and those that each interface can be.
 *
 * The contract's types are in its order, and a built-in type after the first of them that
 * refers to it, or where the contract defines it, as the reference implementation has them: a
 * built-in scalar that nothing refers to is not there (3.5).
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "schema/schema.h"
#include "sdl/build_stage.h"

static void publish(struct build *b, const struct type *type);

/* Does the contract define the type? */
static bool
is_own(const struct build *b, const struct type *type)
{
    return !type->is_builtin || map_get(b->own_scalars, type->name);
}

/* Something refers to the type: publish it if it is built in and not published yet.  The
 * contract's own types are published in their order. */
static void
refer(struct build *b, const struct type *type)
{
    const struct type *named = type_named(type);

    if (!is_own(b, named) && !map_get(b->schema->types_by_name, named->name))
        publish(b, named);
}

static void
refer_inputs(struct build *b, const struct input_value *inputs, int count)
{
    for (int i = 0; i < count; i++)
        refer(b, inputs[i].type);
}

/* Append the type, and the built-in ones that it is the first to refer to. */
static void
publish(struct build *b, const struct type *type)
{
    struct type *published = map_get(b->types, type->name);

    assert(published && !map_get(b->schema->types_by_name, type->name));
    b->schema->types[b->schema->type_count++] = published;
    map_put(b->schema->types_by_name, type->name, published);
    for (int i = 0; type->kind == TYPE_UNION && i < type->possible_count; i++)
        refer(b, type->possible[i]);
    for (int i = 0; i < type->interface_count; i++)
        refer(b, type->interfaces[i]);
    for (int i = 0; i < type->field_count; i++) {
        refer(b, type->fields[i].type);
        refer_inputs(b, type->fields[i].arguments, type->fields[i].argument_count);
    }
    refer_inputs(b, type->inputs, type->input_count);
}

static void
publish_types(struct build *b)
{
    struct schema *schema = b->schema;
    int made_count = schema->type_count;
    struct type **made = ARENA_ARRAY(b->arena, struct type *, made_count);

    memcpy(made, schema->types, (size_t)made_count * sizeof(*made));
    schema->type_count = 0;
    schema->types_by_name = map_new(b->arena);
    for (int i = 0; i < made_count; i++)
        if (is_own(b, made[i]))
            publish(b, made[i]);
    for (int i = 0; i <= OPERATION_SUBSCRIPTION; i++)
        if (schema_root_type(schema, i))
            refer(b, schema_root_type(schema, i));
    for (int i = 0; i < schema->directive_count; i++)
        if (!schema->directives[i].is_binding)
            refer_inputs(b, schema->directives[i].arguments, schema->directives[i].argument_count);
    refer(b, schema->schema_field->type); /* introspection is always there */
}

/* List in each interface the objects that implement it, in the order of the types. */
static void
set_possible_types(struct build *b)
{
    struct schema *schema = b->schema;

    for (int pass = 0; pass < 2; pass++) /* count, then fill */
        for (int i = 0; i < schema->type_count; i++) {
            const struct type *object = schema->types[i];
            for (int n = 0; object->kind == TYPE_OBJECT && n < object->interface_count; n++) {
                struct type *interface = map_get(b->types, object->interfaces[n]->name);
                if (interface->kind != TYPE_INTERFACE)
                    continue; /* build_check_interfaces() says so */
                if (pass == 0) {
                    interface->possible_count++;
                    continue;
                }
                if (!interface->possible) {
                    interface->possible =
                        ARENA_ARRAY(b->arena, const struct type *, interface->possible_count);
                    interface->possible_count = 0;
                }
                interface->possible[interface->possible_count++] = object;
            }
        }
}

void
build_publish(struct build *b)
{
    publish_types(b);
    set_possible_types(b);
}
