/*
 * cache_case.h - a cache of documents of a small contract, made anew for each test.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TESTS_CACHE_CASE_H
#define TESTS_CACHE_CASE_H

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/limits.h"
#include "language/parser.h"
#include "value/value.h"
#include "value/value_coerce.h"
#include "value/value_json.h"
#include "catalog/catalog.h"
#include "contract/contract.h"
#include "plan/plan.h"
#include "planner/operation.h"
#include "document/cache.h"
#include "tests/unit/unit.h"

static const char sdl[] =
    "type Query {\n"
    "  links(first: Int = 10, skip: Int = 0, orderBy: [Order!],\n"
    "        search: String @search(columns: [\"url\"]), where: Where): [Link!]!\n"
    "  link(id: ID!): Link\n"
    "  mine(id: ID!): Link @signedIn\n"
    "}\n"
    "type Link @table(name: \"links\") { id: ID! url: String! }\n"
    "type Mutation { sign(name: String): Signed @resolver(name: \"sign\") }\n"
    "type Signed { ok: Boolean }\n"
    "input Where { id: Int url: Text or: [Where!] not: Where }\n"
    "input Text { eq: String in: [String!] isNull: Boolean }\n"
    "input Order @oneOf { id: Direction url: Direction }\n"
    "enum Direction { ASC DESC }\n";
static const char tables[] = "table links\n"
                             "column id integer not null\n"
                             "column url text not null\n"
                             "primary key id\n";

/* What a test works on, made anew for each. */
static struct arena *arena;
static struct contract *contract;
static struct limits limits;
static struct cache *cache;

static inline int
set_up(void **state)
{
    static const char *const arguments[] = { "name", NULL };
    static const struct resolver_output outputs[] = { { "ok", OUTPUT_BOOLEAN }, { NULL, 0 } };
    static const struct resolver_signature sign = { "sign", arguments, outputs, NULL };
    static const struct resolver_signature *const resolvers[] = { &sign, NULL };
    struct source source = { STR("catalog"), str_from(tables) };

    (void)state;
    arena = arena_new("test");
    struct errors errors = { .arena = arena };
    contract = contract_build(arena, STR("contract"), str_from(sdl), &errors);
    assert_non_null(contract);
    const struct catalog *catalog = catalog_parse(arena, &source, &errors);
    assert_non_null(catalog);
    assert_true(contract_bind(arena, contract, catalog, resolvers, &errors));
    limits = limits_default;
    cache = cache_new(&limits);
    return 0;
}

static inline int
tear_down(void **state)
{
    (void)state;
    cache_free(cache);
    arena_free(arena);
    return 0;
}

static inline struct document *
keep(const char *text)
{
    struct errors errors = { .arena = arena };
    struct document *d = cache_make(cache, contract, str_from(text));

    d->ast = parser_parse(d->arena, &d->source, &limits, &errors);
    assert_non_null(d->ast);
    cache_keep(cache, d);
    cache_release(cache, d, NULL);
    return d;
}

/* The plan of the document's only operation under the variables in `json`, for a request
 * that has to release it. */
static inline const struct plan *
use(struct document *d, const char *json)
{
    struct errors errors = { .arena = arena };
    struct variables variables;
    const struct ast_operation *operation = operation_get(d->ast, STR_NONE, false, &errors);
    const struct value *values = value_json_parse(arena, str_from(json), &limits, &errors);

    assert_true(value_coerce_variables(arena, contract->schema, d->ast, operation, values,
                                       &variables, &errors));
    d->users++; /* as if cache_find() had found it */
    return cache_plan(cache, d, operation, &variables, 0, arena);
}

/* The same, of a request that has ended. */
static inline const struct plan *
plan(struct document *d, const char *json)
{
    const struct plan *p = use(d, json);

    cache_release(cache, d, p);
    return p;
}

static inline bool
is_kept(const char *text)
{
    struct document *d = cache_find(cache, contract, str_from(text));

    if (d)
        cache_release(cache, d, NULL);
    return d != NULL;
}

/* A document that is like no other. */
static inline const char *
another(void)
{
    static int count;

    return str_format(arena, "{ a%d: links { id } }", count++).ptr;
}

#endif
