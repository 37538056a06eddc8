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
#include "base/map.h"
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
run(const struct trial_asker *asker, const char *sql, struct trial_answer *answer)
{
    struct str message;

    if (db_try(asker->db, asker->scratch, sql, answer->sqlstate, &message))
        return true;
    message.len = str_find(message, '\n');
    answer->message = after_severity(message);
    return false;
}

bool
trial_begin(struct trial_asker *asker, struct str role, struct trial_answer *answer)
{
    struct buf *b = buf_new(asker->scratch);

    buf_put_c(b, BEGIN);
    if (role.ptr) {
        buf_put_c(b, "; SET LOCAL ROLE ");
        sql_quote_identifier(b, role);
    }
    buf_put_c(b, "; SAVEPOINT linnet_trial");
    if (run(asker, buf_copy(asker->scratch, b).ptr, answer))
        return true;
    answer->message = str_copy(asker->arena, answer->message);
    trial_end(asker);
    return false;
}

void
trial_end(struct trial_asker *asker)
{
    struct trial_answer ignored;

    (void)run(asker, "ROLLBACK", &ignored);
}

/* The values do not matter to a generic plan. */
static void
write_attempt(struct buf *b, const struct statement *statement)
{
    buf_put_c(b, "PREPARE linnet_trial AS ");
    buf_put(b, statement->sql);
    buf_put_c(b, "; EXPLAIN (COSTS OFF) EXECUTE linnet_trial");
    for (int i = 0; i < statement->parameter_count; i++)
        buf_put_c(b, i == 0 ? "(NULL" : ", NULL");
    if (statement->parameter_count > 0)
        buf_byte(b, ')');
    buf_put_c(b, "; DEALLOCATE linnet_trial;");
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
undo(const struct trial_asker *asker)
{
    struct trial_answer ignored;

    (void)run(asker, "ROLLBACK TO linnet_trial", &ignored);
    bool was_prepared = run(asker, "DEALLOCATE linnet_trial", &ignored);
    if (!was_prepared)
        (void)run(asker, "ROLLBACK TO linnet_trial", &ignored);
    return was_prepared;
}

/* Attempt the statements, which are not known to be good.  When this is false, the answer is
 * about one of them. */
static bool
attempt(struct trial_asker *asker, const struct statement *const *statements, int count,
        struct trial_answer *answer)
{
    struct buf *b = buf_new(asker->scratch);

    for (int i = 0; i < count; i++)
        write_attempt(b, statements[i]);
    if (run(asker, buf_copy(asker->scratch, b).ptr, answer)) {
        for (int i = 0; i < count; i++)
            map_put(asker->good, str_copy(asker->memory, statements[i]->sql), asker);
        return true;
    }
    bool was_prepared = undo(asker);
    bool is_locked = strcmp(answer->sqlstate, "55P03") == 0;
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

/* Those of the plan's statements that are not known to be good; sets how many. */
static const struct statement **
select_unknown(const struct trial_asker *asker, const struct plan *plan, int *count)
{
    const struct statement **unknown =
        ARENA_ARRAY(asker->scratch, const struct statement *, (size_t)plan->statement_count);

    *count = 0;
    for (int i = 0; i < plan->statement_count; i++)
        if (!map_get(asker->good, plan->statements[i]->statement.sql))
            unknown[(*count)++] = &plan->statements[i]->statement;
    return unknown;
}

struct trial_answer
trial_ask(struct trial_asker *asker, struct str document)
{
    struct trial_answer answer = { .verdict = TRIAL_GOOD };
    const struct plan *plan = plan_document(asker->contract, document, asker->scratch);
    int count;
    const struct statement **unknown = select_unknown(asker, plan, &count);
    bool is_good = count == 0 || attempt(asker, unknown, count, &answer);

    if (!is_good && count > 1) {
        answer = (struct trial_answer){ .verdict = TRIAL_GOOD };
        for (int i = 0; i < count; i++)
            if (!attempt(asker, &unknown[i], 1, &answer))
                break;
    }
    answer.message = str_copy(asker->arena, answer.message);
    arena_free(plan->arena);
    return answer;
}
