/*
 * test_bind_abstract.c - interfaces and unions, held against a catalog: those
 * of one table, whose discriminator tells the types, and those of several.
 *
 * SPDX-License-Identifier: MIT
 */
#include "bind_case.h"

static const char tables[] = "enum kind task \"NOTE\" \"Event\"\n"
                             "enum mood \"GOOD\" \"BAD\"\n"
                             "enum tone \"LOUD_CRY\" \"soft2\"\n"
                             "table people\n"
                             "column id bigint not null\n"
                             "column name text not null\n"
                             "column created_at timestamp with time zone not null\n"
                             "primary key id\n"
                             "table items\n"
                             "column id bigint not null\n"
                             "column kind kind not null\n"
                             "column sort text not null\n"
                             "column maybe text\n"
                             "column tone tone not null\n"
                             "column number integer not null\n"
                             "column title text not null\n"
                             "column due timestamp with time zone\n"
                             "column created_at timestamp with time zone not null\n"
                             "column owner_id bigint not null\n"
                             "column parent_id bigint\n"
                             "primary key id\n"
                             "foreign key owner_id references people id\n"
                             "foreign key parent_id references items id\n"
                             "table comments\n"
                             "column id bigint not null\n"
                             "column item_id bigint not null\n"
                             "column author_id bigint not null\n"
                             "column author_name text not null\n"
                             "column body text not null\n"
                             "column number bigint not null\n"
                             "column created_at timestamp with time zone not null\n"
                             "primary key id\n"
                             "foreign key item_id references items id\n"
                             "foreign key author_id references people id\n"
                             "table likes\n"
                             "column id integer not null\n"
                             "column person_name text not null\n"
                             "column mood mood not null\n"
                             "column created_at timestamp without time zone not null\n"
                             "primary key id\n"
                             "foreign key person_name references people name\n"
                             "table pokes\n"
                             "column id bigint not null\n"
                             "column person_id integer not null\n"
                             "primary key id\n"
                             "foreign key person_id references people id\n"
                             "table pairs\n"
                             "column a bigint not null\n"
                             "column b bigint not null\n"
                             "primary key a b\n"
                             "function item_of(id bigint) returns items stable\n"
                             "function items_like(title text) returns setof items stable\n"
                             "function add_item(title text) returns items volatile\n";

/* What the cases are put before: types of one table, told by the enum `kind`. */
static const char one_table[] =
    "interface Item @table(name: \"items\") @discriminator(column: \"kind\") { id: ID! }\n"
    "type Task implements Item @table(name: \"items\") { id: ID! due: DateTime }\n"
    "type Note implements Item @table(name: \"items\") { id: ID! title: String! }\n"
    "type Event implements Item @table(name: \"items\") { id: ID! }\n"
    "type Person @table(name: \"people\") { id: ID! }\n"
    "type Comment @table(name: \"comments\") { id: ID! }\n"
    "scalar DateTime\n"
    "enum Direction { ASC DESC }\n";

struct case_of_contract {
    const char *sdl, *expected;
};

/* Check what is found of the lines that begin with the subject, or all that is said. */
static void
check_contracts(const struct case_of_contract *cases, size_t count, const char *rest)
{
    for (size_t i = 0; i < count; i++) {
        struct str found = bind(str_format(arena, "%s\n%s", cases[i].sdl, rest), tables);
        if (!str_starts_with(found, str_from(cases[i].expected)))
            fail_msg("%s\n%s", cases[i].sdl, found.ptr);
    }
}

/* Misfits are compared whole. */
static void
check_misfits(const struct case_of_contract *cases, size_t count, const char *rest)
{
    for (size_t i = 0; i < count; i++) {
        struct str found = bind(str_format(arena, "%s\n%s", cases[i].sdl, rest), tables);
        if (!str_is(found, cases[i].expected))
            fail_msg("%s\n%s", cases[i].sdl, found.ptr);
    }
}

#define CHECK_CONTRACTS(cases, rest) check_contracts(cases, ARRAY_LENGTH(cases), rest)
#define CHECK_MISFITS(cases, rest)   check_misfits(cases, ARRAY_LENGTH(cases), rest)

static void
test_fields_of_one_table(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct case_of_contract cases[] = {
        { "type Query { items(first: Int, title: String): [Item!]! @order(by: \"title\") }",
          "Query.items  table items order by title (first: limit; title: equals title)\n"
          "Item  table items, by kind: task Task, NOTE Note, Event Event\n"
          "Task.id  column items.id\n" },
        { "type Query { item(id: ID!): Item }", "Query.item  table items (id: equals id)\n" },
        { "type Query { task(id: ID!): Task }", "Query.task  table items (id: equals id)\n" },
        { "type Query { item(id: ID!): Item @function(name: \"item_of\") }",
          "Query.item  function item_of(bigint) (id: parameter id)\n" },
        { "type Query { items(title: String!): [Item!]! @function(name: \"items_like\") }",
          "Query.items  function items_like(text) (title: parameter title)\n" },
        { "type Query { tasks(title: String!): [Task!]! @function(name: \"items_like\") }",
          "Query.tasks  function items_like(text) (title: parameter title)\n" },
        { "type Reply @table(name: \"comments\") { item: Item! task: Task }\n"
          "type Query { replies: [Reply!]! }",
          "Reply.item  join items on items.id = comments.item_id\n"
          "Reply.task  join items on items.id = comments.item_id\n" },
        { "extend type Person { items: [Item!]! tasks(first: Int): [Task!]! }\n"
          "type Query { people: [Person!]! }",
          "Query.people  table people\n"
          "Item  table items, by kind: task Task, NOTE Note, Event Event\n" },
        { "type Query { task: Task @function(name: \"item_of\") }\n",
          "1:25 Query.task: no argument supplies parameter 1 (id) of function item_of, which has "
          "no default; add the argument.\n" },
        { "type Reply @table(name: \"comments\") { task: Task! }\n"
          "type Query { replies: [Reply!]! }",
          "1:39 Reply.task: the row of items may have another type than Task; "
          "remove the \"!\".\n" },
        { "type Mutation { logIn(username: String!): LogIn @resolver(name: \"token_auth\") }\n"
          "type LogIn { user: Item }\ntype Query { people: [Person!]! }",
          "Mutation.logIn  resolver token_auth (username: parameter)\n"
          "LogIn.user  join items on items.id = output user of token_auth\n" },
        { "type Mutation { logIn(username: String!): LogIn @resolver(name: \"token_auth\") }\n"
          "type LogIn { user: Any }\ntype Query { people: [Person!]! }\n"
          "union Any = Person | Comment",
          "2:14 LogIn.user: the field has no resolver: nothing says where Any comes from; give its "
          "type @table(name:).\n" },
        { "type AddItem { title: String! item: Item @join(column: \"id\") children: [Item!]! }\n"
          "type Mutation { add(title: String!): AddItem @function(name: \"add_item\") }\n"
          "type Query { people: [Person!]! }",
          "AddItem.title  column items.title\n"
          "AddItem.item  join items on items.id = items.id\n"
          "AddItem.children  join items on items.parent_id = items.id\n" },
        { "type Query { item: Item! @function(name: \"item_of\") }",
          "1:14 Query.item: there may be no such row; remove the \"!\" after Item.\n" },
        { "type Query { a: Item }\n",
          "1:14 Query.a: several rows of items may match, but the field shows one; make the "
          "required arguments cover a unique key, use @exactlyOne over unique columns, or make "
          "the field a list.\n" },
    };
    /* clang-format on */

    CHECK_CONTRACTS(cases, one_table);
}

/* Its types' fields have resolvers, and its own have none. */
static void
test_directives_in_interfaces(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct case_of_contract cases[] = {
        { "interface Named { name: String! @column(name: \"title\") }\ntype Query { a: [Task] }",
          "1:33 Named.name: @column has no effect on an interface's field; write it on the fields "
          "of its types.\n" },
        { "interface Named {\n many(s: String @search(columns: [\"name\"])): [Task] @deprecated }\n"
          "type Query { a: [Task] }",
          "2:17 Named.many: @search has no effect on an interface's field; write it on the fields "
          "of its types.\n" },
    };
    /* clang-format on */

    CHECK_MISFITS(cases, one_table);
}

static void
test_labels(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct case_of_contract fitting[] = {
        { "union Any @table(name: \"items\") @discriminator(column: \"sort\") = BlogPost | B",
          "Any  table items, by sort: blog_post BlogPost, Bee B\n" },
        { "union Any @table(name: \"items\") @discriminator(column: \"tone\") = LoudCry | Soft2\n"
          "union Some @table(name: \"items\") @discriminator(column: \"sort\") = B\n"
          "type LoudCry @table(name: \"items\") { id: ID! }\n"
          "type Soft2 @table(name: \"items\") { id: ID! }",
          "Any  table items, by tone: LOUD_CRY LoudCry, soft2 Soft2\n" },
        { "union Any = BlogPost | B\n"
          "extend union Any @table(name: \"items\")\n"
          "extend union Any @discriminator(column: \"sort\")\n",
          "Any  table items, by sort: blog_post BlogPost, Bee B\n" },
        { "union Any @table(name: \"items\") @discriminator(column: \"sort\") = BlogPost | B\n"
          "union Other @table(name: \"items\") @discriminator(column: \"sort\") = B",
          "Any  table items, by sort: blog_post BlogPost, Bee B\n"
          "Other  table items, by sort: Bee B\n" },
    };
    static const struct case_of_contract misfits[] = {
        { "union Any @table(name: \"items\") @discriminator(column: \"sort\") = B | Nil\n"
          "type Nil @table(name: \"items\") @variant(value: \"a\\u0000\") { id: ID! }",
          "2:32 Nil: a text of the database cannot contain U+0000; give another with "
          "@variant(value:).\n" },
        { "union Any @table(name: \"items\") = BlogPost",
          "1:11 Any: nothing says which type a row has; add @discriminator(column:), or "
          "remove @table, and give each type a table of its own.\n"
          "4:37 B: no interface or union with @discriminator has the type; remove @variant.\n" },
        { "union Any @discriminator(column: \"sort\") = BlogPost | B",
          "1:11 Any: the table of this column is missing; add @table(name:).\n"
          "4:37 B: no interface or union with @discriminator has the type; remove @variant.\n" },
        { "union Any @table(name: \"things\") @discriminator(column: \"sort\") = B",
          "1:11 Any: there is no table \"things\"; create it, or name another with @table(name:).\n"
          "4:37 B: no interface or union with @discriminator has the type; remove @variant.\n" },
        { "union Any @table(name: \"items\") @discriminator(column: \"type\") = B",
          "1:33 Any: table items has no column \"type\" to tell the types of its rows apart; name "
          "another with @discriminator(column:).\n"
          "4:37 B: no interface or union with @discriminator has the type; remove @variant.\n" },
        { "union Any @table(name: \"items\") @discriminator(column: \"number\") = B",
          "1:33 Any: column items.number is integer, and a discriminator must be a text or an "
          "enum.\n"
          "4:37 B: no interface or union with @discriminator has the type; remove @variant.\n" },
        { "union Any @table(name: \"items\") @discriminator(column: \"maybe\") = B",
          "1:33 Any: column items.maybe may be null, but a discriminator must not; declare it NOT "
          "NULL.\n"
          "4:37 B: no interface or union with @discriminator has the type; remove @variant.\n" },
        { "union Any @table(name: \"items\") @discriminator(column: \"sort\") = B | Person",
          "1:33 Any: its type Person does not have the table items; give it the same "
          "@table(name:).\n" },
        { "union Any @table(name: \"items\") @discriminator(column: \"sort\") = B | Payload",
          "1:33 Any: its type Payload does not have the table items; give it the same "
          "@table(name:).\n" },
        { "union Any @table(name: \"items\") @discriminator(column: \"sort\") = B | Bee\n"
          "type Bee @table(name: \"items\") @variant(value: \"Bee\") { id: ID! }",
          "2:32 Bee: \"Bee\" is already the label of B; give each its own with "
          "@variant(value:).\n" },
        { "union Any @table(name: \"items\") @discriminator(column: \"sort\") = B\n"
          "union Other @table(name: \"items\") @discriminator(column: \"kind\") = B",
          "2:35 Other: type B has the discriminator sort elsewhere; use the same column in both "
          "places.\n" },
        { "union Any @table(name: \"items\") @discriminator(column: \"kind\") = B | Task | Event\n"
          "type Task @table(name: \"items\") { id: ID! }\n"
          "type Event @table(name: \"items\") { id: ID! }",
          "6:37 B: kind has no label \"Bee\"; name one that it has with @variant(value:).\n"
          "1:33 Any: column items.kind may hold \"NOTE\", but none of its types has this "
          "label; give it to one with @variant(value:).\n" },
        { "interface Any @table(name: \"items\") @discriminator(column: \"kind\") { id: ID! }",
          "1:37 Any: no type implements it; add one, or remove @table.\n"
          "4:37 B: no interface or union with @discriminator has the type; remove @variant.\n" },
    };
    static const char rest[] =
        "type Query { people: [Person!]! }\n"
        "type BlogPost @table(name: \"items\") { id: ID! }\n"
        "type B @table(name: \"items\")        @variant(value: \"Bee\") { id: ID! }\n"
        "type Person @table(name: \"people\") { id: ID! }\n"
        "type Mutation { add(title: String!): Payload @function(name: \"add_item\") }\n"
        "type Payload { id: ID! }\n";
    /* clang-format on */

    for (size_t i = 0; i < ARRAY_LENGTH(fitting); i++) {
        struct str found = bind(str_format(arena, "%s\n%s", fitting[i].sdl, rest), tables);
        assert_non_null(strstr(found.ptr, fitting[i].expected));
    }
    CHECK_MISFITS(misfits, rest);
}

static void
test_fields_of_several_tables(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct case_of_contract cases[] = {
        { "type Query { all(first: Int, skip: Int): [Any!]! }\nunion Any = Person | Comment",
          "Query.all  table people of Person, table comments of Comment (first: limit; skip: "
          "offset)\n" },
        { "type Query { all(s: String @search(columns: [\"name\", \"body\", \"author_name\"])): "
          "[Any] "
          "@order(by: \"created_at DESC\") }\nunion Any = Person | Comment",
          "Query.all  table people of Person, table comments of Comment order by created_at desc "
          "(s: search people name "
          "or comments body, author_name)\n" },
        { "type Query { all(orderBy: [By!], createdAt: DateTime): [Any] }\n"
          "union Any = Person | Comment | Task input By @oneOf { createdAt: Direction }",
          "Query.all  table people of Person, table comments of Comment, table items of Task "
          "(orderBy: order by created_at; "
          "createdAt: equals created_at)\n" },
        { "type Query { all: [Some] } union Some = Task | Note", "Query.all  table items of "
        "Task, table "
          "items of Note\n" },
        { "type Author @table(name: \"people\") { feed(first: Int): [Any!]! @order(by: "
          "\"created_at\") }\n"
          "type Query { authors: [Author!]! }\nunion Any = Comment | Task",
          "Author.feed  join comments on comments.author_id = people.id of Comment, join items on "
          "items.owner_id = people.id of Task order by created_at (first: limit)\n" },
    };
    static const struct case_of_contract misfits[] = {
        { "type Query { one(id: ID!): Any }\nunion Any = Person | Comment",
          "1:14 Query.one: each type of Any has its own table, so that one row cannot be found; "
          "make the field a list, or give the type @table(name:) and @discriminator(column:).\n" },
        { "type Query { all: [Any] }\ninterface Any { id: ID! }",
          "1:14 Query.all: no type implements Any; add one.\n" },
        { "type Query { all: [Any] }\nunion Any = Person | Payload\n"
          "type Mutation { add(title: String!): Payload @function(name: \"add_item\") }\n"
          "type Payload { id: ID! }",
          "1:14 Query.all: Payload, one of the types of Any, has no table; give it "
          "@table(name:).\n" },
        { "type Query { all: [Any] }\nunion Any = Person | Human\n"
          "type Human @table(name: \"people\") { id: ID! }",
          "1:14 Query.all: Person and Human show the same rows of people; tell them apart by "
          "giving Any the table and a @discriminator(column:).\n" },
        { "type Query { all: [Any] }\nunion Any = Task | Thing\n"
          "type Thing @table(name: \"items\") { id: ID! }",
          "1:14 Query.all: Task and Thing show the same rows of items; tell them apart by giving "
          "Any the table and a @discriminator(column:).\n" },
        { "type Query { all: [Any] @order(by: \"created_at, body\") }\nunion Any = Person | "
          "Comment",
          "1:25 Query.all: table people has no column \"body\" to order by; name columns that it "
          "has, separated by commas.\n" },
        { "type Query { all: [Any] @order(by: \"created_at\") }\nunion Any = Person | Like\n"
          "type Like @table(name: \"likes\") { id: ID! }",
          "1:14 Query.all: rows of one list are ordered by one kind of value: column created_at of "
          "people is timestamp with time zone, and column created_at of likes is timestamp without "
          "time zone; they must be of one type.\n" },
        { "type Query { all(orderBy: By): [Any] }\nunion Any = Person | Like\n"
          "type Like @table(name: \"likes\") { id: ID! }\n input By @oneOf { createdAt: "
          "Direction }",
          "1:18 Query.all(orderBy:): rows of one list are ordered by one kind of value: column "
          "created_at of people is timestamp "
          "with time zone, and column created_at of likes is timestamp without time zone; they "
          "must "
          "be of one type.\n" },
        { "type Query { all(id: ID): [Any] }\nunion Any = Person | Like\n"
          "type Like @table(name: \"likes\") { id: ID! }",
          "1:18 Query.all(id:): one value is for all: column id of people is bigint, and column id "
          "of likes is integer; they must be of one type.\n" },
        { "type Query { all(body: String): [Any] }\nunion Any = Person | Comment",
          "1:18 Query.all(body:): table people has no column \"body\" to compare with; add the "
          "column, or name another with @column(name:).\n" },
        { "type Query { all(s: String @search(columns: [\"name\"])): [Any] }\n"
          "union Any = Person | Comment",
          "1:18 Query.all(s:): table comments has none of the columns that are searched; name one "
          "that it has with @search(columns:).\n" },
        { "type Query { all(s: String @search(columns: [\"name\", \"body\", \"age\"])): [Any] }\n"
          "union Any = Person | Comment",
          "1:18 Query.all(s:): no table of Any has a column \"age\" to search; name others with "
          "@search(columns:).\n" },
        { "type Query { all(first: String): [Any] }\nunion Any = Person | Comment",
          "1:18 Query.all(first:): a number of rows must be an Int, not String.\n" },
        { "type Query { all(title: String!): [Any] @function(name: \"items_like\") }\nunion Any "
          "= Person | Comment",
          "1:14 Query.all: Any has no table; give it "
          "@table(name:).\n" },
        { "type Author @table(name: \"people\") { all: [Any] }\ntype Query { a: [Author] }\n"
          "union Any = Comment | Like\ntype Like @table(name: \"likes\") { id: ID! }",
          "1:38 Author.all: column id of people joins comments, but column name joins likes; all "
          "rows of one list must join the same column.\n" },
        { "type Author @table(name: \"people\") { all: [Any] }\ntype Query { a: [Author] }\n"
          "union Any = Comment | Pair\ntype Pair @table(name: \"pairs\") { a: ID! }",
          "1:38 Author.all: no foreign key joins people and pairs; add one, or name the columns "
          "with @join(column:, to:).\n" },
        { "type Author @table(name: \"people\") { all: [Any] @through(table: \"likes\") }\n"
          "type Query { a: [Author] }\nunion Any = Comment | Like\n"
          "type Like @table(name: \"likes\") { id: ID! }",
          "1:49 Author.all: rows of several tables cannot be joined by @through; remove it, "
          "or make the field a list of one type.\n" },
        { "type Author @table(name: \"people\") { all: [Any] }\ntype Query { a: [Author] }\n"
          "union Any = Comment | Poke\ntype Poke @table(name: \"pokes\") { id: ID! }",
          "1:38 Author.all: it is joined by columns of one type: column author_id of comments is "
          "bigint, and column person_id of pokes is integer; they must be of one type.\n" },
        { "type Author @table(name: \"people\") { any: Any }\ntype Query { a: [Author] }\n"
          "union Any = Comment | Task",
          "1:38 Author.any: each type of Any has its own table, so that one row cannot be found; "
          "make the field a list, or give the type @table(name:) and @discriminator(column:).\n" },
        { "type Query { a: [Person] }\nunion Any = Comment | Task\n"
          "type Mutation { add(title: String!): [Any] }",
          "3:17 Mutation.add: a mutation needs @function, @insert or @resolver.\n" },
    };
    /* clang-format on */

    CHECK_CONTRACTS(cases, one_table);
    CHECK_MISFITS(misfits, one_table);
}

/* An interface that no field shows may have types of any tables. */
static void
test_interfaces_that_no_field_shows(void **state)
{
    (void)state;
    struct str found =
        bind(STR("type Query { people: [Human!]! }\n"
                 "interface Node { id: ID! }\n"
                 "type Human implements Node @table(name: \"people\") { id: ID! }\n"
                 "type Person implements Node @table(name: \"people\") { id: ID! }\n"),
             tables);

    assert_string_equal(found.ptr, "Query.people  table people\n"
                                   "Human.id  global id of Human: people.id\n"
                                   "Person.id  global id of Person: people.id\n");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_fields_of_one_table, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_directives_in_interfaces, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_labels, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_fields_of_several_tables, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_interfaces_that_no_field_shows, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
