/*
 * fuzz_bytes.c - decisions from the bytes of an input.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/fuzz/fuzz_bytes.h"

struct fuzz_bytes
fuzz_bytes(struct str text)
{
    struct str some = text.ptr ? text : STR("");
    const unsigned char *start = (const unsigned char *)some.ptr;

    return (struct fuzz_bytes){ start, start + some.len };
}

int
fuzz_pick(struct fuzz_bytes *bytes, int count)
{
    return bytes->at < bytes->end ? *bytes->at++ % count : 0;
}

bool
fuzz_once(struct fuzz_bytes *bytes, int count)
{
    return fuzz_pick(bytes, count) == count - 1;
}

uint64_t
fuzz_number(struct fuzz_bytes *bytes)
{
    uint64_t number = 0;

    for (int i = 0; i < 8; i++)
        number = number << 8 | (uint64_t)fuzz_pick(bytes, 256);
    return number;
}
