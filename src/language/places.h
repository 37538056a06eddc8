/*
 * places.h - lines and columns of one text, many times.
 *
 * source_place() reads the source from its start, and a text that is wrong
 * everywhere asks for thousands of places.  Here the source is read once,
 * with a mark every few hundred bytes to begin from.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef LANGUAGE_PLACES_H
#define LANGUAGE_PLACES_H

#include <stdint.h>

#include "base/error.h"

struct arena;
struct source;

struct places;

/* Nothing is read before the first place is asked for. */
struct places *places_new(struct arena *a, const struct source *source);

/* Line and column of a byte. */
struct place places_find(struct places *p, uint32_t offset);

#endif
