/*
 * test_bind_node.c - types with global ids, and the fields and arguments that are such ids.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/unit/bind_case.h"

struct case_of_contract {
    const char *sdl, *expected;
};

/* clang-format off */

static const struct case_of_contract cases[] = {
    { "type Query { a: [A] }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"hits\") { id: ID! }\n",
      "3:6 A: it implements Node, and nothing tells its rows apart; declare a key with "
      "@table(key:).\n"
      "1:14 Query.a: table hits has no primary key, which a list needs for its order; "
      "add one, or name columns that identify a row with @table(key:).\n" },
    { "type Query { a: [A] }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"moments\") { id: ID! }\n",
      "3:6 A: it implements Node, and column moments.at of its key is timestamp with time "
      "zone, of which no id can be made; declare another key with @table(key:).\n" },
    { "type Query { hit: A @function(name: \"last_hit\") }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node { id: ID! }\n",
      "3:6 A: nothing says whose rows the type shows; give it @table(name:), or "
      "@row(of:) for the rows of a function, or return it from a mutation with "
      "@function(name:).\n"
      "3:6 A: it implements Node, whose objects are found by their ids in a table; "
      "give it @table(name:).\n"
      "1:14 Query.hit: A has no table; give it @table(name:).\n" },
    { "type Query { a: [A] }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"nothing\") { id: ID! }\n",
      "3:24 A: there is no table \"nothing\"; create it, or name another with "
      "@table(name:).\n" },
    { "type Query { links: [A] }\n"
      "interface Node @globalId(form: KEY) { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n",
      "3:6 A: the ids of Node have the form KEY, for which the key of each type is one "
      "uuid; choose another form.\n" },
    { "type Query { links: [A] }\n"
      "interface Node @globalId(form: SEALED) { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n",
      "2:16 Node: ids of the form SEALED are not served; choose another.\n" },
    { "type Query { links: [A] }\n"
      "interface Node @globalId(form: PREFIX) { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n",
      "3:6 A: the ids of Node have the form PREFIX; give this type one with "
      "@globalId(prefix:).\n" },
    { "type Query { links: [A] }\n"
      "interface Node @globalId(form: PREFIX) { id: ID! }\n"
      "type A implements Node @table(name: \"links\") @globalId(prefix: \"a-b\") { id: ID! "
      "}\n",
      "3:46 A: a prefix is made of letters, digits and _; choose another with "
      "@globalId(prefix:).\n" },
    { "type Query { links: [A] }\n"
      "interface Node @globalId(form: PREFIX) { id: ID! }\n"
      "type A implements Node @table(name: \"links\") @globalId(prefix: \"a\") { id: ID! }\n"
      "type B implements Node @table(name: \"users\") @globalId(prefix: \"a_b\") { id: ID! "
      "}\n"
      "type C implements Node @table(name: \"votes\") @globalId(prefix: \"a\") { id: ID! }\n"
      "type D implements Node @table(name: \"edits\") @globalId(prefix: \"ab\") { id: ID! "
      "}\n",
      "4:46 B: the ids of A could begin the same way; give one of them another "
      "@globalId(prefix:).\n"
      "5:46 C: the ids of A could begin the same way; give one of them another "
      "@globalId(prefix:).\n" },
    { "type Query { links: [A] }\n"
      "interface Node @globalId(prefix: \"a\") { id: ID! }\n"
      "type A implements Node @table(name: \"links\") @globalId(form: KEY) { id: ID! }\n"
      "type B @table(name: \"users\") @globalId(of: \"A\") { id: ID! }\n",
      "2:16 Node: on the interface Node @globalId has a form:, and on its types a "
      "prefix:.\n"
      "3:46 A: on the interface Node @globalId has a form:, and on its types a "
      "prefix:.\n"
      "4:30 B: on the interface Node @globalId has a form:, and on its types a "
      "prefix:.\n" },
    { "type Query { links: [A] }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") @globalId(prefix: \"a\") { id: ID! }\n"
      "interface Other @globalId(form: KEY) { id: ID! }\n",
      "3:46 A: @globalId(prefix:) is for types that implement Node, if that has "
      "@globalId(form: PREFIX); remove it.\n"
      "4:17 Other: on the interface Node @globalId has a form:, and on its types a "
      "prefix:.\n" },
    { "type Query { links: [A] }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! @column(name: \"id\") }\n",
      "3:56 A.id: the id of a type that implements Node is its global id; remove "
      "@column, and show the column by a field of another name.\n" },
    { "type Query { links: [A] }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! @globalId(of: \"A\") }\n",
      "3:56 A.id: the id of a type that implements Node is its global id; remove "
      "@globalId, and show the column by a field of another name.\n" },
    { "type Query { links: [A] }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! @function(name: "
      "\"viewer_has_voted\") }\n",
      "3:56 A.id: @function is only for an SQL function; remove it.\n" },
    { "type Query { link(id: ID!): A }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n"
      "type T implements Node @table(name: \"tags\") { id: ID! }\n"
      "type Vote @table(name: \"votes\") { x: ID @globalId }\n",
      "5:41 Vote.x: here @globalId says which type the id belongs to; name it with of:.\n" },
    { "type Query { link(id: ID!): A }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n"
      "type T implements Node @table(name: \"tags\") { id: ID! }\n"
      "type Vote @table(name: \"votes\") { x: ID @globalId(of: \"B\") }\n",
      "5:41 Vote.x: @globalId(of:) names no type that implements Node; name one that "
      "does.\n" },
    { "type Query { link(id: ID!): A }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n"
      "type T implements Node @table(name: \"tags\") { id: ID! }\n"
      "type Vote @table(name: \"votes\") { x: ID @globalId(of: \"Node\") }\n",
      "5:41 Vote.x: @globalId(of:) names no type that implements Node; name one that "
      "does.\n" },
    { "type Query { link(id: ID!): A }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n"
      "type T implements Node @table(name: \"tags\") { id: ID! }\n"
      "type Vote @table(name: \"votes\") { x: ID @globalId(of: \"Vote\") }\n",
      "5:41 Vote.x: @globalId(of:) names no type that implements Node; name one that "
      "does.\n" },
    { "type Query { link(id: ID!): A }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n"
      "type T implements Node @table(name: \"tags\") { id: ID! }\n"
      "type Vote @table(name: \"votes\") { x: ID @globalId(of: \"A\", form: KEY) }\n",
      "5:41 Vote.x: here @globalId says which type the id belongs to; name it with of:.\n" },
    { "type Query { link(id: ID!): A }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n"
      "type T implements Node @table(name: \"tags\") { id: ID! }\n"
      "type Vote @table(name: \"votes\") { x: ID @globalId(of: \"A\") }\n",
      "5:35 Vote.x: table votes has no column \"x\" with the key of A; name one with "
      "@column(name:).\n" },
    { "type Query { link(id: ID!): A }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n"
      "type T implements Node @table(name: \"tags\") { id: ID! }\n"
      "type Vote @table(name: \"votes\") { linkId: String @globalId(of: \"A\") }\n",
      "5:50 Vote.linkId: a global id must have the type ID; change the type.\n" },
    { "type Query { link(id: ID!): A }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n"
      "type T implements Node @table(name: \"tags\") { id: ID! }\n"
      "type Vote @table(name: \"votes\") { linkId: [ID] @globalId(of: \"A\") }\n",
      "5:48 Vote.linkId: a global id must have the type ID; change the type.\n" },
    { "type Query { link(id: ID!): A }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n"
      "type T implements Node @table(name: \"tags\") { id: ID! }\n"
      "type Vote @table(name: \"votes\") { linkId: ID! @globalId(of: \"A\") }\n",
      "Query.link  table links (id: equals id by global id of A)\n"
      "A.id  global id of A: links.id\n"
      "T.id  global id of T: tags.(link_id, name)\n"
      "Vote.linkId  global id of A: votes.link_id\n" },
    { "type Query { link(id: ID!): A }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n"
      "type T implements Node @table(name: \"tags\") { id: ID! }\n"
      "type Vote @table(name: \"votes\") { linkId: ID! @globalId(of: \"T\") }\n",
      "5:35 Vote.linkId: column votes.link_id is integer, which is no key of T; name "
      "another with @column(name:).\n" },
    { "type Query { link(id: ID!): A }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n"
      "type T implements Node @table(name: \"tags\") { id: ID! }\n"
      "type Vote @table(name: \"votes\") { x: ID @globalId(of: \"A\") @column(name: "
      "\"weight\") }\n",
      "Query.link  table links (id: equals id by global id of A)\n"
      "A.id  global id of A: links.id\n"
      "T.id  global id of T: tags.(link_id, name)\n"
      "Vote.x  global id of A: votes.weight\n" },
    { "type Query { link(id: ID!): A }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n"
      "type T implements Node @table(name: \"tags\") { id: ID! }\n"
      "type Vote @table(name: \"votes\") { x: ID @globalId(of: \"A\") @column(name: "
      "\"nothing\") }\n",
      "5:35 Vote.x: table votes has no column \"nothing\" with the key of A; name one "
      "with @column(name:).\n" },
    { "type Query { link(id: ID!): A }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n"
      "type T implements Node @table(name: \"tags\") { id: ID! }\n"
      "type User @table(name: \"users\") { x: ID @globalId(of: \"A\") @column(name: "
      "\"username\") }\n",
      "5:35 User.x: column users.username is text, which is no key of A; name another "
      "with @column(name:).\n" },
    { "type Query { link(id: ID!): A }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n"
      "type T implements Node @table(name: \"tags\") { id: ID! }\n"
      "type Link @table(name: \"links\") { ownId: ID! @globalId(of: \"A\") by: ID! "
      "@globalId(of: \"U\") @column(name: \"posted_by\") }\n"
      "type U implements Node @table(name: \"users\") { id: ID! }\n",
      "5:65 Link.by: column posted_by may be null; remove the \"!\".\n" },
    { "type Query { node(id: ID!): Node! }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n",
      "1:14 Query.node: there may be no such object; remove the \"!\" after Node.\n" },
    { "type Query { node(id: ID): Node }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n",
      "1:19 Query.node(id:): it says which objects are found; make it ID!.\n" },
    { "type Query { node(id: Int!): Node }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n",
      "1:19 Query.node(id:): it says which objects are found; make it ID!.\n" },
    { "type Query { nodes(ids: [ID!]!): [Node!]! }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n",
      "1:14 Query.nodes: there may be no such object; remove the \"!\" after Node.\n" },
    { "type Query { nodes(ids: [ID]!): [Node]! }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n",
      "1:20 Query.nodes(ids:): it says which objects are found; make it [ID!]!.\n" },
    { "type Query { nodes(ids: ID!): [Node]! }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n",
      "1:20 Query.nodes(ids:): it says which objects are found; make it [ID!]!.\n" },
    { "type Query { node(id: ID!): Node @order(by: \"id\") }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n",
      "1:34 Query.node: @order is only for a list of rows; remove it.\n" },
    { "type Query { node(id: ID!): Node @exactlyOne }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n",
      "1:34 Query.node: @exactlyOne is only for rows that arguments filter; remove it.\n"
      "1:34 Query.node: @exactlyOne is a choice between two or more arguments that filter, "
      "but the field has 0; add others, or remove it.\n" },
    { "type Query { node(id: ID!, first: Int): Node }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n",
      "1:14 Query.node: each type of Node has its own table, so that one row cannot be "
      "found; make the field a list, or let `id: ID!` be its only argument.\n" },
    { "type Query { node(id: ID! @column(name: \"id\")): Node }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n",
      "1:14 Query.node: each type of Node has its own table, so that one row cannot be "
      "found; make the field a list, or let `id: ID!` be its only argument.\n" },
    { "type Query { nodes: [Node] }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n",
      "Query.nodes  table links of A\n"
      "A.id  global id of A: links.id\n" },
    { "type Query { node(id: ID!): Node @signedIn }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n",
      "Query.node  table links of A (id: global id), signed in\n"
      "A.id  global id of A: links.id\n" },
    { "type Query { node(id: ID!): Node }\n"
      "interface Node { id: ID! }\n",
      "1:14 Query.node: no type implements Node; add one.\n" },
    { "type Query { node(id: ID!): Node }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"hits\") { id: ID! }\n",
      "3:6 A: it implements Node, and nothing tells its rows apart; declare a key with "
      "@table(key:).\n" },
    { "type Query { node(id: ID!): Both }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n"
      "type T implements Node @table(name: \"tags\") { id: ID! }\n"
      "union Both = A | T\n",
      "Query.node  table links of A, table tags of T (id: global id)\n"
      "A.id  global id of A: links.id\n"
      "T.id  global id of T: tags.(link_id, name)\n" },
    { "type Query { node(id: ID!): Both }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n"
      "type T implements Node @table(name: \"tags\") { id: ID! }\n"
      "type Vote @table(name: \"votes\") { id: ID! }\n"
      "union Both = A | Vote\n",
      "1:14 Query.node: each type of Both has its own table, so that one row cannot be "
      "found; make the field a list, or give the type @table(name:) and "
      "@discriminator(column:).\n" },
    { "type Query { link(id: Int!): A }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n"
      "type T implements Node @table(name: \"tags\") { id: ID! }\n",
      "Query.link  table links (id: equals id)\n"
      "A.id  global id of A: links.id\n"
      "T.id  global id of T: tags.(link_id, name)\n" },
    { "type Query { link(id: ID! @globalId(of: \"T\")): A }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n"
      "type T implements Node @table(name: \"tags\") { id: ID! }\n",
      "1:19 Query.link(id:): the key in the id has several columns, so it is not one value; "
      "take its parts as arguments.\n" },
    { "type Query { links(id: ID): [A] }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n"
      "type T implements Node @table(name: \"tags\") { id: ID! }\n",
      "Query.links  table links (id: equals id by global id of A)\n"
      "A.id  global id of A: links.id\n"
      "T.id  global id of T: tags.(link_id, name)\n" },
    { "type Query { links(id: [ID!]): [A] }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n"
      "type T implements Node @table(name: \"tags\") { id: ID! }\n",
      "1:20 Query.links(id:): column id is integer, which does not fit [ID!]; change "
      "one of them.\n" },
    { "type Query { tag(id: ID!): T }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n"
      "type T implements Node @table(name: \"tags\") { id: ID! }\n",
      "Query.tag  table tags (id: equals link_id, name by global id of T)\n"
      "A.id  global id of A: links.id\n"
      "T.id  global id of T: tags.(link_id, name)\n" },
    { "type Query { tags(linkId: ID @globalId(of: \"A\")): [T] }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n"
      "type T implements Node @table(name: \"tags\") { id: ID! }\n",
      "Query.tags  table tags (linkId: equals link_id by global id of A)\n"
      "A.id  global id of A: links.id\n"
      "T.id  global id of T: tags.(link_id, name)\n" },
    { "type Query { tags(linkId: ID @globalId(of: \"T\")): [T] }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n"
      "type T implements Node @table(name: \"tags\") { id: ID! }\n",
      "1:19 Query.tags(linkId:): the key in the id has several columns, so it is not one "
      "value; take its parts as arguments.\n" },
    { "type Query { tags(name: ID @globalId(of: \"A\")): [T] }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n"
      "type T implements Node @table(name: \"tags\") { id: ID! }\n",
      "1:19 Query.tags(name:): the key in the id is integer, but it goes into text; "
      "change one of them.\n" },
    { "type Query { tags(linkId: Int @globalId(of: \"A\")): [T] }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n"
      "type T implements Node @table(name: \"tags\") { id: ID! }\n",
      "1:19 Query.tags(linkId:): a global id must have the type ID; change the type.\n" },
    { "type Query { tags(linkId: ID @globalId(of: \"Nothing\")): [T] }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n"
      "type T implements Node @table(name: \"tags\") { id: ID! }\n",
      "1:19 Query.tags(linkId:): @globalId(of:) names no type that implements Node; "
      "name one that does.\n" },
    { "type Query { both(id: ID): [Node] }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n"
      "type T implements Node @table(name: \"tags\") { id: ID! }\n",
      "1:19 Query.both(id:): it may be the id of an object of several types; make it the only "
      "argument of a field that shows one object.\n" },
    { "type Query { undo(id: ID!): A @function(name: \"undo_link\") }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n"
      "type T implements Node @table(name: \"tags\") { id: ID! }\n",
      "Query.undo  function undo_link(integer) (id: parameter id by global id of A)\n"
      "A.id  global id of A: links.id\n"
      "T.id  global id of T: tags.(link_id, name)\n" },
    { "type Query { undo(id: ID! @column(name: \"id\")): A @function(name: \"undo_link\") "
      "}\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n"
      "type T implements Node @table(name: \"tags\") { id: ID! }\n",
      "Query.undo  function undo_link(integer) (id: parameter id)\n"
      "A.id  global id of A: links.id\n"
      "T.id  global id of T: tags.(link_id, name)\n" },
    { "type Query { sum(numbers: [ID!]! @globalId(of: \"A\")): Int @function(name: "
      "\"most\") }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n"
      "type T implements Node @table(name: \"tags\") { id: ID! }\n",
      "Query.sum  function most(integer[]) (numbers: parameter numbers by global id of "
      "A)\n"
      "A.id  global id of A: links.id\n"
      "T.id  global id of T: tags.(link_id, name)\n" },
    { "type Query { all(first: Int @globalId(of: \"A\")): [A] }\n"
      "interface Node { id: ID! }\n"
      "type A implements Node @table(name: \"links\") { id: ID! }\n"
      "type T implements Node @table(name: \"tags\") { id: ID! }\n",
      "1:18 Query.all(first:): @globalId is only for an argument that is compared with "
      "a column or passed to a function; remove it.\n" },
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
