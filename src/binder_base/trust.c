/*
 * trust.c - what a contract declares to be seen without a policy.
 *
 * SPDX-License-Identifier: MIT
 */
#include "binder_base/trust.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "language/ast.h"
#include "schema/schema.h"
#include "catalog/catalog.h"
#include "binder_base/binder.h"

struct collection {
    struct buf *for_all, *functions;
};

static void
add_name(struct buf *list, struct str name)
{
    buf_byte(list, list->len > 0 ? ',' : '[');
    json_write_string(list, name);
}

/* The value of a directive's argument, or NULL. */
static const struct ast_node *
find_argument(const struct ast_directive *directive, const char *name)
{
    for (const struct ast_node *node = directive->arguments; node; node = node->next)
        if (str_is(ast_as(argument, node)->name, name))
            return ast_as(argument, node)->value;
    return NULL;
}

static struct str
find_text(const struct ast_directive *directive, const char *name)
{
    const struct ast_node *value = directive ? find_argument(directive, name) : NULL;

    return value && value->kind == AST_STRING ? ast_as(value, value)->text : STR_NONE;
}

/* The table that the directive's `argument` names, if it has `rows: ALL`. */
static void
collect_rows(struct collection *c, const struct ast_directive *directive, const char *argument)
{
    const struct ast_node *rows = directive ? find_argument(directive, "rows") : NULL;

    if (rows && rows->kind == AST_ENUM && find_text(directive, argument).ptr)
        add_name(c->for_all, find_text(directive, argument));
}

static void
collect_type(struct collection *c, const struct ast_type_definition *type)
{
    collect_rows(c, ast_find_directive(type->directives, "table"), "name");
    if (type->node.kind != AST_OBJECT_DEFINITION)
        return;
    for (const struct ast_node *node = type->members; node; node = node->next) {
        const struct ast_node *directives = ast_as(field_definition, node)->directives;
        struct str name = find_text(ast_find_directive(directives, "function"), "name");
        if (ast_find_directive(directives, "trusted") && name.ptr)
            add_name(c->functions, name);
        collect_rows(c, ast_find_directive(directives, "through"), "table");
    }
}

static void
collect_schema(struct collection *c, const struct ast_schema_definition *schema)
{
    const struct ast_directive *trusted = ast_find_directive(schema->directives, "trusted");
    const struct ast_node *list = trusted ? find_argument(trusted, "functions") : NULL;

    if (!list || list->kind != AST_LIST)
        return;
    for (const struct ast_node *node = ast_as(value, list)->values; node; node = node->next)
        if (node->kind == AST_STRING)
            add_name(c->functions, ast_as(value, node)->text);
}

static struct str
finish(struct buf *list)
{
    if (list->len == 0)
        buf_byte(list, '[');
    buf_byte(list, ']');
    return buf_str(list);
}

struct trust
trust_collect(struct arena *a, const struct schema *schema)
{
    struct collection c = { buf_new(a), buf_new(a) };
    const struct ast_node *node = schema->document->definitions;

    for (; node; node = node->next)
        if (node->kind == AST_SCHEMA_DEFINITION)
            collect_schema(&c, ast_as(schema_definition, node));
        else if (ast_is_type_definition(node->kind))
            collect_type(&c, ast_as(type_definition, node));
    return (struct trust){ finish(c.for_all), finish(c.functions) };
}

/* --- against the catalog --- */

/* `name` of `name(types)`. */
static struct str
bare_name(struct str text)
{
    text.len = str_find(text, '(');
    return text;
}

static void
check_schema(struct binder *b, const struct ast_schema_definition *schema)
{
    const struct ast_directive *trusted = ast_find_directive(schema->directives, "trusted");
    const struct ast_node *list = trusted ? find_argument(trusted, "functions") : NULL;

    if (trusted && !list)
        binder_misfit(b, trusted->node.start, STR("schema"),
                      "@trusted must say which functions: @trusted(functions: [\"...\"]).");
    const struct ast_node *node =
        list && list->kind == AST_LIST ? ast_as(value, list)->values : NULL;
    for (; node; node = node->next) {
        struct str name = bare_name(ast_as(value, node)->text);
        if (!catalog_next_function(b->catalog, name, NULL))
            binder_misfit(
                b, node->start, STR("schema"),
                "there is no function \"%.*s\"; create it, or take it out of @trusted.%.*s",
                STR_PRINT(name), STR_PRINT(binder_suggest_function(b, name)));
    }
}

static void
check_field(struct binder *b, const struct ast_type_definition *type,
            const struct ast_field_definition *field)
{
    const struct ast_directive *trusted = ast_find_directive(field->directives, "trusted");

    if (!trusted || (!trusted->arguments && ast_find_directive(field->directives, "function")))
        return;
    struct str subject =
        str_format(b->arena, "%.*s.%.*s", STR_PRINT(type->name), STR_PRINT(field->name));
    binder_misfit(b, trusted->node.start, subject,
                  "@trusted is for the field's own function; give the field @function(name:), or "
                  "list functions with extend schema @trusted(functions: [...]).");
}

void
trust_check(struct binder *b)
{
    for (const struct ast_node *node = b->schema->document->definitions; node; node = node->next)
        if (node->kind == AST_SCHEMA_DEFINITION) {
            check_schema(b, ast_as(schema_definition, node));
        } else if (node->kind == AST_OBJECT_DEFINITION) {
            const struct ast_type_definition *type = ast_as(type_definition, node);
            for (const struct ast_node *at = type->members; at; at = at->next)
                check_field(b, type, ast_as(field_definition, at));
        }
}
