/*
 * load_page.c - GraphiQL's page, from the file that was built.
 *
 * SPDX-License-Identifier: MIT
 */
#include "process/load.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "config/config.h"
#include "page/page.h"

/* Read at most `maximum` bytes and one more, which shows that there are more. */
static bool
read_file(struct arena *a, const char *path, size_t maximum, struct str *text)
{
    FILE *in = fopen(path, "re");
    char *bytes = ARENA_ARRAY(a, char, maximum + 1);
    size_t len = in ? fread(bytes, 1, maximum + 1, in) : 0;
    bool is_read = in && !ferror(in);

    if (!is_read)
        log_warning("there is no GraphiQL: %s: %s", path, strerror(errno));
    else if (len > maximum)
        log_warning("there is no GraphiQL: %s is longer than limit_graphiql_page allows, %zu bytes",
                    path, maximum);
    if (in)
        fclose(in);
    *text = (struct str){ bytes, len };
    return is_read && len <= maximum;
}

struct str
load_graphiql(struct arena *a, const struct config *config)
{
    const char *path = config->graphiql_page;
    struct str text;

    if (!config_has_graphiql(config))
        return STR_NONE;
    if (!*path && config->graphiql == GRAPHIQL_ON)
        log_warning("there is no GraphiQL: graphiql_page is not set");
    if (!*path || !read_file(a, path, (size_t)config->limits.graphiql_page, &text))
        return STR_NONE;
    return page_graphiql(a, config, text);
}
