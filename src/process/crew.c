/*
 * crew.c - the workers of one generation.
 *
 * SPDX-License-Identifier: MIT
 */
#include "process/crew.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/arena.h"
#include "event/clock.h"
#include "base/log.h"
#include "event/turns.h"
#include "database/complaint.h"
#include "upgrade/handover.h"
#include "metrics/metrics_board.h"
#include "process/board.h"
#include "process/generation.h"
#include "process/worker.h"

/* A worker that dies within LIFE milliseconds died at once: it is replaced after a
 * pause, twice as long each time. */
enum { LIFE = 5000, PAUSE_LEAST = 100, PAUSE_MOST = 5000 };

/* How often to look who hangs, and how long a crew that is to take another's place may
 * take to become ready; milliseconds. */
enum { WATCH = 1000, START_TIME = 10000 };

/* How long a worker may wait for PostgreSQL before it takes requests that it can but refuse:
 * beside others that serve, without end; after them, so that a moment's refusal, such as of
 * one connection too many, is not the client's. */
enum { PATIENCE_STARTING = START_TIME, PATIENCE = 1000 };

struct worker_slot {
    pid_t pid; /* 0: no worker */
    int64_t started, start_at;
    int pause;      /* before the last start; 0: none */
    bool is_killed; /* as it did not respond */
    int64_t missed; /* the deadline that was found passed at the last look; 0: none */
};

static void
log_worker(enum log_level level, const char *event, pid_t pid, const char *name, int64_t number)
{
    const struct log_member members[] = {
        { .name = "worker", .kind = LOG_NUMBER, .number = pid },
        { .name = name, .kind = LOG_NUMBER, .number = number },
    };
    log_event(level, event, members, name ? 2 : 1);
}

struct crew *
crew_new(struct generation *generation, const struct listener *listener, bool is_first)
{
    struct arena *a = generation->arena;
    struct crew *crew = ARENA_NEW(a, struct crew);
    const char *user = generation->config.user;
    int ends[2];

    if (geteuid() == 0 && *user && !getpwnam(user)) {
        log_error("unknown user \"%s\" (user)", user);
        return NULL;
    }
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) {
        log_error("cannot make a pipe for workers: %s", strerror(errno));
        return NULL;
    }
    *crew = (struct crew){ .generation = generation,
                           .listener = listener,
                           .is_first = is_first,
                           .words = ends[0],
                           .words_end = ends[1],
                           .deadline = clock_now() + START_TIME };
    crew->slots = ARENA_ARRAY(a, struct worker_slot, (size_t)generation->worker_count);
    return crew;
}

struct crew *
crew_adopt(struct generation *generation, const struct listener *listener,
           const struct handover_crew *from)
{
    struct crew *crew = ARENA_NEW(generation->arena, struct crew);

    *crew = (struct crew){ .state = from->is_leaving ? CREW_LEAVING : CREW_SERVING,
                           .generation = generation,
                           .listener = listener,
                           .words = from->words,
                           .words_end = -1,
                           .ready_count = generation->worker_count,
                           .deadline = from->deadline };
    crew->slots =
        ARENA_ARRAY(generation->arena, struct worker_slot, (size_t)generation->worker_count);
    for (int i = 0; i < from->worker_count; i++)
        crew->slots[from->workers[i].number].pid = from->workers[i].pid;
    return crew;
}

static void
hand_over(const struct crew *crew, struct arena *a, struct handover_crew *to)
{
    const struct generation *g = crew->generation;

    assert(crew->state == CREW_SERVING || crew->state == CREW_LEAVING);
    *to = (struct handover_crew){ .is_leaving = crew->state == CREW_LEAVING,
                                  .deadline = crew->deadline,
                                  .drain_time = g->config.drain_time,
                                  .words = crew->words,
                                  .board = g->board->descriptor,
                                  .layout = str_from(board_layout),
                                  .places = g->worker_count,
                                  .ring = g->auth.ring };
    to->workers = ARENA_ARRAY(a, struct handover_worker, (size_t)g->worker_count);
    for (int i = 0; i < g->worker_count; i++)
        if (crew->slots[i].pid)
            to->workers[to->worker_count++] =
                (struct handover_worker){ .number = i, .pid = crew->slots[i].pid };
}

void
crew_hand_over(const struct crew *first, struct arena *a, struct handover *to)
{
    int count = 0;

    for (const struct crew *crew = first; crew; crew = crew->next)
        count++;
    to->crews = ARENA_ARRAY(a, struct handover_crew, (size_t)count);
    for (const struct crew *crew = first; crew; crew = crew->next)
        hand_over(crew, a, &to->crews[to->crew_count++]);
}

void
crew_free(struct crew *crew)
{
    assert(crew_is_empty(crew));
    close(crew->words);
    if (crew->words_end >= 0)
        close(crew->words_end);
}

/* In the new process: give up root, and end when the master does. */
static bool
become_worker(const char *name, pid_t master)
{
    const struct passwd *user = geteuid() == 0 && *name ? getpwnam(name) : NULL;
    if (user && (initgroups(user->pw_name, user->pw_gid) != 0 || setgid(user->pw_gid) != 0 ||
                 setuid(user->pw_uid) != 0)) {
        log_error("cannot become the user %s: %s", user->pw_name, strerror(errno));
        return false;
    }
    /* libpq looks there for certificates, and fails where it may not look. */
    if (user)
        setenv("HOME", user->pw_dir, 1);
    /* After setuid(), which would clear it; the master may have died just before. */
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    return getppid() == master;
}

static int
run_worker(const struct crew *crew, int number, pid_t master)
{
    const struct worker_options options = {
        .generation = crew->generation,
        .listener = crew->listener,
        .number = number,
        .is_first = crew->state != CREW_SERVING,
        .patience = crew->state == CREW_SERVING ? PATIENCE
                    : crew->is_first            ? 0
                                                : PATIENCE_STARTING,
        .words = crew->words_end,
    };
    close(crew->words);
    complaint_share(&crew->generation->board->complaint);
    return become_worker(crew->generation->config.user, master) ? worker_run(&options) : EX_NOPERM;
}

static void
start_worker(struct crew *crew, struct worker_slot *slot)
{
    int number = (int)(slot - crew->slots);
    pid_t master = getpid();

    atomic_store(&crew->generation->board->workers[number].deadline, 0);
    atomic_store(&crew->generation->board->workers[number].at_hand, 0);
    turns_reset(crew->generation->turns, number);
    int metrics = metrics_take_slot();
    pid_t pid = fork();
    if (pid == 0) {
        metrics_join(metrics);
        exit(run_worker(crew, number, master));
    }
    slot->started = clock_now();
    if (pid < 0) {
        log_error("cannot start a worker: %s", strerror(errno));
        metrics_free_slot(metrics);
        slot->start_at = slot->started + PAUSE_MOST;
        return;
    }
    metrics_fill_slot(metrics, pid);
    slot->pid = pid;
    log_worker(LOG_INFO, "worker started", pid, NULL, 0);
}

/* Workers that may run now: one until the contract is known to fit. */
static int
wanted_workers(const struct crew *crew)
{
    switch (crew->state) {
    case CREW_STARTING:
        return 1;
    case CREW_SERVING:
        return crew->generation->is_adopted ? 0 : crew->generation->worker_count;
    case CREW_FAILED:
    case CREW_LEAVING:
        break;
    }
    return 0;
}

static int
start_workers(struct crew *crew)
{
    int wait = -1;
    for (int i = 0; i < wanted_workers(crew); i++) {
        struct worker_slot *slot = &crew->slots[i];
        if (!slot->pid && slot->start_at <= clock_now())
            start_worker(crew, slot);
        int64_t left = slot->start_at - clock_now();
        if (!slot->pid)
            wait = clock_shorter(wait, left > 0 ? left : 0);
    }
    return wait;
}

static void
kill_all(const struct crew *crew, int signal)
{
    for (int i = 0; i < crew->generation->worker_count; i++)
        if (crew->slots[i].pid)
            kill(crew->slots[i].pid, signal);
}

/* Kill those that have not been heard of for too long: in an endless loop, stopped, or in
 * a call that never returns.  At the second look only: when the whole machine has stood still, they
 * have not had their turn yet. */
static void
kill_hung(struct crew *crew)
{
    for (int i = 0; i < crew->generation->worker_count; i++) {
        struct worker_slot *slot = &crew->slots[i];
        int64_t until = atomic_load(&crew->generation->board->workers[i].deadline);
        bool is_late = slot->pid && until && until <= clock_now();
        if (is_late && slot->missed == until) {
            log_worker(LOG_ERROR, "worker does not respond", slot->pid, "late",
                       clock_now() - until);
            kill(slot->pid, SIGKILL);
            slot->is_killed = true;
            atomic_store(&crew->generation->board->workers[i].deadline, 0);
        }
        slot->missed = is_late ? until : 0;
    }
}

/* A new generation that does not become ready would never be given up. */
static int
watch_start(struct crew *crew)
{
    if (crew->state != CREW_STARTING || crew->is_first)
        return -1;
    if (crew->deadline > clock_now())
        return (int)(crew->deadline - clock_now());
    log_error("no worker became ready in time");
    crew->state = CREW_FAILED;
    return 0;
}

static int
watch_leaving(struct crew *crew)
{
    if (crew->state != CREW_LEAVING || crew_is_empty(crew))
        return -1;
    if (crew->deadline > clock_now())
        return (int)(crew->deadline - clock_now());
    log_warning("workers did not finish in time");
    kill_all(crew, SIGKILL);
    return WATCH; /* they are dead, and will be removed */
}

int
crew_tend(struct crew *crew)
{
    int wait = start_workers(crew), other;

    kill_hung(crew);
    if ((other = watch_start(crew)) >= 0 || (other = watch_leaving(crew)) >= 0)
        wait = clock_shorter(wait, other);
    return crew_is_empty(crew) ? wait : clock_shorter(wait, WATCH);
}

void
crew_hear(struct crew *crew)
{
    uint64_t words[64];
    ssize_t length = read(crew->words, words, sizeof(words));
    int before = crew->ready_count;
    for (ssize_t i = 0; i < length / (ssize_t)sizeof(words[0]); i++) {
        if (words[i] == WORKER_READY)
            crew->ready_count++;
        else
            crew->wanted = words[i];
    }
    if (crew->ready_count > before && crew->state == CREW_STARTING)
        crew->state = CREW_SERVING;
}

/* Did it die of a fault of ours, and of what it was asked?  (SIGKILL is somebody else's.) */
static bool
is_fault(int signal)
{
    static const int faults[] = { SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGFPE, SIGSYS };

    for (size_t i = 0; i < ARRAY_LENGTH(faults); i++)
        if (signal == faults[i])
            return true;
    return false;
}

static void
suspect(struct crew *crew, const struct worker_slot *slot)
{
    struct board *board = crew->generation->board;
    uint64_t hash = atomic_load(&board->workers[slot - crew->slots].at_hand);

    if (!hash)
        return;
    log_error("it died while it worked on the document %016llx", (unsigned long long)hash);
    if (poison_note(&board->poison, hash, clock_now()))
        log_error("the document %016llx is refused for %d seconds: %d workers have died of it",
                  (unsigned long long)hash, POISON_TIME / 1000, POISON_DEATHS);
}

static void
bury(struct crew *crew, struct worker_slot *slot, int result)
{
    assert(slot->pid); /* who died was started here */
    pid_t pid = slot->pid;
    int64_t life = clock_now() - slot->started;

    slot->pid = 0;
    metrics_bury(pid);
    if (crew->state == CREW_LEAVING)
        return;
    metrics_add_master(slot->is_killed       ? METRICS_RESTART_HUNG
                       : WIFSIGNALED(result) ? METRICS_RESTART_SIGNAL
                                             : METRICS_RESTART_STATUS);
    slot->is_killed = false;
    if (WIFSIGNALED(result))
        log_worker(LOG_ERROR, "worker died", pid, "signal", WTERMSIG(result));
    if (WIFSIGNALED(result) && is_fault(WTERMSIG(result)))
        suspect(crew, slot);
    if (!WIFSIGNALED(result))
        log_worker(LOG_ERROR, "worker ended", pid, "status", WEXITSTATUS(result));
    if (crew->state == CREW_STARTING && WIFEXITED(result) && WEXITSTATUS(result) == EX_CONFIG)
        crew->state = CREW_FAILED;
    if (crew->state == CREW_SERVING && WIFEXITED(result) && WEXITSTATUS(result) == EX_CONFIG)
        crew->is_outdated = true;

    int longer = slot->pause ? 2 * slot->pause : PAUSE_LEAST;
    slot->pause = life >= LIFE ? 0 : longer < PAUSE_MOST ? longer : PAUSE_MOST;
    slot->start_at = clock_now() + slot->pause;
}

bool
crew_bury(struct crew *crew, pid_t pid, int result)
{
    crew_hear(crew); /* what the dead has said before */
    for (int i = 0; i < crew->generation->worker_count; i++)
        if (crew->slots[i].pid == pid) {
            bury(crew, &crew->slots[i], result);
            return true;
        }
    return false;
}

void
crew_dismiss(struct crew *crew, int time)
{
    crew->state = CREW_LEAVING;
    crew->deadline = clock_now() + time;
    kill_all(crew, SIGTERM);
}

bool
crew_answers(const struct crew *crew)
{
    for (int i = 0; i < crew->generation->worker_count; i++) {
        int64_t until = atomic_load(&crew->generation->board->workers[i].deadline);
        if (crew->slots[i].pid && (!until || until > clock_now()))
            return true;
    }
    return false;
}

bool
crew_is_empty(const struct crew *crew)
{
    for (int i = 0; i < crew->generation->worker_count; i++)
        if (crew->slots[i].pid)
            return false;
    return true;
}

bool
crew_is_complete(const struct crew *crew)
{
    return crew->ready_count >= crew->generation->worker_count || crew->is_outdated ||
           crew->deadline <= clock_now();
}
