/*
 * diff_log.h - linnet diff --log: which documents of clients a new contract would break.
 *
 * A line of the server's own log names a trusted document, whose text is in the files of the
 * setting `documents`.  A line that has `query` is a request as clients send it, from the log of
 * something else.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CGI_BIN_LOG_DIFF_LOG_H
#define CGI_BIN_LOG_DIFF_LOG_H

#include <stdbool.h>

#include "base/str.h"

struct buf;
struct changes;
struct diff_log;
struct diff_side;
struct invocation;

/* Read the log, and judge what was asked for.  0, or the exit status after saying why not. */
int diff_log_read(const struct invocation *invocation, const char *file,
                  const struct diff_side *before, const struct diff_side *after,
                  const struct changes *changes, struct diff_log **log) MUST_CHECK;

/* Would any of the documents break? */
bool diff_log_breaks(const struct diff_log *log);

/* Write a line for each document that would break, the most frequent first, and one that counts. */
void diff_log_print(struct buf *b, const struct diff_log *log);
/* Write the same as an object. */
void diff_log_write_json(struct buf *b, const struct diff_log *log);

#endif
