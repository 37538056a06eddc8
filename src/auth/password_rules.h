/*
 * password_rules.h - which passwords an account may have.
 *
 * The rules are those of Django's four validators: a password is not too short, not like its
 * owner's name, not common, and not only digits.  The operator may switch off the last three.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef AUTH_PASSWORD_RULES_H
#define AUTH_PASSWORD_RULES_H

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct errors;

enum {
    PASSWORD_LEAST = 8,  /* characters, unless the operator asks for more */
    PASSWORD_MOST = 128, /* characters */
    PASSWORD_BYTES = 512 /* bytes; a longer text is refused without hashing it */
};

struct password_rules {
    int least; /* characters; 0: PASSWORD_LEAST */
    bool may_be_similar, may_be_common, may_be_numeric;
    struct str
        list; /* more common passwords, as password_rules_read_list() has them; or STR_NONE */
};

/* Whose password it is; STR_NONE: not known. */
struct password_owner {
    struct str username, email;
};

/* May this be the password of that owner?  False after adding an error with this argument. */
bool password_rules_check(struct arena *a, const struct password_rules *rules, struct str argument,
                          struct str password, const struct password_owner *owner,
                          struct errors *errors) MUST_CHECK;

/* Read a file of common passwords: one per line, in lower case and in the order of their bytes.
 * False when it cannot be read or is not so; then `*message` says it for the operator. */
bool password_rules_read_list(struct arena *a, const char *path, struct str *list,
                              struct str *message) MUST_CHECK;

/* Has a list of lines, sorted by their bytes and each ended by a line feed, this line? */
bool password_rules_list_has(struct str list, struct str line);

#endif
