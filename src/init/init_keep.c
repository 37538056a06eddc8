/*
 * init_keep.c - what a contract that is there already says: the names that somebody has chosen, and
 * what somebody wants left out.
 *
 * A type with @table(name:) names the table, and a field of it the column or the join that it
 * shows.  A comment that begins with the name of a table, a column or a field keeps that out:
 * `# note: ...`, as `linnet init` itself writes it, or a field that was commented out.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "language/ast.h"
#include "language/source.h"
#include "catalog/catalog.h"
#include "binding/write.h"
#include "init/init_internal.h"

/* --- names --- */

/* What an argument of the directive says: a text, or texts with spaces between; STR_NONE:
 * nothing. */
static struct str
said(struct arena *a, const struct ast_node *directives, const char *name, const char *argument)
{
    const struct ast_directive *directive = ast_find_directive(directives, name);
    const struct ast_argument *found =
        directive ? ast_find_argument(directive->arguments, str_from(argument)) : NULL;
    if (!found)
        return STR_NONE;
    const struct ast_value *value = ast_as(value, found->value);
    if (value->node.kind != AST_LIST)
        return value->text;
    struct buf *b = buf_new(a);
    for (const struct ast_node *v = value->values; v; v = v->next)
        buf_printf(b, "%s%.*s", b->len > 0 ? " " : "", STR_PRINT(ast_text(v)));
    return buf_copy(a, b);
}

/* The named type within `[Film!]!`. */
static struct str
named_type(const struct ast_node *type)
{
    while (ast_as(type, type)->of)
        type = ast_as(type, type)->of;
    return ast_as(type, type)->name;
}

static bool
is_list(const struct ast_node *type)
{
    for (; type; type = ast_as(type, type)->of)
        if (type->kind == AST_LIST_TYPE)
            return true;
    return false;
}

/* `Film`, or `Film[]`. */
static struct str
shown_type(struct arena *a, const struct ast_node *type)
{
    return str_format(a, "%.*s%s", STR_PRINT(named_type(type)), is_list(type) ? "[]" : "");
}

static struct str
join_key(struct arena *a, struct str owner, struct str type, struct str columns, struct str between)
{
    return str_format(a, "%.*s>%.*s>%.*s>%.*s", STR_PRINT(owner), STR_PRINT(type),
                      STR_PRINT(columns.ptr ? columns : STR("")),
                      STR_PRINT(between.ptr ? between : STR("")));
}

static struct str
member_key(struct arena *a, struct str owner, struct str member)
{
    return str_format(a, "%.*s#%.*s", STR_PRINT(owner), STR_PRINT(member));
}

static struct str
column_key(struct arena *a, const struct table *table, const struct column *column)
{
    return str_format(a, "%.*s.%.*s", STR_PRINT(table->name), STR_PRINT(column->name));
}

static struct str
mutation_key(struct arena *a, const char *action, struct str table)
{
    return str_format(a, "@%s %.*s", action, STR_PRINT(table));
}

struct str
init_kept_mutation(const struct init_model *m, const struct table *table, enum write_action action,
                   struct str name)
{
    const struct str *kept =
        map_get(m->kept, mutation_key(m->arena, write_action_name(action), table->name));

    return kept ? *kept : name;
}

struct str
init_kept_column(const struct init_model *m, const struct table *table, const struct column *column,
                 struct str name)
{
    const struct str *kept = map_get(m->kept, column_key(m->arena, table, column));

    return kept ? *kept : name;
}

struct str
init_kept_field(const struct init_model *m, const struct init_place *place, struct str name)
{
    struct arena *a = m->arena;
    struct str type = place->type;

    if (map_get(m->kept, member_key(a, place->owner, name)))
        return name;
    if (place->is_list)
        type = str_format(a, "%.*sConnection", STR_PRINT(place->stem));
    const struct str *kept =
        map_get(m->kept, join_key(a, place->owner, type, place->columns, place->between));
    if (!kept && place->is_list)
        kept = map_get(m->kept,
                       join_key(a, place->owner, str_format(a, "%.*s[]", STR_PRINT(place->type)),
                                place->columns, place->between));
    return kept ? *kept : name;
}

/* A field of a type with this table; NULL: of Query. */
static void
keep_field(struct init_model *m, struct str owner, const struct table *table,
           const struct ast_field_definition *f)
{
    struct arena *a = m->arena;
    struct str column = said(a, f->directives, "column", "name");
    struct str between = said(a, f->directives, "through", "table");
    struct str *name = ARENA_NEW(a, struct str);

    *name = f->name;
    struct str columns = between.ptr ? said(a, f->directives, "through", "column")
                                     : said(a, f->directives, "join", "column");
    map_add(m->kept, member_key(a, owner, f->name), name);
    map_add(m->kept, join_key(a, owner, shown_type(a, f->type), columns, between), name);
    if (!table)
        return;
    const struct column *found = table_find_column(table, column.ptr ? column : f->name);
    if (!found && !column.ptr)
        found = table_find_column(table, str_snake_case(a, f->name));
    if (!found)
        return;
    map_add(m->kept, column_key(a, table, found), name);
    for (int i = 0; i < m->enum_count; i++)
        if (m->enums[i].type == found->type->labels && !str_is(named_type(f->type), "String"))
            m->enums[i].kept = named_type(f->type);
}

/* A field of Mutation: the first that writes rows of a table so. */
static void
keep_mutation(struct init_model *m, const struct ast_field_definition *f)
{
    for (enum write_action i = 0; i < WRITE_ACTION_COUNT; i++) {
        struct str table = said(m->arena, f->directives, write_action_name(i), "table");
        struct str *name = ARENA_NEW(m->arena, struct str);
        *name = f->name;
        if (table.ptr)
            map_add(m->kept, mutation_key(m->arena, write_action_name(i), table), name);
    }
}

/* --- comments --- */

/* The first word of a comment that the line is; STR_NONE: it is none. */
static struct str
commented(struct str line)
{
    line = str_trim(line);
    if (line.len == 0 || line.ptr[0] != '#')
        return STR_NONE;
    struct str text = str_trim((struct str){ line.ptr + 1, line.len - 1 });
    size_t end = 0;
    while (end < text.len && text.ptr[end] != ':' && text.ptr[end] != '(' && text.ptr[end] != ' ')
        end++;
    return (struct str){ text.ptr, end };
}

bool
init_is_commented(struct str text, struct str name)
{
    while (text.len > 0) {
        size_t end = str_find(text, '\n');
        struct str word = commented((struct str){ text.ptr, end });
        if (word.ptr && str_equal(word, name))
            return true;
        end += end < text.len;
        text = (struct str){ text.ptr + end, text.len - end };
    }
    return false;
}

static void
leave_out_columns(struct init_model *m, const struct init_table *t, struct str body)
{
    for (int i = 0; i < t->table->column_count; i++) {
        struct init_column *c = &t->columns[i];
        struct str name = c->column->name;
        if (c->reason == INIT_SHOWN && !c->is_asked &&
            (init_is_commented(body, name) ||
             init_is_commented(body, init_argument_name(m, c->column))))
            c->reason = INIT_EXCLUDED;
    }
}

/* The table whose rows the type shows, by its definition; NULL: none. */
static struct init_table *
table_of(const struct init_model *m, const struct ast_type_definition *d)
{
    struct str name = said(m->arena, d->directives, "table", "name");

    if (name.ptr)
        return map_get(m->tables_by_name, name);
    for (int i = 0; i < m->table_count; i++)
        if (m->tables[i].kept_type.ptr && str_equal(m->tables[i].kept_type, d->name))
            return &m->tables[i];
    return NULL;
}

static void
keep_type(struct init_model *m, const struct source *source, const struct ast_type_definition *d)
{
    struct init_table *t = table_of(m, d);
    bool is_query = str_is(d->name, "Query"), is_mutation = str_is(d->name, "Mutation");
    struct str body = { source->text.ptr + d->node.start, d->node.end - d->node.start };

    for (const struct ast_node *f = is_mutation ? d->members : NULL; f; f = f->next)
        keep_mutation(m, ast_as(field_definition, f));
    if (d->node.kind != AST_OBJECT_DEFINITION || (!t && !is_query))
        return;
    if (t && !t->kept_type.ptr)
        t->kept_type = d->name;
    for (const struct ast_node *f = d->members; f; f = f->next)
        keep_field(m, t ? t->table->name : d->name, t ? t->table : NULL,
                   ast_as(field_definition, f));
    if (t)
        leave_out_columns(m, t, body);
}

/* The text between two definitions. */
static void
leave_out_tables(struct init_model *m, struct str between)
{
    for (int i = 0; i < m->table_count; i++)
        if (init_is_shown(&m->tables[i]) && !m->tables[i].is_asked &&
            init_is_commented(between, m->tables[i].table->name))
            m->tables[i].reason = INIT_EXCLUDED;
}

void
init_keep(struct init_model *m, const struct ast_document *document)
{
    const struct source *source = document->source;
    uint32_t end = 0;

    for (const struct ast_node *d = document->definitions; d; d = d->next) {
        leave_out_tables(m, (struct str){ source->text.ptr + end, d->start - end });
        end = d->end;
        if (ast_is_type_definition(d->kind))
            keep_type(m, source, ast_as(type_definition, d));
    }
    leave_out_tables(m, (struct str){ source->text.ptr + end, source->text.len - end });
}
