/*
 * doctor_nginx_server.c - nginx's servers that lead here: who reaches them, and what they tell.
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

enum { OTHERS_READ = 0004 };

static const char *
place(struct doctor *d, const struct web_directive *at)
{
    return web_place(d->arena, at);
}

static void
judge_version(struct doctor *d, const struct web_directive *pass)
{
    const struct web_directive *at = web_find(pass, "server_tokens");
    if (!at || web_has_word(at, "on") || web_has_word(at, "build"))
        doctor_warn(d, STR("in nginx's server block: server_tokens off;"),
                    "server_tokens is on (%s): each answer says which version of nginx this is.",
                    at ? place(d, at) : "nginx's default");
}

void
doctor_nginx_version(struct doctor *d)
{
    doctor_web_each(d, judge_version);
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

static void
judge_default(struct doctor *d, const struct web_directive *pass)
{
    const struct web_directive *server = doctor_web_server(pass);
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
doctor_nginx_default(struct doctor *d)
{
    doctor_web_each(d, judge_default);
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
                            "Everybody may ask for %s (%s): it shows how this server is doing, and "
                            "costs work.",
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
                            "set_real_ip_from is %s (%s): each client can claim any address, but "
                            "failed logins are counted by address.",
                            all[i], place(d, at));
}

static void
judge_tls(struct doctor *d, const struct web_directive *pass)
{
    const struct web_directive *server = doctor_web_server(pass);
    const char *address = doctor_web_address(d, server);
    if (!*d->config->key_file && !d->config->issuers)
        doctor_skip(d, "Nobody signs in here.");
    else if (address && !doctor_web_has_tls(server) && !web_find(pass, "set_real_ip_from") &&
             d->config->cookie_secure != COOKIE_SECURE_ON)
        doctor_fail(
            d,
            STR("In nginx's server block: listen 443 ssl; ssl_certificate ...; (or, behind "
                "a proxy that has the certificate: set_real_ip_from its address)"),
            "nginx listens at %s (%s) without TLS: passwords and tokens can be read on the way.",
            address, place(d, server));
}

void
doctor_nginx_tls(struct doctor *d)
{
    doctor_web_each(d, judge_tls);
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

static void
judge_certificate(struct doctor *d, const struct web_directive *pass)
{
    const struct web_directive *certificate = web_find(pass, "ssl_certificate"),
                               *key = web_find(pass, "ssl_certificate_key");
    if (!certificate || str_find(web_word(certificate, 0), '$') < web_word(certificate, 0).len) {
        doctor_skip(d, "No ssl_certificate is named.");
        return;
    }
    certificate_judge(d, "ssl_certificate", web_word(certificate, 0).ptr);
    if (key)
        judge_private_key(d, key);
}

void
doctor_nginx_certificate(struct doctor *d)
{
    doctor_web_each(d, judge_certificate);
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

static void
judge_log(struct doctor *d, const struct web_directive *pass)
{
    static const char *const variables[] = { "$request", "$request_uri", "$args", "$query_string" };

    const struct web_directive *at = web_find(pass, "access_log");
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
doctor_nginx_log(struct doctor *d)
{
    doctor_web_each(d, judge_log);
}
