/*
 * trace.h - which trace a request is part of, as its header says (W3C Trace Context, level 1, 3.2).
 *
 *     traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01
 *                  version, trace, parent, flags: lower-case hexadecimal digits
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef METRICS_TRACE_H
#define METRICS_TRACE_H

#include <stdbool.h>

#include "base/str.h"

enum { TRACE_DIGITS = 32, TRACE_SPAN_DIGITS = 16 };

struct trace {
    struct str id, parent; /* parts of the header; STR_NONE: there is no trace */
    bool is_sampled;       /* somebody records it */
};

/* Read the header, or STR_NONE.  What is malformed, of another version, or all zeroes is no trace,
 * as the standard says: it is ignored, and not refused. */
struct trace trace_read(struct str header);

/* Draw the id of a span of our own. */
void trace_draw_span(char span[TRACE_SPAN_DIGITS + 1]);

#endif
