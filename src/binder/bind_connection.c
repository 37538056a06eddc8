/*
 * bind_connection.c - types that show a page of rows (GraphQL Cursor Connections Specification):
 * connections, their edges, and what they say of the page.
 *
 * They are known by their shape: a type without @table that has `pageInfo`, and `edges` with `node`
 * and `cursor`, is a connection, and shows rows of the node's type.  A field that shows one is
 * bound like a list of these rows (bind_page.c); the fields of the three types are parts of its
 * page.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "language/source.h"
#include "value/value.h"
#include "binder/bind_internal.h"

/* --- which types they are --- */

static const struct field *
find_field(const struct binder *b, const struct type *type, const char *name)
{
    return schema_find_field(b->schema, type, str_from(name));
}

/* The object type of the field's items, or of its value; NULL: it is of something else. */
static const struct type *
find_object(const struct binder *b, const struct type *type, const char *name, bool is_list)
{
    const struct field *field = find_field(b, type, name);

    if (!field || (type_nullable(field->type)->kind == TYPE_LIST) != is_list)
        return NULL;
    const struct type *named = type_named(field->type);
    return named->kind == TYPE_OBJECT ? named : NULL;
}

static bool
is_bare(const struct binder *b, const struct type *type)
{
    return type->kind == TYPE_OBJECT && !type->is_builtin && !binder_is_root(b, type) &&
           !binder_has_table(b, type);
}

static void
add_connection(struct binder *b, struct type *type, const struct type *edge,
               const struct type *page_info)
{
    struct connection *connection = ARENA_NEW(b->arena, struct connection);
    const struct field *node = find_field(b, edge, "node");

    connection->node = type_named(node->type);
    connection->edge = edge;
    binder_type_binding(b, type)->connection = connection;
    binder_type_binding(b, type)->shape = SHAPE_CONNECTION;
    binder_type_binding(b, (struct type *)edge)->shape = SHAPE_EDGE;
    binder_type_binding(b, (struct type *)page_info)->shape = SHAPE_PAGE_INFO;
}

void
bind_connection_types(struct binder *b)
{
    for (int i = 0; i < b->schema->type_count; i++) {
        struct type *type = b->schema->types[i];
        if (!is_bare(b, type))
            continue;
        const struct type *edge = find_object(b, type, "edges", true);
        const struct type *page_info = find_object(b, type, "pageInfo", false);
        const struct field *node = edge ? find_field(b, edge, "node") : NULL;
        bool is_connection = page_info && node && is_bare(b, edge) && is_bare(b, page_info) &&
                             type_is_composite(type_named(node->type)) &&
                             find_field(b, edge, "cursor");
        if (is_connection)
            add_connection(b, type, edge, page_info);
    }
}

/* --- their fields --- */

enum part_form { FORM_OBJECT, FORM_OBJECTS, FORM_BOOLEAN, FORM_CURSOR, FORM_COUNT };

/* clang-format off */
static const struct {
    enum type_shape shape;
    const char *name;
    enum connection_part part;
    enum part_form form;
} parts[] = {
    { SHAPE_CONNECTION, "edges", CONNECTION_EDGES, FORM_OBJECTS },
    { SHAPE_CONNECTION, "nodes", CONNECTION_NODES, FORM_OBJECTS },
    { SHAPE_CONNECTION, "pageInfo", CONNECTION_PAGE_INFO, FORM_OBJECT },
    { SHAPE_CONNECTION, "totalCount", CONNECTION_TOTAL_COUNT, FORM_COUNT },
    { SHAPE_EDGE, "node", EDGE_NODE, FORM_OBJECT },
    { SHAPE_EDGE, "cursor", EDGE_CURSOR, FORM_CURSOR },
    { SHAPE_PAGE_INFO, "hasNextPage", PAGE_HAS_NEXT, FORM_BOOLEAN },
    { SHAPE_PAGE_INFO, "hasPreviousPage", PAGE_HAS_PREVIOUS, FORM_BOOLEAN },
    { SHAPE_PAGE_INFO, "startCursor", PAGE_START_CURSOR, FORM_CURSOR },
    { SHAPE_PAGE_INFO, "endCursor", PAGE_END_CURSOR, FORM_CURSOR },
};

static const char *const form_words[] = {
    [FORM_OBJECT] = "an object",
    [FORM_OBJECTS] = "a list of objects",
    [FORM_BOOLEAN] = "a Boolean",
    [FORM_CURSOR] = "a String",
    [FORM_COUNT] = "an Int",
};
/* clang-format on */

bool
bind_connection_is_cursor(const struct type *type)
{
    static const char *const others[] = { "Int", "Float", "Boolean" };
    const struct type *nullable = type_nullable(type);

    for (size_t i = 0; i < ARRAY_LENGTH(others); i++)
        if (str_is(nullable->name, others[i]))
            return false;
    return nullable->kind == TYPE_SCALAR;
}

/* Is the field of the form that its part has? */
static bool
has_form(const struct bind_site *site, enum part_form form)
{
    const struct type *type = type_nullable(site->field->type);

    switch (form) {
    case FORM_OBJECT:
        return type_is_composite(type);
    case FORM_OBJECTS:
        return type->kind == TYPE_LIST && type_is_composite(type_nullable(type->of));
    case FORM_BOOLEAN:
        return str_is(type->name, "Boolean");
    case FORM_CURSOR:
        return bind_connection_is_cursor(type);
    case FORM_COUNT:
        break;
    }
    return type->kind == TYPE_SCALAR; /* which its codec judges */
}

/* An empty page has none; an edge always has one. */
static bool
check_cursor(const struct bind_site *site, enum connection_part part)
{
    if (part == EDGE_CURSOR || !site->is_non_null)
        return true;
    binder_site_misfit(site, NULL,
                       "a page without rows has no cursor; remove the \"!\" after %.*s.",
                       STR_PRINT(site->named->name));
    return false;
}

/* The most that @count(atMost:) counts; 0: it says nothing. */
static bool
bind_count_most(const struct bind_site *site, struct bound_part *bound)
{
    const struct ast_directive *directive = binder_site_directive(site, "count");
    const struct ast_node *node = directive ? directive->arguments : NULL;
    int64_t most;

    if (!node || ast_as(argument, node)->value->kind == AST_NULL)
        return true;
    const struct ast_value *value = ast_as(value, ast_as(argument, node)->value);
    if (str_read_int64(value->text, &most) && most >= 0 && most < INT32_MAX) {
        bound->count_most = (int)most;
        bound->has_most = true;
        return true;
    }
    binder_site_misfit(site, directive, "@count(atMost:) must be a number from 0 to %d.",
                       INT32_MAX - 1);
    return false;
}

static bool
bind_count(const struct bind_site *site, struct bound_part *bound)
{
    const struct column_type *type =
        catalog_get_type(site->binder->arena, site->binder->catalog, STR("bigint"));

    bound->codec = bind_codec_field(site, STR("the number of rows"), type);
    return bind_count_most(site, bound) && bound->codec;
}

/* `nodes` and `edges` show the same rows. */
static bool
check_nodes(const struct bind_site *site)
{
    const struct type *node = binding_row_type(site->parent);

    if (site->named == node)
        return true;
    binder_site_misfit(site, NULL, "the rows of %.*s are of %.*s, as `node` in its edges says.",
                       STR_PRINT(site->parent->name), STR_PRINT(node->name));
    return false;
}

static bool
check_no_arguments(const struct bind_site *site)
{
    if (site->field->argument_count == 0)
        return true;
    binder_site_misfit(site, NULL,
                       "the field shows a part of a page, and takes no arguments; remove them, or "
                       "give them to the field that shows the page.");
    return false;
}

static bool
bind_part(const struct bind_site *site, size_t number)
{
    struct bound_part *bound = &site->binding->as.part;

    bound->part = parts[number].part;
    if (!has_form(site, parts[number].form)) {
        binder_site_misfit(site, NULL, "the field must be %s, and not %.*s.",
                           form_words[parts[number].form],
                           STR_PRINT(type_text(site->binder->arena, site->field->type)));
        return false;
    }
    if (parts[number].form == FORM_CURSOR && !check_cursor(site, bound->part))
        return false;
    if (bound->part == CONNECTION_NODES && !check_nodes(site))
        return false;
    return bound->part != CONNECTION_TOTAL_COUNT || bind_count(site, bound);
}

/* The number in `parts`; -1: there is none of the name. */
static int
find_part(enum type_shape shape, struct str name)
{
    for (size_t i = 0; i < ARRAY_LENGTH(parts); i++)
        if (parts[i].shape == shape && str_is(name, parts[i].name))
            return (int)i;
    return -1;
}

/* How the fields that show rows by an edge join them. */
struct edge_uses {
    const struct table *between; /* or NULL: by none */
    int count;
    bool differ;      /* not all by the same table */
    bool has_unbound; /* one of them has a misfit */
};

/* A column of the table between, by which the rows of an edge are joined (@through). */
static bool
bind_edge_column(struct bind_site *site, const struct edge_uses *uses)
{
    struct binder *b = site->binder;
    const struct table *between = uses->between;
    struct bound_part *bound = &site->binding->as.part;
    struct str name;

    bound->part = EDGE_COLUMN;
    bound->between = between;
    bound->column = between ? binder_find_column(b, between, site->field->ast->directives,
                                                 site->field->name, &name)
                            : NULL;
    if (uses->has_unbound)
        return false;
    if (uses->differ) {
        binder_site_misfit(
            site, NULL,
            "several connections have these edges, and join their rows in different ways, so the "
            "column does not belong to all of them; give each connection an edge type of its own.");
        return false;
    }
    if (!between || !type_is_leaf(site->named)) {
        binder_site_misfit(site, NULL,
                           "nothing says what the field shows: an edge has `node`, `cursor` and, "
                           "if @through joins its rows, columns of the join table.");
        return false;
    }
    if (!bound->column) {
        binder_site_misfit(site, NULL,
                           "table %.*s, which joins the rows, has no column \"%.*s\"; add it, or "
                           "name another with @column(name:).%.*s",
                           STR_PRINT(between->name), STR_PRINT(name),
                           STR_PRINT(binder_suggest_column(b, between, name)));
        return false;
    }
    if (site->is_non_null && !bound->column->is_not_null) {
        binder_site_misfit(site, NULL,
                           "column %.*s.%.*s may be null; remove the \"!\", or declare the column "
                           "NOT NULL.",
                           STR_PRINT(between->name), STR_PRINT(bound->column->name));
        return false;
    }
    struct str what = str_format(b->arena, "column %.*s.%.*s", STR_PRINT(between->name),
                                 STR_PRINT(bound->column->name));
    bound->codec = bind_codec_field(site, what, bound->column->type);
    return bound->codec && bind_codec_check_items(site, what, bound->column->has_elements_not_null);
}

static void
report_unknown(const struct bind_site *site, enum type_shape shape)
{
    binder_site_misfit(site, NULL,
                       shape == SHAPE_CONNECTION
                           ? "nothing says what the field shows: a connection has `edges`, "
                             "`nodes`, `pageInfo`, `totalCount`, and objects with @aggregate."
                           : "nothing says what the field shows: `pageInfo` has no such field.");
}

static void
bind_connection_field(struct binder *b, const struct type *parent, struct field *field,
                      const struct edge_uses *uses)
{
    enum type_shape shape = binding_of_type(parent)->shape;
    int number = find_part(shape, field->name);
    struct bind_site site = { .binder = b,
                              .parent = parent,
                              .field = field,
                              .named = type_named(field->type),
                              .is_list = type_nullable(field->type)->kind == TYPE_LIST,
                              .is_non_null = field->type->kind == TYPE_NON_NULL,
                              .binding = ARENA_NEW(b->arena, struct binding) };
    bool fits = check_no_arguments(&site);

    site.binding->kind = BINDING_PART;
    if (number >= 0)
        fits = bind_part(&site, (size_t)number) && fits;
    else if (shape == SHAPE_CONNECTION && binding_of_type(site.named)->is_aggregate)
        fits = bind_aggregate_part(&site) && fits;
    else if (shape == SHAPE_EDGE)
        fits = bind_edge_column(&site, uses) && fits;
    else {
        report_unknown(&site, shape);
        fits = false;
    }
    if (fits)
        field->binding = site.binding;
}

/* Relay's clients want all four. */
static void
check_page_info(struct binder *b, const struct type *type)
{
    for (size_t i = 0; i < ARRAY_LENGTH(parts); i++)
        if (parts[i].shape == SHAPE_PAGE_INFO && !find_field(b, type, parts[i].name))
            binder_misfit(
                b, binder_type_offset(b, type), type->name,
                "the type of `pageInfo` must have `%s`, as Relay's clients expect; add it.",
                parts[i].name);
}

static void
add_use(struct edge_uses *uses, const struct field *field)
{
    const struct bound_rows *rows = field->binding ? binding_rows(field->binding) : NULL;
    bool has_between = rows && rows->join && rows->join->through;
    const struct table *between = has_between ? rows->join->through->table : NULL;

    uses->has_unbound |= !rows;
    if (rows) {
        uses->differ |= uses->count > 0 && uses->between != between;
        uses->between = between;
        uses->count++;
    }
}

static struct edge_uses
find_uses(const struct binder *b, const struct type *edge)
{
    struct edge_uses uses = { 0 };

    for (int i = 0; i < b->schema->type_count; i++)
        for (int j = 0; j < b->schema->types[i]->field_count; j++) {
            const struct field *field = &b->schema->types[i]->fields[j];
            const struct connection *connection =
                binding_of_type(type_named(field->type))->connection;
            if (connection && connection->edge == edge)
                add_use(&uses, field);
        }
    return uses;
}

void
bind_connection_fields(struct binder *b, struct type *type)
{
    enum type_shape shape = binding_of_type(type)->shape;
    struct edge_uses uses = { 0 };

    if (shape == SHAPE_EDGE)
        uses = find_uses(b, type);
    for (int i = 0; i < type->field_count; i++)
        bind_connection_field(b, type, &type->fields[i], &uses);
    if (shape == SHAPE_PAGE_INFO)
        check_page_info(b, type);
}
