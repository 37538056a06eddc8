/*
 * test_bind_mutation.c - what mutations answer with: the payloads of functions
 * and of resolvers, held against a catalog and against signatures.
 *
 * SPDX-License-Identifier: MIT
 */
#include "bind_case.h"

/* CreateLink shows a row of links that create_link has returned. */
static void
test_payloads(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct case_of_field cases[] = {
        { "CreateLink", "url: String!", "CreateLink.url  column links.url\n" },
        { "CreateLink", "name: String @column(name: \"title\")",
          "CreateLink.name  column links.title\n" },
        { "CreateLink", "postedBy: User",
          "CreateLink.postedBy  join users on users.id = links.posted_by\n" },
        { "CreateLink", "user: User @join(column: \"posted_by\")",
          "CreateLink.user  join users on users.id = links.posted_by\n" },
        { "CreateLink", "link: Link @join(column: \"id\")",
          "CreateLink.link  join links on links.id = links.id\n" },
        { "CreateLink", "votes(first: Int): [Vote!]! @order(by: \"weight\")",
          "CreateLink.votes  join votes on votes.link_id = links.id order by weight (first: "
          "limit)\n" },
        { "CreateLink", "text: String",
          "2:3 CreateLink.text: table links has no column \"text\"; add the column, or name "
          "another with @column(name:).\n" },
        { "CreateLink", "title: String!",
          "2:3 CreateLink.title: column links.title may be null; remove the \"!\", or declare the "
          "column NOT NULL.\n" },
        { "CreateLink", "link: Link! @join(column: \"id\")",
          "2:3 CreateLink.link: the mutation may have deleted the row that it returns, and "
          "then nothing is joined to it; remove the \"!\" after Link.\n" },
        { "CreateLink", "viewerHasVoted: Boolean @function(name: \"viewer_has_voted\")",
          "2:27 CreateLink.viewerHasVoted: a payload has no computed fields; show this field on a "
          "row of links that is joined to it.\n" },
        { "CreateLink", "username: String @column(table: \"users\")",
          "2:20 CreateLink.username: a payload shows only columns of the returned row; show this "
          "column on a row of links that is joined to it.\n" },
        { "CreateLink", "token: String @resolver(name: \"token_auth\")",
          "2:17 CreateLink.token: only a mutation may call a function of the server; remove "
          "@resolver.\n" },
        { "CreateLink", "again: CreateLink",
          "2:3 CreateLink.again: CreateLink is already the payload of Mutation.createLink, which "
          "returns something else; give this field a type of its own.\n" },
        { "CreateNote", "moment: Moment",
          "2:3 CreateNote.moment: the join column notes.at is timestamp with time zone, which "
          "cannot be a key; join by an integer, text or uuid column.\n" },
        { "Note", "moment: Moment",
          "2:3 Note.moment: the join column notes.at is timestamp with time zone, which cannot be "
          "a key; join by an integer, text or uuid column.\n" },
    };
    /* clang-format on */

    CHECK(cases);
}

/* Rows of a type with @table are joined in one statement, whatever their key,
 * as long as no mutation returns them. */
static void
test_rows_that_are_not_written(void **state)
{
    (void)state;
    assert_bound(
        "type Query { notes: [Note!]! }\n"
        "type Note @table(name: \"notes\") { moment: Moment! }\n"
        "type Moment @table(name: \"moments\") { at: Any! }\n"
        "scalar Any\n"
        "type Mutation { createLink(url: String!): Add @function(name: \"create_link\") }\n"
        "type Add { id: ID! }",
        "Query.notes  table notes\n"
        "Note.moment  join moments on moments.at = notes.at\n"
        "Moment.at  column moments.at\n"
        "Mutation.createLink  function create_link(text, text) (url: parameter url)\n"
        "Add.id  column links.id\n");
}

static void
test_fields_that_show_payloads(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct case_of_field cases[] = {
        { "Mutation", "deleteLink(id: ID!): CreateLink @function(name: \"delete_link\")",
          "Mutation.deleteLink  function delete_link(integer) (id: parameter id)\n" },
        { "Mutation", "undoLink(id: ID!): CreateLink @function(name: \"undo_link\") @signedIn",
          "Mutation.undoLink  function undo_link(integer) (id: parameter id), signed in\n" },
        { "Mutation", "ping: Boolean! @function(name: \"ping\")",
          "Mutation.ping  function ping()\n" },
        { "Mutation", "vote(linkId: ID!): CreateLink @function(name: \"create_vote\")",
          "2:33 Mutation.vote: function create_vote returns votes; it must return rows of links, "
          "the table of CreateLink.\n" },
        { "Mutation", "ping: CreateLink @function(name: \"ping\")",
          "2:20 Mutation.ping: function ping returns boolean; it must return a row of the table "
          "that CreateLink shows.\n" },
        { "Mutation", "undoLink(id: ID!): CreateLink! @function(name: \"undo_link\")",
          "2:3 Mutation.undoLink: there may be no such row; remove the \"!\" after CreateLink.\n" },
        { "Mutation", "deleteLink(id: ID!): [CreateLink!]! @function(name: \"delete_link\")",
          "2:3 Mutation.deleteLink: a mutation gives one CreateLink; make the field a single "
          "object.\n" },
        { "Mutation", "logOut: LogIn @function(name: \"ping\")",
          "2:3 Mutation.logOut: LogIn is already the payload of Mutation.logIn, which returns "
          "something else; give this field a type of its own.\n" },
        { "Mutation", "link: CreateLink",
          "2:3 Mutation.link: a mutation needs @function, @insert or @resolver.\n" },
        { "Query", "newest: CreateLink @function(name: \"newest\")",
          "2:3 Query.newest: CreateLink is already the payload of Mutation.createLink, which "
          "returns something else; give this field a type of its own.\n" },
        { "Query", "links: [CreateLink!]!",
          "2:3 Query.links: CreateLink is already the payload of Mutation.createLink, which "
          "returns something else; give this field a type of its own.\n" },
        { "User", "links: [CreateLink!]!",
          "2:3 User.links: CreateLink is already the payload of Mutation.createLink, which "
          "returns something else; give this field a type of its own.\n" },
        { "Link", "self: CreateLink @function(name: \"viewer_has_voted\")",
          "2:3 Link.self: CreateLink is already the payload of Mutation.createLink, which returns "
          "something else; give this field a type of its own.\n" },
        { "Mutation",
          "deleteLink(id: ID!, idempotencyKey: ID): CreateLink @function(name: \"delete_link\") "
          "@idempotent",
          "Mutation.deleteLink  function delete_link(integer) (id: parameter id; idempotencyKey: "
          "idempotency key), idempotent\n" },
        { "Mutation",
          "deleteLink(id: ID!, idempotencyKey: ID!): CreateLink @function(name: \"delete_link\") "
          "@idempotent",
          "2:23 Mutation.deleteLink(idempotencyKey:): a client need not send a key; make it "
          "an ID, without \"!\" and without a default.\n" },
        { "Mutation",
          "deleteLink(id: ID!, idempotencyKey: ID): CreateLink @function(name: \"delete_link\")",
          "2:23 Mutation.deleteLink(idempotencyKey:): function delete_link has no parameter "
          "\"idempotency_key\"; add it, or remove the argument.\n" },
        { "Query", "again: Int @function(name: \"link_count\") @idempotent",
          "2:44 Query.again: @idempotent is only for a field of Mutation; a query may be sent "
          "again as it is; remove it.\n" },
        { "Mutation",
          "logIn2(username: String!): LogIn @resolver(name: \"token_auth\") @idempotent",
          "2:66 Mutation.logIn2: @idempotent is only for a write that SQL does; remove it.\n" },
        { "User", "login: LogIn",
          "2:3 User.login: LogIn is already the payload of Mutation.logIn, which returns "
          "something else; give this field a type of its own.\n" },
    };
    /* clang-format on */

    CHECK(cases);
}

/* Two lines, so that a contract has something to query. */
#define QUERY "type Query { links: [Link!]! }\ntype Link @table(name: \"links\") { id: ID! }\n"

static void
test_payload_types(void **state)
{
    (void)state;
    assert_bound(
        "type Query { newest: Newest @function(name: \"newest\") }\n"
        "type Newest { id: ID! }",
        "2:6 Newest: nothing says whose rows the type shows; give it @table(name:), or @row(of:) "
        "for the rows of a function, or return it from a mutation with @function(name:).\n1:14 "
        "Query.newest: Newest has no table; give it @table(name:).\n");
    assert_bound(QUERY "type Mutation { add: Add }\ntype Add { id: ID! }",
                 "4:6 Add: nothing says whose rows the type shows; give it @table(name:), or "
                 "@row(of:) for the rows of a function, or return it from a mutation with "
                 "@function(name:).\n3:17 Mutation.add: a mutation needs "
                 "@function, @insert or @resolver.\n");
    /* What the function is missing is said once, and the type's fields are left. */
    assert_bound(QUERY "type Mutation { add: Add @function(name: \"nothing\") }\n"
                       "type Add { id: ID! nothing: Int }",
                 "3:26 Mutation.add: there is no function \"nothing\"; create it, or name another "
                 "with @function(name:).\n");
    assert_bound("type Query { a: Boolean @function(name: \"ping\") }\n"
                 "type Mutation { hit: Hit @function(name: \"create_hit\") }\n"
                 "type Hit { url: String! }",
                 "1:25 Query.a: function ping is VOLATILE, but a query only reads; declare it "
                 "STABLE.\n"
                 "2:17 Mutation.hit: table hits needs a primary key, to tell a row from "
                 "no row; add one, or name columns that are never null in a row with "
                 "@table(key:).\n");
    /* The second of two functions gives the type its table, if the first has none. */
    assert_bound(
        QUERY "type Mutation {\n"
              "  ping: Undo @function(name: \"ping\")\n"
              "  undo(id: ID!): Undo @function(name: \"undo_link\")\n"
              "}\n"
              "type Undo { link: Link @join(column: \"url\") }",
        "4:14 Mutation.ping: function ping returns boolean; it must return a row of the "
        "table that Undo shows.\n"
        "7:24 Undo.link: \"url\" is not a foreign key between links and links; add one, or "
        "name the column that it equals with @join(to:).\n");
}

/* --- resolvers --- */

static void
test_resolvers(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct case_of_field cases[] = {
        { "Mutation", "again(username: String!): LogIn! @resolver(name: \"token_auth\") @signedIn",
          "Mutation.again  resolver token_auth (username: parameter), signed in\n" },
        { "Query", "again(username: String!): LogIn @resolver(name: \"token_auth\")",
          "2:35 Query.again: only a mutation may call a function of the server; remove "
          "@resolver.\n" },
        { "Mutation", "again: LogIn @resolver(name: \"nothing\")",
          "2:16 Mutation.again: the server has no resolver \"nothing\"; name another with "
          "@resolver(name:).\n" },
        { "Mutation", "again: LogIn @resolver(name: \"token_auth\")",
          "2:16 Mutation.again: resolver token_auth takes an argument \"username\"; add it to the "
          "field.\n" },
        { "Mutation",
          "again(username: String!, age: Int): LogIn @resolver(name: \"token_auth\")",
          "2:28 Mutation.again(age:): resolver token_auth has no such argument; remove it.\n" },
        { "Mutation", "again(username: String!): Any @resolver(name: \"token_auth\")",
          "2:3 Mutation.again: a resolver returns one object; its type must be an object without "
          "@table, not Any.\n" },
        { "Mutation", "again(username: String!): User @resolver(name: \"token_auth\")",
          "2:3 Mutation.again: a resolver returns one object; its type must be an object without "
          "@table, not User.\n" },
        { "Mutation", "again(username: String!): [LogIn] @resolver(name: \"token_auth\")",
          "2:3 Mutation.again: a resolver returns one object; its type must be an object without "
          "@table, not [LogIn].\n" },
        { "Mutation", "again: LogIn @resolver(name: \"verify\")",
          "2:3 Mutation.again: LogIn is already the payload of Mutation.logIn, which returns "
          "something else; give this field a type of its own.\n" },
        { "Mutation", "again: CreateLink @resolver(name: \"verify\")",
          "2:3 Mutation.again: CreateLink is already the payload of Mutation.createLink, which "
          "returns something else; give this field a type of its own.\n" },
        { "Mutation",
          "again(username: String!): LogIn @resolver(name: \"token_auth\") @function(name: \"me\")",
          "2:65 Mutation.again: @function is only for an SQL function; remove it.\n" },
        { "Link", "token: Any @resolver(name: \"token_auth\")",
          "2:14 Link.token: only a mutation may call a function of the server; remove "
          "@resolver.\n" },
    };
    /* clang-format on */

    CHECK(cases);
}

static void
test_outputs(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct case_of_field cases[] = {
        { "LogIn", "uses: Int!", "LogIn.uses  output uses of token_auth\n" },
        { "LogIn", "isNew: Boolean!", "LogIn.isNew  output isNew of token_auth\n" },
        { "LogIn", "claims: Any!", "LogIn.claims  output claims of token_auth\n" },
        { "LogIn", "user: User",
          "LogIn.user  join users on users.id = output user of token_auth\n" },
        { "LogIn", "user: Profile",
          "LogIn.user  join profiles on profiles.id = output user of token_auth\n" },
        { "LogIn", "secret: String",
          "2:3 LogIn.secret: resolver token_auth has no output \"secret\"; remove the field.\n" },
        { "LogIn", "uses: ID!",
          "2:3 LogIn.uses: resolver token_auth returns an integer here, which ID cannot show; "
          "make it Int.\n" },
        { "LogIn", "uses: [Int!]!",
          "2:3 LogIn.uses: resolver token_auth returns an integer here, which [Int!] cannot show; "
          "make it Int.\n" },
        { "LogIn", "isNew: Any!",
          "2:3 LogIn.isNew: resolver token_auth returns a boolean here, which Any cannot show; "
          "make it Boolean.\n" },
        { "LogIn", "claims: String",
          "2:3 LogIn.claims: resolver token_auth returns any JSON value here, which String cannot "
          "show; make it a custom scalar.\n" },
        { "LogIn", "claims: DateTime",
          "2:3 LogIn.claims: resolver token_auth returns any JSON value here, which DateTime "
          "cannot show; make it a custom scalar.\n" },
        { "LogIn", "user: ID",
          "2:3 LogIn.user: resolver token_auth returns the key of a row here, which ID cannot "
          "show; make it a type with @table.\n" },
        { "LogIn", "user: [User!]",
          "2:3 LogIn.user: resolver token_auth returns the key of a row here, which [User!] "
          "cannot show; make it a type with @table.\n" },
        { "LogIn", "user: User!",
          "2:3 LogIn.user: there may be no such row; remove the \"!\" after User.\n" },
        { "LogIn", "user: Tag",
          "2:3 LogIn.user: table tags has no key of one column, which the resolver's key needs; "
          "add one.\n" },
        { "LogIn", "user: Moment",
          "2:3 LogIn.user: the join column moments.at is timestamp with time zone, which cannot "
          "be a key; join by an integer, text or uuid column.\n" },
        { "LogIn", "user: CreateLink",
          "2:3 LogIn.user: CreateLink is already the payload of Mutation.createLink, which "
          "returns something else; give this field a type of its own.\n" },
        { "LogIn", "uses(unit: Int): Int",
          "2:8 LogIn.uses(unit:): the field shows one value of its parent, and takes no "
          "arguments; remove this one.\n" },
        { "LogIn", "uses: Int @function(name: \"ping\")",
          "2:13 LogIn.uses: @function is only for an SQL function; remove it.\n" },
        { "LogIn", "uses: Int @resolver(name: \"verify\") @column(name: \"id\")",
          "2:39 LogIn.uses: @column is only for a column; remove it.\n"
          "2:13 LogIn.uses: @resolver is only for a function of the server; "
          "remove it.\n" },
    };
    /* clang-format on */

    CHECK(cases);
}

static void
test_texts(void **state)
{
    (void)state;
    assert_bound(
        QUERY "type Mutation { logIn(username: String!): Token @resolver(name: \"token_auth\") }\n"
              "type Token { token: ID! }",
        "Query.links  table links\nLink.id  column links.id\n"
        "Mutation.logIn  resolver token_auth (username: parameter)\n"
        "Token.token  output token of token_auth\n");
    assert_bound(
        QUERY "type Mutation { logIn(username: String!): Token @resolver(name: \"token_auth\") }\n"
              "type Token { token: Int! }",
        "4:14 Token.token: resolver token_auth returns a text here, which Int cannot show; make it "
        "String or ID.\n");
    assert_bound(QUERY
                 "type Mutation { logIn(username: String!): Token @resolver(name: \"nothing\") }\n"
                 "type Token { token: Int! nothing: Int }",
                 "3:49 Mutation.logIn: the server has no resolver \"nothing\"; name another with "
                 "@resolver(name:).\n");
}

static const struct binding *
find_binding(const struct schema *schema, const char *type, const char *field)
{
    return find_field(schema, type, field)->binding;
}

static void
test_bindings_hold_what_they_say(void **state)
{
    (void)state;
    struct errors errors = { .arena = arena };
    struct source source = { .text = str_from(catalog_text) };
    struct str sdl = str_format(
        arena, "%sextend type LogIn { user: User }\nextend type CreateLink { postedBy: User }",
        surroundings);
    const struct catalog *catalog = catalog_parse(arena, &source, &errors);
    struct contract *contract = contract_build(arena, STR("test.graphql"), sdl, &errors);
    assert_true(contract_bind(arena, contract, catalog, resolvers, &errors));

    const struct table *links = catalog_find_table(catalog, STR("links"));
    const struct binding *create = find_binding(contract->schema, "Mutation", "createLink");
    assert_int_equal(create->kind, BINDING_FUNCTION);
    assert_ptr_equal(binding_rows(create)->table, links);
    assert_false(create->is_list);
    assert_ptr_equal(binding_of_type(schema_find_type(contract->schema, STR("CreateLink")))->table,
                     links);
    const struct binding *posted_by = find_binding(contract->schema, "CreateLink", "postedBy");
    assert_int_equal(posted_by->kind, BINDING_JOIN);
    assert_ptr_equal(binding_rows(posted_by)->join->from[0],
                     table_find_column(links, STR("posted_by")));

    const struct binding *log_in = find_binding(contract->schema, "Mutation", "logIn");
    assert_int_equal(log_in->kind, BINDING_RESOLVER);
    assert_ptr_equal(binding_resolver(log_in), &token_auth);
    assert_null(binding_rows(log_in));
    const struct field *field = find_field(contract->schema, "Mutation", "logIn");
    assert_int_equal(field->arguments[0].binding->role, ARGUMENT_PARAMETER);
    assert_null(field->arguments[0].binding->parameter);

    const struct table *users = catalog_find_table(catalog, STR("users"));
    const struct binding *user = find_binding(contract->schema, "LogIn", "user");
    assert_int_equal(user->kind, BINDING_OUTPUT);
    assert_int_equal(binding_output(user)->number, 4);
    assert_ptr_equal(binding_rows(user)->table, users);
    assert_ptr_equal(binding_rows(user)->join->table, users);
    assert_null(binding_rows(user)->join->from);
    assert_ptr_equal(binding_rows(user)->join->to[0], users->primary_key.columns[0]);
    const struct binding *token = find_binding(contract->schema, "LogIn", "token");
    assert_int_equal(binding_output(token)->number, 0);
    assert_null(binding_rows(token));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_payloads, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_rows_that_are_not_written, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_fields_that_show_payloads, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_payload_types, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_resolvers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_outputs, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_texts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_bindings_hold_what_they_say, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
