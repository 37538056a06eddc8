/*
 * mock_names.c - what names of fields and mutations usually mean, in any contract.
 *
 * SPDX-License-Identifier: MIT
 */
#include "mock/mock_names.h"

const struct str mock_names_viewer[] = {
    STR_INIT("me"), STR_INIT("viewer"), STR_INIT("currentUser"), { 0 }
};

/* Prefixes of fields that tell something of who is signed in. */
static const struct str viewer_prefixes[] = { STR_INIT("viewer"), { 0 } };

/* Fields of a mutation's answer that say what went wrong, or repeat what was not given. */
static const struct str empty_fields[] = { STR_INIT("errors"),
                                           STR_INIT("userErrors"),
                                           STR_INIT("error"),
                                           STR_INIT("clientMutationId"),
                                           { 0 } };

/* Suffixes of types that are left out in the names of mutations. */
static const struct str type_suffixes[] = { STR_INIT("Node"), { 0 } };

/* The verbs of mutations that create something. */
static const struct str creating_verbs[] = { STR_INIT("create"),
                                             STR_INIT("add"),
                                             STR_INIT("new"),
                                             STR_INIT("insert"),
                                             STR_INIT("post"),
                                             STR_INIT("submit"),
                                             STR_INIT("make"),
                                             STR_INIT("signUp"),
                                             STR_INIT("register"),
                                             STR_INIT("save"),
                                             { 0 } };

bool
mock_names_tells_of_viewer(struct str field)
{
    for (const struct str *prefix = viewer_prefixes; prefix->ptr; prefix++)
        if (str_starts_with(field, *prefix))
            return true;
    return false;
}

bool
mock_names_is_empty(struct str field)
{
    for (const struct str *name = empty_fields; name->ptr; name++)
        if (str_equal(field, *name))
            return true;
    return false;
}

struct str
mock_names_find_noun(struct str name)
{
    for (const struct str *suffix = type_suffixes; suffix->ptr; suffix++)
        if (name.len > suffix->len && str_ends_with(name, *suffix))
            return (struct str){ name.ptr, name.len - suffix->len };
    return name;
}

bool
mock_names_is_about(struct str mutation, struct str type)
{
    return str_ends_with(mutation, mock_names_find_noun(type));
}

bool
mock_names_creates(struct str mutation, struct str type)
{
    if (!mock_names_is_about(mutation, type))
        return false;
    struct str rest = { mutation.ptr, mutation.len - mock_names_find_noun(type).len };
    for (const struct str *verb = creating_verbs; verb->ptr; verb++) {
        if (rest.len < verb->len)
            continue;
        struct str end = { rest.ptr + rest.len - verb->len, verb->len };
        if (str_starts_with(rest, *verb) || str_equal_nocase(end, *verb))
            return true;
    }
    return false;
}
