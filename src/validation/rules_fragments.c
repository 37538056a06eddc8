/*
 * rules_fragments.c - fragments, and the types that they name (specification, 5.5).
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "schema/schema.h"
#include "validation/references.h"
#include "validation/rules.h"
#include "validation/walk.h"

/* 5.5.1.1: no two fragments have the same name. */

static void
unique_fragment(struct walk *w, void *state, const struct ast_node *node)
{
    const struct definition *first =
        references_first_of_name(w->references->fragments, w->scope->definition);

    (void)state;
    (void)node;
    if (first == w->scope->definition)
        return;
    struct error *error =
        walk_error(w, walk_offset(w, first->name), "There can be only one fragment named \"%.*s\".",
                   STR_PRINT(first->name));
    walk_error_place(w, error, walk_offset(w, w->scope->definition->name));
}

const struct rule rule_fragment_name_uniqueness = {
    .name = "fragment-name-uniqueness",
    .section = "5.5.1.1",
    .enter = { [AST_FRAGMENT] = unique_fragment },
};

/* 5.5.1.2, and 5.8.2: a type that is named is in the schema. */

static struct str
suggest_type(struct walk *w, struct str name)
{
    int count = w->schema->type_count;
    struct str *names = ARENA_ARRAY(w->arena, struct str, (size_t)count);

    for (int i = 0; i < count; i++)
        names[i] = w->schema->types[i]->name;
    return walk_suggest(w, NULL, name, names, count);
}

static void
existing_type(struct walk *w, void *state, const struct ast_node *node)
{
    struct str name = ast_as(type, node)->name;

    (void)state;
    if (schema_find_type(w->schema, name))
        return;
    struct str suggestion = suggest_type(w, name);
    walk_error(w, node->start, "Unknown type \"%.*s\".%.*s", STR_PRINT(name),
               STR_PRINT(suggestion));
}

const struct rule rule_type_existence = {
    .name = "type-existence",
    .section = "5.5.1.2",
    .enter = { [AST_NAMED_TYPE] = existing_type },
};

/* 5.5.1.3: a fragment is on a type that has fields, or a union of such. */

static bool
is_composite(const struct walk *w, const struct ast_node *condition)
{
    const struct type *type = schema_find_type(w->schema, ast_as(type, condition)->name);

    return !type || type_is_composite(type);
}

static void
composite_inline_fragment(struct walk *w, void *state, const struct ast_node *node)
{
    const struct ast_node *condition = ast_as(inline_fragment, node)->type_condition;

    (void)state;
    if (condition && !is_composite(w, condition))
        walk_error(w, condition->start, "Fragment cannot condition on non composite type \"%.*s\".",
                   STR_PRINT(ast_as(type, condition)->name));
}

static void
composite_fragment(struct walk *w, void *state, const struct ast_node *node)
{
    const struct ast_fragment *fragment = ast_as(fragment, node);

    (void)state;
    if (!is_composite(w, fragment->type_condition))
        walk_error(w, fragment->type_condition->start,
                   "Fragment \"%.*s\" cannot condition on non composite type \"%.*s\".",
                   STR_PRINT(fragment->name),
                   STR_PRINT(ast_as(type, fragment->type_condition)->name));
}

const struct rule rule_fragments_on_composite_types = {
    .name = "fragments-on-composite-types",
    .section = "5.5.1.3",
    .enter = { [AST_INLINE_FRAGMENT] = composite_inline_fragment,
               [AST_FRAGMENT] = composite_fragment },
};

/* 5.5.1.4: an operation reaches every fragment. */

static void
used_fragments(struct walk *w, void *state, const struct ast_node *node)
{
    struct references *r = w->references;

    (void)state;
    (void)node;
    references_reach(r, r->operations, r->operation_count);
    for (int i = 0; i < r->fragment_count; i++) {
        const struct definition *d = &r->fragments[i];

        if (references_find_fragment(r, d->name)->mark != r->mark)
            walk_error(w, d->node->start, "Fragment \"%.*s\" is never used.", STR_PRINT(d->name));
    }
}

const struct rule rule_fragments_must_be_used = {
    .name = "fragments-must-be-used",
    .section = "5.5.1.4",
    .leave = { [AST_DOCUMENT] = used_fragments },
};

/* 5.5.2.1: a fragment that is spread is defined. */

static void
existing_fragment(struct walk *w, void *state, const struct ast_node *node)
{
    struct str name = ast_as(fragment_spread, node)->name;

    (void)state;
    if (!references_find_fragment(w->references, name))
        walk_error(w, walk_offset(w, name), "Unknown fragment \"%.*s\".", STR_PRINT(name));
}

const struct rule rule_fragment_spread_target = {
    .name = "fragment-spread-target",
    .section = "5.5.2.1",
    .enter = { [AST_FRAGMENT_SPREAD] = existing_fragment },
};

/* 5.5.2.2: no fragment spreads itself, by itself or through others. */

/* Bytes of the names in a message: each cycle may go through all fragments. */
enum { VIA_MAXIMUM = 1000 };

/* A fragment on the path that is being searched. */
struct path_step {
    const struct definition *fragment;
    int next; /* of its spreads */
};

struct cycles {
    bool *is_visited;        /* by index of fragment */
    struct path_step *steps; /* the path; room for each fragment once */
    int count;
    int *at; /* by index of fragment: its place in the path from 1 on, or 0 */
};

/* The spread that leads from a step of the path to the next. */
static const struct spread *
taken(const struct path_step *step)
{
    return &step->fragment->spreads[step->next - 1];
}

static void
report_cycle(struct walk *w, const struct cycles *c, int from)
{
    struct buf via = { .maximum = w->limits ? VIA_MAXIMUM : 0 };
    const struct definition *target = taken(&c->steps[c->count - 1])->fragment;

    for (int i = from; i < c->count - 1 && !via.failed; i++)
        buf_printf(&via, "%s\"%.*s\"", i > from ? ", " : " via ",
                   STR_PRINT(taken(&c->steps[i])->fragment->name));
    struct error *error =
        walk_error(w, taken(&c->steps[from])->node->node.start,
                   "Cannot spread fragment \"%.*s\" within itself%.*s.", STR_PRINT(target->name),
                   STR_PRINT(via.len > 0 ? buf_str(&via) : STR("")));
    for (int i = from + 1; i < c->count; i++)
        walk_error_place(w, error, taken(&c->steps[i])->node->node.start);
    buf_free(&via);
}

static void
cycles_push(struct walk *w, struct cycles *c, const struct definition *fragment)
{
    int index = references_find_fragment(w->references, fragment->name)->index;

    if (c->is_visited[index])
        return;
    c->is_visited[index] = true;
    c->steps[c->count++] = (struct path_step){ fragment, 0 };
    c->at[index] = c->count;
}

static void
acyclic_fragment(struct walk *w, void *state, const struct ast_node *node)
{
    struct cycles *c = state;
    size_t count = (size_t)w->references->fragment_count;

    (void)node;
    if (!c->is_visited) {
        c->is_visited = ARENA_ARRAY(w->arena, bool, count);
        c->steps = ARENA_ARRAY(w->arena, struct path_step, count);
        c->at = ARENA_ARRAY(w->arena, int, count);
    }
    cycles_push(w, c, w->scope->definition);
    while (c->count > 0 && !w->is_stopped) {
        struct path_step *step = &c->steps[c->count - 1];

        if (step->next == step->fragment->spread_count) {
            c->at[references_find_fragment(w->references, step->fragment->name)->index] = 0;
            c->count--;
            continue;
        }
        const struct definition *fragment = step->fragment->spreads[step->next++].fragment;
        if (c->at[fragment->index])
            report_cycle(w, c, c->at[fragment->index] - 1);
        else
            cycles_push(w, c, fragment);
    }
}

const struct rule rule_fragment_cycles = {
    .name = "fragment-cycles",
    .section = "5.5.2.2",
    .enter = { [AST_FRAGMENT] = acyclic_fragment },
    .state_size = sizeof(struct cycles),
};

/* 5.5.2.3: an object can be of the fragment's type and of the type around it. */

static bool
types_overlap(const struct type *a, const struct type *b)
{
    if (a == b)
        return true;
    if (!type_is_abstract(a))
        return type_is_possible(b, a);
    if (!type_is_abstract(b))
        return type_is_possible(a, b);
    for (int i = 0; i < a->possible_count; i++)
        if (type_is_possible(b, a->possible[i]))
            return true;
    return false;
}

static void
possible_inline_fragment(struct walk *w, void *state, const struct ast_node *node)
{
    (void)state;
    if (w->scope->type && type_is_composite(w->scope->type) && w->scope->parent_type &&
        !types_overlap(w->scope->type, w->scope->parent_type))
        walk_error(w, node->start,
                   "Fragment cannot be spread here as objects of type \"%.*s\" "
                   "can never be of type \"%.*s\".",
                   STR_PRINT(w->scope->parent_type->name), STR_PRINT(w->scope->type->name));
}

static void
possible_spread(struct walk *w, void *state, const struct ast_node *node)
{
    struct str name = ast_as(fragment_spread, node)->name;
    const struct definition *d = references_find_fragment(w->references, name);
    const struct type *type;

    (void)state;
    if (!d || !w->scope->parent_type)
        return;
    type =
        schema_find_type(w->schema, ast_as(type, ast_as(fragment, d->node)->type_condition)->name);
    if (type && type_is_composite(type) && !types_overlap(type, w->scope->parent_type))
        walk_error(w, node->start,
                   "Fragment \"%.*s\" cannot be spread here as objects of type \"%.*s\" "
                   "can never be of type \"%.*s\".",
                   STR_PRINT(name), STR_PRINT(w->scope->parent_type->name), STR_PRINT(type->name));
}

const struct rule rule_fragment_spread_is_possible = {
    .name = "fragment-spread-is-possible",
    .section = "5.5.2.3",
    .enter = { [AST_INLINE_FRAGMENT] = possible_inline_fragment,
               [AST_FRAGMENT_SPREAD] = possible_spread },
};
