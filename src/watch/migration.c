/*
 * migration.c - the numbered SQL files.
 *
 * SPDX-License-Identifier: MIT
 */
#include "watch/migration.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "config/config.h"

const char *
migration_folder(struct arena *a, const struct config *config)
{
    if (*config->migrations)
        return config->migrations;
    const char *slash = strrchr(config->contract, '/');
    if (!slash)
        return ".";
    return str_copy_c(a, (struct str){ config->contract, (size_t)(slash - config->contract) });
}

/* For scandir(): is this 001-tables.sql, or the like? */
static int
is_numbered(const struct dirent *entry)
{
    struct str name = str_from(entry->d_name);
    return str_is_digit(name.ptr[0]) && str_ends_with(name, STR(".sql"));
}

static int
compare_numbers(const struct dirent **a, const struct dirent **b)
{
    unsigned long long x = strtoull((*a)->d_name, NULL, 10), y = strtoull((*b)->d_name, NULL, 10);
    if (x != y)
        return x < y ? -1 : 1;
    return strcmp((*a)->d_name, (*b)->d_name);
}

int
migration_list(struct arena *a, const char *folder, const char *const **names)
{
    struct dirent **entries;
    int count = scandir(folder, &entries, is_numbered, compare_numbers);

    if (count < 0)
        return -1;
    const char **list = ARENA_ARRAY(a, const char *, (size_t)count);
    for (int i = 0; i < count; i++) {
        list[i] = str_copy_c(a, str_from(entries[i]->d_name));
        free(entries[i]);
    }
    free(entries);
    *names = list;
    return count;
}
