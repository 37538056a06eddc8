/*
 * fcgi.c - requests over FastCGI: where connections come from, and where they go.
 *
 * SPDX-License-Identifier: MIT
 */
#include "http/fcgi_internal.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "event/clock.h"
#include "base/log.h"
#include "http/fcgi_pass.h"
#include "metrics/metrics.h"

/* Milliseconds to wait when there are no descriptors left; and how many connections are accepted
 * in one turn of the loop, at most. */
enum { DESCRIPTOR_PAUSE = 100, ACCEPTS = 64 };

static bool
is_paused(const struct fcgi *f)
{
    return f->shortage.at != 0;
}

/* Accept, as long as there is room for more. */
void
fcgi_update(struct fcgi *f)
{
    bool is_open =
        f->is_listening && !f->is_leaving && !is_paused(f) && f->count < f->options.connections;

    metrics_set(METRICS_FCGI, (uint64_t)f->count);
    if (!is_open) {
        loop_unwatch(f->loop, &f->listener);
        loop_unwatch(f->loop, &f->arrivals);
    } else if (!loop_watch(f->loop, &f->listener, f->options.listener, EPOLLIN | EPOLLEXCLUSIVE) ||
               (f->options.arrivals >= 0 && !loop_watch(f->loop, &f->arrivals, f->options.arrivals,
                                                        EPOLLIN | EPOLLEXCLUSIVE))) {
        log_error("cannot wait for connections: %s", strerror(errno));
    }
}

/* The kernel has no descriptor or no memory for a connection, as errno says: accept nothing, and
 * say nothing more, until the pause is over. */
static void
pause_accepting(struct fcgi *f)
{
    log_error("cannot accept connections, and waits for %d ms: %s", DESCRIPTOR_PAUSE,
              strerror(errno));
    loop_set_timer(f->loop, &f->shortage, clock_now() + DESCRIPTOR_PAUSE);
    fcgi_update(f);
}

static void
adopt(struct fcgi *f, int descriptor)
{
    if (connection_open(f, descriptor))
        fcgi_update(f);
    else
        pause_accepting(f);
}

/* Accept a connection; false: there is none, or none can be had. */
static bool
accept_one(struct fcgi *f)
{
    int descriptor;

    if (is_paused(f) || f->count == f->options.connections)
        return false;
    do
        descriptor = accept4(f->options.listener, NULL, NULL, SOCK_CLOEXEC);
    while (descriptor < 0 && (errno == EINTR || errno == ECONNABORTED));
    if (descriptor >= 0) {
        adopt(f, descriptor);
        return true;
    }
    if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
        pause_accepting(f);
    return false;
}

/* One connection, so that workers share them evenly; but twice as many in each turn that finds
 * more waiting, so that the queue does not fill up while requests are served. */
static void
listener_ready(struct loop_watch *watch, uint32_t events)
{
    struct fcgi *f = CONTAINER_OF(watch, struct fcgi, listener);
    int accepted = 0, most = f->accepts > 0 ? f->accepts : 1;

    (void)events;
    while (accepted < most && accept_one(f))
        accepted++;
    f->accepts = accepted < most ? 1 : 2 * most < ACCEPTS ? 2 * most : ACCEPTS;
}

/* A descriptor for which there is no room would be closed by the kernel, and whatever has been
 * sent on it would be lost. */
static bool
has_room(struct fcgi *f)
{
    int probe = fcntl(f->options.listener, F_DUPFD_CLOEXEC, 0);

    if (probe >= 0)
        close(probe);
    return probe >= 0;
}

static void
arrivals_ready(struct loop_watch *watch, uint32_t events)
{
    struct fcgi *f = CONTAINER_OF(watch, struct fcgi, arrivals);

    (void)events;
    if (!has_room(f)) {
        pause_accepting(f);
        return;
    }
    int descriptor = fcgi_receive(f->options.arrivals);
    if (descriptor >= 0)
        adopt(f, descriptor);
}

static void
let_all_go(struct fcgi *f)
{
    for (int i = 0; i < f->made; i++)
        connection_let_go(f->all[i]);
}

static void
shortage_over(struct loop_timer *timer)
{
    fcgi_update(CONTAINER_OF(timer, struct fcgi, shortage));
}

static void
retry_over(struct loop_timer *timer)
{
    let_all_go(CONTAINER_OF(timer, struct fcgi, retry));
}

struct fcgi *
fcgi_open(struct arena *a, struct loop *loop, const struct fcgi_options *options)
{
    struct fcgi *f = ARENA_NEW(a, struct fcgi);
    int flags = fcntl(options->listener, F_GETFL);

    assert(options->connections > 0);
    f->options = *options;
    f->arena = a;
    f->loop = loop;
    f->listener.ready = listener_ready;
    f->arrivals.ready = arrivals_ready;
    f->shortage.due = shortage_over;
    f->retry.due = retry_over;
    f->all = ARENA_ARRAY(a, struct connection *, (size_t)options->connections);
    f->memory = memfd_create("request", MFD_CLOEXEC);
    if (flags < 0 || fcntl(options->listener, F_SETFL, flags | O_NONBLOCK) != 0 || f->memory < 0) {
        log_error("cannot wait for connections: %s", strerror(errno));
        return NULL;
    }
    connection_start_library();
    metrics_set(METRICS_FCGI_MAX, (uint64_t)options->connections);
    return f;
}

void
fcgi_close(struct fcgi *f)
{
    f->is_leaving = true;
    fcgi_update(f);
    loop_stop_timer(f->loop, &f->shortage);
    loop_stop_timer(f->loop, &f->retry);
    for (int i = 0; i < f->made; i++)
        if (f->all[i]->state != CONNECTION_FREE)
            connection_close(f->all[i]);
    if (f->memory >= 0)
        close(f->memory);
}

void
fcgi_listen(struct fcgi *f)
{
    f->is_listening = true;
    fcgi_update(f);
}

void
fcgi_accept_rest(struct fcgi *f)
{
    while (accept_one(f))
        continue;
}

void
fcgi_leave(struct fcgi *f, int departures)
{
    f->is_leaving = true;
    f->departures = departures;
    fcgi_update(f);
    let_all_go(f);
}

int
fcgi_count(const struct fcgi *f)
{
    assert(f->count >= 0 && f->count <= f->made);
    return f->count;
}
