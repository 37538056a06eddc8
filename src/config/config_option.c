/*
 * config_option.c - the table of settings.
 *
 * SPDX-License-Identifier: MIT
 */
#include "config/config_option.h"

#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "config/config.h"

static const struct option options[] = {
#define CONFIG_ROW(member, type, initial, least, most, sentence)                                   \
    {                                                                                              \
        #member, OPTION_##type, initial,  least,                                                   \
        most,    NULL,          sentence, offsetof(struct config, member)                          \
    },
    CONFIG_OPTIONS(CONFIG_ROW)
#undef CONFIG_ROW
};

const struct option config_issuer_options[] = {
#define CONFIG_ROW(member, type, initial, least, most, sentence)                                   \
    { #member, OPTION_##type, initial,  least,                                                     \
      most,    NULL,          sentence, offsetof(struct config_issuer, member) },
    CONFIG_ISSUER_OPTIONS(CONFIG_ROW)
#undef CONFIG_ROW
};
const int config_issuer_option_count = ARRAY_LENGTH(config_issuer_options);

enum { OPTION_COUNT = ARRAY_LENGTH(options) };

/* The words of the types that are choices, in the order of their enums. */
static const char *const choices[][5] = {
    [OPTION_MODE] = { "development", "production" },
    [OPTION_LEVEL] = { "error", "warning", "info", "debug" },
    [OPTION_INTROSPECTION] = { "off", "on", "user", "staff" },
    [OPTION_COOKIE_SECURE] = { "auto", "on" },
    [OPTION_GRAPHIQL] = { "auto", "on", "off" },
    [OPTION_WATCH] = { "off", "on" },
    [OPTION_POOLER] = { "none", "session", "transaction" },
    [OPTION_PREPARED] = { "off", "on" },
    [OPTION_DOCUMENTS_ONLY] = { "off", "log", "on" },
    [OPTION_SWITCH] = { "no", "yes" },
};

static const char limit_prefix[] = "limit_";

const struct option *
config_option_table(struct arena *a, int *count)
{
    struct option *all = ARENA_ARRAY(a, struct option, (size_t)(OPTION_COUNT + limit_row_count));
    memcpy(all, options, sizeof(options));
    for (int i = 0; i < limit_row_count; i++) {
        const struct limit_row *row = &limit_rows[i];
        all[OPTION_COUNT + i] = (struct option){
            .name = str_format(a, "%s%s", limit_prefix, row->name).ptr,
            .type = OPTION_NUMBER,
            .initial = str_format(a, "%d", row->value).ptr,
            .least = row->least,
            .most = row->most,
            .unit = row->unit,
            .sentence = row->reason,
            .offset = offsetof(struct config, limits) + row->offset,
        };
    }
    *count = OPTION_COUNT + limit_row_count;
    return all;
}

struct config_issuer *
config_issuer_add(struct arena *a, struct config *config, struct str name)
{
    struct config_issuer **end = &config->issuers;

    while (*end)
        end = &(*end)->next;
    *end = ARENA_NEW(a, struct config_issuer);
    (*end)->name = name;
    return *end;
}

/* Are they equal, where a `-` of `name` counts as `_`? */
static bool
name_is(struct str name, const char *option)
{
    if (strlen(option) != name.len)
        return false;
    for (size_t i = 0; i < name.len; i++)
        if (name.ptr[i] != option[i] && !(name.ptr[i] == '-' && option[i] == '_'))
            return false;
    return true;
}

const struct option *
config_option_find(const struct option *all, int count, struct str name)
{
    for (int i = 0; i < count; i++)
        if (name_is(name, all[i].name))
            return &all[i];
    return NULL;
}

bool
config_option_exists(struct str name)
{
    if (config_option_find(options, OPTION_COUNT, name))
        return true;

    size_t prefix = sizeof(limit_prefix) - 1;
    if (name.len < prefix || !name_is((struct str){ name.ptr, prefix }, limit_prefix))
        return false;
    for (int i = 0; i < limit_row_count; i++)
        if (name_is((struct str){ name.ptr + prefix, name.len - prefix }, limit_rows[i].name))
            return true;
    return false;
}

int
config_option_choice(enum option_type type, const char *word)
{
    assert(type >= OPTION_MODE);
    for (int i = 0; choices[type][i]; i++)
        if (strcmp(choices[type][i], word) == 0)
            return i;
    return -1;
}

void
config_option_write_choices(struct buf *b, enum option_type type)
{
    for (int i = 0; choices[type][i]; i++)
        buf_printf(b, "%s%s", i ? ", " : "", choices[type][i]);
}
