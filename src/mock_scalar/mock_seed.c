/*
 * mock_seed.c - numbers that follow from names and other numbers.
 *
 * SPDX-License-Identifier: MIT
 */
#include "mock_scalar/mock_seed.h"

/* SplitMix64's finalizer. */
uint64_t
mock_seed_number(uint64_t seed, uint64_t number)
{
    uint64_t z = seed + 0x9e3779b97f4a7c15 * (number + 1);

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

/* FNV-1a. */
uint64_t
mock_seed_text(uint64_t seed, struct str text)
{
    uint64_t hash = 0xcbf29ce484222325 ^ seed;

    for (size_t i = 0; i < text.len; i++)
        hash = (hash ^ (unsigned char)text.ptr[i]) * 0x100000001b3;
    return mock_seed_number(hash, text.len);
}
