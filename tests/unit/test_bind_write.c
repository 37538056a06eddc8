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
    assert_write(
        "go(which: Where!): Vote @delete(table: \"votes\")" OTHER,
        "2:20 Mutation.go(which:): a row is deleted by its key, or rows by a filter, which "
        "is named where; let arguments be one of these.\n");
    assert_write("go(where: Where!, ifVersion: Int, atMost: Int! = 1): Votes "
                 "@delete(table: \"votes\")",
                 "2:35 Mutation.go(ifVersion:): a version is that of one row, which a key finds; "
                 "remove it.\n");
    assert_write("go(linkId: ID, where: Where!, atMost: Int! = 1): Votes @delete(table: \"votes\")",
                 "2:20 Mutation.go(linkId:): rows are found by all that is given; make it a field "
                 "of the filter, or `!`.\n");
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

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_filters, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_constraints, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
