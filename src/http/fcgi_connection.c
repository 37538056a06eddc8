/*
 * fcgi_connection.c - one connection: its requests, one after the other; the only door
 * to libfcgi.
 *
 * Most requests have come as a whole when their connection is looked at, and are read from memory
 * (fcgi_request.c).  Others are gathered here, piece by piece, and given to the library in a file
 * of memory, so that it reads what is there and never waits.
 *
 * libfcgi 2.4, as its source shows: it closes a descriptor itself when it fails; it takes
 * a request whose variables broke off; it finishes the request before when asked for the
 * next.  So all of its memory is released after each request, and what is to be closed is
 * closed here.
 *
 * SPDX-License-Identifier: MIT
 */
#include "http/fcgi_internal.h"

#include <assert.h>
#include <errno.h>
#include <fcgiapp.h>
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

enum {
    READ_SIZE = 65536, /* bytes of a piece */
    PASS_PAUSE = 5     /* milliseconds until somebody may have room for a connection again */
};

struct connection_request {
    FCGX_Request request;
};

/* The source's connection, while its request is under way. */
static struct connection *
connection_of(struct http_source *source)
{
    struct connection *c = CONTAINER_OF(source, struct connection, source);

    assert(c->state == CONNECTION_BUSY);
    return c;
}

/* Release what was read of the request, which has ended. */
static void
free_request(struct connection *c)
{
    if (c->is_library)
        FCGX_Free(&c->library->request, 0);
    else
        fcgi_request_free(&c->request);
}

/* Forget a connection; its descriptor has been closed, or will be. */
static void
release(struct connection *c)
{
    struct fcgi *f = c->door;

    assert(c->state != CONNECTION_FREE && f->count > 0);
    loop_unwatch(f->loop, &c->watch);
    loop_stop_timer(f->loop, &c->timer);
    loop_drop_task(f->loop, &c->again);
    if (c->state == CONNECTION_BUSY)
        free_request(c);
    buf_free(&c->input);
    connection_free_output(c);
    c->state = CONNECTION_FREE;
    c->next = f->free;
    f->free = c;
    f->count--;
    fcgi_update(f);
}

void
connection_close(struct connection *c)
{
    int descriptor = c->watch.descriptor;

    release(c);
    close(descriptor);
}

/* Hand an idle connection of a door that closes over, unless nobody has room for it at
 * the moment; or look at it a last time. */
static void
let_go(struct connection *c)
{
    struct fcgi *f = c->door;

    assert(c->state == CONNECTION_IDLE && f->is_leaving);
    if (f->departures < 0)
        loop_add_task(f->loop, &c->again);
    else if (fcgi_pass(f->departures, c->watch.descriptor))
        connection_close(c);
    else
        loop_set_timer(f->loop, &f->retry, clock_now() + PASS_PAUSE);
}

void
connection_let_go(struct connection *c)
{
    if (c->state == CONNECTION_IDLE)
        let_go(c);
}

void
connection_become_idle(struct connection *c)
{
    assert(c->state == CONNECTION_WRITING);
    loop_stop_timer(c->door->loop, &c->timer);
    c->state = CONNECTION_IDLE;
    if (c->has_left && !c->has_more)
        connection_close(c);
    else if (c->door->is_leaving)
        let_go(c); /* with what has come, if anything has */
    else if (c->has_more)
        loop_add_task(c->door->loop, &c->again);
}

static ssize_t
take_body(struct http_source *source, char *out, size_t size)
{
    struct connection *c = connection_of(source);
    int wanted = size < READ_SIZE ? (int)size : READ_SIZE;

    if (!c->is_library)
        return (ssize_t)fcgi_request_take(&c->request, out, size);
    int got = FCGX_GetStr(out, wanted, c->library->request.in);
    /* A broken connection looks like the end of the stream. */
    if (got < wanted && FCGX_GetError(c->library->request.in) != 0)
        return -1;
    return got;
}

static bool
write_response(struct http_source *source, const struct str *pieces, int count)
{
    struct connection *c = connection_of(source);
    int id = c->is_library ? c->library->request.requestId : c->request.id;
    bool is_there = fcgi_write(c->watch.descriptor, id, pieces, count, &c->output);

    c->door->output += c->output.bytes.capacity;
    c->is_kept = c->is_library ? c->library->request.keepConnection : c->request.is_kept;
    free_request(c);
    return connection_answer(c, is_there);
}

static void
drop_request(struct http_source *source)
{
    connection_close(connection_of(source));
}

/* --- requests --- */

/* The request has been read: serve it.  The peer may have gone meanwhile. */
static void
serve(struct connection *c, char *const *variables)
{
    struct fcgi *f = c->door;

    c->state = CONNECTION_BUSY;
    c->source.variables = variables;
    c->source.descriptor = c->watch.descriptor;
    f->options.serve(f->options.context, &c->source);
    if (c->state == CONNECTION_BUSY && c->has_left)
        f->options.gone(f->options.context, &c->source);
}

/* Have the library read the request from the file, which has all of it. */
static void
serve_file(struct connection *c)
{
    struct fcgi *f = c->door;
    FCGX_Request *request = &c->library->request;

    assert(c->state == CONNECTION_READING);
    request->ipcFd = f->memory;
    request->keepConnection = 1; /* or the library would close it before it reads */
    request->detached = 1;       /* nor wait for anybody's farewell */
    if (FCGX_Accept_r(request) < 0) {
        /* Out of memory, since the bytes are good.  It has closed the descriptor. */
        f->memory = memfd_create("request", MFD_CLOEXEC);
        connection_close(c);
        return;
    }
    c->state = CONNECTION_BUSY;
    c->is_library = true;
    if (FCGX_GetError(request->in) == 0)
        serve(c, request->envp);
    else
        connection_close(c);
}

/* All pieces of the request have come: give it to the library in the file. */
static void
serve_input(struct connection *c)
{
    struct fcgi *f = c->door;
    bool is_written = f->memory >= 0 &&
                      pwrite(f->memory, c->input.ptr, c->input.len, 0) == (ssize_t)c->input.len &&
                      lseek(f->memory, 0, SEEK_SET) == 0;

    buf_free(&c->input);
    loop_stop_timer(f->loop, &c->timer);
    c->has_more = false;
    if (is_written) {
        serve_file(c);
    } else {
        log_error("cannot store a request: %s", strerror(errno));
        connection_close(c);
    }
}

/* The request is longer than may be read, and its variables have come: serve it without a body. */
static void
serve_cut(struct connection *c)
{
    fcgi_request_read(&c->request, c->input.ptr, &c->walk);
    c->request.body = STR("");
    c->is_library = false;
    c->source.is_cut = true;
    buf_free(&c->input);
    loop_stop_timer(c->door->loop, &c->timer);
    serve(c, c->request.variables);
}

/* Nothing more has come for now. */
static void
wait_for_more(struct connection *c)
{
    int64_t until = clock_now() + c->door->options.peer_time;

    if (c->has_left)
        connection_close(c);
    else
        loop_set_timer(c->door->loop, &c->timer, until < c->deadline ? until : c->deadline);
}

/* Read what has come of a request that did not come as a whole. */
static void
read_piece(struct connection *c)
{
    enum fcgi_walk_state state = FCGI_MORE;

    while (state == FCGI_MORE && c->input.len <= c->door->options.size) {
        char *end = buf_reserve(&c->input, READ_SIZE);
        ssize_t got = recv(c->watch.descriptor, end, READ_SIZE, MSG_DONTWAIT);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 && errno == EAGAIN) {
            wait_for_more(c);
            return;
        }
        if (got <= 0)
            break;
        buf_advance(&c->input, (size_t)got);
        state = fcgi_walk(&c->walk, c->input.ptr, c->input.len);
    }
    if (state == FCGI_WHOLE && c->walk.at == c->input.len && !c->is_gone)
        serve_input(c);
    else if (state == FCGI_MORE && c->input.len > c->door->options.size &&
             c->walk.is_ended[FCGI_PARAMS] && !c->is_gone)
        serve_cut(c);
    else
        connection_close(c);
}

/* The request is longer than what has come, if anything has. */
static void
begin_reading(struct connection *c, struct str first, const struct fcgi_walk *walk)
{
    c->state = CONNECTION_READING;
    c->walk = *walk;
    c->deadline = clock_now() + c->door->options.request_time;
    buf_put(&c->input, first);
    read_piece(c);
}

/* Read what has come: a request, as a rule. */
static void
read_first(struct connection *c)
{
    struct fcgi *f = c->door;
    struct fcgi_walk walk = { 0 };
    ssize_t got = recv(c->watch.descriptor, f->first, FIRST_SIZE, MSG_DONTWAIT);

    c->has_more = false;
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
        if (c->has_left || (f->is_leaving && f->departures < 0))
            connection_close(c);
        return;
    }
    if (got <= 0 || c->is_gone) { /* nobody would read the response */
        connection_close(c);
        return;
    }
    enum fcgi_walk_state state = fcgi_walk(&walk, f->first, (size_t)got);
    if (state == FCGI_MORE) {
        begin_reading(c, (struct str){ f->first, (size_t)got }, &walk);
    } else if (state == FCGI_WHOLE && walk.at == (size_t)got) {
        fcgi_request_read(&c->request, f->first, &walk);
        c->is_library = false;
        serve(c, c->request.variables);
    } else {
        connection_close(c);
    }
}

static void
read_connection(struct connection *c)
{
    if (c->state == CONNECTION_IDLE)
        read_first(c);
    else if (c->state == CONNECTION_READING)
        read_piece(c);
    else if (c->source.is_cut)
        connection_drain(c);
}

static void
read_again(struct loop_task *task)
{
    read_connection(CONTAINER_OF(task, struct connection, again));
}

static void
connection_ready(struct loop_watch *watch, uint32_t events)
{
    struct connection *c = CONTAINER_OF(watch, struct connection, watch);
    bool is_told = c->has_left;

    c->has_left |= (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
    c->is_gone |= (events & (EPOLLHUP | EPOLLERR)) != 0;
    c->has_more |= (events & EPOLLIN) != 0;
    switch (c->state) {
    case CONNECTION_IDLE:
    case CONNECTION_READING:
    case CONNECTION_DRAINING:
        read_connection(c);
        break;
    case CONNECTION_BUSY:
        if (c->has_left && !is_told)
            c->door->options.gone(c->door->options.context, &c->source);
        break;
    case CONNECTION_WRITING:
        connection_write_more(c);
        break;
    case CONNECTION_FREE:
        break;
    }
}

static void
connection_late(struct loop_timer *timer)
{
    struct connection *c = CONTAINER_OF(timer, struct connection, timer);

    assert(c->state == CONNECTION_READING || c->state == CONNECTION_WRITING ||
           c->state == CONNECTION_DRAINING);
    log_info("the web server takes too long to %s",
             c->state == CONNECTION_WRITING ? "read a response" : "send a request");
    connection_close(c);
}

/* One that was used before, or a new one. */
static struct connection *
make_connection(struct fcgi *f)
{
    struct connection *c = f->free;

    assert(f->count < f->options.connections); /* fcgi_update() watches nothing else */
    if (c) {
        assert(c->state == CONNECTION_FREE);
        f->free = c->next;
    } else {
        c = ARENA_NEW(f->arena, struct connection);
        c->library = ARENA_NEW(f->arena, struct connection_request);
        assert(f->made < f->options.connections);
        f->all[f->made++] = c;
    }
    *c = (struct connection){
        .state = CONNECTION_IDLE,
        .door = f,
        .source = { .read = take_body, .write = write_response, .drop = drop_request },
        .watch = { .ready = connection_ready },
        .timer = { .due = connection_late },
        .again = { .run = read_again },
        .library = c->library
    };
    /* Without a listening socket the library cannot accept a stranger when it fails. */
    FCGX_InitRequest(&c->library->request, -1, 0);
    f->count++;
    return c;
}

bool
connection_open(struct fcgi *f, int descriptor)
{
    struct connection *c = make_connection(f);

    /* The edge of what has come already is still to be told. */
    if (loop_watch(f->loop, &c->watch, descriptor, CONNECTION_EVENTS)) {
        if (f->is_leaving) /* one that came just before: its request is awaited */
            begin_reading(c, STR(""), &(struct fcgi_walk){ 0 });
        return true;
    }
    int why = errno;
    c->watch.descriptor = descriptor;
    connection_close(c);
    errno = why;
    return false;
}

void
connection_start_library(void)
{
    FCGX_Init();
}
