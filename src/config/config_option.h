/*
 * config_option.h - the table of settings, for those who read and print them: a row is one
 * of CONFIG_OPTIONS or of LIMITS.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CONFIG_CONFIG_OPTION_H
#define CONFIG_CONFIG_OPTION_H

#include <stddef.h>

#include "base/str.h"

struct arena;
struct buf;
struct config;
struct config_issuer;

enum option_type {
    OPTION_PATH,
    OPTION_PATHS,
    OPTION_TEXT,
    OPTION_ORIGINS,
    OPTION_HOSTS,
    OPTION_HEADERS,
    OPTION_ROLES,
    OPTION_URL_PATH,
    OPTION_RULES,
    OPTION_NUMBER,
    /* A choice: one of some words; its index is stored. */
    OPTION_MODE,
    OPTION_LEVEL,
    OPTION_INTROSPECTION,
    OPTION_COOKIE_SECURE,
    OPTION_GRAPHIQL,
    OPTION_WATCH,
    OPTION_POOLER,
    OPTION_PREPARED,
    OPTION_DOCUMENTS_ONLY,
    OPTION_SWITCH
};

struct option {
    const char *name;
    enum option_type type;
    const char *initial; /* the default */
    int least, most;
    const char *unit; /* of numbers; or NULL */
    const char *sentence;
    size_t offset; /* in struct config */
};

/* The rows of a section `[issuer NAME]`; `offset` is in struct config_issuer. */
extern const struct option config_issuer_options[];
extern const int config_issuer_option_count;

/* Add an issuer after those that there are; nothing is set. */
struct config_issuer *config_issuer_add(struct arena *a, struct config *config, struct str name);

/* All rows: those of the table, then one for each limit. */
const struct option *config_option_table(struct arena *a, int *count);

/* The row of that name, `-` counting as `_`; or NULL. */
const struct option *config_option_find(const struct option *options, int count, struct str name);

/* Is there an option of that name, `-` counting as `_`? */
bool config_option_exists(struct str name);

/* The index of a word among those of the type, or -1. */
int config_option_choice(enum option_type type, const char *word);
void config_option_write_choices(struct buf *b, enum option_type type);

#endif
