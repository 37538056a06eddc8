/*
 * claims.c - the claims of a token, as JSON: the only door to json-c.
 *
 * json-c escapes what JSON requires, and writes bytes that are not UTF-8 as they are:
 * jwt_sign() refuses a text with such.
 *
 * SPDX-License-Identifier: MIT
 */
#include "auth/claims.h"

#include <assert.h>
#include <limits.h>
#include <stdbool.h>

#include <json-c/json.h>

#include "base/arena.h"

struct claims {
    struct arena *arena;
    json_object *object;
    bool failed; /* memory was exhausted */
};

static void
release_object(void *object)
{
    json_object_put(object);
}

struct claims *
claims_new(struct arena *a)
{
    struct claims *claims = ARENA_NEW(a, struct claims);

    claims->arena = a;
    claims->object = json_object_new_object();
    claims->failed = !claims->object;
    if (claims->object)
        arena_defer(a, release_object, claims->object);
    return claims;
}

/* Add `value`, which the object owns from then on. */
static void
add(struct claims *claims, const char *name, json_object *value)
{
    if (!value || claims->failed) {
        claims->failed = true;
        json_object_put(value);
        return;
    }
    assert(!json_object_object_get_ex(claims->object, name, NULL));
    if (json_object_object_add(claims->object, name, value) != 0) {
        claims->failed = true;
        json_object_put(value);
    }
}

void
claims_add_text(struct claims *claims, const char *name, struct str value)
{
    assert(value.len <= INT_MAX);
    add(claims, name, json_object_new_string_len(value.len > 0 ? value.ptr : "", (int)value.len));
}

void
claims_add_integer(struct claims *claims, const char *name, int64_t value)
{
    add(claims, name, json_object_new_int64(value));
}

struct str
claims_write(struct claims *claims)
{
    const int layout = JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE;
    size_t len;
    const char *text;

    if (claims->failed)
        return STR_NONE;
    text = json_object_to_json_string_length(claims->object, layout, &len);
    return text ? str_copy(claims->arena, (struct str){ text, len }) : STR_NONE;
}
