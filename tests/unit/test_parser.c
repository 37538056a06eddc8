/*
 * test_parser.c - the tree of every production.
 *
 * What is not a document is in test_parser_errors.c, what is not a token in
 * test_lexer.c.
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

static const struct source *
make_source(const char *text)
{
    struct source *source = ARENA_NEW(arena, struct source);

    source->text = str_from(text);
    return source;
}

static const struct ast_document *
parse(const char *text)
{
    struct errors errors = { .arena = arena };
    const struct ast_document *document = parser_parse(arena, make_source(text), NULL, &errors);

    if (!document)
        fail_msg("%s: %s", text, errors.first->message.ptr);
    assert_int_equal(errors.count, 0);
    return document;
}

/* ---- Trees --------------------------------------------------------------- */

static void
test_trees(void **state)
{
    /* clang-format off */
    static const struct {
        const char *title, *text, *tree;
    } cases[] = {
        { "shorthand",
          "{ a }",
          "Document [0, 5)\n"
          "  OperationDefinition query [0, 5)\n"
          "    Field a [2, 3)\n" },
        { "operations",
          "query A { a } mutation { b } subscription C @d { e }",
          "Document [0, 52)\n"
          "  OperationDefinition query A [0, 13)\n"
          "    Field a [10, 11)\n"
          "  OperationDefinition mutation [14, 28)\n"
          "    Field b [25, 26)\n"
          "  OperationDefinition subscription C [29, 52)\n"
          "    Directive d [44, 46)\n"
          "    Field e [49, 50)\n" },
        { "variables",
          "query ($a: Int = 1 @b, \"d\" $c: [[T!]]!) { x }",
          "Document [0, 45)\n"
          "  OperationDefinition query [0, 45)\n"
          "    VariableDefinition [7, 21)\n"
          "      Variable a [7, 9)\n"
          "      NamedType Int [11, 14)\n"
          "      IntValue 1 [17, 18)\n"
          "      Directive b [19, 21)\n"
          "    VariableDefinition [23, 38)\n"
          "      StringValue \"d\" [23, 26)\n"
          "      Variable c [27, 29)\n"
          "      NonNullType [31, 38)\n"
          "        ListType [31, 37)\n"
          "          ListType [32, 36)\n"
          "            NonNullType [33, 35)\n"
          "              NamedType T [33, 34)\n"
          "    Field x [42, 43)\n" },
        { "selections",
          "{ b: a(x: 1, y: $z) @c(d: e) { ...F @g ... on T @h { i } ... { j } } }",
          "Document [0, 70)\n"
          "  OperationDefinition query [0, 70)\n"
          "    Field b: a [2, 68)\n"
          "      Argument x [7, 11)\n"
          "        IntValue 1 [10, 11)\n"
          "      Argument y [13, 18)\n"
          "        Variable z [16, 18)\n"
          "      Directive c [20, 28)\n"
          "        Argument d [23, 27)\n"
          "          EnumValue e [26, 27)\n"
          "      FragmentSpread F [31, 38)\n"
          "        Directive g [36, 38)\n"
          "      InlineFragment [39, 56)\n"
          "        NamedType T [46, 47)\n"
          "        Directive h [48, 50)\n"
          "        Field i [53, 54)\n"
          "      InlineFragment [57, 66)\n"
          "        Field j [63, 64)\n" },
        { "words are names",
          "query query { fragment: on type(null: on, true: true, on: query) @on ...true "
          "... on on { on } }",
          "Document [0, 95)\n"
          "  OperationDefinition query query [0, 95)\n"
          "    Field fragment: on [14, 26)\n"
          "    Field type [27, 68)\n"
          "      Argument null [32, 40)\n"
          "        EnumValue on [38, 40)\n"
          "      Argument true [42, 52)\n"
          "        BooleanValue true [48, 52)\n"
          "      Argument on [54, 63)\n"
          "        EnumValue query [58, 63)\n"
          "      Directive on [65, 68)\n"
          "    FragmentSpread true [69, 76)\n"
          "    InlineFragment [77, 93)\n"
          "      NamedType on [84, 86)\n"
          "      Field on [89, 91)\n" },
        { "fragment",
          "\"d\" fragment F on T @a { b }",
          "Document [0, 28)\n"
          "  FragmentDefinition F [0, 28)\n"
          "    StringValue \"d\" [0, 3)\n"
          "    NamedType T [18, 19)\n"
          "    Directive a [20, 22)\n"
          "    Field b [25, 26)\n" },
        { "values",
          "{ a(v: [1 -2.5 \"s\" true false null E $x [] {}], o: {p: {q: 1}, r: []}) }",
          "Document [0, 72)\n"
          "  OperationDefinition query [0, 72)\n"
          "    Field a [2, 70)\n"
          "      Argument v [4, 46)\n"
          "        ListValue [7, 46)\n"
          "          IntValue 1 [8, 9)\n"
          "          FloatValue -2.5 [10, 14)\n"
          "          StringValue \"s\" [15, 18)\n"
          "          BooleanValue true [19, 23)\n"
          "          BooleanValue false [24, 29)\n"
          "          NullValue null [30, 34)\n"
          "          EnumValue E [35, 36)\n"
          "          Variable x [37, 39)\n"
          "          ListValue [40, 42)\n"
          "          ObjectValue [43, 45)\n"
          "      Argument o [48, 69)\n"
          "        ObjectValue [51, 69)\n"
          "          ObjectField p [52, 61)\n"
          "            ObjectValue [55, 61)\n"
          "              ObjectField q [56, 60)\n"
          "                IntValue 1 [59, 60)\n"
          "          ObjectField r [63, 68)\n"
          "            ListValue [66, 68)\n" },
        { "schema",
          "\"d\" schema @a(b: 1) { query: Q mutation: M subscription: S }",
          "Document [0, 60)\n"
          "  SchemaDefinition [0, 60)\n"
          "    StringValue \"d\" [0, 3)\n"
          "    Directive a [11, 19)\n"
          "      Argument b [14, 18)\n"
          "        IntValue 1 [17, 18)\n"
          "    RootOperationTypeDefinition query [22, 30)\n"
          "      NamedType Q [29, 30)\n"
          "    RootOperationTypeDefinition mutation [31, 42)\n"
          "      NamedType M [41, 42)\n"
          "    RootOperationTypeDefinition subscription [43, 58)\n"
          "      NamedType S [57, 58)\n" },
        { "schema extensions",
          "extend schema @a extend schema { query: Q } extend schema @b { query: R }",
          "Document [0, 73)\n"
          "  SchemaDefinition extend [0, 16)\n"
          "    Directive a [14, 16)\n"
          "  SchemaDefinition extend [17, 43)\n"
          "    RootOperationTypeDefinition query [33, 41)\n"
          "      NamedType Q [40, 41)\n"
          "  SchemaDefinition extend [44, 73)\n"
          "    Directive b [58, 60)\n"
          "    RootOperationTypeDefinition query [63, 71)\n"
          "      NamedType R [70, 71)\n" },
        { "scalar",
          "\"d\" scalar S @a extend scalar S @b",
          "Document [0, 34)\n"
          "  ScalarTypeDefinition S [0, 15)\n"
          "    StringValue \"d\" [0, 3)\n"
          "    Directive a [13, 15)\n"
          "  ScalarTypeDefinition extend S [16, 34)\n"
          "    Directive b [32, 34)\n" },
        { "object",
          "\"d\" type T implements A & B @c { \"d\" f(\"d\" x: Int = 1 @y, z: [E!]): [F]! "
          "@g h: I }",
          "Document [0, 82)\n"
          "  ObjectTypeDefinition T [0, 82)\n"
          "    StringValue \"d\" [0, 3)\n"
          "    NamedType A [22, 23)\n"
          "    NamedType B [26, 27)\n"
          "    Directive c [28, 30)\n"
          "    FieldDefinition f [33, 75)\n"
          "      StringValue \"d\" [33, 36)\n"
          "      InputValueDefinition x [39, 56)\n"
          "        StringValue \"d\" [39, 42)\n"
          "        NamedType Int [46, 49)\n"
          "        IntValue 1 [52, 53)\n"
          "        Directive y [54, 56)\n"
          "      InputValueDefinition z [58, 65)\n"
          "        ListType [61, 65)\n"
          "          NonNullType [62, 64)\n"
          "            NamedType E [62, 63)\n"
          "      NonNullType [68, 72)\n"
          "        ListType [68, 71)\n"
          "          NamedType F [69, 70)\n"
          "      Directive g [73, 75)\n"
          "    FieldDefinition h [76, 80)\n"
          "      NamedType I [79, 80)\n" },
        { "interface",
          "interface I implements & A { f: T } interface J implements K",
          "Document [0, 60)\n"
          "  InterfaceTypeDefinition I [0, 35)\n"
          "    NamedType A [25, 26)\n"
          "    FieldDefinition f [29, 33)\n"
          "      NamedType T [32, 33)\n"
          "  InterfaceTypeDefinition J [36, 60)\n"
          "    NamedType K [59, 60)\n" },
        { "union",
          "union U @a = | A | B union V union W = X",
          "Document [0, 40)\n"
          "  UnionTypeDefinition U [0, 20)\n"
          "    Directive a [8, 10)\n"
          "    NamedType A [15, 16)\n"
          "    NamedType B [19, 20)\n"
          "  UnionTypeDefinition V [21, 28)\n"
          "  UnionTypeDefinition W [29, 40)\n"
          "    NamedType X [39, 40)\n" },
        { "enum",
          "\"d\" enum E @a { \"v\" A @b B } enum F",
          "Document [0, 35)\n"
          "  EnumTypeDefinition E [0, 28)\n"
          "    StringValue \"d\" [0, 3)\n"
          "    Directive a [11, 13)\n"
          "    EnumValueDefinition A [16, 24)\n"
          "      StringValue \"v\" [16, 19)\n"
          "      Directive b [22, 24)\n"
          "    EnumValueDefinition B [25, 26)\n"
          "  EnumTypeDefinition F [29, 35)\n" },
        { "input",
          "input I @a { \"d\" x: Int = 1 @b y: [T]! = [] } input J",
          "Document [0, 53)\n"
          "  InputObjectTypeDefinition I [0, 45)\n"
          "    Directive a [8, 10)\n"
          "    InputValueDefinition x [13, 30)\n"
          "      StringValue \"d\" [13, 16)\n"
          "      NamedType Int [20, 23)\n"
          "      IntValue 1 [26, 27)\n"
          "      Directive b [28, 30)\n"
          "    InputValueDefinition y [31, 43)\n"
          "      NonNullType [34, 38)\n"
          "        ListType [34, 37)\n"
          "          NamedType T [35, 36)\n"
          "      ListValue [41, 43)\n"
          "  InputObjectTypeDefinition J [46, 53)\n" },
        { "directive",
          "\"d\" directive @a(\"d\" x: Int = 1 @y) repeatable on | FIELD | ENUM_VALUE "
          "directive @b on QUERY",
          "Document [0, 92)\n"
          "  DirectiveDefinition repeatable a [0, 70)\n"
          "    StringValue \"d\" [0, 3)\n"
          "    InputValueDefinition x [17, 34)\n"
          "      StringValue \"d\" [17, 20)\n"
          "      NamedType Int [24, 27)\n"
          "      IntValue 1 [30, 31)\n"
          "      Directive y [32, 34)\n"
          "    DirectiveLocation FIELD [52, 57)\n"
          "    DirectiveLocation ENUM_VALUE [60, 70)\n"
          "  DirectiveDefinition b [71, 92)\n"
          "    DirectiveLocation QUERY [87, 92)\n" },
        { "extensions",
          "extend type T @a extend type T { f: T } extend type T implements A extend "
          "interface I @a extend interface I implements A extend union U = A extend enum E "
          "{ A } extend input I { x: T }",
          "Document [0, 183)\n"
          "  ObjectTypeDefinition extend T [0, 16)\n"
          "    Directive a [14, 16)\n"
          "  ObjectTypeDefinition extend T [17, 39)\n"
          "    FieldDefinition f [33, 37)\n"
          "      NamedType T [36, 37)\n"
          "  ObjectTypeDefinition extend T [40, 66)\n"
          "    NamedType A [65, 66)\n"
          "  InterfaceTypeDefinition extend I [67, 88)\n"
          "    Directive a [86, 88)\n"
          "  InterfaceTypeDefinition extend I [89, 120)\n"
          "    NamedType A [119, 120)\n"
          "  UnionTypeDefinition extend U [121, 139)\n"
          "    NamedType A [138, 139)\n"
          "  EnumTypeDefinition extend E [140, 159)\n"
          "    EnumValueDefinition A [156, 157)\n"
          "  InputObjectTypeDefinition extend I [160, 183)\n"
          "    InputValueDefinition x [177, 181)\n"
          "      NamedType T [180, 181)\n" },
    };
    /* clang-format on */
    (void)state;

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct buf *b = buf_new(arena);
        print_ast(b, &parse(cases[i].text)->node);
        if (!str_is(buf_str(b), cases[i].tree))
            fail_msg("%s:\n%s", cases[i].title, buf_copy(arena, b).ptr);
    }
}

/* ---- What the tree does not show ------------------------------------------ */

static void
test_document(void **state)
{
    (void)state;
    const struct source *source =
        make_source("# none\n{ a @b(c: 1) @d } fragment F on T @e { f }#");
    struct errors errors = { .arena = arena };
    const struct ast_document *document = parser_parse(arena, source, NULL, &errors);

    assert_non_null(document);
    assert_ptr_equal(document->source, source);
    assert_int_equal(document->token_count, 21);
    assert_int_equal(document->directive_count, 3);
    assert_int_equal(document->node.start, 0);
    assert_int_equal(document->node.end, source->text.len);
}

static void
test_operation(void **state)
{
    (void)state;
    const struct ast_document *document = parse("{ a } query { b } mutation M($v: T) @d { c }");
    const struct ast_operation *shorthand = ast_as(operation, document->definitions);
    const struct ast_operation *query = ast_as(operation, shorthand->node.next);
    const struct ast_operation *mutation = ast_as(operation, query->node.next);

    assert_true(shorthand->is_shorthand);
    assert_int_equal(shorthand->type, OPERATION_QUERY);
    assert_int_equal(shorthand->selections_start, 0);
    assert_null(shorthand->name.ptr);

    assert_false(query->is_shorthand);
    assert_int_equal(query->selections_start, 12);
    assert_null(query->name.ptr);

    assert_int_equal(mutation->type, OPERATION_MUTATION);
    assert_true(str_is(mutation->name, "M"));
    assert_int_equal(mutation->selections_start, 39);
    assert_null(mutation->node.next);
}

/* Names are slices of the source, and so tell where they are. */
static void
test_names(void **state)
{
    (void)state;
    const struct ast_document *document = parse("{ b: a(x: $y) ...F }");
    const struct ast_operation *operation = ast_as(operation, document->definitions);
    const struct ast_field *field = ast_as(field, operation->selections);
    const struct ast_argument *argument = ast_as(argument, field->arguments);
    const struct ast_value *variable = ast_as(value, argument->value);
    const struct ast_fragment_spread *spread = ast_as(fragment_spread, field->node.next);

    assert_int_equal(source_offset(document->source, field->alias), 2);
    assert_int_equal(source_offset(document->source, field->name), 5);
    assert_int_equal(source_offset(document->source, argument->name), 7);
    assert_int_equal(source_offset(document->source, variable->text), 11);
    assert_int_equal(source_offset(document->source, spread->name), 17);
    assert_true(str_is(ast_response_name(field), "b"));
    assert_true(str_is(ast_text(&field->node), "a"));
}

static void
test_strings(void **state)
{
    (void)state;
    const struct ast_document *document = parse("{ a(x: \"a\\tb\", y: \"\"\"\n  c\n\"\"\") }");
    const struct ast_operation *operation = ast_as(operation, document->definitions);
    const struct ast_argument *x =
        ast_as(argument, ast_as(field, operation->selections)->arguments);
    const struct ast_argument *y = ast_as(argument, x->node.next);

    assert_false(ast_as(value, x->value)->is_block);
    assert_true(str_is(ast_as(value, x->value)->text, "a\tb"));
    assert_true(ast_as(value, y->value)->is_block);
    assert_true(str_is(ast_as(value, y->value)->text, "c"));
}

/* The tree lives in the arena that is given for it, errors in theirs. */
static void
test_arenas(void **state)
{
    (void)state;
    struct arena *own = arena_new("own");
    struct errors errors = { .arena = arena };

    assert_null(parser_parse(own, make_source("{ \"\\n\" }"), NULL, &errors));
    arena_free(own);
    assert_string_equal(errors.first->message.ptr,
                        "Syntax Error: Expected Name, found String \"\n\".");
}

/* Executable definitions take variables in every value but defaults. */
static void
test_variables(void **state)
{
    (void)state;
    parse("query @a(b: $v) { c(d: {e: $v}, f: [$v]) @g(h: $v) { ...I @j(k: $v) "
          "... @l(m: $v) { n } } } fragment O on P @q(r: $v) { s }");
}

static void
test_every_location(void **state)
{
    (void)state;
    const struct ast_document *document =
        parse("directive @a on QUERY | MUTATION | SUBSCRIPTION | FIELD | FRAGMENT_DEFINITION | "
              "FRAGMENT_SPREAD | INLINE_FRAGMENT | VARIABLE_DEFINITION | SCHEMA | SCALAR | "
              "OBJECT | FIELD_DEFINITION | ARGUMENT_DEFINITION | INTERFACE | UNION | ENUM | "
              "ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION");
    int count = 0;

    for (const struct ast_node *location =
             ast_as(directive_definition, document->definitions)->locations;
         location; location = location->next)
        count++;
    assert_int_equal(count, 19);
}

/* ---- Values --------------------------------------------------------------- */

static void
test_value(void **state)
{
    static const struct {
        const char *text;
        enum ast_kind kind;
    } cases[] = {
        { " 1 # one", AST_INT },   { "-1.5e3", AST_FLOAT },
        { "\"a\"", AST_STRING },   { "\"\"\"a\"\"\"", AST_STRING },
        { "true", AST_BOOLEAN },   { "false", AST_BOOLEAN },
        { "null", AST_NULL },      { "RED", AST_ENUM },
        { "[1, [2]]", AST_LIST },  { "[]", AST_LIST },
        { "{a: {}}", AST_OBJECT }, { "{}", AST_OBJECT },
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct errors errors = { .arena = arena };
        const struct ast_node *value =
            parser_parse_value(arena, make_source(cases[i].text), NULL, &errors);
        assert_non_null(value);
        assert_int_equal(value->kind, cases[i].kind);
        assert_true(ast_is_value(value->kind));
        assert_null(value->next);
        assert_int_equal(errors.count, 0);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_trees),          cmocka_unit_test(test_document),
        cmocka_unit_test(test_operation),      cmocka_unit_test(test_names),
        cmocka_unit_test(test_strings),        cmocka_unit_test(test_arenas),
        cmocka_unit_test(test_every_location), cmocka_unit_test(test_variables),
        cmocka_unit_test(test_value),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
