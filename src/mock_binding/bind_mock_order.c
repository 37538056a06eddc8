/*
 * bind_mock_order.c - what lists are sorted by where values are made up.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "mock_binding/bind_mock_internal.h"

/* --- @order --- */

static size_t
count_terms(struct str text)
{
    size_t count = 1;

    for (size_t i = 0; i < text.len; i++)
        count += text.ptr[i] == ',';
    return count;
}

struct mock_orders
bind_mock_orders(struct binder *b, const struct type *target, struct str text)
{
    struct mock_order *list = ARENA_ARRAY(b->arena, struct mock_order, count_terms(text));
    struct mock_orders orders = { list, 0 };

    while (text.len > 0) {
        size_t end = str_find(text, ','), skip = end < text.len ? end + 1 : end;
        struct str term = str_trim((struct str){ text.ptr, end });
        size_t word = str_find(term, ' ');
        struct mock_order *order = &list[orders.count];
        text = (struct str){ text.ptr + skip, text.len - skip };
        order->field = bind_mock_column(b, target, (struct str){ term.ptr, word });
        mock_argument_direction(order, (struct str){ term.ptr + word, term.len - word });
        orders.count += order->field != NULL;
    }
    return orders;
}

/* --- enums --- */

/* `CREATED_AT_DESC`: the field that is called so, in whatever case. */
static const struct field *
find_called(struct binder *b, const struct type *target, struct str name)
{
    for (int i = 0; i < target->field_count; i++) {
        const struct field *field = &target->fields[i];
        bool is_leaf = type_is_leaf(type_nullable(field->type));
        if (is_leaf && str_equal_nocase(str_snake_case(b->arena, field->name), name))
            return field;
    }
    return NULL;
}

static const char *const endings[] = {
    "_ASC_NULLS_FIRST", "_ASC_NULLS_LAST", "_DESC_NULLS_FIRST", "_DESC_NULLS_LAST", "_ASC", "_DESC"
};

static struct mock_orders
bind_value(struct binder *b, const struct type *target, const struct enum_value *value)
{
    const struct ast_directive *said = ast_find_directive(value->ast->directives, "order");
    struct mock_order *order = ARENA_NEW(b->arena, struct mock_order);
    struct str stem = value->name;

    if (said)
        return bind_mock_orders(b, target, binder_directive_text(b, said, "by"));
    if (ast_find_directive(value->ast->directives, "search")) /* nothing fits words better */
        return (struct mock_orders){ 0 };
    for (size_t i = 0; i < ARRAY_LENGTH(endings); i++) {
        struct str ending = str_from(endings[i]);
        if (!str_ends_with(stem, ending))
            continue;
        mock_argument_direction(order, ending);
        stem.len -= ending.len;
        break;
    }
    order->field = find_called(b, target, stem);
    return (struct mock_orders){ order, order->field != NULL };
}

/* --- input objects --- */

static struct mock_member
bind_member(struct binder *b, const struct type *target, const struct input_value *input)
{
    const struct ast_node *directives = input->ast->directives;
    const struct field *field = schema_find_field(b->schema, target, input->name);
    bool is_leaf = type_is_leaf(type_named(input->type));

    if (ast_find_directive(directives, "column"))
        field = bind_mock_column(b, target, binder_column_name(b, directives, input->name));
    if (!field)
        field = bind_mock_made(b, target, directives);
    if (!field)
        return (struct mock_member){ 0 };
    const struct type *named = type_named(field->type);
    if (!is_leaf)
        return type_is_composite(type_nullable(field->type))
                   ? (struct mock_member){ MOCK_MEMBER_ONE, field,
                                           bind_mock_sort(b, type_named(input->type), named) }
                   : (struct mock_member){ 0 };
    if (type_is_leaf(type_nullable(field->type)))
        return (struct mock_member){ MOCK_MEMBER_LEAF, field, NULL };
    bool is_count = ast_find_directive(directives, "count") && type_is_composite(named);
    return (struct mock_member){ is_count ? MOCK_MEMBER_COUNT : MOCK_MEMBER_UNKNOWN, field, NULL };
}

const struct mock_sort *
bind_mock_sort(struct binder *b, const struct type *type, const struct type *target)
{
    for (const struct mock_sort *sort = b->mock_sorts; sort; sort = sort->next)
        if (sort->type == type && sort->target == target)
            return sort;
    struct mock_sort *sort = ARENA_NEW(b->arena, struct mock_sort);
    *sort = (struct mock_sort){ .type = type, .target = target, .next = b->mock_sorts };
    b->mock_sorts = sort; /* its members may lead back to it */
    if (type->kind == TYPE_ENUM) {
        struct mock_orders *values =
            ARENA_ARRAY(b->arena, struct mock_orders, (size_t)type->value_count);
        for (int i = 0; i < type->value_count; i++)
            values[i] = bind_value(b, target, &type->values[i]);
        sort->values = values;
        return sort;
    }
    struct mock_member *members =
        ARENA_ARRAY(b->arena, struct mock_member, (size_t)type->input_count);
    for (int i = 0; i < type->input_count; i++)
        members[i] = bind_member(b, target, &type->inputs[i]);
    sort->members = members;
    return sort;
}
