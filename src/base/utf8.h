/*
 * utf8.h - UTF-8 (RFC 3629).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

/* The offset of the first byte of `s` that is not part of a well-formed
 * character (RFC 3629: no surrogates, no overlong forms, nothing above
 * U+10FFFF), or `s.len` when all is well. */
size_t utf8_check(struct str s);

/* Read the character at `*offset` and move `*offset` past it.  On bytes that
 * are ill-formed return U+FFFD and move by one byte.  `*offset` must be below
 * `s.len`. */
uint32_t utf8_next(struct str s, size_t *offset);

/* Write the character to `out` and return how many bytes it took, 1 to 4. */
size_t utf8_encode(uint32_t character, char out[4]);

/* The most bytes of `s`, up to `most`, that do not end within a character. */
size_t utf8_cut(struct str s, size_t most);

/* The half of a surrogate pair, U+D800 to U+DFFF, that the ill-formed three bytes at `offset`
 * stand for; 0 if they do not. */
uint32_t utf8_surrogate(struct str s, size_t offset);

/* Would a terminal obey the character instead of showing it: a control character, one that
 * separates lines, or one that changes the direction of what follows (UAX 9, 2)? */
bool utf8_is_command(uint32_t character);

/* Characters in `s`, which must be well-formed. */
size_t utf8_length(struct str s);

#endif
