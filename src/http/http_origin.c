/*
 * http_origin.c - what pages of other sites may do: CORS and CSRF (Fetch, 3.2;
 * Fetch Metadata, 2.4).
 *
 * A page may send some requests to any site, without reading the answer; others
 * a browser sends only after it has asked us (a preflight).  POST with JSON is of
 * the second sort, and so GET alone needs a look.  No cookie ever signs
 * anybody in here: what is guarded is our time and what our time tells.
 *
 * SPDX-License-Identifier: MIT
 */
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

    struct str rest = str_trim(str_from(config->origins));
    while (rest.len > 0) {
        size_t end = str_find(rest, ' ');
        if (str_equal((struct str){ rest.ptr, end }, origin))
            return true;
        rest = str_trim((struct str){ rest.ptr + end, rest.len - end });
    }
    return false;
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
