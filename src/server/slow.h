/*
 * slow.h - PostgreSQL's plans of slow statements, for the log.
 *
 * A statement is explained on a connection that is idle, by the role of the request, and at most
 * once in SLOW_PAUSE by each worker.  The plan is PostgreSQL's generic one: one that was made for
 * certain values would print them.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SERVER_SLOW_H
#define SERVER_SLOW_H

#include "base/str.h"

struct service;
struct statement;

/* Milliseconds. */
enum { SLOW_PAUSE = 600000 };

/* Have the statement explained, unless it was a while ago, another one is being explained, no
 * connection is idle, or that is one of a pooler.  `role`: of PostgreSQL; STR_NONE: the
 * connection's own. */
void slow_explain(struct service *service, const struct statement *statement, struct str role,
                  struct str request_id);
/* Give up what is under way. */
void slow_stop(struct service *service);

#endif
