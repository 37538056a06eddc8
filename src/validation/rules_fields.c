/*
 * rules_fields.c - fields (specification, 5.3.1 and 5.3.3).
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/suggest.h"
#include "language/source.h"
#include "schema/schema.h"
#include "validation/rules.h"
#include "validation/walk.h"

/* 5.3.1: a field is one of the type that it is selected on. */

/* A type that has the field, and how many of the possible types it stands for. */
struct type_suggestion {
    const struct type *type;
    int usages;
};

/* Does `a` come before `b`: what serves more types, then the wider of two, then by name? */
static bool
suggestion_is_before(struct type_suggestion a, struct type_suggestion b)
{
    if (a.usages != b.usages)
        return a.usages > b.usages;
    if (a.type->kind == TYPE_INTERFACE && type_is_sub_type(b.type, a.type))
        return true;
    if (b.type->kind == TYPE_INTERFACE && type_is_sub_type(a.type, b.type))
        return false;
    return suggest_compare(a.type->name, b.type->name) < 0;
}

/* The types that are suggested, in the order in which they were found. */
struct type_suggestions {
    struct type_suggestion *list;
    int count;
    struct map *by_name;
};

static void
suggestions_add(struct type_suggestions *s, const struct type *type)
{
    struct type_suggestion *known = map_get(s->by_name, type->name);

    if (!known) {
        known = &s->list[s->count++];
        known->type = type;
        map_put(s->by_name, type->name, known);
    }
    known->usages++;
}

/* Sort what is less than RUN_MAXIMUM long as V8's Array.prototype.sort does, since the order is
 * not a total one: of a wide type, a type between, and one below the first, each may be before the
 * next.  A run at the start is kept, or turned if it falls; the rest is inserted by halving. */
static void
sort_run(struct type_suggestion *list, int count)
{
    int run = 2;

    if (count < 2)
        return;
    bool is_falling = suggestion_is_before(list[1], list[0]);
    while (run < count && suggestion_is_before(list[run], list[run - 1]) == is_falling)
        run++;
    for (int i = 0; is_falling && i < run / 2; i++) {
        struct type_suggestion other = list[i];
        list[i] = list[run - 1 - i];
        list[run - 1 - i] = other;
    }
    for (; run < count; run++) {
        struct type_suggestion suggestion = list[run];
        int low = 0, high = run;
        while (low < high) {
            int middle = low + (high - low) / 2;
            if (suggestion_is_before(suggestion, list[middle]))
                high = middle;
            else
                low = middle + 1;
        }
        memmove(&list[low + 1], &list[low], (size_t)(run - low) * sizeof(*list));
        list[low] = suggestion;
    }
}

enum { RUN_MAXIMUM = 64 };

/* Sort: halves, until they are short enough to be sorted as runs, and then merged. */
static void
sort_suggestions(struct arena *a, struct type_suggestion *list, int count)
{
    int half = count / 2, left = 0, right = half;
    struct type_suggestion *merged;

    if (count < RUN_MAXIMUM) {
        sort_run(list, count);
        return;
    }
    sort_suggestions(a, list, half);
    sort_suggestions(a, list + half, count - half);
    merged = ARENA_ARRAY(a, struct type_suggestion, (size_t)count);
    for (int i = 0; i < count; i++) {
        bool is_left =
            right == count || (left < half && !suggestion_is_before(list[right], list[left]));
        merged[i] = list[is_left ? left++ : right++];
    }
    memcpy(list, merged, (size_t)count * sizeof(*list));
}

/* Suggest the possible types that have the field, and interfaces of theirs. */
static struct str
suggest_types(struct walk *w, const struct type *parent, struct str name)
{
    struct arena *scratch = arena_new("suggestions");
    size_t capacity = (size_t)w->schema->type_count;
    struct type_suggestions found = {
        .list = ARENA_ARRAY(scratch, struct type_suggestion, capacity),
        .by_name = map_new(scratch),
    };
    struct str *names = ARENA_ARRAY(scratch, struct str, capacity);

    for (int i = 0; i < parent->possible_count; i++) {
        const struct type *possible = parent->possible[i];

        if (!schema_find_field(w->schema, possible, name))
            continue;
        suggestions_add(&found, possible);
        for (int k = 0; k < possible->interface_count; k++)
            if (schema_find_field(w->schema, possible->interfaces[k], name))
                suggestions_add(&found, possible->interfaces[k]);
    }
    sort_suggestions(scratch, found.list, found.count);
    for (int i = 0; i < found.count; i++)
        names[i] = found.list[i].type->name;
    struct str text = suggest_text(w->arena, "to use an inline fragment on", names, found.count);
    arena_free(scratch);
    return text;
}

static struct str
suggest_field(struct walk *w, const struct type *parent, struct str name)
{
    struct str suggestion = STR("");

    if (!w->has_suggestions)
        return suggestion;
    if (type_is_abstract(parent))
        suggestion = suggest_types(w, parent, name);
    if (suggestion.len > 0)
        return suggestion;
    struct str *names = ARENA_ARRAY(w->arena, struct str, (size_t)parent->field_count);
    for (int i = 0; i < parent->field_count; i++)
        names[i] = parent->fields[i].name;
    return walk_suggest(w, NULL, name, names, parent->field_count);
}

static void
field_of_type(struct walk *w, void *state, const struct ast_node *node)
{
    (void)state;
    if (w->scope->field || !w->scope->parent_type)
        return;
    struct str name = ast_as(field, node)->name;
    struct str suggestion = suggest_field(w, w->scope->parent_type, name);
    walk_error(w, node->start, "Cannot query field \"%.*s\" on type \"%.*s\".%.*s", STR_PRINT(name),
               STR_PRINT(w->scope->parent_type->name), STR_PRINT(suggestion));
}

const struct rule rule_field_selections = {
    .name = "field-selections",
    .section = "5.3.1",
    .enter = { [AST_FIELD] = field_of_type },
};

/* 5.3.3: a field has selections if and only if its type has fields. */

/* Where the field's `{` stands: after its name, arguments and directives. */
static uint32_t
selections_start(const struct walk *w, const struct ast_field *field)
{
    struct str text = w->document->source->text;
    uint32_t at = walk_offset(w, field->name) + (uint32_t)field->name.len;

    for (const struct ast_node *node = field->arguments; node; node = node->next)
        at = node->end;
    for (const struct ast_node *node = field->directives; node; node = node->next)
        at = node->end;
    for (; text.ptr[at] != '{'; at++)
        if (text.ptr[at] == '#')
            while (text.ptr[at] != '\n' && text.ptr[at] != '\r')
                at++;
    return at;
}

static void
leaf_field(struct walk *w, void *state, const struct ast_node *node)
{
    const struct ast_field *field = ast_as(field, node);

    (void)state;
    if (!w->scope->type || type_is_leaf(type_named(w->scope->type)) == !field->selections)
        return;
    struct str type = type_text(w->arena, w->scope->type);
    if (field->selections)
        walk_error(w, selections_start(w, field),
                   "Field \"%.*s\" must not have a selection since type \"%.*s\" has no subfields.",
                   STR_PRINT(field->name), STR_PRINT(type));
    else
        walk_error(w, node->start,
                   "Field \"%.*s\" of type \"%.*s\" must have a selection of subfields. "
                   "Did you mean \"%.*s { ... }\"?",
                   STR_PRINT(field->name), STR_PRINT(type), STR_PRINT(field->name));
}

const struct rule rule_leaf_field_selections = {
    .name = "leaf-field-selections",
    .section = "5.3.3",
    .enter = { [AST_FIELD] = leaf_field },
};
