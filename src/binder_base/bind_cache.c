/*
 * bind_cache.c - @cacheControl: what may be kept of the answers to whoever is not signed in.
 *
 * SPDX-License-Identifier: MIT
 */
#include "binder_base/bind_cache.h"

#include "base/arena.h"
#include "language/ast.h"
#include "schema/schema.h"
#include "catalog/catalog.h"
#include "binding/rights.h"
#include "binding/viewers.h"
#include "binder_base/binder.h"

/* Caches are of no use for longer (RFC 9111, 1.2.2, has 2^31 seconds for "long"). */
enum { AGE_MAXIMUM = 31536000 };

/* A directive, and the name of what it is on. */
struct spot {
    struct binder *binder;
    const struct ast_directive *directive;
    struct str subject;
    bool is_told; /* a misfit of it was reported */
};

static const struct ast_value *
find_argument(const struct ast_directive *directive, const char *name)
{
    const struct ast_argument *argument =
        directive ? ast_find_argument(directive->arguments, str_from(name)) : NULL;

    return argument && argument->value->kind != AST_NULL ? ast_as(value, argument->value) : NULL;
}

static bool
is_true(const struct ast_directive *directive, const char *name)
{
    const struct ast_value *value = find_argument(directive, name);

    return value && str_is(value->text, "true");
}

/* Seconds; 0 where the argument is absent, or wrong, which is reported. */
static int
read_seconds(struct spot *spot, const char *name)
{
    const struct ast_value *value = find_argument(spot->directive, name);
    int64_t seconds = 0;

    if (!value)
        return 0;
    if (str_read_int64(value->text, &seconds) && seconds >= 0 && seconds <= AGE_MAXIMUM)
        return (int)seconds;
    binder_misfit(spot->binder, value->node.start, spot->subject,
                  "@cacheControl(%s:) must be a number of seconds from 0 to %d.", name,
                  AGE_MAXIMUM);
    spot->is_told = true;
    return 0;
}

static struct cache_hint
read_hint(struct spot *spot)
{
    const struct ast_value *scope = find_argument(spot->directive, "scope");
    struct cache_hint hint = { .has_age = find_argument(spot->directive, "maxAge") != NULL,
                               .is_private = scope && str_is(scope->text, "PRIVATE"),
                               .inherits = is_true(spot->directive, "inheritMaxAge"),
                               .max_age = read_seconds(spot, "maxAge"),
                               .stale = read_seconds(spot, "staleWhileRevalidate") };

    if (hint.has_age && hint.inherits)
        binder_misfit(spot->binder, spot->directive->node.start, spot->subject,
                      "@cacheControl has maxAge or inheritMaxAge; remove one.");
    if (!hint.has_age && hint.stale > 0)
        binder_misfit(spot->binder, spot->directive->node.start, spot->subject,
                      "@cacheControl(staleWhileRevalidate:) needs a maxAge; add one.");
    return hint;
}

/* May others keep what it is on? */
static bool
is_public(const struct cache_hint *hint)
{
    return hint->has_age && hint->max_age > 0 && !hint->is_private;
}

static uint32_t
anonymous(const struct binder *b)
{
    return catalog_viewer_bit(b->catalog, 1);
}

static bool
has_own_rules(const struct table *table)
{
    return table->kind == TABLE_VIEW || table->kind == TABLE_FOREIGN;
}

static void
check_table(struct spot *spot, const struct table *table)
{
    const struct binder *b = spot->binder;
    const struct personal_policy *policy = catalog_personal_policy(table, anonymous(b));

    if (spot->is_told || !(viewers_personal(b->schema, table) & anonymous(b)))
        return;
    spot->is_told = true;
    if (policy)
        binder_misfit(spot->binder, spot->directive->node.start, spot->subject,
                      "policy %.*s of table %.*s decides for each viewer which rows there are, so "
                      "that no answer may be PUBLIC; remove @cacheControl, or give it scope: "
                      "PRIVATE.",
                      STR_PRINT(policy->name), STR_PRINT(table->name));
    else
        binder_misfit(spot->binder, spot->directive->node.start, spot->subject,
                      "nothing says that %s %.*s has the same rows for all viewers, so that no "
                      "answer may be PUBLIC; %sremove @cacheControl, or give it scope: PRIVATE.",
                      table->kind == TABLE_VIEW ? "view" : "table", STR_PRINT(table->name),
                      has_own_rules(table) ? "promise it with @table(shared: true), " : "");
}

static void
check_used(void *context, const struct table *table, const struct column *column,
           const struct function *function)
{
    (void)column;
    (void)function;
    if (table)
        check_table(context, table);
}

/* Is what the field calls and reads the same for all who are not signed in? */
static void
check_field(struct spot *spot, const struct type *parent, const struct field *field)
{
    const struct binding *binding = field->binding;
    const struct bound_rows *rows = binding_rows(binding);

    if (parent == spot->binder->schema->mutation || binding->signed_in.ptr) {
        binder_misfit(spot->binder, spot->directive->node.start, spot->subject,
                      binding->signed_in.ptr
                          ? "a field with @signedIn has no PUBLIC answer; remove @cacheControl."
                          : "an answer to a mutation cannot be kept; remove @cacheControl.");
        return;
    }
    if (binding->kind == BINDING_FUNCTION) {
        const struct function *function = binding_function(binding)->function;
        if (!viewers_share_function(function, binding->is_shared))
            binder_misfit(spot->binder, spot->directive->node.start, spot->subject,
                          "function %.*s may return something else for each viewer, so that no "
                          "answer may be PUBLIC; declare it IMMUTABLE, promise that it does not "
                          "with @function(shared: true), or remove @cacheControl.",
                          STR_PRINT(function->name));
        return;
    }
    if (rows && rows->table)
        check_table(spot, rows->table);
    rights_visit_field(binding, binding_of_type(parent)->table, check_used, spot);
}

/* @table(shared: true) */
static void
bind_promise(struct binder *b, struct type *type)
{
    const struct ast_directive *directive = binder_type_directive(b, type, "table");
    struct type_binding *binding = binder_type_binding(b, type);

    if (!is_true(directive, "shared") || !binding->table)
        return;
    binding->is_shared = has_own_rules(binding->table);
    if (!binding->is_shared)
        binder_misfit(b, directive->node.start, type->name,
                      "@table(shared:) is only for a view or a foreign table; for %.*s the "
                      "policies decide; remove it.",
                      STR_PRINT(binding->table->name));
}

static void
bind_type(struct binder *b, struct type *type)
{
    struct spot spot = { .binder = b,
                         .directive = binder_type_directive(b, type, "cacheControl"),
                         .subject = type->name };

    if (!spot.directive)
        return;
    struct type_binding *binding = binder_type_binding(b, type);
    binding->hint = read_hint(&spot);
    if (is_public(&binding->hint) && binding->table && binding->table->kind != TABLE_RESULT)
        check_table(&spot, binding->table);
}

static void
bind_one(struct binder *b, const struct type *parent, struct field *field)
{
    struct binding *binding = (struct binding *)field->binding;
    const struct ast_node *directives = field->ast->directives;
    struct spot spot = { .binder = b, .directive = ast_find_directive(directives, "cacheControl") };

    binding->is_shared = is_true(ast_find_directive(directives, "function"), "shared");
    if (!spot.directive)
        return;
    spot.subject =
        str_format(b->arena, "%.*s.%.*s", STR_PRINT(parent->name), STR_PRINT(field->name));
    binding->hint = read_hint(&spot);
    if (is_public(&binding->hint))
        check_field(&spot, parent, field);
}

/* Filters and orders say nothing of it: it is asked of the function itself. */
static void
check_input(struct binder *b, const struct type *type)
{
    for (int i = 0; i < type->input_count; i++) {
        const struct ast_directive *directive =
            ast_find_directive(type->inputs[i].ast->directives, "function");
        if (is_true(directive, "shared"))
            binder_misfit(b, directive->node.start, type->name,
                          "@function(shared:) is only for a field that shows what the function "
                          "returns; remove it.");
    }
}

void
bind_cache_hints(struct binder *b)
{
    for (int i = 0; i < b->schema->type_count; i++)
        if (!b->schema->types[i]->is_builtin && type_is_composite(b->schema->types[i]))
            bind_promise(b, b->schema->types[i]);
    for (int i = 0; i < b->schema->type_count; i++) {
        struct type *type = b->schema->types[i];
        if (type->is_builtin)
            continue;
        if (type_is_composite(type))
            bind_type(b, type);
        for (int j = 0; type->kind == TYPE_OBJECT && j < type->field_count; j++)
            if (type->fields[j].binding)
                bind_one(b, type, &type->fields[j]);
        if (type->kind == TYPE_INPUT_OBJECT)
            check_input(b, type);
    }
}
