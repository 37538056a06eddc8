/*
 * places.h - lines and columns of many places in one text.
 *
 * source_place() reads the source from its start for each place, which is slow
 * for a text with thousands of errors.  Here the source is read once, with a
 * mark every few hundred bytes to begin from.
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

/* The source is read as far as the places that are asked for, and must live as long. */
struct places *places_new(struct arena *a, const struct source *source);

/* Line and column of a byte. */
struct place places_find(struct places *p, uint32_t offset);

#endif
