/*
 * bind_mock_argument.c - what a field's arguments do where its values are made up.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "value/value.h"
#include "mock_binding/bind_mock_internal.h"

#include <assert.h>

/* Arguments of lists that are known by their names. */
static const struct {
    const char *name;
    const char *type; /* NULL: any */
    enum argument_role role;
} named[] = {
    { "first", "Int", ARGUMENT_FIRST },  { "limit", "Int", ARGUMENT_FIRST },
    { "skip", "Int", ARGUMENT_SKIP },    { "offset", "Int", ARGUMENT_SKIP },
    { "last", "Int", ARGUMENT_LAST },    { "after", NULL, ARGUMENT_AFTER },
    { "before", NULL, ARGUMENT_BEFORE }, { "orderBy", NULL, ARGUMENT_ORDER_BY },
};

/* Arguments whose text is searched for, where the type has no field of that name. */
static const char *const searches[] = { "search", "query", "q", "text", "filter" };

const struct field *
bind_mock_column(struct binder *b, const struct type *type, struct str column)
{
    for (int i = 0; i < type->field_count; i++) {
        const struct field *field = &type->fields[i];
        if (type_is_leaf(type_nullable(field->type)) &&
            str_equal(binder_column_name(b, field->ast->directives, field->name), column))
            return field;
    }
    return NULL;
}

static bool
is_text(const struct field *field)
{
    return str_is(type_nullable(field->type)->name, "String");
}

/* Add the fields of an object type that are named or, for NULL, all texts. */
static void
add_searched(struct binder *b, const struct type *type, const struct ast_directive *directive,
             const struct ast_node *names, struct argument_binding *binding)
{
    for (int i = 0; i < type->field_count; i++) {
        const struct field *field = &type->fields[i];
        bool is_named = !directive && is_text(field);
        for (const struct ast_node *node = names; node; node = node->next)
            is_named |= bind_mock_column(b, type, ast_as(value, node)->text) == field;
        if (is_named)
            binding->fields[binding->field_count++] = field;
    }
}

void
bind_mock_searched(struct binder *b, const struct type *target,
                   const struct ast_directive *directive, struct argument_binding *binding)
{
    const struct ast_node *value =
        directive && directive->arguments ? ast_as(argument, directive->arguments)->value : NULL;
    const struct ast_node *names =
        value && value->kind == AST_LIST ? ast_as(value, value)->values : value;
    int count = target->field_count;

    for (int i = 0; i < target->possible_count; i++)
        count += target->possible[i]->field_count;
    binding->role = ARGUMENT_SEARCH;
    binding->fields = ARENA_ARRAY(b->arena, const struct field *, (size_t)count);
    if (target->kind == TYPE_OBJECT)
        add_searched(b, target, directive, names, binding);
    for (int i = 0; i < target->possible_count; i++)
        add_searched(b, target->possible[i], directive, names, binding);
    assert(binding->field_count <= count);
}

/* The field that an argument is compared with: of its name, or by @column; `postedById` is
 * the key of `postedBy`. */
const struct field *
bind_mock_compared(struct binder *b, const struct type *target, const struct input_value *argument)
{
    const struct field *field = schema_find_field(b->schema, target, argument->name);
    struct str stem = argument->name;

    if (field &&
        (type_is_leaf(type_nullable(field->type)) || type_is_composite(type_nullable(field->type))))
        return field;
    if (ast_find_directive(argument->ast->directives, "function"))
        return bind_mock_made(b, target, argument->ast->directives);
    if (ast_find_directive(argument->ast->directives, "column"))
        return bind_mock_column(b, target,
                                binder_column_name(b, argument->ast->directives, argument->name));
    if (str_is(stem, "ids"))
        return schema_find_field(b->schema, target, STR("id"));
    if (!str_ends_with(stem, STR("Id")))
        return NULL;
    stem.len -= 2;
    field = schema_find_field(b->schema, target, stem);
    return field && type_is_composite(type_nullable(field->type)) ? field : NULL;
}

const struct field *
bind_mock_made(struct binder *b, const struct type *target, const struct ast_node *directives)
{
    const struct ast_directive *called = ast_find_directive(directives, "function");
    struct str name = binder_directive_text(b, called, "name");

    for (int i = 0; called && i < target->field_count; i++) {
        const struct ast_directive *shown =
            ast_find_directive(target->fields[i].ast->directives, "function");
        if (shown && str_equal(binder_directive_text(b, shown, "name"), name))
            return &target->fields[i];
    }
    return NULL;
}

static bool
is_search(const struct input_value *argument)
{
    for (size_t i = 0; i < ARRAY_LENGTH(searches); i++)
        if (str_is(argument->name, searches[i]))
            return str_is(type_nullable(argument->type)->name, "String");
    return false;
}

static struct mock_argument *
add_mock(struct binder *b, struct argument_binding *binding)
{
    struct mock_argument *mock = ARENA_NEW(b->arena, struct mock_argument);

    binding->mock = mock;
    return mock;
}

/* Is it an input object of conditions? */
static bool
is_filter(const struct input_value *argument)
{
    const struct type *type = type_nullable(argument->type);

    return type->kind == TYPE_INPUT_OBJECT && !type->is_one_of;
}

static bool
bind_named(struct binder *b, const struct mock *mock, const struct input_value *argument,
           struct argument_binding *binding)
{
    const struct type *type = type_named(argument->type);

    for (size_t i = 0; i < ARRAY_LENGTH(named); i++) {
        if (!str_is(argument->name, named[i].name) ||
            (named[i].type && !str_is(type->name, named[i].type)))
            continue;
        if (named[i].role == ARGUMENT_ORDER_BY && mock->role == MOCK_GROUPS)
            return false;
        if (named[i].role == ARGUMENT_ORDER_BY && type->kind != TYPE_INPUT_OBJECT &&
            type->kind != TYPE_ENUM)
            return false;
        binding->role = named[i].role;
        if (binding->role == ARGUMENT_ORDER_BY)
            add_mock(b, binding)->sort = bind_mock_sort(b, type, mock->target);
        return true;
    }
    return false;
}

static void
bind_one(struct binder *b, const struct field *field, const struct mock *mock,
         const struct input_value *argument, struct argument_binding *binding)
{
    const struct ast_directive *search = ast_find_directive(argument->ast->directives, "search");
    bool is_many = bind_mock_is_many(mock);
    /* What an SQL function does with its arguments is its own business. */
    bool is_known =
        !ast_find_directive(field->ast->directives, "function") || str_is(argument->name, "id");

    if (is_many && bind_named(b, mock, argument, binding))
        return;
    binding->role = ARGUMENT_PARAMETER;
    if (is_many && is_filter(argument)) {
        struct mock_argument *added = add_mock(b, binding);
        added->filter = bind_mock_filter(b, type_named(argument->type), mock->target);
        binding->role = ARGUMENT_FILTER;
        binding->filter = &added->filter->judged;
        return;
    }
    if (!is_known || (!is_many && mock->role != MOCK_OBJECT))
        return;
    const struct field *compared = bind_mock_compared(b, mock->target, argument);
    if (!search && compared) {
        binding->role = ARGUMENT_EQUALS;
        binding->fields = ARENA_NEW(b->arena, const struct field *);
        binding->fields[binding->field_count++] = compared;
    } else if (is_many && (search || is_search(argument))) {
        bind_mock_searched(b, mock->target, search, binding);
    }
}

bool
bind_mock_is_many(const struct mock *mock)
{
    return mock->role == MOCK_LIST || mock->role == MOCK_PAGE || mock->role == MOCK_TOTALS ||
           mock->role == MOCK_GROUPS;
}

void
bind_mock_arguments(struct binder *b, struct field *field, const struct mock *mock)
{
    for (int i = 0; i < field_call_count(field); i++) {
        struct argument_binding *binding = ARENA_NEW(b->arena, struct argument_binding);
        bind_one(b, field, mock, &field->arguments[i], binding);
        field->arguments[i].binding = binding;
    }
}
