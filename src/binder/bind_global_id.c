/*
 * bind_global_id.c - the types whose objects have global ids (Relay's Node), and where such ids
 * stand: as the `id` of an object, as an argument, and where @globalId(of:) says so.
 *
 * A type that implements the interface Node shows as `id` what tells its objects from those of
 * all other types (codec/global_id.h).  This does not depend on who sees the interface.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "base/arena.h"
#include "language/source.h"
#include "codec/global_id.h"
#include "codec/judge.h"
#include "binder/bind_internal.h"

/* --- the interface --- */

static const struct ast_node *
find_written(const struct ast_directive *directive, const char *argument)
{
    const struct ast_node *node = directive ? directive->arguments : NULL;

    while (node && !str_is(ast_as(argument, node)->name, argument))
        node = node->next;
    return node ? ast_as(argument, node)->value : NULL;
}

/* The interface, of the whole contract: `Node`, with `id: ID!`, whose types have tables of their
 * own; or NULL. */
static const struct type *
find_node(const struct binder *b)
{
    const struct schema *whole = b->schema->whole ? b->schema->whole : b->schema;
    const struct type *type = schema_find_type(whole, STR("Node"));
    const struct field *id = NULL;

    if (type && type->kind == TYPE_INTERFACE && !binder_type_directive(b, type, "table"))
        id = schema_find_field(whole, type, STR("id"));
    return id && id->type->kind == TYPE_NON_NULL && str_is(id->type->of->name, "ID") ? type : NULL;
}

bool
bind_global_id_is_node(const struct binder *b, const struct type *type)
{
    const struct type *node = find_node(b);

    return node && (type->kind == TYPE_OBJECT || type->kind == TYPE_INTERFACE) &&
           type_implements(binder_whole(b, type), node);
}

static const struct {
    const char *name;
    enum global_id_form form;
} forms[] = {
    { "TYPE_KEY", GLOBAL_ID_TYPE_KEY },
    { "KEY", GLOBAL_ID_KEY },
    { "PREFIX", GLOBAL_ID_PREFIX },
};

/* What @globalId(form:) says on the interface. */
static enum global_id_form
find_form(const struct binder *b, const struct type *node)
{
    const struct ast_node *written =
        find_written(binder_type_directive(b, node, "globalId"), "form");

    for (size_t i = 0; written && i < ARRAY_LENGTH(forms); i++)
        if (str_is(ast_as(value, written)->text, forms[i].name))
            return forms[i].form;
    return GLOBAL_ID_TYPE_KEY;
}

/* --- types --- */

static bool
is_word(struct str text)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

    for (size_t i = 0; i < text.len; i++)
        if (!memchr(letters, text.ptr[i], sizeof(letters) - 1))
            return false;
    return text.len > 0;
}

/* Can ids of the one be read as ids of the other? */
static bool
is_same_beginning(struct str prefix, struct str other)
{
    return str_equal(prefix, other) || (prefix.len < other.len && str_starts_with(other, prefix) &&
                                        other.ptr[prefix.len] == '_');
}

/* An earlier type whose prefix is not told from this one; or NULL. */
static const struct type *
find_same_prefix(const struct binder *b, const struct type *type, struct str prefix)
{
    for (int i = 0; i < b->schema->type_count && b->schema->types[i] != type; i++) {
        const struct global_id *other =
            b->schema->types[i]->binding ? binding_of_type(b->schema->types[i])->global_id : NULL;
        if (other &&
            (is_same_beginning(prefix, other->name) || is_same_beginning(other->name, prefix)))
            return b->schema->types[i];
    }
    return NULL;
}

/* What @globalId(prefix:) says; STR_NONE after a misfit. */
static struct str
find_prefix(struct binder *b, const struct type *type)
{
    const struct ast_directive *directive = binder_type_directive(b, type, "globalId");
    uint32_t offset = directive ? directive->node.start : binder_type_offset(b, type);
    struct str prefix = binder_directive_text(b, directive, "prefix");
    const struct type *other = prefix.ptr ? find_same_prefix(b, type, prefix) : NULL;

    if (!prefix.ptr)
        binder_misfit(
            b, offset, type->name,
            "the ids of Node have the form PREFIX; give this type one with @globalId(prefix:).");
    else if (!is_word(prefix))
        binder_misfit(b, offset, type->name,
                      "a prefix is made of letters, digits and _; choose another with "
                      "@globalId(prefix:).");
    else if (other)
        binder_misfit(b, offset, type->name,
                      "the ids of %.*s could begin the same way; give one of them another "
                      "@globalId(prefix:).",
                      STR_PRINT(other->name));
    else
        return prefix;
    return STR_NONE;
}

static bool
check_key(struct binder *b, const struct type *type, enum global_id_form form)
{
    const struct type_binding *binding = binding_of_type(type);
    const struct key *key = &binding->key;
    uint32_t offset = binder_type_offset(b, type);

    if (key->count == 0 || key->count > GLOBAL_ID_COLUMNS)
        binder_misfit(b, offset, type->name,
                      "it implements Node, and nothing tells its rows apart; declare a key with "
                      "@table(key:).");
    for (int i = 0; i < key->count; i++) {
        const struct column_type *type_of_key = key->columns[i]->type;
        if (!column_kind_is_opaque(type_of_key->kind) && judge_knows(type_of_key))
            continue;
        binder_misfit(b, offset, type->name,
                      "it implements Node, and column %.*s.%.*s of its key is %.*s, of which no id "
                      "can be made; declare another key with @table(key:).",
                      STR_PRINT(binding->table->name), STR_PRINT(key->columns[i]->name),
                      STR_PRINT(key->columns[i]->type_name));
        return false;
    }
    if (form == GLOBAL_ID_KEY && !(key->count == 1 && key->columns[0]->kind == COLUMN_UUID)) {
        binder_misfit(b, offset, type->name,
                      "the ids of Node have the form KEY, for which the key of each type is one "
                      "uuid; choose another form.");
        return false;
    }
    return key->count > 0 && key->count <= GLOBAL_ID_COLUMNS;
}

/* Has the type a table whose rows can be found by their keys? */
static bool
check_table(struct binder *b, const struct type *type)
{
    const struct table *table = binding_of_type(type)->table;

    if (table && !bind_row_is(table) && binder_has_table(b, type))
        return true;
    if (table || !binder_has_table(b, type)) /* else that is reported */
        binder_misfit(b, binder_type_offset(b, type), type->name,
                      "it implements Node, whose objects are found by their ids in a table; give "
                      "it @table(name:).");
    return false;
}

static void
bind_type(struct binder *b, struct type *type, enum global_id_form form)
{
    struct type_binding *binding = binder_type_binding(b, type);

    if (!check_table(b, type) || !check_key(b, type, form))
        return;
    struct str name = form == GLOBAL_ID_PREFIX ? find_prefix(b, type)
                      : form == GLOBAL_ID_KEY  ? STR("")
                                               : type->name;
    if (!name.ptr)
        return;
    struct global_id *id = ARENA_NEW(b->arena, struct global_id);
    *id =
        (struct global_id){ .form = form, .type = type->name, .name = name, .key = &binding->key };
    binding->global_id = id;
}

/* What the directive may say on a type. */
static void
check_type_directive(struct binder *b, const struct type *type, const struct type *node,
                     enum global_id_form form)
{
    const struct ast_directive *directive = binder_type_directive(b, type, "globalId");
    const struct ast_node *written = find_written(directive, "form");
    bool is_node = node && str_equal(type->name, node->name);

    if (!directive)
        return;
    if (find_written(directive, "of") || (!is_node && written) ||
        (is_node && find_written(directive, "prefix")))
        binder_misfit(b, directive->node.start, type->name,
                      "on the interface Node @globalId has a form:, and on its types a prefix:.");
    else if (!is_node && !(form == GLOBAL_ID_PREFIX && bind_global_id_is_node(b, type)))
        binder_misfit(b, directive->node.start, type->name,
                      "@globalId(prefix:) is for types that implement Node, if that has "
                      "@globalId(form: PREFIX); remove it.");
    else if (written && str_is(ast_as(value, written)->text, "SEALED"))
        binder_misfit(b, directive->node.start, type->name,
                      "ids of the form SEALED are not served; choose another.");
}

void
bind_global_id_types(struct binder *b)
{
    const struct type *node = find_node(b);
    enum global_id_form form = node ? find_form(b, node) : GLOBAL_ID_TYPE_KEY;

    for (int i = 0; i < b->schema->type_count; i++) {
        struct type *type = b->schema->types[i];
        if (type->is_builtin || (type->kind != TYPE_OBJECT && type->kind != TYPE_INTERFACE))
            continue;
        check_type_directive(b, type, node, form);
        if (type->kind == TYPE_OBJECT && bind_global_id_is_node(b, type))
            bind_type(b, type, form);
    }
}

/* --- @globalId(of:) --- */

const struct type *
bind_global_id_of(struct binder *b, const struct ast_directive *directive, const char **message)
{
    struct str name = binder_directive_text(b, directive, "of");
    const struct schema *whole = b->schema->whole ? b->schema->whole : b->schema;
    const struct type *of = name.ptr ? schema_find_type(whole, name) : NULL;

    *message = NULL;
    if (!name.ptr || directive->arguments->next)
        *message = "here @globalId says which type the id belongs to; name it with of:.";
    else if (!of || of->kind != TYPE_OBJECT || !bind_global_id_is_node(b, of))
        *message = "@globalId(of:) names no type that implements Node; name one that does.";
    return *message ? NULL : of;
}

static bool
is_integer(enum column_kind kind)
{
    return kind == COLUMN_INT2 || kind == COLUMN_INT4 || kind == COLUMN_INT8;
}

bool
bind_global_id_is_same_kind(const struct column_type *a, const struct column_type *b)
{
    return a->kind == b->kind || (is_integer(a->kind) && is_integer(b->kind));
}

/* The codec, but that its values are ids, of which a part of the key is taken. */
static const struct codec *
make_codec(struct binder *b, const struct codec *codec, const struct global_id *id, int part)
{
    struct codec *made = ARENA_NEW(b->arena, struct codec);

    *made = *codec;
    if (codec->is_list) {
        made->item = make_codec(b, codec->item, id, part);
    } else {
        made->global_id = id;
        made->key_part = part;
    }
    return made;
}

const struct codec *
bind_global_id_compared(struct binder *b, const struct ast_directive *directive,
                        const struct codec *codec, const char **message)
{
    const struct type *of = bind_global_id_of(b, directive, message);
    const struct global_id *id = of ? binding_of_type(of)->global_id : NULL;

    if (of && (!id || id->key->count != 1 ||
               !bind_global_id_is_same_kind(codec->type, id->key->columns[0]->type)))
        *message = "the key in the id is no value of the column; compare with another column.";
    return *message ? NULL : make_codec(b, codec, id, 0);
}

bool
bind_global_id_is_shown(const struct binder *b, const struct type *type)
{
    for (int i = 0; i < type->possible_count; i++)
        if (!bind_global_id_is_node(b, type->possible[i]))
            return false;
    return type_is_abstract(type) ? type->possible_count > 0 : bind_global_id_is_node(b, type);
}

bool
bind_global_id_is_own(const struct bind_site *site, const struct input_value *argument)
{
    return !site->input && type_is_composite(site->named) && str_is(argument->name, "id") &&
           str_is(type_nullable(argument->type)->name, "ID") &&
           !ast_find_directive(argument->ast->directives, "column") &&
           !ast_find_directive(argument->ast->directives, "globalId") &&
           bind_global_id_is_shown(site->binder, site->named);
}

bool
bind_global_id_is_key(const struct bind_site *site, const struct input_value *argument)
{
    const struct ast_directive *directive =
        ast_find_directive(argument->ast->directives, "globalId");
    const char *message;
    const struct type *of = directive ? bind_global_id_of(site->binder, directive, &message) : NULL;

    return site->binding->kind == BINDING_WRITE && of && binding_of_type(of)->global_id &&
           binding_of_type(of)->table == binder_site_rows(site)->table;
}

/* The ids that values of the argument are; NULL: they are none, or a misfit was reported. */
static const struct global_id *
find_argument_ids(const struct bind_site *site, const struct input_value *argument, bool *is_good)
{
    struct binder *b = site->binder;
    const struct ast_directive *directive =
        ast_find_directive(argument->ast->directives, "globalId");
    const char *message;

    *is_good = true;
    if (!directive && !bind_global_id_is_own(site, argument))
        return NULL;
    *is_good = false;
    if (directive) {
        const struct type *of = bind_global_id_of(b, directive, &message);
        const struct global_id *id = of ? binding_of_type(of)->global_id : NULL;
        if (message)
            bind_argument_misfit(site, argument, "%s", message);
        else if (!str_is(type_named(argument->type)->name, "ID"))
            bind_argument_misfit(site, argument,
                                 "a global id must have the type ID; change the type.");
        else
            *is_good = id != NULL; /* or that is reported */
        return *is_good ? id : NULL;
    }
    if (type_is_abstract(site->named) || site->is_branch)
        bind_argument_misfit(site, argument,
                             "it may be the id of an object of several types; make it the only "
                             "argument of a field that shows one object.");
    else
        *is_good = binding_of_type(site->named)->global_id != NULL;
    return *is_good ? binding_of_type(site->named)->global_id : NULL;
}

bool
bind_global_id_argument(const struct bind_site *site, const struct input_value *argument,
                        const struct codec **codec)
{
    bool is_good;
    const struct global_id *id = find_argument_ids(site, argument, &is_good);

    if (!id)
        return is_good;
    const struct column_type *type = (*codec)->is_list ? (*codec)->item->type : (*codec)->type;
    if (id->key->count == 1 && bind_global_id_is_same_kind(type, id->key->columns[0]->type)) {
        *codec = make_codec(site->binder, *codec, id, 0);
        return true;
    }
    bind_argument_misfit(
        site, argument,
        id->key->count == 1
            ? "the key in the id is %.*s, but it goes into %.*s; change one of them."
            : "the key in the id has several columns, so it is not one value; take its parts as "
              "arguments.",
        STR_PRINT(id->key->columns[0]->type_name), STR_PRINT(type->base_name));
    return false;
}

const struct argument_binding *
bind_global_id_equals(const struct bind_site *site, const struct input_value *argument)
{
    struct binder *b = site->binder;
    bool is_good;
    const struct global_id *id = find_argument_ids(site, argument, &is_good);

    if (!id)
        return NULL;
    int count = id->key->count;
    struct argument_binding *binding = ARENA_NEW(b->arena, struct argument_binding);
    binding->role = ARGUMENT_EQUALS;
    binding->columns = id->key->columns;
    binding->column_count = count;
    const struct codec **codecs = ARENA_ARRAY(b->arena, const struct codec *, (size_t)count);
    for (int i = 0; i < count; i++) {
        const struct codec plain = { .form = CODEC_ID, .type = id->key->columns[i]->type };
        codecs[i] = make_codec(b, &plain, id, i);
    }
    binding->codecs = codecs;
    binding->codec = codecs[0];
    return binding;
}

bool
bind_global_id_check(const struct bind_site *site, const struct input_value *argument)
{
    const struct codec *codec = argument->binding->codec;

    if (!ast_find_directive(argument->ast->directives, "globalId") ||
        (codec && (codec->global_id || (codec->item && codec->item->global_id))))
        return true;
    bind_argument_misfit(site, argument,
                         "@globalId is only for an argument that is compared with a column or "
                         "passed to a function; remove it.");
    return false;
}
