/*
 * test_schema.c - schemas: finding things in them, and the relations of types.
 *
 * SPDX-License-Identifier: MIT
 */
#include "schema_case.h"

#include "schema/schema.h"

static const char sdl[] = "schema { query: Root }\n"
                          "scalar Url\n"
                          "interface Named { name: String! }\n"
                          "type Root implements Named {\n"
                          "  name: String!\n"
                          "  find(by: Colour, first: Int = 10): [Found!]!\n"
                          "  one(key: Key!): Found\n"
                          "}\n"
                          "union Found = Root | Thing\n"
                          "type Thing { url: Url }\n"
                          "enum Colour { RED BLUE }\n"
                          "input Key @oneOf { id: ID url: Url }\n";

static void
finds(void **state)
{
    (void)state;
    const struct schema *schema = build_valid(sdl);
    const struct type *root = schema_find_type(schema, STR("Root"));
    const struct type *found = schema_find_type(schema, STR("Found"));
    const struct field *find = schema_find_field(schema, root, STR("find"));

    assert_ptr_equal(schema_root_type(schema, OPERATION_QUERY), root);
    assert_null(schema_root_type(schema, OPERATION_MUTATION));
    assert_string_equal(type_text(arena, find->type).ptr, "[Found!]!");
    assert_ptr_equal(type_named(find->type), found);
    assert_non_null(schema_find_argument(find, STR("first")));
    assert_null(schema_find_argument(find, STR("last")));
    assert_non_null(schema_find_input(schema_find_type(schema, STR("Key")), STR("id")));
    assert_non_null(schema_find_enum_value(schema_find_type(schema, STR("Colour")), STR("RED")));
    assert_null(schema_find_enum_value(schema_find_type(schema, STR("Colour")), STR("red")));
    assert_null(schema_find_field(schema, root, STR("lost")));
    assert_null(schema_find_field(schema, found, STR("name")));
    /* What nothing refers to is not there. */
    assert_null(schema_find_type(schema, STR("Float")));
    assert_non_null(schema_find_type(schema, STR("Boolean")));
    assert_null(schema_find_directive(schema, STR("table")));
}

static void
finds_meta_fields(void **state)
{
    (void)state;
    const struct schema *schema = build_valid(sdl);
    const struct type *root = schema_find_type(schema, STR("Root"));
    const struct type *found = schema_find_type(schema, STR("Found"));
    const struct type *thing = schema_find_type(schema, STR("Thing"));

    assert_ptr_equal(schema_find_field(schema, found, STR("__typename")), schema->typename_field);
    assert_ptr_equal(schema_find_field(schema, thing, STR("__typename")), schema->typename_field);
    assert_null(schema_find_field(schema, schema_find_type(schema, STR("Url")), STR("__typename")));
    assert_ptr_equal(schema_find_field(schema, root, STR("__schema")), schema->schema_field);
    assert_ptr_equal(schema_find_field(schema, root, STR("__type")), schema->type_field);
    assert_null(schema_find_field(schema, thing, STR("__schema")));
    assert_string_equal(type_text(arena, schema->typename_field->type).ptr, "String!");
    assert_non_null(schema_find_argument(schema->type_field, STR("name")));
}

static const struct type *
type_of(const struct schema *schema, const char *text)
{
    struct source *source = ARENA_NEW(arena, struct source);
    const struct ast_document *document;

    source->text = str_format(arena, "query($v: %s) { a }", text);
    document = parser_parse(arena, source, NULL, &errors);
    assert_non_null(document);
    const struct ast_node *variable = ast_as(operation, document->definitions)->variables;
    return schema_type_of_ast(arena, schema, ast_as(variable_definition, variable)->type);
}

static void
makes_types_of_documents(void **state)
{
    (void)state;
    const struct schema *schema = build_valid(sdl);
    const struct type *string = schema_find_type(schema, STR("String"));

    /* `String!` is a type of the schema, and `[[String]]` is made here. */
    assert_ptr_equal(type_of(schema, "String!"), string->non_null);
    assert_string_equal(type_text(arena, type_of(schema, "[[String]]")).ptr, "[[String]]");
    assert_null(string->list);
    assert_null(string->list);
    assert_null(type_of(schema, "[Lost!]"));
}

static void
knows_sub_types(void **state)
{
    /* clang-format off */
    static const struct {
        const char *sub, *super;
        bool is_sub;
    } pairs[] = {
        { "Int", "Int", true },           { "Int!", "Int", true },
        { "Int", "Int!", false },         { "[Int!]!", "[Int]", true },
        { "[Int]", "[Int!]", false },     { "Int", "[Int]", false },
        { "[Int]", "Int", false },        { "Root", "Named", true },
        { "[Root!]", "[Named]", true },   { "Named", "Root", false },
        { "Thing", "Found", true },       { "Thing", "Named", false },
        { "Root!", "Found!", true },      { "Root", "Found!", false },
        { "[[Int]!]!", "[[Int]]", true },
    };
    /* clang-format on */
    (void)state;
    const struct schema *schema = build_valid(sdl);

    for (size_t i = 0; i < ARRAY_LENGTH(pairs); i++)
        if (type_is_sub_type(type_of(schema, pairs[i].sub), type_of(schema, pairs[i].super)) !=
            pairs[i].is_sub)
            fail_msg("%s of %s", pairs[i].sub, pairs[i].super);
}

static void
knows_possible_types(void **state)
{
    (void)state;
    const struct schema *schema = build_valid(sdl);
    const struct type *named = schema_find_type(schema, STR("Named"));
    const struct type *root = schema_find_type(schema, STR("Root"));
    const struct type *thing = schema_find_type(schema, STR("Thing"));

    assert_int_equal(named->possible_count, 1);
    assert_ptr_equal(named->possible[0], root);
    assert_true(type_is_possible(named, root));
    assert_false(type_is_possible(named, thing));
    assert_true(type_is_possible(thing, thing));
    assert_true(type_is_possible(schema_find_type(schema, STR("Found")), thing));
    assert_true(type_is_input(schema_find_type(schema, STR("Colour"))));
    assert_false(type_is_output(schema_find_type(schema, STR("Key"))));
    assert_true(type_is_abstract(named));
    assert_false(type_is_leaf(named));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(finds, setup, teardown),
        cmocka_unit_test_setup_teardown(finds_meta_fields, setup, teardown),
        cmocka_unit_test_setup_teardown(makes_types_of_documents, setup, teardown),
        cmocka_unit_test_setup_teardown(knows_sub_types, setup, teardown),
        cmocka_unit_test_setup_teardown(knows_possible_types, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
