/*
 * parser_internal.h - the parser, as its files share it: parser_cursor.c (tokens,
 * lists, errors), parser.c (operations, fragments), parser_value.c (values,
 * directives, types), parser_type_system.c (definitions of types).
 *
 * The parser fails stickily: after the first error the current token is
 * TOKEN_EOF and stays it, no further error is added, and every function soon
 * returns; what it returns is then not used.  So productions read as the
 * grammar does, and `failed` is asked where a loop must end and at the end.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef LANGUAGE_PARSER_INTERNAL_H
#define LANGUAGE_PARSER_INTERNAL_H

#include "base/arena.h"
#include "language/ast.h"
#include "language/lexer.h"

struct errors;
struct limits;
struct source;

struct parser {
    struct arena *arena;
    const struct source *source;
    const struct limits *limits;
    struct errors *errors;
    struct lexer lexer;
    struct token token; /* the current one */
    uint32_t last_end;  /* where the one before it ended */
    int token_count, directive_count;
    int nesting; /* open productions that recurse */
    bool failed;
};

/* ---- Errors: once failed, nothing is added ------------------------------- */

/* Fail with `Syntax Error: ...` at a byte of the source. */
void parser_fail(struct parser *p, uint32_t offset, const char *format, ...) PRINTF(3, 4);
/* A token as messages show it. */
struct str parser_describe_token(struct parser *p, const struct token *token);
/* Fail with `Unexpected ...` at a token. */
void parser_fail_token(struct parser *p, const struct token *token);
/* Fail for the bound called `limit`; the format's one argument is its value. */
void parser_fail_limit(struct parser *p, uint32_t offset, const char *limit, int maximum,
                       const char *format);

/* ---- The cursor ---------------------------------------------------------- */

/* Start at the first token of `source`; `limits` may be NULL. */
void parser_start(struct parser *p, struct arena *a, const struct source *source,
                  const struct limits *limits, struct errors *errors);
void parser_advance(struct parser *p);
/* If the current token is of that kind, move on and return true. */
bool parser_accept(struct parser *p, enum token_kind kind);
bool parser_accept_word(struct parser *p, const char *word);
/* Move on, or fail with `Expected ..., found ...`. */
bool parser_expect(struct parser *p, enum token_kind kind);
void parser_expect_word(struct parser *p, const char *word);
/* Is the current token this name? */
bool parser_is_word(const struct parser *p, const char *word);

/* Enter a production that recurses, at the current token, and leave it.  False
 * when the document nests too deeply. */
bool parser_enter(struct parser *p) MUST_CHECK;
void parser_leave(struct parser *p);

/* ---- Nodes and lists ----------------------------------------------------- */

/* A node that begins at `start`; parser_end() ends it after the last token. */
#define PARSER_NEW(p, name, kind, start)                                                           \
    ((struct ast_##name *)parser_new((p), sizeof(struct ast_##name), (kind), (start)))

static inline void *
parser_new(struct parser *p, size_t size, enum ast_kind kind, uint32_t start)
{
    struct ast_node *node = arena_alloc(p->arena, size);

    node->kind = kind;
    node->start = start;
    return node;
}

static inline struct ast_node *
parser_end(struct parser *p, struct ast_node *node)
{
    node->end = p->last_end;
    return node;
}

/* Lists of what `item` parses; what that returns once the parser has failed is
 * not looked at. */

/* item+ close */
const struct ast_node *
parser_read_items(struct parser *p, struct ast_node *item(struct parser *), enum token_kind close);
/* open item+ close */
const struct ast_node *
parser_read_many(struct parser *p, enum token_kind open, struct ast_node *item(struct parser *),
                 enum token_kind close);
/* (open item+ close)? */
const struct ast_node *
parser_read_optional(struct parser *p, enum token_kind open, struct ast_node *item(struct parser *),
                     enum token_kind close);
/* open item* close */
const struct ast_node *
parser_read_any(struct parser *p, enum token_kind open, struct ast_node *item(struct parser *),
                enum token_kind close);
/* separator? item (separator item)* */
const struct ast_node *parser_read_separated(struct parser *p, enum token_kind separator,
                                             struct ast_node *item(struct parser *));

/* ---- Productions --------------------------------------------------------- */

/* Name */
struct str parser_read_name(struct parser *p);
/* OperationType */
enum ast_operation_type parser_read_operation_type(struct parser *p);
/* Value, or Value[Const] */
struct ast_node *parser_read_value(struct parser *p, bool is_const);
/* DefaultValue?: = Value[Const] */
const struct ast_node *parser_read_default(struct parser *p);
/* Variable: $ Name */
struct ast_node *parser_read_variable(struct parser *p);
/* Description?: StringValue */
const struct ast_node *parser_read_description(struct parser *p);
/* Arguments?, or Arguments[Const]? */
const struct ast_node *parser_read_arguments(struct parser *p, bool is_const);
/* Directives?, or Directives[Const]? */
const struct ast_node *parser_read_directives(struct parser *p, bool is_const);
/* Type */
struct ast_node *parser_read_type(struct parser *p);
/* NamedType */
struct ast_node *parser_read_named_type(struct parser *p);

/* A definition of the type system, whose description has been read and whose
 * keyword is the current token.  NULL, with nothing done, if it is none. */
struct ast_node *
parser_read_type_system(struct parser *p, uint32_t start, const struct ast_node *description);
/* TypeSystemExtension, from `extend` on. */
struct ast_node *parser_read_extension(struct parser *p);

#endif
