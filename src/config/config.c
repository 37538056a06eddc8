/*
 * config.c - what settings mean that have a meaning of their own.
 *
 * SPDX-License-Identifier: MIT
 */
#include "config/config.h"

#include <stddef.h>
#include <string.h>

bool
config_next_role(struct str *rest, struct config_role *role)
{
    *rest = str_trim(*rest);
    struct str word = { rest->ptr, str_find(*rest, ' ') };
    size_t colon = str_find(word, ':');

    *rest = (struct str){ rest->ptr + word.len, rest->len - word.len };
    role->name = (struct str){ word.ptr, colon };
    role->database_role =
        colon < word.len ? (struct str){ word.ptr + colon + 1, word.len - colon - 1 } : STR_NONE;
    return word.len > 0;
}

bool
config_has_word(const char *list, struct str word)
{
    struct str rest = str_trim(str_from(list));

    while (rest.len > 0) {
        struct str first = { rest.ptr, str_find(rest, ' ') };
        if (str_equal(first, word))
            return true;
        rest = str_trim((struct str){ rest.ptr + first.len, rest.len - first.len });
    }
    return false;
}

bool
config_has_graphiql(const struct config *config)
{
    return config->graphiql == GRAPHIQL_ON ||
           (config->graphiql == GRAPHIQL_AUTO && config->mode == MODE_DEVELOPMENT);
}

const char *
config_refuse_introspection(const struct config *config, bool is_user, bool is_staff)
{
    if (config->mode == MODE_DEVELOPMENT)
        return NULL;
    switch ((enum config_introspection)config->introspection) {
    case INTROSPECTION_OFF:
        return "Introspection is disabled.";
    case INTROSPECTION_ON:
        return NULL;
    case INTROSPECTION_USER:
        return is_user ? NULL : "Introspection requires a signed-in user.";
    case INTROSPECTION_STAFF:
        break;
    }
    return is_staff ? NULL : "Introspection requires a member of the staff.";
}

bool
config_is_url_path(struct str path)
{
    static const char others[] = "-._~/";

    for (size_t i = 0; i < path.len; i++) {
        char c = path.ptr[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !str_is_digit(c) &&
            (c == '\0' || !strchr(others, c)))
            return false;
    }
    return path.len > 0 && path.ptr[0] == '/';
}
