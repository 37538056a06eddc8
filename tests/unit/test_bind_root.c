/*
 * test_bind_root.c - root fields, their arguments and functions, held against a
 * catalog: each rule of convention, and each misfit with its place.
 *
 * SPDX-License-Identifier: MIT
 */
#include "bind_case.h"

static void
test_root_lists(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct case_of_field cases[] = {
        { "Query", "links: [Link!]!", "Query.links  table links\n" },
        { "Query", "links(s: String @search(columns: [\"url\", \"title\"])): [Link]",
          "Query.links  table links (s: search url, title)\n" },
        { "Query", "links(s: String! @search(columns: \"url\")): [Link]",
          "Query.links  table links (s: search url)\n" },
        { "Query", "links(orderBy: [LinkOrder!], author: ID @column(name: \"posted_by\")): [Link]",
          "Query.links  table links (orderBy: order by created_at, title; author: equals "
          "posted_by)\n" },
        { "Query", "links(orderBy: LinkOrder): [Link]",
          "Query.links  table links (orderBy: order by created_at, title)\n" },
        { "Query", "links: [Link] @order(by: \" created_at  desc ,id,url asc\")",
          "Query.links  table links order by created_at desc, id, url\n" },
        { "Query", "tags: [Tag]",
          "Query.tags  table tags\n" },
        { "Query", "hits: [Hit]",
          "2:3 Query.hits: table hits has no primary key, which a list needs for its order; add "
          "one, or name columns that identify a row with @table(key:).\n" },
        { "Query", "links: [Link] @order(by: \"age, url up\")",
          "2:17 Query.links: table links has no column \"age\" to order by; name columns that it "
          "has, separated by commas.\n"
          "2:17 Query.links: \"up\" is not a direction; write ASC or DESC after the column, and "
          "NULLS FIRST or NULLS LAST after that.\n" },
        { "Query", "links(s: String @search(columns: [\"age\", \"id\"])): [Link]",
          "2:9 Query.links(s:): table links has no column \"age\" to search; name others with "
          "@search(columns:).\n"
          "2:9 Query.links(s:): column links.id is integer, and only text can be searched; "
"name other columns.\n" },
        { "Query", "links(s: String @search(columns: [])): [Link]",
          "2:9 Query.links(s:): @search(columns:) names no column; name those to search.\n" },
        { "Query", "links(s: Int @search(columns: [\"url\"])): [Link]",
          "2:9 Query.links(s:): the argument of a search must be a String.\n" },
        { "Query", "links(first: Float, skip: [Int]): [Link]",
          "2:9 Query.links(first:): a number of rows must be an Int, not Float.\n"
          "2:23 Query.links(skip:): a number of rows must be an Int, not [Int].\n" },
        { "Query", "links(age: Int, other: Int @column(name: \"years\")): [Link]",
          "2:9 Query.links(age:): table links has no column \"age\" to compare with; add the "
          "column, or name another with @column(name:).\n"
          "2:19 Query.links(other:): table links has no column \"years\" to compare with; add the "
          "column, or name another with @column(name:).\n" },
        { "Query", "links(isHidden: Int, id: [ID!]): [Link]",
          "2:9 Query.links(isHidden:): column is_hidden is boolean, which does not fit Int; "
          "change one of them.\n"
          "2:24 Query.links(id:): column id is integer, which does not fit [ID!]; change one of "
          "them.\n" },
        { "Query", "links(orderBy: Pair): [Link]",
          "2:9 Query.links(orderBy:): an order must be an enum whose values are orders, an input "
          "object with @oneOf, or a list of either, not Pair.\n" },
        { "Query", "links(orderBy: BadOrder): [Link] more(orderBy: BadOrder): [Link]",
          "22:25 BadOrder.nothing: table links has no column \"nothing\" to order by; add the "
          "column, or name another with @column(name:).\n"
          "22:45 BadOrder.id: a field of an order must be an enum of directions, such as ASC, DESC "
          "and DESC_NULLS_LAST, not Turn.\n" },
        { "Query", "named: Named",
          "2:3 Query.named: no type implements Named; add one.\n" },
        { "Query", "count: Int",
          "2:3 Query.count: the field has no resolver: nothing says where Int comes from; give the "
          "field @function(name:).\n" },
    };
    /* clang-format on */

    CHECK(cases);
}

static void
test_root_rows(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct case_of_field cases[] = {
        { "Query", "link(id: ID!): Link", "Query.link  table links (id: equals id)\n" },
        { "Query", "vote(linkId: ID!, userId: ID!, weight: Int): Vote",
          "Query.vote  table votes (linkId: equals link_id; userId: equals user_id; weight: equals "
          "weight)\n" },
        { "Query", "user(id: ID, username: String): User @exactlyOne",
          "Query.user  table users (id: equals id; username: equals username), exactly one\n" },
        { "Query", "me(id: ID!): User @signedIn(message: \"Who?\")",
          "Query.me  table users (id: equals id), signed in\n" },
        { "Query", "link(id: ID!): Link!",
          "2:3 Query.link: there may be no such row; remove the \"!\" after Link.\n" },
        { "Query", "link(id: ID): Link",
          "2:3 Query.link: several rows of links may match, but the field shows one; make the "
          "required arguments cover a unique key, use @exactlyOne over unique columns, or make "
          "the field a list.\n" },
        { "Query", "vote(linkId: ID!): Vote",
          "2:3 Query.vote: several rows of votes may match, but the field shows one; make the "
          "required arguments cover a unique key, use @exactlyOne over unique columns, or make "
          "the field a list.\n" },
        { "Query", "link(id: ID, url: String): Link @exactlyOne",
          "2:3 Query.link: several rows of links may match, but the field shows one; make the "
          "required arguments cover a unique key, use @exactlyOne over unique columns, or make "
          "the field a list.\n" },
        { "Query", "link(id: ID): Link @exactlyOne",
          "2:22 Query.link: @exactlyOne is a choice between two or more arguments that "
          "filter, but the field has 1; add others, or remove it.\n" },
        { "Query", "user(id: ID!, username: String): User @exactlyOne",
          "2:41 Query.user: argument id is always given, so no other one could be; make it "
          "nullable, without a default, or remove @exactlyOne.\n" },
        { "Query", "user(id: ID = 1, username: String): User @exactlyOne",
          "2:44 Query.user: argument id is always given, so no other one could be; make it "
          "nullable, without a default, or remove @exactlyOne.\n" },
        { "Query", "link(id: ID!): Link @order(by: \"id\")",
          "2:23 Query.link: @order is only for a list of rows; remove it.\n" },
    };
    /* clang-format on */

    CHECK(cases);
}

static void
test_functions(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct case_of_field cases[] = {
        { "Link", "viewerHasVoted: Boolean! @function(name: \"viewer_has_voted\")",
          "Link.viewerHasVoted  function viewer_has_voted(links)\n" },
        { "Query", "me: User @function(name: \"me\") @signedIn",
          "Query.me  function me(), signed in\n" },
        { "Query", "newest: Link @function(name: \"newest\")",
          "Query.newest  function newest()\n" },
        { "Query", "count: Any! @function(name: \"link_count\")",
          "Query.count  function link_count()\n" },
        { "Query",
          "top(since: DateTime!, atLeast: Int, first: Int, orderBy: LinkOrder): [Link!]! "
          "@function(name: \"top_links\") @order(by: \"url\")",
          "Query.top  function top_links(timestamp with time zone, integer) order by url (since: "
          "parameter since; atLeast: parameter at_least; first: limit; orderBy: order by "
          "created_at, title)\n" },
        { "Mutation", "add(url: String!, title: String): Link @function(name: \"create_link\")",
          "Mutation.add  function create_link(text, text) (url: parameter url; title: parameter "
          "title)\n" },
        { "Query", "count: Int @function(name: \"nothing\")",
          "2:14 Query.count: there is no function \"nothing\"; create it, or name another with "
          "@function(name:).\n" },
        { "Query", "two: Int @function(name: \"twice\")",
          "2:12 Query.two: function \"twice\" is overloaded, and none of its forms takes what the "
          "field has; change the arguments, or rename one of the functions.\n" },
        { "Query", "two(a: Int!): Int @function(name: \"twice\")",
          "Query.two  function twice(integer) (a: parameter a)\n" },
        { "Query", "two(a: ID!): Int @function(name: \"twice\")",
          "2:20 Query.two: function \"twice\" is overloaded, and more than one of its forms takes "
          "what the field has; change the arguments, or rename one of the functions.\n" },
        { "Query", "minus(from: Int!, what: Int!): Int @function(name: \"minus\")",
          "Query.minus  function minus(integer, integer) (from: parameter by position; what: "
          "parameter by position)\n" },
        { "Query", "minus(from: Int, what: Int!): Int @function(name: \"minus\")",
          "2:20 Query.minus(what:): parameter 2 of minus has no name, so that all parameters "
          "before it must be given too; make their arguments non-null.\n" },
        { "Query", "most(numbers: [Int!]!): Int @function(name: \"most\")",
          "Query.most  function most(integer[]) (numbers: parameter numbers)\n" },
        { "Query", "add(url: String!): Link @function(name: \"create_link\")",
          "2:27 Query.add: function create_link is VOLATILE, but a query only reads; declare it "
          "STABLE.\n" },
        { "Link", "touched: Boolean @function(name: \"touch\")",
          "2:20 Link.touched: function touch is VOLATILE, but a query only reads; declare it "
          "STABLE.\n" },
        { "Link", "words: Int @function(name: \"word_count\")",
          "2:14 Link.words: function word_count does not take a row of links as its only "
          "parameter; declare it as word_count(links).\n" },
        { "Vote", "voted: Boolean @function(name: \"viewer_has_voted\")",
          "2:18 Vote.voted: function viewer_has_voted does not take a row of votes as its only "
          "parameter; declare it as viewer_has_voted(votes).\n" },
        { "Link", "voted(word: String): Boolean @function(name: \"viewer_has_voted\")",
          "2:9 Link.voted(word:): the field shows one value of its parent, and takes no "
          "arguments; remove this one.\n" },
        { "Link", "votes: [Vote!]! @function(name: \"votes_of\")",
          "2:19 Link.votes: a function of a row must return a scalar, not Vote; join the table by "
          "a foreign key instead.\n" },
        { "Link", "voted: Int @function(name: \"viewer_has_voted\")",
          "2:3 Link.voted: the result of viewer_has_voted is boolean, which Int cannot show; these "
          "scalars of the contract can: String, Any, Boolean.\n" },
        { "Query", "urls: String @function(name: \"all_urls\")",
          "2:16 Query.urls: function all_urls returns several values; make the field a list.\n" },
        { "Query", "urls(first: Int): [String]! @function(name: \"all_urls\")",
          "Query.urls  function all_urls() (first: limit)\n" },
        { "Query", "urls: [String]! @function(name: \"all_urls\") @order(by: \"url\")",
          "2:47 Query.urls: @order is only for a list of rows; remove it.\n" },
        { "Query", "urls: [String!]! @function(name: \"all_urls\")",
          "2:3 Query.urls: the result of all_urls may hold nulls, whatever the function promises; "
          "remove the \"!\" within the list.\n" },
        { "Query", "newest: [Link!]! @function(name: \"newest\")",
          "2:20 Query.newest: function newest gives one row; make the field a single object, or "
          "let the "
          "function return SETOF links.\n" },
        { "Query", "newest: Link! @function(name: \"newest\")",
          "2:3 Query.newest: there may be no such row; remove the \"!\" after Link.\n" },
        { "Query", "lastHit: Hit @function(name: \"last_hit\")",
          "2:3 Query.lastHit: table hits needs a primary key, to tell a row from no row; add "
          "one, or name columns that are never null in a row with @table(key:).\n" },
        { "Query", "newest: User @function(name: \"newest\")",
          "2:16 Query.newest: function newest returns links; it must return rows of users, the "
          "table of User.\n" },
        { "Query", "named: Named @function(name: \"newest\")",
          "2:3 Query.named: Named has no table; give it @table(name:).\n" },
        { "Query", "me(id: ID!): User @function(name: \"me\")",
          "2:6 Query.me(id:): function me has no parameter \"id\"; add it, or remove the "
          "argument.\n" },
        { "Mutation", "add(title: String): Link @function(name: \"create_link\")",
          "2:28 Mutation.add: no argument supplies parameter 1 (url) of function create_link, "
          "which has no default; add the argument.\n" },
        { "Query", "one: Link @function(name: \"positional\")",
          "2:13 Query.one: no argument supplies parameter 1 (unnamed) of function positional, "
          "which has no default; add the argument.\n" },
        { "Mutation", "add(url: String): Link @function(name: \"create_link\")",
          "2:7 Mutation.add(url:): the argument may be absent, but parameter url has no default; "
          "give either of them a default, or make the argument String!.\n" },
        { "Mutation", "add(url: Int!): Link @function(name: \"create_link\")",
          "2:7 Mutation.add(url:): parameter url is text, which does not fit Int!; change one of "
          "them.\n" },
    };
    /* clang-format on */

    CHECK(cases);
}

static void
test_directives(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct case_of_field cases[] = {
        { "Mutation", "link(id: ID!): Link",
          "2:3 Mutation.link: a mutation needs @function, @insert or @resolver.\n" },
        { "Query", "a: Link @function(name: \"newest\") @column(name: \"id\")",
          "2:37 Query.a: @column is only for a column; remove it.\n" },
        { "Link", "votes: [Vote!]! @column(name: \"id\")",
          "2:19 Link.votes: @column is only for a column; remove it.\n" },
        { "Link", "url: String! @exactlyOne",
          "2:16 Link.url: @exactlyOne is only for rows that arguments filter; "
          "remove it.\n" },
        { "Link", "url: String! @signedIn",
          "2:16 Link.url: @signedIn is only for a root field; remove it.\n" },
    };
    /* clang-format on */

    CHECK(cases);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_root_lists, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_root_rows, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_functions, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_directives, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
