/*
 * test_build_depth.c - input objects, defaults and directives that need each other
 * through many, and errors with many places: all of it ends.
 *
 * SPDX-License-Identifier: MIT
 */
#include "schema_case.h"

#include "base/buf.h"
#include "schema/schema.h"

enum { LEVELS = 4000 }; /* build_check_input.c */

/* A query type and `count` definitions, each of the format with its own number and the next
 * one's, where `after_last` comes after the last; then `end`. */
static const char *
chain(const char *format, int count, int after_last, const char *end)
{
    struct buf *b = buf_new(arena);

    buf_put_c(b, "type Query { q: Int }\n");
    for (int i = 0; i < count; i++)
        buf_printf(b, format, i, i + 1 < count ? i + 1 : after_last);
    buf_put_c(b, end);
    return buf_copy(arena, b).ptr;
}

static void
refuse(const char *sdl)
{
    errors = (struct errors){ .arena = arena };
    assert_null(build(sdl, BUILD_PLAIN));
}

static int
count_places(const struct error *error)
{
    int n = 0;

    for (const struct place *p = error->places; p; p = p->next)
        n++;
    return n;
}

static const char defaults[] = "input A%d { a: A%d = {} }\n";

static void
defaults_go_so_deep(void **state)
{
    (void)state;
    const struct schema *schema =
        build_valid(chain(defaults, LEVELS, LEVELS, "input A4000 { b: Int }"));

    assert_non_null(schema);
    assert_non_null(
        schema_find_input(schema_find_type(schema, STR("A0")), STR("a"))->default_value);
}

static void
and_no_deeper(void **state)
{
    (void)state;
    refuse(chain(defaults, LEVELS + 1, LEVELS + 1, "input A4001 { b: Int }"));
    assert_string_equal(errors.first->message.ptr,
                        "The default value of Input Object field A0.a depends on other defaults, "
                        "more than 4000 levels deep.");
    assert_int_equal(errors.first->places->line, 2);

    /* Nor on the way to it. */
    refuse(chain(defaults, 5 * LEVELS, 5 * LEVELS, "input A20000 { b: Int }"));
    assert_int_equal(errors.first->places->line, LEVELS + 3);
}

/* The last comes first, so that none is deeper than its next one when it is looked into. */
static void
nor_the_other_way_round(void **state)
{
    struct buf *b = buf_new(arena);
    (void)state;

    buf_put_c(b, "type Query { q(a: A0 = {}): Int }\ninput A4001 { b: Int }\n");
    for (int i = LEVELS; i >= 0; i--)
        buf_printf(b, defaults, i, i + 1);
    refuse(buf_copy(arena, b).ptr);
    assert_int_equal(errors.count, 1);
    assert_int_equal(errors.first->places->line, LEVELS + 3);
}

static const char needs[] = "input A%d { a: A%d! }\n";

static void
cycles_are_told(void **state)
{
    (void)state;
    refuse(chain(needs, LEVELS, 0, ""));
    assert_int_equal(errors.count, 1);
    assert_int_equal(count_places(errors.first), LEVELS);

    refuse(chain(needs, LEVELS + 1, 0, ""));
    assert_int_equal(errors.count, 1);
    assert_string_equal(errors.first->message.ptr,
                        "Input Object A4000 is too deep: input objects may require each other at "
                        "most 4000 levels deep.");
}

/* Once, however many directives are in the ring. */
static void
rings_of_directives_are_told(void **state)
{
    (void)state;
    refuse(chain("directive @d%d(a: Int @d%d) on ARGUMENT_DEFINITION\n", 5 * LEVELS, 0, ""));
    assert_int_equal(errors.count, 1);
    assert_int_equal(count_places(errors.first), 5 * LEVELS + 1);
}

/* Each field that is missing is missed in the definition and in every extension. */
static void
places_come_to_an_end(void **state)
{
    enum { FIELDS = 1300, EXTENSIONS = 800, PLACES = 1000000 };
    struct buf *b = buf_new(arena);
    int count = 0;
    (void)state;

    buf_put_c(b, "directive @d repeatable on OBJECT\ntype Query implements I { q: Int }\n");
    for (int i = 0; i < EXTENSIONS; i++)
        buf_put_c(b, "extend type Query @d\n");
    buf_put_c(b, "interface I {");
    for (int i = 0; i < FIELDS; i++)
        buf_printf(b, " f%d: Int", i);
    buf_put_c(b, " }");
    refuse(buf_copy(arena, b).ptr);
    assert_int_equal(errors.count, FIELDS);
    assert_int_equal(count_places(errors.first), EXTENSIONS + 2);
    for (const struct error *error = errors.first; error; error = error->next)
        count += count_places(error);
    assert_int_equal(count, PLACES);
}

/* Thousands of unknown names are not compared with thousands of types each. */
static void
bounds_suggestions(void **state)
{
    struct buf sdl = { 0 };
    int suggested = 0;
    (void)state;

    buf_put_c(&sdl, "type Query { q: Int ");
    for (int i = 0; i < 4000; i++)
        buf_printf(&sdl, "f%d: UnknownTypeNumber%d ", i, i);
    buf_put_c(&sdl, "}");
    for (int i = 0; i < 4000; i++)
        buf_printf(&sdl, "scalar KnownTypeNumber%d ", i);
    assert_null(build(str_copy_c(arena, buf_str(&sdl)), BUILD_PLAIN));
    assert_int_equal(errors.count, 4000);
    for (const struct error *error = errors.first; error; error = error->next)
        suggested += str_ends_with(error->message, STR("?"));
    assert_true(suggested > 20 && suggested < 60); /* 50 million pairs of characters */
    buf_free(&sdl);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(defaults_go_so_deep, setup, teardown),
        cmocka_unit_test_setup_teardown(and_no_deeper, setup, teardown),
        cmocka_unit_test_setup_teardown(nor_the_other_way_round, setup, teardown),
        cmocka_unit_test_setup_teardown(cycles_are_told, setup, teardown),
        cmocka_unit_test_setup_teardown(rings_of_directives_are_told, setup, teardown),
        cmocka_unit_test_setup_teardown(places_come_to_an_end, setup, teardown),
        cmocka_unit_test_setup_teardown(bounds_suggestions, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
