/*
 * test_diff.c - what has changed between two schemas, and answers to introspection.
 *
 * Kinds and severities are compared with the reference implementation in tests/reference.
 *
 * SPDX-License-Identifier: MIT
 */
#include "schema_case.h"

#include "diff/change.h"
#include "diff/diff.h"
#include "diff/diff_print.h"
#include "diff/diff_read.h"
#include "diff/usage.h"

static struct diff_side
read_side(const char *text, const char *role)
{
    struct diff_side side = { 0 };

    if (!diff_read(arena, STR("test"), str_from(text), str_from(role), &side, &errors))
        fail_msg("%.*s", STR_PRINT(errors_text()));
    return side;
}

/* What is said of two texts that are schemas, as a role sees them. */
static const char *
diff_for(const char *before, const char *after, const char *role)
{
    struct changes changes = { .arena = arena };
    struct buf *b = buf_new(arena);
    const struct diff_side old = read_side(before, role), new = read_side(after, role);

    diff_schemas(&changes, &old, &new);
    diff_print(b, &changes, STR("a"), STR("b"));
    return buf_copy(arena, b).ptr;
}

static const char *
diff(const char *before, const char *after)
{
    return diff_for(before, after, NULL);
}

static void
says_what_and_where(void **state)
{
    (void)state;
    assert_string_equal(
        diff("type Query { a: Int  b: Int }\nenum E { A B }",
             "enum E { A C }\ntype Query {\n  b: Int!\n  c: E }"),
        "a:1:14: breaking: Query.a: The field was removed.\na:2:12: breaking: E.B: The value was "
        "removed.\nb:1:12: dangerous: E.C: The value was added: clients may get a value that they "
        "do not know.\nb:3:3: safe: Query.b: The type was Int and is Int!. (a:1:22)\nb:4:3: safe: "
        "Query.c: The field was added.\n2 breaking, 1 dangerous, 2 safe\n");
    assert_string_equal(diff("type Query { a: Int }", "type Query { a: Int }"),
                        "0 breaking, 0 dangerous, 0 safe\n");
}

static void
knows_what_the_reference_does_not(void **state)
{
    (void)state;
    assert_string_equal(
        diff("type Query { a(n: Int! = 1): Int } type Mutation { m: Int } scalar S\n"
             "input I { a: Int b: Int }",
             "type Query { a(n: Int!): Int @deprecated } scalar S @specifiedBy(url: \"u\")\n"
             "type Mutation { m: Int } schema { query: Query }\n"
             "input I @oneOf { a: Int b: Int }"),
        "a:1:41: breaking: schema: There is no mutation type any more.\n"
        "b:1:16: breaking: Query.a(n:): The default 1 was removed, so that it must be given. "
        "(a:1:16)\n"
        "b:3:7: breaking: I: Exactly one of its fields must be given now. (a:2:7)\n"
        "b:1:51: dangerous: S: What specifies it was \"\" and is \"u\". (a:1:68)\n"
        "b:1:14: safe: Query.a: It is deprecated now: No longer supported (a:1:14)\n"
        "3 breaking, 1 dangerous, 1 safe\n");
    /* A default is what it means, and not how it is written. */
    assert_string_equal(
        diff("input I { a: Int b: [Int] } type Query { a(n: I = { a: 1, b: [1, 2] }): Int }",
             "input I { a: Int b: [Int] } type Query { a(n: I = { b: [1 2] a: 1 }): Int }"),
        "0 breaking, 0 dangerous, 0 safe\n");
}

static void
compares_bindings(void **state)
{
    (void)state;
    assert_string_equal(
        diff("type Query { a: [T] @order(by: \"x\") b: Int @signedIn c: Int }\n"
             "type T @table(name: \"t\") { createdAt: Int n: Int }",
             "type Query { a: [T] @order(by: \"y\") b: Int c: Int @signedIn }\n"
             "extend type T @table(name: \"t\", rows: ALL)\n"
             "type T { createdAt: Int @column(name: \"created_at\") n: Int @column(name: \"m\") }"),
        "b:1:52: breaking: Query.c: It has @signedIn now: who could use it may not be able to any "
        "more. (a:1:54)\n"
        "b:1:22: dangerous: Query.a: @order(by:) was \"x\" and is \"y\": rows come in another "
        "order, "
        "and cursors that clients keep may be refused. (a:1:22)\n"
        "b:1:37: dangerous: Query.b: It had @signedIn and has it no longer: others may see it or "
        "change more through it. (a:1:45)\n"
        "b:3:61: dangerous: T.n: It has @column(name: \"m\") now: it may show or do something "
        "else. "
        "(a:2:43)\n"
        "b:2:16: dangerous: T: @table(rows:) is ALL now: others may see it or change more through "
        "it. (a:2:9)\n"
        "1 breaking, 4 dangerous, 0 safe\n");
}

static void
compares_writes(void **state)
{
    static const char before[] = "input I @constraint(name: \"u\", message: \"U\") { a: Int }\n"
                                 "type Query { a: Int } type Mutation {\n"
                                 "  add(i: I!): T @insert(table: \"t\") @idempotent\n"
                                 "  save(i: I!): T @upsert(table: \"t\", on: [\"a\"], update: [])\n"
                                 "  drop(a: Int!): T @delete(table: \"t\")\n"
                                 "} type T @table(name: \"t\") { a: Int }";
    static const char after[] = "input I @constraint(name: \"t\", message: \"T\") "
                                "@constraint(name: \"u\", message: \"V\") { a: Int }\n"
                                "type Query { a: Int } type Mutation {\n"
                                "  add(i: I!): T @insert(table: \"u\")\n"
                                "  save(i: I!): T @upsert(table: \"t\", on: \"b\")\n"
                                "  drop(a: Int!): T @delete(table: \"t\") @idempotent\n"
                                "} type T @table(name: \"t\") { a: Int }";

    (void)state;
    assert_string_equal(
        diff(before, after),
        "b:3:3: breaking: Mutation.add: It had @idempotent and has it no longer: requests with a "
        "key are refused. (a:3:38)\n"
        "b:3:18: dangerous: Mutation.add: @insert(table:) was \"t\" and is \"u\": the same request "
        "writes something else. (a:3:18)\n"
        "b:4:19: dangerous: Mutation.save: @upsert(on:) was [\"a\"] and is [\"b\"]: the same "
        "request writes something else. (a:4:19)\n"
        "b:4:19: dangerous: Mutation.save: @upsert(update:) was [] and is not given any more: "
        "others may see it or change more through it. (a:4:19)\n"
        "b:1:47: safe: I: @constraint(message:) was \"U\" and is \"V\". (a:1:10)\n"
        "b:1:10: safe: I: It has @constraint(name: \"t\", message: \"T\") now. (a:1:7)\n"
        "b:5:41: safe: Mutation.drop: It has @idempotent now. (a:5:3)\n"
        "1 breaking, 3 dangerous, 3 safe\n");
}

static void
compares_versions(void **state)
{
    static const char before[] = "type Query { a: Int } type T @table(name: \"t\") {\n"
                                 "  v: ID! @version\n"
                                 "  w: ID! @version(column: \"w\")\n"
                                 "  x: ID!\n"
                                 "  y: ID! @version(column: \"y\") }";
    static const char after[] = "type Query { a: Int } type T @table(name: \"t\") {\n"
                                "  v: ID!\n"
                                "  w: ID! @version(column: \"u\")\n"
                                "  x: ID! @version\n"
                                "  y: ID! @version(column: \"y\") }";

    (void)state;
#define REFUSED                                                                                    \
    "versions that clients keep may match no row any more, so writes with them are refused. "
    assert_string_equal(
        diff(before, after),
        "b:2:3: dangerous: T.v: It had @version and has it no longer: " REFUSED "(a:2:11)\n"
        "b:3:11: dangerous: T.w: @version(column:) was \"w\" and is \"u\": " REFUSED "(a:3:11)\n"
        "b:4:11: dangerous: T.x: It has @version now: " REFUSED "(a:4:3)\n"
        "0 breaking, 3 dangerous, 0 safe\n");
#undef REFUSED
}

static void
compares_what_roles_see(void **state)
{
    static const char before[] = "type Query { a: Int b: Int @auth(roles: [\"u\", \"v\"]) }";
    static const char after[] = "type Query { a: Int b: Int @auth(roles: [\"v\", \"w\"]) }";

    (void)state;
    assert_string_equal(diff(before, after),
                        "b:1:29: breaking: Query.b: The role u no longer sees it: who could use it "
                        "may not be able to any more. (a:1:29)\n"
                        "b:1:29: dangerous: Query.b: The role w sees it: others may see it or "
                        "change more through it. (a:1:29)\n"
                        "1 breaking, 1 dangerous, 0 safe\n");
    assert_string_equal(diff_for(before, after, "u"),
                        "a:1:21: breaking: Query.b: The field was removed.\n"
                        "1 breaking, 0 dangerous, 0 safe\n");
    assert_string_equal(diff_for(before, after, "v"), "0 breaking, 0 dangerous, 0 safe\n");
}

/* The answer of a schema with one field, of that type and with these arguments. */
static const char *
answer(const char *type, const char *arguments)
{
    return str_format(
               arena,
               "{\"data\":{\"__schema\":{\"queryType\":{\"name\":\"Query\"},\"directives\":[],"
               "\"types\":[{\"kind\":\"OBJECT\",\"name\":\"Query\",\"interfaces\":[],"
               "\"fields\":[{\"name\":\"a\",\"type\":%s,\"args\":[%s]}]}]}}}",
               type, arguments)
        .ptr;
}

#define INT "{\"kind\":\"SCALAR\",\"name\":\"Int\"}"

static void
reads_introspection(void **state)
{
    (void)state;
    const char *json = answer("{\"kind\":\"NON_NULL\",\"ofType\":" INT "}",
                              "{\"name\":\"n\",\"type\":" INT ",\"defaultValue\":\"1 # x\"}");

    assert_string_equal(diff("type Query { a(n: Int = 1): Int! }", json),
                        "0 breaking, 0 dangerous, 0 safe\n");
    assert_string_equal(diff(json, "type Query { a(n: Int = 2): Int }"),
                        "b:1:14: breaking: Query.a: The type was Int! and is Int: it may be null "
                        "now.\n"
                        "b:1:16: dangerous: Query.a(n:): The default was 1 and is 2.\n"
                        "1 breaking, 1 dangerous, 0 safe\n");
}

/* The error of a text that is none. */
static void
refuses(const char *text, const char *message)
{
    struct diff_side side;

    errors_clear(&errors);
    assert_false(diff_read(arena, STR("test"), str_from(text), STR_NONE, &side, &errors));
    assert_string_equal(errors_text().ptr, message);
}

static void
refuses_other_texts(void **state)
{
    (void)state;
    refuses("{\"a\": nul}", "Expected a value. 1:7");
    refuses("{}", "This is no answer to introspection: it has no member __schema.");
    refuses("{\"errors\":[{\"message\":\"no\"}]}",
            "This is no answer to introspection: the server said: no.");
    refuses(answer("{\"kind\":\"OBJECT\",\"name\":\"A } type B\"}", ""),
            "This is no answer to introspection: of the type Query this is no name: A } type B.");
    refuses(answer("{\"kind\":\"LIST\",\"ofType\":null}", ""),
            "This is no answer to introspection: of the type Query a type is missing, or nests "
            "deeper than was asked for.");
    refuses(answer(INT, "{\"name\":\"n\",\"type\":" INT ",\"defaultValue\":\"1) b(\"}"),
            "This is no answer to introspection: of the type Query this is no default: 1) b(.");
    refuses(answer(INT, "1"),
            "This is no answer to introspection: of the type Query not a list of objects is args.");
    refuses(answer("{\"kind\":\"OBJECT\",\"name\":\"Zzzzzzzz\"}", ""),
            "Unknown type \"Zzzzzzzz\".");
    refuses("type Query { a: Zzzzzzzz }", "Unknown type \"Zzzzzzzz\". 1:17");
}

/* The coordinate of what breaks a document, which is valid before; "" for nothing. */
static const char *
break_of(const char *text)
{
    static const char before[] = "type Query { node(id: ID): Node  find(f: Find, e: Colour): T }\n"
                                 "interface Node { id: ID! }  type T implements Node { id: ID!  a: "
                                 "Int!  n(x: Int): Int  c: C }\n"
                                 "enum Colour { RED BLUE }  input Find { a: Int  more: Find  deep: "
                                 "Deep }  input Deep { c: Colour }\n"
                                 "scalar C";
    static const char after[] = "type Query { node(id: ID): Node  find(f: Find, e: Colour): T }\n"
                                "interface Node { id: ID }  type T implements Node { id: ID  a: "
                                "Int  n(x: ID): Int  c: C }\n"
                                "enum Colour { RED }  input Find { a: Int!  more: Find  deep: Deep "
                                "}  input Deep { c: Colour }\n"
                                "type C { a: Int }";
    const struct diff_side old = read_side(before, NULL), new = read_side(after, NULL);
    struct changes changes = { .arena = arena };
    const struct source source = { STR_NONE, str_from(text) };
    const struct ast_document *document = parser_parse(arena, &source, NULL, &errors);

    diff_schemas(&changes, &old, &new);
    const struct change *change = usage_find_breaking(arena, old.schema, document, &changes);
    return change ? str_copy_c(arena, change->coordinate) : "";
}

static void
knows_what_documents_use(void **state)
{
    (void)state;
    assert_string_equal(break_of("{ find { __typename } }"), "");
    assert_string_equal(break_of("{ find { n } }"), "");
    assert_string_equal(break_of("{ find { n(x: 1) } }"), "T.n(x:)");
    assert_string_equal(break_of("{ find { ...F } } fragment F on T { ... { a } }"), "T.a");
    assert_string_equal(break_of("{ node { id } }"), "Node.id");
    assert_string_equal(break_of("{ node { ... on T { c } } }"), "C");
    assert_string_equal(break_of("{ find(e: RED) { n } }"), "");
    assert_string_equal(break_of("{ find(f: { deep: { c: BLUE } }) { n } }"), "Colour.BLUE");
    assert_string_equal(break_of("{ find(f: { more: { a: 1 } }) { n } }"), "Find.a");
    assert_string_equal(break_of("query ($d: Deep) { find(f: { deep: $d }) { n } }"),
                        "Colour.BLUE");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(says_what_and_where, setup, teardown),
        cmocka_unit_test_setup_teardown(knows_what_the_reference_does_not, setup, teardown),
        cmocka_unit_test_setup_teardown(compares_bindings, setup, teardown),
        cmocka_unit_test_setup_teardown(compares_writes, setup, teardown),
        cmocka_unit_test_setup_teardown(compares_versions, setup, teardown),
        cmocka_unit_test_setup_teardown(compares_what_roles_see, setup, teardown),
        cmocka_unit_test_setup_teardown(knows_what_documents_use, setup, teardown),
        cmocka_unit_test_setup_teardown(reads_introspection, setup, teardown),
        cmocka_unit_test_setup_teardown(refuses_other_texts, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
