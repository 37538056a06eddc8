/*
 * build_check.c - is the schema one (specification, section 3, "Type
 * Validation" of each kind of type, 3.3.1 for roots, 3.13 for directives)?
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/map.h"
#include "schema/schema.h"
#include "value/value.h"
#include "value/value_literal.h"
#include "sdl/build_stage.h"

static const struct part *
parts_of(const struct build *b, const struct type *type)
{
    return map_get(b->parts, type->name);
}

/* The type that the contract names as the root of an operation, or NULL where it
 * has that part by its name. */
static const struct ast_node *
find_root_node(const struct build *b, enum ast_operation_type operation)
{
    for (const struct ast_node *node = b->document->definitions; node; node = node->next) {
        if (node->kind != AST_SCHEMA_DEFINITION)
            continue;
        const struct ast_node *at = ast_as(schema_definition, node)->root_types;
        for (; at; at = at->next)
            if (ast_as(root_operation_type, at)->operation == operation)
                return ast_as(root_operation_type, at)->type;
    }
    return NULL;
}

static const struct ast_node *
find_schema_definition(const struct build *b)
{
    const struct ast_node *node = b->document->definitions;

    while (node && (node->kind != AST_SCHEMA_DEFINITION || build_is_extension(node)))
        node = node->next;
    return node;
}

/* The operations, "query", "query and mutation", that the type is the root of. */
static struct str
list_root_operations(struct build *b, const struct type *type, int count)
{
    struct buf list = { 0 };
    struct str text;
    int n = 0;

    for (int i = 0; i <= OPERATION_SUBSCRIPTION; i++)
        if (schema_root_type(b->schema, i) == type) {
            if (n > 0)
                buf_put_c(&list, n + 1 < count ? ", " : count > 2 ? ", and " : " and ");
            buf_put_c(&list, ast_operation_type_name(i));
            n++;
        }
    text = buf_copy(b->arena, &list);
    buf_free(&list);
    return text;
}

/* Report, at the first of its operations, a type that is the root of several. */
static void
check_root_is_distinct(struct build *b, enum ast_operation_type operation)
{
    const struct type *type = schema_root_type(b->schema, operation);
    struct error *error = NULL;
    int count = 0;

    for (int i = 0; i <= OPERATION_SUBSCRIPTION; i++)
        if (schema_root_type(b->schema, i) == type) {
            if (i < (int)operation)
                return;
            count++;
        }
    if (count < 2)
        return;
    struct str list = list_root_operations(b, type, count);
    for (int i = 0; i <= OPERATION_SUBSCRIPTION; i++) {
        const struct ast_node *node = find_root_node(b, i);
        if (schema_root_type(b->schema, i) != type)
            continue;
        if (!error)
            error = build_error(b, node,
                                "All root types must be different, \"%.*s\" type is used as %.*s "
                                "root types.",
                                STR_PRINT(type->name), STR_PRINT(list));
        else if (node)
            build_add_place(b, error, node);
    }
}

/* 3.3.1: there is a query type; root types are objects, and different ones. */
static void
check_roots(struct build *b)
{
    static const char *const titles[] = { "Query", "Mutation", "Subscription" };

    if (!b->schema->query)
        build_error(b, b->whole ? &b->whole->query->ast->node : find_schema_definition(b),
                    "Query root type must be provided.");
    for (int i = 0; i <= OPERATION_SUBSCRIPTION; i++) {
        const struct type *type = schema_root_type(b->schema, i);
        const struct ast_node *node = find_root_node(b, i);
        if (!type || type->kind == TYPE_OBJECT)
            continue;
        if (!node && !type->is_builtin)
            node = &type->ast->node;
        build_error(b, node, "%s root type must be Object type%s, it cannot be %.*s.", titles[i],
                    i == OPERATION_QUERY ? "" : " if provided", STR_PRINT(type->name));
    }
    for (int i = 0; i <= OPERATION_SUBSCRIPTION; i++) {
        const struct type *type = schema_root_type(b->schema, i);
        if (type && type->kind == TYPE_OBJECT)
            check_root_is_distinct(b, i);
    }
}

static void
check_name(struct build *b, struct str name, const struct ast_node *node)
{
    if (str_starts_with(name, STR("__")))
        build_error(b, node,
                    "Name \"%.*s\" must not begin with \"__\", which is reserved by GraphQL "
                    "introspection.",
                    STR_PRINT(name));
}

/* An argument or an input field, and what it is called: `Link.votes(first:)`. */
struct input_check {
    struct build *build;
    const struct input_value *input;
    struct str coordinate;
};

static bool
report_default(void *context, struct str message, const struct ast_node *node,
               const struct path *path)
{
    const struct input_check *check = context;
    struct buf where = { 0 };

    value_print_path(&where, path);
    build_error(check->build, node, "%.*s has invalid default value%s%.*s: %.*s",
                STR_PRINT(check->coordinate), where.len > 0 ? " at " : "",
                STR_PRINT(buf_str(&where)), STR_PRINT(message));
    buf_free(&where);
    return !errors_full(check->build->errors);
}

/* What arguments and input fields have in common; `type_place` is where a type
 * that is not an input type is reported. */
static void
check_input(struct build *b, const struct input_value *input, struct str coordinate,
            const char *what, const struct ast_node *type_place)
{
    const struct ast_input_value_definition *ast = input->ast;
    struct input_check check = { b, input, coordinate };

    check_name(b, input->name, &ast->node);
    if (!type_is_input(input->type))
        build_error(b, type_place, "The type of %.*s must be Input Type but got: %.*s.",
                    STR_PRINT(coordinate), STR_PRINT(type_text(b->arena, input->type)));
    if (input->type->kind == TYPE_NON_NULL && !ast->default_value &&
        input->deprecation_reason.ptr) {
        struct error *error =
            build_error(b, &ast_find_directive(ast->directives, "deprecated")->node,
                        "Required %s %.*s cannot be deprecated.", what, STR_PRINT(coordinate));
        build_add_place(b, error, ast->type);
    }
    if (ast->default_value)
        value_literal_check(b->arena, ast->default_value, input->type, true, report_default,
                            &check);
}

static void
check_arguments(struct build *b, struct str owner, const struct input_value *arguments, int count,
                bool is_of_directive)
{
    for (int i = 0; i < count; i++) {
        const struct input_value *argument = &arguments[i];
        struct str coordinate =
            str_format(b->arena, "%.*s(%.*s:)", STR_PRINT(owner), STR_PRINT(argument->name));
        check_input(b, argument, coordinate, "argument",
                    is_of_directive ? &argument->ast->node : argument->ast->type);
    }
}

static void
check_directive_definitions(struct build *b)
{
    const struct schema *schema = b->schema;

    for (int i = 0; i < schema->directive_count; i++) {
        const struct directive_definition *directive = &schema->directives[i];
        if (directive->ast == map_get(b->known_directives, directive->name))
            continue; /* our own */
        check_name(b, directive->name, &directive->ast->node);
        check_arguments(b, str_format(b->arena, "@%.*s", STR_PRINT(directive->name)),
                        directive->arguments, directive->argument_count, true);
    }
}

/* 3.6 and 3.7: objects and interfaces have fields, of output types. */
static void
check_fields(struct build *b, const struct type *type)
{
    if (type->field_count == 0) {
        struct error *error =
            build_error(b, &type->ast->node, "Type %.*s must define one or more fields.",
                        STR_PRINT(type->name));
        build_add_parts(b, error, parts_of(b, type)->next);
    }
    for (int i = 0; i < type->field_count; i++) {
        const struct field *field = &type->fields[i];
        check_name(b, field->name, &field->ast->node);
        if (!type_is_output(field->type))
            build_error(b, field->ast->type,
                        "The type of %.*s.%.*s must be Output Type but got: %.*s.",
                        STR_PRINT(type->name), STR_PRINT(field->name),
                        STR_PRINT(type_text(b->arena, field->type)));
        if (field->argument_count > 0)
            check_arguments(
                b, str_format(b->arena, "%.*s.%.*s", STR_PRINT(type->name), STR_PRINT(field->name)),
                field->arguments, field->argument_count, false);
    }
    build_check_interfaces(b, type);
}

/* Report a member of a union, at each of its places. */
static void
member_error(struct build *b, const struct type *type, const struct type *member,
             const char *before, const char *after)
{
    struct error *error = NULL;

    for (const struct part *part = parts_of(b, type); part; part = part->next)
        for (const struct ast_node *node = part->ast->members; node; node = node->next) {
            if (!str_equal(ast_as(type, node)->name, member->name))
                continue;
            if (error)
                build_add_place(b, error, node);
            else
                error = build_error(b, node, "Union type %.*s can only include %s%.*s%s",
                                    STR_PRINT(type->name), before, STR_PRINT(member->name), after);
        }
}

/* 3.8: unions have members, which are objects, each once. What is there more often is
 * reported once, with all its places. */
static void
check_union(struct build *b, const struct type *type)
{
    struct map *seen = map_new(b->arena), *repeated = map_new(b->arena);

    if (type->possible_count == 0) {
        struct error *error = build_error(b, &type->ast->node,
                                          "Union type %.*s must define one or more member types.",
                                          STR_PRINT(type->name));
        build_add_parts(b, error, parts_of(b, type)->next);
    }
    for (int i = 0; i < type->possible_count; i++) {
        const struct type *member = type->possible[i];
        bool is_again = map_add(seen, member->name, (void *)member) != NULL;
        if (is_again && !map_add(repeated, member->name, (void *)member))
            member_error(b, type, member, "type ", " once.");
        else if (!is_again && member->kind != TYPE_OBJECT)
            member_error(b, type, member, "Object types, it cannot include ", ".");
    }
}

/* 3.9: enums have values. */
static void
check_enum(struct build *b, const struct type *type)
{
    if (type->value_count == 0) {
        struct error *error =
            build_error(b, &type->ast->node, "Enum type %.*s must define one or more values.",
                        STR_PRINT(type->name));
        build_add_parts(b, error, parts_of(b, type)->next);
    }
    for (int i = 0; i < type->value_count; i++)
        check_name(b, type->values[i].name, &type->values[i].ast->node);
}

/* 3.10.1: the fields of a one-of are nullable and have no default. */
static void
check_one_of_field(struct build *b, const struct input_value *input, struct str coordinate)
{
    if (input->type->kind == TYPE_NON_NULL)
        build_error(b, input->ast->type, "OneOf input field %.*s must be nullable.",
                    STR_PRINT(coordinate));
    if (input->ast->default_value)
        build_error(b, &input->ast->node, "OneOf input field %.*s cannot have a default value.",
                    STR_PRINT(coordinate));
}

/* 3.10: input objects have fields, of input types. */
static void
check_input_object(struct build *b, const struct type *type)
{
    if (type->input_count == 0) {
        struct error *error = build_error(b, &type->ast->node,
                                          "Input Object type %.*s must define one or more fields.",
                                          STR_PRINT(type->name));
        build_add_parts(b, error, parts_of(b, type)->next);
    }
    for (int i = 0; i < type->input_count; i++) {
        const struct input_value *input = &type->inputs[i];
        struct str coordinate =
            str_format(b->arena, "%.*s.%.*s", STR_PRINT(type->name), STR_PRINT(input->name));
        check_input(b, input, coordinate, "input field", input->ast->type);
        if (type->is_one_of)
            check_one_of_field(b, input, coordinate);
    }
    build_check_default_cycles(b, type);
}

static void (*const checks[])(struct build *, const struct type *) = {
    [TYPE_SCALAR] = NULL,
    [TYPE_OBJECT] = check_fields,
    [TYPE_INTERFACE] = check_fields,
    [TYPE_UNION] = check_union,
    [TYPE_ENUM] = check_enum,
    [TYPE_INPUT_OBJECT] = check_input_object,
};

void
build_check(struct build *b)
{
    const struct schema *schema = b->schema;

    check_roots(b);
    check_directive_definitions(b);
    for (int i = 0; i < schema->type_count; i++) {
        const struct type *type = schema->types[i];
        if (type->is_builtin)
            continue;
        check_name(b, type->name, &type->ast->node);
        if (checks[type->kind])
            checks[type->kind](b, type);
    }
    build_check_finite(b);
    build_check_directives(b);
}
