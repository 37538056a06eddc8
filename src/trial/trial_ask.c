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
#include "catalog/identifier.h"
#include "contract/contract.h"
#include "plan/plan.h"
#include "planner/operation.h"
#include "planner/plan_build.h"
#include "trial/trial_order.h"

/* Somebody who alters a table is not waited for: the server would not start meanwhile. */
#define BEGIN                                                                                      \
    "BEGIN READ ONLY; SET LOCAL lock_timeout = '200ms';"                                           \
    " SET LOCAL plan_cache_mode = force_generic_plan"

/* What PREPARE has passed may fail in EXPLAIN for reasons that are none at run time; but these
 * are the same there: no right, no such type of a function's result. */
static const char *const final_states[] = { "42501", "42P13" };

/* What is said of a domain that is NOT NULL, since EXPLAIN is given nulls for all parameters. */
static const char null_state[] = "23502";

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
        identifier_quote(b, role);
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

/* One statement of a question. */
struct attempt {
    struct str key; /* what it is known by when it is good */
    struct str sql; /* ends in a semicolon */
};

/* The values do not matter to a generic plan. */
static struct attempt
explain(struct arena *scratch, const struct statement *statement)
{
    struct buf *b = buf_new(scratch);

    buf_put_c(b, "PREPARE linnet_trial AS ");
    buf_put(b, statement->sql);
    buf_put_c(b, "; EXPLAIN (COSTS OFF) EXECUTE linnet_trial");
    for (int i = 0; i < statement->parameter_count; i++)
        buf_put_c(b, i == 0 ? "(NULL" : ", NULL");
    if (statement->parameter_count > 0)
        buf_byte(b, ')');
    buf_put_c(b, "; DEALLOCATE linnet_trial;");
    return (struct attempt){ statement->sql, buf_copy(scratch, b) };
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

/* Attempt what is not known to be good.  When this is false, the answer is about one of them. */
static bool
try_attempts(struct trial_asker *asker, const struct attempt *attempts, int count,
             struct trial_answer *answer)
{
    struct buf *b = buf_new(asker->scratch);

    for (int i = 0; i < count; i++)
        buf_put(b, attempts[i].sql);
    if (run(asker, buf_copy(asker->scratch, b).ptr, answer)) {
        for (int i = 0; i < count; i++)
            map_put(asker->good, str_copy(asker->memory, attempts[i].key), asker);
        return true;
    }
    bool is_explained = !str_equal(attempts[0].key, attempts[0].sql);
    bool was_prepared = undo(asker);
    bool may_be_good = was_prepared || !is_explained;
    if (count == 1 && was_prepared && strcmp(answer->sqlstate, null_state) == 0) {
        *answer = (struct trial_answer){ .verdict = TRIAL_GOOD };
        map_put(asker->good, str_copy(asker->memory, attempts[0].key), asker);
        return true;
    }
    bool is_locked = strcmp(answer->sqlstate, "55P03") == 0;
    answer->verdict =
        is_locked || (may_be_good && !is_final(answer->sqlstate)) ? TRIAL_UNJUDGED : TRIAL_REFUSED;
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
    limits.fields = limits.statements = INT_MAX;
    limits.order_terms = TRIAL_ORDER_TERMS;
    limits.filter_conditions = limits.filter_depth = limits.filter_relations = INT_MAX;
    const struct ast_document *document = parser_parse(scratch, source, NULL, &errors);
    assert(document);
    const struct ast_operation *operation = operation_get(document, STR_NONE, false, &errors);
    assert(operation);
    return plan_build(contract, &limits, document, operation, &none, 0, scratch);
}

static void
add_attempt(const struct trial_asker *asker, struct attempt *attempts, int *count,
            struct attempt attempt)
{
    if (!map_get(asker->good, attempt.key))
        attempts[(*count)++] = attempt;
}

/* What the question takes and is not known to be good; sets how many. */
static const struct attempt *
list_attempts(const struct trial_asker *asker, const struct trial_question *question,
              const struct plan *plan, int *count)
{
    struct arena *scratch = asker->scratch;
    int most = question->validator_count + plan->statement_count;
    struct attempt *attempts = ARENA_ARRAY(scratch, struct attempt, (size_t)most);

    *count = 0;
    for (int i = 0; i < question->validator_count; i++) {
        struct str sql = question->validators[i];
        add_attempt(asker, attempts, count, (struct attempt){ sql, sql });
    }
    for (int i = 0; i < plan->statement_count; i++)
        add_attempt(asker, attempts, count, explain(scratch, &plan->statements[i]->statement));
    return attempts;
}

struct trial_answer
trial_ask(struct trial_asker *asker, const struct trial_question *question)
{
    struct trial_answer answer = { .verdict = TRIAL_GOOD };
    const struct plan *plan = plan_document(asker->contract, question->document, asker->scratch);
    int count;
    const struct attempt *attempts = list_attempts(asker, question, plan, &count);
    bool is_good = count == 0 || try_attempts(asker, attempts, count, &answer);

    if (!is_good && count > 1) {
        answer = (struct trial_answer){ .verdict = TRIAL_GOOD };
        for (int i = 0; i < count; i++)
            if (!try_attempts(asker, &attempts[i], 1, &answer))
                break;
    }
    answer.message = str_copy(asker->arena, answer.message);
    arena_free(plan->arena);
    return answer;
}

struct trial_answer
trial_ask_statement(struct trial_asker *asker, const struct statement *statement)
{
    struct trial_answer answer = { .verdict = TRIAL_GOOD };
    const struct attempt attempt = explain(asker->scratch, statement);

    if (!map_get(asker->good, attempt.key) && !try_attempts(asker, &attempt, 1, &answer))
        answer.message = str_copy(asker->arena, answer.message);
    return answer;
}
