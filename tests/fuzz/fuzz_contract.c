/*
 * fuzz_contract.c - a contract is bound to a catalog, or says why not; and what
 * is bound can be printed.
 *
 * The input has two parts, SDL and the catalog; without the second, the catalog
 * of the corpus stands in for it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/fuzz/fuzz.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/limits.h"
#include "language/source.h"
#include "catalog/catalog.h"
#include "binding/binding_print.h"
#include "binder/bind.h"
#include "contract/contract.h"

static const struct catalog *
read_catalog(struct arena *a, struct str text, struct errors *errors)
{
    struct source *source = ARENA_NEW(a, struct source);

    *source = (struct source){ STR("catalog"), text };
    return text.ptr ? catalog_parse(a, source, errors) : fuzz_contract()->catalog;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new("input");
    struct errors errors = { .arena = a, .maximum = limits_default.errors };
    struct str rest = fuzz_text(a, data, size), sdl = fuzz_next_part(&rest);
    const struct catalog *catalog = read_catalog(a, fuzz_next_part(&rest), &errors);
    struct contract *contract = catalog ? contract_build(a, STR("sdl"), sdl, &errors) : NULL;

    if (contract) {
        bool is_bound = fuzz_divide(a, contract, &errors) &&
                        contract_bind(a, contract, catalog, fuzz_resolvers(), &errors);
        if (is_bound != (errors.count == 0))
            fuzz_fail("a contract is bound, or has errors", sdl, STR_NONE);
        if (is_bound)
            binding_print(buf_new(a), contract->schema);
    } else if (errors.count == 0) {
        fuzz_fail("there is a contract, or an error", sdl, STR_NONE);
    }
    arena_free(a);
    return 0;
}
