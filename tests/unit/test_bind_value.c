/*
 * test_bind_value.c - values held against a catalog: arrays, enums with labels, zones, names
 * of columns, types without "=" or order, other schemas.
 *
 * SPDX-License-Identifier: MIT
 */
#include "bind_case.h"

static const char tables[] = "enum rating \"G\" \"PG-13\"\n"
                             "type point lacks equality\n"
                             "table things\n"
                             "column id integer not null\n"
                             "column \"camelCase\" text\n"
                             "column camel_case text\n"
                             "column address2 text\n"
                             "column tags text[] not null elements not null\n"
                             "column marks integer[]\n"
                             "column rating rating\n"
                             "column ratings rating[]\n"
                             "column label text\n"
                             "column local timestamp without time zone\n"
                             "column place point\n"
                             "column document json\n"
                             "column nocase citext\n"
                             "column collated text nondeterministic\n"
                             "primary key id\n"
                             "table sales.orders\n"
                             "column id integer not null\n"
                             "column thing_id integer not null\n"
                             "primary key id\n"
                             "foreign key thing_id references things id\n"
                             "table loose\n"
                             "column id integer not null\n"
                             "column thing_id integer not null\n"
                             "primary key id\n"
                             "foreign key thing_id references things id not valid\n"
                             "function sales.top(marks integer[]) returns integer[] stable\n";

static const char rest[] = "scalar DateTime\n"
                           "scalar LocalDateTime\n"
                           "scalar Any\n"
                           "enum Rating { G PG_13 @label(of: \"PG-13\") }\n"
                           "enum Few { G }\n"
                           "enum Twice { A @label(of: \"x\") B @label(of: \"x\") }\n"
                           "enum Turn { ASC DESC }\n"
                           "type Order @table(name: \"sales.orders\") { id: ID! }\n"
                           "type Loose @table(name: \"loose\") { id: ID! }\n"
                           "type Zoned @table(name: \"things\", zone: \"UTC\") { at: DateTime "
                           "@column(name: \"local\") }\n";

struct value_case {
    const char *field; /* of Thing, or of Query where it has arguments or a function */
    const char *expected;
};

static void
check_values(const char *parent, const struct value_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bool is_query = str_is(str_from(parent), "Query");
        struct str sdl =
            str_format(arena,
                       "type Query { things: [Thing!]! %s }\ntype Thing @table(name: "
                       "\"things\") { "
                       "id: ID! %s }\n%s",
                       is_query ? cases[i].field : "", is_query ? "" : cases[i].field, rest);
        struct str found = bind(sdl, tables);
        if (!strstr(found.ptr, cases[i].expected))
            fail_msg("%s\n%s", cases[i].field, found.ptr);
    }
}

/* Rows that a function returns, and no table has. */
static void
test_rows_of_functions(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct {
        const char *sdl, *expected;
    } cases[] = {
        { "type Query { top: [Top!]! @function(name: \"top\") @order(by: \"sold DESC\") }\n"
          "type Top @row(of: \"top\") { itemId: ID sold: Int }",
          "Query.top  function top() order by sold desc\nTop.itemId  column top.item_id\n"
          "Top.sold  column top.sold\n" },
        { "type Query { top: [Top!]! @function(name: \"top\") }\ntype Top { sold: Int }",
          "Query.top  function top()\nTop.sold  column top.sold\n" },
        { "type Query { top: [Top!]! @function(name: \"top\") }\n"
          "type Top @row(of: \"top\") { sold: Int! name: String item: Item }\n"
          "type Item @table(name: \"items\") { id: ID! }",
          "2:28 Top.sold: column top.sold may be null, as every column that a function "
          "returns; remove the \"!\".\n"
          "2:39 Top.name: the result of top has no column \"name\"; add the column, or name "
          "another with @column(name:).\n"
          "2:52 Top.item: the result of top has no foreign keys; name the columns that join "
          "items with @join(column:, to:).\n" },
        { "type Query { top: [Top!]! }\ntype Top @row(of: \"top\") { sold: Int }",
          "1:14 Query.top: Top shows rows that function top returns, and only a root field can "
          "call it; give it @function(name:) there.\n" },
        { "type Query { top: [Top!]! @function(name: \"other\") }\n"
          "type Top @row(of: \"top\") { sold: Int }",
          "1:27 Query.top: function other returns rows of columns (item_id integer, sold "
          "bigint); it must return the columns that top returns, whose rows Top shows.\n" },
        { "type Query { top: String @function(name: \"top\") tops: [String] @function(name: "
          "\"top\") one: Int @function(name: \"one\") ones: [Int] @function(name: \"one\") }",
          "1:26 Query.top: function top returns rows of columns (item_id integer, sold integer); "
          "show them by an object type with @row(of: \"top\").\n"
          "1:64 Query.tops: function top returns rows of columns (item_id integer, sold integer); "
          "show them by an object type with @row(of: \"top\").\n"
          "1:119 Query.ones: the result of one is integer and not an array, which a list of Int "
          "needs; make the field one Int.\n" },
        { "type Query { items: [String] @function(name: \"all_items\") what: String "
          "@function(name: \"what\") }", "1:30 Query.items: function all_items returns rows of "
          "items; show them by an object type with @table(name: \"items\").\n"
          "1:72 Query.what: function what returns a record whose columns PostgreSQL does not "
          "know; declare it with RETURNS TABLE(...), or with OUT parameters.\n" },
        { "type Query { ones: [One!]! @function(name: \"one\") }\n"
          "type One @row(of: \"one\") { n: Int }", "1:28 Query.ones: function one gives one "
          "row; make the field a single object, or declare it with RETURNS TABLE(...) or "
          "SETOF.\n" },
        { "type Query { item(id: ID!): Item }\ntype Item @table(name: \"items\") { id: ID! "
          "lone: Int @function(name: \"of_item\") one: One @function(name: \"of_item\") }\n"
          "type One @row(of: \"one\") { n: Int }", "2:53 Item.lone: a function of a row must "
          "return a scalar, and of_item returns rows of one column; let it return integer.\n"
          "2:89 Item.one: a function of a row must return a scalar, not One; show its columns "
          "by functions of their own.\n" },
        { "type Query { top: [Top!]! @function(name: \"top\") }\n"
          "type Top @row(of: \"tops\") { sold: Int }",
          "2:10 Top: there is no function \"tops\"; create it, or name another with @row(of:). "
          "Did you mean \"top\"?\n" },
    };
    /* clang-format on */

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct str found =
            bind(str_from(cases[i].sdl),
                 "table items\ncolumn id integer not null\nprimary key id\n"
                 "function top() returns table(item_id integer, sold integer) stable\n"
                 "function other() returns table(item_id integer, sold bigint) stable\n"
                 "function one() returns row(n integer) stable\n"
                 "function all_items() returns setof items stable\n"
                 "function what() returns record stable\n"
                 "function of_item(item items) returns row(n integer) stable\n");
        assert_string_equal(found.ptr, cases[i].expected);
    }
}

static void
test_fields(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct value_case cases[] = {
        { "camelCase: String", "Thing.camelCase  column things.camelCase\n" },
        { "address2: String", "Thing.address2  column things.address2\n" },
        { "nocase: String", "Thing.nocase  column things.nocase\n" },
        { "camlCase: String",
          "table things has no column \"caml_case\"; add the column, or name another with "
          "@column(name:). Did you mean \"camel_case\" or \"camelCase\"?\n" },
        { "tags: [String!]!", "Thing.tags  column things.tags\n" },
        { "marks: [Int]", "Thing.marks  column things.marks\n" },
        { "marks: Any", "Thing.marks  column things.marks\n" },
        { "marks: String", "Thing.marks  column things.marks\n" },
        { "marks: [Int!]",
          "Thing.marks: column things.marks may hold nulls; remove the \"!\" within the list, or "
          "keep them out with CHECK (array_position(..., NULL) IS NULL).\n" },
        { "marks: Int",
          "Thing.marks: column things.marks is integer[], which Int cannot show; make the field a "
          "list, or use String or a scalar of your own.\n" },
        { "marks: [[Int]]", "Thing.marks: a list of lists has no resolver" },
        { "label: [String]",
          "Thing.label: column things.label is text and not an array, which a list of String "
          "needs; make the field one String.\n" },
        { "rating: Rating", "Thing.rating  column things.rating\n" },
        { "ratings: [Rating]", "Thing.ratings  column things.ratings\n" },
        { "label: Rating", "Thing.label  column things.label\n" },
        { "rating: Few",
          "Thing.rating: column things.rating may hold \"PG-13\", which is not a value of the "
          "enum "
          "Few; add a value with @label(of: \"PG-13\").\n" },
        { "label: Twice", "Twice.B: A stands for \"x\" too; give each value a label of its own "
          "with @label(of:).\n" },
        { "local: LocalDateTime", "Thing.local  column things.local\n" },
        { "local: DateTime",
          "Thing.local: column things.local is timestamp without time zone, which is no point "
          "in time; if it is in UTC, say so with @column(zone: \"UTC\") or @table(zone: "
          "\"UTC\"), or show it as LocalDateTime.\n" },
        { "local: DateTime @column(zone: \"UTC\")", "Thing.local  column things.local\n" },
        { "local: DateTime @column(zone: \"CET\")",
          "Thing.local: the zone of timestamps without one can be \"UTC\", not \"CET\"; show "
          "others as LocalDateTime.\n" },
    };
    /* clang-format on */

    check_values("Thing", cases, ARRAY_LENGTH(cases));
    check_values("Query", (const struct value_case[]){ { "", "Zoned.at  column things.local\n" } },
                 1);
}

static void
test_arguments(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct value_case cases[] = {
        { "a(marks: [Int]): [Thing!]!", "Query.a  table things (marks: equals marks)\n" },
        { "a(local: LocalDateTime): [Thing!]!", "(local: equals local)\n" },
        { "a(local: DateTime): [Thing!]!",
          "column local is timestamp without time zone, which does not fit DateTime" },
        { "a(local: DateTime): [Zoned!]!", "(local: equals local)\n" },
        { "a(camelCase: String): [Thing!]!", "(camelCase: equals camelCase)\n" },
        { "a(place: String): [Thing!]!",
          "column things.place is point, for which PostgreSQL has no \"=\"" },
        { "a(document: Any): [Thing!]!",
          "column things.document is json, for which PostgreSQL has no \"=\"" },
        { "a(text: String @search(columns: [\"nocase\"])): [Thing!]!", "(text: search nocase)\n" },
        { "a(text: String @search(columns: [\"collated\"])): [Thing!]!",
          "column things.collated has a collation that is not deterministic" },
        { "a: [Thing!]! @order(by: \"document\")",
          "column things.document is json, which PostgreSQL cannot sort" },
        { "a(tag: String): [Thing!]!", "Did you mean \"tags\"?" },
        { "a(marks: [Int!]!): [Int] @function(name: \"sales.top\")",
          "Query.a  function sales.top(integer[]) (marks: parameter marks)\n" },
        { "a(marks: String): [Int] @function(name: \"sales.top\")", "parameter marks" },
    };
    /* clang-format on */

    check_values("Query", cases, ARRAY_LENGTH(cases));
}

static void
test_schemas_and_foreign_keys(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct value_case cases[] = {
        { "orders: [Order!]!",
          "Thing.orders  join sales.orders on sales.orders.thing_id = things.id\n" },
        { "loose: [Loose!]!", "Thing.loose: the foreign key loose.thing_id is NOT VALID" },
    };
    /* clang-format on */

    check_values("Thing", cases, ARRAY_LENGTH(cases));

    /* Rows of a foreign key that nobody validated may have no row there. */
    struct str found = bind(STR("type Query { loose: [Loose!]! }\n"
                                "type Thing @table(name: \"things\") { id: ID! }\n"
                                "type Loose @table(name: \"loose\") { id: ID! thing: Thing! }\n"),
                            tables);
    assert_non_null(strstr(found.ptr, "remove the \"!\""));

    /* What stands in another schema is suggested. */
    found = bind(STR("type Query { orders: [Order!]! total: Int @function(name: \"total\") }\n"
                     "type Order @table(name: \"orders\") { id: ID! }\n"),
                 "table sales.orders\ncolumn id integer not null\nprimary key id\n"
                 "function sales.total() returns integer stable\n");
    assert_string_equal(found.ptr,
                        "2:12 Order: there is no table \"orders\"; create it, or name another with "
                        "@table(name:). Did you mean \"sales.orders\"?\n"
                        "1:43 Query.total: there is no function \"total\"; create it, or name "
                        "another with @function(name:). Did you mean \"sales.total\"?\n");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_fields, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_rows_of_functions, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_arguments, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_schemas_and_foreign_keys, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
