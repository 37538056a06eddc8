/*
 * resolver_thread.c - the thread in which a worker calls slow C functions.
 *
 * Jobs go to the thread in one list and come back in another, both under one lock; a
 * descriptor tells the loop that some are back.
 *
 * SPDX-License-Identifier: MIT
 */
#include "execution/resolver_thread.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stddef.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/arena.h"
#include "event/clock.h"
#include "base/log.h"
#include "event/loop.h"
#include "event/peer.h"
#include "database/db.h"
#include "execution/execute.h"
#include "metrics/metrics.h"

enum {
    QUEUE_MOST = 16,   /* more could not be called in time */
    BRIEF_MOST = 128,  /* likewise, of brief ones: a statement and its COMMIT each */
    RETRY_DELAY = 200, /* milliseconds after an attempt to connect that has failed */
    STACK_SIZE = 512 * 1024
};

struct job_list {
    struct resolver_job *first, **last;
    int count;
};

struct resolver_thread {
    struct loop_watch watch; /* the first member: of `descriptor` */
    struct loop *loop;
    const struct db_settings *settings;
    struct db_settings to_write; /* the same, to a server that can be written to */
    int descriptor;              /* readable when jobs have come back */
    pthread_t thread;
    bool is_started;

    pthread_mutex_t lock; /* of all that follows */
    pthread_cond_t news;  /* for the thread */
    struct job_list waiting, done;
    uint64_t last_client; /* of the job that was taken last */
    bool is_stopping;

    /* The thread's own. */
    struct db *db;
    int64_t retry_at;
};

static void
job_list_add(struct job_list *list, struct resolver_job *job)
{
    job->next = NULL;
    *list->last = job;
    list->last = &job->next;
    list->count++;
}

/* Take out the job that `link` points to; NULL when that is the end of the list. */
static struct resolver_job *
job_list_take(struct job_list *list, struct resolver_job **link)
{
    struct resolver_job *job = *link;

    if (!job)
        return NULL;
    *link = job->next;
    if (!*link)
        list->last = link;
    list->count--;
    return job;
}

/* --- in the thread --- */

static struct db *
connect(const struct db_settings *settings)
{
    struct db *db = db_open(settings, NULL);

    metrics_add(db ? METRICS_CONNECT_OK : METRICS_CONNECT_FAILED, 1);
    return db;
}

/* C functions write: look for a server that can be written to.  Until there is one, the standby is
 * kept, which says that there is PostgreSQL. */
static void
replace_standby(struct resolver_thread *t)
{
    struct db *db = connect(&t->to_write);

    if (!db)
        return;
    db_close(t->db);
    t->db = db;
}

/* Connect, if need be; false when it fails, or when it failed a moment ago.  A connection that
 * was lost is replaced at once. */
static bool
have_db(struct resolver_thread *t)
{
    if (t->db && db_is_ready(t->db) && !db_is_standby(t->db))
        return true;
    if (t->db && !db_is_ready(t->db)) {
        db_close(t->db);
        t->db = NULL;
    }
    if (clock_now() < t->retry_at)
        return false;
    if (!t->db)
        t->db = connect(t->settings);
    if (t->db && db_is_standby(t->db))
        replace_standby(t);
    if (!t->db || db_is_standby(t->db))
        t->retry_at = clock_now() + RETRY_DELAY;
    return t->db && !db_is_standby(t->db);
}

static enum resolver_outcome
do_job(struct resolver_thread *t, struct resolver_job *job)
{
    if (peer_has_gone(job->descriptor))
        return RESOLVER_GONE;
    if (clock_now() > job->deadline)
        return RESOLVER_BUSY;
    if (!have_db(t))
        return t->db ? RESOLVER_READ_ONLY : RESOLVER_NO_DATABASE;
    execute_resolve(job->run, t->db, job->descriptor);
    return RESOLVER_CALLED;
}

/* The job whose turn it is: the first of another client than the last job's, or else the first. */
static struct resolver_job **
find_turn(struct resolver_thread *t)
{
    struct resolver_job **link = &t->waiting.first;

    while (*link && (*link)->client == t->last_client)
        link = &(*link)->next;
    return *link ? link : &t->waiting.first;
}

/* Wait for a job; NULL: the thread is to end.  Called with the lock. */
static struct resolver_job *
next_job(struct resolver_thread *t)
{
    while (!t->waiting.first && !t->is_stopping)
        pthread_cond_wait(&t->news, &t->lock);
    struct resolver_job *job = job_list_take(&t->waiting, find_turn(t));
    if (job)
        t->last_client = job->client;
    return job;
}

static void *
run_thread(void *data)
{
    struct resolver_thread *t = data;
    struct resolver_job *job;

    metrics_join_thread();
    pthread_mutex_lock(&t->lock);
    while ((job = next_job(t))) {
        pthread_mutex_unlock(&t->lock);
        job->outcome = do_job(t, job);
        pthread_mutex_lock(&t->lock);
        job_list_add(&t->done, job);
        eventfd_write(t->descriptor, 1);
    }
    pthread_mutex_unlock(&t->lock);
    db_close(t->db);
    return NULL;
}

/* --- in the loop --- */

static void
thread_ready(struct loop_watch *watch, uint32_t events)
{
    struct resolver_thread *t = (struct resolver_thread *)watch;
    eventfd_t count;
    struct resolver_job *job;

    (void)events;
    eventfd_read(t->descriptor, &count);
    for (;;) {
        pthread_mutex_lock(&t->lock);
        job = job_list_take(&t->done, &t->done.first);
        pthread_mutex_unlock(&t->lock);
        if (!job)
            break;
        job->done(job);
    }
}

struct resolver_thread *
resolver_thread_new(struct arena *a, struct loop *loop, const struct db_settings *settings)
{
    struct resolver_thread *t = ARENA_NEW(a, struct resolver_thread);

    t->watch.ready = thread_ready;
    t->loop = loop;
    t->settings = settings;
    t->to_write = db_settings_to_write(settings);
    t->waiting.last = &t->waiting.first;
    t->done.last = &t->done.first;
    pthread_mutex_init(&t->lock, NULL);
    pthread_cond_init(&t->news, NULL);
    t->descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (t->descriptor >= 0 && loop_watch(loop, &t->watch, t->descriptor, EPOLLIN))
        return t;
    if (t->descriptor >= 0)
        close(t->descriptor);
    return NULL;
}

void
resolver_thread_free(struct resolver_thread *t)
{
    if (!t)
        return;
    if (t->is_started) {
        pthread_mutex_lock(&t->lock);
        assert(!t->waiting.first); /* or a request would wait for ever */
        t->is_stopping = true;
        pthread_cond_signal(&t->news);
        pthread_mutex_unlock(&t->lock);
        pthread_join(t->thread, NULL);
    }
    loop_unwatch(t->loop, &t->watch);
    close(t->descriptor);
    pthread_cond_destroy(&t->news);
    pthread_mutex_destroy(&t->lock);
}

/* The worker has blocked all signals before, so that the thread gets none. */
static bool
start_thread(struct resolver_thread *t)
{
    pthread_attr_t attributes;

    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_SIZE);
    int problem = pthread_create(&t->thread, &attributes, run_thread, t);
    pthread_attr_destroy(&attributes);
    if (problem)
        log_error("cannot start a thread: %s", strerror(problem));
    t->is_started = problem == 0;
    return t->is_started;
}

/* Jobs of this client that wait, brief ones or others.  Called with the lock, as the next ones. */
static int
count_waiting(const struct resolver_thread *t, uint64_t client, bool is_brief)
{
    int count = 0;

    for (const struct resolver_job *job = t->waiting.first; job; job = job->next)
        count += job->is_brief == is_brief && job->client == client;
    return count;
}

/* Is there room for another one? */
static bool
has_room(const struct resolver_thread *t, bool is_brief)
{
    int count = 0;

    for (const struct resolver_job *job = t->waiting.first; job; job = job->next)
        count += job->is_brief == is_brief;
    return count < (is_brief ? BRIEF_MOST : QUEUE_MOST);
}

/* The last job of the client that has most such jobs waiting. */
static struct resolver_job **
find_last_of_most(struct resolver_thread *t, bool is_brief)
{
    struct resolver_job **found = NULL;
    int most = 0;

    for (struct resolver_job **link = &t->waiting.first; *link; link = &(*link)->next) {
        if ((*link)->is_brief != is_brief)
            continue;
        int count = count_waiting(t, (*link)->client, is_brief);
        if (count > most || (found && (*link)->client == (*found)->client)) {
            most = count;
            found = link;
        }
    }
    return found;
}

/* Make room in a full queue for this job: another client, which has more such jobs there even
 * without its last one, loses that. */
static bool
take_place(struct resolver_thread *t, const struct resolver_job *job)
{
    struct resolver_job **last = find_last_of_most(t, job->is_brief);

    if (count_waiting(t, (*last)->client, job->is_brief) <=
        count_waiting(t, job->client, job->is_brief) + 1)
        return false;
    struct resolver_job *loser = job_list_take(&t->waiting, last);
    loser->outcome = RESOLVER_BUSY;
    job_list_add(&t->done, loser);
    eventfd_write(t->descriptor, 1);
    return true;
}

bool
resolver_thread_call(struct resolver_thread *t, struct resolver_job *job)
{
    assert(job->run && job->done);
    if (!t->is_started && !start_thread(t))
        return false;
    pthread_mutex_lock(&t->lock);
    bool has_place = has_room(t, job->is_brief) || take_place(t, job);
    if (has_place) {
        job_list_add(&t->waiting, job);
        pthread_cond_signal(&t->news);
    }
    pthread_mutex_unlock(&t->lock);
    return has_place;
}

bool
resolver_thread_drop(struct resolver_thread *t, struct resolver_job *job)
{
    pthread_mutex_lock(&t->lock);
    struct resolver_job **link = &t->waiting.first;
    while (*link && *link != job)
        link = &(*link)->next;
    bool is_dropped = job_list_take(&t->waiting, link) != NULL;
    pthread_mutex_unlock(&t->lock);
    return is_dropped;
}
