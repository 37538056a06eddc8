/*
 * mock_group_sort.c - in which order groups of made-up objects are shown.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdlib.h>

#include "base/arena.h"
#include "binding/binding.h"
#include "mock/mock_internal.h"
#include "mock_binding/mock_argument.h"

/* What groups are sorted by: a leaf of theirs, or one of what a function makes. */
struct term {
    const struct field *field; /* NULL: none */
    int function;
    int key; /* the place among the keys; -1: it is none */
    struct mock_order direction;
};

struct sorting {
    struct mock_grouping *g;
    struct term *terms;
    int count;
};

/* --- terms --- */

static const struct field *
find_field(const struct type *type, struct str name)
{
    for (int i = 0; i < type->field_count; i++)
        if (str_equal(type->fields[i].name, name))
            return &type->fields[i];
    return NULL;
}

static int
find_key(const struct mock_grouping *g, const struct field *field)
{
    for (int i = 0; i < g->key_count; i++)
        if (g->keys[i] == field)
            return i;
    return -1;
}

/* Read `{ count: DESC }` or `{ sum: { price: ASC } }`. */
static struct term
read_term(const struct mock_grouping *g, const struct value *order)
{
    const struct value *member = order->kind == VALUE_OBJECT ? order->items : NULL;
    enum mock_function function;
    struct term term = { .key = -1 };

    if (!member)
        return term;
    term.field = find_field(g->type, member->name);
    if (term.field && member->kind == VALUE_OBJECT && member->items &&
        mock_argument_function(term.field, &function)) {
        term.field = find_field(type_named(term.field->type), member->items->name);
        term.function = (int)function;
        member = member->items;
    } else if (term.field) {
        term.key = find_key(g, term.field);
    }
    mock_argument_direction(&term.direction, member->text);
    return term;
}

/* Is it a key that `by` does not name? */
static bool
is_unnamed(const struct mock_grouping *g, const struct term *term)
{
    return term->field && term->key < 0 && find_field(g->type, term->field->name) == term->field &&
           !str_is(term->field->name, "count");
}

static int
count_items(const struct value *order)
{
    return !order || order->kind == VALUE_NULL ? 0 : order->kind == VALUE_LIST ? order->count : 1;
}

/* --- groups --- */

static int
compare_texts(struct str one, struct str other, const struct mock_order *order)
{
    if (!one.ptr || !other.ptr) {
        int result = (one.ptr == NULL) - (other.ptr == NULL);
        return order->are_nulls_first ? -result : result;
    }
    int result = mock_value_compare(one, other);
    return order->is_descending ? -result : result;
}

static struct str
find_text(const struct sorting *s, const struct term *term, const struct mock_group *group)
{
    return term->key >= 0
               ? group->keys[term->key]
               : mock_aggregate_text(s->g->run, term->field, &group->page, term->function);
}

static int
compare_groups(const void *one, const void *other, void *context)
{
    static const struct mock_order up = { .field = NULL };
    const struct mock_group *a = one, *b = other;
    const struct sorting *s = context;
    int result = 0;

    for (int i = 0; result == 0 && i < s->count; i++) {
        const struct term *term = &s->terms[i];
        result = compare_texts(find_text(s, term, a), find_text(s, term, b), &term->direction);
    }
    for (int i = 0; result == 0 && i < s->g->key_count; i++)
        result = compare_texts(a->keys[i], b->keys[i], &up);
    return result ? result : a->order - b->order;
}

bool
mock_group_sort(struct mock_grouping *g, const struct value *order, struct str *unnamed)
{
    int count = count_items(order);
    struct sorting s = { g, ARENA_ARRAY(g->run->arena, struct term, (size_t)count), 0 };
    const struct value *item = order && order->kind == VALUE_LIST ? order->items : order;

    for (int i = 0; i < count; i++, item = item->next) {
        const struct term term = read_term(g, item);
        if (is_unnamed(g, &term)) {
            *unnamed = term.field->name;
            return false;
        }
        if (term.field)
            s.terms[s.count++] = term;
    }
    qsort_r(g->list, (size_t)g->count, sizeof(*g->list), compare_groups, &s);
    return true;
}
