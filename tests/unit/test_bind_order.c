/*
 * test_bind_order.c - orders held against a catalog: enums, directions, joined rows, counts and
 * functions, and what is a misfit.
 *
 * SPDX-License-Identifier: MIT
 */
#include "bind_case.h"

static const char tables[] = "type point lacks order\n"
                             "table users\n"
                             "column id integer not null\n"
                             "column name text not null\n"
                             "column boss integer\n"
                             "primary key id\n"
                             "foreign key boss references users id\n"
                             "table links\n"
                             "column id integer not null\n"
                             "column url text not null\n"
                             "column place point\n"
                             "column \"seenAt\" timestamp with time zone\n"
                             "column posted_by integer\n"
                             "column edited_by integer\n"
                             "column words tsvector\n"
                             "primary key id\n"
                             "foreign key posted_by references users id\n"
                             "foreign key edited_by references users id\n"
                             "table votes\n"
                             "column id integer not null\n"
                             "column link_id integer\n"
                             "primary key id\n"
                             "foreign key link_id references links id\n"
                             "function heat(links links) returns integer stable\n"
                             "function place(links links) returns point stable\n"
                             "function roll(links links) returns integer volatile\n"
                             "function names(links links) returns setof text stable\n"
                             "function heat_of(users users) returns integer stable\n";

static const char rest[] =
    "type Link @table(name: \"links\") {\n"
    "  id: ID! votes: [Vote!]! poster: User @join(column: \"posted_by\") }\n"
    "type User @table(name: \"users\") { id: ID! }\n"
    "type Vote @table(name: \"votes\") { id: ID! }\n"
    "input UserOrder @oneOf { name: Direction }\n"
    "input Loose { name: Direction }\n"
    "enum Direction { ASC DESC ASC_NULLS_FIRST ASC_NULLS_LAST DESC_NULLS_FIRST DESC_NULLS_LAST }\n"
    "enum Other { ASC UP }\n";

/* What the argument does, or the misfit without its place; `more` are arguments behind it. */
static struct str
bind_with(const char *type, const char *more)
{
    struct str sdl = str_format(arena, "type Query { links(orderBy: [O!]%s): [Link!]! }\n%s%s\n",
                                more, rest, type);
    struct str found = bind(sdl, tables);
    struct str wanted = STR("Query.links  table links (orderBy: ");
    size_t from = 0;

    if (str_starts_with(found, wanted)) {
        size_t end = *more ? str_find(found, ';') : str_find(found, '\n') - 1;
        return str_copy(arena, (struct str){ found.ptr + wanted.len, end - wanted.len });
    }
    while (from < found.len && found.ptr[from] != ' ')
        from++;
    return str_copy(arena, (struct str){ found.ptr + from + 1, found.len - from - 2 });
}

static struct str
bind_order(const char *type)
{
    return bind_with(type, "");
}

/* clang-format off */
static const struct {
    const char *type, *expected;
} orders[] = {
    { "enum O { URL_ASC SEENAT_DESC_NULLS_LAST SEEN_AT_DESC TOP @order(by: \"seenAt DESC NULLS "
      "LAST, url\") }",
      "order by URL_ASC, SEENAT_DESC_NULLS_LAST, SEEN_AT_DESC, TOP" },
    { "enum O { URL }",
      "O.URL: nothing says which order it is; give it @order(by:), or the name of a column of "
      "links "
      "and a direction, such as CREATED_AT_DESC." },
    { "enum O { AGE_ASC }",
      "O.AGE_ASC: nothing says which order it is; give it @order(by:), or the name of a column of "
      "links and a direction, such as CREATED_AT_DESC." },
    { "enum O { PLACE_ASC }",
      "O.PLACE_ASC: column links.place is point, which PostgreSQL cannot sort; order by another "
      "column." },
    { "enum O { TOP @order(by: \"url NULLS\") }",
      "O.TOP: \"NULLS\" is not a direction; write ASC or DESC after the column, and NULLS FIRST or "
      "NULLS LAST after that." },
    { "enum O { TOP @order(by: \"url DESC NULLS MIDDLE\") }",
      "O.TOP: \"DESC NULLS MIDDLE\" is not a direction; write ASC or DESC after the column, and "
      "NULLS FIRST or NULLS LAST after that." },
    { "enum O { TOP @order(by: \"uri\") }",
      "O.TOP: table links has no column \"uri\" to order by; name columns that it has, separated "
      "by "
      "commas. Did you mean \"url\"?" },
    { "input O @oneOf { url: Direction seenAt: Direction }", "order by url, seenAt" },
    { "input O { url: Direction }",
      "Query.links(orderBy:): an order must be an enum whose values are orders, an input object "
      "with @oneOf, or a list of either, not [O!]." },
    { "input O @oneOf { url: Other }",
      "O.url: a field of an order must be an enum of directions, such as ASC, DESC and "
      "DESC_NULLS_LAST, not Other." },
    { "input O @oneOf { poster: UserOrder }", "order by users" },
    { "input O @oneOf { editedBy: UserOrder }", "order by users" },
    { "input O @oneOf { poster: Loose }",
      "O.poster: the order of a row that is joined must be an input object with @oneOf, not "
      "Loose." },
    { "input O @oneOf { owner: UserOrder }",
      "O.owner: nothing says which rows are meant: no type that shows links has a field \"owner\" "
      "of one row, and no foreign key has that name; give UserOrder @table(name:)." },
    { "input O @oneOf { votes: Direction @count }", "order by count of votes" },
    { "input O @oneOf { stars: Direction @count }",
      "O.stars: nothing says which rows are meant: no type that shows links has a field \"stars\" "
      "of rows, and no table has that name; name the field as that of a type, or as the table." },
    { "input O @oneOf { heat: Direction @function(name: \"heat\") }", "order by heat()" },
    { "input O @oneOf { heat: Direction @function(name: \"heat_of\") }",
      "O.heat: there is no function \"heat_of\" whose only parameter is a row of links; create it, "
      "or name another with @function(name:)." },
    { "input O @oneOf { heat: Direction @function(name: \"roll\") }",
      "O.heat: function roll is VOLATILE, but a query only reads; declare it STABLE." },
    { "input O @oneOf { heat: Direction @function(name: \"place\") }",
      "O.heat: function place returns point, which PostgreSQL cannot sort; let it return one value "
      "that has an order." },
    { "input O @oneOf { heat: Direction @function(name: \"names\") }",
      "O.heat: function names returns rows; let it return one value." },
};
/* clang-format on */

static void
test_orders(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(orders); i++) {
        struct str found = bind_order(orders[i].type);
        if (!str_is(found, orders[i].expected))
            fail_msg("%s\n%s", orders[i].type, found.ptr);
    }
}

/* Ranks, where the field has a filter. */
/* clang-format off */
static const struct {
    const char *filter, *type, *expected;
} ranks[] = {
    { "w: String @search(columns: [\"url\"], config: \"english\")",
      "enum O { RANK @search(columns: [\"url\"], config: \"english\") }", "order by RANK" },
    { "words: Words", "input O @oneOf { fit: Direction @search(columns: [\"words\"]) }",
      "order by rank by words" },
    { "w: String @search(columns: [\"url\"], config: \"english\")",
      "enum O { RANK @search(columns: [\"url\"], config: \"simple\") }",
      "Query.links(orderBy:): RANK sorts by words that no filter of the field finds; give the "
      "field a filter with a field that has the same @search." },
    { "w: String @search(columns: [\"url\"], config: \"english\")",
      "input O @oneOf { fit: Direction @search(columns: [\"words\"]) }",
      "Query.links(orderBy:): fit sorts by words that no filter of the field finds; give the "
      "field a filter with a field that has the same @search." },
    { "w: String @search(columns: [\"url\"])",
      "enum O { RANK @search(columns: [\"url\"], config: \"english\") }",
      "Query.links(orderBy:): RANK sorts by words that no filter of the field finds; give the "
      "field a filter with a field that has the same @search." },
    { "words: Words", "enum O { RANK @search(columns: [\"url\"]) }",
      "O.RANK: column links.url is a text: name the text search configuration that finds words in "
      "it, as in @search(columns:, config: \"english\")." },
    { "words: Words", "enum O { RANK @search(columns: [\"id\"], config: \"english\") }",
      "O.RANK: column links.id is integer, in which words cannot be searched; name a "
      "tsvector, or texts with @search(config:)." },
    { "words: Words", "enum O { RANK @search(columns: [\"word\"]) }",
      "O.RANK: table links has no column \"word\" to search; name others with @search(columns:). "
      "Did you mean \"words\"?" },
    { "words: Words",
      "input O @oneOf { editedBy: U }\n"
      "input U @oneOf { rank: Direction @search(columns: [\"name\"], config: \"simple\") }",
      "O.editedBy: joined rows are not sorted by words; give them an order without @search." },
    { "words: Words",
      "input O @oneOf { editedBy: U }\n"
      "input U @oneOf { boss: U by: Direction @search(columns: [\"name\"], config: \"simple\") }",
      "U.by: joined rows are not sorted by words; give them an order without @search." },
    { "words: Words", "enum O { RANK @search(columns: []) }",
      "O.RANK: @search(columns:) names no column; name those to search." },
    { "words: Words", "enum O { RANK @search(columns: [\"words\"]) @order(by: \"url\") }",
      "O.RANK: @order and @search each say the whole order; remove one of them." },
};
/* clang-format on */

static void
test_ranks(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(ranks); i++) {
        struct str types = str_format(arena, "input Words { matches: String }\ninput W { %s }\n%s",
                                      ranks[i].filter, ranks[i].type);
        struct str found = bind_with(types.ptr, ", where: W");
        if (!str_is(found, ranks[i].expected))
            fail_msg("%s\n%s", ranks[i].type, found.ptr);
    }
}

/* Orders may refer to each other in a circle. */
static void
test_circle(void **state)
{
    (void)state;
    assert_string_equal(bind_order("extend input UserOrder { links: Direction @count }\n"
                                   "input O @oneOf { poster: Again }\n"
                                   "input Again @oneOf { name: Direction poster: Again }\n")
                            .ptr,
                        "Again.poster: nothing says which rows are meant: no type that shows users "
                        "has a field \"poster\" of one row, and no foreign key has that name; give "
                        "Again @table(name:).");
}

static const struct {
    const char *text;
    char separator;
    bool is_read, is_descending, is_nulls_first;
} directions[] = {
    { "", ' ', true, false, false },
    { "asc", ' ', true, false, false },
    { "DESC", '_', true, true, true },
    { "  desc   nulls  last ", ' ', true, true, false },
    { "NULLS FIRST", ' ', true, false, true },
    { "ASC_NULLS_FIRST", '_', true, false, true },
    { "DESC_NULLS_LAST", '_', true, true, false },
    { "DESC_NULLS_LAST", ' ', false, false, false },
    { "DESC_ASC", '_', false, false, false },
    { "ASC_NULLS", '_', false, false, false },
    { "ASC_NULLS_FIRST_LAST", '_', false, false, false },
    { "UP", '_', false, false, false },
};

static void
test_directions(void **state)
{
    struct order_direction direction;

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(directions); i++) {
        bool is_read =
            order_read_direction(str_from(directions[i].text), directions[i].separator, &direction);
        if (is_read != directions[i].is_read ||
            (is_read && (direction.is_descending != directions[i].is_descending ||
                         direction.is_nulls_first != directions[i].is_nulls_first)))
            fail_msg("\"%s\"", directions[i].text);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_orders, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ranks, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_circle, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_directions, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
