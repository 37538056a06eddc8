/*
 * web.h - the configuration of a web server as a tree of directives: nginx's and Apache's are read
 * into the same one.
 *
 * Files that are included take the place of the directive that includes them.  No more is known of
 * what directives mean than the checks need: Apache's sections that begin with `If` are taken to
 * hold, and of nginx's, blocks in other languages are passed over.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef WEB_CONFIG_WEB_H
#define WEB_CONFIG_WEB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct arena;

enum {
    WEB_FILES = 1000,           /* most that are read, and */
    WEB_DEPTH = 32,             /* how deep they include each other, and blocks nest */
    WEB_FILE_MAXIMUM = 4 << 20, /* bytes of one; also of what `nginx -T` prints */
    WEB_WORDS = 512             /* most words of a directive; what follows is left out */
};

struct web_directive {
    struct str name;
    const struct str *words; /* its arguments, without quotes */
    int word_count;
    struct web_directive *parent, *first, *last, *next; /* a block's directives, in order */
    const char *file;
    int line; /* from 1 */
};

/* Read nginx's main file and what it includes, or what `nginx -T` has printed.  NULL when that
 * fails: `*message` says why, with the file. */
const struct web_directive *
web_read_nginx(struct arena *a, const char *path, struct str *message) MUST_CHECK;
/* The same of Apache's. */
const struct web_directive *
web_read_apache(struct arena *a, const char *path, struct str *message) MUST_CHECK;

/* The directive behind that one, in the order of the text, blocks before what follows them; NULL at
 * the end of `root`. */
const struct web_directive *
web_next(const struct web_directive *root, const struct web_directive *at);
/* The first directive of that name in the block; NULL: there is none.  Names have no case. */
const struct web_directive *web_child(const struct web_directive *block, const char *name);
/* The one that counts at a place: the last of that name in the innermost block around it. */
const struct web_directive *web_find(const struct web_directive *at, const char *name);
/* The innermost block of that name around a place, or NULL. */
const struct web_directive *web_around(const struct web_directive *at, const char *name);
/* Its argument, counted from 0; STR_NONE: it has fewer, or there is no directive. */
struct str web_word(const struct web_directive *directive, int number);
bool web_has_word(const struct web_directive *directive, const char *word);
/* `file:line`. */
const char *web_place(struct arena *a, const struct web_directive *directive);

/* nginx's sizes, `256k`, in bytes, and times, `1m 30s` or `500ms`, in milliseconds; -1: it is none.
 * Apache's numbers are read as well. */
int64_t web_size(struct str text);
int64_t web_time(struct str text);

/* --- for the readers alone --- */

struct web_directive *web_add(struct arena *a, struct web_directive *block, struct str name,
                              const struct str *words, int word_count, const char *file, int line);

#endif
