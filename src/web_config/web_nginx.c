/*
 * web_nginx.c - read nginx's configuration.
 *
 * SPDX-License-Identifier: MIT
 */
#include <fnmatch.h>
#include <glob.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "web_config/web.h"
#include "load/load_file.h"

/* What `nginx -T` writes in front of each file. */
static const struct str mark = STR_INIT("# configuration file ");

/* One file of what `nginx -T` has printed. */
struct part {
    const char *path;
    struct str text;
    struct part *next;
};

struct reader {
    struct arena *arena;
    const char *folder;       /* that relative names count from */
    const struct part *parts; /* NULL: the files are read themselves */
    int file_count;
    struct str *message;
};

/* Where a file is read. */
struct place {
    struct reader *reader;
    const char *file;
    struct str text;
    size_t at;
    int line;
    int depth; /* of files that include each other */
};

static bool read_file(struct reader *r, struct web_directive *into, const char *path, int depth);

static bool
refuse(const struct place *p, const char *what)
{
    *p->reader->message = str_format(p->reader->arena, "%s:%d: %s", p->file, p->line, what);
    return false;
}

static void
skip_space(struct place *p)
{
    for (bool is_comment = false; p->at < p->text.len; p->at++) {
        char c = p->text.ptr[p->at];
        if (c == '\n') {
            p->line++;
            is_comment = false;
        } else if (c == '#') {
            is_comment = true;
        } else if (!is_comment && c != ' ' && c != '\t' && c != '\r') {
            return;
        }
    }
}

/* Take a character, and the one behind a backslash as it stands. */
static char
take(struct place *p)
{
    char c = p->text.ptr[p->at++];

    if (c == '\\' && p->at < p->text.len)
        c = p->text.ptr[p->at++];
    p->line += c == '\n';
    return c;
}

/* The next word, with or without quotes. */
static bool
read_word(struct place *p, struct str *word)
{
    struct buf *b = buf_new(p->reader->arena);
    char quote = p->text.ptr[p->at], c;

    if (quote == '"' || quote == '\'') {
        for (p->at++; p->at < p->text.len && p->text.ptr[p->at] != quote;)
            buf_byte(b, take(p));
        if (p->at == p->text.len)
            return refuse(p, "a quote that does not end");
        p->at++;
    } else {
        while (p->at < p->text.len && (c = p->text.ptr[p->at]) && !strchr(" \t\r\n;", c)) {
            bool is_variable = b->len > 0 && b->ptr[b->len - 1] == '$';
            if (c == '{' && !is_variable)
                break;
            buf_byte(b, take(p));
        }
    }
    *word = buf_copy(p->reader->arena, b);
    return true;
}

/* Pass over a block in another language, up to the brace that ends it. */
static bool
skip_block(struct place *p)
{
    for (int depth = 1; p->at < p->text.len; p->at++) {
        char c = p->text.ptr[p->at];
        p->line += c == '\n';
        depth += (c == '{') - (c == '}');
        if (depth == 0) {
            p->at++;
            return true;
        }
    }
    return refuse(p, "a block that does not end");
}

static bool
include(struct reader *r, struct web_directive *into, const char *pattern, int depth)
{
    const char *full = pattern[0] == '/' || r->parts
                           ? pattern
                           : str_format(r->arena, "%s/%s", r->folder, pattern).ptr;
    glob_t found;
    bool is_good = true;

    if (r->parts) {
        const char *tail = str_format(r->arena, "*/%s", pattern).ptr;
        for (const struct part *part = r->parts; part && is_good; part = part->next)
            if (fnmatch(pattern, part->path, FNM_PATHNAME) == 0 ||
                (pattern[0] != '/' && fnmatch(tail, part->path, 0) == 0))
                is_good = read_file(r, into, part->path, depth);
        return is_good;
    }
    if (glob(full, 0, NULL, &found) != 0)
        return true; /* a pattern may have no file; nginx refuses a name without */
    for (size_t i = 0; i < found.gl_pathc && is_good; i++)
        is_good = read_file(r, into, str_copy_c(r->arena, str_from(found.gl_pathv[i])), depth);
    globfree(&found);
    return is_good;
}

/* Read one directive up to `;` or its block, whose directives follow. */
static bool
read_directive(struct place *p, struct web_directive **block)
{
    struct str words[WEB_WORDS], word;
    int count = 0, line = p->line;

    for (;;) {
        skip_space(p);
        if (p->at == p->text.len)
            return refuse(p, "a directive that does not end");
        char c = p->text.ptr[p->at];
        if (c == ';' || c == '{')
            break;
        if (c == '}')
            return refuse(p, "a brace within a directive");
        if (!read_word(p, &word))
            return false;
        if (count < WEB_WORDS)
            words[count++] = word;
    }
    if (count == 0)
        return refuse(p, "a directive without a name");
    bool is_block = p->text.ptr[p->at++] == '{';
    if (!is_block && str_is(words[0], "include"))
        return count < 2 || include(p->reader, *block, words[1].ptr, p->depth + 1);
    struct web_directive *made =
        web_add(p->reader->arena, *block, words[0], words + 1, count - 1, p->file, line);
    if (is_block && str_ends_with(words[0], STR("_by_lua_block")))
        return skip_block(p);
    if (is_block)
        *block = made;
    return true;
}

static bool
read_text(struct place *p, struct web_directive *into)
{
    struct web_directive *block = into;
    int depth = 0;

    for (;;) {
        skip_space(p);
        if (p->at == p->text.len)
            return block == into || refuse(p, "a block that does not end");
        if (p->text.ptr[p->at] == '}') {
            if (block == into)
                return refuse(p, "a brace that ends no block");
            block = block->parent;
            depth--;
            p->at++;
            continue;
        }
        struct web_directive *before = block;
        if (!read_directive(p, &block))
            return false;
        depth += block != before;
        if (depth > WEB_DEPTH)
            return refuse(p, "blocks are nested too deep");
    }
}

static bool
read_file(struct reader *r, struct web_directive *into, const char *path, int depth)
{
    struct place p = { .reader = r, .file = path, .line = 1, .depth = depth };
    const char *why = NULL;

    if (depth > WEB_DEPTH || ++r->file_count > WEB_FILES)
        return refuse(&p, "too many files include each other");
    for (const struct part *part = r->parts; part; part = part->next)
        if (strcmp(part->path, path) == 0)
            p.text = part->text;
    if (!p.text.ptr)
        why = load_file(r->arena, path, WEB_FILE_MAXIMUM, "it is too long", &p.text);
    if (!why)
        return read_text(&p, into);
    *r->message = str_format(r->arena, "%s: %s", path, why);
    return false;
}

/* The text of a part ends where the next mark begins a line. */
static size_t
find_mark(struct str text, size_t from)
{
    for (size_t i = from; i < text.len; i++)
        if ((i == 0 || text.ptr[i - 1] == '\n') &&
            str_starts_with((struct str){ text.ptr + i, text.len - i }, mark))
            return i;
    return text.len;
}

/* Take what `nginx -T` has printed apart. */
static const struct part *
split(struct arena *a, struct str text)
{
    struct part *first = NULL, **end = &first;

    for (size_t at = find_mark(text, 0); at < text.len;) {
        size_t next = find_mark(text, at + 1);
        struct str all = { text.ptr + at + mark.len, next - at - mark.len };
        size_t line = str_find(all, '\n');
        size_t colon = line > 0 && all.ptr[line - 1] == ':' ? line - 1 : line;
        struct part *part = ARENA_NEW(a, struct part);
        part->path = str_copy_c(a, (struct str){ all.ptr, colon });
        part->text = (struct str){ all.ptr + line, all.len - line };
        *end = part;
        end = &part->next;
        at = next;
    }
    return first;
}

const struct web_directive *
web_read_nginx(struct arena *a, const char *path, struct str *message)
{
    struct web_directive *root = web_add(a, NULL, STR("main"), NULL, 0, path, 1);
    struct reader r = { .arena = a, .message = message, .folder = "." };
    const char *slash = strrchr(path, '/');
    struct str text;
    const char *why = load_file(a, path, WEB_FILE_MAXIMUM, "it is too long", &text);

    if (slash)
        r.folder = str_copy_c(a, (struct str){ path, (size_t)(slash - path) });
    if (why) {
        *message = str_format(a, "%s: %s", path, why);
        return NULL;
    }
    /* nginx's own messages may stand in front; a file that is read itself may have such a line
     * only further below. */
    if (str_starts_with(text, mark) || str_starts_with(text, STR("nginx: ")))
        r.parts = split(a, text);
    return read_file(&r, root, r.parts ? r.parts->path : path, 0) ? root : NULL;
}
