/*
 * diff_binding.c - what has changed in the binding directives that are applied: who may see
 * something, in which order rows come, where values come from.
 *
 * What a directive means is in two tables: of arguments, and, for all others and for directives
 * that come and go, of directives.  One without a row says where something comes from.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "base/buf.h"
#include "language/ast.h"
#include "language/print.h"
#include "schema/schema.h"
#include "diff/diff_internal.h"

struct meaning {
    const char *directive, *argument; /* NULL: any */
    enum change_kind added, removed, changed;
};

static const struct meaning of_arguments[] = {
    { NULL, "rows", CHANGE_RIGHTS_ADDED, CHANGE_RIGHTS_REMOVED, CHANGE_RIGHTS_ADDED },
    { NULL, "atMost", CHANGE_LIMIT_CHANGED, CHANGE_LIMIT_CHANGED, CHANGE_LIMIT_CHANGED },
    { "upsert", "update", CHANGE_WRITE_CHANGED, CHANGE_RIGHTS_ADDED, CHANGE_WRITE_CHANGED },
    { "table", "shared", CHANGE_REMARK_CHANGED, CHANGE_REMARK_CHANGED, CHANGE_REMARK_CHANGED },
    { "function", "shared", CHANGE_REMARK_CHANGED, CHANGE_REMARK_CHANGED, CHANGE_REMARK_CHANGED },
    { "trusted", "functions", CHANGE_RIGHTS_ADDED, CHANGE_SOURCE_CHANGED, CHANGE_RIGHTS_ADDED },
};

static const struct meaning of_directives[] = {
    { "signedIn", NULL, CHANGE_RIGHTS_REMOVED, CHANGE_RIGHTS_ADDED, CHANGE_REMARK_CHANGED },
    { "trusted", NULL, CHANGE_RIGHTS_ADDED, CHANGE_SOURCE_CHANGED, CHANGE_RIGHTS_ADDED },
    { "order", NULL, CHANGE_ORDER_CHANGED, CHANGE_ORDER_CHANGED, CHANGE_ORDER_CHANGED },
    { "count", NULL, CHANGE_LIMIT_CHANGED, CHANGE_LIMIT_CHANGED, CHANGE_LIMIT_CHANGED },
    { "globalId", NULL, CHANGE_ID_FORM_CHANGED, CHANGE_ID_FORM_CHANGED, CHANGE_ID_FORM_CHANGED },
    { "quoted", NULL, CHANGE_VALUE_FORM_CHANGED, CHANGE_VALUE_FORM_CHANGED,
      CHANGE_VALUE_FORM_CHANGED },
    { "exactlyOne", NULL, CHANGE_ARGUMENTS_NARROWED, CHANGE_ARGUMENTS_WIDENED,
      CHANGE_SOURCE_CHANGED },
    { "insert", NULL, CHANGE_WRITE_CHANGED, CHANGE_WRITE_CHANGED, CHANGE_WRITE_CHANGED },
    { "upsert", NULL, CHANGE_WRITE_CHANGED, CHANGE_WRITE_CHANGED, CHANGE_WRITE_CHANGED },
    { "update", NULL, CHANGE_WRITE_CHANGED, CHANGE_WRITE_CHANGED, CHANGE_WRITE_CHANGED },
    { "delete", NULL, CHANGE_WRITE_CHANGED, CHANGE_WRITE_CHANGED, CHANGE_WRITE_CHANGED },
    { "version", NULL, CHANGE_VERSION_CHANGED, CHANGE_VERSION_CHANGED, CHANGE_VERSION_CHANGED },
    { "idempotent", NULL, CHANGE_IDEMPOTENCY_ADDED, CHANGE_IDEMPOTENCY_REMOVED,
      CHANGE_IDEMPOTENCY_ADDED },
    { "constraint", NULL, CHANGE_REMARK_CHANGED, CHANGE_REMARK_CHANGED, CHANGE_REMARK_CHANGED },
    { "unindexed", NULL, CHANGE_REMARK_CHANGED, CHANGE_REMARK_CHANGED, CHANGE_REMARK_CHANGED },
    { "cacheControl", NULL, CHANGE_REMARK_CHANGED, CHANGE_REMARK_CHANGED, CHANGE_REMARK_CHANGED },
    { "mock", NULL, CHANGE_REMARK_CHANGED, CHANGE_REMARK_CHANGED, CHANGE_REMARK_CHANGED },
};

static const struct meaning of_others = { NULL, NULL, CHANGE_SOURCE_CHANGED, CHANGE_SOURCE_CHANGED,
                                          CHANGE_SOURCE_CHANGED };

/* What follows, after the sentence that says what has changed; NULL: nothing. */
static const char *const consequences[CHANGE_KIND_COUNT] = {
    [CHANGE_RIGHTS_REMOVED] = "who could use it may not be able to any more",
    [CHANGE_RIGHTS_ADDED] = "others may see it or change more through it",
    [CHANGE_ID_FORM_CHANGED] = "ids that clients keep may mean nothing",
    [CHANGE_VALUE_FORM_CHANGED] = "values are written in another form",
    [CHANGE_ARGUMENTS_NARROWED] = "requests that were answered are refused",
    [CHANGE_ORDER_CHANGED] = "rows come in another order, and cursors that clients keep may be "
                             "refused",
    [CHANGE_LIMIT_CHANGED] = "the limit for what is counted or changed is another number",
    [CHANGE_WRITE_CHANGED] = "the same request writes something else",
    [CHANGE_VERSION_CHANGED] =
        "versions that clients keep may match no row any more, so writes with them are refused",
    [CHANGE_IDEMPOTENCY_REMOVED] = "requests with a key are refused",
    [CHANGE_SOURCE_CHANGED] = "it may show or do something else",
};

/* Directives that are applied to one thing. */
struct applied {
    const struct ast_directive **directives;
    int count;
};

/* One thing in both contracts. */
struct subject {
    struct diff *diff;
    const struct spot *spot;
    struct str name; /* of the thing */
};

static const struct meaning *
find_meaning(const struct ast_directive *directive, const char *argument)
{
    for (size_t i = 0; argument && i < ARRAY_LENGTH(of_arguments); i++) {
        const struct meaning *row = &of_arguments[i];
        bool is_it = !row->directive || str_is(directive->name, row->directive);
        if (is_it && str_is(str_from(argument), row->argument))
            return row;
    }
    for (size_t i = 0; i < ARRAY_LENGTH(of_directives); i++)
        if (str_is(directive->name, of_directives[i].directive))
            return &of_directives[i];
    return &of_others;
}

/* ---- What is applied ---------------------------------------------------------- */

/* Does the directive say only what would be so without it: the column of the thing's name? */
static bool
is_convention(struct arena *a, const struct ast_directive *directive, struct str name)
{
    const struct ast_argument *column = ast_find_argument(directive->arguments, STR("name"));

    return str_is(directive->name, "column") && column && !directive->arguments->next &&
           str_equal(ast_text(column->value), str_snake_case(a, name));
}

static bool
is_binding(const struct schema *schema, struct str name)
{
    const struct directive_definition *definition = schema_find_directive(schema, name);

    return definition && definition->is_binding;
}

/* Take the binding directives of a list, but those that say nothing. */
static void
take(const struct subject *s, const struct schema *schema, const struct ast_node *list,
     struct applied *applied)
{
    struct arena *a = s->diff->arena;
    int most = applied->count + ast_count(list);
    const struct ast_directive **all = ARENA_ARRAY(a, const struct ast_directive *, (size_t)most);

    for (int i = 0; i < applied->count; i++)
        all[i] = applied->directives[i];
    applied->directives = all;
    for (const struct ast_node *node = list; node; node = node->next) {
        const struct ast_directive *directive = ast_as(directive, node);
        if (is_binding(schema, directive->name) && !is_convention(a, directive, s->name))
            all[applied->count++] = directive;
    }
}

/* Are both the same directive, and about the same thing where it stands several times? */
static bool
is_same(const struct ast_directive *one, const struct ast_directive *other)
{
    if (!str_equal(one->name, other->name) || !str_is(one->name, "constraint"))
        return str_equal(one->name, other->name);
    return str_equal(ast_text(ast_find_argument(one->arguments, STR("name"))->value),
                     ast_text(ast_find_argument(other->arguments, STR("name"))->value));
}

static const struct ast_directive *
find_applied(const struct applied *applied, const struct ast_directive *like)
{
    for (int i = 0; i < applied->count; i++)
        if (is_same(applied->directives[i], like))
            return applied->directives[i];
    return NULL;
}

static struct str
node_text(struct arena *a, const struct ast_node *node)
{
    struct buf *b = buf_new(a);

    print_node(b, node);
    return buf_str(b);
}

/* What the directive gives to that argument, its default included: STR_NONE for nothing.  A list of
 * one item may be written as the item. */
static struct str
given(struct arena *a, const struct ast_directive *directive, const struct input_value *argument)
{
    const struct ast_argument *said = ast_find_argument(directive->arguments, argument->name);
    const struct ast_node *value = said ? said->value : argument->ast->default_value;

    if (!value || value->kind == AST_NULL)
        return STR_NONE;
    struct str text = node_text(a, value);
    bool is_item = type_nullable(argument->type)->kind == TYPE_LIST && value->kind != AST_LIST;
    return is_item ? str_format(a, "[%.*s]", STR_PRINT(text)) : text;
}

/* ---- Changes ------------------------------------------------------------------ */

/* Add the change; the spot's places are those of the directives, if there are any. */
static void
add(const struct subject *s, enum change_kind kind, const struct ast_directive *before,
    const struct ast_directive *after, struct str says)
{
    const char *consequence = consequences[kind];
    const struct spot spot = { s->spot->coordinate, before ? before->name : s->spot->before,
                               after ? after->name : s->spot->after };

    diff_add(s->diff, kind, &spot, "%.*s%s%s.", STR_PRINT(says), consequence ? ": " : "",
             consequence ? consequence : "");
}

/* ---- @auth -------------------------------------------------------------------- */

/* The items of `roles`, which may be one alone. */
static const struct ast_node *
role_list(const struct ast_directive *auth)
{
    const struct ast_argument *roles = ast_find_argument(auth->arguments, STR("roles"));

    return roles->value->kind == AST_LIST ? ast_as(value, roles->value)->values : roles->value;
}

static bool
has_role(const struct ast_directive *auth, struct str role)
{
    for (const struct ast_node *node = role_list(auth); node; node = node->next)
        if (str_equal(ast_text(node), role))
            return true;
    return false;
}

/* Add a change for each role of `auth` that `other` does not name. */
static void
add_roles(const struct subject *s, enum change_kind kind, const struct ast_directive *auth,
          const struct ast_directive *other, bool is_gone)
{
    struct arena *a = s->diff->arena;

    for (const struct ast_node *node = role_list(auth); node; node = node->next)
        if (!has_role(other, ast_text(node)))
            add(s, kind, is_gone ? auth : other, is_gone ? other : auth,
                str_format(a, "The role %.*s %s it", STR_PRINT(ast_text(node)),
                           is_gone ? "no longer sees" : "sees"));
}

static void
diff_auth(const struct subject *s, const struct ast_directive *before,
          const struct ast_directive *after)
{
    struct arena *a = s->diff->arena;

    if (!s->diff->has_roles)
        return;
    if (!before)
        add(s, CHANGE_RIGHTS_REMOVED, NULL, after,
            str_format(a, "It has %.*s now", STR_PRINT(node_text(a, &after->node))));
    else if (!after)
        add(s, CHANGE_RIGHTS_ADDED, before, NULL,
            str_format(a, "It had %.*s and has it no longer",
                       STR_PRINT(node_text(a, &before->node))));
    else {
        add_roles(s, CHANGE_RIGHTS_REMOVED, before, after, true);
        add_roles(s, CHANGE_RIGHTS_ADDED, after, before, false);
    }
}

/* ---- Any other directive -------------------------------------------------------- */

/* Compare one argument of a directive that both have. */
static void
diff_given(const struct subject *s, const struct ast_directive *before,
           const struct ast_directive *after, const struct input_value *argument)
{
    struct arena *a = s->diff->arena;
    struct str was = given(a, before, argument), is = given(a, after, argument);
    const struct meaning *meaning = find_meaning(before, str_copy_c(a, argument->name));
    struct str name =
        str_format(a, "@%.*s(%.*s:)", STR_PRINT(before->name), STR_PRINT(argument->name));

    if (!was.ptr && !is.ptr)
        return;
    if (!was.ptr)
        add(s, meaning->added, before, after,
            str_format(a, "%.*s is %.*s now", STR_PRINT(name), STR_PRINT(is)));
    else if (!is.ptr)
        add(s, meaning->removed, before, after,
            str_format(a, "%.*s was %.*s and is not given any more", STR_PRINT(name),
                       STR_PRINT(was)));
    else if (!str_equal(was, is))
        add(s, meaning->changed, before, after,
            str_format(a, "%.*s was %.*s and is %.*s", STR_PRINT(name), STR_PRINT(was),
                       STR_PRINT(is)));
}

/* What a directive that comes or goes means: an argument may say more than the directive. */
static enum change_kind
whole_kind(struct arena *a, const struct ast_directive *directive, bool is_added)
{
    const struct meaning *meaning = find_meaning(directive, NULL);
    const struct ast_node *node = directive->arguments;

    for (; node && meaning == &of_others; node = node->next)
        meaning = find_meaning(directive, str_copy_c(a, ast_text(node)));
    return is_added ? meaning->added : meaning->removed;
}

/* Compare a directive of which at least one is there. */
static void
diff_directive(const struct subject *s, const struct ast_directive *before,
               const struct ast_directive *after)
{
    struct arena *a = s->diff->arena;
    const struct directive_definition *definition =
        schema_find_directive(s->diff->after.schema, before ? before->name : after->name);

    if (str_is(definition->name, "auth"))
        diff_auth(s, before, after);
    else if (!before)
        add(s, whole_kind(a, after, true), NULL, after,
            str_format(a, "It has %.*s now", STR_PRINT(node_text(a, &after->node))));
    else if (!after)
        add(s, whole_kind(a, before, false), before, NULL,
            str_format(a, "It had %.*s and has it no longer",
                       STR_PRINT(node_text(a, &before->node))));
    else
        for (int i = 0; i < definition->argument_count; i++)
            diff_given(s, before, after, &definition->arguments[i]);
}

static void
diff_applied(const struct subject *s, const struct applied *before, const struct applied *after)
{
    for (int i = 0; i < before->count; i++)
        diff_directive(s, before->directives[i], find_applied(after, before->directives[i]));
    for (int i = 0; i < after->count; i++)
        if (!find_applied(before, after->directives[i]))
            diff_directive(s, NULL, after->directives[i]);
}

void
diff_bindings(struct diff *d, const struct spot *spot, struct str name,
              const struct ast_node *before, const struct ast_node *after)
{
    const struct subject s = { d, spot, name };
    struct applied was = { 0 }, is = { 0 };

    if (!d->has_bindings)
        return;
    take(&s, d->before.schema, before, &was);
    take(&s, d->after.schema, after, &is);
    diff_applied(&s, &was, &is);
}

/* ---- What has several definitions -------------------------------------------------- */

/* Take the directives of a type's definition and extensions, or of the schema's for STR_NONE. */
static struct applied
take_definitions(const struct subject *s, const struct schema *schema)
{
    struct applied applied = { 0 };
    const struct ast_node *node = schema->document->definitions;

    for (; node; node = node->next)
        if (s->name.ptr && ast_is_type_definition(node->kind) &&
            str_equal(ast_as(type_definition, node)->name, s->name))
            take(s, schema, ast_as(type_definition, node)->directives, &applied);
        else if (!s->name.ptr && node->kind == AST_SCHEMA_DEFINITION)
            take(s, schema, ast_as(schema_definition, node)->directives, &applied);
    return applied;
}

static void
diff_definitions(struct diff *d, const struct spot *spot, struct str name)
{
    const struct subject s = { d, spot, name };

    if (!d->has_bindings)
        return;
    const struct applied before = take_definitions(&s, d->before.schema);
    const struct applied after = take_definitions(&s, d->after.schema);
    diff_applied(&s, &before, &after);
}

void
diff_type_bindings(struct diff *d, const struct spot *spot, const struct type *type)
{
    diff_definitions(d, spot, type->name);
}

void
diff_schema_bindings(struct diff *d)
{
    const struct spot spot = { STR("schema"), STR_NONE, STR_NONE };

    diff_definitions(d, &spot, STR_NONE);
}
