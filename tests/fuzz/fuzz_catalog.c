/*
 * fuzz_catalog.c - a catalog that is read is printed, and the print reads as the
 * same; what is not read has one error.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/fuzz/fuzz.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "language/source.h"
#include "catalog/catalog.h"

/* Read and print; STR_NONE when it is not a catalog. */
static struct str
read_and_print(struct arena *a, struct str text)
{
    struct errors errors = { .arena = a };
    struct source source = { STR("catalog"), text };
    struct buf *print = buf_new(a);
    const struct catalog *catalog = catalog_parse(a, &source, &errors);

    if (errors.count != (catalog ? 0 : 1))
        fuzz_fail("there is a catalog, or one error", text, STR_NONE);
    if (!catalog)
        return STR_NONE;
    catalog_print(print, catalog);
    return buf_str(print);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new("input");
    struct str first = read_and_print(a, fuzz_text(a, data, size));

    if (first.ptr) {
        struct str second = read_and_print(a, first);
        if (!second.ptr || !str_equal(first, second))
            fuzz_fail("a printed catalog reads as itself", first, second);
    }
    arena_free(a);
    return 0;
}
