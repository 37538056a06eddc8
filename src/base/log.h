/*
 * log.h - what the operator must know: one JSON object a line, on stderr.
 *
 * Values are escaped and cut at 256 bytes; no variables, no tokens, no
 * passwords.  A log that cannot be written stops nothing.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdint.h>

#include "base/str.h"

enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG };

/* What is below this level is dropped. Default: LOG_INFO. */
void log_set_level(enum log_level level);
/* The level of that name ("error", "warning", "info", "debug"); false if none. */
bool log_find_level(struct str name, enum log_level *level) MUST_CHECK;
bool log_wants(enum log_level level);
/* Where lines go; default: standard error. */
void log_set_descriptor(int descriptor);
/* Keep the lines of this thread's log_event() of LOG_INFO and below, up to 4 kB of them (PIPE_BUF),
 * and write them together; any other line is written at once, behind them.  What is kept is lost
 * with the process: call log_flush() before long, and log_hold(false) at the end. */
void log_hold(bool is_wanted);
void log_flush(void);
bool log_is_held(void);
/* Call `hear` with the message of each log_error() too, from now on; NULL: nobody. */
void log_set_listener(void (*hear)(void *context, struct str message), void *context);

void log_error(const char *format, ...) PRINTF(1, 2);
void log_warning(const char *format, ...) PRINTF(1, 2);
void log_info(const char *format, ...) PRINTF(1, 2);
void log_debug(const char *format, ...) PRINTF(1, 2);

/* Log each line of the text as an error. */
void log_error_lines(struct str text);

/* A member of a line of one's own. */
enum log_kind {
    LOG_TEXT,
    LOG_LONG, /* a text that is cut at LOG_LONG_MAXIMUM bytes instead */
    LOG_NUMBER
};

/* Fits into a line if every byte of it is a quote. */
enum { LOG_LONG_MAXIMUM = 1800 };

struct log_member {
    const char *name; /* printable ASCII without " and \ */
    enum log_kind kind;
    struct str text;
    int64_t number;
};
/* Write one line: time, level, pid, `event`, then the members. */
void
log_event(enum log_level level, const char *event, const struct log_member *members, int count);

#endif
