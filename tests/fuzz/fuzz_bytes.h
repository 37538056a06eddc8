/*
 * fuzz_bytes.h - decisions from the bytes of an input.
 *
 * libFuzzer changes bytes; a generator asks for one decision a byte, so that a
 * small change of the input is a small change of what is made.  After the last
 * byte every decision is the first one: generators put there what ends.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef FUZZ_FUZZ_BYTES_H
#define FUZZ_FUZZ_BYTES_H

#include <stdint.h>

#include "base/str.h"

struct fuzz_bytes {
    const unsigned char *at, *end;
};

struct fuzz_bytes fuzz_bytes(struct str text);
/* One of `count` decisions, up to 256: from 0. */
int fuzz_pick(struct fuzz_bytes *bytes, int count);
/* True once in `count` times; false at the end. */
bool fuzz_once(struct fuzz_bytes *bytes, int count);
/* Eight bytes as a number; 0 for those that are not there. */
uint64_t fuzz_number(struct fuzz_bytes *bytes);

#endif
