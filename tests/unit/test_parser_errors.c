/*
 * test_parser_errors.c - what is not a document: each production's errors with
 * their places, and the bounds.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/limits.h"
#include "language/parser.h"
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

/* ---- Syntax -------------------------------------------------------------- */

struct refusal {
    const char *text, *message;
    uint32_t line, column;
};

static void
check_error(const struct refusal *refusal, const void *result, const struct errors *errors)
{
    if (result)
        fail_msg("%s: accepted", refusal->text);
    assert_int_equal(errors->count, 1);

    const struct error *error = errors->first;
    struct str message = str_format(arena, "Syntax Error: %s", refusal->message);
    if (!str_equal(error->message, message) || error->places->line != refusal->line ||
        error->places->column != refusal->column)
        fail_msg("%s: %s %u:%u", refusal->text, error->message.ptr, error->places->line,
                 error->places->column);
    assert_null(error->places->next);
    assert_int_equal(error->code, ERROR_PARSE_FAILED);
    assert_null(error->limit);
}

static void
check_refusals(const struct refusal *refusals, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct source source = { STR_NONE, str_from(refusals[i].text) };
        struct errors errors = { .arena = arena };
        const void *document = parser_parse(arena, &source, NULL, &errors);
        check_error(&refusals[i], document, &errors);
    }
}

static void
test_documents(void **state)
{
    static const struct refusal refusals[] = {
        { "", "Unexpected <EOF>.", 1, 1 },
        { "# nothing\n", "Unexpected <EOF>.", 2, 1 },
        { "a", "Unexpected Name \"a\".", 1, 1 },
        { "{ a } b", "Unexpected Name \"b\".", 1, 7 },
        { "}", "Unexpected \"}\".", 1, 1 },
        { "1.5", "Unexpected Float \"1.5\".", 1, 1 },
        { "Query { a }", "Unexpected Name \"Query\".", 1, 1 },
        { "\"d\"", "Unexpected <EOF>.", 1, 4 },
        { "\"d\" 1", "Unexpected Int \"1\".", 1, 5 },
        { "\"d\" \"e\" type T", "Unexpected String \"e\".", 1, 5 },
        { " \"d\" { a }",
          "Unexpected description, descriptions are not supported on shorthand queries.", 1, 2 },
        { " \"d\" extend type T @a",
          "Unexpected description, only GraphQL definitions support descriptions.", 1, 2 },
        { "{ a }\n\"\"\"d\"\"\" what",
          "Unexpected description, only GraphQL definitions support descriptions.", 2, 1 },
        { "{ a ?", "Unexpected character: \"?\".", 1, 5 },
        { "{ a(b: ?) ", "Unexpected character: \"?\".", 1, 8 },
        { "type ?", "Unexpected character: \"?\".", 1, 6 },
    };
    (void)state;
    check_refusals(refusals, ARRAY_LENGTH(refusals));
}

static void
test_operations(void **state)
{
    static const struct refusal refusals[] = {
        { "{", "Expected Name, found <EOF>.", 1, 2 },
        { "{}", "Expected Name, found \"}\".", 1, 2 },
        { "{ a", "Expected Name, found <EOF>.", 1, 4 },
        { "{ a {} }", "Expected Name, found \"}\".", 1, 6 },
        { "query", "Expected \"{\", found <EOF>.", 1, 6 },
        { "query A", "Expected \"{\", found <EOF>.", 1, 8 },
        { "query A B { a }", "Expected \"{\", found Name \"B\".", 1, 9 },
        { "query () { a }", "Expected \"$\", found \")\".", 1, 8 },
        { "query (a: T) { a }", "Expected \"$\", found Name \"a\".", 1, 8 },
        { "query ($: T) { a }", "Expected Name, found \":\".", 1, 9 },
        { "query ($a) { a }", "Expected \":\", found \")\".", 1, 10 },
        { "query ($a:) { a }", "Expected Name, found \")\".", 1, 11 },
        { "query ($a: T =) { a }", "Unexpected \")\".", 1, 15 },
        { "query ($a: [T) { a }", "Expected \"]\", found \")\".", 1, 14 },
        { "query ($a: []) { a }", "Expected Name, found \"]\".", 1, 13 },
        { "query ($a: T!!) { a }", "Expected \"$\", found \"!\".", 1, 14 },
        { "query ($a: T = $b) { a }", "Unexpected variable \"$b\" in constant value.", 1, 16 },
        { "query ($a: T = [{b: $c}]) { a }", "Unexpected variable \"$c\" in constant value.", 1,
          21 },
        { "query ($a: T = $) { a }", "Unexpected \"$\".", 1, 16 },
        { "query ($a: T @b(c: $d)) { a }", "Unexpected variable \"$d\" in constant value.", 1, 20 },
        { "query @ { a }", "Expected Name, found \"{\".", 1, 9 },
        { "{ a: }", "Expected Name, found \"}\".", 1, 6 },
        { "{ a: b: c }", "Expected Name, found \":\".", 1, 7 },
        { "{ a() }", "Expected Name, found \")\".", 1, 5 },
        { "{ a(b) }", "Expected \":\", found \")\".", 1, 6 },
        { "{ a(b:) }", "Unexpected \")\".", 1, 7 },
        { "{ a(b: 1 }", "Expected Name, found \"}\".", 1, 10 },
        { "{ a @b() }", "Expected Name, found \")\".", 1, 8 },
        { "{ a(b: [) }", "Unexpected \")\".", 1, 9 },
        { "{ a(b: {c}) }", "Expected \":\", found \"}\".", 1, 10 },
        { "{ a(b: {c:}) }", "Unexpected \"}\".", 1, 11 },
        { "{ a(b: {1: 2}) }", "Expected Name, found Int \"1\".", 1, 9 },
        { "{ a(b: @c) }", "Unexpected \"@\".", 1, 8 },
        { "{ a(b: $1) }", "Expected Name, found Int \"1\".", 1, 9 },
    };
    (void)state;
    check_refusals(refusals, ARRAY_LENGTH(refusals));
}

static void
test_fragments(void **state)
{
    static const struct refusal refusals[] = {
        { "fragment", "Expected Name, found <EOF>.", 1, 9 },
        { "fragment on on T { a }", "Unexpected Name \"on\".", 1, 10 },
        { "fragment F { a }", "Expected \"on\", found \"{\".", 1, 12 },
        { "fragment F of T { a }", "Expected \"on\", found Name \"of\".", 1, 12 },
        { "fragment F on { a }", "Expected Name, found \"{\".", 1, 15 },
        { "fragment F on T", "Expected \"{\", found <EOF>.", 1, 16 },
        { "fragment F($a: T) on T { a }", "Expected \"on\", found \"(\".", 1, 11 },
        { "{ ... }", "Expected \"{\", found \"}\".", 1, 7 },
        { "{ ...on }", "Expected Name, found \"}\".", 1, 9 },
        { "{ ...on T }", "Expected \"{\", found \"}\".", 1, 11 },
        { "{ ...F(a: 1) }", "Expected Name, found \"(\".", 1, 7 },
        { "{ ...F { a } }", "Expected Name, found \"{\".", 1, 8 },
        { "{ ... @a }", "Expected \"{\", found \"}\".", 1, 10 },
        { "{ ...{} }", "Expected Name, found \"}\".", 1, 7 },
    };
    (void)state;
    check_refusals(refusals, ARRAY_LENGTH(refusals));
}

static void
test_type_system(void **state)
{
    static const struct refusal refusals[] = {
        { "schema", "Expected \"{\", found <EOF>.", 1, 7 },
        { "schema {}", "Expected Name, found \"}\".", 1, 9 },
        { "schema { a: T }", "Unexpected Name \"a\".", 1, 10 },
        { "schema { query T }", "Expected \":\", found Name \"T\".", 1, 16 },
        { "schema { query: [T] }", "Expected Name, found \"[\".", 1, 17 },
        { "scalar", "Expected Name, found <EOF>.", 1, 7 },
        { "scalar S = A", "Unexpected \"=\".", 1, 10 },
        { "type T {}", "Expected Name, found \"}\".", 1, 9 },
        { "type T { a }", "Expected \":\", found \"}\".", 1, 12 },
        { "type T { a: B = 1 }", "Expected Name, found \"=\".", 1, 15 },
        { "type T { a(): B }", "Expected Name, found \")\".", 1, 12 },
        { "type T { a(b: C = $d): E }", "Unexpected variable \"$d\" in constant value.", 1, 19 },
        { "type T implements { a: B }", "Expected Name, found \"{\".", 1, 19 },
        { "type T implements A B { a: C }", "Unexpected Name \"B\".", 1, 21 },
        { "type T implements A & { a: C }", "Expected Name, found \"{\".", 1, 23 },
        { "type T @a(b: $c)", "Unexpected variable \"$c\" in constant value.", 1, 14 },
        { "interface I {}", "Expected Name, found \"}\".", 1, 14 },
        { "union U =", "Expected Name, found <EOF>.", 1, 10 },
        { "union U = |", "Expected Name, found <EOF>.", 1, 12 },
        { "union U = || A", "Expected Name, found \"|\".", 1, 12 },
        { "union U = A |", "Expected Name, found <EOF>.", 1, 14 },
        { "union U implements A", "Unexpected Name \"implements\".", 1, 9 },
        { "enum E {}", "Expected Name, found \"}\".", 1, 9 },
        { "enum E { true }", "Name \"true\" is reserved and cannot be used for an enum value.", 1,
          10 },
        { "enum E { A \"d\" false }",
          "Name \"false\" is reserved and cannot be used for an enum value.", 1, 16 },
        { "enum E { null }", "Name \"null\" is reserved and cannot be used for an enum value.", 1,
          10 },
        { "input I {}", "Expected Name, found \"}\".", 1, 10 },
        { "input I implements A { b: C }", "Unexpected Name \"implements\".", 1, 9 },
        { "input I { a(b: C): D }", "Expected \":\", found \"(\".", 1, 12 },
        { "directive a on FIELD", "Expected \"@\", found Name \"a\".", 1, 11 },
        { "directive @a FIELD", "Expected \"on\", found Name \"FIELD\".", 1, 14 },
        { "directive @a repeatable", "Expected \"on\", found <EOF>.", 1, 24 },
        { "directive @a @b on FIELD", "Expected \"on\", found \"@\".", 1, 14 },
        { "directive @a() on FIELD", "Expected Name, found \")\".", 1, 14 },
        { "directive @a on", "Expected Name, found <EOF>.", 1, 16 },
        { "directive @a on field", "Unexpected Name \"field\".", 1, 17 },
        { "directive @a on FIELD | ELSEWHERE", "Unexpected Name \"ELSEWHERE\".", 1, 25 },
    };
    (void)state;
    check_refusals(refusals, ARRAY_LENGTH(refusals));
}

static void
test_extensions(void **state)
{
    static const struct refusal refusals[] = {
        { "extend", "Unexpected <EOF>.", 1, 7 },
        { "extend query { a }", "Unexpected Name \"query\".", 1, 8 },
        { "extend directive @a on FIELD", "Unexpected Name \"directive\".", 1, 8 },
        { "extend schema", "Unexpected <EOF>.", 1, 14 },
        { "extend schema {}", "Expected Name, found \"}\".", 1, 16 },
        { "extend scalar S", "Unexpected <EOF>.", 1, 16 },
        { "extend type T", "Unexpected <EOF>.", 1, 14 },
        { "extend type T type U { a: B }", "Unexpected Name \"type\".", 1, 15 },
        { "extend interface I", "Unexpected <EOF>.", 1, 19 },
        { "extend union U", "Unexpected <EOF>.", 1, 15 },
        { "extend enum E", "Unexpected <EOF>.", 1, 14 },
        { "extend input I", "Unexpected <EOF>.", 1, 15 },
        { "extend input I {}", "Expected Name, found \"}\".", 1, 17 },
    };
    (void)state;
    check_refusals(refusals, ARRAY_LENGTH(refusals));
}

/* Wherever a definition takes directives, these take no variables. */
static void
test_constant_directives(void **state)
{
    static const char *const texts[] = {
        "schema @a(b: $c) { query: Q }",
        "extend schema @a(b: $c)",
        "scalar S @a(b: $c)",
        "type T @a(b: $c)",
        "type T { f: F @a(b: $c) }",
        "type T { f(x: X @a(b: $c)): F }",
        "interface I @a(b: $c)",
        "union U @a(b: $c)",
        "enum E @a(b: $c)",
        "enum E { V @a(b: $c) }",
        "input I @a(b: $c)",
        "input I { f: F @a(b: $c) }",
        "directive @d(x: X @a(b: $c)) on FIELD",
        "query ($v: V @a(b: $c)) { f }",
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++) {
        struct refusal refusal = { texts[i], "Unexpected variable \"$c\" in constant value.", 1,
                                   (uint32_t)(strstr(texts[i], "$c") - texts[i] + 1) };
        check_refusals(&refusal, 1);
    }
}

static void
test_encoding(void **state)
{
    static const struct refusal refusals[] = {
        { "{ a }\n# \xFF", "Invalid character: byte 0xFF.", 2, 3 },
        { "{ a(b: \"\xC3(\") }", "Invalid character within String: byte 0xC3.", 1, 9 },
        { "{ a(b: \"\\n\xC3(\") }", "Invalid character within String: byte 0xC3.", 1, 11 },
        { "\"\"\"\n\xF0\x9F\x98\"\"\"", "Invalid character within String: byte 0xF0.", 2, 1 },
        { "{ a(b: 1.\xC3) }", "Invalid number, expected digit but got: byte 0xC3.", 1, 10 },
        { "{ a \x80", "Invalid character: byte 0x80.", 1, 5 },
        { "\xED\xA0\x80", "Invalid character: U+D800.", 1, 1 },
        { "\xED\xBF\xBF", "Invalid character: U+DFFF.", 1, 1 },
        { "\xED\xA0", "Invalid character: byte 0xED.", 1, 1 },
        { "? \xE2\x82", "Unexpected character: \"?\".", 1, 1 },
    };
    (void)state;
    check_refusals(refusals, ARRAY_LENGTH(refusals));
}

static void
test_values(void **state)
{
    static const struct refusal refusals[] = {
        { "", "Unexpected <EOF>.", 1, 1 },
        { "1 2", "Expected <EOF>, found Int \"2\".", 1, 3 },
        { "[1", "Unexpected <EOF>.", 1, 3 },
        { "$a", "Unexpected variable \"$a\" in constant value.", 1, 1 },
        { "[{a: $b}]", "Unexpected variable \"$b\" in constant value.", 1, 6 },
        { "{a}", "Expected \":\", found \"}\".", 1, 3 },
        { "01", "Invalid number, unexpected digit after 0: \"1\".", 1, 2 },
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LENGTH(refusals); i++) {
        struct source source = { STR_NONE, str_from(refusals[i].text) };
        struct errors errors = { .arena = arena };
        const void *value = parser_parse_value(arena, &source, NULL, &errors);
        check_error(&refusals[i], value, &errors);
    }
}

/* ---- Bounds -------------------------------------------------------------- */

static const struct limits bounds = {
    .document = 40,
    .tokens = 12,
    .nesting = 3,
    .directives = 2,
};

static void
test_within_bounds(void **state)
{
    static const char *const texts[] = {
        "{ a }                                  #", /* 40 bytes */
        "{ a b c d e f g h i j }",                  /* 12 tokens */
        "{ a { b { c } } }",                        /* 3 levels */
        "{ a(b: {c: [1]}) }",                       /* of any kind */
        "query ($a: [[[T]]]) { a }",                /* 3 of them closed again */
        "{ a @b c @d }",                            /* 2 directives */
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++) {
        struct source source = { STR_NONE, str_from(texts[i]) };
        struct errors errors = { .arena = arena };
        struct limits limits = bounds;
        limits.tokens += i == 4 ? 4 : 0;
        limits.tokens += i == 3 ? 2 : 0;
        if (!parser_parse(arena, &source, &limits, &errors))
            fail_msg("%s: %s", texts[i], errors.first->message.ptr);
    }
}

static void
test_beyond_bounds(void **state)
{
    static const struct {
        const char *text, *limit, *message;
        int maximum;
        uint32_t column;
    } cases[] = {
        { "{ a }                                   #", "document",
          "The document has more than 40 bytes.", 40, 41 },
        { "{ a b c d e f g h i j k }", "tokens", "The document has more than 12 tokens.", 12, 25 },
        { "{ a { b { c { d } } } }", "nesting", "The document nests deeper than 3 levels.", 3, 13 },
        { "{ a(b: {c: [[1]]}) }", "nesting", "The document nests deeper than 3 levels.", 3, 13 },
        { "{ a(b: {c: {d: {}}}) }", "nesting", "The document nests deeper than 3 levels.", 3, 16 },
        { "query ($a: [[[[T]]]]) { a }", "nesting", "The document nests deeper than 3 levels.", 3,
          15 },
        { "{ ...{ ... on T { ...{ a } } } }", "nesting", "The document nests deeper than 3 levels.",
          3, 22 },
        { "{ a @b @c d @e }", "directives", "The document has more than 2 directives.", 2, 13 },
        { "type T @a { b: C @d @e }", "directives", "The document has more than 2 directives.", 2,
          21 },
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct source source = { STR_NONE, str_from(cases[i].text) };
        struct errors errors = { .arena = arena };
        struct limits limits = bounds;
        limits.tokens += strcmp(cases[i].limit, "nesting") == 0 ? 12 : 0;
        assert_null(parser_parse(arena, &source, &limits, &errors));
        assert_int_equal(errors.count, 1);

        const struct error *error = errors.first;
        assert_string_equal(error->message.ptr, cases[i].message);
        assert_int_equal(error->code, ERROR_LIMIT_EXCEEDED);
        assert_string_equal(error->limit, cases[i].limit);
        assert_int_equal(error->maximum, cases[i].maximum);
        assert_int_equal(error->places->line, 1);
        assert_int_equal(error->places->column, cases[i].column);
    }
}

/* What is wrong just before a bound is the one error. */
static void
test_error_before_bound(void **state)
{
    struct source source = { STR_NONE, STR("{a{b{...@c(d:01){e}}}}") };
    struct errors errors = { .arena = arena };
    (void)state;

    assert_null(parser_parse(arena, &source, &bounds, &errors));
    assert_int_equal(errors.count, 1);
    assert_int_equal(errors.first->code, ERROR_PARSE_FAILED);
    assert_int_equal(errors.first->places->column, 15);
}

/* Without bounds of ours there is still one that guards the stack. */
static void
test_deep_documents(void **state)
{
    static const char *const before[] = { "", "{ a(b: ", "{ a(b: ", "query ($a: " };
    static const char *const levels[] = { "{a", "[", "{a:", "[" };
    (void)state;

    for (size_t i = 0; i < ARRAY_LENGTH(levels); i++) {
        struct buf *b = buf_new(arena);
        buf_put_c(b, before[i]);
        for (int level = 0; level < 100000; level++)
            buf_put_c(b, levels[i]);
        struct source source = { STR_NONE, buf_str(b) };
        struct errors errors = { .arena = arena };
        assert_null(parser_parse(arena, &source, NULL, &errors));
        assert_int_equal(errors.count, 1);
        assert_string_equal(errors.first->limit, "nesting");
        assert_int_equal(errors.first->maximum, 1000);
    }
}

/* Cut anywhere, a text is refused once, at a place within it. */
static void
test_every_prefix(void **state)
{
    static const char text[] =
        "query Q($a: [T!] = [1, {b: \"\\u{41}\"}] @c) { d: e(f: $a) @g { ...H ... on I { j } } }"
        " \"\"\"k\n l\"\"\" type M implements N & O @p(q: 1.5e3) { r(s: T = null): U! }"
        " directive @v(w: X) repeatable on FIELD | QUERY extend union Y = Z";
    (void)state;

    for (size_t len = 0; len < sizeof(text); len++) {
        char *copy = arena_alloc(arena, len + 1);
        memcpy(copy, text, len); /* so that a read beyond it is seen */
        struct source source = { STR_NONE, { copy, len } };
        struct errors errors = { .arena = arena };
        const struct ast_document *document = parser_parse(arena, &source, NULL, &errors);
        assert_int_equal(errors.count, document ? 0 : 1);
        if (!document)
            assert_true(errors.first->places->line <= 2);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_documents),          cmocka_unit_test(test_operations),
        cmocka_unit_test(test_fragments),          cmocka_unit_test(test_type_system),
        cmocka_unit_test(test_extensions),         cmocka_unit_test(test_constant_directives),
        cmocka_unit_test(test_encoding),           cmocka_unit_test(test_values),
        cmocka_unit_test(test_within_bounds),      cmocka_unit_test(test_beyond_bounds),
        cmocka_unit_test(test_error_before_bound), cmocka_unit_test(test_deep_documents),
        cmocka_unit_test(test_every_prefix),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
