/*
 * command_diff.c - linnet diff: what clients notice when one contract takes the place of another.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"
#include "diff/change.h"
#include "diff/diff.h"
#include "diff/diff_print.h"
#include "diff/diff_read.h"
#include "load/load.h"
#include "cgi-bin/batch/batch.h"
#include "cgi-bin/command.h"
#include "cgi-bin/log/diff_log.h"

/* What is compared, and how it is said. */
struct comparison {
    const struct invocation *invocation;
    const char *files[2];  /* old and new */
    struct str role;       /* STR_NONE: everything */
    enum severity fail_on; /* this and what is worse; SEVERITY_COUNT: what the log has */
    const char *log_file;  /* or NULL */
    struct diff_log *log;  /* likewise */
    bool is_json;
    struct diff_side before, after;
    struct changes changes;
};

static bool
is_standard(const char *file)
{
    return file && strcmp(file, "-") == 0;
}

static const char *
file_name(const char *file)
{
    return is_standard(file) ? "standard input" : file;
}

/* Read the options.  False after saying what is wrong with one. */
static bool
read_options(struct comparison *c)
{
    const char *format = command_flag(c->invocation, "format");
    const char *fail_on = command_flag(c->invocation, "fail-on");
    const char *role = command_flag(c->invocation, "role");

    c->is_json = format && strcmp(format, "json") == 0;
    c->fail_on = fail_on ? severity_find(str_from(fail_on)) : SEVERITY_BREAKING;
    c->role = str_from(role);
    c->log_file = command_flag(c->invocation, "log");
    bool is_of_log = fail_on && strcmp(fail_on, "log") == 0;
    if (format && !c->is_json && strcmp(format, "text") != 0)
        fprintf(stderr, "linnet: --format must be text or json\n");
    else if (c->fail_on > SEVERITY_DANGEROUS && !is_of_log)
        fprintf(stderr, "linnet: --fail-on must be breaking, dangerous or log\n");
    else if (is_of_log && !c->log_file)
        fprintf(stderr, "linnet: --fail-on log needs --log FILE\n");
    else if (is_standard(c->files[0]) + is_standard(c->files[1]) + is_standard(c->log_file) > 1)
        fprintf(stderr, "linnet: only one of the files can be standard input\n");
    else
        return !role || command_has_role(c->invocation, role);
    return false;
}

/* Read one of the two files; 0, or the exit status after saying what is wrong. */
static int
read_side(const struct comparison *c, const char *file, struct diff_side *side)
{
    struct arena *a = c->invocation->arena;
    struct errors errors = { .arena = a };
    struct str text;

    if (!load_text(a, file, &text))
        return EX_NOINPUT;
    if (diff_read(a, str_from(file_name(file)), text, c->role, side, &errors))
        return 0;
    load_complain(stderr, file_name(file), &errors);
    return EX_CONFIG;
}

static void
write_json(const struct comparison *c, struct buf *b)
{
    buf_put_c(b, "{\"old\":");
    json_write_string(b, str_from(file_name(c->files[0])));
    buf_put_c(b, ",\"new\":");
    json_write_string(b, str_from(file_name(c->files[1])));
    buf_byte(b, ',');
    diff_write_json(b, &c->changes);
    if (c->log) {
        buf_put_c(b, ",\"log\":");
        diff_log_write_json(b, c->log);
    }
    buf_put_c(b, "}\n");
}

/* Rights and orders are in contracts alone. */
static void
note_bindings(const struct comparison *c)
{
    bool before = diff_has_bindings(c->before.schema), after = diff_has_bindings(c->after.schema);

    if (before != after)
        fprintf(stderr,
                "%s: note: it has no rights, orders and limits, so these are not compared\n",
                file_name(c->files[before]));
}

static void
print(const struct comparison *c)
{
    struct buf *out = buf_new(c->invocation->arena);

    if (c->is_json)
        write_json(c, out);
    else
        diff_print(out, &c->changes, str_from(file_name(c->files[0])),
                   str_from(file_name(c->files[1])));
    if (!c->is_json && c->log)
        diff_log_print(out, c->log);
    fwrite(out->ptr, 1, out->len, stdout);
}

static bool
has_failed(const struct comparison *c)
{
    int count = 0;

    if (c->fail_on == SEVERITY_COUNT)
        return diff_log_breaks(c->log);
    for (int i = SEVERITY_BREAKING; i <= (int)c->fail_on; i++)
        count += c->changes.counts[i];
    return count > 0;
}

int
command_diff(const struct invocation *invocation)
{
    struct comparison c = {
        .invocation = invocation,
        .files = { invocation->arguments[0], invocation->arguments[1] },
        .changes = { .arena = invocation->arena },
    };

    if (command_flag(invocation, "batch"))
        return invocation->argument_count < 2 ? batch_run("diff", c.files[0])
                                              : command_misused(invocation);
    if (invocation->argument_count != 2)
        return command_misused(invocation);
    if (!read_options(&c))
        return EX_USAGE;
    int status = read_side(&c, c.files[0], &c.before);
    if (status == 0)
        status = read_side(&c, c.files[1], &c.after);
    if (status)
        return status;
    diff_schemas(&c.changes, &c.before, &c.after);
    note_bindings(&c);
    if (c.log_file)
        status = diff_log_read(invocation, c.log_file, &c.before, &c.after, &c.changes, &c.log);
    if (status)
        return status;
    print(&c);
    return has_failed(&c) ? COMMAND_FAILED : 0;
}
