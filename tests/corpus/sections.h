/*
 * sections.h - the text format of tests/corpus: cases of a title and named
 * sections, read and written.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CORPUS_SECTIONS_H
#define CORPUS_SECTIONS_H

#include "base/str.h"

struct arena;
struct buf;

enum { SECTIONS_MAXIMUM = 16 };

struct section {
    struct str name;
    struct str text;
};

struct sections {
    struct str title;
    struct section list[SECTIONS_MAXIMUM];
    int count;
};

/* All of a file; what cannot be read ends the program. */
struct str sections_read_file(struct arena *a, const char *name);
/* Write all of it; what cannot be written ends the program. */
void sections_write_file(const char *name, struct str text);
/* Take the lines before the first case off `rest`. */
struct str sections_read_preamble(struct str *rest);
/* Take the next case off `rest`, which begins with its title. */
void sections_read(struct sections *s, struct str *rest);
/* The section of that name, or NULL. */
struct section *sections_find(struct sections *s, const char *name);
/* Write a case, an empty line between it and what stands before. */
void sections_write(struct buf *out, const struct sections *s);

#endif
