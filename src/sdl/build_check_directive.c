/*
 * build_check_directive.c - directives that are used in their own definition, or in
 * that of a type or a directive that it needs (specification, 3.13, Type Validation
 * 2 and 3).
 *
 * From each directive that is applied to anything that arguments are made of, the
 * references are followed, the nearest first, so that what is reported is a shortest
 * way back. The directives on it are not reported again.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/map.h"
#include "schema/schema.h"
#include "sdl/build_stage.h"

/* A part of a definition: `@d(a:)`, `I`, `I.f`. */
struct owner {
    bool is_directive;
    struct str name;
    struct str member; /* or STR_NONE */
};

/* A place where a definition names a directive or a type. */
struct reference {
    const struct reference *from; /* what led to that definition; NULL: where it began */
    struct owner owner;           /* where it stands */
    const struct ast_node *node;  /* AST_DIRECTIVE or AST_NAMED_TYPE */
    struct reference *next;       /* to be followed later */
};

struct search {
    struct arena *arena; /* until the search is over */
    struct build *build;
    struct map *reported; /* directives, by name */
    struct str directive; /* that is looked for */
    const struct reference *found;
    struct reference *first, **end; /* to be followed */
    struct map *seen_directives, *seen_types;
    const struct reference *from; /* of the references that are being noted */
};

static void
note(struct search *s, struct owner owner, const struct ast_node *node)
{
    struct map *seen = node->kind == AST_DIRECTIVE ? s->seen_directives : s->seen_types;
    struct reference *reference;

    if (s->found || map_add(seen, ast_text(node), (void *)node))
        return;
    reference = ARENA_NEW(s->arena, struct reference);
    reference->from = s->from;
    reference->owner = owner;
    reference->node = node;
    *s->end = reference;
    s->end = &reference->next;
    if (node->kind == AST_DIRECTIVE && str_equal(ast_text(node), s->directive))
        s->found = reference;
}

static void
note_directives(struct search *s, struct owner owner, const struct ast_node *directives)
{
    for (; directives; directives = directives->next)
        note(s, owner, directives);
}

/* An argument or an input field: its type, and the directives on it. */
static void
note_input(struct search *s, struct owner owner, const struct ast_node *node)
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

    for (int i = 0; i < definition->argument_count; i++)
        note_input(s, (struct owner){ true, name, definition->arguments[i].name },
                   &definition->arguments[i].ast->node);
}

static void
note_definition_of_type(struct search *s, struct str name)
{
    for (const struct part *part = map_get(s->build->parts, name); part; part = part->next) {
        note_directives(s, (struct owner){ false, name, STR_NONE }, part->ast->directives);
        for (const struct ast_node *node = part->ast->members; node; node = node->next) {
            struct owner owner = { false, name, ast_text(node) };
            if (node->kind == AST_INPUT_VALUE_DEFINITION)
                note_input(s, owner, node);
            else if (node->kind == AST_ENUM_VALUE_DEFINITION)
                note_directives(s, owner, ast_as(enum_value_definition, node)->directives);
        }
    }
}

static void
print_owner(struct buf *out, const struct owner *owner)
{
    buf_printf(out, "%s%.*s", owner->is_directive ? "@" : "", STR_PRINT(owner->name));
    if (owner->member.ptr)
        buf_printf(out, owner->is_directive ? "(%.*s:)" : ".%.*s", STR_PRINT(owner->member));
}

/* The references on the way to what was found, the first one first, ended by NULL. */
static const struct reference **
find_way(const struct search *s)
{
    const struct reference **way;
    size_t n = 0;

    for (const struct reference *at = s->found; at; at = at->from)
        n++;
    way = ARENA_ARRAY(s->arena, const struct reference *, n + 1);
    for (const struct reference *at = s->found; at; at = at->from)
        way[--n] = at;
    return way;
}

static void
report_directive_cycle(struct search *s, const struct directive_definition *directive)
{
    const struct reference **way = find_way(s);
    struct buf owners = { 0 };
    struct error *error;

    for (size_t i = 0; way[i]; i++) {
        buf_put_c(&owners, i > 0 ? ", " : "");
        print_owner(&owners, &way[i]->owner);
    }
    error = build_error(s->build, &directive->ast->node,
                        "Directive \"@%.*s\" must not reference itself, as it does through: %.*s.",
                        STR_PRINT(directive->name), STR_PRINT(buf_str(&owners)));
    for (size_t i = 0; way[i]; i++) {
        build_add_place(s->build, error, way[i]->node);
        if (way[i]->node->kind == AST_DIRECTIVE)
            map_put(s->reported, ast_text(way[i]->node), (void *)way[i]->node);
    }
    buf_free(&owners);
}

static void
check_references(struct build *b, const struct directive_definition *directive,
                 struct map *reported)
{
    struct search s = {
        .arena = arena_new("search"),
        .build = b,
        .reported = reported,
        .directive = directive->name,
    };

    s.seen_directives = map_new(s.arena);
    s.seen_types = map_new(s.arena);
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
        report_directive_cycle(&s, directive);
    arena_free(s.arena);
}

void
build_check_directives(struct build *b)
{
    struct map *reported = map_new(b->arena);

    for (int i = 0; i < b->schema->directive_count; i++) {
        struct str name = b->schema->directives[i].name;
        if (map_get(b->applied_to_inputs, name) && !map_get(reported, name))
            check_references(b, &b->schema->directives[i], reported);
    }
}
