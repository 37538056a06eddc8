/*
 * schema.c - the type system: finding things in it, and the relations of types
 * (specification, sections 3.4 to 3.13 and 3.6.1, IsSubType).
 *
 * SPDX-License-Identifier: MIT
 */
#include "schema/schema.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"

const struct type *
schema_find_type(const struct schema *schema, struct str name)
{
    return map_get(schema->types_by_name, name);
}

const struct directive_definition *
schema_find_directive(const struct schema *schema, struct str name)
{
    return map_get(schema->directives_by_name, name);
}

/* `__typename` of every composite type, `__schema` and `__type` of the query type. */
static const struct field *
find_meta_field(const struct schema *schema, const struct type *parent, struct str name)
{
    const struct field *const metas[] = { schema->schema_field, schema->type_field };

    if (str_equal(name, schema->typename_field->name))
        return type_is_composite(parent) ? schema->typename_field : NULL;
    for (size_t i = 0; parent == schema->query && i < ARRAY_LENGTH(metas); i++)
        if (str_equal(name, metas[i]->name))
            return metas[i];
    return NULL;
}

const struct field *
schema_find_field(const struct schema *schema, const struct type *parent, struct str name)
{
    if (name.len > 1 && name.ptr[0] == '_' && name.ptr[1] == '_') {
        const struct field *meta = find_meta_field(schema, parent, name);
        if (meta)
            return meta;
    }
    if (parent->kind != TYPE_OBJECT && parent->kind != TYPE_INTERFACE)
        return NULL;
    return map_get(parent->fields_by_name, name);
}

static const struct input_value *
find_argument(const struct input_value *arguments, int count, const struct map *by_name,
              struct str name)
{
    if (by_name)
        return map_get(by_name, name);
    for (int i = 0; i < count; i++)
        if (str_equal(arguments[i].name, name))
            return &arguments[i];
    return NULL;
}

const struct input_value *
schema_find_argument(const struct field *field, struct str name)
{
    return find_argument(field->arguments, field->argument_count, field->arguments_by_name, name);
}

const struct input_value *
schema_find_directive_argument(const struct directive_definition *directive, struct str name)
{
    return find_argument(directive->arguments, directive->argument_count,
                         directive->arguments_by_name, name);
}

const struct input_value *
schema_find_input(const struct type *input_object, struct str name)
{
    assert(input_object->kind == TYPE_INPUT_OBJECT);
    return map_get(input_object->fields_by_name, name);
}

const struct enum_value *
schema_find_enum_value(const struct type *type, struct str name)
{
    assert(type->kind == TYPE_ENUM);
    return map_get(type->fields_by_name, name);
}

const struct type *
schema_root_type(const struct schema *schema, enum ast_operation_type operation)
{
    switch (operation) {
    case OPERATION_QUERY:
        return schema->query;
    case OPERATION_MUTATION:
        return schema->mutation;
    case OPERATION_SUBSCRIPTION:
        break;
    }
    return schema->subscription;
}

const struct type *
schema_type_of_ast(struct arena *a, const struct schema *schema, const struct ast_node *node)
{
    const struct ast_type *ast = ast_as(type, node);
    const struct type *of, *known;
    struct type *made;

    if (node->kind == AST_NAMED_TYPE)
        return schema_find_type(schema, ast->name);
    of = schema_type_of_ast(a, schema, ast->of);
    if (!of)
        return NULL;
    known = node->kind == AST_LIST_TYPE ? of->list : of->non_null;
    if (known)
        return known;
    made = ARENA_NEW(a, struct type);
    made->kind = node->kind == AST_LIST_TYPE ? TYPE_LIST : TYPE_NON_NULL;
    made->of = of;
    return made;
}

const struct type *
type_named(const struct type *type)
{
    while (type->of)
        type = type->of;
    return type;
}

const struct type *
type_nullable(const struct type *type)
{
    return type->kind == TYPE_NON_NULL ? type->of : type;
}

/* What a kind of named type may be used for. */
enum { IS_INPUT = 1, IS_OUTPUT = 2, IS_LEAF = 4, IS_COMPOSITE = 8, IS_ABSTRACT = 16 };

static const unsigned char kind_uses[] = {
    [TYPE_SCALAR] = IS_INPUT | IS_OUTPUT | IS_LEAF,
    [TYPE_OBJECT] = IS_OUTPUT | IS_COMPOSITE,
    [TYPE_INTERFACE] = IS_OUTPUT | IS_COMPOSITE | IS_ABSTRACT,
    [TYPE_UNION] = IS_OUTPUT | IS_COMPOSITE | IS_ABSTRACT,
    [TYPE_ENUM] = IS_INPUT | IS_OUTPUT | IS_LEAF,
    [TYPE_INPUT_OBJECT] = IS_INPUT,
    [TYPE_LIST] = 0,
    [TYPE_NON_NULL] = 0,
};

bool
type_is_input(const struct type *type)
{
    return kind_uses[type_named(type)->kind] & IS_INPUT;
}

bool
type_is_output(const struct type *type)
{
    return kind_uses[type_named(type)->kind] & IS_OUTPUT;
}

bool
type_is_leaf(const struct type *type)
{
    return kind_uses[type->kind] & IS_LEAF;
}

bool
type_is_composite(const struct type *type)
{
    return kind_uses[type->kind] & IS_COMPOSITE;
}

bool
type_is_abstract(const struct type *type)
{
    return kind_uses[type->kind] & IS_ABSTRACT;
}

bool
type_implements(const struct type *type, const struct type *interface)
{
    if (type->interfaces_by_name)
        return map_get(type->interfaces_by_name, interface->name) == interface;
    for (int i = 0; i < type->interface_count; i++)
        if (type->interfaces[i] == interface)
            return true;
    return false;
}

bool
type_is_possible(const struct type *abstract, const struct type *object)
{
    if (abstract == object)
        return true;
    if (abstract->kind == TYPE_INTERFACE)
        return object->kind == TYPE_OBJECT && type_implements(object, abstract);
    if (abstract->kind == TYPE_UNION)
        for (int i = 0; i < abstract->possible_count; i++)
            if (abstract->possible[i] == object)
                return true;
    return false;
}

/* IsSubType(possibleSubType, superType) of 3.6.1, where types that wrap alike are
 * compared by what they wrap. */
bool
type_is_sub_type(const struct type *sub, const struct type *super)
{
    for (;;) {
        if (sub == super)
            return true;
        if (sub->kind == TYPE_NON_NULL) {
            sub = sub->of;
            super = type_nullable(super);
        } else if (sub->kind == TYPE_LIST && super->kind == TYPE_LIST) {
            sub = sub->of;
            super = super->of;
        } else {
            break;
        }
    }
    if (super->kind == TYPE_INTERFACE)
        return type_implements(sub, super);
    return (sub->kind == TYPE_OBJECT || sub->kind == TYPE_INTERFACE) &&
           type_is_possible(super, sub);
}

void
type_print(struct buf *b, const struct type *type)
{
    switch (type->kind) {
    case TYPE_LIST:
        buf_byte(b, '[');
        type_print(b, type->of);
        buf_byte(b, ']');
        break;
    case TYPE_NON_NULL:
        type_print(b, type->of);
        buf_byte(b, '!');
        break;
    default:
        buf_put(b, type->name);
    }
}

struct str
type_text(struct arena *a, const struct type *type)
{
    struct buf b = { 0 };
    struct str text;

    type_print(&b, type);
    text = buf_copy(a, &b);
    buf_free(&b);
    return text;
}

static const char *const location_names[LOCATION_COUNT] = {
    [LOCATION_QUERY] = "QUERY",
    [LOCATION_MUTATION] = "MUTATION",
    [LOCATION_SUBSCRIPTION] = "SUBSCRIPTION",
    [LOCATION_FIELD] = "FIELD",
    [LOCATION_FRAGMENT_DEFINITION] = "FRAGMENT_DEFINITION",
    [LOCATION_FRAGMENT_SPREAD] = "FRAGMENT_SPREAD",
    [LOCATION_INLINE_FRAGMENT] = "INLINE_FRAGMENT",
    [LOCATION_VARIABLE_DEFINITION] = "VARIABLE_DEFINITION",
    [LOCATION_SCHEMA] = "SCHEMA",
    [LOCATION_SCALAR] = "SCALAR",
    [LOCATION_OBJECT] = "OBJECT",
    [LOCATION_FIELD_DEFINITION] = "FIELD_DEFINITION",
    [LOCATION_ARGUMENT_DEFINITION] = "ARGUMENT_DEFINITION",
    [LOCATION_INTERFACE] = "INTERFACE",
    [LOCATION_UNION] = "UNION",
    [LOCATION_ENUM] = "ENUM",
    [LOCATION_ENUM_VALUE] = "ENUM_VALUE",
    [LOCATION_INPUT_OBJECT] = "INPUT_OBJECT",
    [LOCATION_INPUT_FIELD_DEFINITION] = "INPUT_FIELD_DEFINITION",
};

const char *
directive_location_name(enum directive_location location)
{
    assert(location < LOCATION_COUNT);
    return location_names[location];
}

enum directive_location
directive_location_find(struct str name)
{
    int i = 0;

    while (i < LOCATION_COUNT && !str_is(name, location_names[i]))
        i++;
    return i;
}
