/*
 * secret.h - a password from whoever types it, never from the command line.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CGI_BIN_INPUT_SECRET_H
#define CGI_BIN_INPUT_SECRET_H

#include <stdbool.h>

#include "base/str.h"

struct arena;

/* Read a new password, in the arena: from a terminal twice, without showing it; else the first line
 * of standard input.  False after saying why there is none on standard error. */
bool secret_read(struct arena *a, const char *username, struct str *secret) MUST_CHECK;

#endif
