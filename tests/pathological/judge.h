/*
 * judge.h - what it costs to answer a document, or to refuse it: parsing, validation and,
 * when it is valid, planning; what asks of the schema alone is answered, too.
 *
 * The work is the number of basic blocks that run in the library, which is compiled a second
 * time for it (Makefile.am).  What the C library does is not in it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef PATHOLOGICAL_JUDGE_H
#define PATHOLOGICAL_JUDGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct arena;
struct contract;
struct limits;

/* The contract of sql/schema.graphql, bound to the corpus's catalog; a schema that has all
 * that the language has, bound to values that are made up; and a contract with interfaces
 * and unions, bound. */
enum judge_schema { JUDGE_CONTRACT, JUDGE_RICH, JUDGE_ABSTRACT, JUDGE_SCHEMAS };

struct verdict {
    int64_t work;   /* basic blocks of the library that have run; 0 where none are counted */
    size_t memory;  /* bytes of all arenas */
    size_t written; /* bytes of the answer */
    size_t left;    /* bytes of the heap that were not given back */
    const char
        *reason; /* the code of the first error or, of LIMIT_EXCEEDED, the limit; NULL: none */
    struct str message; /* of the first error; in the arena of judge() */
};

/* Load them, from the root of the source tree; what is wrong with them ends the program. */
const struct contract *const *judge_load(struct arena *a);

/* Judge the document.  What it costs is counted, and so is the same on each machine. */
struct verdict judge(struct arena *a, const struct contract *contract, const struct limits *limits,
                     struct str document);

/* The blocks that run for all that is done once with a schema, a document and its variables, which
 * are a JSON object or empty: built, validated, coerced and planned, without limits. */
int64_t judge_all(struct str sdl, struct str document, struct str variables);

/* The default limits, and the same with those at their most that count what a document has:
 * then no stage is protected by another. */
struct limits judge_lifted(void);

#endif
