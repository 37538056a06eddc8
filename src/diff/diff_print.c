/*
 * diff_print.c - changes for people, and for programs.
 *
 * SPDX-License-Identifier: MIT
 */
#include "diff/diff_print.h"

#include "base/buf.h"
#include "base/json.h"
#include "diff/change.h"

static void
print_place(struct buf *b, struct str file, const struct place *place)
{
    buf_put(b, file);
    if (place->line > 0)
        buf_printf(b, ":%u:%u", place->line, place->column);
}

static void
print_change(struct buf *b, const struct change *change, struct str before, struct str after)
{
    bool is_gone = change->after.line == 0 && change->before.line > 0;

    print_place(b, is_gone ? before : after, is_gone ? &change->before : &change->after);
    buf_printf(b, ": %s: %.*s: %.*s", severity_name(change_severity(change)),
               STR_PRINT(change->coordinate), STR_PRINT(change->message));
    if (!is_gone && change->before.line > 0) {
        buf_put_c(b, " (");
        print_place(b, before, &change->before);
        buf_byte(b, ')');
    }
    buf_byte(b, '\n');
}

static void
print_counts(struct buf *b, const struct changes *changes)
{
    for (int i = 0; i < SEVERITY_COUNT; i++)
        buf_printf(b, "%s%d %s", i == 0 ? "" : ", ", changes->counts[i],
                   severity_name((enum severity)i));
    buf_byte(b, '\n');
}

void
diff_print(struct buf *b, const struct changes *changes, struct str before, struct str after)
{
    for (int severity = 0; severity < SEVERITY_COUNT; severity++)
        for (const struct change *at = changes->first; at; at = at->next)
            if ((int)change_severity(at) == severity)
                print_change(b, at, before, after);
    print_counts(b, changes);
}

/* Write `,"name":{"line":1,"column":3}`, or null. */
static void
write_place(struct buf *b, const char *name, const struct place *place)
{
    if (place->line > 0)
        buf_printf(b, ",\"%s\":{\"line\":%u,\"column\":%u}", name, place->line, place->column);
    else
        buf_printf(b, ",\"%s\":null", name);
}

static void
write_change(struct buf *b, const struct change *change)
{
    buf_printf(b, "{\"severity\":\"%s\",\"kind\":\"%s\",\"coordinate\":",
               severity_name(change_severity(change)), change_kind_name(change->kind));
    json_write_string(b, change->coordinate);
    buf_put_c(b, ",\"message\":");
    json_write_string(b, change->message);
    write_place(b, "before", &change->before);
    write_place(b, "after", &change->after);
    buf_byte(b, '}');
}

void
diff_write_json(struct buf *b, const struct changes *changes)
{
    bool is_first = true;

    buf_put_c(b, "\"changes\":[");
    for (int severity = 0; severity < SEVERITY_COUNT; severity++)
        for (const struct change *at = changes->first; at; at = at->next) {
            if ((int)change_severity(at) != severity)
                continue;
            if (!is_first)
                buf_byte(b, ',');
            is_first = false;
            write_change(b, at);
        }
    buf_put_c(b, "],\"counts\":{");
    for (int i = 0; i < SEVERITY_COUNT; i++)
        buf_printf(b, "%s\"%s\":%d", i == 0 ? "" : ",", severity_name((enum severity)i),
                   changes->counts[i]);
    buf_byte(b, '}');
}
