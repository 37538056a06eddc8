/*
 * diff_field.c - what has changed in fields and their arguments, and in input objects.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "base/buf.h"
#include "language/ast.h"
#include "language/print.h"
#include "schema/schema.h"
#include "diff/diff_internal.h"

/* ---- What may take the place of what ---------------------------------------- */

/* Is every answer of the type `after` one that clients of `before` understand? */
static bool
is_output_safe(const struct type *before, const struct type *after)
{
    if (after->kind == TYPE_NON_NULL && before->kind != TYPE_NON_NULL)
        return is_output_safe(before, after->of);
    if (before->kind != TYPE_LIST && before->kind != TYPE_NON_NULL)
        return str_equal(before->name, after->name) && after->kind != TYPE_LIST;
    return before->kind == after->kind && is_output_safe(before->of, after->of);
}

/* Is every value of the type `before` one of `after`? */
static bool
is_input_safe(const struct type *before, const struct type *after)
{
    if (before->kind == TYPE_NON_NULL && after->kind != TYPE_NON_NULL)
        return is_input_safe(before->of, after);
    if (before->kind != TYPE_LIST && before->kind != TYPE_NON_NULL)
        return after->kind != TYPE_LIST && after->kind != TYPE_NON_NULL &&
               str_equal(before->name, after->name);
    return before->kind == after->kind && is_input_safe(before->of, after->of);
}

static bool
is_same_type(struct diff *d, const struct type *before, const struct type *after)
{
    return str_equal(type_text(d->arena, before), type_text(d->arena, after));
}

/* Add that a type has changed; `note` is why that matters, or "". */
static void
add_type(struct diff *d, enum change_kind kind, const struct spot *spot, const struct type *before,
         const struct type *after, const char *note)
{
    diff_add(d, kind, spot, "The type was %.*s and is %.*s%s.",
             STR_PRINT(type_text(d->arena, before)), STR_PRINT(type_text(d->arena, after)), note);
}

/* ---- Defaults --------------------------------------------------------------- */

/* Do two literals mean the same?  Fields of objects may be in any order. */
static bool
is_same_literal(const struct ast_node *before, const struct ast_node *after)
{
    if (before->kind != after->kind)
        return false;
    const struct ast_value *was = ast_as(value, before), *is = ast_as(value, after);
    const struct ast_node *a = was->values, *b = is->values;
    if (before->kind == AST_NULL)
        return true;
    if (before->kind != AST_LIST && before->kind != AST_OBJECT)
        return str_equal(was->text, is->text);
    if (ast_count(a) != ast_count(b))
        return false;
    for (; a; a = a->next, b = before->kind == AST_LIST ? b->next : b) {
        const struct ast_node *other = b;
        if (before->kind == AST_LIST) {
            if (!is_same_literal(a, b))
                return false;
            continue;
        }
        while (other &&
               !str_equal(ast_as(object_field, a)->name, ast_as(object_field, other)->name))
            other = other->next;
        if (!other ||
            !is_same_literal(ast_as(object_field, a)->value, ast_as(object_field, other)->value))
            return false;
    }
    return true;
}

static struct str
literal_text(struct diff *d, const struct ast_node *literal)
{
    struct buf *b = buf_new(d->arena);

    print_node(b, literal);
    return buf_str(b);
}

/* What the kinds of changes are called of arguments, and of fields of input objects. */
struct input_kinds {
    enum change_kind type, type_safe, added, changed, required;
};

static const struct input_kinds argument_kinds = {
    CHANGE_ARG_CHANGED_KIND,         CHANGE_ARG_CHANGED_KIND_SAFE, CHANGE_ARG_DEFAULT_VALUE_ADDED,
    CHANGE_ARG_DEFAULT_VALUE_CHANGE, CHANGE_ARG_BECAME_REQUIRED,
};
static const struct input_kinds field_kinds = {
    CHANGE_FIELD_CHANGED_KIND,
    CHANGE_FIELD_CHANGED_KIND_SAFE,
    CHANGE_INPUT_FIELD_DEFAULT_VALUE_ADDED,
    CHANGE_INPUT_FIELD_DEFAULT_VALUE_CHANGE,
    CHANGE_INPUT_FIELD_BECAME_REQUIRED,
};

/* Must the argument or input field be given? */
static bool
is_required(const struct input_value *input)
{
    return input->type->kind == TYPE_NON_NULL && !input->ast->default_value;
}

/* Compare the defaults, of which at least one is there. */
static void
diff_default(struct diff *d, const struct spot *spot, const struct input_kinds *kinds,
             const struct input_value *before, const struct input_value *after)
{
    const struct ast_node *was = before->ast->default_value, *is = after->ast->default_value;

    if (!was)
        diff_add(d, kinds->added, spot, "The default %.*s was added.",
                 STR_PRINT(literal_text(d, is)));
    else if (!is && is_required(after))
        diff_add(d, kinds->required, spot,
                 "The default %.*s was removed, so that it must be given.",
                 STR_PRINT(literal_text(d, was)));
    else if (!is)
        diff_add(d, kinds->changed, spot, "The default %.*s was removed.",
                 STR_PRINT(literal_text(d, was)));
    else if (!is_same_literal(was, is))
        diff_add(d, kinds->changed, spot, "The default was %.*s and is %.*s.",
                 STR_PRINT(literal_text(d, was)), STR_PRINT(literal_text(d, is)));
}

/* Compare what arguments and fields of input objects have.  As in the reference implementation, a
 * change of the default goes before one of the type that is safe, and after one that is not. */
static void
diff_input(struct diff *d, const struct spot *spot, const struct input_kinds *kinds,
           const struct input_value *before, const struct input_value *after)
{
    bool must = after->type->kind == TYPE_NON_NULL && before->type->kind != TYPE_NON_NULL;

    if (!is_input_safe(before->type, after->type))
        add_type(d, kinds->type, spot, before->type, after->type,
                 must ? ": null may not be given any more" : "");
    else if (before->ast->default_value || after->ast->default_value)
        diff_default(d, spot, kinds, before, after);
    else if (!is_same_type(d, before->type, after->type))
        add_type(d, kinds->type_safe, spot, before->type, after->type, "");
    diff_description(d, spot, before->description, after->description);
    diff_deprecation(d, spot, before->deprecation_reason, after->deprecation_reason);
    diff_bindings(d, spot, before->name, before->ast->directives, after->ast->directives);
}

/* ---- Arguments ---------------------------------------------------------------- */

void
diff_argument(struct diff *d, struct str owner, const struct argument_changes *changes,
              const struct input_value *before, const struct input_value *after)
{
    struct str name = before ? before->name : after->name;
    const struct spot spot = {
        str_format(d->arena, "%.*s(%.*s:)", STR_PRINT(owner), STR_PRINT(name)),
        before ? before->ast->name : STR_NONE,
        after ? after->ast->name : STR_NONE,
    };

    if (before && after)
        diff_input(d, &spot, &argument_kinds, before, after);
    else if (before)
        diff_add(d, changes->removed, &spot, "The argument was removed.");
    else if (is_required(after))
        diff_add(d, changes->required_added, &spot, "The argument was added, and must be given.");
    else
        diff_add(d, changes->optional_added, &spot, "The argument was added.");
}

static void
diff_arguments(struct diff *d, struct str owner, const struct field *before,
               const struct field *after)
{
    static const struct argument_changes changes = {
        .removed = CHANGE_ARG_REMOVED,
        .required_added = CHANGE_REQUIRED_ARG_ADDED,
        .optional_added = CHANGE_OPTIONAL_ARG_ADDED,
    };

    for (int i = 0; i < before->argument_count; i++) {
        const struct input_value *argument = &before->arguments[i];
        diff_argument(d, owner, &changes, argument, schema_find_argument(after, argument->name));
    }
    for (int i = 0; i < after->argument_count; i++) {
        const struct input_value *argument = &after->arguments[i];
        if (!schema_find_argument(before, argument->name))
            diff_argument(d, owner, &changes, NULL, argument);
    }
}

/* ---- Fields ------------------------------------------------------------------- */

static struct str
field_coordinate(struct diff *d, const struct type *type, struct str name)
{
    return str_format(d->arena, "%.*s.%.*s", STR_PRINT(type->name), STR_PRINT(name));
}

/* Say of a type that is wider why that matters. */
static const char *
output_note(const struct type *before, const struct type *after)
{
    bool may_be_null = before->kind == TYPE_NON_NULL && after->kind != TYPE_NON_NULL;

    return may_be_null ? ": it may be null now" : "";
}

static void
diff_field(struct diff *d, const struct type *type, const struct field *before,
           const struct field *after)
{
    struct spot spot = { field_coordinate(d, type, before->name), before->ast->name,
                         after ? after->ast->name : STR_NONE };

    if (!after) {
        diff_add(d, CHANGE_FIELD_REMOVED, &spot, "The field was removed.");
        return;
    }
    diff_arguments(d, spot.coordinate, before, after);
    if (!is_output_safe(before->type, after->type))
        add_type(d, CHANGE_FIELD_CHANGED_KIND, &spot, before->type, after->type,
                 output_note(before->type, after->type));
    else if (!is_same_type(d, before->type, after->type))
        add_type(d, CHANGE_FIELD_CHANGED_KIND_SAFE, &spot, before->type, after->type, "");
    diff_description(d, &spot, before->description, after->description);
    diff_deprecation(d, &spot, before->deprecation_reason, after->deprecation_reason);
    diff_bindings(d, &spot, before->name, before->ast->directives, after->ast->directives);
}

void
diff_fields(struct diff *d, const struct type *before, const struct type *after)
{
    for (int i = 0; i < before->field_count; i++)
        diff_field(d, before, &before->fields[i],
                   schema_find_field(d->after.schema, after, before->fields[i].name));
    for (int i = 0; i < after->field_count; i++) {
        const struct field *field = &after->fields[i];
        struct spot spot = { field_coordinate(d, after, field->name), STR_NONE, field->ast->name };
        if (!schema_find_field(d->before.schema, before, field->name))
            diff_add(d, CHANGE_FIELD_ADDED, &spot, "The field was added.");
    }
}

void
diff_inputs(struct diff *d, const struct type *before, const struct type *after)
{
    for (int i = 0; i < before->input_count; i++) {
        const struct input_value *input = &before->inputs[i];
        const struct input_value *now = schema_find_input(after, input->name);
        struct spot spot = { field_coordinate(d, before, input->name), input->ast->name,
                             now ? now->ast->name : STR_NONE };
        if (now)
            diff_input(d, &spot, &field_kinds, input, now);
        else
            diff_add(d, CHANGE_FIELD_REMOVED, &spot, "The field was removed.");
    }
    for (int i = 0; i < after->input_count; i++) {
        const struct input_value *input = &after->inputs[i];
        struct spot spot = { field_coordinate(d, after, input->name), STR_NONE, input->ast->name };
        if (schema_find_input(before, input->name))
            continue;
        if (is_required(input))
            diff_add(d, CHANGE_REQUIRED_INPUT_FIELD_ADDED, &spot,
                     "The field was added, and must be given.");
        else
            diff_add(d, CHANGE_OPTIONAL_INPUT_FIELD_ADDED, &spot, "The field was added.");
    }
}
