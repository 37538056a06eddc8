/*
 * mock_group.c - groups of made-up objects that have the same keys.
 *
 * SPDX-License-Identifier: MIT
 */
#include <time.h>

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

/* With the day that a week or a quarter begins with. */
static struct str
find_begin(struct arena *a, struct str text, struct str unit)
{
    struct tm day = { 0 };
    bool is_week = str_is(unit, "WEEK");

    if ((!is_week && !str_is(unit, "QUARTER")) || !strptime(text.ptr, "%Y-%m-%d", &day))
        return text;
    if (is_week)
        day.tm_mday -= (day.tm_wday + 6) % 7; /* from Monday on */
    else
        day.tm_mon -= day.tm_mon % 3;
    timegm(&day); /* a day before the month's first is one of the month before */
    return str_format(a, "%04d-%02d-%02d", day.tm_year + 1900, day.tm_mon + 1, day.tm_mday);
}

/* How many characters of `2026-09-21T02:03:21.000Z` say the unit, and what follows it. */
static const struct {
    const char *name;
    size_t length;
    const char *rest;
} units[] = { { "YEAR", 4, "-01-01T00:00:00.000Z" }, { "QUARTER", 7, "-01T00:00:00.000Z" },
              { "MONTH", 7, "-01T00:00:00.000Z" },   { "WEEK", 10, "T00:00:00.000Z" },
              { "DAY", 10, "T00:00:00.000Z" },       { "HOUR", 13, ":00:00.000Z" },
              { "MINUTE", 16, ":00.000Z" } };

/* The time cut to the unit, as a time or a day. */
static struct str
cut_time(struct arena *a, struct str json, struct str unit, const struct type *type)
{
    struct str text = find_begin(a, mock_value_bare(json), unit);

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
        struct mock_entity other = mock_value_refer(entity, mock->summed);
        return other.type ? str_format(run->arena, "%lld", (long long)other.id) : STR_NONE;
    }
    struct str text = mock_value_leaf(run, entity, mock->summed);
    return text.ptr && mock->unit.ptr
               ? cut_time(run->arena, text, mock->unit, type_named(field->type))
               : text;
}

/* --- groups --- */

static void
find_keys(struct mock_grouping *g, const struct value *by)
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
static struct mock_group *
find_group(struct mock_grouping *g, struct map *known, struct mock_entity entity)
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
    struct mock_group *group = map_get(known, id);
    if (group)
        return group;
    group = &g->list[g->count];
    *group = (struct mock_group){ .keys = keys, .order = g->count++ };
    map_put(known, id, group);
    return group;
}

/* Part the page's objects into groups. */
static void
make_groups(struct mock_grouping *g, const struct mock_page *page)
{
    struct map *known = map_new(g->run->arena);
    size_t count = (size_t)page->count;
    struct mock_group **group_of = ARENA_ARRAY(g->run->arena, struct mock_group *, count);

    g->list = ARENA_ARRAY(g->run->arena, struct mock_group, count);
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

/* A number of groups, which argument_get() has judged. */
static int64_t
read_rows(const struct mock_call *call, enum argument_role role, int64_t otherwise)
{
    const struct field *field = call->field->definition;

    for (int i = 0; i < field_call_count(field); i++) {
        const struct value *value = mock_match_argument(call, &field->arguments[i]);
        int64_t number;
        if (value && field->arguments[i].binding->role == role &&
            str_read_int64(value->text, &number))
            return number;
    }
    return otherwise;
}

static bool
write_groups(struct mock_call *call, struct mock_grouping *g, const struct value *by)
{
    struct buf *b = call->w->buf;
    int64_t start = read_rows(call, ARGUMENT_SKIP, 0);
    int64_t end = start + read_rows(call, ARGUMENT_FIRST, call->w->run->options.limits->page);

    buf_byte(b, '[');
    for (int64_t i = start; i < g->count && i < end && !b->failed; i++) {
        struct path path = { .parent = call->path, .index = (int)(i - start) };
        g->list[i].page.by = by;
        const struct mock_object group = { .type = g->type,
                                           .seed = call->seed,
                                           .page = &g->list[i].page };
        size_t before = b->len;
        buf_put_c(b, i > start ? "," : "");
        if (!mock_field_object(call, &group, &path) &&
            !write_stop(call->w, type_nullable(call->field->type)->of, before))
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
    struct mock_grouping g = { .run = run, .type = type_named(call->field->type) };
    struct mock_page page = { 0 };
    struct str unnamed;

    if (!by || by->kind == VALUE_NULL || (by->kind == VALUE_LIST && by->count == 0))
        return refuse(call, "by", "Argument \"by\" names no key; it must name at least one.");
    struct str twice = by->kind == VALUE_LIST ? find_twice(by) : STR_NONE;
    if (twice.ptr)
        return refuse(
            call, "by",
            str_format(run->arena, "Argument \"by\" names a key twice: %.*s.", STR_PRINT(twice))
                .ptr);
    find_keys(&g, by);
    mock_page_take(call, &page);
    make_groups(&g, &page);
    if (!mock_group_sort(&g, value_find(call->arguments, STR("orderBy")), &unnamed))
        return refuse(call, "orderBy",
                      str_format(run->arena,
                                 "Argument \"orderBy\" sorts by a key that \"by\" does not name: "
                                 "%.*s.",
                                 STR_PRINT(unnamed))
                          .ptr);
    return write_groups(call, &g, by);
}
