/*
 * build_types.c - from definitions to a schema: types with their members,
 * directives, roots.
 *
 * First every named type is made, empty; then each is filled from its parts,
 * the definition and its extensions, so that types may refer to each other.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "base/map.h"
#include "schema/schema.h"
#include "value/scalar.h"
#include "sdl/build_stage.h"

static struct str
text_of(const struct ast_node *string)
{
    return string ? ast_as(value, string)->text : STR_NONE;
}

/* The text of the one argument of a built-in directive, or of its default. */
static struct str
argument_text(struct build *b, const struct ast_directive *directive)
{
    const struct ast_directive_definition *definition =
        map_get(b->known_directives, directive->name);
    const struct ast_input_value_definition *only =
        ast_as(input_value_definition, definition->arguments);

    for (const struct ast_node *node = directive->arguments; node; node = node->next) {
        const struct ast_argument *argument = ast_as(argument, node);
        /* A literal of another kind is an error that build_applied_check() reports. */
        if (str_equal(argument->name, only->name))
            return argument->value->kind == AST_STRING ? text_of(argument->value) : STR_NONE;
    }
    return text_of(only->default_value);
}

static struct str
deprecation_reason(struct build *b, const struct ast_node *directives)
{
    const struct ast_directive *directive = ast_find_directive(directives, "deprecated");

    return directive ? argument_text(b, directive) : STR_NONE;
}

/* The type that wraps `of`, the same one every time. */
static struct type *
wrap(struct build *b, enum type_kind kind, struct type *of)
{
    struct type **slot = kind == TYPE_LIST ? &of->list : &of->non_null;

    if (!*slot) {
        *slot = ARENA_NEW(b->arena, struct type);
        (*slot)->kind = kind;
        (*slot)->of = of;
    }
    return *slot;
}

static struct type *
named_type(struct build *b, const struct ast_node *node)
{
    struct type *type = map_get(b->types, ast_as(type, node)->name);

    assert(type); /* build_document_check() has looked */
    return type;
}

struct type *
build_type_of(struct build *b, const struct ast_node *node)
{
    switch (node->kind) {
    case AST_LIST_TYPE:
        return wrap(b, TYPE_LIST, build_type_of(b, ast_as(type, node)->of));
    case AST_NON_NULL_TYPE:
        return wrap(b, TYPE_NON_NULL, build_type_of(b, ast_as(type, node)->of));
    default:
        return named_type(b, node);
    }
}

/* Defaults are coerced at the end, by build_defaults(). */
static void
fill_input(struct build *b, struct input_value *input, const struct ast_node *node)
{
    const struct ast_input_value_definition *ast = ast_as(input_value_definition, node);

    input->name = ast->name;
    input->description = text_of(ast->description);
    input->type = build_type_of(b, ast->type);
    input->deprecation_reason = deprecation_reason(b, ast->directives);
    input->ast = ast;
}

enum { SCANNED_MOST = 16 }; /* more interfaces or arguments are found by a map */

/* The arguments by name; NULL when they are few. */
static struct map *
index_arguments(struct build *b, struct input_value *arguments, int count)
{
    struct map *by_name = count > SCANNED_MOST ? map_new(b->arena) : NULL;

    for (int i = 0; by_name && i < count; i++)
        map_add(by_name, arguments[i].name, &arguments[i]);
    return by_name;
}

/* Does the schema lack what has these directives, and this type? */
static bool
is_left_out(const struct build *b, const struct ast_node *directives, const struct ast_node *type)
{
    return build_is_hidden(b, directives) || build_is_type_hidden(b, type);
}

static bool
is_input_left_out(const struct build *b, const struct ast_node *node)
{
    const struct ast_input_value_definition *ast = ast_as(input_value_definition, node);

    return is_left_out(b, ast->directives, ast->type);
}

static struct input_value *
make_arguments(struct build *b, const struct ast_node *list, int *argument_count)
{
    struct input_value *arguments = ARENA_ARRAY(b->arena, struct input_value, ast_count(list));
    int n = 0;

    for (const struct ast_node *node = list; node; node = node->next)
        if (!is_input_left_out(b, node))
            fill_input(b, &arguments[n++], node);
    *argument_count = n;
    return arguments;
}

static void
fill_field(struct build *b, struct field *field, const struct ast_node *node)
{
    const struct ast_field_definition *ast = ast_as(field_definition, node);

    field->name = ast->name;
    field->description = text_of(ast->description);
    field->arguments = make_arguments(b, ast->arguments, &field->argument_count);
    field->arguments_by_name = index_arguments(b, field->arguments, field->argument_count);
    field->type = build_type_of(b, ast->type);
    field->deprecation_reason = deprecation_reason(b, ast->directives);
    field->ast = ast;
}

static int
count_members(const struct part *part)
{
    int n = 0;

    for (; part; part = part->next)
        n += ast_count(part->ast->members);
    return n;
}

static void
fill_scalar(struct build *b, struct type *type, const struct part *parts)
{
    /* Beyond the specification's own, a name has a meaning in contracts only. */
    type->scalar = scalar_get(type->is_builtin || b->binding ? type->name : STR_NONE);
    for (const struct part *part = parts; part; part = part->next) {
        const struct ast_directive *directive =
            ast_find_directive(part->ast->directives, "specifiedBy");
        if (directive)
            type->specified_by_url = argument_text(b, directive);
    }
}

static void
fill_interfaces(struct build *b, struct type *type, const struct part *parts)
{
    int n = 0;

    for (const struct part *part = parts; part; part = part->next)
        n += ast_count(part->ast->interfaces);
    type->interfaces = ARENA_ARRAY(b->arena, const struct type *, n);
    type->interfaces_by_name = n > SCANNED_MOST ? map_new(b->arena) : NULL;
    for (const struct part *part = parts; part; part = part->next)
        for (const struct ast_node *node = part->ast->interfaces; node; node = node->next) {
            if (build_is_type_hidden(b, node))
                continue;
            struct type *interface = named_type(b, node);
            type->interfaces[type->interface_count++] = interface;
            if (type->interfaces_by_name)
                map_put(type->interfaces_by_name, interface->name, interface);
        }
}

static void
fill_fields(struct build *b, struct type *type, const struct part *parts)
{
    type->fields = ARENA_ARRAY(b->arena, struct field, count_members(parts));
    for (const struct part *part = parts; part; part = part->next)
        for (const struct ast_node *node = part->ast->members; node; node = node->next) {
            const struct ast_field_definition *ast = ast_as(field_definition, node);
            if (is_left_out(b, ast->directives, ast->type))
                continue;
            struct field *field = &type->fields[type->field_count++];
            fill_field(b, field, node);
            map_add(type->fields_by_name, field->name, field);
        }
    fill_interfaces(b, type, parts);
}

static void
fill_union(struct build *b, struct type *type, const struct part *parts)
{
    type->possible = ARENA_ARRAY(b->arena, const struct type *, count_members(parts));
    for (const struct part *part = parts; part; part = part->next)
        for (const struct ast_node *node = part->ast->members; node; node = node->next)
            if (!build_is_type_hidden(b, node))
                type->possible[type->possible_count++] = named_type(b, node);
}

static void
fill_enum(struct build *b, struct type *type, const struct part *parts)
{
    type->values = ARENA_ARRAY(b->arena, struct enum_value, count_members(parts));
    for (const struct part *part = parts; part; part = part->next)
        for (const struct ast_node *node = part->ast->members; node; node = node->next) {
            const struct ast_enum_value_definition *ast = ast_as(enum_value_definition, node);
            if (build_is_hidden(b, ast->directives))
                continue;
            struct enum_value *value = &type->values[type->value_count++];
            value->name = ast->name;
            value->description = text_of(ast->description);
            value->deprecation_reason = deprecation_reason(b, ast->directives);
            value->ast = ast;
            map_add(type->fields_by_name, value->name, value);
        }
}

static void
fill_input_object(struct build *b, struct type *type, const struct part *parts)
{
    type->is_one_of = ast_find_directive(parts->ast->directives, "oneOf") != NULL;
    type->inputs = ARENA_ARRAY(b->arena, struct input_value, count_members(parts));
    for (const struct part *part = parts; part; part = part->next)
        for (const struct ast_node *node = part->ast->members; node; node = node->next) {
            if (is_input_left_out(b, node))
                continue;
            struct input_value *input = &type->inputs[type->input_count++];
            fill_input(b, input, node);
            map_add(type->fields_by_name, input->name, input);
        }
}

/* By the kind of the definition: the kind of the type, and what fills it. */
/* clang-format off */
static const struct {
    enum type_kind kind;
    void (*fill)(struct build *, struct type *, const struct part *);
} kinds[AST_KIND_COUNT] = {
    [AST_SCALAR_DEFINITION] = { TYPE_SCALAR, fill_scalar },
    [AST_OBJECT_DEFINITION] = { TYPE_OBJECT, fill_fields },
    [AST_INTERFACE_DEFINITION] = { TYPE_INTERFACE, fill_fields },
    [AST_UNION_DEFINITION] = { TYPE_UNION, fill_union },
    [AST_ENUM_DEFINITION] = { TYPE_ENUM, fill_enum },
    [AST_INPUT_OBJECT_DEFINITION] = { TYPE_INPUT_OBJECT, fill_input_object },
};
/* clang-format on */

static struct type *
make_type(struct build *b, const struct ast_type_definition *ast, bool is_builtin)
{
    struct type *type = ARENA_NEW(b->arena, struct type);
    struct part *part = ARENA_NEW(b->arena, struct part);

    type->kind = kinds[ast->node.kind].kind;
    type->name = ast->name;
    type->description = text_of(ast->description);
    type->is_builtin = is_builtin;
    type->fields_by_name = map_new(b->arena);
    type->ast = ast;
    part->ast = ast;
    part->last = part;
    map_put(b->types, type->name, type);
    map_put(b->parts, type->name, part);
    return type;
}

static void
append_extensions(struct build *b)
{
    for (const struct ast_node *node = b->document->definitions; node; node = node->next) {
        if (!ast_is_type_definition(node->kind) || !build_is_extension(node))
            continue;
        const struct ast_type_definition *ast = ast_as(type_definition, node);
        struct part *part = map_get(b->parts, ast->name);

        if (map_get(b->builtin_types, ast->name) || !part)
            continue;
        ((struct type *)map_get(b->types, ast->name))->is_extended = true;
        part->last->next = ARENA_NEW(b->arena, struct part);
        part->last = part->last->next;
        part->last->ast = ast;
    }
}

/* Make the types that a document defines.  Where a contract defines a built-in scalar, that
 * stands. */
static void
make_types_of(struct build *b, const struct ast_document *document)
{
    struct schema *schema = b->schema;

    for (const struct ast_node *node = document->definitions; node; node = node->next) {
        if (!ast_is_type_definition(node->kind) || build_is_extension(node))
            continue;
        const struct ast_type_definition *ast = ast_as(type_definition, node);
        const struct ast_type_definition *builtin = map_get(b->builtin_types, ast->name);
        if (map_get(b->types, ast->name) ||
            (b->hidden_types && map_get(b->hidden_types, ast->name)))
            continue;
        struct type *type = make_type(b, builtin ? builtin : ast, builtin);
        schema->types[schema->type_count++] = type;
        if (builtin && document == b->document)
            map_put(b->own_scalars, type->name, type);
    }
}

/* Make the enums that arguments of binding directives have.  They are no types of the
 * schema, and their names begin with two underscores, as no name of a contract may. */
static void
make_binding_types(struct build *b)
{
    const struct ast_node *node = b->binding ? b->binding->definitions : NULL;

    for (; node; node = node->next)
        if (node->kind == AST_ENUM_DEFINITION) {
            struct type *type = make_type(b, ast_as(type_definition, node), true);
            fill_enum(b, type, map_get(b->parts, type->name));
        }
}

/* Make all named types and fill them. */
static void
make_types(struct build *b)
{
    struct schema *schema = b->schema;

    schema->types =
        ARENA_ARRAY(b->arena, struct type *,
                    ast_count(b->builtin->definitions) + ast_count(b->document->definitions));
    make_types_of(b, b->document);
    make_types_of(b, b->builtin);
    make_binding_types(b);
    append_extensions(b);
    for (int i = 0; i < schema->type_count; i++) {
        struct type *type = schema->types[i];
        assert(kinds[type->ast->node.kind].fill);
        kinds[type->ast->node.kind].fill(b, type, map_get(b->parts, type->name));
    }
}

static void
make_directives_of(struct build *b, const struct ast_document *document, int capacity)
{
    struct schema *schema = b->schema;

    for (const struct ast_node *node = document->definitions; node; node = node->next) {
        if (node->kind != AST_DIRECTIVE_DEFINITION)
            continue;
        const struct ast_directive_definition *ast = ast_as(directive_definition, node);
        struct directive_definition *definition = &schema->directives[schema->directive_count];

        assert(schema->directive_count < capacity);

        /* The contract's come first, and may stand for a built-in one. */
        if (map_add(schema->directives_by_name, ast->name, definition))
            continue;
        schema->directive_count++;
        definition->name = ast->name;
        definition->description = text_of(ast->description);
        definition->arguments = make_arguments(b, ast->arguments, &definition->argument_count);
        definition->arguments_by_name =
            index_arguments(b, definition->arguments, definition->argument_count);
        definition->is_repeatable = ast->is_repeatable;
        for (const struct ast_node *at = ast->locations; at; at = at->next)
            definition->locations |=
                1u << directive_location_find(ast_as(directive_location, at)->name);
        definition->is_binding = document == b->binding;
        definition->is_builtin =
            !definition->is_binding && map_get(b->known_directives, ast->name) != NULL;
        definition->ast = ast;
    }
}

static void
make_directives(struct build *b)
{
    struct schema *schema = b->schema;
    int capacity = ast_count(b->document->definitions) + ast_count(b->builtin->definitions) +
                   (b->binding ? ast_count(b->binding->definitions) : 0);

    schema->directives = ARENA_ARRAY(b->arena, struct directive_definition, capacity);
    schema->directives_by_name = map_new(b->arena);
    make_directives_of(b, b->document, capacity);
    make_directives_of(b, b->builtin, capacity);
    if (b->binding)
        make_directives_of(b, b->binding, capacity);
}

/* Where the schema has the root type of an operation. */
static const struct type **
root(struct schema *schema, enum ast_operation_type operation)
{
    switch (operation) {
    case OPERATION_QUERY:
        return &schema->query;
    case OPERATION_MUTATION:
        return &schema->mutation;
    case OPERATION_SUBSCRIPTION:
        break;
    }
    return &schema->subscription;
}

/* 3.3.1: without a schema definition, the root types are those of the default names. */
static void
set_roots(struct build *b)
{
    static const char *const default_names[] = { "Query", "Mutation", "Subscription" };
    struct schema *schema = b->schema;
    bool has_definition = false;

    for (const struct ast_node *node = b->document->definitions; node; node = node->next) {
        if (node->kind != AST_SCHEMA_DEFINITION)
            continue;
        const struct ast_schema_definition *ast = ast_as(schema_definition, node);
        if (!ast->is_extension) {
            has_definition = true;
            schema->description = text_of(ast->description);
        }
        for (const struct ast_node *at = ast->root_types; at; at = at->next) {
            const struct ast_root_operation_type *type = ast_as(root_operation_type, at);
            if (!build_is_type_hidden(b, type->type))
                *root(schema, type->operation) = named_type(b, type->type);
        }
    }
    for (int i = 0; !has_definition && i <= OPERATION_SUBSCRIPTION; i++) {
        const struct type *type = map_get(b->types, str_from(default_names[i]));
        if (type)
            *root(schema, i) = type;
    }
}

/* The meta fields are those by which builtin.graphql extends the query type. */
static void
set_meta_fields(struct build *b)
{
    struct type meta = { .fields_by_name = map_new(b->arena) };
    struct part part = { 0 };

    for (const struct ast_node *node = b->builtin->definitions; node; node = node->next)
        if (build_is_extension(node))
            part.ast = ast_as(type_definition, node);
    fill_fields(b, &meta, &part);
    b->schema->typename_field = map_get(meta.fields_by_name, STR("__typename"));
    b->schema->schema_field = map_get(meta.fields_by_name, STR("__schema"));
    b->schema->type_field = map_get(meta.fields_by_name, STR("__type"));
}

static void
set_condition(struct build *b)
{
    const struct ast_directive_definition *skip = map_get(b->known_directives, STR("skip"));
    int count;

    b->schema->condition = make_arguments(b, skip->arguments, &count);
    assert(count == 1);
}

void
build_types(struct build *b)
{
    b->schema->document = b->document;
    make_types(b);
    make_directives(b);
    set_roots(b);
    set_meta_fields(b);
    set_condition(b);
}
