/*
 * rules_limits.c - bounds on what a document asks for, with its fragments
 * expanded.
 *
 * A fragment is measured once, so that a document of n bytes that expands to 2^n
 * fields is judged in n steps; sums are saturating.  rule_fragment_cycles refuses
 * cycles; here a fragment within itself counts as nothing.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "base/error.h"
#include "base/limits.h"
#include "validation/references.h"
#include "validation/rules.h"
#include "validation/walk.h"

/* The size of selections, with their fragments expanded. */
struct measure {
    uint64_t fields, aliases;
    uint64_t depth; /* levels of fields */
};

enum progress { NOT_BEGUN, BEGUN, DONE };

struct fragment_measure {
    enum progress progress;
    struct measure measure;
};

struct measuring {
    const struct references *references;
    struct fragment_measure *fragments; /* by index */
};

static uint64_t
add_saturating(uint64_t a, uint64_t b)
{
    uint64_t sum;

    return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

static void
measure_add(struct measure *m, struct measure other)
{
    m->fields = add_saturating(m->fields, other.fields);
    m->aliases = add_saturating(m->aliases, other.aliases);
    if (other.depth > m->depth)
        m->depth = other.depth;
}

static struct measure measure_selections(const struct measuring *m, const struct ast_node *list);

static struct measure
measure_spread(const struct measuring *m, struct str name)
{
    const struct definition *d = references_find_fragment(m->references, name);

    if (!d)
        return (struct measure){ 0 };
    struct fragment_measure *fragment = &m->fragments[d->index];
    if (fragment->progress == NOT_BEGUN) {
        fragment->progress = BEGUN;
        fragment->measure = measure_selections(m, d->selections);
        fragment->progress = DONE;
    }
    return fragment->measure;
}

static struct measure
measure_field(const struct measuring *m, const struct ast_field *field)
{
    struct measure measure = measure_selections(m, field->selections);

    measure_add(&measure, (struct measure){ .fields = 1, .aliases = field->alias.ptr != NULL });
    measure.depth++;
    return measure;
}

static struct measure
measure_selections(const struct measuring *m, const struct ast_node *list)
{
    struct measure sum = { 0 };

    for (const struct ast_node *node = list; node; node = node->next) {
        if (node->kind == AST_FIELD)
            measure_add(&sum, measure_field(m, ast_as(field, node)));
        else if (node->kind == AST_INLINE_FRAGMENT)
            measure_add(&sum, measure_selections(m, ast_as(inline_fragment, node)->selections));
        else
            measure_add(&sum, measure_spread(m, ast_as(fragment_spread, node)->name));
    }
    return sum;
}

/* The distinct response names at the root of an operation: what is executed
 * once, however often it is selected. */
struct root_names {
    const struct references *references;
    int *visited; /* by index of fragment: the operation, from 1, that has visited it last */
    int operation;
    struct str *list;   /* room for one more than any operation is admitted */
    int count, maximum; /* one more than this one is admitted */
};

static void
root_names_add(struct root_names *r, struct str name)
{
    for (int i = 0; i < r->count; i++)
        if (str_equal(r->list[i], name))
            return;
    assert(r->count < r->maximum);
    r->list[r->count++] = name;
}

static void
root_names_collect(struct root_names *r, const struct ast_node *list)
{
    for (const struct ast_node *node = list; node && r->count < r->maximum; node = node->next) {
        if (node->kind == AST_FIELD) {
            root_names_add(r, ast_response_name(ast_as(field, node)));
        } else if (node->kind == AST_INLINE_FRAGMENT) {
            root_names_collect(r, ast_as(inline_fragment, node)->selections);
        } else {
            const struct definition *d =
                references_find_fragment(r->references, ast_as(fragment_spread, node)->name);

            if (!d || r->visited[d->index] == r->operation)
                continue;
            r->visited[d->index] = r->operation;
            root_names_collect(r, d->selections);
        }
    }
}

static void
root_names_begin(struct root_names *r, struct walk *w, const struct limits *limits)
{
    int most = limits->root_fields > limits->mutation_fields ? limits->root_fields
                                                             : limits->mutation_fields;

    *r = (struct root_names){ .references = w->references };
    r->visited = ARENA_ARRAY(w->arena, int, (size_t)w->references->fragment_count);
    r->list = ARENA_ARRAY(w->arena, struct str, (size_t)most + 1);
}

static uint64_t
count_roots(struct root_names *r, const struct definition *operation, int admitted)
{
    r->operation = operation->index + 1;
    r->count = 0;
    r->maximum = admitted + 1;
    root_names_collect(r, operation->selections);
    return (uint64_t)r->count;
}

/* Refuse the operation when `value` is over the bound. */
static void
bound(struct walk *w, const struct definition *operation, uint64_t value, const char *limit,
      int maximum, const char *what)
{
    if (value > (uint64_t)maximum && !w->is_stopped)
        walk_exceeded(w, operation->node->start, limit, maximum,
                      "The operation has more than %d %s.", maximum, what);
}

/* Each root field of a mutation is a transaction. */
static void
bound_roots(struct walk *w, struct root_names *names, const struct definition *operation,
            const struct limits *limits)
{
    bool is_mutation = ast_as(operation, operation->node)->type == OPERATION_MUTATION;
    int maximum = is_mutation ? limits->mutation_fields : limits->root_fields;

    bound(w, operation, count_roots(names, operation, maximum),
          is_mutation ? "mutation_fields" : "root_fields", maximum, "root fields");
}

static void
bounded_operations(struct walk *w, void *state, const struct ast_node *node)
{
    const struct limits *limits = w->limits;
    struct references *r = w->references;
    struct measuring m = { .references = r };
    struct root_names names;

    (void)state;
    (void)node;
    if (!limits)
        return;
    m.fragments = ARENA_ARRAY(w->arena, struct fragment_measure, (size_t)r->fragment_count);
    root_names_begin(&names, w, limits);
    for (int i = 0; i < r->operation_count; i++) {
        const struct definition *d = &r->operations[i];
        struct measure measure = measure_selections(&m, d->selections);

        bound(w, d, measure.depth, "depth", limits->depth, "levels of fields");
        bound(w, d, measure.aliases, "aliases", limits->aliases, "aliases");
        bound(w, d, measure.fields, "fields", limits->fields, "fields");
        bound_roots(w, &names, d, limits);
    }
}

const struct rule rule_selection_limits = {
    .name = "selection-limits",
    .section = "",
    .enter = { [AST_DOCUMENT] = bounded_operations },
};

/* Introspection that goes back and forth between types and fields grows with a
 * power of the schema's size: lists nest two levels deep and no further, as in the reference
 * implementation. */

enum { INTROSPECTION_LISTS = 2, NOT_ENTERED = -1 };

struct introspection {
    struct walk *w;
    int *entered; /* by index of fragment: the most lists around it so far; NULL until needed */
    const struct ast_node *refused; /* the field within which nothing more is reported */
};

static bool
is_introspection_list(struct str name)
{
    static const char *const names[] = { "fields", "interfaces", "possibleTypes", "inputFields" };

    for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
        if (str_is(name, names[i]))
            return true;
    return false;
}

static void
forget_fragments(struct introspection *state)
{
    for (int i = 0; i < state->w->references->fragment_count; i++)
        state->entered[i] = NOT_ENTERED;
}

/* Do the selections, which stand in so many lists, nest too many? */
static bool
nests_lists(struct introspection *state, const struct ast_node *list, int lists)
{
    if (lists > INTROSPECTION_LISTS)
        return true;
    for (const struct ast_node *node = list; node; node = node->next) {
        const struct ast_node *inner = NULL;
        int around = lists;

        if (node->kind == AST_FIELD) {
            inner = ast_as(field, node)->selections;
            around += is_introspection_list(ast_as(field, node)->name);
        } else if (node->kind == AST_INLINE_FRAGMENT) {
            inner = ast_as(inline_fragment, node)->selections;
        } else {
            const struct definition *d =
                references_find_fragment(state->w->references, ast_as(fragment_spread, node)->name);

            if (!d || state->entered[d->index] >= lists)
                continue;
            state->entered[d->index] = lists;
            inner = d->selections;
        }
        if (nests_lists(state, inner, around))
            return true;
    }
    return false;
}

static void
shallow_introspection(struct walk *w, void *memory, const struct ast_node *node)
{
    struct introspection *state = memory;
    const struct ast_field *field = ast_as(field, node);

    if (state->refused || field->name.ptr[0] != '_' ||
        (!str_is(field->name, "__schema") && !str_is(field->name, "__type")))
        return;
    if (!state->w) {
        state->w = w;
        state->entered = ARENA_ARRAY(w->arena, int, (size_t)w->references->fragment_count);
        forget_fragments(state);
    }
    if (!nests_lists(state, field->selections, 0))
        return;
    /* The search was broken off: what it entered it has not finished. */
    forget_fragments(state);
    state->refused = node;
    struct error *error = walk_error(w, node->start, "Maximum introspection depth exceeded");
    error_set_limit(error, "introspection_lists", INTROSPECTION_LISTS);
}

static void
end_introspection(struct walk *w, void *memory, const struct ast_node *node)
{
    struct introspection *state = memory;

    (void)w;
    if (state->refused == node)
        state->refused = NULL;
}

const struct rule rule_introspection_depth = {
    .name = "introspection-depth",
    .section = "",
    .enter = { [AST_FIELD] = shallow_introspection },
    .leave = { [AST_FIELD] = end_introspection },
    .state_size = sizeof(struct introspection),
};
