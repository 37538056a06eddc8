/*
 * doctor_web.c - which parts of the web servers' configurations are about us.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "config/config.h"
#include "doctor/checks.h"
#include "doctor/doctor_internal.h"
#include "web_config/web.h"

static const char nginx_file[] = "/etc/nginx/nginx.conf",
                  apache_file[] = "/etc/apache2/apache2.conf",
                  web_user[] = "www-data"; /* Debian's, of both */

enum { PASSES = 100 };

bool
doctor_web_names_socket(const struct doctor *d, struct str word)
{
    struct str start = str_format(d->arena, "unix:%s", d->config->listen);

    if (!*d->config->listen || !str_starts_with(word, start))
        return false;
    return word.len == start.len || strchr(":|;", word.ptr[start.len]);
}

static bool
upstream_has_socket(struct doctor *d, const struct web_directive *root, struct str name)
{
    for (const struct web_directive *at = root; at; at = web_next(root, at))
        if (str_is(at->name, "upstream") && str_equal(web_word(at, 0), name))
            for (const struct web_directive *child = at->first; child; child = child->next)
                if (str_is(child->name, "server") && doctor_web_names_socket(d, web_word(child, 0)))
                    return true;
    return false;
}

static bool
is_nginx_pass(struct doctor *d, const struct web_directive *at)
{
    if (!str_is(at->name, "fastcgi_pass"))
        return false;
    return doctor_web_names_socket(d, web_word(at, 0)) ||
           upstream_has_socket(d, d->nginx.root, web_word(at, 0));
}

/* The program itself, as `make install` names it. */
static bool
is_program(struct str path)
{
    return str_ends_with(path, STR("/graphql.fcgi")) || str_ends_with(path, STR("/graphql.cgi")) ||
           str_ends_with(path, STR("/linnet"));
}

static bool
is_apache_pass(struct doctor *d, const struct web_directive *at)
{
    if (str_equal_nocase(at->name, STR("ScriptAlias")) ||
        str_equal_nocase(at->name, STR("ScriptAliasMatch")))
        return is_program(web_word(at, 1));
    if (!str_equal_nocase(at->name, STR("SetHandler")) &&
        !str_equal_nocase(at->name, STR("ProxyPass")) &&
        !str_equal_nocase(at->name, STR("ProxyPassMatch")))
        return false;
    for (int i = 0; i < at->word_count; i++) {
        struct str word = at->words[i], proxy = STR("proxy:");
        if (str_starts_with(word, proxy))
            word = (struct str){ word.ptr + proxy.len, word.len - proxy.len };
        if (doctor_web_names_socket(d, word))
            return true;
    }
    return false;
}

static void
find_passes(struct doctor *d, struct doctor_web *web,
            bool (*is_pass)(struct doctor *d, const struct web_directive *at))
{
    web->pass = ARENA_ARRAY(d->arena, const struct web_directive *, PASSES);
    for (const struct web_directive *at = web->root; at; at = web_next(web->root, at))
        if (web->pass_count < PASSES && is_pass(d, at))
            web->pass[web->pass_count++] = at;
}

static const char *
choose_file(const char *given, const char *usual)
{
    if (given)
        return *given ? given : NULL;
    return access(usual, F_OK) == 0 ? usual : NULL;
}

void
doctor_web_read(struct doctor *d)
{
    if (d->is_web_read)
        return;
    d->is_web_read = true;
    /* Whoever names the one has not the other. */
    d->nginx.file = choose_file(d->options.nginx, d->options.apache ? "" : nginx_file);
    d->apache.file = choose_file(d->options.apache, d->options.nginx ? "" : apache_file);
    if (d->nginx.file)
        d->nginx.root = web_read_nginx(d->arena, d->nginx.file, &d->nginx.message);
    if (d->apache.file)
        d->apache.root = web_read_apache(d->arena, d->apache.file, &d->apache.message);
    if (d->nginx.root)
        find_passes(d, &d->nginx, is_nginx_pass);
    if (d->apache.root)
        find_passes(d, &d->apache, is_apache_pass);
}

static bool
need(struct doctor *d, const struct doctor_web *web, const char *name)
{
    doctor_web_read(d);
    if (web->pass_count > 0)
        return true;
    doctor_skip(d, "No configuration of %s is known that leads here: see web-server.", name);
    return false;
}

bool
doctor_web_need_nginx(struct doctor *d)
{
    return need(d, &d->nginx, "nginx");
}

bool
doctor_web_need_apache(struct doctor *d)
{
    return need(d, &d->apache, "Apache");
}

void
doctor_web_found(struct doctor *d)
{
    const struct doctor_web *webs[] = { &d->nginx, &d->apache };
    int read = 0;

    doctor_web_read(d);
    for (size_t i = 0; i < ARRAY_LENGTH(webs); i++) {
        read += webs[i]->root != NULL;
        if (webs[i]->file && !webs[i]->root)
            doctor_warn(d,
                        STR("nginx -T > FILE (or apachectl configtest), as root; then: linnet "
                            "doctor --nginx FILE"),
                        "The web server's configuration cannot be read: %.*s.",
                        STR_PRINT(webs[i]->message));
    }
    if (d->nginx.pass_count + d->apache.pass_count > 0 || d->nginx.message.ptr ||
        d->apache.message.ptr)
        return;
    if (!read)
        doctor_skip(d, "There is no %s and no %s: linnet doctor --nginx FILE, or --apache FILE.",
                    nginx_file, apache_file);
    else if (!*d->config->listen)
        doctor_skip(d, "`listen` is not set: the socket is inherited.");
    else
        doctor_warn(d, STR("docs/deployment.md; and reload the web server"),
                    "No configuration of a web server leads to %s.", d->config->listen);
}

const char *
doctor_web_user(struct doctor *d)
{
    struct str name = STR_NONE;

    doctor_web_read(d);
    if (d->nginx.pass_count > 0) {
        name = web_word(web_child(d->nginx.root, "user"), 0);
        if (!name.ptr && d->options.nginx)
            return NULL; /* whoever starts it */
    } else if (d->apache.pass_count > 0) {
        name = web_word(web_child(d->apache.root, "User"), 0);
    }
    return name.ptr && name.ptr[0] != '$' ? name.ptr : web_user;
}

const struct web_directive *
doctor_web_server(const struct web_directive *pass)
{
    return web_around(pass, "server");
}

/* `127.0.0.1:80`, `[::1]:80`, `localhost:80` or `unix:PATH`. */
static bool
is_local(struct str address)
{
    return str_starts_with(address, STR("127.")) || str_starts_with(address, STR("[::1]")) ||
           str_starts_with(address, STR("localhost")) || str_starts_with(address, STR("unix:"));
}

const char *
doctor_web_address(struct doctor *d, const struct web_directive *server)
{
    bool is_listening = false;

    for (const struct web_directive *at = server ? server->first : NULL; at; at = at->next) {
        if (!str_is(at->name, "listen"))
            continue;
        is_listening = true;
        if (!is_local(web_word(at, 0)))
            return str_copy_c(d->arena, web_word(at, 0));
    }
    return !server || is_listening ? NULL : "80"; /* nginx's default */
}

const char *
doctor_web_public(struct doctor *d)
{
    doctor_web_read(d);
    for (int i = 0; i < d->nginx.pass_count; i++) {
        const char *address = doctor_web_address(d, doctor_web_server(d->nginx.pass[i]));
        if (address)
            return address;
    }
    return NULL;
}

/* The first place that leads here of each server, in turn, from `*at` = 0; NULL at the end. */
static const struct web_directive *
next_pass(struct doctor *d, int *at)
{
    while (*at < d->nginx.pass_count) {
        const struct web_directive *pass = d->nginx.pass[(*at)++];
        bool is_first = true;
        for (int i = 0; i < *at - 1; i++)
            is_first &= doctor_web_server(d->nginx.pass[i]) != doctor_web_server(pass);
        if (is_first)
            return pass;
    }
    return NULL;
}

void
doctor_web_each(struct doctor *d, void (*judge)(struct doctor *d, const struct web_directive *pass))
{
    const struct web_directive *pass;

    if (!doctor_web_need_nginx(d))
        return;
    for (int at = 0; (pass = next_pass(d, &at));)
        judge(d, pass);
}

bool
doctor_web_has_tls(const struct web_directive *server)
{
    for (const struct web_directive *at = server ? server->first : NULL; at; at = at->next)
        if (str_is(at->name, "listen") && web_has_word(at, "ssl"))
            return true;
    return false;
}
