/*
 * config_read.h - the settings, from defaults, file, environment and command line.
 *
 * The file is the one that --config or LINNET_CONFIG names, or else ./linnet.conf
 * if there is one.  Relative paths in it count from its folder, and those of options and
 * variables from the current folder.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CONFIG_CONFIG_READ_H
#define CONFIG_CONFIG_READ_H

#include "base/str.h"

struct arena;
struct buf;
struct config;

/* An option of the command line: `name` without its leading dashes. */
struct config_flag {
    struct str name;
    const char *value;
};

enum config_result {
    CONFIG_OK,
    CONFIG_BAD_USAGE, /* an option is wrong */
    CONFIG_BAD        /* the file or the environment is wrong */
};

/* Read the settings; texts live in the arena.  On failure `messages` has a line for each fault:
 * where it stands, and what is allowed. */
enum config_result
config_read(struct arena *a, const struct config_flag *flags, int flag_count,
            char *const *environment, struct config *config, struct buf *messages) MUST_CHECK;

#endif
