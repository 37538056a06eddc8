/*
 * lexer.h - from bytes to tokens (specification, 2.1).
 *
 * White space, line ends, commas, comments and byte order marks are skipped.
 * A lexer is a cursor over a source; it allocates only for strings whose
 * meaning differs from their spelling.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef LANGUAGE_LEXER_H
#define LANGUAGE_LEXER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct arena;
struct buf;
struct errors;
struct source;

/*  constant, what messages call it */
#define TOKENS(X)                                                                                  \
    X(EOF, "<EOF>")                                                                                \
    X(BANG, "\"!\"")                                                                               \
    X(DOLLAR, "\"$\"")                                                                             \
    X(AMP, "\"&\"")                                                                                \
    X(PAREN_OPEN, "\"(\"")                                                                         \
    X(PAREN_CLOSE, "\")\"")                                                                        \
    X(SPREAD, "\"...\"")                                                                           \
    X(COLON, "\":\"")                                                                              \
    X(EQUALS, "\"=\"")                                                                             \
    X(AT, "\"@\"")                                                                                 \
    X(BRACKET_OPEN, "\"[\"")                                                                       \
    X(BRACKET_CLOSE, "\"]\"")                                                                      \
    X(BRACE_OPEN, "\"{\"")                                                                         \
    X(PIPE, "\"|\"")                                                                               \
    X(BRACE_CLOSE, "\"}\"")                                                                        \
    X(NAME, "Name")                                                                                \
    X(INT, "Int")                                                                                  \
    X(FLOAT, "Float")                                                                              \
    X(STRING, "String")                                                                            \
    X(BLOCK_STRING, "BlockString")

enum token_kind {
#define TOKEN_CONSTANT(constant, name) TOKEN_##constant,
    TOKENS(TOKEN_CONSTANT)
#undef TOKEN_CONSTANT
        TOKEN_KIND_COUNT
};

struct token {
    enum token_kind kind;
    uint32_t start, end; /* bytes of the source: [start, end) */
    /* Names and numbers: as written.  Strings: what they mean, in the source or
     * in the lexer's arena.  Punctuators and the end: STR_NONE. */
    struct str text;
};

struct lexer {
    const struct source *source;
    const char *at, *end;  /* `end`: of the text, or the first byte that is not UTF-8 */
    struct arena *arena;   /* for the texts of strings */
    struct errors *errors; /* where the one error goes */
};

/* Start at the beginning of `source`, whose text must be shorter than 4 GiB.  A byte
 * that is not UTF-8 is an error when it is reached. */
void
lexer_start(struct lexer *l, const struct source *source, struct arena *a, struct errors *errors);

/* Read the next token; at the end of the source it is TOKEN_EOF, again and
 * again.  False after adding an error: the lexer must then not be used again. */
bool lexer_next(struct lexer *l, struct token *token) MUST_CHECK;

/* What messages call a kind: `Name`, `"{"`, `<EOF>`. */
const char *lexer_kind_name(enum token_kind kind);
/* Write a token as messages show it: its kind and, if it has one, its text. */
void lexer_print_token(struct buf *b, const struct token *token);

#endif
