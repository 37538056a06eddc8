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
#include "config/config_set.h"

static const char variable_prefix[] = "LINNET_";

struct config_reader {
    struct arena *arena;
    const struct option *options; /* of the table and of the limits */
    int count;
    struct config *config;
    struct buf *messages;
    struct config_setter setter;
};

/* Where inih is in the file. */
struct ini_place {
    struct config_reader *reader;
    FILE *file;
    const char *name;
    int line;
    bool is_indented;             /* the line continues the one before */
    const struct option *option;  /* of that line, or NULL */
    bool *seen;                   /* for each option: the file has set it */
    struct config_issuer *issuer; /* of the section, or NULL */
    struct str section;
    bool *issuer_seen; /* for each option of an issuer: the section has set it */
    int first_fault;   /* the line that a message was made for, or 0 */
};

static bool
read_defaults(struct config_reader *r)
{
    bool is_good = true;
    for (int i = 0; i < r->count; i++)
        is_good &= config_set(&r->setter, &r->options[i], r->options[i].initial, "default");
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

/* Begin the section of an issuer: `[issuer NAME]`. */
static bool
begin_section(struct ini_place *place, struct str section, const char *where)
{
    struct config_reader *r = place->reader;
    static const struct str word = STR_INIT("issuer ");
    struct str name = str_trim(section);
    struct config_setter setter = r->setter;

    if (str_starts_with(name, word))
        name = str_trim((struct str){ name.ptr + word.len, name.len - word.len });
    else
        name.len = 0;
    if (name.len == 0) {
        buf_printf(r->messages, "%s: A section is [issuer NAME], not [%.*s].\n", where,
                   STR_PRINT(section));
        return false;
    }
    for (const struct config_issuer *other = r->config->issuers; other; other = other->next)
        if (str_equal(other->name, name)) {
            buf_printf(r->messages, "%s: There are two sections [%.*s].\n", where,
                       STR_PRINT(section));
            return false;
        }
    place->issuer = config_issuer_add(r->arena, r->config, str_copy(r->arena, name));
    place->issuer_seen = ARENA_ARRAY(r->arena, bool, (size_t)config_issuer_option_count);
    setter.target = place->issuer;
    bool is_good = true;
    for (int i = 0; i < config_issuer_option_count; i++)
        is_good &= config_set(&setter, &config_issuer_options[i], config_issuer_options[i].initial,
                              "default");
    return is_good;
}

/* May a value be continued in the next line? */
static bool
is_list(const struct option *option)
{
    return option->type == OPTION_TEXT || option->type == OPTION_ORIGINS ||
           option->type == OPTION_HOSTS || option->type == OPTION_HEADERS ||
           option->type == OPTION_ROLES || option->type == OPTION_RULES;
}

/* Set one option from the file, of a table; an indented line continues the one before. */
static bool
set_option(struct ini_place *place, const struct config_setter *setter,
           const struct option *options, int count, bool *seen, struct str name, const char *value,
           const char *where)
{
    struct config_reader *r = place->reader;
    const struct option *option = config_option_find(options, count, name);

    if (!option) {
        buf_printf(r->messages, "%s: Unknown option \"%.*s\".\n", where, STR_PRINT(name));
        return false;
    }
    if (place->is_indented && option == place->option && is_list(option)) {
        const char *before = *(const char **)((char *)setter->target + option->offset);
        return config_set(setter, option, str_format(r->arena, "%s %s", before, value).ptr, where);
    }
    if (seen[option - options]) {
        buf_printf(r->messages, "%s: %s is set a second time.\n", where, option->name);
        return false;
    }
    place->option = option;
    seen[option - options] = true;
    return config_set(setter, option, value, where);
}

static bool
set_from_file(struct ini_place *place, const char *section, struct str name, const char *value,
              const char *where)
{
    struct config_reader *r = place->reader;
    struct config_setter setter = r->setter;

    if (!str_is(place->section, section)) {
        place->section = str_copy(r->arena, str_from(section));
        place->issuer = NULL;
        if (!begin_section(place, place->section, where))
            return false;
    }
    if (*section && !place->issuer) /* its head was refused */
        return false;
    if (str_is(name, "config") && !*section) {
        buf_printf(r->messages, "%s: A configuration file cannot name another.\n", where);
        return false;
    }
    if (!*section)
        return set_option(place, &setter, r->options, r->count, place->seen, name, value, where);
    setter.target = place->issuer;
    return set_option(place, &setter, config_issuer_options, config_issuer_option_count,
                      place->issuer_seen, name, value, where);
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
    struct ini_place place = { .reader = r, .name = name, .section = STR("") };
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
            is_good &= config_set(&r->setter, option, value, str_copy_c(r->arena, where));
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
            is_good &= config_set(&r->setter, option, flags[i].value, where.ptr);
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
    return access(CONFIG_FILE, F_OK) == 0 ? CONFIG_FILE : NULL;
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
    r.setter = (struct config_setter){ .arena = a, .target = config, .messages = messages };
    r.options = config_option_table(a, &r.count);
    config->issuers = NULL;

    const char *file = find_file(a, flags, flag_count, environment);
    r.setter.folder = file ? folder_of(a, file) : NULL;
    bool is_good = read_defaults(&r);
    if (file)
        is_good &= read_config_file(&r, file);
    r.setter.folder = NULL;
    is_good &= read_environment(&r, environment);
    if (!read_flags(&r, flags, flag_count))
        return CONFIG_BAD_USAGE;
    config->config = file ? file : "";
    return is_good ? CONFIG_OK : CONFIG_BAD;
}
