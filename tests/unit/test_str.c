/*
 * test_str.c - slices (base/str.c) and UTF-8 (base/utf8.c).
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/utf8.h"
#include "tests/unit/unit.h"

static void
str_compares(void **state)
{
    (void)state;
    assert_true(str_equal(STR("abc"), STR("abc")));
    assert_false(str_equal(STR("abc"), STR("abd")));
    assert_false(str_equal(STR("abc"), STR("ab")));
    assert_true(str_equal(STR(""), STR_NONE));
    assert_true(str_is(STR("abc"), "abc"));
    assert_false(str_is(STR("abc"), "abcd"));
    assert_true(str_compare(STR("a"), STR("b")) < 0);
    assert_true(str_compare(STR("a"), STR("aa")) < 0);
    assert_true(str_compare(STR("\xFF"), STR("a")) > 0);
    assert_int_equal(str_compare(STR("same"), STR("same")), 0);
    assert_true(str_equal_nocase(STR("AuthoriZation"), STR("authorization")));
    assert_false(str_equal_nocase(STR("a"), STR("b")));
    assert_false(str_equal_nocase(STR("["), STR("{"))); /* 0x20 apart, but no letters */
}

static void
str_takes_apart(void **state)
{
    (void)state;
    assert_true(str_starts_with(STR("select 1"), STR("select")));
    assert_false(str_starts_with(STR("sel"), STR("select")));
    assert_true(str_ends_with(STR("a.sql"), STR(".sql")));
    assert_false(str_ends_with(STR("sql"), STR(".sql")));
    assert_int_equal(str_find(STR("a=b"), '='), 1);
    assert_int_equal(str_find(STR("abc"), '='), 3);
    assert_int_equal(str_find(STR(""), '='), 0);
    assert_true(str_is(str_trim(STR(" \t\r\n x y \n")), "x y"));
    assert_true(str_is(str_trim(STR("  ")), ""));
    assert_null(str_from(NULL).ptr);
}

static void
str_words_are_between_spaces(void **state)
{
    (void)state;
    struct str rest = STR("  one\t two  "), word;

    assert_true(str_next_word(&rest, &word));
    assert_true(str_is(word, "one\t"));
    assert_true(str_next_word(&rest, &word));
    assert_true(str_is(word, "two"));
    assert_false(str_next_word(&rest, &word));
    assert_int_equal(word.len, 0);
    assert_true(str_has_word(STR("one two"), STR("two")));
    assert_false(str_has_word(STR("one two"), STR("tw")));
    assert_false(str_has_word(STR(" "), STR("one")));
    assert_false(str_has_word(STR_NONE, STR("one")));
}

static void
str_hash_tells_apart(void **state)
{
    struct arena *a = arena_new("test");
    uint64_t bits = 0;

    (void)state;
    assert_true(str_hash(STR("links")) == str_hash(str_copy(a, STR("links"))));
    for (int i = 0; i < 1000; i++) { /* lengths around the words that it reads */
        struct str text = str_format(a, "%0*d", i % 20 + 1, i);
        assert_true(str_hash(text) != str_hash(str_format(a, "%.*sx", STR_PRINT(text))));
        bits |= str_hash(text);
    }
    assert_true(bits == UINT64_MAX);
    assert_true(str_hash(STR("a\0")) != str_hash(STR("a")));
    arena_free(a);
}

static void
str_makes_texts(void **state)
{
    struct arena *a = arena_new("test");
    char long_text[1000];

    (void)state;
    memset(long_text, 'x', sizeof(long_text) - 1);
    long_text[sizeof(long_text) - 1] = '\0';
    assert_string_equal(str_format(a, "%s-%d", "a", 1).ptr, "a-1");
    assert_string_equal(str_format(a, "%s!", long_text).ptr + 999, "!");
    assert_int_equal(str_format(a, "%s!", long_text).len, 1000);
    assert_true(str_equal(str_format(a, "<%.*s>", STR_PRINT(STR("a\0b"))), STR("<a\0b>")));
    volatile struct str known = STR_NONE; /* the compiler would see that it is none */
    struct str none = known;
    assert_true(str_equal(str_format(a, "%.*s|", STR_PRINT(none)), STR("|")));
    assert_string_equal(str_format(a, "%d %5d %05d %ld %lld", -1, 2, 3, 4L, INT64_MIN + 0LL).ptr,
                        "-1     2 00003 4 -9223372036854775808");
    assert_string_equal(str_format(a, "%u %zu %x %02X %016llx", 4294967295u, (size_t)7, 0xABu, 10u,
                                   0xFEDCBA9876543210ULL)
                            .ptr,
                        "4294967295 7 ab 0A fedcba9876543210");
    assert_string_equal(str_format(a, "%c%% %.3f %.0f", 'c', 0.0625, 1e20).ptr,
                        "c% 0.062 100000000000000000000");
    assert_null(str_copy(a, STR_NONE).ptr);
    assert_string_equal(str_copy_c(a, (struct str){ "abcdef", 3 }), "abc");
    assert_true(str_is(str_snake_case(a, STR("createdAt")), "created_at"));
    assert_true(str_is(str_snake_case(a, STR("id")), "id"));
    assert_true(str_is(str_snake_case(a, STR("Link")), "link"));
    assert_true(str_is(str_snake_case(a, STR("a_B")), "a_b"));
    assert_true(str_is(str_snake_case(a, STR("pageURL")), "page_url"));
    assert_true(str_is(str_snake_case(a, STR("URLPath2Go")), "url_path2_go"));
    arena_free(a);
}

static void
str_reads_integers(void **state)
{
    static const char *const bad[] = { "",
                                       "-",
                                       "+1",
                                       "1 ",
                                       " 1",
                                       "1a",
                                       "0x1",
                                       "1.0",
                                       "--1",
                                       "9223372036854775808",
                                       "-9223372036854775809" };
    int64_t n = 77;

    (void)state;
    assert_true(str_read_int64(STR("0"), &n) && n == 0);
    assert_true(str_read_int64(STR("-42"), &n) && n == -42);
    assert_true(str_read_int64(STR("9223372036854775807"), &n) && n == INT64_MAX);
    assert_true(str_read_int64(STR("-9223372036854775808"), &n) && n == INT64_MIN);
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++) {
        n = 77;
        assert_false(str_read_int64(str_from(bad[i]), &n));
        assert_int_equal(n, 77);
    }
}

/* The table of RFC 3629, section 4, at its borders. */
static void
utf8_judges(void **state)
{
    static const char *const good[] = { "plain ASCII text",
                                        "\x7F",
                                        "\xC2\x80",
                                        "\xDF\xBF",
                                        "\xE0\xA0\x80",
                                        "\xED\x9F\xBF",
                                        "\xEE\x80\x80",
                                        "\xEF\xBF\xBF",
                                        "\xF0\x90\x80\x80",
                                        "\xF4\x8F\xBF\xBF",
                                        "8 bytes \xC3\xA9 and more" };
    static const struct {
        const char *text;
        size_t at;
    } bad[] = {
        { "\x80", 0 },
        { "\xBF", 0 },
        { "a\xC0\x80", 1 },
        { "\xC1\xBF", 0 },
        { "\xE0\x9F\xBF", 0 },
        { "\xED\xA0\x80", 0 },
        { "\xED\xBF\xBF", 0 },
        { "\xF0\x8F\xBF\xBF", 0 },
        { "\xF4\x90\x80\x80", 0 },
        { "\xF5\x80\x80\x80", 0 },
        { "\xFF", 0 },
        { "\xC3", 0 },
        { "ok\xE2\x82", 2 },
        { "12345678\xF0\x9F\x8F", 8 },
        { "\xC3(", 0 },
        { "\xE2(\xA1", 0 },
        { "\xE2\x82(", 0 },
        { "\xF0\x9F\x8F(", 0 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(good); i++)
        assert_int_equal(utf8_check(str_from(good[i])), strlen(good[i]));
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++)
        assert_int_equal(utf8_check(str_from(bad[i].text)), bad[i].at);
}

static void
utf8_reads_what_it_writes(void **state)
{
    (void)state;
    for (uint32_t character = 0; character <= 0x10FFFF; character++) {
        char bytes[4];
        size_t offset = 0;
        if (character >= 0xD800 && character <= 0xDFFF)
            continue;
        struct str text = { bytes, utf8_encode(character, bytes) };
        assert_int_equal(utf8_check(text), text.len);
        assert_int_equal(utf8_next(text, &offset), character);
        assert_int_equal(offset, text.len);
        assert_int_equal(utf8_length(text), 1);
    }
}

static void
utf8_tells_commands(void **state)
{
    static const uint32_t commands[] = { 0,      0x1B,   0x1F,   0x7F,   0x80,   0x9F,  0x61C,
                                         0x200E, 0x200F, 0x2028, 0x202E, 0x2066, 0x2069 };
    static const uint32_t others[] = { ' ',    '~',    0xA0,   0x200D, 0x2027,
                                       0x202F, 0x2065, 0x206A, 0xFFFD };

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(commands); i++)
        assert_true(utf8_is_command(commands[i]));
    for (size_t i = 0; i < ARRAY_LENGTH(others); i++)
        assert_false(utf8_is_command(others[i]));
}

static void
utf8_steps_over_what_is_broken(void **state)
{
    struct str text = STR("\xE2\x82x");
    size_t offset = 0;

    (void)state;
    assert_int_equal(utf8_next(text, &offset), 0xFFFD);
    assert_int_equal(offset, 1);
    assert_int_equal(utf8_next(text, &offset), 0xFFFD);
    assert_int_equal(utf8_next(text, &offset), 'x');
    assert_int_equal(offset, 3);
    assert_int_equal(utf8_length(STR("h\xC3\xA9\xF0\x9F\x8F\x83")), 3);
}

static void
utf8_cuts_between_characters(void **state)
{
    struct str text = STR("a\xE2\x82\xAC\xC3\xA9"); /* 1, 3 and 2 bytes */
    static const size_t ends[] = { 0, 1, 1, 1, 4, 4, 6, 6 };

    (void)state;
    for (size_t most = 0; most < ARRAY_LENGTH(ends); most++)
        assert_int_equal(utf8_cut(text, most), ends[most]);
    assert_int_equal(utf8_cut(STR(""), 1), 0);
}

static void
utf8_knows_halves_of_pairs(void **state)
{
    (void)state;
    assert_int_equal(utf8_surrogate(STR("x\xED\xA0\x80"), 1), 0xD800);
    assert_int_equal(utf8_surrogate(STR("\xED\xBF\xBF"), 0), 0xDFFF);
    assert_int_equal(utf8_surrogate(STR("\xED\x9F\xBF"), 0), 0); /* U+D7FF */
    assert_int_equal(utf8_surrogate(STR("\xED\xA0"), 0), 0);
    assert_int_equal(utf8_surrogate(STR("\xED\xA0x"), 0), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(str_compares),
        cmocka_unit_test(str_takes_apart),
        cmocka_unit_test(str_words_are_between_spaces),
        cmocka_unit_test(str_hash_tells_apart),
        cmocka_unit_test(str_makes_texts),
        cmocka_unit_test(str_reads_integers),
        cmocka_unit_test(utf8_judges),
        cmocka_unit_test(utf8_reads_what_it_writes),
        cmocka_unit_test(utf8_tells_commands),
        cmocka_unit_test(utf8_steps_over_what_is_broken),
        cmocka_unit_test(utf8_cuts_between_characters),
        cmocka_unit_test(utf8_knows_halves_of_pairs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
