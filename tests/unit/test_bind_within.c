/*
 * test_bind_within.c - mutations that write rows: upserts, and rows within others.
 *
 * SPDX-License-Identifier: MIT
 */
#include "bind_case.h"

#define QUERY "type Query { links: [Link!]! }\ntype Link @table(name: \"links\") { id: ID! }\n"

/* A write of one row, by a contract in which the rest is right. */
static void
assert_upsert(const char *directive, const char *inputs, const char *expected)
{
    assert_bound(str_format(arena,
                            QUERY "type Mutation { save(input: In!): Saved %s }\n"
                                  "type Saved { id: ID! inserted: Boolean! }\ninput In { %s }",
                            directive, inputs)
                     .ptr,
                 expected);
}

static void
test_upserts(void **state)
{
    (void)state;
    assert_upsert(
        "@upsert(table: \"profiles\", on: [\"id\"])", "id: ID! motto: String!",
        "Query.links  table links\n"
        "Link.id  column links.id\n"
        "Mutation.save  upsert profiles on id, which changes motto (input: sets id, motto)\n"
        "Saved.id  column profiles.id\n"
        "Saved.inserted  whether it was not there\n");
    assert_upsert(
        "@upsert(table: \"profiles\", on: [\"id\"], update: [])", "id: ID! motto: String!",
        "Query.links  table links\n"
        "Link.id  column links.id\n"
        "Mutation.save  upsert profiles on id, which changes nothing (input: sets id, motto)\n"
        "Saved.id  column profiles.id\n"
        "Saved.inserted  whether it was not there\n");
    assert_upsert("@upsert(table: \"profiles\", on: [\"nothing\"])", "id: ID! motto: String!",
                  "3:41 Mutation.save: table profiles has no column \"nothing\"; name another with "
                  "@upsert(on:).\n");
    assert_upsert("@upsert(table: \"profiles\", on: [])", "id: ID! motto: String!",
                  "3:41 Mutation.save: profiles has no unique index on () alone; let @upsert(on:) "
                  "name the columns of one.\n");
    assert_upsert("@upsert(table: \"profiles\", on: [\"id\", \"motto\"])", "id: ID! motto: String!",
                  "3:41 Mutation.save: profiles has no unique index on (id, motto) alone; let "
                  "@upsert(on:) name the columns of one.\n");
    assert_upsert("@upsert(table: \"profiles\", on: [\"id\"], update: [\"nothing\"])",
                  "id: ID! motto: String!",
                  "3:41 Mutation.save: table profiles has no column \"nothing\"; name another with "
                  "@upsert(update:).\n");
    assert_upsert("@upsert(table: \"profiles\", on: [\"id\"], update: [\"motto\"])", "id: ID!",
                  "3:17 Mutation.save: column profiles.motto is NOT NULL and has no default, and "
                  "no field of In sets it; add one.\n");
    assert_upsert("@upsert(table: \"profiles\", on: [\"id\"])", "id: ID motto: String!",
                  "5:12 In.id: it may be absent, but column profiles.id is NOT NULL and has no "
                  "default; make it ID!, or give either of them a default.\n");
    assert_upsert("@upsert(table: \"profiles\", on: [\"id\"])", "motto: String!",
                  "3:17 Mutation.save: column profiles.id is NOT NULL and has no default, and no "
                  "field of In sets it; add one.\n");
    assert_bound(QUERY "type Mutation { save(input: [In!]!): Saved "
                       "@upsert(table: \"profiles\", on: [\"id\"]) }\n"
                       "type Saved { profiles: [Profile!]! inserted: Boolean! }\n"
                       "type Profile @table(name: \"profiles\") { id: ID! }\n"
                       "input In { id: ID! motto: String! }",
                 "4:36 Saved.inserted: it says whether one row was there already, but "
                 "Mutation.save writes several; remove it.\n");
    assert_upsert("@insert(table: \"profiles\")", "id: ID! motto: String!",
                  "4:22 Saved.inserted: it says whether @upsert inserted the row, but "
                  "Mutation.save has no @upsert; give that field a payload of its own.\n");
}

/* Links that are written, with what is within them. */
static void
assert_within(const char *directive, const char *inputs, const char *further, const char *expected)
{
    struct str bound =
        bind(str_format(arena,
                        QUERY
                        "type Mutation { add(input: In!): Link %s }\n"
                        "input In { id: Int! url: String! createdAt: Any! isHidden: Boolean! %s }\n"
                        "scalar Any\n%s",
                        directive, inputs, further),
             catalog_text);
    const char *prefix = "Query.links  table links\nLink.id  column links.id\nMutation.add  insert "
                         "links (input: sets id, url, created_at, is_hidden, ";

    assert_string_equal(str_starts_with(bound, str_from(prefix)) ? bound.ptr + strlen(prefix)
                                                                 : bound.ptr,
                        expected);
}

#define INSERT "@insert(table: \"links\")"
#define USER   "input User { id: Int! username: String! profileId: Int! }"

static void
test_rows_within_others(void **state)
{
    (void)state;
    assert_within(INSERT, "postedBy: User", USER, "a row of users { id, username, profile_id })\n");
    assert_within(
        INSERT, "user: User @join(column: \"posted_by\")",
        USER " extend input User { votes: [Vote!] }\n"
             "input Vote { id: Int! weight: Int! linkId: Int! }",
        "a row of users { id, username, profile_id, rows of votes { id, weight, link_id } "
        "})\n");
    assert_within(
        INSERT, "tags: [Tag!]!",
        "input Tag { name: String! notes: [Note!] @join(column: [\"link_id\", \"name\"])}\n"
        "input Note @table(name: \"tag_notes\") { id: Int! }",
        "rows of tags { name, rows of tag_notes { id } })\n");
    assert_within(INSERT, "postedBy: User postedById: Int @column(name: \"posted_by\")", USER,
                  "4:84 In.postedById: postedBy sets the same column; remove one of the two.\n");
    assert_within(
        INSERT, "tags: [Tag!]", "input Tag { name: String! linkId: Int! }",
        "6:27 Tag.linkId: its column gets the key of the row around it; remove the field.\n");
    assert_within(INSERT, "tags: [Tag]", "input Tag { name: String! }",
                  "4:69 In.tags: what is written is never null; make it [Tag!].\n");
    assert_within(
        INSERT, "nothing: [Tag!]", "input Tag { name: String! }",
        "4:69 In.nothing: nothing says which rows are meant: no type that shows links has "
        "a field \"nothing\" of rows, and no table has that name; give Tag "
        "@table(name:).\n");
    assert_within(
        INSERT, "votes: [Vote!]",
        "input Vote { id: Int! weight: Int! user: Voter }\n"
        "input Voter { id: Int! username: String! profileId: "
        "Int! }",
        "6:36 Vote.user: it may be absent, but column votes.user_id is NOT NULL and has no "
        "default; make it Voter!, or give either of them a default.\n");
    assert_within(INSERT, "votes: [Vote!]", "input Vote { id: Int! weight: Int! }",
                  "3:17 Mutation.add: column votes.user_id is NOT NULL and has no default, and no "
                  "field of Vote sets it; add one.\n");
    assert_within(INSERT, "postedBy: User",
                  USER " extend input User { invitedBy: Inviter }\n"
                       "input Inviter { id: Int! username: String! profile: Profile! }\n"
                       "input Profile { id: Int! motto: String! }",
                  "7:44 Inviter.profile: rows are written within others to 3 levels, and this "
                  "would be one more; use another input object here, without the field.\n");
    assert_within("@upsert(table: \"links\", on: [\"id\"])", "tags: [Tag!]",
                  "input Tag { name: String! }",
                  "4:69 In.tags: only @insert writes rows within others; remove the field, or give "
                  "it the type of a column.\n");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_upserts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_rows_within_others, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
