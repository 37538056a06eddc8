/*
 * test_fcgi.c - FastCGI's records, whole, broken off and hostile, against the door.
 *
 * A client's bytes are all sent before the door looks at them, and its response is
 * read afterwards, so that one process plays both.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "server/fcgi.h"
#include "server/http.h"

enum { BEGIN = 1, END = 3, PARAMS = 4, STDIN = 5, STDOUT = 6, KEEP = 1 };

struct fixture {
    struct arena *arena;
    struct fcgi *fcgi;
    struct sockaddr_un address;
    int listener;
    struct buf *sent; /* records for the door */
};

static int
set_up(void **state)
{
    struct arena *a = arena_new("test");
    struct fixture *f = ARENA_NEW(a, struct fixture);
    f->arena = a;
    f->sent = buf_new(a);
    f->address.sun_family = AF_UNIX;
    snprintf(f->address.sun_path, sizeof(f->address.sun_path), "/tmp/linnet-%d.sock",
             (int)getpid());
    unlink(f->address.sun_path);
    f->listener = socket(AF_UNIX, SOCK_STREAM, 0);
    if (bind(f->listener, (struct sockaddr *)&f->address, sizeof(f->address)) != 0 ||
        listen(f->listener, 8) != 0)
        return -1;
    f->fcgi = fcgi_open(a, f->listener, 50);
    *state = f;
    return f->fcgi ? 0 : -1;
}

static int
tear_down(void **state)
{
    struct fixture *f = *state;
    fcgi_close(f->fcgi);
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
    if (body.len > 0)
        add_record(f, STDIN, body);
    add_record(f, STDIN, STR(""));
}

/* Connect and send the first `len` bytes. */
static int
send_records(struct fixture *f, size_t len)
{
    const struct timeval patience = { .tv_sec = 2 };
    int client = socket(AF_UNIX, SOCK_STREAM, 0);
    setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    assert_int_equal(connect(client, (struct sockaddr *)&f->address, sizeof(f->address)), 0);
    assert_int_equal(send(client, f->sent->ptr, len, 0), len);
    return client;
}

/* Read to the end, and return what the records of STDOUT say. */
static struct str
read_response(struct fixture *f, int client, bool *has_ended)
{
    struct buf *all = buf_new(f->arena), *out = buf_new(f->arena);
    ssize_t got;
    do {
        got = recv(client, buf_reserve(all, 65536), 65536, 0);
        assert_true(got >= 0);
        buf_advance(all, (size_t)got);
    } while (got > 0);
    close(client);

    *has_ended = false;
    for (size_t i = 0; i + 8 <= all->len;) {
        const unsigned char *record = (const unsigned char *)all->ptr + i;
        size_t len = (size_t)record[4] << 8 | record[5];
        if (record[1] == STDOUT)
            buf_put(out, (struct str){ (const char *)record + 8, len });
        *has_ended |= record[1] == END;
        i += 8 + len + record[6];
    }
    return buf_copy(f->arena, out);
}

static void
test_request(void **state)
{
    struct fixture *f = *state;
    char body[16];
    for (int flags = 0; flags <= KEEP; flags++) {
        add_request(f, flags, STR("the body"));
        int client = send_records(f, f->sent->len);
        assert_true(fcgi_accept(f->fcgi, 1000, NULL));
        struct http_source *source = fcgi_source(f->fcgi);
        int count = 0;
        for (char *const *v = source->variables; *v; v++)
            count += strcmp(*v, "A=one") == 0 || strcmp(*v, "BB=") == 0;
        assert_int_equal(count, 2);
        assert_int_equal(source->read(source, body, 3), 3);
        assert_int_equal(source->read(source, body, sizeof(body)), 5);
        assert_memory_equal(body, " body", 5);
        assert_int_equal(source->read(source, body, sizeof(body)), 0);

        const struct str pieces[] = { STR("head\r\n\r\n"), STR(""), STR_NONE, STR("body") };
        assert_true(source->write(source, pieces, 4));
        bool has_ended; /* and the connection is closed, kept or not */
        assert_true(str_is(read_response(f, client, &has_ended), "head\r\n\r\nbody"));
        assert_true(has_ended);
    }
    assert_false(fcgi_accept(f->fcgi, 0, NULL));
}

/* Bodies around a record's length. */
static void
test_long_responses(void **state)
{
    struct fixture *f = *state;
    static char bytes[140000];
    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (char)('a' + i % 23);
    const size_t lengths[] = { 65520, 65527, 65528, 65529, 131056, 140000 };
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        add_request(f, 0, STR(""));
        int client = send_records(f, f->sent->len);
        assert_true(fcgi_accept(f->fcgi, 1000, NULL));
        struct http_source *source = fcgi_source(f->fcgi);
        const struct str pieces[] = { { bytes, 8 }, { bytes + 8, lengths[i] - 8 } };
        assert_true(source->write(source, pieces, 2));
        bool has_ended;
        struct str got = read_response(f, client, &has_ended);
        assert_true(str_equal(got, (struct str){ bytes, lengths[i] }));
        assert_true(has_ended);
    }
}

/* A request that stops anywhere before its body is none, and holds the door for no
 * longer than the time-out. */
static void
test_broken_off(void **state)
{
    struct fixture *f = *state;
    add_request(f, 0, STR("x"));
    const size_t whole = 16 + 8 + 10 + 8; /* BEGIN, PARAMS, the empty PARAMS */
    for (size_t len = 0; len < whole; len += 3) {
        for (int closes = 0; closes <= 1; closes++) {
            int client = send_records(f, len);
            if (closes)
                close(client);
            assert_false(fcgi_accept(f->fcgi, 1000, NULL));
            if (!closes)
                close(client);
        }
    }
    /* In the body it is one, whose body cannot be read. */
    char body[8];
    int client = send_records(f, whole + 9);
    assert_true(fcgi_accept(f->fcgi, 1000, NULL));
    struct http_source *source = fcgi_source(f->fcgi);
    assert_int_equal(source->read(source, body, sizeof(body)), -1);
    assert_false(fcgi_accept(f->fcgi, 0, NULL)); /* and is dropped */
    bool has_ended;
    assert_int_equal(read_response(f, client, &has_ended).len, 0);
    assert_false(has_ended);
}

static void
test_junk(void **state)
{
    struct fixture *f = *state;
    buf_truncate(f->sent, 0);
    buf_put(f->sent, STR("GET / HTTP/1.0\r\n\r\n"));
    int client = send_records(f, f->sent->len);
    assert_false(fcgi_accept(f->fcgi, 1000, NULL));
    close(client);

    add_request(f, 0, STR(""));
    client = send_records(f, f->sent->len);
    close(client); /* nobody waits */
    assert_true(fcgi_accept(f->fcgi, 1000, NULL));
    struct http_source *source = fcgi_source(f->fcgi);
    const struct str piece = STR("x");
    assert_false(source->write(source, &piece, 1));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_request),
        TEST(test_long_responses),
        TEST(test_broken_off),
        TEST(test_junk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
