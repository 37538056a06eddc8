/*
 * overlap_conflicts.c - which fields conflict, and why (specification, 5.3.2,
 * FieldsInSetCanMerge), pair by pair.
 *
 * The selections of a field, operation or fragment definition are compared
 * within themselves, then with each fragment that they spread, then these
 * fragments with each other; pairs of fields with one response name are
 * compared likewise by their selections.  Which pairs have been compared is
 * remembered for the whole document, so that a conflict is reported once.
 *
 * SPDX-License-Identifier: MIT
 */
#include <limits.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/map.h"
#include "schema/schema.h"
#include "validation/overlap.h"
#include "validation/references.h"
#include "validation/walk.h"

enum {
    REASON_MAXIMUM = 1000, /* bytes: reasons contain reasons */
    NODES_MAXIMUM = 20,    /* on each side of a conflict */
    WHOLE_MAXIMUM = 16384, /* bytes of conflicts that are reported whole; of others the beginning */
    REASON_SHORT = 200,    /* bytes */
    PLACE_LENGTH = 30,     /* bytes of a place in an answer */
    WITHIN_MAXIMUM = 100   /* conflicts within a conflict: more than a reason can name */
};

/* A field of a selection set. */
struct details {
    const struct ast_field *node;
    const struct type *parent; /* or NULL */
    const struct field *field; /* of the schema, or NULL; meta fields are NULL too */
    struct details *next;      /* with the same response name */
};

struct group {
    struct str name;
    struct details *first, *last;
    struct group *next;
};

struct link {
    struct definition *fragment;
    struct link *next;
};

/* The fields and fragments of a selection set, inline fragments resolved. */
struct field_set {
    struct group *groups, **groups_end;
    struct map *groups_by_name;
    struct link *spreads; /* each fragment once */
};

struct conflict {
    struct str name, reason;
    const struct ast_field *nodes[2][NODES_MAXIMUM]; /* the two sides */
    int counts[2];
    struct conflict *next;
};

struct conflicts {
    struct conflict *first, **end;
    int room; /* for so many more: no more are reported */
};

struct overlap_search {
    struct walk *walk;
    struct overlap_budget *budget;
    struct map *collected;          /* struct field_set, by parent type and selections */
    struct map *compared_sets;      /* by set and fragment, a bool: only as mutually exclusive? */
    struct map *compared_fragments; /* the same, by two fragments */
    size_t reported_size;           /* bytes of conflicts that were reported whole */
    int depth;
};

/* Whose fields are compared: within types that exclude each other only shapes matter. */
struct sides {
    struct overlap_search *search;
    struct conflicts *conflicts;
    bool are_exclusive;
};

struct overlap_search *
overlap_search_new(struct walk *w, struct overlap_budget *budget)
{
    struct overlap_search *s = ARENA_NEW(w->arena, struct overlap_search);

    *s = (struct overlap_search){ .walk = w,
                                  .budget = budget,
                                  .collected = map_new(w->arena),
                                  .compared_sets = map_new(w->arena),
                                  .compared_fragments = map_new(w->arena) };
    return s;
}

/* A key for maps of two things, by their addresses. */
static struct str
pair_key(struct arena *a, const void *x, const void *y)
{
    const void **pair = ARENA_ARRAY(a, const void *, 2);

    pair[0] = x;
    pair[1] = y;
    return (struct str){ (const char *)pair, 2 * sizeof(*pair) };
}

/* What was compared strictly need not be compared again at all, what was compared as
 * exclusive not as exclusive. Remember the pair if it is to be compared. */
static bool
is_compared(const struct sides *s, struct map *pairs, const void *x, const void *y)
{
    static const bool exclusively = true, strictly = false;
    struct str key = pair_key(s->search->walk->arena, x, y);
    const bool *before = map_get(pairs, key);

    if (before && (s->are_exclusive || !*before))
        return true;
    map_put(pairs, key, (void *)(s->are_exclusive ? &exclusively : &strictly));
    return false;
}

/* Go a level deeper, unless that is too deep for the stack. */
static bool
descend(struct overlap_search *search)
{
    if (search->depth == OVERLAP_DEPTH_MAXIMUM)
        search->budget->is_exceeded = true;
    else
        search->depth++;
    return !search->budget->is_exceeded;
}

/* The text, or its beginning. */
static struct str
shorten(struct arena *a, struct str text, size_t maximum)
{
    if (text.len <= maximum)
        return text;
    char *out = arena_alloc(a, maximum + 3);
    memcpy(out, text.ptr, maximum);
    memcpy(out + maximum, "...", 3);
    return (struct str){ out, maximum + 3 };
}

/* The definition of a field on its parent, meta fields left out. */
static const struct field *
find_own_field(const struct walk *w, const struct type *parent, struct str name)
{
    if (!parent || str_starts_with(name, STR("__")))
        return NULL;
    return schema_find_field(w->schema, parent, name);
}

static void
add_field(struct overlap_search *s, struct field_set *c, const struct ast_field *node,
          const struct type *parent)
{
    struct arena *a = s->walk->arena;
    struct details *details = ARENA_NEW(a, struct details);
    struct str name = ast_response_name(node);
    struct group *group = map_get(c->groups_by_name, name);

    *details = (struct details){ .node = node,
                                 .parent = parent,
                                 .field = find_own_field(s->walk, parent, node->name) };
    if (group) {
        group->last->next = details;
        group->last = details;
        return;
    }
    group = ARENA_NEW(a, struct group);
    *group = (struct group){ .name = name, .first = details, .last = details };
    *c->groups_end = group;
    c->groups_end = &group->next;
    map_put(c->groups_by_name, name, group);
}

static void
add_spread(struct overlap_search *s, struct field_set *c, const struct ast_node *node)
{
    struct str name = ast_as(fragment_spread, node)->name;
    struct definition *d = references_find_fragment(s->walk->references, name);
    struct link **end = &c->spreads;

    for (; *end; end = &(*end)->next)
        if ((*end)->fragment == d)
            return;
    if (!d)
        return;
    *end = ARENA_NEW(s->walk->arena, struct link);
    (*end)->fragment = d;
}

static void
add_selections(struct overlap_search *s, struct field_set *c, const struct type *parent,
               const struct ast_node *list)
{
    for (const struct ast_node *node = list; node; node = node->next) {
        if (node->kind == AST_FIELD) {
            add_field(s, c, ast_as(field, node), parent);
        } else if (node->kind == AST_INLINE_FRAGMENT) {
            const struct ast_inline_fragment *fragment = ast_as(inline_fragment, node);
            const struct ast_node *condition = fragment->type_condition;

            add_selections(s, c, condition ? overlap_condition_type(s->walk, condition) : parent,
                           fragment->selections);
        } else {
            add_spread(s, c, node);
        }
    }
}

static struct field_set *
collect(struct overlap_search *s, const struct type *parent, const struct ast_node *selections)
{
    struct arena *a = s->walk->arena;
    struct str key = pair_key(a, parent, selections);
    struct field_set *c = map_get(s->collected, key);

    if (c)
        return c;
    c = ARENA_NEW(a, struct field_set);
    c->groups_end = &c->groups;
    c->groups_by_name = map_new(a);
    add_selections(s, c, parent, selections);
    map_put(s->collected, key, c);
    return c;
}

static struct field_set *
collect_fragment(struct overlap_search *s, const struct definition *d)
{
    const struct ast_node *condition = ast_as(fragment, d->node)->type_condition;

    return collect(s, overlap_condition_type(s->walk, condition), d->selections);
}

static struct conflict *
new_conflict(const struct sides *s, struct str name, const struct details *x,
             const struct details *y, struct str reason)
{
    struct conflict *conflict = ARENA_NEW(s->search->walk->arena, struct conflict);

    conflict->name = name;
    conflict->reason = reason;
    conflict->nodes[0][0] = x->node;
    conflict->nodes[1][0] = y->node;
    conflict->counts[0] = conflict->counts[1] = 1;
    return conflict;
}

/* Why two fields of objects that may be one and the same conflict; or STR_NONE. */
static struct str
compare_fields(struct arena *a, const struct details *x, const struct details *y)
{
    struct str name = shorten(a, x->node->name, REASON_MAXIMUM),
               other = shorten(a, y->node->name, REASON_MAXIMUM);

    if (!str_equal(x->node->name, y->node->name))
        return str_format(a, "\"%.*s\" and \"%.*s\" are different fields", STR_PRINT(name),
                          STR_PRINT(other));
    if (!overlap_same_arguments(x->node, y->node))
        return STR("they have differing arguments");
    return STR_NONE;
}

static struct str
compare_types(struct arena *a, const struct details *x, const struct details *y)
{
    if (!x->field || !y->field || !overlap_types_conflict(x->field->type, y->field->type))
        return STR_NONE;
    return str_format(a, "they return conflicting types \"%.*s\" and \"%.*s\"",
                      STR_PRINT(type_text(a, x->field->type)),
                      STR_PRINT(type_text(a, y->field->type)));
}

/* Why the fields conflict whose selections do. */
static struct str
reason_of(struct arena *a, const struct conflict *within)
{
    struct buf b = { 0 };

    for (; within && b.len <= REASON_MAXIMUM; within = within->next) {
        struct str name = shorten(a, within->name, REASON_MAXIMUM);

        buf_put(&b, b.len > 0 ? STR(" and subfields \"") : STR("subfields \""));
        buf_put(&b, name);
        buf_put(&b, STR("\" conflict because "));
        buf_put(&b, within->reason);
    }
    struct str reason = shorten(a, buf_copy(a, &b), REASON_MAXIMUM);
    buf_free(&b);
    return reason;
}

/* Add to one side of a conflict the fields of those within it. */
static void
add_nodes(struct conflict *conflict, int side, const struct conflict *within)
{
    int *count = &conflict->counts[side];

    for (; within && *count < NODES_MAXIMUM; within = within->next) {
        int room = NODES_MAXIMUM - *count;
        int taken = within->counts[side] < room ? within->counts[side] : room;
        int from = within->counts[side] - taken;

        memcpy(&conflict->nodes[side][*count], &within->nodes[side][from],
               (size_t)taken * sizeof(conflict->nodes[0][0]));
        *count += taken;
    }
}

static void
compare_selections(const struct sides *s, const struct details *x, const struct details *y);

/* Compare two fields with one response name. */
static void
compare_pair(const struct sides *s, struct str name, const struct details *x,
             const struct details *y)
{
    struct arena *a = s->search->walk->arena;
    bool are_exclusive =
        s->are_exclusive || (x->parent && y->parent && x->parent != y->parent &&
                             x->parent->kind == TYPE_OBJECT && y->parent->kind == TYPE_OBJECT);
    struct str reason = STR_NONE;
    struct conflicts within = { 0 };

    if (!overlap_spend(s->search->budget, 1))
        return;
    if (!are_exclusive)
        reason = compare_fields(a, x, y);
    if (!reason.ptr)
        reason = compare_types(a, x, y);
    if (!reason.ptr && x->node->selections && y->node->selections) {
        within = (struct conflicts){ .end = &within.first, .room = WITHIN_MAXIMUM };
        compare_selections(&(struct sides){ s->search, &within, are_exclusive }, x, y);
        if (within.first)
            reason = reason_of(a, within.first);
    }
    if (!reason.ptr)
        return;
    struct conflict *conflict = new_conflict(s, name, x, y, reason);
    add_nodes(conflict, 0, within.first);
    add_nodes(conflict, 1, within.first);
    *s->conflicts->end = conflict;
    s->conflicts->end = &conflict->next;
    s->conflicts->room--;
}

/* Is the budget spent, or are there as many conflicts as can be reported? */
static bool
is_done(const struct sides *s)
{
    return s->search->budget->is_exceeded || s->conflicts->room <= 0;
}

static void
compare_within(const struct sides *s, const struct field_set *c)
{
    for (const struct group *group = c->groups; group; group = group->next)
        for (const struct details *x = group->first; x; x = x->next)
            for (const struct details *y = x->next; y && !is_done(s); y = y->next)
                compare_pair(s, group->name, x, y);
}

static void
compare_sets(const struct sides *s, const struct field_set *a, const struct field_set *b)
{
    for (const struct group *group = a->groups; group; group = group->next) {
        const struct group *other = map_get(b->groups_by_name, group->name);

        for (const struct details *x = group->first; other && x; x = x->next)
            for (const struct details *y = other->first; y && !is_done(s); y = y->next)
                compare_pair(s, group->name, x, y);
    }
}

/* Compare the fields of a set with those of a fragment, and of what it spreads. */
static void
compare_with_fragment(const struct sides *s, const struct field_set *c, struct definition *d)
{
    struct overlap_search *search = s->search;

    if (!c->groups || is_compared(s, search->compared_sets, c, d) ||
        !overlap_spend(search->budget, 1))
        return;
    const struct field_set *other = collect_fragment(search, d);
    if (other == c || !descend(search))
        return;
    compare_sets(s, c, other);
    for (const struct link *i = other->spreads; i; i = i->next)
        compare_with_fragment(s, c, i->fragment);
    search->depth--;
}

/* Compare the fields of two fragments, and of what they spread. */
static void
compare_fragments(const struct sides *s, struct definition *x, struct definition *y)
{
    struct overlap_search *search = s->search;
    bool is_ordered = x < y;

    if (x == y ||
        is_compared(s, search->compared_fragments, is_ordered ? x : y, is_ordered ? y : x) ||
        !overlap_spend(search->budget, 1))
        return;
    const struct field_set *a = collect_fragment(search, x), *b = collect_fragment(search, y);
    if (!descend(search))
        return;
    compare_sets(s, a, b);
    for (const struct link *i = b->spreads; i; i = i->next)
        compare_fragments(s, x, i->fragment);
    for (const struct link *i = a->spreads; i; i = i->next)
        compare_fragments(s, i->fragment, y);
    search->depth--;
}

static const struct type *
selections_type(const struct details *details)
{
    return details->field ? type_named(details->field->type) : NULL;
}

static void
compare_selections(const struct sides *s, const struct details *x, const struct details *y)
{
    struct field_set *a = collect(s->search, selections_type(x), x->node->selections);
    struct field_set *b = collect(s->search, selections_type(y), y->node->selections);

    if (!descend(s->search))
        return;
    compare_sets(s, a, b);
    for (const struct link *i = b->spreads; i; i = i->next)
        compare_with_fragment(s, a, i->fragment);
    for (const struct link *i = a->spreads; i; i = i->next)
        compare_with_fragment(s, b, i->fragment);
    for (const struct link *i = a->spreads; i; i = i->next)
        for (const struct link *k = b->spreads; k; k = k->next)
            compare_fragments(s, i->fragment, k->fragment);
    assert(s->search->depth > 0);
    s->search->depth--;
}

static void
report_conflict(struct overlap_search *search, const struct conflict *conflict)
{
    struct walk *w = search->walk;
    struct error *error = NULL;

    assert(conflict->counts[0] > 0 && conflict->counts[0] <= NODES_MAXIMUM);
    assert(conflict->counts[1] > 0 && conflict->counts[1] <= NODES_MAXIMUM);
    bool is_whole = search->reported_size < WHOLE_MAXIMUM;
    size_t maximum = is_whole ? REASON_MAXIMUM : REASON_SHORT;

    for (int side = 0; side < 2; side++)
        for (int i = 0; i < (is_whole ? conflict->counts[side] : 1); i++) {
            uint32_t offset = conflict->nodes[side][i]->node.start;

            if (error)
                walk_error_place(w, error, offset);
            else
                error = walk_error(w, offset,
                                   "Fields \"%.*s\" conflict because %.*s. Use different aliases "
                                   "on the fields to fetch both if this was intentional.",
                                   STR_PRINT(shorten(w->arena, conflict->name, maximum)),
                                   STR_PRINT(shorten(w->arena, conflict->reason, maximum)));
        }
    search->reported_size +=
        error->message.len + PLACE_LENGTH * (size_t)(conflict->counts[0] + conflict->counts[1]);
}

void
overlap_search_report(struct overlap_search *search, const struct type *parent,
                      const struct ast_node *selections)
{
    const struct errors *errors = search->walk->errors;
    struct conflicts conflicts = { .end = &conflicts.first, .room = INT_MAX };
    const struct sides s = { search, &conflicts, false };
    const struct field_set *c = collect(search, parent, selections);

    if (errors->maximum > 0) /* and the one that tells that there are more */
        conflicts.room = errors->maximum - errors->count + 1;
    compare_within(&s, c);
    for (const struct link *i = c->spreads; i; i = i->next) {
        compare_with_fragment(&s, c, i->fragment);
        for (const struct link *k = i->next; k; k = k->next)
            compare_fragments(&s, i->fragment, k->fragment);
    }
    for (const struct conflict *conflict = conflicts.first; conflict && !search->walk->is_stopped;
         conflict = conflict->next)
        report_conflict(search, conflict);
}
