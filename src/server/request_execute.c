/*
 * request_execute.c - the one phase of a request that waits: for a connection, for
 * PostgreSQL, for a C function.
 *
 * In a process that serves one request after the other nothing is waited for here: its
 * connection is there or is not, C functions are called in place, and request_serve() waits for
 * PostgreSQL.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/clock.h"
#include "server/request_internal.h"

#include <stddef.h>

#include "language/ast.h"
#include "database/db.h"
#include "binding/contract.h"
#include "planner/plan.h"
#include "document/cache.h"
#include "execution/execute.h"
#include "auth/account.h"
#include "mock/mock.h"
#include "config/config.h"
#include "server/health.h"

/* Milliseconds that a C function's call may queue, and seconds after which a client that was turned
 * away should find a place. */
enum { QUEUE_TIME = 2000, BUSY_RETRY = 2 };

#define AWAY "The database is not available."
#define BUSY "Too many passwords are being checked; try again."

bool
request_refuse(struct request *r, int retry_after)
{
    struct error *error =
        errors_add(&r->errors, ERROR_SERVICE_UNAVAILABLE, "The service is not available.");

    error->retry_after = retry_after;
    return false;
}

/* --- a connection --- */

static void
loan_wake(struct db_loan *loan)
{
    struct request *r = CONTAINER_OF(loan, struct request, loan);

    r->worker->resume(r);
}

static enum db_loan_state
borrow(struct request *r)
{
    struct worker *worker = r->worker;

    if (worker->pool) {
        r->loan.wake = loan_wake;
        return db_pool_borrow(worker->pool, &r->loan);
    }
    if (!worker->need_db || !worker->need_db(worker))
        return DB_LOAN_REFUSED;
    r->loan.db = worker->db;
    return DB_LOAN_GRANTED;
}

void
request_give_back(struct request *r)
{
    if (r->worker->pool)
        db_pool_return(r->worker->pool, &r->loan);
    r->loan.db = NULL;
}

/* Wait for what PostgreSQL says on the connection. */
static bool
await(struct request *r)
{
    if (r->worker->pool)
        db_pool_await(r->worker->pool, &r->loan);
    r->is_waiting = true;
    return true;
}

/* Have a connection.  False: there is none yet (is_waiting), or none to be had. */
static bool
have_connection(struct request *r)
{
    if (r->loan.db)
        return true;
    enum db_loan_state state = r->is_late ? DB_LOAN_REFUSED : borrow(r);
    r->is_waiting = r->is_queued = state == DB_LOAN_QUEUED;
    return state == DB_LOAN_GRANTED;
}

/* --- C functions --- */

static void
job_done(struct resolver_job *job)
{
    struct request *r = CONTAINER_OF(job, struct request, job);

    r->is_resolving = false;
    if (job->outcome == RESOLVER_BUSY)
        execute_refuse(r->run, BUSY, BUSY_RETRY);
    else if (job->outcome == RESOLVER_NO_DATABASE)
        execute_refuse(r->run, AWAY, RETRY_AFTER);
    r->worker->resume(r);
}

static void
hand_over(struct request *r)
{
    int64_t end = clock_now() + QUEUE_TIME;

    r->job = (struct resolver_job){ .run = r->run,
                                    .descriptor = r->source->descriptor,
                                    .deadline = r->deadline < end ? r->deadline : end,
                                    .done = job_done };
    r->is_resolving = r->is_waiting = resolver_thread_call(r->worker->thread, &r->job);
    if (!r->is_resolving)
        execute_refuse(r->run, BUSY, BUSY_RETRY);
}

/* Call the C function: here, or where it keeps nobody waiting. */
static void
resolve(struct request *r)
{
    r->has_asked = true;
    if (!execute_resolves_slowly(r->run))
        execute_resolve(r->run, NULL);
    else if (r->worker->thread)
        hand_over(r);
    else if (have_connection(r))
        execute_resolve(r->run, r->loan.db);
    else
        execute_refuse(r->run, AWAY, RETRY_AFTER);
}

/* --- running the plan --- */

static void
start_run(struct request *r)
{
    struct execute_options options = { .contract = r->worker->contract,
                                       .limits = &r->config->limits,
                                       .plan = r->plan,
                                       .variables = &r->variables,
                                       .viewer = &r->viewer,
                                       .write_mock = mock_write,
                                       .resolvers = &r->resolvers,
                                       .deadline = r->deadline };

    r->resolvers = (struct resolvers){ .table = account_resolvers, .context = &r->auth };
    r->run = execute_start(r->arena, &options);
    r->attempts++;
}

/* The run is over: has nothing been answered, since the service was not available?  A
 * query whose connection broke before that has done nothing, and PostgreSQL may be back
 * already: it is run once more, if there is time to connect.  False: that was all of it, and
 * an error was added. */
static bool
finish_run(struct request *r, bool *is_again)
{
    int retry_after;

    request_give_back(r);
    if (!execute_is_unavailable(r->run, &retry_after))
        return true;
    *is_again = r->operation->type == OPERATION_QUERY && r->attempts == 1 && !r->is_gone &&
                clock_now() + r->config->connect_time <= r->deadline;
    if (*is_again)
        r->run = NULL;
    return *is_again || request_refuse(r, retry_after);
}

/* Take the run one step further; false when it has to wait or is over. */
static bool
advance(struct request *r, bool *is_over)
{
    switch (execute_step(r->run)) {
    case EXECUTE_CONNECTING:
        if (have_connection(r)) {
            r->has_asked = true;
            execute_connect(r->run, r->loan.db);
        } else if (r->is_waiting) {
            return false;
        } else {
            r->is_refused = !r->has_asked;
            execute_refuse(r->run, AWAY, RETRY_AFTER);
        }
        return true;
    case EXECUTE_WAITING:
        await(r);
        return false;
    case EXECUTE_RESOLVING:
        request_give_back(r);
        resolve(r);
        return !r->is_waiting;
    case EXECUTE_DONE:
        break;
    }
    *is_over = true;
    return false;
}

static bool
run_plan(struct request *r)
{
    bool is_over = false,
         is_again = cache_data(r->document, r->plan).len == 0; /* or what it answers is there */

    while (is_again) {
        if (!r->run)
            start_run(r);
        while (advance(r, &is_over))
            continue;
        if (!is_over)
            return true;
        is_again = is_over = false;
        if (r->is_refused)
            return request_refuse(r, RETRY_AFTER);
        if (!finish_run(r, &is_again))
            return false;
    }
    return true;
}

/* --- /ready --- */

/* Does PostgreSQL answer?  That there is a connection says little: one that is stopped keeps
 * it open. */
static bool
ask_database(struct request *r)
{
    bool is_there = r->worker->contract && r->worker->contract->is_mock; /* none is asked */

    if (!is_there && have_connection(r)) {
        if (!r->has_asked)
            health_ask(r->loan.db);
        r->has_asked = true;
        enum db_state state = db_receive(r->loan.db);
        if (state == DB_WAITING)
            return await(r);
        is_there = state == DB_IDLE;
    }
    if (r->is_waiting)
        return true;
    request_give_back(r);
    r->text = health_ready(r->worker, is_there, &r->response);
    return true;
}

bool
request_execute(struct request *r)
{
    request_charge(r, r->is_queued ? PHASE_QUEUE : PHASE_EXECUTE);
    r->is_waiting = r->is_queued = false;
    return r->http.target == HTTP_READY ? ask_database(r) : run_plan(r);
}
