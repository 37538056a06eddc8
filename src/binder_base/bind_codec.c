/*
 * bind_codec.c - how the leaves of the contract show types of the database: the codecs of
 * fields and arguments, and what @label, @quoted and `zone:` say of them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "language/source.h"
#include "binder_base/bind_codec.h"

/* --- enums --- */

/* What stands in the database for a value: what @label says, or its name. */
static struct str
find_value_label(const struct binder *b, const struct enum_value *value)
{
    const struct ast_directive *directive = ast_find_directive(value->ast->directives, "label");
    struct str given = binder_directive_text(b, directive, "of");

    return given.ptr ? given : value->name;
}

static struct str
quote(struct arena *a, struct str name)
{
    struct buf b = { 0 };

    json_write_string(&b, name);
    struct str text = buf_copy(a, &b);
    buf_free(&b);
    return text;
}

/* Those of values that are hidden are known too, and stand for null. */
static const struct codec_labels *
make_labels(struct binder *b, const struct type *type)
{
    const struct type *whole = binder_whole(b, type);
    struct codec_labels *labels = ARENA_NEW(b->arena, struct codec_labels);

    labels->count = whole->value_count;
    labels->list = ARENA_ARRAY(b->arena, struct codec_label, (size_t)whole->value_count);
    for (int i = 0; i < whole->value_count; i++) {
        const struct enum_value *value = &whole->values[i];
        bool is_hidden = !schema_find_enum_value(type, value->name);
        labels->list[i] = (struct codec_label){
            .name = value->name,
            .label = str_copy(b->arena, find_value_label(b, value)),
            .json = is_hidden ? STR("null") : quote(b->arena, value->name),
        };
        if (is_hidden && !labels->hidden)
            labels->hidden = &labels->list[i];
        for (int j = 0; j < i; j++)
            if (str_equal(labels->list[j].label, labels->list[i].label))
                binder_misfit(b, source_offset(b->schema->document->source, value->ast->name),
                              str_format(b->arena, "%.*s.%.*s", STR_PRINT(type->name),
                                         STR_PRINT(value->name)),
                              "%.*s stands for \"%.*s\" too; give each value a label of its own "
                              "with @label(of:).",
                              STR_PRINT(labels->list[j].name), STR_PRINT(labels->list[i].label));
    }
    return labels;
}

const struct codec_labels *
bind_codec_labels(struct binder *b, const struct type *type)
{
    struct type_binding *binding = binder_type_binding(b, (struct type *)type);

    if (!binding->labels)
        binding->labels = make_labels(b, type);
    return binding->labels;
}

static bool
have_label(const struct codec_labels *labels, struct str label)
{
    for (int i = 0; i < labels->count; i++)
        if (str_equal(labels->list[i].label, label))
            return true;
    return false;
}

/* Could it be the name of an enum's value? */
static bool
is_name(struct str label)
{
    for (size_t i = 0; i < label.len; i++) {
        char c = label.ptr[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        if (!is_letter && (i == 0 || c < '0' || c > '9'))
            return false;
    }
    return label.len > 0 && !str_is(label, "true") && !str_is(label, "false") &&
           !str_is(label, "null");
}

/* Does the contract's enum have every label that the database's has? */
static bool
check_labels_have_values(const struct bind_site *site, struct str what, const struct codec *codec)
{
    const struct enum_type *labels = codec->type->labels;
    bool fits = true;

    for (int i = 0; labels && i < labels->label_count; i++) {
        struct str label = labels->labels[i];
        if (have_label(codec->labels, label))
            continue;
        struct str advice =
            is_name(label) ? STR("add it")
                           : str_format(site->binder->arena,
                                        "add a value with @label(of: \"%.*s\")", STR_PRINT(label));
        binder_site_misfit(
            site, NULL, "%.*s may hold \"%.*s\", which is not a value of the enum %.*s; %.*s.",
            STR_PRINT(what), STR_PRINT(label), STR_PRINT(site->named->name), STR_PRINT(advice));
        fits = false;
    }
    return fits;
}

/* Where a value is hidden the field is null, which a `!` does not allow. */
static bool
check_hidden_values(const struct bind_site *site, struct str what, const struct type *type,
                    const struct codec_labels *labels)
{
    const struct type *outer = type_nullable(type);
    bool is_non_null = (outer->kind == TYPE_LIST ? outer->of : type)->kind == TYPE_NON_NULL;

    if (!labels->hidden || !is_non_null)
        return true;
    binder_site_misfit(site, NULL,
                       "%.*s may hold %.*s.%.*s, which is hidden, and then it is null; remove the "
                       "\"!\".",
                       STR_PRINT(what), STR_PRINT(site->named->name),
                       STR_PRINT(labels->hidden->name));
    return false;
}

/* --- scalars --- */

/* Does the contract say that timestamps are in UTC: at the place, or for the table? */
static bool
is_utc(struct binder *b, const struct ast_node *directives, const struct type *rows)
{
    const struct ast_directive *column = ast_find_directive(directives, "column");
    const struct ast_directive *table = rows ? binder_type_directive(b, rows, "table") : NULL;
    struct str zone = binder_directive_text(b, column, "zone");

    if (!zone.ptr)
        zone = binder_directive_text(b, table, "zone");
    return str_is(zone, "UTC");
}

void
bind_codec_check_zone(struct binder *b, const struct ast_directive *directive, struct str subject)
{
    struct str zone = binder_directive_text(b, directive, "zone");

    if (zone.ptr && !str_is(zone, "UTC"))
        binder_misfit(b, directive->node.start, subject,
                      "the zone of timestamps without one can be \"UTC\", not \"%.*s\"; show "
                      "others as LocalDateTime.",
                      STR_PRINT(zone));
}

const struct codec *
bind_codec(struct binder *b, const struct type *type, const struct ast_node *directives,
           const struct type *rows, const struct column_type *shown)
{
    const struct type *outer = type_nullable(type), *leaf = outer;

    if (outer->kind == TYPE_LIST)
        leaf = type_nullable(outer->of);
    if (!type_is_leaf(leaf))
        return NULL;
    const struct codec_leaf made = {
        .name = leaf->name,
        .labels = leaf->kind == TYPE_ENUM ? bind_codec_labels(b, leaf) : NULL,
        .is_quoted = leaf->kind == TYPE_SCALAR && binder_type_directive(b, leaf, "quoted"),
        .is_list = outer->kind == TYPE_LIST,
        .is_utc = is_utc(b, directives, rows),
    };
    return codec_make(b->arena, &made, shown);
}

/* The names of the scalars that can show the type: `String, ID`. */
static struct str
list_scalars(const struct bind_site *site, const struct column_type *shown)
{
    struct binder *b = site->binder;
    struct buf *names = buf_new(b->arena);

    for (int i = 0; i < b->schema->type_count; i++) {
        const struct type *type = b->schema->types[i];
        const struct codec_leaf leaf = { .name = type->name, .is_list = site->is_list };
        if (type->kind != TYPE_SCALAR || !codec_make(b->arena, &leaf, shown))
            continue;
        buf_put_c(names, names->len > 0 ? ", " : "");
        buf_put(names, type->name);
    }
    return buf_copy(b->arena, names);
}

static void
report(const struct bind_site *site, struct str what, const struct column_type *shown)
{
    struct str names = list_scalars(site, shown);
    bool is_time =
        str_is(site->named->name, "DateTime") || str_is(site->named->name, "DateTimeMicros");

    if (site->is_list && shown->kind != COLUMN_ARRAY)
        binder_site_misfit(site, NULL,
                           "%.*s is %.*s and not an array, which a list of %.*s needs; make the "
                           "field one %.*s.",
                           STR_PRINT(what), STR_PRINT(shown->base_name),
                           STR_PRINT(site->named->name), STR_PRINT(site->named->name));
    else if (shown->kind == COLUMN_TIMESTAMP && is_time)
        binder_site_misfit(
            site, NULL,
            "%.*s is %.*s, which is no point in time; if it is in UTC, say so with @column(zone: "
            "\"UTC\") or @table(zone: \"UTC\"), or show it as LocalDateTime.",
            STR_PRINT(what), STR_PRINT(shown->base_name));
    else if (!site->is_list && shown->kind == COLUMN_ARRAY)
        binder_site_misfit(site, NULL,
                           "%.*s is %.*s, which %.*s cannot show; make the field a list, or use "
                           "String or a scalar of your own.",
                           STR_PRINT(what), STR_PRINT(shown->base_name),
                           STR_PRINT(site->named->name));
    else
        binder_site_misfit(site, NULL,
                           "%.*s is %.*s, which %.*s cannot show; these scalars of the contract "
                           "can: %.*s.",
                           STR_PRINT(what), STR_PRINT(shown->base_name),
                           STR_PRINT(site->named->name), STR_PRINT(names));
}

const struct codec *
bind_codec_field(const struct bind_site *site, struct str what, const struct column_type *shown)
{
    struct binder *b = site->binder;
    const struct ast_node *directives = site->field->ast->directives;
    const struct type *rows = site->is_root   ? NULL
                              : site->summary ? site->summary->owner
                                              : site->parent;
    bool is_each = site->binding->kind == BINDING_FUNCTION && site->binding->is_list;
    const struct type *type = is_each ? type_nullable(site->field->type)->of : site->field->type;
    const struct codec *codec = bind_codec(b, type, directives, rows, shown);

    bind_codec_check_zone(b, ast_find_directive(directives, "column"),
                          str_format(b->arena, "%.*s.%.*s", STR_PRINT(site->parent->name),
                                     STR_PRINT(site->field->name)));
    if (!codec) {
        report(site, what, shown);
        return NULL;
    }
    const struct codec *leaf = codec->item && codec->is_list ? codec->item : codec;
    bool fits = !leaf->labels || (check_labels_have_values(site, what, leaf) &&
                                  check_hidden_values(site, what, type, leaf->labels));
    return fits ? codec : NULL;
}

/* Is it a field of rows that a function returns? */
static bool
is_of_result(const struct bind_site *site)
{
    const struct table *table = binding_of_type(site->parent)->table;

    return table && table->kind == TABLE_RESULT;
}

bool
bind_codec_check_items(const struct bind_site *site, struct str what, bool has_elements_not_null)
{
    const struct type *list = type_nullable(site->field->type);

    if (!site->is_list || list->of->kind != TYPE_NON_NULL || has_elements_not_null)
        return true;
    bool is_computed = site->binding->kind == BINDING_FUNCTION || is_of_result(site);
    binder_site_misfit(
        site, NULL,
        is_computed
            ? "%.*s may hold nulls, whatever the function promises; remove the \"!\" within "
              "the list."
            : "%.*s may hold nulls; remove the \"!\" within the list, or keep them out with "
              "CHECK (array_position(..., NULL) IS NULL).",
        STR_PRINT(what));
    return false;
}
