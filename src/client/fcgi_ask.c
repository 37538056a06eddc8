/*
 * fcgi_ask.c - ask a server something over its Unix socket.
 *
 * SPDX-License-Identifier: MIT
 */
#include "client/fcgi_ask.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "event/clock.h"
#include "http/fcgi_record.h"

/* Bytes of the longest answer. */
enum { ANSWER_MOST = 16 * 1024 * 1024 };

/* FastCGI's version, the role of who answers, and the only request of the connection. */
enum { PROTOCOL = 1, RESPONDER = 1, ID = 1 };

/* --- the request --- */

static void
put_record(struct buf *b, int type, struct str content)
{
    const char header[FCGI_HEADER] = {
        PROTOCOL, (char)type, 0, ID, (char)(content.len >> 8), (char)content.len
    };

    buf_put(b, (struct str){ header, sizeof(header) });
    buf_put(b, content);
}

/* Lengths below 128 are one byte; ours are. */
static void
put_parameter(struct buf *b, const char *name, const char *value)
{
    buf_byte(b, (char)strlen(name));
    buf_byte(b, (char)strlen(value));
    buf_put_c(b, name);
    buf_put_c(b, value);
}

static struct str
make_request(struct arena *a, const char *path)
{
    struct buf *b = buf_new(a), *parameters = buf_new(a);
    const char begin[8] = { 0, RESPONDER }; /* the connection is not kept */

    put_parameter(parameters, "REQUEST_METHOD", "GET");
    put_parameter(parameters, "SCRIPT_NAME", path);
    put_parameter(parameters, "REMOTE_ADDR", "127.0.0.1");
    put_record(b, FCGI_BEGIN_REQUEST, (struct str){ begin, sizeof(begin) });
    put_record(b, FCGI_PARAMS, buf_str(parameters));
    put_record(b, FCGI_PARAMS, STR(""));
    put_record(b, FCGI_STDIN, STR(""));
    return buf_str(b);
}

/* --- the answer --- */

/* Take the next record off the bytes; false: they have no whole one. */
static bool
next_record(struct str *bytes, int *type, struct str *content)
{
    const unsigned char *header = (const unsigned char *)bytes->ptr;

    if (bytes->len < FCGI_HEADER)
        return false;
    size_t len = (size_t)header[4] << 8 | header[5], all = FCGI_HEADER + len + header[6];
    if (bytes->len < all)
        return false;
    *type = header[1];
    *content = (struct str){ bytes->ptr + FCGI_HEADER, len };
    *bytes = (struct str){ bytes->ptr + all, bytes->len - all };
    return true;
}

/* Has the record come that ends the request? */
static bool
is_complete(struct str bytes)
{
    struct str content;
    int type = 0;

    while (type != FCGI_END_REQUEST && next_record(&bytes, &type, &content))
        continue;
    return type == FCGI_END_REQUEST;
}

bool
fcgi_ask_read(struct arena *a, struct str records, struct fcgi_answer *answer)
{
    static const char end[] = "\r\n\r\n";
    struct buf *b = buf_new(a);
    struct str content;
    int type = 0;

    while (type != FCGI_END_REQUEST && next_record(&records, &type, &content))
        if (type == FCGI_STDOUT)
            buf_put(b, content);
    struct str text = buf_str(b), head = STR("Status: ");
    const char *body = text.len > 0 ? memmem(text.ptr, text.len, end, strlen(end)) : NULL;
    if (type != FCGI_END_REQUEST || !body || !str_starts_with(text, head) ||
        text.len < head.len + 3)
        return false;
    answer->status = 0;
    for (size_t i = head.len; i < head.len + 3; i++) {
        if (!str_is_digit(text.ptr[i]))
            return false;
        answer->status = 10 * answer->status + (text.ptr[i] - '0');
    }
    body += strlen(end);
    answer->body = (struct str){ body, (size_t)(text.ptr + text.len - body) };
    return true;
}

/* --- the connection --- */

/* Wait for it to be ready; false when the time is over. */
static bool
await(int descriptor, short events, int64_t deadline)
{
    struct pollfd wanted = { .fd = descriptor, .events = events };
    int64_t left;
    int ready = 0;

    while (ready <= 0 && (left = deadline - clock_now()) > 0)
        ready = poll(&wanted, 1, (int)left);
    return ready > 0;
}

static const char *
send_all(int descriptor, struct str bytes, int64_t deadline)
{
    while (bytes.len > 0) {
        ssize_t sent = send(descriptor, bytes.ptr, bytes.len, MSG_NOSIGNAL);
        if (sent < 0 && errno != EAGAIN && errno != EINTR)
            return strerror(errno);
        if (sent < 0 && !await(descriptor, POLLOUT, deadline))
            return "it does not read what it is asked";
        if (sent > 0)
            bytes = (struct str){ bytes.ptr + sent, bytes.len - (size_t)sent };
    }
    return NULL;
}

static const char *
receive_all(int descriptor, struct buf *b, int64_t deadline)
{
    enum { PIECE = 65536 };

    while (!is_complete(buf_str(b))) {
        char *space = buf_reserve(b, PIECE);
        if (!space)
            return "its answer is too long";
        ssize_t came = recv(descriptor, space, PIECE, 0);
        if (came == 0)
            return "it has closed the connection without an answer";
        if (came < 0 && errno != EAGAIN && errno != EINTR)
            return strerror(errno);
        if (came < 0 && !await(descriptor, POLLIN, deadline))
            return "it does not answer in time";
        if (came > 0)
            buf_advance(b, (size_t)came);
    }
    return NULL;
}

const char *
fcgi_ask(struct arena *a, const char *path_of_socket, const char *path, int time,
         struct fcgi_answer *answer)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int64_t deadline = clock_now() + time;
    struct buf *b = buf_new(a);

    b->maximum = ANSWER_MOST;
    if (strlen(path_of_socket) >= sizeof(address.sun_path))
        return "the path of the socket is too long";
    strcpy(address.sun_path, path_of_socket);
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0)
        return strerror(errno);
    const char *fault = NULL;
    if (connect(descriptor, (struct sockaddr *)&address, sizeof(address)) != 0)
        fault = errno == EAGAIN ? "too many others wait for it" : strerror(errno);
    if (!fault)
        fault = send_all(descriptor, make_request(a, path), deadline);
    if (!fault)
        fault = receive_all(descriptor, b, deadline);
    close(descriptor);
    if (!fault && !fcgi_ask_read(a, buf_str(b), answer))
        fault = "its answer cannot be read";
    return fault;
}
