/*
 * test_bind_aggregate.c - types with @aggregate, and the fields that show them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "bind_case.h"

/* The contract's `field` stands in line 2, in `parent`; `types` follow. */
struct case_of_aggregate {
    const char *parent, *field, *expected;
};

static const char aggregates[] =
    "aggregate max(bigint) returns bigint\n"
    "aggregate min(bigint) returns bigint\n"
    "aggregate sum(bigint) returns numeric\n"
    "aggregate sum(integer) returns bigint\n"
    "aggregate avg(integer) returns numeric\n"
    "aggregate max(integer) returns integer\n"
    "aggregate max(text) returns text\n"
    "aggregate max(character varying) returns text\n"
    "aggregate max(timestamp with time zone) returns timestamp with time zone\n";

static const char types[] =
    "type LinkTotal @table(name: \"links\") @aggregate { count: BigInt! sum: LinkSum! }\n"
    "type LinkSum { id: BigInt }\n"
    "type LinkGroup @table(name: \"links\") @aggregate {\n"
    "  postedBy: User day: Date @column(name: \"created_at\", unit: DAY) count: Int! sum: LinkSum "
    "}\n"
    "enum LinkKey { POSTED_BY DAY }\n"
    "enum Odd { POSTED_BY DUE }\n"
    "input LinkBy @oneOf { count: Direction day: Direction sum: LinkSumBy }\n"
    "input LinkSumBy @oneOf { id: Direction }\n"
    "input OddBy @oneOf { hour: Direction }\n"
    "input OddSumBy @oneOf { sum: UrlSumBy }\n"
    "input UrlSumBy @oneOf { url: Direction }\n"
    "scalar BigInt @quoted\n"
    "scalar Date\n";

static void
check_cases(const struct case_of_aggregate *cases, size_t count)
{
    struct str catalog = str_format(arena, "%s%s", aggregates, catalog_text);

    for (size_t i = 0; i < count; i++) {
        struct str sdl = str_format(arena, "extend type %s {\n  %s\n}\n%s%s", cases[i].parent,
                                    cases[i].field, surroundings, types);
        struct str found = bind(sdl, catalog.ptr), wanted = str_from(cases[i].expected);
        bool is_found = str_starts_with(found, wanted);
        for (size_t at = 0; !is_found && at < found.len; at++)
            is_found =
                found.ptr[at] == '\n' &&
                str_starts_with((struct str){ found.ptr + at + 1, found.len - at - 1 }, wanted);
        if (!is_found)
            fail_msg("%s\n%s", cases[i].field, found.ptr);
    }
}

#define CHECK_CASES(cases) check_cases(cases, ARRAY_LENGTH(cases))

static void
test_fields_that_show_aggregates(void **state)
{
    (void)state;
    static const struct case_of_aggregate cases[] = {
        { "Query", "total: LinkTotal!", "Query.total  aggregate of table links\n" },
        { "Query", "total(isHidden: Boolean): LinkTotal",
          "Query.total  aggregate of table links (isHidden: equals is_hidden)\n" },
        { "User", "links: LinkTotal!",
          "User.links  aggregate of join links on links.posted_by = users.id\n" },
        { "Query", "total: LinkTotal!", "LinkTotal.count  count\n" },
        { "Query", "total: LinkTotal!", "LinkSum.id  sum of id\n" },
        { "Query", "groups(by: [LinkKey!]!, first: Int, orderBy: [LinkBy!]): [LinkGroup!]!",
          "Query.groups  groups of table links (by: group by; first: limit; orderBy: order "
          "groups)\n" },
        { "User", "groups(by: [LinkKey!]! = [DAY]): [LinkGroup!]!",
          "User.groups  groups of join links on links.posted_by = users.id (by: group by)\n" },
        { "Query", "groups(by: [LinkKey!]!): [LinkGroup!]!",
          "LinkGroup.day  key links.created_at by day\n" },
        { "Query", "total: LinkTotal! @order(by: \"id\")",
          "2:21 Query.total: groups are sorted by their keys; " },
        { "Query", "total(first: Int): LinkTotal!", "2:9 Query.total(first:): " },
        { "Query", "total: [LinkTotal!]!",
          "2:3 Query.total: a list of LinkTotal would be a list of groups, but the "
          "type has no key that tells groups apart; " },
        { "Query", "group: LinkGroup",
          "2:3 Query.group: LinkGroup has keys, so there may be many groups; " },
        { "Query", "total: LinkTotal @function(name: \"newest\")",
          "2:3 Query.total: LinkTotal is made of many rows of a table: it cannot be "
          "a row of a function " },
        { "Query",
          "totals: [Mixed!]! } union Mixed = LinkTotal | User type Extra @table(name: "
          "\"users\") { id: ID!",
          "2:3 Query.totals: LinkTotal is made of many rows of a table: " },
        { "Query", "groups: [LinkGroup!]!",
          "2:3 Query.groups: a list of groups needs an argument \"by\"" },
        { "Query", "groups(by: [LinkKey]!): [LinkGroup!]!",
          "2:10 Query.groups(by:): it names keys of groups, and must be a list of "
          "an enum such as [Key!]!, not [LinkKey]!.\n" },
        { "Query", "groups(by: [LinkKey!]): [LinkGroup!]!", "2:10 " },
        { "Query", "groups(by: [Odd!]!): [LinkGroup!]!",
          "43:22 Odd.DUE: LinkGroup has no such key; " },
        { "Query", "groups(by: [LinkKey!]!, orderBy: [OddBy!]): [LinkGroup!]!",
          "46:22 OddBy.hour: LinkGroup has no such key; " },
        { "Query", "groups(by: [LinkKey!]!, orderBy: [OddSumBy!]): [LinkGroup!]!",
          "48:25 UrlSumBy.url: PostgreSQL has no sum of links.url, which is "
          "text; " },
        { "Query", "groups(by: [LinkKey!]!, orderBy: LinkKey): [LinkGroup!]!",
          "2:27 Query.groups(orderBy:): an order must be an input object with "
          "@oneOf" },
    };

    CHECK_CASES(cases);
}

static void
test_fields_of_aggregates(void **state)
{
    (void)state;
    static const struct case_of_aggregate cases[] = {
        { "LinkTotal", "max: LinkMost! } type LinkMost { url: String title: String",
          "LinkMost.title  max of title\n" },
        { "LinkTotal", "max: LinkEnds! min: LinkEnds! } type LinkEnds { postedBy: ID",
          "LinkEnds.postedBy  min, max of posted_by\n" },
        { "LinkTotal", "avg: LinkMean } type LinkMean { id: Float", "LinkMean.id  avg of id\n" },
        { "LinkSum", "createdAt: DateTime",
          "2:3 LinkSum.createdAt: PostgreSQL has no sum of links.created_at, which "
          "is timestamp with time zone; remove the field.\n" },
        { "LinkSum", "number: Int @column(name: \"id\")",
          "2:3 LinkSum.number: sum(links.id) is bigint, but Int has only 32 bits; " },
        { "LinkSum", "number: BigInt! @column(name: \"id\")",
          "2:3 LinkSum.number: sum(links.id) is null where there are no rows; " },
        { "LinkSum", "size: BigInt", "2:3 LinkSum.size: table links has no column \"size\"; " },
        { "LinkSum", "postedBy: User",
          "2:3 LinkSum.postedBy: LinkSum shows values that are made of columns, but User is an "
          "object; " },
        { "LinkTotal", "max: LinkSum!",
          "39:16 LinkSum.id: the sum of links.id is bigint, but the other function "
          "that LinkSum is for has integer; " },
        { "LinkTotal", "sums: LinkSum!",
          "2:3 LinkTotal.sums: the field is no aggregate; name it min, max, sum or "
          "avg, " },
        { "LinkTotal", "max: [LinkMost!] } type LinkMost { url: String",
          "2:3 LinkTotal.max: max is one object; make the field a single object, not a list.\n" },
        { "LinkGroup", "url: String!",
          "2:3 LinkGroup.url: a key is null in groups whose \"by\" does not name "
          "it; " },
        { "LinkGroup", "year: Date @column(name: \"url\", unit: YEAR)",
          "2:14 LinkGroup.year: column url is text, which has no year; " },
        { "LinkGroup", "votes: [Vote!]!",
          "2:3 LinkGroup.votes: a key of groups is a column, or one row that is "
          "joined to it; " },
        { "Link", "day: String @column(name: \"created_at\", unit: DAY)",
          "2:15 Link.day: `unit:` is for keys of groups, " },
        { "UserTotal",
          "sum: LinkSum! } "
          "type UserTotal @table(name: \"users\") @aggregate { count: Int!",
          "38:66 LinkTotal.sum: LinkSum shows columns of users, since it belongs to "
          "UserTotal too; " },
        { "Lost", "count: Int! } type Lost @aggregate { id: ID",
          "2:27 Lost: an aggregate is made of the rows of a table; " },
    };

    CHECK_CASES(cases);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_fields_that_show_aggregates, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_fields_of_aggregates, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
