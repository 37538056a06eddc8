/*
 * fcgi_case.h - a door, its clients, and what they say to each other: for the tests of fcgi.
 *
 * One process plays both: whenever a client waits, the door's loop turns.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef UNIT_FCGI_CASE_H
#define UNIT_FCGI_CASE_H

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/log.h"
#include "event/loop.h"
#include "http/fcgi.h"
#include "http/http.h"
#include "tests/unit/test_clock.h"
#include "tests/unit/unit.h"

enum { BEGIN = 1, END = 3, PARAMS = 4, STDIN = 5, STDOUT = 6, KEEP = 1 };
enum { PEER_TIME = 100, WRITE_TIME = 500, REQUEST_TIME = 600, MOST = 4, SIZE = 1024 * 1024 };
enum { OUTPUT = 5000000 };

struct fixture {
    struct arena *arena;
    struct loop *loop;
    struct fcgi *fcgi;
    struct sockaddr_un address;
    int listener;
    struct buf *sent; /* records for the door */

    struct http_source *waiting; /* that came last and has not been answered */
    bool is_answering;           /* answer at once, with `answer` after how long the body was */
    struct str answer;
    int served, gone;
    size_t body;  /* bytes of the last request's body; */
    uint32_t sum; /* and their sum */
};

static void
answer(struct fixture *f, struct http_source *source)
{
    const struct str pieces[] = { STR("head\r\n\r\n"), STR(""), STR_NONE, f->answer };
    f->waiting = NULL;
    assert_true(source->write(source, pieces, 4));
}

static void
serve(void *context, struct http_source *source)
{
    static char piece[10000];
    struct fixture *f = context;
    ssize_t got;
    int count = 0;
    f->body = f->sum = 0;
    while ((got = source->read(source, piece, sizeof(piece))) > 0) {
        f->body += (size_t)got;
        for (ssize_t i = 0; i < got; i++)
            f->sum += (unsigned char)piece[i];
    }
    assert_int_equal(got, 0);
    for (char *const *v = source->variables; *v; v++)
        count += strcmp(*v, "A=one") == 0 || strcmp(*v, "BB=") == 0;
    assert_int_equal(count, 2);
    f->served++;
    f->waiting = source;
    if (f->is_answering)
        answer(f, source);
}

static void
note_gone(void *context, struct http_source *source)
{
    struct fixture *f = context;
    assert_ptr_equal(source, f->waiting);
    f->gone++;
}

static struct fcgi *
open_door(struct fixture *f, int arrivals)
{
    const struct fcgi_options options = { .listener = f->listener,
                                          .arrivals = arrivals,
                                          .connections = MOST,
                                          .peer_time = PEER_TIME,
                                          .write_time = WRITE_TIME,
                                          .output = OUTPUT,
                                          .request_time = REQUEST_TIME,
                                          .size = SIZE,
                                          .serve = serve,
                                          .gone = note_gone,
                                          .context = f };
    return fcgi_open(f->arena, f->loop, &options);
}

static int
set_up(void **state)
{
    struct arena *a = arena_new("test");
    struct fixture *f = ARENA_NEW(a, struct fixture);
    log_set_level(LOG_WARNING);
    f->arena = a;
    f->loop = loop_new(a);
    f->sent = buf_new(a);
    f->answer = STR("body");
    f->is_answering = true;
    f->address.sun_family = AF_UNIX;
    snprintf(f->address.sun_path, sizeof(f->address.sun_path), "/tmp/linnet-%d.sock",
             (int)getpid());
    unlink(f->address.sun_path);
    f->listener = socket(AF_UNIX, SOCK_STREAM, 0);
    if (bind(f->listener, (struct sockaddr *)&f->address, sizeof(f->address)) != 0 ||
        listen(f->listener, 8) != 0)
        return -1;
    f->fcgi = open_door(f, -1);
    if (!f->fcgi)
        return -1;
    fcgi_listen(f->fcgi);
    *state = f;
    return 0;
}

static int
tear_down(void **state)
{
    struct fixture *f = *state;
    fcgi_close(f->fcgi);
    loop_free(f->loop);
    close(f->listener);
    unlink(f->address.sun_path);
    arena_free(f->arena);
    return 0;
}

static void
add_record(struct fixture *f, int type, struct str content)
{
    const char header[] = {
        1, (char)type, 0, 1, (char)(content.len >> 8), (char)content.len, 0, 0
    };
    buf_put(f->sent, (struct str){ header, sizeof(header) });
    buf_put(f->sent, content);
}

/* A whole request, with two variables. */
static void
add_request(struct fixture *f, int flags, struct str body)
{
    const char begin[8] = { 0, 1, (char)flags };
    buf_truncate(f->sent, 0);
    add_record(f, BEGIN, (struct str){ begin, sizeof(begin) });
    add_record(f, PARAMS,
               STR("\x01\x03"
                   "Aone"
                   "\x02\x00"
                   "BB"));
    add_record(f, PARAMS, STR(""));
    while (body.len > 0) {
        size_t len = body.len < 65535 ? body.len : 65535;
        add_record(f, STDIN, (struct str){ body.ptr, len });
        body = (struct str){ body.ptr + len, body.len - len };
    }
    add_record(f, STDIN, STR(""));
}

static void
turn(struct fixture *f, int milliseconds)
{
    for (int i = 0; i <= milliseconds; i++) {
        loop_turn(f->loop, 0, NULL);
        clock_time++;
    }
}

static int
connect_client(struct fixture *f)
{
    int client = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    assert_int_equal(connect(client, (struct sockaddr *)&f->address, sizeof(f->address)), 0);
    return client;
}

/* Send the bytes from `from` to `to`, as fast as the door takes them. */
static void
send_records(struct fixture *f, int client, size_t from, size_t to)
{
    while (from < to) {
        ssize_t sent = send(client, f->sent->ptr + from, to - from, MSG_NOSIGNAL);
        assert_true(sent > 0 || errno == EAGAIN);
        from += sent > 0 ? (size_t)sent : 0;
        loop_turn(f->loop, 0, NULL);
    }
}

static int
send_request(struct fixture *f)
{
    int client = connect_client(f);
    send_records(f, client, 0, f->sent->len);
    return client;
}

/* What the records of STDOUT in all that came say; with END_REQUEST, it has ended. */
static struct str
decode(struct fixture *f, const struct buf *all, bool *has_ended)
{
    struct buf *out = buf_new(f->arena);
    *has_ended = false;
    for (size_t i = 0; i + 8 <= all->len;) {
        const unsigned char *record = (const unsigned char *)all->ptr + i;
        size_t len = (size_t)record[4] << 8 | record[5];
        if (i + 8 + len > all->len)
            break;
        if (record[1] == STDOUT)
            buf_put(out, (struct str){ (const char *)record + 8, len });
        *has_ended |= record[1] == END;
        i += 8 + len + record[6];
    }
    return buf_copy(f->arena, out);
}

/* Read a response, up to its end or to the connection's, within some turns. */
static struct str
read_response(struct fixture *f, int client, bool *has_ended, bool *is_closed)
{
    struct buf *all = buf_new(f->arena);
    struct str out = STR("");
    *has_ended = *is_closed = false;
    for (int turns = 0; !*has_ended && !*is_closed && turns < 1000; turns++) {
        ssize_t got = recv(client, buf_reserve(all, 65536), 65536, 0);
        if (got > 0) {
            buf_advance(all, (size_t)got);
            if (all->len >= 16 && all->ptr[all->len - 15] == END) /* it may have ended */
                out = decode(f, all, has_ended);
        } else if (got == 0 || errno != EAGAIN) {
            *is_closed = true;
            out = decode(f, all, has_ended);
        } else {
            loop_turn(f->loop, 1, NULL);
        }
    }
    return out;
}

static void
assert_answered(struct fixture *f, int client)
{
    bool has_ended, is_closed;
    assert_true(str_is(read_response(f, client, &has_ended, &is_closed), "head\r\n\r\nbody"));
    assert_true(has_ended);
}

/* Has the door closed it? */
static bool
is_closed(struct fixture *f, int client)
{
    char byte;
    turn(f, 2);
    return recv(client, &byte, 1, MSG_PEEK) == 0 || errno == ECONNRESET;
}

#endif
