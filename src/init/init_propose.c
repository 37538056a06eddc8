/*
 * init_propose.c - of a contract that was written, what is about one table: to be pasted and cut.
 *
 * The texts of definitions are taken as they are, with the comments in them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "init/init_propose.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/map.h"
#include "language/ast.h"
#include "language/parser.h"
#include "language/source.h"
#include "catalog/catalog.h"
#include "init/init_internal.h"

/* What follows the name of a table's type in the names of what belongs to it (init_write.c). */
static const char *const suffixes[] = { "",     "Filter", "ListFilter", "Sort",   "Connection",
                                        "Edge", "Input",  "Patch",      "Payload" };

struct proposal {
    struct arena *arena;
    const struct ast_document *document;
    struct map *definitions; /* by name: struct ast_type_definition */
    struct map *not_wanted;  /* a set: other tables' names */
    struct map *wanted;      /* a set: names of what is written */
};

const struct init_table *
init_propose_find(const struct init_model *model, struct str name)
{
    for (int i = 0; i < model->table_count; i++) {
        const struct init_table *t = &model->tables[i];
        if (init_is_shown(t) && !t->is_between && init_matches(model, name, t->table, NULL))
            return t;
    }
    return NULL;
}

static struct str
name_of(struct arena *a, const struct init_table *t, size_t suffix)
{
    return str_format(a, "%.*s%s", STR_PRINT(suffix == 0 ? t->type : t->stem), suffixes[suffix]);
}

/* Put the names of all that belongs to the table into the set. */
static void
put_names(struct proposal *p, struct map *set, const struct init_table *t)
{
    for (size_t i = 0; i < ARRAY_LENGTH(suffixes); i++)
        map_put(set, name_of(p->arena, t, i), p);
}

/* ---- What is needed ----------------------------------------------------------------- */

static void want(struct proposal *p, struct str name);

/* Want the types that members and their arguments name. */
static void
want_types(struct proposal *p, const struct ast_node *list)
{
    for (const struct ast_node *node = list; node; node = node->next) {
        if (node->kind == AST_NAMED_TYPE)
            want(p, ast_as(type, node)->name);
        if (node->kind == AST_DIRECTIVE)
            continue;
        for (const uint16_t *child = ast_children(node->kind); *child; child++)
            want_types(p, ast_child(node, *child));
    }
}

/* Want the definition of that name, and what it needs, unless another table's. */
static void
want(struct proposal *p, struct str name)
{
    const struct ast_type_definition *definition = map_get(p->definitions, name);

    if (!definition || map_get(p->not_wanted, name) || map_add(p->wanted, name, p))
        return;
    want_types(p, definition->interfaces);
    want_types(p, definition->members);
}

/* ---- Writing ------------------------------------------------------------------------ */

static void
put_node(struct proposal *p, struct buf *out, const struct ast_node *node)
{
    const char *text = p->document->source->text.ptr;

    buf_put(out, (struct str){ text + node->start, node->end - node->start });
}

/* Does the field of Query or Mutation show, or write, the table's rows? */
static bool
is_of_table(const struct init_table *t, struct str root, struct str name)
{
    if (str_is(root, "Query"))
        return str_equal(name, t->many) || (t->one.ptr && str_equal(name, t->one));
    for (enum write_action i = 0; i < WRITE_ACTION_COUNT; i++)
        if (init_has_mutation(t, i) && str_equal(name, t->mutations[i].field))
            return true;
    return false;
}

/* Write the table's fields of Query, or of Mutation where it has any. */
static void
put_root(struct proposal *p, struct buf *out, const struct init_table *t, struct str name_of_root,
         bool is_extended)
{
    const struct ast_type_definition *root = map_get(p->definitions, name_of_root);
    size_t start = out->len;

    buf_printf(out, "%s%stype %.*s {\n", start > 0 ? "\n" : "", is_extended ? "extend " : "",
               STR_PRINT(name_of_root));
    size_t begin = out->len;
    for (const struct ast_node *node = root ? root->members : NULL; node; node = node->next) {
        if (!is_of_table(t, name_of_root, ast_text(node)))
            continue;
        want_types(p, ast_as(field_definition, node)->arguments);
        want_types(p, ast_as(field_definition, node)->type);
        buf_put_c(out, "  ");
        put_node(p, out, node);
        buf_byte(out, '\n');
    }
    if (out->len == begin)
        buf_truncate(out, start);
    else
        buf_put_c(out, "}\n");
}

static bool
defines(const struct ast_document *document, struct str name)
{
    for (const struct ast_node *node = document ? document->definitions : NULL; node;
         node = node->next)
        if (ast_is_type_definition(node->kind) && str_equal(ast_text(node), name))
            return true;
    return false;
}

bool
init_propose(struct arena *a, const struct init_model *model, const struct init_table *table,
             struct str text, const struct ast_document *known, struct buf *out,
             struct errors *errors)
{
    const struct source source = { STR("linnet init"), text };
    struct proposal p = { .arena = a,
                          .document = parser_parse(a, &source, NULL, errors),
                          .definitions = map_new(a),
                          .not_wanted = map_new(a),
                          .wanted = map_new(a) };

    if (!p.document)
        return false;
    for (const struct ast_node *node = p.document->definitions; node; node = node->next)
        if (ast_is_type_definition(node->kind))
            map_put(p.definitions, ast_text(node), (void *)node);
    for (int i = 0; i < model->table_count; i++)
        if (&model->tables[i] != table && init_is_shown(&model->tables[i]))
            put_names(&p, p.not_wanted, &model->tables[i]);
    put_root(&p, out, table, STR("Query"), true);
    put_root(&p, out, table, STR("Mutation"), defines(known, STR("Mutation")));
    for (size_t i = 0; i < ARRAY_LENGTH(suffixes); i++)
        want(&p, name_of(a, table, i));
    for (const struct ast_node *node = p.document->definitions; node; node = node->next) {
        struct str name = ast_text(node);
        if (!ast_is_type_definition(node->kind) || !map_get(p.wanted, name) || defines(known, name))
            continue;
        buf_byte(out, '\n');
        put_node(&p, out, node);
        buf_byte(out, '\n');
    }
    return true;
}
