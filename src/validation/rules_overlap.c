/*
 * rules_overlap.c - fields with one response name can be merged (specification,
 * 5.3.2).
 *
 * All fields that a response object may get, through whatever fragments, are
 * collected into one set and grouped by response name.  In a group each field
 * is compared with one representative, and then the selections of all of the
 * group are one set again.  Where parent types of a group exclude each other,
 * each of them has a set of its own, with strict comparison; across them only
 * the shape must agree, so there is one more set for all, in which only types
 * are compared.  A set that has been seen is not looked at again, so the cost of fragments
 * is their size, not the size that they expand to.  Pairs of fields are never compared; the
 * usual form of this rule does, and so is quadratic.
 *
 * The answer is only yes or no.  When there may be conflicts, overlap_conflicts.c finds
 * them and words the errors.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/map.h"
#include "language/source.h"
#include "schema/schema.h"
#include "validation/overlap.h"
#include "validation/references.h"
#include "validation/rules.h"
#include "validation/walk.h"

enum { UNLIMITED = 1000000 }; /* comparisons, when limits are off: as many as memory can remember */

/* A field of a set; fields of one response name are linked. */
struct member {
    const struct ast_field *field;
    const struct type *parent; /* or NULL */
    int next;                  /* in the group, or -1 */
    int last;                  /* of the group, if this is its first; else -1 */
    int other;                 /* of the group, with another object type as parent; merge_apart() */
};

struct merging {
    struct walk *w;
    struct overlap_budget budget;
    struct overlap_budget alone; /* fields below others that share their name with none */
    struct member *members;      /* a stack: the sets from the outermost in */
    int count, capacity;
    int looked_at;       /* selections, to make these sets */
    uint32_t *expanded;  /* by index of fragment: the set that it was last expanded into */
    uint32_t set;        /* number of the last set */
    struct map *seen[2]; /* sets by their fields: by shape only, strict; NULL: no fragments */
    int depth;
    bool may_conflict;
    struct overlap_search *search; /* for conflicts, once they may be */
};

static const struct field *
find_field(const struct merging *m, const struct member *member)
{
    if (!member->parent)
        return NULL;
    return schema_find_field(m->w->schema, member->parent, member->field->name);
}

static void
push_member(struct merging *m, const struct ast_field *field, const struct type *parent)
{
    if (m->count == m->capacity) {
        int capacity = m->capacity ? 2 * m->capacity : 64;
        struct member *members = ARENA_ARRAY(m->w->arena, struct member, (size_t)capacity);

        if (m->count)
            memcpy(members, m->members, (size_t)m->count * sizeof(*members));
        m->members = members;
        m->capacity = capacity;
    }
    m->members[m->count++] = (struct member){ field, parent, -1, -1, -1 };
}

/* Add the fields of the selections to the current set, each fragment once. */
static void
push_selections(struct merging *m, const struct ast_node *list, const struct type *parent)
{
    for (const struct ast_node *node = list; node; node = node->next) {
        m->looked_at++;
        if (node->kind == AST_FIELD) {
            push_member(m, ast_as(field, node), parent);
        } else if (node->kind == AST_INLINE_FRAGMENT) {
            const struct ast_inline_fragment *fragment = ast_as(inline_fragment, node);
            const struct ast_node *condition = fragment->type_condition;

            push_selections(m, fragment->selections,
                            condition ? overlap_condition_type(m->w, condition) : parent);
        } else {
            const struct definition *d =
                references_find_fragment(m->w->references, ast_as(fragment_spread, node)->name);

            if (!d || m->expanded[d->index] == m->set)
                continue;
            m->expanded[d->index] = m->set;
            push_selections(
                m, d->selections,
                overlap_condition_type(m->w, ast_as(fragment, d->node)->type_condition));
        }
    }
}

/* Add a field's selections to the current set. */
static void
push_field(struct merging *m, const struct member *member)
{
    const struct field *field;

    if (!member->field->selections)
        return;
    field = find_field(m, member);
    push_selections(m, member->field->selections, field ? type_named(field->type) : NULL);
}

/* Link the members from `base` on by their response names. */
static void
group_by_name(struct merging *m, int base)
{
    struct map *firsts = m->count - base > WALK_COMPARED_MAXIMUM ? map_new(m->w->arena) : NULL;

    for (int i = base; i < m->count; i++) {
        struct member *member = &m->members[i], *first = NULL;
        struct str name = ast_response_name(member->field);

        if (firsts)
            first = map_add(firsts, name, member);
        for (int k = base; !firsts && !first && k < i; k++)
            if (m->members[k].last >= 0 && str_equal(ast_response_name(m->members[k].field), name))
                first = &m->members[k];
        if (first) {
            m->members[first->last].next = i;
            first->last = i;
        } else {
            member->last = i;
        }
    }
}

/* Has the set of the members from `base` on been seen in this mode?  Then nothing
 * new can be found in it.  If not, it is remembered. */
static bool
is_seen(struct merging *m, int base, bool is_strict)
{
    size_t count = (size_t)(m->count - base);
    const struct ast_field **fields;

    if (!m->w->references->fragments_by_name)
        return false;
    if (!m->seen[is_strict])
        m->seen[is_strict] = map_new(m->w->arena);
    fields = ARENA_ARRAY(m->w->arena, const struct ast_field *, count);
    for (size_t i = 0; i < count; i++)
        fields[i] = m->members[base + (int)i].field;
    struct str key = { (const char *)fields, count * sizeof(const struct ast_field *) };
    return map_add(m->seen[is_strict], key, fields) != NULL;
}

static void merge_set(struct merging *m, int base, bool is_strict);

/* May a set be merged that was made of so many selections?  Those below a field that shares its
 * name with none are free as often as the document can have them: beyond that they are in
 * fragments, which go in circles or are spread below many fields. */
static bool
may_merge(struct merging *m, int selections, bool is_alone)
{
    return (is_alone && overlap_spend(&m->alone, selections)) ||
           overlap_spend(&m->budget, selections);
}

/* Make one set of the selections of those members of a group whose objects may
 * be of the type `object` (all, if it is NULL), and merge it. */
static void
merge_selections(struct merging *m, int first, const struct type *object, bool is_strict)
{
    int base = m->count, before = m->looked_at;

    m->set++;
    for (int i = first; i >= 0; i = m->members[i].next) {
        struct member member = m->members[i];

        if (!object || !member.parent || member.parent->kind != TYPE_OBJECT ||
            member.parent == object)
            push_field(m, &member);
    }
    if (may_merge(m, m->looked_at - before, m->members[first].next < 0) && m->count > base)
        merge_set(m, base, is_strict);
    m->count = base;
}

/* Do the types of a group's fields agree?  Those that are not known agree with any. */
static bool
same_shape(struct merging *m, int first)
{
    const struct member *before = NULL;
    const struct type *type = NULL;

    for (int i = first; i >= 0; i = m->members[i].next) {
        const struct member *member = &m->members[i];
        bool is_same = before && before->parent == member->parent &&
                       str_equal(before->field->name, member->field->name);
        const struct field *field = is_same ? NULL : find_field(m, member);

        overlap_spend(&m->budget, 1);
        before = member;
        if (!field)
            continue;
        if (type && overlap_types_conflict(type, field->type))
            return false;
        type = field->type;
    }
    return true;
}

/* Are the fields of a group whose objects may be of the type `object` (all, if it is NULL)
 * the same field with the same arguments? */
static bool
same_field(const struct merging *m, int first, const struct type *object)
{
    const struct ast_field *representative = NULL;

    for (int i = first; i >= 0; i = m->members[i].next) {
        const struct member *member = &m->members[i];

        if (object && member->parent && member->parent->kind == TYPE_OBJECT &&
            member->parent != object)
            continue;
        if (!representative)
            representative = member->field;
        else if (!str_equal(representative->name, member->field->name) ||
                 !overlap_same_arguments(representative, member->field))
            return false;
    }
    return true;
}

/* Has one of the members the object type as its parent? */
static bool
is_among(const struct merging *m, int members, const struct type *object)
{
    while (members >= 0 && m->members[members].parent != object)
        members = m->members[members].other;
    return members >= 0;
}

/* Merge a strict group: each of the object types apart, and their shapes together. */
static void
merge_apart(struct merging *m, int first)
{
    int merged = -1; /* a member for each of the types */

    for (int i = first; i >= 0; i = m->members[i].next) {
        const struct type *object = m->members[i].parent;

        if (!object || object->kind != TYPE_OBJECT || is_among(m, merged, object))
            continue;
        m->members[i].other = merged;
        merged = i;
        if (!same_field(m, first, object))
            m->may_conflict = true;
        merge_selections(m, first, object, true);
    }
    merge_selections(m, first, NULL, false);
}

/* Do the fields of a group have more than one object type as parents? */
static bool
has_exclusive_parents(const struct merging *m, int first)
{
    const struct type *object = NULL;

    for (int i = first; i >= 0; i = m->members[i].next) {
        const struct type *parent = m->members[i].parent;

        if (!parent || parent->kind != TYPE_OBJECT || parent == object)
            continue;
        if (object)
            return true;
        object = parent;
    }
    return false;
}

static void
merge_group(struct merging *m, int first, bool is_strict)
{
    if (m->members[first].next < 0) {
        merge_selections(m, first, NULL, is_strict);
        return;
    }
    if (!same_shape(m, first)) {
        m->may_conflict = true;
        return;
    }
    if (is_strict && has_exclusive_parents(m, first)) {
        merge_apart(m, first);
        return;
    }
    if (is_strict && !same_field(m, first, NULL))
        m->may_conflict = true;
    merge_selections(m, first, NULL, is_strict);
}

static void
merge_set(struct merging *m, int base, bool is_strict)
{
    int end = m->count;

    if (is_seen(m, base, is_strict))
        return;
    if (m->depth == OVERLAP_DEPTH_MAXIMUM) {
        m->may_conflict = true; /* who knows */
        return;
    }
    m->depth++;
    group_by_name(m, base);
    for (int i = base; i < end && !m->may_conflict && !m->budget.is_exceeded; i++)
        if (m->members[i].last >= 0)
            merge_group(m, i, is_strict);
    m->depth--;
}

static void
merge_root(struct merging *m, const struct ast_node *selections, const struct type *type)
{
    m->set++;
    push_selections(m, selections, type);
    merge_set(m, 0, true);
    m->count = 0;
}

/* How many comparisons are admitted. */
static int
maximum(const struct walk *w)
{
    const struct limits *limits = w->limits;

    return limits ? limits->overlaps : UNLIMITED;
}

static void
refuse_overlaps(struct walk *w, const struct ast_node *node)
{
    walk_exceeded(w, node->start, "overlaps", maximum(w),
                  "Fields with the same response names take more than %d comparisons.", maximum(w));
}

/* Merge the operations, and the fragments that none of them reaches. */
static void
merge_document(struct walk *w, void *state, const struct ast_node *node)
{
    const struct references *r = w->references;
    struct merging *m = state;

    m->w = w;
    m->budget.left = maximum(w);
    m->alone.left = (int)w->document->source->text.len;
    m->expanded = ARENA_ARRAY(w->arena, uint32_t, (size_t)r->fragment_count);
    for (int i = 0; i < r->operation_count; i++) {
        const struct ast_operation *operation = ast_as(operation, r->operations[i].node);

        merge_root(m, operation->selections, schema_root_type(w->schema, operation->type));
    }
    for (int i = 0; i < r->fragment_count; i++) {
        const struct ast_fragment *fragment = ast_as(fragment, r->fragments[i].node);

        if (m->expanded[i] == 0)
            merge_root(m, fragment->selections,
                       overlap_condition_type(m->w, fragment->type_condition));
    }
    if (m->budget.is_exceeded && !m->may_conflict)
        refuse_overlaps(w, ast_as(document, node)->definitions);
    m->budget = (struct overlap_budget){ .left = maximum(w) };
}

static const struct ast_node *
selections_of(const struct ast_node *owner)
{
    if (owner->kind == AST_OPERATION)
        return ast_as(operation, owner)->selections;
    if (owner->kind == AST_FRAGMENT)
        return ast_as(fragment, owner)->selections;
    return ast_as(field, owner)->selections;
}

static void
report_conflicts(struct walk *w, void *state, const struct ast_node *owner)
{
    struct merging *m = state;

    if (!m->may_conflict)
        return;
    if (!m->search)
        m->search = overlap_search_new(w, &m->budget);
    overlap_search_report(m->search, w->scope->parent_type, selections_of(owner));
    if (m->budget.is_exceeded)
        refuse_overlaps(w, owner);
}

const struct rule rule_field_selection_merging = {
    .name = "field-selection-merging",
    .section = "5.3.2",
    .enter = { [AST_DOCUMENT] = merge_document },
    .selections = report_conflicts,
    .state_size = sizeof(struct merging),
};
