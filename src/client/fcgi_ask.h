/*
 * fcgi_ask.h - ask a server something over its Unix socket, as a web server would (FastCGI 1.0).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CLIENT_FCGI_ASK_H
#define CLIENT_FCGI_ASK_H

#include "base/str.h"

struct arena;

struct fcgi_answer {
    int status; /* of HTTP */
    struct str body;
};

/* Send GET for the path, such as /metrics, and wait for the answer, `time` milliseconds at most.
 * NULL when it is there, in the arena; else a sentence without a full stop: why there is none. */
const char *fcgi_ask(struct arena *a, const char *socket, const char *path, int time,
                     struct fcgi_answer *answer) MUST_CHECK;

/* For tests: read an answer from all records that came.  False: they are none. */
bool fcgi_ask_read(struct arena *a, struct str records, struct fcgi_answer *answer) MUST_CHECK;

#endif
