/*
 * doctor_nginx.c - nginx's configuration, against Linnet's limits.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "config/config.h"
#include "doctor/certificate.h"
#include "doctor/checks.h"
#include "doctor/doctor_internal.h"
#include "web_config/web.h"

enum {
    DEFAULT_CONNECTIONS = 512, /* nginx's own defaults */
    DEFAULT_READ_TIME = 60000,
    CLIENT_CONNECTIONS = 128, /* that nginx/linnet.conf lets one client have; each takes two */
    OTHERS_READ = 0004
};

#define DEFAULT_BODY (1LL << 20)
#define MUCH_BODY    (16LL << 20) /* limit_body is not more */

static const char *
place(struct doctor *d, const struct web_directive *at)
{
    return web_place(d->arena, at);
}

/* The directive of that name that counts where requests are passed on, and is not the value of the
 * pass before: each is said once.  `*pass` is where. */
static const struct web_directive *
find_on(struct doctor *d, const char *name, const char *word, const struct web_directive **pass)
{
    for (int i = 0; i < d->nginx.pass_count; i++) {
        const struct web_directive *found = web_find(d->nginx.pass[i], name);
        *pass = d->nginx.pass[i];
        if (found && web_has_word(found, word))
            return found;
    }
    return NULL;
}

/* The directive of that name that counts where the API is: the first place that passes on. */
static const struct web_directive *
find_one(struct doctor *d, const char *name)
{
    return web_find(d->nginx.pass[0], name);
}

void
doctor_nginx_body(struct doctor *d)
{
    if (!doctor_web_need_nginx(d))
        return;
    const struct web_directive *at = find_one(d, "client_max_body_size");
    int64_t size = at ? web_size(web_word(at, 0)) : DEFAULT_BODY;
    int limit = d->config->limits.body;
    const char *where = at ? place(d, at) : "nginx's default";
    struct str mend = str_format(d->arena, "in nginx's server block: client_max_body_size %dk;",
                                 (limit + 1023) / 1024);
    if (size > 0 && size < limit)
        doctor_warn(d, mend,
                    "client_max_body_size (%s) is %lld bytes: nginx refuses requests that Linnet "
                    "would take (limit_body = %d).",
                    where, (long long)size, limit);
    else if (size == 0 || size > MUCH_BODY)
        doctor_warn(d, mend,
                    "client_max_body_size (%s) is %s: nginx writes bodies to its disk that Linnet "
                    "refuses (limit_body = %d).",
                    where, size ? "much" : "without bound", limit);
}

void
doctor_nginx_time(struct doctor *d)
{
    if (!doctor_web_need_nginx(d))
        return;
    const struct web_directive *at = find_one(d, "fastcgi_read_timeout");
    int64_t time = at ? web_time(web_word(at, 0)) : DEFAULT_READ_TIME;
    if (time >= 0 && time <= d->config->request_time)
        doctor_fail(d,
                    STR("in nginx's server block: fastcgi_read_timeout 30s; (more than "
                        "request_time)"),
                    "fastcgi_read_timeout (%s) is %lld ms, and request_time %d ms: nginx gives up "
                    "requests that Linnet answers.",
                    at ? place(d, at) : "nginx's default", (long long)time,
                    d->config->request_time);
}

void
doctor_nginx_connections(struct doctor *d)
{
    int64_t connections = DEFAULT_CONNECTIONS, descriptors;

    if (!doctor_web_need_nginx(d))
        return;
    const struct web_directive *events = web_child(d->nginx.root, "events");
    const struct web_directive *at = events ? web_child(events, "worker_connections") : NULL;
    if (at && !str_read_int64(web_word(at, 0), &connections))
        connections = DEFAULT_CONNECTIONS;
    if (connections < 4 * CLIENT_CONNECTIONS)
        doctor_warn(
            d, STR("in nginx.conf: events { worker_connections 1024; }"),
            "worker_connections is %lld, and each request takes two: two clients take all of "
            "a process (limit_conn).",
            (long long)connections);
    at = web_child(d->nginx.root, "worker_rlimit_nofile");
    if (at && str_read_int64(web_word(at, 0), &descriptors) && descriptors < connections)
        doctor_warn(d, STR("in nginx.conf: worker_rlimit_nofile 4096;"),
                    "worker_rlimit_nofile is %lld, less than worker_connections (%lld).",
                    (long long)descriptors, (long long)connections);
}

/* Does the block have the parameter? */
static bool
has_parameter(const struct web_directive *block, const char *name)
{
    for (const struct web_directive *at = block->first; at; at = at->next)
        if (str_is(at->name, "fastcgi_param") && str_is(web_word(at, 0), name))
            return true;
    return false;
}

static bool
has_tls(const struct web_directive *server)
{
    for (const struct web_directive *at = server ? server->first : NULL; at; at = at->next)
        if (str_is(at->name, "listen") && web_has_word(at, "ssl"))
            return true;
    return false;
}

void
doctor_nginx_parameters(struct doctor *d)
{
    static const struct {
        const char *name, *value, *why;
    } wanted[] = {
        { "REQUEST_METHOD", "$request_method", "no request is understood" },
        { "QUERY_STRING", "$query_string", "no GET is understood" },
        { "CONTENT_TYPE", "$content_type", "no POST is understood" },
        { "CONTENT_LENGTH", "$content_length", "no POST is understood" },
        { "REMOTE_ADDR", "$remote_addr",
          "failed logins and new accounts are counted for all clients together" },
        { "HTTPS", "$https if_not_empty", "no cookie is set, since https is not known" },
    };

    if (!doctor_web_need_nginx(d))
        return;
    const struct web_directive *any = find_one(d, "fastcgi_param");
    const struct web_directive *block = any ? any->parent : d->nginx.pass[0]->parent;
    bool needs_https = has_tls(doctor_web_server(d->nginx.pass[0]));
    for (size_t i = 0; i < ARRAY_LENGTH(wanted); i++)
        if (!has_parameter(block, wanted[i].name) &&
            (needs_https || strcmp(wanted[i].name, "HTTPS") != 0))
            doctor_fail(d,
                        str_format(d->arena, "in nginx's server block: fastcgi_param %s %s;",
                                   wanted[i].name, wanted[i].value),
                        "No fastcgi_param %s is passed (%s): %s.", wanted[i].name, place(d, block),
                        wanted[i].why);
}

void
doctor_nginx_intercept(struct doctor *d)
{
    const struct web_directive *pass;

    if (!doctor_web_need_nginx(d))
        return;
    const struct web_directive *at = find_on(d, "fastcgi_intercept_errors", "on", &pass);
    if (at)
        doctor_warn(d, STR("in nginx's server block: fastcgi_intercept_errors off;"),
                    "fastcgi_intercept_errors is on (%s): clients get nginx's pages instead of the "
                    "errors that Linnet answers with.",
                    place(d, at));
}

void
doctor_nginx_again(struct doctor *d)
{
    const struct web_directive *pass;

    if (!doctor_web_need_nginx(d))
        return;
    const struct web_directive *at = find_on(d, "fastcgi_next_upstream", "non_idempotent", &pass);
    if (at)
        doctor_fail(
            d, STR("in nginx's server block: fastcgi_next_upstream error;"),
            "fastcgi_next_upstream has non_idempotent (%s): a mutation whose worker died is "
            "sent again, and may be done twice.",
            place(d, at));
}

void
doctor_nginx_buffering(struct doctor *d)
{
    static const char *const names[] = { "fastcgi_request_buffering", "fastcgi_buffering" };
    const struct web_directive *pass;

    if (!doctor_web_need_nginx(d))
        return;
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
        const struct web_directive *at = find_on(d, names[i], "off", &pass);
        if (at)
            doctor_warn(d, str_format(d->arena, "in nginx's server block: %s on;", names[i]),
                        "%s is off (%s): a slow client holds a connection to a worker.", names[i],
                        place(d, at));
    }
}

void
doctor_nginx_version(struct doctor *d)
{
    if (!doctor_web_need_nginx(d))
        return;
    const struct web_directive *at = find_one(d, "server_tokens");
    if (!at || web_has_word(at, "on") || web_has_word(at, "build"))
        doctor_warn(d, STR("in nginx's server block: server_tokens off;"),
                    "server_tokens is on (%s): each answer says which version of nginx this is.",
                    at ? place(d, at) : "nginx's default");
}

/* `80`, `*:80` and `0.0.0.0:80` are one. */
static struct str
listen_key(struct doctor *d, struct str address)
{
    struct str any = STR("0.0.0.0:");

    if (address.ptr && str_find(address, ':') == address.len &&
        str_find(address, '.') == address.len)
        return str_format(d->arena, "*:%.*s", STR_PRINT(address));
    if (str_starts_with(address, any))
        return str_format(
            d->arena, "*:%.*s",
            STR_PRINT(((struct str){ address.ptr + any.len, address.len - any.len })));
    if (str_find(address, ':') == address.len)
        return str_format(d->arena, "%.*s:80", STR_PRINT(address));
    return address;
}

/* Which server answers requests of no name that one has, at that address? */
static const struct web_directive *
find_default(struct doctor *d, struct str key)
{
    const struct web_directive *first = NULL, *root = d->nginx.root;

    for (const struct web_directive *at = root; at; at = web_next(root, at)) {
        if (!str_is(at->name, "listen") || !str_is(at->parent->name, "server") ||
            !str_equal(listen_key(d, web_word(at, 0)), key))
            continue;
        if (web_has_word(at, "default_server") || web_has_word(at, "default"))
            return at->parent;
        first = first ? first : at->parent;
    }
    return first;
}

void
doctor_nginx_default(struct doctor *d)
{
    if (!doctor_web_need_nginx(d))
        return;
    const struct web_directive *server = doctor_web_server(d->nginx.pass[0]);
    const struct web_directive *name = server ? web_child(server, "server_name") : NULL;
    if (name && !str_is(web_word(name, 0), "_") && web_word(name, 0).len > 0)
        return; /* it is asked for by its name */
    for (const struct web_directive *at = server ? server->first : NULL; at; at = at->next) {
        if (!str_is(at->name, "listen"))
            continue;
        const struct web_directive *other = find_default(d, listen_key(d, web_word(at, 0)));
        if (other && other != server)
            doctor_fail(
                d,
                STR("rm /etc/nginx/sites-enabled/default, or set server_name; then: "
                    "systemctl reload nginx"),
                "Requests to %.*s go to the server at %s, as its default_server, and not to "
                "ours (%s).",
                STR_PRINT(web_word(at, 0)), place(d, other), place(d, server));
    }
}

void
doctor_nginx_health(struct doctor *d)
{
    static const char *const paths[] = { "/live", "/ready", "/metrics" };

    if (!doctor_web_need_nginx(d))
        return;
    for (int i = 0; i < d->nginx.pass_count; i++) {
        const struct web_directive *pass = d->nginx.pass[i],
                                   *location = web_around(pass, "location"),
                                   *deny = web_find(pass, "deny");
        for (size_t j = 0; location && j < ARRAY_LENGTH(paths); j++)
            if (str_is(location->words[location->word_count - 1], paths[j]) &&
                (!deny || !web_has_word(deny, "all")) &&
                doctor_web_address(d, doctor_web_server(pass)))
                doctor_warn(d, STR("in that location: allow 127.0.0.1; allow ::1; deny all;"),
                            "Everybody may ask for %s (%s): it tells how this server is doing, and "
                            "makes work.",
                            paths[j], place(d, location));
    }
}

void
doctor_nginx_address(struct doctor *d)
{
    static const char *const all[] = { "0.0.0.0/0", "::/0" };

    if (!doctor_web_need_nginx(d))
        return;
    for (const struct web_directive *at = d->nginx.root; at; at = web_next(d->nginx.root, at))
        for (size_t i = 0; str_is(at->name, "set_real_ip_from") && i < ARRAY_LENGTH(all); i++)
            if (web_has_word(at, all[i]))
                doctor_fail(d, STR("set_real_ip_from the addresses of your proxies alone"),
                            "set_real_ip_from is %s (%s): each client says itself which address it "
                            "has, and failed logins are counted by it.",
                            all[i], place(d, at));
}

void
doctor_nginx_tls(struct doctor *d)
{
    if (!doctor_web_need_nginx(d))
        return;
    const struct web_directive *server = doctor_web_server(d->nginx.pass[0]);
    const char *address = doctor_web_address(d, server);
    if (!*d->config->key_file && !d->config->issuers)
        doctor_skip(d, "Nobody signs in here.");
    else if (address && !has_tls(server) && !find_one(d, "set_real_ip_from") &&
             d->config->cookie_secure != COOKIE_SECURE_ON)
        doctor_fail(d,
                    STR("In nginx's server block: listen 443 ssl; ssl_certificate ...; (or, behind "
                        "a proxy that has the certificate: set_real_ip_from its address)"),
                    "nginx listens at %s (%s) without TLS: passwords and tokens are sent as they "
                    "are.",
                    address, place(d, server));
}

static void
judge_private_key(struct doctor *d, const struct web_directive *at)
{
    const char *path = web_word(at, 0).ptr;
    struct stat s;

    if (path && stat(path, &s) == 0 && (s.st_mode & OTHERS_READ))
        doctor_fail(d, str_format(d->arena, "chmod 0600 %s", doctor_quote(d, path)),
                    "Everybody on this machine may read %s, the private key of the certificate.",
                    path);
}

void
doctor_nginx_certificate(struct doctor *d)
{
    if (!doctor_web_need_nginx(d))
        return;
    const struct web_directive *certificate = find_one(d, "ssl_certificate"),
                               *key = find_one(d, "ssl_certificate_key");
    if (!certificate || str_find(web_word(certificate, 0), '$') < web_word(certificate, 0).len) {
        doctor_skip(d, "No ssl_certificate is named.");
        return;
    }
    certificate_judge(d, "ssl_certificate", web_word(certificate, 0).ptr);
    if (key)
        judge_private_key(d, key);
}

void
doctor_nginx_origins(struct doctor *d)
{
    struct str rest = str_from(d->config->origins), origin;

    if (!doctor_web_need_nginx(d))
        return;
    while (str_next_word(&rest, &origin)) {
        const struct web_directive *at = d->nginx.root;
        while (at && !str_equal(at->name, origin))
            at = web_next(d->nginx.root, at);
        if (!at)
            doctor_warn(d,
                        STR("linnet print origins, into nginx's map; then: systemctl reload nginx"),
                        "nginx does not know the origin %.*s: its pages see a network error where "
                        "nginx refuses with 429 or 503.",
                        STR_PRINT(origin));
    }
}

/* The format of that name, or NULL. */
static const struct web_directive *
find_format(struct doctor *d, struct str name)
{
    for (const struct web_directive *at = d->nginx.root; at; at = web_next(d->nginx.root, at))
        if (str_is(at->name, "log_format") && str_equal(web_word(at, 0), name))
            return at;
    return NULL;
}

void
doctor_nginx_log(struct doctor *d)
{
    static const char *const variables[] = { "$request", "$request_uri", "$args", "$query_string" };

    if (!doctor_web_need_nginx(d))
        return;
    const struct web_directive *at = find_one(d, "access_log");
    struct str name = web_word(at, 1);
    if (str_is(web_word(at, 0), "off"))
        return;
    const struct web_directive *format = name.ptr ? find_format(d, name) : NULL;
    bool is_telling = !format; /* `combined`, nginx's own */
    for (int i = 1; format && i < format->word_count; i++)
        for (size_t j = 0; j < ARRAY_LENGTH(variables); j++) {
            const char *found = strstr(format->words[i].ptr, variables[j]);
            for (; found; found = strstr(found + 1, variables[j]))
                is_telling |= !strchr("_abcdefghijklmnopqrstuvwxyz", found[strlen(variables[j])]) ||
                              !found[strlen(variables[j])];
        }
    if (is_telling)
        doctor_warn(
            d, STR("access_log FILE linnet; with the log_format of share/linnet/nginx/linnet.conf"),
            "nginx's access log (%s) has the query strings of requests: what clients search "
            "for, and variables.",
            at ? place(d, at) : "nginx's default");
}

void
doctor_nginx_cache(struct doctor *d)
{
    static const char *const guards[] = { "fastcgi_cache_bypass", "fastcgi_no_cache" };
    static const struct str mend =
        STR_INIT("The lines of share/linnet/nginx/linnet.conf, or: fastcgi_cache off;");

    if (!doctor_web_need_nginx(d))
        return;
    for (int i = 0; i < d->nginx.pass_count; i++) {
        const struct web_directive *pass = d->nginx.pass[i],
                                   *cache = web_find(pass, "fastcgi_cache"),
                                   *ignore = web_find(pass, "fastcgi_ignore_headers");
        if (!cache || web_has_word(cache, "off"))
            continue;
        if (ignore && web_has_word(ignore, "Cache-Control"))
            doctor_fail(d, mend,
                        "nginx keeps answers (%s) and ignores Cache-Control, which says which of "
                        "them are somebody's own (%s).",
                        place(d, cache), place(d, ignore));
        for (size_t j = 0; j < ARRAY_LENGTH(guards); j++)
            if (!web_find(pass, guards[j]))
                doctor_fail(
                    d, mend,
                    "nginx keeps answers (%s) without %s: who is signed in gets what others "
                    "got.",
                    place(d, cache), guards[j]);
    }
}
