/*
 * test_password.c - the rules for passwords, their hashes, and the gate that
 * bounds how many are hashed at once.
 *
 * SPDX-License-Identifier: MIT
 */
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"
#include "database/db.h"
#include "auth/password.h"
#include "auth/password_gate.h"
#include "tests/unit/test_clock.h"
#include "tests/unit/unit.h"

enum { SOON = 60000 }; /* milliseconds: no bound in a test */

#define TEN "0123456789"

static void
test_rules(void **state)
{
    struct arena *a = arena_new("test");
    char many[513];
    static const char clef[] = "\xF0\x9D\x84\x9E"; /* four bytes, one character */
    char clefs[129 * 4];

    (void)state;
    memset(many, 'x', sizeof(many));
    for (int i = 0; i < 129; i++)
        memcpy(clefs + 4 * i, clef, 4);
    const struct {
        struct str password, username;
        const char *fault; /* in the message; NULL: none */
    } cases[] = {
        { STR("1234567"), STR("ada"), "at least 8 characters" },
        { STR("12345678"), STR("ada"), NULL },
        { STR(""), STR("ada"), "at least 8 characters" },
        { { many, 128 }, STR("ada"), NULL },
        { { many, 129 }, STR("ada"), "at most 128 characters" },
        { { many, 512 }, STR("ada"), "at most 128 characters" },
        { { many, 513 }, STR("ada"), "at most 512 bytes" },
        { { clefs, 7 * 4 }, STR("ada"), "at least 8 characters" },
        { { clefs, 8 * 4 }, STR("ada"), NULL },
        { { clefs, 128 * 4 }, STR("ada"), NULL },
        { { clefs, 129 * 4 }, STR("ada"), "at most 512 bytes" },
        { STR("        "), STR("ada"), NULL },
        { STR("1234567\0"), STR("ada"), "U+0000" },
        { STR("\0"
              "12345678"),
          STR("ada"), "U+0000" },
        { STR("adalovelace"), STR("adalovelace"), "the username" },
        { STR("AdaLovelace"), STR("adalovelace"), "the username" },
        { STR("adalovelace"), STR("ADALOVELACE"), "the username" },
        { STR("adalovelace1"), STR("adalovelace"), NULL },
        { STR("adalovelac"), STR("adalovelace"), NULL },
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct errors errors = { .arena = a };
        bool is_good = password_check(cases[i].password, cases[i].username, &errors);
        assert_int_equal(is_good, cases[i].fault == NULL);
        assert_int_equal(errors.count, is_good ? 0 : 1);
        if (is_good)
            continue;
        assert_int_equal(errors.first->code, ERROR_BAD_USER_INPUT);
        assert_true(str_is(errors.first->argument, "password"));
        if (!strstr(errors.first->message.ptr, cases[i].fault))
            fail_msg("%zu: %s", i, errors.first->message.ptr);
    }
    arena_free(a);
}

static void
test_hash(void **state)
{
    struct arena *a = arena_new("test");
    int64_t end = clock_now() + SOON;

    (void)state;
    struct str hash = password_hash(a, NULL, end, STR("correct horse"));
    assert_non_null(hash.ptr);
    assert_true(str_starts_with(hash, STR("$argon2id$v=19$m=19456,t=2,p=1$")));
    assert_int_equal(password_verify(NULL, end, hash, STR("correct horse")), PASSWORD_RIGHT);
    assert_int_equal(password_verify(NULL, end, hash, STR("correct horsf")), PASSWORD_WRONG);
    assert_int_equal(password_verify(NULL, end, hash, STR("correct hors")), PASSWORD_WRONG);
    assert_int_equal(password_verify(NULL, end, hash, STR("correct horse\0")), PASSWORD_WRONG);
    assert_int_equal(password_verify(NULL, end, hash, STR("")), PASSWORD_WRONG);
    assert_int_equal(password_verify(NULL, end, STR_NONE, STR("correct horse")), PASSWORD_WRONG);
    assert_false(str_equal(hash, password_hash(a, NULL, end, STR("correct horse"))));
    arena_free(a);
}

/* What is not a hash lets nobody in. */
static void
test_no_hash(void **state)
{
    static const char *const texts[] = { "",
                                         "!",
                                         "password",
                                         "$argon2id$",
                                         "$argon2id$v=19$m=8",
                                         "$5$salt$hash",
                                         "pbkdf2_sha256$150000$salt$hash" };
    int64_t end = clock_now() + SOON;
    char longer[300];

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++) {
        assert_int_equal(password_verify(NULL, end, str_from(texts[i]), str_from(texts[i])),
                         PASSWORD_WRONG);
        assert_true(password_needs_rehash(str_from(texts[i])));
    }
    memset(longer, 'x', sizeof(longer));
    memcpy(longer, "$argon2id$", 10);
    struct str hash = { longer, sizeof(longer) };
    assert_int_equal(password_verify(NULL, end, hash, STR("password")), PASSWORD_WRONG);
    assert_true(password_needs_rehash(hash));
}

static void
test_needs_rehash(void **state)
{
    struct arena *a = arena_new("test");
    struct str rest = STR("$c29tZXNhbHRzb21lc2FsdA$"
                          "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE");

    (void)state;
    assert_false(
        password_needs_rehash(password_hash(a, NULL, clock_now() + SOON, STR("password"))));
    assert_false(password_needs_rehash(
        str_format(a, "$argon2id$v=19$m=19456,t=2,p=1%.*s", STR_PRINT(rest))));
    assert_true(password_needs_rehash(
        str_format(a, "$argon2id$v=19$m=19456,t=3,p=1%.*s", STR_PRINT(rest))));
    assert_true(password_needs_rehash(
        str_format(a, "$argon2id$v=19$m=65536,t=2,p=1%.*s", STR_PRINT(rest))));
    arena_free(a);
}

static int64_t
nanoseconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

/* The least time of some: what it costs when nobody else is at work. */
static int64_t
cost(struct str hash, struct str password)
{
    int64_t least = INT64_MAX;

    for (int i = 0; i < 5; i++) {
        int64_t start = nanoseconds();
        assert_int_equal(password_verify(NULL, clock_now() + SOON, hash, password), PASSWORD_WRONG);
        int64_t time = nanoseconds() - start;
        least = time < least ? time : least;
    }
    return least;
}

/* A user who is not there costs what one costs who is; what is over the bound
 * costs nothing. */
static void
test_cost(void **state)
{
    struct arena *a = arena_new("test");
    struct str hash = password_hash(a, NULL, clock_now() + SOON, STR("correct horse"));
    char bomb[513];

    (void)state;
    memset(bomb, 'x', sizeof(bomb));
    int64_t somebody = cost(hash, STR("a wrong one")), nobody = cost(STR_NONE, STR("a wrong one"));
    int64_t foreign = cost(STR("!"), STR("a wrong one"));
    int64_t refused = cost(hash, (struct str){ bomb, sizeof(bomb) });
    assert_in_range(nobody, somebody / 2, somebody * 2);
    assert_in_range(foreign, somebody / 2, somebody * 2);
    assert_true(refused < somebody / 20);
    arena_free(a);
}

/* --- the gate --- */

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
be_inside(struct shared *s, int milliseconds)
{
    int inside = atomic_fetch_add(&s->inside, 1) + 1;

    for (int most = atomic_load(&s->most); inside > most;)
        if (atomic_compare_exchange_weak(&s->most, &most, inside))
            break;
    atomic_fetch_add(&s->entered, 1);
    if (milliseconds == STAY)
        wait_for(&s->may_leave, 1);
    else
        pause_for(milliseconds);
    atomic_fetch_sub(&s->inside, 1);
}

/* Enter `times` times, staying for some milliseconds or until it may leave, in a process of
 * its own. */
static pid_t
start_visitor(const struct password_gate *gate, struct shared *s, int times, int milliseconds)
{
    pid_t child = fork();

    assert_true(child >= 0);
    if (child > 0)
        return child;
    for (int i = 0; i < times; i++) {
        int place = password_gate_enter(gate, clock_now() + SOON);
        if (place >= 0) {
            be_inside(s, milliseconds);
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
        start_visitor(&gate, s, 20, 2);
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
    start_visitor(&gate, s, 1, STAY);
    wait_for(&s->entered, 1);
    start_visitor(&gate, s, 1, 1);
    start_visitor(&gate, s, 1, 1);
    wait_for_queue(&gate, 2);
    assert_int_equal(password_gate_enter(&gate, clock_now() + SOON), -1);
    atomic_store(&s->may_leave, 1);
    end_visitors(3);
    assert_int_equal(s->entered, 3);

    int place = password_gate_enter(&gate, clock_now() + SOON);
    assert_int_equal(place, 0);
    password_gate_leave(&gate, place);
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
    pid_t child = start_visitor(&gate, s, 1, 10000);
    wait_for(&s->entered, 1);
    clock_step = 10;
    for (int i = 0; i < 2; i++) {
        int64_t start = clock_time;
        assert_int_equal(password_gate_enter(&gate, start + 50), -1);
        assert_in_range(clock_time - start, 50, 70);
    }
    /* Or after two seconds, whatever the deadline. */
    int64_t start = clock_time;
    assert_int_equal(password_gate_enter(&gate, start + SOON), -1);
    assert_in_range(clock_time - start, 2000, 2030);
    clock_step = 0;

    /* A process that dies inside leaves nothing over. */
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_int_equal(password_gate_enter(&gate, clock_now()), 0);
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
    struct str hash = password_hash(a, &gate, end, STR("correct horse"));
    assert_non_null(hash.ptr);
    pid_t child = start_visitor(&gate, s, 1, 10000);
    wait_for(&s->entered, 1);
    assert_null(password_hash(a, &gate, end, STR("correct horse")).ptr);
    assert_int_equal(password_verify(&gate, end, hash, STR("correct horse")), PASSWORD_BUSY);
    assert_int_equal(password_verify(&gate, end, STR_NONE, STR("correct horse")), PASSWORD_BUSY);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    assert_int_equal(password_verify(&gate, end, hash, STR("correct horse")), PASSWORD_RIGHT);
    assert_int_equal(password_verify(&gate, end, hash, STR("correct horse")), PASSWORD_RIGHT);
    password_gate_close(&gate);
    munmap(s, sizeof(*s));
    arena_free(a);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rules),         cmocka_unit_test(test_hash),
        cmocka_unit_test(test_no_hash),       cmocka_unit_test(test_needs_rehash),
        cmocka_unit_test(test_cost),          cmocka_unit_test(test_gate_size),
        cmocka_unit_test(test_gate_bound),    cmocka_unit_test(test_gate_full),
        cmocka_unit_test(test_gate_deadline), cmocka_unit_test(test_busy),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
