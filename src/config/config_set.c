/*
 * config_set.c - one setting, from a text to its place.
 *
 * SPDX-License-Identifier: MIT
 */
#include "config/config_set.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "config/config.h"
#include "config/config_option.h"

static bool
set_text(const struct config_setter *s, const struct option *option, const char *value,
         const char *where)
{
    const char *text = str_copy_c(s->arena, str_from(value));
    if (option->type == OPTION_PATH && value[0] != '\0' && value[0] != '/' && s->folder)
        text = str_format(s->arena, "%s/%s", s->folder, value).ptr;

    size_t len = strlen(text);
    if (len < (size_t)option->least || len > (size_t)option->most) {
        buf_printf(s->messages, "%s: %s must have %d to %d bytes, not %zu.\n", where, option->name,
                   option->least, option->most, len);
        return false;
    }
    *(const char **)((char *)s->target + option->offset) = text;
    return true;
}

/* Is it an origin as browsers send it (RFC 6454, 6.1)?  Not `*`, which would be
 * everybody, and without a slash at its end, since none that is sent has one. */
static bool
is_origin(struct str word)
{
    size_t scheme = 0;
    while (scheme < word.len && word.ptr[scheme] != ':')
        scheme++;
    struct str rest = { word.ptr + scheme, word.len - scheme };
    if (scheme == 0 || !str_starts_with(rest, STR("://")) || rest.len == 3)
        return false;
    for (size_t i = 0; i < word.len; i++) {
        bool is_slash = word.ptr[i] == '/' && i > scheme + 2;
        if (is_slash || word.ptr[i] == '*' || word.ptr[i] == ',' ||
            (word.ptr[i] >= 'A' && word.ptr[i] <= 'Z'))
            return false;
    }
    return true;
}

/* Paths that are separated by spaces: each counts from the file's folder. */
static bool
set_paths(const struct config_setter *s, const struct option *option, const char *value,
          const char *where)
{
    struct buf *all = buf_new(s->arena);
    struct str rest = str_from(value), word;

    while (str_next_word(&rest, &word)) {
        if (all->len > 0)
            buf_byte(all, ' ');
        if (word.ptr[0] != '/' && s->folder)
            buf_printf(all, "%s/", s->folder);
        buf_put(all, word);
    }
    return set_text(s, option, buf_copy(s->arena, all).ptr, where);
}

/* Is it a name as browsers send it in Host, without a port: of letters, digits, `-`, `_` and `.`,
 * or an address of IPv6 in brackets? */
static bool
is_host(struct str word)
{
    bool is_address = word.ptr[0] == '[' && word.len > 2 && word.ptr[word.len - 1] == ']';
    const char *others = is_address ? ":." : "-_.";

    if (is_address)
        word = (struct str){ word.ptr + 1, word.len - 2 };
    for (size_t i = 0; i < word.len; i++) {
        char c = word.ptr[i];
        bool is_letter = c >= 'a' && c <= (is_address ? 'f' : 'z');
        if (!is_letter && !str_is_digit(c) && !strchr(others, c))
            return false;
    }
    return true;
}

/* Is it the name of a header (a token: RFC 9110, 5.6.2) that pages of other sites may send?  Not
 * the one beside which a cookie signs somebody in (http/cookie.h), and not all of them. */
static bool
is_header(struct str word)
{
    static const char others[] = "!#$%&'*+-.^_`|~";

    for (size_t i = 0; i < word.len; i++) {
        char c = word.ptr[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !str_is_digit(c) &&
            !strchr(others, c))
            return false;
    }
    return !str_is(word, "*") && !str_equal_nocase(word, STR("Linnet-Cookies"));
}

#define PASSWORD_RULES "similar common numeric"

static bool
is_password_rule(struct str word)
{
    return config_has_word(PASSWORD_RULES, word);
}

/* Settings of words that are separated by spaces: what each word must be, and what is said of one
 * that is not. */
static const struct word_list {
    enum option_type type;
    bool (*is_good)(struct str word);
    const char *rule;
} word_lists[] = {
    { OPTION_ORIGINS, is_origin,
      "must be origins such as https://example.org or http://localhost:3000, in lower case, "
      "without "
      "a path and separated by spaces, not" },
    { OPTION_HOSTS, is_host,
      "must be names such as linnet.test or addresses such as [fe80::1], in lower case, without a "
      "port and separated by spaces, not" },
    { OPTION_HEADERS, is_header,
      "must be names of headers such as X-Tenant, separated by spaces, and not" },
    { OPTION_RULES, is_password_rule, "may have the words " PASSWORD_RULES ", not" },
};

static const struct word_list *
find_word_list(enum option_type type)
{
    for (size_t i = 0; i < ARRAY_LENGTH(word_lists); i++)
        if (word_lists[i].type == type)
            return &word_lists[i];
    return NULL;
}

static bool
set_words(const struct config_setter *s, const struct option *option, const char *value,
          const char *where)
{
    const struct word_list *list = find_word_list(option->type);
    struct str rest = str_from(value), word;

    assert(list);
    while (str_next_word(&rest, &word)) {
        if (!list->is_good(word)) {
            buf_printf(s->messages, "%s: %s %s \"%.*s\".\n", where, option->name, list->rule,
                       STR_PRINT(word));
            return false;
        }
    }
    return set_text(s, option, value, where);
}

static bool
is_role_name(struct str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') &&
            c != '_' && c != '-')
            return false;
    }
    return name.len > 0;
}

/* Is there a role of that name before `end`, in a list that is good so far? */
static bool
has_role(struct str list, const char *end, struct str name)
{
    struct config_role role;

    list.len = (size_t)(end - list.ptr);
    while (config_next_role(&list, &role))
        if (str_equal(role.name, name))
            return true;
    return false;
}

static bool
set_roles(const struct config_setter *s, const struct option *option, const char *value,
          const char *where)
{
    struct str list = str_trim(str_from(value)), rest = list, word;
    const char *message = list.len > 0 ? NULL : "at least one role is needed";

    while (!message && str_next_word(&rest, &word)) {
        struct str name = { word.ptr, str_find(word, ':') };
        if (!is_role_name(name) || name.len + 1 == word.len)
            message = "a role is letters, digits, - and _, and may be followed by : and a role of "
                      "PostgreSQL";
        else if (str_is(name, "anon"))
            message = "anon is the role of requests that are not signed in";
        else if (has_role(list, word.ptr, name))
            message = "a role is named twice";
    }
    if (!message)
        return set_text(s, option, value, where);
    buf_printf(s->messages, "%s: %s = %s: %s.\n", where, option->name, value, message);
    return false;
}

static bool
set_url_path(const struct config_setter *s, const struct option *option, const char *value,
             const char *where)
{
    if (value[0] == '\0' || config_is_url_path(str_from(value)))
        return set_text(s, option, value, where);
    buf_printf(
        s->messages,
        "%s: %s must be a path such as /graphql, of letters, digits and -._~/, not \"%s\".\n",
        where, option->name, value);
    return false;
}

static bool
set_number(const struct config_setter *s, const struct option *option, const char *value,
           const char *where)
{
    int64_t number;
    if (!str_read_int64(str_from(value), &number) || number < option->least ||
        number > option->most) {
        buf_printf(s->messages, "%s: %s must be a number from %d to %d, not \"%s\".\n", where,
                   option->name, option->least, option->most, value);
        return false;
    }
    *(int *)((char *)s->target + option->offset) = (int)number;
    return true;
}

static bool
set_choice(const struct config_setter *s, const struct option *option, const char *value,
           const char *where)
{
    int choice = config_option_choice(option->type, value);
    if (choice < 0) {
        buf_printf(s->messages, "%s: %s must be one of ", where, option->name);
        config_option_write_choices(s->messages, option->type);
        buf_printf(s->messages, ", not \"%s\".\n", value);
        return false;
    }
    *(int *)((char *)s->target + option->offset) = choice;
    return true;
}

bool
config_set(const struct config_setter *s, const struct option *option, const char *value,
           const char *where)
{
    switch (option->type) {
    case OPTION_PATH:
    case OPTION_TEXT:
        return set_text(s, option, value, where);
    case OPTION_PATHS:
        return set_paths(s, option, value, where);
    case OPTION_ORIGINS:
    case OPTION_HOSTS:
    case OPTION_HEADERS:
    case OPTION_RULES:
        return set_words(s, option, value, where);
    case OPTION_ROLES:
        return set_roles(s, option, value, where);
    case OPTION_URL_PATH:
        return set_url_path(s, option, value, where);
    case OPTION_NUMBER:
        return set_number(s, option, value, where);
    case OPTION_MODE:
    case OPTION_LEVEL:
    case OPTION_INTROSPECTION:
    case OPTION_COOKIE_SECURE:
    case OPTION_GRAPHIQL:
    case OPTION_WATCH:
    case OPTION_POOLER:
    case OPTION_PREPARED:
    case OPTION_DOCUMENTS_ONLY:
    case OPTION_SWITCH:
        break;
    }
    return set_choice(s, option, value, where);
}
