/*
 * check_documents.h - what linnet check says of trusted documents, and of a log of requests for
 * others.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CGI_BIN_CHECK_DOCUMENTS_H
#define CGI_BIN_CHECK_DOCUMENTS_H

#include <stdbool.h>

#include "base/str.h"

struct contract;
struct invocation;

/* Read the trusted documents, if there are any, hold them against the contract, and print what was
 * found.  False: one of them does not fit.  `*note_count` is how many notes were printed. */
bool check_documents(const struct invocation *invocation, const struct contract *contract,
                     int *note_count) MUST_CHECK;

/* check_log.c: Read a log of the server, and print what documents_only = on would have refused.
 * The exit status. */
int check_log(const struct invocation *invocation, const char *file);

#endif
