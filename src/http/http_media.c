/*
 * http_media.c - media types: what a body is, and what a client accepts
 * (RFC 9110, 8.3.1 and 12.5.1).
 *
 * SPDX-License-Identifier: MIT
 */
#include "http/http.h"

bool
http_next_part(struct str *rest, char separator, struct str *part)
{
    if (!rest->ptr)
        return false;
    size_t end = str_find(*rest, separator);
    *part = str_trim((struct str){ rest->ptr, end });
    *rest = end < rest->len ? (struct str){ rest->ptr + end + 1, rest->len - end - 1 } : STR_NONE;
    return true;
}

/* Split `name=value`; the value may stand in quotes.  False when it is not a parameter. */
static bool
split_parameter(struct str part, struct str *name, struct str *value)
{
    size_t equals = str_find(part, '=');
    if (equals == 0 || equals + 1 >= part.len)
        return false;
    *name = (struct str){ part.ptr, equals };
    *value = (struct str){ part.ptr + equals + 1, part.len - equals - 1 };
    if (value->len >= 2 && value->ptr[0] == '"' && value->ptr[value->len - 1] == '"')
        *value = (struct str){ value->ptr + 1, value->len - 2 };
    return str_find(*value, ',') == value->len && str_find(*value, '"') == value->len;
}

bool
http_is_json(struct str content_type)
{
    struct str rest = content_type, part, name, value;
    if (!http_next_part(&rest, ';', &part) || !str_equal_nocase(part, STR("application/json")))
        return false;
    while (http_next_part(&rest, ';', &part)) {
        if (part.len == 0)
            continue;
        if (!split_parameter(part, &name, &value))
            return false;
        if (str_equal_nocase(name, STR("charset")) && !str_equal_nocase(value, STR("utf-8")))
            return false;
    }
    return true;
}

bool
http_is_identity(struct str content_encoding)
{
    struct str coding;
    bool is_identity = true;
    while (http_next_part(&content_encoding, ',', &coding))
        is_identity &= coding.len == 0 || str_equal_nocase(coding, STR("identity"));
    return is_identity;
}

/* What a client thinks of one of our types. */
struct preference {
    int precision; /* of the range that decides: 3 names the type, 1 is all types; 0: none */
    int weight;    /* q, in thousandths */
};

/* A weight, `0.8`, in thousandths; 0 for what is none. */
static int
read_weight(struct str text)
{
    if (text.len == 0 || text.len > 5 || (text.ptr[0] != '0' && text.ptr[0] != '1'))
        return 0;
    int weight = (text.ptr[0] - '0') * 1000;
    if (text.len > 1 && text.ptr[1] != '.')
        return 0;
    for (size_t i = 2, unit = 100; i < text.len; i++, unit /= 10) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return 0;
        weight += (text.ptr[i] - '0') * (int)unit;
    }
    return weight <= 1000 ? weight : 0;
}

static void
prefer(struct preference *preference, int precision, int weight)
{
    if (precision > preference->precision)
        *preference = (struct preference){ precision, weight };
}

/* What a client thinks of all of them. */
struct preferences {
    struct preference json, graphql, html;
};

/* One range of an Accept: `application/json;q=0.8`. */
static void
read_range(struct str range, struct preferences *of)
{
    struct str type, part, name, value;
    int weight = 1000;
    if (!http_next_part(&range, ';', &type))
        return;
    while (http_next_part(&range, ';', &part))
        if (split_parameter(part, &name, &value) && str_equal_nocase(name, STR("q")))
            weight = read_weight(value);

    if (str_equal_nocase(type, STR("application/json"))) {
        prefer(&of->json, 3, weight);
    } else if (str_equal_nocase(type, STR("application/graphql-response+json"))) {
        prefer(&of->graphql, 3, weight);
    } else if (str_equal_nocase(type, STR("text/html"))) {
        prefer(&of->html, 3, weight);
    } else if (str_equal_nocase(type, STR("text/*"))) {
        prefer(&of->html, 2, weight);
    } else if (str_equal_nocase(type, STR("application/*"))) {
        prefer(&of->json, 2, weight);
        prefer(&of->graphql, 2, weight);
    } else if (str_is(type, "*/*")) {
        prefer(&of->json, 1, weight);
        prefer(&of->graphql, 1, weight);
        prefer(&of->html, 1, weight);
    }
}

static struct preferences
read_accept(struct str accept)
{
    struct preferences of = { 0 };
    struct str range;

    while (http_next_part(&accept, ',', &range))
        read_range(range, &of);
    return of;
}

bool
http_accept(struct str accept, enum http_media *media)
{
    *media = HTTP_JSON;
    if (!accept.ptr || str_trim(accept).len == 0)
        return true;
    struct preferences of = read_accept(accept);

    /* Clients from before the newer type send wildcards, and expect the older one. */
    if (of.graphql.weight > of.json.weight ||
        (of.graphql.weight == of.json.weight && of.graphql.precision > 2 && of.graphql.weight > 0))
        *media = HTTP_GRAPHQL;
    return of.json.weight > 0 || of.graphql.weight > 0;
}

/* Is HTML wanted more than the other; or as much, and by a range that says so more precisely? */
static bool
is_preferred(struct preference html, struct preference other)
{
    return html.weight > other.weight ||
           (html.weight == other.weight && html.precision > other.precision);
}

bool
http_accepts_html(struct str accept)
{
    struct preferences of = read_accept(accept);

    return of.html.precision > 1 && of.html.weight > 0 && is_preferred(of.html, of.json) &&
           is_preferred(of.html, of.graphql);
}
