/*
 * corpus.c - run the cases of tests/corpus: texts that show, for an input, what
 * each stage makes of it.
 *
 *     corpus [--update] [--contract FILE] [--catalog FILE] [--database CONNINFO]
 *            [--check-catalog] FILE...
 *
 * A case is a title and named sections:
 *
 *     === a link and who posted it
 *     --- query
 *     { link(id: 1) { url } }
 *     --- plan
 *     ...
 *
 * Inputs are `schema` (SDL; without it the contract of --contract, bound to the
 * catalog of --catalog), `catalog`, `query`, `variables`, `operation`, `viewer`
 * (the key of a signed-in user) and `options` (the words `suggestions`; `mock`
 * or `comparable`: the schema is bound to values that are made up).  All
 * others are outputs: each that is present is compared.  Errors that no section
 * `errors` expects fail the case.  `json` needs a database and is skipped
 * without one, unless it asks of the schema alone; a schema without a catalog can be
 * asked nothing else.  With --update the files are written again with what came out,
 * to be reviewed as a diff.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "event/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "language/parser.h"
#include "language/print.h"
#include "language/source.h"
#include "schema/schema_print.h"
#include "value/value.h"
#include "value/value_coerce.h"
#include "value/value_json.h"
#include "database/db.h"
#include "catalog/catalog.h"
#include "catalog/catalog_load.h"
#include "binding/binding_print.h"
#include "binder/bind.h"
#include "contract/contract.h"
#include "plan/plan.h"
#include "plan/plan_path.h"
#include "plan/plan_print.h"
#include "validation/validate.h"
#include "planner/operation.h"
#include "planner/plan_build.h"
#include "execution/execute.h"
#include "response/response.h"
#include "execution/resolver.h"
#include "mock/mock.h"
#include "account/account.h"
#include "auth/auth.h"
#include "tests/corpus/sections.h"

enum { ANSWER_TIME = 10000 };

/* The fixtures that all cases share. */
struct fixture {
    bool is_update;
    const struct contract *contract;
    struct db *db; /* or NULL */
    int passed, failed, skipped;
};

struct test {
    struct fixture *fixture;
    struct arena *arena;
    struct str file;
    struct sections sections;
    struct errors errors;
    /* What the stages found; NULL where they did not come so far. */
    const struct contract *contract;
    const struct ast_document *document;
    const struct ast_operation *operation;
    struct variables variables;
    const struct plan *plan;
};

static const char *const inputs[] = { "schema",    "catalog", "query",  "variables",
                                      "operation", "viewer",  "options" };

/* Is the word among the options? */
static bool
has_option(struct test *t, const char *word)
{
    const struct section *options = sections_find(&t->sections, "options");

    return options && str_is(str_trim(options->text), word);
}

static bool
is_input(struct str name)
{
    for (size_t i = 0; i < ARRAY_LENGTH(inputs); i++)
        if (str_is(name, inputs[i]))
            return true;
    return false;
}

static struct section *
find_section(struct test *t, const char *name)
{
    return sections_find(&t->sections, name);
}

/* ---- the stages ---- */

static const struct contract *
make_contract(struct test *t, const struct section *schema, const struct section *catalog)
{
    const struct resolver_signature *const *resolvers =
        resolver_signatures(t->arena, account_resolvers);
    struct source source = { STR("catalog"), catalog ? catalog->text : STR_NONE };
    struct contract *contract = contract_build(t->arena, STR("schema"), schema->text, &t->errors);

    bool is_lifelike = has_option(t, "mock");
    if (contract && (is_lifelike || has_option(t, "comparable")))
        return contract_bind_mock(t->arena, contract, is_lifelike ? MOCK_LIFELIKE : MOCK_COMPARABLE,
                                  &t->errors)
                   ? contract
                   : NULL;
    if (!contract || !catalog)
        return contract;
    const struct catalog *tables = catalog_parse(t->arena, &source, &t->errors);
    if (!tables || !contract_bind(t->arena, contract, tables, resolvers, &t->errors))
        return NULL;
    return contract;
}

static bool
stage_contract(struct test *t)
{
    const struct section *schema = find_section(t, "schema");

    t->contract =
        schema ? make_contract(t, schema, find_section(t, "catalog")) : t->fixture->contract;
    return t->contract != NULL;
}

static bool
stage_document(struct test *t)
{
    const struct section *query = find_section(t, "query");
    struct source *source = ARENA_NEW(t->arena, struct source);
    struct validate_options validate = { .limits = &limits_default,
                                         .has_suggestions = has_option(t, "suggestions") };

    if (!query)
        return false;
    source->text = query->text;
    t->document = parser_parse(t->arena, source, &limits_default, &t->errors);
    return t->document &&
           validate_document(t->arena, t->contract->schema, t->document, &validate, &t->errors);
}

/* Is every root field of the operation one of introspection? */
static bool
asks_schema_alone(const struct ast_operation *operation)
{
    for (const struct ast_node *node = operation->selections; node; node = node->next)
        if (node->kind != AST_FIELD || !str_starts_with(ast_as(field, node)->name, STR("__")))
            return false;
    return true;
}

static bool
is_bound(const struct contract *contract)
{
    return contract->catalog || contract->is_mock;
}

static bool
stage_plan(struct test *t)
{
    const struct section *operation = find_section(t, "operation");
    const struct section *variables = find_section(t, "variables");
    const struct value *json = NULL;

    t->operation = operation_get(t->document, operation ? str_trim(operation->text) : STR_NONE,
                                 t->contract->is_mock, &t->errors);
    if (variables)
        json = value_json_parse(t->arena, variables->text, &limits_default, &t->errors);
    if (!t->operation || t->errors.count > 0 ||
        !(is_bound(t->contract) || asks_schema_alone(t->operation)) ||
        !value_coerce_variables(t->arena, t->contract->schema, t->document, t->operation, json,
                                &t->variables, &t->errors))
        return false;
    t->plan = plan_build(t->contract, &limits_default, t->document, t->operation, &t->variables, 0,
                         t->arena);
    return true;
}

/* ---- the outputs ---- */

static void
print_errors(struct buf *b, struct test *t)
{
    for (const struct error *error = t->errors.first; error; error = error->next) {
        buf_put(b, error->message);
        for (const struct place *place = error->places; place; place = place->next)
            buf_printf(b, "%s%u:%u", place == error->places ? "  " : " ", place->line,
                       place->column);
        buf_byte(b, '\n');
    }
}

static void
print_the_ast(struct buf *b, struct test *t)
{
    print_ast(b, &t->document->node);
}

static void
print_document(struct buf *b, struct test *t)
{
    print_node(b, &t->document->node);
}

static void
print_schema(struct buf *b, struct test *t)
{
    schema_print(b, t->contract->schema);
}

static void
print_bindings(struct buf *b, struct test *t)
{
    binding_print(b, t->contract->schema);
}

static void
print_plan(struct buf *b, struct test *t)
{
    plan_print(b, t->plan);
}

static void
print_sql(struct buf *b, struct test *t)
{
    plan_print_sql(b, t->plan);
}

static void
print_paths(struct buf *b, struct test *t)
{
    plan_path_print(b, t->plan, plan_paths(t->arena, t->plan));
}

static void
print_json(struct buf *b, struct test *t)
{
    struct errors errors = { .arena = t->arena, .maximum = limits_default.errors };
    const struct section *user = find_section(t, "viewer");
    struct viewer viewer = { .user_id = STR_NONE };
    struct execute_options options = { .contract = t->contract,
                                       .limits = &limits_default,
                                       .plan = t->plan,
                                       .variables = &t->variables,
                                       .viewer = &viewer,
                                       .write_mock = mock_write,
                                       .deadline = clock_now() + ANSWER_TIME };
    if (user)
        viewer = (struct viewer){ .user_id = str_trim(user->text),
                                  .role = STR("user"),
                                  .database_role = STR("linnet_user") };
    struct run *run = execute_start(t->arena, &options);
    struct buf *data = buf_new(t->arena);

    execute_finish(run, t->fixture->db);
    write_data(data, run, &errors);
    buf_byte(b, '{');
    if (errors.count > 0) {
        buf_put(b, STR("\"errors\":"));
        errors_write(b, &errors, STR_NONE);
        buf_byte(b, ',');
    }
    buf_put(b, STR("\"data\":"));
    buf_put(b, buf_str(data));
    buf_byte(b, '}');
}

enum need { NEEDS_NOTHING, NEEDS_CONTRACT, NEEDS_BINDINGS, NEEDS_DOCUMENT, NEEDS_PLAN, NEEDS_DB };

static const struct {
    const char *name;
    enum need need;
    void (*print)(struct buf *b, struct test *t);
} outputs[] = {
    { "errors", NEEDS_NOTHING, print_errors },
    { "ast", NEEDS_DOCUMENT, print_the_ast },
    { "document", NEEDS_DOCUMENT, print_document },
    { "print", NEEDS_CONTRACT, print_schema },
    { "bindings", NEEDS_BINDINGS, print_bindings },
    { "plan", NEEDS_PLAN, print_plan },
    { "sql", NEEDS_PLAN, print_sql },
    { "paths", NEEDS_PLAN, print_paths },
    { "json", NEEDS_DB, print_json },
};

static bool
has_what_it_needs(const struct test *t, enum need need)
{
    switch (need) {
    case NEEDS_NOTHING:
        return true;
    case NEEDS_CONTRACT:
        return t->contract != NULL;
    case NEEDS_BINDINGS:
        return t->contract && t->contract->catalog;
    case NEEDS_DOCUMENT:
        return t->document != NULL;
    case NEEDS_PLAN:
    case NEEDS_DB:
        return t->plan != NULL;
    }
    return false;
}

static void
complain(struct test *t, const char *what, struct str expected, struct str actual)
{
    printf("not ok: %.*s: %.*s: %s\n--- expected\n%.*s\n--- got\n%.*s\n", STR_PRINT(t->file),
           STR_PRINT(t->sections.title), what, STR_PRINT(expected), STR_PRINT(actual));
}

/* Compare one section with what comes out; true when it is as expected. */
static bool
check_section(struct test *t, struct section *section)
{
    struct buf *b = buf_new(t->arena);

    for (size_t i = 0; i < ARRAY_LENGTH(outputs); i++) {
        if (!str_is(section->name, outputs[i].name))
            continue;
        if (outputs[i].need == NEEDS_DB && !t->fixture->db && !t->contract->is_mock &&
            !(t->plan && !plan_needs_db(t->plan))) {
            t->fixture->skipped++;
            return true;
        }
        if (has_what_it_needs(t, outputs[i].need))
            outputs[i].print(b, t);
        struct str expected = str_trim(section->text), actual = str_trim(buf_str(b));
        if (str_equal(expected, actual))
            return true;
        if (t->fixture->is_update)
            section->text = buf_str(b);
        else
            complain(t, outputs[i].name, expected, actual);
        return false;
    }
    printf("not ok: %.*s: %.*s: no such section: %.*s\n", STR_PRINT(t->file),
           STR_PRINT(t->sections.title), STR_PRINT(section->name));
    return false;
}

static void
run_test(struct test *t)
{
    bool is_good = true;

    t->errors = (struct errors){ .arena = t->arena, .maximum = limits_default.errors };
    if (stage_contract(t) && stage_document(t) && !find_section(t, "errors"))
        stage_plan(t);
    else if (t->document && t->errors.count == 0 &&
             (find_section(t, "plan") || find_section(t, "json") || find_section(t, "variables")))
        stage_plan(t);
    for (int i = 0; i < t->sections.count; i++)
        if (!is_input(t->sections.list[i].name))
            is_good &= check_section(t, &t->sections.list[i]);
    if (t->plan) { /* each has forms that can be made, whether they are shown or not */
        struct buf *b = buf_new(t->arena);
        print_plan(b, t);
        print_paths(b, t);
    }
    if (t->errors.count > 0 && !find_section(t, "errors")) {
        struct buf *b = buf_new(t->arena);
        print_errors(b, t);
        complain(t, "errors", STR(""), buf_str(b));
        is_good = false;
    }
    *(is_good ? &t->fixture->passed : &t->fixture->failed) += 1;
    if (t->plan)
        arena_free(t->plan->arena);
}

/* ---- the files ---- */

static void
run_file(struct fixture *fixture, const char *name)
{
    struct arena *a = arena_new("corpus file");
    struct str rest = sections_read_file(a, name);
    struct buf *out = buf_new(a);

    buf_put(out, sections_read_preamble(&rest));
    while (rest.len > 0) {
        struct test t = { .fixture = fixture, .file = str_from(name) };
        t.arena = arena_new("corpus case");
        sections_read(&t.sections, &rest);
        run_test(&t);
        sections_write(out, &t.sections);
        arena_free(t.arena);
    }
    if (fixture->is_update)
        sections_write_file(name, buf_str(out));
    arena_free(a);
}

static void
load_contract(struct fixture *fixture, struct arena *a, const char *contract, const char *catalog)
{
    struct errors errors = { .arena = a };
    struct test t = { .fixture = fixture, .arena = a, .errors = errors };
    struct section schema = { STR("schema"), sections_read_file(a, contract) };
    struct section tables = { STR("catalog"), catalog ? sections_read_file(a, catalog) : STR_NONE };
    struct buf *b = buf_new(a);

    fixture->contract = make_contract(&t, &schema, catalog ? &tables : NULL);
    if (fixture->contract)
        return;
    print_errors(b, &t);
    fprintf(stderr, "%s: %.*s", contract, STR_PRINT(buf_str(b)));
    exit(2);
}

/* The catalog's text is what the database would give, but for the hash before it. */
static void
check_catalog(struct fixture *fixture, struct arena *a, const char *name)
{
    struct buf *b = buf_new(a);
    struct str text = sections_read_file(a, name), message;
    const struct catalog *tables = fixture->contract->catalog;
    const struct catalog *loaded =
        catalog_load(a, fixture->db, tables->roles, tables->role_count, &message);

    if (loaded)
        catalog_print(b, loaded);
    bool is_same = loaded && str_ends_with(text, buf_str(b));
    if (loaded && fixture->is_update) {
        size_t hash = str_starts_with(text, STR("catalog ")) ? str_find(text, '\n') + 1 : 0;
        sections_write_file(name,
                            str_format(a, "%.*s%.*s", (int)hash, text.ptr, STR_PRINT(buf_str(b))));
        is_same = true;
    }
    fixture->passed += is_same;
    fixture->failed += !is_same;
    if (!is_same)
        printf("not ok: %s: the database has\n%.*s", name,
               STR_PRINT(loaded ? buf_str(b) : message));
}

int
main(int argc, char **argv)
{
    struct fixture fixture = { 0 };
    struct arena *a = arena_new("corpus");
    const char *contract = NULL, *catalog = NULL, *database = NULL;
    bool has_catalog_check = false;
    int i = 1;

    for (; i < argc && argv[i][0] == '-'; i++) {
        const char **value = strcmp(argv[i], "--contract") == 0   ? &contract
                             : strcmp(argv[i], "--catalog") == 0  ? &catalog
                             : strcmp(argv[i], "--database") == 0 ? &database
                                                                  : NULL;
        if (strcmp(argv[i], "--update") == 0)
            fixture.is_update = true;
        else if (strcmp(argv[i], "--check-catalog") == 0)
            has_catalog_check = true;
        else if (value && i + 1 < argc)
            *value = argv[++i];
        else
            return fprintf(stderr, "corpus: unknown option %s\n", argv[i]), 2;
    }
    if (contract)
        load_contract(&fixture, a, contract, catalog);
    const struct db_settings settings = {
        .conninfo = database, .role = "linnet_anon", .limits = &limits_default, .connect_time = 3000
    };
    if (database && !(fixture.db = db_open(&settings, NULL)))
        return 2;
    if (has_catalog_check && fixture.db && catalog)
        check_catalog(&fixture, a, catalog);
    for (; i < argc; i++)
        run_file(&fixture, argv[i]);
    db_close(fixture.db);
    arena_free(a);
    printf("%d passed, %d failed, %d skipped\n", fixture.passed, fixture.failed, fixture.skipped);
    return fixture.failed > 0;
}
