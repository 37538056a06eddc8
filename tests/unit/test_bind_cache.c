/*
 * test_bind_cache.c - @cacheControl and @function(shared:): what they say, and what is not the same
 * for all who are not signed in.
 *
 * SPDX-License-Identifier: MIT
 */
#include "bind_case.h"

#include "binding/binding.h"

static const char tables[] = "roles anon member\n"
                             "table links\n"
                             "column id integer not null\n"
                             "column url text not null\n"
                             "column owner_id integer not null\n"
                             "primary key id\n"
                             "foreign key owner_id references owners id\n"
                             "table owners\n"
                             "column id integer not null\n"
                             "primary key id\n"
                             "policy hides rows\n"
                             "personal owners_own member\n"
                             "table secrets\n"
                             "column id integer not null\n"
                             "column link_id integer not null\n"
                             "primary key id\n"
                             "foreign key link_id references links id\n"
                             "policy hides rows\n"
                             "personal secrets_own anon member\n"
                             "table unknown\n"
                             "column id integer not null\n"
                             "primary key id\n"
                             "policy hides rows\n"
                             "table numbers view\n"
                             "column id integer not null\n"
                             "table kept materialized view\n"
                             "column id integer not null\n"
                             "function me() returns links stable\n"
                             "function pi() returns double precision immutable\n"
                             "function guess(a integer default) returns integer immutable\n";

static const char types[] = "type Link @table(name: \"links\") { id: ID! }\n"
                            "type Owner @table(name: \"owners\") { id: ID! }\n"
                            "type Secret @table(name: \"secrets\") { id: ID! }\n"
                            "type Unknown @table(name: \"unknown\") { id: ID! }\n"
                            "type Numbers @table(name: \"numbers\", key: \"id\") { id: ID! }\n"
                            "type Kept @table(name: \"kept\", key: \"id\") { id: ID! }\n"
                            "input Filter @table(name: \"links\") { id: Int }\n"
                            "type Query { one(id: ID!): Link }\n";

#define AGE    "@cacheControl(maxAge: 5)"
#define REMOVE "remove @cacheControl, or give it scope: PRIVATE.\n"

/* What is found, but for what the binding of the field itself is. */
static void
test_what_is_personal(void **state)
{
    (void)state;
    static const struct case_of_field cases[] = {
        { "Query", "links: [Link!]! " AGE, "Query.links  table links\n" },
        { "Query", "owners: [Owner!]! " AGE, "Query.owners  table owners\n" },
        { "Query", "kept: [Kept!]! " AGE, "Query.kept  table kept\n" },
        { "Query", "secrets: [Secret!]! @cacheControl(maxAge: 0)",
          "Query.secrets  table secrets\n" },
        { "Query", "secrets: [Secret!]! @cacheControl(maxAge: 9, scope: PRIVATE)",
          "Query.secrets  table secrets\n" },
        { "Query", "secrets: [Secret!]! " AGE,
          "2:23 Query.secrets: policy secrets_own of table secrets decides for each viewer which "
          "rows there are, so that no answer may be PUBLIC; " REMOVE },
        { "Link", "secrets: [Secret!]! " AGE,
          "2:23 Link.secrets: policy secrets_own of table secrets decides for each viewer which "
          "rows there are, so that no answer may be PUBLIC; " REMOVE },
        { "Query", "unknown: [Unknown!]! " AGE,
          "2:24 Query.unknown: nothing says that table unknown has the same rows for all viewers, "
          "so that no answer may be PUBLIC; " REMOVE },
        { "Query", "numbers: [Numbers!]! " AGE,
          "2:24 Query.numbers: nothing says that view numbers has the same rows for all viewers, "
          "so that no answer may be PUBLIC; promise it with @table(shared: true), " REMOVE },
        { "Query", "pi: Float @function(name: \"pi\") " AGE, "Query.pi  function pi()\n" },
        { "Query", "me: Link @function(name: \"me\") " AGE,
          "2:34 Query.me: function me may return something else for each viewer, so that no answer "
          "may be PUBLIC; declare it IMMUTABLE, promise that it does not with @function(shared: "
          "true), or remove @cacheControl.\n" },
        { "Query", "me: Link @function(name: \"me\", shared: true) " AGE,
          "Query.me  function me()\n" },
        { "Query", "guess(a: Int): Int @function(name: \"guess\") " AGE,
          "2:47 Query.guess: function guess may return something else for each viewer, so that no "
          "answer may be PUBLIC; declare it IMMUTABLE, promise that it does not with "
          "@function(shared: true), or remove @cacheControl.\n" },
        { "Query", "mine: [Link!]! @signedIn " AGE,
          "2:28 Query.mine: a field with @signedIn has no PUBLIC answer; remove @cacheControl.\n" },
        { "Query", "links: [Link!]! @cacheControl(maxAge: -1)",
          "2:41 Query.links: @cacheControl(maxAge:) must be a number of seconds from 0 to "
          "31536000.\n" },
        { "Query", "links: [Link!]! @cacheControl(maxAge: 1, staleWhileRevalidate: 31536001)",
          "2:66 Query.links: @cacheControl(staleWhileRevalidate:) must be a number of seconds from "
          "0 to 31536000.\n" },
        { "Query", "links: [Link!]! @cacheControl(staleWhileRevalidate: 5)",
          "2:19 Query.links: @cacheControl(staleWhileRevalidate:) needs a maxAge; add one.\n" },
        { "Query", "links: [Link!]! @cacheControl(maxAge: 1, inheritMaxAge: true)",
          "2:19 Query.links: @cacheControl has maxAge or inheritMaxAge; remove one.\n" },
    };

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct str sdl = str_format(arena, "extend type %s {\n  %s\n}\n%s", cases[i].parent,
                                    cases[i].field, types);
        struct str found = bind(sdl, tables);
        if (!strstr(found.ptr, cases[i].expected))
            fail_msg("%s.%s\n%s", cases[i].parent, cases[i].field, found.ptr);
    }
}

static void
test_types(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        { "type Mine @table(name: \"secrets\") " AGE " { id: ID! }\ntype Query { mine: [Mine!]! }",
          "1:35 Mine: policy secrets_own of table secrets decides for each viewer which rows there "
          "are, so that no answer may be PUBLIC; " REMOVE },
        { "type N @table(name: \"numbers\", key: \"id\", shared: true) " AGE
          " { id: ID! }\ntype Query { n: [N!]! }",
          "Query.n  table numbers\n" },
        { "type L @table(name: \"links\", shared: true) { id: ID! }\ntype Query { l: [L!]! }",
          "1:8 L: @table(shared:) is only for a view or a foreign table; for links the policies "
          "decide; remove it.\n" },
        { "type Link @table(name: \"links\") { id: ID! }\ninput Filter { id: Int, "
          "double: Int @function(name: \"pi\", shared: true) }\n"
          "type Query { links(where: Filter): [Link!]! }",
          "@function(shared:) is only for a field that shows what the function returns; remove "
          "it.\n" },
    };

    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct str found = bind(str_from(cases[i][0]), tables);
        if (!strstr(found.ptr, cases[i][1]))
            fail_msg("%s\n%s", cases[i][0], found.ptr);
    }
}

/* Without roles the line names none, and the connection's own is meant. */
static void
test_without_roles(void **state)
{
    (void)state;
    static const char alone[] = "table secrets\n"
                                "column id integer not null\n"
                                "primary key id\n"
                                "policy hides rows\n"
                                "personal secrets_own\n";

    struct str found = bind(STR("type Mine @table(name: \"secrets\") { id: ID! }\n"
                                "type Query { mine: [Mine!]! " AGE " }"),
                            alone);
    assert_string_equal(found.ptr,
                        "2:29 Query.mine: policy secrets_own of table secrets decides for each "
                        "viewer which rows there are, so that no answer may be PUBLIC; " REMOVE);
}

/* Whose viewers may each see other rows. */
static const struct catalog *
parse(const char *text)
{
    struct errors errors = { .arena = arena };
    struct source *source = ARENA_NEW(arena, struct source);

    source->text = str_from(text);
    return catalog_parse(arena, source, &errors);
}

static void
test_personal(void **state)
{
    (void)state;
    static const char text[] = "roles anon member\n"
                               "table a\ncolumn id integer\n"
                               "policy hides rows\n"
                               "personal \"Own rows\" member\n"
                               "table b\ncolumn id integer\n"
                               "policy hides rows\n"
                               "personal one anon\npersonal two member\n"
                               "table c\ncolumn id integer\n"
                               "policy hides rows\n"
                               "table d view\ncolumn id integer\n"
                               "table e materialized view\ncolumn id integer\n"
                               "table f foreign\ncolumn id integer\n";
    struct buf *printed = buf_new(arena);
    const struct catalog *c = parse(text);
    const uint32_t expected[] = { 2, 3, UINT32_MAX, UINT32_MAX, 0, UINT32_MAX };

    catalog_print(printed, c);
    assert_string_equal(buf_copy(arena, printed).ptr, text);
    assert_int_equal(c->table_count, ARRAY_LENGTH(expected));
    for (int i = 0; i < c->table_count; i++)
        assert_int_equal(catalog_personal(&c->tables[i]), expected[i]);
    assert_null(catalog_personal_policy(&c->tables[0], 1));
    assert_true(str_is(catalog_personal_policy(&c->tables[1], 2)->name, "two"));
    assert_int_equal(catalog_viewer_bit(c, 2), 2);
    assert_int_equal(catalog_viewer_bit(c, 0), 0);

    c = parse("table a\ncolumn id integer\npolicy hides rows\npersonal own\n");
    assert_int_equal(catalog_personal(&c->tables[0]), 1);
    assert_int_equal(catalog_viewer_bit(c, 0), 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_personal, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_is_personal, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_types, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_without_roles, set_up, tear_down),
    };

    return cmocka_run_group_tests_name("bind_cache", tests, NULL, NULL);
}
