/*
 * test_metrics.c - what workers count, and what is said of it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "metrics/metrics_board.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/buf.h"
#include "tests/unit/unit.h"

static int
open_board(void **state)
{
    (void)state;
    return metrics_open(0) ? 0 : -1;
}

static int
close_board(void **state)
{
    (void)state;
    metrics_close();
    return 0;
}

/* Is the line among what is printed? */
static bool
has_line(const char *line)
{
    struct buf b = { 0 };

    assert_true(metrics_print(&b));
    buf_printf(&b, "%c", 0);
    assert_false(b.failed);
    bool is_there = false;
    for (const char *at = b.ptr; !is_there && (at = strstr(at, line)); at++)
        is_there = (at == b.ptr || at[-1] == '\n') && at[strlen(line)] == '\n';
    buf_free(&b);
    return is_there;
}

/* Without a board nothing is counted, and nothing is said. */
static void
test_without_board(void **state)
{
    struct buf b = { 0 };

    (void)state;
    metrics_join(-1);
    metrics_add(METRICS_ROWS, 1);
    metrics_set(METRICS_FCGI, 1);
    metrics_add_request(METRICS_QUERY, METRICS_OK, 1);
    metrics_add_wait(0);
    metrics_add_document(0, 1);
    metrics_add_error("42P01");
    metrics_add_master(METRICS_RELOAD_OK);
    metrics_sample(0);
    metrics_join_thread();
    assert_int_equal(metrics_take_slot(), -1);
    assert_int_equal(metrics_name_document(STR("a")), -1);
    metrics_bury(1);
    assert_false(metrics_print(&b));
    assert_int_equal(b.len, 0);
}

/* Whoever comes after a worker goes on with its numbers; what was true of it alone is gone. */
static void
test_slots(void **state)
{
    (void)state;
    int first = metrics_take_slot(), second = metrics_take_slot();

    assert_int_equal(first, 0);
    assert_int_equal(second, 1);
    metrics_fill_slot(first, 101);
    metrics_fill_slot(second, 102);
    metrics_join(first);
    metrics_add(METRICS_ROWS, 5);
    metrics_set(METRICS_FCGI, 3);
    metrics_join(second);
    metrics_add(METRICS_ROWS, 2);
    metrics_set(METRICS_FCGI, 4);
    assert_true(has_line("linnet_db_rows_total 7"));
    assert_true(has_line("linnet_fcgi_connections 7"));
    assert_true(has_line("linnet_workers 2"));
    metrics_bury(101);
    assert_true(has_line("linnet_db_rows_total 7"));
    assert_true(has_line("linnet_fcgi_connections 4"));
    assert_true(has_line("linnet_workers 1"));
    assert_int_equal(metrics_take_slot(), 0);
    metrics_join(0);
    metrics_add(METRICS_ROWS, 1);
    assert_true(has_line("linnet_db_rows_total 8"));
    metrics_free_slot(0);
    metrics_free_slot(-1);
}

static void
test_too_many(void **state)
{
    (void)state;
    for (int i = 0; i < METRICS_SLOTS; i++)
        assert_int_equal(metrics_take_slot(), i);
    assert_int_equal(metrics_take_slot(), -1);
    metrics_free_slot(7);
    assert_int_equal(metrics_take_slot(), 7);
    metrics_join(-1); /* the one that got none counts nothing */
    metrics_add(METRICS_ROWS, 1);
    assert_true(has_line("linnet_db_rows_total 0"));
}

/* A time that is a bound belongs below it, and what is longer than all to the last bucket. */
static void
test_times(void **state)
{
    (void)state;
    metrics_join(metrics_take_slot());
    metrics_add_request(METRICS_QUERY, METRICS_OK, 500000);
    metrics_add_request(METRICS_QUERY, METRICS_OK, 500001);
    metrics_add_request(METRICS_QUERY, METRICS_OK, 10000000001);
    metrics_add_request(METRICS_MUTATION, ERROR_CONFLICT, 2500000);
    assert_true(has_line("linnet_requests_total{operation=\"query\",code=\"OK\"} 3"));
    assert_true(has_line("linnet_requests_total{operation=\"mutation\",code=\"CONFLICT\"} 1"));
    assert_true(
        has_line("linnet_request_seconds_bucket{operation=\"query\",code=\"OK\",le=\"0.0005\"} 1"));
    assert_true(
        has_line("linnet_request_seconds_bucket{operation=\"query\",code=\"OK\",le=\"0.001\"} 2"));
    assert_true(
        has_line("linnet_request_seconds_bucket{operation=\"query\",code=\"OK\",le=\"10\"} 2"));
    assert_true(
        has_line("linnet_request_seconds_bucket{operation=\"query\",code=\"OK\",le=\"+Inf\"} 3"));
    assert_true(has_line("linnet_request_seconds_count{operation=\"query\",code=\"OK\"} 3"));
    assert_true(
        has_line("linnet_request_seconds_sum{operation=\"query\",code=\"OK\"} 10.001000002"));
    metrics_add_wait(0);
    assert_true(has_line("linnet_db_wait_seconds_bucket{le=\"0.0005\"} 1"));
    assert_true(has_line("linnet_db_wait_seconds_sum 0.000000000"));
}

static void
test_classes(void **state)
{
    static const struct {
        const char *sqlstate, *line;
    } cases[] = {
        { "23505", "linnet_db_errors_total{class=\"23\"} 1" },
        { "08006", "linnet_db_errors_total{class=\"08\"} 1" },
        { "XX000", "linnet_db_errors_total{class=\"XX\"} 1" },
        { "LN001", "linnet_db_errors_total{class=\"other\"} 1" },
        { "", "linnet_db_errors_total{class=\"other\"} 2" },
    };

    (void)state;
    metrics_join(metrics_take_slot());
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        metrics_add_error(cases[i].sqlstate);
        assert_true(has_line(cases[i].line));
    }
}

/* A document keeps its place; of too many the last have none. */
static void
test_documents(void **state)
{
    char name[16];

    (void)state;
    metrics_join(metrics_take_slot());
    assert_int_equal(metrics_name_document(STR("a \"b\"\\\n")), 0);
    assert_int_equal(metrics_name_document(STR("two")), 1);
    assert_int_equal(metrics_name_document(STR("a \"b\"\\\n")), 0);
    metrics_add_document(0, 1500000000);
    metrics_add_document(-1, 1);
    assert_true(has_line("linnet_document_requests_total{id=\"a \\\"b\\\"\\\\\\n\"} 1"));
    assert_true(has_line("linnet_document_seconds_total{id=\"a \\\"b\\\"\\\\\\n\"} 1.500000000"));
    assert_true(has_line("linnet_document_requests_total{id=\"two\"} 0"));
    for (int i = 2; i < METRICS_DOCUMENTS; i++) {
        snprintf(name, sizeof(name), "%d", i);
        assert_int_equal(metrics_name_document(str_from(name)), i);
    }
    assert_int_equal(metrics_name_document(STR("last")), -1);
    assert_int_equal(metrics_name_document(STR("two")), 1);
}

/* The thread's words are its own, and are added. */
static void
test_thread(void **state)
{
    (void)state;
    metrics_join(metrics_take_slot());
    metrics_add(METRICS_LOGIN_OK, 1);
    metrics_join_thread();
    metrics_add(METRICS_LOGIN_OK, 2);
    assert_true(has_line("linnet_logins_total{result=\"ok\"} 3"));
}

static void
test_sample(void **state)
{
    (void)state;
    int slot = metrics_take_slot();

    metrics_fill_slot(slot, getpid());
    metrics_join(slot);
    assert_true(has_line("process_open_fds{worker=\"0\"} 0"));
    metrics_sample(1000000);
    assert_false(has_line("process_open_fds{worker=\"0\"} 0"));
    assert_false(has_line("process_resident_memory_bytes{worker=\"0\"} 0"));
    uint64_t before = metrics_own->cpu;
    assert_true(before > 0);
    metrics_join(slot); /* another process, as it were, goes on from there */
    metrics_sample(1000000);
    assert_true(metrics_own->cpu >= 2 * before);
}

/* A program takes over another's memory, if it means the same by it. */
static void
test_adopt(void **state)
{
    (void)state;
    assert_true(metrics_open(0));
    int descriptor = fcntl(metrics_descriptor(), F_DUPFD_CLOEXEC, 0);
    metrics_join(metrics_take_slot()); /* which closes its own */
    metrics_add(METRICS_ROWS, 5);
    assert_int_equal(metrics_descriptor(), -1);
    metrics_close();
    assert_int_equal(metrics_descriptor(), -1);
    assert_true(metrics_open(descriptor));
    assert_int_equal(metrics_descriptor(), descriptor);
    assert_true(has_line("linnet_db_rows_total 5"));
    int again = fcntl(metrics_descriptor(), F_DUPFD_CLOEXEC, 0);
    uint32_t other = METRICS_LAYOUT + 1;
    assert_int_equal(pwrite(again, &other, sizeof(other), 0), sizeof(other));
    metrics_close();
    int small = memfd_create("small", MFD_CLOEXEC);
    assert_int_equal(ftruncate(small, 4096), 0);
    const int strange[] = { again, small };
    for (size_t i = 0; i < ARRAY_LENGTH(strange); i++) {
        assert_true(metrics_open(strange[i]));
        assert_true(has_line("linnet_db_rows_total 0"));
        metrics_close();
    }
}

/* What the master has seen. */
static void
test_master(void **state)
{
    (void)state;
    metrics_note_generation(false);
    assert_true(has_line("linnet_generation 1"));
    assert_true(has_line("linnet_reloads_total{result=\"ok\"} 0"));
    metrics_note_failure();
    assert_true(has_line("linnet_degraded 1"));
    metrics_note_generation(true);
    assert_true(has_line("linnet_degraded 0"));
    assert_true(has_line("linnet_generation 2"));
    assert_true(has_line("linnet_reloads_total{result=\"ok\"} 1"));
    assert_true(has_line("linnet_reloads_total{result=\"failed\"} 1"));
    metrics_add_master(METRICS_RESTART_HUNG);
    assert_true(has_line("linnet_worker_restarts_total{reason=\"hung\"} 1"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_without_board),
        cmocka_unit_test_setup_teardown(test_slots, open_board, close_board),
        cmocka_unit_test_setup_teardown(test_too_many, open_board, close_board),
        cmocka_unit_test_setup_teardown(test_times, open_board, close_board),
        cmocka_unit_test_setup_teardown(test_classes, open_board, close_board),
        cmocka_unit_test_setup_teardown(test_documents, open_board, close_board),
        cmocka_unit_test_setup_teardown(test_thread, open_board, close_board),
        cmocka_unit_test_setup_teardown(test_sample, open_board, close_board),
        cmocka_unit_test(test_adopt),
        cmocka_unit_test_setup_teardown(test_master, open_board, close_board),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
