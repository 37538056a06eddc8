/*
 * documents.h - documents that are small and would cost much, as templates (template.h).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef PATHOLOGICAL_DOCUMENTS_H
#define PATHOLOGICAL_DOCUMENTS_H

#include "tests/pathological/judge.h"

/* A document with `*` in it is made as long as a document may be. */
struct hostile {
    const char *name;
    enum judge_schema schema;
    const char *reason; /* what it is refused with: a code or limits, one of them; or `valid` */
    const char *template;
};

/* A document that costs no more than so much, however long it is (judge.h). */
struct refusal {
    struct hostile hostile;
    int64_t work;
};

/* What a limit counts: with `n` at the limit, less what the rest of the document has of it,
 * the document is within it, and with one more it is not. */
struct boundary {
    const char *name;
    const char *limit;
    int used; /* by the rest of the document */
    const char *template;
    const char *reason; /* what it is refused with within the limit, or `valid` */
};

/* A schema, a document and its variables that grow together. */
struct growing {
    const char *name;
    const char *sdl, *document, *variables; /* templates with `n`; variables may be "" */
};

extern const struct growing hostile_growing[];
extern const int growing_count;
extern const struct hostile hostile_documents[];
extern const int hostile_count;
extern const struct refusal hostile_refusals[];
extern const int refusal_count;
extern const struct boundary hostile_boundaries[];
extern const int boundary_count;

#endif
