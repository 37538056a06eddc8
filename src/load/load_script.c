/*
 * load_script.c - what scripts for the database are made from.
 *
 * SPDX-License-Identifier: MIT
 */
#include "load/load_script.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/arena.h"
#include "base/error.h"
#include "database/db.h"
#include "contract/contract.h"
#include "auth/auth.h"
#include "config/config.h"
#include "load/load.h"

/* Nobody signs in by accident: new users and those who have not signed in are given nothing. */
enum { FIRST_GIVEN = 2 };

/* The role of the login, for all.  False: `*message` is PostgreSQL's. */
static bool
add_single_role(struct arena *a, struct db *db, struct script_scope *scope, struct str *message)
{
    const struct rows *rows = db_query(db, a, "SELECT session_user", 0, NULL, message);
    struct script_role *role = ARENA_NEW(a, struct script_role);

    if (rows)
        *role = (struct script_role){ STR("anon"), str_copy(a, rows_get(rows, 0, 0)),
                                      scope->contract, true, false };
    scope->roles = role;
    scope->role_count = 1;
    return rows != NULL;
}

/* False after saying that there is no role of that name. */
static bool
add_roles(struct arena *a, const struct config *config, const char *first_given,
          struct script_scope *scope)
{
    struct auth auth = { 0 };

    load_roles(a, config, &auth);
    struct script_role *roles = ARENA_ARRAY(a, struct script_role, (size_t)auth.role_count + 1);
    roles[0] = (struct script_role){ STR("anon"), str_from(config->role),
                                     contract_seen_by(scope->contract, STR_NONE), false, true };
    for (int i = 0; i < auth.role_count; i++)
        roles[i + 1] = (struct script_role){ auth.roles[i].name, auth.roles[i].database_role,
                                             contract_seen_by(scope->contract, auth.roles[i].name),
                                             false, false };
    int first = first_given ? 0 : FIRST_GIVEN;
    while (first_given && first <= auth.role_count && !str_is(roles[first].name, first_given))
        first++;
    if (first_given && first > auth.role_count) {
        fprintf(stderr,
                "linnet: there is no role \"%s\"; it is \"anon\", or one of the setting `roles`\n",
                first_given);
        return false;
    }
    for (int i = first; i <= auth.role_count; i++)
        roles[i].is_given = true;
    scope->roles = roles;
    scope->role_count = auth.role_count + 1;
    return true;
}

static int
bind(struct arena *a, const struct config *config, const char *role, struct db *db,
     struct script_scope *scope)
{
    struct str message = STR_NONE;
    struct errors errors = { .arena = a };
    struct contract *contract = load_contract(a, config, stderr);

    if (!contract)
        return EX_CONFIG;
    const struct catalog *catalog = load_catalog(a, config, db, &message);
    *scope = (struct script_scope){ .file = str_from(config->contract), .contract = contract };
    if (!catalog) {
        fprintf(stderr, "linnet: cannot read the database's catalog: %.*s\n", STR_PRINT(message));
        return EX_UNAVAILABLE;
    }
    if (!load_bind(a, config, contract, catalog, &errors)) {
        load_complain(stderr, config->contract, &errors);
        return EX_CONFIG;
    }
    if (!load_has_single_role(config))
        return add_roles(a, config, role, scope) ? 0 : EX_USAGE;
    if (add_single_role(a, db, scope, &message))
        return 0;
    fprintf(stderr, "linnet: %.*s\n", STR_PRINT(str_trim(message)));
    return EX_UNAVAILABLE;
}

int
load_script(struct arena *a, const struct config *config, const char *role, struct db **db,
            struct script_scope *scope)
{
    struct db_settings *settings = ARENA_NEW(a, struct db_settings); /* as long as `*db` */

    *settings = load_settings(config);
    settings->role = NULL; /* which may not be there yet */
    *db = db_open(settings, NULL);
    if (!*db)
        return EX_UNAVAILABLE;
    int status = bind(a, config, role, *db, scope);
    if (status != 0) {
        db_close(*db);
        *db = NULL;
    }
    return status;
}
