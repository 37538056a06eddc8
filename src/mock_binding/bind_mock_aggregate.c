/*
 * bind_mock_aggregate.c - types of what many objects have together, where values are made up.
 *
 * Such a type has @aggregate; or it has a field `count` and objects named `sum`, `avg`, `min` or
 * `max`, and no field `id`.  Whose objects they are says the table, or the name without
 * `Aggregate` or the like.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "mock_binding/bind_mock_internal.h"

bool
bind_mock_is_aggregate(struct binder *b, const struct type *type)
{
    const struct field *count = schema_find_field(b->schema, type, STR("count"));
    bool has_summary = false;
    enum mock_function function;

    if (type->kind != TYPE_OBJECT || binder_is_root(b, type))
        return false;
    if (binder_type_directive(b, type, "aggregate"))
        return true;
    for (int i = 0; i < type->field_count; i++)
        has_summary |= mock_argument_function(&type->fields[i], &function);
    return count && type_is_leaf(type_nullable(count->type)) && has_summary &&
           !schema_find_field(b->schema, type, STR("id"));
}

/* --- whose objects --- */

static bool
is_entity(const struct type *type)
{
    const struct mock_type *mock = type->kind == TYPE_OBJECT ? binding_of_type(type)->mock : NULL;

    return mock && mock->shape == MOCK_ENTITY;
}

static struct str
table_of(struct binder *b, const struct type *type)
{
    return binder_directive_text(b, binder_type_directive(b, type, "table"), "name");
}

static const char *const endings[] = { "Aggregates", "Aggregate", "Statistics", "Stats", "Groups",
                                       "Group",      "Totals",    "Summary",    "" };

/* `LinkAggregate` is of Link, or of LinkNode. */
static bool
is_called_for(struct str name, struct str entity)
{
    for (size_t i = 0; i < ARRAY_LENGTH(endings); i++) {
        struct str ending = str_from(endings[i]);
        struct str stem = { name.ptr, name.len - (ending.len < name.len ? ending.len : 0) };
        if (str_ends_with(name, ending) &&
            (str_equal(stem, entity) ||
             (entity.len == stem.len + 4 && str_starts_with(entity, stem) &&
              str_ends_with(entity, STR("Node")))))
            return true;
    }
    return false;
}

const struct type *
bind_mock_aggregated(struct binder *b, const struct type *type)
{
    struct str table = table_of(b, type);

    for (int i = 0; table.ptr && i < b->schema->type_count; i++) {
        struct str other =
            is_entity(b->schema->types[i]) ? table_of(b, b->schema->types[i]) : STR_NONE;
        if (other.ptr && str_equal(other, table))
            return b->schema->types[i];
    }
    for (int i = 0; i < b->schema->type_count; i++)
        if (is_entity(b->schema->types[i]) && is_called_for(type->name, b->schema->types[i]->name))
            return b->schema->types[i];
    return NULL;
}

/* --- members --- */

/* The aggregate type that has a field with this summary; NULL: none. */
static const struct type *
find_owner(struct binder *b, const struct type *summary)
{
    enum mock_function function;

    for (int i = 0; i < b->schema->type_count; i++) {
        const struct type *type = b->schema->types[i];
        const struct mock_type *mock =
            type->kind == TYPE_OBJECT ? binding_of_type(type)->mock : NULL;
        for (int j = 0; mock && mock->shape == MOCK_AGGREGATE && j < type->field_count; j++)
            if (type_named(type->fields[j].type) == summary &&
                mock_argument_function(&type->fields[j], &function))
                return type;
    }
    return NULL;
}

void
bind_mock_member(struct binder *b, const struct type *parent, const struct field *field,
                 struct mock *mock)
{
    const struct mock_type *shape = binding_of_type(parent)->mock;
    const struct type *owner = shape->shape == MOCK_AGGREGATE ? parent : find_owner(b, parent);
    const struct type *target = owner ? bind_mock_aggregated(b, owner) : NULL;
    const struct ast_directive *column = ast_find_directive(field->ast->directives, "column");

    if (!target)
        return;
    mock->summed = schema_find_field(b->schema, target, field->name);
    mock->unit = bind_mock_word(column, "unit");
    if (column)
        mock->summed =
            bind_mock_column(b, target, binder_column_name(b, field->ast->directives, field->name));
}
