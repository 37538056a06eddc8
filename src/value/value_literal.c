/*
 * value_literal.c - is a literal one of an input type (specification, 5.6.1 to 5.6.4)?
 *
 * SPDX-License-Identifier: MIT
 */
#include "value/value_literal.h"

#include <stdarg.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/map.h"
#include "base/suggest.h"
#include "base/utf8.h"
#include "language/ast.h"
#include "language/print.h"
#include "schema/schema.h"
#include "value/scalar.h"
#include "value/value.h"
#include "value/value_coerce.h"

enum { SCANNED_MOST = 16 }; /* more fields are found by a map */

struct value_literal_fields
value_literal_fields(struct arena *a, const struct ast_node *object)
{
    struct value_literal_fields fields = { .first = ast_as(value, object)->values };

    if (ast_count(fields.first) <= SCANNED_MOST)
        return fields;
    fields.by_name = map_new(a);
    for (const struct ast_node *at = fields.first; at; at = at->next)
        map_put(fields.by_name, ast_as(object_field, at)->name,
                (void *)ast_as(object_field, at)->value);
    return fields;
}

const struct ast_node *
value_literal_field(const struct value_literal_fields *fields, struct str name)
{
    const struct ast_node *found = NULL;

    if (fields->by_name)
        return map_get(fields->by_name, name);
    for (const struct ast_node *at = fields->first; at; at = at->next)
        if (str_equal(ast_as(object_field, at)->name, name))
            found = ast_as(object_field, at)->value;
    return found;
}

bool
value_literal_has_variable(const struct ast_node *node)
{
    if (node->kind == AST_VARIABLE)
        return true;
    if (node->kind == AST_OBJECT_FIELD)
        return value_literal_has_variable(ast_as(object_field, node)->value);
    for (const struct ast_node *item = ast_as(value, node)->values; item; item = item->next)
        if (value_literal_has_variable(item))
            return true;
    return false;
}

/* Bytes of a literal in a message: a literal may be as long as its document. */
enum { SHOWN_MAXIMUM = 1000 };

struct str
value_literal_text(struct arena *a, const struct ast_node *node)
{
    struct buf b = { 0 };

    print_node(&b, node);
    if (b.len > SHOWN_MAXIMUM) {
        buf_truncate(&b, utf8_cut(buf_str(&b), SHOWN_MAXIMUM));
        buf_put_c(&b, "...");
    }
    struct str text = buf_copy(a, &b);
    buf_free(&b);
    return text;
}

struct check {
    struct arena *arena;
    bool has_suggestions;
    value_literal_fn *report;
    void *context;
    bool is_enough;                    /* nothing more need be reported */
    const struct ast_node *shown_node; /* what was shown last, or NULL, */
    struct str shown_text;             /* and how: of an object many things may be wrong */
};

static void literal_error(struct check *c, const struct ast_node *node, const struct path *path,
                          const char *format, ...) PRINTF(4, 5);

static void
literal_error(struct check *c, const struct ast_node *node, const struct path *path,
              const char *format, ...)
{
    va_list args;

    if (c->is_enough)
        return;
    va_start(args, format);
    c->is_enough = !c->report(c->context, str_vformat(c->arena, format, args), node, path);
    va_end(args);
}

/* The literal, for a message. */
static struct str
shown(struct check *c, const struct ast_node *node)
{
    if (c->shown_node != node) {
        c->shown_node = node;
        c->shown_text = value_literal_text(c->arena, node);
    }
    return c->shown_text;
}

static struct ast_node *without_variables(struct check *c, const struct ast_node *node);

/* An item of a list, or a field of an object; NULL for a field that is left out. */
static struct ast_node *
item_without_variables(struct check *c, const struct ast_node *node)
{
    struct ast_object_field *field;

    if (node->kind != AST_OBJECT_FIELD)
        return without_variables(c, node);
    if (ast_as(object_field, node)->value->kind == AST_VARIABLE)
        return NULL;
    field = ARENA_NEW(c->arena, struct ast_object_field);
    *field = *ast_as(object_field, node);
    field->value = without_variables(c, field->value);
    return &field->node;
}

/* A copy of the literal as scalars and enums are shown it: null for a variable in a list, and
 * no field for one in an object. */
static struct ast_node *
without_variables(struct check *c, const struct ast_node *node)
{
    struct ast_value *copy = ARENA_NEW(c->arena, struct ast_value);
    const struct ast_node **end = &copy->values;

    *copy = *ast_as(value, node);
    if (node->kind == AST_VARIABLE) {
        copy->node.kind = AST_NULL;
        copy->text = STR("null");
    }
    for (const struct ast_node *at = ast_as(value, node)->values; at; at = at->next) {
        struct ast_node *item = item_without_variables(c, at);
        if (!item)
            continue;
        *end = item;
        end = &item->next;
    }
    *end = NULL;
    return &copy->node;
}

static void check(struct check *c, const struct ast_node *node, const struct type *type,
                  const struct path *path);

static void
check_list_literal(struct check *c, const struct ast_node *node, const struct type *type,
                   const struct path *path)
{
    struct path at = { .parent = path };

    if (node->kind != AST_LIST) {
        check(c, node, type->of, path);
        return;
    }
    for (const struct ast_node *item = ast_as(value, node)->values; item; item = item->next) {
        check(c, item, type->of, &at);
        at.index++;
    }
}

/* ` Did you mean ...?` for an input field that the type has not; or an empty text. */
static struct str
suggest_input(struct check *c, const struct type *type, struct str name)
{
    struct str *names;

    if (!c->has_suggestions)
        return STR("");
    names = ARENA_ARRAY(c->arena, struct str, (size_t)type->input_count);
    for (int i = 0; i < type->input_count; i++)
        names[i] = type->inputs[i].name;
    return suggest_text(c->arena, NULL, names,
                        suggest_close(c->arena, name, names, type->input_count));
}

static void
report_unknown_field(struct check *c, const struct ast_node *object, const struct ast_node *field,
                     const struct type *type, const struct path *path)
{
    struct str name = ast_as(object_field, field)->name;
    struct str suggestion = suggest_input(c, type, name);

    literal_error(
        c, field, path,
        "Expected value of type \"%.*s\" not to include unknown field \"%.*s\"%s%.*s%s: %.*s.",
        STR_PRINT(type->name), STR_PRINT(name), suggestion.len > 0 ? "." : "",
        STR_PRINT(suggestion), suggestion.len > 0 ? " Found" : ", found",
        STR_PRINT(shown(c, object)));
}

/* 5.6.2: the fields that are given are fields of the type; and, of a @oneOf type, one that
 * is not null. */
static void
check_known_fields(struct check *c, const struct ast_node *node, const struct type *type,
                   const struct path *path)
{
    struct path at_null = { .parent = path };
    int known = 0;
    bool is_null = false;

    for (const struct ast_node *at = ast_as(value, node)->values; at && !c->is_enough;
         at = at->next) {
        if (!schema_find_input(type, ast_as(object_field, at)->name)) {
            report_unknown_field(c, node, at, type, path);
            continue;
        }
        known++;
        is_null = ast_as(object_field, at)->value->kind == AST_NULL;
        at_null.name = ast_as(object_field, at)->name;
    }
    if (type->is_one_of && (known != 1 || is_null))
        literal_error(
            c, node, known == 1 ? &at_null : path,
            "Within OneOf Input Object type \"%.*s\", exactly one field must be specified, and "
            "the value for that field must be non-null.",
            STR_PRINT(type->name));
}

/* 5.6.2 and 5.6.4: known fields with fitting values, and all that are required. */
static void
check_object_literal(struct check *c, const struct ast_node *node, const struct type *type,
                     const struct path *path)
{
    if (node->kind != AST_OBJECT) {
        literal_error(c, node, path,
                      "Expected value of type \"%.*s\" to be an object, found: %.*s.",
                      STR_PRINT(type->name), STR_PRINT(shown(c, node)));
        return;
    }
    const struct value_literal_fields fields = value_literal_fields(c->arena, node);
    for (int i = 0; i < type->input_count && !c->is_enough; i++) {
        const struct input_value *input = &type->inputs[i];
        const struct ast_node *value = value_literal_field(&fields, input->name);
        if (value)
            check(c, value, input->type, &(struct path){ .parent = path, .name = input->name });
        else if (input->type->kind == TYPE_NON_NULL && !input->ast->default_value)
            literal_error(
                c, node, path,
                "Expected value of type \"%.*s\" to include required field \"%.*s\", found: "
                "%.*s.",
                STR_PRINT(type->name), STR_PRINT(input->name), STR_PRINT(shown(c, node)));
    }
    check_known_fields(c, node, type, path);
}

/* ` Did you mean the enum value ...?` for a name that the enum does not have; or an empty text. */
static struct str
suggest_value(struct check *c, const struct type *type, struct str given)
{
    struct str *names;

    if (!c->has_suggestions)
        return STR("");
    names = ARENA_ARRAY(c->arena, struct str, (size_t)type->value_count);
    for (int i = 0; i < type->value_count; i++)
        names[i] = type->values[i].name;
    return suggest_text(c->arena, "the enum value", names,
                        suggest_close(c->arena, given, names, type->value_count));
}

static void
check_enum_literal(struct check *c, const struct ast_node *node, const struct type *type,
                   const struct path *path)
{
    if (node->kind == AST_ENUM && schema_find_enum_value(type, ast_as(value, node)->text))
        return;
    struct str given = shown(c, without_variables(c, node));
    struct str suggestion = suggest_value(c, type, given);
    if (node->kind == AST_ENUM)
        literal_error(c, node, path, "Value \"%.*s\" does not exist in \"%.*s\" enum.%.*s",
                      STR_PRINT(given), STR_PRINT(type->name), STR_PRINT(suggestion));
    else
        literal_error(c, node, path, "Enum \"%.*s\" cannot represent non-enum value: %.*s.%.*s",
                      STR_PRINT(type->name), STR_PRINT(given), STR_PRINT(suggestion));
}

static void
check_scalar(struct check *c, const struct ast_node *node, const struct type *type,
             const struct path *path)
{
    const struct value *value = value_of_literal(c->arena, node, NULL);
    struct str why;

    if (!type->scalar->coerce(c->arena, value, &why))
        literal_error(c, node, path, "%.*s: %.*s", STR_PRINT(why),
                      STR_PRINT(shown(c, without_variables(c, node))));
}

static void
check(struct check *c, const struct ast_node *node, const struct type *type,
      const struct path *path)
{
    if (node->kind == AST_VARIABLE || c->is_enough)
        return;
    if (node->kind == AST_NULL) {
        if (type->kind == TYPE_NON_NULL)
            literal_error(c, node, path, "Expected value of non-null type \"%.*s\" not to be null.",
                          STR_PRINT(type_text(c->arena, type)));
        return;
    }
    switch (type_nullable(type)->kind) {
    case TYPE_LIST:
        check_list_literal(c, node, type_nullable(type), path);
        break;
    case TYPE_INPUT_OBJECT:
        check_object_literal(c, node, type_nullable(type), path);
        break;
    case TYPE_ENUM:
        check_enum_literal(c, node, type_nullable(type), path);
        break;
    case TYPE_SCALAR:
        check_scalar(c, node, type_nullable(type), path);
        break;
    default: /* no input type: an error that is reported where the type stands */
        break;
    }
}

void
value_literal_check(struct arena *a, const struct ast_node *node, const struct type *type,
                    bool has_suggestions, value_literal_fn *report_fn, void *context)
{
    struct check c = { a, has_suggestions, report_fn, context, .is_enough = false };

    check(&c, node, type, NULL);
}
