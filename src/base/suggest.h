/*
 * suggest.h - "Did you mean ...?": which known names are close to one that is
 * not known.
 *
 * Distance, threshold, order and words are the reference implementation's
 * (its suggestionList and didYouMean), so that messages agree.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BASE_SUGGEST_H
#define BASE_SUGGEST_H

#include "base/str.h"

struct arena;

/* Keep only those of `names` that are close to `input`, the closest first and each once, as many
 * as are shown, and return how many these are. */
int suggest_close(struct arena *a, struct str input, struct str *names, int count);

/* Order by characters, but runs of digits by their value: `a2` before `a10`. */
int suggest_compare(struct str a, struct str b);

/* ` Did you mean "a", "b", or "c"?` for the first five names, with `what` ("to
 * use an inline fragment on") before them unless it is NULL.  Empty when there
 * are not names. */
struct str suggest_text(struct arena *a, const char *what, const struct str *names, int count);

#endif
