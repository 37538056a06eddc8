/*
 * trusted.h - trusted documents: those that the operator has named, so that clients may ask for
 * them by id (GraphQL over HTTP, appendix A, persisted documents).
 *
 * A set of them is made once from the files of the setting `documents`, and never changes.  Two
 * files may have the same document, under one id or two: it is in the set once.  Every document is
 * found by the SHA-256 of its text too, whatever ids it has.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef DOCUMENT_TRUSTED_H
#define DOCUMENT_TRUSTED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct arena;
struct errors;
struct limits;
struct trusted;

/* The most bytes of an id. */
enum { TRUSTED_ID_LENGTH = 256 };

struct trusted_document {
    struct str text;
    struct str hash;               /* the SHA-256 of the text: 64 hexadecimal digits */
    struct str id;                 /* the first that it was given: for people, the log among them */
    struct str file;               /* where it was found first */
    bool is_whole_file;            /* it is all of that file, so that lines are counted in it */
    uint64_t text_hash;            /* str_hash() of the text */
    int place;                     /* where it is counted: trusted_set_places() */
    struct trusted_document *next; /* in the order in which they were added; or NULL */
};

/* An empty set, which lives in the arena. */
struct trusted *trusted_new(struct arena *a, const struct limits *limits);

/* Add a document under an id, or STR_NONE: it has none but its hash.  What `document` points to
 * must live as long as the set; its `text`, `id`, `file` and `is_whole_file` are taken.  NULL when
 * it is in the set now; else what is wrong, a sentence that begins with a small letter, and the
 * set is of no use any more. */
const char *trusted_add(struct trusted *t, const struct trusted_document *document) MUST_CHECK;

/* Set the place of each document, which `find` makes of its id. */
void trusted_set_places(struct trusted *t, int (*find)(struct str id));

/* The first document of the set, or NULL; and how many there are. */
const struct trusted_document *trusted_first(const struct trusted *t);
size_t trusted_count(const struct trusted *t);

/* The document of that id: one that it was added under, `sha256:` and the hash of its text, or that
 * hash alone.  NULL: there is none. */
const struct trusted_document *trusted_find(const struct trusted *t, struct str id);
/* The document of that very text, or NULL. */
const struct trusted_document *trusted_find_text(const struct trusted *t, struct str text);

/* Add what was found of the document, each with where it is: `FILE:2:5: `, or for a document of a
 * manifest `FILE: document ID:2:5: `. */
void trusted_complain(struct errors *errors, const struct trusted_document *document,
                      const struct errors *found);

/* The hash that an id consists of, with or without `sha256:` before it; else STR_NONE. */
struct str trusted_hash_of_id(struct str id);

#endif
