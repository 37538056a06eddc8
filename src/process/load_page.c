/*
 * load_page.c - GraphiQL's page, from the file that was built.
 *
 * SPDX-License-Identifier: MIT
 */
#include "process/load.h"

#include "base/log.h"
#include "config/config.h"
#include "page/page.h"
#include "process/load_file.h"

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
