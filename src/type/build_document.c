/*
 * build_document.c - the rules on type system documents: names that are unique
 * and known, directives, extensions of what there is (specification, sections
 * 3.3 to 3.13, and 5.4, 5.6.3 and 5.7 for the directives applied).
 *
 * One walk over the contract in the order of its text; a table says what is
 * asked of each kind of node when the walk enters it.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stddef.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/map.h"
#include "base/suggest.h"
#include "language/print.h"
#include "language/source.h"
#include "type/build_stage.h"
#include "type/schema.h"

struct document_check {
    struct build *build;
    struct map *types;      /* what the contract defines, by name: ast_type_definition */
    struct map *directives; /* what may be applied, by name: ast_directive_definition */
    struct str *type_names; /* the contract's, then the built-in ones */
    int own_type_count, type_count;
    enum directive_location location; /* of the node that a directive would be applied to */
    /* What the walk has met so far: names in the source. */
    struct map *seen_types, *seen_directives;
    struct map *seen_members; /* by `Type.member` */
    struct map *seen_applied; /* by the type's name: a map of the directives on it */
    struct map *schema_applied;
    const struct ast_node *schema_definition;
    const struct ast_node *root_types[OPERATION_SUBSCRIPTION + 1];
};

static int
count(const struct ast_node *list)
{
    int n = 0;

    for (; list; list = list->next)
        n++;
    return n;
}

/* What is said of a name that is there twice, around the name. */
struct sentence {
    const char *before, *after;
};

/* Remember `key`, which stands at `name`, or report that it is there already. */
static void
check_unique(struct document_check *c, struct map *seen, struct str key, struct str name,
             const struct sentence *sentence)
{
    struct str first = { map_add(seen, key, (void *)name.ptr), 0 };

    if (!first.ptr)
        return;
    struct error *error = build_error_name(c->build, first, "%s%.*s%s", sentence->before,
                                           STR_PRINT(key), sentence->after);
    build_add_name(c->build, error, name);
}

/* Where a directive on a node of this kind stands, and where the node has its directives. */
/* clang-format off */
static const struct {
    enum directive_location location;
    uint16_t directives; /* offset; 0: such nodes have none */
} applied[AST_KIND_COUNT] = {
    [AST_SCHEMA_DEFINITION] = { LOCATION_SCHEMA,
                                offsetof(struct ast_schema_definition, directives) },
    [AST_SCALAR_DEFINITION] = { LOCATION_SCALAR, offsetof(struct ast_type_definition, directives) },
    [AST_OBJECT_DEFINITION] = { LOCATION_OBJECT, offsetof(struct ast_type_definition, directives) },
    [AST_INTERFACE_DEFINITION] = { LOCATION_INTERFACE,
                                   offsetof(struct ast_type_definition, directives) },
    [AST_UNION_DEFINITION] = { LOCATION_UNION, offsetof(struct ast_type_definition, directives) },
    [AST_ENUM_DEFINITION] = { LOCATION_ENUM, offsetof(struct ast_type_definition, directives) },
    [AST_INPUT_OBJECT_DEFINITION] = { LOCATION_INPUT_OBJECT,
                                      offsetof(struct ast_type_definition, directives) },
    [AST_FIELD_DEFINITION] = { LOCATION_FIELD_DEFINITION,
                               offsetof(struct ast_field_definition, directives) },
    [AST_INPUT_VALUE_DEFINITION] = { LOCATION_ARGUMENT_DEFINITION,
                                     offsetof(struct ast_input_value_definition, directives) },
    [AST_ENUM_VALUE_DEFINITION] = { LOCATION_ENUM_VALUE,
                                    offsetof(struct ast_enum_value_definition, directives) },
};
/* clang-format on */

/* The location of a node that directives may be applied to; of any other, `outer`, the
 * location of what it stands in. */
static enum directive_location
location_of(const struct ast_node *node, enum directive_location outer)
{
    if (node->kind == AST_INPUT_VALUE_DEFINITION && outer == LOCATION_INPUT_OBJECT)
        return LOCATION_INPUT_FIELD_DEFINITION;
    return applied[node->kind].directives ? applied[node->kind].location : outer;
}

/* The map of the directives met so far at this place: a definition and its
 * extensions are one place. */
static struct map *
applied_at(struct document_check *c, const struct ast_node *node)
{
    struct map *seen;

    if (node->kind == AST_SCHEMA_DEFINITION)
        return c->schema_applied;
    if (!ast_is_type_definition(node->kind))
        return map_new(c->build->arena);
    seen = map_get(c->seen_applied, ast_as(type_definition, node)->name);
    if (!seen) {
        seen = map_new(c->build->arena);
        map_put(c->seen_applied, ast_as(type_definition, node)->name, seen);
    }
    return seen;
}

/* 5.7.3: directives that are not repeatable are unique at a location. */
static void
check_unique_directives(struct document_check *c, const struct ast_node *node)
{
    static const struct sentence once = { "The directive \"@",
                                          "\" can only be used once at this location." };
    const struct ast_node *list;
    struct map *seen;

    if (!applied[node->kind].directives)
        return;
    list = *(const struct ast_node *const *)((const char *)node + applied[node->kind].directives);
    if (!list)
        return;
    seen = applied_at(c, node);
    for (; list; list = list->next) {
        struct str name = ast_as(directive, list)->name;
        struct str at = { c->build->document->source->text.ptr + list->start, 0 }; /* its `@` */
        const struct ast_directive_definition *definition = map_get(c->directives, name);
        if (definition && !definition->is_repeatable)
            check_unique(c, seen, name, at, &once);
    }
}

/* 3.3: one schema definition, and one root type for each operation. */
static void
check_schema_definition(struct document_check *c, const struct ast_node *node)
{
    const struct ast_schema_definition *ast = ast_as(schema_definition, node);

    if (!ast->is_extension && c->schema_definition)
        build_error(c->build, node, "Must provide only one schema definition.");
    if (!ast->is_extension)
        c->schema_definition = node;
    for (const struct ast_node *at = ast->root_types; at; at = at->next) {
        enum ast_operation_type operation = ast_as(root_operation_type, at)->operation;
        if (!c->root_types[operation]) {
            c->root_types[operation] = at;
            continue;
        }
        struct error *error = build_error(c->build, c->root_types[operation],
                                          "There can be only one %s type in schema.",
                                          ast_operation_type_name(operation));
        build_add_place(c->build, error, at);
    }
}

/* The name of a member of a type of any kind; STR_NONE of a union's. */
static struct str
member_name(const struct ast_node *node)
{
    switch (node->kind) {
    case AST_FIELD_DEFINITION:
        return ast_as(field_definition, node)->name;
    case AST_INPUT_VALUE_DEFINITION:
        return ast_as(input_value_definition, node)->name;
    case AST_ENUM_VALUE_DEFINITION:
        return ast_as(enum_value_definition, node)->name;
    default:
        return STR_NONE;
    }
}

/* The arguments of a field or directive, whose coordinate is `owner`, have different names. */
static void
check_unique_arguments(struct document_check *c, struct str owner, const struct ast_node *list)
{
    static const struct sentence once = { "Argument \"", "\" can only be defined once." };
    struct map *seen;

    if (!list || !list->next)
        return;
    seen = map_new(c->build->arena);
    for (; list; list = list->next) {
        struct str name = ast_as(input_value_definition, list)->name;
        struct str key =
            str_format(c->build->arena, "%.*s(%.*s:)", STR_PRINT(owner), STR_PRINT(name));
        check_unique(c, seen, key, name, &once);
    }
}

static void
check_unique_members(struct document_check *c, const struct ast_type_definition *ast)
{
    static const struct sentence once = { "Field \"", "\" can only be defined once." };
    static const struct sentence once_value = { "Enum value \"", "\" can only be defined once." };
    bool is_enum = ast->node.kind == AST_ENUM_DEFINITION;

    for (const struct ast_node *node = ast->members; node; node = node->next) {
        struct str name = member_name(node);
        if (!name.ptr)
            return;
        struct str key =
            str_format(c->build->arena, "%.*s.%.*s", STR_PRINT(ast->name), STR_PRINT(name));
        check_unique(c, c->seen_members, key, name, is_enum ? &once_value : &once);
        if (node->kind == AST_FIELD_DEFINITION)
            check_unique_arguments(c, key, ast_as(field_definition, node)->arguments);
    }
}

/* ` Did you mean ...?` of the first `type_count` names of types. */
static struct str
suggest_type(struct document_check *c, struct str name, int type_count)
{
    struct arena *a = c->build->arena;
    struct str *names;

    if (errors_full(c->build->errors))
        return STR(""); /* nobody will read it, and it takes its time */
    names = ARENA_ARRAY(a, struct str, type_count);
    memcpy(names, c->type_names, (size_t)type_count * sizeof(*names));
    return suggest_text(a, NULL, names, suggest_close(a, name, names, type_count));
}

static const char *const kind_names[AST_KIND_COUNT] = {
    [AST_SCALAR_DEFINITION] = "scalar",       [AST_OBJECT_DEFINITION] = "object",
    [AST_INTERFACE_DEFINITION] = "interface", [AST_UNION_DEFINITION] = "union",
    [AST_ENUM_DEFINITION] = "enum",           [AST_INPUT_OBJECT_DEFINITION] = "input object",
};

/* 3.5.1, 3.6.3 and so on: what is extended is there, and of that kind. */
static void
check_extension(struct document_check *c, const struct ast_type_definition *ast)
{
    const struct ast_type_definition *extended = map_get(c->types, ast->name);

    if (!extended) {
        build_error_name(
            c->build, ast->name, "Cannot extend type \"%.*s\" because it is not defined.%.*s",
            STR_PRINT(ast->name), STR_PRINT(suggest_type(c, ast->name, c->own_type_count)));
    } else if (extended->node.kind != ast->node.kind) {
        struct error *error =
            build_error(c->build, &extended->node, "Cannot extend non-%s type \"%.*s\".",
                        kind_names[ast->node.kind], STR_PRINT(ast->name));
        build_add_place(c->build, error, &ast->node);
    }
}

static void
check_type_definition(struct document_check *c, const struct ast_node *node)
{
    static const struct sentence once = { "There can be only one type named \"", "\"." };
    const struct ast_type_definition *ast = ast_as(type_definition, node);

    if (!ast->is_extension)
        check_unique(c, c->seen_types, ast->name, ast->name, &once);
    check_unique_members(c, ast);
    if (ast->is_extension)
        check_extension(c, ast);
}

static bool
is_binding(const struct build *b, struct str name)
{
    for (const struct ast_node *at = b->binding ? b->binding->definitions : NULL; at; at = at->next)
        if (str_equal(ast_as(directive_definition, at)->name, name))
            return true;
    return false;
}

static void
check_directive_definition(struct document_check *c, const struct ast_node *node)
{
    static const struct sentence once = { "There can be only one directive named \"@", "\"." };
    const struct ast_directive_definition *ast = ast_as(directive_definition, node);

    check_unique_arguments(c, str_format(c->build->arena, "@%.*s", STR_PRINT(ast->name)),
                           ast->arguments);
    if (is_binding(c->build, ast->name))
        build_error_name(c->build, ast->name,
                         "Directive \"@%.*s\" already exists in the schema. It cannot be "
                         "redefined.",
                         STR_PRINT(ast->name));
    else
        check_unique(c, c->seen_directives, ast->name, ast->name, &once);
}

static void
check_named_type(struct document_check *c, const struct ast_node *node)
{
    struct str name = ast_as(type, node)->name;

    if (!map_get(c->types, name) && !map_get(c->build->builtin_types, name))
        build_error(c->build, node, "Unknown type \"%.*s\".%.*s", STR_PRINT(name),
                    STR_PRINT(suggest_type(c, name, c->type_count)));
}

static bool
may_stand(const struct ast_directive_definition *definition, enum directive_location location)
{
    const char *name = directive_location_name(location);

    for (const struct ast_node *at = definition->locations; at; at = at->next)
        if (str_is(ast_as(directive_location, at)->name, name))
            return true;
    return false;
}

static const struct ast_input_value_definition *
find_argument_definition(const struct ast_directive_definition *definition, struct str name)
{
    for (const struct ast_node *at = definition->arguments; at; at = at->next)
        if (str_equal(ast_as(input_value_definition, at)->name, name))
            return ast_as(input_value_definition, at);
    return NULL;
}

static struct str
suggest_argument(struct document_check *c, struct str name,
                 const struct ast_directive_definition *definition)
{
    struct arena *a = c->build->arena;
    struct str *names = ARENA_ARRAY(a, struct str, count(definition->arguments));
    int n = 0;

    for (const struct ast_node *at = definition->arguments; at; at = at->next)
        names[n++] = ast_as(input_value_definition, at)->name;
    return suggest_text(a, NULL, names, suggest_close(a, name, names, n));
}

/* 5.4.2 and 5.4.1: the arguments of a directive have different names, which it has. */
static void
check_arguments(struct document_check *c, const struct ast_directive *ast,
                const struct ast_directive_definition *definition)
{
    static const struct sentence once = { "There can be only one argument named \"", "\"." };
    struct map *seen = map_new(c->build->arena);

    for (const struct ast_node *at = ast->arguments; at; at = at->next) {
        struct str name = ast_as(argument, at)->name;
        if (definition && !find_argument_definition(definition, name))
            build_error(c->build, at, "Unknown argument \"%.*s\" on directive \"@%.*s\".%.*s",
                        STR_PRINT(name), STR_PRINT(ast->name),
                        STR_PRINT(suggest_argument(c, name, definition)));
        check_unique(c, seen, name, name, &once);
    }
}

static bool
is_given(const struct ast_directive *ast, struct str name)
{
    for (const struct ast_node *at = ast->arguments; at; at = at->next)
        if (str_equal(ast_as(argument, at)->name, name))
            return true;
    return false;
}

/* 5.4.3: what a directive requires is given. */
static void
check_required_arguments(struct document_check *c, const struct ast_directive *ast,
                         const struct ast_directive_definition *definition)
{
    for (const struct ast_node *at = definition->arguments; at; at = at->next) {
        const struct ast_input_value_definition *argument = ast_as(input_value_definition, at);
        if (argument->type->kind != AST_NON_NULL_TYPE || argument->default_value ||
            is_given(ast, argument->name))
            continue;
        struct buf type = { 0 };
        print_node(&type, argument->type);
        build_error(c->build, &ast->node,
                    "Argument \"@%.*s(%.*s:)\" of type \"%.*s\" is required, but it was not "
                    "provided.",
                    STR_PRINT(ast->name), STR_PRINT(argument->name), STR_PRINT(buf_str(&type)));
        buf_free(&type);
    }
}

/* 5.7.1 and 5.7.2: directives are known, and stand where they may. */
static void
check_directive(struct document_check *c, const struct ast_node *node)
{
    const struct ast_directive *ast = ast_as(directive, node);
    const struct ast_directive_definition *definition = map_get(c->directives, ast->name);

    if (!definition)
        build_error(c->build, node, "Unknown directive \"@%.*s\".", STR_PRINT(ast->name));
    else if (!may_stand(definition, c->location))
        build_error(c->build, node, "Directive \"@%.*s\" may not be used on %s.",
                    STR_PRINT(ast->name), directive_location_name(c->location));
    if (ast->arguments)
        check_arguments(c, ast, definition);
    if (definition)
        check_required_arguments(c, ast, definition);
}

/* 5.6.3: the fields of an object literal have different names. */
static void
check_object(struct document_check *c, const struct ast_node *node)
{
    static const struct sentence once = { "There can be only one input field named \"", "\"." };
    struct map *seen = map_new(c->build->arena);

    for (const struct ast_node *at = ast_as(value, node)->values; at; at = at->next) {
        struct str name = ast_as(object_field, at)->name;
        check_unique(c, seen, name, name, &once);
    }
}

/* What is asked of a node when the walk enters it, by its kind. */
static void (*const enter[AST_KIND_COUNT])(struct document_check *, const struct ast_node *) = {
    [AST_SCHEMA_DEFINITION] = check_schema_definition,
    [AST_SCALAR_DEFINITION] = check_type_definition,
    [AST_OBJECT_DEFINITION] = check_type_definition,
    [AST_INTERFACE_DEFINITION] = check_type_definition,
    [AST_UNION_DEFINITION] = check_type_definition,
    [AST_ENUM_DEFINITION] = check_type_definition,
    [AST_INPUT_OBJECT_DEFINITION] = check_type_definition,
    [AST_DIRECTIVE_DEFINITION] = check_directive_definition,
    [AST_NAMED_TYPE] = check_named_type,
    [AST_DIRECTIVE] = check_directive,
    [AST_OBJECT] = check_object,
};

static void
walk(struct document_check *c, const struct ast_node *node)
{
    enum directive_location outer = c->location;

    c->location = location_of(node, outer);
    if (enter[node->kind])
        enter[node->kind](c, node);
    check_unique_directives(c, node);
    for (const uint16_t *child = ast_children(node->kind); *child; child++) {
        const struct ast_node *at = *(const struct ast_node *const *)((const char *)node + *child);
        for (; at; at = at->next)
            walk(c, at);
    }
    c->location = outer;
}

/* Note the types and directives of a document. */
static void
note_definitions(struct document_check *c, const struct ast_document *document)
{
    for (const struct ast_node *node = document->definitions; node; node = node->next) {
        if (node->kind == AST_DIRECTIVE_DEFINITION) {
            map_add(c->directives, ast_as(directive_definition, node)->name, (void *)node);
        } else if (ast_is_type_definition(node->kind) && !build_is_extension(node)) {
            struct str name = ast_as(type_definition, node)->name;
            c->type_names[c->type_count++] = name;
            if (document == c->build->document)
                map_put(c->types, name, (void *)node);
        }
    }
}

void
build_document_check(struct build *b)
{
    struct document_check c = {
        .build = b,
        .types = map_new(b->arena),
        .directives = map_new(b->arena),
        .seen_types = map_new(b->arena),
        .seen_directives = map_new(b->arena),
        .seen_members = map_new(b->arena),
        .seen_applied = map_new(b->arena),
        .schema_applied = map_new(b->arena),
        .location = LOCATION_COUNT,
    };

    /* All names are noted before the walk, since the order of definitions does not matter.
     * The first of a name holds: a directive of the contract may stand for a built-in
     * one, and not for a binding. */
    c.type_names = ARENA_ARRAY(b->arena, struct str,
                               count(b->document->definitions) + count(b->builtin->definitions));
    if (b->binding)
        note_definitions(&c, b->binding);
    note_definitions(&c, b->document);
    c.own_type_count = c.type_count;
    note_definitions(&c, b->builtin);
    for (const struct ast_node *node = b->document->definitions; node; node = node->next)
        if (build_is_type_system(node->kind))
            walk(&c, node);
}
