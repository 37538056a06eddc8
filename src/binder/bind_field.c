/*
 * bind_field.c - find where a field comes from: a column, a join, a table, a
 * function, a resolver or its output.
 *
 * The directives @function and @resolver say it outright; without them the
 * place of the field and its type say it: on a root type the rows of a table,
 * on a type with a table a column for a leaf and a join for an object, on a
 * resolver's payload an output.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "base/buf.h"
#include "language/source.h"
#include "value/value.h"
#include "binder/bind_internal.h"
#include "binder_write/bind_version.h"
#include "binder_write/bind_write.h"

/* clang-format off */

/* Which directives may stand on a field of which binding. */
static const struct {
    const char *name;
    unsigned kinds; /* bits of enum binding_kind */
    bool is_of_lists, is_of_roots, is_of_rows;
    const char *where;
} directive_places[] = {
    { "column",
      1U << BINDING_COLUMN | 1U << BINDING_GLOBAL_ID | 1U << BINDING_AGGREGATE |
          1U << BINDING_GROUP_KEY,
      false,
      false, false, "a column" },
    { "join", 1U << BINDING_COLUMN | 1U << BINDING_JOIN, false, false, false, "a joined table" },
    { "through", 1U << BINDING_JOIN, true, false, true, "a list of joined rows" },
    { "function", 1U << BINDING_FUNCTION, false, false, false, "an SQL function" },
    { "insert", 1U << BINDING_WRITE, false, true, false, "a mutation that writes rows" },
    { "upsert", 1U << BINDING_WRITE, false, true, false, "a mutation that writes rows" },
    { "update", 1U << BINDING_WRITE, false, true, false, "a mutation that writes rows" },
    { "delete", 1U << BINDING_WRITE, false, true, false, "a mutation that writes rows" },
    { "resolver", 1U << BINDING_RESOLVER, false, false, false, "a function of the server" },
    { "order", 1U << BINDING_TABLE | 1U << BINDING_JOIN | 1U << BINDING_FUNCTION, true, false, true,
      "a list of rows" },
    { "version", 1U << BINDING_COLUMN, false, false, false, "a column of the row" },
    { "exactlyOne", 1U << BINDING_TABLE | 1U << BINDING_JOIN, false, false, false,
      "rows that arguments filter" },
    { "globalId", 1U << BINDING_GLOBAL_ID, false, false, false, "the column of a row" },
    { "signedIn", ~0U, false, true, false, "a root field" },
    { "idempotent", 1U << BINDING_FUNCTION | 1U << BINDING_WRITE, false, true, false,
      "a write that SQL does" },
};

/* clang-format on */

static void
check_directive_places(const struct bind_site *site)
{
    bool is_many = site->is_list || binding_of_type(site->named)->is_aggregate;

    for (size_t i = 0; i < ARRAY_LENGTH(directive_places); i++) {
        const struct ast_directive *directive =
            binder_site_directive(site, directive_places[i].name);
        bool fits = directive_places[i].kinds & 1U << site->binding->kind &&
                    (is_many || !directive_places[i].is_of_lists) &&
                    (site->is_root || !directive_places[i].is_of_roots) &&
                    (type_is_composite(site->named) || !directive_places[i].is_of_rows);
        if (directive && !fits)
            binder_site_misfit(site, directive, "@%s is only for %s; remove it.",
                               directive_places[i].name, directive_places[i].where);
    }
}

/* The table whose column the field shows: its type's, or one joined to it. */
static const struct table *
find_column_table(struct bind_site *site)
{
    const struct ast_directive *directive = binder_site_directive(site, "column");
    struct str name = binder_directive_text(site->binder, directive, "table");

    if (!name.ptr) {
        const struct ast_directive *join = binder_site_directive(site, "join");
        if (join)
            binder_site_misfit(site, join,
                               "a column of table %.*s needs no join; remove @join, or name "
                               "the table with @column(table:).",
                               STR_PRINT(binding_of_type(site->parent)->table->name));
        return binding_of_type(site->parent)->table;
    }
    if (site->payload) {
        binder_site_misfit(site, directive,
                           "a payload shows only columns of the returned row; show this column on "
                           "a row of %.*s that is joined to it.",
                           STR_PRINT(binding_of_type(site->parent)->table->name));
        return NULL;
    }
    const struct table *table = catalog_find_table(site->binder->catalog, name);
    if (!table) {
        binder_site_misfit(site, directive,
                           "there is no table \"%.*s\"; create it, or name another with "
                           "@column(table:).%.*s",
                           STR_PRINT(name), STR_PRINT(binder_suggest_table(site->binder, name)));
        return NULL;
    }
    site->binding->as.column.join = bind_join_find(site, table);
    return site->binding->as.column.join ? table : NULL;
}

static bool
check_column_non_null(const struct bind_site *site, struct str what)
{
    const struct bound_column *bound = binding_column(site->binding);

    if (!site->is_non_null)
        return true;
    if (!bound->column->is_not_null) {
        binder_site_misfit(
            site, NULL,
            bind_row_is(binding_of_type(site->parent)->table) && !bound->join
                ? "%.*s may be null, as every column that a function returns; remove the \"!\"."
                : "%.*s may be null; remove the \"!\", or declare the column NOT "
                  "NULL.",
            STR_PRINT(what));
        return false;
    }
    return !bound->join || bind_join_check_non_null(site, bound->join);
}

static bool
bind_column(struct bind_site *site)
{
    struct binder *b = site->binder;
    struct bound_column *bound = &site->binding->as.column;
    const struct ast_directive *directive = binder_site_directive(site, "column");

    site->binding->kind = BINDING_COLUMN;
    site->binding->is_list = false; /* of rows */
    if (!bind_aggregate_check_unit(site))
        return false;
    const struct table *table = find_column_table(site);
    if (!table)
        return false;
    struct str name;
    const struct ast_directive *version = binder_site_directive(site, "version");
    bound->column = version ? bind_version_column(site, version, table)
                            : binder_find_column(b, table, site->field->ast->directives,
                                                 site->field->name, &name);
    if (version && !bound->column)
        return false;
    if (!bound->column) {
        binder_site_misfit(site, directive,
                           "%s %.*s has no column \"%.*s\"; add the column, or name another "
                           "with @column(name:).%.*s",
                           binder_table_noun(table), STR_PRINT(table->name), STR_PRINT(name),
                           STR_PRINT(binder_suggest_column(b, table, name)));
        return false;
    }
    struct str what = str_format(b->arena, "column %.*s.%.*s", STR_PRINT(table->name),
                                 STR_PRINT(bound->column->name));
    bound->codec = bind_codec_field(site, what, bound->column->type);
    bool is_kept = check_column_non_null(site, what);
    if (!bound->codec)
        return false;
    return bind_codec_check_items(site, what, bound->column->has_elements_not_null) && is_kept;
}

const struct table *
bind_field_table(const struct bind_site *site)
{
    const struct payload *payload = bind_payload_find(site->binder, site->named);
    const struct table *table = binding_of_type(site->named)->table;
    bool is_composite = type_is_composite(site->named);

    if (payload)
        bind_payload_misfit(site, payload);
    else if (bind_row_is(table))
        binder_site_misfit(site, NULL,
                           "%.*s shows rows that function %.*s returns, and only a root field can "
                           "call it; give it @function(name:) there.",
                           STR_PRINT(site->named->name), STR_PRINT(table->name));
    else if (!table && !binder_has_table(site->binder, site->named))
        binder_site_misfit(
            site, NULL, "the field has no resolver: nothing says where %.*s comes from; give %s.",
            STR_PRINT(site->named->name),
            is_composite ? "its type @table(name:)" : "the field @function(name:)");
    return payload || bind_row_is(table) ? NULL : table;
}

static bool
bind_join(struct bind_site *site)
{
    struct bound_rows *rows = &site->binding->as.rows;

    site->binding->kind = BINDING_JOIN;
    rows->table = bind_field_table(site);
    if (!rows->table)
        return false;
    rows->key = &binding_of_type(site->named)->key;
    bool is_aggregate = binding_of_type(site->named)->is_aggregate;
    if (binding_of_type(site->named)->is_keyless && !is_aggregate) {
        binder_site_misfit(site, NULL,
                           "%.*s has no key (@table(key: [])), and rows without a key cannot be "
                           "joined; declare one.",
                           STR_PRINT(site->named->name));
        return false;
    }
    rows->join = bind_join_find(site, rows->table);
    bool is_ordered =
        is_aggregate ? bind_aggregate_rows(site) : !site->is_list || bind_order_default(site);
    bool is_batch = site->is_list || is_aggregate || bind_payload_is_written(site);
    if (!rows->join)
        return false;
    const struct join *key = join_to_parent(rows->join);
    if (is_batch &&
        !bind_join_check_key(site, binding_of_type(site->parent)->table, key->from, key->count))
        return false;
    bool is_row_promised = !site->is_list && !is_aggregate && site->is_non_null;
    return is_ordered && (!is_row_promised || bind_join_check_non_null(site, rows->join));
}

static bool
bind_root_rows(struct bind_site *site)
{
    struct bound_rows *rows = &site->binding->as.rows;

    site->binding->kind = BINDING_TABLE;
    if (site->parent != site->binder->schema->query) {
        binder_site_misfit(site, NULL, "a mutation needs @function, @insert or @resolver.");
        return false;
    }
    rows->table = bind_field_table(site);
    if (!rows->table)
        return false;
    rows->key = &binding_of_type(site->named)->key;
    if (binding_of_type(site->named)->is_aggregate)
        return bind_aggregate_rows(site);
    if (site->is_list)
        return bind_order_default(site);
    if (site->is_non_null)
        binder_site_misfit(site, NULL, "there may be no such row; remove the \"!\" after %.*s.",
                           STR_PRINT(site->named->name));
    return !site->is_non_null;
}

bool
bind_field_rows(struct bind_site *site)
{
    return site->is_root ? bind_root_rows(site) : bind_join(site);
}

static bool
bind_resolution(struct bind_site *site)
{
    enum write_action action;

    if (bind_aggregate_is(site))
        return bind_aggregate_field(site);
    if (bind_echo_is(site))
        return bind_echo(site);
    if (bind_global_id_is(site))
        return bind_global_id(site);
    if (site->payload && site->payload->resolver)
        return bind_output(site);
    if (bind_payload_shows(site))
        return bind_payload_part(site);
    if (bind_write_directive(site->field, &action))
        return bind_payload_write(site);
    if (binder_site_directive(site, "resolver"))
        return bind_resolver(site);
    if (binder_site_directive(site, "function"))
        return bind_function(site);
    if (!site->is_root && type_is_leaf(site->named))
        return bind_column(site);
    if (bind_node_is(site))
        return bind_node(site);
    return bind_union_is(site) ? bind_union(site) : bind_field_rows(site);
}

/* Is enough known of the field to judge its arguments? */
static bool
is_target_known(const struct binding *binding)
{
    switch (binding->kind) {
    case BINDING_TABLE:
    case BINDING_JOIN:
        return binding_rows(binding) != NULL;
    case BINDING_FUNCTION:
        return binding_function(binding)->function != NULL;
    case BINDING_WRITE:
        return binding_rows(binding) != NULL;
    case BINDING_RESOLVER:
        return binding_resolver(binding) != NULL;
    case BINDING_COLUMN:
    case BINDING_GLOBAL_ID:
    case BINDING_OUTPUT:
    case BINDING_WRITTEN:
    case BINDING_AGGREGATE:
    case BINDING_SUMMARY:
    case BINDING_GROUP_KEY:
    case BINDING_NODE:
    case BINDING_ECHO:
    case BINDING_PART:
    case BINDING_MOCK:
        break;
    }
    return true;
}

void
bind_field(struct binder *b, const struct type *parent, struct field *field)
{
    const struct type *type = type_nullable(field->type);
    const struct ast_directive *signed_in = ast_find_directive(field->ast->directives, "signedIn");
    struct bind_site site = { .binder = b,
                              .parent = parent,
                              .field = field,
                              .named = type_named(field->type),
                              .is_list = type->kind == TYPE_LIST,
                              .is_non_null = field->type->kind == TYPE_NON_NULL,
                              .is_root = binder_is_root(b, parent),
                              .payload = bind_payload_find(b, parent),
                              .summary = bind_aggregate_find_summary(b, parent),
                              .binding = ARENA_NEW(b->arena, struct binding) };

    if (site.is_list && type_nullable(type->of)->kind == TYPE_LIST) {
        binder_site_misfit(&site, NULL, "a list of lists has no resolver; use a plain list.");
        return;
    }
    if (!bind_page_enter(&site))
        return;
    site.binding->is_list = site.is_list;
    site.binding->signed_in = binder_directive_text(b, signed_in, "message");
    bool is_known = bind_idempotent(&site);
    if (!bind_aggregate_check_site(&site))
        return;
    bool is_resolved = bind_resolution(&site);
    check_directive_places(&site);
    bool has_arguments =
        is_target_known(site.binding) && bind_argument_all(&site) && bind_page_check(&site);
    if (is_resolved && has_arguments && is_known)
        field->binding = site.binding;
}
