/*
 * fuzz_case.h - a document with variables, from an input.
 *
 * An input that begins with `!` is decisions (fuzz_bytes.h) from which a
 * document is made that is valid for the schema, or nearly, with variables that
 * may fit.  Any other is text in parts: document, variables as JSON, name of the
 * operation, and decisions for whoever wants more.
 *
 * All that a client may choose freely has FUZZ_MARK in it, or is FUZZ_ID: what
 * must not be found in SQL.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef FUZZ_FUZZ_CASE_H
#define FUZZ_FUZZ_CASE_H

#include "base/str.h"
#include "tests/fuzz/fuzz_bytes.h"

struct arena;
struct schema;

#define FUZZ_MARK "zqj"
#define FUZZ_ID   "7770777"

enum { FUZZ_VARIANTS = 2 };

struct fuzz_case {
    struct str document;
    struct str variables[FUZZ_VARIANTS]; /* JSON, or STR_NONE; two sets for one document */
    struct str operation;                /* or STR_NONE */
    struct fuzz_bytes rest;
};

struct fuzz_case fuzz_case(struct arena *a, const struct schema *schema, struct str input);

#endif
