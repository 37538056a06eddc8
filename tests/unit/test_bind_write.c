/*
 * test_bind_write.c - mutations that write rows as their arguments say, held against a catalog:
 * rows that a filter finds, and what is said of constraints.
 *
 * SPDX-License-Identifier: MIT
 */
#include "bind_case.h"

/* A mutation by a contract in which the rest is right.  The field stands in line 2. */
static void
assert_write(const char *field, const char *expected)
{
    assert_bound(str_format(arena,
                            "type Query { vote(id: ID!): Vote }\n"
                            "type Mutation { %s }\n"
                            "type Vote @table(name: \"votes\") { id: ID! weight: Int! }\n"
                            "type Votes { votes: [Vote!]! count: Int! }\n"
                            "input Where { id: ID weight: Int }\n"
                            "input Set { weight: Int }\n",
                            field)
                     .ptr,
                 expected);
}

#define BOUND "Query.vote  table votes (id: equals id)\n"
#define SHOWN                                                                                      \
    "Vote.id  column votes.id\nVote.weight  column votes.weight\n"                                 \
    "Votes.votes  what was written\nVotes.count  number of rows that were written\n"

/* What else shows Votes. */
#define OTHER " other(where: Where!, atMost: Int! = 1): Votes @delete(table: \"votes\")"

static void
test_filters(void **state)
{
    (void)state;
    assert_write("go(where: Where!, atMost: Int! = 1): Votes @delete(table: \"votes\")", BOUND
                 "Mutation.go  delete rows of votes (where: filter; atMost: most rows)\n" SHOWN);
    assert_write("go(linkId: ID!, where: Where!, set: Set!, atMost: Int!): Votes "
                 "@update(table: \"votes\")",
                 BOUND "Mutation.go  update rows of votes (linkId: equals link_id; where: filter; "
                       "set: sets weight; atMost: most rows)\n" SHOWN);
    assert_write("go(where: Where!): Votes @delete(table: \"votes\")",
                 "2:17 Mutation.go: a filter may find all rows of votes; add an argument, atMost: "
                 "Int! = 1, which says how many may be written.\n");
    assert_write(
        "go(where: Where!, atMost: Int = 1): Votes @delete(table: \"votes\")",
        "2:35 Mutation.go(atMost:): it says how many rows may be written; make it Int!.\n");
    assert_write(
        "go(where: Where, atMost: Int! = 1): Votes @delete(table: \"votes\")",
        "2:20 Mutation.go(where:): without it all rows would be written; make it Where!.\n");
    assert_write("go(where: [Where!]!, atMost: Int! = 1): Votes @delete(table: \"votes\")",
                 "2:20 Mutation.go(where:): a filter is one input object; make it Where.\n");
    assert_write("go(which: Where!): Vote @delete(table: \"votes\")" OTHER,
                 "2:20 Mutation.go(which:): the arguments must be the columns of a key, to delete "
                 "one row, or a filter with the name where, to delete several; change them.\n");
    assert_write("go(where: Where!, ifVersion: Int, atMost: Int! = 1): Votes "
                 "@delete(table: \"votes\")",
                 "2:35 Mutation.go(ifVersion:): a version belongs to one row, which is found by a "
                 "key; remove it.\n");
    assert_write("go(linkId: ID, where: Where!, atMost: Int! = 1): Votes @delete(table: \"votes\")",
                 "2:20 Mutation.go(linkId:): an argument besides the filter must always be given; "
                 "make it a field of the filter, or add `!`.\n");
    assert_write("go(where: Where!, atMost: Int! = 1): Votes @update(table: \"votes\")",
                 "2:17 Mutation.go: no argument says what is changed; add one whose type is an "
                 "input object.\n");
    assert_write("go(where: Where!, set: [Set!]!, atMost: Int! = 1): Votes "
                 "@update(table: \"votes\")",
                 "2:17 Mutation.go: it writes one row; make set one Set!.\n");
    assert_write("go(where: Where!, atMost: Int! = 1): Vote @delete(table: \"votes\")" OTHER,
                 "2:17 Mutation.go: it writes several rows; show [Vote!].\n");
}

/* A type of input object with @constraint, of an insert. */
static void
assert_constraint(const char *directives, const char *expected)
{
    assert_bound(str_format(arena,
                            "input Add %s { weight: Int! userId: ID! linkId: ID! id: ID! }\n"
                            "type Query { vote(id: ID!): Vote }\n"
                            "type Vote @table(name: \"votes\") { id: ID! weight: Int! }\n"
                            "type Mutation { add(input: Add!): Vote @insert(table: \"votes\") }\n",
                            directives)
                     .ptr,
                 expected);
}

static void
test_constraints(void **state)
{
    (void)state;
    assert_constraint("@constraint(name: \"votes_weight\", field: \"weight\", message: \"m\")"
                      " @constraint(name: \"votes_once\", message: \"m\")",
                      "Query.vote  table votes (id: equals id)\n"
                      "Vote.id  column votes.id\n"
                      "Vote.weight  column votes.weight\n"
                      "Mutation.add  insert votes (input: sets weight, user_id, link_id, id)\n");
    assert_constraint("@constraint(name: \"votes_wait\", message: \"m\")",
                      "1:11 Add: table votes has no constraint \"votes_wait\", and no unique index "
                      "of that name; name another with @constraint(name:). Did you mean "
                      "\"votes_weight\" or \"votes_once\"?\n");
    assert_constraint("@constraint(name: \"votes_weight\", field: \"height\", message: \"m\")",
                      "1:11 Add: it has no field \"height\"; name one that it has with "
                      "@constraint(field:).\n");
    assert_constraint("{ weight: Int! userId: ID! linkId: ID! id: ID! } input Other "
                      "@constraint(name: \"x\", message: \"m\")",
                      "1:72 Other: no mutation writes rows of it, by @insert, @upsert or @update; "
                      "remove @constraint.\n");
}

/* A type with a version, and mutations that compare it. */
static void
assert_version(const char *directive, const char *argument, const char *expected)
{
    assert_bound(str_format(arena,
                            "type Vote @table(name: \"votes\") { id: ID! version: ID! %s }\n"
                            "type Mutation { go(id: ID!, set: Set!, %s): Shown "
                            "@update(table: \"votes\") }\n"
                            "type Shown { vote: Vote! }\n"
                            "type Query { vote(id: ID!): Vote }\n"
                            "input Set { weight: Int }\n",
                            directive, argument)
                     .ptr,
                 expected);
}

#define BOUND_VERSION(shown, compared)                                                             \
    "Vote.id  column votes.id\nVote.version  column votes." shown "\n"                             \
    "Mutation.go  update votes (id: equals id; set: sets weight; ifVersion: version " compared     \
    ")\nShown.vote  what was written\nQuery.vote  table votes (id: equals id)\n"

static void
test_versions(void **state)
{
    (void)state;
    assert_version("@version", "ifVersion: ID", BOUND_VERSION("xmin", "xmin"));
    assert_version("@version(column: \"weight\")", "ifVersion: ID!",
                   BOUND_VERSION("weight", "weight"));
    assert_version("@version", "ifVersion: ID @column(name: \"weight\")",
                   BOUND_VERSION("xmin", "weight"));
    assert_version("@version(column: \"height\")", "ifVersion: ID @column(name: \"weight\")",
                   "1:56 Vote.version: table votes has no column \"height\"; name another with "
                   "@version(column:). Did you mean \"weight\"?\n");
    assert_version("@column(name: \"weight\")", "ifVersion: ID",
                   "2:40 Mutation.go(ifVersion:): table votes has no column \"if_version\" to "
                   "compare with; add the column, or name another with @column(name:).\n");
    assert_bound("type Vote @table(name: \"votes\") { id: ID! at: ID! @version }\n"
                 "type Query { vote(id: ID!): Vote }\n"
                 "type Mutation { go(linkId: ID!): Vote @function(name: \"create_vote\") }\n",
                 "3:17 Mutation.go: a function returns these rows, so they have no xmin; let the "
                 "@version of Vote name a column, or show the row by a payload.\n");
    assert_bound("type Vote @table(name: \"votes\") { id: ID! }\n"
                 "type Query { votes: [Vote!]! @version }\n",
                 "2:30 Query.votes: @version is only for a column of the row; remove it.\n");
}

/* Rights that are missing wherever a request comes from. */
static void
test_rights(void **state)
{
    (void)state;
    struct errors errors = { .arena = arena };
    struct source source = { .text = STR("roles app_anon app_user\n"
                                         "table parts\n"
                                         "column id integer not null\n"
                                         "column size integer\n"
                                         "primary key id\n"
                                         "parts app_anon app_user\n"
                                         "delete app_user\n"
                                         "insert app_user\n") };
    const struct catalog *catalog = catalog_parse(arena, &source, &errors);
    struct buf b = { 0 };

    assert_non_null(catalog);
    const struct table *table = &catalog->tables[0];
    assert_int_equal(table->row_version.denied, 3);
    assert_int_equal(table->denied_delete, 1);
    assert_int_equal(table->columns[0].denied_insert, 1);
    assert_int_equal(table->columns[0].denied_update, 3);
    catalog_print(&b, catalog);
    assert_true(str_equal(buf_str(&b), source.text));
    buf_free(&b);
    struct contract *contract =
        contract_build(arena, STR("test.graphql"),
                       STR("type Query { part(id: ID!): Part }\n"
                           "type Part @table(name: \"parts\") { id: ID! version: ID! @version }\n"),
                       &errors);
    assert_false(contract_bind(arena, contract, catalog, resolvers, &errors));
    assert_true(str_equal(errors.first->message,
                          STR("Part.version: xmin needs the right to read all of table parts, "
                              "but no role has it; GRANT SELECT on the table to one, not only "
                              "on columns.")));
    struct errors more = { .arena = arena };
    contract = contract_build(arena, STR("test.graphql"),
                              STR("type Query { part(id: ID!): Part }\n"
                                  "type Part @table(name: \"parts\") { id: ID! }\n"
                                  "type Mutation { save(input: In!): Saved "
                                  "@upsert(table: \"parts\", on: \"id\") }\n"
                                  "type Saved { id: ID! inserted: Boolean! }\n"
                                  "input In { id: ID! size: Int }\n"),
                              &more);
    assert_false(contract_bind(arena, contract, catalog, resolvers, &more));
    assert_true(str_starts_with(more.first->message,
                                STR("Mutation.save: `inserted` needs the right to read all of "
                                    "table parts, but no role has it;")));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_filters, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_constraints, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_versions, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_rights, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
