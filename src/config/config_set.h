/*
 * config_set.h - one setting, from a text to its place.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CONFIG_CONFIG_SET_H
#define CONFIG_CONFIG_SET_H

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct buf;
struct option;

/* Where settings go, and how their texts are read. */
struct config_setter {
    struct arena *arena;
    void *target; /* the struct that the options are members of */
    struct buf *messages;
    const char *folder; /* that relative paths count from, or NULL: the current one */
};

/* Set the option.  False after a message: `where` the value stands, and what is allowed. */
bool config_set(const struct config_setter *s, const struct option *option, const char *value,
                const char *where) MUST_CHECK;

#endif
