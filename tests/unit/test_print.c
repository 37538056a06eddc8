/*
 * test_print.c - documents as text again, in the reference implementation's form.
 *
 * SPDX-License-Identifier: MIT
 */

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "language/parser.h"
#include "language/print.h"
#include "language/source.h"
#include "tests/unit/unit.h"

#define FORTY "a123456789b123456789c123456789d123456789"
#define GRIN  "\xF0\x9F\x98\x80" /* two UTF-16 code units, four bytes */
#define GRINS GRIN GRIN GRIN GRIN GRIN GRIN GRIN GRIN GRIN GRIN GRIN GRIN GRIN GRIN GRIN GRIN

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

/* The text, parsed and printed. */
static struct str
print(struct str text)
{
    struct source source = { STR_NONE, text };
    struct errors errors = { .arena = arena };
    struct buf *b = buf_new(arena);
    const struct ast_document *document = parser_parse(arena, &source, NULL, &errors);

    if (!document)
        fail_msg("%.*s: %s", STR_PRINT(text), errors.first->message.ptr);
    print_node(b, &document->node);
    return buf_copy(arena, b);
}

struct pair {
    const char *text, *expected; /* NULL: the text itself */
};

/* What is printed must be as expected, and print as itself. */
static void
check_pairs(const struct pair *pairs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *expected = pairs[i].expected ? pairs[i].expected : pairs[i].text;
        struct str printed = print(str_from(pairs[i].text));
        if (!str_is(printed, expected))
            fail_msg("%s\n-- is\n%s\n-- not\n%s", pairs[i].text, printed.ptr, expected);
        struct str again = print(printed);
        if (!str_equal(printed, again))
            fail_msg("%s\n-- and then\n%s", printed.ptr, again.ptr);
    }
}

/* ---- Executable documents ------------------------------------------------ */

static void
test_operations(void **state)
{
    static const struct pair pairs[] = {
        { "query{a,b}", "{\n  a\n  b\n}" },
        { "query Q{a}", "query Q {\n  a\n}" },
        { "query @a{b}", "query @a {\n  b\n}" },
        { "\"d\" query{a}", "\"d\"\nquery {\n  a\n}" },
        { "mutation{a}", "mutation {\n  a\n}" },
        { "subscription S{a}", "subscription S {\n  a\n}" },
        { "query($a:Int=1@b,$c:[T!]!){d}", "query ($a: Int = 1 @b, $c: [T!]!) {\n  d\n}" },
        { "query Q($a:Int)@b(c:1)@d{e}", "query Q($a: Int) @b(c: 1) @d {\n  e\n}" },
        /* a described variable breaks the lines, without indentation */
        { "query($a:A\"d\"$b:B){c}", "query (\n$a: A\n\"d\"\n$b: B\n) {\n  c\n}" },
        { "fragment F on T@a{b}{c}", "fragment F on T @a {\n  b\n}\n\n{\n  c\n}" },
        { "\"\"\"d\"\"\"fragment F on T{a}", "\"\"\"d\"\"\"\nfragment F on T {\n  a\n}" },
    };
    (void)state;
    check_pairs(pairs, ARRAY_LENGTH(pairs));
}

static void
test_selections(void **state)
{
    static const struct pair pairs[] = {
        { "{a:b(c:1,d:$e)@f{g}}", "{\n  a: b(c: 1, d: $e) @f {\n    g\n  }\n}" },
        { "{...F@a ...on T@b{c}...@d{e}...{f}}",
          "{\n  ...F @a\n  ... on T @b {\n    c\n  }\n  ... @d {\n    e\n  }\n  ... {\n    f\n"
          "  }\n}" },
        { "{a(b:[1,-2.5,true,null,E,$v,\"s\"],c:{},d:[],e:{f:{g:1}})}",
          "{\n  a(b: [1, -2.5, true, null, E, $v, \"s\"], c: {  }, d: [], e: { f: { g: 1 } })\n}" },
    };
    (void)state;
    check_pairs(pairs, ARRAY_LENGTH(pairs));
}

/* ---- 80 columns ---------------------------------------------------------- */

static void
test_wide_arguments(void **state)
{
    static const struct pair pairs[] = {
        /* 80 columns from the field's name or alias on, however deep it stands */
        { "{\n  " FORTY "(x: \"012345678901234567890123456789012\")\n}", NULL },
        { "{\n  " FORTY "(x: \"0123456789012345678901234567890123\")\n}",
          "{\n  " FORTY "(\n    x: \"0123456789012345678901234567890123\"\n  )\n}" },
        { "{a{b{" FORTY "(x: \"012345678901234567890123456789012\")}}}",
          "{\n  a {\n    b {\n      " FORTY "(x: \"012345678901234567890123456789012\")\n"
          "    }\n  }\n}" },
        { "{z: " FORTY "(x: \"0123456789012345678901234567890\")}",
          "{\n  z: " FORTY "(\n    x: \"0123456789012345678901234567890\"\n  )\n}" },
        /* directives do not count, nor do theirs ever break */
        { "{\n  a(b: 1) @c(d: \"" FORTY FORTY "\")\n}", NULL },
        { "{" FORTY "(b: " FORTY ", c: 1) @d {e}}",
          "{\n  " FORTY "(\n    b: " FORTY "\n    c: 1\n  ) @d {\n    e\n  }\n}" },
        /* UTF-16 code units count, not bytes */
        { "{\n  " FORTY "(x: \"" GRINS "a\")\n}", NULL },
        { "{" FORTY "(x: \"" GRINS "ab\")}", "{\n  " FORTY "(\n    x: \"" GRINS "ab\"\n  )\n}" },
    };
    (void)state;
    check_pairs(pairs, ARRAY_LENGTH(pairs));
}

static void
test_wide_values(void **state)
{
    static const struct pair pairs[] = {
        { "query ($a: T = [" FORTY ", b123456789c123456789d123456789e12345]) {\n  b\n}", NULL },
        { "query ($a: T = [" FORTY ", b123456789c123456789d123456789e123456]) {\n  b\n}",
          "query (\n$a: T = [\n  " FORTY
          "\n  b123456789c123456789d123456789e123456\n]\n) {\n  b\n}" },
        { "query ($a: T = { a: " FORTY ", b: c123456789d123456789e1234567 }) {\n  b\n}", NULL },
        { "query ($a: T = { a: " FORTY ", b: c123456789d123456789e12345678 }) {\n  b\n}",
          "query (\n$a: T = {\n  a: " FORTY "\n  b: c123456789d123456789e12345678\n}\n) {\n"
          "  b\n}" },
        /* what is broken within makes its surroundings wide: */
        { "{a(b:{c:[" FORTY "," FORTY "]},d:1)}",
          "{\n  a(\n    b: {\n      c: [\n        " FORTY "\n        " FORTY
          "\n      ]\n    }\n    d: 1\n  )\n}" },
        /* by its indentation and line ends too: 75 and 2 * 3 of them */
        { "{a(b:[[" FORTY ",b123456789c123456789d123456789e1234],[]])}",
          "{\n  a(\n    b: [\n      [" FORTY
          ", b123456789c123456789d123456789e1234]\n      []\n    ]\n  )\n}" },
    };
    (void)state;
    check_pairs(pairs, ARRAY_LENGTH(pairs));
}

/* ---- Type system --------------------------------------------------------- */

static void
test_type_system(void **state)
{
    static const struct pair pairs[] = {
        { "schema@a{query:Q mutation:M}", "schema @a {\n  query: Q\n  mutation: M\n}" },
        { "\"d\"schema{query:Q}extend schema@a extend schema{mutation:M}",
          "\"d\"\nschema {\n  query: Q\n}\n\nextend schema @a\n\nextend schema {\n  mutation: M\n"
          "}" },
        { "scalar S@a extend scalar S@b", "scalar S @a\n\nextend scalar S @b" },
        { "type T implements&A&B@c{d(e:F=1@g,h:I):J!@k \"l\"m:[N]}",
          "type T implements A & B @c {\n  d(e: F = 1 @g, h: I): J! @k\n  \"l\"\n  m: [N]\n}" },
        { "\"d\"type T \"\"\"e\"\"\"enum E", "\"d\"\ntype T\n\n\"\"\"e\"\"\"\nenum E" },
        { "type T extend type T implements A", "type T\n\nextend type T implements A" },
        { "interface I implements A{b:C}extend interface I@d",
          "interface I implements A {\n  b: C\n}\n\nextend interface I @d" },
        { "union U@a=|A|B union V extend union V=C",
          "union U @a = A | B\n\nunion V\n\nextend union V = C" },
        { "enum E@a{\"b\"C@d E}extend enum E{F}",
          "enum E @a {\n  \"b\"\n  C @d\n  E\n}\n\nextend enum E {\n  F\n}" },
        { "input I@a{\"b\"c:D=1@e}extend input I{f:G=[]}",
          "input I @a {\n  \"b\"\n  c: D = 1 @e\n}\n\nextend input I {\n  f: G = []\n}" },
        { "\"d\"directive@a(b:C=1)repeatable on|FIELD|QUERY",
          "\"d\"\ndirective @a(b: C = 1) repeatable on FIELD | QUERY" },
        { "directive@a on ENUM", "directive @a on ENUM" },
        /* a described argument breaks the lines; a wide list does not */
        { "type T{a(b:C\"d\"e:F):G}", "type T {\n  a(\n    b: C\n    \"d\"\n    e: F\n  ): G\n}" },
        { "directive@a(\"b\"c:D)on ENUM", "directive @a(\n  \"b\"\n  c: D\n) on ENUM" },
        { "type T {\n  a(b: " FORTY ", c: " FORTY "): D\n}", NULL },
    };
    (void)state;
    check_pairs(pairs, ARRAY_LENGTH(pairs));
}

/* ---- Strings ------------------------------------------------------------- */

static void
test_strings(void **state)
{
    static const struct {
        struct str text;
        const char *expected;
    } cases[] = {
        { STR_INIT(""), "\"\"" },
        { STR_INIT("a b"), "\"a b\"" },
        { STR_INIT("\"\\/"), "\"\\\"\\\\/\"" },
        { STR_INIT("\b\f\n\r\t"), "\"\\b\\f\\n\\r\\t\"" },
        { STR_INIT("\0\x01\x0B\x1F \x7F"), "\"\\u0000\\u0001\\u000B\\u001F \\u007F\"" },
        { STR_INIT("\xC2\x80\xC2\x9F\xC2\xA0"), "\"\\u0080\\u009F\xC2\xA0\"" },
        { STR_INIT("\xC3\xA9\xC4\x80" GRIN), "\"\xC3\xA9\xC4\x80" GRIN "\"" },
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct buf *b = buf_new(arena);
        print_string(b, cases[i].text);
        assert_string_equal(buf_copy(arena, b).ptr, cases[i].expected);
    }
}

static void
test_block_strings(void **state)
{
    static const struct pair pairs[] = {
        { "", "\"\"\"\"\"\"" },
        { "a", "\"\"\"a\"\"\"" },
        { " a", "\"\"\" a\"\"\"" },
        { "a\nb", "\"\"\"\na\nb\n\"\"\"" },
        { "a\n b", "\"\"\"\na\n b\n\"\"\"" },
        { "a\"b", "\"\"\"a\"b\"\"\"" },
        { "a\"", "\"\"\"\na\"\n\"\"\"" },
        { "a\"\"", "\"\"\"\na\"\"\n\"\"\"" },
        { "a\"\"\"", "\"\"\"\na\\\"\"\"\n\"\"\"" },
        { "a\"\"\"\"", "\"\"\"\na\\\"\"\"\"\n\"\"\"" },
        { "a\"\"\"b", "\"\"\"a\\\"\"\"b\"\"\"" },
        { "a\\", "\"\"\"\na\\\n\"\"\"" },
        { " a\\", "\"\"\" a\\\n\"\"\"" },
        { FORTY "a12345678901234567890123456789", /* 70 */
          "\"\"\"" FORTY "a12345678901234567890123456789\"\"\"" },
        { FORTY "a123456789012345678901234567890", /* 71 */
          "\"\"\"\n" FORTY "a123456789012345678901234567890\n\"\"\"" },
        { GRINS "a123456789b123456789c123456789d1234567", /* 70, in more bytes */
          "\"\"\"" GRINS "a123456789b123456789c123456789d1234567\"\"\"" },
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LENGTH(pairs); i++) {
        struct buf *b = buf_new(arena);
        print_block_string(b, str_from(pairs[i].text));
        assert_string_equal(buf_copy(arena, b).ptr, pairs[i].expected);
    }
}

/* Blocks within documents: their lines are indented as all others are. */
static void
test_indented_blocks(void **state)
{
    static const struct pair pairs[] = {
        { "type T { \"\"\"\n  one\n\n    two\n  \"\"\" a: B }",
          "type T {\n  \"\"\"\n  one\n  \n    two\n  \"\"\"\n  a: B\n}" },
        { "{ a(b: \"\"\"c\nd\"\"\") }", "{\n  a(b: \"\"\"\n  c\n  d\n  \"\"\")\n}" },
    };
    (void)state;
    check_pairs(pairs, ARRAY_LENGTH(pairs));
}

static void
test_descriptions(void **state)
{
    static const struct pair pairs[] = {
        { "", "  \"\"\"\"\"\"\n" },
        { "a b", "  \"\"\"a b\"\"\"\n" },
        { "a\n  b", "  \"\"\"\n  a\n    b\n  \"\"\"\n" },
        { "a\n\nb", "  \"\"\"\n  a\n  \n  b\n  \"\"\"\n" },
        { " a\n  b\nc", "  \"\"\"\n   a\n    b\n  c\n  \"\"\"\n" },
        { " a", "  \"\"\" a\"\"\"\n" },  /* the only line keeps its space */
        { " a\n b", "  \" a\\n b\"\n" }, /* lines that are all indented do not */
        { "\na", "  \"\\na\"\n" },       /* nor is a blank line kept in front, */
        { "a\n", "  \"a\\n\"\n" },       /* nor after */
        { "a\n  ", "  \"a\\n  \"\n" },
        { " ", "  \" \"\n" },
        { "a\rb", "  \"a\\rb\"\n" },     /* nor a CR */
        { "a\x01", "  \"a\\u0001\"\n" }, /* nor what only an escape can show */
        { "a\tb", "  \"\"\"a\tb\"\"\"\n" },
        { "a\x10", "  \"\"\"a\x10\"\"\"\n" },
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LENGTH(pairs); i++) {
        struct buf *b = buf_new(arena);
        print_description(b, str_from(pairs[i].text), 2);
        assert_string_equal(buf_copy(arena, b).ptr, pairs[i].expected);
    }
}

/* ---- Parts, and the whole ------------------------------------------------- */

static void
test_parts(void **state)
{
    (void)state;
    struct source source = { STR_NONE, STR("[{a: 1}, RED]") };
    struct errors errors = { .arena = arena };
    const struct ast_node *list = parser_parse_value(arena, &source, NULL, &errors);
    struct buf *b = buf_new(arena);

    buf_put_c(b, "= ");
    print_node(b, list);
    assert_true(str_is(buf_str(b), "= [{ a: 1 }, RED]"));

    buf_truncate(b, 0); /* an item, without those that follow */
    print_node(b, ast_as(value, list)->values);
    assert_true(str_is(buf_str(b), "{ a: 1 }"));
}

/* What has been printed has the same tree, but for places. */
static void
test_same_tree(void **state)
{
    static const char text[] =
        "\"d\" query Q($a: [T!]! = {b: [1, \"\"\"\n c\n  d\"\"\"]} @e) @f { g: h(i: $a) { ...J } }"
        " fragment J on K { l ... @m { n } } extend type O implements P @q { r(s: T = U): V! }"
        " directive @w(x: Y) repeatable on FIELD | QUERY";
    (void)state;
    struct source first = { STR_NONE, str_from(text) };
    struct source second = { STR_NONE, print(first.text) };
    struct errors errors = { .arena = arena };
    const struct ast_document *one = parser_parse(arena, &first, NULL, &errors);
    const struct ast_document *two = parser_parse(arena, &second, NULL, &errors);

    assert_non_null(one);
    assert_non_null(two);
    assert_int_equal(one->token_count, two->token_count);
    assert_int_equal(one->directive_count, two->directive_count);

    const struct ast_node *left = one->definitions, *right = two->definitions;
    for (; left && right; left = left->next, right = right->next) {
        assert_int_equal(left->kind, right->kind);
        assert_true(str_equal(ast_text(left), ast_text(right)));
    }
    assert_null(left);
    assert_null(right);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_operations),     cmocka_unit_test(test_selections),
        cmocka_unit_test(test_wide_arguments), cmocka_unit_test(test_wide_values),
        cmocka_unit_test(test_type_system),    cmocka_unit_test(test_strings),
        cmocka_unit_test(test_block_strings),  cmocka_unit_test(test_indented_blocks),
        cmocka_unit_test(test_descriptions),   cmocka_unit_test(test_parts),
        cmocka_unit_test(test_same_tree),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
