/*
 * config_read.c - the settings, from defaults, file, environment and command line.
 *
 * The weakest source is read first; each next one overwrites what is there.
 *
 * SPDX-License-Identifier: MIT
 */
#include "config/config_read.h"

#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/log.h"
#include "config/config.h"
#include "config/config_option.h"

static const char default_file[] = "linnet.conf";
static const char variable_prefix[] = "LINNET_";

struct config_reader {
    struct arena *arena;
    const struct option *options; /* of the table and of the limits */
    int count;
    struct config *config;
    struct buf *messages;
    const char *folder; /* that relative paths count from, or NULL: the current one */
};

/* Where inih is in the file. */
struct ini_place {
    struct config_reader *reader;
    FILE *file;
    const char *name;
    int line;
    bool is_indented;            /* the line continues the one before */
    const struct option *option; /* of that line, or NULL */
    bool *seen;                  /* for each option: the file has set it */
    int first_fault;             /* the line that a message was made for, or 0 */
};

static bool
set_text(struct config_reader *r, const struct option *option, const char *value, const char *where)
{
    const char *text = str_copy_c(r->arena, str_from(value));
    if (option->type == OPTION_PATH && value[0] != '\0' && value[0] != '/' && r->folder)
        text = str_format(r->arena, "%s/%s", r->folder, value).ptr;

    size_t len = strlen(text);
    if (len < (size_t)option->least || len > (size_t)option->most) {
        buf_printf(r->messages, "%s: %s must have %d to %d bytes, not %zu.\n", where, option->name,
                   option->least, option->most, len);
        return false;
    }
    *(const char **)((char *)r->config + option->offset) = text;
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

/* The next word of a list whose words are separated by spaces; false at its end. */
static bool
next_word(struct str *rest, struct str *word)
{
    *rest = str_trim(*rest);
    size_t end = str_find(*rest, ' ');
    *word = (struct str){ rest->ptr, end };
    *rest = (struct str){ rest->ptr + end, rest->len - end };
    return end > 0;
}

/* Paths that are separated by spaces: each counts from the file's folder. */
static bool
set_paths(struct config_reader *r, const struct option *option, const char *value,
          const char *where)
{
    struct buf *all = buf_new(r->arena);
    struct str rest = str_from(value), word;

    while (next_word(&rest, &word)) {
        if (all->len > 0)
            buf_byte(all, ' ');
        if (word.ptr[0] != '/' && r->folder)
            buf_printf(all, "%s/", r->folder);
        buf_put(all, word);
    }
    return set_text(r, option, buf_copy(r->arena, all).ptr, where);
}

static bool
set_origins(struct config_reader *r, const struct option *option, const char *value,
            const char *where)
{
    struct str rest = str_from(value), word;
    while (next_word(&rest, &word)) {
        if (!is_origin(word)) {
            buf_printf(r->messages,
                       "%s: %s must be origins such as https://example.org or "
                       "http://localhost:3000, in lower case, without a path and separated by "
                       "spaces, not \"%.*s\".\n",
                       where, option->name, STR_PRINT(word));
            return false;
        }
    }
    return set_text(r, option, value, where);
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
set_roles(struct config_reader *r, const struct option *option, const char *value,
          const char *where)
{
    struct str list = str_trim(str_from(value)), rest = list, word;
    const char *message = list.len > 0 ? NULL : "at least one role is needed";

    while (!message && next_word(&rest, &word)) {
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
        return set_text(r, option, value, where);
    buf_printf(r->messages, "%s: %s = %s: %s.\n", where, option->name, value, message);
    return false;
}

/* The words that password_rules may have. */
#define PASSWORD_RULES "similar common numeric"

static bool
set_rules(struct config_reader *r, const struct option *option, const char *value,
          const char *where)
{
    struct str rest = str_from(value), word;

    while (next_word(&rest, &word)) {
        if (!config_has_word(PASSWORD_RULES, word)) {
            buf_printf(r->messages, "%s: %s may have the words %s, not \"%.*s\".\n", where,
                       option->name, PASSWORD_RULES, STR_PRINT(word));
            return false;
        }
    }
    return set_text(r, option, value, where);
}

static bool
set_url_path(struct config_reader *r, const struct option *option, const char *value,
             const char *where)
{
    if (value[0] == '\0' || config_is_url_path(str_from(value)))
        return set_text(r, option, value, where);
    buf_printf(
        r->messages,
        "%s: %s must be a path such as /graphql, of letters, digits and -._~/, not \"%s\".\n",
        where, option->name, value);
    return false;
}

static bool
set_number(struct config_reader *r, const struct option *option, const char *value,
           const char *where)
{
    int64_t number;
    if (!str_read_int64(str_from(value), &number) || number < option->least ||
        number > option->most) {
        buf_printf(r->messages, "%s: %s must be a number from %d to %d, not \"%s\".\n", where,
                   option->name, option->least, option->most, value);
        return false;
    }
    *(int *)((char *)r->config + option->offset) = (int)number;
    return true;
}

static bool
set_choice(struct config_reader *r, const struct option *option, const char *value,
           const char *where)
{
    int choice = config_option_choice(option->type, value);
    if (choice < 0) {
        buf_printf(r->messages, "%s: %s must be one of ", where, option->name);
        config_option_write_choices(r->messages, option->type);
        buf_printf(r->messages, ", not \"%s\".\n", value);
        return false;
    }
    *(int *)((char *)r->config + option->offset) = choice;
    return true;
}

static bool
option_set(struct config_reader *r, const struct option *option, const char *value,
           const char *where)
{
    switch (option->type) {
    case OPTION_PATH:
    case OPTION_TEXT:
        return set_text(r, option, value, where);
    case OPTION_PATHS:
        return set_paths(r, option, value, where);
    case OPTION_ORIGINS:
        return set_origins(r, option, value, where);
    case OPTION_ROLES:
        return set_roles(r, option, value, where);
    case OPTION_URL_PATH:
        return set_url_path(r, option, value, where);
    case OPTION_RULES:
        return set_rules(r, option, value, where);
    case OPTION_NUMBER:
        return set_number(r, option, value, where);
    case OPTION_MODE:
    case OPTION_LEVEL:
    case OPTION_INTROSPECTION:
    case OPTION_COOKIE_SECURE:
        break;
    }
    return set_choice(r, option, value, where);
}

static bool
read_defaults(struct config_reader *r)
{
    bool is_good = true;
    for (int i = 0; i < r->count; i++)
        is_good &= option_set(r, &r->options[i], r->options[i].initial, "default");
    return is_good;
}

/* inih's reader: fgets that counts lines, and refuses those that inih would cut. */
static char *
read_line(char *out, int size, void *stream)
{
    struct ini_place *place = stream;
    if (!fgets(out, size, place->file))
        return NULL;
    place->line++;
    place->is_indented = out[0] == ' ' || out[0] == '\t';

    size_t len = strlen(out);
    if (len + 1 == (size_t)size && out[len - 1] != '\n') {
        buf_printf(place->reader->messages,
                   "%s:%d: The line is longer than %d bytes: continue it in an indented line.\n",
                   place->name, place->line, size - 3);
        if (!place->first_fault)
            place->first_fault = place->line;
        for (int c = 0; c != '\n' && c != EOF;)
            c = getc(place->file);
    }
    return out;
}

/* Set one option from the file; an indented line continues the one before. */
static bool
set_from_file(struct ini_place *place, const char *section, struct str name, const char *value,
              const char *where)
{
    struct config_reader *r = place->reader;
    const struct option *option = config_option_find(r->options, r->count, name);
    if (*section) {
        buf_printf(r->messages, "%s: Sections such as [%s] are not allowed.\n", where, section);
        return false;
    }
    if (!option) {
        buf_printf(r->messages, "%s: Unknown option \"%.*s\".\n", where, STR_PRINT(name));
        return false;
    }
    if (option->offset == offsetof(struct config, config)) {
        buf_printf(r->messages, "%s: A configuration file cannot name another.\n", where);
        return false;
    }
    if (place->is_indented && option == place->option &&
        (option->type == OPTION_TEXT || option->type == OPTION_ORIGINS ||
         option->type == OPTION_ROLES || option->type == OPTION_RULES)) {
        const char *before = *(const char **)((char *)r->config + option->offset);
        return option_set(r, option, str_format(r->arena, "%s %s", before, value).ptr, where);
    }
    if (place->seen[option - r->options]) {
        buf_printf(r->messages, "%s: %s is set a second time.\n", where, option->name);
        return false;
    }
    place->option = option;
    place->seen[option - r->options] = true;
    return option_set(r, option, value, where);
}

/* inih's handler: 0 is an error. */
static int
take_line(void *user, const char *section, const char *name, const char *value)
{
    struct ini_place *place = user;
    struct str where = str_format(place->reader->arena, "%s:%d", place->name, place->line);
    if (set_from_file(place, section, str_from(name), value, where.ptr))
        return 1;
    if (!place->first_fault)
        place->first_fault = place->line;
    return 0;
}

static bool
read_config_file(struct config_reader *r, const char *name)
{
    struct ini_place place = { .reader = r, .name = name };
    place.seen = ARENA_ARRAY(r->arena, bool, (size_t)r->count);
    place.file = fopen(name, "re");
    if (!place.file) {
        buf_printf(r->messages, "%s: %s\n", name, strerror(errno));
        return false;
    }
    int fault = ini_parse_stream(read_line, &place, take_line, &place);
    fclose(place.file);

    /* A line that inih itself refuses never reached take_line(). */
    if (fault > 0 && (!place.first_fault || fault < place.first_fault))
        buf_printf(r->messages, "%s:%d: A line is `name = value`, or a comment after `#`.\n", name,
                   fault);
    return fault == 0 && !place.first_fault;
}

/* Is the entry of the environment LINNET_<NAME>=<value>?  Then set `*name`, in lower case. */
static bool
read_variable_name(struct arena *a, const char *entry, struct str *name, const char **value)
{
    size_t prefix = sizeof(variable_prefix) - 1;
    const char *equals = strchr(entry, '=');
    if (strncmp(entry, variable_prefix, prefix) != 0 || !equals)
        return false;

    size_t len = (size_t)(equals - entry) - prefix;
    char *text = ARENA_ARRAY(a, char, len + 1);
    for (size_t i = 0; i < len; i++) {
        char c = entry[prefix + i];
        text[i] = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    }
    *name = (struct str){ text, len };
    *value = equals + 1;
    return true;
}

static bool
read_environment(struct config_reader *r, char *const *environment)
{
    bool is_good = true;
    for (; *environment; environment++) {
        struct str name;
        const char *value;
        if (!read_variable_name(r->arena, *environment, &name, &value))
            continue;
        struct str where = { *environment, (size_t)(value - 1 - *environment) };
        const struct option *option = config_option_find(r->options, r->count, name);
        /* The environment is not ours alone: a name that we do not know may belong to another. */
        if (!option)
            log_warning("unknown option in the environment: %.*s", STR_PRINT(where));
        else
            is_good &= option_set(r, option, value, str_copy_c(r->arena, where));
    }
    return is_good;
}

static bool
read_flags(struct config_reader *r, const struct config_flag *flags, int count)
{
    bool is_good = true;
    for (int i = 0; i < count; i++) {
        struct str where = str_format(r->arena, "--%.*s", STR_PRINT(flags[i].name));
        const struct option *option = config_option_find(r->options, r->count, flags[i].name);
        if (option) {
            is_good &= option_set(r, option, flags[i].value, where.ptr);
        } else {
            buf_printf(r->messages, "%s: Unknown option.\n", where.ptr);
            is_good = false;
        }
    }
    return is_good;
}

/* The file to read, or NULL: the last --config, else LINNET_CONFIG, else the
 * one in the current folder. */
static const char *
find_file(struct arena *a, const struct config_flag *flags, int count, char *const *environment)
{
    for (int i = count - 1; i >= 0; i--)
        if (str_is(flags[i].name, "config") && flags[i].value[0])
            return flags[i].value;
    for (; *environment; environment++) {
        struct str name;
        const char *value;
        if (read_variable_name(a, *environment, &name, &value) && str_is(name, "config") && *value)
            return value;
    }
    return access(default_file, F_OK) == 0 ? default_file : NULL;
}

static const char *
folder_of(struct arena *a, const char *file)
{
    const char *slash = strrchr(file, '/');
    if (!slash)
        return NULL;
    return str_copy_c(a, (struct str){ file, slash == file ? 1 : (size_t)(slash - file) });
}

enum config_result
config_read(struct arena *a, const struct config_flag *flags, int flag_count,
            char *const *environment, struct config *config, struct buf *messages)
{
    struct config_reader r = { .arena = a, .config = config, .messages = messages };
    r.options = config_option_table(a, &r.count);

    const char *file = find_file(a, flags, flag_count, environment);
    r.folder = file ? folder_of(a, file) : NULL;
    bool is_good = read_defaults(&r);
    if (file)
        is_good &= read_config_file(&r, file);
    r.folder = NULL;
    is_good &= read_environment(&r, environment);
    if (!read_flags(&r, flags, flag_count))
        return CONFIG_BAD_USAGE;
    config->config = file ? file : "";
    return is_good ? CONFIG_OK : CONFIG_BAD;
}
