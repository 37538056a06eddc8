/*
 * codec_case.h - codecs for tests: of a scalar's name and a type's, with a small catalog.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef UNIT_CODEC_CASE_H
#define UNIT_CODEC_CASE_H

#include "base/arena.h"
#include "base/error.h"
#include "language/source.h"
#include "codec/codec.h"
#include "tests/unit/unit.h"

static struct arena *arena;
static const struct catalog *catalog;

static int
setup(void **state)
{
    static const struct source source = {
        .name = STR_INIT("test.catalog"),
        .text = STR_INIT("enum rating \"G\" \"PG-13\"\ndomain code character(3)\n"),
    };
    struct errors errors;

    (void)state;
    arena = arena_new("test");
    errors = (struct errors){ .arena = arena };
    catalog = catalog_parse(arena, &source, &errors);
    assert_non_null(catalog);
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

/* `Rating` is an enum, `[Int]` a list, `Big!` is @quoted, `DateTime Z` reads a column as UTC. */
static const struct codec *
make(const char *leaf_name, const char *type_name)
{
    static struct codec_label list[] = {
        { STR_INIT("G"), STR_INIT("G"), STR_INIT("\"G\"") },
        { STR_INIT("PG_13"), STR_INIT("PG-13"), STR_INIT("\"PG_13\"") },
    };
    static const struct codec_labels labels = { list, ARRAY_LENGTH(list), NULL };
    struct str name = str_from(leaf_name);
    struct codec_leaf leaf = { .name = name };

    leaf.is_list = name.ptr[0] == '[';
    if (leaf.is_list)
        leaf.name = (struct str){ name.ptr + 1, name.len - 2 };
    leaf.is_quoted = str_ends_with(leaf.name, STR("!"));
    leaf.name.len -= leaf.is_quoted;
    leaf.is_utc = str_ends_with(leaf.name, STR(" Z"));
    leaf.name.len -= leaf.is_utc ? 2 : 0;
    leaf.labels = str_is(leaf.name, "Rating") ? &labels : NULL;
    return codec_make(arena, &leaf, catalog_get_type(arena, catalog, str_from(type_name)));
}

#endif
