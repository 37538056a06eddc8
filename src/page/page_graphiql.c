/*
 * page_graphiql.c - GraphiQL's page.
 *
 * Its build knows no addresses of the server: what the page needs lies beside it, and is named
 * by relative addresses.  The page is shown at the endpoint, though, and its folder is elsewhere.
 *
 * SPDX-License-Identifier: MIT
 */
#include "page/page.h"

#include "base/arena.h"
#include "base/buf.h"
#include "config/config.h"

/* Its editor places lines by style attributes; <style> elements it has none
 * (graphiql/vite/adopt-styles.ts). */
const char page_graphiql_policy[] =
    "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; "
    "style-src-attr 'unsafe-inline'; font-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/* GraphiQL's folder as a browser finds it from the endpoint's address. */
static struct str
find_folder(struct arena *a, const struct config *config)
{
    struct str path = str_from(config->cookie_path);

    if (*config->graphiql_url) {
        struct str url = str_from(config->graphiql_url);
        while (url.len > 0 && url.ptr[url.len - 1] == '/')
            url.len--;
        return url;
    }
    while (path.len > 0 && path.ptr[path.len - 1] == '/')
        path.len--;
    while (path.len > 0 && path.ptr[path.len - 1] != '/')
        path.len--;
    return str_format(a, "%.*sgraphiql", STR_PRINT(path));
}

struct str
page_graphiql(struct arena *a, const struct config *config, struct str index)
{
    static const struct str mark = STR_INIT("=\"./");
    struct str folder = find_folder(a, config);
    struct buf *b = buf_new(a);

    while (index.len > 0) {
        bool is_address = str_starts_with(index, mark);
        size_t taken = is_address ? mark.len : 1;
        if (is_address)
            buf_printf(b, "=\"%.*s/", STR_PRINT(folder));
        else
            buf_byte(b, index.ptr[0]);
        index = (struct str){ index.ptr + taken, index.len - taken };
    }
    return buf_copy(a, b);
}
