/*
 * mock_seed.h - numbers that follow from names and other numbers, and choose what is
 * made up: the same in every process.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MOCK_SCALAR_MOCK_SEED_H
#define MOCK_SCALAR_MOCK_SEED_H

#include <stdint.h>

#include "base/str.h"

/* Mix a text into a seed. */
uint64_t mock_seed_text(uint64_t seed, struct str text);
/* Mix a number into a seed. */
uint64_t mock_seed_number(uint64_t seed, uint64_t number);

#endif
