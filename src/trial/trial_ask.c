/*
 * trial_ask.c - would PostgreSQL answer a document?
 *
 * SPDX-License-Identifier: MIT
 */
#include "trial/trial_ask.h"

#include <assert.h>
#include <limits.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/limits.h"
#include "language/parser.h"
#include "language/source.h"
#include "value/value_coerce.h"
#include "database/db.h"
#include "contract/contract.h"
#include "plan/plan.h"
#include "plan/sql_quote.h"
#include "planner/operation.h"
#include "planner/plan_build.h"

/* Somebody who alters a table is not waited for: the server would not start meanwhile. */
#define BEGIN                                                                                      \
    "BEGIN READ ONLY; SET LOCAL lock_timeout = '200ms';"                                           \
    " SET LOCAL plan_cache_mode = force_generic_plan"

/* What PREPARE has passed may fail in EXPLAIN for reasons that are none at run time; but these
 * are the same there: no right, no such type of a function's result. */
static const char *const final_states[] = { "42501", "42P13" };

/* `ERROR:  permission denied for table a`, without what stands before the two spaces. */
static struct str
after_severity(struct str message)
{
    for (size_t i = 0; i + 3 < message.len; i++)
        if (message.ptr[i] == ':' && message.ptr[i + 1] == ' ' && message.ptr[i + 2] == ' ')
            return (struct str){ message.ptr + i + 3, message.len - i - 3 };
    return message;
}

static bool
run(struct db *db, struct arena *a, const char *sql, struct trial_answer *answer)
{
    struct str message;

    if (db_try(db, a, sql, answer->sqlstate, &message))
        return true;
    message.len = str_find(message, '\n');
    answer->message = after_severity(message);
    return false;
}

bool
trial_begin(struct db *db, struct arena *a, struct str role, struct trial_answer *answer)
{
    struct buf *b = buf_new(a);

    buf_put_c(b, BEGIN);
    if (role.ptr) {
        buf_put_c(b, "; SET LOCAL ROLE ");
        sql_quote_identifier(b, role);
    }
    if (run(db, a, buf_copy(a, b).ptr, answer))
        return true;
    trial_end(db, a);
    return false;
}

void
trial_end(struct db *db, struct arena *a)
{
    struct trial_answer ignored;

    (void)run(db, a, "ROLLBACK", &ignored);
}

/* The values do not matter to a generic plan. */
static const char *
attempt_sql(struct arena *a, const struct statement *statement)
{
    struct buf *b = buf_new(a);

    buf_put_c(b, "SAVEPOINT linnet_trial; PREPARE linnet_trial AS ");
    buf_put(b, statement->sql);
    buf_put_c(b, "; EXPLAIN EXECUTE linnet_trial");
    for (int i = 0; i < statement->parameter_count; i++)
        buf_put_c(b, i == 0 ? "(NULL" : ", NULL");
    if (statement->parameter_count > 0)
        buf_byte(b, ')');
    buf_put_c(b, "; DEALLOCATE linnet_trial; RELEASE linnet_trial");
    return buf_copy(a, b).ptr;
}

static bool
is_final(const char *sqlstate)
{
    for (size_t i = 0; i < ARRAY_LENGTH(final_states); i++)
        if (strcmp(sqlstate, final_states[i]) == 0)
            return true;
    return false;
}

/* After a failure: go back, and forget the statement.  A prepared statement outlives the savepoint
 * after which it was made: was there one, so that it was EXPLAIN that failed? */
static bool
undo(struct db *db, struct arena *scratch)
{
    struct trial_answer ignored;

    (void)run(db, scratch, "ROLLBACK TO linnet_trial", &ignored);
    bool was_prepared = run(db, scratch, "DEALLOCATE linnet_trial", &ignored);
    if (!was_prepared)
        (void)run(db, scratch, "ROLLBACK TO linnet_trial", &ignored);
    return was_prepared;
}

static bool
ask_statement(struct db *db, struct arena *a, const struct statement *statement,
              struct arena *scratch, struct trial_answer *answer)
{
    if (run(db, scratch, attempt_sql(scratch, statement), answer))
        return true;
    bool was_prepared = undo(db, scratch);
    bool is_locked = strcmp(answer->sqlstate, "55P03") == 0;
    answer->message = str_copy(a, answer->message);
    answer->verdict =
        is_locked || (was_prepared && !is_final(answer->sqlstate)) ? TRIAL_UNJUDGED : TRIAL_REFUSED;
    return false;
}

static const struct plan *
plan_document(const struct contract *contract, struct str text, struct arena *scratch)
{
    struct source *source = ARENA_NEW(scratch, struct source);
    struct errors errors = { .arena = scratch };
    struct variables none = { 0 };
    struct limits limits = limits_default;

    *source = (struct source){ STR("trial"), text };
    limits.fields = INT_MAX;
    const struct ast_document *document = parser_parse(scratch, source, NULL, &errors);
    assert(document);
    const struct ast_operation *operation = operation_get(document, STR_NONE, &errors);
    assert(operation);
    return plan_build(contract, &limits, document, operation, &none, 0, scratch);
}

struct trial_answer
trial_ask(struct db *db, struct arena *a, const struct contract *contract, struct str document,
          struct arena *scratch)
{
    struct trial_answer answer = { .verdict = TRIAL_GOOD };
    const struct plan *plan = plan_document(contract, document, scratch);

    for (int i = 0; i < plan->statement_count; i++)
        if (!ask_statement(db, a, &plan->statements[i]->statement, scratch, &answer))
            break;
    arena_free(plan->arena);
    return answer;
}
