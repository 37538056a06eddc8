/*
 * web.c - the tree of directives.
 *
 * SPDX-License-Identifier: MIT
 */
#include "web_config/web.h"

#include "base/arena.h"

struct web_directive *
web_add(struct arena *a, struct web_directive *block, struct str name, const struct str *words,
        int word_count, const char *file, int line)
{
    struct web_directive *directive = ARENA_NEW(a, struct web_directive);
    struct str *copy = ARENA_ARRAY(a, struct str, (size_t)word_count + 1);

    for (int i = 0; i < word_count; i++)
        copy[i] = words[i];
    *directive = (struct web_directive){ .name = name,
                                         .words = copy,
                                         .word_count = word_count,
                                         .parent = block,
                                         .file = file,
                                         .line = line };
    if (!block)
        return directive;
    if (block->last)
        block->last->next = directive;
    else
        block->first = directive;
    block->last = directive;
    return directive;
}

const struct web_directive *
web_next(const struct web_directive *root, const struct web_directive *at)
{
    if (at->first)
        return at->first;
    for (; at != root; at = at->parent)
        if (at->next)
            return at->next;
    return NULL;
}

const struct web_directive *
web_child(const struct web_directive *block, const char *name)
{
    for (const struct web_directive *child = block->first; child; child = child->next)
        if (str_equal_nocase(child->name, str_from(name)))
            return child;
    return NULL;
}

const struct web_directive *
web_find(const struct web_directive *at, const char *name)
{
    const struct web_directive *found = NULL;

    for (const struct web_directive *block = at->parent; block && !found; block = block->parent)
        for (const struct web_directive *child = block->first; child; child = child->next)
            if (str_equal_nocase(child->name, str_from(name)))
                found = child;
    return found;
}

const struct web_directive *
web_around(const struct web_directive *at, const char *name)
{
    for (at = at->parent; at; at = at->parent)
        if (str_equal_nocase(at->name, str_from(name)))
            return at;
    return NULL;
}

struct str
web_word(const struct web_directive *directive, int number)
{
    return directive && number < directive->word_count ? directive->words[number] : STR_NONE;
}

bool
web_has_word(const struct web_directive *directive, const char *word)
{
    for (int i = 0; directive && i < directive->word_count; i++)
        if (str_equal_nocase(directive->words[i], str_from(word)))
            return true;
    return false;
}

const char *
web_place(struct arena *a, const struct web_directive *directive)
{
    return str_format(a, "%s:%d", directive->file, directive->line).ptr;
}

/* A number, and then its unit. */
static bool
read_number(struct str *text, int64_t *number, struct str *unit)
{
    size_t digits = 0, letters = 0;

    while (digits < text->len && str_is_digit(text->ptr[digits]))
        digits++;
    while (digits + letters < text->len && !str_is_digit(text->ptr[digits + letters]) &&
           text->ptr[digits + letters] != ' ')
        letters++;
    if (!str_read_int64((struct str){ text->ptr, digits }, number) || *number > INT32_MAX)
        return false;
    *unit = (struct str){ text->ptr + digits, letters };
    *text = str_trim((struct str){ text->ptr + digits + letters, text->len - digits - letters });
    return true;
}

int64_t
web_size(struct str text)
{
    static const struct {
        const char *unit;
        int64_t factor;
    } units[] = { { "", 1 }, { "k", 1 << 10 }, { "m", 1 << 20 }, { "g", 1 << 30 } };
    struct str unit;
    int64_t number;

    if (!text.ptr || !read_number(&text, &number, &unit) || text.len > 0)
        return -1;
    for (size_t i = 0; i < ARRAY_LENGTH(units); i++)
        if (str_equal_nocase(unit, str_from(units[i].unit)))
            return number * units[i].factor;
    return -1;
}

int64_t
web_time(struct str text)
{
    static const struct {
        const char *unit;
        int64_t factor;
    } units[] = { { "ms", 1 },      { "", 1000 },      { "s", 1000 },     { "m", 60000 },
                  { "h", 3600000 }, { "d", 86400000 }, { "w", 604800000 } };
    int64_t sum = 0, number;
    struct str unit;

    if (!text.ptr || text.len == 0)
        return -1;
    while (text.len > 0) {
        int64_t factor = -1;
        if (!read_number(&text, &number, &unit))
            return -1;
        for (size_t i = 0; i < ARRAY_LENGTH(units); i++)
            if (str_is(unit, units[i].unit))
                factor = units[i].factor;
        if (factor < 0)
            return -1;
        sum += number * factor;
    }
    return sum;
}
