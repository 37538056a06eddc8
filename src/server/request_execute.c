/*
 * request_execute.c - the phases of a request that wait: for a connection, for
 * PostgreSQL, for a C function.
 *
 * In a process that serves one request after the other only PostgreSQL is waited for, by
 * request_serve(): the connection is there or is not, and C functions are called in place.
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/request_internal.h"

#include <assert.h>
#include <stddef.h>

#include "event/clock.h"
#include "base/log.h"
#include "language/ast.h"
#include "pool/cost.h"
#include "database/db.h"
#include "contract/contract.h"
#include "plan/plan.h"
#include "document/cache.h"
#include "execution/execute.h"
#include "response/response.h"
#include "mock/mock.h"
#include "account/account.h"
#include "auth/client.h"
#include "config/config.h"
#include "server/health.h"
#include "server/service.h"

/* Milliseconds that a C function's call may queue, and seconds after which a client that was
 * refused may try again. */
enum { QUEUE_TIME = 2000, BUSY_RETRY = 2 };

/* Seconds after which a standby may have been promoted. */
enum { READ_ONLY_RETRY = 1 };

/* Milliseconds that a statement may still take after its client has gone: most end by themselves
 * in less, and to cancel one is work for PostgreSQL. */
enum { GRACE = 100 };

#define AWAY "The database is not available."
#define BUSY "Too many passwords are being checked; try again."
#define FULL "Too many sessions are being refreshed; try again." /* brief C functions */
#define GONE "The client has disconnected."                      /* for the log */

enum step
request_refuse(struct request *r, int retry_after)
{
    struct error *error =
        errors_add(&r->errors, ERROR_SERVICE_UNAVAILABLE, "The service is not available.");

    error->retry_after = retry_after;
    return STEP_END;
}

/* --- a connection --- */

static void
loan_wake(struct db_loan *loan)
{
    struct request *r = CONTAINER_OF(loan, struct request, loan);

    r->service->resume(r);
}

enum db_loan_state
request_borrow(struct request *r)
{
    struct service *service = r->service;

    if (r->loan.db)
        return DB_LOAN_GRANTED;
    if (r->abort != ABORT_NONE)
        return DB_LOAN_REFUSED;
    if (service->pool) {
        r->loan.wake = loan_wake;
        return db_pool_borrow(service->pool, &r->loan);
    }
    if (!service->need_db || !service->need_db(service, r->loan.needs_write)) {
        r->loan.is_read_only = service->db && db_is_standby(service->db);
        return DB_LOAN_REFUSED;
    }
    r->loan.db = service->db;
    return DB_LOAN_GRANTED;
}

void
request_give_back(struct request *r)
{
    if (r->service->pool)
        db_pool_return(r->service->pool, &r->loan);
    r->loan.db = NULL;
}

enum step
request_await(struct request *r)
{
    int64_t until = request_until(r);

    assert(r->stage == STAGE_ASK && r->loan.db);
    if (!r->service->pool)
        return STEP_WAIT;
    db_pool_await(r->service->pool, &r->loan);
    if (until < r->timer.at)
        loop_set_timer(r->service->loop, &r->timer, until);
    return STEP_WAIT;
}

void
request_leave(struct request *r)
{
    int64_t end = clock_now() + GRACE;

    if (r->run)
        execute_stop(r->run);
    db_pool_abandon(&r->loan);
    loop_set_timer(r->service->loop, &r->timer, end < r->deadline ? end : r->deadline);
}

int64_t
request_until(const struct request *r)
{
    int64_t due = r->run && r->abort == ABORT_NONE ? execute_due(r->run) : r->deadline;

    return due < r->deadline ? due : r->deadline;
}

void
request_cut_short(struct request *r)
{
    int64_t until = request_until(r);
    bool is_due = r->abort == ABORT_GONE || until <= clock_now();

    loop_set_timer(r->service->loop, &r->timer, is_due ? r->deadline : until);
    if (is_due && r->abort == ABORT_NONE)
        log_warning("request %s: PostgreSQL has worked for too long", r->response.id);
    if (is_due && r->loan.db && (!r->run || execute_cut_short(r->run)))
        db_pool_cancel(r->service->pool, &r->loan);
}

/* Seconds after which a request that got no connection may be sent again. */
static int
retry_after(const struct request *r)
{
    return r->loan.is_read_only ? READ_ONLY_RETRY : RETRY_AFTER;
}

/* Has something been asked of PostgreSQL or of a C function? */
static bool
has_asked(const struct request *r)
{
    return r->stage > STAGE_QUEUE;
}

/* What makes the key of the first wave's time another one than the run's; and by what that time is
 * multiplied, so that a third of the time is the most that is cheap: to read its rows twice must
 * cost less than another round trip. */
enum { FIRST_WAVE = 0x5bd1e995, FIRST_WAVE_FACTOR = 3 };

static uint64_t
first_wave_key(const struct request *r)
{
    return execute_key(r->run) ^ FIRST_WAVE;
}

/* Should the run send all in one flush? */
static bool
is_joint(const struct request *r, enum cost cost)
{
    return cost <= COST_LIGHT && r->config->limits.shared_requests > 1 && !has_asked(r) &&
           execute_is_brief(r->run) &&
           (!execute_reads_twice(r->run) ||
            costs_find(r->service->costs, first_wave_key(r)) == COST_CHEAP);
}

/* Can it share a connection with others who write? */
static bool
is_shared_write(struct request *r)
{
    if (has_asked(r) || r->config->limits.shared_requests < 2)
        return false;
    r->loan.statement = execute_shared_write(r->run);
    r->loan.role = execute_role(r->run);
    return r->loan.statement != NULL;
}

/* Others had to send again what they had sent: it does not seem cheap for a while. */
static void
note_stall(struct request *r)
{
    if (r->loan.has_stalled && r->service->costs)
        costs_add(r->service->costs, execute_key(r->run), r->config->limits.heavy_time * 1000);
    r->loan.has_stalled = false;
}

/* Say what the run will cost PostgreSQL.  Of statements that may take long whoever sends them is
 * asked: those whose requests nearly always do are taken to go on so.  And many requests that take
 * little, but keep PostgreSQL busy, are as dear as few that take long.  A mutation may wait for a
 * lock rather than work. */
static void
estimate_cost(struct request *r)
{
    const struct costs *costs = r->service->costs;

    if (!costs)
        return;
    enum cost cost = costs_find(costs, execute_key(r->run));
    bool is_owner_costly = r->loan.owner && costs_find(costs, r->loan.owner) == COST_COSTLY;
    r->loan.is_heavy = cost > COST_LIGHT;
    r->loan.is_costly =
        !r->loan.needs_write && (cost == COST_COSTLY || (r->loan.is_heavy && is_owner_costly));
    r->loan.is_busy =
        !r->loan.needs_write && r->loan.owner && costs_is_busy(costs, r->loan.owner, clock_now());
    r->is_joint = is_joint(r, cost);
    r->loan.is_shareable = cost == COST_CHEAP && (r->is_joint || is_shared_write(r));
}

/* Connect the run, which needs it. */
static enum step
connect_run(struct request *r)
{
    /* The one that it had is lost, or of no use; or it was lent as nobody needed it any more. */
    if (r->stage == STAGE_ASK || r->abort != ABORT_NONE)
        request_give_back(r);
    note_stall(r);
    estimate_cost(r);
    switch (request_borrow(r)) {
    case DB_LOAN_GRANTED:
        r->stage = STAGE_ASK;
        r->has_borrowed = true;
        execute_connect(r->run, r->loan.db, r->loan.flush.is_shared ? &r->loan.flush : NULL,
                        r->is_joint && !db_is_pooled(r->loan.db));
        return STEP_NEXT;
    case DB_LOAN_QUEUED:
        r->stage = has_asked(r) ? STAGE_QUEUE_AGAIN : STAGE_QUEUE;
        return STEP_WAIT;
    case DB_LOAN_NONE:
    case DB_LOAN_MOVED:
    case DB_LOAN_REFUSED:
        break;
    }
    if (!has_asked(r))
        return request_refuse(r, retry_after(r));
    if (r->abort != ABORT_NONE || !execute_defer(r->run))
        execute_refuse(r->run, AWAY, retry_after(r));
    return STEP_NEXT;
}

static void
pause_over(struct loop_timer *timer)
{
    struct request *r = CONTAINER_OF(timer, struct request, pause);

    r->service->resume(r);
}

/* Have the run pause, or go on after its pause; which ends early when the request is aborted. */
static enum step
pause_run(struct request *r)
{
    struct service *service = r->service;
    int pause = execute_pause(r->run);

    request_give_back(r);
    if (!service->loop) {
        clock_sleep(pause);
    } else if (!r->is_pausing && r->abort == ABORT_NONE) {
        r->is_pausing = true;
        r->stage = STAGE_QUEUE_AGAIN;
        r->pause.due = pause_over;
        loop_set_timer(service->loop, &r->pause, clock_now() + pause);
        return STEP_WAIT;
    } else {
        loop_stop_timer(service->loop, &r->pause);
        r->is_pausing = false;
    }
    execute_resume(r->run);
    return STEP_NEXT;
}

/* --- C functions --- */

static const char *
busy_message(const struct request *r)
{
    return execute_resolves_briefly(r->run) ? FULL : BUSY;
}

static void
job_done(struct resolver_job *job)
{
    struct request *r = CONTAINER_OF(job, struct request, job);

    assert(r->stage == STAGE_CALL);
    if (job->outcome == RESOLVER_BUSY)
        execute_refuse(r->run, busy_message(r), BUSY_RETRY);
    else if (job->outcome == RESOLVER_NO_DATABASE)
        execute_refuse(r->run, AWAY, RETRY_AFTER);
    else if (job->outcome == RESOLVER_READ_ONLY)
        execute_refuse(r->run, AWAY, READ_ONLY_RETRY);
    else if (job->outcome == RESOLVER_GONE)
        execute_refuse(r->run, GONE, RETRY_AFTER);
    r->service->resume(r);
}

static enum step
hand_over(struct request *r)
{
    int64_t end = clock_now() + QUEUE_TIME;

    assert(!r->loan.db); /* or it would be idle while the thread works */
    r->job = (struct resolver_job){ .run = r->run,
                                    .descriptor = r->source->descriptor,
                                    .client = client_key(r->auth.address),
                                    .deadline = r->deadline < end ? r->deadline : end,
                                    .is_brief = execute_resolves_briefly(r->run),
                                    .done = job_done };
    if (resolver_thread_call(r->service->thread, &r->job))
        return STEP_WAIT;
    execute_refuse(r->run, busy_message(r), BUSY_RETRY);
    return STEP_NEXT;
}

void
request_cancel_call(struct request *r)
{
    assert(r->stage == STAGE_CALL && r->abort != ABORT_NONE);
    if (!resolver_thread_drop(r->service->thread, &r->job))
        return;
    execute_refuse(r->run, r->abort == ABORT_GONE ? GONE : busy_message(r), BUSY_RETRY);
    r->service->resume(r);
}

/* Call the C function whose turn it is: here, or where it keeps nobody waiting. */
static enum step
call_resolver(struct request *r)
{
    request_give_back(r);
    r->stage = STAGE_CALL;
    if (r->abort != ABORT_NONE) {
        execute_refuse(r->run, r->abort == ABORT_GONE ? GONE : AWAY, RETRY_AFTER);
        return STEP_NEXT;
    }
    if (execute_resolves_slowly(r->run) && r->service->thread)
        return hand_over(r);
    int descriptor = r->source->descriptor;
    if (!execute_resolves_slowly(r->run))
        execute_resolve(r->run, NULL, descriptor);
    else if (request_borrow(r) == DB_LOAN_GRANTED)
        execute_resolve(r->run, r->loan.db, descriptor);
    else
        execute_refuse(r->run, AWAY, retry_after(r));
    return STEP_NEXT;
}

/* --- running the plan --- */

static void
start_run(struct request *r)
{
    const struct catalog *catalog = r->contract->catalog;
    const struct auth *auth = r->service->auth;
    bool is_mutation = r->operation->type == OPERATION_MUTATION;
    struct execute_options options = {
        .contract = r->contract,
        .limits = &r->config->limits,
        .plan = r->plan,
        .variables = &r->variables,
        .viewer = &r->viewer,
        .write_mock = mock_write,
        .resolvers = &r->resolvers,
        .cursor_keys = auth->cursor_keys.count > 0 ? &auth->cursor_keys : NULL,
        .deadline = r->deadline,
        .asks_session = is_mutation && catalog && account_checks_sessions(catalog),
        .is_timed = r->http.is_explained || r->service->explains,
        .write_answer = write_answer,
        .slow_time = r->config->slow_statement,
        .trace = r->config->trace_sql && r->http.trace.is_sampled ? r->http.trace.id : STR_NONE,
        .request_key = r->http.idempotency_key,
        .request_hash = is_mutation ? request_hash(r) : STR_NONE
    };

    r->resolvers = (struct resolvers){ .table = account_resolvers, .context = &r->auth };
    r->run = execute_start(r->arena, &options);
    r->loan.owner = client_key(r->http.address);
    r->loan.needs_write = is_mutation;
    r->stage = STAGE_START;
}

/* What failed early says nothing of what it costs. */
static void
note_cost(const struct request *r)
{
    int64_t spent = execute_spent(r->run);

    if (!r->service->costs || !r->loan.db ||
        (!execute_is_complete(r->run) && spent < r->config->limits.heavy_time * 1000))
        return;
    costs_add(r->service->costs, execute_key(r->run), spent);
    if (!r->loan.needs_write && execute_first_spent(r->run) >= 0)
        costs_add(r->service->costs, first_wave_key(r),
                  execute_first_spent(r->run) * FIRST_WAVE_FACTOR);
    if (r->loan.owner && !r->loan.needs_write)
        costs_add_owner(r->service->costs, r->loan.owner, spent, clock_now());
}

/* The run is over: NEXT, to write what it has found; END when it failed as a whole; WAIT. */
static enum step
end_run(struct request *r)
{
    note_cost(r);
    if (r->abort == ABORT_GONE) {
        request_give_back(r);
        return STEP_END;
    }
    if (execute_is_stale(r->run) && request_settle_stale(r) == STEP_WAIT)
        return STEP_WAIT;
    request_give_back(r);
    const struct error *refusal = execute_find_refusal(r->run);
    if (!refusal)
        return STEP_NEXT;
    errors_add_copy(&r->errors, refusal);
    return STEP_END;
}

enum step
request_execute(struct request *r)
{
    enum step step = STEP_NEXT;

    if (cache_data(r->document, r->plan).len > 0) /* what it answers is there */
        return STEP_NEXT;
    if (!r->run)
        start_run(r);
    while (step == STEP_NEXT) {
        switch (execute_step(r->run)) {
        case EXECUTE_CONNECTING:
            step = connect_run(r);
            break;
        case EXECUTE_WAITING:
            step = request_await(r);
            break;
        case EXECUTE_PAUSING:
            step = pause_run(r);
            break;
        case EXECUTE_RESOLVING:
            step = call_resolver(r);
            break;
        case EXECUTE_DONE:
            return end_run(r);
        }
    }
    return step;
}

/* --- /ready --- */

/* That there is a connection says little: a PostgreSQL that is stopped keeps it open. */
enum step
request_ask_ready(struct request *r)
{
    bool is_there = r->service->contract && r->service->contract->is_mock; /* none is asked */
    enum db_loan_state loan = is_there ? DB_LOAN_NONE : request_borrow(r);

    if (loan == DB_LOAN_QUEUED) {
        r->stage = STAGE_QUEUE;
        return STEP_WAIT;
    }
    if (loan == DB_LOAN_GRANTED) {
        if (r->stage != STAGE_ASK)
            health_ask(r->loan.db);
        r->stage = STAGE_ASK;
        enum db_state state = db_receive(r->loan.db);
        if (state == DB_WAITING)
            return request_await(r);
        is_there = state == DB_IDLE;
    }
    request_give_back(r);
    r->text = health_ready(r->service, is_there, &r->response);
    return STEP_END;
}
