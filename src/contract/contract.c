/*
 * contract.c - loading a contract: parsed, built, and bound to a catalog.
 *
 * SPDX-License-Identifier: MIT
 */
#include "contract/contract.h"

#include "base/arena.h"
#include "language/parser.h"
#include "language/source.h"
#include "sdl/build.h"
#include "binding/bind.h"

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

bool
contract_bind(struct arena *a, struct contract *contract, const struct catalog *catalog,
              const struct resolver_signature *const *resolvers, struct errors *errors)
{
    if (!bind_schema(a, contract->schema, catalog, resolvers, errors))
        return false;
    contract->catalog = catalog;
    return true;
}

bool
contract_bind_mock(struct arena *a, struct contract *contract, enum mock_values values,
                   struct errors *errors)
{
    contract->is_mock = bind_mock(a, contract->schema, values, errors);
    return contract->is_mock;
}
