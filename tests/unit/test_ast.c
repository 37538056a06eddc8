/*
 * test_ast.c - the table of kinds.
 *
 * SPDX-License-Identifier: MIT
 */

#include "language/ast.h"
#include "tests/unit/unit.h"

/* Every kind has a name of its own and a list of children that ends. */
static void
test_kinds(void **state)
{
    (void)state;
    for (int kind = 0; kind < AST_KIND_COUNT; kind++) {
        assert_non_null(ast_kind_name(kind));
        for (int other = 0; other < kind; other++)
            assert_string_not_equal(ast_kind_name(kind), ast_kind_name(other));
        const uint16_t *offset = ast_children(kind);
        while (*offset)
            assert_true(*offset++ >= sizeof(struct ast_node));
    }
}

static void
test_names(void **state)
{
    (void)state;
    assert_string_equal(ast_kind_name(AST_OPERATION), "OperationDefinition");
    assert_string_equal(ast_operation_type_name(OPERATION_QUERY), "query");
    assert_string_equal(ast_operation_type_name(OPERATION_MUTATION), "mutation");
    assert_string_equal(ast_operation_type_name(OPERATION_SUBSCRIPTION), "subscription");
}

static void
test_classes(void **state)
{
    (void)state;
    assert_true(ast_is_value(AST_VARIABLE));
    assert_true(ast_is_value(AST_OBJECT));
    assert_false(ast_is_value(AST_OBJECT_FIELD));
    assert_false(ast_is_value(AST_DIRECTIVE));
    assert_true(ast_is_type_definition(AST_SCALAR_DEFINITION));
    assert_true(ast_is_type_definition(AST_INPUT_OBJECT_DEFINITION));
    assert_false(ast_is_type_definition(AST_FIELD_DEFINITION));
    assert_false(ast_is_type_definition(AST_SCHEMA_DEFINITION));
}

/* Children and text are where the structs have them. */
static void
test_members(void **state)
{
    (void)state;
    struct ast_value value = { .node = { .kind = AST_INT }, .text = STR("1") };
    struct ast_argument argument = {
        .node = { .kind = AST_ARGUMENT },
        .name = STR("first"),
        .value = &value.node,
    };
    const uint16_t *offset = ast_children(AST_ARGUMENT);

    assert_ptr_equal(ast_child(&argument.node, offset[0]), &value.node);
    assert_int_equal(offset[1], 0);
    assert_true(str_is(ast_text(&argument.node), "first"));
    assert_true(str_is(ast_text(&value.node), "1"));
    assert_null(ast_text(&(struct ast_node){ .kind = AST_DOCUMENT }).ptr);
}

static void
test_response_name(void **state)
{
    (void)state;
    struct ast_field field = { .node = { .kind = AST_FIELD }, .name = STR("url") };

    assert_true(str_is(ast_response_name(&field), "url"));
    field.alias = STR("address");
    assert_true(str_is(ast_response_name(&field), "address"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kinds),         cmocka_unit_test(test_names),
        cmocka_unit_test(test_classes),       cmocka_unit_test(test_members),
        cmocka_unit_test(test_response_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
