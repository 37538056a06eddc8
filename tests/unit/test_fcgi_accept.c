/*
 * test_fcgi_accept.c - how many connections are accepted at once, and what happens when there are
 * no descriptors left.
 *
 * SPDX-License-Identifier: MIT
 */
#include <fcntl.h>
#include <sys/resource.h>

#include "fcgi_case.h"

/* More clients than one turn accepts. */
enum { CROWD = 300 };

static int crowd[CROWD];

/* The fixture's door closes, and one with room for a crowd opens. */
static void
open_wide(struct fixture *f)
{
    struct fcgi_options options = { .listener = f->listener,
                                    .arrivals = -1,
                                    .connections = CROWD,
                                    .peer_time = PEER_TIME,
                                    .write_time = WRITE_TIME,
                                    .output = OUTPUT,
                                    .request_time = 100 * PEER_TIME,
                                    .size = SIZE,
                                    .serve = serve,
                                    .gone = note_gone,
                                    .context = f };

    fcgi_close(f->fcgi);
    assert_int_equal(listen(f->listener, CROWD), 0);
    f->fcgi = fcgi_open(f->arena, f->loop, &options);
    assert_non_null(f->fcgi);
    fcgi_listen(f->fcgi);
}

static void
connect_crowd(struct fixture *f, int count)
{
    for (int i = 0; i < count; i++)
        crowd[i] = connect_client(f);
}

static void
close_crowd(int count)
{
    for (int i = 0; i < count; i++)
        close(crowd[i]);
}

/* Accepted in the next turn. */
static int
count_accepts(struct fixture *f)
{
    int before = fcgi_count(f->fcgi);

    loop_turn(f->loop, 0, NULL);
    return fcgi_count(f->fcgi) - before;
}

static void
a_crowd_is_accepted_faster_and_faster(void **state)
{
    static const int expected[] = { 1, 2, 4, 8, 16, 32, 64, 64, 64, 45, 0 };
    struct fixture *f = *state;

    open_wide(f);
    connect_crowd(f, CROWD);
    for (size_t i = 0; i < ARRAY_LENGTH(expected); i++)
        assert_int_equal(count_accepts(f), expected[i]);
    close_crowd(CROWD);
    turn(f, CROWD / 64 + 1);
    assert_int_equal(fcgi_count(f->fcgi), 0);
}

/* Who comes alone is accepted at once, and the next crowd is shared with others again. */
static void
the_next_crowd_begins_with_one(void **state)
{
    struct fixture *f = *state;

    open_wide(f);
    for (int round = 0; round < 3; round++) {
        connect_crowd(f, 6);
        assert_int_equal(count_accepts(f), 1);
        assert_int_equal(count_accepts(f), 2);
        assert_int_equal(count_accepts(f), 3);
        close_crowd(6);
        turn(f, 1);
        assert_int_equal(fcgi_count(f->fcgi), 0);
    }
}

/* Let there be no more descriptors than are open now, and `more`. */
static struct rlimit
limit_descriptors(int more)
{
    struct rlimit before, limit;
    int next = fcntl(0, F_DUPFD, 0);

    assert_true(next >= 0);
    close(next);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    limit = before;
    limit.rlim_cur = (rlim_t)(next + more);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
    return before;
}

static int
count_lines(int log)
{
    static char text[65536];
    ssize_t got = read(log, text, sizeof(text));
    int count = 0;

    for (ssize_t i = 0; i < got; i++)
        count += text[i] == '\n';
    return count;
}

/* Connections come and go while there are no descriptors: one line for each pause, and no attempt
 * to accept within it. */
static void
a_shortage_of_descriptors(void **state)
{
    struct fixture *f = *state;
    int log[2];

    open_wide(f);
    assert_int_equal(pipe2(log, O_NONBLOCK), 0);
    connect_crowd(f, 20);
    struct rlimit before = limit_descriptors(5);
    log_set_descriptor(log[1]);
    turn(f, 10);
    assert_int_equal(fcgi_count(f->fcgi), 5);
    assert_int_equal(count_lines(log[0]), 1);
    for (int i = 0; i < 4; i++) { /* they leave, which makes room */
        close(crowd[i]);
        turn(f, 10);
    }
    assert_int_equal(fcgi_count(f->fcgi), 1);
    assert_int_equal(count_lines(log[0]), 0);

    turn(f, 60); /* the pause is over: it begins again, with as many as there is room for */
    int lines = 1, accepted = fcgi_count(f->fcgi);
    assert_int_equal(count_lines(log[0]), lines);
    assert_true(accepted > 1);
    clock_time += 100;
    turn(f, 50);
    assert_int_equal(count_lines(log[0]), 1);
    assert_int_equal(fcgi_count(f->fcgi), accepted);

    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    turn(f, 110);
    log_set_descriptor(STDERR_FILENO);
    assert_int_equal(count_lines(log[0]), 0);
    assert_int_equal(fcgi_count(f->fcgi), 16);
    add_request(f, KEEP, STR("x"));
    for (int i = 4; i < 20; i++) { /* nobody was lost */
        send_records(f, crowd[i], 0, f->sent->len);
        assert_answered(f, crowd[i]);
        close(crowd[i]);
    }
    close(log[0]);
    close(log[1]);
}

/* One that is handed over waits until there is a descriptor for it: the kernel would close it. */
static void
a_shortage_where_connections_are_handed_over(void **state)
{
    struct fixture *f = *state;
    int passage[2], log[2];

    assert_int_equal(pipe2(log, O_NONBLOCK), 0);
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, passage), 0);
    add_request(f, KEEP, STR("x"));
    int client = send_request(f);
    assert_answered(f, client);
    struct fcgi *other = open_door(f, passage[0]);
    fcgi_leave(f->fcgi, passage[1]);
    fcgi_listen(other);
    struct rlimit before = limit_descriptors(0);
    log_set_level((enum log_level) - 1);
    turn(f, 150);
    log_set_level(LOG_WARNING);
    assert_int_equal(fcgi_count(other), 0);
    assert_false(is_closed(f, client));
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    turn(f, 110);
    assert_int_equal(fcgi_count(other), 1);
    send_records(f, client, 0, f->sent->len);
    assert_answered(f, client);
    fcgi_close(other);
    close(client);
    close(log[0]);
    close(log[1]);
    close(passage[0]);
    close(passage[1]);
}

/* The process was stopped for longer than a peer may take, and what it waited for has come. */
static void
a_pause_of_the_process(void **state)
{
    struct fixture *f = *state;

    open_wide(f);
    connect_crowd(f, CROWD - 1);
    add_request(f, KEEP, STR("the body"));
    size_t half = f->sent->len / 2;
    for (int i = 0; i < CROWD - 1; i++)
        send_records(f, crowd[i], 0, half);
    turn(f, CROWD / 64 + 1);
    assert_int_equal(fcgi_count(f->fcgi), CROWD - 1);
    for (int i = 0; i < CROWD - 1; i++)
        assert_true(send(crowd[i], f->sent->ptr + half, f->sent->len - half, MSG_NOSIGNAL) > 0);
    clock_time += 20 * PEER_TIME;
    loop_turn(f->loop, 0, NULL);
    assert_int_equal(f->served, CROWD - 1);
    for (int i = 0; i < CROWD - 1; i++)
        assert_answered(f, crowd[i]);
    close_crowd(CROWD - 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_crowd_is_accepted_faster_and_faster),
        TEST(the_next_crowd_begins_with_one),
        TEST(a_shortage_of_descriptors),
        TEST(a_shortage_where_connections_are_handed_over),
        TEST(a_pause_of_the_process),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
