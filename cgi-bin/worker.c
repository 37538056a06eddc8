/*
 * worker.c - one worker process: a contract, some connections, many requests at once.
 *
 * All that it waits for is in one loop, and nothing else waits, but for reading the catalog while
 * there is no contract to serve yet.  Signals are blocked but while the loop waits, so
 * that none ever interrupts anything.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cgi-bin/worker.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "base/loop.h"
#include "database/db.h"
#include "database/db_pool.h"
#include "catalog/catalog_load.h"
#include "binding/contract.h"
#include "document/cache.h"
#include "execution/resolver_thread.h"
#include "http/fcgi.h"
#include "http/http.h"
#include "server/request.h"
#include "cgi-bin/board.h"
#include "cgi-bin/generation.h"
#include "cgi-bin/listener.h"
#include "cgi-bin/load.h"

/* Milliseconds: how often the loop turns at least; how long a turn may take before the master
 * holds the worker for hung; and how much longer than a request the catalog may take. */
enum { BEAT = 1000, TURN_TIME = 5000, CATALOG_MARGIN = 2000 };

/* Connections of web servers, and so requests at once, that a worker has at most. */
enum { CONNECTIONS = 256 };

/* Bytes of a request beside its body, and how often as long as it may be the body is read: what
 * is too long is told so; what is longer than that is not read. */
enum { VARIABLES_SIZE = 1024 * 1024, BODY_TIMES = 2 };

/* Milliseconds until the catalog is read again, when that has failed. */
enum { CATALOG_RETRY = 400 };

struct serving {
    struct worker worker; /* the first member */
    const struct worker_options *options;
    struct db_settings settings;
    struct arena *contract_arena;
    struct contract *contract; /* bound once worker.cache is set */
    struct loop *loop;
    struct fcgi *fcgi;
    struct db_loan loan;     /* to bind the contract */
    struct loop_timer retry; /* of that */
    bool has_tried;          /* once, in vain or not */
    bool is_misfit;          /* the contract does not fit, or the database may not be served from */
};

static volatile sig_atomic_t is_stopping;

static void
stop(int signal)
{
    (void)signal;
    is_stopping = 1;
}

/* The library has installed handlers of its own by now. */
static void
install_signals(void)
{
    struct sigaction action = { .sa_handler = stop };
    sigaction(SIGTERM, &action, NULL);
    action.sa_handler = SIG_IGN;
    sigaction(SIGINT, &action, NULL); /* a terminal's Ctrl-C; the master passes on SIGTERM */
    sigaction(SIGHUP, &action, NULL);
    sigaction(SIGPIPE, &action, NULL);
    sigaction(SIGUSR1, &action, NULL);
    sigaction(SIGCHLD, &action, NULL); /* db_expire()'s children: nobody waits for them */
}

/* Tell the master that the next word will come within `time` milliseconds. */
static void
beat(const struct serving *s, int time)
{
    const struct generation *g = s->options->generation;
    atomic_store(&g->board->deadlines[s->options->number], clock_now() + time);
}

/* --- the contract --- */

static void
log_misfits(const char *file, const struct errors *errors)
{
    for (const struct error *e = errors->first; e; e = e->next)
        log_error("%s:%u:%u: %.*s", file, e->places ? e->places->line : 0,
                  e->places ? e->places->column : 0, STR_PRINT(e->message));
}

static bool
build_contract(struct serving *s)
{
    const struct config *config = &s->options->generation->config;
    struct errors errors = { .arena = s->contract_arena, .maximum = config->limits.errors };
    s->contract = contract_build(s->contract_arena, str_from(config->contract),
                                 s->options->generation->contract, &errors);
    log_misfits(config->contract, &errors);
    return s->contract != NULL;
}

/* Take requests from now on, and tell the master. */
static void
become_ready(struct serving *s)
{
    s->worker.contract = s->contract;
    s->worker.cache = cache_new(s->contract, &s->options->generation->config.limits);
    if (write(s->options->ready, "", 1) != 1)
        log_warning("the master does not hear that a worker is ready: %s", strerror(errno));
}

static bool
bind_mock_contract(struct serving *s)
{
    const struct config *config = &s->options->generation->config;
    struct errors errors = { .arena = s->contract_arena, .maximum = config->limits.errors };
    if (!contract_bind_mock(s->contract_arena, s->contract, MOCK_LIFELIKE, &errors)) {
        log_misfits(config->contract, &errors);
        return false;
    }
    become_ready(s);
    return true;
}

/* Bind the contract to what the database has.  False: it does not fit. */
static bool
bind_contract(struct serving *s)
{
    const struct config *config = &s->options->generation->config;
    struct str message;
    const struct catalog *catalog = catalog_load(s->contract_arena, s->loan.db, &message);
    if (!catalog) {
        log_error("the database's catalog: %.*s", STR_PRINT(message));
        return true;
    }
    struct errors errors = { .arena = s->contract_arena, .maximum = config->limits.errors };
    if (!load_audit(s->contract_arena, config, s->loan.db))
        return false;
    if (!load_bind(s->contract_arena, s->contract, catalog, &errors)) {
        log_misfits(config->contract, &errors);
        return false;
    }
    become_ready(s);
    return true;
}

/* Go on towards a contract that is bound, as far as that goes without a connection. */
static void
prepare(struct serving *s)
{
    const struct config *config = &s->options->generation->config;
    enum db_loan_state state = db_pool_borrow(s->worker.pool, &s->loan);
    if (state == DB_LOAN_QUEUED)
        return;
    s->has_tried = true;
    int64_t again = clock_now() + CATALOG_RETRY;
    if (state == DB_LOAN_GRANTED) {
        beat(s, config->connect_time + config->request_time + CATALOG_MARGIN);
        s->is_misfit = !bind_contract(s);
        db_pool_return(s->worker.pool, &s->loan);
    } else if (db_pool_retry_at(s->worker.pool) > clock_now()) {
        again = db_pool_retry_at(s->worker.pool);
    }
    if (!s->worker.cache)
        loop_set_timer(s->loop, &s->retry, again);
}

static void
prepare_when_lent(struct db_loan *loan)
{
    prepare(CONTAINER_OF(loan, struct serving, loan));
}

static void
prepare_again(struct loop_timer *timer)
{
    prepare(CONTAINER_OF(timer, struct serving, retry));
}

/* --- requests --- */

static void
resume(struct request *r)
{
    if (request_step(r) == REQUEST_DONE)
        return; /* and if not, there will be a reason to resume it again */
}

static void
serve(void *context, struct http_source *source)
{
    struct serving *s = context;
    source->request = request_begin(&s->worker, source);
    resume(source->request);
}

static void
abandon(void *context, struct http_source *source)
{
    (void)context;
    request_abandon(source->request);
}

/* --- the life of the process --- */

static void
turn(struct serving *s, int timeout, const sigset_t *waiting)
{
    beat(s, TURN_TIME);
    loop_turn(s->loop, timeout < BEAT ? timeout : BEAT, waiting);
}

/* Wait for PostgreSQL, once or, where there are others to answer, with patience. */
static bool
is_waiting_for_contract(const struct serving *s, int64_t opening)
{
    return !s->worker.cache && (!s->has_tried || clock_now() < opening);
}

/* Serve until told to stop. */
static void
run(struct serving *s, const sigset_t *waiting)
{
    int64_t opening = clock_now() + s->options->patience;
    while (!is_stopping && !s->is_misfit && is_waiting_for_contract(s, opening)) {
        int64_t left = opening - clock_now();
        turn(s, left > 0 && left < BEAT ? (int)left : BEAT, waiting);
    }
    if (!is_stopping && !s->is_misfit)
        fcgi_listen(s->fcgi);
    while (!is_stopping && !s->is_misfit)
        turn(s, BEAT, waiting);
}

/* Finish what is under way.  Connections that are idle go to those who stay; when nobody does, the
 * listener's path is gone, and whoever waits there is served too. */
static void
leave(struct serving *s, const sigset_t *blocked)
{
    const struct listener *listener = s->options->listener;
    bool is_last = atomic_load(&s->options->generation->board->is_last);
    loop_stop_timer(s->loop, &s->retry);
    fcgi_leave(s->fcgi, is_last ? -1 : listener->departures);
    do {
        if (is_last && listener->path)
            fcgi_accept_rest(s->fcgi);
        turn(s, fcgi_count(s->fcgi) > 0 ? BEAT : 0, blocked);
    } while (fcgi_count(s->fcgi) > 0);
}

static bool
open_loop(struct serving *s, struct arena *a)
{
    const struct generation *g = s->options->generation;
    s->loop = loop_new(a);
    if (!s->loop) {
        log_error("cannot wait for anything: %s", strerror(errno));
        return false;
    }
    const struct fcgi_options options = {
        .listener = s->options->listener->descriptor,
        .arrivals = s->options->listener->arrivals,
        .connections = CONNECTIONS,
        .peer_time = g->config.peer_time,
        .request_time = g->config.request_time,
        .size = (size_t)g->config.limits.body * BODY_TIMES + VARIABLES_SIZE,
        .serve = serve,
        .gone = abandon,
        .context = s,
    };
    s->fcgi = fcgi_open(a, s->loop, &options);
    return s->fcgi != NULL;
}

/* Make what asks the database; no connection is made yet. */
static bool
open_database(struct serving *s, struct arena *a)
{
    const struct config *config = &s->options->generation->config;
    s->settings = load_settings(config);
    s->worker.pool = db_pool_new(a, s->loop, &s->settings, config->connections);
    s->worker.thread = resolver_thread_new(a, s->loop, &s->settings);
    if (!s->worker.thread)
        log_error("cannot hear a thread: %s", strerror(errno));
    return s->worker.thread != NULL;
}

/* Serve from the first request to the last; the exit status. */
static int
serve_all(struct serving *s)
{
    sigset_t blocked, waiting;
    sigprocmask(SIG_BLOCK, NULL, &blocked);
    waiting = blocked;
    sigdelset(&waiting, SIGTERM);

    if (!build_contract(s))
        return EX_CONFIG;
    if (!s->options->generation->is_mock)
        prepare(s);
    else if (!bind_mock_contract(s))
        return EX_CONFIG;
    run(s, &waiting);
    if (s->is_misfit)
        return EX_CONFIG;
    leave(s, &blocked);
    return 0;
}

int
worker_run(const struct worker_options *options)
{
    struct arena *own = arena_new("worker");
    struct serving *s = ARENA_NEW(own, struct serving);
    s->options = options;
    s->contract_arena = arena_new("contract");
    s->loan.wake = prepare_when_lent;
    s->retry.due = prepare_again;
    s->worker.config = &options->generation->config;
    s->worker.auth = &options->generation->auth;
    s->worker.is_degraded = &options->generation->board->is_degraded;
    s->worker.arena = own;
    s->worker.resume = resume;

    int status = EX_OSERR;
    if (open_loop(s, own) && (options->generation->is_mock || open_database(s, own))) {
        install_signals();
        s->worker.loop = s->loop;
        status = serve_all(s);
        fcgi_close(s->fcgi);
    }
    request_release_idle(&s->worker);
    resolver_thread_free(s->worker.thread);
    db_pool_return(s->worker.pool, &s->loan);
    db_pool_free(s->worker.pool);
    if (s->worker.cache)
        cache_free(s->worker.cache);
    buf_free(&s->worker.data);
    loop_free(s->loop);
    arena_free(s->contract_arena);
    arena_free(own);
    return status;
}
