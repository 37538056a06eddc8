/*
 * trial.c - try every field of a contract as every role, and say what was refused.
 *
 * SPDX-License-Identifier: MIT
 */
#include "trial/trial.h"

#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/map.h"
#include "language/ast.h"
#include "language/source.h"
#include "schema/schema.h"
#include "database/db.h"
#include "catalog/catalog.h"
#include "binding/binding.h"
#include "contract/contract.h"
#include "trial/trial_ask.h"
#include "trial/trial_document.h"
#include "trial/trial_filter.h"
#include "trial/trial_literal.h"
#include "trial/trial_function.h"
#include "trial/trial_resolver.h"
#include "trial/trial_rights.h"

/* What was refused, of one type: a field, or an argument of it.  Roles may see different
 * schemas (@auth): what is one part of the contract has the same `ast` in all of them. */
struct refusal {
    const struct field *field;          /* of the schema of one of the roles */
    const struct input_value *argument; /* or NULL */
    struct str condition;               /* of an argument that is a filter; or empty */
    struct trial_answer *answers;       /* by role */
    struct refusal *next;
};

struct trial {
    struct arena *arena; /* for what is found */
    struct trial_asker asker;
    struct map **good; /* the asker's, by role */
    const struct trial_options *options;
    struct errors *findings;
    bool has_misfit;
    const struct trial_path **paths; /* by role: the first in its schema */
    const struct trial_path *path;   /* of the type that is tried, in the whole schema */
    int role;                        /* as which */
    struct refusal *refusals;        /* of the type */
    struct map *blamed;              /* of conditions of filters: the arguments */
};

static const struct source *
contract_source(const struct trial *t)
{
    return t->options->contract->schema->document->source;
}

/* --- what was refused --- */

static bool
is_same_argument(const struct input_value *a, const struct input_value *b)
{
    return a && b ? a->ast == b->ast : a == b;
}

static void
note_refusal(struct trial *t, const struct trial_item *item, const struct input_value *argument,
             struct str condition, const struct trial_answer *answer)
{
    struct refusal *r = t->refusals;

    while (r && (r->field->ast != item->field->ast || !is_same_argument(r->argument, argument) ||
                 !str_equal(r->condition, condition)))
        r = r->next;
    if (!r) {
        r = ARENA_NEW(t->arena, struct refusal);
        *r = (struct refusal){
            .field = item->field, .argument = argument, .condition = condition, .next = t->refusals
        };
        r->answers = ARENA_ARRAY(t->arena, struct trial_answer, (size_t)t->options->role_count);
        t->refusals = r;
    }
    r->answers[t->role] = *answer;
}

/* The role's way to the type; NULL: it sees none. */
static const struct trial_path *
role_path(const struct trial *t, int role)
{
    const struct trial_path *path = t->paths[role];

    if (t->options->roles[role].contract == t->options->contract)
        return t->path;
    while (path && !str_equal(path->type->name, t->path->type->name))
        path = path->next;
    return path;
}

/* Is the field, which the role sees, for it?  (@signedIn is of root fields.) */
static bool
may_ask(const struct trial *t, const struct trial_path *path, const struct field *field, int role)
{
    const struct field *root = path->root ? path->root : field;

    return t->options->roles[role].is_signed_in || !root->binding || !root->binding->signed_in.ptr;
}

/* Is it for this role? */
static bool
may_use(const struct trial *t, const struct refusal *r, int role)
{
    const struct trial_path *path = role_path(t, role);
    const struct field *field = path ? schema_find_field(t->options->roles[role].contract->schema,
                                                         path->type, r->field->name)
                                     : NULL;

    return field && (!r->argument || schema_find_argument(field, r->argument->name)) &&
           may_ask(t, path, field, role);
}

/* Was a role of that name listed before, with the same verdict? */
static bool
is_listed(const struct trial *t, const struct refusal *r, int role)
{
    for (int i = 0; i < role; i++)
        if (r->answers[i].verdict == r->answers[role].verdict &&
            str_equal(t->options->roles[i].name, t->options->roles[role].name))
            return true;
    return false;
}

/* The roles of which the verdict holds, for a sentence; sets how many. */
static struct str
list_roles(const struct trial *t, const struct refusal *r, enum trial_verdict verdict, int *count)
{
    struct buf *b = buf_new(t->arena);

    *count = 0;
    for (int i = 0; i < t->options->role_count; i++) {
        if (r->answers[i].verdict != verdict || is_listed(t, r, i))
            continue;
        struct str name = t->options->roles[i].name;
        if ((*count)++ > 0)
            buf_put_c(b, ", ");
        buf_put(b, name.ptr ? name : STR("the login role"));
    }
    return buf_copy(t->arena, b);
}

static const struct trial_answer *
first_answer(const struct trial *t, const struct refusal *r, enum trial_verdict verdict)
{
    for (int i = 0; i < t->options->role_count; i++)
        if (r->answers[i].verdict == verdict)
            return &r->answers[i];
    return NULL;
}

static void
add_finding(struct trial *t, const struct refusal *r, bool is_note, struct str message)
{
    const struct source *source = contract_source(t);
    struct str name = r->argument ? r->argument->name : r->field->name;
    struct str place = r->argument ? r->argument->ast->name : r->field->ast->name;
    struct str subject =
        r->argument
            ? str_format(t->arena, "%.*s.%.*s(%.*s:)%s%.*s", STR_PRINT(t->path->type->name),
                         STR_PRINT(r->field->name), STR_PRINT(name),
                         r->condition.len > 0 ? " " : "", STR_PRINT(r->condition))
            : str_format(t->arena, "%.*s.%.*s", STR_PRINT(t->path->type->name), STR_PRINT(name));

    t->has_misfit |= !is_note;
    source_error(t->findings, source, source_offset(source, place), ERROR_VALIDATION_FAILED,
                 "%.*s: %.*s", STR_PRINT(subject), STR_PRINT(message))
        ->is_note = is_note;
}

/* The catalog's bits of the roles that were refused. */
static uint32_t
refused_bits(const struct trial *t, const struct refusal *r)
{
    const struct catalog *catalog = t->options->contract->catalog;
    uint32_t bits = 0;

    for (int i = 0; i < t->options->role_count; i++)
        if (r->answers[i].verdict == TRIAL_REFUSED)
            bits |= catalog_role_bit(catalog, t->options->roles[i].name);
    return bits;
}

/* What is wrong, and what would mend it: in our words where the catalog knows of a right that is
 * missing, else in PostgreSQL's. */
static struct str
describe(const struct trial *t, const struct refusal *r, struct str roles)
{
    const struct trial_answer *answer = first_answer(t, r, TRIAL_REFUSED);
    struct str right = STR_NONE;

    assert(answer);
    bool is_right = strcmp(answer->sqlstate, "42501") == 0;
    if (strcmp(answer->sqlstate, "42P13") == 0)
        return str_format(t->arena,
                          "the body of the function does not return what it declares (PostgreSQL: "
                          "%.*s); create it again with CREATE OR REPLACE FUNCTION: a * in a body "
                          "means the columns that the table had then.",
                          STR_PRINT(answer->message));
    if (is_right)
        right = trial_missing_right(t->arena, t->options->contract->catalog, t->path->type,
                                    r->field, r->argument, refused_bits(t, r));
    if (right.ptr)
        return str_format(t->arena, "%.*s %.*s", STR_PRINT(roles), STR_PRINT(right));
    return str_format(t->arena, "PostgreSQL refuses it to %.*s: %.*s (%s); %s", STR_PRINT(roles),
                      STR_PRINT(answer->message), answer->sqlstate,
                      is_right ? "GRANT the right that is missing, or remove it from the contract."
                               : "change the contract or the database so that it is accepted.");
}

static void
report(struct trial *t, const struct refusal *r)
{
    int refused, unjudged, able = 0;
    struct str refused_roles = list_roles(t, r, TRIAL_REFUSED, &refused);
    struct str unjudged_roles = list_roles(t, r, TRIAL_UNJUDGED, &unjudged);
    const struct trial_answer *doubt = first_answer(t, r, TRIAL_UNJUDGED);

    for (int i = 0; i < t->options->role_count; i++)
        able += may_use(t, r, i) && r->answers[i].verdict != TRIAL_REFUSED;
    if (refused > 0)
        add_finding(t, r, able > 0, describe(t, r, refused_roles));
    if (doubt)
        add_finding(t, r, true,
                    str_format(t->arena,
                               "could not be tried as %.*s: %.*s (%s); it may be right when "
                               "somebody is signed in, or later.",
                               STR_PRINT(unjudged_roles), STR_PRINT(doubt->message),
                               doubt->sqlstate));
}

/* In the order of the contract; the refusals stand in the reverse order of finding. */
static void
report_all(struct trial *t)
{
    for (int i = 0; i < t->path->type->field_count; i++)
        for (const struct refusal *r = t->refusals; r; r = r->next)
            if (r->field->ast == t->path->type->fields[i].ast)
                report(t, r);
    t->refusals = NULL;
}

/* --- trying --- */

static struct trial_answer
ask(struct trial *t, const struct trial_item *items, int count)
{
    struct arena *scratch = t->asker.scratch;
    struct str *validators = ARENA_ARRAY(scratch, struct str, (size_t)count);
    struct trial_question question = { trial_document(scratch, role_path(t, t->role), items, count),
                                       validators, 0 };

    for (int i = 0; i < count; i++) {
        struct str validator = trial_function_sql(scratch, items[i].field);
        if (validator.ptr)
            validators[question.validator_count++] = validator;
    }
    struct trial_answer answer = trial_ask(&t->asker, &question);
    arena_reset(scratch);
    return answer;
}

/* `LinkFilter.url` of `LinkFilter.url.eq`: what may not be read may be compared by no operator. */
static struct str
without_operator(struct str condition)
{
    size_t first = str_find(condition, '.') + 1;
    struct str rest = { condition.ptr + first, condition.len - first };

    return (struct str){ condition.ptr, first + str_find(rest, '.') };
}

/* A filter stands at many arguments: each of its conditions is told at one of them. */
static bool
is_first_blamed(struct trial *t, struct str condition, const struct input_value *argument)
{
    const struct ast_input_value_definition *first = map_get(t->blamed, condition);

    if (!first)
        map_add(t->blamed, condition, (void *)argument->ast);
    return !first || first == argument->ast;
}

/* An argument was refused: if it is a filter, because of which conditions?  False: of none. */
static bool
blame_conditions(struct trial *t, const struct trial_item *item)
{
    const struct argument_binding *binding = item->argument->binding;
    struct trial_item one = *item;
    struct str condition;
    bool is_found = false;

    if (!binding || binding->role != ARGUMENT_FILTER)
        return false;
    const struct map *elsewhere = role_path(t, t->role)->filters;
    int count = trial_filter_write(t->arena, buf_new(t->arena), binding->filter, elsewhere,
                                   TRIAL_FILTER_ALL, &condition);
    for (one.condition = 1; one.condition <= count; one.condition++) {
        struct trial_answer alone = ask(t, &one, 1);
        if (alone.verdict == TRIAL_GOOD)
            continue;
        trial_filter_write(t->arena, buf_new(t->arena), binding->filter, elsewhere,
                           one.condition - 1, &condition);
        if (strcmp(alone.sqlstate, "42501") == 0)
            condition = without_operator(condition);
        if (is_first_blamed(t, condition, item->argument))
            note_refusal(t, item, item->argument, condition, &alone);
        is_found = true;
    }
    return is_found;
}

/* One field was refused: by itself, or because of arguments? */
static void
blame(struct trial *t, const struct trial_item *item, const struct trial_answer *answer)
{
    struct trial_item bare = { .field = item->field, .is_bare = true };
    bool is_found = false;

    if (item->argument) { /* one that @exactlyOne wants, or further terms of an order */
        if (item->term == 0 || ask(t, &bare, 1).verdict == TRIAL_GOOD)
            note_refusal(t, item, item->argument, STR(""), answer);
        return;
    }
    if (item->field->argument_count > 0 && ask(t, &bare, 1).verdict == TRIAL_GOOD)
        for (int i = 0; i < item->field->argument_count; i++) {
            const struct input_value *argument = &item->field->arguments[i];
            const struct trial_item one = { .field = item->field, .argument = argument };
            bool is_strict = argument->binding && argument->binding->is_strict;
            if (!trial_literal_is_optional(argument) && !is_strict)
                continue;
            struct trial_answer alone = ask(t, &one, 1);
            if (alone.verdict != TRIAL_GOOD && !blame_conditions(t, &one))
                note_refusal(t, item, argument, STR(""), &alone);
            is_found |= alone.verdict != TRIAL_GOOD;
        }
    if (!is_found)
        note_refusal(t, item, NULL, STR(""), answer);
}

static bool
is_refused(const struct trial *t, const struct field *field)
{
    for (const struct refusal *r = t->refusals; r; r = r->next)
        if (r->field->ast == field->ast && !r->argument &&
            r->answers[t->role].verdict == TRIAL_REFUSED)
            return true;
    return false;
}

/* What PostgreSQL accepts, and would refuse when it makes the rows. */
static void
find_draws(struct trial *t, const struct trial_item *items, int count)
{
    const struct catalog *catalog = t->options->contract->catalog;
    uint32_t role = catalog_role_bit(catalog, t->options->roles[t->role].name);
    const struct trial_answer answer = { .verdict = TRIAL_REFUSED, .sqlstate = "42501" };

    for (int i = 0; i < count; i++)
        if (!items[i].argument && !is_refused(t, items[i].field) &&
            trial_lacks_sequence(t->arena, catalog, items[i].field, role))
            note_refusal(t, &items[i], NULL, STR(""), &answer);
}

/* Halve what is refused until it is one field. */
static void
try_items(struct trial *t, const struct trial_item *items, int count)
{
    struct trial_answer answer = ask(t, items, count);

    if (answer.verdict == TRIAL_GOOD)
        return;
    if (count == 1) {
        blame(t, items, &answer);
        return;
    }
    try_items(t, items, count / 2);
    try_items(t, items + count / 2, count - count / 2);
}

/* The items that the role may ask for, moved to the front. */
static int
select_items(const struct trial *t, struct trial_item *items, int count)
{
    int kept = 0;

    for (int i = 0; i < count; i++)
        if (may_ask(t, role_path(t, t->role), items[i].field, t->role))
            items[kept++] = items[i];
    return kept;
}

/* Try the fields of the path's type as the role.  False when the connection is of no use. */
static bool
try_as_role(struct trial *t, struct str *message)
{
    struct trial_answer answer = { .verdict = TRIAL_GOOD };
    const struct trial_path *path = role_path(t, t->role);
    int count = 0;
    struct trial_item *items = path ? trial_items(t->asker.memory, path->type, &count) : NULL;

    count = select_items(t, items, count);
    if (count == 0)
        return true;
    t->asker.good = t->good[t->role];
    t->asker.contract = t->options->roles[t->role].contract;
    if (!trial_begin(&t->asker, t->options->roles[t->role].name, &answer)) {
        *message = answer.message;
        return false;
    }
    /* Where the way to the type is refused, that is said of the field that leads there. */
    if (!path->root || ask(t, NULL, 0).verdict == TRIAL_GOOD)
        try_items(t, items, count);
    find_draws(t, items, count);
    trial_end(&t->asker);
    return true;
}

/* What @idempotent sends, as the roles of signed-in users. */
static bool
try_idempotent(struct trial *t, struct str *message)
{
    bool is_asked = true;

    for (t->role = 0; t->role < t->options->role_count && is_asked; t->role++) {
        const struct trial_role *role = &t->options->roles[t->role];
        t->asker.contract = role->contract;
        t->asker.good = t->good[t->role];
        if (role->is_signed_in)
            is_asked =
                trial_idempotent(&t->asker, role->name, t->findings, &t->has_misfit, message);
    }
    return is_asked;
}

bool
trial_run(struct arena *a, struct db *db, const struct trial_options *options,
          struct errors *findings, struct str *message)
{
    struct trial t = { .arena = a, .options = options, .findings = findings };
    struct arena *memory = arena_new("trial"), *scratch = arena_new("question");
    bool is_asked = true;

    assert(options->role_count > 0);
    t.asker = (struct trial_asker){ db, options->contract, a, scratch, memory, NULL };
    t.good = ARENA_ARRAY(memory, struct map *, (size_t)options->role_count);
    t.path = trial_paths(memory, options->contract->schema);
    t.paths = ARENA_ARRAY(memory, const struct trial_path *, (size_t)options->role_count);
    for (int i = 0; i < options->role_count; i++) {
        t.good[i] = map_new(memory);
        if (options->roles[i].contract != options->contract)
            t.paths[i] = trial_paths(memory, options->roles[i].contract->schema);
    }
    t.blamed = map_new(memory);
    *message = STR_NONE;
    for (; t.path && is_asked; t.path = t.path->next) {
        for (t.role = 0; t.role < options->role_count && is_asked; t.role++)
            is_asked = try_as_role(&t, message);
        report_all(&t);
    }
    t.asker.contract = options->contract;
    t.asker.good = t.good[0];
    /* C functions ask as whom connections start. */
    if (is_asked)
        is_asked = trial_resolver(&t.asker, options->roles[0].name, options->statements, findings,
                                  &t.has_misfit, message);
    is_asked = is_asked && try_idempotent(&t, message);
    arena_free(scratch);
    arena_free(memory);
    return is_asked && !t.has_misfit;
}
