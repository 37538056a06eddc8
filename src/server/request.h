/*
 * request.h - the life of a request: from the bytes that came to the bytes
 * that go.
 *
 * A process that serves one request after the other calls request_serve().  One that
 * serves many at once has a pool of connections, and takes each request a step further when
 * there is something to go on with:
 *
 *     r = request_begin(&service, source);
 *     request_step(r);             DONE: it has been answered, and `r` is gone
 *                                  WAITING: again, when service.resume(r) is called
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SERVER_REQUEST_H
#define SERVER_REQUEST_H

#include "base/str.h"

struct http_source;
struct request;
struct service;

enum request_state { REQUEST_WAITING, REQUEST_DONE };

/* Take a request that has come; its time begins. */
struct request *request_begin(struct service *service, struct http_source *source) MUST_CHECK;
/* Go on as far as can be done without waiting.  DONE: it has been answered and logged. */
enum request_state request_step(struct request *r);
/* The client of a request that is WAITING has gone: cancel what was asked of PostgreSQL, and
 * resume the request, which then ends. */
void request_abandon(struct request *r);

/* Read the request, answer it and log it, waiting on the database. */
void request_serve(struct service *service, struct http_source *source);

/* Release the memory of the requests that are idle; all are. */
void request_release_idle(struct service *service);

#endif
