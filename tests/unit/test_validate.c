/*
 * test_validate.c - validation as a whole: bounds, hostile documents, full
 * lists of errors.  What each rule says is in tests/corpus/validation.
 *
 * Hostile documents must be judged in time that hardly grows with them: the
 * bound of two seconds is more than a hundred times what they take, and an
 * instant of what they take where work doubles with each fragment.  Who exceeds
 * it is killed.
 *
 * SPDX-License-Identifier: MIT
 */
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/limits.h"
#include "language/parser.h"
#include "language/source.h"
#include "sdl/build.h"
#include "validation/validate.h"
#include "tests/unit/unit.h"

enum { SECONDS_MAXIMUM = 2 };

static const char sdl[] = "type Query { user: User users(first: Int): [User!]! node: Node }\n"
                          "interface Node { id: ID! }\n"
                          "type User implements Node { id: ID! name: String friends: [User!]! }\n"
                          "type Link implements Node { id: ID! name: Int user: User }\n";

static struct arena *schema_arena, *arena;
static const struct schema *schema;
static struct errors errors;
static struct buf text; /* of the document */
static struct limits limits;
static struct source source;

static int
setup_schema(void **state)
{
    (void)state;
    schema_arena = arena_new("schema");
    errors = (struct errors){ .arena = schema_arena };
    struct source *contract = ARENA_NEW(schema_arena, struct source);
    contract->text = str_from(sdl);
    const struct ast_document *document = parser_parse(schema_arena, contract, NULL, &errors);
    schema = document ? build_schema(schema_arena, document, BUILD_PLAIN, &errors) : NULL;
    return schema ? 0 : -1;
}

static int
teardown_schema(void **state)
{
    (void)state;
    arena_free(schema_arena);
    return 0;
}

static int
setup(void **state)
{
    (void)state;
    arena = arena_new("request");
    errors = (struct errors){ .arena = arena, .maximum = limits_default.errors };
    limits = limits_default;
    text = (struct buf){ 0 };
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    buf_free(&text);
    arena_free(arena);
    return 0;
}

static void
repeat(const char *what, int count)
{
    for (int i = 0; i < count; i++)
        buf_put_c(&text, what);
}

/* Judge `text`; with `bounds` NULL, without any. */
static bool
judge(const struct limits *bounds)
{
    struct validate_options options = { .limits = bounds };
    source = (struct source){ STR_NONE, buf_str(&text) };
    const struct ast_document *document = parser_parse(arena, &source, NULL, &errors);

    assert_non_null(document);
    alarm(SECONDS_MAXIMUM);
    bool is_valid = validate_document(arena, schema, document, &options, &errors);
    alarm(0);
    assert_int_equal(is_valid, errors.count == 0);
    return is_valid;
}

static void
assert_refused(const char *limit, int maximum)
{
    assert_false(judge(&limits));
    assert_int_equal(errors.count, 1);
    assert_int_equal(errors.first->code, ERROR_LIMIT_EXCEEDED);
    assert_string_equal(errors.first->limit, limit);
    assert_int_equal(errors.first->maximum, maximum);
    assert_non_null(errors.first->places);
}

/* `depth` levels of friends below `user`, which is a level itself. */
static void
write_levels(int depth)
{
    buf_put_c(&text, "{ user ");
    repeat("{ friends ", depth - 2);
    buf_put_c(&text, "{ id ");
    repeat("} ", depth);
}

static void
bounds_admit_what_they_name(void **state)
{
    (void)state;
    write_levels(limits.depth);
    assert_true(judge(&limits));

    buf_truncate(&text, 0);
    write_levels(limits.depth + 1);
    assert_refused("depth", limits.depth);
}

static void
bounds_hold_for_each_operation(void **state)
{
    (void)state;
    limits.aliases = 1;
    buf_put_c(&text, "query A { a: user { id } }\nquery B { user { ...F b: id } }\n"
                     "fragment F on User { c: id }");
    assert_refused("aliases", 1);
    assert_int_equal(errors.first->places->line, 2);
}

static void
no_bounds_admit_all(void **state)
{
    (void)state;
    buf_put_c(&text, "{ ");
    for (int i = 0; i < 200; i++)
        buf_printf(&text, "a%d: user { id } ", i);
    buf_put_c(&text, "}");
    assert_true(judge(NULL));
}

/* Fragments of which each spreads the next twice: 2^count fields. */
static void
write_fan(const char *spreads, int count)
{
    for (int i = 0; i < count; i++) {
        buf_printf(&text, "fragment F%d on User { ", i);
        buf_printf(&text, spreads, i + 1, i + 1);
        buf_put_c(&text, " }\n");
    }
    buf_printf(&text, "fragment F%d on User { id }\n", count);
}

static void
fans_of_fragments_are_refused(void **state)
{
    (void)state;
    buf_put_c(&text, "{ user { ...F0 } }\n");
    write_fan("...F%d ...F%d", 30);
    assert_refused("fields", limits.fields);
}

static void
fans_beyond_all_numbers_are_refused(void **state)
{
    (void)state;
    buf_put_c(&text, "{ user { ...F0 } }\n");
    write_fan("...F%d ...F%d", 200);
    assert_refused("fields", limits.fields);
}

static void
fans_cost_what_they_are(void **state)
{
    (void)state;
    buf_put_c(&text, "{ user { ...F0 } }\n");
    write_fan("friends { ...F%d } also: friends { ...F%d }", 30);
    assert_true(judge(NULL));
}

static void
fans_that_nothing_reaches_cost_what_they_are(void **state)
{
    (void)state;
    buf_put_c(&text, "{ user { id } }\n");
    write_fan("friends { ...F%d } also: friends { ...F%d }", 30);
    assert_false(judge(&limits));
    assert_int_equal(errors.count, 31); /* each is unused */
}

static void
equal_fields_are_merged_in_one_pass(void **state)
{
    (void)state;
    limits.overlaps = 3100;
    limits.fields = 10000;
    buf_put_c(&text, "{ user { ");
    repeat("id ", 3000);
    buf_put_c(&text, "} }");
    assert_true(judge(&limits));
}

static void
equal_fields_in_inline_fragments_too(void **state)
{
    (void)state;
    buf_put_c(&text, "{ user { ");
    for (int i = 0; i < 200; i++) {
        buf_put_c(&text, "... on User { ");
        repeat("id ", 100);
        buf_put_c(&text, "} ");
    }
    buf_put_c(&text, "} }");
    assert_true(judge(NULL));
}

static void
comparisons_are_bounded(void **state)
{
    (void)state;
    limits.overlaps = 100;
    buf_put_c(&text, "{ user { ");
    repeat("id ", 101);
    buf_put_c(&text, "} }");
    assert_refused("overlaps", 100);
}

static void
search_for_conflicts_is_bounded(void **state)
{
    (void)state;
    limits.overlaps = 1000; /* 60 fields are 1,770 pairs */
    limits.aliases = 100;
    buf_put_c(&text, "{ user { ");
    repeat("x: id ", 60);
    buf_put_c(&text, "id id: name } }");
    assert_refused("overlaps", 1000);
}

static void
conflicts_found_before_that_are_reported(void **state)
{
    (void)state;
    limits.overlaps = 1000;
    limits.aliases = 100;
    buf_put_c(&text, "{ user { id id: name ");
    repeat("x: id ", 60);
    buf_put_c(&text, "} }");
    assert_false(judge(&limits));
    assert_int_equal(errors.count, 2);
    assert_int_equal(errors.first->code, ERROR_VALIDATION_FAILED);
    assert_string_equal(errors.last->limit, "overlaps");
}

static void
object_types_that_exclude_each_other_are_bounded(void **state)
{
    (void)state;
    buf_put_c(&text, "{ node ");
    for (int i = 0; i < 20; i++)
        buf_put_c(&text, "{ ... on User { friends { id } } ... on Link { friends: user ");
    buf_put_c(&text, "{ id }");
    repeat(" } }", 20);
    buf_put_c(&text, " }");
    assert_false(judge(NULL)); /* a list and no list */
}

/* Two chains of fragments that are compared with each other, level by level. */
static void
comparisons_within_comparisons_are_bounded(void **state)
{
    (void)state;
    buf_put_c(&text, "{ user { ...A0 ...B0 } }\n");
    for (int i = 0; i < 1000; i++)
        buf_printf(&text,
                   "fragment A%d on User { friends { ...A%d } }\n"
                   "fragment B%d on User { friends { ...B%d } }\n",
                   i, i + 1, i, i + 1);
    buf_put_c(&text, "fragment A1000 on User { a: id }\nfragment B1000 on User { a: name }\n");
    assert_false(judge(NULL));
    assert_string_equal(errors.first->limit, "overlaps");
}

static void
a_fragment_counts_once_among_the_root_fields(void **state)
{
    (void)state;
    limits.root_fields = 1;
    buf_put_c(&text, "{ ...F ...F ...G }\nfragment F on Query { user { id } }\n"
                     "fragment G on Query { ...F }");
    assert_true(judge(&limits));
}

/* What a message shows of a literal is no longer than a screen. */
static void
literals_are_shown_in_part(void **state)
{
    (void)state;
    buf_put_c(&text, "{ users(first: [");
    repeat("1234567890 ", 300);
    buf_put_c(&text, "]) { id } }");
    assert_false(judge(NULL));
    assert_in_range(errors.first->message.len, 1000, 1200);
    assert_true(str_ends_with(errors.first->message, STR("...")));
}

static void
cycles_of_fragments_end(void **state)
{
    (void)state;
    limits.depth = 10000;
    buf_put_c(&text, "{ user { ...F0 } }\n");
    for (int i = 0; i < 1000; i++)
        buf_printf(&text, "fragment F%d on User { friends { ...F%d } }\n", i, (i + 1) % 1000);
    assert_false(judge(&limits));
    assert_true(str_starts_with(errors.first->message, STR("Cannot spread fragment \"F0\"")));
    assert_true(errors.first->message.len < 2000);
}

static void
cycles_that_cross_end(void **state)
{
    (void)state;
    buf_put_c(&text, "{ user { ...F0 } }\n");
    for (int i = 0; i < 100; i++)
        buf_printf(&text,
                   "fragment F%d on User { friends { ...F%d ...F%d } friends { ...F%d name } }\n",
                   i, (i + 1) % 100, (i + 7) % 100, (i + 3) % 100);
    assert_false(judge(&limits));
}

static void
a_full_list_says_so(void **state)
{
    (void)state;
    buf_put_c(&text, "{ ");
    repeat("nope ", limits.errors + 50);
    buf_put_c(&text, "}");
    assert_false(judge(&limits));
    assert_int_equal(errors.count, limits.errors + 1);
    assert_true(str_is(errors.last->message,
                       "Too many validation errors, error limit reached. Validation aborted."));
    assert_null(errors.last->places);
    assert_int_equal(errors.maximum, limits.errors);
}

static void
a_list_that_is_just_full_does_not(void **state)
{
    (void)state;
    buf_put_c(&text, "{ ");
    repeat("nope ", limits.errors);
    buf_put_c(&text, "}");
    assert_false(judge(&limits));
    assert_int_equal(errors.count, limits.errors);
}

static void
an_error_has_forty_places_at_most(void **state)
{
    int count = 0;

    (void)state;
    buf_put_c(&text, "{ users(");
    repeat("first: 1 ", 500);
    buf_put_c(&text, ") { id } }");
    assert_false(judge(&limits));
    for (const struct place *place = errors.first->places; place; place = place->next)
        count++;
    assert_int_equal(count, 40);
}

static void
rules_have_names(void **state)
{
    const char *name;

    (void)state;
    for (int i = 0; (name = validate_rule_name(i)); i++)
        for (int k = 0; k < i; k++)
            assert_string_not_equal(name, validate_rule_name(k));
    assert_non_null(validate_rule_name(0));
    assert_null(validate_rule_name(-1));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(bounds_admit_what_they_name),
        TEST(bounds_hold_for_each_operation),
        TEST(no_bounds_admit_all),
        TEST(fans_of_fragments_are_refused),
        TEST(fans_beyond_all_numbers_are_refused),
        TEST(fans_cost_what_they_are),
        TEST(fans_that_nothing_reaches_cost_what_they_are),
        TEST(equal_fields_are_merged_in_one_pass),
        TEST(equal_fields_in_inline_fragments_too),
        TEST(comparisons_are_bounded),
        TEST(search_for_conflicts_is_bounded),
        TEST(conflicts_found_before_that_are_reported),
        TEST(object_types_that_exclude_each_other_are_bounded),
        TEST(comparisons_within_comparisons_are_bounded),
        TEST(a_fragment_counts_once_among_the_root_fields),
        TEST(literals_are_shown_in_part),
        TEST(cycles_of_fragments_end),
        TEST(cycles_that_cross_end),
        TEST(a_full_list_says_so),
        TEST(a_list_that_is_just_full_does_not),
        TEST(an_error_has_forty_places_at_most),
        TEST(rules_have_names),
    };
#undef TEST
    return cmocka_run_group_tests(tests, setup_schema, teardown_schema);
}
