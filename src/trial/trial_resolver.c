/*
 * trial_resolver.c - the statements of C functions are tried like those of documents.
 *
 * SPDX-License-Identifier: MIT
 */
#include "trial/trial_resolver.h"

#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "language/ast.h"
#include "language/source.h"
#include "schema/schema.h"
#include "database/statement.h"
#include "catalog/catalog.h"
#include "binding/binding.h"
#include "binding/idempotent.h"
#include "contract/contract.h"
#include "trial/trial_ask.h"

/* A field with a C function, and where findings go. */
struct trial_field {
    struct trial_asker *asker;
    const struct field *field;
    struct errors *findings;
};

static void
add_misfit(const struct trial_field *f, const struct field *field, struct str message)
{
    const struct source *source = f->asker->contract->schema->document->source;
    const struct type *parent =
        field == f->field ? f->asker->contract->schema->mutation : type_named(f->field->type);

    source_error(f->findings, source, source_offset(source, field->ast->name),
                 ERROR_VALIDATION_FAILED, "%.*s.%.*s: %.*s", STR_PRINT(parent->name),
                 STR_PRINT(field->name), STR_PRINT(message));
}

/* How many parameters the statement has: the highest of $1 to $9. */
static int
count_parameters(const char *sql)
{
    int count = 0;

    for (const char *at = strchr(sql, '$'); at; at = strchr(at + 1, '$'))
        if (at[1] - '0' > count)
            count = at[1] - '0';
    return count;
}

/* Does the database have all that the statement is sent with? */
static bool
is_sent(const struct catalog *catalog, const struct resolver_statement *statement)
{
    for (int i = 0; statement->only_with && statement->only_with[i]; i++)
        if (!catalog_find_function(catalog, str_from(statement->only_with[i])))
            return false;
    return true;
}

/* Where the statement is not sent, its output is null: may it be?  False after a misfit. */
static bool
check_output(const struct trial_field *f, const struct resolver_statement *statement)
{
    const struct field *field = statement->output ? schema_find_field(f->asker->contract->schema,
                                                                      type_named(f->field->type),
                                                                      str_from(statement->output))
                                                  : NULL;

    if (!field || field->type->kind != TYPE_NON_NULL)
        return true;
    add_misfit(f, field,
               str_format(f->asker->arena,
                          "it is null, since the database has no function %s(); remove the \"!\".",
                          statement->only_with[0]));
    return false;
}

static struct trial_answer
ask(struct trial_asker *asker, const struct resolver_statement *statement)
{
    const struct statement asked = { .sql = str_from(statement->sql),
                                     .parameter_count = count_parameters(statement->sql) };

    return trial_ask_statement(asker, &asked);
}

/* Would PostgreSQL run it?  False after a misfit. */
static bool
check_statement(const struct trial_field *f, const struct resolver_statement *statement)
{
    const struct trial_answer answer = ask(f->asker, statement);

    if (answer.verdict == TRIAL_GOOD)
        return true;
    add_misfit(f, f->field,
               str_format(f->asker->arena,
                          "PostgreSQL refuses a statement of resolver %s: %.*s (%s); add what is "
                          "missing to the database, or remove the field.",
                          binding_resolver(f->field->binding)->name, STR_PRINT(answer.message),
                          answer.sqlstate));
    return false;
}

/* The same for all statements of the server itself. */
static bool
check_own(struct trial_asker *asker, const struct resolver_statement *statement,
          struct errors *findings)
{
    bool is_good = true;

    for (; statement->sql; statement++) {
        if (!is_sent(asker->contract->catalog, statement) ||
            (statement->is_before_mutation && !asker->contract->schema->mutation))
            continue;
        const struct trial_answer answer = ask(asker, statement);
        if (answer.verdict == TRIAL_GOOD)
            continue;
        errors_add(findings, ERROR_INTERNAL,
                   "PostgreSQL refuses a statement of the server: %.*s (%s); GRANT the right that "
                   "is missing, or change the function.",
                   STR_PRINT(answer.message), answer.sqlstate);
        is_good = false;
    }
    return is_good;
}

/* One misfit of a field is enough. */
static bool
check_field(const struct trial_field *f)
{
    const struct resolver_statement *statement = binding_resolver(f->field->binding)->statements;

    for (; statement && statement->sql; statement++) {
        bool is_good = is_sent(f->asker->contract->catalog, statement)
                           ? check_statement(f, statement)
                           : check_output(f, statement);
        if (!is_good)
            return false;
    }
    return true;
}

bool
trial_resolver(struct trial_asker *asker, struct str role,
               const struct resolver_statement *statements, struct errors *findings,
               bool *has_misfit, struct str *message)
{
    const struct type *mutation = asker->contract->schema->mutation;
    struct trial_answer answer = { .verdict = TRIAL_GOOD };

    if (!trial_begin(asker, role, &answer)) {
        *message = answer.message;
        return false;
    }
    *has_misfit |= !check_own(asker, statements, findings);
    for (int i = 0; mutation && i < mutation->field_count; i++) {
        const struct trial_field f = { asker, &mutation->fields[i], findings };
        if (f.field->binding && f.field->binding->kind == BINDING_RESOLVER)
            *has_misfit |= !check_field(&f);
        arena_reset(asker->scratch);
    }
    trial_end(asker);
    return true;
}

/* --- @idempotent --- */

static const struct resolver_statement idempotent_statements[] = { { .sql = CLAIM_REQUEST_SQL },
                                                                   { .sql = KEEP_ANSWER_SQL } };

/* The first mutation with @idempotent; NULL: there is none. */
static const struct field *
find_idempotent(const struct type *mutation)
{
    for (int i = 0; mutation && i < mutation->field_count; i++)
        if (mutation->fields[i].binding && mutation->fields[i].binding->is_idempotent)
            return &mutation->fields[i];
    return NULL;
}

bool
trial_idempotent(struct trial_asker *asker, struct str role, struct errors *findings,
                 bool *has_misfit, struct str *message)
{
    const struct trial_field f = { asker, find_idempotent(asker->contract->schema->mutation),
                                   findings };
    struct trial_answer answer = { .verdict = TRIAL_GOOD };

    if (!f.field)
        return true;
    if (!trial_begin(asker, role, &answer)) {
        *message = answer.message;
        return false;
    }
    for (size_t i = 0; i < ARRAY_LENGTH(idempotent_statements); i++) {
        answer = ask(asker, &idempotent_statements[i]);
        if (answer.verdict == TRIAL_GOOD)
            continue;
        add_misfit(&f, f.field,
                   str_format(asker->arena,
                              "PostgreSQL refuses what @idempotent sends as %.*s: %.*s (%s); GRANT "
                              "EXECUTE on " CLAIM_REQUEST " and " KEEP_ANSWER
                              ", or apply sql/021_requests.sql.",
                              STR_PRINT(role.ptr ? role : STR("the login role")),
                              STR_PRINT(answer.message), answer.sqlstate));
        *has_misfit = true;
        break;
    }
    trial_end(asker);
    return true;
}
