/*
 * init_update.c - what is new goes into a contract that is there already: no byte of that changes.
 *
 * A definition that it does not have goes to its end; a field, an input or a value that one of its
 * definitions does not have goes behind the one that stands before it in the new contract.
 *
 * SPDX-License-Identifier: MIT
 */
#include "init/init_update.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "language/ast.h"
#include "language/parser.h"
#include "language/source.h"
#include "init/init_internal.h"

/* What goes in, and where. */
struct insertion {
    size_t at;        /* a byte of the old text: the beginning of a line */
    struct str text;  /* lines */
    struct str about; /* the definition that it is of; or STR_NONE: a new one */
};

struct update {
    struct arena *arena;
    const struct source *old, *new;
    const struct ast_document *old_document;
    struct insertion *insertions;
    int count;
};

static struct str
slice(const struct source *source, size_t start, size_t end)
{
    return (struct str){ source->text.ptr + start, end - start };
}

/* The beginning of the line that the byte stands in, and that of the next. */
static size_t
line_start(struct str text, size_t at)
{
    while (at > 0 && text.ptr[at - 1] != '\n')
        at--;
    return at;
}

static size_t
next_line(struct str text, size_t at)
{
    while (at < text.len && text.ptr[at] != '\n')
        at++;
    return at < text.len ? at + 1 : at;
}

static void
insert(struct update *u, size_t at, struct str text, struct str about)
{
    u->insertions[u->count++] = (struct insertion){ at, text, about };
}

static bool
is_name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || str_is_digit(c);
}

/* `type`, `input`: what an extension of the definition begins with behind `extend`. */
static const char *
keyword_of(enum ast_kind kind)
{
    return kind == AST_INPUT_OBJECT_DEFINITION ? "input"
           : kind == AST_ENUM_DEFINITION       ? "enum"
           : kind == AST_INTERFACE_DEFINITION  ? "interface"
                                               : "type";
}

/* --- members --- */

static struct str
member_name(const struct ast_node *member)
{
    return ast_text(member);
}

/* What a value of an enum stands for: its label, or its name. */
static struct str
label_of(const struct ast_node *member)
{
    if (member->kind != AST_ENUM_VALUE_DEFINITION)
        return member_name(member);
    const struct ast_directive *label =
        ast_find_directive(ast_as(enum_value_definition, member)->directives, "label");
    const struct ast_argument *of = label ? ast_find_argument(label->arguments, STR("of")) : NULL;
    return of ? ast_text(of->value) : member_name(member);
}

/* The member of that name, or the value of that label. */
static const struct ast_node *
find_member(const struct ast_node *members, const struct ast_node *like)
{
    for (; members; members = members->next)
        if (str_equal(member_name(members), member_name(like)) ||
            str_equal(label_of(members), label_of(like)))
            return members;
    return NULL;
}

/* Has any definition or extension of the type the member, or a comment of that name? */
static bool
is_there(const struct update *u, struct str type, const struct ast_node *member)
{
    for (const struct ast_node *d = u->old_document->definitions; d; d = d->next) {
        if (!ast_is_type_definition(d->kind) || !str_equal(ast_as(type_definition, d)->name, type))
            continue;
        if (find_member(ast_as(type_definition, d)->members, member) ||
            init_is_commented(slice(u->old, d->start, d->end), member_name(member)))
            return true;
    }
    return false;
}

static const struct ast_type_definition *
find_definition(const struct ast_document *document, struct str name)
{
    for (const struct ast_node *d = document->definitions; d; d = d->next)
        if (ast_is_type_definition(d->kind) && str_equal(ast_as(type_definition, d)->name, name) &&
            !ast_as(type_definition, d)->is_extension)
            return ast_as(type_definition, d);
    return NULL;
}

/* Behind the last of the members before it that the old definition has, or in front of its first:
 * the beginning of a line.  SIZE_MAX: its members do not stand on lines of their own. */
static size_t
place_of(const struct update *u, const struct ast_type_definition *old,
         const struct ast_node *members, const struct ast_node *member)
{
    const struct ast_node *before = NULL;

    for (; members != member; members = members->next)
        if (find_member(old->members, members))
            before = find_member(old->members, members);
    struct str text = u->old->text;
    size_t at = before ? next_line(text, before->end) : line_start(text, old->members->start);
    bool is_within = at > old->node.start && at < old->node.end;
    struct str gap =
        before ? slice(u->old, before->end, at) : slice(u->old, at, old->members->start);
    gap = str_trim(gap);
    bool is_alone = gap.len == 0 || gap.ptr[0] == '#';
    return is_within && is_alone ? at : SIZE_MAX;
}

/* The lines of the member; STR_NONE where others stand on them. */
static struct str
lines_of(const struct source *source, const struct ast_node *member)
{
    size_t start = line_start(source->text, member->start);
    size_t end = next_line(source->text, member->end);

    return slice(source, start, end);
}

static void
update_members(struct update *u, const struct ast_type_definition *old,
               const struct ast_type_definition *new)
{
    for (const struct ast_node *m = new->members; m && old->members; m = m->next) {
        if (is_there(u, old->name, m))
            continue;
        size_t at = place_of(u, old, new->members, m);
        struct str text = lines_of(u->new, m);
        if (at == SIZE_MAX) /* a definition on one line: what is new goes in an extension */
            insert(u, u->old->text.len,
                   str_format(u->arena, "\nextend %s %.*s {\n%.*s}\n", keyword_of(new->node.kind),
                              STR_PRINT(old->name), STR_PRINT(text)),
                   STR_NONE);
        else
            insert(u, at, text, old->name);
    }
}

/* --- definitions --- */

/* Does the text have the name as a word? */
static bool
has_name(struct str text, struct str name)
{
    for (size_t i = 0; i + name.len <= text.len; i++) {
        struct str rest = { text.ptr + i, name.len };
        bool is_word = (i == 0 || !is_name_byte(text.ptr[i - 1])) &&
                       (i + name.len == text.len || !is_name_byte(text.ptr[i + name.len]));
        if (is_word && str_equal(rest, name))
            return true;
    }
    return false;
}

static bool
is_named(const struct update *u, struct str name)
{
    if (has_name(u->old->text, name))
        return true;
    for (int i = 0; i < u->count; i++)
        if (has_name(u->insertions[i].text, name))
            return true;
    return false;
}

/* Scalars, enums and inputs are of use where something else names them. */
static bool
is_shown(const struct ast_type_definition *definition)
{
    return definition->node.kind == AST_OBJECT_DEFINITION ||
           definition->node.kind == AST_INTERFACE_DEFINITION;
}

static void
insert_definition(struct update *u, const struct ast_type_definition *definition)
{
    const struct ast_node *node = &definition->node;

    insert(u, u->old->text.len,
           str_format(u->arena, "\n%.*s\n", STR_PRINT(slice(u->new, node->start, node->end))),
           STR_NONE);
}

/* Members of definitions that are there, and types that are not. */
static void
update_definitions(struct update *u, const struct ast_document *new)
{
    for (const struct ast_node *d = new->definitions; d; d = d->next) {
        if (!ast_is_type_definition(d->kind))
            continue;
        const struct ast_type_definition *definition = ast_as(type_definition, d);
        const struct ast_type_definition *old = find_definition(u->old_document, definition->name);
        if (old)
            update_members(u, old, definition);
        else if (is_shown(definition))
            insert_definition(u, definition);
    }
}

/* What these name, until nothing more is named. */
static void
insert_named(struct update *u, const struct ast_document *new)
{
    struct map *done = map_new(u->arena);
    int before;

    do {
        before = u->count;
        for (const struct ast_node *d = new->definitions; d; d = d->next) {
            if (!ast_is_type_definition(d->kind))
                continue;
            const struct ast_type_definition *definition = ast_as(type_definition, d);
            struct str name = definition->name;
            if (is_shown(definition) || find_definition(u->old_document, name) ||
                !is_named(u, name) || map_add(done, name, u))
                continue;
            insert_definition(u, definition);
        }
    } while (u->count > before);
}

/* --- the text --- */

/* What is inserted at the same place keeps its order. */
static void
sort(struct update *u)
{
    for (int i = 1; i < u->count; i++)
        for (int j = i; j > 0 && u->insertions[j - 1].at > u->insertions[j].at; j--) {
            struct insertion swapped = u->insertions[j];
            u->insertions[j] = u->insertions[j - 1];
            u->insertions[j - 1] = swapped;
        }
}

static void
write_lines(struct buf *b, struct str text)
{
    while (text.len > 0) {
        size_t end = next_line(text, 0);
        struct str line = { text.ptr, end };
        if (str_trim(line).len > 0)
            buf_printf(b, "+%.*s", STR_PRINT(line));
        text = (struct str){ text.ptr + end, text.len - end };
    }
}

static void
write_all(const struct update *u, struct buf *text, struct buf *summary)
{
    struct str old = u->old->text, about = STR_NONE;
    size_t at = 0;

    for (int i = 0; i < u->count; i++) {
        const struct insertion *n = &u->insertions[i];
        buf_put(text, (struct str){ old.ptr + at, n->at - at });
        if (n->at == old.len && text->len > 0 && text->ptr[text->len - 1] != '\n')
            buf_byte(text, '\n');
        at = n->at;
        buf_put(text, n->text);
        if (i == 0 || !str_equal(about, n->about)) {
            about = n->about;
            buf_printf(summary, "@@ %.*s @@\n", STR_PRINT(about.ptr ? about : STR("at the end")));
        }
        write_lines(summary, n->text);
    }
    buf_put(text, (struct str){ old.ptr + at, old.len - at });
}

bool
init_update(struct arena *a, const struct ast_document *old, struct str written, struct buf *text,
            struct buf *summary, struct errors *errors)
{
    struct source *source = ARENA_NEW(a, struct source);

    *source = (struct source){ .name = STR("linnet init"), .text = written };
    const struct ast_document *new = parser_parse(a, source, NULL, errors);
    if (!new)
        return false;
    size_t most = 1;
    for (const struct ast_node *d = new->definitions; d; d = d->next)
        most += 1 + (ast_is_type_definition(d->kind)
                         ? (size_t)ast_count(ast_as(type_definition, d)->members)
                         : 0);
    struct update u = { .arena = a,
                        .old = old->source,
                        .new = source,
                        .old_document = old,
                        .insertions = ARENA_ARRAY(a, struct insertion, most) };
    update_definitions(&u, new);
    insert_named(&u, new);
    sort(&u);
    write_all(&u, text, summary);
    return true;
}
