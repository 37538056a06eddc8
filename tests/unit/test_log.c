/*
 * test_log.c - lines of the log, and that nothing waits for them.
 *
 * SPDX-License-Identifier: MIT
 */

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "tests/unit/unit.h"

static int ends[2];

static int
open_pipe(void **state)
{
    (void)state;
    signal(SIGPIPE, SIG_IGN);
    alarm(10); /* a line that waits would wait for ever */
    log_set_descriptor(STDERR_FILENO);
    return pipe2(ends, O_CLOEXEC);
}

static int
close_pipe(void **state)
{
    (void)state;
    log_set_descriptor(STDERR_FILENO);
    close(ends[0]);
    close(ends[1]);
    alarm(0);
    return 0;
}

static void
test_lines(void **state)
{
    char text[8192];
    (void)state;
    log_set_descriptor(ends[1]);
    log_error("a \"line\"\nand %s", "\x1b[31m\xc3\xa9");
    log_debug("below the level");
    const struct log_member members[] = {
        { .name = "name", .kind = LOG_TEXT, .text = STR("x\r\ny") },
        { .name = "none", .kind = LOG_TEXT },
        { .name = "number", .kind = LOG_NUMBER, .number = -1 },
    };
    log_event(LOG_INFO, "event", members, 3);

    ssize_t len = read(ends[0], text, sizeof(text) - 1);
    assert_true(len > 0);
    text[len] = '\0';
    assert_non_null(strstr(text, "\"level\":\"error\""));
    assert_non_null(strstr(text, ",\"message\":\"a \\\"line\\\"\\u000aand "
                                 "\\u001b[31m\\u00c3\\u00a9\"}\n{"));
    assert_non_null(strstr(text, ",\"event\":\"event\",\"name\":\"x\\u000d\\u000ay\","
                                 "\"none\":null,\"number\":-1}\n"));
    assert_null(strstr(text, "below"));
}

static void
test_long_lines(void **state)
{
    char long_text[10000], text[8192];
    (void)state;
    memset(long_text, 'x', sizeof(long_text) - 1);
    long_text[sizeof(long_text) - 1] = '\0';
    log_set_descriptor(ends[1]);
    log_error("%s", long_text);
    ssize_t len = read(ends[0], text, sizeof(text));
    assert_true(len > 256 && len < 512);
    assert_int_equal(text[len - 1], '\n');
}

static void
test_full_pipe(void **state)
{
    char bytes[4096] = { 0 };
    (void)state;
    fcntl(ends[1], F_SETFL, O_NONBLOCK);
    while (write(ends[1], bytes, sizeof(bytes)) > 0)
        continue;
    fcntl(ends[1], F_SETFL, 0);
    log_set_descriptor(ends[1]);
    log_error("nobody reads");
}

static void
test_closed_pipe(void **state)
{
    (void)state;
    close(ends[0]);
    log_set_descriptor(ends[1]);
    log_error("nobody can read");
    log_set_descriptor(-1);
    log_error("nobody is there");
}

static void
note(void *context, struct str message)
{
    struct str *heard = context;
    static char text[2048];

    assert_true(message.len < sizeof(text));
    memcpy(text, message.ptr, message.len);
    *heard = (struct str){ text, message.len };
}

/* A listener hears errors alone, and more of a long one than the log has. */
static void
test_listener(void **state)
{
    struct str heard = STR_NONE;

    (void)state;
    log_set_descriptor(ends[1]);
    log_set_listener(note, &heard);
    log_warning("a warning");
    assert_null(heard.ptr);
    log_error("an error: %0500d", 7);
    assert_int_equal(heard.len, 510);
    assert_int_equal(heard.ptr[509], '7');
    log_set_listener(NULL, NULL);
    log_error("other");
    assert_int_equal(heard.len, 510);
}

/* Lines of events are kept until they are asked for, are too many, or another is to be written. */
static void
test_held_lines(void **state)
{
    char text[8192];
    const struct log_member members[] = {
        { .name = "n", .kind = LOG_NUMBER, .number = INT64_MIN }
    };
    ssize_t len = 0;
    (void)state;
    log_set_descriptor(ends[1]);
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    log_hold(true);
    log_event(LOG_INFO, "first", members, 1);
    assert_true(log_is_held());
    assert_int_equal(read(ends[0], text, sizeof(text)), -1);
    log_flush();
    assert_false(log_is_held());
    len = read(ends[0], text, sizeof(text) - 1);
    assert_true(len > 0);
    text[len] = '\0';
    assert_non_null(strstr(text, "\"first\",\"n\":-9223372036854775808}\n"));

    log_event(LOG_INFO, "second", NULL, 0);
    pid_t child = fork();
    if (child == 0) {
        log_flush(); /* it has nothing to write */
        _exit(0);
    }
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_int_equal(read(ends[0], text, sizeof(text)), -1);
    log_error("third");
    len = read(ends[0], text, sizeof(text) - 1);
    assert_true(len > 0);
    text[len] = '\0';
    const char *second = strstr(text, "\"second\"}\n"), *third = strstr(text, "\"third\"}\n");
    assert_true(second && third && second < third);

    do {
        log_event(LOG_INFO, "many", NULL, 0);
        len = read(ends[0], text, sizeof(text));
    } while (len < 0);
    assert_true(len > 4096 - 128 && len <= 4096 && text[len - 1] == '\n' && log_is_held());
    log_hold(false);
    assert_false(log_is_held());
    assert_true(read(ends[0], text, sizeof(text)) > 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_pipe, close_pipe)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_lines),       TEST(test_long_lines), TEST(test_full_pipe),
        TEST(test_closed_pipe), TEST(test_listener),   TEST(test_held_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
