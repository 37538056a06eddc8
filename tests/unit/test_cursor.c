/*
 * test_cursor.c - cursors: what they hold, and what is none; cells that come back as parameters.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/error.h"
#include "language/source.h"
#include "catalog/catalog.h"
#include "codec/cursor.h"
#include "tests/unit/arena_case.h"

enum { TERMS = 3 };

static const struct str order = STR_INIT("Query.links order by id");
static const struct str row[TERMS] = { STR_INIT("a\xc3\xa4"), STR_INIT("x"),
                                       STR_INIT("\0\0\0\x07") };

/* The key 00 01 ... 0f, which the published vectors of SipHash-2-4 have. */
static struct cursor_keys
make_keys(void)
{
    static struct cursor_key key;

    for (size_t i = 0; i < sizeof(key.bytes); i++)
        key.bytes[i] = (unsigned char)i;
    return (struct cursor_keys){ &key, 1 };
}

static struct str
write_cursor(const struct cursor_keys *keys, const struct str *cells, int count)
{
    struct buf *b = buf_new(arena);

    buf_put(b, STR("before "));
    cursor_encode(b, keys, cursor_place(order), cells, count);
    struct str text = buf_copy(arena, b);
    assert_true(str_starts_with(text, STR("before ")));
    return (struct str){ text.ptr + 7, text.len - 7 };
}

static enum cursor_result
read_cursor(const struct cursor_keys *keys, struct str text, struct str *cells, int count)
{
    return cursor_decode(arena, keys, cursor_place(order), text, cells, count);
}

/* Links that people have kept still work: the bytes were computed by another program. */
static void
test_form(void **state)
{
    const struct cursor_keys keys = make_keys();
    const struct str cells[TERMS] = { row[0], STR_NONE, row[2] };
    struct str text = write_cursor(&keys, cells, TERMS);

    (void)state;
    assert_int_equal(cursor_place(order), 0x147e741b);
    assert_string_equal(str_copy_c(arena, text), "ATrO5bZQzVFHFH50GwIDYcOkBAAAAAc");
}

static void
test_round_trip(void **state)
{
    const struct cursor_keys keys = make_keys();
    struct buf *b = buf_new(arena);

    (void)state;
    buf_repeat(b, 'z', 300);
    const struct str rows[][TERMS] = {
        { STR_NONE, STR_NONE, STR_NONE },
        { STR_INIT(""), STR_NONE, STR_INIT("") },
        { buf_str(b), row[0], STR_NONE },
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct str text = write_cursor(&keys, rows[i], TERMS), cells[TERMS];
        uint64_t nulls = 0;
        assert_int_equal(read_cursor(&keys, text, cells, TERMS), CURSOR_OK);
        for (int j = 0; j < TERMS; j++) {
            assert_int_equal(!cells[j].ptr, !rows[i][j].ptr);
            assert_true(str_equal(cells[j], rows[i][j]));
            nulls |= (uint64_t)!cells[j].ptr << j;
        }
        assert_int_equal(cursor_nulls(text, TERMS), nulls);
    }
}

/* As many terms as there can be, and the last is null. */
static void
test_most_terms(void **state)
{
    const struct cursor_keys keys = make_keys();
    struct str cells[CURSOR_TERMS], read[CURSOR_TERMS];

    (void)state;
    for (int i = 0; i < CURSOR_TERMS; i++)
        cells[i] = i % 2 ? STR_NONE : STR("v");
    struct str text = write_cursor(&keys, cells, CURSOR_TERMS);
    assert_int_equal(cursor_nulls(text, CURSOR_TERMS), 0xaaaaaaaaaaaaaaaau);
    assert_int_equal(read_cursor(&keys, text, read, CURSOR_TERMS), CURSOR_OK);
    assert_non_null(read[62].ptr);
    assert_null(read[63].ptr);
}

/* Cut anywhere, or with one letter changed, it is none. */
static void
test_broken(void **state)
{
    static const char *const others[] = { "", "A", "AA==", "not a cursor", "\xff", "ATrO5bZQzVFH" };
    const struct cursor_keys keys = make_keys();
    struct str text = write_cursor(&keys, row, TERMS), cells[TERMS];

    (void)state;
    for (size_t i = 0; i < text.len; i++) {
        char *changed = (char *)str_copy_c(arena, text);
        assert_int_equal(read_cursor(&keys, (struct str){ text.ptr, i }, cells, TERMS), CURSOR_BAD);
        cursor_nulls((struct str){ text.ptr, i }, TERMS);
        for (const char *c = "AQgw9-_= \x80"; *c; c++) {
            changed[i] = *c;
            if (changed[i] != text.ptr[i])
                assert_int_equal(read_cursor(&keys, str_from(changed), cells, TERMS), CURSOR_BAD);
        }
    }
    for (size_t i = 0; i < ARRAY_LENGTH(others); i++) {
        assert_int_equal(read_cursor(&keys, str_from(others[i]), cells, TERMS), CURSOR_BAD);
        assert_int_equal(cursor_nulls(str_from(others[i]), TERMS), 0);
    }
}

static void
test_other_list(void **state)
{
    const struct cursor_keys keys = make_keys();
    struct str text = write_cursor(&keys, row, TERMS), cells[TERMS];

    (void)state;
    assert_int_equal(cursor_decode(arena, &keys, cursor_place(STR("Query.links order by id desc")),
                                   text, cells, TERMS),
                     CURSOR_OTHER);
}

/* Whoever has the key, as where it is the constant, can seal anything: bytes after the seal that
 * are no terms.  A count of terms that is not the list's is none, too. */
static void
test_sealed_nonsense(void **state)
{
    const struct cursor_keys keys = make_keys();
    struct str text = write_cursor(&keys, row, TERMS), cells[TERMS + 1];

    (void)state;
    for (int count = 0; count <= TERMS + 1; count++)
        if (count != TERMS)
            assert_int_equal(read_cursor(&keys, text, cells, count), CURSOR_BAD);
    srand(7);
    for (int i = 0; i < 20000; i++) {
        /* Written as one cell, which is then read as if it were more. */
        char bytes[12];
        size_t len = (size_t)rand() % sizeof(bytes);
        for (size_t j = 0; j < len; j++)
            bytes[j] = (char)(rand() % 3 ? rand() % 6 : rand());
        const struct str cell = { bytes, len };
        text = write_cursor(&keys, &cell, 1);
        if (read_cursor(&keys, text, cells, TERMS) != CURSOR_OK)
            continue;
        size_t sum = 0;
        for (int j = 0; j < TERMS; j++)
            sum += cells[j].len;
        assert_true(sum < len);
    }
}

static void
test_keys(void **state)
{
    const struct cursor_key list[] = { cursor_key_derive(STR("another")),
                                       cursor_key_derive(STR("one")) };
    const struct cursor_keys old = { &list[1], 1 }, both = { list, 2 }, other = { list, 1 };
    struct str cells[TERMS], text = write_cursor(&old, row, TERMS);

    (void)state;
    assert_int_equal(read_cursor(&both, text, cells, TERMS), CURSOR_OK);
    assert_int_equal(read_cursor(&other, text, cells, TERMS), CURSOR_BAD);
    assert_int_equal(read_cursor(NULL, text, cells, TERMS), CURSOR_BAD);
    assert_int_equal(read_cursor(&other, write_cursor(&both, row, TERMS), cells, TERMS), CURSOR_OK);
    assert_int_equal(read_cursor(NULL, write_cursor(NULL, row, TERMS), cells, TERMS), CURSOR_OK);
}

/* clang-format off */
static const struct {
    const char *type;
    struct str cell;
    const char *parameter; /* NULL: no value of the type */
} cells[] = {
    { "boolean", STR_INIT("\x01"), "t" },
    { "boolean", STR_INIT(""), NULL },
    { "smallint", STR_INIT("\xff\xff"), "-1" },
    { "integer", STR_INIT("\0\0\0\x07"), "7" },
    { "integer", STR_INIT("\0\0\0"), NULL },
    { "integer", STR_INIT("\0\0\0\0\x07"), NULL },
    { "bigint", STR_INIT("\x80\0\0\0\0\0\0\0"), "-9223372036854775808" },
    { "double precision", STR_INIT("\x7f\xf8\0\0\0\0\0\0"), "NaN" },
    { "double precision", STR_INIT("\xff\xf0\0\0\0\0\0\0"), "-Infinity" },
    { "double precision", STR_INIT("\x3f\xb9\x99\x99\x99\x99\x99\x9a"), "0.1" },
    { "double precision", STR_INIT("\x80\0\0\0\0\0\0\0"), "-0" },
    { "double precision", STR_INIT("\0\0\0\0\0\0\0\x01"), "4.94065645841247e-324" },
    { "real", STR_INIT("\x3d\xcc\xcc\xcd"), "0.1" },
    { "numeric", STR_INIT("1.10"), "1.10" },
    { "numeric", STR_INIT("NaN"), "NaN" },
    { "numeric", STR_INIT("1; DROP"), NULL },
    { "timestamp with time zone", STR_INIT("\0\0\0\0\0\0\0\x01"), "2000-01-01 00:00:00.000001+00" },
    { "timestamp without time zone", STR_INIT("\x7f\xff\xff\xff\xff\xff\xff\xff"), "infinity" },
    { "timestamp without time zone", STR_INIT("\x80\0\0\0\0\0\0\x01"), NULL },
    { "timestamp without time zone", STR_INIT("\x7f\xff\xff\xff\xff\xff\xff\xfe"), NULL },
    { "date", STR_INIT("infinity"), "infinity" },
    { "date", STR_INIT("now"), NULL },
    { "uuid", STR_INIT("0191ab3c-5d6e-7f80-9a1b-2c3d4e5f6071"),
      "0191ab3c-5d6e-7f80-9a1b-2c3d4e5f6071" },
    { "uuid", STR_INIT("7"), NULL },
    { "text", STR_INIT(""), "" },
    { "text", STR_INIT("a\0b"), NULL },
    { "text", STR_INIT("\xc3"), NULL },
    { "bytea", STR_INIT("\0\xff"), "\\x00ff" },
    { "rating", STR_INIT("PG-13"), "PG-13" },
    { "rating", STR_INIT("PG-14"), NULL },
    { "integer[]", STR_INIT("\0\0\0\x01\0\0\0\0\0\0\0\x17\0\0\0\x02\0\0\0\x01"
                            "\0\0\0\x04\0\0\0\x07\xff\xff\xff\xff"), "{7,NULL}" },
    { "integer[]", STR_INIT("\0\0\0\x01\0\0\0\0\0\0\0\x17\0\0\0\x01\0\0\0\x01"
                            "\0\0\0\x02\0\x07"), NULL },
    { "integer[]", STR_INIT("\0\0\0\x01"), NULL },
    { "integer[]", STR_INIT("\0\0\0\0\0\0\0\0\0\0\0\x17"), "{}" },
    /* 2,147,483,647 lists of nothing */
    { "integer[]", STR_INIT("\0\0\0\x02\0\0\0\0\0\0\0\x17\x7f\xff\xff\xff\0\0\0\x01"
                            "\0\0\0\0\0\0\0\x01"), NULL },
};
/* clang-format on */

static void
test_cells(void **state)
{
    static const struct source source = { .name = STR_INIT("test.catalog"),
                                          .text = STR_INIT("enum rating \"G\" \"PG-13\"\n") };
    struct errors errors = { .arena = arena };
    const struct catalog *catalog = catalog_parse(arena, &source, &errors);

    (void)state;
    assert_non_null(catalog);
    for (size_t i = 0; i < ARRAY_LENGTH(cells); i++) {
        const struct column_type *type = catalog_get_type(arena, catalog, str_from(cells[i].type));
        struct str text = cursor_parameter(arena, type, cells[i].cell);
        bool is_good = text.ptr != NULL;
        if (is_good != (cells[i].parameter != NULL))
            fail_msg("row %zu: %s", i, is_good ? text.ptr : "refused");
        if (is_good)
            assert_string_equal(text.ptr, cells[i].parameter);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_form),       TEST(test_round_trip),      TEST(test_most_terms), TEST(test_broken),
        TEST(test_other_list), TEST(test_sealed_nonsense), TEST(test_keys),       TEST(test_cells),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
