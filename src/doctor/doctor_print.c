/*
 * doctor_print.c - what was found, for people and for programs; and the manual's page.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "doctor/checks.h"
#include "doctor/doctor.h"

static const char *const verdicts[DOCTOR_VERDICTS] = { "ok", "skipped", "warn", "fail" };

enum { COLUMN = 8 /* of the longest verdict, and a space */ };

static void
print_finding(struct buf *b, const struct doctor_finding *f)
{
    buf_printf(b, "  %s", verdicts[f->verdict]);
    buf_repeat(b, ' ', COLUMN - strlen(verdicts[f->verdict]));
    buf_put_c(b, f->check->name);
    if (f->why.ptr)
        buf_printf(b, ": %.*s", STR_PRINT(f->why));
    buf_byte(b, '\n');
    if (f->mend.ptr) {
        buf_repeat(b, ' ', 2 + COLUMN);
        buf_printf(b, "%.*s\n", STR_PRINT(f->mend));
    }
}

void
doctor_print(struct buf *b, const struct doctor_report *report, bool is_verbose)
{
    const char *group = "";

    for (const struct doctor_finding *f = report->first; f; f = f->next) {
        if (!is_verbose && f->verdict < DOCTOR_WARN)
            continue;
        if (strcmp(group, f->check->group) != 0)
            buf_printf(b, "%s%s\n", *group ? "\n" : "", f->check->group);
        group = f->check->group;
        print_finding(b, f);
    }
    buf_printf(b, "%s%d fail, %d warn, %d ok, %d skipped%s\n", *group ? "\n" : "",
               report->counts[DOCTOR_FAIL], report->counts[DOCTOR_WARN], report->counts[DOCTOR_OK],
               report->counts[DOCTOR_SKIPPED],
               is_verbose || !report->counts[DOCTOR_SKIPPED] ? "" : " (--verbose says why)");
}

static void
write_member(struct buf *b, const char *name, struct str value)
{
    if (b->ptr[b->len - 1] != '{')
        buf_byte(b, ',');
    json_write_name(b, str_from(name));
    json_write_string(b, value);
}

void
doctor_print_json(struct buf *b, const struct doctor_report *report)
{
    buf_put_c(b, "{\"findings\":[");
    for (const struct doctor_finding *f = report->first; f; f = f->next) {
        buf_put_c(b, f == report->first ? "\n{" : ",\n{");
        write_member(b, "check", str_from(f->check->name));
        write_member(b, "group", str_from(f->check->group));
        write_member(b, "verdict", str_from(verdicts[f->verdict]));
        if (f->why.ptr)
            write_member(b, "why", f->why);
        if (f->mend.ptr)
            write_member(b, "mend", f->mend);
        buf_byte(b, '}');
    }
    buf_put_c(b, "\n]");
    for (int i = 0; i < DOCTOR_VERDICTS; i++)
        buf_printf(b, ",\"%s\":%d", verdicts[i], report->counts[i]);
    buf_put_c(b, "}\n");
}

static const char introduction[] =
    "# Doctor\n"
    "\n"
    "This page is printed by `linnet print doctor`: change the table in the code, not the page.\n"
    "\n"
    "`linnet doctor` looks at an installation and says what is wrong with it, why that matters "
    "and what mends it. It\n"
    "changes nothing: it reads files, connects to the socket, and asks PostgreSQL in statements "
    "that only read. Run it\n"
    "before you open a server to others, after each upgrade, and by cron or monitoring.\n"
    "\n"
    "    linnet doctor --config /etc/linnet/linnet.conf\n"
    "\n"
    "The exit status is 1 if a check has failed, 78 if the configuration itself cannot be read, "
    "and otherwise 0. Each\n"
    "finding has a verdict:\n"
    "\n"
    "| | |\n"
    "| --- | --- |\n"
    "| `fail` | it does not work, or somebody gets what is not theirs |\n"
    "| `warn` | it works now, but will not under load, in the long run, or against an attacker |\n"
    "| `ok` | nothing is wrong |\n"
    "| `skipped` | the check could not be made, or it is about something that is not used here; "
    "`--verbose` says which |\n"
    "\n"
    "Run it as root, or as the user who starts the server. Other users may not read keys, the "
    "web server's certificates,\n"
    "and facts about the server's processes. Root also tries whether the workers' `user` can log "
    "in to PostgreSQL.\n"
    "\n"
    "| option | |\n"
    "| --- | --- |\n"
    "| `--verbose` | print what is `ok` and `skipped`, too |\n"
    "| `--json` | print one JSON object: `findings`, each with `check`, `group`, `verdict`, "
    "`why` and `mend`, and the number of findings with each verdict |\n"
    "| `--nginx FILE` | nginx's main file, or what `nginx -T` has printed. Default: "
    "`/etc/nginx/nginx.conf`, if there is one |\n"
    "| `--apache FILE` | Apache's main file. Default: `/etc/apache2/apache2.conf`, if there is one "
    "|\n"
    "\n"
    "If only one of `--nginx` and `--apache` is given, the other web server is not looked at. In "
    "the web server's\n"
    "configuration only those parts are checked that lead to the socket `listen` or to the "
    "program.\n"
    "\n"
    "## Checks\n"
    "\n"
    "The name of a check never changes, so scripts may rely on it.\n";

void
doctor_print_manual(struct buf *b)
{
    const char *group = "";

    buf_put_c(b, introduction);
    for (int i = 0; i < doctor_check_count; i++) {
        const struct doctor_check *check = &doctor_checks[i];
        if (strcmp(group, check->group) != 0)
            buf_printf(b,
                       "\n### %c%s\n\n| check | finds that | because | mend |\n"
                       "| --- | --- | --- | --- |\n",
                       check->group[0] - 'a' + 'A', check->group + 1);
        group = check->group;
        buf_printf(b, "| `%s` | %s | %s | %s |\n", check->name, check->finds, check->because,
                   check->mend);
    }
}
