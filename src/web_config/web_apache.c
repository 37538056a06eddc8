/*
 * web_apache.c - read Apache's configuration.
 *
 * SPDX-License-Identifier: MIT
 */
#include <glob.h>
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "web_config/web.h"
#include "load/load_file.h"

struct reader {
    struct arena *arena;
    const char *folder;  /* ServerRoot */
    struct map *defines; /* name -> struct str */
    int file_count;
    struct str *message;
};

static bool read_file(struct reader *r, struct web_directive *into, const char *path, int depth);

/* The next line, with those that a backslash continues it in. */
static bool
next_line(struct arena *a, struct str *rest, struct str *line, int *number, int *lines)
{
    struct buf *b = buf_new(a);

    if (rest->len == 0)
        return false;
    *number += *lines;
    *lines = 0;
    for (bool is_continued = true; is_continued && rest->len > 0;) {
        size_t len = str_find(*rest, '\n');
        size_t end = len > 0 && rest->ptr[len - 1] == '\r' ? len - 1 : len;
        is_continued = end > 0 && rest->ptr[end - 1] == '\\';
        buf_put(b, (struct str){ rest->ptr, is_continued ? end - 1 : end });
        size_t used = len < rest->len ? len + 1 : len;
        *rest = (struct str){ rest->ptr + used, rest->len - used };
        (*lines)++;
    }
    *line = str_trim(buf_copy(a, b));
    return true;
}

/* `${NAME}` by what was defined; what was not stays as it is. */
static struct str
expand(struct reader *r, struct str text)
{
    struct buf *b = buf_new(r->arena);

    for (size_t i = 0; i < text.len; i++) {
        struct str rest = { text.ptr + i, text.len - i };
        size_t end = str_starts_with(rest, STR("${")) ? str_find(rest, '}') : rest.len;
        const struct str *value =
            end < rest.len ? map_get(r->defines, (struct str){ rest.ptr + 2, end - 2 }) : NULL;
        if (value)
            buf_put(b, *value);
        else
            buf_byte(b, text.ptr[i]);
        i += value ? end : 0;
    }
    return buf_copy(r->arena, b);
}

/* Split into words; quotes hold one together, and a backslash keeps one. */
static int
split(struct reader *r, struct str line, struct str words[WEB_WORDS])
{
    int count = 0;

    for (size_t i = 0; i < line.len && count < WEB_WORDS;) {
        struct buf *b = buf_new(r->arena);
        char quote = line.ptr[i] == '"' || line.ptr[i] == '\'' ? line.ptr[i++] : '\0';
        for (; i < line.len; i++) {
            char c = line.ptr[i];
            if (quote ? c == quote : c == ' ' || c == '\t')
                break;
            if (c == '\\' && i + 1 < line.len && line.ptr[i + 1] == quote && quote)
                c = line.ptr[++i];
            buf_byte(b, c);
        }
        words[count++] = expand(r, buf_copy(r->arena, b));
        i += i < line.len;
        while (i < line.len && (line.ptr[i] == ' ' || line.ptr[i] == '\t'))
            i++;
    }
    return count;
}

static bool
include(struct reader *r, struct web_directive *into, const char *pattern, int depth)
{
    struct stat s;
    const char *full =
        pattern[0] == '/' ? pattern : str_format(r->arena, "%s/%s", r->folder, pattern).ptr;
    glob_t found;
    bool is_good = true;

    if (stat(full, &s) == 0 && S_ISDIR(s.st_mode))
        full = str_format(r->arena, "%s/*", full).ptr;
    if (glob(full, 0, NULL, &found) != 0)
        return true;
    for (size_t i = 0; i < found.gl_pathc && is_good; i++)
        is_good = read_file(r, into, str_copy_c(r->arena, str_from(found.gl_pathv[i])), depth);
    globfree(&found);
    return is_good;
}

static void
define(struct reader *r, struct str name, struct str value)
{
    struct str *kept = ARENA_NEW(r->arena, struct str);

    *kept = value.ptr ? value : STR("");
    map_put(r->defines, name, kept);
}

/* `<IfModule mod_x.c>` and the like are taken to hold: what is in them belongs to what is around
 * them. */
static bool
is_condition(struct str name)
{
    return name.len > 2 && str_equal_nocase((struct str){ name.ptr, 2 }, STR("If"));
}

static bool
refuse(struct reader *r, const char *file, int line, const char *what)
{
    *r->message = str_format(r->arena, "%s:%d: %s", file, line, what);
    return false;
}

/* The section that a line stands in. */
struct section {
    struct web_directive *block;
};

/* Begin or end a section; `line` is what stands between < and >. */
static bool
read_section(struct reader *r, struct section *s, struct web_directive *into, struct str line,
             const char *path, int number)
{
    struct str words[WEB_WORDS];
    bool is_end = line.len > 0 && line.ptr[0] == '/';
    int count = split(r, is_end ? (struct str){ line.ptr + 1, line.len - 1 } : line, words);

    if (count == 0)
        return refuse(r, path, number, "a section without a name");
    if (is_condition(words[0])) /* those that end count for nothing */
        return true;
    if (!is_end) {
        s->block = web_add(r->arena, s->block, words[0], words + 1, count - 1, path, number);
        return true;
    }
    if (s->block == into || !str_equal_nocase(s->block->name, words[0]))
        return refuse(r, path, number, "the end of a section that was not begun");
    s->block = s->block->parent;
    return true;
}

static bool
read_line(struct reader *r, struct section *s, struct web_directive *into, struct str line,
          const char *path, int number, int depth)
{
    struct str words[WEB_WORDS];

    if (line.len == 0 || line.ptr[0] == '#')
        return true;
    if (line.ptr[0] == '<' && line.ptr[line.len - 1] == '>')
        return read_section(r, s, into, str_trim((struct str){ line.ptr + 1, line.len - 2 }), path,
                            number);
    int count = split(r, line, words);
    if (count >= 2 && (str_equal_nocase(words[0], STR("Include")) ||
                       str_equal_nocase(words[0], STR("IncludeOptional"))))
        return include(r, s->block, words[1].ptr, depth + 1);
    if (count >= 2 && str_equal_nocase(words[0], STR("Define")))
        define(r, words[1], count > 2 ? words[2] : STR_NONE);
    if (count >= 2 && str_equal_nocase(words[0], STR("ServerRoot")))
        r->folder = words[1].ptr;
    web_add(r->arena, s->block, words[0], words + 1, count - 1, path, number);
    return true;
}

static bool
read_file(struct reader *r, struct web_directive *into, const char *path, int depth)
{
    struct section section = { .block = into };
    struct str text, line;
    int number = 1, lines = 0;

    if (depth > WEB_DEPTH || ++r->file_count > WEB_FILES)
        return refuse(r, path, 1, "too many files include each other");
    const char *why = load_file(r->arena, path, WEB_FILE_MAXIMUM, "it is too long", &text);
    if (why) {
        *r->message = str_format(r->arena, "%s: %s", path, why);
        return false;
    }
    while (next_line(r->arena, &text, &line, &number, &lines))
        if (!read_line(r, &section, into, line, path, number, depth))
            return false;
    return section.block == into || refuse(r, path, number, "a section that does not end");
}

/* Debian keeps what its files refer to in a script: `export APACHE_RUN_USER=www-data`. */
static void
read_variables(struct reader *r)
{
    static const struct str word = STR_INIT("export ");
    const char *path = str_format(r->arena, "%s/envvars", r->folder).ptr;
    struct str text, line;
    int number = 1, lines = 0;

    if (load_file(r->arena, path, WEB_FILE_MAXIMUM, "it is too long", &text))
        return;
    while (next_line(r->arena, &text, &line, &number, &lines)) {
        if (!str_starts_with(line, word))
            continue;
        struct str name = { line.ptr + word.len, line.len - word.len };
        size_t equals = str_find(name, '=');
        if (equals < name.len && !memchr(name.ptr, '$', name.len))
            define(r, (struct str){ name.ptr, equals },
                   (struct str){ name.ptr + equals + 1, name.len - equals - 1 });
    }
}

const struct web_directive *
web_read_apache(struct arena *a, const char *path, struct str *message)
{
    struct web_directive *root = web_add(a, NULL, STR("main"), NULL, 0, path, 1);
    struct reader r = { .arena = a, .message = message, .folder = ".", .defines = map_new(a) };
    const char *slash = strrchr(path, '/');

    if (slash)
        r.folder = str_copy_c(a, (struct str){ path, (size_t)(slash - path) });
    read_variables(&r);
    return read_file(&r, root, path, 0) ? root : NULL;
}
