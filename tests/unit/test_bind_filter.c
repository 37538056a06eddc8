/*
 * test_bind_filter.c - filters held against a catalog: columns, operators and their values,
 * joined rows, and what is a misfit.
 *
 * SPDX-License-Identifier: MIT
 */
#include "bind_case.h"

static const char tables[] = "enum mood sad happy\n"
                             "type json lacks equality\n"
                             "type point lacks order\n"
                             "table owners\n"
                             "column id integer not null\n"
                             "column name text not null\n"
                             "primary key id\n"
                             "table things\n"
                             "column id integer not null\n"
                             "column name text\n"
                             "column collated text nondeterministic\n"
                             "column big bigint\n"
                             "column tags text[]\n"
                             "column times timestamp with time zone[]\n"
                             "column document json\n"
                             "column data jsonb\n"
                             "column place point\n"
                             "column page xml\n"
                             "column words tsvector\n"
                             "column path ltree\n"
                             "column mood mood\n"
                             "column local timestamp without time zone\n"
                             "column owner_id integer\n"
                             "column editor_id integer\n"
                             "column parent integer\n"
                             "primary key id\n"
                             "foreign key owner_id references owners id\n"
                             "foreign key editor_id references owners id\n"
                             "foreign key parent references things id\n"
                             "table parts\n"
                             "column id integer not null\n"
                             "column thing_id integer\n"
                             "column size integer\n"
                             "primary key id\n"
                             "foreign key thing_id references things id\n"
                             "function weight(things things) returns integer stable\n"
                             "function dice(things things) returns integer volatile\n"
                             "function names(things things) returns setof text stable\n"
                             "function spot(things things) returns point stable\n"
                             "function size_of(parts parts) returns integer stable\n";

static const char rest[] =
    "type Query { things(where: F): [Thing!]! }\n"
    "type Thing @table(name: \"things\") { id: ID! owner: Owner @join(column: \"owner_id\") "
    "pieces: [Part!]! @join(column: \"thing_id\") }\n"
    "type Owner @table(name: \"owners\") { id: ID! }\n"
    "type Part @table(name: \"parts\") { id: ID! }\n"
    "interface Node { id: ID! }\n"
    "type Shelf implements Node @table(name: \"owners\") { id: ID! }\n"
    "scalar DateTime\n"
    "scalar JSON\n"
    "enum Mood { sad happy }\n"
    "input Text { eq: String ne: String in: [String!] contains: String iLike: String lt: String }\n"
    "input Number { eq: Int in: [Int!] gte: Int isNull: Boolean }\n"
    "input Nulls { in: [Int] }\n"
    "input Unknown { eq: Int between: [Int!] }\n"
    "input Array { eq: [String] has: String hasAny: [String!] isEmpty: Boolean }\n"
    "input Lists { in: [[String!]!] }\n"
    "input Json { contains: JSON hasKey: String }\n"
    "input Words { matches: String }\n"
    "input Times { has: DateTime }\n"
    "input Named { _eq: Int @operator(name: \"eq\") }\n"
    "input OwnerFilter { name: Text }\n"
    "input PartFilter { size: Number thing: F }\n"
    "input Parts { some: PartFilter every: PartFilter none: PartFilter }\n"
    "input OfTable @table(name: \"parts\") { some: PartFilter }\n"
    "input Nowhere { some: PartFilter }\n";

/* What is found of a filter with this field alone: "" for no misfit; without its place. */
static struct str
find_misfit(const char *field)
{
    struct str sdl = str_format(arena, "%sinput F {\n  %s\n}\n", rest, field);
    struct str found = bind(sdl, tables);
    size_t from = 0;

    if (str_starts_with(found, STR("Query.")) || str_starts_with(found, STR("Thing.")))
        return STR("");
    if (str_find(found, '\n') + 1 < found.len)
        return found;
    while (found.ptr[from] != ' ')
        from++;
    return (struct str){ found.ptr + from + 1, found.len - from - 2 };
}

static void
test_columns_and_operators(void **state)
{
    static const char *const fields[] = {
        "id: ID",
        "owner_id: ID @globalId(of: \"Shelf\")",
        "big: Int",
        "id: Number",
        "name: Text",
        "other: Text @column(name: \"name\")",
        "nameHas: String @column(name: \"name\") @operator(name: \"contains\")",
        "tags: Array",
        "tags: [String]",
        "data: Json",
        "words: Words",
        "mood: Mood",
        "weight: Number @function(name: \"weight\")",
        "heavy: Int @function(name: \"weight\") @operator(name: \"gte\")",
        "id: Named",
        "local: DateTime @column(zone: \"UTC\")",
        "search: String @search(columns: [\"name\", \"collated\"], config: \"english\")",
        "and: [F!] or: [F!] not: F",
        "_and: [F!] @operator(name: \"and\")",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(fields); i++) {
        struct str found = find_misfit(fields[i]);
        bool is_searched = strstr(fields[i], "collated") != NULL;
        if (found.len > 0 && !is_searched)
            fail_msg("%s\n%s", fields[i], found.ptr);
    }
}

static void
test_joined_rows(void **state)
{
    static const char *const fields[] = {
        "owner: OwnerFilter",                             /* as Thing.owner */
        "editor: OwnerFilter",                            /* the foreign key editor_id */
        "boss: OwnerFilter @join(column: \"editor_id\")", /* said */
        "parent: F",                                      /* the foreign key parent */
        "pieces: Parts",                                  /* as Thing.pieces */
        "parts: Parts",                                   /* the table parts */
        "bits: OfTable @join(column: \"thing_id\")",      /* @table(name: "parts") */
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(fields); i++) {
        struct str found = find_misfit(fields[i]);
        if (found.len > 0)
            fail_msg("%s\n%s", fields[i], found.ptr);
    }
}

static void
test_misfits(void **state)
{
    static const struct {
        const char *field, *misfit;
    } cases[] = {
        { "nothing: Int", "F.nothing: table things has no column \"nothing\" to compare with; add "
                          "the column, or name another with @column(name:)." },
        { "id: Text", "" },
        { "collated: Text", "" },
        { "document: String", "F.document: column things.document is json, which has no operator "
                              "\"eq\"; it has isNull." },
        { "place: Number", "" },
        { "page: String",
          "F.page: column things.page is xml, which has no operator \"eq\"; it has isNull." },
        { "path: String", "F.path: column things.path is ltree, whose values only PostgreSQL can "
                          "check; compare with another column." },
        { "id: Nulls",
          "F.id.in: items of the list may be null, but null equals nothing; make it [Int!]." },
        { "id: Unknown", "F.id.between: there is no operator \"between\"; the column has eq, ne, "
                         "in, nin, lt, lte, gt, gte, isNull." },
        { "tags: Lists",
          "F.tags.in: column things.tags is text[], which has no operator \"in\"; it "
          "has eq, ne, lt, lte, gt, gte, isNull, has, hasAll, hasAny, within, "
          "isEmpty." },
        { "tags: String @operator(name: \"hasAny\")",
          "F.tags: it takes a list of values of text, not String." },
        { "times: Times", "F.times.has: times in the array things.times have microseconds, which "
                          "DateTime does not show; compare them as DateTimeMicros." },
        { "mood: Int", "F.mood: it takes one value of mood, not Int." },
        { "size: Int @function(name: \"size_of\")",
          "F.size: there is no function \"size_of\" whose only parameter is a row of things; "
          "create "
          "it, or name another with @function(name:)." },
        { "dice: Int @function(name: \"dice\")",
          "F.dice: function dice is VOLATILE, but a query only reads; declare it STABLE." },
        { "names: String @function(name: \"names\")",
          "F.names: function names returns rows; let it return one value." },
        { "weight: String @function(name: \"weight\") @operator(name: \"contains\")",
          "F.weight: column things.weight is integer, which has no operator \"contains\"; it has "
          "eq, ne, in, nin, lt, lte, gt, gte, isNull." },
        { "weight: Boolean @function(name: \"weight\")",
          "F.weight: it takes one value of integer, not Boolean." },
        { "name: [String!]", "F.name: it takes one value of text, not [String!]." },
        { "name: String @operator(name: \"near\")",
          "F.name: there is no operator \"near\"; the column has eq, ne, in, nin, lt, lte, gt, "
          "gte, "
          "isNull, startsWith, endsWith, contains, like, iEq, iStartsWith, iEndsWith, iContains, "
          "iLike." },
        { "local: DateTime", "F.local: it takes one value of timestamp without time zone, not "
                             "DateTime." },
        { "search: String @search(columns: [\"name\", \"nam\"])",
          "F.search: table things has no column \"nam\" to search; name others with "
          "@search(columns:). Did you mean \"name\"?" },
        { "search: String @search(columns: [\"id\"])",
          "F.search: column things.id is integer, which has no operator \"iContains\"; it has eq, "
          "ne, in, nin, lt, lte, gt, gte, isNull." },
        { "name: ID @globalId(of: \"Shelf\")",
          "F.name: the key in the id is no value of the column; compare with another column." },
        { "big: ID @globalId(of: \"Owner\")",
          "F.big: @globalId(of:) names no type that implements Node; name one that does." },
        { "big: ID @globalId(of: \"Shelf\") @operator(name: \"lt\")",
          "F.big: @globalId is for keys, but this compares no key; remove the directive." },
        { "and: F",
          "F.and: \"and\" takes a list of filters, none of which is null; make it [F!]." },
        { "or: [F]", "F.or: \"or\" takes a list of filters, none of which is null; make it [F!]." },
        { "not: [F!]", "F.not: \"not\" takes one filter; make it F." },
        { "owner: [OwnerFilter!]",
          "F.owner: only \"and\" and \"or\" take a list of filters; make it one OwnerFilter." },
        { "nobody: OwnerFilter",
          "F.nobody: nothing says which rows are meant: no type that shows things has a field "
          "\"nobody\" of one row, and no foreign key has that name; give OwnerFilter "
          "@table(name:)." },
        { "crumbs: Nowhere",
          "F.crumbs: nothing says which rows are meant: no type that shows things has a field "
          "\"crumbs\" of rows, and no table has that name; give Nowhere @table(name:)." },
        { "pieces: PartFilter",
          "F.pieces: nothing says which rows are meant: no type that shows things has a field "
          "\"pieces\" of one row, and no foreign key has that name; give PartFilter "
          "@table(name:)." },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct str found = find_misfit(cases[i].field);
        bool is_several = cases[i].misfit[0] == '\0'; /* one for each operator that it has not */
        if (is_several ? found.len == 0 : !str_equal(found, str_from(cases[i].misfit)))
            fail_msg("%s\n%.*s", cases[i].field, STR_PRINT(found));
    }
}

static void
test_arguments(void **state)
{
    static const struct {
        const char *field, *misfit;
    } cases[] = {
        { "thing(where: OwnerFilter): Thing",
          "2:9 Query.thing(where:): the field shows one row, but a filter may find many; compare "
          "with the columns of a key, or make the field a list.\n" },
        { "all(where: [OwnerFilter!]): [Thing!]!",
          "2:7 Query.all(where:): a filter is one input object; make it OwnerFilter.\n" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct str sdl = str_format(arena, "extend type Query {\n  %s\n}\n%sinput F { id: ID }\n",
                                    cases[i].field, rest);
        assert_string_equal(bind(sdl, tables).ptr, cases[i].misfit);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_columns_and_operators, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_joined_rows, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_misfits, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_arguments, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
