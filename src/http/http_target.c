/*
 * http_target.c - what is asked for, and by which name: the target of a request, the endpoint's
 * address, and the names of Host.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/buf.h"
#include "config/config.h"
#include "http/http.h"

/* Where nobody says where the endpoint is, it is where our own configurations have it. */
static const char usual_endpoint[] = "/graphql";

/* --- what is asked for --- */

static bool
is_read(struct str method)
{
    return str_is(method, "GET") || str_is(method, "HEAD");
}

/* Does the query string name an operation?  What is broken counts: it will be refused. */
static bool
has_operation(struct arena *a, struct str query_string)
{
    struct str name, value;
    bool is_bad;

    while (http_next_parameter(a, &query_string, &name, &value, &is_bad))
        if (is_bad || (value.len > 0 && (str_is(name, "query") || str_is(name, "documentId") ||
                                         str_is(name, "extensions"))))
            return true;
    return false;
}

/* Does something follow the program's name that is none of its addresses?  Where the web server
 * has no name for it, that is the name. */
static bool
is_nowhere(const struct http_place *place)
{
    return place->script.len > 0 && place->path.len > 0 && !str_is(place->path, "/") &&
           !str_equal(place->path, place->script);
}

static enum http_target
find_target(struct arena *a, const struct http_place *place, bool is_for_person)
{
    static const struct {
        const char *path;
        enum http_target target;
    } targets[] = { { "/live", HTTP_LIVE },
                    { "/ready", HTTP_READY },
                    { "/.well-known/jwks.json", HTTP_KEYS } };

    if (place->refusal.ptr)
        return str_is(place->refusal, "200") && is_read(place->method) ? HTTP_ROOT : HTTP_NOWHERE;
    /* The web server's location, or what follows a program's own path. */
    if (str_is(place->script, "/metrics"))
        return HTTP_METRICS;
    for (size_t i = 0; i < ARRAY_LENGTH(targets); i++)
        if (str_is(place->script, targets[i].path) || str_is(place->path, targets[i].path))
            return targets[i].target;
    if (is_nowhere(place))
        return HTTP_NOWHERE;
    if (place->is_preflight && str_is(place->method, "OPTIONS"))
        return HTTP_PREFLIGHT;
    return is_for_person && !has_operation(a, place->query) ? HTTP_PAGE : HTTP_OPERATION;
}

/* The endpoint's path.  Of a refusal the web server's path is that of something else. */
static struct str
find_endpoint(const struct config *config, const struct http_place *place)
{
    struct str path = place->script.len > 0 ? place->script : place->path;

    if (config->cookie_path && *config->cookie_path)
        path = str_from(config->cookie_path);
    else if (place->refusal.ptr)
        path = STR_NONE;
    while (path.len > 1 && path.ptr[path.len - 1] == '/')
        path.len--;
    return config_is_url_path(path) ? path : str_from(usual_endpoint);
}

static bool
ends_in_slash(struct str path)
{
    return path.len > 1 && path.ptr[path.len - 1] == '/';
}

void
http_find_target(struct arena *a, const struct config *config, const struct http_place *place,
                 struct http_request *request)
{
    struct str uri = place->uri;

    request->target = find_target(a, place, request->is_for_person);
    if (request->target == HTTP_OPERATION)
        return;
    uri.len = str_find(uri, '?');
    request->endpoint = find_endpoint(config, place);
    request->has_slash = ends_in_slash(uri) || ends_in_slash(place->script) ||
                         ends_in_slash(place->path) || str_is(place->path, "/");
}

/* --- names of Host --- */

/* Those that lead to this machine whatever a name server says. */
static const char own_hosts[] = "localhost 127.0.0.1 [::1]";

/* A name of Host without its port. */
static struct str
cut_port(struct str host)
{
    size_t end = host.len;

    while (end > 0 && str_is_digit(host.ptr[end - 1]))
        end--;
    if (end > 0 && host.ptr[end - 1] == ':')
        host.len = end - 1;
    return host;
}

static bool
has_host(const char *list, struct str host)
{
    struct str rest = str_from(list), name;

    while (str_next_word(&rest, &name))
        if (str_equal_nocase(name, host))
            return true;
    return false;
}

bool
http_may_call(const struct config *config, struct str host)
{
    /* Every browser sends the header. */
    if (config->mode != MODE_DEVELOPMENT || !host.ptr)
        return true;
    host = cut_port(host);
    return has_host(own_hosts, host) || (config->hosts && has_host(config->hosts, host));
}

void
http_print_hosts(struct buf *b, const struct config *config)
{
    if (config->mode != MODE_DEVELOPMENT)
        return;
    /* "": no header Host. */
    buf_printf(b, "\"\" %s %s\n", own_hosts, config->hosts);
}
