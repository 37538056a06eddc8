/*
 * diff.c - what clients notice when one schema takes the place of another: types, and what is said
 * of all of them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "diff/diff.h"

#include "base/arena.h"
#include "language/ast.h"
#include "language/places.h"
#include "language/source.h"
#include "schema/schema.h"
#include "diff/diff_internal.h"

/* Where a name is in the text of its schema; line 0: it is in none, as are built-in ones. */
static struct place
place_of(const struct side *side, struct str name)
{
    struct place place = { 0 };

    if (!side->places || !name.ptr)
        return place;
    struct str text = side->schema->document->source->text;
    uintptr_t start = (uintptr_t)text.ptr, at = (uintptr_t)name.ptr;
    if (at >= start && at < start + text.len)
        place = places_find(side->places, (uint32_t)(at - start));
    return place;
}

void
diff_add(struct diff *d, enum change_kind kind, const struct spot *spot, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct change *change = changes_vadd(d->changes, kind, spot->coordinate, format, args);
    va_end(args);

    change->before = place_of(&d->before, spot->before);
    change->after = place_of(&d->after, spot->after);
}

/* Are both texts there and equal, or is none? */
static bool
is_same(struct str before, struct str after)
{
    return (before.ptr != NULL) == (after.ptr != NULL) && str_equal(before, after);
}

void
diff_description(struct diff *d, const struct spot *spot, struct str before, struct str after)
{
    if (!is_same(before, after))
        diff_add(d, CHANGE_DESCRIPTION_CHANGED, spot, "The description %s.",
                 !before.ptr  ? "was added"
                 : !after.ptr ? "was removed"
                              : "has changed");
}

void
diff_deprecation(struct diff *d, const struct spot *spot, struct str before, struct str after)
{
    if (is_same(before, after))
        return;
    if (!before.ptr)
        diff_add(d, CHANGE_DEPRECATION_ADDED, spot, "It is deprecated now: %.*s", STR_PRINT(after));
    else if (!after.ptr)
        diff_add(d, CHANGE_DEPRECATION_REMOVED, spot, "It is no longer deprecated.");
    else
        diff_add(d, CHANGE_DEPRECATION_CHANGED, spot,
                 "The reason of its deprecation has changed: %.*s", STR_PRINT(after));
}

/* ---- Types ---------------------------------------------------------------- */

static const char *const kind_names[] = {
    [TYPE_SCALAR] = "a scalar",        [TYPE_OBJECT] = "an object type",
    [TYPE_INTERFACE] = "an interface", [TYPE_UNION] = "a union",
    [TYPE_ENUM] = "an enum",           [TYPE_INPUT_OBJECT] = "an input object",
};

static struct str
type_spot_name(const struct type *type)
{
    return type->ast->name;
}

static bool
has_name(const struct type **types, int count, struct str name)
{
    for (int i = 0; i < count; i++)
        if (str_equal(types[i]->name, name))
            return true;
    return false;
}

/* Add a change of that kind for each of `types` that is not one of `others`. */
static void
add_missing(struct diff *d, const struct spot *spot, const struct type **types, int count,
            const struct type **others, int other_count, enum change_kind kind, const char *says)
{
    for (int i = 0; i < count; i++)
        if (!has_name(others, other_count, types[i]->name))
            diff_add(d, kind, spot, "%s %.*s.", says, STR_PRINT(types[i]->name));
}

static void
diff_interfaces(struct diff *d, const struct spot *spot, const struct type *before,
                const struct type *after)
{
    add_missing(d, spot, before->interfaces, before->interface_count, after->interfaces,
                after->interface_count, CHANGE_IMPLEMENTED_INTERFACE_REMOVED,
                "It no longer implements");
    add_missing(d, spot, after->interfaces, after->interface_count, before->interfaces,
                before->interface_count, CHANGE_IMPLEMENTED_INTERFACE_ADDED, "It implements now");
}

static void
diff_members(struct diff *d, const struct spot *spot, const struct type *before,
             const struct type *after)
{
    add_missing(d, spot, before->possible, before->possible_count, after->possible,
                after->possible_count, CHANGE_TYPE_REMOVED_FROM_UNION, "It no longer has the type");
    add_missing(d, spot, after->possible, after->possible_count, before->possible,
                before->possible_count, CHANGE_TYPE_ADDED_TO_UNION, "It has a new type,");
}

static struct spot
value_spot(struct diff *d, const struct type *type, const struct enum_value *before,
           const struct enum_value *after)
{
    struct str name = before ? before->name : after->name;

    return (struct spot){
        str_format(d->arena, "%.*s.%.*s", STR_PRINT(type->name), STR_PRINT(name)),
        before ? before->ast->name : STR_NONE,
        after ? after->ast->name : STR_NONE,
    };
}

static void
diff_value(struct diff *d, const struct type *type, const struct enum_value *before,
           const struct enum_value *after)
{
    struct spot spot = value_spot(d, type, before, after);

    if (!after) {
        diff_add(d, CHANGE_VALUE_REMOVED_FROM_ENUM, &spot, "The value was removed.");
        return;
    }
    diff_description(d, &spot, before->description, after->description);
    diff_deprecation(d, &spot, before->deprecation_reason, after->deprecation_reason);
    diff_bindings(d, &spot, before->name, before->ast->directives, after->ast->directives);
}

static void
diff_values(struct diff *d, const struct type *before, const struct type *after)
{
    for (int i = 0; i < before->value_count; i++)
        diff_value(d, before, &before->values[i],
                   schema_find_enum_value(after, before->values[i].name));
    for (int i = 0; i < after->value_count; i++) {
        const struct enum_value *value = &after->values[i];
        if (schema_find_enum_value(before, value->name))
            continue;
        struct spot spot = value_spot(d, before, NULL, value);
        diff_add(d, CHANGE_VALUE_ADDED_TO_ENUM, &spot,
                 "The value was added: clients may get a value that they do not know.");
    }
}

static void
diff_one_of(struct diff *d, const struct spot *spot, const struct type *before,
            const struct type *after)
{
    if (after->is_one_of && !before->is_one_of)
        diff_add(d, CHANGE_ONE_OF_ADDED, spot, "Exactly one of its fields must be given now.");
    if (before->is_one_of && !after->is_one_of)
        diff_add(d, CHANGE_ONE_OF_REMOVED, spot, "Several of its fields may be given now.");
}

static void
diff_specified_by(struct diff *d, const struct spot *spot, const struct type *before,
                  const struct type *after)
{
    if (!is_same(before->specified_by_url, after->specified_by_url))
        diff_add(d, CHANGE_SPECIFIED_BY_CHANGED, spot,
                 "What specifies it was \"%.*s\" and is \"%.*s\".",
                 STR_PRINT(before->specified_by_url), STR_PRINT(after->specified_by_url));
}

/* Compare two types of one kind. */
static void
diff_same_kind(struct diff *d, const struct spot *spot, const struct type *before,
               const struct type *after)
{
    switch (before->kind) {
    case TYPE_OBJECT:
    case TYPE_INTERFACE:
        diff_fields(d, before, after);
        diff_interfaces(d, spot, before, after);
        break;
    case TYPE_UNION:
        diff_members(d, spot, before, after);
        break;
    case TYPE_ENUM:
        diff_values(d, before, after);
        break;
    case TYPE_INPUT_OBJECT:
        diff_inputs(d, before, after);
        diff_one_of(d, spot, before, after);
        break;
    default:
        diff_specified_by(d, spot, before, after);
    }
}

static void
diff_type(struct diff *d, const struct type *before, const struct type *after)
{
    struct spot spot = { before->name, type_spot_name(before),
                         after ? type_spot_name(after) : STR_NONE };

    if (!after) {
        diff_add(d, CHANGE_TYPE_REMOVED, &spot, "The type was removed.");
        return;
    }
    diff_description(d, &spot, before->description, after->description);
    if (before->kind == after->kind)
        diff_same_kind(d, &spot, before, after);
    else
        diff_add(d, CHANGE_TYPE_CHANGED_KIND, &spot, "It was %s and is %s.",
                 kind_names[before->kind], kind_names[after->kind]);
    diff_type_bindings(d, &spot, before);
}

/* Built-in types are in every schema that refers to them. */
static void
diff_types(struct diff *d)
{
    const struct schema *before = d->before.schema, *after = d->after.schema;

    for (int i = 0; i < before->type_count; i++) {
        const struct type *type = before->types[i], *now = schema_find_type(after, type->name);
        if (!type->is_builtin && !(now && now->is_builtin))
            diff_type(d, type, now);
    }
    for (int i = 0; i < after->type_count; i++) {
        const struct type *type = after->types[i];
        struct spot spot = { type->name, STR_NONE, type_spot_name(type) };
        if (!type->is_builtin && !schema_find_type(before, type->name))
            diff_add(d, CHANGE_TYPE_ADDED, &spot, "The type was added.");
    }
}

/* ---- The schema ------------------------------------------------------------ */

static void
diff_root(struct diff *d, enum ast_operation_type operation)
{
    const struct type *before = schema_root_type(d->before.schema, operation);
    const struct type *after = schema_root_type(d->after.schema, operation);
    const char *name = ast_operation_type_name(operation);
    struct spot spot = { STR("schema"), before ? type_spot_name(before) : STR_NONE,
                         after ? type_spot_name(after) : STR_NONE };

    if (before && !after)
        diff_add(d, CHANGE_ROOT_TYPE_REMOVED, &spot, "There is no %s type any more.", name);
    else if (after && !before)
        diff_add(d, CHANGE_ROOT_TYPE_ADDED, &spot, "The %s type was added: %.*s.", name,
                 STR_PRINT(after->name));
    else if (before && !str_equal(before->name, after->name))
        diff_add(d, CHANGE_ROOT_TYPE_CHANGED, &spot, "The %s type was %.*s and is %.*s.", name,
                 STR_PRINT(before->name), STR_PRINT(after->name));
}

static bool
applies_binding(const struct schema *schema, const struct ast_node *list)
{
    for (const struct ast_node *node = list; node; node = node->next) {
        if (node->kind == AST_DIRECTIVE) {
            const struct directive_definition *definition =
                schema_find_directive(schema, ast_as(directive, node)->name);
            if (definition && definition->is_binding)
                return true;
            continue;
        }
        for (const uint16_t *child = ast_children(node->kind); *child; child++)
            if (applies_binding(schema, ast_child(node, *child)))
                return true;
    }
    return false;
}

bool
diff_has_bindings(const struct schema *schema)
{
    return applies_binding(schema, schema->document->definitions);
}

void
diff_schemas(struct changes *changes, const struct diff_side *before, const struct diff_side *after)
{
    struct arena *a = changes->arena;
    struct diff d = {
        .arena = a,
        .changes = changes,
        .before = { before->schema,
                    before->has_text ? places_new(a, before->schema->document->source) : NULL },
        .after = { after->schema,
                   after->has_text ? places_new(a, after->schema->document->source) : NULL },
        .has_bindings = diff_has_bindings(before->schema) && diff_has_bindings(after->schema),
        .has_roles = !before->schema->whole && !after->schema->whole,
    };
    const struct spot spot = { STR("schema"), STR_NONE, STR_NONE };

    for (int i = OPERATION_QUERY; i <= OPERATION_SUBSCRIPTION; i++)
        diff_root(&d, (enum ast_operation_type)i);
    diff_description(&d, &spot, before->schema->description, after->schema->description);
    diff_schema_bindings(&d);
    diff_types(&d);
    diff_directives(&d);
}
