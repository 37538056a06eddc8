/*
 * test_build.c - contracts built: what is refused, what is made of the rest, and
 * how that is printed.
 *
 * SPDX-License-Identifier: MIT
 */
#include "schema_case.h"

#include "base/buf.h"
#include "schema/schema.h"
#include "schema/schema_print.h"
#include "value/value.h"
#include "contract/contract.h"

/* A contract with a fault, after `type Query { q: Int }` in line 1, and what is said. */
struct fault {
    const char *sdl, *said;
};

/* clang-format off */
static const struct fault faults[] = {
    /* Documents. */
    { "type A { a: [Ball!] }", "Unknown type \"Ball\". 2:14" },
    { "type A { a: Strin b: B b2: Aa }",
      "Unknown type \"Strin\". Did you mean \"String\"? 2:13\n"
      "Unknown type \"B\". Did you mean \"A\"? 2:22\n"
      "Unknown type \"Aa\". Did you mean \"A\"? 2:28" },
    { "type ID { a: Int } type __Type { a: Int }",
      "Type \"ID\" already exists in the schema. It cannot also be defined in this type "
      "definition. 2:6\n"
      "Type \"__Type\" already exists in the schema. It cannot also be defined in this type "
      "definition. 2:25" },
    { "extend scalar ID @specifiedBy(url: \"\")",
      "Cannot extend type \"ID\" because it is not defined. 2:15" },
    { "scalar A\nscalar A", "There can be only one type named \"A\". 2:8 3:8" },
    { "type A { a: Int\na: Int }", "Field \"A.a\" can only be defined once. 2:10 3:1" },
    { "type A { a: Int }\nextend type A { a: Int }",
      "Field \"A.a\" can only be defined once. 2:10 3:17" },
    { "type A { a(b: Int b: Int): Int }",
      "Argument \"A.a(b:)\" can only be defined once. 2:12 2:19" },
    { "enum E { A A }", "Enum value \"E.A\" can only be defined once. 2:10 2:12" },
    { "directive @d on FIELD directive @d on FIELD",
      "There can be only one directive named \"@d\". 2:12 2:34" },
    { "schema { query: Query } schema { query: Query }",
      "Must provide only one schema definition. 2:25\n"
      "There can be only one query type in schema. 2:10 2:34" },
    { "extend type A { a: Int }", "Cannot extend type \"A\" because it is not defined. 2:13" },
    { "scalar A extend type A { a: Int }", "Cannot extend non-object type \"A\". 2:1 2:10" },
    { "scalar A @b", "Unknown directive \"@b\". 2:10" },
    { "scalar A @oneOf", "Directive \"@oneOf\" may not be used on SCALAR. 2:10" },
    { "input I { a: Int @d } directive @d on ARGUMENT_DEFINITION",
      "Directive \"@d\" may not be used on INPUT_FIELD_DEFINITION. 2:18" },
    { "scalar A @d\nextend scalar A @ d directive @d on SCALAR",
      "The directive \"@d\" can only be used once at this location. 2:10 3:17" },
    { "scalar A @specifiedBy",
      "Argument \"@specifiedBy(url:)\" of type \"String!\" is required, but it was not "
      "provided. 2:10" },
    { "scalar A @specifiedBy(url: \"\", uri: 1)",
      "Unknown argument \"uri\" on directive \"@specifiedBy\". Did you mean \"url\"? 2:32" },
    { "scalar A @specifiedBy(url: \"\", url: \"\")",
      "There can be only one argument named \"url\". 2:23 2:32" },
    { "scalar A @specifiedBy(url: 1)",
      "Argument \"@specifiedBy(url:)\" has invalid value: String cannot represent a non string "
      "value: 1 2:28" },
    /* The arguments of one list are reported together, those of others where they are met. */
    { "type A { a(b: Int c: Int c: Int b: Int b: Int): Int }",
      "Argument \"A.a(b:)\" can only be defined once. 2:12 2:33 2:40\n"
      "Argument \"A.a(c:)\" can only be defined once. 2:19 2:26" },
    { "type A { a: Int } enum A { a }", "There can be only one type named \"A\". 2:6 2:24" },
    { "input I { a: I = { a: { a: null, a: null }, a: null } }",
      "There can be only one input field named \"a\". 2:25 2:34\n"
      "There can be only one input field named \"a\". 2:20 2:45" },
    { "input I { a: Int } extend input I @oneOf { b: Int }",
      "Directive \"@oneOf\" may not be used on an extension of input object \"I\". 2:35" },
    { "directive @d on FIELD directive @d on OBJECT type A @d { a: Int }",
      "There can be only one directive named \"@d\". 2:12 2:34" },
    /* Operations and fragments mean nothing, and are held to the same rules. */
    { "query Q($a: Int, $b: Query) @skip(if: true) { a(b: 1, b: 2) @d ...F }",
      "Unknown type \"Int\". 2:13\n"
      "Directive \"@skip\" may not be used on QUERY. 2:29\n"
      "There can be only one argument named \"b\". 2:49 2:55\n"
      "Unknown directive \"@d\". 2:61" },
    /* Built-in directives, by their own definitions. */
    { "directive @deprecated(reason: Int) on ENUM_VALUE enum E { A @deprecated(reason: 1) }",
      "Argument \"@deprecated(reason:)\" has invalid value: String cannot represent a non string "
      "value: 1 2:81" },
    { "directive @specifiedBy on SCALAR scalar A @specifiedBy",
      "Argument \"@specifiedBy(url:)\" of required type \"String!\" was not provided. 2:43" },
    { "type A { a(b: Int @deprecated(reason: {})): Int @deprecated(reason: null) }",
      "Argument \"@deprecated(reason:)\" has invalid value: String cannot represent a non string "
      "value: {  } 2:39\n"
      "Argument \"@deprecated(reason:)\" has invalid value: Expected value of non-null type "
      "\"String!\" not to be null. 2:69" },
    /* Directives that need themselves. */
    { "directive @d(a: Int @d) on ARGUMENT_DEFINITION",
      "Directive \"@d\" must not reference itself, as it does through: @d(a:). 2:1 2:21" },
    { "directive @d(a: [I!]) on ENUM_VALUE input I { b: E c: Int } enum E { X Y @d }",
      "Directive \"@d\" must not reference itself, as it does through: @d(a:), I.b, E.Y. "
      "2:1 2:18 2:50 2:74" },
    { "directive @d(a: Int @e) on ARGUMENT_DEFINITION\n"
      "directive @e(b: Url) on ARGUMENT_DEFINITION\n"
      "directive @f(c: Url) on SCALAR scalar Url extend scalar Url @f",
      "Directive \"@f\" must not reference itself, as it does through: @f(c:), Url. "
      "4:1 4:17 4:61" },
    /* Roots, names, members. */
    { "extend schema { mutation: Query } schema { query: Query }",
      "All root types must be different, \"Query\" type is used as query and mutation root "
      "types. 2:51 2:27" },
    { "union Mutation = Query",
      "Mutation root type must be Object type if provided, it cannot be Mutation. 2:1" },
    { "scalar __A",
      "Name \"__A\" must not begin with \"__\", which is reserved by GraphQL introspection. 2:1" },
    { "type A", "Type A must define one or more fields. 2:1" },
    { "union U", "Union type U must define one or more member types. 2:1" },
    { "enum E", "Enum type E must define one or more values. 2:1" },
    { "input I", "Input Object type I must define one or more fields. 2:1" },
    { "union U = Query | Query", "Union type U can only include type Query once. 2:11 2:19" },
    { "union U = Int", "Union type U can only include Object types, it cannot include Int. 2:11" },
    { "input I { a: Int } type A { a: [I!]! }",
      "The type of A.a must be Output Type but got: [I!]!. 2:32" },
    { "type A { a(b: Query): Int }",
      "The type of A.a(b:) must be Input Type but got: Query. 2:15" },
    { "type A { a(b: Int! @deprecated): Int }",
      "Required argument A.a(b:) cannot be deprecated. 2:20 2:15" },
    /* Interfaces. */
    { "type A implements Query { q: Int }",
      "Type A must only implement Interface types, it cannot implement Query. 2:19" },
    { "interface I { a: Int } type A implements I & I { a: Int }",
      "Type A can only implement I once. 2:42 2:46" },
    { "interface I implements I { a: Int }",
      "Type I cannot implement itself because it would create a circular reference. 2:24" },
    { "interface I implements J { a: Int } interface J implements I { a: Int }",
      "Type I cannot implement J because it would create a circular reference. 2:60 2:24\n"
      "Type J cannot implement I because it would create a circular reference. 2:24 2:60" },
    { "interface I { a: Int } interface J implements I { a: Int }\n"
      "type A implements J { a: Int }",
      "Type A must implement I because it is implemented by J. 2:47 3:19" },
    { "interface I { a: Int } type A implements I { b: Int }",
      "Interface field I.a expected but A does not provide it. 2:15 2:24" },
    { "interface I { a: [Int]! } type A implements I { a: [Int!] }",
      "Interface field I.a expects type [Int]! but A.a is type [Int!]. 2:18 2:52" },
    { "interface I { a(b: Int): Int } type A implements I { a: Int }",
      "Interface field argument I.a(b:) expected but A.a does not provide it. 2:17 2:54" },
    { "interface I { a(b: Int): Int } type A implements I { a(b: Int!): Int }",
      "Interface field argument I.a(b:) expects type Int but A.a(b:) is type Int!. 2:20 2:59" },
    { "interface I { a: Int } type A implements I { a(b: Int!): Int }",
      "Argument \"A.a(b:)\" must not be required type \"Int!\" if not provided by the Interface "
      "field \"I.a\". 2:48 2:15" },
    { "interface I { a: Int } type A implements I { a: Int @deprecated }",
      "Interface field I.a is not deprecated, so implementation field A.a must not be "
      "deprecated. 2:53 2:49" },
    /* Input objects. */
    { "input I @oneOf { a: Int! b: Int = 1 }",
      "OneOf input field I.a must be nullable. 2:21\n"
      "OneOf input field I.b cannot have a default value. 2:26" },
    { "input I { j: J! } input J { i: I! k: [J!]! }",
      "Input Object I cannot be provided a finite value because it references itself through "
      "fields: I.j, J.i. 2:11 2:29" },
    { "input I { x: X! i: I! } input X { a: Int }",
      "Input Object I cannot be provided a finite value because it references itself through "
      "fields: I.i. 2:17" },
    { "input I @oneOf",
      "Input Object type I must define one or more fields. 2:1" },
    { "union U = I | I interface I { a: Int }",
      "Union type U can only include Object types, it cannot include I. 2:11 2:15\n"
      "Union type U can only include type I once. 2:11 2:15" },
    { "type A { a(b: Query! @deprecated): Int }",
      "The type of A.a(b:) must be Input Type but got: Query!. 2:15\n"
      "Required argument A.a(b:) cannot be deprecated. 2:22 2:15" },
    { "input I @oneOf { i: I }",
      "Input Object I cannot be provided a finite value because it references itself through "
      "fields: I.i. 2:18" },
    { "input I { j: J = {} } input J { i: I = {} }",
      "Invalid circular reference. The default value of Input Object field I.j references itself "
      "via the default values of: J.i. 2:18 2:40" },
    /* Defaults. */
    { "type A { a(b: Int = \"1\"): Int }",
      "A.a(b:) has invalid default value: Int cannot represent non-integer value: \"1\" 2:21" },
    { "type A { a(b: [Int!] = [1, null]): Int }",
      "A.a(b:) has invalid default value at [1]: Expected value of non-null type \"Int!\" not to "
      "be null. 2:28" },
    { "enum E { X } input I { e: E = Y f: E = \"X\" }",
      "I.e has invalid default value: Value \"Y\" does not exist in \"E\" enum. "
      "Did you mean the enum value \"X\"? 2:31\n"
      "I.f has invalid default value: Enum \"E\" cannot represent non-enum value: \"X\". "
      "Did you mean the enum value \"X\"? 2:40" },
    { "input I { a: Int! } directive @d(i: [I] = {b: {}}) on FIELD",
      "@d(i:) has invalid default value: Expected value of type \"I\" to include required field "
      "\"a\", found: { b: {  } }. 2:43\n"
      "@d(i:) has invalid default value: Expected value of type \"I\" not to include unknown "
      "field \"b\". Did you mean \"a\"? Found: { b: {  } }. 2:44" },
    { "input I @oneOf { a: Int b: Int } type A { a(i: I = {a: null}): Int }",
      "A.a(i:) has invalid default value at .a: Within OneOf Input Object type \"I\", exactly one "
      "field must be specified, and the value for that field must be non-null. 2:52" },
    { "input I { a: Int } type A { a(i: I = {a: 1, a: 2}): Int }",
      "There can be only one input field named \"a\". 2:39 2:45" },
};
/* clang-format on */

static void
refuses(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(faults); i++) {
        struct str sdl = str_format(arena, "type Query { q: Int }\n%s", faults[i].sdl);
        errors = (struct errors){ .arena = arena };
        assert_null(build(sdl.ptr, BUILD_PLAIN));
        assert_string_equal(errors_text().ptr, faults[i].said);
    }
}

static void
refuses_without_query(void **state)
{
    (void)state;
    assert_null(build("schema { mutation: M } type M { a: Int }", BUILD_PLAIN));
    assert_string_equal(errors_text().ptr, "Query root type must be provided. 1:1");
}

static void
fails_when_the_list_is_full(void **state)
{
    (void)state;
    errors.maximum = 1;
    errors_add(&errors, ERROR_INTERNAL, "before");
    assert_null(build("scalar A", BUILD_PLAIN));
    assert_null(build("type Query { a: Querry }", BUILD_PLAIN));
    assert_int_equal(errors.count, 1);
}

/* What is printed is in the order of the contract, and builds again to the same. */
static const char printed[] =
    "\"\"\"All of it.\"\"\"\n"
    "schema {\n"
    "  query: Root\n"
    "}\n"
    "\n"
    "directive @mark(\n"
    "  \"\"\"How often.\"\"\"\n"
    "  times: Int! = 2\n"
    ") repeatable on FIELD | ENUM_VALUE\n"
    "\n"
    "scalar Url @specifiedBy(url: \"https://example.org/url\")\n"
    "\n"
    "interface Named {\n"
    "  name: String!\n"
    "}\n"
    "\n"
    "\"\"\"\n"
    "Where queries start.\n"
    "\n"
    "And end.\n"
    "\"\"\"\n"
    "type Root implements Named {\n"
    "  name: String!\n"
    "\n"
    "  \"\"\"By filter.\"\"\"\n"
    "  find(by: Filter = { colour: RED, tags: [\"a\"] }, first: Int = 10): [Found!]! @deprecated\n"
    "  one(\n"
    "    \"\"\"Its key.\"\"\"\n"
    "    id: ID!\n"
    "    at: Url @deprecated(reason: \"It \\\"moves\\\".\")\n"
    "  ): Found\n"
    "}\n"
    "\n"
    "union Found = Root | Thing\n"
    "\n"
    "type Thing {\n"
    "  url: Url\n"
    "}\n"
    "\n"
    "enum Colour {\n"
    "  \"\"\"Like a rose.\"\"\"\n"
    "  RED\n"
    "  BLUE @deprecated(reason: \"Cold.\")\n"
    "}\n"
    "\n"
    "input Filter {\n"
    "  colour: Colour = BLUE\n"
    "  tags: [String!]\n"
    "}\n"
    "\n"
    "input Key @oneOf {\n"
    "  id: ID\n"
    "  url: Url\n"
    "}";

static struct str
print(const struct schema *schema)
{
    struct buf b = { 0 };
    struct str text;

    schema_print(&b, schema);
    text = buf_copy(arena, &b);
    buf_free(&b);
    return text;
}

static void
prints(void **state)
{
    (void)state;
    assert_string_equal(print(build_valid(printed)).ptr, printed);
}

static void
prints_no_roots_of_default_names(void **state)
{
    const char *sdl = "type Query {\n  q: Int\n}\n\ntype Mutation {\n  m: Int\n}";
    (void)state;
    assert_string_equal(print(build_valid(sdl)).ptr, sdl);
}

static void
merges_extensions(void **state)
{
    (void)state;
    const struct schema *schema = build_valid("extend type Query implements I { b: Int }\n"
                                              "type Query { a: Int } interface I { b: Int }\n"
                                              "extend enum E { B } enum E { A }\n"
                                              "extend schema { mutation: M } type M { a: E }");

    assert_string_equal(print(schema).ptr, "schema {\n"
                                           "  query: Query\n"
                                           "  mutation: M\n"
                                           "}\n"
                                           "\n"
                                           "type Query implements I {\n"
                                           "  a: Int\n"
                                           "  b: Int\n"
                                           "}\n"
                                           "\n"
                                           "interface I {\n"
                                           "  b: Int\n"
                                           "}\n"
                                           "\n"
                                           "enum E {\n"
                                           "  A\n"
                                           "  B\n"
                                           "}\n"
                                           "\n"
                                           "type M {\n"
                                           "  a: E\n"
                                           "}");
}

static struct str
default_text(const struct type *input_object, const char *name)
{
    struct buf b = { 0 };
    struct str text;

    value_print(&b, schema_find_input(input_object, str_from(name))->default_value);
    text = buf_copy(arena, &b);
    buf_free(&b);
    return text;
}

/* Coerced: lists of one, and what a literal leaves to other defaults, in any order. */
static void
coerces_defaults(void **state)
{
    (void)state;
    const struct schema *schema =
        build_valid("type Query { a(i: I): Int }\n"
                    "input I { j: [J] = {b: 2} k: J = null m: ID = 3 }\n"
                    "input J { b: Int a: K = {} c: I = {j: [], k: null} }\n"
                    "input K { e: E = X } enum E { X }");
    const struct type *i = schema_find_type(schema, STR("I"));

    assert_string_equal(default_text(i, "j").ptr,
                        "[{ b: 2, a: { e: X }, c: { j: [], k: null, m: \"3\" } }]");
    assert_string_equal(default_text(i, "k").ptr, "null");
    assert_string_equal(default_text(i, "m").ptr, "\"3\"");
}

/* A built-in directive that a contract defines is the contract's, and is not printed. */
static void
takes_built_in_directives(void **state)
{
    const char *query = "type Query {\n  q: ID\n}";
    (void)state;
    const struct schema *schema =
        build_valid("directive @skip(if: Boolean!) on FIELD type Query { q: ID }");

    assert_string_equal(print(schema).ptr, query);
    assert_true(schema->directives[0].is_builtin);
    assert_int_equal(schema->directives[0].locations, 1u << LOCATION_FIELD);
}

static void
declares_bindings_when_asked(void **state)
{
    const char *sdl = "type Query @table(name: \"q\") { q: Int @column }";
    const struct schema *schema;
    (void)state;

    schema = build(sdl, BUILD_BINDINGS);
    assert_non_null(schema);
    assert_true(schema_find_directive(schema, STR("table"))->is_binding);
    assert_string_equal(print(schema).ptr, "type Query {\n  q: Int\n}");

    assert_null(build(sdl, BUILD_PLAIN));
    assert_string_equal(errors_text().ptr, "Unknown directive \"@table\". 1:12\n"
                                           "Unknown directive \"@column\". 1:39");

    sdl = "directive @table on OBJECT type Query @table { q: Int }";
    errors = (struct errors){ .arena = arena };
    assert_non_null(build(sdl, BUILD_PLAIN));
    assert_null(build(sdl, BUILD_BINDINGS));
    assert_string_equal(errors_text().ptr,
                        "Directive \"@table\" already exists in the schema. It cannot be "
                        "redefined. 1:12\n"
                        "Argument \"@table(name:)\" of type \"String!\" is required, but it was "
                        "not provided. 1:39");
}

static void
loads_a_contract(void **state)
{
    (void)state;
    const struct contract *contract =
        contract_build(arena, STR("schema.graphql"), STR("type Query { q: Int }"), &errors);

    assert_non_null(contract);
    assert_null(contract->catalog);
    /* FNV-1a of the text; the same in every process. */
    assert_string_equal(contract->hash.ptr, "c83147c766782b15");
    assert_null(contract_build(arena, STR("schema.graphql"), STR("type Query {"), &errors));
    assert_int_equal(errors.count, 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(refuses, setup, teardown),
        cmocka_unit_test_setup_teardown(refuses_without_query, setup, teardown),
        cmocka_unit_test_setup_teardown(fails_when_the_list_is_full, setup, teardown),
        cmocka_unit_test_setup_teardown(prints, setup, teardown),
        cmocka_unit_test_setup_teardown(prints_no_roots_of_default_names, setup, teardown),
        cmocka_unit_test_setup_teardown(merges_extensions, setup, teardown),
        cmocka_unit_test_setup_teardown(coerces_defaults, setup, teardown),
        cmocka_unit_test_setup_teardown(takes_built_in_directives, setup, teardown),
        cmocka_unit_test_setup_teardown(declares_bindings_when_asked, setup, teardown),
        cmocka_unit_test_setup_teardown(loads_a_contract, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
