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
struct error;
struct errors;
struct resolver_signature;
struct schema;

struct contract;

/* A contract as some of the roles see it. */
struct contract_view {
    struct contract *contract; /* the whole one, if they see all of it */
    struct str roles;          /* their names, for messages: `anon, user` */
    struct contract_view *next;
};

struct role_view {
    struct str role;
    struct contract_view *view;
};

struct contract {
    struct schema *schema;         /* constant once it is bound */
    const struct catalog *catalog; /* NULL: not bound, or */
    bool is_mock;                  /* bound to values that are made up */
    struct str hash;               /* of the SDL: 16 hexadecimal digits */
    /* Of a contract with @auth: what each role sees (contract_roles.h), which is bound with it. */
    bool is_divided;             /* the views have been built, or none is needed */
    struct contract_view *views; /* NULL: all roles see all of it */
    struct role_view *roles;     /* `anon`, then that of new users, then the others */
    int role_count;
};

/* The bit that the contract's catalog has for the role that requests take on; STR_NONE: that of
 * anonymous ones.  0 when its rights are not known. */
uint32_t contract_role(const struct contract *contract, struct str role);

/* Parse and build the SDL in `text`, which must live as long as the arena;
 * `name` is the file's, for messages.  Not bound yet.  NULL after adding errors. */
struct contract *
contract_build(struct arena *a, struct str name, struct str text, struct errors *errors) MUST_CHECK;

/* The contract as requests of the role see it, which is one that it was built for; STR_NONE: as
 * those that are not signed in see it, `anon`. */
const struct contract *contract_seen_by(const struct contract *contract, struct str role);

/* The role of that name, if it is one that a user may have; else that of new users.  STR_NONE: the
 * contract knows of no roles, since all see all of it. */
struct str contract_role_or_first(const struct contract *contract, struct str name);

/* Add what was found of a view, with the names of its roles: one thing, which may be a note; or all
 * misfits, since binding finds the notes of a view with the whole contract, too. */
void contract_add_finding(const struct contract_view *view, const struct error *found,
                          struct errors *errors);
void contract_add_findings(const struct contract_view *view, const struct errors *found,
                           struct errors *errors);

/* Hold the contract against the catalog and bind it (bind.h). */
bool
contract_bind(struct arena *a, struct contract *contract, const struct catalog *catalog,
              const struct resolver_signature *const *resolvers, struct errors *errors) MUST_CHECK;

/* Bind the contract so that its values are made up (bind_mock.h): no catalog, no database. */
bool contract_bind_mock(struct arena *a, struct contract *contract, enum mock_values values,
                        struct errors *errors) MUST_CHECK;

#endif
