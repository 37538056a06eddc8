/*
 * canceller.c - asks PostgreSQL to cancel statements, in a thread of its own.
 *
 * Jobs are a fixed array.  They go to the thread in one list and come back in another, both
 * under one lock; a descriptor tells the loop that some are back.
 *
 * SPDX-License-Identifier: MIT
 */
#include "pool/canceller.h"

#include <assert.h>
#include <pthread.h>
#include <stddef.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "event/loop.h"
#include "database/db.h"
#include "database/db_connect.h"

enum { STACK_SIZE = 256 * 1024 };

struct cancel_job {
    struct pg_cancel *question;
    struct cancel *cancel; /* NULL: forgotten.  The loop's alone */
    struct cancel_job *next;
};

struct cancel_list {
    struct cancel_job *first, **last;
};

struct canceller {
    struct loop_watch watch; /* the first member: of `descriptor` */
    struct loop *loop;
    int descriptor; /* readable when jobs have come back */
    pthread_t thread;
    bool is_started;
    struct cancel_job *free;

    pthread_mutex_t lock; /* of all that follows */
    pthread_cond_t news;  /* for the thread */
    struct cancel_list waiting, done;
    struct pg_cancel *asking; /* by the thread */
    bool is_stopping;
};

static void
list_add(struct cancel_list *list, struct cancel_job *job)
{
    job->next = NULL;
    *list->last = job;
    list->last = &job->next;
}

static struct cancel_job *
list_take(struct cancel_list *list)
{
    struct cancel_job *job = list->first;

    if (!job)
        return NULL;
    list->first = job->next;
    if (!list->first)
        list->last = &list->first;
    return job;
}

/* --- in the thread --- */

/* Called with the lock.  NULL: the thread is to end. */
static struct cancel_job *
next_job(struct canceller *c)
{
    while (!c->waiting.first && !c->is_stopping)
        pthread_cond_wait(&c->news, &c->lock);
    return c->is_stopping ? NULL : list_take(&c->waiting);
}

/* The thread can be cancelled only while it waits for PostgreSQL. */
static void *
run_thread(void *data)
{
    struct canceller *c = data;
    struct cancel_job *job;
    int state;

    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
    pthread_mutex_lock(&c->lock);
    while ((job = next_job(c))) {
        c->asking = job->question;
        pthread_mutex_unlock(&c->lock);
        pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &state);
        db_connect_ask(job->question);
        pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
        pthread_mutex_lock(&c->lock);
        c->asking = NULL;
        list_add(&c->done, job);
        eventfd_write(c->descriptor, 1);
    }
    pthread_mutex_unlock(&c->lock);
    return NULL;
}

/* --- in the loop --- */

static void
finish_job(struct canceller *c, struct cancel_job *job)
{
    struct cancel *cancel = job->cancel;

    db_connect_free_question(job->question);
    job->question = NULL;
    job->cancel = NULL;
    job->next = c->free;
    c->free = job;
    if (!cancel)
        return;
    cancel->job = NULL;
    if (cancel->done)
        cancel->done(cancel);
}

static void
thread_ready(struct loop_watch *watch, uint32_t events)
{
    struct canceller *c = (struct canceller *)watch;
    eventfd_t count;
    struct cancel_job *job;

    (void)events;
    eventfd_read(c->descriptor, &count);
    do {
        pthread_mutex_lock(&c->lock);
        job = list_take(&c->done);
        pthread_mutex_unlock(&c->lock);
        if (job)
            finish_job(c, job);
    } while (job);
}

struct canceller *
canceller_new(struct arena *a, struct loop *loop, int most)
{
    struct canceller *c = ARENA_NEW(a, struct canceller);
    struct cancel_job *jobs = ARENA_ARRAY(a, struct cancel_job, (size_t)most);

    for (int i = 0; i < most; i++) {
        jobs[i].next = c->free;
        c->free = &jobs[i];
    }
    c->watch.ready = thread_ready;
    c->loop = loop;
    c->waiting.last = &c->waiting.first;
    c->done.last = &c->done.first;
    pthread_mutex_init(&c->lock, NULL);
    pthread_cond_init(&c->news, NULL);
    c->descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (c->descriptor >= 0 && loop_watch(loop, &c->watch, c->descriptor, EPOLLIN))
        return c;
    if (c->descriptor >= 0)
        close(c->descriptor);
    return NULL;
}

static void
stop_thread(struct canceller *c)
{
    pthread_mutex_lock(&c->lock);
    c->is_stopping = true;
    pthread_cond_signal(&c->news);
    pthread_mutex_unlock(&c->lock);
    pthread_cancel(c->thread);
    pthread_join(c->thread, NULL);
}

void
canceller_free(struct canceller *c)
{
    struct cancel_job *job;

    if (!c)
        return;
    if (c->is_started)
        stop_thread(c);
    db_connect_free_question(c->asking);
    while ((job = list_take(&c->waiting)) || (job = list_take(&c->done)))
        db_connect_free_question(job->question);
    loop_unwatch(c->loop, &c->watch);
    close(c->descriptor);
    pthread_cond_destroy(&c->news);
    pthread_mutex_destroy(&c->lock);
}

/* The worker has blocked all signals before, so that the thread gets none. */
static bool
start_thread(struct canceller *c)
{
    pthread_attr_t attributes;

    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_SIZE);
    int problem = pthread_create(&c->thread, &attributes, run_thread, c);
    pthread_attr_destroy(&attributes);
    if (problem)
        log_error("cannot start a thread: %s", strerror(problem));
    c->is_started = problem == 0;
    return c->is_started;
}

bool
canceller_ask(struct canceller *c, const struct db *db, struct cancel *cancel)
{
    struct cancel_job *job = c->free;

    assert(!cancel->job);
    if (!job || (!c->is_started && !start_thread(c)))
        return false;
    struct pg_cancel *question = db_cancel_question(db);
    if (!question)
        return false;
    c->free = job->next;
    *job = (struct cancel_job){ .question = question, .cancel = cancel };
    cancel->job = job;
    pthread_mutex_lock(&c->lock);
    list_add(&c->waiting, job);
    pthread_cond_signal(&c->news);
    pthread_mutex_unlock(&c->lock);
    return true;
}

void
canceller_forget(struct canceller *c, struct cancel *cancel)
{
    (void)c;
    if (cancel->job)
        cancel->job->cancel = NULL;
    cancel->job = NULL;
}
