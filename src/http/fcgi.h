/*
 * fcgi.h - requests over FastCGI, many at once (fcgi_connection.c is the door to libfcgi).
 *
 * Connections are accepted here and kept for as long as the web server keeps them.  A
 * request that comes as a whole is read here.  Another enters the library, which waits
 * without end for what a peer does not send, only when all of its bytes are there; so a peer
 * that stalls, drips or sends junk costs nobody else anything.  Responses are sent without
 * waiting.  The web server must be the only peer that can open the socket.
 *
 * A connection that is idle is never closed here, since a request may be on its way: a
 * door that closes for good hands such connections over to another process, unread
 * bytes and all.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HTTP_FCGI_H
#define HTTP_FCGI_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct arena;
struct fcgi;
struct http_source;
struct loop;

struct fcgi_options {
    int listener;     /* becomes non-blocking */
    int arrivals;     /* a socket where other processes hand over connections; or -1 */
    int connections;  /* at most; while there are as many, others wait to be accepted */
    int peer_time;    /* milliseconds that a peer may take to send a piece */
    int write_time;   /* the same, to read a piece */
    int request_time; /* milliseconds in which all of a request must have come */
    size_t size;      /* bytes of a request at most; a longer one is served without its body */
    size_t output;    /* bytes of responses that peers have not read yet, at most; but one
                         response, however long, is sent */

    /* A request has come.  `source` is its own until source->write() or ->drop(). */
    void (*serve)(void *context, struct http_source *source);
    /* The peer of a request that has not been answered has gone.  Told once. */
    void (*gone)(void *context, struct http_source *source);
    void *context;
};

/* Make the door, in the arena; it is closed yet.  Call it before installing signal
 * handlers: the library installs its own for SIGPIPE, SIGUSR1 and SIGTERM.  NULL after
 * logging why. */
struct fcgi *
fcgi_open(struct arena *a, struct loop *loop, const struct fcgi_options *options) MUST_CHECK;
/* Close all connections; the listener stays open. */
void fcgi_close(struct fcgi *f);

/* Accept from now on. */
void fcgi_listen(struct fcgi *f);
/* Accept no more; serve what has come, and hand connections that are idle, now or then, over to
 * the socket `departures`; or, when that is -1, close them. */
void fcgi_leave(struct fcgi *f, int departures);
/* Accept all that wait, and do not wait for more: before leaving a listener that nobody
 * will accept from. */
void fcgi_accept_rest(struct fcgi *f);
/* Connections that there are. */
int fcgi_count(const struct fcgi *f);

#endif
