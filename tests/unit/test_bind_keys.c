/*
 * test_bind_keys.c - keys of several columns, keys that the contract declares, joins that no
 * foreign key says, and joins by a table between.
 *
 * SPDX-License-Identifier: MIT
 */
#include "bind_case.h"

static const char keys[] = "table orders\n"
                           "column id bigint not null\n"
                           "column name text\n"
                           "column rest json\n"
                           "primary key id\n"
                           "table lines\n"
                           "column order_id bigint not null\n"
                           "column number smallint not null\n"
                           "column twin_order bigint\n"
                           "column twin_number smallint not null\n"
                           "column home bigint not null\n"
                           "primary key order_id number\n"
                           "unique twin_order twin_number\n"
                           "foreign key order_id references orders id\n"
                           "foreign key home references orders id not valid \"Lines at home\"\n"
                           "foreign key twin_order twin_number references lines order_id number\n"
                           "table events\n"
                           "column id integer not null\n"
                           "column order_id bigint not null\n"
                           "column number smallint not null\n"
                           "column other smallint not null\n"
                           "primary key id\n"
                           "foreign key order_id number references lines order_id number\n"
                           "foreign key order_id other references lines order_id number\n"
                           "foreign key order_id references orders id\n"
                           "table tags\n"
                           "column id integer not null\n"
                           "primary key id\n"
                           "table order_tags\n"
                           "column order_id bigint not null\n"
                           "column tag_id integer not null\n"
                           "column place integer\n"
                           "primary key order_id tag_id\n"
                           "foreign key order_id references orders id\n"
                           "foreign key tag_id references tags id\n"
                           "table bare_tags\n"
                           "column order_id bigint\n"
                           "column tag_id bigint\n"
                           "column tag text\n"
                           "table tag_links\n"
                           "column a integer not null\n"
                           "column b integer not null\n"
                           "primary key a b\n"
                           "foreign key a references tags id\n"
                           "foreign key b references tags id\n"
                           "table stats view\n"
                           "column order_id bigint\n"
                           "column number smallint\n"
                           "column name text\n"
                           "column rest json\n"
                           "table visits\n"
                           "column at integer not null\n";

/* What each case is put before. */
static const char types[] =
    "type Line @table(name: \"lines\") { number: Int! }\n"
    "type Event @table(name: \"events\") { id: ID! }\n"
    "type Tag @table(name: \"tags\") { id: ID! }\n"
    "type Stats @table(name: \"stats\", key: [\"order_id\"]) { name: String }\n"
    "type LineStats @table(name: \"stats\", key: [\"order_id\", \"number\"]) { name: String }\n"
    "type Visit @table(name: \"visits\", key: []) { at: Int! }\n"
    "type Bare @table(name: \"visits\") { at: Int! }\n"
    "type Query { order(id: ID!): Order }\n"
    "type Order @table(name: \"orders\") { id: ID! }\n";

struct case_of_keys {
    const char *parent, *field, *expected;
};

static void
check_keys(const struct case_of_keys *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct str sdl = str_format(arena, "extend type %s {\n  %s\n}\n%s", cases[i].parent,
                                    cases[i].field, types);
        struct str found = bind(sdl, keys);
        struct str expected = str_from(cases[i].expected);
        bool is_found = str_starts_with(found, expected); /* a misfit, or the first line */
        for (size_t at = 0; !is_found && at + expected.len <= found.len; at++)
            is_found = str_starts_with((struct str){ found.ptr + at, found.len - at }, expected);
        if (!is_found)
            fail_msg("%s.%s\n%s", cases[i].parent, cases[i].field, found.ptr);
    }
}

#define CHECK_KEYS(cases) check_keys(cases, ARRAY_LENGTH(cases))

static void
test_keys_of_several_columns(void **state)
{
    (void)state;
    static const struct case_of_keys cases[] = {
        { "Line", "order: Order! @join(column: \"order_id\")",
          "Line.order  join orders on orders.id = lines.order_id\n" },
        { "Line", "twin: Line",
          "Line.twin  join lines on lines.(order_id, number) = lines.(twin_order, twin_number)\n" },
        { "Line", "twin: Line!",
          "2:3 Line.twin: the join column lines.twin_order may be null; remove the "
          "\"!\", or declare the column NOT NULL.\n" },
        { "Line", "itself: Line! @join(column: [\"order_id\", \"number\"])",
          "Line.itself  join lines on lines.(order_id, number) = lines.(order_id, number)\n" },
        { "Line", "itself: Line @join(column: \"order_id\")",
          "2:16 Line.itself: \"order_id\" is not a foreign key that leads to one row of lines; "
          "between the two tables there is: lines.(twin_order, twin_number).\n" },
        { "Line", "events: [Event!]! @join(column: \"number\")",
          "Line.events  join events on events.(order_id, number) = lines.(order_id, number)\n" },
        { "Line", "events: [Event!]! @join(column: [\"other\", \"order_id\"])",
          "Line.events  join events on events.(order_id, other) = lines.(order_id, number)\n" },
        { "Line", "events: [Event!]! @join(column: \"order_id\")",
          "2:21 Line.events: 2 foreign keys are possible: events.(order_id, number), "
          "events.(order_id, other); choose one with @join(column:).\n" },
        { "Event", "line: Line! @join(column: \"other\")",
          "Event.line  join lines on lines.(order_id, number) = events.(order_id, other)\n" },
        { "Query", "line(orderId: ID!, number: Int!): Line",
          "Query.line  table lines (orderId: equals order_id; number: equals number)\n" },
        { "Query", "line(orderId: ID!, number: Int): Line",
          "2:3 Query.line: several rows of lines may match" },
        { "Query", "line(orderId: ID, number: Int): Line @exactlyOne",
          "2:3 Query.line: several rows of lines may match" },
    };

    CHECK_KEYS(cases);
}

static void
test_declared_keys(void **state)
{
    (void)state;
    static const struct case_of_keys cases[] = {
        { "Query", "stats: [Stats!]! @order(by: \"name\")",
          "Query.stats  table stats order by name\n" },
        { "Query", "stats(orderId: ID!): Stats",
          "Query.stats  table stats (orderId: equals order_id)\n" },
        { "Query", "stats(orderId: ID!): LineStats",
          "2:3 Query.stats: several rows of stats may match" },
        { "Query", "stats(orderId: ID!, number: Int!): LineStats",
          "Query.stats  table stats (orderId: equals order_id; number: equals number)\n" },
        { "Stats", "orderId: ID!",
          "2:3 Stats.orderId: column stats.order_id may be null; remove the \"!\"" },
        { "Query", "visits: [Visit!]! @order(by: \"at\")",
          "Query.visits  table visits order by at\n" },
        { "Query", "visits: [Visit!]!",
          "2:3 Query.visits: Visit has no key (@table(key: [])), so nothing orders its rows; "
          "give the list an @order(by:).\n" },
        { "Query", "bare: [Bare!]!",
          "2:3 Query.bare: table visits has no primary key, which a list needs for its order; add "
          "one, or name columns that identify a row with @table(key:).\n" },
        { "Order", "visits: [Visit!]! @order(by: \"at\") @join(column: \"id\", to: \"at\")",
          "2:3 Order.visits: Visit has no key (@table(key: [])), and rows without a key cannot be "
          "joined; declare one.\n" },
    };

    CHECK_KEYS(cases);
    assert_bound("type Query { a: [Link!]! }\n"
                 "type Link @table(name: \"links\", key: [\"ids\"]) { id: ID! }",
                 "2:11 Link: table links has no column \"ids\" that could be part of its key; "
                 "name others with @table(key:). Did you mean \"id\"?\n");
    assert_string_equal(
        bind(STR("type Query { a: [S!]! }\n"
                 "type S @table(name: \"stats\", key: [\"rest\"]) { name: String }"),
             keys)
            .ptr,
        "2:8 S: column stats.rest is json, which PostgreSQL cannot sort, so it cannot be part of a "
        "key; name others with @table(key:).\n");
}

static void
test_joins_by_columns(void **state)
{
    (void)state;
    static const struct case_of_keys cases[] = {
        { "Order", "stats: Stats @join(column: \"id\", to: \"order_id\")",
          "Order.stats  join stats on stats.order_id = orders.id\n" },
        { "Order", "stats: [Stats!]! @join(column: \"name\", to: \"name\")",
          "Order.stats  join stats on stats.name = orders.name\n" },
        { "Stats", "order: Order @join(column: \"order_id\", to: \"id\")",
          "Stats.order  join orders on orders.id = stats.order_id\n" },
        { "Line",
          "stats: LineStats @join(column: [\"order_id\", \"number\"], to: [\"order_id\", "
          "\"number\"])",
          "Line.stats  join stats on stats.(order_id, number) = lines.(order_id, number)\n" },
        { "Line", "stats: LineStats @join(column: \"order_id\", to: \"order_id\")",
          "2:20 Line.stats: several rows of stats may have the same order_id, and the field shows "
          "one; make it a list, or name a unique key, which @table(key:) may declare.\n" },
        { "Order", "stats: Stats! @join(column: \"id\", to: \"order_id\")",
          "2:3 Order.stats: a row of orders may have no row of stats that refers to it; remove the "
          "\"!\".\n" },
        { "Order", "stats: Stats @join(column: \"id\", to: \"orderid\")",
          "2:16 Order.stats: table stats has no column \"orderid\" to join by; name columns that "
          "it has. Did you mean \"order_id\"?\n" },
        { "Order", "stats: Stats @join(column: \"key\", to: \"order_id\")",
          "2:16 Order.stats: table orders has no column \"key\" to join by; name columns that it "
          "has.\n" },
        { "Order", "stats: [Stats!] @join(column: \"id\", to: \"name\")",
          "2:19 Order.stats: column id is bigint and column name is text, which cannot be "
          "compared; "
          "join by columns of one type.\n" },
        { "Order", "stats: [Stats!] @join(column: \"rest\", to: \"rest\")",
          "2:19 Order.stats: column rest is json and column rest is json, which cannot be "
          "compared; "
          "join by columns of one type.\n" },
        { "Order", "stats: Stats @join(column: \"id\", to: [\"order_id\", \"number\"])",
          "2:16 Order.stats: 1 columns of orders are to equal 2 of stats; name the same number of "
          "columns on both sides.\n" },
        { "Order", "home: [Line!]! @join(column: \"home\")",
          "2:3 Order.home: the foreign key lines.home is NOT VALID, so rows may refer to a row "
          "that does not exist; check them: ALTER TABLE lines VALIDATE CONSTRAINT \"Lines at "
          "home\";\n" },
    };

    CHECK_KEYS(cases);
}

static void
test_joins_through(void **state)
{
    (void)state;
    static const struct case_of_keys cases[] = {
        { "Order",
          "tags(first: Int, id: ID): [Tag!]! @through(table: \"order_tags\") @order(by: \"place "
          "DESC\")",
          "Order.tags  join order_tags on order_tags.order_id = orders.id, join tags on tags.id = "
          "order_tags.tag_id order by place desc (first: limit; id: equals id)\n" },
        { "Tag", "others: [Tag!]! @through(table: \"tag_links\", column: \"b\")",
          "Tag.others  join tag_links on tag_links.b = tags.id, join tags on tags.id = "
          "tag_links.a\n" },
        { "Tag", "others: [Tag!]! @through(table: \"tag_links\")",
          "2:19 Tag.others: 2 foreign keys of tag_links lead to tags; say with @through(column:) "
          "which columns are meant.\n" },
        { "Order", "tags: [Tag!]! @through(table: \"order_tags\", to: \"place\")",
          "Order.tags  join order_tags on order_tags.order_id = orders.id, join tags on tags.id = "
          "order_tags.place\n" },
        { "Order", "tags: [Tag!]! @through(table: \"order_tags\", to: [\"place\", \"tag_id\"])",
          "2:17 Order.tags: 2 columns of order_tags are to equal the key of tags, which has 1; "
          "name as many columns as the key has, or add a foreign key.\n" },
        { "Order", "tags: [Tag!]! @through(table: \"order_tags\", to: \"places\")",
          "2:17 Order.tags: table order_tags has no column \"places\" to join by; name columns "
          "that it has. Did you mean \"place\"?\n" },
        { "Order", "tags: [Tag!]! @through(table: \"bare_tags\")",
          "2:17 Order.tags: no foreign key of bare_tags leads to orders; add one, name another "
          "table, or say with @through(column:) which columns equal the key of orders.\n" },
        { "Order",
          "tags: [Tag!]! @through(table: \"bare_tags\", column: \"order_id\", to: \"tag\")",
          "2:17 Order.tags: column tag is text and column id is integer, which cannot be compared; "
          "join by columns of one type.\n" },
        { "Order",
          "tags: [Tag!]! @through(table: \"bare_tags\", column: \"order_id\", to: \"tag_id\")",
          "Order.tags  join bare_tags on bare_tags.order_id = orders.id, join tags on tags.id = "
          "bare_tags.tag_id\n" },
        { "Order", "tags: [Tag!]! @through(table: \"nothing\")",
          "2:17 Order.tags: there is no table \"nothing\"; create it, or name another with "
          "@through(table:).\n" },
        { "Order", "tags: [Tag!]!",
          "2:3 Order.tags: no foreign key joins orders and tags; add one, or name the columns with "
          "@join(column:, to:). Did you mean @through(table: \"order_tags\")?\n" },
        { "Order", "tag: Tag @through(table: \"order_tags\")",
          "2:3 Order.tag: no foreign key joins orders and tags; add one, or name the columns with "
          "@join(column:, to:).\n"
          "2:12 Order.tag: @through is only for a list of joined rows; remove it.\n" },
        { "Order", "tags: [Tag!]! @through(table: \"order_tags\") @order(by: \"nothing\")",
          "2:47 Order.tags: table tags has no column \"nothing\" to order by" },
        { "Query", "tags: [Tag!]! @through(table: \"order_tags\")",
          "2:17 Query.tags: @through is only for a list of joined rows; remove it.\n" },
    };

    CHECK_KEYS(cases);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_keys_of_several_columns, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_declared_keys, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_joins_by_columns, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_joins_through, set_up, tear_down),
    };

    return cmocka_run_group_tests_name("bind_keys", tests, NULL, NULL);
}
