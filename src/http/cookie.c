/*
 * cookie.c - cookies that sign users in.
 *
 * SPDX-License-Identifier: MIT
 */
#include "http/cookie.h"

#include <assert.h>

#include "config/config.h"

/* The prefix has browsers refuse the cookie over plain http.  `__Host-` would do more, but needs
 * the path `/`, where every program of a shared host could read it.
 *
 * A refresh token has another name in each mode, or a script in a page of COOKIE_MODE_ALL could ask
 * in the other mode, and would read an access token in the body. */
static const struct cookie_names {
    struct str plain, secure;
} names[][COOKIE_COUNT] = {
    [COOKIE_MODE_ALL] = {
        [COOKIE_TOKEN] = { STR_INIT("linnet-token"), STR_INIT("__Secure-linnet-token") },
        [COOKIE_REFRESH] = { STR_INIT("linnet-refresh"), STR_INIT("__Secure-linnet-refresh") },
    },
    [COOKIE_MODE_REFRESH] = {
        [COOKIE_TOKEN] = { STR_INIT("linnet-token"), STR_INIT("__Secure-linnet-token") },
        [COOKIE_REFRESH] = { STR_INIT("linnet-refresh-only"),
                             STR_INIT("__Secure-linnet-refresh-only") },
    },
};

bool
cookie_has_ours(struct str header)
{
    for (; header.len > 0; header.ptr++, header.len--)
        if (str_starts_with(header, STR("linnet-"))) /* all names have it */
            return true;
    return false;
}

static struct str
name_of(const struct cookies *cookies, enum cookie_name name)
{
    const struct cookie_names *found = &names[cookies->mode][name];

    return cookies->is_secure ? found->secure : found->plain;
}

static struct cookie_refusal
refuse(enum error_code code, const char *message)
{
    return (struct cookie_refusal){ code == ERROR_FORBIDDEN ? 403 : 400, code, message };
}

/* Is it the name of this machine, with a port or without?  What a browser says here is what its
 * user sees. */
static bool
is_loopback(struct str host)
{
    size_t end = host.len;
    while (end > 0 && str_is_digit(host.ptr[end - 1]))
        end--;
    if (end > 0 && end < host.len && host.ptr[end - 1] == ':')
        host.len = end - 1;
    if (str_equal_nocase(host, STR("localhost")) || str_is(host, "[::1]"))
        return true;
    bool is_address = str_starts_with(host, STR("127."));
    for (size_t i = 0; i < host.len; i++)
        is_address &= str_is_digit(host.ptr[i]) || host.ptr[i] == '.';
    return is_address;
}

/* Is it a page of this origin, or no page?  Where the browser does not say how the page's site is
 * related to ours, the page's origin has the name and port of Host. */
static bool
is_same_origin(const struct cookie_headers *headers)
{
    struct str rest = headers->origin;

    if (headers->site.ptr)
        return str_is(headers->site, "same-origin");
    if (!rest.ptr)
        return true;
    while (rest.len > 0 && !str_starts_with(rest, STR("://")))
        rest = (struct str){ rest.ptr + 1, rest.len - 1 };
    return rest.len > 3 &&
           str_equal_nocase((struct str){ rest.ptr + 3, rest.len - 3 }, headers->host);
}

static bool
read_mode(struct str text, enum cookie_mode *mode)
{
    *mode = str_is(text, "1") ? COOKIE_MODE_ALL : COOKIE_MODE_REFRESH;
    return *mode == COOKIE_MODE_ALL || str_is(text, "refresh");
}

/* The path for which browsers send the cookies: also with a `/` after it (RFC 6265, 5.1.4).
 * False when the web server's is none that a header can have. */
static bool
find_path(const struct config *config, struct str script_name, struct str *path)
{
    struct str set = config->cookie_path ? str_from(config->cookie_path) : STR("");

    *path = set.len > 0 ? set : script_name;
    while (path->len > 0 && path->ptr[path->len - 1] == '/')
        path->len--;
    if (path->len == 0)
        *path = STR("/");
    return config_is_url_path(*path);
}

/* The characters of tokens: base64url, and the dots between. */
static bool
is_token(struct str value)
{
    for (size_t i = 0; i < value.len; i++) {
        char c = value.ptr[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !str_is_digit(c) && c != '-' &&
            c != '_' && c != '.')
            return false;
    }
    return true;
}

/* Take the next `name=value` off a header.  False at its end. */
static bool
next_pair(struct str *rest, bool ends_at_comma, struct str *name, struct str *value)
{
    if (rest->len == 0)
        return false;

    size_t end = str_find(*rest, ';');
    if (ends_at_comma && str_find(*rest, ',') < end)
        end = str_find(*rest, ',');
    struct str pair = { rest->ptr, end };
    size_t equals = str_find(pair, '=');
    size_t skip = equals < end ? equals + 1 : end;
    *name = str_trim((struct str){ pair.ptr, equals });
    *value = str_trim((struct str){ pair.ptr + skip, end - skip });
    size_t next = end < rest->len ? end + 1 : end;
    *rest = (struct str){ rest->ptr + next, rest->len - next };
    return true;
}

/* How often a cookie comes.  A comma may be its end: some web servers join two headers so. */
static int
count(struct str header, struct str wanted)
{
    struct str name, value;
    int found = 0;

    while (next_pair(&header, true, &name, &value))
        found += str_equal(name, wanted);
    return found;
}

/* Find a cookie's value; an empty one is as if absent.  False when it is there twice, since a page
 * of a neighbouring host may have set one beside ours, or when it is not a token. */
static bool
find_cookie(struct str header, struct str wanted, struct str *found)
{
    struct str rest = header, name, value;
    int times = count(header, wanted);

    *found = STR_NONE;
    if (times != 1)
        return times == 0;
    while (next_pair(&rest, false, &name, &value)) {
        if (!str_equal(name, wanted))
            continue;
        if (value.len > 0)
            *found = value;
        return is_token(value);
    }
    return false;
}

struct cookie_refusal
cookie_read(const struct config *config, const struct cookie_headers *headers,
            struct cookies *cookies)
{
    *cookies = (struct cookies){ 0 };
    if (!headers->mode.ptr)
        return (struct cookie_refusal){ 0 };
    if (!read_mode(headers->mode, &cookies->mode))
        return refuse(ERROR_BAD_REQUEST, "Linnet-Cookies must be 1 or refresh.");
    if (!is_same_origin(headers))
        return refuse(ERROR_FORBIDDEN, "Only pages of this origin may use cookies.");
    cookies->is_secure =
        config->cookie_secure == COOKIE_SECURE_ON || str_equal_nocase(headers->https, STR("on"));
    if (!cookies->is_secure && !is_loopback(headers->host))
        return refuse(ERROR_FORBIDDEN, "Cookies need https.");
    if (!find_path(config, headers->script_name, &cookies->path))
        return refuse(ERROR_BAD_REQUEST, "Cookies cannot be set for this path.");
    if (headers->cookie.len > (size_t)config->limits.cookie)
        return refuse(ERROR_LIMIT_EXCEEDED, "The header Cookie is too long.");
    for (int i = 0; i < COOKIE_COUNT; i++)
        if (headers->cookie.ptr &&
            !find_cookie(headers->cookie, name_of(cookies, (enum cookie_name)i),
                         &cookies->values[i]))
            return refuse(ERROR_BAD_REQUEST,
                          "A cookie with a token was sent twice, or is not a token.");
    return (struct cookie_refusal){ 0 };
}

struct str
cookie_write(struct arena *a, const struct cookies *cookies, enum cookie_name name,
             struct str value, int64_t seconds)
{
    assert(cookies->mode != COOKIE_MODE_NONE && is_token(value));
    return str_format(a, "%.*s=%.*s; Path=%.*s; Max-Age=%lld; HttpOnly; SameSite=Strict%s",
                      STR_PRINT(name_of(cookies, name)), STR_PRINT(seconds > 0 ? value : STR("")),
                      STR_PRINT(cookies->path), (long long)(seconds > 0 ? seconds : 0),
                      cookies->is_secure ? "; Secure" : "");
}
