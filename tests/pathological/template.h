/*
 * template.h - large documents from short texts.
 *
 * In a template `<N:text>` stands for N times the text; N is a number, `n` for the
 * number that is asked for, or `*`, as often as a document of so many bytes holds.
 * In the text `%` is the number of the repetition, from 0, and `%+` the next one; `%^` and
 * `%^+` are those of the repetition around it.  All else is as it is: GraphQL has no `<`,
 * `>` and `%` outside of strings and comments.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef PATHOLOGICAL_TEMPLATE_H
#define PATHOLOGICAL_TEMPLATE_H

#include <stddef.h>

#include "base/str.h"

struct arena;

/* The text with `n` for `n`, and for `*` the number that makes it as long as it may be:
 * `maximum` bytes, or a little less.  STR_NONE when it is longer than that. */
struct str template_expand(struct arena *a, const char *template, long n, size_t maximum);

#endif
