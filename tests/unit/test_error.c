/*
 * test_error.c - errors as clients see them (base/error.c) and lines as the
 * operator sees them (base/log.c).
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/log.h"
#include "tests/unit/unit.h"

static void
errors_are_written_as_the_specification_says(void **state)
{
    struct arena *a = arena_new("test");
    struct errors errors = { .arena = a };
    struct path root = { .name = STR_INIT("links") };
    struct path item = { .parent = &root, .index = 3 };
    struct path leaf = { .parent = &item, .name = STR_INIT("url") };
    struct buf *b = buf_new(a);

    (void)state;
    struct error *error = errors_add(&errors, ERROR_CONFLICT, "Not \"%s\".", "so");
    error_add_place(a, error, (struct place){ .line = 1, .column = 3 });
    error_add_place(a, error, (struct place){ .line = 2, .column = 1 });
    error_set_path(a, error, &leaf);
    error->field = STR("url");
    error->retry_after = 2;
    errors_add(&errors, ERROR_LIMIT_EXCEEDED, "Too many.")->limit = "tokens";
    errors.last->maximum = 9;
    errors_write(b, &errors, STR("id-1"));
    assert_true(
        str_is(buf_str(b),
               "[{\"message\":\"Not \\\"so\\\".\",\"locations\":[{\"line\":1,\"column\":3},"
               "{\"line\":2,\"column\":1}],\"path\":[\"links\",3,\"url\"],\"extensions\":{\"code\":"
               "\"CONFLICT\",\"field\":\"url\",\"retryAfter\":2,\"requestId\":\"id-1\"}},"
               "{\"message\":\"Too many.\",\"extensions\":{\"code\":\"LIMIT_EXCEEDED\",\"limit\":"
               "\"tokens\",\"maximum\":9,\"requestId\":\"id-1\"}}]"));
    arena_free(a);
}

/* What the message becomes in a list for a client. */
static struct str
shown(struct arena *a, const char *message)
{
    struct errors errors = { .arena = a, .is_for_client = true };

    return errors_add(&errors, ERROR_BAD_REQUEST, "%s", message)->message;
}

static void
long_words_are_cut_for_clients(void **state)
{
#define SIXTEEN   "abcdefghijklmnop"
#define SIXTYFOUR SIXTEEN SIXTEEN "ABCDEFGHIJKLMN_0" SIXTEEN
#define EIGHT     "\u00e4\u20ac\U0001F600\u00e4\u20ac\U0001F600\u00e4\u20ac"
    struct arena *a = arena_new("test");
    struct errors whole = { .arena = a };

    (void)state;
    assert_true(str_is(shown(a, "Field \"" SIXTYFOUR "\"."), "Field \"" SIXTYFOUR "\"."));
    assert_true(str_is(shown(a, "Field \"" SIXTYFOUR "1\"."), "Field \"" SIXTYFOUR "\u2026\"."));
    assert_true(str_is(shown(a, "a " SIXTYFOUR SIXTYFOUR ".b." SIXTYFOUR "x c"),
                       "a " SIXTYFOUR "\u2026.b." SIXTYFOUR "\u2026 c"));
    /* Characters are counted, and none is cut. */
    assert_true(str_is(shown(a, EIGHT EIGHT EIGHT EIGHT EIGHT EIGHT EIGHT EIGHT "\u20acx"),
                       EIGHT EIGHT EIGHT EIGHT EIGHT EIGHT EIGHT EIGHT "\u2026"));
    const char *long_name = SIXTYFOUR SIXTYFOUR;
    assert_true(str_is(errors_add(&whole, ERROR_BAD_REQUEST, "%s", long_name)->message, long_name));
    assert_true(str_is(shown(a, ""), ""));
    arena_free(a);
}

static void
long_messages_are_cut_for_clients(void **state)
{
    struct arena *a = arena_new("test");
    struct buf *b = buf_new(a);

    (void)state;
    for (int i = 0; i < 1000; i++)
        buf_put_c(b, "\u20ac ");
    struct str cut = shown(a, buf_copy(a, b).ptr);
    assert_int_equal(cut.len, ERROR_MESSAGE_SIZE + 3); /* with the ellipsis */
    assert_true(str_starts_with(buf_str(b), (struct str){ cut.ptr, ERROR_MESSAGE_SIZE }));
    arena_free(a);
}

/* A text that is longer than any message is not looked at whole, and what follows it is shown. */
static void
long_texts_are_cut_before_they_are_formatted(void **state)
{
    struct arena *a = arena_new("test");
    struct errors errors = { .arena = a, .is_for_client = true };
    struct str name = { arena_alloc(a, 30000), 30000 };
    struct str spaced = { arena_alloc(a, 30000), 30000 };

    (void)state;
    memset((char *)name.ptr, 'n', name.len);
    memset((char *)spaced.ptr, '.', spaced.len);
    struct error *error = errors_add(&errors, ERROR_BAD_REQUEST, "\"%.*s\", \"%.*s\".",
                                     STR_PRINT(name), STR_PRINT(name));
    struct str sixtyfour = { name.ptr, 64 };
    struct buf *b = buf_new(a);
    buf_printf(b, "\"%.*s\u2026\", \"%.*s\u2026\".", STR_PRINT(sixtyfour), STR_PRINT(sixtyfour));
    assert_true(str_equal(error->message, buf_str(b)));
    /* Of one text, what stands behind a long word is shown, and nobody sees its middle. */
    memcpy((char *)name.ptr + 15000, " middle ", 8);
    memcpy((char *)name.ptr + 29996, " end", 4);
    error = errors_add(&errors, ERROR_BAD_REQUEST, "%.*s", STR_PRINT(name));
    buf_truncate(b, 0);
    buf_printf(b, "%.*s\u2026 end", STR_PRINT(sixtyfour));
    assert_true(str_equal(error->message, buf_str(b)));
    error = errors_add(&errors, ERROR_BAD_REQUEST, "%.*s", STR_PRINT(spaced));
    assert_int_equal(error->message.len, ERROR_MESSAGE_SIZE + 3);
    struct errors whole = { .arena = a };
    error = errors_add(&whole, ERROR_BAD_REQUEST, "%.*s", STR_PRINT(name));
    assert_int_equal(error->message.len, 30000);
    arena_free(a);
}

static void
what_passes_the_bytes_is_left_out_which_is_said(void **state)
{
    struct arena *a = arena_new("test");
    struct errors errors = { .arena = a, .byte_maximum = 160 };
    struct buf *b = buf_new(a);
    struct path path = { .name = { arena_alloc(a, 100), 100 } };
    memset((char *)path.name.ptr, 'x', 100);

    (void)state;
    errors_add(&errors, ERROR_BAD_REQUEST, "one");
    errors_add(&errors, ERROR_BAD_REQUEST, "two");
    errors_write(b, &errors, STR_NONE);
    assert_true(str_is(buf_str(b),
                       "[{\"message\":\"one\",\"extensions\":{\"code\":\"BAD_REQUEST\"}},"
                       "{\"message\":\"two\",\"extensions\":{\"code\":\"BAD_REQUEST\"}}]"));
    error_set_path(a, errors.last, &path); /* counts too */
    errors_add(&errors, ERROR_BAD_REQUEST, "three");
    buf_truncate(b, 0);
    errors_write(b, &errors, STR_NONE);
    assert_true(str_is(
        buf_str(b),
        "[{\"message\":\"one\",\"extensions\":{\"code\":\"BAD_REQUEST\"}},"
        "{\"message\":\"More errors are left out: at most 160 bytes are shown.\",\"extensions\":"
        "{\"code\":\"LIMIT_EXCEEDED\",\"limit\":\"error_bytes\",\"maximum\":160}}]"));
    arena_free(a);
}

static void
errors_stop_at_their_maximum(void **state)
{
    struct arena *a = arena_new("test");
    struct errors errors = { .arena = a, .maximum = 2 };

    (void)state;
    errors_add(&errors, ERROR_BAD_REQUEST, "one");
    assert_false(errors_full(&errors));
    errors_add(&errors, ERROR_BAD_REQUEST, "two");
    assert_true(errors_full(&errors));
    assert_non_null(errors_add(&errors, ERROR_BAD_REQUEST, "three")); /* made, not added */
    assert_int_equal(errors.count, 2);
    assert_true(str_is(errors.last->message, "two"));
    struct buf *b = buf_new(a);
    errors_write(b, &errors, STR_NONE);
    assert_int_equal(str_find(buf_str(b), 'M'), b->len); /* nothing of more */
    assert_true(errors_leave_out(&errors));
    buf_truncate(b, 0);
    errors_write(b, &errors, STR_NONE);
    assert_true(str_ends_with(
        buf_str(b),
        STR(",{\"message\":\"More errors are left out: at most 2 are shown.\",\"extensions\":"
            "{\"code\":\"LIMIT_EXCEEDED\",\"limit\":\"errors\",\"maximum\":2}}]")));
    arena_free(a);
}

/* Log what `write` logs and return the line. */
static const char *
logged(void (*write)(void))
{
    static char line[8192];
    int ends[2];

    assert_int_equal(pipe(ends), 0);
    log_set_descriptor(ends[1]);
    write();
    log_set_descriptor(STDERR_FILENO);
    close(ends[1]);
    ssize_t got = read(ends[0], line, sizeof(line) - 1);
    close(ends[0]);
    line[got > 0 ? got : 0] = '\0';
    return line;
}

static void
log_hostile(void)
{
    char name[400];

    memset(name, 'x', sizeof(name));
    log_event(LOG_INFO, "request",
              (struct log_member[]){
                  { "operation", LOG_TEXT, STR_INIT("a\"}\n{\"fake\":1\x1B[31m\xFF"), 0 },
                  { "name", LOG_TEXT, { name, sizeof(name) }, 0 },
                  { "none", LOG_TEXT, { NULL, 0 }, 0 },
                  { "status", LOG_NUMBER, { NULL, 0 }, -200 },
              },
              4);
}

static void
log_lines_cannot_be_forged(void **state)
{
    const char *line = logged(log_hostile);

    (void)state;
    assert_int_equal(line[strlen(line) - 1], '\n');
    assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1); /* one line */
    assert_non_null(
        strstr(line, "\"operation\":\"a\\\"}\\u000a{\\\"fake\\\":1\\u001b[31m\\u00ff\""));
    assert_non_null(strstr(line, "xxx...\",\"none\":null,\"status\":-200}"));
}

static void
log_nothing(void)
{
    log_debug("below the level");
}

static void
log_text(void)
{
    log_error("%s happened", "it");
}

static void
log_keeps_its_level(void **state)
{
    enum log_level level;

    (void)state;
    assert_string_equal(logged(log_nothing), "");
    assert_non_null(strstr(logged(log_text), "\"level\":\"error\""));
    assert_non_null(strstr(logged(log_text), "\"message\":\"it happened\"}\n"));
    assert_true(log_find_level(STR("debug"), &level));
    assert_false(log_find_level(STR("loud"), &level));
    log_set_level(level);
    assert_non_null(strstr(logged(log_nothing), "below the level"));
    log_set_level(LOG_INFO);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_are_written_as_the_specification_says),
        cmocka_unit_test(long_words_are_cut_for_clients),
        cmocka_unit_test(long_messages_are_cut_for_clients),
        cmocka_unit_test(long_texts_are_cut_before_they_are_formatted),
        cmocka_unit_test(what_passes_the_bytes_is_left_out_which_is_said),
        cmocka_unit_test(errors_stop_at_their_maximum),
        cmocka_unit_test(log_lines_cannot_be_forged),
        cmocka_unit_test(log_keeps_its_level),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
