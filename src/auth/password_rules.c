/*
 * password_rules.c - which passwords an account may have.
 *
 * Texts are compared in the normal form that username_fold() makes, so that neither case nor
 * composition hides what a password is made of.
 *
 * SPDX-License-Identifier: MIT
 */
#include "auth/password_rules.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/utf8.h"
#include "auth/username.h"

enum { WORD_LEAST = 3 }; /* characters of a word that a password may be made of */

/* common_passwords.txt: sorted lines. */
extern const char common_passwords[];

static const struct str separators = STR_INIT("@.+-_ ");

/* Say that the error is the argument's, and return false. */
static bool
refuse(struct error *error, struct str argument)
{
    error->argument = argument;
    return false;
}

/* --- the list of common passwords --- */

/* The line of the list in which the byte at `offset` stands, without its end. */
static struct str
find_line(struct str list, size_t offset)
{
    size_t start = offset, end = offset;

    while (start > 0 && list.ptr[start - 1] != '\n')
        start--;
    while (list.ptr[end] != '\n')
        end++;
    return (struct str){ list.ptr + start, end - start };
}

bool
password_rules_list_has(struct str list, struct str line)
{
    size_t low = 0, high = list.len; /* both are where a line begins, or the end */

    while (low < high) {
        struct str middle = find_line(list, low + (high - low) / 2);
        int order = str_compare(line, middle);
        if (order == 0)
            return true;
        size_t start = (size_t)(middle.ptr - list.ptr);
        if (order < 0)
            high = start;
        else
            low = start + middle.len + 1;
    }
    return false;
}

/* The number of the first line that does not follow the one before it; 0: all do. */
static int
find_misplaced(struct str list)
{
    struct str last = STR_NONE;
    int number = 1;

    for (size_t at = 0; at < list.len; number++) {
        struct str line = find_line(list, at);
        if (last.ptr && str_compare(last, line) > 0)
            return number;
        last = line;
        at += line.len + 1;
    }
    return 0;
}

static bool
read_file(const char *path, struct buf *b)
{
    FILE *in = fopen(path, "re");
    size_t got = 0;

    if (!in)
        return false;
    do {
        char *end = buf_reserve(b, 65536);
        got = end ? fread(end, 1, 65536, in) : 0;
        buf_advance(b, got);
    } while (got > 0);
    bool is_read = !ferror(in) && !b->failed;
    int error = errno;
    fclose(in);
    errno = error;
    return is_read;
}

bool
password_rules_read_list(struct arena *a, const char *path, struct str *list, struct str *message)
{
    struct buf b = { 0 };
    bool is_read = read_file(path, &b);

    if (is_read && b.len > 0 && !str_ends_with(buf_str(&b), STR("\n")))
        buf_byte(&b, '\n');
    *list = is_read ? buf_copy(a, &b) : STR_NONE;
    buf_free(&b);
    if (!is_read) {
        *message = str_format(a, "The list of common passwords %s cannot be read: %s.", path,
                              strerror(errno));
        return false;
    }
    int misplaced = find_misplaced(*list);
    if (misplaced > 0)
        *message = str_format(a,
                              "%s:%d: The list of common passwords must be sorted by bytes, in "
                              "lower case: tr A-Z a-z < %s | LC_ALL=C sort -u",
                              path, misplaced, path);
    return misplaced == 0;
}

static bool
is_common(const struct password_rules *rules, struct str password)
{
    const struct str line = str_trim(password);

    return password_rules_list_has(str_from(common_passwords), line) ||
           (rules->list.ptr && password_rules_list_has(rules->list, line));
}

/* --- passwords that are like their owner --- */

static bool
is_separator(char c)
{
    return str_find(separators, c) < separators.len;
}

static size_t
count_in(struct str text, struct str part)
{
    size_t count = 0;

    for (size_t i = 0; part.len > 0 && i + part.len <= text.len;) {
        bool is_here = memcmp(text.ptr + i, part.ptr, part.len) == 0;
        count += is_here;
        i += is_here ? part.len : 1;
    }
    return count;
}

/* Is at least half of the password this part? */
static bool
is_made_of(struct str password, struct str part)
{
    size_t length = utf8_length(part);

    return length >= WORD_LEAST && count_in(password, part) * length * 2 >= utf8_length(password);
}

/* Is it mostly the text, or a word of it, or is it a part of the text? */
static bool
is_like(struct str password, struct str text)
{
    size_t start = 0;

    if (text.len == 0)
        return false;
    if (count_in(text, password) > 0 || is_made_of(password, text))
        return true;
    for (size_t i = 0; i <= text.len; i++) {
        if (i < text.len && !is_separator(text.ptr[i]))
            continue;
        if (is_made_of(password, (struct str){ text.ptr + start, i - start }))
            return true;
        start = i + 1;
    }
    return false;
}

static bool
is_numeric(struct str password)
{
    for (size_t i = 0; i < password.len; i++)
        if (!str_is_digit(password.ptr[i]))
            return false;
    return true;
}

/* --- all rules --- */

static bool
check_length(const struct password_rules *rules, struct str argument, struct str password,
             struct errors *errors)
{
    const enum error_code code = ERROR_BAD_USER_INPUT;
    const int least = rules->least > 0 ? rules->least : PASSWORD_LEAST;

    if (password.len > PASSWORD_BYTES)
        return refuse(errors_add(errors, code, "A password has at most %d bytes.", PASSWORD_BYTES),
                      argument);
    if (str_find(password, '\0') < password.len)
        return refuse(errors_add(errors, code, "A password must not contain U+0000."), argument);
    size_t length = utf8_length(password);
    if (length < (size_t)least)
        return refuse(errors_add(errors, code, "A password has at least %d characters.", least),
                      argument);
    if (length > PASSWORD_MOST)
        return refuse(
            errors_add(errors, code, "A password has at most %d characters.", PASSWORD_MOST),
            argument);
    return true;
}

bool
password_rules_check(struct arena *a, const struct password_rules *rules, struct str argument,
                     struct str password, const struct password_owner *owner, struct errors *errors)
{
    const enum error_code code = ERROR_BAD_USER_INPUT;

    if (!check_length(rules, argument, password, errors))
        return false;
    struct str folded = username_fold(a, password);
    if (!rules->may_be_similar && is_like(folded, username_fold(a, owner->username)))
        return refuse(errors_add(errors, code, "A password must not be like the username."),
                      argument);
    if (!rules->may_be_similar && is_like(folded, username_fold(a, owner->email)))
        return refuse(errors_add(errors, code, "A password must not be like the e-mail address."),
                      argument);
    if (!rules->may_be_common && is_common(rules, folded))
        return refuse(errors_add(errors, code, "This password is too common."), argument);
    if (!rules->may_be_numeric && is_numeric(folded))
        return refuse(errors_add(errors, code, "A password must not consist of digits alone."),
                      argument);
    return true;
}
