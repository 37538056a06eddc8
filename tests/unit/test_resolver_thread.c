/*
 * test_resolver_thread.c - whose call of a slow C function comes when, and what a lost connection
 * or a client that leaves means for the others.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "event/loop.h"
#include "database/db.h"
#include "database/db_settings.h"
#include "execution/execute.h"
#include "execution/resolver_thread.h"
#include "tests/unit/test_clock.h"
#include "tests/unit/unit.h"

enum { MANY = 256, QUEUE = 16, BRIEF = 128 };

/* --- what database/ and execution/ would do --- */

struct db {
    bool is_lost;
};

static struct db connection;
static atomic_bool is_away; /* PostgreSQL */
static atomic_int opened;

/* A call, with its job. */
struct run {
    struct resolver_job job;
    char letter;
};

static char called[MANY + 1]; /* letters of runs, in the order of their calls */
static char done[MANY + 1];   /* of jobs that have come back, in that order */
static sem_t begun, may_end;
static bool is_held; /* each call posts `begun` and waits for `may_end` */

struct db *
db_open(const struct db_settings *settings, char sqlstate[6])
{
    (void)settings;
    (void)sqlstate;
    atomic_fetch_add(&opened, 1);
    connection.is_lost = false;
    return atomic_load(&is_away) ? NULL : &connection;
}

void
db_close(struct db *db)
{
    (void)db;
}

bool
db_is_ready(struct db *db)
{
    return !db->is_lost;
}

bool
db_is_standby(const struct db *db)
{
    (void)db;
    return false;
}

struct db_settings
db_settings_to_write(const struct db_settings *settings)
{
    return *settings;
}

static void
add_letter(char *letters, char letter)
{
    size_t len = strlen(letters);

    assert_true(len < MANY);
    letters[len] = letter;
    letters[len + 1] = '\0';
}

void
execute_resolve(struct run *run, struct db *db, int descriptor)
{
    assert_ptr_equal(db, &connection);
    assert_int_equal(descriptor, run->job.descriptor);
    add_letter(called, run->letter);
    if (!is_held)
        return;
    sem_post(&begun);
    sem_wait(&may_end);
}

/* --- a thread, and calls --- */

static struct arena *arena;
static struct loop *loop;
static struct resolver_thread *thread;

static int
set_up(void **state)
{
    static const struct db_settings settings;

    (void)state;
    arena = arena_new("test");
    loop = loop_new(arena);
    thread = resolver_thread_new(arena, loop, &settings);
    called[0] = done[0] = '\0';
    atomic_store(&opened, 0);
    atomic_store(&is_away, false);
    is_held = false;
    sem_init(&begun, 0, 0);
    sem_init(&may_end, 0, 0);
    return thread ? 0 : -1;
}

static int
tear_down(void **state)
{
    (void)state;
    resolver_thread_free(thread);
    loop_free(loop);
    arena_free(arena);
    return 0;
}

static void
job_done(struct resolver_job *job)
{
    add_letter(done, job->run->letter);
}

static struct run *
make_run(char letter, uint64_t client, int descriptor)
{
    struct run *run = ARENA_NEW(arena, struct run);

    run->letter = letter;
    run->job = (struct resolver_job){ .run = run,
                                      .descriptor = descriptor,
                                      .client = client,
                                      .deadline = clock_time + 1000,
                                      .done = job_done };
    return run;
}

/* Call, without waiting; NULL: there was no place. */
static struct run *
call(char letter, uint64_t client)
{
    struct run *run = make_run(letter, client, -1);

    return resolver_thread_call(thread, &run->job) ? run : NULL;
}

/* Wait until so many jobs have come back. */
static void
await(size_t count)
{
    sigset_t blocked;

    sigemptyset(&blocked);
    while (strlen(done) < count)
        loop_turn(loop, 10000, &blocked);
}

/* Call, and wait for it. */
static enum resolver_outcome
call_and_wait(void)
{
    size_t count = strlen(done);
    struct run *run = call('x', 1);

    assert_non_null(run);
    await(count + 1);
    return run->job.outcome;
}

/* Let a call of that client begin, and hold it until release(). */
static void
hold(char letter, uint64_t client)
{
    is_held = true;
    assert_non_null(call(letter, client));
    sem_wait(&begun);
    is_held = false;
}

static void
release(void)
{
    sem_post(&may_end);
}

/* --- the connection --- */

/* A connection that is lost is made anew for the next call, at the same moment. */
static void
test_lost(void **state)
{
    (void)state;
    for (int i = 1; i <= 5; i++) {
        assert_int_equal(call_and_wait(), RESOLVER_CALLED);
        assert_int_equal(opened, i);
        assert_int_equal(call_and_wait(), RESOLVER_CALLED);
        assert_int_equal(opened, i);
        connection.is_lost = true;
    }
}

/* Only an attempt to connect that failed is not repeated for a while. */
static void
test_away(void **state)
{
    (void)state;
    atomic_store(&is_away, true);
    for (int i = 0; i < 5; i++)
        assert_int_equal(call_and_wait(), RESOLVER_NO_DATABASE);
    assert_int_equal(opened, 1);
    clock_time += 200;
    assert_int_equal(call_and_wait(), RESOLVER_NO_DATABASE);
    assert_int_equal(opened, 2);
    atomic_store(&is_away, false);
    clock_time += 200;
    assert_int_equal(call_and_wait(), RESOLVER_CALLED);
    assert_string_equal(called, "x");
}

/* --- clients that leave --- */

/* Nothing is done for a client that has left: there is not even a connection. */
static void
test_gone(void **state)
{
    int sockets[2];

    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets), 0);
    struct run *stays = make_run('s', 1, sockets[0]);
    assert_true(resolver_thread_call(thread, &stays->job));
    await(1);
    assert_int_equal(stays->job.outcome, RESOLVER_CALLED);
    connection.is_lost = true;
    close(sockets[1]);
    struct run *leaves = make_run('l', 1, sockets[0]);
    assert_true(resolver_thread_call(thread, &leaves->job));
    await(2);
    assert_int_equal(leaves->job.outcome, RESOLVER_GONE);
    assert_string_equal(called, "s");
    assert_int_equal(opened, 1);
    close(sockets[0]);
}

/* A job that is dropped leaves its place; one that has begun goes on. */
static void
test_drop(void **state)
{
    struct run *runs[QUEUE];

    (void)state;
    hold('h', 1);
    for (int i = 0; i < QUEUE; i++)
        assert_non_null(runs[i] = call((char)('a' + i), 1));
    assert_null(call('x', 1));
    assert_true(resolver_thread_drop(thread, &runs[QUEUE - 1]->job));
    assert_false(resolver_thread_drop(thread, &runs[QUEUE - 1]->job));
    assert_true(resolver_thread_drop(thread, &runs[0]->job));
    assert_non_null(call('y', 1));
    assert_non_null(call('z', 1));
    assert_null(call('x', 1));
    release();
    await(1 + QUEUE);
    assert_string_equal(called, "hbcdefghijklmnoyz");
    assert_string_equal(done, "hbcdefghijklmnoyz");
}

/* --- whose turn it is --- */

/* One client may fill the queue, until others come: they take its places, the last ones first. */
static void
test_share(void **state)
{
    struct run *runs[QUEUE];

    (void)state;
    hold('h', 1);
    for (int i = 0; i < QUEUE; i++)
        assert_non_null(runs[i] = call('a', 1));
    assert_null(call('a', 1));
    for (int i = 0; i < QUEUE / 2; i++)
        assert_non_null(call('b', 2));
    assert_null(call('b', 2));
    assert_null(call('a', 1));
    await(QUEUE / 2);
    assert_string_equal(done, "aaaaaaaa");
    for (int i = 0; i < QUEUE / 2; i++)
        assert_int_equal(runs[QUEUE - 1 - i]->job.outcome, RESOLVER_BUSY);
    assert_string_equal(called, "h");
    release();
    await(QUEUE / 2 + 1 + QUEUE);
    assert_string_equal(called, "hbabababababababa");
    assert_int_equal(runs[0]->job.outcome, RESOLVER_CALLED);
}

/* Call briefly, likewise. */
static struct run *
call_briefly(char letter, uint64_t client)
{
    struct run *run = make_run(letter, client, -1);

    run->job.is_brief = true;
    return resolver_thread_call(thread, &run->job) ? run : NULL;
}

/* Brief calls have places of their own, and lose them to each other alone. */
static void
test_brief(void **state)
{
    struct run *last = NULL;

    (void)state;
    hold('h', 1);
    for (int i = 0; i < QUEUE; i++)
        assert_non_null(call('a', 1));
    for (int i = 0; i < BRIEF; i++)
        assert_non_null(last = call_briefly('b', 1));
    assert_null(call('x', 1));
    assert_null(call_briefly('x', 1));
    assert_non_null(call_briefly('c', 2));
    await(1);
    assert_int_equal(last->job.outcome, RESOLVER_BUSY);
    assert_string_equal(done, "b");
    release();
    await(1 + 1 + QUEUE + BRIEF);
    assert_memory_equal(called, "hc", 2);
}

/* So do many clients, as far as there are places. */
static void
test_many(void **state)
{
    (void)state;
    hold('h', 1);
    for (int i = 0; i < QUEUE; i++)
        assert_non_null(call('a', 1));
    for (int i = 0; i < QUEUE - 1; i++)
        assert_non_null(call((char)('b' + i), (uint64_t)i + 2));
    assert_null(call('x', 100));
    assert_null(call('b', 2));
    release();
    await(QUEUE - 1 + 1 + QUEUE);
    assert_string_equal(called, "hbacdefghijklmnop");
}

/* All whose client is not known are as one. */
static void
test_unknown(void **state)
{
    (void)state;
    hold('h', 0);
    for (int i = 0; i < QUEUE; i++)
        assert_non_null(call('a', 0));
    assert_null(call('a', 0));
    assert_non_null(call('b', 2));
    release();
    await(2 + QUEUE);
    assert_string_equal(called, "hbaaaaaaaaaaaaaaa");
}

/* A client that floods is called between two others, and keeps none waiting for long. */
static void
test_turns(void **state)
{
    (void)state;
    hold('h', 1);
    for (int i = 0; i < 4; i++)
        assert_non_null(call('a', 1));
    assert_non_null(call('b', 2));
    assert_non_null(call('c', 3));
    assert_non_null(call('c', 3));
    release();
    await(8);
    assert_string_equal(called, "hbacacaa");
}

int
main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_lost),  TEST(test_away), TEST(test_gone),    TEST(test_drop),  TEST(test_share),
        TEST(test_brief), TEST(test_many), TEST(test_unknown), TEST(test_turns),
    };
#undef TEST

    return cmocka_run_group_tests(tests, NULL, NULL);
}
