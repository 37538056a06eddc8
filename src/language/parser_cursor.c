/*
 * parser_cursor.c - the parser's current token: moving on, lists, and sticky failure.
 *
 * SPDX-License-Identifier: MIT
 */
#include <assert.h>
#include <limits.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/limits.h"
#include "language/parser_internal.h"
#include "language/source.h"

/* For texts of our own: as much as the stack and the offsets allow. */
static const struct limits no_limits = {
    .document = INT_MAX,
    .tokens = INT_MAX,
    .nesting = 1000,
    .directives = INT_MAX,
};

/* ---- Errors -------------------------------------------------------------- */

/* Stop: from here on the current token is the end. */
static void
give_up(struct parser *p)
{
    p->failed = true;
    p->token = (struct token){ .kind = TOKEN_EOF, .start = p->last_end, .end = p->last_end };
}

void
parser_fail(struct parser *p, uint32_t offset, const char *format, ...)
{
    assert(!p->failed); /* there is one error */

    va_list args;
    va_start(args, format);
    struct str reason = str_vformat(p->arena, format, args);
    va_end(args);

    source_error(p->errors, p->source, offset, ERROR_PARSE_FAILED, "Syntax Error: %.*s",
                 STR_PRINT(reason));
    give_up(p);
}

void
parser_fail_limit(struct parser *p, uint32_t offset, const char *limit, int maximum,
                  const char *format)
{
    if (p->failed)
        return;

    struct error *error = errors_add_limit(p->errors, limit, maximum, format, maximum);
    source_add_place(p->errors, error, p->source, offset);
    give_up(p);
}

struct str
parser_describe_token(struct parser *p, const struct token *token)
{
    struct buf *b = buf_new(p->arena);

    lexer_print_token(b, token);
    return buf_copy(p->arena, b);
}

void
parser_fail_token(struct parser *p, const struct token *token)
{
    if (p->failed)
        return;
    struct str unexpected = parser_describe_token(p, token);
    parser_fail(p, token->start, "Unexpected %.*s.", STR_PRINT(unexpected));
}

/* ---- The cursor ---------------------------------------------------------- */

void
parser_start(struct parser *p, struct arena *a, const struct source *source,
             const struct limits *limits, struct errors *errors)
{
    *p = (struct parser){
        .arena = a,
        .source = source,
        .limits = limits ? limits : &no_limits,
        .errors = errors,
    };

    if (source->text.len > (size_t)p->limits->document) {
        parser_fail_limit(p, (uint32_t)p->limits->document, "document", p->limits->document,
                          "The document has more than %d bytes.");
        return;
    }
    lexer_start(&p->lexer, source, a, errors);
    parser_advance(p);
}

void
parser_advance(struct parser *p)
{
    if (p->failed)
        return;

    p->last_end = p->token.end;
    if (!lexer_next(&p->lexer, &p->token)) {
        give_up(p);
        return;
    }
    if (p->token.kind != TOKEN_EOF && ++p->token_count > p->limits->tokens)
        parser_fail_limit(p, p->token.start, "tokens", p->limits->tokens,
                          "The document has more than %d tokens.");
}

bool
parser_accept(struct parser *p, enum token_kind kind)
{
    if (p->token.kind != kind)
        return false;
    parser_advance(p);
    return true;
}

bool
parser_expect(struct parser *p, enum token_kind kind)
{
    if (parser_accept(p, kind))
        return true;
    if (p->failed)
        return false;
    struct str found = parser_describe_token(p, &p->token);
    parser_fail(p, p->token.start, "Expected %s, found %.*s.", lexer_kind_name(kind),
                STR_PRINT(found));
    return false;
}

bool
parser_is_word(const struct parser *p, const char *word)
{
    return p->token.kind == TOKEN_NAME && str_is(p->token.text, word);
}

bool
parser_accept_word(struct parser *p, const char *word)
{
    if (!parser_is_word(p, word))
        return false;
    parser_advance(p);
    return true;
}

void
parser_expect_word(struct parser *p, const char *word)
{
    if (parser_accept_word(p, word) || p->failed)
        return;
    struct str found = parser_describe_token(p, &p->token);
    parser_fail(p, p->token.start, "Expected \"%s\", found %.*s.", word, STR_PRINT(found));
}

bool
parser_enter(struct parser *p)
{
    if (p->nesting == p->limits->nesting)
        parser_fail_limit(p, p->token.start, "nesting", p->limits->nesting,
                          "The document nests deeper than %d levels.");
    p->nesting++;
    return !p->failed;
}

void
parser_leave(struct parser *p)
{
    assert(p->nesting > 0);
    p->nesting--;
}

/* ---- Lists --------------------------------------------------------------- */

const struct ast_node *
parser_read_items(struct parser *p, struct ast_node *item(struct parser *), enum token_kind close)
{
    const struct ast_node *first = NULL, **last = &first;

    do {
        struct ast_node *node = item(p);
        if (p->failed)
            return NULL;
        *last = node;
        last = &node->next;
    } while (!parser_accept(p, close));
    return first;
}

const struct ast_node *
parser_read_many(struct parser *p, enum token_kind open, struct ast_node *item(struct parser *),
                 enum token_kind close)
{
    return parser_expect(p, open) ? parser_read_items(p, item, close) : NULL;
}

const struct ast_node *
parser_read_optional(struct parser *p, enum token_kind open, struct ast_node *item(struct parser *),
                     enum token_kind close)
{
    return parser_accept(p, open) ? parser_read_items(p, item, close) : NULL;
}

const struct ast_node *
parser_read_any(struct parser *p, enum token_kind open, struct ast_node *item(struct parser *),
                enum token_kind close)
{
    if (!parser_expect(p, open) || parser_accept(p, close))
        return NULL;
    return parser_read_items(p, item, close);
}

const struct ast_node *
parser_read_separated(struct parser *p, enum token_kind separator,
                      struct ast_node *item(struct parser *))
{
    const struct ast_node *first = NULL, **last = &first;

    parser_accept(p, separator);
    do {
        struct ast_node *node = item(p);
        if (p->failed)
            return NULL;
        *last = node;
        last = &node->next;
    } while (parser_accept(p, separator));
    return first;
}
