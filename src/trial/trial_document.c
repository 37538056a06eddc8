/*
 * trial_document.c - documents that show given fields of a type, with all their arguments.
 *
 * Arguments get plausible values.  Which they are matters little, since statements have
 * parameters for them; that they are there does, since each adds a condition or an order.
 *
 * SPDX-License-Identifier: MIT
 */
#include "trial/trial_document.h"

#include <assert.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "schema/schema.h"
#include "binding/binding.h"
#include "trial/trial_filter.h"
#include "trial/trial_literal.h"
#include "trial/trial_order.h"

/* A filter with all of its conditions, or with the one that the item wants. */
static void
write_filter(struct arena *a, struct buf *b, const struct trial_item *item,
             const struct argument_binding *binding, const struct map *filters)
{
    struct str place;

    if (binding->is_strict && item->condition == 0)
        trial_filter_write_strict(a, b, binding->filter, item->is_bare);
    else if (item->is_bare)
        buf_put_c(b, "{}");
    else
        trial_filter_write(a, b, binding->filter, filters,
                           item->condition > 0 ? item->condition - 1 : TRIAL_FILTER_ALL, &place);
}

static bool
has_role(const struct input_value *argument, enum argument_role role)
{
    return argument->binding && argument->binding->role == role;
}

static bool
is_order(const struct input_value *argument)
{
    return has_role(argument, ARGUMENT_ORDER_BY) || has_role(argument, ARGUMENT_GROUP_ORDER);
}

/* Do the orders sort by words that filters find? */
static bool
has_rank(const struct order_choices *choices)
{
    const struct type *type = choices->type;

    for (int i = 0; choices->values && i < type->value_count; i++)
        if (choices->values[i].terms->source == ORDER_RANK)
            return true;
    for (int i = 0; choices->choices && i < type->input_count; i++)
        if (choices->choices[i].term.source == ORDER_RANK)
            return true;
    return false;
}

static bool
is_taken(const struct trial_item *item, const struct input_value *argument)
{
    const struct argument_binding *binding = argument->binding;

    if (!trial_literal_is_optional(argument) || has_role(argument, ARGUMENT_BY))
        return true;
    /* Beside `first` it is an error, and it adds nothing that `before` does not. */
    if (binding && binding->role == ARGUMENT_LAST && !item->argument)
        return false;
    /* A cursor compares what the order sorts by. */
    if (item->argument && is_order(item->argument) && has_role(argument, ARGUMENT_AFTER))
        return true;
    if (item->argument && has_role(item->argument, ARGUMENT_ORDER_BY) &&
        has_role(argument, ARGUMENT_FILTER) && has_rank(item->argument->binding->order))
        return true;
    return !item->is_bare && (!item->argument || item->argument == argument);
}

/* The keys that tell groups apart: one, or all where an order may want any of them. */
static void
write_keys(struct buf *b, const struct trial_item *item, const struct input_value *by)
{
    const struct type *type = type_named(by->type);
    bool wants_all =
        !item->is_bare && (!item->argument || has_role(item->argument, ARGUMENT_GROUP_ORDER));

    buf_byte(b, '[');
    for (int i = 0; i < (wants_all ? type->value_count : 1); i++) {
        buf_put(b, type->values[i].name);
        buf_byte(b, ' ');
    }
    buf_byte(b, ']');
}

static void
write_arguments(struct arena *a, struct buf *b, const struct trial_item *item,
                const struct map *filters)
{
    bool has_any = false;

    for (int i = 0; i < item->field->argument_count; i++) {
        const struct input_value *argument = &item->field->arguments[i];
        if (!is_taken(item, argument))
            continue;
        buf_put_c(b, has_any ? ", " : "(");
        buf_put(b, argument->name);
        buf_put_c(b, ": ");
        if (has_role(argument, ARGUMENT_BY))
            write_keys(b, item, argument);
        else if (has_role(argument, ARGUMENT_FILTER))
            write_filter(a, b, item, argument->binding, filters);
        else if (is_order(argument))
            trial_order_write(b, argument->type, item->argument == argument ? item->term : 0);
        else
            trial_literal_write(b, argument->type);
        has_any = true;
    }
    if (has_any)
        buf_byte(b, ')');
}

/* All that a connection asks of the database, but what its nodes show. */
static void
write_connection(struct buf *b, const struct type *type)
{
    buf_put_c(b, " { edges { cursor } pageInfo { hasNextPage hasPreviousPage }");
    for (int i = 0; i < type->field_count; i++)
        if (str_is(type->fields[i].name, "totalCount"))
            buf_put_c(b, " totalCount");
    buf_put_c(b, " }");
}

static void
write_item(struct arena *a, struct buf *b, const struct trial_item *item, const struct map *filters,
           int number)
{
    buf_printf(b, " i%d: %.*s", number, STR_PRINT(item->field->name));
    write_arguments(a, b, item, filters);
    if (binding_of_type(type_named(item->field->type))->connection)
        write_connection(b, type_named(item->field->type));
    else if (type_is_composite(type_named(item->field->type)))
        buf_put_c(b, " { __typename }");
}

struct str
trial_document(struct arena *a, const struct trial_path *path, const struct trial_item *items,
               int count)
{
    struct buf *b = buf_new(a);

    if (!str_starts_with(path->before, STR("mutation")))
        buf_put_c(b, "query");
    buf_put(b, path->before);
    buf_put_c(b, " {");
    if (count == 0)
        buf_put_c(b, " __typename");
    for (int i = 0; i < count; i++)
        write_item(a, b, &items[i], path->filters, i);
    buf_put_c(b, " }");
    buf_put(b, path->after);
    return buf_copy(a, b);
}

/* --- items --- */

/* Is it one of the arguments of which @exactlyOne wants one? */
static bool
is_chosen(const struct input_value *argument)
{
    const struct argument_binding *binding = argument->binding;

    return binding && (binding->role == ARGUMENT_EQUALS || binding->role == ARGUMENT_SEARCH);
}

static bool
is_exactly_one(const struct field *field)
{
    return field->binding && field->binding->is_exactly_one;
}

/* How many items the argument has of its own: one of @exactlyOne, or an order has more terms than
 * are tried at once. */
static int
count_own_items(struct arena *a, const struct field *field, const struct input_value *argument)
{
    if (is_exactly_one(field))
        return is_chosen(argument);
    if (!is_order(argument))
        return 0;
    int step = trial_order_step(argument->type);
    return (trial_order_write(buf_new(a), argument->type, 0) - 1) / step;
}

struct trial_item *
trial_items(struct arena *a, const struct type *type, int *count)
{
    size_t most = 0;

    for (int i = 0; i < type->field_count; i++) {
        most++;
        for (int j = 0; j < type->fields[i].argument_count; j++)
            most += (size_t)count_own_items(a, &type->fields[i], &type->fields[i].arguments[j]);
    }
    struct trial_item *items = ARENA_ARRAY(a, struct trial_item, most);
    *count = 0;
    for (int i = 0; i < type->field_count; i++) {
        const struct field *field = &type->fields[i];
        if (!is_exactly_one(field))
            items[(*count)++] = (struct trial_item){ .field = field };
        for (int j = 0; j < field->argument_count; j++) {
            const struct input_value *argument = &field->arguments[j];
            int own = count_own_items(a, field, argument);
            for (int k = 0; k < own; k++)
                items[(*count)++] = (struct trial_item){
                    .field = field,
                    .argument = argument,
                    .term = is_order(argument) ? (k + 1) * trial_order_step(argument->type) : 0,
                };
        }
    }
    return items;
}

/* --- paths --- */

struct path_search {
    struct arena *arena;
    struct map *found;   /* trial_path by the type's name */
    struct map *filters; /* a set: what each path has */
    struct trial_path *first, **end;
};

static void
add_path(struct path_search *s, const struct type *type, const struct field *root,
         struct str before, struct str after)
{
    if (map_get(s->found, type->name))
        return;
    struct trial_path *path = ARENA_NEW(s->arena, struct trial_path);
    *path = (struct trial_path){
        .type = type, .root = root, .before = before, .after = after, .filters = s->filters
    };
    map_add(s->found, type->name, path);
    *s->end = path;
    s->end = &path->next;
}

/* The field leads on to its type, or to each possible type of that. */
static void
follow(struct path_search *s, const struct trial_path *path, const struct field *field)
{
    const struct type *type = type_named(field->type);
    struct trial_item item = { .field = field, .is_bare = true };
    struct buf *b = buf_new(s->arena);

    if (!type_is_composite(type))
        return;
    for (int i = 0; is_exactly_one(field) && i < field->argument_count; i++)
        if (is_chosen(&field->arguments[i]))
            item = (struct trial_item){ .field = field, .argument = &field->arguments[i] };
    buf_put(b, path->before);
    buf_put_c(b, " { ");
    buf_put(b, field->name);
    write_arguments(s->arena, b, &item, NULL);
    struct str before = buf_copy(s->arena, b);
    struct str after = str_format(s->arena, " }%.*s", STR_PRINT(path->after));
    const struct field *root = path->root ? path->root : field;
    if (type->kind == TYPE_OBJECT)
        add_path(s, type, root, before, after);
    for (int i = 0; type->kind != TYPE_OBJECT && i < type->possible_count; i++) {
        struct str within = str_format(s->arena, "%.*s { ... on %.*s", STR_PRINT(before),
                                       STR_PRINT(type->possible[i]->name));
        struct str without = str_format(s->arena, " }%.*s", STR_PRINT(after));
        add_path(s, type->possible[i], root, within, without);
    }
}

static void
find_filters(struct map *filters, const struct type *query)
{
    for (int i = 0; i < query->field_count; i++)
        for (int j = 0; j < query->fields[i].argument_count; j++) {
            const struct input_value *argument = &query->fields[i].arguments[j];
            if (has_role(argument, ARGUMENT_FILTER))
                map_put(filters, type_named(argument->type)->name, filters);
        }
}

const struct trial_path *
trial_paths(struct arena *a, const struct schema *schema)
{
    struct path_search s = { .arena = a, .found = map_new(a), .filters = map_new(a) };

    s.end = &s.first;
    find_filters(s.filters, schema->query);
    add_path(&s, schema->query, NULL, STR(""), STR(""));
    struct trial_path *path = s.first;
    for (bool has_mutation = false; path; path = path->next) {
        for (int i = 0; i < path->type->field_count; i++)
            follow(&s, path, &path->type->fields[i]);
        if (!path->next && schema->mutation && !has_mutation) {
            add_path(&s, schema->mutation, NULL, STR("mutation"), STR(""));
            has_mutation = true;
        }
    }
    return s.first;
}
