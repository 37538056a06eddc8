/*
 * bind_abstract.c - interfaces and unions whose rows are those of one table:
 * single table inheritance.
 *
 * A column of the table, the discriminator, tells of which possible type a row
 * is: each type has its label there, which @variant says or its name does.  A
 * type that has a label shows the rows that have it, and no others, wherever it
 * stands.  An interface or a union without @table says nothing here: what a
 * field of it shows is bind_union.c's business.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "binder/bind_internal.h"

/* May a value of the column be a label? */
static bool
is_label(enum column_kind kind)
{
    return kind == COLUMN_TEXT || kind == COLUMN_VARCHAR || kind == COLUMN_ENUM;
}

/* The column of @discriminator; NULL after a misfit. */
static const struct column *
find_discriminator(struct binder *b, const struct type *type, const struct ast_directive *directive)
{
    const struct table *table = binding_of_type(type)->table;
    struct str name = binder_directive_text(b, directive, "column");
    const struct column *column = table_find_column(table, name);
    uint32_t offset = directive->node.start;

    if (!column)
        binder_misfit(b, offset, type->name,
                      "table %.*s has no column \"%.*s\" to tell the types of its rows apart; name "
                      "another with @discriminator(column:).",
                      STR_PRINT(table->name), STR_PRINT(name));
    else if (!is_label(column->kind))
        binder_misfit(b, offset, type->name,
                      "column %.*s.%.*s is %.*s, and a discriminator must be a text or an enum.",
                      STR_PRINT(table->name), STR_PRINT(name), STR_PRINT(column->type_name));
    else if (!column->is_not_null)
        binder_misfit(
            b, offset, type->name,
            "column %.*s.%.*s may be null, but a discriminator must not; declare it NOT NULL.",
            STR_PRINT(table->name), STR_PRINT(name));
    else
        return column;
    return NULL;
}

static bool
is_enum_label(const struct enum_type *labels, struct str label)
{
    for (int i = 0; i < labels->label_count; i++)
        if (str_equal(labels->labels[i], label))
            return true;
    return false;
}

/* `BLOG_POST` of `blog_post`. */
static struct str
upper_case(struct arena *a, struct str name)
{
    char *upper = arena_alloc(a, name.len + 1);

    for (size_t i = 0; i < name.len; i++)
        upper[i] = (char)(name.ptr[i] >= 'a' && name.ptr[i] <= 'z' ? name.ptr[i] - 'a' + 'A'
                                                                   : name.ptr[i]);
    return (struct str){ upper, name.len };
}

/* What the discriminator holds for the object type: @variant, or its name. */
static struct str
find_variant_label(struct binder *b, const struct type *object, const struct enum_type *labels)
{
    struct str given =
        binder_directive_text(b, binder_type_directive(b, object, "variant"), "value");
    struct str name = str_snake_case(b->arena, object->name);

    if (given.ptr)
        return given;
    if (labels && !is_enum_label(labels, name)) {
        struct str upper = upper_case(b->arena, name);
        if (is_enum_label(labels, upper))
            return upper;
        if (is_enum_label(labels, object->name))
            return object->name;
    }
    return name;
}

/* The first of the abstract type's objects before `end` that has the label, or NULL. */
static const struct type *
find_labelled(const struct type *abstract, int end, struct str label)
{
    for (int i = 0; i < end; i++)
        if (binding_of_type(abstract->possible[i])->label.ptr &&
            str_equal(binding_of_type(abstract->possible[i])->label, label))
            return abstract->possible[i];
    return NULL;
}

/* Where to complain of an object's label. */
static uint32_t
label_offset(const struct binder *b, const struct type *object)
{
    const struct ast_directive *variant = binder_type_directive(b, object, "variant");

    return variant ? variant->node.start : binder_type_offset(b, object);
}

static void
bind_label(struct binder *b, const struct type *abstract, int number,
           const struct enum_type *labels)
{
    struct type *object = (struct type *)abstract->possible[number];
    struct str label = find_variant_label(b, object, labels);
    const struct type *other = find_labelled(abstract, number, label);
    uint32_t offset = label_offset(b, object);

    if (other)
        binder_misfit(
            b, offset, object->name,
            "\"%.*s\" is already the label of %.*s; give each its own with @variant(value:).",
            STR_PRINT(label), STR_PRINT(other->name));
    if (str_find(label, '\0') < label.len)
        binder_misfit(
            b, offset, object->name,
            "a text of the database cannot contain U+0000; give another with @variant(value:).");
    if (labels && !is_enum_label(labels, label))
        binder_misfit(b, offset, object->name,
                      "%.*s has no label \"%.*s\"; name one that it has with @variant(value:).",
                      STR_PRINT(binding_of_type(abstract)->discriminator->type_name),
                      STR_PRINT(label));
    binder_type_binding(b, object)->discriminator = binding_of_type(abstract)->discriminator;
    binder_type_binding(b, object)->label = label;
}

/* Do the object's rows stand in the abstract type's table, and are they told by
 * the same column everywhere? */
static bool
check_possible_type(struct binder *b, const struct type *abstract, const struct type *object,
                    uint32_t offset)
{
    if (binding_of_type(object)->table != binding_of_type(abstract)->table ||
        !binder_has_table(b, object)) {
        if (binding_of_type(object)->table || !binder_has_table(b, object))
            binder_misfit(
                b, offset, abstract->name,
                "its type %.*s does not have the table %.*s; give it the same @table(name:).",
                STR_PRINT(object->name), STR_PRINT(binding_of_type(abstract)->table->name));
        return false;
    }
    if (binding_of_type(object)->discriminator &&
        binding_of_type(object)->discriminator != binding_of_type(abstract)->discriminator) {
        binder_misfit(
            b, offset, abstract->name,
            "type %.*s has the discriminator %.*s elsewhere; use the same column in both places.",
            STR_PRINT(object->name), STR_PRINT(binding_of_type(object)->discriminator->name));
        return false;
    }
    return true;
}

/* The labels of the possible types that are hidden; the whole schema has been bound before. */
static void
note_hidden_labels(struct binder *b, struct type *abstract)
{
    const struct type *whole = binder_whole(b, abstract);
    struct str *hidden = ARENA_ARRAY(b->arena, struct str, (size_t)whole->possible_count);
    int count = 0;

    for (int i = 0; whole != abstract && i < whole->possible_count; i++)
        if (!schema_find_type(b->schema, whole->possible[i]->name))
            hidden[count++] = binding_of_type(whole->possible[i])->label;
    binder_type_binding(b, abstract)->hidden = hidden;
    binder_type_binding(b, abstract)->hidden_count = count;
}

/* Every label that a row may have is that of a type. */
static void
check_labels_have_types(struct binder *b, const struct type *abstract,
                        const struct enum_type *labels, uint32_t offset)
{
    for (int i = 0; labels && i < labels->label_count; i++)
        if (!find_labelled(abstract, abstract->possible_count, labels->labels[i]) &&
            !binding_is_hidden(binding_of_type(abstract), labels->labels[i]))
            binder_misfit(b, offset, abstract->name,
                          "column %.*s.%.*s may hold \"%.*s\", but none of its types has this "
                          "label; give it to one with @variant(value:).",
                          STR_PRINT(binding_of_type(abstract)->table->name),
                          STR_PRINT(binding_of_type(abstract)->discriminator->name),
                          STR_PRINT(labels->labels[i]));
}

static void
bind_labels(struct binder *b, struct type *abstract, uint32_t offset)
{
    const struct enum_type *labels =
        catalog_find_enum(b->catalog, binding_of_type(abstract)->discriminator->type_name);
    bool fits = true;

    if (abstract->possible_count == 0)
        binder_misfit(b, offset, abstract->name,
                      "no type implements it; add one, or remove @table.");
    for (int i = 0; i < abstract->possible_count; i++) {
        if (check_possible_type(b, abstract, abstract->possible[i], offset))
            bind_label(b, abstract, i, labels);
        else
            fits = false;
    }
    note_hidden_labels(b, abstract);
    if (fits && abstract->possible_count > 0)
        check_labels_have_types(b, abstract, labels, offset);
}

/* Resolvers are those of the fields of objects: what an interface's field said of
 * its own would be passed over. */
static void
check_interface_directives(struct binder *b, const struct type *type, const struct field *field,
                           const struct ast_node *directives)
{
    for (const struct ast_node *node = directives; node; node = node->next) {
        struct str name = ast_as(directive, node)->name;
        const struct directive_definition *definition = schema_find_directive(b->schema, name);
        if (definition && definition->is_binding && !str_is(name, "auth"))
            binder_misfit(
                b, node->start,
                str_format(b->arena, "%.*s.%.*s", STR_PRINT(type->name), STR_PRINT(field->name)),
                "@%.*s has no effect on an interface's field; write it on the fields of its types.",
                STR_PRINT(name));
    }
}

static void
check_interface_fields(struct binder *b, const struct type *type)
{
    for (int i = 0; i < type->field_count; i++) {
        const struct field *field = &type->fields[i];
        check_interface_directives(b, type, field, field->ast->directives);
        for (int j = 0; j < field->argument_count; j++)
            check_interface_directives(b, type, field, field->arguments[j].ast->directives);
    }
}

void
bind_abstract(struct binder *b, struct type *type)
{
    const struct ast_directive *table = binder_type_directive(b, type, "table");
    const struct ast_directive *discriminator = binder_type_directive(b, type, "discriminator");

    check_interface_fields(b, type);
    if (table && !discriminator)
        binder_misfit(b, table->node.start, type->name,
                      "nothing says which type a row has; add @discriminator(column:), or remove "
                      "@table, and give each type a table of its own.");
    if (discriminator && !table)
        binder_misfit(b, discriminator->node.start, type->name,
                      "the table of this column is missing; add @table(name:).");
    if (!table || !discriminator)
        return;
    binder_set_table(b, type, binder_named_table(b, type, table), table);
    if (binding_of_type(type)->table)
        binder_type_binding(b, type)->discriminator = find_discriminator(b, type, discriminator);
    if (binding_of_type(type)->discriminator)
        bind_labels(b, type, discriminator->node.start);
}

void
bind_keep_label(struct binder *b, struct type *type)
{
    const struct type_binding *whole = binding_of_type(binder_whole(b, type));
    struct type_binding *binding = binder_type_binding(b, type);

    if (binding->discriminator)
        return;
    binding->discriminator = whole->discriminator;
    binding->label = whole->label;
}

void
bind_variant(struct binder *b, const struct type *type)
{
    const struct ast_directive *variant = binder_type_directive(b, type, "variant");

    if (variant && !binding_of_type(type)->discriminator)
        binder_misfit(b, variant->node.start, type->name,
                      "no interface or union with @discriminator has the type; remove @variant.");
}
