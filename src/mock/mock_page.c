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
#include <stdlib.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/limits.h"
#include "binding/binding.h"
#include "mock/mock_internal.h"
#include "mock/mock_seed.h"

/* Fewer than this are in a list whose objects do not lead back. */
enum { FEW = 6 };

struct sort_item {
    struct mock_entity entity;
    struct str *keys; /* for each term: its value as JSON */
};

struct sorting {
    const struct mock_order *terms;
    int count;
    bool is_descending; /* of the last term: how the id breaks ties */
};

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
static struct mock_places
find_places(struct run *run, const struct mock_object *parent, const struct field *list)
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
    return find_places(run, object, list).count;
}

/* --- filters --- */

/* JSON without the quotes of a string. */
static struct str
bare(struct str json)
{
    bool is_text = json.len >= 2 && json.ptr[0] == '"';

    return is_text ? (struct str){ json.ptr + 1, json.len - 2 } : json;
}

static struct str
leaf_text(struct run *run, struct mock_entity entity, struct str field_name)
{
    const struct mock_object object = mock_entity_object(entity);
    struct buf b = { 0 };

    for (int i = 0; i < entity.type->field_count; i++)
        if (str_equal(entity.type->fields[i].name, field_name))
            mock_field_leaf(run, &b, &object, &entity.type->fields[i], 0);
    struct str text = buf_copy(run->arena, &b);
    buf_free(&b);
    return text;
}

static struct str
value_text(struct arena *a, const struct value *value)
{
    struct buf b = { 0 };

    value_write_json(&b, value);
    struct str text = buf_copy(a, &b);
    buf_free(&b);
    return text;
}

/* Is this the value of the entity's field? */
static bool
equals(struct run *run, struct mock_entity entity, const struct field *compared,
       const struct value *value)
{
    const struct type *named = type_named(compared->type);
    struct arena *a = run->arena;
    struct str text = bare(value_text(a, value));

    if (binding_of_type(entity.type)->mock->key &&
        str_equal(binding_of_type(entity.type)->mock->key->name, compared->name))
        return mock_entity_equal(entity, mock_entity_find(a, entity.type, text));
    if (type_is_composite(named)) {
        const struct mock_object object = mock_entity_object(entity);
        return mock_entity_equal(mock_entity_refer(&object, compared),
                                 mock_entity_find(a, named, text));
    }
    return str_equal(bare(leaf_text(run, entity, compared->name)), text);
}

static bool
equals_any(struct run *run, struct mock_entity entity, const struct field *compared,
           const struct value *value)
{
    if (value->kind != VALUE_LIST)
        return equals(run, entity, compared, value);
    for (const struct value *item = value->items; item; item = item->next)
        if (equals(run, entity, compared, item))
            return true;
    return false;
}

static bool
contains(struct str text, struct str part)
{
    for (size_t i = 0; i + part.len <= text.len; i++)
        if (str_equal_nocase((struct str){ text.ptr + i, part.len }, part))
            return true;
    return false;
}

static bool
is_found(struct run *run, struct mock_entity entity, const struct argument_binding *binding,
         const struct value *value)
{
    for (int i = 0; i < binding->field_count; i++)
        if (contains(bare(leaf_text(run, entity, binding->fields[i]->name)),
                     bare(value_text(run->arena, value))))
            return true;
    return value->text.len == 0;
}

/* The value of an argument; NULL when it is absent or null. */
static const struct value *
find_value(const struct mock_call *call, const struct input_value *argument)
{
    const struct value *value = value_find(call->arguments, argument->name);

    return value && value->kind != VALUE_NULL ? value : NULL;
}

static bool
passes(const struct mock_call *call, struct mock_entity entity)
{
    const struct field *field = call->field->definition;
    struct run *run = call->w->run;

    for (int i = 0; i < field_call_count(field); i++) {
        const struct argument_binding *binding = field->arguments[i].binding;
        const struct value *value = find_value(call, &field->arguments[i]);
        if (value && binding->role == ARGUMENT_EQUALS &&
            !equals_any(run, entity, binding->fields[0], value))
            return false;
        if (value && binding->role == ARGUMENT_SEARCH && !is_found(run, entity, binding, value))
            return false;
    }
    return true;
}

/* --- order --- */

static int
compare_keys(struct str one, struct str other)
{
    bool are_numbers = one.len > 0 && other.len > 0 && one.ptr[0] != '"' && other.ptr[0] != '"';

    if (!are_numbers)
        return str_compare(one, other);
    double difference = strtod(one.ptr, NULL) - strtod(other.ptr, NULL);
    return difference < 0 ? -1 : difference > 0;
}

static int
compare_items(const void *one, const void *other, void *context)
{
    const struct sort_item *a = one, *b = other;
    const struct sorting *sorting = context;

    for (int i = 0; i < sorting->count; i++) {
        int result = compare_keys(a->keys[i], b->keys[i]);
        if (result)
            return sorting->terms[i].is_descending ? -result : result;
    }
    int result = a->entity.id < b->entity.id ? -1 : a->entity.id > b->entity.id;
    return sorting->is_descending ? -result : result;
}

/* Add the terms of an item of `orderBy`, whose members name fields. */
static void
add_term(struct sorting *sorting, struct mock_order *terms, const struct argument_binding *binding,
         const struct type *order, const struct value *item)
{
    for (const struct value *member = item->items; member; member = member->next)
        for (int i = 0; i < order->input_count; i++) {
            if (!str_equal(order->inputs[i].name, member->name) || member->kind == VALUE_NULL)
                continue;
            sorting->is_descending = str_equal_nocase(member->text, STR("DESC"));
            if (binding->fields[i])
                terms[sorting->count++] =
                    (struct mock_order){ binding->fields[i], sorting->is_descending };
        }
}

static int
count_members(const struct value *value)
{
    int count = 0;

    if (value->kind == VALUE_OBJECT)
        return value->count;
    for (const struct value *item = value->items; item; item = item->next)
        count += item->count;
    return count;
}

/* From the argument, or else from @order. */
static struct sorting
find_sorting(const struct mock_call *call)
{
    const struct field *field = call->field->definition;
    struct arena *a = call->w->run->arena;
    struct sorting sorting = { 0 };

    for (int i = 0; i < field_call_count(field); i++) {
        const struct input_value *argument = &field->arguments[i];
        const struct value *value = find_value(call, argument);
        if (!value || argument->binding->role != ARGUMENT_ORDER_BY || count_members(value) == 0)
            continue;
        struct mock_order *terms = ARENA_ARRAY(a, struct mock_order, (size_t)count_members(value));
        const struct value *item = value->kind == VALUE_LIST ? value->items : value;
        for (; item; item = value->kind == VALUE_LIST ? item->next : NULL)
            add_term(&sorting, terms, argument->binding, type_named(argument->type), item);
        sorting.terms = terms;
        return sorting;
    }
    struct mock_order *terms =
        ARENA_ARRAY(a, struct mock_order, (size_t)call->mock->order_count + 1);
    for (int i = 0; i < call->mock->order_count; i++)
        terms[i] =
            (struct mock_order){ call->mock->order[i].field,
                                 sorting.is_descending = call->mock->order[i].is_descending };
    sorting.terms = terms;
    sorting.count = call->mock->order_count;
    return sorting;
}

static void
sort(const struct mock_call *call, struct mock_page *page)
{
    struct arena *a = call->w->run->arena;
    struct sorting sorting = find_sorting(call);
    struct sort_item *items = ARENA_ARRAY(a, struct sort_item, (size_t)page->count);

    if (sorting.count == 0 && !sorting.is_descending)
        return;
    for (int i = 0; i < page->count; i++) {
        items[i].entity = page->list[i];
        items[i].keys = ARENA_ARRAY(a, struct str, (size_t)sorting.count);
        for (int j = 0; j < sorting.count; j++)
            items[i].keys[j] = leaf_text(call->w->run, page->list[i], sorting.terms[j].field->name);
    }
    qsort_r(items, (size_t)page->count, sizeof(*items), compare_items, &sorting);
    for (int i = 0; i < page->count; i++)
        page->list[i] = items[i].entity;
}

/* --- the page --- */

/* A number of rows, which argument_get() has judged. */
static int
read_rows(const struct value *value)
{
    int64_t number = -1;
    bool is_number = str_read_int64(value->text, &number);

    assert(is_number && number >= 0 && number <= INT_MAX);
    return (int)number;
}

/* The place of the object that the cursor stands for; -1 after adding an error. */
static int
find_cursor(struct arena *a, const struct mock_page *page, const struct value *value,
            struct str name, struct errors *errors)
{
    struct str cursor = value_text(a, value);

    for (int i = 0; i < page->count; i++) {
        struct buf b = { 0 };
        mock_entity_write_cursor(&b, page->list[i]);
        bool is_it = str_equal(buf_str(&b), cursor);
        buf_free(&b);
        if (is_it)
            return i;
    }
    struct error *error =
        errors_add(errors, ERROR_BAD_USER_INPUT, "Argument \"%.*s\" is not a cursor of this list.",
                   STR_PRINT(name));
    error->argument = name;
    return -1;
}

/* The page that the arguments ask for. */
struct cut {
    int first, last, skip; /* -1: not said */
    int after, before;     /* places; -1: not said */
};

static bool
read_cut(const struct mock_call *call, const struct mock_page *page, struct cut *cut,
         struct errors *errors)
{
    const struct field *field = call->field->definition;
    struct arena *a = call->w->run->arena;

    *cut = (struct cut){ -1, -1, -1, -1, -1 };
    for (int i = 0; i < field_call_count(field) && errors->count == 0; i++) {
        const struct input_value *argument = &field->arguments[i];
        const struct value *value = find_value(call, argument);
        if (!value)
            continue;
        if (argument->binding->role == ARGUMENT_FIRST)
            cut->first = read_rows(value);
        else if (argument->binding->role == ARGUMENT_LAST)
            cut->last = read_rows(value);
        else if (argument->binding->role == ARGUMENT_SKIP)
            cut->skip = read_rows(value);
        else if (argument->binding->role == ARGUMENT_AFTER)
            cut->after = find_cursor(a, page, value, argument->name, errors);
        else if (argument->binding->role == ARGUMENT_BEFORE)
            cut->before = find_cursor(a, page, value, argument->name, errors);
    }
    return errors->count == 0;
}

static void
cut_page(struct mock_page *page, const struct cut *cut, int most)
{
    page->start = cut->after + 1;
    page->end = cut->before >= 0 ? cut->before : page->count;
    if (cut->skip > 0)
        page->start += cut->skip;
    if (page->start > page->end)
        page->start = page->end;
    if (cut->first >= 0 && page->end - page->start > cut->first)
        page->end = page->start + cut->first;
    if (cut->last >= 0 && page->end - page->start > cut->last)
        page->start = page->end - cut->last;
    if (page->end - page->start > most)
        page->end = page->start + most;
    assert(page->start >= 0 && page->start <= page->end && page->end <= page->count);
}

/* The keys that `ids` asks for, or NULL. */
static const struct value *
find_ids(const struct mock_call *call)
{
    const struct field *field = call->field->definition;

    for (int i = 0; i < field_call_count(field); i++) {
        const struct argument_binding *binding = field->arguments[i].binding;
        const struct value *value = find_value(call, &field->arguments[i]);
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
            mock_entity_find(a, call->mock->target, bare(value_text(a, key)));
        if (found.type || may_be_null)
            page->list[page->count++] = found;
    }
}

/* All objects that are in the list and pass its filters, in its order. */
static void
take_members(const struct mock_call *call, struct mock_page *page)
{
    struct run *run = call->w->run;
    struct mock_places places = find_places(run, call->parent, call->field->definition);

    page->list = ARENA_ARRAY(run->arena, struct mock_entity, (size_t)places.count);
    for (int i = 0; i < places.count; i++) {
        struct mock_entity entity = mock_entity_at(call->mock->target, places.list[i]);
        if (passes(call, entity))
            page->list[page->count++] = entity;
    }
    sort(call, page);
}

bool
mock_page_find(const struct mock_call *call, struct mock_page *page, struct errors *errors)
{
    const struct value *keys = call->mock->role == MOCK_LIST ? find_ids(call) : NULL;
    struct cut cut;

    *page = (struct mock_page){ 0 };
    if (keys)
        take_ids(call, keys, page);
    else
        take_members(call, page);
    if (!read_cut(call, page, &cut, errors))
        return false;
    cut_page(page, &cut, call->w->run->options.limits->page);
    return true;
}

struct mock_entity
mock_page_one(const struct mock_call *call)
{
    const struct field *field = call->field->definition;
    const struct type *target = call->mock->target;
    int count = mock_entity_count(target);
    bool is_asked = false;

    for (int i = 0; i < field_call_count(field); i++) {
        const struct argument_binding *binding = field->arguments[i].binding;
        const struct value *value = find_value(call, &field->arguments[i]);
        if (!value || binding->role != ARGUMENT_EQUALS)
            continue;
        is_asked = true;
        if (str_is(binding->fields[0]->name, "id")) /* created ones, too */
            return mock_entity_find(call->w->run->arena, target,
                                    bare(value_text(call->w->run->arena, value)));
    }
    if (!is_asked)
        return mock_entity_refer(call->parent, field);
    for (int i = 0; i < count; i++)
        if (passes(call, mock_entity_at(target, i)))
            return mock_entity_at(target, i);
    return (struct mock_entity){ NULL, 0 };
}
