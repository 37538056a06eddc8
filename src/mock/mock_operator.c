/*
 * mock_operator.c - what a leaf is compared with, by the words that operators have.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "binding/binding.h"
#include "mock/mock_internal.h"

/* --- values --- */

static bool
is_null(const struct mock_comparison *c)
{
    if (type_is_leaf(type_named(c->field->type)))
        return !c->leaf.ptr;
    return !mock_value_refer(c->entity, c->field).type;
}

static bool
is_equal(const struct mock_comparison *c)
{
    return mock_value_equals(c->run, c->entity, c->field, c->value);
}

static bool
is_in(const struct mock_comparison *c)
{
    for (const struct value *item = c->value->items; item; item = item->next)
        if (mock_value_equals(c->run, c->entity, c->field, item))
            return true;
    return false;
}

static bool
is_not_equal(const struct mock_comparison *c)
{
    return !is_equal(c);
}

static bool
is_not_in(const struct mock_comparison *c)
{
    return !is_in(c);
}

static int
compare(const struct mock_comparison *c)
{
    return mock_value_compare(c->leaf, mock_value_text(c->run->arena, c->value));
}

static bool
is_less(const struct mock_comparison *c)
{
    return c->leaf.ptr && compare(c) < 0;
}

static bool
is_at_most(const struct mock_comparison *c)
{
    return c->leaf.ptr && compare(c) <= 0;
}

static bool
is_greater(const struct mock_comparison *c)
{
    return c->leaf.ptr && compare(c) > 0;
}

static bool
is_at_least(const struct mock_comparison *c)
{
    return c->leaf.ptr && compare(c) >= 0;
}

static bool
is_null_as_said(const struct mock_comparison *c)
{
    return is_null(c) == c->value->boolean;
}

/* --- texts --- */

static bool
is_same_byte(char a, char b, bool has_case)
{
    const struct str one = { &a, 1 }, other = { &b, 1 };

    return has_case ? a == b : str_equal_nocase(one, other);
}

/* LIKE: `%` is any text and `_` one byte, unless a backslash is before them. */
static bool
is_like(struct str text, struct str pattern, bool has_case)
{
    size_t t = 0, p = 0, star = pattern.len, star_text = 0;

    while (t < text.len) {
        bool is_escaped = p + 1 < pattern.len && pattern.ptr[p] == '\\';
        if (p < pattern.len && pattern.ptr[p] == '%') {
            star = p++;
            star_text = t;
        } else if (p < pattern.len &&
                   ((pattern.ptr[p] == '_' && !is_escaped) ||
                    is_same_byte(text.ptr[t], pattern.ptr[p + is_escaped], has_case))) {
            p += is_escaped ? 2 : 1;
            t++;
        } else if (star < pattern.len) {
            p = star + 1;
            t = ++star_text;
        } else {
            return false;
        }
    }
    while (p < pattern.len && pattern.ptr[p] == '%')
        p++;
    return p == pattern.len;
}

static struct str
pattern_of(const struct mock_comparison *c)
{
    return c->value->text;
}

static bool
is_part_at(const struct mock_comparison *c, bool at_start, bool at_end, bool has_case)
{
    struct str text = mock_value_bare(c->leaf);
    struct str part = mock_value_bare(mock_value_text(c->run->arena, c->value));

    if (!c->leaf.ptr || part.len > text.len || (at_start && at_end && part.len != text.len))
        return false;
    size_t last = text.len - part.len;
    for (size_t i = at_end ? last : 0; i <= (at_start ? 0 : last); i++) {
        const struct str here = { text.ptr + i, part.len };
        if (has_case ? str_equal(here, part) : str_equal_nocase(here, part))
            return true;
    }
    return false;
}

static bool
matches_like(const struct mock_comparison *c)
{
    return c->leaf.ptr && is_like(mock_value_bare(c->leaf), pattern_of(c), true);
}

static bool
matches_i_like(const struct mock_comparison *c)
{
    return c->leaf.ptr && is_like(mock_value_bare(c->leaf), pattern_of(c), false);
}

static bool
equals_nocase(const struct mock_comparison *c)
{
    return is_part_at(c, true, true, false);
}

static bool
starts_with(const struct mock_comparison *c)
{
    return is_part_at(c, true, false, true);
}

static bool
ends_with(const struct mock_comparison *c)
{
    return is_part_at(c, false, true, true);
}

static bool
has_part(const struct mock_comparison *c)
{
    return is_part_at(c, false, false, true);
}

static bool
i_starts_with(const struct mock_comparison *c)
{
    return is_part_at(c, true, false, false);
}

static bool
i_ends_with(const struct mock_comparison *c)
{
    return is_part_at(c, false, true, false);
}

static bool
i_has_part(const struct mock_comparison *c)
{
    return is_part_at(c, false, false, false);
}

/* --- lists: as JSON texts of their items --- */

/* Is the item in the JSON of a list? */
static bool
has_item(struct str list, struct str item)
{
    size_t i = 1;

    while (i < list.len) {
        size_t start = i;
        for (bool in_text = false; i < list.len; i++) {
            if (in_text && list.ptr[i] == '\\')
                i++;
            else if (list.ptr[i] == '"')
                in_text = !in_text;
            else if (!in_text && (list.ptr[i] == ',' || list.ptr[i] == ']'))
                break;
        }
        if (i > start && mock_value_compare((struct str){ list.ptr + start, i - start }, item) == 0)
            return true;
        i++;
    }
    return false;
}

/* How many of the asked items it has. */
static int
count_items(const struct mock_comparison *c)
{
    int count = 0;

    for (const struct value *item = c->value->items; c->leaf.ptr && item; item = item->next)
        count += has_item(c->leaf, mock_value_text(c->run->arena, item));
    return count;
}

static bool
has_one(const struct mock_comparison *c)
{
    return c->leaf.ptr && has_item(c->leaf, mock_value_text(c->run->arena, c->value));
}

static bool
has_all(const struct mock_comparison *c)
{
    return c->leaf.ptr && count_items(c) == c->value->count;
}

static bool
has_any(const struct mock_comparison *c)
{
    return count_items(c) > 0;
}

static bool
is_within(const struct mock_comparison *c)
{
    return mock_json_is_within(c->run->arena, c->leaf, c->value);
}

static bool
is_empty_as_said(const struct mock_comparison *c)
{
    return c->leaf.ptr && str_is(c->leaf, "[]") == c->value->boolean;
}

/* --- JSON --- */

static bool
has_key(const struct mock_comparison *c)
{
    return mock_json_has_key(c->run->arena, c->leaf, c->value->text);
}

/* How many of the asked keys it has. */
static int
count_keys(const struct mock_comparison *c)
{
    int count = 0;

    for (const struct value *item = c->value->items; item; item = item->next)
        count += mock_json_has_key(c->run->arena, c->leaf, item->text);
    return count;
}

static bool
has_any_key(const struct mock_comparison *c)
{
    return count_keys(c) > 0;
}

static bool
has_all_keys(const struct mock_comparison *c)
{
    return c->leaf.ptr && count_keys(c) == c->value->count;
}

/* A part of a text, or of JSON. */
static bool
includes(const struct mock_comparison *c)
{
    bool is_text = str_is(type_named(c->field->type)->name, "String") ||
                   str_is(type_named(c->field->type)->name, "ID");

    return is_text ? has_part(c) : mock_json_contains(c->run->arena, c->leaf, c->value);
}

/* By the words that operators have in contracts. */
static const struct {
    const char *word;
    bool (*holds)(const struct mock_comparison *c);
} operators[] = {
    { "eq", is_equal },
    { "ne", is_not_equal },
    { "in", is_in },
    { "nin", is_not_in },
    { "lt", is_less },
    { "lte", is_at_most },
    { "gt", is_greater },
    { "gte", is_at_least },
    { "isNull", is_null_as_said },
    { "like", matches_like },
    { "iLike", matches_i_like },
    { "iEq", equals_nocase },
    { "startsWith", starts_with },
    { "endsWith", ends_with },
    { "contains", includes },
    { "iStartsWith", i_starts_with },
    { "iEndsWith", i_ends_with },
    { "iContains", i_has_part },
    { "matches", i_has_part },
    { "has", has_one },
    { "hasAll", has_all },
    { "hasAny", has_any },
    { "within", is_within },
    { "isEmpty", is_empty_as_said },
    { "hasKey", has_key },
    { "hasAnyKey", has_any_key },
    { "hasAllKeys", has_all_keys },
};

bool
mock_operator_holds(struct str word, const struct mock_comparison *c)
{
    for (size_t i = 0; i < ARRAY_LENGTH(operators); i++)
        if (str_is(word, operators[i].word))
            return operators[i].holds(c);
    return true;
}
