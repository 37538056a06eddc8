/*
 * pool.c - the master: it keeps the workers, and does nothing else.
 *
 * Signals come through a descriptor, so that all that can happen is waited for
 * in one poll().
 *
 * SPDX-License-Identifier: MIT
 */
#include "process/pool.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/log.h"
#include "event/clock.h"
#include "event/notify.h"
#include "metrics/metrics_board.h"
#include "process/board.h"
#include "process/crew.h"
#include "process/generation.h"
#include "process/listener.h"
#include "upgrade/handover.h"
#include "upgrade/upgrade.h"
#include "watch/file_watch.h"
#include "watch/notice.h"

/* Milliseconds between two reloads that workers want, since the database has changed; and when it
 * has not changed since the last one, which has failed or not helped. */
enum { CHANGE_PAUSE = 5000, CHANGE_REPEAT = 60000 };

/* Milliseconds until a reload that had no PostgreSQL is tried again, in development; and one while
 * workers of the program before serve, of which those that die are not replaced. */
enum { ABSENCE_PAUSE = 1000, ADOPTED_PAUSE = 5000 };

static const char upgrade_failed[] = "The last upgrade has failed: see the log.";

struct pool {
    const struct generation_source *source;
    const struct listener *listener;
    struct crew *crews; /* the newest first, which alone may be STARTING */
    int signals;        /* descriptor */
    bool has_served;    /* a worker has been ready, once */
    bool wants_reload;
    uint64_t change;   /* the fingerprint of the catalog for which a reload was last wanted; or 0 */
    int64_t change_at; /* when that was */
    int64_t again_at;  /* when to try a reload again, of clock_now(); 0: never */
    struct file_watch *files;
    struct notices *notices;
    struct notify notify;
    struct upgrade upgrade;
    bool wants_upgrade;
    bool has_taken_over; /* from another program, whose workers serve until ours do */
    struct buf heard;    /* what the master has logged as errors since the last reload began */
    bool is_stopping;
    int status;
};

static struct crew *
find_crew(const struct pool *p, enum crew_state state)
{
    for (struct crew *crew = p->crews; crew; crew = crew->next)
        if (crew->state == state)
            return crew;
    return NULL;
}

/* Read a generation and make its crew, which comes first in the list from then on.  False
 * after logging why not; `*status` is then what the program would end with. */
static bool
add_crew(struct pool *p, const struct generation *previous, int *status)
{
    struct generation *g = generation_load(p->source, p->listener, previous, p->files, status);
    if (!g)
        return false;
    g->notices = p->notices;
    struct crew *crew = crew_new(g, p->listener, !previous);
    if (!crew) {
        *status = EX_NOUSER;
        generation_free(g);
        return false;
    }
    crew->next = p->crews;
    p->crews = crew;
    return true;
}

/* log_set_listener(). */
static void
note_error(void *context, struct str message)
{
    struct pool *p = context;

    if (p->heard.len < NOTICE_SIZE)
        buf_printf(&p->heard, "%.*s\n", STR_PRINT(message));
}

/* In development every answer says what the master and the worker have found. */
static void
show_misfit(struct pool *p)
{
    struct arena *a = arena_new("misfit");
    struct str heard = buf_str(&p->heard), found = notice_read(&p->notices->found, a);
    struct str text = str_format(
        a, "The last change was not loaded; the version before it is still served.\n%.*s%.*s",
        STR_PRINT(heard), STR_PRINT(found));

    notice_set(&p->notices->misfit, str_trim(text));
    arena_free(a);
}

static void
fail_reload(struct pool *p)
{
    const struct crew *serving = find_crew(p, CREW_SERVING);
    if (config_is_watching(&serving->generation->config))
        show_misfit(p);
    if (serving->generation->is_adopted)
        p->again_at = clock_now() + ADOPTED_PAUSE;
    log_error("the reload failed; the previous generation still serves");
    notify_ready(&p->notify, "The last reload has failed: see the log.");
    atomic_store(&serving->generation->board->is_degraded, true);
    metrics_note_failure();
}

/* SIGHUP.  Until the newest crew is complete, the next waits for it. */
static void
reload(struct pool *p)
{
    const struct crew *serving = find_crew(p, CREW_SERVING);
    int status;
    if (p->is_stopping || !serving || find_crew(p, CREW_STARTING) || !crew_is_complete(serving))
        return;
    p->wants_reload = false;
    p->again_at = 0;
    buf_truncate(&p->heard, 0);
    notice_set(&p->notices->found, STR_NONE);
    log_info("reloading");
    notify_reloading(&p->notify);
    if (!add_crew(p, serving->generation, &status))
        fail_reload(p);
}

/* A worker of the newest crew wants a reload: so be it, unless there was one just now.  It will
 * ask again. */
static void
heed_change(struct pool *p)
{
    struct crew *crew = p->crews;
    uint64_t wanted = crew->wanted;
    int64_t now = clock_now();
    int pause = wanted == p->change                             ? CHANGE_REPEAT
                : config_is_watching(&crew->generation->config) ? 0
                                                                : CHANGE_PAUSE;
    crew->wanted = 0;
    if (!wanted || crew->state != CREW_SERVING || (p->change && now - p->change_at < pause))
        return;
    log_info("the database has changed since the contract was bound");
    p->change = wanted;
    p->change_at = now;
    p->wants_reload = true;
}

/* The newest crew's first worker is ready. */
static void
take_over(struct pool *p)
{
    const struct config *config = &p->crews->generation->config;
    log_info("%s", p->has_taken_over ? "upgraded: linnet " PACKAGE_VERSION " serves"
                   : p->has_served   ? "reloaded"
                                     : "ready");
    notify_ready(&p->notify, "Requests are answered.");
    p->has_taken_over = false;
    metrics_note_generation(p->has_served);
    notice_set(&p->notices->misfit, STR_NONE);
    p->has_served = true;
    log_set_level((enum log_level)config->log);
}

/* The newest crew serves: those before it may go, once all of its workers are there to take
 * over the connections that they leave.  The first alone would take them all. */
static void
dismiss_others(struct pool *p)
{
    if (p->crews->state != CREW_SERVING || !crew_is_complete(p->crews))
        return;
    for (struct crew *crew = p->crews->next; crew; crew = crew->next)
        if (crew->state == CREW_SERVING)
            crew_dismiss(crew, crew->generation->config.drain_time);
}

/* The newest crew cannot serve. */
static void
give_up(struct pool *p)
{
    bool is_late = p->crews->deadline <= clock_now();
    crew_dismiss(p->crews, 0);
    if (p->has_served) {
        fail_reload(p);
        if (is_late && file_watch_is_on(p->files))
            p->again_at = clock_now() + ABSENCE_PAUSE;
        return;
    }
    p->is_stopping = true;
    p->status = EX_CONFIG;
}

/* The newest crew had `before` as its state, and something has happened since. */
static void
follow_newest(struct pool *p, enum crew_state before)
{
    if (before != CREW_STARTING)
        return;
    if (p->crews->state == CREW_SERVING)
        take_over(p);
    else if (p->crews->state == CREW_FAILED)
        give_up(p);
}

static void
bury_all(struct pool *p)
{
    int result;
    pid_t pid;
    while ((pid = waitpid(-1, &result, WNOHANG)) > 0) {
        if (upgrade_bury(&p->upgrade, pid, result)) {
            if (!p->upgrade.is_good)
                notify_ready(&p->notify, upgrade_failed);
            continue;
        }
        for (struct crew *crew = p->crews; crew; crew = crew->next)
            if (crew_bury(crew, pid, result))
                break;
    }
}

/* Forget the crews that have gone. */
static void
free_empty(struct pool *p)
{
    for (struct crew **link = &p->crews; *link;) {
        struct crew *crew = *link;
        if (crew->state != CREW_LEAVING || !crew_is_empty(crew)) {
            link = &crew->next;
            continue;
        }
        *link = crew->next;
        crew_free(crew);
        generation_free(crew->generation); /* and with it the crew */
    }
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
        p->wants_reload = true;
        break;
    case SIGUSR2:
        p->wants_upgrade = true;
        break;
    default:
        p->is_stopping = true;
    }
}

/* Wait for signals and for the newest crew's word, at most `timeout` milliseconds. */
static void
wait_for_news(struct pool *p, int timeout)
{
    struct pollfd news[] = { { .fd = p->signals, .events = POLLIN },
                             { .fd = p->crews ? p->crews->words : -1, .events = POLLIN },
                             { .fd = file_watch_descriptor(p->files), .events = POLLIN },
                             { .fd = p->upgrade.words, .events = POLLIN } };
    timeout = clock_shorter(timeout, file_watch_wait(p->files));
    timeout = clock_shorter(timeout, upgrade_wait(&p->upgrade));
    if (p->again_at)
        timeout = clock_shorter(timeout, ABSENCE_PAUSE);
    if (poll(news, ARRAY_LENGTH(news), timeout) <= 0)
        return;
    if (news[2].revents)
        file_watch_take(p->files);
    if (news[1].revents)
        crew_hear(p->crews);
    if (news[0].revents)
        take_signal(p);
}

/* In development: are there other files than those that serve, or should be? */
static void
heed_files(struct pool *p)
{
    if (file_watch_has_changed(p->files)) {
        log_info("the files have changed");
        p->wants_reload = true;
    }
    if (p->again_at && p->again_at <= clock_now())
        p->wants_reload = true;
}

/* --- another program --- */

/* Tell it what it must know of this one, and let it take our place. */
static void
hand_over(struct pool *p)
{
    struct arena *a = arena_new("handover");
    struct handover handover = { .metrics = metrics_descriptor() };

    listener_hand_over(p->listener, &handover);
    crew_hand_over(p->crews, a, &handover);
    log_info("handing over to %s", p->upgrade.path);
    upgrade_execute(&p->upgrade, &handover, p->crews->generation->config.log_file,
                    p->source->arguments, p->source->environment);
    notify_ready(&p->notify, upgrade_failed);
    arena_free(a);
}

/* SIGUSR2, or a program has been tried.  Only a crew that is complete is handed over. */
static void
go_on_with_upgrade(struct pool *p)
{
    const struct crew *serving = find_crew(p, CREW_SERVING);

    upgrade_tend(&p->upgrade);
    if (p->wants_upgrade && !p->upgrade.check) {
        p->wants_upgrade = false;
        log_info("checking %s, which is to take over",
                 p->upgrade.path ? p->upgrade.path : "a program");
        notify_reloading(&p->notify);
        if (!upgrade_begin(&p->upgrade, p->source->check, p->source->environment))
            notify_ready(&p->notify, upgrade_failed);
    }
    if (p->upgrade.is_good && serving == p->crews && crew_is_complete(serving))
        hand_over(p);
}

/* Take the crews of the program before, and make the one that is to follow them.  False after
 * logging why not. */
static bool
take_over_crews(struct pool *p, const struct handover *before)
{
    for (int i = before->crew_count - 1; i >= 0; i--) {
        struct generation *g = generation_adopt(p->source, &before->crews[i]);
        if (!g)
            return false;
        g->notices = p->notices;
        struct crew *crew = crew_adopt(g, p->listener, &before->crews[i]);
        crew->next = p->crews;
        p->crews = crew;
    }
    p->has_served = p->has_taken_over = true;
    return find_crew(p, CREW_SERVING) != NULL;
}

/* --- the service manager --- */

/* Tell it that workers answer; after a while also when the first ones wait for PostgreSQL, since
 * they refuse requests meanwhile with what clients understand. */
static void
tell_service_manager(struct pool *p)
{
    const struct crew *serving = find_crew(p, CREW_SERVING);
    const struct crew *crew = serving ? serving : p->crews;

    if (!crew || !crew_answers(crew))
        return;
    notify_watchdog(&p->notify);
    if (!p->has_served && crew->deadline <= clock_now())
        notify_ready(&p->notify, "PostgreSQL does not answer; requests are refused until it does.");
}

/* --- all of it --- */

/* Do what is due, then wait for what comes. */
static void
turn(struct pool *p)
{
    enum crew_state before = p->crews->state;
    int wait = -1;
    for (struct crew *crew = p->crews; crew; crew = crew->next) {
        wait = clock_shorter(wait, crew_tend(crew));
    }
    if (p->notify.watchdog_time)
        wait = clock_shorter(wait, p->notify.watchdog_time);
    if (p->crews->state == before)
        wait_for_news(p, wait);
    follow_newest(p, before);
    dismiss_others(p);
    free_empty(p);
    if (p->crews)
        heed_change(p);
    heed_files(p);
    if (p->wants_reload)
        reload(p);
    if (!p->is_stopping && p->crews)
        go_on_with_upgrade(p);
    tell_service_manager(p);
}

/* Let the workers finish what they are at and what is queued; then no longer. */
static void
stop_workers(struct pool *p)
{
    notify_stopping(&p->notify);
    listener_unlink(p->listener);
    upgrade_cancel(&p->upgrade);
    for (struct crew *crew = p->crews; crew; crew = crew->next)
        atomic_store(&crew->generation->board->is_last, true);
    for (struct crew *crew = p->crews; crew; crew = crew->next)
        if (crew->state != CREW_LEAVING)
            crew_dismiss(crew, crew->generation->config.drain_time);
    free_empty(p);
    while (p->crews)
        turn(p);
}

/* Block the signals that the master waits for, for the workers too, and make the
 * descriptor.  False after logging why not. */
static bool
open_signals(struct pool *p)
{
    sigset_t set;
    signal(SIGPIPE, SIG_IGN); /* of a log that nobody reads any more */
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    sigaddset(&set, SIGUSR2);
    sigprocmask(SIG_BLOCK, &set, NULL);
    p->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (p->signals < 0)
        log_error("cannot wait for signals: %s", strerror(errno));
    return p->signals >= 0;
}

/* The crew that is there first: of this program, or of the one before. */
static bool
begin(struct pool *p, const struct handover *before)
{
    if (!before)
        return add_crew(p, NULL, &p->status);
    if (!take_over_crews(p, before)) {
        p->status = EX_SOFTWARE;
        return false;
    }
    reload(p);
    return true;
}

int
pool_run(const struct generation_source *source, const struct listener *listener,
         const struct handover *before)
{
    struct pool p = { .source = source, .listener = listener, .notices = notices_new() };

    if (!p.notices || !metrics_open(before ? before->metrics : 0)) {
        log_error("cannot share memory with workers: %s", strerror(errno));
        return EX_OSERR;
    }
    struct arena *a = arena_new("pool");
    notify_open(&p.notify);
    upgrade_prepare(&p.upgrade, a, source->arguments[0]);
    p.files = file_watch_new(p.notices);
    log_set_listener(note_error, &p);
    if (!open_signals(&p)) {
        p.status = EX_OSERR;
    } else {
        if (begin(&p, before)) {
            while (!p.is_stopping)
                turn(&p);
            stop_workers(&p);
        }
        close(p.signals);
    }
    log_set_listener(NULL, NULL);
    file_watch_free(p.files);
    notices_free(p.notices);
    buf_free(&p.heard);
    upgrade_free(&p.upgrade);
    arena_free(a);
    listener_unlink(listener);
    return p.status;
}
