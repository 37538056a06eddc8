/*
 * worker.c - one worker process: a contract, a connection, one request at a time.
 *
 * Signals are blocked but while waiting for a request, so that none ever
 * interrupts one.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cgi-bin/worker.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/log.h"
#include "cgi-bin/board.h"
#include "cgi-bin/generation.h"
#include "cgi-bin/listener.h"
#include "cgi-bin/load.h"
#include "execution/catalog_load.h"
#include "execution/db.h"
#include "planner/cache.h"
#include "server/fcgi.h"
#include "server/request.h"
#include "type/contract.h"

/* Milliseconds beyond request_time that a request may take, to be read and written, before
 * the master holds the worker for hung. */
enum { MARGIN = 2000 };

/* Milliseconds between two attempts to connect: twice as long after each, so that a
 * PostgreSQL that comes back is found by all within half a second; but one that refuses us
 * (no such user, no such database) waits for a person. */
enum { RETRY_LEAST = 100, RETRY_MOST = 400, RETRY_REFUSED = 5000 };

struct serving {
    struct worker worker; /* the first member: need_db() goes from it to the whole */
    const struct worker_options *options;
    struct arena *contract_arena;
    struct contract *contract; /* bound once worker.cache is set */
    struct fcgi *fcgi;
    int64_t retry_at; /* of db_now(); while there is no connection */
    int retry_delay;
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
    sigaction(SIGCHLD, &action, NULL); /* db_cancel()'s children: nobody waits for them */
}

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

static void
disconnect(struct serving *s)
{
    if (s->worker.db)
        db_close(s->worker.db);
    s->worker.db = NULL;
}

/* Plan the next attempt after one that failed with this SQLSTATE, or "". */
static void
back_off(struct serving *s, const char *sqlstate)
{
    bool is_refused = strncmp(sqlstate, "28", 2) == 0 || strncmp(sqlstate, "3D", 2) == 0;
    int most = is_refused ? RETRY_REFUSED : RETRY_MOST;
    int delay = s->retry_delay ? 2 * s->retry_delay : RETRY_LEAST;
    s->retry_delay = delay < most ? delay : most;
    s->retry_at = db_now() + s->retry_delay;
}

/* worker.need_db: have a connection that is good, unless it is too early to ask again. */
static bool
need_db(struct worker *worker)
{
    struct serving *s = (struct serving *)worker;
    if (worker->db && !db_is_ready(worker->db)) {
        log_warning("the connection to PostgreSQL is lost");
        disconnect(s);
    }
    if (worker->db)
        return true;
    if (db_now() < s->retry_at)
        return false;

    char sqlstate[6] = "";
    worker->db = load_database(&s->options->generation->config, sqlstate);
    if (!worker->db) {
        back_off(s, sqlstate);
        return false;
    }
    if (s->retry_delay)
        log_info("connected to PostgreSQL");
    s->retry_delay = 0;
    return true;
}

/* worker.need_db of mock: nothing is asked of a database. */
static bool
need_no_db(struct worker *worker)
{
    (void)worker;
    return true;
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
    const struct catalog *catalog = catalog_load(s->contract_arena, s->worker.db, &message);
    if (!catalog) {
        log_error("the database's catalog: %.*s", STR_PRINT(message));
        disconnect(s);
        back_off(s, "");
        return true;
    }
    struct errors errors = { .arena = s->contract_arena, .maximum = config->limits.errors };
    if (!load_audit(s->contract_arena, config, s->worker.db))
        return false;
    if (!load_bind(s->contract_arena, s->contract, catalog, &errors)) {
        log_misfits(config->contract, &errors);
        return false;
    }
    become_ready(s);
    return true;
}

/* Connect and, the first time, bind.  False: the contract does not fit. */
static bool
prepare(struct serving *s)
{
    if (s->options->generation->is_mock)
        return s->worker.cache || bind_mock_contract(s);
    return !need_db(&s->worker) || s->worker.cache || bind_contract(s);
}

/* Milliseconds until the database should be asked for again; -1: never. */
static int
wait_time(const struct serving *s)
{
    if (s->worker.db || s->options->generation->is_mock)
        return -1;
    int64_t left = s->retry_at - db_now();
    return left > 0 ? (int)left : 0;
}

/* Tell the master when this should be over; or that there is nothing to do. */
static void
begin_work(struct serving *s)
{
    const struct generation *g = s->options->generation;
    int time = g->config.request_time;
    if (time < g->config.connect_time)
        time = g->config.connect_time;
    atomic_store(&g->board->deadlines[s->options->number], db_now() + time + MARGIN);
}

static void
end_work(struct serving *s)
{
    atomic_store(&s->options->generation->board->deadlines[s->options->number], 0);
}

/* Once its path is gone nobody new can connect, and those in the queue are still
 * to be served. */
static void
drain(struct serving *s, const sigset_t *blocked)
{
    struct stat status;
    const char *path = s->options->listener->path;
    if (!path || stat(path, &status) == 0 || errno != ENOENT)
        return;
    while (fcgi_accept(s->fcgi, 0, blocked)) {
        begin_work(s);
        request_serve(&s->worker, fcgi_source(s->fcgi));
    }
}

/* Wait for PostgreSQL, for as long as there are others to answer. */
static bool
prepare_patiently(struct serving *s, const sigset_t *waiting)
{
    int64_t until = db_now() + s->options->patience;
    for (;;) {
        begin_work(s);
        if (!prepare(s))
            return false;
        end_work(s);
        int64_t left = until - db_now();
        if (s->worker.cache || is_stopping || left <= 0)
            return true;
        int64_t wait = wait_time(s) < left ? wait_time(s) : left;
        const struct timespec time = { wait / 1000, wait % 1000 * 1000000 };
        ppoll(NULL, 0, &time, waiting);
    }
}

/* Serve until told to stop. */
static int
run(struct serving *s)
{
    sigset_t blocked, waiting;
    sigprocmask(SIG_BLOCK, NULL, &blocked);
    waiting = blocked;
    sigdelset(&waiting, SIGTERM);

    if (!prepare_patiently(s, &waiting))
        return EX_CONFIG;
    while (!is_stopping) {
        end_work(s);
        bool has_request = fcgi_accept(s->fcgi, wait_time(s), &waiting);
        begin_work(s);
        /* Between requests, and not in their way: they ask for the database themselves. */
        if ((!has_request || !s->worker.cache) && !prepare(s))
            return EX_CONFIG;
        if (has_request)
            request_serve(&s->worker, fcgi_source(s->fcgi));
    }
    drain(s, &blocked);
    return 0;
}

int
worker_run(const struct worker_options *options)
{
    struct serving s = { .options = options };
    struct arena *own = arena_new("worker");
    s.contract_arena = arena_new("contract");
    s.worker.config = &options->generation->config;
    s.worker.auth = &options->generation->auth;
    s.worker.is_degraded = &options->generation->board->is_degraded;
    s.worker.arena = arena_new("request");
    s.worker.need_db = options->generation->is_mock ? need_no_db : need_db;
    s.fcgi = fcgi_open(own, options->listener->descriptor, options->generation->config.peer_time);
    install_signals();

    int status = EX_OSERR;
    if (s.fcgi) {
        status = build_contract(&s) ? run(&s) : EX_CONFIG;
        fcgi_close(s.fcgi);
    }
    disconnect(&s);
    if (s.worker.cache)
        cache_free(s.worker.cache);
    buf_free(&s.worker.data);
    arena_free(s.worker.arena);
    arena_free(s.contract_arena);
    arena_free(own);
    return status;
}
