/*
 * fcgi.c - requests over FastCGI, one at a time.
 *
 * libfcgi 2.4 reads records and variables; all else is done here, for reasons
 * that its source shows.  It accepts and reads without any time-out: so the
 * connection is accepted here and handed over.  Its output goes out in pieces of
 * 8 kB: so the response's records are written here, in one call for most.  Closing
 * a connection, it waits for up to two seconds: so it is told that it need not.
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/fcgi.h"

#include <errno.h>
#include <fcgiapp.h>
#include <fcntl.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "server/http.h"

/* FastCGI 1.0, 3.3 and 8: types of records, and the longest content that is a
 * multiple of eight, so that no padding is needed. */
enum { RECORD_END_REQUEST = 3, RECORD_STDOUT = 6, RECORD_MAXIMUM = 65528, RECORD_HEADER = 8 };

/* The end of the stream STDOUT, and END_REQUEST with eight zeroes: complete. */
enum { TRAILER = 3 * RECORD_HEADER };

/* Slices of one record: its header, pieces of the response, the trailer. */
enum { SLICES = 16 };

/* Milliseconds to wait when there are no descriptors left. */
enum { DESCRIPTOR_PAUSE = 100 };

struct fcgi {
    struct http_source source; /* the first member: a source is its fcgi */
    FCGX_Request request;
    int listener;
    int epoll;
    struct timeval peer_time;
    bool is_open; /* a request is under way */
};

static struct fcgi *
fcgi_of(struct http_source *source)
{
    return (struct fcgi *)source;
}

/* Free what the library holds of the request, and close its connection. */
static void
finish(struct fcgi *f)
{
    if (f->is_open)
        FCGX_Free(&f->request, 1);
    f->is_open = false;
}

static ssize_t
read_body(struct http_source *source, char *out, size_t size)
{
    struct fcgi *f = fcgi_of(source);
    int wanted = size < 65536 ? (int)size : 65536;
    int got = FCGX_GetStr(out, wanted, f->request.in);
    /* A time-out and a broken connection look like the end of the stream. */
    if (got < wanted && FCGX_GetError(f->request.in) != 0)
        return -1;
    return got;
}

static void
fill_header(unsigned char *header, int type, int id, size_t len)
{
    header[0] = 1; /* FastCGI's version */
    header[1] = (unsigned char)type;
    header[2] = (unsigned char)(id >> 8);
    header[3] = (unsigned char)id;
    header[4] = (unsigned char)(len >> 8);
    header[5] = (unsigned char)len;
    header[6] = header[7] = 0;
}

/* Send all slices; false when the peer has gone or does not read. */
static bool
send_all(int descriptor, struct iovec *slices, size_t count)
{
    while (count > 0) {
        struct msghdr message = { .msg_iov = slices, .msg_iovlen = count };
        ssize_t sent = sendmsg(descriptor, &message, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0)
            return false;
        while (count > 0 && (size_t)sent >= slices->iov_len) {
            sent -= (ssize_t)slices->iov_len;
            slices++;
            count--;
        }
        if (count > 0) {
            slices->iov_base = (char *)slices->iov_base + sent;
            slices->iov_len -= (size_t)sent;
        }
    }
    return true;
}

/* Add `len` bytes of the pieces, of which `*offset` bytes of the first are gone. */
static size_t
add_slices(struct iovec *slices, size_t count, const struct str **piece, size_t *offset, size_t len)
{
    while (len > 0) {
        size_t rest = (*piece)->len - *offset;
        size_t taken = rest < len ? rest : len;
        if (taken > 0)
            slices[count++] = (struct iovec){ (char *)(*piece)->ptr + *offset, taken };
        len -= taken;
        *offset += taken;
        if (*offset == (*piece)->len) {
            (*piece)++;
            *offset = 0;
        }
    }
    return count;
}

/* Write the response as records and close the connection. */
static bool
write_response(struct http_source *source, const struct str *pieces, int count)
{
    struct fcgi *f = fcgi_of(source);
    int id = f->request.requestId;
    unsigned char header[RECORD_HEADER], trailer[TRAILER] = { 0 };
    fill_header(trailer, RECORD_STDOUT, id, 0);
    fill_header(trailer + RECORD_HEADER, RECORD_END_REQUEST, id, RECORD_HEADER);

    size_t left = 0, offset = 0;
    for (int i = 0; i < count; i++)
        left += pieces[i].len;

    bool is_sent = true;
    while (is_sent && left > 0) {
        struct iovec slices[SLICES] = { { header, sizeof(header) } };
        size_t len = left < RECORD_MAXIMUM ? left : RECORD_MAXIMUM;
        fill_header(header, RECORD_STDOUT, id, len);
        size_t used = add_slices(slices, 1, &pieces, &offset, len);
        left -= len;
        if (left == 0)
            slices[used++] = (struct iovec){ trailer, sizeof(trailer) };
        is_sent = send_all(f->request.ipcFd, slices, used);
    }
    finish(f);
    return is_sent;
}

struct fcgi *
fcgi_open(struct arena *a, int listener, int peer_time)
{
    struct fcgi *f = ARENA_NEW(a, struct fcgi);
    struct epoll_event event = { .events = EPOLLIN | EPOLLEXCLUSIVE };
    int flags = fcntl(listener, F_GETFL);
    if (flags < 0 || fcntl(listener, F_SETFL, flags | O_NONBLOCK) != 0 ||
        (f->epoll = epoll_create1(EPOLL_CLOEXEC)) < 0 ||
        epoll_ctl(f->epoll, EPOLL_CTL_ADD, listener, &event) != 0) {
        log_error("cannot wait for connections: %s", strerror(errno));
        return NULL;
    }
    f->source.read = read_body;
    f->source.write = write_response;
    f->listener = listener;
    f->peer_time.tv_sec = peer_time / 1000;
    f->peer_time.tv_usec = peer_time % 1000 * 1000;
    FCGX_Init();
    /* Without a listening socket the library cannot accept a stranger when a peer
     * breaks off: FCGX_Accept_r() then fails instead. */
    FCGX_InitRequest(&f->request, -1, 0);
    return f;
}

void
fcgi_close(struct fcgi *f)
{
    finish(f);
    close(f->epoll);
}

/* Accept a connection; -1: there is none, or none can be had. */
static int
accept_connection(struct fcgi *f)
{
    int descriptor = accept4(f->listener, NULL, NULL, SOCK_CLOEXEC);
    if (descriptor < 0) {
        if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
            log_error("cannot accept: %s", strerror(errno));
            usleep(DESCRIPTOR_PAUSE * 1000);
        }
        return -1;
    }
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &f->peer_time, sizeof(f->peer_time));
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &f->peer_time, sizeof(f->peer_time));
    return descriptor;
}

bool
fcgi_accept(struct fcgi *f, int timeout, const sigset_t *mask)
{
    struct epoll_event event;
    finish(f);
    if (epoll_pwait(f->epoll, &event, 1, timeout, mask) <= 0)
        return false;
    int descriptor = accept_connection(f);
    if (descriptor < 0)
        return false;

    f->request.ipcFd = descriptor;
    f->request.keepConnection = 1; /* or the library would close it before it reads */
    f->request.detached = 1;       /* close at once, without a farewell of two seconds */
    if (FCGX_Accept_r(&f->request) < 0)
        return false; /* the library has closed the connection */
    f->is_open = true;
    /* It accepts a request whose variables broke off: the next might have been a token. */
    if (FCGX_GetError(f->request.in) != 0) {
        finish(f);
        return false;
    }
    f->source.variables = f->request.envp;
    f->source.descriptor = f->request.ipcFd;
    return true;
}

struct http_source *
fcgi_source(struct fcgi *f)
{
    return &f->source;
}
