/*
 * health.c - what load balancers and people ask: /live and /ready.
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/health.h"

#include "database/db.h"
#include "http/response.h"
#include "server/service.h"

/* Seconds after which a client may ask again: a worker asks for PostgreSQL that often. */
enum { RETRY_AFTER = 1 };

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

void
health_ask(struct db *db)
{
    db_command(db, "SELECT 1");
    db_send(db);
}

struct str
health_ready(const struct service *service, bool is_database_there, struct response *response)
{
    if (!is_database_there)
        return refuse(response, STR("{\"status\":\"unavailable\","
                                    "\"reason\":\"The database is not available.\"}"));
    if (!service->cache)
        return refuse(response, STR("{\"status\":\"unavailable\","
                                    "\"reason\":\"The contract is not loaded yet.\"}"));
    response->status = 200;
    if (service->is_degraded && *service->is_degraded)
        return STR("{\"status\":\"degraded\",\"reason\":\"The last reload failed, so the previous "
                   "contract and configuration stay in use. The log has the reason.\"}");
    return STR("{\"status\":\"ready\"}");
}
