/*
 * test_bind.c - types and the fields of their rows, held against a catalog:
 * each rule of convention, and each misfit with its place.
 *
 * SPDX-License-Identifier: MIT
 */
#include "bind_case.h"

static void
test_columns(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct case_of_field cases[] = {
        { "Link", "url: String!", "Link.url  column links.url\n" },
        { "Link", "createdAt: DateTime!", "Link.createdAt  column links.created_at\n" },
        { "Link", "name: String @column(name: \"title\")", "Link.name  column links.title\n" },
        { "Link", "anything: Any @column(name: \"is_hidden\")",
          "Link.anything  column links.is_hidden\n" },
        { "User", "mood: Mood", "User.mood  column users.mood\n" },
        { "Link", "text: String",
          "2:3 Link.text: table links has no column \"text\"; add the column, or name another "
          "with @column(name:).\n" },
        { "Link", "text: String @column(name: \"body\")",
          "2:16 Link.text: table links has no column \"body\"; add the column, or name another "
          "with @column(name:).\n" },
        { "Link", "url: Int!",
          "2:3 Link.url: column links.url is text, which Int cannot show; these scalars of the "
          "contract can: ID, String, Any.\n" },
        { "Link", "title: String!",
          "2:3 Link.title: column links.title may be null; remove the \"!\", or declare the "
          "column NOT NULL.\n" },
        { "Link", "url: Int! title: Int!",
          "2:3 Link.url: column links.url is text, which Int cannot show; these scalars of the "
          "contract can: ID, String, Any.\n"
          "2:13 Link.title: column links.title is character varying(80), which Int cannot show; "
          "these scalars of the contract can: ID, String, Any.\n"
          "2:13 Link.title: column links.title may be null; remove the \"!\", or declare the "
          "column NOT NULL.\n" },
        { "User", "mood: Temper",
          "2:3 User.mood: column users.mood may hold \"BAD\", which is not a value of the enum "
          "Temper; add it.\n" },
        { "Link", "url: [String!]",
          "2:3 Link.url: column links.url is text and not an array, which a list of String needs; "
          "make the field one String.\n" },
        { "Link", "url: [[String!]]",
          "2:3 Link.url: a list of lists has no resolver; use a plain list.\n" },
        { "Link", "url(first: Int): String!",
          "2:7 Link.url(first:): the field shows one value of its parent, and takes no "
          "arguments; remove this one.\n" },
    };
    /* clang-format on */

    CHECK(cases);
}

static void
test_columns_of_joined_tables(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct case_of_field cases[] = {
        { "User", "email: String @column(table: \"user_private\")",
          "User.email  column user_private.email, join user_private on user_private.user_id = "
          "users.id\n" },
        { "User", "motto: String! @column(table: \"profiles\")",
          "User.motto  column profiles.motto, join profiles on profiles.id = users.profile_id\n" },
        { "Edit",
          "name: String! @column(table: \"users\", name: \"username\") "
          "@join(column: \"done_by\")",
          "Edit.name  column users.username, join users on users.id = edits.done_by\n" },
        { "User", "email: String! @column(table: \"user_private\")",
          "2:3 User.email: a row of users may have no row of user_private that refers to it; "
          "remove the \"!\".\n" },
        { "Edit", "email: String! @column(table: \"user_private\")",
          "2:3 Edit.email: row-level security may hide the row of user_private; remove the \"!\", "
          "or "
          "give the table a SELECT policy that is constant true.\n" },
        { "Link", "username: String! @column(table: \"users\")",
          "2:3 Link.username: the join column links.posted_by may be null; remove the \"!\", or "
          "declare the column NOT NULL.\n" },
        { "User", "email: String @column(table: \"secrets\")",
          "2:17 User.email: there is no table \"secrets\"; create it, or name another with "
          "@column(table:).\n" },
        { "User", "phone: String @column(table: \"user_private\")",
          "2:17 User.phone: table user_private has no column \"phone\"; add the column, or name "
          "another with @column(name:).\n" },
        { "User", "url: String @column(table: \"links\")",
          "2:3 User.url: the foreign key links.posted_by leads to many rows of links; make the "
          "field a list.\n" },
        { "Link", "url: String! @trusted",
          "2:16 Link.url: @trusted is for the field's own function; give the field "
          "@function(name:), or list functions with extend schema @trusted(functions: [...]).\n" },
        { "Link", "url: String! @join(column: \"posted_by\")",
          "2:16 Link.url: a column of table links needs no join; remove @join, or name the "
          "table with @column(table:).\n" },
    };
    /* clang-format on */

    CHECK(cases);
}

static void
test_joins_to_one(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct case_of_field cases[] = {
        { "Link", "postedBy: User", "Link.postedBy  join users on users.id = links.posted_by\n" },
        { "Vote", "link: Link!", "Vote.link  join links on links.id = votes.link_id\n" },
        { "User", "private: Private",
          "User.private  join user_private on user_private.user_id = users.id\n" },
        { "Edit", "doneBy: User! @join(column: \"done_by\")",
          "Edit.doneBy  join users on users.id = edits.done_by\n" },
        { "User", "invitedBy: User",
          "User.invitedBy  join users on users.id = users.invited_by\n" },
        { "Link", "self: Link! @join(column: \"id\")",
          "Link.self  join links on links.id = links.id\n" },
        { "Link", "postedBy: User!",
          "2:3 Link.postedBy: the join column links.posted_by may be null; remove the \"!\", or "
          "declare the column NOT NULL.\n" },
        { "User", "private: Private!",
          "2:3 User.private: a row of users may have no row of user_private that refers to it; "
          "remove the \"!\".\n" },
        { "Edit", "secret: Private!",
          "2:3 Edit.secret: row-level security may hide the row of user_private; remove the \"!\", "
          "or give the table a SELECT policy that is constant true.\n" },
        { "Person", "passport: Passport! @join(column: \"passport_id\")",
          "Person.passport  join passports on passports.id = people.passport_id\n" },
        { "Person", "passport: Passport! @join(column: \"id\")",
          "2:3 Person.passport: a row of people may have no row of passports that refers to it; "
          "remove the \"!\".\n" },
        { "Edit", "user: User",
          "2:3 Edit.user: 2 foreign keys are possible: edits.asked_by, edits.done_by; choose one "
          "with @join(column:).\n" },
        { "Edit", "user: User @join(column: \"seen_by\")",
          "2:14 Edit.user: \"seen_by\" is not a foreign key that leads to one row of users; "
          "between "
          "the two tables there is: edits.asked_by, edits.done_by.\n" },
        { "Edit", "link: Link",
          "2:3 Edit.link: no foreign key joins edits and links; add one, or name the columns with "
          "@join(column:, to:).\n" },
        { "Edit", "link: Link @join(column: \"link_id\")",
          "2:14 Edit.link: \"link_id\" is not a foreign key between edits and links; add one, or "
          "name the column that it equals with @join(to:).\n" },
        { "TagNote", "tag: Tag",
          "TagNote.tag  join tags on tags.(link_id, name) = tag_notes.(link_id, name)\n" },
        { "User", "link: Link",
          "2:3 User.link: the foreign key links.posted_by leads to many rows of links; make the "
          "field a list.\n" },
        { "Link", "twin: Link @join(column: \"url\")",
          "2:14 Link.twin: \"url\" is not a foreign key between links and links; add one, or "
          "name the column that it equals with @join(to:).\n" },
        { "Link", "postedBy(id: ID): User",
          "2:12 Link.postedBy(id:): the field shows one value of its parent, and takes no "
          "arguments; remove this one.\n" },
    };
    /* clang-format on */

    CHECK(cases);
}

static void
test_joins_to_many(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct case_of_field cases[] = {
        { "Link", "votes: [Vote!]!", "Link.votes  join votes on votes.link_id = links.id\n" },
        { "User", "invited: [User]", "User.invited  join users on users.invited_by = users.id\n" },
        { "User", "edits: [Edit!] @join(column: \"asked_by\")",
          "User.edits  join edits on edits.asked_by = users.id\n" },
        { "Link", "sameTitle: [Link!]! @join(column: \"title\")",
          "Link.sameTitle  join links on links.title = links.title\n" },
        { "Link",
          "votes(first: Int = 10, skip: Int, weight: Int): [Vote!]! @order(by: \"weight DESC\")",
          "Link.votes  join votes on votes.link_id = links.id order by weight desc (first: limit; "
          "skip: offset; weight: equals weight)\n" },
        { "User", "edits: [Edit!]",
          "2:3 User.edits: 2 foreign keys are possible: edits.asked_by, edits.done_by; choose one "
          "with @join(column:).\n" },
        { "Link", "postedBy: [User!]",
          "2:3 Link.postedBy: the foreign key links.posted_by leads to one row of users; make the "
          "field a single object.\n" },
        { "Link", "tags: [Tag!]!",
          "Link.tags  join tags on tags.link_id = links.id\n" },
    };
    /* clang-format on */

    CHECK(cases);
}

static void
test_types(void **state)
{
    (void)state;
    assert_bound("type Query { a: [Link!]! b: Link }\n"
                 "type Link @table(name: \"nothing\") { id: ID! self: Link }",
                 "2:11 Link: there is no table \"nothing\"; create it, or name another with "
                 "@table(name:).\n");
    assert_bound("type Query @table(name: \"links\") { links: [Link!]! }\n"
                 "type Link @table(name: \"links\") { id: ID! }",
                 "1:12 Query: a root type shows no rows of its own; remove @table.\n");
    assert_bound("type Query { a: Link }\ntype Link { id: ID! }",
                 "2:6 Link: nothing says whose rows the type shows; give it @table(name:), or "
                 "@row(of:) for the rows of a function, or return it from a mutation with "
                 "@function(name:).\n1:14 Query.a: the field has no resolver: "
                 "nothing says where Link comes from; give its type @table(name:).\n");
    assert_bound("type Query { links: [Link!]! }\n"
                 "extend type Link @table(name: \"links\")\ntype Link { id: ID! }",
                 "Query.links  table links\nLink.id  column links.id\n");
    assert_bound("type Query { links: [Link!]! }\ntype Link @table(name: \"links\") { id: ID! }\n"
                 "type Subscription { links: Link }",
                 "3:6 Subscription: subscriptions are not served; remove the type.\n");
}

/* Keys of a list's statement go into it as text, which not every column's binary
 * cells are made of. */
static void
test_keys_of_lists(void **state)
{
    (void)state;
    static const struct {
        const char *column, *type;
        bool is_key;
    } columns[] = {
        { "id", "smallint", true },
        { "flag", "boolean", false },
        { "half", "real", false },
        { "whole", "double precision", false },
        { "local", "timestamp(3) without time zone", false },
        { "world", "timestamp with time zone", false },
        { "day", "date", true },
        { "code", "uuid", true },
        { "price", "numeric(10,2)", true },
        { "letter", "character(1)", true },
        { "mood", "mood", true },
    };

    for (size_t i = 0; i < ARRAY_LENGTH(columns); i++) {
        const char *name = columns[i].column;
        struct str field = str_format(arena, "same: [Sample!] @join(column: \"%s\")", name);
        struct str expected =
            columns[i].is_key
                ? str_format(arena, "Sample.same  join samples on samples.%s = samples.%s\n", name,
                             name)
                : str_format(arena,
                             "2:3 Sample.same: the join column samples.%s is %s, which cannot be a "
                             "key; join by an integer, text or uuid column.\n",
                             name, columns[i].type);
        assert_string_equal(bind_field("Sample", field.ptr).ptr, expected.ptr);
    }
}

static void
test_bindings_hold_what_they_say(void **state)
{
    (void)state;
    static const char sdl[] =
        "type Query {\n"
        "  links(id: ID, skip: Int): [Link!]! @order(by: \"created_at DESC, url\") @signedIn\n"
        "}\n"
        "type Link @table(name: \"links\") { id: ID! postedBy: User }\n"
        "type User @table(name: \"users\") { id: ID! }\n";
    struct errors errors = { .arena = arena };
    struct source source = { .text = str_from(catalog_text) };
    const struct catalog *catalog = catalog_parse(arena, &source, &errors);
    struct contract *contract = contract_build(arena, STR("test.graphql"), str_from(sdl), &errors);
    assert_true(contract_bind(arena, contract, catalog, resolvers, &errors));

    const struct table *table = catalog_find_table(catalog, STR("links"));
    const struct field *links = find_field(contract->schema, "Query", "links");
    assert_ptr_equal(binding_of_type(schema_find_type(contract->schema, STR("Link")))->table,
                     table);
    assert_int_equal(links->binding->kind, BINDING_TABLE);
    assert_true(links->binding->is_list);
    assert_ptr_equal(binding_rows(links->binding)->table, table);
    assert_int_equal(binding_rows(links->binding)->order.count, 2);
    assert_true(binding_rows(links->binding)->order.terms[0].direction.is_descending);
    assert_false(binding_rows(links->binding)->order.terms[1].direction.is_descending);
    assert_ptr_equal(links->arguments[0].binding->columns[0], &table->columns[0]);
    assert_int_equal(links->arguments[1].binding->role, ARGUMENT_SKIP);
    assert_true(str_is(links->binding->signed_in, "Not logged in!"));

    const struct binding *id = find_field(contract->schema, "Link", "id")->binding;
    assert_int_equal(binding_column(id)->codec->form, CODEC_ID);
    assert_ptr_equal(binding_column(id)->codec->type, binding_column(id)->column->type);
    assert_false(id->is_list);
    assert_null(binding_rows(id));
    assert_null(id->signed_in.ptr);

    const struct bound_rows *posted_by =
        binding_rows(find_field(contract->schema, "Link", "postedBy")->binding);
    assert_ptr_equal(posted_by->join->table, posted_by->table);
    assert_true(str_is(posted_by->join->from[0]->name, "posted_by"));
    assert_true(str_is(posted_by->join->to[0]->name, "id"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_columns, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_columns_of_joined_tables, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_joins_to_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_joins_to_many, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_keys_of_lists, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_types, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_bindings_hold_what_they_say, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
