/*
 * manifest.h - trusted documents from files: a document each, or a manifest that a build tool has
 * written.
 *
 *     { "ID": "TEXT", ... }                                  GraphQL Code Generator, Relay
 *     { "format": "apollo-persisted-query-manifest",         Apollo
 *       "version": 1,
 *       "operations": [ { "id": "ID", "body": "TEXT", ... } ] }
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef DOCUMENT_MANIFEST_H
#define DOCUMENT_MANIFEST_H

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct errors;
struct limits;
struct trusted;

/* Add the documents of a manifest, whose text is `json`, to the set.  `file` is its name, for
 * messages; both must live as long as the set.  False after adding one error that says what is
 * wrong, with the file's name and where there is one the line and column. */
bool manifest_read_json(struct arena *a, struct str file, struct str json, struct trusted *t,
                        struct errors *errors) MUST_CHECK;

/* Add the document of a file.  Its id is the name of its operation, if it has one operation and
 * that has a name.  Everything else is as above. */
bool manifest_read_graphql(struct str file, struct str text, const struct limits *limits,
                           struct trusted *t, struct errors *errors) MUST_CHECK;

#endif
