/*
 * cookie.h - cookies that sign users in: in which requests they count, what they are called, and
 * the header that sets them (RFC 6265; draft-ietf-httpbis-rfc6265bis, 4.1.3, for the prefix).
 *
 * A browser sends cookies along with whatever another site's page makes it send.  So they count
 * only beside the header Linnet-Cookies, which such a page cannot send without a preflight, and no
 * preflight allows it (http_origin.c).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HTTP_COOKIE_H
#define HTTP_COOKIE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/str.h"

struct arena;
struct config;

enum cookie_mode {
    COOKIE_MODE_NONE,   /* no header Linnet-Cookies: no cookie counts, and none is set */
    COOKIE_MODE_ALL,    /* `1`: both tokens are cookies */
    COOKIE_MODE_REFRESH /* `refresh`: the refresh token is one, under a name of its own; the access
                           token is in the body */
};

enum cookie_name { COOKIE_TOKEN, COOKIE_REFRESH, COOKIE_COUNT };

/* What the request says of cookies; STR_NONE where a header or variable is absent. */
struct cookie_headers {
    struct str mode;        /* Linnet-Cookies */
    struct str cookie;      /* Cookie; where it came more than once, joined by ", " */
    struct str site;        /* Sec-Fetch-Site */
    struct str origin;      /* Origin */
    struct str host;        /* Host */
    struct str https;       /* HTTPS, from the web server */
    struct str script_name; /* SCRIPT_NAME: the endpoint's path */
};

/* The cookies of a request, and where those belong that its response sets. */
struct cookies {
    enum cookie_mode mode;
    struct str values[COOKIE_COUNT]; /* STR_NONE: it did not come */
    bool is_secure;                  /* https: other names than for http on this machine */
    struct str path;
};

/* Why cookies cannot be used in a request. */
struct cookie_refusal {
    int status;           /* 0: they can */
    enum error_code code; /* LIMIT_EXCEEDED: of the limit `cookie` */
    const char *message;
};

/* Is there a cookie of ours in the header Cookie (STR_NONE: absent), whether it counts or not? */
bool cookie_has_ours(struct str header);

/* Read the cookies of a request; they lie in `headers`.  Without the header Linnet-Cookies nothing
 * else is looked at. */
struct cookie_refusal cookie_read(const struct config *config, const struct cookie_headers *headers,
                                  struct cookies *cookies) MUST_CHECK;

/* The value of a header Set-Cookie: the browser keeps `value`, characters of a token, for so many
 * seconds; 0: it forgets the cookie.  Not in COOKIE_MODE_NONE. */
struct str cookie_write(struct arena *a, const struct cookies *cookies, enum cookie_name name,
                        struct str value, int64_t seconds);

#endif
