/*
 * bind_mock_filter.c - what filters ask of objects where values are made up.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "binding/filter.h"
#include "mock_binding/bind_mock_internal.h"

static const char *const quantifiers[] = { "some", "every", "none" };

/* The input's name, or what its @operator says. */
static struct str
word_of(struct binder *b, const struct input_value *input)
{
    struct str said =
        binder_directive_text(b, ast_find_directive(input->ast->directives, "operator"), "name");

    return said.ptr ? said : input->name;
}

/* --- operators and quantifiers --- */

static int
find_operator(struct str word)
{
    for (int i = 0; i < FILTER_OPERATOR_COUNT; i++)
        if (str_is(word, filter_operators[i].name))
            return i;
    return -1;
}

static int
find_quantifier(struct str word)
{
    for (size_t i = 0; i < ARRAY_LENGTH(quantifiers); i++)
        if (str_is(word, quantifiers[i]))
            return (int)i;
    return -1;
}

/* Does each input of the input object mean such a word? */
static bool
has_only(struct binder *b, const struct type *type, int (*find)(struct str word), bool are_leaves)
{
    for (int i = 0; i < type->input_count; i++)
        if (find(word_of(b, &type->inputs[i])) < 0 ||
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

/* --- what is judged before it is asked, as filters of rows are --- */

static const struct bound_comparison *
list_comparisons(struct binder *b, const struct mock_part *part)
{
    int count = type_is_leaf(part->type) ? 1 : part->type->input_count;
    struct bound_comparison *list = ARENA_ARRAY(b->arena, struct bound_comparison, (size_t)count);

    for (int i = 0; i < count; i++) {
        int op = find_operator(part->words[i]);
        list[i].op = op < 0 ? FILTER_EQ : (enum filter_operator)op;
    }
    return list;
}

static const struct bound_quantifier *
list_quantifiers(struct binder *b, const struct mock_part *part)
{
    struct bound_quantifier *list =
        ARENA_ARRAY(b->arena, struct bound_quantifier, (size_t)part->type->input_count);

    for (int i = 0; i < part->type->input_count; i++)
        list[i] =
            (struct bound_quantifier){ (enum filter_quantifier)find_quantifier(part->words[i]),
                                       &part->filter->judged };
    return list;
}

static struct filter_field
make_judged(struct binder *b, const struct mock_part *part, enum filter_field_kind kind)
{
    struct filter_field field = { .kind = kind };

    if (kind == FILTER_COLUMN)
        field.comparisons = list_comparisons(b, part);
    else if (kind == FILTER_TO_MANY)
        field.quantifiers = list_quantifiers(b, part);
    else
        field.filter = &part->filter->judged;
    return field;
}

/* --- parts --- */

/* A value: it is equal, or what its @operator says, or its @search finds it. */
static struct mock_part
bind_leaf(struct binder *b, const struct type *target, const struct input_value *input)
{
    const struct ast_node *directives = input->ast->directives;
    const struct ast_directive *search = ast_find_directive(directives, "search");
    struct str *word = ARENA_NEW(b->arena, struct str);
    struct mock_part part = { .type = type_named(input->type), .words = word };

    *word = ast_find_directive(directives, "operator") ? word_of(b, input) : STR("eq");
    if (search) {
        struct argument_binding *searched = ARENA_NEW(b->arena, struct argument_binding);
        bind_mock_searched(b, target, search, searched);
        part.kind = MOCK_PART_SEARCH;
        part.searched = searched;
        *word = STR("iContains");
        return part;
    }
    part.field = find_compared(b, target, input);
    part.kind = part.field ? MOCK_PART_VALUE : MOCK_PART_UNKNOWN;
    return part;
}

/* A comparison, or what is to hold of other objects.  What no field of the object is called like
 * is judged all the same. */
static struct mock_part
bind_field(struct binder *b, const struct type *target, const struct input_value *input,
           enum filter_field_kind *kind)
{
    const struct type *type = type_named(input->type);
    struct mock_part part = { .type = type, .words = read_words(b, type) };

    *kind = FILTER_COLUMN;
    if (type_is_leaf(type))
        return bind_leaf(b, target, input);
    if (has_only(b, type, find_operator, true)) {
        part.field = find_compared(b, target, input);
        if (part.field)
            part.kind = MOCK_PART_OPERATORS;
        return part;
    }
    bool is_many = has_only(b, type, find_quantifier, false);
    part.field = schema_find_field(b->schema, target, input->name);
    const struct type *shown = part.field ? find_shown(part.field) : NULL;
    if (shown && is_many == shows_many(part.field))
        part.kind = is_many ? MOCK_PART_MANY : MOCK_PART_ONE;
    *kind = is_many ? FILTER_TO_MANY : FILTER_TO_ONE;
    const struct type *inner = is_many ? type_named(type->inputs[0].type) : type;
    part.filter = bind_mock_filter(b, inner, part.kind == MOCK_PART_UNKNOWN ? target : shown);
    return part;
}

static const struct {
    const char *name;
    enum mock_part_kind kind;
    enum filter_field_kind judged;
} combinations[] = { { "and", MOCK_PART_AND, FILTER_AND },
                     { "or", MOCK_PART_OR, FILTER_OR },
                     { "not", MOCK_PART_NOT, FILTER_NOT } };

static struct mock_part
bind_part(struct binder *b, const struct mock_filter *filter, const struct input_value *input,
          enum filter_field_kind *kind)
{
    struct str word = word_of(b, input);

    for (size_t i = 0; i < ARRAY_LENGTH(combinations); i++) {
        bool is_list = type_nullable(input->type)->kind == TYPE_LIST;
        *kind = combinations[i].judged;
        if (str_is(word, combinations[i].name) && type_named(input->type) == filter->type &&
            is_list == (*kind != FILTER_NOT))
            return (struct mock_part){ .kind = combinations[i].kind, .filter = filter };
    }
    return bind_field(b, filter->target, input, kind);
}

const struct mock_filter *
bind_mock_filter(struct binder *b, const struct type *type, const struct type *target)
{
    for (const struct mock_filter *filter = b->mock_filters; filter; filter = filter->next)
        if (filter->type == type && filter->target == target)
            return filter;
    size_t count = (size_t)type->input_count;
    struct mock_filter *filter = ARENA_NEW(b->arena, struct mock_filter);
    struct mock_part *parts = ARENA_ARRAY(b->arena, struct mock_part, count);
    struct filter_field *judged = ARENA_ARRAY(b->arena, struct filter_field, count);
    *filter = (struct mock_filter){
        .type = type,
        .target = target,
        .parts = parts,
        .judged = { .type = type, .fields = judged },
        .next = b->mock_filters,
    };
    b->mock_filters = filter; /* its parts may be of this filter again */
    for (int i = 0; i < type->input_count; i++) {
        enum filter_field_kind kind;
        parts[i] = bind_part(b, filter, &type->inputs[i], &kind);
        judged[i] = make_judged(b, &parts[i], kind);
    }
    return filter;
}
