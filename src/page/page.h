/*
 * page.h - the pages that people see who open a server's address in a browser: GraphiQL, and small
 * ones that say where the API is.
 *
 * They have no script of ours in them, and their policies allow browsers nothing that they do not
 * need (Content Security Policy, level 3).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef PAGE_PAGE_H
#define PAGE_PAGE_H

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct config;

/* The values of Content-Security-Policy: of the small pages, and of GraphiQL's. */
extern const char page_policy[];
extern const char page_graphiql_policy[];

/* Say what this is, and that the API is at the path `endpoint`.  In development also how to go on:
 * whether GraphiQL is there.  `is_root`: it is shown at `/`, and not at the endpoint. */
struct str page_hello(struct arena *a, const struct config *config, struct str endpoint,
                      bool has_graphiql, bool is_root);

/* Say that there is nothing here, or not by this name: `message` says what to do. */
struct str page_refusal(struct arena *a, int status, struct str message);

/* GraphiQL's page, from the `index.html` that was built, whose files it names by relative
 * addresses, `./assets/...`: with the addresses that they have for a browser that has opened the
 * endpoint. */
struct str page_graphiql(struct arena *a, const struct config *config, struct str index);

#endif
