/*
 * contract.c - loading a contract: parsed, built, and bound to a catalog.
 *
 * SPDX-License-Identifier: MIT
 */
#include "contract/contract.h"

#include <assert.h>

#include "base/arena.h"
#include "base/error.h"
#include "language/parser.h"
#include "language/source.h"
#include "sdl/build.h"
#include "binder/bind.h"

/* FNV-1a, 64 bits: the same in every process, unlike str_hash(), since a catalog
 * that is kept in a file names the contract that it was checked with. */
static struct str
text_hash(struct arena *a, struct str text)
{
    uint64_t hash = 0xcbf29ce484222325;

    for (size_t i = 0; i < text.len; i++)
        hash = (hash ^ (unsigned char)text.ptr[i]) * 0x100000001b3;
    return str_format(a, "%016llx", (unsigned long long)hash);
}

uint32_t
contract_role(const struct contract *contract, struct str role)
{
    const struct catalog *catalog = contract->catalog;

    if (!catalog || catalog->role_count == 0)
        return 0;
    return catalog_role_bit(catalog, role.ptr ? role : catalog->roles[0]);
}

struct contract *
contract_build(struct arena *a, struct str name, struct str text, struct errors *errors)
{
    struct contract *contract = ARENA_NEW(a, struct contract);
    struct source *source = ARENA_NEW(a, struct source);
    const struct ast_document *document;

    source->name = name;
    source->text = text;
    document = parser_parse(a, source, NULL, errors);
    if (!document)
        return NULL;
    contract->schema = build_schema(a, document, BUILD_BINDINGS, errors);
    contract->hash = text_hash(a, text);
    return contract->schema ? contract : NULL;
}

const struct contract *
contract_seen_by(const struct contract *contract, struct str role)
{
    struct str name = role.ptr ? role : STR("anon");
    int i = 0;

    assert(contract->is_divided); /* or all would see all of it */
    if (!contract->views)
        return contract;
    while (i < contract->role_count && !str_equal(contract->roles[i].role, name))
        i++;
    assert(i < contract->role_count);
    return contract->roles[i].view->contract;
}

struct str
contract_role_or_first(const struct contract *contract, struct str name)
{
    if (!contract->views)
        return STR_NONE;
    for (int i = 1; i < contract->role_count; i++)
        if (str_equal(contract->roles[i].role, name))
            return name;
    return contract->roles[1].role;
}

void
contract_add_finding(const struct contract_view *view, const struct error *found,
                     struct errors *errors)
{
    bool is_one = str_find(view->roles, ',') == view->roles.len;
    struct error *error =
        errors_add(errors, found->code, "as the role%s %.*s see%s it: %.*s", is_one ? "" : "s",
                   STR_PRINT(view->roles), is_one ? "s" : "", STR_PRINT(found->message));

    error->is_note = found->is_note;
    for (const struct place *place = found->places; place; place = place->next)
        error_add_place(errors->arena, error, *place);
}

void
contract_add_findings(const struct contract_view *view, const struct errors *found,
                      struct errors *errors)
{
    for (const struct error *e = found->first; e; e = e->next)
        if (!e->is_note)
            contract_add_finding(view, e, errors);
}

/* What a contract and its views are bound to. */
struct target {
    struct arena *arena;
    const struct catalog *catalog;
    const struct resolver_signature *const *resolvers;
    enum mock_values values;
};

static bool
bind_one(const struct target *target, struct contract *contract, struct errors *errors)
{
    if (!bind_schema(target->arena, contract->schema, target->catalog, target->resolvers, errors))
        return false;
    contract->catalog = target->catalog;
    return true;
}

static bool
bind_one_mock(const struct target *target, struct contract *contract, struct errors *errors)
{
    contract->is_mock = bind_mock(target->arena, contract->schema, target->values, errors);
    return contract->is_mock;
}

typedef bool bind_fn(const struct target *target, struct contract *contract, struct errors *errors);

/* Bind each view, after the whole contract. */
static bool
bind_views(const struct contract *contract, bind_fn *bind, const struct target *target,
           struct errors *errors)
{
    bool is_good = true;

    for (const struct contract_view *view = contract->views; view; view = view->next) {
        struct errors found = { .arena = errors->arena, .maximum = errors->maximum };
        if (view->contract == contract)
            continue;
        is_good = bind(target, view->contract, &found) && is_good;
        contract_add_findings(view, &found, errors);
    }
    return is_good;
}

bool
contract_bind(struct arena *a, struct contract *contract, const struct catalog *catalog,
              const struct resolver_signature *const *resolvers, struct errors *errors)
{
    struct target target = { .arena = a, .catalog = catalog, .resolvers = resolvers };

    return bind_one(&target, contract, errors) && bind_views(contract, bind_one, &target, errors);
}

bool
contract_bind_mock(struct arena *a, struct contract *contract, enum mock_values values,
                   struct errors *errors)
{
    struct target target = { .arena = a, .values = values };

    return bind_one_mock(&target, contract, errors) &&
           bind_views(contract, bind_one_mock, &target, errors);
}
