/*
 * build_check_directive.c - directives that are used in their own definition, or in
 * that of a type or a directive that it needs (specification, 3.13, Type Validation
 * 2 and 3).
 *
 * From each directive of the contract the references are followed, the nearest
 * first, so that what is reported is a shortest way back. Only what arguments can
 * have as types is met on the way, and few directives have many.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/map.h"
#include "type/build_stage.h"
#include "type/schema.h"

/* A place where a definition names a directive or a type. */
struct reference {
    const struct reference *from; /* what led to that definition; NULL: where it began */
    struct str owner;             /* in which definition: `@d(a:)`, `I`, `I.f` */
    const struct ast_node *node;  /* AST_DIRECTIVE or AST_NAMED_TYPE */
    struct reference *next;       /* to be followed later */
};

struct search {
    struct build *build;
    struct str directive; /* that is looked for */
    const struct reference *found;
    struct reference *first, **end; /* to be followed */
    struct map *seen_directives, *seen_types;
    const struct reference *from; /* of the references that are being noted */
};

static void
note(struct search *s, struct str owner, const struct ast_node *node)
{
    struct map *seen = node->kind == AST_DIRECTIVE ? s->seen_directives : s->seen_types;
    struct reference *reference;

    if (s->found || map_add(seen, ast_text(node), (void *)node))
        return;
    reference = ARENA_NEW(s->build->arena, struct reference);
    reference->from = s->from;
    reference->owner = owner;
    reference->node = node;
    *s->end = reference;
    s->end = &reference->next;
    if (node->kind == AST_DIRECTIVE && str_equal(ast_text(node), s->directive))
        s->found = reference;
}

static void
note_directives(struct search *s, struct str owner, const struct ast_node *directives)
{
    for (; directives; directives = directives->next)
        note(s, owner, directives);
}

/* An argument or an input field: its type, and the directives on it. */
static void
note_input(struct search *s, struct str owner, const struct ast_node *node)
{
    const struct ast_input_value_definition *input = ast_as(input_value_definition, node);
    const struct ast_node *type = input->type;

    while (type->kind != AST_NAMED_TYPE)
        type = ast_as(type, type)->of;
    note(s, owner, type);
    note_directives(s, owner, input->directives);
}

static void
note_definition_of_directive(struct search *s, struct str name)
{
    const struct directive_definition *definition = schema_find_directive(s->build->schema, name);

    for (int i = 0; i < definition->argument_count; i++) {
        struct str argument = definition->arguments[i].name;
        struct str owner =
            str_format(s->build->arena, "@%.*s(%.*s:)", STR_PRINT(name), STR_PRINT(argument));
        note_input(s, owner, &definition->arguments[i].ast->node);
    }
}

static void
note_definition_of_type(struct search *s, struct str name)
{
    for (const struct part *part = map_get(s->build->parts, name); part; part = part->next) {
        note_directives(s, name, part->ast->directives);
        for (const struct ast_node *node = part->ast->members; node; node = node->next) {
            struct str owner = str_format(s->build->arena, "%.*s.%.*s", STR_PRINT(name),
                                          STR_PRINT(ast_text(node)));
            if (node->kind == AST_INPUT_VALUE_DEFINITION)
                note_input(s, owner, node);
            else if (node->kind == AST_ENUM_VALUE_DEFINITION)
                note_directives(s, owner, ast_as(enum_value_definition, node)->directives);
        }
    }
}

/* Write the owners on the way to the reference, the first one first. */
static void
print_way(struct buf *out, const struct reference *reference)
{
    if (reference->from)
        print_way(out, reference->from);
    buf_printf(out, "%s%.*s", reference->from ? ", " : "", STR_PRINT(reference->owner));
}

static void
add_way(struct build *b, struct error *error, const struct reference *reference)
{
    if (reference->from)
        add_way(b, error, reference->from);
    build_add_place(b, error, reference->node);
}

static void
report(struct search *s, const struct directive_definition *directive)
{
    struct buf way = { 0 };
    struct error *error;

    print_way(&way, s->found);
    error = build_error(s->build, &directive->ast->node,
                        "Directive \"@%.*s\" must not reference itself, as it does through: %.*s.",
                        STR_PRINT(directive->name), STR_PRINT(buf_str(&way)));
    add_way(s->build, error, s->found);
    buf_free(&way);
}

static void
check_directive(struct build *b, const struct directive_definition *directive)
{
    struct search s = {
        .build = b,
        .directive = directive->name,
        .seen_directives = map_new(b->arena),
        .seen_types = map_new(b->arena),
    };

    s.end = &s.first;
    note_definition_of_directive(&s, directive->name);
    for (struct reference *at = s.first; at && !s.found; at = at->next) {
        s.from = at;
        if (at->node->kind == AST_DIRECTIVE)
            note_definition_of_directive(&s, ast_text(at->node));
        else
            note_definition_of_type(&s, ast_text(at->node));
    }
    if (s.found)
        report(&s, directive);
}

void
build_check_directives(struct build *b)
{
    for (int i = 0; i < b->schema->directive_count; i++)
        if (!b->schema->directives[i].is_binding)
            check_directive(b, &b->schema->directives[i]);
}
