/*
 * log_lines.h - the lines of a log of the server.
 *
 * The server writes a line of the event `document` for each request whose document is not trusted,
 * before the line of the event `request`.  That has the id of one that is, or `a text`, or of staff
 * `any text`.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CGI_BIN_LOG_LOG_LINES_H
#define CGI_BIN_LOG_LOG_LINES_H

#include "base/str.h"

struct arena;
struct value;

enum { LOG_LINES_TIME_LENGTH = 24 }; /* 2026-11-29T12:14:03.530Z */

/* Take a line, a JSON object.  It and all that is put into `scratch` is gone after that. */
typedef void log_line_fn(void *context, struct arena *scratch, const struct value *line);

/* Read the file, or standard input for "-", and hand on each line; what is no line of a log, or too
 * long, is left out.  0, or the exit status after saying why it cannot be read. */
int log_lines_read(const char *file, log_line_fn *take, void *context) MUST_CHECK;

/* The text of a member; STR_NONE if there is none. */
struct str log_lines_text(const struct value *line, const char *name);

#endif
