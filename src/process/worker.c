/*
 * worker.c - one worker process: a contract, some connections, many requests at once.
 *
 * All that it waits for is in one loop, and nothing else waits, but for reading the catalog while
 * there is no contract to serve yet.  Signals are blocked except while the loop waits, so
 * that none ever interrupts anything.
 *
 * SPDX-License-Identifier: MIT
 */
#include "process/worker.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/arena.h"
#include "event/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "event/loop.h"
#include "pool/cost.h"
#include "database/db.h"
#include "pool/db_pool.h"
#include "contract/contract.h"
#include "document/cache.h"
#include "document/trusted_check.h"
#include "execution/resolver_thread.h"
#include "http/fcgi.h"
#include "http/http.h"
#include "server/request.h"
#include "server/service.h"
#include "watch/catalog_watch.h"
#include "watch/notice.h"
#include "process/board.h"
#include "process/generation.h"
#include "process/listener.h"
#include "auth/known_tokens.h"
#include "load/load.h"
#include "load/load_documents.h"
#include "load/load_issuers.h"
#include "process/start.h"

/* Milliseconds: how often the loop turns at least; how long a turn may take before the master
 * holds the worker for hung; and how much longer than a request the catalog may take. */
enum { BEAT = 1000, TURN_TIME = 5000, CATALOG_MARGIN = 2000 };

/* Connections of web servers, and so requests at once, that a worker has at most; and the
 * descriptors that are kept for other things than these and connections to PostgreSQL. */
enum { CONNECTIONS = 256, OTHER_DESCRIPTORS = 16 };

/* Bytes of a request beside its body, and how often as long as it may be the body is read before
 * it is told to be too long. */
enum { VARIABLES_SIZE = 1024 * 1024, BODY_TIMES = 2 };

/* How much longer a web server may take to read than to send: its client may be slow. */
enum { WRITE_TIMES = 10 };

/* Milliseconds that the lines of requests are kept in the log, to be written together. */
enum { LOG_TIME = 20 };

/* Milliseconds until the catalog is read again, when that has failed. */
enum { CATALOG_RETRY = 400 };

struct worker {
    struct service service;
    const struct worker_options *options;
    struct db_settings settings;
    struct arena *contract_arena;
    struct contract *contract; /* bound once service.cache is set */
    struct loop *loop;
    struct fcgi *fcgi;
    struct db_loan loan;        /* to bind the contract */
    struct loop_timer retry;    /* of that */
    struct catalog_watch watch; /* of the first worker, in development */
    struct buf found;           /* watching: what was logged as errors until it is ready */
    struct loop_timer log;      /* when the lines that it keeps are written */
    bool has_tried;             /* once, in vain or not */
    bool is_misfit; /* the contract does not fit, or the database may not be served from */
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
    sigaction(SIGCHLD, &action, NULL); /* db_wait()'s children: nobody waits for them */
}

/* Tell the master that the next word will come within `time` milliseconds. */
static void
beat(const struct worker *w, int time)
{
    board_beat(w->options->generation->board, w->options->number, time);
}

/* --- the contract --- */

/* Do the trusted documents fit it?  The first worker finds out for all. */
static bool
check_documents(const struct worker *w)
{
    const struct generation *g = w->options->generation;
    struct errors errors = { .arena = w->contract_arena, .maximum = g->config.limits.errors };

    if (!g->documents || !w->options->is_first)
        return true;
    bool fits = trusted_check(g->documents, w->contract, &g->config.limits, &errors);
    load_documents_log(&errors);
    return fits;
}

static bool
build_contract(struct worker *w)
{
    const struct config *config = &w->options->generation->config;
    struct errors errors = { .arena = w->contract_arena, .maximum = config->limits.errors };
    w->contract = contract_build(w->contract_arena, str_from(config->contract),
                                 w->options->generation->contract, &errors);
    bool is_built = w->contract && load_views(w->contract_arena, config, w->contract, &errors);
    load_log_misfits(config->contract, &errors);
    return is_built && check_documents(w);
}

static void
tell_master(const struct worker *w, uint64_t word)
{
    if (write(w->options->words, &word, sizeof(word)) != (ssize_t)sizeof(word))
        log_warning("cannot tell the master: %s", strerror(errno));
}

/* Does it look whether the database has changed?  One worker does, for all. */
static bool
is_watch(const struct worker *w)
{
    const struct generation *g = w->options->generation;
    return w->options->number == 0 && !g->is_mock && config_is_watching(&g->config);
}

/* catalog_watch.changed: The database has changed since the contract was bound. */
static void
tell_of_change(struct catalog_watch *watch, uint64_t fingerprint)
{
    tell_master(CONTAINER_OF(watch, struct worker, watch), fingerprint);
}

/* What the first worker of a generation complains about, until it is ready, is why the generation
 * does not serve.  The master shows it. */
static void
note_error(void *context, struct str message)
{
    struct worker *w = context;

    if (w->found.len < NOTICE_SIZE)
        buf_printf(&w->found, "%s%.*s", w->found.len > 0 ? "\n" : "", STR_PRINT(message));
    notice_set(&w->options->generation->notices->found, buf_str(&w->found));
}

/* service.change: The same, found by a request. */
static void
ask_for_reload(struct service *service, uint64_t fingerprint)
{
    tell_master(CONTAINER_OF(service, struct worker, service), fingerprint);
}

/* Take requests from now on, and tell the master. */
static void
become_ready(struct worker *w)
{
    w->service.contract = w->contract;
    w->service.cache = cache_new(&w->options->generation->config.limits);
    log_set_listener(NULL, NULL);
    tell_master(w, WORKER_READY);
    if (is_watch(w))
        catalog_watch_start(&w->watch);
}

static bool
bind_mock_contract(struct worker *w)
{
    const struct config *config = &w->options->generation->config;
    struct errors errors = { .arena = w->contract_arena, .maximum = config->limits.errors };
    if (!contract_bind_mock(w->contract_arena, w->contract, MOCK_LIFELIKE, &errors)) {
        load_log_misfits(config->contract, &errors);
        return false;
    }
    become_ready(w);
    return true;
}

/* Bind the contract to what the database has.  False: it does not fit. */
static bool
bind_contract(struct worker *w)
{
    const struct config *config = &w->options->generation->config;
    struct str message;
    const struct catalog *catalog = NULL;
    /* What changes while the catalog is read is a change. */
    if (!is_watch(w) || catalog_watch_read(&w->watch, w->contract_arena, w->loan.db, &message))
        catalog = load_catalog(w->contract_arena, config, w->loan.db, &message);
    if (!catalog) {
        log_error("cannot read the database's catalog: %.*s", STR_PRINT(message));
        return true;
    }
    struct errors errors = { .arena = w->contract_arena };
    if (!load_audit(w->contract_arena, config, w->contract, w->loan.db))
        return false;
    bool fits = load_bind(w->contract_arena, config, w->contract, catalog, &errors);
    if (!load_issuers_fit(config, catalog, &errors) || !fits) {
        load_log_misfits(config->contract, &errors);
        return false;
    }
    if (w->options->is_first &&
        !load_try(w->contract_arena, config, w->contract, w->loan.db, &errors, &message)) {
        if (message.ptr)
            log_error("the contract cannot be tried: %.*s", STR_PRINT(message));
        load_log_misfits(config->contract, &errors);
        return message.ptr != NULL;
    }
    become_ready(w);
    return true;
}

/* Go on towards a contract that is bound, as far as that goes without a connection. */
static void
prepare(struct worker *w)
{
    const struct config *config = &w->options->generation->config;
    enum db_loan_state state = db_pool_borrow(w->service.pool, &w->loan);
    if (state == DB_LOAN_QUEUED)
        return;
    w->has_tried = true;
    int64_t again = clock_now() + CATALOG_RETRY;
    if (state == DB_LOAN_GRANTED) {
        beat(w, config->connect_time + config->request_time + CATALOG_MARGIN);
        w->is_misfit = !bind_contract(w);
        db_pool_return(w->service.pool, &w->loan);
    } else if (db_pool_retry_at(w->service.pool) > clock_now()) {
        again = db_pool_retry_at(w->service.pool);
    }
    if (!w->service.cache)
        loop_set_timer(w->loop, &w->retry, again);
}

static void
prepare_when_lent(struct db_loan *loan)
{
    prepare(CONTAINER_OF(loan, struct worker, loan));
}

static void
prepare_again(struct loop_timer *timer)
{
    prepare(CONTAINER_OF(timer, struct worker, retry));
}

/* --- requests --- */

static void
resume(struct request *r)
{
    request_step(r); /* if it waits, what it waits for resumes it */
}

static void
serve(void *context, struct http_source *source)
{
    struct worker *w = context;
    source->request = request_begin(&w->service, source);
    resume(source->request);
}

static void
abandon(void *context, struct http_source *source)
{
    (void)context;
    request_abandon(source->request);
}

/* --- the life of the process --- */

/* Write the lines of requests that the log has kept. */
static void
write_log(struct loop_timer *timer)
{
    (void)timer;
    log_flush();
}

static void
turn(struct worker *w, int timeout, const sigset_t *waiting)
{
    beat(w, TURN_TIME);
    loop_turn(w->loop, timeout < BEAT ? timeout : BEAT, waiting);
    if (log_is_held() && !w->log.at)
        loop_set_timer(w->loop, &w->log, clock_now() + LOG_TIME);
}

/* Wait for PostgreSQL, once or, where there are others to answer, with patience. */
static bool
is_waiting_for_contract(const struct worker *w, int64_t opening)
{
    return !w->service.cache && (!w->has_tried || clock_now() < opening);
}

/* Serve until told to stop. */
static void
run(struct worker *w, const sigset_t *waiting)
{
    int64_t opening = clock_now() + w->options->patience;
    while (!is_stopping && !w->is_misfit && is_waiting_for_contract(w, opening)) {
        int64_t left = opening - clock_now();
        turn(w, left > 0 && left < BEAT ? (int)left : BEAT, waiting);
    }
    if (!is_stopping && !w->is_misfit)
        fcgi_listen(w->fcgi);
    while (!is_stopping && !w->is_misfit)
        turn(w, BEAT, waiting);
}

/* Finish what is under way.  Connections that are idle go to those who stay; when nobody does, the
 * listener's path is gone, and whoever waits there is served too. */
static void
leave(struct worker *w, const sigset_t *blocked)
{
    const struct listener *listener = w->options->listener;
    bool is_last = atomic_load(&w->options->generation->board->is_last);
    loop_stop_timer(w->loop, &w->retry);
    catalog_watch_stop(&w->watch);
    fcgi_leave(w->fcgi, is_last ? -1 : listener->departures);
    do {
        if (is_last && listener->path)
            fcgi_accept_rest(w->fcgi);
        turn(w, fcgi_count(w->fcgi) > 0 ? BEAT : 0, blocked);
    } while (fcgi_count(w->fcgi) > 0);
}

/* Connections of web servers that there are descriptors for: as many as leave some for PostgreSQL,
 * or who has a connection would be refused for lack of another. */
static int
count_connections(const struct config *config)
{
    int spare = start_count_descriptors() - config->connections - OTHER_DESCRIPTORS;

    if (spare >= CONNECTIONS)
        return CONNECTIONS;
    log_warning("the limit on file descriptors allows only %d connections of web servers",
                spare > 1 ? spare : 1);
    return spare > 1 ? spare : 1;
}

static bool
open_loop(struct worker *w, struct arena *a)
{
    const struct generation *g = w->options->generation;
    w->loop = loop_new(a);
    if (!w->loop) {
        log_error("cannot make an event loop: %s", strerror(errno));
        return false;
    }
    const struct fcgi_options options = {
        .listener = w->options->listener->descriptor,
        .arrivals = w->options->listener->arrivals,
        .connections = count_connections(&g->config),
        .peer_time = g->config.peer_time,
        .write_time = g->config.peer_time * WRITE_TIMES,
        .request_time = g->config.request_time,
        .size = (size_t)g->config.limits.body * BODY_TIMES + VARIABLES_SIZE,
        .output = (size_t)g->config.limits.output,
        .serve = serve,
        .gone = abandon,
        .context = w,
    };
    w->fcgi = fcgi_open(a, w->loop, &options);
    return w->fcgi != NULL;
}

/* Make what asks the database; no connection is made yet. */
static bool
open_database(struct worker *w, struct arena *a)
{
    const struct config *config = &w->options->generation->config;
    w->settings = load_settings(config);
    w->service.pool = db_pool_new(a, w->loop, &w->settings, config->connections);
    if (!w->service.pool) {
        log_error("cannot make a pool of connections: %s", strerror(errno));
        return false;
    }
    db_pool_set_turns(w->service.pool, w->options->generation->turns, w->options->number);
    w->service.costs = costs_new(a, config->limits.cheap_time, config->limits.heavy_time);
    w->service.thread = resolver_thread_new(a, w->loop, &w->settings);
    if (!w->service.thread)
        log_error("cannot start a thread: %s", strerror(errno));
    return w->service.thread != NULL;
}

/* Serve from the first request to the last; the exit status. */
static int
serve_all(struct worker *w)
{
    sigset_t blocked, waiting;
    sigprocmask(SIG_BLOCK, NULL, &blocked);
    waiting = blocked;
    sigdelset(&waiting, SIGTERM);

    if (!build_contract(w))
        return EX_CONFIG;
    if (!w->options->generation->is_mock)
        prepare(w);
    else if (!bind_mock_contract(w))
        return EX_CONFIG;
    log_hold(true);
    run(w, &waiting);
    if (!w->is_misfit)
        leave(w, &blocked);
    log_hold(false);
    return w->is_misfit ? EX_CONFIG : 0;
}

/* In development the catalog is watched, so that requests need not ask for a reload. */
static void
watch(struct worker *w)
{
    const struct generation *g = w->options->generation;
    bool is_watching = config_is_watching(&g->config);

    w->service.change = is_watching && !g->is_mock ? NULL : ask_for_reload;
    w->service.notices = is_watching ? g->notices : NULL;
    w->watch.notices = g->notices;
    w->watch.changed = tell_of_change;
    log_set_listener(w->options->is_first && is_watching ? note_error : NULL, w);
}

int
worker_run(const struct worker_options *options)
{
    struct arena *own = arena_new("worker");
    struct worker *w = ARENA_NEW(own, struct worker);
    w->options = options;
    w->contract_arena = arena_new("contract");
    w->loan.wake = prepare_when_lent;
    w->retry.due = prepare_again;
    w->log.due = write_log;
    w->service.config = &options->generation->config;
    w->service.auth = &options->generation->auth;
    w->service.documents = options->generation->documents;
    w->service.known_tokens = known_tokens_new(own, w->service.config->limits.known_tokens);
    w->service.is_degraded = &options->generation->board->is_degraded;
    w->service.poison = &options->generation->board->poison;
    w->service.at_hand = &options->generation->board->workers[options->number].at_hand;
    w->service.graphiql = options->generation->graphiql;
    w->service.arena = own;
    w->service.resume = resume;
    watch(w);

    int status = EX_OSERR;
    if (open_loop(w, own) && (options->generation->is_mock || open_database(w, own))) {
        install_signals();
        w->service.loop = w->watch.loop = w->loop;
        w->watch.pool = w->service.pool;
        status = serve_all(w);
        fcgi_close(w->fcgi);
    }
    catalog_watch_stop(&w->watch);
    request_release_idle(&w->service);
    resolver_thread_free(w->service.thread);
    db_pool_return(w->service.pool, &w->loan);
    db_pool_free(w->service.pool);
    if (w->service.cache)
        cache_free(w->service.cache);
    buf_free(&w->service.data);
    log_set_listener(NULL, NULL);
    buf_free(&w->found);
    loop_free(w->loop);
    arena_free(w->contract_arena);
    arena_free(own);
    return status;
}
