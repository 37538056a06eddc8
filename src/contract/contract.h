/*
 * contract.h - a contract, loaded: the schema that clients see, bound to what
 * the database has.  Constant; one for each worker and generation.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CONTRACT_CONTRACT_H
#define CONTRACT_CONTRACT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "mock_binding/bind_mock.h"

struct arena;
struct catalog;
struct errors;
struct resolver_signature;
struct schema;

struct contract {
    struct schema *schema;         /* constant once it is bound */
    const struct catalog *catalog; /* NULL: not bound, or */
    bool is_mock;                  /* bound to values that are made up */
    struct str hash;               /* of the SDL: 16 hexadecimal digits */
};

/* The bit that the contract's catalog has for the role that requests take on; STR_NONE: that of
 * anonymous ones.  0 when its rights are not known. */
uint32_t contract_role(const struct contract *contract, struct str role);

/* Parse and build the SDL in `text`, which must live as long as the arena;
 * `name` is the file's, for messages.  Not bound yet.  NULL after adding errors. */
struct contract *
contract_build(struct arena *a, struct str name, struct str text, struct errors *errors) MUST_CHECK;

/* Hold the contract against the catalog and bind it (bind.h). */
bool
contract_bind(struct arena *a, struct contract *contract, const struct catalog *catalog,
              const struct resolver_signature *const *resolvers, struct errors *errors) MUST_CHECK;

/* Bind the contract so that its values are made up (bind_mock.h): no catalog, no database. */
bool contract_bind_mock(struct arena *a, struct contract *contract, enum mock_values values,
                        struct errors *errors) MUST_CHECK;

#endif
