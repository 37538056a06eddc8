/*
 * health.c - what load balancers and people ask: /live and /ready.
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/health.h"

#include "execution/db.h"
#include "server/request.h"
#include "server/response.h"
#include "type/contract.h"

enum {
    ANSWER_TIME = 1000, /* milliseconds for PostgreSQL to answer */
    RETRY_AFTER = 1     /* second: a worker asks for PostgreSQL that often */
};

struct str
health_live(struct response *response)
{
    response->status = 200;
    return STR("{\"status\":\"live\"}");
}

static struct str
refuse(struct response *response, struct str body)
{
    response->status = 503;
    response->retry_after = RETRY_AFTER;
    return body;
}

/* Does PostgreSQL answer on the worker's connection?  That it is open says little:
 * one that is stopped keeps it open. */
static bool
database_answers(struct worker *worker)
{
    if (worker->contract && worker->contract->is_mock)
        return true; /* none is asked */
    if (!worker->need_db(worker))
        return false;
    db_command(worker->db, "SELECT 1");
    db_send(worker->db);
    return db_wait(worker->db, db_now() + ANSWER_TIME) == DB_IDLE;
}

struct str
health_ready(struct worker *worker, struct response *response)
{
    if (!database_answers(worker))
        return refuse(response, STR("{\"status\":\"unavailable\","
                                    "\"reason\":\"The database is not available.\"}"));
    if (!worker->cache)
        return refuse(response, STR("{\"status\":\"unavailable\","
                                    "\"reason\":\"The contract is not loaded yet.\"}"));
    response->status = 200;
    if (worker->is_degraded && *worker->is_degraded)
        return STR("{\"status\":\"degraded\",\"reason\":\"The last reload failed; what was loaded "
                   "before serves on. The log says why.\"}");
    return STR("{\"status\":\"ready\"}");
}
