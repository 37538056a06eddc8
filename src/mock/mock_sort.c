/*
 * mock_sort.c - in which order a list shows its objects, and where in it one stands.
 *
 * SPDX-License-Identifier: MIT
 */
#include <assert.h>
#include <stdlib.h>

#include "base/arena.h"
#include "binding/binding.h"
#include "mock/mock_internal.h"

/* --- what is asked for --- */

/* Terms while they are gathered. */
struct gathering {
    struct arena *arena;
    struct mock_order *list;
    int count, room;
    bool is_descending; /* of the last, also of one that no field shows */
};

static void
gather(struct gathering *g, const struct mock_order *order)
{
    if (g->count == g->room) {
        int room = g->room > 0 ? 2 * g->room : 8;
        struct mock_order *list = ARENA_ARRAY(g->arena, struct mock_order, (size_t)room);
        for (int i = 0; i < g->count; i++)
            list[i] = g->list[i];
        g->list = list;
        g->room = room;
    }
    g->list[g->count++] = *order;
    g->is_descending = order->is_descending;
}

/* Where a member of an order's input object stands: which fields lead there. */
struct way {
    const struct way *before;
    const struct field *field;
    int length;
};

static const struct field *const *
copy_way(struct arena *a, const struct way *way)
{
    const struct field **path =
        way ? ARENA_ARRAY(a, const struct field *, (size_t)way->length) : NULL;

    for (; way; way = way->before)
        path[way->length - 1] = way->field;
    return path;
}

static int
find_value(const struct type *type, struct str name)
{
    for (int i = 0; i < type->value_count; i++)
        if (str_equal(type->values[i].name, name))
            return i;
    return -1;
}

static void
gather_value(struct gathering *g, const struct mock_sort *sort, const struct value *value)
{
    int place = find_value(sort->type, value->text);

    for (int i = 0; place >= 0 && i < sort->values[place].count; i++)
        gather(g, &sort->values[place].list[i]);
}

/* The members of an input object, each with a direction or with an input object within. */
static void
gather_members(struct gathering *g, const struct mock_sort *sort, const struct value *value,
               const struct way *way)
{
    for (const struct value *given = value->items; given; given = given->next)
        for (int i = 0; i < sort->type->input_count; i++) {
            const struct mock_member *member = &sort->members[i];
            if (!str_equal(sort->type->inputs[i].name, given->name) || given->kind == VALUE_NULL)
                continue;
            if (member->kind == MOCK_MEMBER_ONE) {
                struct way next = { way, member->field, way ? way->length + 1 : 1 };
                if (given->kind == VALUE_OBJECT)
                    gather_members(g, member->inner, given, &next);
                continue;
            }
            struct mock_order order = { .path = copy_way(g->arena, way),
                                        .path_count = way ? way->length : 0,
                                        .field = member->field,
                                        .is_count = member->kind == MOCK_MEMBER_COUNT };
            mock_argument_direction(&order, given->text);
            if (member->kind == MOCK_MEMBER_UNKNOWN)
                g->is_descending = order.is_descending;
            else
                gather(g, &order);
        }
}

static void
gather_item(struct gathering *g, const struct mock_sort *sort, const struct value *item)
{
    if (sort->type->kind == TYPE_ENUM)
        gather_value(g, sort, item);
    else if (item->kind == VALUE_OBJECT)
        gather_members(g, sort, item, NULL);
}

struct mock_sorting
mock_sort_find(const struct mock_call *call)
{
    const struct field *field = call->field->definition;
    struct gathering g = { .arena = call->w->run->arena };

    for (int i = 0; i < field_call_count(field); i++) {
        const struct argument_binding *binding = field->arguments[i].binding;
        const struct value *value = mock_match_argument(call, &field->arguments[i]);
        if (!value || binding->role != ARGUMENT_ORDER_BY)
            continue;
        const struct value *item = value->kind == VALUE_LIST ? value->items : value;
        for (; item; item = value->kind == VALUE_LIST ? item->next : NULL)
            gather_item(&g, binding->mock->sort, item);
    }
    struct mock_sorting sorting = { call->mock->target, { g.list, g.count }, g.is_descending };
    if (g.count == 0 && !g.is_descending)
        sorting.orders = call->mock->order;
    if (g.count == 0 && sorting.orders.count > 0)
        sorting.is_descending = sorting.orders.list[sorting.orders.count - 1].is_descending;
    return sorting;
}

/* --- places --- */

/* An object with what it is sorted by. */
struct item {
    struct mock_entity entity;
    struct str *keys; /* for each term, JSON; STR_NONE: null */
};

static struct str
count_text(struct run *run, struct mock_entity entity, const struct field *list)
{
    const struct mock_object object = mock_entity_object(entity);
    const struct field *own = mock_value_field(entity.type, list);

    return own ? str_format(run->arena, "%d", mock_page_count(run, &object, own)) : STR("0");
}

static struct str
find_key(struct run *run, struct mock_entity entity, const struct mock_order *order)
{
    for (int i = 0; i < order->path_count && entity.type; i++)
        entity = mock_value_refer(entity, order->path[i]);
    if (!entity.type)
        return STR_NONE;
    return order->is_count ? count_text(run, entity, order->field)
                           : mock_value_leaf(run, entity, order->field);
}

static struct item
make_item(struct run *run, struct mock_entity entity, const struct mock_sorting *sorting)
{
    int count = sorting->orders.count;
    struct item item = { entity, ARENA_ARRAY(run->arena, struct str, (size_t)count) };

    for (int i = 0; i < count; i++)
        item.keys[i] = find_key(run, entity, &sorting->orders.list[i]);
    return item;
}

static int
compare_keys(struct str one, struct str other, const struct mock_order *order)
{
    if (!one.ptr || !other.ptr) {
        int result = (one.ptr == NULL) - (other.ptr == NULL);
        return order->are_nulls_first ? -result : result;
    }
    int result = mock_value_compare(one, other);
    return order->is_descending ? -result : result;
}

/* The place of a type among the possible ones. */
static int
place_of(const struct type *target, const struct type *type)
{
    int place = 0;

    while (place < target->possible_count && target->possible[place] != type)
        place++;
    return place;
}

static int
compare_items(const void *one, const void *other, void *context)
{
    const struct item *a = one, *b = other;
    const struct mock_sorting *sorting = context;

    for (int i = 0; i < sorting->orders.count; i++) {
        int result = compare_keys(a->keys[i], b->keys[i], &sorting->orders.list[i]);
        if (result)
            return result;
    }
    int result = a->entity.id < b->entity.id ? -1 : a->entity.id > b->entity.id;
    if (result == 0)
        result =
            place_of(sorting->target, a->entity.type) - place_of(sorting->target, b->entity.type);
    return sorting->is_descending ? -result : result;
}

void
mock_sort_apply(struct run *run, struct mock_sorting *sorting, struct mock_entity *list, int count)
{
    struct item *items = ARENA_ARRAY(run->arena, struct item, (size_t)count);

    for (int i = 0; i < count; i++)
        items[i] = make_item(run, list[i], sorting);
    qsort_r(items, (size_t)count, sizeof(*items), compare_items, sorting);
    for (int i = 0; i < count; i++)
        list[i] = items[i].entity;
}

int
mock_sort_find_place(struct run *run, struct mock_sorting *sorting, const struct mock_entity *list,
                     int count, struct mock_entity entity, bool is_behind)
{
    const struct item wanted = make_item(run, entity, sorting);
    int place = 0;

    for (; place < count; place++) {
        const struct item item = make_item(run, list[place], sorting);
        int result = compare_items(&item, &wanted, sorting);
        if (result > 0 || (result == 0 && !is_behind))
            break;
    }
    return place;
}

/* --- cursors --- */

uint32_t
mock_sort_describe(const struct mock_call *call, const struct mock_sorting *sorting)
{
    struct buf b = { 0 };

    buf_printf(&b, "%.*s.%.*s", STR_PRINT(call->parent->type->name),
               STR_PRINT(call->field->definition->name));
    for (int i = 0; i < sorting->orders.count; i++) {
        const struct mock_order *order = &sorting->orders.list[i];
        for (int j = 0; j < order->path_count; j++)
            buf_printf(&b, "\nby %.*s", STR_PRINT(order->path[j]->name));
        buf_printf(&b, "\n%.*s%s%s%s", STR_PRINT(order->field->name),
                   order->is_count ? " count" : "", order->is_descending ? " DESC" : "",
                   order->are_nulls_first ? " NULLS FIRST" : "");
    }
    uint32_t place = cursor_place(buf_str(&b));
    buf_free(&b);
    return place;
}
