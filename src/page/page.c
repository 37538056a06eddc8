/*
 * page.c - small pages: what this is, and where the API is.
 *
 * SPDX-License-Identifier: MIT
 */
#include "page/page.h"

#include "base/arena.h"
#include "base/buf.h"
#include "config/config.h"

#define STYLE                                                                                      \
    ":root{color-scheme:light dark}"                                                               \
    "body{margin:0;font:1.0625rem/1.6 system-ui,sans-serif;background:#fff;color:#1f2328}"         \
    "main{max-width:38rem;margin:0 auto;padding:3rem 1.25rem}"                                     \
    "h1{margin:0 0 1rem;font-size:1.75rem;line-height:1.25}"                                       \
    "h2{margin:2rem 0 .5rem;font-size:1.125rem}"                                                   \
    "p,li{overflow-wrap:anywhere}"                                                                 \
    "a{color:#0550ae}"                                                                             \
    "code,pre{font:.9375rem/1.5 ui-monospace,monospace;background:#eff1f3}"                        \
    "code{padding:.1em .3em;border-radius:.25rem}"                                                 \
    "pre{margin:0;padding:.75rem 1rem;border-radius:.375rem;white-space:pre-wrap}"                 \
    "a code{color:inherit}"                                                                        \
    "@media(prefers-color-scheme:dark){"                                                           \
    "body{background:#0d1117;color:#e6edf3}a{color:#79b8ff}code,pre{background:#21262d}}"

/* The hash is of STYLE (`printf '%s' STYLE | openssl dgst -sha256 -binary | base64`). */
const char page_policy[] = "default-src 'none'; style-src "
                           "'sha256-ZHIjPkIkffeL5vNl+g7NG7s6y6q/qmjEioDBfda6Jz4='; img-src data:; "
                           "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/* Write a text so that it is nothing but text in HTML, also in an attribute in quotes. */
static void
put_text(struct buf *b, struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        switch (text.ptr[i]) {
        case '<':
            buf_put(b, STR("&lt;"));
            break;
        case '>':
            buf_put(b, STR("&gt;"));
            break;
        case '&':
            buf_put(b, STR("&amp;"));
            break;
        case '"':
            buf_put(b, STR("&quot;"));
            break;
        default:
            buf_byte(b, text.ptr[i]);
        }
}

static void
begin(struct buf *b, const char *title)
{
    /* The icon is none, which spares a request for /favicon.ico. */
    buf_printf(b,
               "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
               "<meta name=\"viewport\" content=\"width=device-width\">\n<title>%s</title>\n"
               "<link rel=\"icon\" href=\"data:,\">\n<style>" STYLE
               "</style>\n</head>\n<body>\n<main>\n<h1>%s</h1>\n",
               title, title);
}

static struct str
end(struct buf *b)
{
    buf_put(b, STR("</main>\n</body>\n</html>\n"));
    return buf_str(b);
}

/* The link is relative to `/`, so that it leads there also where something comes before the paths
 * that are known here; unless the operator has said what. */
static void
put_link(struct buf *b, const struct config *config, struct str endpoint)
{
    size_t skip = *config->cookie_path ? 0 : 1;

    buf_put(b, STR("Its API is at <a href=\""));
    put_text(b, (struct str){ endpoint.ptr + skip, endpoint.len - skip });
    buf_put(b, STR("\"><code>"));
    put_text(b, endpoint);
    buf_put(b, STR("</code></a>.</p>\n"));
}

/* How to write to the API, for whoever has found it. */
static void
put_usage(struct buf *b, struct str endpoint)
{
    buf_put(b, STR("<h2>How to ask</h2>\n<p>Send an operation by POST, as JSON:</p>\n"
                   "<pre>POST "));
    put_text(b, endpoint);
    buf_put(b, STR("\nContent-Type: application/json\n\n"
                   "{\"query\": \"{ __typename }\"}</pre>\n"));
}

/* What a developer can do next. */
static void
put_development(struct buf *b, const struct config *config, bool has_graphiql)
{
    buf_put(b, STR("<h2>In development</h2>\n<ul>\n"));
    if (has_graphiql)
        buf_put(b, STR("<li>Open the address above in this browser: GraphiQL is there, a page to "
                       "write operations in.</li>\n"));
    else if (config_has_graphiql(config))
        buf_put(b, STR("<li>GraphiQL, a page to write operations in, has not been built. "
                       "<code>./up</code> builds it where Node and npm are installed; the API does "
                       "not need it.</li>\n"));
    buf_put(b, STR("<li>The manual is in the folder <code>docs/</code>; the contract is the file "
                   "<code>"));
    put_text(b, str_from(config->contract));
    buf_put(b, STR("</code>.</li>\n</ul>\n"));
}

struct str
page_hello(struct arena *a, const struct config *config, struct str endpoint, bool has_graphiql,
           bool is_root)
{
    struct buf *b = buf_new(a);

    begin(b, "Linnet");
    buf_put(b, STR("<p>This is a GraphQL server for PostgreSQL. "));
    if (is_root)
        put_link(b, config, endpoint);
    else
        buf_put(b, STR("This address is its API, which is for programs.</p>\n"));
    put_usage(b, endpoint);
    if (config->mode == MODE_DEVELOPMENT)
        put_development(b, config, has_graphiql);
    return end(b);
}

struct str
page_refusal(struct arena *a, int status, struct str message)
{
    struct buf *b = buf_new(a);

    begin(b, status == 404 ? "There is nothing here" : "Not by this name");
    buf_put(b, STR("<p>"));
    put_text(b, message);
    buf_put(b, STR("</p>\n"));
    return end(b);
}
