/*
 * test_file_watch.c - have the files changed that a generation was read from?
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "config/config.h"
#include "watch/file_watch.h"
#include "watch/notice.h"
#include "tests/unit/unit.h"

static char folder[64];
static struct arena *arena;
static struct notices *notices;
static struct file_watch *watch;
static struct config config;

static const char *
at(const char *name)
{
    return str_format(arena, "%s/%s", folder, name).ptr;
}

static void
write_file(const char *name, const char *text)
{
    FILE *out = fopen(at(name), "w");
    assert_non_null(out);
    fputs(text, out);
    fclose(out);
}

static int
set_up(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/test_file_watch.XXXXXX");
    arena = arena_new("test");
    notices = notices_new();
    if (!mkdtemp(folder) || !notices)
        return -1;
    mkdir(at("documents"), 0700);
    mkdir(at("sql"), 0700);
    write_file("schema.graphql", "one");
    write_file("documents/a.graphql", "a");
    config = (struct config){ .mode = MODE_DEVELOPMENT,
                              .watch = WATCH_ON,
                              .config = at("linnet.conf"),
                              .contract = at("schema.graphql"),
                              .documents = at("documents"),
                              .migrations = at("sql") };
    watch = file_watch_new(notices);
    file_watch_follow(watch, &config);
    return 0;
}

static int
tear_down(void **state)
{
    char command[128];

    (void)state;
    file_watch_free(watch);
    notices_free(notices);
    arena_free(arena);
    snprintf(command, sizeof(command), "rm -r '%s'", folder);
    return system(command);
}

/* Is there anything to look at, and then, is it a change?  Nothing is waited for that has not
 * been told of. */
static bool
has_event(void)
{
    struct pollfd news = { .fd = file_watch_descriptor(watch), .events = POLLIN };

    assert_true(news.fd >= 0);
    if (poll(&news, 1, 0) > 0)
        file_watch_take(watch);
    return file_watch_wait(watch) >= 0;
}

static bool
has_changed(void)
{
    if (!has_event())
        return false;
    poll(NULL, 0, file_watch_wait(watch) + 1);
    return file_watch_has_changed(watch);
}

static void
test_each_file(void **state)
{
    (void)state;
    assert_false(has_changed());
    write_file("schema.graphql", "two");
    assert_true(has_changed());
    assert_false(has_changed());
    write_file("linnet.conf", "mode = development");
    assert_true(has_changed());
    write_file("documents/b.graphql", "b");
    assert_true(has_changed());
    unlink(at("documents/a.graphql"));
    assert_true(has_changed());
    unlink(at("schema.graphql"));
    assert_true(has_changed());
    write_file("schema.graphql", "two");
    assert_true(has_changed());
}

/* What is written without a change is looked at, and no change; other files are not looked at. */
static void
test_no_change(void **state)
{
    (void)state;
    write_file("schema.graphql", "one");
    assert_true(has_event());
    assert_false(has_changed());
    write_file("notes.txt", "something");
    assert_false(has_event());
    write_file("sql/001_first.sql", "SELECT 1");
    assert_false(has_changed());
}

static void
test_put_in_its_place(void **state)
{
    (void)state;
    write_file("schema.graphql.new", "two");
    rename(at("schema.graphql.new"), at("schema.graphql"));
    assert_true(has_changed());
    /* The one that is there now is followed as well. */
    write_file("schema.graphql", "three");
    assert_true(has_changed());
}

static void
test_symbolic_links(void **state)
{
    (void)state;
    mkdir(at("v1"), 0700);
    mkdir(at("v2"), 0700);
    mkdir(at("behind"), 0700);
    write_file("v1/schema.graphql", "one");
    write_file("v2/schema.graphql", "two");
    assert_int_equal(symlink("../v1", at("behind/current")), 0);
    unlink(at("schema.graphql"));
    assert_int_equal(symlink("behind/current/schema.graphql", at("schema.graphql")), 0);
    assert_false(has_changed()); /* the same text */
    assert_int_equal(symlink("../v2", at("behind/next")), 0);
    rename(at("behind/next"), at("behind/current"));
    assert_true(has_changed());
    write_file("v2/schema.graphql", "three");
    assert_true(has_changed());
    write_file("v1/schema.graphql", "four");
    assert_false(has_changed());
    /* A circle leads nowhere. */
    unlink(at("schema.graphql"));
    assert_int_equal(symlink("schema.graphql", at("schema.graphql")), 0);
    assert_true(has_changed());
}

static void
test_folder_that_goes(void **state)
{
    (void)state;
    rename(at("documents"), at("documents.old"));
    assert_true(has_changed());
    mkdir(at("documents"), 0700);
    assert_true(has_changed());
    write_file("documents/a.graphql", "a");
    assert_true(has_changed());
}

/* Numbered ones, the last first. */
static void
test_migrations(void **state)
{
    (void)state;
    assert_null(notice_read(&notices->files, arena).ptr);
    write_file("sql/9_first.sql", "");
    write_file("sql/10_second.sql", "");
    write_file("sql/seed.sql", "");
    assert_false(has_changed());
    assert_string_equal(str_copy_c(arena, notice_read(&notices->files, arena)),
                        "10_second.sql\n9_first.sql");
}

static void
test_off(void **state)
{
    const struct {
        int mode, watch;
    } offs[] = { { MODE_PRODUCTION, WATCH_ON }, { MODE_DEVELOPMENT, WATCH_OFF } };

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(offs); i++) {
        config.mode = offs[i].mode;
        config.watch = offs[i].watch;
        file_watch_follow(watch, &config);
        assert_false(file_watch_is_on(watch));
        assert_int_equal(file_watch_descriptor(watch), -1);
        assert_int_equal(file_watch_wait(watch), -1);
        assert_false(file_watch_has_changed(watch));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_each_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_no_change, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_put_in_its_place, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_symbolic_links, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_folder_that_goes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_migrations, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_off, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
