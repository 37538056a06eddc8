/*
 * fcgi.h - requests over FastCGI, one at a time: the only door to libfcgi.
 *
 * The connection is accepted here, with time-outs and close-on-exec, and only
 * then given to the library, which would otherwise wait without end.  After a
 * response the connection is closed even when the web server would keep it: a
 * kept connection would hold a worker that serves one request at a time.  The
 * web server must be the only peer that can open the socket.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SERVER_FCGI_H
#define SERVER_FCGI_H

#include <signal.h>
#include <stdbool.h>

#include "base/str.h"

struct arena;
struct fcgi;
struct http_source;

/* Prepare to accept from a listening socket, which becomes non-blocking.  Call
 * it before installing signal handlers: the library installs its own for SIGPIPE,
 * SIGUSR1 and SIGTERM.  `peer_time`: milliseconds that a peer may take to send
 * or to read.  NULL after logging why. */
struct fcgi *fcgi_open(struct arena *a, int listener, int peer_time) MUST_CHECK;
/* Drop what is under way; the listener stays open. */
void fcgi_close(struct fcgi *f);

/* Wait at most `timeout` milliseconds (-1: no bound) for a request, with the
 * signals of `mask` blocked meanwhile.  True when one is there, with all its
 * variables.  False when there was none: time is up, a signal came, another
 * worker was quicker, or the peer sent no whole request.  A request that was
 * not answered before is dropped. */
bool fcgi_accept(struct fcgi *f, int timeout, const sigset_t *mask) MUST_CHECK;

/* The request that fcgi_accept() found. */
struct http_source *fcgi_source(struct fcgi *f);

#endif
