/*
 * health.h - what load balancers and people ask: /live and /ready.
 *
 * /live is 200 as long as a worker answers.  /ready is 200 when the contract is
 * bound and PostgreSQL answers, and 503 otherwise; it stays 200, with the status
 * "degraded", after a reload that failed: what was there before serves on, and
 * taking it out of service would help nobody.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SERVER_HEALTH_H
#define SERVER_HEALTH_H

#include <stdbool.h>

#include "base/str.h"

struct db;
struct response;
struct service;

enum { HEALTH_TIME = 1000 }; /* milliseconds for PostgreSQL to answer /ready */

/* Ask PostgreSQL something; that an answer comes is the answer. */
void health_ask(struct db *db);

/* The answers, JSON; the response gets its status.  Did PostgreSQL answer? */
struct str health_live(struct response *response);
struct str
health_ready(const struct service *service, bool is_database_there, struct response *response);

#endif
