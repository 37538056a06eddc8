/*
 * introspect.c - the schema's own fields (specification, section 4).
 *
 * A table of the fields of the introspection types, each with the function that
 * writes it.  No non-null field here is ever null, so nothing fails.
 *
 * SPDX-License-Identifier: MIT
 */
#include "response/write.h"

#include <assert.h>

#include "base/arena.h"
#include "base/json.h"
#include "language/print.h"
#include "schema/schema.h"
#include "value/value.h"
#include "value/value_coerce.h"
#include "contract/contract.h"

/* Write the value of the field of the object, whose C type follows from the row's GraphQL type. */
typedef void introspect_fn(struct writer *w, const struct plan_field *field, const void *object);

static const struct schema *
writer_schema(const struct writer *w)
{
    return w->run->options.contract->schema;
}

static void
write_object_of(struct writer *w, const struct plan_field *field, const void *object)
{
    if (!object) {
        buf_put(w->buf, STR("null"));
        return;
    }
    buf_byte(w->buf, '{');
    for (const struct plan_field *below = field->fields; below; below = below->next) {
        if (below != field->fields)
            buf_byte(w->buf, ',');
        buf_put(w->buf, below->json_name);
        if (below->kind == PLAN_TYPENAME)
            json_write_string(w->buf, below->parent_type->name);
        else
            introspect_write(w, below, object);
    }
    buf_byte(w->buf, '}');
}

static void
write_text_or_null(struct writer *w, struct str text)
{
    if (text.ptr)
        json_write_string(w->buf, text);
    else
        buf_put(w->buf, STR("null"));
}

/* A list that is being written. */
struct list_writer {
    struct writer *w;
    const struct plan_field *field;
    bool has_items;
};

static void
list_begin(struct list_writer *list, struct writer *w, const struct plan_field *field)
{
    *list = (struct list_writer){ w, field, false };
    buf_byte(w->buf, '[');
}

static void
list_add(struct list_writer *list, const void *object)
{
    if (list->has_items)
        buf_byte(list->w->buf, ',');
    list->has_items = true;
    write_object_of(list->w, list->field, object);
}

static void
list_end(struct list_writer *list)
{
    buf_byte(list->w->buf, ']');
}

/* The field's only argument: `includeDeprecated`, or the `name` of __type. */
static const struct value *
read_argument(struct writer *w, const struct plan_field *field)
{
    bool is_absent = false;

    return value_coerce_argument(w->run->arena, field->ast->arguments, field->definition->arguments,
                                 w->run->options.variables, &is_absent, NULL);
}

static bool
includes_deprecated(struct writer *w, const struct plan_field *field)
{
    const struct value *value = read_argument(w, field);

    return value && value->kind == VALUE_BOOLEAN && value->boolean;
}

static void
write_inputs(struct writer *w, const struct plan_field *field, const struct input_value *inputs,
             int count)
{
    bool all = includes_deprecated(w, field);
    struct list_writer list;

    list_begin(&list, w, field);
    for (int i = 0; i < count; i++)
        if (all || !inputs[i].deprecation_reason.ptr)
            list_add(&list, &inputs[i]);
    list_end(&list);
}

/* ---- Query ---- */

static void
query_schema(struct writer *w, const struct plan_field *field, const void *object)
{
    (void)object;
    write_object_of(w, field, writer_schema(w));
}

static void
query_type(struct writer *w, const struct plan_field *field, const void *object)
{
    const struct value *name = read_argument(w, field);

    (void)object;
    write_object_of(
        w, field,
        name && name->kind == VALUE_STRING ? schema_find_type(writer_schema(w), name->text) : NULL);
}

/* ---- __Schema ---- */

static void
schema_description(struct writer *w, const struct plan_field *field, const void *object)
{
    (void)field;
    write_text_or_null(w, ((const struct schema *)object)->description);
}

static void
schema_types(struct writer *w, const struct plan_field *field, const void *object)
{
    const struct schema *schema = object;
    struct list_writer list;

    list_begin(&list, w, field);
    for (int i = 0; i < schema->type_count; i++)
        list_add(&list, schema->types[i]);
    list_end(&list);
}

static void
schema_query_type(struct writer *w, const struct plan_field *field, const void *object)
{
    write_object_of(w, field, ((const struct schema *)object)->query);
}

static void
schema_mutation_type(struct writer *w, const struct plan_field *field, const void *object)
{
    write_object_of(w, field, ((const struct schema *)object)->mutation);
}

static void
schema_subscription_type(struct writer *w, const struct plan_field *field, const void *object)
{
    write_object_of(w, field, ((const struct schema *)object)->subscription);
}

static void
schema_directives(struct writer *w, const struct plan_field *field, const void *object)
{
    const struct schema *schema = object;
    struct list_writer list;

    list_begin(&list, w, field);
    for (int i = 0; i < schema->directive_count; i++)
        if (!schema->directives[i].is_binding)
            list_add(&list, &schema->directives[i]);
    list_end(&list);
}

/* ---- __Type ---- */

static void
type_kind(struct writer *w, const struct plan_field *field, const void *object)
{
    static const char *const kinds[] = {
        [TYPE_SCALAR] = "SCALAR",       [TYPE_OBJECT] = "OBJECT",
        [TYPE_INTERFACE] = "INTERFACE", [TYPE_UNION] = "UNION",
        [TYPE_ENUM] = "ENUM",           [TYPE_INPUT_OBJECT] = "INPUT_OBJECT",
        [TYPE_LIST] = "LIST",           [TYPE_NON_NULL] = "NON_NULL",
    };

    (void)field;
    json_write_string(w->buf, str_from(kinds[((const struct type *)object)->kind]));
}

static void
type_name(struct writer *w, const struct plan_field *field, const void *object)
{
    (void)field;
    write_text_or_null(w, ((const struct type *)object)->name);
}

static void
type_description(struct writer *w, const struct plan_field *field, const void *object)
{
    (void)field;
    write_text_or_null(w, ((const struct type *)object)->description);
}

static void
type_specified_by_url(struct writer *w, const struct plan_field *field, const void *object)
{
    (void)field;
    write_text_or_null(w, ((const struct type *)object)->specified_by_url);
}

static void
type_fields(struct writer *w, const struct plan_field *field, const void *object)
{
    const struct type *type = object;
    bool all = includes_deprecated(w, field);
    struct list_writer list;

    if (type->kind != TYPE_OBJECT && type->kind != TYPE_INTERFACE) {
        buf_put(w->buf, STR("null"));
        return;
    }
    list_begin(&list, w, field);
    for (int i = 0; i < type->field_count; i++)
        if (all || !type->fields[i].deprecation_reason.ptr)
            list_add(&list, &type->fields[i]);
    list_end(&list);
}

static void
write_types(struct writer *w, const struct plan_field *field, const struct type *const *types,
            int count)
{
    struct list_writer list;

    list_begin(&list, w, field);
    for (int i = 0; i < count; i++)
        list_add(&list, types[i]);
    list_end(&list);
}

static void
type_interfaces(struct writer *w, const struct plan_field *field, const void *object)
{
    const struct type *type = object;

    if (type->kind == TYPE_OBJECT || type->kind == TYPE_INTERFACE)
        write_types(w, field, type->interfaces, type->interface_count);
    else
        buf_put(w->buf, STR("null"));
}

static void
type_possible_types(struct writer *w, const struct plan_field *field, const void *object)
{
    const struct type *type = object;

    if (type_is_abstract(type))
        write_types(w, field, type->possible, type->possible_count);
    else
        buf_put(w->buf, STR("null"));
}

static void
type_enum_values(struct writer *w, const struct plan_field *field, const void *object)
{
    const struct type *type = object;
    bool all = includes_deprecated(w, field);
    struct list_writer list;

    if (type->kind != TYPE_ENUM) {
        buf_put(w->buf, STR("null"));
        return;
    }
    list_begin(&list, w, field);
    for (int i = 0; i < type->value_count; i++)
        if (all || !type->values[i].deprecation_reason.ptr)
            list_add(&list, &type->values[i]);
    list_end(&list);
}

static void
type_input_fields(struct writer *w, const struct plan_field *field, const void *object)
{
    const struct type *type = object;

    if (type->kind == TYPE_INPUT_OBJECT)
        write_inputs(w, field, type->inputs, type->input_count);
    else
        buf_put(w->buf, STR("null"));
}

static void
type_of_type(struct writer *w, const struct plan_field *field, const void *object)
{
    write_object_of(w, field, ((const struct type *)object)->of);
}

static void
type_is_one_of(struct writer *w, const struct plan_field *field, const void *object)
{
    const struct type *type = object;

    (void)field;
    if (type->kind == TYPE_INPUT_OBJECT)
        json_write_bool(w->buf, type->is_one_of);
    else
        buf_put(w->buf, STR("null"));
}

/* ---- __Field, __InputValue, __EnumValue, __Directive: each function writes a member ---- */

#define WRITE_TEXT(function, kind, member)                                                         \
    static void function(struct writer *w, const struct plan_field *field, const void *object)     \
    {                                                                                              \
        (void)field;                                                                               \
        write_text_or_null(w, ((const struct kind *)object)->member);                              \
    }
#define WRITE_IS_DEPRECATED(function, kind)                                                        \
    static void function(struct writer *w, const struct plan_field *field, const void *object)     \
    {                                                                                              \
        (void)field;                                                                               \
        json_write_bool(w->buf, ((const struct kind *)object)->deprecation_reason.ptr != NULL);    \
    }
#define WRITE_TYPE(function, kind)                                                                 \
    static void function(struct writer *w, const struct plan_field *field, const void *object)     \
    {                                                                                              \
        write_object_of(w, field, ((const struct kind *)object)->type);                            \
    }
#define WRITE_ARGUMENTS(function, kind)                                                            \
    static void function(struct writer *w, const struct plan_field *field, const void *object)     \
    {                                                                                              \
        const struct kind *of = object;                                                            \
        write_inputs(w, field, of->arguments, of->argument_count);                                 \
    }

WRITE_TEXT(field_name, field, name)
WRITE_TEXT(field_description, field, description)
WRITE_ARGUMENTS(field_args, field)
WRITE_TYPE(field_type, field)
WRITE_IS_DEPRECATED(field_is_deprecated, field)
WRITE_TEXT(field_deprecation_reason, field, deprecation_reason)

WRITE_TEXT(input_name, input_value, name)
WRITE_TEXT(input_description, input_value, description)
WRITE_TYPE(input_type, input_value)
WRITE_IS_DEPRECATED(input_is_deprecated, input_value)
WRITE_TEXT(input_deprecation_reason, input_value, deprecation_reason)

WRITE_TEXT(enum_value_name, enum_value, name)
WRITE_TEXT(enum_value_description, enum_value, description)
WRITE_IS_DEPRECATED(enum_value_is_deprecated, enum_value)
WRITE_TEXT(enum_value_deprecation_reason, enum_value, deprecation_reason)

WRITE_TEXT(directive_name, directive_definition, name)
WRITE_TEXT(directive_description, directive_definition, description)
WRITE_ARGUMENTS(directive_args, directive_definition)

/* A default is shown as a literal of the language, within a string. */
static void
input_default_value(struct writer *w, const struct plan_field *field, const void *object)
{
    const struct ast_node *value = ((const struct input_value *)object)->ast->default_value;
    struct buf literal = { 0 };

    (void)field;
    if (!value) {
        buf_put(w->buf, STR("null"));
        return;
    }
    print_node(&literal, value);
    json_write_string(w->buf, buf_str(&literal));
    buf_free(&literal);
}

static void
directive_is_repeatable(struct writer *w, const struct plan_field *field, const void *object)
{
    (void)field;
    json_write_bool(w->buf, ((const struct directive_definition *)object)->is_repeatable);
}

static void
directive_locations(struct writer *w, const struct plan_field *field, const void *object)
{
    const struct directive_definition *directive = object;
    const struct ast_node *location = directive->ast->locations;

    (void)field;
    buf_byte(w->buf, '[');
    for (; location; location = location->next) {
        json_write_string(w->buf, ast_as(directive_location, location)->name);
        if (location->next)
            buf_byte(w->buf, ',');
    }
    buf_byte(w->buf, ']');
}

#define ROW(type, field, function)                                                                 \
    {                                                                                              \
        STR_INIT(type), STR_INIT(field), function                                                  \
    }

static const struct introspect_row {
    struct str type; /* empty: the query type */
    struct str field;
    introspect_fn *write;
} rows[] = {
    ROW("", "__schema", query_schema),
    ROW("", "__type", query_type),
    ROW("__Schema", "description", schema_description),
    ROW("__Schema", "types", schema_types),
    ROW("__Schema", "queryType", schema_query_type),
    ROW("__Schema", "mutationType", schema_mutation_type),
    ROW("__Schema", "subscriptionType", schema_subscription_type),
    ROW("__Schema", "directives", schema_directives),
    ROW("__Type", "kind", type_kind),
    ROW("__Type", "name", type_name),
    ROW("__Type", "ofType", type_of_type),
    ROW("__Type", "description", type_description),
    ROW("__Type", "specifiedByURL", type_specified_by_url),
    ROW("__Type", "fields", type_fields),
    ROW("__Type", "interfaces", type_interfaces),
    ROW("__Type", "possibleTypes", type_possible_types),
    ROW("__Type", "enumValues", type_enum_values),
    ROW("__Type", "inputFields", type_input_fields),
    ROW("__Type", "isOneOf", type_is_one_of),
    ROW("__Field", "name", field_name),
    ROW("__Field", "description", field_description),
    ROW("__Field", "args", field_args),
    ROW("__Field", "type", field_type),
    ROW("__Field", "isDeprecated", field_is_deprecated),
    ROW("__Field", "deprecationReason", field_deprecation_reason),
    ROW("__InputValue", "name", input_name),
    ROW("__InputValue", "description", input_description),
    ROW("__InputValue", "type", input_type),
    ROW("__InputValue", "defaultValue", input_default_value),
    ROW("__InputValue", "isDeprecated", input_is_deprecated),
    ROW("__InputValue", "deprecationReason", input_deprecation_reason),
    ROW("__EnumValue", "name", enum_value_name),
    ROW("__EnumValue", "description", enum_value_description),
    ROW("__EnumValue", "isDeprecated", enum_value_is_deprecated),
    ROW("__EnumValue", "deprecationReason", enum_value_deprecation_reason),
    ROW("__Directive", "name", directive_name),
    ROW("__Directive", "description", directive_description),
    ROW("__Directive", "isRepeatable", directive_is_repeatable),
    ROW("__Directive", "locations", directive_locations),
    ROW("__Directive", "args", directive_args),
};

#undef ROW

static const struct introspect_row *
find_introspect_row(const struct plan_field *field, bool is_root)
{
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
        if (str_equal(field->definition->name, rows[i].field) &&
            (is_root ? rows[i].type.len == 0 : str_equal(field->parent_type->name, rows[i].type)))
            return &rows[i];
    return NULL;
}

void
introspect_write(struct writer *w, const struct plan_field *field, const void *object)
{
    const struct introspect_row *row = find_introspect_row(field, !object);

    assert(row); /* builtin.graphql declares no field that has no row */
    row->write(w, field, object);
}
