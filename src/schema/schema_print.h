/*
 * schema_print.h - a schema as SDL.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SCHEMA_SCHEMA_PRINT_H
#define SCHEMA_SCHEMA_PRINT_H

struct buf;
struct schema;

/* Write the schema as SDL, without built-in definitions and without bindings,
 * as the reference implementation's printSchema has it; without a line end at the end. */
void schema_print(struct buf *b, const struct schema *schema);

#endif
