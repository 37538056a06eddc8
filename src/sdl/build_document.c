/*
 * build_document.c - the rules on type system documents: names that are unique
 * and known, directives, extensions of what there is (specification, sections
 * 3.3 to 3.13, and 5.4, 5.6.3 and 5.7 for the directives applied).
 *
 * One walk over the contract in the order of its text; tables say what is asked
 * of each kind of node when the walk enters and leaves it. What is asked of a node
 * is asked in the order of the reference implementation's rules, so that of several
 * errors the first is the same. Operations and fragments mean nothing in a contract;
 * the names in them are held to the same rules.
 *
 * SPDX-License-Identifier: MIT
 */
#include "sdl/build_document.h"

#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/map.h"
#include "base/suggest.h"

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
    build_document_unique_directives(c, node);
}

/* Pairs of characters that are compared for suggestions, of all errors together: or thousands of
 * unknown names were compared with thousands of types. */
enum { SUGGESTED_MAXIMUM = 50 * 1000 * 1000 };

/* ` Did you mean ...?` of the first `type_count` names of types. */
static struct str
suggest_type(struct document_check *c, struct str name, int type_count)
{
    struct arena *scratch;
    struct str *names;
    struct str text;

    if (errors_full(c->build->errors) || c->suggested > SUGGESTED_MAXIMUM)
        return STR(""); /* the error would be dropped, or has no suggestions */
    for (int i = 0; i < type_count; i++)
        c->suggested += (int64_t)(name.len * c->type_names[i].len);
    scratch = arena_new("names");
    names = ARENA_ARRAY(scratch, struct str, type_count);
    memcpy(names, c->type_names, (size_t)type_count * sizeof(*names));
    text =
        suggest_text(c->build->arena, NULL, names, suggest_close(scratch, name, names, type_count));
    arena_free(scratch);
    return text;
}

static const char *const kind_names[AST_KIND_COUNT] = {
    [AST_SCALAR_DEFINITION] = "scalar",       [AST_OBJECT_DEFINITION] = "object",
    [AST_INTERFACE_DEFINITION] = "interface", [AST_UNION_DEFINITION] = "union",
    [AST_ENUM_DEFINITION] = "enum",           [AST_INPUT_OBJECT_DEFINITION] = "input object",
};

/* 3.5.1, 3.6.3 and so on: what is extended is there, and of that kind; and what makes an
 * input object one of its fields stands at its definition (3.10.2, 5). */
static void
check_extension(struct document_check *c, const struct ast_type_definition *ast)
{
    const struct ast_type_definition *extended = map_get(c->types, ast->name);
    const struct ast_directive *one_of = ast_find_directive(ast->directives, "oneOf");

    if (!extended) {
        struct str suggestion = suggest_type(c, ast->name, c->own_type_count);
        build_error_name(c->build, ast->name,
                         "Cannot extend type \"%.*s\" because it is not defined.%.*s",
                         STR_PRINT(ast->name), STR_PRINT(suggestion));
    } else if (extended->node.kind != ast->node.kind) {
        struct error *error =
            build_error(c->build, &extended->node, "Cannot extend non-%s type \"%.*s\".",
                        kind_names[ast->node.kind], STR_PRINT(ast->name));
        build_add_place(c->build, error, &ast->node);
    }
    if (one_of && ast->node.kind == AST_INPUT_OBJECT_DEFINITION)
        build_error(
            c->build, &one_of->node,
            "Directive \"@oneOf\" may not be used on an extension of input object \"%.*s\".",
            STR_PRINT(ast->name));
}

/* 3: types have different names, which no built-in type has.  But a built-in scalar may be
 * defined, as a scalar: tools write them out, and it says nothing new (3.5). */
static void
check_type_name(struct document_check *c, const struct ast_type_definition *ast)
{
    static const struct sentence once = { "There can be only one type named \"", "\"." };
    struct str name = ast->name;
    const struct ast_type_definition *builtin = map_get(c->build->builtin_types, name);
    bool is_scalar = builtin && builtin->node.kind == AST_SCALAR_DEFINITION &&
                     ast->node.kind == AST_SCALAR_DEFINITION;

    if (builtin && !is_scalar && !map_get(c->seen_types, name))
        build_error_name(c->build, name,
                         "Type \"%.*s\" already exists in the schema. It cannot also be defined "
                         "in this type definition.",
                         STR_PRINT(name));
    build_document_unique(c, c->seen_types, name, name, &once);
}

static void
check_type_definition(struct document_check *c, const struct ast_node *node)
{
    const struct ast_type_definition *ast = ast_as(type_definition, node);

    if (!ast->is_extension)
        check_type_name(c, ast);
    build_document_unique_members(c, ast);
    build_document_unique_directives(c, node);
    if (ast->is_extension)
        check_extension(c, ast);
}

static bool
is_binding(const struct build *b, struct str name)
{
    for (const struct ast_node *at = b->binding ? b->binding->definitions : NULL; at; at = at->next)
        if (at->kind == AST_DIRECTIVE_DEFINITION &&
            str_equal(ast_as(directive_definition, at)->name, name))
            return true;
    return false;
}

static void
check_directive_definition(struct document_check *c, const struct ast_node *node)
{
    static const struct sentence once = { "There can be only one directive named \"@", "\"." };
    const struct ast_directive_definition *ast = ast_as(directive_definition, node);

    build_document_unique_parameters(c, ast);
    build_document_redefined(c, ast);
    if (is_binding(c->build, ast->name))
        build_error_name(c->build, ast->name,
                         "Directive \"@%.*s\" already exists in the schema. It cannot be "
                         "redefined.",
                         STR_PRINT(ast->name));
    else
        build_document_unique(c, c->seen_directives, ast->name, ast->name, &once);
}

static void
check_named_type(struct document_check *c, const struct ast_node *node)
{
    struct str name = ast_as(type, node)->name;

    if (map_get(c->types, name) || (c->is_type_system && map_get(c->build->builtin_types, name)))
        return;
    struct str suggestion =
        suggest_type(c, name, c->is_type_system ? c->type_count : c->own_type_count);
    build_error(c->build, node, "Unknown type \"%.*s\".%.*s", STR_PRINT(name),
                STR_PRINT(suggestion));
}

static void
check_field(struct document_check *c, const struct ast_node *node)
{
    build_document_unique_directives(c, node);
    build_document_unique_arguments(c, ast_as(field, node)->arguments);
}

/* 5.6.3: the fields of an object literal have different names. */
static void
check_object_field(struct document_check *c, const struct ast_node *node)
{
    static const struct sentence once = { "There can be only one input field named \"", "\"." };
    struct str name = ast_as(object_field, node)->name;

    build_document_unique(c, c->seen_fields, name, name, &once);
}

/* What is asked of a node, by its kind, when the walk enters it and when it leaves it. */
static const struct {
    void (*enter)(struct document_check *, const struct ast_node *);
    void (*leave)(struct document_check *, const struct ast_node *);
} checks[AST_KIND_COUNT] = {
    [AST_OPERATION] = { build_document_unique_directives, NULL },
    [AST_FRAGMENT] = { build_document_unique_directives, NULL },
    [AST_VARIABLE_DEFINITION] = { build_document_unique_directives, NULL },
    [AST_FIELD] = { check_field, NULL },
    [AST_FRAGMENT_SPREAD] = { build_document_unique_directives, NULL },
    [AST_INLINE_FRAGMENT] = { build_document_unique_directives, NULL },
    [AST_SCHEMA_DEFINITION] = { check_schema_definition, NULL },
    [AST_SCALAR_DEFINITION] = { check_type_definition, NULL },
    [AST_OBJECT_DEFINITION] = { check_type_definition, NULL },
    [AST_INTERFACE_DEFINITION] = { check_type_definition, NULL },
    [AST_UNION_DEFINITION] = { check_type_definition, NULL },
    [AST_ENUM_DEFINITION] = { check_type_definition, NULL },
    [AST_INPUT_OBJECT_DEFINITION] = { check_type_definition, NULL },
    [AST_FIELD_DEFINITION] = { build_document_unique_directives, NULL },
    [AST_INPUT_VALUE_DEFINITION] = { build_document_unique_directives, NULL },
    [AST_ENUM_VALUE_DEFINITION] = { build_document_unique_directives, NULL },
    [AST_DIRECTIVE_DEFINITION] = { check_directive_definition, NULL },
    [AST_NAMED_TYPE] = { check_named_type, NULL },
    [AST_DIRECTIVE] = { build_document_directive, build_document_required },
    [AST_OBJECT_FIELD] = { check_object_field, NULL },
};

static void
walk(struct document_check *c, const struct ast_node *node)
{
    enum directive_location outer_location = c->location;
    struct map *outer_fields = c->seen_fields;

    c->location = build_document_location(node, outer_location);
    if (node->kind == AST_OBJECT)
        c->seen_fields = map_new(c->build->arena);
    if (checks[node->kind].enter)
        checks[node->kind].enter(c, node);
    for (const uint16_t *child = ast_children(node->kind); *child; child++)
        for (const struct ast_node *at = ast_child(node, *child); at; at = at->next)
            walk(c, at);
    if (checks[node->kind].leave)
        checks[node->kind].leave(c, node);
    c->location = outer_location;
    c->seen_fields = outer_fields;
}

/* Note the types that a document defines, each once. */
static void
note_types(struct document_check *c, const struct ast_document *document)
{
    bool is_own = document == c->build->document;

    for (const struct ast_node *node = document->definitions; node; node = node->next)
        if (ast_is_type_definition(node->kind) && !build_is_extension(node)) {
            struct str name = ast_as(type_definition, node)->name;
            void *known = is_own ? map_put(c->types, name, (void *)node) : map_get(c->types, name);
            if (!known)
                c->type_names[c->type_count++] = name;
        }
}

/* Note the directives that a document defines; the last of a name holds. */
static void
note_directives(struct document_check *c, const struct ast_document *document)
{
    for (const struct ast_node *node = document->definitions; node; node = node->next)
        if (node->kind == AST_DIRECTIVE_DEFINITION)
            map_put(c->directives, ast_as(directive_definition, node)->name, (void *)node);
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
        .seen_values = map_new(b->arena),
        .seen_applied = map_new(b->arena),
        .schema_applied = map_new(b->arena),
        .location = LOCATION_COUNT,
    };

    /* All names are noted before the walk, since the order of definitions does not matter.
     * A directive of the contract may stand for a built-in one, and not for a binding. */
    c.type_names =
        ARENA_ARRAY(b->arena, struct str,
                    ast_count(b->document->definitions) + ast_count(b->builtin->definitions));
    note_types(&c, b->document);
    c.own_type_count = c.type_count;
    note_types(&c, b->builtin);
    note_directives(&c, b->builtin);
    note_directives(&c, b->document);
    if (b->binding)
        note_directives(&c, b->binding);
    for (const struct ast_node *node = b->document->definitions; node; node = node->next) {
        c.is_type_system = build_is_type_system(node->kind);
        walk(&c, node);
    }
}
