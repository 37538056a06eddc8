/*
 * test_password_gate.c - how many passwords are hashed at once, and for whom.
 *
 * SPDX-License-Identifier: MIT
 */
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "auth/password.h"
#include "auth/password_gate.h"
#include "tests/unit/test_clock.h"
#include "tests/unit/unit.h"

enum { SOON = 60000 }; /* milliseconds: no bound in a test */

#define VISITOR(g, who, end)                                                                       \
    (&(struct password_visitor){                                                                   \
        .gate = (g), .client = (who), .descriptor = -1, .deadline = (end) })

static void
pause_for(int milliseconds)
{
    nanosleep(&(struct timespec){ milliseconds / 1000, milliseconds % 1000 * 1000000L }, NULL);
}

static void
test_gate_size(void **state)
{
    static const struct {
        int workers, queue_most;
    } cases[] = { { 1, 1 }, { 2, 1 }, { 8, 7 }, { 64, 20 }, { 1024, 20 } };
    int cores = (int)sysconf(_SC_NPROCESSORS_ONLN);

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct password_gate gate;
        assert_true(password_gate_open(&gate, cases[i].workers));
        assert_int_equal(gate.slots, cores / 2 > 1 ? cores / 2 : 1);
        assert_in_range(gate.queue, 1, cases[i].queue_most);
        password_gate_close(&gate);
    }
}

enum { STAY = -1 };

/* What the processes of a test share. */
struct shared {
    atomic_int inside, most, entered, refused;
    atomic_int may_leave; /* who came to stay */
    char order[64];       /* the clients, a digit each, as they came in */
};

static struct shared *
share(void)
{
    struct shared *s =
        mmap(NULL, sizeof(*s), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    assert_ptr_not_equal(s, MAP_FAILED);
    return s;
}

static void
wait_for(atomic_int *number, int value)
{
    for (int i = 0; i < 5000 && atomic_load(number) < value; i++)
        pause_for(1);
    assert_true(atomic_load(number) >= value);
}

static void
be_inside(struct shared *s, uint64_t client, int milliseconds)
{
    int inside = atomic_fetch_add(&s->inside, 1) + 1;

    for (int most = atomic_load(&s->most); inside > most;)
        if (atomic_compare_exchange_weak(&s->most, &most, inside))
            break;
    int turn = atomic_fetch_add(&s->entered, 1);
    if (turn < (int)sizeof(s->order) - 1)
        s->order[turn] = (char)('0' + client);
    if (milliseconds == STAY)
        wait_for(&s->may_leave, 1);
    else
        pause_for(milliseconds);
    atomic_fetch_sub(&s->inside, 1);
}

/* Enter `times` times, staying for some milliseconds or until it may leave, in a process of
 * its own. */
static pid_t
start_visitor(const struct password_gate *gate, uint64_t client, struct shared *s, int times,
              int milliseconds)
{
    pid_t child = fork();

    assert_true(child >= 0);
    if (child > 0)
        return child;
    for (int i = 0; i < times; i++) {
        int place = password_gate_enter(VISITOR(gate, client, clock_now() + SOON));
        if (place >= 0) {
            be_inside(s, client, milliseconds);
            password_gate_leave(gate, place);
        } else {
            atomic_fetch_add(&s->refused, 1);
        }
    }
    _exit(0);
}

static void
end_visitors(int count)
{
    for (int i = 0; i < count; i++) {
        int status;
        assert_true(wait(&status) > 0);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
}

/* Wait until so many wait: their locks are on the bytes after the slots. */
static void
wait_for_queue(const struct password_gate *gate, int count)
{
    struct flock lock = { .l_type = F_UNLCK };

    for (int i = 0; i < 5000 && lock.l_type == F_UNLCK; i++) {
        pause_for(1);
        lock = (struct flock){ .l_type = F_WRLCK, .l_start = gate->slots + count - 1, .l_len = 1 };
        assert_int_equal(fcntl(gate->descriptor, F_GETLK, &lock), 0);
    }
    assert_int_not_equal(lock.l_type, F_UNLCK);
}

/* Eight processes, three places: never more inside, and all of them in the end. */
static void
test_gate_bound(void **state)
{
    struct password_gate gate;
    struct shared *s = share();

    (void)state;
    assert_true(password_gate_open(&gate, 64));
    gate.slots = 3;
    gate.queue = 5;
    for (int i = 0; i < 8; i++)
        start_visitor(&gate, 1, s, 20, 2);
    end_visitors(8);
    assert_int_equal(s->most, 3);
    assert_int_equal(s->entered, 8 * 20);
    assert_int_equal(s->refused, 0);
    password_gate_close(&gate);
    munmap(s, sizeof(*s));
}

/* One inside, two in the queue: the next is turned away at once. */
static void
test_gate_full(void **state)
{
    struct password_gate gate;
    struct shared *s = share();

    (void)state;
    assert_true(password_gate_open(&gate, 64));
    gate.slots = 1;
    gate.queue = 2;
    start_visitor(&gate, 1, s, 1, STAY);
    wait_for(&s->entered, 1);
    start_visitor(&gate, 1, s, 1, 1);
    start_visitor(&gate, 1, s, 1, 1);
    wait_for_queue(&gate, 2);
    assert_int_equal(password_gate_enter(VISITOR(&gate, 1, clock_now() + SOON)), -1);
    atomic_store(&s->may_leave, 1);
    end_visitors(3);
    assert_int_equal(s->entered, 3);

    int place = password_gate_enter(VISITOR(&gate, 1, clock_now() + SOON));
    assert_int_equal(place, 0);
    password_gate_leave(&gate, place);
    password_gate_close(&gate);
    munmap(s, sizeof(*s));
}

/* One client has its share of the places, however many of its calls come; another finds one. */
static void
test_gate_share(void **state)
{
    struct password_gate gate;
    struct shared *s = share();

    (void)state;
    assert_true(password_gate_open(&gate, 64));
    assert_int_equal(gate.share, (gate.slots + gate.queue) / 2);
    gate.slots = 1;
    gate.queue = 5;
    gate.share = 3;
    start_visitor(&gate, 1, s, 1, STAY);
    wait_for(&s->entered, 1);
    start_visitor(&gate, 1, s, 1, 1);
    start_visitor(&gate, 1, s, 1, 1);
    wait_for_queue(&gate, 2);
    for (int i = 0; i < 3; i++)
        assert_int_equal(password_gate_enter(VISITOR(&gate, 1, clock_now() + SOON)), -1);
    start_visitor(&gate, 2, s, 1, 1);
    start_visitor(&gate, 0, s, 1, 1); /* not known: without a share */
    wait_for_queue(&gate, 4);
    atomic_store(&s->may_leave, 1);
    end_visitors(5);
    assert_int_equal(s->entered, 5);
    assert_int_equal(s->refused, 0);
    password_gate_close(&gate);

    /* Where there is a place for each worker, no client needs a bound. */
    assert_true(password_gate_open(&gate, 2));
    assert_true(gate.share >= 2);
    password_gate_close(&gate);
    munmap(s, sizeof(*s));
}

/* After a turn of one client comes another one that waits, whoever looks first. */
static void
test_gate_turns(void **state)
{
    struct password_gate gate;
    struct shared *s = share();

    (void)state;
    assert_true(password_gate_open(&gate, 64));
    gate.slots = 1;
    gate.queue = 6;
    start_visitor(&gate, 1, s, 1, STAY);
    wait_for(&s->entered, 1);
    for (int i = 1; i <= 3; i++)
        start_visitor(&gate, 1, s, 1, 20);
    wait_for_queue(&gate, 3);
    start_visitor(&gate, 2, s, 1, 20);
    wait_for_queue(&gate, 4);
    start_visitor(&gate, 2, s, 1, 20);
    wait_for_queue(&gate, 5);
    atomic_store(&s->may_leave, 1);
    end_visitors(6);
    assert_string_equal(s->order, "121211");
    password_gate_close(&gate);
    munmap(s, sizeof(*s));
}

/* Nobody waits for a client that has gone. */
static void
test_gate_gone(void **state)
{
    struct password_gate gate;
    struct shared *s = share();
    int sockets[2];

    (void)state;
    assert_true(password_gate_open(&gate, 64));
    gate.slots = 1;
    start_visitor(&gate, 1, s, 1, STAY);
    wait_for(&s->entered, 1);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets), 0);
    close(sockets[1]);
    struct password_visitor visitor = {
        .gate = &gate, .client = 2, .descriptor = sockets[0], .deadline = clock_now() + SOON
    };
    assert_int_equal(password_gate_enter(&visitor), -1);
    close(sockets[0]);
    atomic_store(&s->may_leave, 1);
    end_visitors(1);
    password_gate_close(&gate);
    munmap(s, sizeof(*s));
}

/* Whoever waits gives up at the deadline, and frees its place in the queue. */
static void
test_gate_deadline(void **state)
{
    struct password_gate gate;
    struct shared *s = share();

    (void)state;
    assert_true(password_gate_open(&gate, 64));
    gate.slots = gate.queue = 1;
    pid_t child = start_visitor(&gate, 1, s, 1, 10000);
    wait_for(&s->entered, 1);
    clock_step = 10;
    for (int i = 0; i < 2; i++) {
        int64_t start = clock_time;
        assert_int_equal(password_gate_enter(VISITOR(&gate, 1, start + 50)), -1);
        assert_in_range(clock_time - start, 50, 70);
    }
    /* Or after two seconds, whatever the deadline. */
    int64_t start = clock_time;
    assert_int_equal(password_gate_enter(VISITOR(&gate, 1, start + SOON)), -1);
    assert_in_range(clock_time - start, 2000, 2030);
    clock_step = 0;

    /* A process that dies inside leaves nothing over. */
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_int_equal(password_gate_enter(VISITOR(&gate, 1, clock_now())), 0);
    password_gate_close(&gate);
    munmap(s, sizeof(*s));
}

/* Through the gate: a full one is said, and nothing is found out. */
static void
test_busy(void **state)
{
    struct arena *a = arena_new("test");
    struct password_gate gate;
    struct shared *s = share();
    int64_t end = clock_now() + SOON;

    (void)state;
    assert_true(password_gate_open(&gate, 64));
    gate.slots = 1;
    gate.queue = 0;
    struct str hash = password_hash(a, VISITOR(&gate, 1, end), STR("correct horse"));
    assert_non_null(hash.ptr);
    pid_t child = start_visitor(&gate, 1, s, 1, 10000);
    wait_for(&s->entered, 1);
    assert_null(password_hash(a, VISITOR(&gate, 1, end), STR("correct horse")).ptr);
    assert_int_equal(password_verify(VISITOR(&gate, 1, end), hash, STR("correct horse")),
                     PASSWORD_BUSY);
    assert_int_equal(password_verify(VISITOR(&gate, 1, end), STR_NONE, STR("correct horse")),
                     PASSWORD_BUSY);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    assert_int_equal(password_verify(VISITOR(&gate, 1, end), hash, STR("correct horse")),
                     PASSWORD_RIGHT);
    assert_int_equal(password_verify(VISITOR(&gate, 1, end), hash, STR("correct horse")),
                     PASSWORD_RIGHT);
    password_gate_close(&gate);
    munmap(s, sizeof(*s));
    arena_free(a);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gate_size),     cmocka_unit_test(test_gate_bound),
        cmocka_unit_test(test_gate_full),     cmocka_unit_test(test_gate_share),
        cmocka_unit_test(test_gate_turns),    cmocka_unit_test(test_gate_gone),
        cmocka_unit_test(test_gate_deadline), cmocka_unit_test(test_busy),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
