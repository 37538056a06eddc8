/*
 * mock_group.c - groups of made-up objects that have the same keys.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdlib.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/map.h"
#include "binding/binding.h"
#include "mock/mock_internal.h"

/* --- keys --- */

bool
mock_group_is_named(struct arena *a, const struct value *by, const struct field *field)
{
    struct str name = str_snake_case(a, field->name);
    const struct value *item = by && by->kind == VALUE_LIST ? by->items : by;

    for (; item; item = by->kind == VALUE_LIST ? item->next : NULL)
        if (str_equal_nocase(item->text, name) || str_equal(item->text, field->name))
            return true;
    return false;
}

/* How many characters of `2026-09-21T02:03:21.000Z` say the unit, and what follows it. */
static const struct {
    const char *name;
    size_t length;
    const char *rest;
} units[] = { { "YEAR", 4, "-01-01T00:00:00.000Z" },
              { "MONTH", 7, "-01T00:00:00.000Z" },
              { "DAY", 10, "T00:00:00.000Z" },
              { "HOUR", 13, ":00:00.000Z" },
              { "MINUTE", 16, ":00.000Z" } };

/* The time cut to the unit, as a time or a day. */
static struct str
cut_time(struct arena *a, struct str json, struct str unit, const struct type *type)
{
    struct str text = mock_value_bare(json);

    for (size_t i = 0; i < ARRAY_LENGTH(units); i++) {
        if (!str_is(unit, units[i].name) || text.len < units[i].length)
            continue;
        struct str whole = str_format(a, "%.*s%s", (int)units[i].length, text.ptr, units[i].rest);
        if (str_is(type->name, "Date"))
            whole.len = 10;
        return str_format(a, "\"%.*s\"", STR_PRINT(whole));
    }
    return json;
}

struct str
mock_group_key(struct run *run, const struct field *field, struct mock_entity entity)
{
    const struct mock *mock = binding_mock(field->binding);

    if (!mock->summed)
        return STR_NONE;
    if (type_is_composite(type_named(mock->summed->type))) {
        const struct mock_object object = mock_entity_object(entity);
        struct mock_entity other = mock_entity_refer(&object, mock->summed);
        return other.type ? str_format(run->arena, "%lld", (long long)other.id) : STR_NONE;
    }
    struct str text = mock_value_leaf(run, entity, mock->summed);
    return text.ptr && mock->unit.ptr
               ? cut_time(run->arena, text, mock->unit, type_named(field->type))
               : text;
}

/* --- groups --- */

struct group {
    struct mock_page page;
    struct str *keys;
    int order; /* in which it was met */
};

struct grouping {
    struct run *run;
    const struct type *type;
    const struct field **keys;
    int key_count;
    struct group *list;
    int count;
};

static void
find_keys(struct grouping *g, const struct value *by)
{
    g->keys = ARENA_ARRAY(g->run->arena, const struct field *, (size_t)by->count + 1);
    for (const struct value *item = by->kind == VALUE_LIST ? by->items : by; item;
         item = by->kind == VALUE_LIST ? item->next : NULL)
        for (int i = 0; i < g->type->field_count && g->key_count <= by->count; i++)
            if (mock_group_is_named(g->run->arena,
                                    &(struct value){ .kind = VALUE_ENUM, .text = item->text },
                                    &g->type->fields[i]))
                g->keys[g->key_count++] = &g->type->fields[i];
}

/* The group that the object is in. */
static struct group *
find_group(struct grouping *g, struct map *known, struct mock_entity entity)
{
    struct buf name = { 0 };
    struct str *keys = ARENA_ARRAY(g->run->arena, struct str, (size_t)g->key_count);

    for (int i = 0; i < g->key_count; i++) {
        keys[i] = mock_group_key(g->run, g->keys[i], entity);
        buf_put(&name, keys[i].ptr ? keys[i] : STR("null"));
        buf_byte(&name, '\0');
    }
    struct str id = buf_copy(g->run->arena, &name);
    buf_free(&name);
    struct group *group = map_get(known, id);
    if (group)
        return group;
    group = &g->list[g->count];
    *group = (struct group){ .keys = keys, .order = g->count++ };
    map_put(known, id, group);
    return group;
}

/* Part the page's objects into groups. */
static void
make_groups(struct grouping *g, const struct mock_page *page)
{
    struct map *known = map_new(g->run->arena);
    size_t count = (size_t)page->count;
    struct group **group_of = ARENA_ARRAY(g->run->arena, struct group *, count);

    g->list = ARENA_ARRAY(g->run->arena, struct group, count);
    for (int i = 0; i < page->count; i++) {
        group_of[i] = find_group(g, known, page->list[i]);
        group_of[i]->page.count++;
    }
    for (int i = 0; i < g->count; i++) {
        struct mock_page *of = &g->list[i].page;
        of->list = ARENA_ARRAY(g->run->arena, struct mock_entity, (size_t)of->count);
        of->count = 0;
    }
    for (int i = 0; i < page->count; i++) {
        struct mock_page *of = &group_of[i]->page;
        of->list[of->count++] = page->list[i];
    }
}

/* --- order --- */

/* What groups are sorted by: a leaf of theirs, or one of what a function makes. */
struct term {
    const struct field *field;
    int function;
    struct mock_order direction;
};

struct sorting {
    struct grouping *g;
    struct term term; /* field NULL: the keys alone */
};

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
term_text(const struct sorting *s, const struct group *group)
{
    for (int i = 0; i < s->g->key_count; i++)
        if (s->g->keys[i] == s->term.field)
            return group->keys[i];
    return mock_aggregate_text(s->g->run, s->term.field, &group->page, s->term.function);
}

static int
compare_groups(const void *one, const void *other, void *context)
{
    static const struct mock_order up = { .field = NULL };
    const struct group *a = one, *b = other;
    const struct sorting *s = context;
    int result = 0;

    if (s->term.field)
        result = compare_texts(term_text(s, a), term_text(s, b), &s->term.direction);
    for (int i = 0; result == 0 && i < s->g->key_count; i++)
        result = compare_texts(a->keys[i], b->keys[i], &up);
    return result ? result : a->order - b->order;
}

static const struct field *
find_field(const struct type *type, struct str name)
{
    for (int i = 0; i < type->field_count; i++)
        if (str_equal(type->fields[i].name, name))
            return &type->fields[i];
    return NULL;
}

/* Read `{ count: DESC }` or `{ sum: { price: ASC } }`. */
static struct term
read_term(const struct type *type, const struct value *order)
{
    const struct value *member = order->kind == VALUE_OBJECT ? order->items : NULL;
    enum mock_function function;
    struct term term = { 0 };

    if (!member)
        return term;
    term.field = find_field(type, member->name);
    if (term.field && member->kind == VALUE_OBJECT && member->items &&
        mock_argument_function(term.field, &function)) {
        term.field = find_field(type_named(term.field->type), member->items->name);
        term.function = (int)function;
        member = member->items;
    }
    mock_argument_direction(&term.direction, member->text);
    return term;
}

static void
sort_groups(struct mock_call *call, struct grouping *g)
{
    struct sorting s = { .g = g };
    const struct value *order = value_find(call->arguments, STR("orderBy"));

    if (order && order->kind == VALUE_LIST)
        order = order->items;
    if (order)
        s.term = read_term(g->type, order);
    qsort_r(g->list, (size_t)g->count, sizeof(*g->list), compare_groups, &s);
}

/* --- the field --- */

static bool
refuse(struct mock_call *call, const char *argument, const char *message)
{
    struct errors errors = { .arena = call->w->run->arena };
    struct error *error = errors_add(&errors, ERROR_BAD_USER_INPUT, "%s", message);

    error->argument = str_from(argument);
    return write_failure(call->w, call->field, call->field->type, call->path, error);
}

/* A key that is named twice; or STR_NONE. */
static struct str
find_twice(const struct value *by)
{
    for (const struct value *one = by->items; one; one = one->next)
        for (const struct value *other = one->next; other; other = other->next)
            if (str_equal(one->text, other->text))
                return one->text;
    return STR_NONE;
}

static bool
write_groups(struct mock_call *call, struct grouping *g, const struct value *by, int most)
{
    struct buf *b = call->w->buf;

    buf_byte(b, '[');
    for (int i = 0; i < g->count && i < most && !b->failed; i++) {
        struct path path = { .parent = call->path, .index = i };
        g->list[i].page.by = by;
        const struct mock_object group = { .type = g->type,
                                           .seed = call->seed,
                                           .page = &g->list[i].page };
        size_t start = b->len;
        buf_put_c(b, i > 0 ? "," : "");
        if (!mock_field_object(call, &group, &path) &&
            !write_stop(call->w, type_nullable(call->field->type)->of, start))
            return false;
    }
    buf_byte(b, ']');
    return true;
}

bool
mock_group_write(struct mock_call *call)
{
    struct run *run = call->w->run;
    const struct value *by = value_find(call->arguments, STR("by"));
    const struct value *first = value_find(call->arguments, STR("first"));
    struct grouping g = { .run = run, .type = type_named(call->field->type) };
    struct mock_page page = { 0 };
    int64_t most = run->options.limits->page;

    if (!by || (by->kind == VALUE_LIST && by->count == 0))
        return refuse(call, "by", "Argument \"by\" names no key; it must name one at least.");
    struct str twice = by->kind == VALUE_LIST ? find_twice(by) : STR_NONE;
    if (twice.ptr)
        return refuse(
            call, "by",
            str_format(run->arena, "Argument \"by\" names a key twice: %.*s.", STR_PRINT(twice))
                .ptr);
    if (first && first->kind == VALUE_INT && !str_read_int64(first->text, &most))
        return refuse(call, "first", "Argument \"first\" is no number of groups.");
    find_keys(&g, by);
    mock_page_take(call, &page);
    make_groups(&g, &page);
    sort_groups(call, &g);
    return write_groups(call, &g, by, (int)most);
}
