/*
 * execute_idempotent.c - writes that are sent again with the same key: they are done once, and
 * answered alike (binding/idempotent.h).
 *
 * The transaction claims the key before the write, in a flush of its own, since the answer says
 * whether there is anything to write; and keeps what it answers before COMMIT:
 *
 *     NONE --> CLAIMING --> HELD --the write--> KEEPING --> KEPT, then COMMIT
 *                   |
 *                   '--> ANSWERED, by a request before
 *
 * A run without a key stays in NONE, and sends nothing more than others.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "schema/schema.h"
#include "value/value.h"
#include "database/statement.h"
#include "contract/contract.h"
#include "binding/idempotent.h"
#include "execution/run.h"

/* The columns of CLAIM_REQUEST_SQL. */
enum { CLAIM_OUTCOME, CLAIM_ANSWER, CLAIM_ERRORS };

/* --- the key --- */

/* The key that the field's arguments have: an argument, or a field of `input`. */
static const struct error *
find_given_key(struct run *run, struct run_root *root, struct str *key)
{
    const struct field *field = root->field->definition;
    const struct error *error = NULL;

    for (int i = 0; i < binding_given_count(field) && !error; i++) {
        const struct given given = binding_given(field, i);
        const struct value *value = NULL;
        if (!given.binding || given.binding->role != ARGUMENT_KEY || given.is_hidden)
            continue;
        if (given.within) {
            const struct value *input = execute_only_argument(run, root, &error);
            value = input ? value_find(input, given.value->name) : NULL;
        } else {
            error = execute_value(run, root->field->ast, given.value, &value);
        }
        if (value && value->kind != VALUE_NULL)
            *key = value->text;
    }
    return error;
}

/* Printable, and not longer than it may be? */
static const struct error *
judge_key(struct run *run, struct str key)
{
    struct errors errors = { .arena = run->arena };
    int most = run->options.limits->idempotency_key;
    struct error *error = NULL;
    bool is_good = key.len > 0 && utf8_check(key) == key.len;

    if (key.len > (size_t)most)
        return errors_add_limit(&errors, "idempotency_key", most,
                                "The idempotency key is longer than %d bytes.", most);
    for (size_t i = 0; i < key.len; i++)
        is_good &= (unsigned char)key.ptr[i] >= ' ' && key.ptr[i] != 0x7f;
    if (is_good)
        return NULL;
    error = errors_add(&errors, ERROR_BAD_USER_INPUT,
                       "The idempotency key must be a text without control characters.");
    error->argument = STR(IDEMPOTENCY_KEY);
    return error;
}

static const struct error *
refuse_nobody(struct run *run)
{
    if (run->options.viewer->token_error)
        return run->options.viewer->token_error;
    return errors_add(&(struct errors){ .arena = run->arena }, ERROR_UNAUTHENTICATED,
                      "Only signed-in users have idempotency keys.");
}

const struct error *
execute_find_key(struct run *run, struct run_root *root)
{
    const struct binding *binding = root->field->definition->binding;

    if (!binding || !binding->is_idempotent || run->options.contract->is_mock)
        return NULL;
    root->key = run->options.request_key;
    const struct error *error = find_given_key(run, root, &root->key);
    if (error || !root->key.ptr)
        return error;
    error = judge_key(run, root->key);
    if (!error && !run->options.viewer->user_id.ptr)
        error = refuse_nobody(run);
    return error;
}

/* --- claiming --- */

/* Call one of the functions with the root field's key and place, in a flush of its own. */
static void
call(struct run *run, const char *sql, int count, struct str third, struct str fourth)
{
    struct statement *statement = ARENA_NEW(run->arena, struct statement);
    const char **values = ARENA_ARRAY(run->arena, const char *, (size_t)count);
    struct str text = str_from(sql);
    int place = (int)(run->root - run->roots);

    *statement =
        (struct statement){ .sql = text, .hash = str_hash(text), .parameter_count = count };
    values[0] = str_copy_c(run->arena, run->root->key);
    values[1] = str_format(run->arena, "%d", place).ptr;
    values[2] = str_copy_c(run->arena, third);
    if (count > 3)
        values[3] = fourth.ptr ? str_copy_c(run->arena, fourth) : NULL;
    run->transaction.claim =
        (struct db_call){ .statement = statement,
                          .values = values,
                          .role = run->viewer.database_role,
                          .is_anew = run->transaction.begun_again[AGAIN_STALE] > 0 };
    db_call(run->db, run->arena, &run->transaction.claim);
    execute_flush(run);
    run->phase = RUN_RECEIVING;
}

bool
execute_claim(struct run *run)
{
    if (!run->root || !run->root->key.ptr || run->transaction.claimed != CLAIM_NONE)
        return false;
    execute_begin(run);
    call(run, CLAIM_REQUEST_SQL, 3, run->options.request_hash, STR_NONE);
    run->transaction.claimed = CLAIM_CLAIMING;
    return true;
}

static void
fail(struct run *run, const struct error *failure)
{
    run->transaction.state = TRANSACTION_FAILED;
    run->transaction.failure = failure;
}

/* The first request with the key has not ended within limit_lock_time. */
static void
fail_busy(struct run *run)
{
    struct error *error =
        errors_add(&(struct errors){ .arena = run->arena }, ERROR_SERVICE_UNAVAILABLE,
                   "A request with the same idempotency key is being answered.");

    error->retry_after = 1;
    fail(run, error);
}

static void
take_outcome(struct run *run, const struct rows *rows)
{
    struct run_transaction *transaction = &run->transaction;
    struct str outcome = rows_count(rows) == 1 ? rows_get(rows, 0, CLAIM_OUTCOME) : STR_NONE;

    if (str_is(outcome, "new")) {
        transaction->claimed = CLAIM_HELD;
    } else if (str_is(outcome, "same")) {
        transaction->claimed = CLAIM_ANSWERED;
        transaction->wave = run->options.plan->wave_count; /* no other follows */
        run->root->answer = rows_get(rows, 0, CLAIM_ANSWER);
        run->root->answer_errors = rows_get(rows, 0, CLAIM_ERRORS);
    } else if (str_is(outcome, "other")) {
        fail(run, errors_add(&(struct errors){ .arena = run->arena }, ERROR_CONFLICT,
                             "The idempotency key was sent before, with another request."));
    } else {
        fail_busy(run);
    }
}

void
execute_take_claim(struct run *run)
{
    struct run_transaction *transaction = &run->transaction;
    const struct db_call *claim = &transaction->claim;
    bool is_claiming = transaction->claimed == CLAIM_CLAIMING;

    if (!is_claiming && transaction->claimed != CLAIM_KEEPING)
        return;
    if (claim->outcome == DB_FAILED && is_claiming && strcmp(claim->sqlstate, "55P03") == 0)
        fail_busy(run);
    else if (claim->outcome != DB_ROWS)
        execute_fail_transaction(run, NULL, claim);
    else if (is_claiming)
        take_outcome(run, claim->rows);
    else
        transaction->claimed = CLAIM_KEPT;
}

/* --- the answer --- */

/* Write the members of `errors` one after the other, as answers that repeat them will have them. */
static struct str
write_errors(struct run *run, const struct errors *errors)
{
    struct buf *b = buf_new(run->arena);

    for (const struct error *error = errors->first; error; error = error->next) {
        if (error != errors->first)
            buf_byte(b, ',');
        error_write(b, error, STR_NONE);
    }
    return errors->first ? buf_str(b) : STR_NONE;
}

bool
execute_keep_answer(struct run *run)
{
    const struct limits *limits = run->options.limits;
    struct errors errors = { .arena = run->arena, .maximum = limits->errors };
    struct buf *b = NULL;

    if (run->transaction.claimed != CLAIM_HELD || run->transaction.state != TRANSACTION_OPEN)
        return false;
    b = buf_new(run->arena);
    b->maximum = (size_t)limits->response;
    run->options.write_answer(b, run, run->root->field, &errors);
    if (b->failed) {
        fail(run,
             errors_add_limit(&(struct errors){ .arena = run->arena }, "response", limits->response,
                              "The response is larger than %d bytes.", limits->response));
        return false;
    }
    run->root->answer = buf_str(b);
    run->root->answer_errors = write_errors(run, &errors);
    call(run, KEEP_ANSWER_SQL, 4, run->root->answer, run->root->answer_errors);
    run->transaction.claimed = CLAIM_KEEPING;
    return true;
}
