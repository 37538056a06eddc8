/*
 * auth_settings.c - what the operator says of users.
 *
 * SPDX-License-Identifier: MIT
 */
#include "auth/auth_settings.h"

const struct auth_role *
auth_find_role(const struct auth *auth, struct str name)
{
    for (int i = 0; i < auth->role_count; i++)
        if (str_equal(auth->roles[i].name, name))
            return &auth->roles[i];
    return NULL;
}
