/*
 * pool.c - the master: it keeps the workers, and does nothing else.
 *
 * Signals come through a descriptor, so that all that can happen is waited for
 * in one poll().
 *
 * SPDX-License-Identifier: MIT
 */
#include "cgi-bin/pool.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <string.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "cgi-bin/listener.h"
#include "cgi-bin/worker.h"
#include "server/config.h"

/* A worker that dies within LIFE milliseconds died at once: it is replaced after a
 * pause, twice as long each time. */
enum { LIFE = 5000, PAUSE_LEAST = 100, PAUSE_MOST = 5000 };

/* Workers for each core: while one waits for PostgreSQL, others work. */
enum { WORKERS_PER_CORE = 4, WORKERS_LEAST = 4 };

struct slot {
    pid_t pid; /* 0: no worker */
    int64_t started, start_at;
    int pause; /* before the last start; 0: none */
};

struct pool {
    const struct config *config;
    const struct listener *listener;
    struct worker_options worker;
    const struct passwd *user; /* that workers become, or NULL */
    pid_t master;
    struct slot *slots;
    int count;
    int signals; /* descriptors */
    int ready;
    bool is_ready; /* a worker has been, once */
    bool is_stopping;
    int status;
};

static int64_t
now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void
log_worker(enum log_level level, const char *event, pid_t pid, const char *name, int64_t number)
{
    const struct log_member members[] = {
        { .name = "worker", .kind = LOG_NUMBER, .number = pid },
        { .name = name, .kind = LOG_NUMBER, .number = number },
    };
    log_event(level, event, members, name ? 2 : 1);
}

/* In the new process: give up root, and end when the master does. */
static bool
become_worker(const struct pool *p)
{
    const struct passwd *user = p->user;
    if (user && (initgroups(user->pw_name, user->pw_gid) != 0 || setgid(user->pw_gid) != 0 ||
                 setuid(user->pw_uid) != 0)) {
        log_error("cannot become the user %s: %s", user->pw_name, strerror(errno));
        return false;
    }
    /* Behind setuid(), which would clear it; the master may have died just before. */
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    return getppid() == p->master;
}

static void
start_worker(struct pool *p, struct slot *slot)
{
    pid_t pid = fork();
    if (pid == 0) {
        close(p->signals);
        close(p->ready);
        exit(become_worker(p) ? worker_run(&p->worker) : EX_NOPERM);
    }
    slot->started = now();
    if (pid < 0) {
        log_error("cannot start a worker: %s", strerror(errno));
        slot->start_at = slot->started + PAUSE_MOST;
        return;
    }
    slot->pid = pid;
    log_worker(LOG_INFO, "worker started", pid, NULL, 0);
}

/* Workers that may run now: one until the contract is known to fit. */
static int
wanted_workers(const struct pool *p)
{
    return p->is_ready ? p->count : 1;
}

/* Start the workers that are missing; milliseconds until the next is due, or -1. */
static int
start_workers(struct pool *p)
{
    int wait = -1;
    for (int i = 0; i < wanted_workers(p); i++) {
        struct slot *slot = &p->slots[i];
        if (!slot->pid && slot->start_at <= now())
            start_worker(p, slot);
        if (slot->pid)
            continue;
        int64_t left = slot->start_at - now();
        if (wait < 0 || left < wait)
            wait = left > 0 ? (int)left : 0;
    }
    return wait;
}

static void
take_ready(struct pool *p)
{
    char bytes[64];
    if (read(p->ready, bytes, sizeof(bytes)) <= 0 || p->is_ready)
        return;
    p->is_ready = true;
    log_info("ready");
}

static void
bury(struct pool *p, struct slot *slot, int result)
{
    pid_t pid = slot->pid;
    int64_t life = now() - slot->started;
    slot->pid = 0;
    if (p->is_stopping)
        return;
    if (WIFSIGNALED(result))
        log_worker(LOG_ERROR, "worker died", pid, "signal", WTERMSIG(result));
    else
        log_worker(LOG_ERROR, "worker ended", pid, "status", WEXITSTATUS(result));

    if (WIFEXITED(result) && WEXITSTATUS(result) == EX_CONFIG && !p->is_ready) {
        p->is_stopping = true;
        p->status = EX_CONFIG;
        return;
    }
    int longer = slot->pause ? 2 * slot->pause : PAUSE_LEAST;
    slot->pause = life >= LIFE ? 0 : longer < PAUSE_MOST ? longer : PAUSE_MOST;
    slot->start_at = now() + slot->pause;
}

static void
bury_all(struct pool *p)
{
    int result;
    pid_t pid;
    take_ready(p); /* what the dead have said before */
    while ((pid = waitpid(-1, &result, WNOHANG)) > 0)
        for (int i = 0; i < p->count; i++)
            if (p->slots[i].pid == pid)
                bury(p, &p->slots[i], result);
}

static void
take_signal(struct pool *p)
{
    struct signalfd_siginfo info;
    if (read(p->signals, &info, sizeof(info)) != (ssize_t)sizeof(info))
        return;
    switch (info.ssi_signo) {
    case SIGCHLD:
        bury_all(p);
        break;
    case SIGHUP:
        log_warning("SIGHUP changes nothing: restart to load another contract");
        break;
    default:
        p->is_stopping = true;
    }
}

/* Wait for signals and for a worker's word, at most `timeout` milliseconds. */
static void
wait_for_news(struct pool *p, int timeout)
{
    struct pollfd news[] = { { .fd = p->signals, .events = POLLIN },
                             { .fd = p->ready, .events = POLLIN } };
    if (poll(news, 2, timeout) <= 0)
        return;
    if (news[1].revents)
        take_ready(p);
    if (news[0].revents)
        take_signal(p);
}

static void
kill_all(const struct pool *p, int signal)
{
    for (int i = 0; i < p->count; i++)
        if (p->slots[i].pid)
            kill(p->slots[i].pid, signal);
}

static bool
has_workers(const struct pool *p)
{
    for (int i = 0; i < p->count; i++)
        if (p->slots[i].pid)
            return true;
    return false;
}

/* Let the workers finish what they are at and what is queued; then no longer. */
static void
stop_workers(struct pool *p)
{
    int64_t deadline = now() + p->config->drain_time;
    listener_unlink(p->listener);
    kill_all(p, SIGTERM);
    while (has_workers(p) && now() < deadline)
        wait_for_news(p, (int)(deadline - now()));
    if (!has_workers(p))
        return;
    log_warning("workers did not finish in time");
    kill_all(p, SIGKILL);
    while (waitpid(-1, NULL, 0) > 0)
        continue;
}

static int
worker_count(const struct config *config, const struct listener *listener)
{
    if (config->workers)
        return config->workers;
    if (!listener->path && listener->descriptor == 0)
        return 1;
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    int count = cores > 0 ? (int)cores * WORKERS_PER_CORE : WORKERS_LEAST;
    return count > WORKERS_LEAST ? count : WORKERS_LEAST;
}

/* Block the signals that the master waits for, for the workers too, and make the
 * descriptors.  False after logging why not. */
static bool
open_descriptors(struct pool *p)
{
    sigset_t set;
    int ends[2];
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    sigprocmask(SIG_BLOCK, &set, NULL);
    p->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (p->signals < 0 || pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) {
        log_error("cannot wait for signals: %s", strerror(errno));
        return false;
    }
    p->ready = ends[0];
    p->worker.ready = ends[1];
    return true;
}

/* The user that workers become.  False after logging that there is none. */
static bool
find_user(struct pool *p)
{
    if (geteuid() != 0 || !*p->config->user)
        return true;
    p->user = getpwnam(p->config->user);
    if (!p->user)
        log_error("there is no user \"%s\" (user)", p->config->user);
    return p->user != NULL;
}

int
pool_run(const struct config *config, struct str contract, const struct listener *listener)
{
    struct arena *a = arena_new("pool");
    struct pool p = { .config = config, .listener = listener, .master = getpid() };
    p.worker = (struct worker_options){ config, contract, listener, -1 };
    p.count = worker_count(config, listener);
    p.slots = ARENA_ARRAY(a, struct slot, (size_t)p.count);

    if (!find_user(&p)) {
        p.status = EX_NOUSER;
    } else if (!open_descriptors(&p)) {
        p.status = EX_OSERR;
    } else {
        while (!p.is_stopping)
            wait_for_news(&p, start_workers(&p));
        stop_workers(&p);
        close(p.signals);
        close(p.ready);
        close(p.worker.ready);
    }
    listener_unlink(listener);
    arena_free(a);
    return p.status;
}
