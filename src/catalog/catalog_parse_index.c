/*
 * catalog_parse_index.c - the lines that say what indexes and comparisons can do.
 *
 * SPDX-License-Identifier: MIT
 */
#include "catalog/catalog_parse_internal.h"

void
catalog_parse_type_line(struct catalog_reader *r)
{
    struct catalog *c = r->catalog;
    struct bare_type type = { .name = scan_type(&r->scan) };

    if (scan_accept(&r->scan, "not")) {
        scan_expect(&r->scan, "leakproof");
        GROW(r, c->leaky_types, c->leaky_type_count);
        c->leaky_types[c->leaky_type_count++] = type.name;
        return;
    }
    scan_expect(&r->scan, "lacks");
    type.has_equality = scan_accept(&r->scan, "order");
    if (!type.has_equality)
        scan_expect(&r->scan, "equality");
    GROW(r, c->bare_types, c->bare_type_count);
    c->bare_types[c->bare_type_count++] = type;
}

static void
read_term_words(struct catalog_reader *r, struct index_term *term)
{
    struct scan *s = &r->scan;

    term->operators = scan_accept(s, "by") ? scan_name(s) : STR(INDEX_OPERATORS_BTREE);
    term->is_collated = scan_accept(s, "collated");
    term->is_bytewise = scan_accept(s, "bytewise");
    term->is_descending = scan_accept(s, "desc");
    term->is_nulls_first = term->is_descending;
    if (scan_accept(s, "nulls")) {
        term->is_nulls_first = !term->is_descending;
        scan_expect(s, term->is_nulls_first ? "first" : "last");
    }
}

static struct index_term
read_term(struct catalog_reader *r)
{
    struct index_term term = { .expression = STR_NONE };

    if (scan_accept_byte(&r->scan, '(')) {
        term.expression = scan_name(&r->scan);
        scan_expect_byte(&r->scan, ')');
    } else {
        term.column = catalog_parse_column_name(r, r->table);
    }
    read_term_words(r, &term);
    return term;
}

void
catalog_parse_index(struct catalog_reader *r)
{
    struct table *t = r->table;
    struct index index = { .method = scan_name(&r->scan), .predicate = STR_NONE };

    do {
        struct index_term term = read_term(r);
        GROW(r, index.terms, index.count);
        index.terms[index.count++] = term;
    } while (scan_accept_byte(&r->scan, ','));
    if (scan_accept(&r->scan, "where"))
        index.predicate = scan_name(&r->scan);
    GROW(r, t->indexes, t->index_count);
    t->indexes[t->index_count++] = index;
}
