/*
 * bind_mock_filter.c - what filters ask of objects where values are made up.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "mock_binding/bind_mock_internal.h"

static const char *const operators[] = {
    "eq",          "ne",        "in",     "nin",     "lt",        "lte",        "gt",
    "gte",         "isNull",    "like",   "iLike",   "iEq",       "contains",   "iContains",
    "startsWith",  "endsWith",  "has",    "hasAll",  "hasAny",    "within",     "isEmpty",
    "iStartsWith", "iEndsWith", "hasKey", "matches", "hasAnyKey", "hasAllKeys",
};
static const char *const quantifiers[] = { "some", "every", "none" };

/* The input's name, or what its @operator says. */
static struct str
word_of(struct binder *b, const struct input_value *input)
{
    struct str said =
        binder_directive_text(b, ast_find_directive(input->ast->directives, "operator"), "name");

    return said.ptr ? said : input->name;
}

static bool
is_one_of(struct str word, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_is(word, list[i]))
            return true;
    return false;
}

/* Does each input of the input object mean one of these words? */
static bool
has_only(struct binder *b, const struct type *type, const char *const *list, size_t count,
         bool are_leaves)
{
    for (int i = 0; i < type->input_count; i++)
        if (!is_one_of(word_of(b, &type->inputs[i]), list, count) ||
            type_is_leaf(type_named(type->inputs[i].type)) != are_leaves)
            return false;
    return true;
}

static const struct str *
read_words(struct binder *b, const struct type *type)
{
    struct str *words = ARENA_ARRAY(b->arena, struct str, (size_t)type->input_count);

    for (int i = 0; i < type->input_count; i++)
        words[i] = word_of(b, &type->inputs[i]);
    return words;
}

/* The objects that a field of rows shows; NULL: none. */
static const struct type *
find_shown(const struct field *field)
{
    const struct type *named = type_named(field->type);

    if (!type_is_composite(named))
        return NULL;
    const struct mock_type *mock = binding_of_type(named)->mock;
    return mock && mock->shape == MOCK_CONNECTION ? mock->node : named;
}

static bool
shows_many(const struct field *field)
{
    return type_nullable(field->type)->kind == TYPE_LIST ||
           find_shown(field) != type_named(field->type);
}

/* The field that the input compares: one value, or of operators also a list of them. */
static const struct field *
find_compared(struct binder *b, const struct type *target, const struct input_value *input)
{
    const struct field *field = bind_mock_compared(b, target, input);

    if (field || type_is_leaf(type_named(input->type)))
        return field;
    field = schema_find_field(b->schema, target, input->name);
    return field && type_is_leaf(type_named(field->type)) ? field : NULL;
}

/* A comparison, or what is to hold of other objects. */
static struct mock_part
bind_field(struct binder *b, const struct type *target, const struct input_value *input)
{
    const struct type *type = type_named(input->type);
    const struct field *field = find_compared(b, target, input);
    bool is_leaf = type_is_leaf(type);

    if (is_leaf || has_only(b, type, operators, ARRAY_LENGTH(operators), true))
        return (struct mock_part){ .kind = !field    ? MOCK_PART_UNKNOWN
                                           : is_leaf ? MOCK_PART_EQUALS
                                                     : MOCK_PART_OPERATORS,
                                   .field = field,
                                   .type = type,
                                   .words = read_words(b, type) };
    field = schema_find_field(b->schema, target, input->name);
    const struct type *shown = field ? find_shown(field) : NULL;
    bool is_many = has_only(b, type, quantifiers, ARRAY_LENGTH(quantifiers), false);
    if (!shown || is_many != shows_many(field) || type->input_count == 0)
        return (struct mock_part){ .kind = MOCK_PART_UNKNOWN };
    const struct type *inner = is_many ? type_named(type->inputs[0].type) : type;
    return (struct mock_part){ .kind = is_many ? MOCK_PART_MANY : MOCK_PART_ONE,
                               .field = field,
                               .type = type,
                               .words = read_words(b, type),
                               .filter = bind_mock_filter(b, inner, shown) };
}

static const struct {
    const char *name;
    enum mock_part_kind kind;
} combinations[] = { { "and", MOCK_PART_AND }, { "or", MOCK_PART_OR }, { "not", MOCK_PART_NOT } };

static struct mock_part
bind_part(struct binder *b, const struct mock_filter *filter, const struct input_value *input)
{
    struct str word = word_of(b, input);

    for (size_t i = 0; i < ARRAY_LENGTH(combinations); i++)
        if (str_is(word, combinations[i].name) && type_named(input->type) == filter->type)
            return (struct mock_part){ .kind = combinations[i].kind, .filter = filter };
    return bind_field(b, filter->target, input);
}

const struct mock_filter *
bind_mock_filter(struct binder *b, const struct type *type, const struct type *target)
{
    for (const struct mock_filter *filter = b->mock_filters; filter; filter = filter->next)
        if (filter->type == type && filter->target == target)
            return filter;
    struct mock_filter *filter = ARENA_NEW(b->arena, struct mock_filter);
    struct mock_part *parts = ARENA_ARRAY(b->arena, struct mock_part, (size_t)type->input_count);
    *filter = (struct mock_filter){ type, target, parts, b->mock_filters };
    b->mock_filters = filter; /* its parts may be of this filter again */
    for (int i = 0; i < type->input_count; i++)
        parts[i] = bind_part(b, filter, &type->inputs[i]);
    return filter;
}
