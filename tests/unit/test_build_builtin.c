/*
 * test_build_builtin.c - what a contract says of what is built in.
 *
 * SPDX-License-Identifier: MIT
 */
#include "schema_case.h"

#include "schema/schema.h"
#include "schema/schema_print.h"

/* Definitions of built-in directives, and what a contract with one is refused with; NULL: nothing.
 * Without bindings none is refused. */
static const char *const redefinitions[][2] = {
    { "directive @skip(if: Boolean!) on FIELD", NULL },
    { "\"own words\" directive @skip(\"own words\" if: Boolean!) on INLINE_FRAGMENT | FIELD",
      NULL },
    { "directive @deprecated(reason: String = \"No longer supported\") on FIELD_DEFINITION", NULL },
    { "directive @oneOf on INPUT_OBJECT", NULL },
    { "directive @specifiedBy(url: String!) on SCALAR", NULL },
    { "directive @skip(if: Boolean) on FIELD",
      "Directive \"@skip\" is built in, and a contract must not define another of that name. It "
      "is: "
      "directive @skip(if: Boolean!) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT 1:12" },
    { "directive @include(x: Int, if: Boolean!) on FIELD",
      "Directive \"@include\" is built in, and a contract must not define another of that name. It "
      "is: directive @include(if: Boolean!) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT 1:12" },
    { "directive @include(unless: Boolean!) on FIELD", "" },
    { "directive @include on FIELD", "" },
    { "directive @include(if: Boolean! = true) on FIELD", "" },
    { "directive @skip(if: Boolean!) repeatable on FIELD", "" },
    { "directive @skip(if: Boolean!) on FIELD | OBJECT", "" },
    { "directive @deprecated(reason: String) on ENUM_VALUE", "" },
    { "directive @deprecated(reason: String! = \"x\") on ENUM_VALUE", "" },
    { "directive @specifiedBy(url: String) on SCALAR", "" },
    { "directive @oneOf(x: Int) on INPUT_OBJECT", "" },
};

static void
keeps_the_meaning_of_built_in_directives(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(redefinitions); i++) {
        const char *sdl = str_format(arena, "%s type Query { q: Int }", redefinitions[i][0]).ptr;
        const char *expected = redefinitions[i][1];

        assert_non_null(build(sdl, BUILD_PLAIN));
        assert_int_equal(build(sdl, BUILD_BINDINGS) != NULL, expected == NULL);
        if (expected && *expected)
            assert_string_equal(errors_text().ptr, expected);
        errors = (struct errors){ .arena = arena };
    }
}

/* What a contract says of built-in scalars is nothing new. */
static void
knows_built_in_scalars(void **state)
{
    const struct schema *schema;
    (void)state;

    schema = build("scalar Float type Query { a: ID } \"own\" scalar ID "
                   "extend scalar ID @specifiedBy(url: \"y\") scalar Int",
                   BUILD_BINDINGS);
    assert_non_null(schema);
    struct buf *printed = buf_new(arena);
    schema_print(printed, schema);
    assert_true(str_equal(buf_str(printed), STR("type Query {\n  a: ID\n}")));
    assert_true(str_is(schema->types[0]->name, "Float"));
    assert_null(schema_find_type(schema, STR("ID"))->specified_by_url.ptr);
    assert_true(schema_find_type(schema, STR("ID"))->is_builtin);

    assert_null(build("type Query { a: ID } scalar ID scalar ID", BUILD_PLAIN));
    assert_string_equal(errors_text().ptr, "There can be only one type named \"ID\". 1:29 1:39");
    errors = (struct errors){ .arena = arena };
    assert_null(build("type Query { a: ID } enum ID { A }", BUILD_PLAIN));
    errors = (struct errors){ .arena = arena };
    assert_null(build("type Query { a: ID } scalar __Type", BUILD_PLAIN));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(keeps_the_meaning_of_built_in_directives, setup, teardown),
        cmocka_unit_test_setup_teardown(knows_built_in_scalars, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
