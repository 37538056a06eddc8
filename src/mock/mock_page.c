/*
 * mock_page.c - which objects a list shows: filtered, ordered and cut by its arguments.
 *
 * A list whose objects have a field that leads back (`User.posts`, when there is `Post.author`)
 * shows those that refer to its parent.  Other lists of an object show a few, and those of the
 * root show all.
 *
 * SPDX-License-Identifier: MIT
 */
#include <assert.h>
#include <limits.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/limits.h"
#include "binding/binding.h"
#include "codec/cursor.h"
#include "mock/mock_internal.h"
#include "mock_scalar/mock_seed.h"

/* Fewer than this are in a list whose objects do not lead back. */
enum { FEW = 6 };

/* --- the objects of a list --- */

/* A few of all objects, one after the other. */
static struct mock_places
choose_few(struct run *run, const struct mock_object *parent, const struct field *list)
{
    const struct mock *mock = binding_mock(list->binding);
    int all = mock_entity_count(mock->target);
    bool is_of_one = binding_of_type(parent->type)->mock->shape == MOCK_ENTITY;
    uint64_t number = mock_seed_text(parent->seed, list->name);
    int start = is_of_one && all > 0 ? (int)(number / FEW % (uint64_t)all) : 0;
    int few = mock->count >= 0 ? mock->count : is_of_one ? (int)(number % FEW) : all;
    int count = few < all ? few : all;
    int *places = ARENA_ARRAY(run->arena, int, (size_t)count);

    for (int i = 0; i < count; i++)
        places[i] = (start + i) % all;
    return (struct mock_places){ places, count };
}

/* The objects of the list, without arguments. */
struct mock_places
mock_page_places(struct run *run, const struct mock_object *parent, const struct field *list)
{
    const struct mock *mock = binding_mock(list->binding);

    if (!mock->inverse)
        return choose_few(run, parent, list);
    struct mock_places places = mock_index_find(run, parent, list);
    if (mock->count >= 0 && places.count > mock->count)
        places.count = mock->count;
    return places;
}

int
mock_page_count(struct run *run, const struct mock_object *object, const struct field *list)
{
    return mock_page_places(run, object, list).count;
}

/* --- what is asked for --- */

/* A number of rows, which argument_get() has judged. */
static int
read_rows(const struct value *value)
{
    int64_t number = -1;
    bool is_number = str_read_int64(value->text, &number);

    assert(is_number && number >= 0 && number <= INT_MAX);
    return (int)number;
}

/* The page that the arguments ask for. */
struct cut {
    int first, last, skip;                    /* -1: not said */
    const struct input_value *after, *before; /* NULL: not said */
    const struct value *after_value, *before_value;
};

static void
read_cut(const struct mock_call *call, struct cut *cut)
{
    const struct field *field = call->field->definition;

    *cut = (struct cut){ .first = -1, .last = -1, .skip = -1 };
    for (int i = 0; i < field_call_count(field); i++) {
        const struct input_value *argument = &field->arguments[i];
        const struct value *value = mock_match_argument(call, argument);
        enum argument_role role = argument->binding->role;
        if (!value)
            continue;
        if (role == ARGUMENT_FIRST)
            cut->first = read_rows(value);
        else if (role == ARGUMENT_LAST)
            cut->last = read_rows(value);
        else if (role == ARGUMENT_SKIP)
            cut->skip = read_rows(value);
        else if (role == ARGUMENT_AFTER)
            cut->after = argument, cut->after_value = value;
        else if (role == ARGUMENT_BEFORE)
            cut->before = argument, cut->before_value = value;
    }
}

static bool
refuse(struct errors *errors, struct str argument, const char *message)
{
    errors_add(errors, ERROR_BAD_USER_INPUT, "%s", message)->argument = argument;
    return false;
}

/* What no connection can show at once; false after adding an error. */
static bool
check_cut(const struct mock_call *call, const struct cut *cut, struct errors *errors)
{
    if (call->mock->role != MOCK_PAGE)
        return true;
    if (cut->first >= 0 && cut->last >= 0)
        return refuse(errors, STR("last"),
                      "Arguments \"first\" and \"last\" must not both be given.");
    if (cut->skip > 0 && (cut->after || cut->before || cut->last >= 0))
        return refuse(errors, STR("skip"),
                      "Argument \"skip\" must not be given together with a cursor or \"last\".");
    return true;
}

/* --- cursors --- */

/* Its cells: the type's name, and the id. */
enum { CURSOR_CELLS = 2 };

void
mock_page_write_cursor(struct buf *b, const struct mock_page *page, struct mock_entity entity)
{
    struct buf id = { 0 };

    buf_int64(&id, entity.id);
    const struct str cells[CURSOR_CELLS] = { entity.type->name, buf_str(&id) };
    buf_byte(b, '"');
    cursor_encode(b, NULL, page->cursors, cells, CURSOR_CELLS);
    buf_byte(b, '"');
    buf_free(&id);
}

/* The object that a cursor names; without type after adding an error. */
static struct mock_entity
read_cursor(const struct mock_call *call, const struct mock_page *page,
            const struct input_value *argument, const struct value *value, struct errors *errors)
{
    struct arena *a = call->w->run->arena;
    struct str text = mock_value_bare(mock_value_text(a, value)), cells[CURSOR_CELLS];
    enum cursor_result result = cursor_decode(a, NULL, page->cursors, text, cells, CURSOR_CELLS);
    struct mock_entity entity = { NULL, 0 };

    if (result == CURSOR_OK && str_read_int64(cells[1], &entity.id))
        entity.type = mock_entity_named(call->mock->target, cells[0]);
    if (!entity.type)
        refuse(
            errors, argument->name,
            str_format(a, "\"%.*s\" is %s.", STR_PRINT(argument->name),
                       result == CURSOR_OTHER ? "a cursor of another list or order" : "no cursor")
                .ptr);
    return entity;
}

/* Find the first place behind the cursor, or the one at it. */
static bool
find_place(const struct mock_call *call, struct mock_page *page, struct mock_sorting *sorting,
           const struct input_value *argument, const struct value *value, int *place,
           struct errors *errors)
{
    bool is_behind = argument->binding->role == ARGUMENT_AFTER;
    struct mock_entity entity = read_cursor(call, page, argument, value, errors);

    if (!entity.type)
        return false;
    *place =
        mock_sort_find_place(call->w->run, sorting, page->list, page->count, entity, is_behind);
    return true;
}

/* --- the page --- */

static int
at_most(int number, int most)
{
    return number < most ? number : most;
}

/* Cut the rows between the places `low` and `high`, and say what is beyond. */
static void
cut_page(struct mock_page *page, const struct cut *cut, int low, int high, int most)
{
    int skip = cut->skip > 0 ? cut->skip : 0;

    if (high < low)
        high = low;
    if (cut->last < 0 || cut->first >= 0) {
        page->start = at_most(low + skip, high);
        page->end = at_most(page->start + (cut->first >= 0 ? cut->first : most), high);
        page->has_next = page->end < high;
        page->has_previous = cut->after ? low > 0 : page->start > low;
        if (cut->last < 0)
            return;
        high = page->end; /* of a list, which may have both */
        low = page->start;
    }
    page->end = high;
    page->start = high - low > cut->last ? high - cut->last : low;
    page->has_previous = page->start > low;
    page->has_next = cut->before && high < page->count;
}

/* The keys that `ids` asks for, or NULL. */
static const struct value *
find_ids(const struct mock_call *call)
{
    const struct field *field = call->field->definition;

    for (int i = 0; i < field_call_count(field); i++) {
        const struct argument_binding *binding = field->arguments[i].binding;
        const struct value *value = mock_match_argument(call, &field->arguments[i]);
        if (value && binding->role == ARGUMENT_EQUALS && value->kind == VALUE_LIST &&
            str_is(binding->fields[0]->name, "id"))
            return value;
    }
    return NULL;
}

/* The objects with these keys, in their order.  For an unknown key there is one without type, when
 * the list's items may be null. */
static void
take_ids(const struct mock_call *call, const struct value *keys, struct mock_page *page)
{
    struct arena *a = call->w->run->arena;
    bool may_be_null = type_nullable(call->field->type)->of->kind != TYPE_NON_NULL;

    page->list = ARENA_ARRAY(a, struct mock_entity, (size_t)keys->count);
    for (const struct value *key = keys->items; key; key = key->next) {
        struct mock_entity found =
            mock_entity_find(a, call->mock->target, mock_value_bare(mock_value_text(a, key)));
        if (found.type || may_be_null)
            page->list[page->count++] = found;
    }
}

void
mock_page_take(const struct mock_call *call, struct mock_page *page)
{
    struct run *run = call->w->run;
    struct mock_places places = mock_page_places(run, call->parent, call->field->definition);

    page->list = ARENA_ARRAY(run->arena, struct mock_entity, (size_t)places.count);
    for (int i = 0; i < places.count; i++) {
        struct mock_entity entity = mock_entity_at(call->mock->target, places.list[i]);
        if (mock_match_passes(call, entity))
            page->list[page->count++] = entity;
    }
}

bool
mock_page_find(const struct mock_call *call, struct mock_page *page, struct errors *errors)
{
    const struct value *keys = call->mock->role == MOCK_LIST ? find_ids(call) : NULL;
    struct mock_sorting sorting = mock_sort_find(call);
    struct cut cut;
    int low = 0;

    *page = (struct mock_page){ .cursors = mock_sort_describe(call, &sorting) };
    read_cut(call, &cut);
    if (!check_cut(call, &cut, errors))
        return false;
    if (keys) {
        take_ids(call, keys, page);
    } else {
        mock_page_take(call, page);
        mock_sort_apply(call->w->run, &sorting, page->list, page->count);
    }
    int high = page->count;
    if (cut.after && !find_place(call, page, &sorting, cut.after, cut.after_value, &low, errors))
        return false;
    if (cut.before &&
        !find_place(call, page, &sorting, cut.before, cut.before_value, &high, errors))
        return false;
    page->after = cut.after_value;
    page->before = cut.before_value;
    cut_page(page, &cut, low, high, call->w->run->options.limits->page);
    return true;
}
