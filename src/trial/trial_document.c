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

/* Input objects may refer to themselves. */
enum { VALUE_DEPTH = 4 };

/* A literal for each scalar; of others, a text. */
static const struct {
    const char *name, *literal;
} literals[] = {
    { "Int", "1" },
    { "Float", "1.5" },
    { "Boolean", "true" },
    { "ID", "\"1\"" },
    { "DateTime", "\"2000-01-01T00:00:00Z\"" },
    { "DateTimeMicros", "\"2000-01-01T00:00:00Z\"" },
    { "LocalDateTime", "\"2000-01-01T00:00:00\"" },
};

static void write_literal(struct buf *b, const struct type *type, int depth);

static void
write_scalar_literal(struct buf *b, const struct type *type)
{
    const char *literal = "\"x\"";

    for (size_t i = 0; i < ARRAY_LENGTH(literals); i++)
        if (str_is(type->name, literals[i].name))
            literal = literals[i].literal;
    buf_put_c(b, literal);
}

/* Of an input object with @oneOf, the input `only`; of others, all of them. */
static void
write_object_literal(struct buf *b, const struct type *type, int only, int depth)
{
    buf_byte(b, '{');
    for (int i = 0; i < type->input_count; i++) {
        if ((type->is_one_of && i != only) || (depth == 0 && trial_is_optional(&type->inputs[i])))
            continue;
        buf_put(b, type->inputs[i].name);
        buf_put_c(b, ": ");
        write_literal(b, type->inputs[i].type, depth > 0 ? depth - 1 : 0);
        buf_byte(b, ' ');
    }
    buf_byte(b, '}');
}

/* One item; of input objects with @oneOf, which orders are, an item for each of their inputs. */
static void
write_list_literal(struct buf *b, const struct type *type, int depth)
{
    const struct type *item = type_nullable(type);
    bool is_one_of = item->kind == TYPE_INPUT_OBJECT && item->is_one_of;

    buf_byte(b, '[');
    for (int i = 0; i < (is_one_of ? item->input_count : 1); i++) {
        if (is_one_of)
            write_object_literal(b, item, i, depth);
        else
            write_literal(b, item, depth);
        buf_byte(b, ' ');
    }
    buf_byte(b, ']');
}

static void
write_literal(struct buf *b, const struct type *type, int depth)
{
    const struct type *nullable = type_nullable(type);

    switch (nullable->kind) {
    case TYPE_LIST:
        write_list_literal(b, nullable->of, depth);
        break;
    case TYPE_ENUM:
        buf_put(b, nullable->values[0].name);
        break;
    case TYPE_INPUT_OBJECT:
        write_object_literal(b, nullable, 0, depth);
        break;
    default:
        assert(nullable->kind == TYPE_SCALAR);
        write_scalar_literal(b, nullable);
        break;
    }
}

bool
trial_is_optional(const struct input_value *argument)
{
    return argument->type->kind != TYPE_NON_NULL || argument->default_value;
}

static bool
has_role(const struct input_value *argument, enum argument_role role)
{
    return argument->binding && argument->binding->role == role;
}

static bool
is_taken(const struct trial_item *item, const struct input_value *argument)
{
    const struct argument_binding *binding = argument->binding;

    if (!trial_is_optional(argument) || has_role(argument, ARGUMENT_BY))
        return true;
    /* Beside `first` it is an error, and it adds nothing that `before` does not. */
    if (binding && binding->role == ARGUMENT_LAST && !item->argument)
        return false;
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
write_arguments(struct buf *b, const struct trial_item *item)
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
        else
            write_literal(b, argument->type, VALUE_DEPTH);
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
write_item(struct buf *b, const struct trial_item *item, int number)
{
    buf_printf(b, " i%d: %.*s", number, STR_PRINT(item->field->name));
    write_arguments(b, item);
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
        write_item(b, &items[i], i);
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

struct trial_item *
trial_items(struct arena *a, const struct type *type, int *count)
{
    size_t most = 0;

    for (int i = 0; i < type->field_count; i++)
        most += 1 + (size_t)type->fields[i].argument_count;
    struct trial_item *items = ARENA_ARRAY(a, struct trial_item, most);
    *count = 0;
    for (int i = 0; i < type->field_count; i++) {
        const struct field *field = &type->fields[i];
        if (!is_exactly_one(field))
            items[(*count)++] = (struct trial_item){ .field = field };
        for (int j = 0; is_exactly_one(field) && j < field->argument_count; j++)
            if (is_chosen(&field->arguments[j]))
                items[(*count)++] =
                    (struct trial_item){ .field = field, .argument = &field->arguments[j] };
    }
    return items;
}

/* --- paths --- */

struct path_search {
    struct arena *arena;
    struct map *found; /* trial_path by the type's name */
    struct trial_path *first, **end;
};

static void
add_path(struct path_search *s, const struct type *type, const struct field *root,
         struct str before, struct str after)
{
    if (map_get(s->found, type->name))
        return;
    struct trial_path *path = ARENA_NEW(s->arena, struct trial_path);
    *path = (struct trial_path){ .type = type, .root = root, .before = before, .after = after };
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
    write_arguments(b, &item);
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

const struct trial_path *
trial_paths(struct arena *a, const struct schema *schema)
{
    struct path_search s = { .arena = a, .found = map_new(a) };

    s.end = &s.first;
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
