/*
 * lexer_internal.h - what lexer.c and lexer_string.c share.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef LANGUAGE_LEXER_INTERNAL_H
#define LANGUAGE_LEXER_INTERNAL_H

#include "language/lexer.h"

/* The byte `distance` after `at`, or -1 past the end. */
static inline int
lexer_peek(const struct lexer *l, const char *at, size_t distance)
{
    return distance < (size_t)(l->end - at) ? (unsigned char)at[distance] : -1;
}

/* Add a syntax error at `at`; always false. */
bool lexer_fail(struct lexer *l, const char *at, const char *format, ...) PRINTF(3, 4);

/* The character at `at` as messages show it: `"a"`, `U+00E4`, `<EOF>`; `byte 0xFF` for one
 * that is not UTF-8. */
struct str lexer_describe(struct lexer *l, const char *at);

/* Does more text follow `l->end`, which is not UTF-8? */
bool lexer_is_broken(const struct lexer *l);

/* Fill in the token that ends at `end`, and move past it; always true. */
bool lexer_finish(struct lexer *l, struct token *token, enum token_kind kind, const char *end,
                  struct str text);

/* Read the string, or the block string, that begins at `l->at`. */
bool lexer_read_string(struct lexer *l, struct token *token) MUST_CHECK;
bool lexer_read_block_string(struct lexer *l, struct token *token) MUST_CHECK;

#endif
