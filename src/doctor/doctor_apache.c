/*
 * doctor_apache.c - Apache's configuration, against Linnet's limits.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "config/config.h"
#include "doctor/checks.h"
#include "doctor/doctor_internal.h"
#include "web_config/web.h"

enum {
    DEFAULT_TIME = 60000 /* Timeout */,
    DEFAULT_FCGID_BODY = 131072,
    DEFAULT_FCGID_TIME = 40000
};

static bool
has_module_fcgid(struct doctor *d)
{
    const struct web_directive *root = d->apache.root;

    for (const struct web_directive *at = root; at; at = web_next(root, at))
        if (str_equal_nocase(at->name, STR("SetHandler")) && web_has_word(at, "fcgid-script"))
            return true;
    return false;
}

/* Anywhere in the configuration, since it is enough where it belongs, and all that can be told is
 * that it is nowhere. */
static const struct web_directive *
find_any(struct doctor *d, const char *name, const char *word)
{
    const struct web_directive *root = d->apache.root;

    for (const struct web_directive *at = root; at; at = web_next(root, at))
        if (str_equal_nocase(at->name, str_from(name)) && (!word || web_has_word(at, word)))
            return at;
    return NULL;
}

/* Is the section about requests that this directive passes on: by its path, by our socket, or by
 * the folder of the program? */
static bool
is_about(struct doctor *d, const struct web_directive *section, const struct web_directive *pass)
{
    bool is_folder = str_equal_nocase(section->name, STR("Directory"));

    for (int i = 0; i < section->word_count; i++)
        if (doctor_web_names_socket(d, section->words[i]) ||
            str_equal(section->words[i], web_word(pass, 0)) ||
            (is_folder && web_word(pass, 1).ptr &&
             str_starts_with(web_word(pass, 1), section->words[i])))
            return true;
    return false;
}

/* The directive of that name that counts for it: beside it, around it, or in a section about it. */
static const struct web_directive *
find_for(struct doctor *d, const struct web_directive *pass, const char *name)
{
    for (const struct web_directive *block = pass->parent; block; block = block->parent) {
        const struct web_directive *found = NULL;
        for (const struct web_directive *at = block->first; at; at = at->next)
            if (str_equal_nocase(at->name, str_from(name)))
                found = at;
            else if (at->first && is_about(d, at, pass) && web_child(at, name))
                found = web_child(at, name);
        if (found)
            return found;
    }
    return NULL;
}

void
doctor_apache_authorization(struct doctor *d)
{
    if (!doctor_web_need_apache(d))
        return;
    bool is_fcgid = has_module_fcgid(d);
    if (is_fcgid ? find_any(d, "FcgidPassHeader", "Authorization") != NULL
                 : find_any(d, "CGIPassAuth", "On") != NULL)
        return;
    if (find_any(d, "SetEnvIf", "Authorization") || find_any(d, "SetEnvIfNoCase", "Authorization"))
        return;
    doctor_fail(
        d, is_fcgid ? STR("FcgidPassHeader Authorization") : STR("in that section: CGIPassAuth On"),
        "Apache hides the header Authorization (%s): nobody is ever signed in.",
        web_place(d->arena, d->apache.pass[0]));
}

void
doctor_apache_body(struct doctor *d)
{
    int limit = d->config->limits.body;

    if (!doctor_web_need_apache(d))
        return;
    const struct web_directive *at = find_for(d, d->apache.pass[0], "LimitRequestBody");
    int64_t size = at ? web_size(web_word(at, 0)) : 0;
    if (size > 0 && size < limit)
        doctor_warn(
            d, str_format(d->arena, "LimitRequestBody %d", 4 * limit),
            "LimitRequestBody (%s) is %lld bytes: Apache refuses requests that Linnet would "
            "take (limit_body = %d).",
            web_place(d->arena, at), (long long)size, limit);
    if (!has_module_fcgid(d))
        return;
    at = find_for(d, d->apache.pass[0], "FcgidMaxRequestLen");
    size = at ? web_size(web_word(at, 0)) : DEFAULT_FCGID_BODY;
    if (size >= 0 && size <= limit)
        doctor_fail(d, str_format(d->arena, "FcgidMaxRequestLen %d", limit + 1),
                    "FcgidMaxRequestLen (%s) is %lld bytes: Apache answers a longer body with an "
                    "error 500, but Linnet would take %d bytes (limit_body).",
                    at ? web_place(d->arena, at) : "Apache's default", (long long)size, limit);
}

/* The time in milliseconds after which Apache gives a request up; `*at` is what says so. */
static int64_t
time_of(struct doctor *d, const struct web_directive **at)
{
    static const struct str word = STR_INIT("timeout=");
    int64_t time = DEFAULT_TIME;

    *at = find_for(d, d->apache.pass[0], "Timeout");
    if (*at && web_time(web_word(*at, 0)) >= 0)
        time = web_time(web_word(*at, 0));
    if (has_module_fcgid(d)) {
        *at = find_for(d, d->apache.pass[0], "FcgidIOTimeout");
        return *at ? web_time(web_word(*at, 0)) : DEFAULT_FCGID_TIME;
    }
    const struct web_directive *own = find_for(d, d->apache.pass[0], "ProxyTimeout");
    if (own) {
        *at = own;
        time = web_time(web_word(own, 0));
    }
    for (const struct web_directive *set = d->apache.root; set; set = web_next(d->apache.root, set))
        for (int i = 0; str_equal_nocase(set->name, STR("ProxySet")) && i < set->word_count; i++)
            if (str_starts_with(set->words[i], word) &&
                is_about(d, set->parent, d->apache.pass[0])) {
                *at = set;
                time = web_time(
                    (struct str){ set->words[i].ptr + word.len, set->words[i].len - word.len });
            }
    return time;
}

void
doctor_apache_time(struct doctor *d)
{
    const struct web_directive *at;

    if (!doctor_web_need_apache(d))
        return;
    int64_t time = time_of(d, &at);
    if (time >= 0 && time <= d->config->request_time)
        doctor_fail(
            d, STR("More than request_time: ProxySet timeout=30 (mod_fcgid: FcgidIOTimeout 30)"),
            "Apache gives up a request after %lld ms (%s), but request_time is %d ms: Linnet may "
            "still be working on it.",
            (long long)time, at ? web_place(d->arena, at) : "its default", d->config->request_time);
}

void
doctor_apache_files(struct doctor *d)
{
    if (!doctor_web_need_apache(d))
        return;
    for (int i = 0; i < d->apache.pass_count; i++) {
        const struct web_directive *pass = d->apache.pass[i];
        struct str program = web_word(pass, 1),
                   root = web_word(find_any(d, "DocumentRoot", NULL), 0);
        if (!str_equal_nocase(pass->name, STR("ScriptAlias")) || !program.ptr || !root.ptr)
            continue;
        struct str below = str_format(d->arena, "%.*s/", STR_PRINT(root));
        if (str_starts_with(program, below) && !find_any(d, "FilesMatch", NULL))
            doctor_fail(d,
                        STR("Move it out of DocumentRoot, or deny its folder's files: "
                            "share/linnet/apache/linnet-cgi.conf"),
                        "%.*s is below DocumentRoot, and nothing is denied there: whoever asks "
                        "gets linnet.conf and the key beside it.",
                        STR_PRINT(program));
    }
}
