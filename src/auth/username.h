/*
 * username.h - which names an account may have, by Unicode's categories; the only door to
 * utf8proc.
 *
 * A name is what normal form NFKC makes of what was typed, so that two names that look the same
 * because one is composed otherwise are one.  It has letters of any script, each with its marks
 * (vowel signs, viramas, tone marks: Mn, Mc), digits of any script (Nd), and @.+-_.  A character
 * that is usually not shown (Default_Ignorable_Code_Point) is none of these.
 *
 * The database has the same rule: its function is_username() is printed from it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef AUTH_USERNAME_H
#define AUTH_USERNAME_H

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct buf;

enum { USERNAME_MOST = 150 }; /* characters */

/* The normal form of what a client has typed, in the arena.  STR_NONE when no account can have
 * such a name: it is empty, too long, or has an ASCII character that is not in the rule.  Names of
 * accounts that are there already may break other parts of it. */
struct str username_read(struct arena *a, struct str typed) MUST_CHECK;

/* May a new account have this name, a normal form? */
bool username_is_good(struct str name) MUST_CHECK;

/* A text in normal form NFKC and with its case folded, for comparing; in the arena.  What is not
 * UTF-8 stays as it is. */
struct str username_fold(struct arena *a, struct str text) MUST_CHECK;

/* Print the migration that makes SQL's is_username(). */
void username_print_sql(struct buf *b);

#endif
