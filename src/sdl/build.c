/*
 * build.c - from SDL to a schema: the stages in their order.
 *
 * Each stage relies on what the one before has found true, so building ends
 * with the first stage that adds errors.
 *
 * SPDX-License-Identifier: MIT
 */
#include "sdl/build.h"

#include <stdarg.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/map.h"
#include "language/parser.h"
#include "language/places.h"
#include "language/source.h"
#include "schema/schema.h"
#include "sdl/build_stage.h"

extern const char builtin_graphql[];
extern const char binding_graphql[];

static struct error *
add_error(struct build *b, const char *format, va_list args)
{
    struct str message = str_vformat(b->errors->arena, format, args);
    struct error *error = errors_add(b->errors, ERROR_VALIDATION_FAILED, "%s", "");

    error->message = message;
    b->has_failed = true;
    return error;
}

/* Of all errors together: each can have as many places as the contract has words. */
enum { PLACES_MAXIMUM = 1000000 };

static void
add_place(struct build *b, struct error *error, uint32_t offset)
{
    if (b->place_count == PLACES_MAXIMUM)
        return;
    b->place_count++;
    if (!b->places)
        b->places = places_new(b->arena, b->document->source);
    error_add_place(b->errors->arena, error, places_find(b->places, offset));
}

struct error *
build_error(struct build *b, const struct ast_node *node, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct error *error = add_error(b, format, args);
    va_end(args);

    if (node)
        add_place(b, error, node->start);
    return error;
}

struct error *
build_error_name(struct build *b, struct str name, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct error *error = add_error(b, format, args);
    va_end(args);

    build_add_name(b, error, name);
    return error;
}

void
build_add_place(struct build *b, struct error *error, const struct ast_node *node)
{
    add_place(b, error, node->start);
}

void
build_add_name(struct build *b, struct error *error, struct str name)
{
    add_place(b, error, source_offset(b->document->source, name));
}

void
build_add_parts(struct build *b, struct error *error, const struct part *part)
{
    for (; part; part = part->next)
        build_add_place(b, error, &part->ast->node);
}

bool
build_is_type_system(enum ast_kind kind)
{
    return kind == AST_SCHEMA_DEFINITION || kind == AST_DIRECTIVE_DEFINITION ||
           ast_is_type_definition(kind);
}

bool
build_is_extension(const struct ast_node *definition)
{
    if (definition->kind == AST_SCHEMA_DEFINITION)
        return ast_as(schema_definition, definition)->is_extension;
    return ast_is_type_definition(definition->kind) &&
           ast_as(type_definition, definition)->is_extension;
}

/* Parse a built-in text, which has no errors. */
static const struct ast_document *
parse_own(struct build *b, const char *name, const char *text)
{
    struct source *source = ARENA_NEW(b->arena, struct source);
    struct errors none = { .arena = b->arena };

    source->name = str_from(name);
    source->text = str_from(text);
    const struct ast_document *document = parser_parse(b->arena, source, NULL, &none);
    assert(document);
    return document;
}

/* Remember by name what a built-in document defines. */
static void
declare(struct build *b, const struct ast_document *document)
{
    for (const struct ast_node *node = document->definitions; node; node = node->next)
        if (node->kind == AST_DIRECTIVE_DEFINITION)
            map_put(b->known_directives, ast_as(directive_definition, node)->name, (void *)node);
        else if (document == b->builtin && !build_is_extension(node))
            map_put(b->builtin_types, ast_as(type_definition, node)->name, (void *)node);
}

/* What all stages need, before the first. */
static struct build
make_build(struct arena *a, const struct ast_document *document, enum build_options options,
           struct errors *errors)
{
    struct build b = {
        .arena = a,
        .errors = errors,
        .document = document,
        .schema = ARENA_NEW(a, struct schema),
        .builtin_types = map_new(a),
        .known_directives = map_new(a),
        .own_scalars = map_new(a),
        .parts = map_new(a),
        .types = map_new(a),
        .looked_into = map_new(a),
        .applied_to_inputs = map_new(a),
    };

    b.builtin = parse_own(&b, "builtin.graphql", builtin_graphql);
    declare(&b, b.builtin);
    if (options & BUILD_BINDINGS) {
        b.binding = parse_own(&b, "binding.graphql", binding_graphql);
        declare(&b, b.binding);
    }
    return b;
}

static struct schema *
run_stages(struct build *b, void (*const *stages)(struct build *))
{
    for (; *stages; stages++) {
        (*stages)(b);
        if (b->has_failed)
            return NULL;
    }
    return b->schema;
}

struct schema *
build_schema(struct arena *a, const struct ast_document *document, enum build_options options,
             struct errors *errors)
{
    static void (*const stages[])(struct build *) = {
        build_document_check, build_types,    build_publish, build_applied_check,
        build_check,          build_defaults, NULL,
    };
    struct build b = make_build(a, document, options, errors);

    return run_stages(&b, stages);
}

/* The document and what is applied in it have been judged with the whole schema. */
struct schema *
build_schema_for_role(struct arena *a, const struct schema *whole, struct str role,
                      struct errors *errors)
{
    static void (*const stages[])(struct build *) = {
        build_hide_types, build_types,    build_publish, build_visible,
        build_check,      build_defaults, NULL,
    };
    struct build b = make_build(a, whole->document, BUILD_BINDINGS, errors);

    b.whole = whole;
    b.role = role;
    return run_stages(&b, stages);
}
