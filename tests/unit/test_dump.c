/*
 * test_dump.c - records of a dump, and what is not one.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "import/dump.h"
#include "tests/unit/unit.h"

#define RECORD(key) "{\"model\": \"m\", \"pk\": " #key ", \"fields\": {\"a\": \"}]\\\"\\\\\"}}"
#define READ(key)   "m {\"model\":\"m\",\"pk\":" #key ",\"fields\":{\"a\":\"}]\\\"\\\\\"}}\n"

#define NO_DUMP                                                                                    \
    "d:1: this is not a dump of `manage.py dumpdata`: it begins neither with [ nor with {"
#define NO_RECORD "d:1: this is not a record: it has no \"model\", or no \"fields\""
#define ADVICE    "write a dump with `python manage.py dumpdata --output dump.json`"

/* The records of a dump and, after them, the fault. */
static struct str
read_all(struct arena *a, struct str dump)
{
    struct buf *b = buf_new(a);
    int descriptor = memfd_create("dump", MFD_CLOEXEC);
    struct import_record record;
    struct str message;
    enum source_state state;

    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, dump.ptr, dump.len), (ssize_t)dump.len);
    assert_int_equal(lseek(descriptor, 0, SEEK_SET), 0);
    struct import_source *source = dump_open(a, descriptor, "d");
    while ((state = source->next(source, a, &record, &message)) == SOURCE_RECORD)
        buf_printf(b, "%.*s %.*s\n", STR_PRINT(record.model), STR_PRINT(record.json));
    if (state == SOURCE_FAULT)
        buf_printf(b, "%.*s", STR_PRINT(message));
    close(descriptor);
    return buf_copy(a, b);
}

static const struct {
    struct str dump;
    const char *read;
} cases[] = {
    { STR_INIT("[]"), "" },
    { STR_INIT(" [\n] \n"), "" },
    { STR_INIT("[" RECORD(1) "]"), READ(1) },
    { STR_INIT("[\n" RECORD(1) ",\n" RECORD(2) "\n]\n"), READ(1) READ(2) },
    { STR_INIT("\xEF\xBB\xBF[" RECORD(1) "]"), READ(1) },
    { STR_INIT(RECORD(1) "\n" RECORD(2) "\n"), READ(1) READ(2) },
    { STR_INIT(RECORD(1)), READ(1) },
    { STR_INIT("[{\"fields\":{},\"model\":\"\\u006d\"}]"), "m {\"fields\":{},\"model\":\"m\"}\n" },
    { STR_INIT(
          "[{\"model\":\"m\",\"fields\":{\"a\":\"\\u0000\\ud800 \\\\u0000 \\ud83c\\udfc3\"}}]"),
      "m {\"model\":\"m\",\"fields\":{\"a\":\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD "
      "\\\\u0000 \xF0\x9F\x8F\x83\"}}\n" },
    { STR_INIT("[{\"model\":\"m\",\"fields\":{\"n\":123456789012345678901234567890.50}}]"),
      "m {\"model\":\"m\",\"fields\":{\"n\":123456789012345678901234567890.50}}\n" },

    /* What is cut off. */
    { STR_INIT(""), NO_DUMP },
    { STR_INIT("["), "d:1: the dump is cut off" },
    { STR_INIT("[\n\n" RECORD(1)), READ(1) "d:3: the dump is cut off: its last ] is missing" },
    { STR_INIT("[" RECORD(1) ",\n"), READ(1) "d:2: the dump is cut off" },
    { STR_INIT("[" RECORD(1) ",\n{\"model\": \"m"),
      READ(1) "d:2: the dump ends within this record" },
    { STR_INIT("[{\"model\": \"m\\"), "d:1: the dump ends within this record" },
    { STR_INIT(RECORD(1) "\n{"), READ(1) "d:2: the dump ends within this record" },

    /* What is wrong. */
    { STR_INIT("[" RECORD(1) RECORD(2) "]"),
      READ(1) "d:1: a comma is missing between two records" },
    { STR_INIT("[" RECORD(1) "] x"), READ(1) "d:1: something follows the end of the dump" },
    { STR_INIT("[" RECORD(1) "][]"), READ(1) "d:1: something follows the end of the dump" },
    { STR_INIT("[" RECORD(1) ",]"), READ(1) "d:1: here a record should begin, with {" },
    { STR_INIT("[1]"), "d:1: here a record should begin, with {" },
    { STR_INIT("[[" RECORD(1) "]]"), "d:1: here a record should begin, with {" },
    { STR_INIT("[" RECORD(1) ",\nnull]"), READ(1) "d:2: here a record should begin, with {" },
    { STR_INIT(RECORD(1) "," RECORD(2)), READ(1) "d:1: here a record should begin, with {" },
    { STR_INIT("hello"), NO_DUMP },
    { STR_INIT("SQLite format 3\0x"), "d is a SQLite database: " ADVICE },
    { STR_INIT("\xFF\xFE[\0]\0"), "d is UTF-16, as PowerShell's `>` writes it: " ADVICE },
    { STR_INIT("\x1F\x8B\x08"), "d is compressed with gzip: unpack it first" },
    { STR_INIT("[{}]"), NO_RECORD },
    { STR_INIT("[{\"model\":1,\"fields\":{}}]"), NO_RECORD },
    { STR_INIT("[{\"model\":\"m\"}]"), NO_RECORD },
    { STR_INIT("[{\"model\":\"m\",\"fields\":[]}]"), NO_RECORD },
    { STR_INIT("[{\"model\":\"m\",\n\"fields\":{]}}]"), "d:2: Expected a name." },
    { STR_INIT("[{\"model\":\"m\",\n\n\"model\":\"m\",\"fields\":{}}]"),
      "d:1: An object has two members of the same name." },
    { STR_INIT("[{\"model\":\"m\",\"fields\":{\"a\":\"\xC3\"}}]"),
      "d:1: The text is not valid UTF-8." },
};

static void
test_dumps(void **state)
{
    struct arena *a = arena_new("test");

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct str got = read_all(a, cases[i].dump);
        if (!str_is(got, cases[i].read))
            fail_msg("%s\n-- is:\n%s\n-- not:\n%s", cases[i].dump.ptr, got.ptr, cases[i].read);
    }
    arena_free(a);
}

/* Records on either side of what is read at once, and one that is larger than that. */
static void
test_long(void **state)
{
    struct arena *a = arena_new("test");
    struct buf *dump = buf_new(a), *expected = buf_new(a);

    (void)state;
    buf_byte(dump, '[');
    for (int i = 0; i < 3000; i++) {
        size_t length = i == 1000 ? 300000 : (size_t)(i % 97);
        buf_printf(dump, "%s{\"model\":\"m\",\"fields\":{\"a\":\"", i == 0 ? "" : ",\n");
        buf_repeat(dump, 'x', length);
        buf_put(dump, STR("\"}}"));
        buf_put(expected, STR("m {\"model\":\"m\",\"fields\":{\"a\":\""));
        buf_repeat(expected, 'x', length);
        buf_put(expected, STR("\"}}\n"));
    }
    buf_byte(dump, ']');
    assert_true(str_equal(read_all(a, buf_str(dump)), buf_str(expected)));
    arena_free(a);
}

/* One record that does not end takes no more memory than one may have. */
static void
test_bound(void **state)
{
    struct arena *a = arena_new("test");
    struct buf *dump = buf_new(a);

    (void)state;
    buf_put(dump, STR("[\n{\"model\":\""));
    buf_repeat(dump, 'x', 2 * (size_t)DUMP_RECORD_MOST);
    assert_true(str_is(read_all(a, buf_str(dump)), "d:2: this record is longer than 16 MiB"));

    buf_truncate(dump, 0);
    buf_put(dump, STR("[{\"model\":\"m\",\"fields\":"));
    buf_repeat(dump, '[', 100000);
    buf_repeat(dump, ']', 100000);
    buf_put(dump, STR("}]"));
    assert_true(str_is(read_all(a, buf_str(dump)), "d:1: The JSON is nested too deeply."));
    arena_free(a);
}

/* Reading fails after a whole record, where a dump in lines could as well have ended. */
static void
test_unreadable(void **state)
{
    struct arena *a = arena_new("test");
    struct str line = STR(RECORD(1) "\n");
    struct import_record record;
    struct str message;
    int ends[2];

    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    assert_int_equal(write(ends[1], line.ptr, line.len), (ssize_t)line.len);
    assert_int_equal(write(ends[0], "x", 1), 1); /* it is not read, so that the close is an error */
    close(ends[1]);
    struct import_source *source = dump_open(a, ends[0], "d");
    assert_int_equal(source->next(source, a, &record, &message), SOURCE_RECORD);
    assert_int_equal(source->next(source, a, &record, &message), SOURCE_FAULT);
    assert_string_equal(message.ptr, "d: it cannot be read: Connection reset by peer");
    close(ends[0]);
    arena_free(a);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dumps),
        cmocka_unit_test(test_long),
        cmocka_unit_test(test_bound),
        cmocka_unit_test(test_unreadable),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
