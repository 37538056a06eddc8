/*
 * test_value.c - values: variables and arguments coerced, values written.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "language/parser.h"
#include "language/source.h"
#include "schema/schema.h"
#include "value/value.h"
#include "value/value_coerce.h"
#include "sdl/build.h"
#include "tests/unit/unit.h"

static const char sdl[] =
    "type Query { f(id: ID!, n: Int! = 7, list: [Int!], p: Point, o: Order, e: Colour, any: Any,\n"
    "               s: String, x: Float, b: Boolean): Int }\n"
    "input Point { x: Int! y: Int! = 5 tag: [String] in: Point }\n"
    "input Order @oneOf { a: Int b: Colour }\n"
    "enum Colour { RED BLUE }\n"
    "scalar Any\n";

static struct arena *arena;
static struct errors errors;
static const struct schema *schema;

static int
setup(void **state)
{
    (void)state;
    arena = arena_new("test");
    errors = (struct errors){ .arena = arena };
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static const struct ast_document *
parse(const char *text)
{
    struct source *source = ARENA_NEW(arena, struct source);
    const struct ast_document *document;

    source->text = str_copy(arena, str_from(text));
    document = parser_parse(arena, source, NULL, &errors);
    assert_non_null(document);
    return document;
}

static void
load_schema(void)
{
    errors = (struct errors){ .arena = arena };
    schema = build_schema(arena, parse(sdl), BUILD_PLAIN, &errors);
    assert_non_null(schema);
}

/* A value as JSON would bring it, from a literal without enums. */
static const struct value *
json(const char *literal)
{
    struct source *source = ARENA_NEW(arena, struct source);
    const struct ast_node *node;

    source->text = str_copy(arena, str_from(literal));
    node = parser_parse_value(arena, source, NULL, &errors);
    assert_non_null(node);
    return value_of_literal(arena, node, NULL);
}

static struct str
text_of(const struct value *value)
{
    struct buf b = { 0 };
    struct str text;

    value_print(&b, value);
    text = buf_copy(arena, &b);
    buf_free(&b);
    return text;
}

/* The first error: `message line:column (argument)`. */
static const char *
error_text(void)
{
    const struct error *e = errors.first;
    struct buf b = { 0 };
    const char *text;

    assert_non_null(e);
    assert_int_equal(e->code, ERROR_BAD_USER_INPUT);
    buf_put(&b, e->message);
    if (e->places)
        buf_printf(&b, " %u:%u", e->places->line, e->places->column);
    if (e->argument.ptr)
        buf_printf(&b, " (%.*s)", STR_PRINT(e->argument));
    text = buf_copy(arena, &b).ptr;
    buf_free(&b);
    return text;
}

/* Variables, what JSON gives for them, and what `$v` is, or what is said. */
struct variable_case {
    const char *variables, *json, *result;
};

/* clang-format off */
static const struct variable_case variable_cases[] = {
    { "$v: Int", "{}", "absent" },
    { "$v: Int", "{v: null}", "null" },
    { "$v: Int = 3", "{}", "3" },
    { "$v: Int = 3", "{v: null}", "null" },
    { "$v: Int!", "{v: -2147483648}", "-2147483648" },
    { "$v: Int", "{v: 1e3}", "1000" },
    { "$v: ID", "{v: 4}", "\"4\"" },
    { "$v: ID", "{v: \"a\"}", "\"a\"" },
    { "$v: ID", "{v: 1.0}", "\"1\"" },
    { "$v: ID", "{v: -0.0}", "\"0\"" },
    { "$v: ID", "{v: 120e-1}", "\"12\"" },
    { "$v: ID", "{v: 1e15}", "\"1000000000000000\"" },
    { "$v: ID", "{v: 9007199254740993.0}", "\"9007199254740992\"" },
    { "$v: ID", "{v: 1e20}", "\"100000000000000000000\"" },
    { "$v: ID", "{v: 123456789012345678901.0}", "\"123456789012345680000\"" },
    { "$v: ID", "{v: -1e21}", "\"-1e+21\"" },
    { "$v: ID", "{v: 1.25e300}", "\"1.25e+300\"" },
    { "$v: ID", "{v: 100000000000000000000}", "\"100000000000000000000\"" },
    { "$v: Int", "{v: 2147483647.0}", "2147483647" },
    { "$v: Float", "{v: 1}", "1" },
    { "$v: [Int]", "{v: 1}", "[1]" },
    { "$v: [[Int]]", "{v: 1}", "[[1]]" },
    { "$v: [[Int]]", "{v: [1, null]}", "[[1], null]" },
    { "$v: [Int]", "{v: null}", "null" },
    { "$v: Colour", "{v: \"RED\"}", "RED" },
    { "$v: Point", "{v: {tag: \"a\", x: 1}}", "{ x: 1, y: 5, tag: [\"a\"] }" },
    { "$v: Point", "{v: {x: 1, y: 2, in: null}}", "{ x: 1, y: 2, in: null }" },
    { "$v: Point = {x: 1}", "{}", "{ x: 1, y: 5 }" },
    { "$v: Order", "{v: {b: \"BLUE\"}}", "{ b: BLUE }" },
    { "$v: Any", "{v: {a: [1, 2.5, \"x\"]}}", "{ a: [1, 2.5, \"x\"] }" },

    { "$v: ID!", "{}", "Variable \"$v\" has invalid value: Expected a value of non-null type "
      "\"ID!\" to be provided. 1:7 (v)" },
    { "$v: [ID]!", "{v: null}",
      "Variable \"$v\" has invalid value: Expected value of non-null type \"[ID]!\" not to be "
      "null. 1:7 (v)" },
    { "$v: Int", "{v: \"abc\"}",
      "Variable \"$v\" has invalid value: Int cannot represent non-integer value: \"abc\" 1:7 "
      "(v)" },
    { "$v: Int", "{v: 2147483648}",
      "Variable \"$v\" has invalid value: Int cannot represent non 32-bit signed integer value: "
      "2147483648 1:7 (v)" },
    { "$v: Int", "{v: 2147483648.0}",
      "Variable \"$v\" has invalid value: Int cannot represent non 32-bit signed integer value: "
      "2147483648.0 1:7 (v)" },
    { "$v: Int", "{v: 1e20}",
      "Variable \"$v\" has invalid value: Int cannot represent non 32-bit signed integer value: "
      "1e20 1:7 (v)" },
    { "$v: ID", "{v: 1e400}",
      "Variable \"$v\" has invalid value: ID cannot represent a non-string and non-integer "
      "value: 1e400 1:7 (v)" },
    { "$v: Int", "{v: 1.5}",
      "Variable \"$v\" has invalid value: Int cannot represent non-integer value: 1.5 1:7 (v)" },
    { "$v: Float", "{v: 1e999}",
      "Variable \"$v\" has invalid value: Float cannot represent non numeric value: 1e999 1:7 "
      "(v)" },
    { "$v: String", "{v: 1}",
      "Variable \"$v\" has invalid value: String cannot represent a non string value: 1 1:7 (v)" },
    { "$v: Boolean", "{v: \"true\"}",
      "Variable \"$v\" has invalid value: Boolean cannot represent a non boolean value: \"true\" "
      "1:7 (v)" },
    { "$v: ID", "{v: 1.5}",
      "Variable \"$v\" has invalid value: ID cannot represent a non-string and non-integer "
      "value: 1.5 1:7 (v)" },
    { "$v: [Int!]", "{v: [1, null]}",
      "Variable \"$v\" has invalid value at [1]: Expected value of non-null type \"Int!\" not to "
      "be null. 1:7 (v)" },
    { "$v: [Point]", "{v: [{x: 1}, {x: 1, in: {x: true}}]}",
      "Variable \"$v\" has invalid value at [1].in.x: Int cannot represent non-integer value: "
      "true 1:7 (v)" },
    { "$v: Point", "{v: 1}",
      "Variable \"$v\" has invalid value: Expected value of type \"Point\" to be an object, "
      "found: 1. 1:7 (v)" },
    { "$v: Point", "{v: {y: 1}}",
      "Variable \"$v\" has invalid value: Expected value of type \"Point\" to include required "
      "field \"x\", found: { y: 1 }. 1:7 (v)" },
    { "$v: Point", "{v: {x: 1, z: 1}}",
      "Variable \"$v\" has invalid value: Expected value of type \"Point\" not to include "
      "unknown field \"z\", found: { x: 1, z: 1 }. 1:7 (v)" },
    { "$v: Order", "{v: {}}",
      "Variable \"$v\" has invalid value: Within OneOf Input Object type \"Order\", exactly one "
      "field must be specified, and the value for that field must be non-null. 1:7 (v)" },
    { "$v: Order", "{v: {a: 1, b: null}}",
      "Variable \"$v\" has invalid value: Within OneOf Input Object type \"Order\", exactly one "
      "field must be specified, and the value for that field must be non-null. 1:7 (v)" },
    { "$v: Order", "{v: {a: null}}",
      "Variable \"$v\" has invalid value at .a: Within OneOf Input Object type \"Order\", "
      "exactly one field must be specified, and the value for that field must be non-null. 1:7 "
      "(v)" },
    { "$v: Order", "{v: {a: 1, z: 2}}",
      "Variable \"$v\" has invalid value: Expected value of type \"Order\" not to include unknown "
      "field \"z\", found: { a: 1, z: 2 }. 1:7 (v)" },
    { "$v: Colour", "{v: \"red\"}",
      "Variable \"$v\" has invalid value: Value \"red\" does not exist in \"Colour\" enum. 1:7 "
      "(v)" },
    { "$v: Colour", "{v: 1}",
      "Variable \"$v\" has invalid value: Enum \"Colour\" cannot represent non-string value: 1. "
      "1:7 (v)" },
};
/* clang-format on */

/* Coerce the variables of `query(...)`; false: errors were added. */
static bool
coerce(const char *variables, const struct value *given, struct variables *out)
{
    const struct ast_document *document =
        parse(str_format(arena, "query(%s) { f }", variables).ptr);

    return value_coerce_variables(arena, schema, document, ast_as(operation, document->definitions),
                                  given, out, &errors);
}

static void
coerces_variables(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(variable_cases); i++) {
        const struct variable_case *c = &variable_cases[i];
        struct variables variables;

        load_schema();
        if (!coerce(c->variables, json(c->json), &variables)) {
            assert_string_equal(error_text(), c->result);
            assert_int_equal(errors.count, 1);
            continue;
        }
        assert_int_equal(errors.count, 0);
        const struct variable *v = variables_find(&variables, STR("v"));
        assert_string_equal(v->value ? text_of(v->value).ptr : "absent", c->result);
    }
}

static void
reports_each_variable(void **state)
{
    struct variables variables;
    (void)state;

    load_schema();
    assert_false(coerce("$a: Int!, $b: Int, $c: Int", json("{b: \"x\", c: 1}"), &variables));
    assert_int_equal(errors.count, 2);
    assert_false(coerce("$a: [Int!]", json("{a: [null, \"x\", 1, 2.5]}"), &variables));
    assert_int_equal(errors.count, 5);
    errors.maximum = 6;
    assert_false(coerce("$a: [Int!]", json("{a: [null, \"x\", 1, 2.5]}"), &variables));
    assert_int_equal(errors.count, 6);
    errors.maximum = 0;
    assert_true(coerce("$a: Int", NULL, &variables));
    assert_null(variables_find(&variables, STR("a"))->value);
    assert_null(variables_find(&variables, STR("b")));
}

/* A field's arguments, what JSON gives for its variables, and what one argument is. */
struct argument_case {
    const char *variables, *json, *arguments, *name, *result;
};

/* clang-format off */
static const struct argument_case argument_cases[] = {
    { "", "{}", "(id: 4)", "id", "\"4\"" },
    { "", "{}", "(id: 4)", "n", "7" },
    { "", "{}", "(id: 4)", "s", "absent" },
    { "", "{}", "(s: null)", "s", "null" },
    { "", "{}", "(list: 3)", "list", "[3]" },
    { "", "{}", "(e: RED)", "e", "RED" },
    { "", "{}", "(p: {tag: null, x: 1})", "p", "{ x: 1, y: 5, tag: null }" },
    { "", "{}", "(any: {a: [RED, 1.5]})", "any", "{ a: [RED, 1.5] }" },
    { "($v: Int)", "{}", "(n: $v)", "n", "7" },
    { "($v: Int)", "{v: 2}", "(n: $v)", "n", "2" },
    { "($v: String)", "{}", "(s: $v)", "s", "absent" },
    { "($v: String)", "{v: null}", "(s: $v)", "s", "null" },
    { "($v: Int!)", "{v: 1}", "(list: [$v, 2, $v])", "list", "[1, 2, 1]" },
    { "($v: [Int!])", "{v: [1, 2]}", "(list: $v)", "list", "[1, 2]" },
    { "($v: Int)", "{}", "(p: {x: 1, y: $v})", "p", "{ x: 1, y: 5 }" },
    { "($v: Int)", "{v: 2}", "(o: {a: $v})", "o", "{ a: 2 }" },
    { "($v: Int)", "{}", "(any: {a: $v, b: [$v]})", "any", "{ b: [null] }" },
    { "($v: Colour)", "{v: \"BLUE\"}", "(o: {b: $v})", "o", "{ b: BLUE }" },
    { "($v: String)", "{}", "(p: {x: 1, tag: [$v, \"a\"]})", "p",
      "{ x: 1, y: 5, tag: [null, \"a\"] }" },

    { "", "{}", "", "id", "Argument \"id\" of required type \"ID!\" was not provided. (id)" },
    { "($v: ID)", "{}", "(id: $v)", "id",
      "Argument \"id\" has invalid value: Expected variable \"$v\" provided to type \"ID!\" to "
      "provide a runtime value. (id)" },
    { "($v: ID)", "{v: null}", "(id: $v)", "id",
      "Argument \"id\" has invalid value: Expected variable \"$v\" provided to non-null type "
      "\"ID!\" not to be null. (id)" },
    { "($v: Int)", "{v: null}", "(n: $v)", "n",
      "Argument \"n\" has invalid value: Expected variable \"$v\" provided to non-null type "
      "\"Int!\" not to be null. (n)" },
    { "($v: Int)", "{}", "(list: [$v])", "list",
      "Argument \"list\" has invalid value at [0]: Expected variable \"$v\" provided to type "
      "\"Int!\" to provide a runtime value. (list)" },
    { "($v: Int)", "{v: null}", "(p: {x: $v})", "p",
      "Argument \"p\" has invalid value at .x: Expected variable \"$v\" provided to non-null "
      "type \"Int!\" not to be null. (p)" },
    { "($v: Int)", "{}", "(p: {x: $v})", "p",
      "Argument \"p\" has invalid value at .x: Expected variable \"$v\" provided to type "
      "\"Int!\" to provide a runtime value. (p)" },
    { "($v: Int)", "{}", "(o: {a: $v})", "o",
      "Argument \"o\" has invalid value: Expected variable \"$v\" provided to field \"a\" for "
      "OneOf Input Object type \"Order\" to provide a runtime value. (o)" },
    { "($v: Int)", "{}", "(o: {b: RED, a: $v})", "o",
      "Argument \"o\" has invalid value: Within OneOf Input Object type \"Order\", exactly one "
      "field must be specified, and the value for that field must be non-null. (o)" },
    { "($v: Int)", "{v: null}", "(o: {a: $v})", "o",
      "Argument \"o\" has invalid value: Expected variable \"$v\" provided to field \"a\" for "
      "OneOf Input Object type \"Order\" not to be null. (o)" },
};
/* clang-format on */

static void
coerces_arguments(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(argument_cases); i++) {
        const struct argument_case *c = &argument_cases[i];
        struct variables variables;
        const struct value *value;
        bool is_absent;

        load_schema();
        const struct ast_document *document =
            parse(str_format(arena, "query%s { f%s }", c->variables, c->arguments).ptr);
        const struct ast_operation *operation = ast_as(operation, document->definitions);
        const struct ast_field *field = ast_as(field, operation->selections);
        const struct input_value *argument = schema_find_argument(
            schema_find_field(schema, schema->query, STR("f")), str_from(c->name));

        assert_true(value_coerce_variables(arena, schema, document, operation, json(c->json),
                                           &variables, &errors));
        value = value_coerce_argument(arena, field->arguments, argument, &variables, &is_absent,
                                      &errors);
        if (errors.count > 0) {
            assert_null(value);
            assert_false(is_absent);
            assert_string_equal(error_text(), c->result);
            continue;
        }
        assert_true(is_absent == !value);
        assert_string_equal(value ? text_of(value).ptr : "absent", c->result);
    }
}

/* A variable's value is shared: many uses of a large one cost no memory. */
static void
shares_variables(void **state)
{
    struct variables variables;
    const struct value *value;
    bool is_absent;
    (void)state;

    load_schema();
    assert_true(coerce("$v: [Int!]", json("{v: [1, 2]}"), &variables));
    const struct ast_document *document = parse("{ f(list: $v) }");
    const struct ast_operation *operation = ast_as(operation, document->definitions);
    const struct ast_node *arguments = ast_as(field, operation->selections)->arguments;
    const struct type *list =
        schema_find_argument(schema_find_field(schema, schema->query, STR("f")), STR("list"))->type;

    value = value_coerce_literal(arena, ast_as(argument, arguments)->value, list, &variables,
                                 &is_absent, &errors);
    assert_ptr_equal(value, variables.list[0].value);
}

static void
writes_values(void **state)
{
    struct buf b = { 0 };
    (void)state;

    const struct value *value = json("{a: [1, 2.50, \"x\\n\\\"\", true, null, RED], b: {}, c: []}");
    value_write_json(&b, value);
    assert_string_equal(buf_copy(arena, &b).ptr,
                        "{\"a\":[1,2.50,\"x\\n\\\"\",true,null,\"RED\"],\"b\":{},\"c\":[]}");
    buf_free(&b);
    assert_string_equal(text_of(value).ptr,
                        "{ a: [1, 2.50, \"x\\n\\\"\", true, null, RED], b: {}, c: [] }");
}

/* Messages are cut: in strings at a character, in lists, in depth. */
static void
inspects_briefly(void **state)
{
    (void)state;
    struct str hundred = str_format(arena, "%0100d", 0);
    struct str string = str_format(arena, "\"%s\xc3\xa9\"", hundred.ptr);

    assert_string_equal(value_inspect(arena, json(string.ptr)).ptr,
                        str_format(arena, "\"%s\"...", hundred.ptr).ptr);
    string = str_format(arena, "\"%.99s\xc3\xa9\xc3\xa9\"", hundred.ptr);
    assert_string_equal(value_inspect(arena, json(string.ptr)).ptr,
                        str_format(arena, "\"%.99s\"...", hundred.ptr).ptr);
    assert_string_equal(value_inspect(arena, json("[1,2,3,4,5,6,7,8,9,10,11,12]")).ptr,
                        "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, ...]");
    assert_string_equal(value_inspect(arena, json("{a: {b: {c: 1}}, d: [[[1]]], e: [[[]]]}")).ptr,
                        "{ a: { b: { ... } }, d: [[...]], e: [[...]] }");
}

static void
compares(void **state)
{
    /* clang-format off */
    static const struct {
        const char *a, *b;
        bool is_equal;
    } pairs[] = {
        { "{a: [1, \"x\"]}", "{a: [1, \"x\"]}", true },
        { "{a: 1}", "{b: 1}", false },
        { "[1, 2]", "[1]", false },
        { "[1, 2]", "[2, 1]", false },
        { "1", "\"1\"", false },
        { "true", "false", false },
        { "null", "null", true },
        { "[]", "{}", false },
    };
    /* clang-format on */
    (void)state;

    for (size_t i = 0; i < ARRAY_LENGTH(pairs); i++)
        if (value_equal(json(pairs[i].a), json(pairs[i].b)) != pairs[i].is_equal)
            fail_msg("%s and %s", pairs[i].a, pairs[i].b);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(coerces_variables, setup, teardown),
        cmocka_unit_test_setup_teardown(reports_each_variable, setup, teardown),
        cmocka_unit_test_setup_teardown(coerces_arguments, setup, teardown),
        cmocka_unit_test_setup_teardown(shares_variables, setup, teardown),
        cmocka_unit_test_setup_teardown(writes_values, setup, teardown),
        cmocka_unit_test_setup_teardown(inspects_briefly, setup, teardown),
        cmocka_unit_test_setup_teardown(compares, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
