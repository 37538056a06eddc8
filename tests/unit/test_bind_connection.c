/*
 * test_bind_connection.c - types that show pages of rows, and the fields that show these.
 *
 * SPDX-License-Identifier: MIT
 */
#include "bind_case.h"

/* `parent` gets the field, in line 2; what is found begins with `expected`, or has a line that
 * does. */
struct case_of_page {
    const char *parent, *field, *expected;
};

static const char pages[] =
    "type LinkPage { pageInfo: PageInfo! edges: [LinkEdge]! nodes: [Link!]! totalCount: Int! }\n"
    "type LinkEdge { node: Link cursor: String! }\n"
    "type UserPage { pageInfo: PageInfo! edges: [UserEdge!]! }\n"
    "type UserEdge { node: User cursor: ID! }\n"
    "type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String "
    "endCursor: String }\n";

static void
check_text(const char *sdl, const char *what, const char *expected)
{
    struct str found = bind(str_from(sdl), catalog_text);
    struct str wanted = str_from(expected);
    bool is_found = str_starts_with(found, wanted);

    for (size_t at = 0; !is_found && at < found.len; at++)
        is_found = found.ptr[at] == '\n' &&
                   str_starts_with((struct str){ found.ptr + at + 1, found.len - at - 1 }, wanted);
    if (!is_found)
        fail_msg("%s\n%s", what, found.ptr);
}

static void
check_pages(const struct case_of_page *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct str sdl = str_format(arena, "extend type %s {\n  %s\n}\n%s%s", cases[i].parent,
                                    cases[i].field, surroundings, pages);
        check_text(sdl.ptr, cases[i].field, cases[i].expected);
    }
}

#define CHECK_PAGES(cases) check_pages(cases, ARRAY_LENGTH(cases))
/* clang-format off */
#define FORWARD "first: Int, after: String"
#define BACKWARD "last: Int, before: String"
/* clang-format on */

static void
test_fields_that_show_pages(void **state)
{
    (void)state;
    static const struct case_of_page cases[] = {
        { "Query", "links(" FORWARD "): LinkPage! @order(by: \"created_at DESC\")",
          "Query.links  table links order by created_at desc (first: limit; after: cursor)\n" },
        { "Query", "links(" BACKWARD ", isHidden: Boolean): LinkPage",
          "Query.links  table links (last: limit from the end; before: cursor; isHidden: equals "
          "is_hidden)\n" },
        { "Query", "links(first: Int = 10, after: ID, skip: Int): LinkPage!",
          "Query.links  table links (first: limit; after: cursor; skip: offset)\n" },
        { "User", "links(" FORWARD "): LinkPage!",
          "User.links  join links on links.posted_by = users.id (first: limit; after: cursor)\n" },
        { "Link", "voters(" FORWARD "): UserPage! @through(table: \"votes\")",
          "Link.voters  join votes on votes.link_id = links.id, join users on users.id = "
          "votes.user_id (first: limit; after: cursor)\n" },
        { "Query", "top(since: DateTime!, " FORWARD "): LinkPage! @function(name: \"top_links\")",
          "Query.top  function top_links(timestamp with time zone, integer) (since: parameter "
          "since; first: limit; after: cursor)\n" },
        { "Query", "links(" FORWARD "): LinkPage!", "LinkPage.totalCount  number of all rows\n" },
        { "Query", "links(" FORWARD "): LinkPage!", "LinkEdge.node  the row\n" },
    };

    CHECK_PAGES(cases);
}

static void
test_misfits_of_fields(void **state)
{
    (void)state;
    static const struct case_of_page cases[] = {
        { "Query", "links: LinkPage!",
          "2:3 Query.links: a page needs the arguments `first: Int` and `after: String`, or "
          "`last` and `before`, to be continued; add them.\n" },
        { "Query", "links(first: Int, before: String): LinkPage!",
          "2:3 Query.links: `first` needs `after` beside it" },
        { "Query", "links(after: String): LinkPage!",
          "2:3 Query.links: `after` needs `first` beside it" },
        { "Query", "links(" FORWARD ", last: Int): LinkPage!",
          "2:3 Query.links: `last` needs `before` beside it" },
        { "Query", "links(" BACKWARD ", after: String): LinkPage!",
          "2:3 Query.links: `after` needs `first` beside it" },
        { "Query", "links(first: Int = 10, after: String, " BACKWARD "): LinkPage!",
          "2:9 Query.links(first:): it would always be given, and nobody could ask for the rows "
          "from the other end; remove its default or its \"!\".\n" },
        { "Query", "links(" FORWARD ", last: Int!, before: String): LinkPage!",
          "2:36 Query.links(last:): it would always be given" },
        { "Query", "links(first: Int, after: Int): LinkPage!",
          "2:21 Query.links(after:): a cursor must be a String, not Int.\n" },
        { "Query", "links(first: String, after: String): LinkPage!",
          "2:9 Query.links(first:): a number of rows must be an Int, not String.\n" },
        { "Query", "links(" FORWARD "): [LinkPage!]!",
          "2:3 Query.links: a field shows one page; make it a single LinkPage.\n" },
        { "Mutation", "links(" FORWARD "): LinkPage @function(name: \"all_urls\")",
          "2:3 Mutation.links: a mutation shows the rows that it has written, not a page; show a "
          "row, and the page as a field of it.\n" },
        { "Query", "links(" FORWARD ", color: String): LinkPage!",
          "2:36 Query.links(color:): table links has no column \"color\"" },
        { "Query", "top(since: DateTime!, " FORWARD "): LinkPage! @function(name: \"me\")",
          "2:63 Query.top: function me returns users; it must return rows of links" },
        { "Profile", "links(" FORWARD "): LinkPage!", "2:3 Profile.links: " },
        { "Query", "info: PageInfo", "2:3 Query.info: the field has no resolver" },
        { "Query", "edge: LinkEdge", "2:3 Query.edge: the field has no resolver" },
    };

    CHECK_PAGES(cases);
}

/* A contract of its own, whose line 1 is the case. */
struct case_of_types {
    const char *types, *expected;
};

static const char info[] =
    "type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String "
    "endCursor: String }\n";
static const char rest[] = "type Query { page(first: Int, after: String): Page }\n"
                           "type Link @table(name: \"links\") { id: ID! }\n"
                           "type User @table(name: \"users\") { id: ID! }\n"
                           "type Hit @table(name: \"hits\", key: []) { url: String! }\n"
                           "scalar Big\n";

static void
test_misfits_of_types(void **state)
{
    (void)state;
    static const struct case_of_types cases[] = {
        { "type Page { pageInfo: PageInfo edges: [Edge] count: Int } type Edge { node: Link "
          "cursor: "
          "String }",
          "1:46 Page.count: nothing says what the field shows: a connection has `edges`, `nodes`" },
        { "type Page { pageInfo: PageInfo edges: [Edge] } type Edge { node: Link cursor: String "
          "at: "
          "Int }",
          "1:86 Edge.at: nothing says what the field shows: an edge has `node`, `cursor` and" },
        { "type Page { pageInfo: PageInfo edges: [Edge] nodes: [User] } type Edge { node: Link "
          "cursor: String }",
          "1:46 Page.nodes: the rows of Page are of Link, as `node` in its edges says.\n" },
        { "type Page { pageInfo: PageInfo edges: [Edge] nodes: Link } type Edge { node: Link "
          "cursor: "
          "String }",
          "1:46 Page.nodes: the field must be a list of objects, and not Link.\n" },
        { "type Page { pageInfo: PageInfo edges(a: Int): [Edge] } type Edge { node: Link cursor: "
          "String }",
          "1:32 Page.edges: the field shows a part of a page" },
        { "type Page { pageInfo: PageInfo edges: [Edge] totalCount: Boolean } type Edge { node: "
          "Link "
          "cursor: String }",
          "1:46 Page.totalCount: " },
        { "type Page { pageInfo: PageInfo edges: [Edge] totalCount: Int @count(atMost: -1) } type "
          "Edge { node: Link cursor: String }",
          "1:62 Page.totalCount: @count(atMost:) must be a number from 0 to 2147483646.\n" },
        { "type Page { pageInfo: PageInfo edges: [Edge] } type Edge { node: Link cursor: Int }",
          "1:71 Edge.cursor: the field must be a String, and not Int.\n" },
        { "type Page { pageInfo: PageInfo edges: [Edge] } type Edge { node: Hit! cursor: String }",
          "3:14 Query.page: " },
        { "type Page { pageInfo: PageInfo edges: [Edge] totalCount: Big } type Edge { node: Link "
          "cursor: Big }",
          "Page.totalCount  number of all rows\n" },
        { "type Page { pageInfo: PageInfo edges: Edge } type Edge { node: Link cursor: String }",
          "1:6 Page: nothing says whose rows the type shows" },
        { "type Page { edges: [Edge] } type Edge { node: Link cursor: String }",
          "1:6 Page: nothing says whose rows the type shows" },
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct str sdl = str_format(arena, "%s\n%s%s", cases[i].types, info, rest);
        check_text(sdl.ptr, cases[i].types, cases[i].expected);
    }
}

static void
test_misfits_of_page_info(void **state)
{
    (void)state;
    static const struct case_of_types cases[] = {
        { "type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String! "
          "endCursor: String }",
          "1:65 PageInfo.startCursor: a page without rows has no cursor; remove the \"!\" after "
          "String.\n" },
        { "type PageInfo { hasNextPage: Boolean! startCursor: String endCursor: String }",
          "1:6 PageInfo: the type of `pageInfo` must have `hasPreviousPage`, as Relay's "
          "clients expect; add it.\n" },
        { "type PageInfo { hasNextPage: Int hasPreviousPage: Boolean! startCursor: String "
          "endCursor: String }",
          "1:17 PageInfo.hasNextPage: the field must be a Boolean, and not Int.\n" },
        { "type PageInfo { hasNextPage: Boolean hasPreviousPage: Boolean! startCursor: String "
          "endCursor: String page: Int }",
          "1:102 PageInfo.page: nothing says what the field shows: `pageInfo` has no such "
          "field.\n" },
    };
    static const char page[] = "type Page { pageInfo: PageInfo edges: [Edge] }\n"
                               "type Edge { node: Link cursor: String }\n";

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct str sdl = str_format(arena, "%s\n%s%s", cases[i].types, page, rest);
        check_text(sdl.ptr, cases[i].types, cases[i].expected);
    }
}

/* Edges that show the table between, which votes are between links and users. */
static void
test_edges_of_rows_between(void **state)
{
    (void)state;
    static const struct case_of_types cases[] = {
        { "extend type Edge { weight: Int! } extend type Link { users(first: Int, after: String): "
          "Page! @through(table: \"votes\") }",
          "Edge.weight  column votes.weight\n" },
        { "extend type Edge { voteId: ID! @column(name: \"id\") } extend type Link { users(first: "
          "Int, after: String): Page! @through(table: \"votes\") }",
          "Edge.voteId  column votes.id\n" },
        { "extend type Edge { color: Int } extend type Link { users(first: Int, after: String): "
          "Page! @through(table: \"votes\") }",
          "1:20 Edge.color: table votes, which joins the rows, has no column \"color\"" },
        { "extend type Edge { weight: Int } extend type Query { users(first: Int, after: String): "
          "Page! } extend type Link { users(first: Int, after: String): Page! @through(table: "
          "\"votes\") }",
          "1:20 Edge.weight: several connections have these edges, and join their rows in "
          "different ways" },
        { "extend type Edge { weight: Int }",
          "1:20 Edge.weight: nothing says what the field shows: an edge has `node`" },
    };
    static const char others[] = "type Query { links: [Link!]! }\n"
                                 "type Link @table(name: \"links\") { id: ID! }\n"
                                 "type User @table(name: \"users\") { id: ID! }\n"
                                 "type Page { pageInfo: PageInfo edges: [Edge] }\n"
                                 "type Edge { node: User cursor: String }\n";

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct str sdl = str_format(arena, "%s\n%s%s", cases[i].types, others, info);
        check_text(sdl.ptr, cases[i].types, cases[i].expected);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_fields_that_show_pages, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_misfits_of_fields, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_misfits_of_types, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_misfits_of_page_info, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_edges_of_rows_between, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
