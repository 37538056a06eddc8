/*
 * request_stale.c - has the database changed since the contract was bound?
 *
 * That is asked when a statement does not fit the database, also when it is prepared anew.  If it
 * has, a reload is asked for, and what does not fit is answered with SCHEMA_RELOADING until
 * another process serves; if it has not, the error is what PostgreSQL says.
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/request_internal.h"

#include "base/log.h"
#include "event/clock.h"
#include "database/db.h"
#include "catalog/catalog.h"
#include "catalog/catalog_load.h"
#include "contract/contract.h"
#include "execution/execute.h"
#include "server/service.h"

/* Milliseconds for which an answer holds: reading the catalog is work for PostgreSQL. */
enum { CHANGE_TIME = 1000 };

static uint64_t
bound_fingerprint(struct service *service)
{
    if (!service->fingerprint)
        service->fingerprint = catalog_fingerprint(service->contract->catalog);
    return service->fingerprint;
}

/* Until the answer is there, other requests take it that the database has changed. */
static void
ask(struct request *r)
{
    r->service->change_until = clock_now() + CHANGE_TIME;
    r->service->has_changed = true;
    catalog_ask(r->arena, r->service->contract->catalog, &r->question);
    db_call(r->loan.db, r->arena, &r->question);
    db_send(r->loan.db);
}

/* The catalog has come, unless the connection is lost, or the request's time is over. */
static void
take_answer(struct request *r)
{
    struct service *service = r->service;
    struct str message = r->question.message;
    const struct catalog *catalog = NULL;

    if (r->question.outcome == DB_ROWS)
        catalog = catalog_read(r->arena, r->question.rows, &message);
    if (!catalog) {
        log_error("the database's catalog: %.*s", STR_PRINT(message));
        return;
    }
    uint64_t fingerprint = catalog_fingerprint(catalog);
    service->change_until = clock_now() + CHANGE_TIME;
    service->has_changed = fingerprint != bound_fingerprint(service);
    if (service->has_changed && service->change)
        service->change(service, fingerprint);
}

enum step
request_settle_stale(struct request *r)
{
    const struct service *service = r->service;
    bool has_changed = true;

    if (!r->question.statement && clock_now() < service->change_until) {
        has_changed = service->has_changed;
    } else {
        enum db_loan_state loan = request_borrow(r);
        if (loan == DB_LOAN_QUEUED) {
            r->stage = STAGE_QUEUE_AGAIN;
            return STEP_WAIT;
        }
        if (loan == DB_LOAN_GRANTED) {
            r->stage = STAGE_ASK;
            if (!r->question.statement)
                ask(r);
            if (db_receive(r->loan.db) == DB_WAITING)
                return request_await(r);
            take_answer(r);
            has_changed = service->has_changed;
        }
    }
    execute_settle_stale(r->run, has_changed);
    return STEP_NEXT;
}
