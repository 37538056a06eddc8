/*
 * test_lexer.c - tokens, what strings mean, and what is not a token.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "language/lexer.h"
#include "language/source.h"
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

/* All tokens of a text as messages show them, a space between two; or the
 * message and the place of its error. */
static struct str
lex(struct str text)
{
    struct source source = { STR_NONE, text };
    struct errors errors = { .arena = arena };
    struct buf *b = buf_new(arena);
    struct lexer lexer;
    struct token token = { .kind = TOKEN_BANG };

    lexer_start(&lexer, &source, arena, &errors);
    while (token.kind != TOKEN_EOF) {
        if (!lexer_next(&lexer, &token)) {
            assert_int_equal(errors.count, 1);
            const struct error *error = errors.first;
            assert_int_equal(error->code, ERROR_PARSE_FAILED);
            return str_format(arena, "%.*s %u:%u", STR_PRINT(error->message), error->places->line,
                              error->places->column);
        }
        if (b->len)
            buf_byte(b, ' ');
        lexer_print_token(b, &token);
    }
    return buf_copy(arena, b);
}

struct pair {
    const char *text, *expected;
};

static void
check_pairs(const struct pair *pairs, size_t count, const char *prefix)
{
    for (size_t i = 0; i < count; i++) {
        struct str found = lex(str_from(pairs[i].text));
        struct str expected = str_format(arena, "%s%s", prefix, pairs[i].expected);
        if (!str_equal(found, expected))
            fail_msg("%s\n  is   %s\n  not  %s", pairs[i].text, found.ptr, expected.ptr);
    }
}

static void
test_tokens(void **state)
{
    static const struct pair pairs[] = {
        { "", "<EOF>" },
        { "! $ & ( ) ... : = @ [ ] { | }",
          "\"!\" \"$\" \"&\" \"(\" \")\" \"...\" \":\" \"=\" \"@\" \"[\" \"]\" \"{\" \"|\" "
          "\"}\" <EOF>" },
        { "!$", "\"!\" \"$\" <EOF>" },
        { "a _ A9_z __typename", "Name \"a\" Name \"_\" Name \"A9_z\" Name \"__typename\" <EOF>" },
        { "......", "\"...\" \"...\" <EOF>" },
        { "a\"b\"c", "Name \"a\" String \"b\" Name \"c\" <EOF>" },
        { "\"\"\"\"", "Syntax Error: Unterminated string. 1:5" },
        { "\"\" \"\"", "String \"\" String \"\" <EOF>" },
    };
    (void)state;
    check_pairs(pairs, ARRAY_LENGTH(pairs), "");
}

static void
test_ignored(void **state)
{
    static const struct pair pairs[] = {
        { " \t\n\r\r\n,,a", "Name \"a\" <EOF>" },
        { "\xEF\xBB\xBF"
          "a\xEF\xBB\xBF"
          "b",
          "Name \"a\" Name \"b\" <EOF>" },
        { "#", "<EOF>" },
        { "# a \xF0\x9F\x98\x80 \"", "<EOF>" },
        { "a#b\nc", "Name \"a\" Name \"c\" <EOF>" },
        { "a#b\rc", "Name \"a\" Name \"c\" <EOF>" },
        { "##\n#\n\na", "Name \"a\" <EOF>" },
    };
    (void)state;
    check_pairs(pairs, ARRAY_LENGTH(pairs), "");
}

static void
test_numbers(void **state)
{
    static const struct pair pairs[] = {
        { "0", "Int \"0\" <EOF>" },
        { "-0", "Int \"-0\" <EOF>" },
        { "7", "Int \"7\" <EOF>" },
        { "-120", "Int \"-120\" <EOF>" },
        { "1,2", "Int \"1\" Int \"2\" <EOF>" },
        { "1-2", "Int \"1\" Int \"-2\" <EOF>" },
        { "123456789012345678901234567890", "Int \"123456789012345678901234567890\" <EOF>" },
        { "0.5", "Float \"0.5\" <EOF>" },
        { "-1.50", "Float \"-1.50\" <EOF>" },
        { "1e9", "Float \"1e9\" <EOF>" },
        { "1E9", "Float \"1E9\" <EOF>" },
        { "1e+9", "Float \"1e+9\" <EOF>" },
        { "1.5E-09", "Float \"1.5E-09\" <EOF>" },
        { "0e0", "Float \"0e0\" <EOF>" },
        { "1}", "Int \"1\" \"}\" <EOF>" },
    };
    (void)state;
    check_pairs(pairs, ARRAY_LENGTH(pairs), "");
}

static void
test_wrong_numbers(void **state)
{
    static const struct pair pairs[] = {
        { "00", "unexpected digit after 0: \"0\". 1:2" },
        { "01", "unexpected digit after 0: \"1\". 1:2" },
        { "-01", "unexpected digit after 0: \"1\". 1:3" },
        { "-", "expected digit but got: <EOF>. 1:2" },
        { "- 1", "expected digit but got: \" \". 1:2" },
        { "-a", "expected digit but got: \"a\". 1:2" },
        { "--1", "expected digit but got: \"-\". 1:2" },
        { "1.", "expected digit but got: <EOF>. 1:3" },
        { "1.a", "expected digit but got: \"a\". 1:3" },
        { "1..2", "expected digit but got: \".\". 1:3" },
        { "1.e1", "expected digit but got: \"e\". 1:3" },
        { "1.5.6", "expected digit but got: \".\". 1:4" },
        { "1e", "expected digit but got: <EOF>. 1:3" },
        { "1e+", "expected digit but got: <EOF>. 1:4" },
        { "1e\"", "expected digit but got: '\"'. 1:3" },
        { "1e\xC3\xA9", "expected digit but got: U+00E9. 1:3" },
        { "1e5.2", "expected digit but got: \".\". 1:4" },
        { "1e5e", "expected digit but got: \"e\". 1:4" },
        { "1a", "expected digit but got: \"a\". 1:2" },
        { "1_", "expected digit but got: \"_\". 1:2" },
        { "0xF", "expected digit but got: \"x\". 1:2" },
        { "1...", "expected digit but got: \".\". 1:3" },
        { "1.5f", "expected digit but got: \"f\". 1:4" },
        { ".5", "expected digit before \".\", did you mean \"0.5\"? 1:1" },
        { "\n .123a", "expected digit before \".\", did you mean \"0.123\"? 2:2" },
    };
    (void)state;
    check_pairs(pairs, ARRAY_LENGTH(pairs), "Syntax Error: Invalid number, ");
}

static void
test_wrong_characters(void **state)
{
    static const struct pair pairs[] = {
        { "a ?", "Unexpected character: \"?\". 1:3" },
        { "%", "Unexpected character: \"%\". 1:1" },
        { ".", "Unexpected character: \".\". 1:1" },
        { "..", "Unexpected \"..\", did you mean \"...\"? 1:1" },
        { ".. .", "Unexpected \"..\", did you mean \"...\"? 1:1" },
        { "....", "Unexpected character: \".\". 1:4" },
        { "+", "Unexpected character: \"+\". 1:1" },
        { "'a'",
          "Unexpected single quote character ('), did you mean to use a double quote (\")? 1:1" },
        { "\x07", "Unexpected character: U+0007. 1:1" },
        { "\x7F", "Unexpected character: U+007F. 1:1" },
        { "a\n\xC3\xA9", "Unexpected character: U+00E9. 2:1" },
        { "\xEF\xBB\xBC", "Unexpected character: U+FEFC. 1:1" }, /* begins as a BOM does */
        { "\xF0\x9F\x98\x80", "Unexpected character: U+1F600. 1:1" },
    };
    (void)state;
    check_pairs(pairs, ARRAY_LENGTH(pairs), "Syntax Error: ");

    struct str nul = { "a\0", 2 };
    assert_string_equal(lex(nul).ptr, "Syntax Error: Unexpected character: U+0000. 1:2");
}

static void
test_strings(void **state)
{
    static const struct pair pairs[] = {
        { "\"\"", "\"" },
        { "\"a b\"", "a b\"" },
        { "\"\\\"\\\\\\/\"", "\"\\/\"" },
        { "\"\\b\\f\\n\\r\\t\"", "\b\f\n\r\t\"" },
        { "\"a\\u0042c\"", "aBc\"" },
        { "\"\\u00e9\\u00E9\"", "\xC3\xA9\xC3\xA9\"" },
        { "\"\\u20AC\"", "\xE2\x82\xAC\"" },
        { "\"\\uD83D\\uDE00!\"", "\xF0\x9F\x98\x80!\"" },
        { "\"\\uDBFF\\uDFFF\\uD800\\uDC00\"", "\xF4\x8F\xBF\xBF\xF0\x90\x80\x80\"" },
        { "\"\\u{1F600}\\u{41}\\u{00000042}\"", "\xF0\x9F\x98\x80"
                                                "AB\"" },
        { "\"\\u{10FFFF}\\u{d7ff}\\u{E000}\"", "\xF4\x8F\xBF\xBF\xED\x9F\xBF\xEE\x80\x80\"" },
        { "\"\t#,\x01\"", "\t#,\x01\"" }, /* as they are */
        { "\"\xEF\xBB\xBF\"", "\xEF\xBB\xBF\"" },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(pairs); i++) {
        struct str found = lex(str_from(pairs[i].text));
        struct str expected = str_format(arena, "String \"%s <EOF>", pairs[i].expected);
        if (!str_equal(found, expected))
            fail_msg("%s\n  is   %s\n  not  %s", pairs[i].text, found.ptr, expected.ptr);
    }
}

/* A string may hold U+0000; it and an escape of it count as one byte. */
static void
test_nul_in_string(void **state)
{
    (void)state;
    struct source source = { STR_NONE, STR("\"a\0b\\u0000\"") };
    struct errors errors = { .arena = arena };
    struct lexer lexer;
    struct token token;

    lexer_start(&lexer, &source, arena, &errors);
    assert_true(lexer_next(&lexer, &token));
    assert_true(str_equal(token.text, STR("a\0b\0")));
}

static void
test_wrong_strings(void **state)
{
    static const struct pair pairs[] = {
        { "\"", "Unterminated string. 1:2" },
        { "\"ab", "Unterminated string. 1:4" },
        { "\"a\nb\"", "Unterminated string. 1:3" },
        { "\"a\rb\"", "Unterminated string. 1:3" },
        { "\"\\n", "Unterminated string. 1:4" },
        { "\"\\n\nb\"", "Unterminated string. 1:4" },
        { "\"\\\"", "Unterminated string. 1:4" },
        { "\"\xF0\x9F\x98\x80", "Unterminated string. 1:4" },
        { "\"\"\"a\n\"\"", "Unterminated string. 2:3" },
        { "\"\"\"a\\\"\"\"", "Unterminated string. 1:9" },
        { "\"a\\x\"", "Invalid character escape sequence: \"\\x\". 1:3" },
        { "\"\\a\"", "Invalid character escape sequence: \"\\a\". 1:2" },
        { "\"\\N\"", "Invalid character escape sequence: \"\\N\". 1:2" },
        { "\"\\\xC3\xA9\"", "Invalid character escape sequence: \"\\\xC3\xA9\". 1:2" },
        { "\"\\", "Invalid character escape sequence: \"\\\". 1:2" },
        { "\"\\\n\"", "Invalid character escape sequence: \"\\\n\". 1:2" },
    };
    (void)state;
    check_pairs(pairs, ARRAY_LENGTH(pairs), "Syntax Error: ");
}

static void
test_wrong_unicode_escapes(void **state)
{
    static const struct pair pairs[] = {
        { "\"\\u\"", "\\u\"\". 1:2" },
        { "\"\\u12\"", "\\u12\"\". 1:2" },
        { "\"\\uXYZW\"", "\\uXYZW\". 1:2" },
        { "\"a\\u00g1 \"", "\\u00g1\". 1:3" },
        { "\"\\u12\xC3\xA9z\"", "\\u12\xC3\xA9z\". 1:2" },
        { "\"\\u12\xF0\x9F\x98\x80z\"", "\\u12\xF0\x9F\x98\x80\". 1:2" },
        { "\"\\u12\xEF\xBF\xBFz\"", "\\u12\xEF\xBF\xBFz\". 1:2" },
        { "\"\\uDC00\"", "\\uDC00\". 1:2" }, /* a low surrogate first */
        { "\"\\uD83D\"", "\\uD83D\". 1:2" }, /* a high one alone */
        { "\"\\uD83Dx\"", "\\uD83D\". 1:2" },
        { "\"\\uD83D\\n\"", "\\uD83D\". 1:2" },
        { "\"\\uD83D\\xDE00\"", "\\uD83D\". 1:2" },
        { "\"\\uD83DxuDE00\"", "\\uD83D\". 1:2" },
        { "\"\\uD83D\\u0041\"", "\\uD83D\". 1:2" },   /* a pair with something else */
        { "\"\\uD83D\\uD83D\"", "\\uD83D\". 1:2" },   /* with another high one */
        { "\"\\uD83D\\u{DE00}\"", "\\uD83D\". 1:2" }, /* only plain forms make a pair */
        { "\"\\u{}\"", "\\u{}\". 1:2" },
        { "\"\\u{12\"", "\\u{12\"\". 1:2" },
        { "\"\\u{g}\"", "\\u{g\". 1:2" },
        { "\"\\u{D800}\"", "\\u{D800}\". 1:2" },
        { "\"\\u{DFFF}\"", "\\u{DFFF}\". 1:2" },
        { "\"\\u{110000}\"", "\\u{110000}\". 1:2" },
        { "\"\\u{7FFFFFFF}\"", "\\u{7FFFFFFF}\". 1:2" },
        { "\"\\u{FFFFFFFF}\"", "\\u{FFFFFFFF\". 1:2" },
        { "\"\\u{000000041}\"", "\\u{000000041\". 1:2" },
        { "\"\\u{1", "\\u{1\". 1:2" },
    };
    (void)state;
    check_pairs(pairs, ARRAY_LENGTH(pairs), "Syntax Error: Invalid Unicode escape sequence: \"");
}

static void
test_block_strings(void **state)
{
    static const struct pair pairs[] = {
        { "\"\"\"\"\"\"", "" },
        { "\"\"\"abc\"\"\"", "abc" },
        { "\"\"\" a b \"\"\"", " a b " }, /* the only line keeps its spaces */
        { "\"\"\" \t \"\"\"", "" },       /* unless they are all */
        { "\"\"\"\n\n\"\"\"", "" },
        { "\"\"\"a\"b\"\"c\"\"\"", "a\"b\"\"c" },
        { "\"\"\"a\\\"\"\"b\"\"\"", "a\"\"\"b" },
        { "\"\"\"a\\nb\\\\\\u0041\"\"\"", "a\\nb\\\\\\u0041" }, /* no other escapes */
        { "\"\"\"a\nb\"\"\"", "a\nb" },
        { "\"\"\"a\r\nb\rc\n\rd\"\"\"", "a\nb\nc\n\nd" },
        { "\"\"\"\n    a\n      b\n    c\n    \"\"\"", "a\n  b\nc" },
        { "\"\"\"  a\n    b\n   c\"\"\"", "  a\n b\nc" }, /* the first line does not count */
        { "\"\"\"\n\ta\n\t\tb\n\"\"\"", "a\n\tb" },       /* tabs count as spaces do */
        { "\"\"\"\n  a\n\n \n  b\n\"\"\"", "a\n\n\nb" },  /* blank lines do not */
        { "\"\"\"\n  a\n     \n  b\"\"\"", "a\n   \nb" }, /* but keep what they have more */
        { "\"\"\"\n\n  a  \n\n\n\"\"\"", "a  " },         /* nor at either end */
        { "\"\"\"\n  \\\"\"\" a\n  b\"\"\"", "\"\"\" a\nb" },
        { "\"\"\"\n  \xC3\xA9\n  \xF0\x9F\x98\x80\"\"\"", "\xC3\xA9\n\xF0\x9F\x98\x80" },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(pairs); i++) {
        struct str found = lex(str_from(pairs[i].text));
        struct str expected = str_format(arena, "BlockString \"%s\" <EOF>", pairs[i].expected);
        if (!str_equal(found, expected))
            fail_msg("%s\n  is   %s\n  not  %s", pairs[i].text, found.ptr, expected.ptr);
    }
}

/* Strings that mean what they say are not copied. */
static void
test_slices(void **state)
{
    (void)state;
    struct source source = { STR_NONE, STR("name 12 \"plain\" \"\"\" block \"\"\"") };
    struct errors errors = { .arena = arena };
    struct lexer lexer;
    struct token token;
    static const uint32_t offsets[] = { 0, 5, 9, 19 };

    lexer_start(&lexer, &source, arena, &errors);
    for (size_t i = 0; i < ARRAY_LENGTH(offsets); i++) {
        assert_true(lexer_next(&lexer, &token));
        assert_ptr_equal(token.text.ptr, source.text.ptr + offsets[i]);
    }
    assert_int_equal(token.start, 16);
    assert_int_equal(token.end, 29);
}

/* The end is there again and again, and bytes after it are not read. */
static void
test_end(void **state)
{
    (void)state;
    struct source source = { STR_NONE, { "ab\"", 2 } };
    struct errors errors = { .arena = arena };
    struct lexer lexer;
    struct token token;

    lexer_start(&lexer, &source, arena, &errors);
    assert_true(lexer_next(&lexer, &token));
    for (int i = 0; i < 3; i++) {
        assert_true(lexer_next(&lexer, &token));
        assert_int_equal(token.kind, TOKEN_EOF);
        assert_int_equal(token.start, 2);
        assert_int_equal(token.end, 2);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tokens),
        cmocka_unit_test(test_ignored),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_wrong_numbers),
        cmocka_unit_test(test_wrong_characters),
        cmocka_unit_test(test_strings),
        cmocka_unit_test(test_nul_in_string),
        cmocka_unit_test(test_wrong_strings),
        cmocka_unit_test(test_wrong_unicode_escapes),
        cmocka_unit_test(test_block_strings),
        cmocka_unit_test(test_slices),
        cmocka_unit_test(test_end),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
