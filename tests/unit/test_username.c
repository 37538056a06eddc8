/*
 * test_username.c - which names an account may have, and whether SQL is given the same rule.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "auth/username.h"
#include "tests/unit/unit.h"

static struct arena *arena;

static int
set_up(void **state)
{
    (void)state;
    arena = arena_new("test");
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

/* Names that a new account may have, as they are. */
static void
test_good(void **state)
{
    static const char *const names[] = {
        "a",         "Ada",    "ada@example.org", "a.+-_@", "007",
        "-",         "@",      "हिन्दी", /* a virama and vowel signs */
        "ภาษาไทยที่นี่",                    /* tone marks */
        "தமிழ்",                         /* a virama at the end */
        "বাংলা",                        /* Bengali */
        "ខ្មែរ",                         /* Khmer */
        "မြန်မာ",                        /* Burmese */
        "שָׁלוֹם",                         /* points */
        "عَرَبِي٣",                        /* vowel marks, a digit */
        "Việt",      "日本語", "한국어",          "〇",     "Ωμέγα",
        "Ⴀⴀ",        "𐐀𐐨",     "e\u0301\u0301x",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
        if (!username_is_good(str_from(names[i])))
            fail_msg("%s", names[i]);
    for (size_t i = 0; i < 22; i++) {
        struct str name = username_read(arena, str_from(names[i]));
        if (!name.ptr || !username_is_good(name))
            fail_msg("%s, in normal form", names[i]);
    }
}

static void
test_bad(void **state)
{
    static const char *const names[] = {
        "",
        "a b",
        "a/b",
        "<b>",
        "a\n",
        "a\x7f",
        "a'b",
        "run\U0001F3C3", /* a picture */
        "\u093Fका",      /* a mark at the beginning */
        "1\u0301",       /* after a digit */
        "_\u0301a",      /* after a sign */
        "a\u20DD",       /* an enclosing mark */
        "a\u200Bb",      /* a space without width */
        "क्\u200Dष",      /* a joiner */
        "a\u034Fb",      /* default-ignorable: a mark, */
        "a\uFE0F",       /* a variation selector, */
        "\u115Fa",       /* letters that fill, */
        "\u3164a",
        "a\u00ADb",    /* a soft hyphen, */
        "a\u17B4",     /* a vowel that is inherent, */
        "\U000E0041a", /* a tag */
        "a\u2028b",
        "a\u00A0b",
        "a\u202Eb", /* writes from right to left */
        "\uE000",   /* private */
        "\u0378",   /* not assigned */
        "\xFF",
        "a\xC3",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
        if (username_is_good(str_from(names[i])))
            fail_msg("%zu: %s", i, names[i]);
    assert_false(username_is_good(STR("a\0b")));
}

/* What looks the same is the same name. */
static void
test_read(void **state)
{
    static const struct {
        const char *typed, *name; /* NULL: no account has it */
    } cases[] = {
        { "ada", "ada" },
        { "Zoe\u0308", "Zo\u00EB" },
        { "\uFF21da", "Ada" },
        { "\uFB01x", "fix" },
        { "\u212B", "\u00C5" },
        { "\u1112\u1161\u11AB", "\uD55C" },
        { "\u0958", "\u0915\u093C" },
        { "a\u0323\u0307", "\u1EA1\u0307" },
        { "a\u0307\u0323", "\u1EA1\u0307" },
        { "\u2460", "1" },
        { "", NULL },
        { "a b", NULL },
        { "a\u2000b", NULL }, /* its normal form has a space */
        { "\xFF", NULL },
        /* For these an account may be there from before. */
        { "1\u0301", "1\u0301" },
        { "run\U0001F3C3", "run\U0001F3C3" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct str name = username_read(arena, str_from(cases[i].typed));
        if (cases[i].name ? !str_is(name, cases[i].name) : name.ptr != NULL)
            fail_msg("%zu: %.*s", i, STR_PRINT(name));
    }
    assert_null(username_read(arena, STR("a\0b")).ptr);
    assert_null(username_read(arena, STR_NONE).ptr);
}

/* 150 characters, counted in the normal form. */
static void
test_length(void **state)
{
    struct buf *b = buf_new(arena), *c = buf_new(arena);

    (void)state;
    for (int i = 0; i < 150; i++) {
        buf_put(b, STR("e\u0323\u0302"));
        buf_put(c, STR("\uFDFA")); /* 18 characters in normal form */
    }
    struct str name = username_read(arena, buf_str(b));
    assert_int_equal(utf8_length(name), 150);
    assert_true(username_is_good(name));
    buf_put(b, STR("e"));
    assert_null(username_read(arena, buf_str(b)).ptr);
    assert_null(username_read(arena, buf_str(c)).ptr);
    char *many = ARENA_ARRAY(arena, char, 100000);
    memset(many, 'a', 100000);
    assert_non_null(username_read(arena, (struct str){ many, 150 }).ptr);
    assert_null(username_read(arena, (struct str){ many, 151 }).ptr);
    assert_null(username_read(arena, (struct str){ many, 100000 }).ptr);
    assert_false(username_is_good((struct str){ many, 151 }));
}

/* --- SQL --- */

enum { CODE_POINTS = 0x110000 };

/* Read the ranges of the next bracket expression into a set; the signs are after them. */
static const char *
read_class(const char *sql, char *set, char mark)
{
    while (*sql != '[')
        sql++;
    for (sql++; *sql != ']';) {
        if (strncmp(sql, "\\U", 2) == 0) {
            char *end;
            long first = strtol(sql + 2, &end, 16), last = first;
            if (strncmp(end, "-\\U", 3) == 0)
                last = strtol(end + 3, &end, 16);
            for (long c = first; c <= last; c++)
                set[c] = mark;
            sql = end;
        } else if (strchr("\n' ", *sql)) { /* the text goes on in the next line */
            sql++;
        } else {
            set[(unsigned char)*sql++] = mark;
        }
    }
    return sql;
}

/* Is the character good after that one, or at the beginning? */
static bool
is_good(struct str before, uint32_t c)
{
    char name[8];

    memcpy(name, before.ptr, before.len);
    size_t len = utf8_encode(c, name + before.len);
    return username_is_good((struct str){ name, before.len + len });
}

/* Each character alone, after a letter and after a digit, is judged as the printed rule says. */
static void
test_sql(void **state)
{
    struct buf *b = buf_new(arena);
    char *set = ARENA_ARRAY(arena, char, CODE_POINTS);

    (void)state;
    username_print_sql(b);
    const char *sql = strstr(buf_copy(arena, b).ptr, "^(?:");
    assert_non_null(sql);
    sql = read_class(sql, set, 'd');
    sql = read_class(sql, set, 'l');
    read_class(sql, set, 'm');
    for (uint32_t c = 0; c < CODE_POINTS; c++) {
        if (c >= 0xD800 && c < 0xE000)
            continue;
        bool is_alone = set[c] == 'd' || set[c] == 'l';
        if (is_good(STR(""), c) != is_alone || is_good(STR("1"), c) != is_alone ||
            is_good(STR("a"), c) != (is_alone || set[c] == 'm'))
            fail_msg("U+%04X", c);
    }
}

int
main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_good), TEST(test_bad), TEST(test_read), TEST(test_length), TEST(test_sql),
    };
#undef TEST

    return cmocka_run_group_tests(tests, NULL, NULL);
}
