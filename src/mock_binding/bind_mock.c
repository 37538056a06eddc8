/*
 * bind_mock.c - a contract without a database: every field of it is made up.
 *
 * First every object type gets its shape, since a field depends on those of both
 * its ends; then every field is bound.  Arguments are those of bind_argument.c by
 * name, with fields of the object type in place of columns.
 *
 * SPDX-License-Identifier: MIT
 */
#include "mock_binding/bind_mock.h"

#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "value/value.h"
#include "binder_base/binder.h"
#include "mock_binding/bind_mock_internal.h"

/* Objects of a type, unless @mock(count:) says otherwise: a few pages of a list. */
enum { ENTITY_COUNT = 250 };

/* Comparable values depend on nothing but the type. */
static const struct binding comparable = { .kind = BINDING_MOCK };

/* --- shapes --- */

static bool
has_field(const struct schema *schema, const struct type *type, const char *name)
{
    return schema_find_field(schema, type, str_from(name)) != NULL;
}

static const struct type *
field_type(const struct schema *schema, const struct type *type, const char *name)
{
    const struct field *field = schema_find_field(schema, type, str_from(name));

    return field ? type_named(field->type) : NULL;
}

/* Mark what the type's fields lead to. */
static void
reach(struct map *reached, const struct type *type)
{
    if (!type_is_composite(type) || map_add(reached, type->name, (void *)type))
        return;
    for (int i = 0; i < type->possible_count; i++)
        reach(reached, type->possible[i]);
    for (int i = 0; i < type->field_count; i++)
        reach(reached, type_named(type->fields[i].type));
}

static bool
is_node(const struct type *type)
{
    for (int i = 0; i < type->interface_count; i++)
        if (str_is(type->interfaces[i]->name, "Node"))
            return true;
    return false;
}

/* Are global ids keys alone, as @globalId(form: KEY) on Node says? */
static bool
has_plain_ids(struct binder *b)
{
    const struct type *node = schema_find_type(b->schema, STR("Node"));

    return node &&
           str_is(bind_mock_word(binder_type_directive(b, node, "globalId"), "form"), "KEY");
}

static void
shape_entity(struct binder *b, const struct type *type, struct mock_type *mock)
{
    const struct ast_directive *directive = binder_type_directive(b, type, "mock");

    mock->shape = MOCK_ENTITY;
    mock->key = schema_find_field(b->schema, type, STR("id"));
    assert(mock->key);
    mock->is_global = is_node(type);
    mock->has_plain_ids = mock->is_global && has_plain_ids(b);
    mock->prefix = binder_directive_text(b, binder_type_directive(b, type, "globalId"), "prefix");
    mock->count = bind_mock_number(b, directive, "count", type->name, ENTITY_COUNT);
}

static void
shape_type(struct binder *b, struct type *type, const struct map *reached)
{
    struct mock_type *mock = ARENA_NEW(b->arena, struct mock_type);
    const struct schema *schema = b->schema;
    const struct field *key = schema_find_field(schema, type, STR("id"));
    const struct type *edge = field_type(schema, type, "edges");

    if (has_field(schema, type, "pageInfo") && (edge || has_field(schema, type, "nodes"))) {
        mock->shape = MOCK_CONNECTION;
        mock->node = edge && type_is_composite(edge) ? field_type(schema, edge, "node")
                                                     : field_type(schema, type, "nodes");
    } else if (has_field(schema, type, "node") && has_field(schema, type, "cursor")) {
        mock->shape = MOCK_EDGE;
        mock->node = field_type(schema, type, "node");
    } else if (has_field(schema, type, "hasNextPage")) {
        mock->shape = MOCK_PAGE_INFO;
    } else if (bind_mock_is_aggregate(b, type)) {
        mock->shape = MOCK_AGGREGATE;
    } else if (key && type_is_leaf(type_nullable(key->type)) && map_get(reached, type->name) &&
               !binder_is_root(b, type)) {
        shape_entity(b, type, mock);
    }
    if ((mock->shape == MOCK_CONNECTION || mock->shape == MOCK_EDGE) &&
        !(mock->node && type_is_composite(mock->node)))
        mock->shape = MOCK_VALUE;
    binder_type_binding(b, type)->mock = mock;
}

/* --- fields --- */

/* Is every object that the type can be one with an id? */
static bool
is_entity(const struct type *type)
{
    if (type->kind == TYPE_OBJECT)
        return binding_of_type(type)->mock && binding_of_type(type)->mock->shape == MOCK_ENTITY;
    for (int i = 0; i < type->possible_count; i++)
        if (!is_entity(type->possible[i]))
            return false;
    return type_is_abstract(type) && type->possible_count > 0;
}

/* What lists are called beside the name of their items, in any contract: `item`, `items`, and
 * as Django has it, `itemSet`. */
static const struct str list_suffixes[] = { STR_INIT(""), STR_INIT("s"), STR_INIT("Set") };

/* Is it the name of a list of what `stem` names one of? */
static bool
is_list_of(struct str name, struct str stem)
{
    for (size_t i = 0; i < ARRAY_LENGTH(list_suffixes); i++)
        if (name.len == stem.len + list_suffixes[i].len && str_starts_with(name, stem) &&
            str_ends_with(name, list_suffixes[i]))
            return true;
    return false;
}

/* The list that `itemCount` counts. */
static const struct field *
find_counted(const struct type *parent, const struct field *field)
{
    struct str stem = field->name;

    if (!str_ends_with(stem, STR("Count")) || !type_is_leaf(type_nullable(field->type)))
        return NULL;
    stem.len -= strlen("Count");
    for (int i = 0; i < parent->field_count; i++) {
        const struct field *list = &parent->fields[i];
        const struct type *target = type_named(list->type);
        bool is_many = type_nullable(list->type)->kind == TYPE_LIST ||
                       (binding_of_type(target)->mock &&
                        binding_of_type(target)->mock->shape == MOCK_CONNECTION);
        if (is_many && is_list_of(list->name, stem) && type_is_composite(target))
            return list;
    }
    return NULL;
}

/* The field of `target` that leads to its one `parent`: one that is called like it, or the
 * first. */
static const struct field *
find_inverse(const struct type *target, const struct type *parent)
{
    const struct field *found = NULL;

    if (!is_entity(parent) || target->kind != TYPE_OBJECT)
        return NULL;
    for (int i = 0; i < target->field_count; i++) {
        const struct field *field = &target->fields[i];
        bool leads = type_nullable(field->type)->kind != TYPE_LIST &&
                     type_is_possible(type_named(field->type), parent);
        if (leads && str_equal_nocase(field->name, parent->name))
            return field;
        if (leads && !found)
            found = field;
    }
    return found;
}

static bool
is_aggregate(const struct type *type)
{
    const struct mock_type *mock = type->kind == TYPE_OBJECT ? binding_of_type(type)->mock : NULL;

    return mock && mock->shape == MOCK_AGGREGATE;
}

static enum mock_role
find_role(const struct type *parent, const struct field *field, const struct mock *mock)
{
    const struct type *type = type_nullable(field->type), *named = type_named(field->type);
    bool is_list = type->kind == TYPE_LIST && type_nullable(type->of)->kind != TYPE_LIST;

    if (type_is_leaf(named)) {
        if (binding_of_type(parent)->mock && binding_of_type(parent)->mock->key == field)
            return MOCK_KEY;
        return mock->counted ? MOCK_COUNT : MOCK_LEAF;
    }
    if (binding_of_type(named)->mock && binding_of_type(named)->mock->shape == MOCK_CONNECTION &&
        type == named)
        return MOCK_PAGE;
    if (is_aggregate(named))
        return type->kind == TYPE_LIST ? MOCK_GROUPS : MOCK_TOTALS;
    return is_list && is_entity(named) ? MOCK_LIST : MOCK_OBJECT;
}

/* The type with global ids of which the field shows one, as @globalId(of:) says; or NULL. */
static const struct type *
find_referred(struct binder *b, const struct field *field)
{
    struct str name =
        binder_directive_text(b, ast_find_directive(field->ast->directives, "globalId"), "of");
    const struct type *type = name.ptr ? schema_find_type(b->schema, name) : NULL;

    return type && type->kind == TYPE_OBJECT && is_entity(type) ? type : NULL;
}

/* What a field of a type with global ids, or one that shows such an id, is besides. */
static void
bind_ids(struct binder *b, const struct type *parent, const struct field *field, struct mock *mock)
{
    const struct mock_type *own = binding_of_type(parent)->mock;
    const struct ast_directive *column = ast_find_directive(field->ast->directives, "column");
    const struct type *referred = find_referred(b, field);

    if (mock->role != MOCK_LEAF || type_nullable(field->type)->kind == TYPE_LIST)
        return;
    if (referred) {
        mock->role = MOCK_ID;
        mock->target = referred;
    } else if (own->is_global && str_is(binder_directive_text(b, column, "name"), "id")) {
        mock->role = MOCK_NUMBER;
    }
}

static void
bind_mock_field(struct binder *b, const struct type *parent, struct field *field)
{
    struct binding *binding = ARENA_NEW(b->arena, struct binding);
    struct mock *mock = ARENA_NEW(b->arena, struct mock);
    const struct type *named = type_named(field->type);
    const struct ast_node *directives = field->ast->directives;

    mock->counted = find_counted(parent, field);
    mock->role = find_role(parent, field, mock);
    mock->target = mock->role == MOCK_PAGE ? binding_of_type(named)->mock->node : named;
    bind_mock_member(b, parent, field, mock);
    if (is_aggregate(named)) {
        const struct type *target = bind_mock_aggregated(b, named);
        mock->role = target ? mock->role : MOCK_OBJECT;
        mock->target = target ? target : named;
    }
    if (bind_mock_is_many(mock)) {
        mock->inverse = find_inverse(mock->target, parent);
        mock->order = bind_mock_orders(
            b, mock->target,
            binder_directive_text(b, ast_find_directive(directives, "order"), "by"));
    }
    bind_ids(b, parent, field, mock);
    mock->write = bind_mock_write(b, parent, field);
    assert(mock->target); /* a connection without nodes is a VALUE */
    bind_mock_directive(b, parent, field, mock);
    *binding = (struct binding){
        .kind = BINDING_MOCK,
        .is_list = mock->role == MOCK_LIST,
        .as.mock = mock,
        .is_exactly_one = ast_find_directive(directives, "exactlyOne") != NULL,
        .signed_in =
            binder_directive_text(b, ast_find_directive(directives, "signedIn"), "message"),
        .is_idempotent = ast_find_directive(directives, "idempotent") != NULL,
    };
    bind_mock_arguments(b, field, mock);
    field->binding = binding;
}

static void
bind_comparable(const struct schema *schema)
{
    for (int i = 0; i < schema->type_count; i++) {
        struct type *type = schema->types[i];
        for (int j = 0; type->kind == TYPE_OBJECT && !type->is_builtin && j < type->field_count;
             j++)
            type->fields[j].binding = &comparable;
    }
}

static bool
bind_lifelike(struct arena *a, struct schema *schema, struct errors *errors)
{
    struct binder b = { .arena = a, .schema = schema, .errors = errors };
    struct map *reached = map_new(a);

    reach(reached, schema->query);
    for (int i = 0; i < schema->type_count; i++)
        if (schema->types[i]->kind == TYPE_OBJECT && !schema->types[i]->is_builtin)
            shape_type(&b, schema->types[i], reached);
    for (int i = 0; i < schema->type_count; i++) {
        struct type *type = schema->types[i];
        for (int j = 0; binding_of_type(type)->mock && j < type->field_count; j++)
            bind_mock_field(&b, type, &type->fields[j]);
    }
    return !b.has_misfit;
}

bool
bind_mock(struct arena *a, struct schema *schema, enum mock_values values, struct errors *errors)
{
    if (values == MOCK_LIFELIKE)
        return bind_lifelike(a, schema, errors);
    bind_comparable(schema);
    return true;
}
