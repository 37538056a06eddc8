/*
 * load_documents.h - the trusted documents, from the files that the setting `documents` names.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef LOAD_LOAD_DOCUMENTS_H
#define LOAD_LOAD_DOCUMENTS_H

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct config;
struct errors;
struct trusted;

/* Read them.  `*documents` is NULL when the setting names no path.  False after adding one error,
 * whose message begins with the name of the file. */
bool load_documents(struct arena *a, const struct config *config, const struct trusted **documents,
                    struct errors *errors) MUST_CHECK;

/* The same; the error is logged. */
bool load_documents_or_log(struct arena *a, const struct config *config,
                           const struct trusted **documents) MUST_CHECK;

/* Log each of the errors. */
void load_documents_log(const struct errors *errors);

#endif
