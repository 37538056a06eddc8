/*
 * load_settings.c - what the settings say: how the server, and commands, connect to PostgreSQL; and
 * GraphiQL's page.
 *
 * SPDX-License-Identifier: MIT
 */
#include "load/load.h"

#include "base/log.h"
#include "config/config.h"
#include "database/db_settings.h"
#include "page/page.h"
#include "load/load_file.h"

static const enum db_pooler poolers[] = {
    [POOLER_NONE] = DB_POOLER_NONE,
    [POOLER_SESSION] = DB_POOLER_SESSION,
    [POOLER_TRANSACTION] = DB_POOLER_TRANSACTION,
};

struct db_settings
load_settings(const struct config *config)
{
    return (struct db_settings){ .conninfo = config->database,
                                 .role = *config->role ? config->role : NULL,
                                 .limits = &config->limits,
                                 .connect_time = config->connect_time,
                                 .pooler = poolers[config->pooler],
                                 .is_unprepared = config->prepared == PREPARED_OFF };
}

struct db_settings
load_session_settings(const struct config *config)
{
    enum db_pooler pooler = poolers[config->pooler];

    return (struct db_settings){ .conninfo = config->database,
                                 .connect_time = config->connect_time,
                                 .pooler =
                                     pooler == DB_POOLER_TRANSACTION ? DB_POOLER_NONE : pooler };
}

struct db_settings
load_owner_settings(const struct config *config)
{
    struct db_settings settings = load_session_settings(config);

    settings.user = *config->owner ? config->owner : NULL;
    return settings;
}

/* --- GraphiQL, from the file that was built --- */

struct str
load_graphiql(struct arena *a, const struct config *config)
{
    const char *path = config->graphiql_page;
    struct str text;

    if (!config_has_graphiql(config))
        return STR_NONE;
    if (!*path && config->graphiql == GRAPHIQL_ON)
        log_warning("there is no GraphiQL: graphiql_page is not set");
    if (!*path)
        return STR_NONE;
    const char *fault = load_file(a, path, (size_t)config->limits.graphiql_page,
                                  "is longer than limit_graphiql_page allows.", &text);
    if (!fault)
        return page_graphiql(a, config, text);
    log_warning("there is no GraphiQL: %s: %s", path, fault);
    return STR_NONE;
}
