/*
 * test_fcgi.c - FastCGI's records, whole, in pieces, broken off and hostile, against the door.
 *
 * SPDX-License-Identifier: MIT
 */
#include "event/clock.h"
#include "fcgi_case.h"

static void
a_kept_connection_has_requests_behind_each_other(void **state)
{
    struct fixture *f = *state;
    add_request(f, KEEP, STR("the body"));
    int client = send_request(f);
    for (int i = 1; i <= 10; i++) {
        assert_answered(f, client);
        assert_int_equal(f->served, i);
        assert_int_equal(f->body, 8);
        turn(f, i == 1 ? 3 * PEER_TIME : 1); /* it may be idle for as long as it likes */
        send_records(f, client, 0, f->sent->len);
    }
    assert_answered(f, client);
    assert_false(is_closed(f, client));
    assert_int_equal(fcgi_count(f->fcgi), 1);
    close(client);
    turn(f, 2);
    assert_int_equal(fcgi_count(f->fcgi), 0);
}

static void
one_that_is_not_kept_is_closed(void **state)
{
    struct fixture *f = *state;
    add_request(f, 0, STR("x"));
    int client = send_request(f);
    assert_answered(f, client);
    assert_true(is_closed(f, client));
    close(client);
    assert_int_equal(fcgi_count(f->fcgi), 0);
}

/* Bodies around what is looked at in the socket, what a socket holds, and the most. */
static void
long_bodies(void **state)
{
    static const size_t lengths[] = { 30000, 32700, 32768, 65535, 65536, 262144, 900000 };
    struct fixture *f = *state;
    struct buf *body = buf_new(f->arena);
    int client = connect_client(f);
    for (size_t i = 0; i < ARRAY_LENGTH(lengths); i++) {
        buf_truncate(body, 0);
        buf_repeat(body, (char)('a' + i), lengths[i]);
        add_request(f, KEEP, buf_str(body));
        send_records(f, client, 0, f->sent->len);
        assert_answered(f, client);
        assert_int_equal(f->body, lengths[i]);
        assert_int_equal(f->sum, (uint32_t)(lengths[i] * ('a' + i)));
    }
    close(client);
}

/* One that is longer than may be read is answered while its peer sends, who need not read until all
 * of it has gone; then the connection is closed, even one that is kept. */
static void
a_body_that_is_too_long(void **state)
{
    struct fixture *f = *state;
    struct buf *body = buf_new(f->arena), *much = buf_new(f->arena);
    bool has_ended, has_closed;
    buf_repeat(body, 'x', 4 * SIZE);
    buf_repeat(much, 'y', 2000000);
    for (int i = 0; i < 3; i++) {
        f->answer = i == 1 ? buf_str(much) : STR("body");
        add_request(f, KEEP, buf_str(body));
        f->body = 1;
        int client = send_request(f);
        assert_int_equal(f->served, i + 1);
        assert_int_equal(f->body, 0);
        assert_int_equal(read_response(f, client, &has_ended, &has_closed).len, f->answer.len + 8);
        assert_true(has_ended);
        assert_true(is_closed(f, client)); /* in its direction, and then in both */
        assert_int_equal(fcgi_count(f->fcgi), 1);
        if (i == 2) {
            turn(f, REQUEST_TIME);
            assert_int_equal(fcgi_count(f->fcgi), 0);
        }
        close(client);
        turn(f, 2);
        assert_int_equal(fcgi_count(f->fcgi), 0);
    }
}

/* The same, of many short records; and what is too long before its body is nothing. */
static void
many_records(void **state)
{
    struct fixture *f = *state;
    add_request(f, 0, STR(""));
    buf_truncate(f->sent, f->sent->len - 8); /* the end of the body */
    size_t start = f->sent->len;
    while (f->sent->len <= 2 * SIZE)
        add_record(f, STDIN, STR("x"));
    f->body = 1;
    int client = send_request(f);
    assert_answered(f, client);
    assert_int_equal(f->body, 0);
    close(client);

    buf_truncate(f->sent, start - 8); /* the end of the variables */
    while (f->sent->len <= 2 * SIZE)
        add_record(f, PARAMS, STR("\x01\x01xy"));
    client = connect_client(f);
    for (size_t at = 0; at < f->sent->len && !is_closed(f, client);) {
        ssize_t sent = send(client, f->sent->ptr + at, f->sent->len - at, MSG_NOSIGNAL);
        at += sent > 0 ? (size_t)sent : 0;
    }
    assert_true(is_closed(f, client));
    assert_int_equal(f->served, 1);
    close(client);
}

/* Bodies around a record's length, and more than a socket holds. */
static void
long_responses(void **state)
{
    static const size_t lengths[] = { 65520, 65527, 65528, 65529, 131056, 140000, 3000000 };
    struct fixture *f = *state;
    struct buf *expected = buf_new(f->arena);
    bool has_ended, has_closed;
    add_request(f, KEEP, STR(""));
    int client = connect_client(f);
    for (size_t i = 0; i < ARRAY_LENGTH(lengths); i++) {
        buf_truncate(expected, 0);
        buf_put_c(expected, "head\r\n\r\n");
        for (size_t n = 0; n < lengths[i]; n++)
            buf_byte(expected, (char)('a' + n % 23));
        f->answer = (struct str){ expected->ptr + 8, lengths[i] };
        send_records(f, client, 0, f->sent->len);
        struct str got = read_response(f, client, &has_ended, &has_closed);
        assert_true(str_equal(got, buf_str(expected)));
        assert_true(has_ended);
    }
    close(client);
}

/* A peer that does not read is given up, and holds up nobody meanwhile. */
static void
a_peer_that_does_not_read(void **state)
{
    struct fixture *f = *state;
    struct buf *much = buf_new(f->arena);
    bool has_ended, has_closed;
    add_request(f, KEEP, STR(""));
    buf_repeat(much, 'x', 2000000);
    f->answer = buf_str(much);
    int deaf = send_request(f);
    turn(f, 2);
    f->answer = STR("body");
    int client = send_request(f);
    assert_answered(f, client); /* and no time has passed */
    turn(f, 2 * PEER_TIME);
    assert_int_equal(fcgi_count(f->fcgi), 2);
    turn(f, WRITE_TIME);
    assert_int_equal(fcgi_count(f->fcgi), 1);
    read_response(f, deaf, &has_ended, &has_closed);
    assert_false(has_ended);
    close(deaf);
    close(client);
}

/* What is kept for peers that do not read is bounded: who has not read for the longest time goes,
 * and neither those who read nor a response that is longer than the bound. */
static void
peers_that_do_not_read(void **state)
{
    struct fixture *f = *state;
    struct buf *much = buf_new(f->arena);
    static char piece[400000];
    bool has_ended, has_closed;
    add_request(f, KEEP, STR(""));
    buf_repeat(much, 'x', OUTPUT * 2 / 5);
    f->answer = buf_str(much);
    int slow = send_request(f); /* it came first, but reads */
    turn(f, 1);
    int deaf = send_request(f);
    turn(f, 1);
    ssize_t got = recv(slow, piece, sizeof(piece), 0);
    assert_true(got > 0);
    turn(f, 1);
    assert_int_equal(fcgi_count(f->fcgi), 2);
    int other = send_request(f);
    turn(f, 1);
    assert_int_equal(fcgi_count(f->fcgi), 2);
    read_response(f, deaf, &has_ended, &has_closed);
    assert_true(has_closed && !has_ended);
    for (size_t total = (size_t)got; total < much->len; total += (size_t)got) {
        got = recv(slow, piece, sizeof(piece), 0);
        assert_true(got > 0 || errno == EAGAIN);
        got = got > 0 ? got : 0;
        turn(f, 0);
    }
    read_response(f, other, &has_ended, &has_closed);
    assert_true(has_ended && !has_closed);
    close(deaf);
    close(slow);
    close(other);
    turn(f, 2);
    assert_int_equal(fcgi_count(f->fcgi), 0);

    buf_repeat(much, 'x', 2 * OUTPUT);
    f->answer = buf_str(much);
    int client = send_request(f);
    turn(f, 2);
    read_response(f, client, &has_ended, &has_closed);
    assert_true(has_ended);
    close(client);
}

/* A request that stops anywhere is none; it is given up in time, or at once when its peer goes, and
 * others are served meanwhile. */
static void
what_is_broken_off(void **state)
{
    struct fixture *f = *state;
    add_request(f, KEEP, STR("the body"));
    for (size_t len = 1; len < f->sent->len; len += 3) {
        int half = connect_client(f);
        send_records(f, half, 0, len);
        int client = send_request(f);
        assert_answered(f, client);
        close(client);
        if (len % 2 == 0) {
            turn(f, PEER_TIME + 20);
            assert_true(is_closed(f, half));
        }
        close(half);
        turn(f, 1);
        assert_int_equal(fcgi_count(f->fcgi), 0);
    }
}

static void
a_peer_that_drips(void **state)
{
    struct fixture *f = *state;
    add_request(f, KEEP, STR("the body"));
    int client = connect_client(f);
    for (size_t i = 0; i < f->sent->len; i++)
        send_records(f, client, i, i + 1);
    assert_answered(f, client);

    /* But not for ever. */
    int64_t start = clock_time;
    for (size_t i = 0; i + 1 < f->sent->len && !is_closed(f, client); i++) {
        send(client, f->sent->ptr + i, 1, MSG_NOSIGNAL);
        turn(f, PEER_TIME / 2);
    }
    assert_true(is_closed(f, client));
    assert_in_range(clock_time - start, REQUEST_TIME, REQUEST_TIME + PEER_TIME);
    close(client);
}

static void
junk(void **state)
{
    struct fixture *f = *state;
    static const struct str junk[] = {
        { "GET / HTTP/1.0\r\n\r\n", 18 }, { "\xff\xff\xff\xff\xff\xff\xff\xff", 8 },
        { "\0\0\0\0\0\0\0\0", 8 },        { "\x01\x09\0\0\0\0\0\0", 8 }, /* GET_VALUES */
        { "\x01\x05\0\x01\0\0\0\0", 8 }, /* STDIN before anything else */
    };
    for (size_t i = 0; i < ARRAY_LENGTH(junk); i++) {
        int client = connect_client(f);
        assert_int_equal(send(client, junk[i].ptr, junk[i].len, 0), junk[i].len);
        assert_true(is_closed(f, client));
        close(client);
    }
    /* Bytes after the end: a request that was not waited for. */
    add_request(f, KEEP, STR("x"));
    buf_put(f->sent, STR("\x01"));
    int client = send_request(f);
    assert_true(is_closed(f, client));
    close(client);
    assert_int_equal(f->served, 0);

    /* The same, while the first is under way: that one is answered. */
    f->is_answering = false;
    add_request(f, KEEP, STR("x"));
    client = send_request(f);
    turn(f, 2);
    assert_int_equal(send(client, "x", 1, 0), 1);
    turn(f, 2);
    answer(f, f->waiting);
    assert_answered(f, client);
    turn(f, PEER_TIME + 20);
    assert_true(is_closed(f, client));
    close(client);
    assert_int_equal(f->served, 1);
}

static void
a_peer_that_goes(void **state)
{
    struct fixture *f = *state;
    f->is_answering = false;
    add_request(f, KEEP, STR("x"));
    for (int i = 1; i <= 3; i++) {
        int client = send_request(f);
        turn(f, i == 2 ? 2 : 0);
        close(client);
        turn(f, 2);
        assert_int_equal(f->served, i);
        assert_int_equal(f->gone, i);
        if (i == 3)
            assert_false(f->waiting->write(f->waiting, &STR("x"), 1));
        else
            f->waiting->drop(f->waiting);
        turn(f, 1);
        assert_int_equal(fcgi_count(f->fcgi), 0);
    }
}

/* Nothing is done for one that has gone before it was looked at; one that has only closed its own
 * direction is served. */
static void
a_peer_that_has_gone(void **state)
{
    struct fixture *f = *state;
    add_request(f, 0, STR("x"));
    for (int i = 0; i < 3; i++) {
        int client = connect_client(f);
        turn(f, i == 2 ? 2 : 0);
        size_t len = i == 1 ? f->sent->len / 2 : f->sent->len;
        assert_int_equal(send(client, f->sent->ptr, len, MSG_NOSIGNAL), len);
        close(client);
        turn(f, 3);
        assert_int_equal(f->served, 0);
        assert_int_equal(fcgi_count(f->fcgi), 0);
    }
    int client = connect_client(f);
    assert_int_equal(send(client, f->sent->ptr, f->sent->len, MSG_NOSIGNAL), f->sent->len);
    shutdown(client, SHUT_WR);
    assert_answered(f, client);
    assert_int_equal(f->served, 1);
    close(client);
}

/* While there are as many as there may be, the next waits. */
static void
too_many(void **state)
{
    struct fixture *f = *state;
    int clients[MOST + 1];
    add_request(f, KEEP, STR("x"));
    for (int i = 0; i <= MOST; i++)
        clients[i] = send_request(f);
    turn(f, 5);
    assert_int_equal(f->served, MOST);
    close(clients[0]);
    turn(f, 5);
    assert_int_equal(f->served, MOST + 1);
    for (int i = 1; i <= MOST; i++) {
        assert_answered(f, clients[i]);
        close(clients[i]);
    }
}

/* A door that closes hands what is idle over, at once or when it has been answered; a
 * request that comes meanwhile is answered by the other door. */
static void
leaving(void **state)
{
    struct fixture *f = *state;
    int passage[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, passage), 0);
    add_request(f, KEEP, STR("x"));
    int idle = send_request(f);
    assert_answered(f, idle);
    f->is_answering = false;
    int busy = send_request(f);
    turn(f, 2);
    assert_int_equal(f->served, 2);
    struct http_source *under_way = f->waiting;
    f->is_answering = true;

    struct fcgi *other = open_door(f, passage[0]);
    fcgi_leave(f->fcgi, passage[1]);
    assert_int_equal(fcgi_count(f->fcgi), 1);
    send_records(f, idle, 0, f->sent->len);
    turn(f, 2);
    assert_int_equal(f->served, 2);
    fcgi_listen(other);
    assert_answered(f, idle);
    assert_int_equal(f->served, 3);

    answer(f, under_way);
    assert_answered(f, busy);
    assert_int_equal(fcgi_count(f->fcgi), 0);
    send_records(f, busy, 0, f->sent->len);
    assert_answered(f, busy);
    assert_int_equal(fcgi_count(other), 2);

    /* Where nobody is left: who has come is served, and then all are closed. */
    int late = connect_client(f);
    fcgi_leave(other, -1);
    fcgi_accept_rest(other);
    assert_true(is_closed(f, idle));
    send_records(f, late, 0, f->sent->len);
    assert_answered(f, late);
    assert_true(is_closed(f, late));
    assert_int_equal(fcgi_count(other), 0);
    fcgi_close(other);
    close(idle);
    close(busy);
    close(late);
    close(passage[0]);
    close(passage[1]);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_kept_connection_has_requests_behind_each_other),
        TEST(one_that_is_not_kept_is_closed),
        TEST(long_bodies),
        TEST(a_body_that_is_too_long),
        TEST(many_records),
        TEST(long_responses),
        TEST(a_peer_that_does_not_read),
        TEST(peers_that_do_not_read),
        TEST(what_is_broken_off),
        TEST(a_peer_that_drips),
        TEST(junk),
        TEST(a_peer_that_goes),
        TEST(a_peer_that_has_gone),
        TEST(too_many),
        TEST(leaving),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
