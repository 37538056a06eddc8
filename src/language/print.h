/*
 * print.h - a tree as text again, and as a tree for people.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef LANGUAGE_PRINT_H
#define LANGUAGE_PRINT_H

#include "language/ast.h"

struct buf;

/* Write a node in the language's own syntax, in the one form that the
 * reference implementation's printer gives: two spaces a level, 80 columns for
 * arguments.  Of a document, the text ends without a line end. */
void print_node(struct buf *b, const struct ast_node *node);

/* Write a string as the language has it: quoted, escaped. */
void print_string(struct buf *b, struct str text);
/* Write it as a block, with its line ends as they are. */
void print_block_string(struct buf *b, struct str text);
/* Write the description of a schema's element, and a line end: as a block where
 * a block can mean `text`, else quoted; each line after `indent` spaces. */
void print_description(struct buf *b, struct str text, int indent);

/* Write the tree for people, one node per line: kind, name or text, [start, end). */
void print_ast(struct buf *b, const struct ast_node *node);

#endif
