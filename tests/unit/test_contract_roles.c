/*
 * test_contract_roles.c - what each role sees of a contract with @auth, and what is a misfit of
 * that.
 *
 * SPDX-License-Identifier: MIT
 */
#include "bind_case.h"
#include "contract/contract_roles.h"
#include "schema/schema_print.h"

static const struct str roles[] = { STR_INIT("user"), STR_INIT("editor"), STR_INIT("staff") };

static struct errors errors;

/* The contract with its views, not bound; NULL: there are misfits. */
static struct contract *
divide(const char *sdl)
{
    errors = (struct errors){ .arena = arena };
    struct contract *contract = contract_build(arena, STR("test.graphql"), str_from(sdl), &errors);

    assert_non_null(contract);
    return contract_roles_build(arena, contract, roles, ARRAY_LENGTH(roles), &errors) ? contract
                                                                                      : NULL;
}

/* The same, bound to the tables of bind_case.h. */
static struct contract *
bind_divided(const char *sdl)
{
    struct contract *contract = divide(sdl);
    struct source *source = ARENA_NEW(arena, struct source);

    assert_non_null(contract);
    source->text = str_from(catalog_text);
    const struct catalog *catalog = catalog_parse(arena, source, &errors);
    assert_non_null(catalog);
    return contract_bind(arena, contract, catalog, resolvers, &errors) ? contract : NULL;
}

static const char *
printed(const struct contract *contract, struct str role)
{
    struct buf *b = buf_new(arena);

    schema_print(b, contract_seen_by(contract, role)->schema);
    return buf_copy(arena, b).ptr;
}

static const char *
complaints(void)
{
    struct buf *b = buf_new(arena);

    put_errors(b, &errors);
    return buf_copy(arena, b).ptr;
}

static const char library[] =
    "type Query @auth(roles: [\"anon\", \"user\", \"editor\", \"staff\"]) {\n"
    "  links(first: Int, kind: Kind = OLD @auth(roles: \"staff\"), of: Filter): [Item!]!\n"
    "  users: [User!]!\n"
    "  drafts: [Draft!]! @auth(roles: [\"editor\", \"staff\"])\n"
    "}\n"
    "type Mutation @auth(roles: [\"editor\", \"staff\"]) { draft(of: Kind): Draft }\n"
    "interface Item { id: ID! }\n"
    "interface Owned @auth(roles: [\"staff\"]) { owner: User }\n"
    "type User implements Item { id: ID! email: String @auth(roles: [\"staff\"]) }\n"
    "type Link implements Item & Owned { id: ID! owner: User }\n"
    "type Draft implements Item & Owned @auth(roles: [\"editor\", \"staff\"]) { id: ID! owner: "
    "User }\n"
    "union Any = User | Draft\n"
    "enum Kind { OLD NEW @auth(roles: [\"staff\"]) }\n"
    "input Filter { a: Int b: Secret }\n"
    "scalar Secret @auth(roles: [\"staff\"])\n"
    "directive @mark(a: Int, b: Secret, c: Int @auth(roles: \"staff\")) on FIELD\n"
    "extend type Link { more: Int }\n"
    "extend type Draft { more: Secret }\n";

static void
test_parts_that_are_hidden_are_not_there(void **state)
{
    (void)state;
    const struct contract *contract = divide(library);

    assert_non_null(contract);
    assert_string_equal(printed(contract, STR_NONE), "directive @mark(a: Int) on FIELD\n"
                                                     "\n"
                                                     "type Query {\n"
                                                     "  links(first: Int, of: Filter): [Item!]!\n"
                                                     "  users: [User!]!\n"
                                                     "}\n"
                                                     "\n"
                                                     "interface Item {\n"
                                                     "  id: ID!\n"
                                                     "}\n"
                                                     "\n"
                                                     "type User implements Item {\n"
                                                     "  id: ID!\n"
                                                     "}\n"
                                                     "\n"
                                                     "type Link implements Item {\n"
                                                     "  id: ID!\n"
                                                     "  owner: User\n"
                                                     "  more: Int\n"
                                                     "}\n"
                                                     "\n"
                                                     "union Any = User\n"
                                                     "\n"
                                                     "enum Kind {\n"
                                                     "  OLD\n"
                                                     "}\n"
                                                     "\n"
                                                     "input Filter {\n"
                                                     "  a: Int\n"
                                                     "}");
    assert_non_null(strstr(printed(contract, STR("editor")), "drafts: [Draft!]!"));
    assert_null(strstr(printed(contract, STR("user")), "raft"));
}

static void
test_a_role_that_sees_all_has_the_whole_contract(void **state)
{
    (void)state;
    const struct contract *contract = divide(library);

    assert_non_null(contract);
    assert_ptr_equal(contract_seen_by(contract, STR("staff")), contract);
    assert_ptr_not_equal(contract_seen_by(contract, STR("editor")), contract);
}

/* The order of names does not matter. */
static void
test_roles_that_see_the_same_share_it(void **state)
{
    (void)state;
    const struct contract *contract =
        divide("type Query { a: Int b: Int @auth(roles: [\"staff\", \"editor\"])"
               " c: Int @auth(roles: [\"editor\", \"staff\"]) d: Int @auth(roles: [\"user\"]) }");
    int count = 0;

    assert_non_null(contract);
    for (const struct contract_view *view = contract->views; view; view = view->next)
        count++;
    assert_int_equal(count, 3);
    assert_ptr_equal(contract_seen_by(contract, STR("editor")),
                     contract_seen_by(contract, STR("staff")));
    assert_ptr_not_equal(contract_seen_by(contract, STR("user")),
                         contract_seen_by(contract, STR_NONE));
}

static void
test_a_contract_without_auth_is_built_once(void **state)
{
    (void)state;
    const struct contract *contract = divide("type Query { a: Int }");

    assert_non_null(contract);
    assert_null(contract->views);
    assert_ptr_equal(contract_seen_by(contract, STR("user")), contract);
}

static void
assert_misfits(const char *sdl, const char *expected)
{
    assert_null(divide(sdl));
    assert_string_equal(complaints(), expected);
}

static void
test_names_of_roles(void **state)
{
    (void)state;
    assert_misfits("type Query { a: Int\n  b: Int @auth(roles: [\"staf\", \"user\"]) }",
                   "2:24 @auth: there is no role \"staf\"; name `anon`, or one of the setting "
                   "`roles`. Did you mean \"staff\"?\n");
    assert_misfits("type Query { a: Int\n  b: Int @auth(roles: []) }",
                   "2:10 @auth: nobody would see it; name a role, or remove it from the "
                   "contract.\n");
}

static void
test_a_scalar_that_is_built_in_is_not_hidden(void **state)
{
    (void)state;
    assert_misfits("type Query { a: Int }\nscalar ID @auth(roles: [\"user\"])",
                   "2:11 @auth: the scalar is built in, and cannot be hidden.\n");
    assert_misfits("type Query { a: Int }\nscalar Int\nextend scalar Int @auth(roles: \"user\")",
                   "3:19 @auth: the scalar is built in, and cannot be hidden.\n");
}

static void
assert_seen_misfit(const char *sdl, const char *expected)
{
    assert_null(divide(sdl));
    assert_string_equal(errors.first->message.ptr, expected);
}

static void
test_misfits_name_the_roles(void **state)
{
    (void)state;
    assert_seen_misfit("type Query @auth(roles: [\"user\", \"editor\", \"staff\"]) { a: Int }",
                       "as the role anon sees it: Query root type must be provided.");
    assert_seen_misfit("type Query { a: A } type A { b: Int @auth(roles: [\"staff\"]) }",
                       "as the roles anon, user, editor see it: Type A must define one or more "
                       "fields.");
    assert_seen_misfit("type Query { a: Int } interface I { b: Int }"
                       " type A implements I { c: Int b: Int @auth(roles: [\"staff\"]) }",
                       "as the roles anon, user, editor see it: Interface field I.b expected but A "
                       "does not provide it.");
    assert_seen_misfit(
        "type Query { a(b: Int! @auth(roles: [\"staff\", \"user\", \"editor\"])): Int }",
        "as the role anon sees it: Argument Query.a(b:) is required, but hidden; "
        "give it a default, or hide what needs it too.");
    assert_seen_misfit(
        "type Query { a(b: I): Int }"
        " input I { c: Int d: Int! @auth(roles: [\"staff\", \"user\", \"editor\"]) }",
        "as the role anon sees it: Input field I.d is required, but hidden; give it "
        "a default, or hide what needs it too.");
    assert_seen_misfit("type Query { a(b: E = X): Int }"
                       " enum E { X @auth(roles: [\"staff\", \"user\", \"editor\"]) Y }",
                       "as the role anon sees it: Query.a(b:) has invalid default value: Value "
                       "\"X\" does not exist in \"E\" enum. Did you mean the enum value "
                       "\"Y\"?");
    assert_seen_misfit("type Query { a: Int u: U } union U = A"
                       " type A @auth(roles: [\"staff\", \"user\", \"editor\"]) { c: Int }",
                       "as the role anon sees it: Union type U must define one or more member "
                       "types.");
    assert_seen_misfit("type Query { a: Int } enum E { X @auth(roles: [\"user\", \"editor\"]) }",
                       "as the roles anon, staff see it: Enum type E must define one or more "
                       "values.");
}

/* --- bound --- */

static const struct binding *
binding_seen(const struct contract *contract, const char *role, const char *type, const char *name)
{
    const struct schema *schema = contract_seen_by(contract, str_from(role))->schema;
    const struct field *field =
        schema_find_field(schema, schema_find_type(schema, str_from(type)), str_from(name));

    assert_non_null(field);
    return field->binding;
}

static void
test_each_view_is_bound(void **state)
{
    (void)state;
    const struct contract *contract =
        bind_divided("type Query { links(url: String @auth(roles: [\"staff\"])): [Link!]! }\n"
                     "type Link @table(name: \"links\") { id: ID!"
                     " title: String @auth(roles: [\"user\", \"editor\", \"staff\"]) }");

    assert_non_null(contract);
    assert_non_null(binding_seen(contract, "user", "Link", "title"));
    assert_ptr_not_equal(binding_seen(contract, "user", "Link", "title"),
                         binding_seen(contract, "staff", "Link", "title"));
    assert_ptr_equal(contract_seen_by(contract, STR("user"))->catalog, contract->catalog);
}

/* The function's parameter has no default in SQL. */
static void
test_a_hidden_argument_keeps_its_default(void **state)
{
    (void)state;
    const struct contract *contract =
        bind_divided("type Query { most(numbers: [Int!]! = [1, 2] @auth(roles: [\"staff\"])): "
                     "Int @function(name: \"most\") }");
    assert_non_null(contract);
    const struct schema *schema = contract_seen_by(contract, STR_NONE)->schema;
    const struct field *field = schema_find_field(schema, schema->query, STR("most"));
    assert_int_equal(field->argument_count, 0);
    assert_int_equal(field_call_count(field), 1);
    assert_null(schema_find_argument(field, STR("numbers")));
    assert_non_null(field->arguments[0].default_value);
    assert_non_null(field->arguments[0].binding->parameter);
}

static void
assert_bind_misfit(const char *sdl, const char *expected)
{
    assert_null(bind_divided(sdl));
    assert_string_equal(complaints(), expected);
}

static void
test_misfits_with_the_database_name_the_roles(void **state)
{
    (void)state;
    assert_bind_misfit(
        "type Query { links: [Link!]! }\n"
        "type Link @table(name: \"links\") { id: ID! }\n"
        "type Mutation {\n"
        "  ping: Boolean! @function(name: \"ping\")\n"
        "  createLink(url: String!): Made @function(name: \"create_link\") @auth(roles: "
        "[\"staff\"])\n"
        "}\n"
        "type Made { id: ID! }\n",
        "7:6 as the roles anon, user, editor see it: Made: no field is left that says whose rows "
        "the type shows; hide the type with @auth, too.\n");
}

/* A hidden value is null, which a `!` must not be; the labels of the database are all known. */
static void
test_hidden_values_are_null(void **state)
{
    (void)state;
    const char *sdl = "type Query { users: [User!]! }\n"
                      "type User @table(name: \"users\") { id: ID! mood: Mood }\n"
                      "enum Mood { GOOD BAD @auth(roles: [\"staff\"]) }";
    const struct contract *contract = bind_divided(sdl);

    assert_non_null(contract);
    const struct codec_labels *labels =
        binding_column(binding_seen(contract, "user", "User", "mood"))->codec->labels;
    assert_int_equal(labels->count, 2);
    assert_string_equal(labels->list[0].json.ptr, "\"GOOD\"");
    assert_string_equal(labels->list[1].json.ptr, "null");
    labels = binding_column(binding_seen(contract, "staff", "User", "mood"))->codec->labels;
    assert_string_equal(labels->list[1].json.ptr, "\"BAD\"");
    assert_bind_misfit("type Query { links: [Link!]! }\n"
                       "type Link @table(name: \"links\") { url: Url! }\n"
                       "enum Url { A B @auth(roles: [\"staff\"]) }",
                       "2:35 as the roles anon, user, editor see it: Link.url: column links.url "
                       "may hold Url.B, which is hidden, and then it is null; remove the \"!\".\n");
}

/* A role that does not see Node has the ids that others have, and fields of an input that it does
 * not see have their defaults. */
static void
test_ids_do_not_depend_on_the_role(void **state)
{
    static const char sdl[] =
        "interface Node @auth(roles: [\"staff\"]) { id: ID! }\n"
        "type Query {\n"
        "  node(id: ID!): Node @auth(roles: [\"staff\"])\n"
        "  link(id: ID!): LinkNode\n"
        "  mine(of: ID @globalId(of: \"UserNode\") @column(name: \"posted_by\")): [LinkNode]\n"
        "}\n"
        "type LinkNode implements Node @table(name: \"links\") { id: ID! }\n"
        "type UserNode implements Node @table(name: \"users\") @auth(roles: [\"staff\"]) { id: ID! "
        "}\n"
        "type Mutation { create(input: In!): Made @function(name: \"create_link\") }\n"
        "input In { url: String!  title: String = \"t\" @auth(roles: [\"staff\"])\n"
        "  clientMutationId: String }\n"
        "type Made { url: String!  clientMutationId: String }\n";
    const struct contract *contract = bind_divided(sdl);
    struct buf *b = buf_new(arena);

    (void)state;
    if (!contract)
        fail_msg("%s", complaints());
    const struct schema *seen = contract_seen_by(contract, STR("user"))->schema;
    binding_print(b, seen);
    assert_string_equal(
        buf_copy(arena, b).ptr,
        "Query.link  table links (id: equals id by global id of LinkNode)\n"
        "Query.mine  table links (of: equals posted_by by global id of UserNode)\n"
        "LinkNode.id  global id of LinkNode: links.id\n"
        "Mutation.create  function create_link(text, text) (input.url: parameter url; "
        "input.clientMutationId: shown again)\n"
        "Made.url  column links.url\n"
        "Made.clientMutationId  clientMutationId of the input\n");
    const struct field *create = find_field(seen, "Mutation", "create");
    assert_int_equal(binding_given_count(create), 3);
    const struct given title = binding_given(create, 1);
    assert_true(title.is_hidden && title.binding && title.value->default_value);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_parts_that_are_hidden_are_not_there, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_a_role_that_sees_all_has_the_whole_contract, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_roles_that_see_the_same_share_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_contract_without_auth_is_built_once, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_names_of_roles, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_scalar_that_is_built_in_is_not_hidden, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_misfits_name_the_roles, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_each_view_is_bound, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_hidden_argument_keeps_its_default, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_misfits_with_the_database_name_the_roles, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_hidden_values_are_null, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ids_do_not_depend_on_the_role, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
