/*
 * doctor_nginx.c - how nginx passes requests on, against Linnet's limits.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "base/arena.h"
#include "config/config.h"
#include "doctor/checks.h"
#include "doctor/doctor_internal.h"
#include "web_config/web.h"

enum {
    DEFAULT_CONNECTIONS = 512, /* nginx's own defaults */
    DEFAULT_READ_TIME = 60000,
    CLIENT_CONNECTIONS = 128, /* that nginx/linnet.conf lets one client have; each takes two */
};

#define DEFAULT_BODY (1LL << 20)
#define MUCH_BODY    (16LL << 20) /* limit_body is not more */

static const char *
place(struct doctor *d, const struct web_directive *at)
{
    return web_place(d->arena, at);
}

/* Of the directives of that name that count where requests are passed on, one with that word; or
 * NULL. */
static const struct web_directive *
find_on(struct doctor *d, const char *name, const char *word)
{
    for (int i = 0; i < d->nginx.pass_count; i++) {
        const struct web_directive *found = web_find(d->nginx.pass[i], name);
        if (found && web_has_word(found, word))
            return found;
    }
    return NULL;
}

static void
judge_body(struct doctor *d, const struct web_directive *pass)
{
    const struct web_directive *at = web_find(pass, "client_max_body_size");
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
        doctor_warn(
            d, mend,
            "client_max_body_size (%s) is %s bytes: nginx writes bodies to its disk that Linnet "
            "refuses (limit_body = %d).",
            where, size ? str_format(d->arena, "%lld", (long long)size).ptr : "any number of",
            limit);
}

void
doctor_nginx_body(struct doctor *d)
{
    doctor_web_each(d, judge_body);
}

static void
judge_time(struct doctor *d, const struct web_directive *pass)
{
    const struct web_directive *at = web_find(pass, "fastcgi_read_timeout");
    int64_t time = at ? web_time(web_word(at, 0)) : DEFAULT_READ_TIME;
    if (time >= 0 && time <= d->config->request_time)
        doctor_fail(d,
                    STR("in nginx's server block: fastcgi_read_timeout 30s; (more than "
                        "request_time)"),
                    "fastcgi_read_timeout (%s) is %lld ms, but request_time is %d ms: nginx gives "
                    "up while Linnet may still be working on the request.",
                    at ? place(d, at) : "nginx's default", (long long)time,
                    d->config->request_time);
}

void
doctor_nginx_time(struct doctor *d)
{
    doctor_web_each(d, judge_time);
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
        doctor_warn(d, STR("in nginx.conf: events { worker_connections 1024; }"),
                    "worker_connections is %lld, and each request takes two connections: two "
                    "clients (limit_conn) can take all of a process.",
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

static void
judge_parameters(struct doctor *d, const struct web_directive *pass)
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
        { "HTTPS", "$https if_not_empty",
          "no cookie is set, since Linnet cannot see that the request came by https" },
    };

    const struct web_directive *any = web_find(pass, "fastcgi_param");
    const struct web_directive *block = any ? any->parent : pass->parent;
    bool needs_https = doctor_web_has_tls(doctor_web_server(pass));
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
doctor_nginx_parameters(struct doctor *d)
{
    doctor_web_each(d, judge_parameters);
}

void
doctor_nginx_intercept(struct doctor *d)
{
    if (!doctor_web_need_nginx(d))
        return;
    const struct web_directive *at = find_on(d, "fastcgi_intercept_errors", "on");
    if (at)
        doctor_warn(d, STR("in nginx's server block: fastcgi_intercept_errors off;"),
                    "fastcgi_intercept_errors is on (%s): clients get nginx's pages in place of "
                    "Linnet's errors.",
                    place(d, at));
}

void
doctor_nginx_again(struct doctor *d)
{
    if (!doctor_web_need_nginx(d))
        return;
    const struct web_directive *at = find_on(d, "fastcgi_next_upstream", "non_idempotent");
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
    if (!doctor_web_need_nginx(d))
        return;
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
        const struct web_directive *at = find_on(d, names[i], "off");
        if (at)
            doctor_warn(d, str_format(d->arena, "in nginx's server block: %s on;", names[i]),
                        "%s is off (%s): a slow client holds a connection to a worker.", names[i],
                        place(d, at));
    }
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
                        "nginx keeps answers (%s) and ignores Cache-Control (%s), which says which "
                        "answers are only for one user.",
                        place(d, cache), place(d, ignore));
        for (size_t j = 0; j < ARRAY_LENGTH(guards); j++)
            if (!web_find(pass, guards[j]))
                doctor_fail(
                    d, mend,
                    "nginx keeps answers (%s) without %s: signed-in users get what others got.",
                    place(d, cache), guards[j]);
    }
}
