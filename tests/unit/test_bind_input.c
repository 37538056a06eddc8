/*
 * test_bind_input.c - mutations whose only argument is an input object.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/unit/bind_case.h"

struct case_of_contract {
    const char *sdl, *expected;
};

/* clang-format off */

static const struct case_of_contract cases[] = {
    { "type Query { link(id: ID!): A }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n"
      "type Mutation { create(input: In!): Made @function(name: \"create_link\") }\n"
      "input In { url: String!  title: String  clientMutationId: String }\n"
      "type Made { url: String!  clientMutationId: String }\n",
      "Query.link  table links (id: equals id by global id of A)\n"
      "A.id  global id of A: links.id\n"
      "Mutation.create  function create_link(text, text) (input.url: parameter url; "
      "input.title: parameter title; input.clientMutationId: shown again)\n"
      "Made.url  column links.url\n"
      "Made.clientMutationId  clientMutationId of the input\n" },
    { "type Query { link(id: ID!): A }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n"
      "type Mutation { create(input: In): Made @function(name: \"create_link\") }\n"
      "input In { url: String! }\n"
      "type Made { url: String! }\n",
      "4:24 Mutation.create(input:): the mutation needs the fields of its input; make it In!.\n" },
    { "type Query { link(id: ID!): A }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n"
      "type Mutation { create(input: In!): Made @function(name: \"create_link\") }\n"
      "input In { title: String }\n"
      "type Made { url: String! }\n",
      "4:42 Mutation.create: no argument supplies parameter 1 (url) of function "
      "create_link, which has no default; add the argument.\n" },
    { "type Query { link(id: ID!): A }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n"
      "type Mutation { create(input: In!): Made @function(name: \"create_link\") }\n"
      "input In { url: String }\n"
      "type Made { url: String! }\n",
      "5:12 Mutation.create(input.url:): the argument may be absent, but parameter url "
      "has no default; give either of them a default, or make the argument String!.\n" },
    { "type Query { link(id: ID!): A }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n"
      "type Mutation { create(input: In!): Made @function(name: \"create_link\") }\n"
      "input In { url: String!  nothing: Int }\n"
      "type Made { url: String! }\n",
      "5:26 Mutation.create(input.nothing:): function create_link has no parameter "
      "\"nothing\"; add it, or remove the argument.\n" },
    { "type Query { link(id: ID!): A }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n"
      "type Mutation { create(input: In!): Made @function(name: \"create_link\") }\n"
      "input In { url: Int! }\n"
      "type Made { url: String! }\n",
      "5:12 Mutation.create(input.url:): parameter url is text, which does not fit "
      "Int!; change one of them.\n" },
    { "type Query { link(id: ID!): A }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n"
      "type Mutation { create(input: In!): Made @function(name: \"create_link\") }\n"
      "input In { url: String!  title: In2 }\n"
      "type Made { url: String! }\n"
      "input In2 { a: Int }\n",
      "5:26 Mutation.create(input.title:): parameter title is text, which does not fit "
      "In2; change one of them.\n" },
    { "type Query { link(id: ID!): A }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n"
      "type Mutation { create(input: In!): Made @function(name: \"create_link\") }\n"
      "input In { url: String!  clientMutationId: Int }\n"
      "type Made { url: String! }\n",
      "5:26 Mutation.create(input.clientMutationId:): the payload repeats it as it came; make "
      "it a String, without a default.\n" },
    { "type Query { link(id: ID!): A }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n"
      "type Mutation { create(input: In!): Made @function(name: \"create_link\") }\n"
      "input In { url: String!  clientMutationId: String = \"x\" }\n"
      "type Made { url: String! }\n",
      "5:26 Mutation.create(input.clientMutationId:): the payload repeats it as it came; make "
      "it a String, without a default.\n" },
    { "type Query { link(id: ID!): A }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n"
      "type Mutation { create(input: In!): Made @function(name: \"create_link\") }\n"
      "input In { url: String! }\n"
      "type Made { url: String!  clientMutationId: String }\n",
      "6:27 Made.clientMutationId: table links has no column \"client_mutation_id\"; add "
      "the column, or name another with @column(name:).\n" },
    { "type Query { link(id: ID!): A }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n"
      "type Mutation { create(input: In!): Made @function(name: \"create_link\") }\n"
      "input In { url: String!  clientMutationId: String }\n"
      "type Made { url: String!  clientMutationId: String! }\n",
      "6:27 Made.clientMutationId: it shows the clientMutationId of a mutation's "
      "input, and that of Mutation.create has another type; give it one of the same "
      "type.\n" },
    { "type Query { link(id: ID!): A }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n"
      "type Mutation { create(input: In!): Made @function(name: \"create_link\") }\n"
      "input In { url: String!  clientMutationId: String }\n"
      "type Made { url: String!  clientMutationId: ID }\n",
      "6:27 Made.clientMutationId: it shows the clientMutationId of a mutation's "
      "input, and that of Mutation.create has another type; give it one of the same "
      "type.\n" },
    { "type Query { link(id: ID!): A }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n"
      "type Mutation { create(input: In!): Made @function(name: \"create_link\") "
      "other(url: String!): Made @function(name: \"create_link\") }\n"
      "input In { url: String!  clientMutationId: String }\n"
      "type Made { url: String!  clientMutationId: String }\n",
      "6:27 Made.clientMutationId: it shows the clientMutationId of a mutation's "
      "input, and that of Mutation.other has none; give it one of the same type.\n" },
    { "type Query { link(id: ID!): A }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n"
      "type Mutation { create(input: In!, url: String!): Made @function(name: "
      "\"create_link\") }\n"
      "input In { title: String }\n"
      "type Made { url: String! }\n",
      "4:24 Mutation.create(input:): function create_link has no parameter \"input\"; "
      "add it, or remove the argument.\n" },
    { "type Query { link(id: ID!): A }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n"
      "type Mutation { create(in: In!): Made @function(name: \"create_link\") }\n"
      "input In { url: String! }\n"
      "type Made { url: String! }\n",
      "4:24 Mutation.create(in:): function create_link has no parameter \"in\"; add it, "
      "or remove the argument.\n" },
    { "type Query { link(id: ID!): A }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n"
      "type Mutation { logIn(input: In!): LogIn @resolver(name: \"token_auth\") }\n"
      "input In { username: String!  clientMutationId: String }\n"
      "type LogIn { token: String!  clientMutationId: String }\n",
      "Query.link  table links (id: equals id by global id of A)\n"
      "A.id  global id of A: links.id\n"
      "Mutation.logIn  resolver token_auth (input.username: parameter; "
      "input.clientMutationId: shown again)\n"
      "LogIn.token  output token of token_auth\n"
      "LogIn.clientMutationId  clientMutationId of the input\n" },
    { "type Query { link(id: ID!): A }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n"
      "type Mutation { logIn(input: In!): LogIn @resolver(name: \"token_auth\") }\n"
      "input In { user: String! }\n"
      "type LogIn { token: String! }\n",
      "5:12 Mutation.logIn(input.user:): resolver token_auth has no such argument; "
      "remove it.\n" },
    { "type Query { link(id: ID!): A }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n"
      "type Mutation { logIn(input: In!): LogIn @resolver(name: \"token_auth\") }\n"
      "input In { username: ID! @globalId(of: \"A\") }\n"
      "type LogIn { token: String! @globalId(of: \"A\") }\n",
      "5:12 Mutation.logIn(input.username:): a resolver takes no global ids; remove "
      "@globalId.\n"
      "6:29 LogIn.token: a global id is made of a row's columns, but there is no row here; "
      "remove @globalId.\n" },
    { "type Query { link(id: ID!): A }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n"
      "type Mutation { vote(input: In!): Voted @function(name: \"create_vote\") }\n"
      "input In { linkId: ID! @globalId(of: \"A\") }\n"
      "type Voted { id: ID  linkId: ID! @globalId(of: \"A\") userId: ID @globalId(of: "
      "\"A\") }\n",
      "6:53 Voted.userId: column votes.user_id refers to another table than links, "
      "whose rows A shows; name another with @column(name:).\n" },
    { "type Query { link(id: ID!): A }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n"
      "type Mutation { delete(id: ID! @globalId(of: \"A\")): Gone @function(name: "
      "\"delete_link\") }\n"
      "scalar X\n"
      "type Gone { deletedId: ID! @globalId(of: \"A\") }\n",
      "Query.link  table links (id: equals id by global id of A)\n"
      "A.id  global id of A: links.id\n"
      "Mutation.delete  function delete_link(integer) (id: parameter id by global id "
      "of A)\n"
      "Gone.deletedId  global id of A: links.id\n" },
    { "type Query { link(id: ID!): A }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n"
      "type Mutation { twice(input: In!): Twice @function(name: \"ping\") }\n"
      "input In { clientMutationId: String }\n"
      "type Twice { clientMutationId: String }\n",
      "4:42 Mutation.twice: function ping returns boolean; it must return a row of the "
      "table that Twice shows.\n" },
};

/* clang-format on */

static void
test_contracts(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct str found = bind(str_from(cases[i].sdl), catalog_text);
        if (!str_is(found, cases[i].expected))
            fail_msg("%s\n%s", cases[i].sdl, found.ptr);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_contracts, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
