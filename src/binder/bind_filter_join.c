/*
 * bind_filter_join.c - rows that a filter looks for beside its own.
 *
 * A field of a filter is joined as the field of its name is on the types that show the
 * table's rows, be it a row, a list or a connection.  Where no type has such a field, or
 * @join says otherwise, a foreign key of the field's name leads to one row, and a table of
 * that name has many; @table(name:) on the input type says which table it is.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "base/error.h"
#include "binding/filter.h"
#include "binder/bind_internal.h"

/* --- some, every, none --- */

static const char *const quantifiers[] = {
    [FILTER_SOME] = "some", [FILTER_EVERY] = "every", [FILTER_NONE] = "none"
};

static bool
find_quantifier(const struct filter_site *site, const struct input_value *input,
                enum filter_quantifier *quantifier)
{
    struct str name = bind_filter_name(site->binder, input);

    for (size_t i = 0; i < ARRAY_LENGTH(quantifiers); i++)
        if (str_is(name, quantifiers[i]) && type_nullable(input->type)->kind == TYPE_INPUT_OBJECT) {
            *quantifier = (enum filter_quantifier)i;
            return true;
        }
    return false;
}

bool
bind_filter_is_of_rows(const struct filter_site *site)
{
    const struct type *type = type_named(site->input->type);
    enum filter_quantifier quantifier;
    int count = 0;

    for (int i = 0; i < type->input_count; i++)
        count += find_quantifier(site, &type->inputs[i], &quantifier);
    return count == type->input_count;
}

static void
bind_quantifiers(const struct filter_site *site, const struct table *table)
{
    const struct type *type = type_named(site->input->type);
    struct bound_quantifier *list =
        ARENA_ARRAY(site->binder->arena, struct bound_quantifier, (size_t)type->input_count);

    for (int i = 0; i < type->input_count; i++) {
        find_quantifier(site, &type->inputs[i], &list[i].quantifier);
        list[i].filter = bind_filter_within(site, &type->inputs[i], table);
    }
    site->field->quantifiers = list;
}

/* --- as types are joined --- */

/* What a field of a type joins: `named` shows the rows. */
struct found {
    const struct join *join;
    const struct type *named;
    int count; /* different ways */
};

/* Do both show the same rows? */
static bool
is_same(const struct found *found, const struct join *join, const struct type *named)
{
    const struct type_binding *a = binding_of_type(found->named), *b = binding_of_type(named);

    return join_equal(found->join, join) && a->discriminator == b->discriminator &&
           (!a->label.ptr || !b->label.ptr ? a->label.ptr == b->label.ptr
                                           : str_equal(a->label, b->label));
}

/* How the type's field of the input's name is joined, without a word if it is not. */
static void
look_at(const struct filter_site *site, const struct type *type, struct found *found)
{
    struct errors unheard = { .arena = site->binder->arena };
    struct binder quiet = *site->binder;
    const struct field *field = NULL;

    for (int i = 0; i < type->field_count && !field; i++)
        if (str_equal(type->fields[i].name, site->input->name))
            field = &type->fields[i];
    if (!field || !type_is_composite(type_named(field->type)))
        return;
    quiet.errors = &unheard;
    struct bind_site as_field = { .binder = &quiet,
                                  .parent = type,
                                  .field = (struct field *)field,
                                  .named = type_named(field->type),
                                  .is_list = type_nullable(field->type)->kind == TYPE_LIST };
    if (!bind_page_enter(&as_field))
        return;
    const struct table *table = binding_of_type(as_field.named)->table;
    if (!table || bind_row_is(table) || as_field.is_list != (site->field->kind == FILTER_TO_MANY) ||
        binder_site_directive(&as_field, "function"))
        return;
    const struct join *join = bind_join_find(&as_field, table);
    if (!join || (found->join && is_same(found, join, as_field.named)))
        return;
    found->join = join;
    found->named = as_field.named;
    found->count++;
}

/* Types that are hidden from a role join rows like others. */
static struct found
find_by_types(const struct filter_site *site)
{
    const struct schema *schema =
        site->binder->schema->whole ? site->binder->schema->whole : site->binder->schema;
    struct found found = { 0 };

    for (int i = 0; i < schema->type_count; i++) {
        const struct type *type = schema->types[i];
        if (type_is_composite(type) && binding_of_type(type)->table == site->filter->table &&
            binder_has_table(site->binder, type))
            look_at(site, type, &found);
    }
    return found;
}

/* --- as names say --- */

/* @table of the input type, or of the first of those within `some`, `every` and `none`. */
static const struct ast_directive *
find_table_directive(const struct filter_site *site, const struct type **type)
{
    const struct type *outer = type_named(site->input->type);
    const struct ast_directive *directive = binder_type_directive(site->binder, outer, "table");

    *type = outer;
    for (int i = 0; !directive && bind_filter_is_of_rows(site) && i < outer->input_count; i++) {
        *type = type_named(outer->inputs[i].type);
        directive = binder_type_directive(site->binder, *type, "table");
    }
    return directive;
}

/* The foreign key that has a column of the field's name, perhaps but for `_id`, or what @join
 * names; NULL: there is none. */
static const struct foreign_key *
find_key(const struct filter_site *site, const struct ast_directive *join)
{
    const struct table *table = site->filter->table;
    struct arena *a = site->binder->arena;
    int count;
    const struct str *columns = binder_directive_texts(site->binder, join, "column", &count);
    struct str name = count > 0 ? columns[0] : str_snake_case(a, site->input->name);
    struct str with_id = str_format(a, "%.*s_id", STR_PRINT(name));

    for (int i = 0; i < table->foreign_key_count; i++) {
        const struct foreign_key *key = &table->foreign_keys[i];
        for (int j = 0; j < key->count && (join || key->count == 1); j++)
            if (str_equal(key->from_columns[j]->name, name) ||
                (!join && str_equal(key->from_columns[j]->name, with_id)))
                return key;
    }
    return NULL;
}

/* The table that the field's rows are of; NULL after a misfit. */
static const struct table *
find_target(const struct filter_site *site, const struct foreign_key *key)
{
    struct binder *b = site->binder;
    bool is_many = site->field->kind == FILTER_TO_MANY;
    const struct type *type;
    const struct ast_directive *directive = find_table_directive(site, &type);
    const struct table *table =
        directive ? binder_named_table(b, type, directive)
        : is_many ? catalog_find_table(b->catalog, str_snake_case(b->arena, site->input->name))
        : key     ? key->to
                  : NULL;

    site->filter->has_misfit |= !table;
    bool is_filter = type_named(site->input->type)->kind == TYPE_INPUT_OBJECT;
    struct str remedy = is_filter ? str_format(b->arena, "give %.*s @table(name:)",
                                               STR_PRINT(type_named(site->input->type)->name))
                                  : STR("name the field as that of a type, or as the table");
    if (!table && !directive)
        bind_filter_misfit(site, STR_NONE,
                           "nothing says which rows are meant: no type that shows %.*s has a field "
                           "\"%.*s\" of %s, and no %s has that name; %s.",
                           STR_PRINT(site->filter->table->name), STR_PRINT(site->input->name),
                           is_many ? "rows" : "one row", is_many ? "table" : "foreign key",
                           remedy.ptr);
    return table;
}

/* A type that shows rows of the table, for messages and rules that are about types. */
static const struct type *
make_type(const struct filter_site *site, struct str name, const struct table *table)
{
    struct type *type = ARENA_NEW(site->binder->arena, struct type);
    struct type_binding *binding = ARENA_NEW(site->binder->arena, struct type_binding);

    *binding = (struct type_binding){ .table = table, .key = table->primary_key };
    *type = (struct type){ .kind = TYPE_OBJECT, .name = name, .binding = binding };
    return type;
}

/* Join as a field of these tables would be, with the input's directives. */
static const struct join *
find_by_names(const struct filter_site *site, const struct table *target)
{
    struct arena *a = site->binder->arena;
    struct ast_field_definition *ast = ARENA_NEW(a, struct ast_field_definition);
    struct field *field = ARENA_NEW(a, struct field);
    const struct type *named = make_type(site, type_named(site->input->type)->name, target);

    ast->name = site->input->ast->name;
    ast->directives = site->input->ast->directives;
    *field = (struct field){ .name = site->input->name, .type = named, .ast = ast };
    struct bind_site as_field = {
        .binder = site->binder,
        .parent = make_type(site, site->filter->type->name, site->filter->table),
        .field = field,
        .named = named,
        .is_list = site->field->kind == FILTER_TO_MANY,
    };
    const struct join *join = bind_join_find(&as_field, target);
    site->filter->has_misfit |= !join;
    return join;
}

const struct join *
bind_filter_find_join(const struct filter_site *site, const struct type **rows)
{
    const struct ast_directive *said = ast_find_directive(site->input->ast->directives, "join");
    struct found found = { 0 };

    if (!said)
        found = find_by_types(site);
    if (found.count > 1) {
        bind_filter_misfit(site, STR_NONE,
                           "types that show %.*s join \"%.*s\" in different ways; choose one with "
                           "@join(column:).",
                           STR_PRINT(site->filter->table->name), STR_PRINT(site->input->name));
        return NULL;
    }
    *rows = found.named;
    if (found.join)
        return found.join;
    const struct foreign_key *key =
        site->field->kind == FILTER_TO_ONE ? find_key(site, said) : NULL;
    const struct table *target = find_target(site, key);
    if (!target || !key || said || key->to != target)
        return target ? find_by_names(site, target) : NULL;
    struct join *join = ARENA_NEW(site->binder->arena, struct join);
    *join = (struct join){ key->to, key->from_columns, key->to_columns, key->count, NULL };
    return join;
}

void
bind_filter_join(const struct filter_site *site)
{
    const struct type *type = type_named(site->input->type);

    site->field->join = bind_filter_find_join(site, &site->field->rows);
    if (!site->field->join)
        return;
    if (site->field->kind == FILTER_TO_MANY)
        bind_quantifiers(site, site->field->join->table);
    else
        site->field->filter = bind_filter_find(site->binder, type, site->field->join->table);
}
