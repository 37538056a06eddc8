/*
 * change.c - what differs between two schemas, as a list.
 *
 * SPDX-License-Identifier: MIT
 */
#include "diff/change.h"

#include "base/arena.h"

static const struct {
    const char *name;
    enum severity severity;
} kinds[] = {
#define CHANGE_ROW(constant, severity) { #constant, SEVERITY_##severity },
    CHANGE_KINDS(CHANGE_ROW)
#undef CHANGE_ROW
};

static const char *const severities[] = { "breaking", "dangerous", "safe" };

const char *
change_kind_name(enum change_kind kind)
{
    return kinds[kind].name;
}

enum severity
change_severity(const struct change *change)
{
    return kinds[change->kind].severity;
}

const char *
severity_name(enum severity severity)
{
    return severities[severity];
}

enum severity
severity_find(struct str name)
{
    enum severity severity = SEVERITY_BREAKING;

    while (severity < SEVERITY_COUNT && !str_is(name, severities[severity]))
        severity++;
    return severity;
}

struct change *
changes_vadd(struct changes *c, enum change_kind kind, struct str coordinate, const char *format,
             va_list args)
{
    struct change *change = ARENA_NEW(c->arena, struct change);

    change->kind = kind;
    change->coordinate = coordinate;
    change->message = str_vformat(c->arena, format, args);
    if (c->last)
        c->last->next = change;
    else
        c->first = change;
    c->last = change;
    c->counts[kinds[kind].severity]++;
    return change;
}
