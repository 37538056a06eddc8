/*
 * http_origin.c - what pages of other sites may do: CORS and CSRF (Fetch, 3.2;
 * Fetch Metadata, 2.4).
 *
 * A page may send some requests to any site, without reading the answer; others
 * a browser sends only after it has asked us (a preflight).  POST with JSON is of
 * the second sort, and so GET alone needs a look.  A cookie signs somebody in only beside a
 * header that no other site's page can send (cookie.h): what is guarded here is our time and what
 * our time tells.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/buf.h"
#include "config/config.h"
#include "http/http.h"

/* Is it `scheme` alone, or with a port after it? */
static bool
is_with_port(struct str origin, struct str scheme)
{
    if (!str_starts_with(origin, scheme))
        return false;
    struct str port = { origin.ptr + scheme.len, origin.len - scheme.len };
    if (port.len > 0 && port.ptr[0] != ':')
        return false;
    for (size_t i = 1; i < port.len; i++)
        if (port.ptr[i] < '0' || port.ptr[i] > '9')
            return false;
    return port.len != 1;
}

bool
http_may_read(const struct config *config, struct str origin)
{
    if (!origin.ptr)
        return false;
    if (config->mode == MODE_DEVELOPMENT && (is_with_port(origin, STR("http://localhost")) ||
                                             is_with_port(origin, STR("http://127.0.0.1"))))
        return true;

    return config_has_word(config->origins, origin);
}

/* Does the character stand for itself, in an expression and in nginx's configuration? */
static bool
is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == ':' || c == '/';
}

/* The origin as an expression that matches nothing else. */
static void
print_origin(struct buf *b, struct str origin)
{
    buf_put(b, STR("    \"~^"));
    for (size_t i = 0; i < origin.len; i++) {
        if (!is_plain(origin.ptr[i]))
            buf_byte(b, '\\');
        buf_byte(b, origin.ptr[i]);
    }
    buf_put(b, STR("$\" $http_origin;\n"));
}

void
http_print_origins(struct buf *b, const struct config *config)
{
    struct str rest = str_from(config->origins), origin;

    if (config->mode == MODE_DEVELOPMENT)
        buf_put(b, STR("    \"~^http://(localhost|127\\.0\\.0\\.1)(:[0-9]+)?$\" $http_origin;\n"));
    while (str_next_word(&rest, &origin))
        print_origin(b, origin);
}

/* Headers that are allowed without being asked for, and those that are when they are: what
 * clients and what traces their requests add.  None of them lets anybody do more. */
static const struct str usual_headers[] = {
    STR_INIT("Content-Type"),
    STR_INIT("Authorization"),
    STR_INIT("GraphQL-Require-Preflight"),
};
static const struct str other_headers[] = {
    STR_INIT("Accept"),
    STR_INIT("Accept-Language"),
    STR_INIT("Apollo-Require-Preflight"),
    STR_INIT("Apollographql-Client-Name"),
    STR_INIT("Apollographql-Client-Version"),
    STR_INIT("B3"),
    STR_INIT("Baggage"),
    STR_INIT("Cache-Control"),
    STR_INIT("Content-Language"),
    STR_INIT("GraphQL-Client-Name"),
    STR_INIT("GraphQL-Client-Version"),
    STR_INIT("Idempotency-Key"),
    STR_INIT("Linnet-Document"),
    STR_INIT("Linnet-Explain"),
    STR_INIT("Pragma"),
    STR_INIT("Prefer"),
    STR_INIT("Sentry-Trace"),
    STR_INIT("Traceparent"),
    STR_INIT("Tracestate"),
    STR_INIT("X-Apollo-Operation-Id"),
    STR_INIT("X-Apollo-Operation-Name"),
    STR_INIT("X-Request-Id"),
    STR_INIT("X-Requested-With"),
};

static bool
has_header(struct str list, struct str name)
{
    struct str part;
    while (http_next_part(&list, ',', &part))
        if (str_equal_nocase(part, name))
            return true;
    return false;
}

struct str
http_allow_headers(struct arena *a, const struct config *config, struct str asked)
{
    struct buf *b = buf_new(a);
    struct str rest = str_from(config->allowed_headers), name;

    for (size_t i = 0; i < ARRAY_LENGTH(usual_headers); i++) {
        buf_put(b, i > 0 ? STR(", ") : STR(""));
        buf_put(b, usual_headers[i]);
    }
    for (size_t i = 0; i < ARRAY_LENGTH(other_headers); i++)
        if (has_header(asked, other_headers[i])) {
            buf_put(b, STR(", "));
            buf_put(b, other_headers[i]);
        }
    while (str_next_word(&rest, &name))
        if (has_header(asked, name)) {
            buf_put(b, STR(", "));
            buf_put(b, name);
        }
    return buf_str(b);
}

bool
http_may_get(const struct config *config, const struct http_browser *browser)
{
    if (browser->preflight.ptr || http_may_read(config, browser->origin))
        return true;
    /* `none`: a person has typed the address, or has it as a bookmark. */
    if (browser->site.ptr)
        return str_is(browser->site, "same-origin") || str_is(browser->site, "none");
    /* A browser from before Sec-Fetch-Site names the page, here or there; no other
     * client does. */
    return !browser->origin.ptr && !browser->referer.ptr;
}
