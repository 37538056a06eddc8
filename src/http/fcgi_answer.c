/*
 * fcgi_answer.c - one connection: its responses, and what becomes of it after each.
 *
 * A request that is longer than may be read is answered while its peer still sends.  Some web
 * servers look at an answer only when they could send, and lose it when the connection is closed:
 * so what they send is thrown away until they close it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "http/fcgi_internal.h"

#include <assert.h>
#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "base/log.h"
#include "event/clock.h"

enum { DRAIN_PIECES = 32 }; /* that are thrown away in one turn of the loop */

void
connection_free_output(struct connection *c)
{
    assert(c->door->output >= c->output.bytes.capacity);
    c->door->output -= c->output.bytes.capacity;
    fcgi_output_free(&c->output);
}

void
connection_drain(struct connection *c)
{
    struct fcgi *f = c->door;

    for (int i = 0; i < DRAIN_PIECES; i++) {
        ssize_t got = recv(c->watch.descriptor, f->first, FIRST_SIZE, MSG_DONTWAIT);
        if (got > 0 || (got < 0 && errno == EINTR))
            continue;
        if (c->state == CONNECTION_DRAINING && !(got < 0 && errno == EAGAIN))
            connection_close(c);
        return;
    }
    loop_add_task(f->loop, &c->again);
}

/* The peer has the response, and still sends the request. */
static void
begin_draining(struct connection *c)
{
    struct fcgi *f = c->door;

    c->state = CONNECTION_DRAINING;
    shutdown(c->watch.descriptor, SHUT_WR);
    loop_set_timer(f->loop, &c->timer, clock_now() + f->options.request_time);
    connection_drain(c);
}

/* All of a response has been sent. */
static void
end_response(struct connection *c)
{
    connection_free_output(c);
    if (c->source.is_cut)
        begin_draining(c);
    else if (c->is_kept)
        connection_become_idle(c);
    else
        connection_close(c);
}

/* The connection, other than `c`, whose peer has not read for the longest time; or NULL.  All of
 * them may take as long, so it is the one whose time is over first. */
static struct connection *
find_slowest(const struct connection *c)
{
    struct connection *slowest = NULL;

    for (int i = 0; i < c->door->made; i++) {
        struct connection *other = c->door->all[i];
        if (other != c && other->state == CONNECTION_WRITING &&
            (!slowest || other->timer.at < slowest->timer.at))
            slowest = other;
    }
    return slowest;
}

/* More is kept for the peer of `c`: close others, if it is too much for all. */
static void
bound_output(const struct connection *c)
{
    struct connection *slowest;

    while (c->door->output > c->door->options.output && (slowest = find_slowest(c))) {
        log_info("the web server does not read a response, and there are too many to keep");
        connection_close(slowest);
    }
}

bool
connection_answer(struct connection *c, bool is_there)
{
    struct loop *loop = c->door->loop;

    c->state = CONNECTION_WRITING;
    if (is_there && fcgi_is_written(&c->output)) {
        end_response(c);
    } else if (is_there &&
               loop_watch(loop, &c->watch, c->watch.descriptor, CONNECTION_EVENTS | EPOLLOUT)) {
        loop_set_timer(loop, &c->timer, clock_now() + c->door->options.write_time);
        bound_output(c);
    } else {
        connection_close(c);
        return false;
    }
    return true;
}

void
connection_write_more(struct connection *c)
{
    struct fcgi *f = c->door;
    size_t before = c->output.sent;

    if (c->source.is_cut)
        connection_drain(c); /* or a peer that must send first would never read */
    if (!fcgi_write_more(c->watch.descriptor, &c->output)) {
        connection_close(c);
    } else if (!fcgi_is_written(&c->output)) {
        if (c->output.sent > before)
            loop_set_timer(f->loop, &c->timer, clock_now() + f->options.write_time);
    } else if (loop_watch(f->loop, &c->watch, c->watch.descriptor, CONNECTION_EVENTS)) {
        end_response(c);
    } else {
        connection_close(c);
    }
}
