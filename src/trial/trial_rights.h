/*
 * trial_rights.h - which right a role lacks to use a field.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TRIAL_TRIAL_RIGHTS_H
#define TRIAL_TRIAL_RIGHTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct arena;
struct catalog;
struct field;
struct input_value;
struct type;

/* `may not read table a; GRANT SELECT ON a TO app_anon, app_user.`: what some of the roles (bits
 * of the catalog) may not do with what the type's field, or its argument, is bound to, and the
 * statement that lets them.  STR_NONE: the catalog knows of nothing. */
struct str
trial_missing_right(struct arena *a, const struct catalog *catalog, const struct type *type,
                    const struct field *field, const struct input_value *argument, uint32_t roles);
/* Do some of the roles lack the right to draw a default of rows that the field adds from its
 * sequence?  PostgreSQL asks for it only when it draws. */
bool trial_lacks_sequence(struct arena *a, const struct catalog *catalog, const struct field *field,
                          uint32_t roles);

#endif
