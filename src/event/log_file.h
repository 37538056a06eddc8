/*
 * log_file.h - the log in a file of its own, where standard error is somebody else's.
 *
 * The file takes the place of standard error, so that it also has what libraries write there, and
 * processes that are started later inherit it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef EVENT_LOG_FILE_H
#define EVENT_LOG_FILE_H

#include <stdbool.h>

#include "base/str.h"

/* Append to the file from now on, and make it (mode 0640) if it is not there; "" or NULL: write to
 * what was standard error at the start.  Call it again to open a file of the same name anew, when
 * the one before was moved away.  False after logging why not: then nothing has changed. */
bool log_file_open(const char *path) MUST_CHECK;

#endif
