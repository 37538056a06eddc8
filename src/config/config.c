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
    struct str word;
    bool is_there = str_next_word(rest, &word);
    size_t colon = str_find(word, ':');

    role->name = (struct str){ word.ptr, colon };
    role->database_role =
        colon < word.len ? (struct str){ word.ptr + colon + 1, word.len - colon - 1 } : STR_NONE;
    return is_there;
}

bool
config_has_word(const char *list, struct str word)
{
    return str_has_word(str_from(list), word);
}

bool
config_has_graphiql(const struct config *config)
{
    return config->graphiql == GRAPHIQL_ON ||
           (config->graphiql == GRAPHIQL_AUTO && config->mode == MODE_DEVELOPMENT);
}

bool
config_is_watching(const struct config *config)
{
    return config->mode == MODE_DEVELOPMENT && config->watch == WATCH_ON;
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
