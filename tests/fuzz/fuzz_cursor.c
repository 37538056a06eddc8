/*
 * fuzz_cursor.c - what a client gives back as a cursor: it is refused, or its cells are what was
 * sealed; and a cell becomes a text that PostgreSQL takes, or none.
 *
 * An input is a text, as a client sends it, and the bytes behind the seal, sealed with the constant
 * key that everybody knows.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include <sodium/crypto_shorthash_siphash24.h>

#include "base/arena.h"
#include "base/base64url.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/utf8.h"
#include "language/source.h"
#include "catalog/catalog.h"
#include "codec/cursor.h"

enum {
    TERMS = 3,
    HEAD = 1 + crypto_shorthash_siphash24_BYTES + 4 /* version, seal, place */
};

static const char *const types[] = {
    "boolean",   "smallint", "integer",
    "bigint",    "real",     "double precision",
    "numeric",   "text",     "bytea",
    "uuid",      "date",     "timestamp with time zone",
    "integer[]", "text[]",   "double precision[]",
    "interval",  "inet",     "int4range",
    "jsonb",     "grade",    "timestamp without time zone",
};

/* A text has no NUL, and is UTF-8. */
static void
check_parameter(struct arena *a, const struct catalog *catalog, struct str cell)
{
    for (size_t i = 0; i < ARRAY_LENGTH(types); i++) {
        const struct column_type *type = catalog_get_type(a, catalog, str_from(types[i]));
        struct str text = cursor_parameter(a, type, cell);
        if (!text.ptr)
            continue;
        if (strlen(text.ptr) != text.len || utf8_check(text) != text.len)
            fuzz_fail("a parameter is a text", cell, text);
    }
}

/* The same cells make the same cursor, as the client had it. */
static void
check_cells(struct arena *a, struct str text, uint32_t place, const struct str *cells)
{
    struct buf *again = buf_new(a);
    uint64_t nulls = 0;

    cursor_encode(again, NULL, place, cells, TERMS);
    struct str read[TERMS];
    if (cursor_decode(a, NULL, place, buf_str(again), read, TERMS) != CURSOR_OK)
        fuzz_fail("what is written can be read", text, buf_str(again));
    for (int i = 0; i < TERMS; i++)
        if (!read[i].ptr != !cells[i].ptr || !str_equal(read[i], cells[i]))
            fuzz_fail("it is what was written", text, buf_str(again));
    for (int i = 0; i < TERMS; i++)
        nulls |= (uint64_t)!cells[i].ptr << i;
    if (cursor_nulls(text, TERMS) != nulls)
        fuzz_fail("the nulls are those of the cells", text, STR_NONE);
}

static void
check_text(struct arena *a, const struct catalog *catalog, uint32_t place, struct str text)
{
    struct str cells[TERMS];

    cursor_nulls(text, TERMS);
    if (cursor_decode(a, NULL, place, text, cells, TERMS) != CURSOR_OK)
        return;
    check_cells(a, text, place, cells);
    for (int i = 0; i < TERMS; i++)
        if (cells[i].ptr)
            check_parameter(a, catalog, cells[i]);
}

/* A cursor of the list with these bytes behind the place. */
static struct str
seal(struct arena *a, uint32_t place, struct str bytes)
{
    static const unsigned char key[crypto_shorthash_siphash24_KEYBYTES];
    unsigned char *cursor = ARENA_ARRAY(a, unsigned char, HEAD + bytes.len);

    cursor[0] = 1;
    for (int i = 0; i < 4; i++)
        cursor[HEAD - 4 + i] = (unsigned char)(place >> (24 - 8 * i));
    memcpy(cursor + HEAD, bytes.ptr, bytes.len);
    crypto_shorthash_siphash24(cursor + 1, cursor + HEAD - 4, 4 + bytes.len, key);
    return base64url_write(a, (struct str){ (const char *)cursor, HEAD + bytes.len });
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct source source = { .name = STR_INIT("types"),
                                          .text = STR_INIT("enum grade low high\n") };
    struct arena *a = arena_new("input");
    struct errors errors = { .arena = a };
    const struct catalog *catalog = catalog_parse(a, &source, &errors);
    uint32_t place = cursor_place(STR("Query.items"));
    struct str text = fuzz_text(a, data, size);

    check_text(a, catalog, place, text);
    check_text(a, catalog, place, seal(a, place, text));
    check_parameter(a, catalog, text);
    arena_free(a);
    return 0;
}
