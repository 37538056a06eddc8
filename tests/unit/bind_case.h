/*
 * bind_case.h - what the tests of bindings share: a database, a contract, and
 * one field in it.
 *
 * A case is one field, put into a contract around it, and what is found: the
 * line that binding_print() has for it, or the contract's misfits and notes.  The field
 * stands in line 2, after two spaces.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef UNIT_BIND_CASE_H
#define UNIT_BIND_CASE_H

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "language/source.h"
#include "schema/schema.h"
#include "catalog/catalog.h"
#include "binding/binding_print.h"
#include "binder/bind.h"
#include "contract/contract.h"
#include "tests/unit/unit.h"

static const char catalog_text[] =
    "enum mood \"GOOD\" \"BAD\"\n"
    "table users\n"
    "column id bigint not null\n"
    "column username text not null\n"
    "column mood mood\n"
    "column invited_by bigint\n"
    "column profile_id bigint not null\n"
    "primary key id\n"
    "unique username\n"
    "foreign key profile_id references profiles id\n"
    "foreign key invited_by references users id\n"
    "table profiles\n"
    "column id bigint not null\n"
    "column motto text not null\n"
    "primary key id\n"
    "table user_private\n"
    "column user_id bigint not null\n"
    "column email text not null\n"
    "primary key user_id\n"
    "foreign key user_id references users id\n"
    "policy hides rows\n"
    "table links\n"
    "column id integer not null\n"
    "column url text not null\n"
    "column title character varying(80)\n"
    "column created_at timestamp with time zone not null\n"
    "column posted_by bigint\n"
    "column is_hidden boolean not null\n"
    "primary key id\n"
    "foreign key posted_by references users id\n"
    "table votes\n"
    "column id integer not null\n"
    "column user_id bigint not null\n"
    "column link_id integer not null\n"
    "column weight integer not null\n"
    "primary key id\n"
    "unique user_id link_id\n"
    "constraint votes_once user_id link_id\n"
    "constraint votes_weight weight\n"
    "foreign key user_id references users id\n"
    "foreign key link_id references links id\n"
    "table edits\n"
    "column id integer not null\n"
    "column asked_by bigint not null\n"
    "column done_by bigint not null\n"
    "column secret_id bigint not null\n"
    "primary key id\n"
    "foreign key asked_by references users id\n"
    "foreign key done_by references users id\n"
    "foreign key secret_id references user_private user_id\n"
    "table tags\n"
    "column link_id integer not null\n"
    "column name text not null\n"
    "primary key link_id name\n"
    "foreign key link_id references links id\n"
    "table tag_notes\n"
    "column id integer not null\n"
    "column link_id integer not null\n"
    "column name text not null\n"
    "primary key id\n"
    "foreign key link_id name references tags link_id name\n"
    "table hits\n"
    "column url text not null\n"
    "table people\n"
    "column id bigint not null\n"
    "column passport_id bigint not null\n"
    "primary key id\n"
    "foreign key passport_id references passports id\n"
    "table passports\n"
    "column id bigint not null\n"
    "primary key id\n"
    "foreign key id references people id\n"
    "table moments\n"
    "column at timestamp with time zone not null\n"
    "primary key at\n"
    "table notes\n"
    "column id integer not null\n"
    "column at timestamp with time zone not null\n"
    "primary key id\n"
    "foreign key at references moments at\n"
    "table samples\n"
    "column id smallint not null\n"
    "column flag boolean\n"
    "column half real\n"
    "column whole double precision\n"
    "column local timestamp(3) without time zone\n"
    "column world timestamp with time zone\n"
    "column day date\n"
    "column code uuid\n"
    "column price numeric(10,2)\n"
    "column letter character(1)\n"
    "column mood mood\n"
    "primary key id\n"
    "function last_hit() returns hits stable\n"
    "function viewer_has_voted(links links) returns boolean stable\n"
    "function touch(links links) returns boolean volatile\n"
    "function word_count(link links, word text default) returns integer stable\n"
    "function votes_of(links links) returns setof votes stable\n"
    "function me() returns setof users stable\n"
    "function top_links(since timestamp with time zone, at_least integer default) "
    "returns setof links stable\n"
    "function newest() returns links stable\n"
    "function link_count() returns bigint stable\n"
    "function all_urls() returns setof text stable\n"
    "function create_link(url text, title text default) returns links volatile\n"
    "function delete_link(id integer) returns setof links volatile\n"
    "function undo_link(id integer) returns links stable\n"
    "function create_vote(link_id integer) returns votes volatile\n"
    "function create_note() returns notes volatile\n"
    "function create_hit() returns hits volatile\n"
    "function linnet_claim_request(key text, field integer, hash text) returns setof record "
    "volatile\n"
    "function linnet_keep_answer(key text, field integer, answer text, errors text) "
    "returns void volatile\n"
    "function ping() returns boolean volatile\n"
    "function positional(\"\" integer) returns links stable\n"
    "function twice(a integer) returns integer stable\n"
    "function twice(a text) returns integer stable\n"
    "function minus(\"\" integer default, \"\" integer) returns integer stable\n"
    "function most(variadic numbers integer[]) returns integer stable\n";

/* clang-format off */
static const char *const token_auth_arguments[] = { "username", NULL };
static const struct resolver_output token_auth_outputs[] = {
    { "token", OUTPUT_TEXT },
    { "uses", OUTPUT_INT },
    { "isNew", OUTPUT_BOOLEAN },
    { "claims", OUTPUT_JSON },
    { "user", OUTPUT_KEY },
    { NULL, OUTPUT_TEXT },
};
static const char *const verify_arguments[] = { NULL };
static const struct resolver_output verify_outputs[] = {
    { "claims", OUTPUT_JSON },
    { NULL, OUTPUT_TEXT },
};
/* clang-format on */

static const struct resolver_signature token_auth = { "token_auth", token_auth_arguments,
                                                      token_auth_outputs, NULL };
static const struct resolver_signature verify = { "verify", verify_arguments, verify_outputs,
                                                  NULL };
static const struct resolver_signature *const resolvers[] = { &token_auth, &verify, NULL };

static struct arena *arena;

static int
set_up(void **state)
{
    (void)state;
    arena = arena_new("test");
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static void
put_errors(struct buf *b, const struct errors *errors)
{
    for (const struct error *error = errors->first; error; error = error->next) {
        assert_int_equal(error->code, ERROR_VALIDATION_FAILED);
        buf_printf(b, "%u:%u ", error->places->line, error->places->column);
        buf_put(b, error->message);
        buf_byte(b, '\n');
    }
}

/* Bind the contract: what binding_print() has, or the misfits and notes. */
static struct str
bind(struct str sdl, const char *tables)
{
    struct errors errors = { .arena = arena };
    struct source *source = ARENA_NEW(arena, struct source);
    struct buf *b = buf_new(arena);

    source->text = str_from(tables);
    const struct catalog *catalog = catalog_parse(arena, source, &errors);
    struct contract *contract = contract_build(arena, STR("test.graphql"), sdl, &errors);
    bool is_bound =
        catalog && contract && contract_bind(arena, contract, catalog, resolvers, &errors);
    bool has_misfit = false;
    for (const struct error *error = errors.first; error; error = error->next)
        has_misfit |= !error->is_note;
    assert_int_equal(is_bound, !has_misfit);
    if (errors.count == 0)
        binding_print(b, contract->schema);
    else
        put_errors(b, &errors);
    return buf_copy(arena, b);
}

static inline void
assert_bound(const char *sdl, const char *expected)
{
    assert_string_equal(bind(str_from(sdl), catalog_text).ptr, expected);
}

/* The contract that the fields of the cases are put into. */
static const char surroundings[] =
    "type Query { users: [User!]! }\n"
    "type User @table(name: \"users\") { id: ID! }\n"
    "type Profile @table(name: \"profiles\") { id: ID! }\n"
    "type Private @table(name: \"user_private\") { id: ID! @column(name: \"user_id\") }\n"
    "type Link @table(name: \"links\") { id: ID! }\n"
    "type Vote @table(name: \"votes\") { id: ID! }\n"
    "type Edit @table(name: \"edits\") { id: ID! }\n"
    "type Tag @table(name: \"tags\") { name: String! }\n"
    "type TagNote @table(name: \"tag_notes\") { name: String! }\n"
    "type Hit @table(name: \"hits\") { url: String! }\n"
    "scalar DateTime\n"
    "scalar Any\n"
    "enum Mood { GOOD BAD }\n"
    "enum Temper { GOOD CALM }\n"
    "enum Direction { ASC DESC }\n"
    "enum Turn { ASC DESC LEFT }\n"
    "interface Named { name: String! }\n"
    "input LinkOrder @oneOf { createdAt: Direction, name: Direction @column(name: \"title\") }\n"
    "input BadOrder @oneOf { nothing: Direction, id: Turn }\n"
    "input Pair { createdAt: Direction }\n"
    "type Person @table(name: \"people\") { id: ID! }\n"
    "type Passport @table(name: \"passports\") { id: ID! }\n"
    "type Moment @table(name: \"moments\") { at: DateTime! }\n"
    "type Note @table(name: \"notes\") { id: ID! }\n"
    "type Sample @table(name: \"samples\") { id: ID! }\n"
    "type Mutation {\n"
    "  createLink(url: String!): CreateLink @function(name: \"create_link\")\n"
    "  createNote: CreateNote @function(name: \"create_note\")\n"
    "  addNote: Note @function(name: \"create_note\")\n"
    "  logIn(username: String!): LogIn @resolver(name: \"token_auth\")\n"
    "}\n"
    "type CreateLink { id: ID! }\n"
    "type CreateNote { id: ID! }\n"
    "type LogIn { token: String! }\n";

/* Does `line` tell of this field: `Link.url  ...` where `field` is `url: String!`? */
static inline bool
is_line_of(struct str line, const char *parent, const char *field)
{
    size_t length = strcspn(field, "(:");
    struct str subject = str_format(arena, "%s.%.*s  ", parent, (int)length, field);

    return str_starts_with(line, subject);
}

/* What is found of the field when it is one more of the type `parent`. */
static inline struct str
bind_field(const char *parent, const char *field)
{
    struct str sdl =
        str_format(arena, "extend type %s {\n  %s\n}\n%s", parent, field, surroundings);
    struct str found = bind(sdl, catalog_text);

    for (size_t at = 0; at < found.len;) {
        struct str rest = { found.ptr + at, found.len - at };
        size_t length = str_find(rest, '\n');
        if (is_line_of(rest, parent, field))
            return str_copy(arena, (struct str){ rest.ptr, length + 1 });
        at += length + 1;
    }
    return found;
}

struct case_of_field {
    const char *parent, *field, *expected;
};

static inline void
check(const struct case_of_field *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct str found = bind_field(cases[i].parent, cases[i].field);
        if (!str_is(found, cases[i].expected))
            fail_msg("%s.%s\n%s", cases[i].parent, cases[i].field, found.ptr);
    }
}

static inline const struct field *
find_field(const struct schema *schema, const char *type, const char *field)
{
    return schema_find_field(schema, schema_find_type(schema, str_from(type)), str_from(field));
}

#define CHECK(cases) check(cases, ARRAY_LENGTH(cases))

#endif
