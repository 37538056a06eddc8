/*
 * binder.c - what binding a contract takes everywhere: misfits are reported, and
 * directives are read.
 *
 * SPDX-License-Identifier: MIT
 */
#include "binder_base/binder.h"

#include <assert.h>
#include <stdarg.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/suggest.h"
#include "base/error.h"
#include "language/source.h"
#include "value/value.h"

/* Add what was found at the place of the contract, a misfit at first. */
static struct error *
add_finding(struct binder *b, uint32_t offset, struct str subject, const char *format, va_list args)
{
    struct str message = str_vformat(b->arena, format, args);

    return source_error(b->errors, b->schema->document->source, offset, ERROR_VALIDATION_FAILED,
                        "%.*s: %.*s", STR_PRINT(subject), STR_PRINT(message));
}

static struct str
site_subject(const struct bind_site *site)
{
    return str_format(site->binder->arena, "%.*s.%.*s", STR_PRINT(site->parent->name),
                      STR_PRINT(site->field->name));
}

/* The directive, or else the field's name. */
static uint32_t
site_offset(const struct bind_site *site, const struct ast_directive *directive)
{
    return directive
               ? directive->node.start
               : source_offset(site->binder->schema->document->source, site->field->ast->name);
}

void
binder_misfit(struct binder *b, uint32_t offset, struct str subject, const char *format, ...)
{
    va_list args;

    b->has_misfit = true;
    va_start(args, format);
    add_finding(b, offset, subject, format, args);
    va_end(args);
}

void
binder_site_misfit(const struct bind_site *site, const struct ast_directive *directive,
                   const char *format, ...)
{
    va_list args;

    site->binder->has_misfit = true;
    va_start(args, format);
    add_finding(site->binder, site_offset(site, directive), site_subject(site), format, args);
    va_end(args);
}

void
binder_note(struct binder *b, uint32_t offset, struct str subject, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    add_finding(b, offset, subject, format, args)->is_note = true;
    va_end(args);
}

void
binder_site_note(const struct bind_site *site, const struct ast_directive *directive,
                 const char *format, ...)
{
    va_list args;

    va_start(args, format);
    add_finding(site->binder, site_offset(site, directive), site_subject(site), format, args)
        ->is_note = true;
    va_end(args);
}

const struct ast_directive *
binder_site_directive(const struct bind_site *site, const char *name)
{
    return ast_find_directive(site->field->ast->directives, name);
}

/* What holds when the argument is not written. */
static struct str
default_text(const struct binder *b, struct str directive, const char *argument)
{
    const struct directive_definition *definition = schema_find_directive(b->schema, directive);

    for (int i = 0; definition && i < definition->argument_count; i++) {
        const struct input_value *input = &definition->arguments[i];
        if (str_is(input->name, argument) && input->default_value)
            return input->default_value->text;
    }
    return STR_NONE;
}

struct str
binder_directive_text(const struct binder *b, const struct ast_directive *directive,
                      const char *argument)
{
    if (!directive)
        return STR_NONE;
    for (const struct ast_node *node = directive->arguments; node; node = node->next)
        if (str_is(ast_as(argument, node)->name, argument)) {
            const struct ast_node *value = ast_as(argument, node)->value;
            return value->kind == AST_STRING ? ast_as(value, value)->text : STR_NONE;
        }
    return default_text(b, directive->name, argument);
}

const struct str *
binder_directive_texts(const struct binder *b, const struct ast_directive *directive,
                       const char *argument, int *count)
{
    const struct ast_node *node = directive ? directive->arguments : NULL;

    *count = 0;
    while (node && !str_is(ast_as(argument, node)->name, argument))
        node = node->next;
    const struct ast_node *value = node ? ast_as(argument, node)->value : NULL;
    if (!value || value->kind == AST_NULL)
        return NULL;
    const struct ast_node *first = value->kind == AST_LIST ? ast_as(value, value)->values : value;
    int most = 1;
    for (node = first; node; node = node->next)
        most++;
    struct str *texts = ARENA_ARRAY(b->arena, struct str, (size_t)most);
    for (node = first; node; node = value->kind == AST_LIST ? node->next : NULL)
        texts[(*count)++] = ast_as(value, node)->text;
    return texts;
}

const struct column **
binder_find_columns(struct binder *b, const struct table *table, const struct str *names, int count,
                    struct str *missing)
{
    const struct column **columns = ARENA_ARRAY(b->arena, const struct column *, (size_t)count + 1);

    for (int i = 0; i < count; i++) {
        columns[i] = table_find_column(table, names[i]);
        if (!columns[i]) {
            *missing = names[i];
            return NULL;
        }
    }
    return columns;
}

struct str
binder_name_columns(struct binder *b, const struct column *const *columns, int count)
{
    struct buf *names = buf_new(b->arena);

    for (int i = 0; i < count; i++) {
        buf_put_c(names, i > 0 ? ", " : "");
        buf_put(names, columns[i]->name);
    }
    return buf_copy(b->arena, names);
}

struct str
binder_column_name(struct binder *b, const struct ast_node *directives, struct str name)
{
    struct str given = binder_directive_text(b, ast_find_directive(directives, "column"), "name");

    return given.ptr ? given : str_snake_case(b->arena, name);
}

const struct column *
binder_find_column(struct binder *b, const struct table *table, const struct ast_node *directives,
                   struct str name, struct str *looked_for)
{
    struct str given = binder_directive_text(b, ast_find_directive(directives, "column"), "name");
    const struct column *column = table_find_column(table, given.ptr ? given : name);

    *looked_for = given.ptr ? given : column ? name : str_snake_case(b->arena, name);
    return column || given.ptr ? column : table_find_column(table, *looked_for);
}

struct str
binder_suggest_column(struct binder *b, const struct table *table, struct str name)
{
    struct str *names = ARENA_ARRAY(b->arena, struct str, (size_t)table->column_count + 1);

    for (int i = 0; i < table->column_count; i++)
        names[i] = table->columns[i].name;
    int count = suggest_close(b->arena, name, names, table->column_count);
    /* Where other databases have `id`, this one may have `artist_id`. */
    if (count == 0 && str_is(name, "id") && table->primary_key.count == 1)
        names[count++] = table->primary_key.columns[0]->name;
    return suggest_text(b->arena, NULL, names, count);
}

/* What a table or a function is called, and within its schema. */
struct named {
    struct str name, local_name;
};

/* Those of the same name in another schema, or else those that are close. */
static struct str
suggest_named(const struct binder *b, struct str name, const struct named *all, int all_count)
{
    struct str *names = ARENA_ARRAY(b->arena, struct str, (size_t)all_count + 1);
    int count = 0;

    for (int i = 0; i < all_count; i++)
        if (str_equal(all[i].local_name, name))
            names[count++] = all[i].name;
    if (count > 0)
        return suggest_text(b->arena, NULL, names, count);
    for (int i = 0; i < all_count; i++)
        names[i] = all[i].name;
    return suggest_text(b->arena, NULL, names, suggest_close(b->arena, name, names, all_count));
}

struct str
binder_suggest_table(const struct binder *b, struct str name)
{
    const struct catalog *c = b->catalog;
    struct named *all = ARENA_ARRAY(b->arena, struct named, (size_t)c->table_count + 1);

    for (int i = 0; i < c->table_count; i++)
        all[i] = (struct named){ c->tables[i].name, c->tables[i].local_name };
    return suggest_named(b, name, all, c->table_count);
}

struct str
binder_suggest_function(const struct binder *b, struct str name)
{
    const struct catalog *c = b->catalog;
    struct named *all = ARENA_ARRAY(b->arena, struct named, (size_t)c->function_count + 1);

    for (int i = 0; i < c->function_count; i++)
        all[i] = (struct named){ c->functions[i].name, c->functions[i].local_name };
    return suggest_named(b, name, all, c->function_count);
}

const struct ast_directive *
binder_type_directive(const struct binder *b, const struct type *type, const char *name)
{
    const struct ast_directive *directive =
        type->ast ? ast_find_directive(type->ast->directives, name) : NULL;
    const struct ast_node *node = type->is_extended ? b->schema->document->definitions : NULL;

    for (; node && !directive; node = node->next) {
        if (!ast_is_type_definition(node->kind))
            continue;
        const struct ast_type_definition *definition = ast_as(type_definition, node);
        if (str_equal(definition->name, type->name))
            directive = ast_find_directive(definition->directives, name);
    }
    return directive;
}

const struct type *
binder_whole(const struct binder *b, const struct type *type)
{
    const struct schema *whole = b->schema->whole;

    return whole ? schema_find_type(whole, type->name) : type;
}

struct type_binding *
binder_type_binding(struct binder *b, struct type *type)
{
    if (!type->binding)
        type->binding = ARENA_NEW(b->arena, struct type_binding);
    return (struct type_binding *)type->binding;
}

struct bound_rows *
binder_site_rows(const struct bind_site *site)
{
    struct binding *binding = site->binding;

    switch (binding->kind) {
    case BINDING_FUNCTION:
        return &binding->as.function.rows;
    case BINDING_OUTPUT:
        return &binding->as.output.rows;
    case BINDING_WRITE:
        return &binding->as.write.rows;
    default:
        assert(binding->kind == BINDING_TABLE || binding->kind == BINDING_JOIN);
        return &binding->as.rows;
    }
}

uint32_t
binder_type_offset(const struct binder *b, const struct type *type)
{
    return source_offset(b->schema->document->source, type->ast->name);
}

bool
binder_has_table(const struct binder *b, const struct type *type)
{
    return binder_type_directive(b, type, "table") || binder_type_directive(b, type, "row");
}

const char *
binder_table_noun(const struct table *table)
{
    return table->kind == TABLE_RESULT ? "the result of" : "table";
}

const struct table *
binder_named_table(struct binder *b, const struct type *type, const struct ast_directive *directive)
{
    struct str name = binder_directive_text(b, directive, "name");
    const struct table *table = catalog_find_table(b->catalog, name);

    if (!table)
        binder_misfit(b, directive->node.start, type->name,
                      "there is no table \"%.*s\"; create it, or name another with "
                      "@table(name:).%.*s",
                      STR_PRINT(name), STR_PRINT(binder_suggest_table(b, name)));
    return table;
}

/* The key that @table(key:) declares. */
static void
set_declared_key(struct binder *b, struct type *type, const struct ast_directive *directive,
                 const struct str *names, int count)
{
    struct type_binding *binding = binder_type_binding(b, type);
    struct str missing;
    const struct column **columns = binder_find_columns(b, binding->table, names, count, &missing);

    for (int i = 0; columns && i < count; i++)
        if (!columns[i]->type->has_order)
            binder_misfit(b, directive->node.start, type->name,
                          "column %.*s.%.*s is %.*s, which PostgreSQL cannot sort, so it cannot be "
                          "part of a key; name others with @table(key:).",
                          STR_PRINT(binding->table->name), STR_PRINT(columns[i]->name),
                          STR_PRINT(columns[i]->type_name));
    if (columns)
        binding->key = (struct key){ columns, count };
    else
        binder_misfit(b, directive->node.start, type->name,
                      "table %.*s has no column \"%.*s\" that could be part of its key; name "
                      "others with @table(key:).%.*s",
                      STR_PRINT(binding->table->name), STR_PRINT(missing),
                      STR_PRINT(binder_suggest_column(b, binding->table, missing)));
    binding->is_keyless = count == 0;
}

void
binder_set_table(struct binder *b, struct type *type, const struct table *table,
                 const struct ast_directive *directive)
{
    struct type_binding *binding = binder_type_binding(b, type);
    int count;
    const struct str *names = binder_directive_texts(b, directive, "key", &count);

    binding->table = table;
    if (!table)
        return;
    binding->key = table->primary_key;
    if (names)
        set_declared_key(b, type, directive, names, count);
}

bool
binder_is_unique(const struct type *type, const struct table *table,
                 const struct column *const *columns, int count)
{
    return table_is_unique(table, columns, count) ||
           (binding_of_type(type)->table == table &&
            key_is_within(&binding_of_type(type)->key, columns, count));
}

bool
binder_is_root(const struct binder *b, const struct type *type)
{
    const struct schema *schema = b->schema;

    return type == schema->query || type == schema->mutation || type == schema->subscription;
}

const struct resolver_signature *
binder_find_resolver(const struct binder *b, const struct ast_directive *directive)
{
    struct str name = binder_directive_text(b, directive, "name");

    for (int i = 0; b->resolvers[i]; i++)
        if (str_is(name, b->resolvers[i]->name))
            return b->resolvers[i];
    return NULL;
}
