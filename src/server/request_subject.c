/*
 * request_subject.c - the phase that asks whose subject a token of another issuer names.
 *
 * That is one statement before those of the request, and only when this worker has not asked for
 * the token lately: the answer is remembered with it (auth/auth.h).
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/request_internal.h"

#include "base/log.h"
#include "database/db.h"
#include "account/subject.h"
#include "server/service.h"

/* The answer is there, or the connection is lost, or time is up. */
static enum step
take_answer(struct request *r)
{
    enum db_outcome outcome = r->question.outcome;

    if (outcome == DB_ROWS)
        auth_set_user(r->arena, &r->auth, subject_take(r->arena, &r->question), &r->viewer);
    else if (outcome == DB_FAILED)
        log_error("request %s: account_of_subject(): %.*s", r->response.id,
                  STR_PRINT(r->question.message));
    request_give_back(r);
    r->question = (struct db_call){ 0 };
    r->stage = STAGE_START;
    if (outcome == DB_ROWS)
        return STEP_NEXT;
    if (outcome != DB_FAILED)
        return request_refuse(r, RETRY_AFTER);
    errors_add(&r->errors, ERROR_INTERNAL, "Internal server error.");
    return STEP_END;
}

enum step
request_ask_subject(struct request *r)
{
    if (!r->auth.needs_user)
        return STEP_NEXT;
    switch (request_borrow(r)) {
    case DB_LOAN_QUEUED:
        r->stage = STAGE_QUEUE;
        return STEP_WAIT;
    case DB_LOAN_GRANTED:
        break;
    case DB_LOAN_NONE:
    case DB_LOAN_MOVED:
    case DB_LOAN_REFUSED:
        return request_refuse(r, RETRY_AFTER);
    }
    if (r->stage != STAGE_ASK) {
        subject_ask(r->arena, &r->auth, &r->question);
        db_call(r->loan.db, r->arena, &r->question);
        db_send(r->loan.db);
    }
    r->stage = STAGE_ASK;
    if (db_receive(r->loan.db) == DB_WAITING)
        return request_await(r);
    return take_answer(r);
}
