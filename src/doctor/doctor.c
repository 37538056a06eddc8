/*
 * doctor.c - the table of checks, and what a check says.
 *
 * SPDX-License-Identifier: MIT
 */
#include "doctor/doctor.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/log.h"
#include "config/config.h"
#include "database/db.h"
#include "doctor/checks.h"
#include "doctor/doctor_internal.h"

#define DOCTOR_ROW(group, name, function, finds, because, mend)                                    \
    { group, name, function, finds, because, mend },
const struct doctor_check doctor_checks[] = { DOCTOR_CHECKS(DOCTOR_ROW) };
#undef DOCTOR_ROW
const int doctor_check_count = ARRAY_LENGTH(doctor_checks);

static void
add(struct doctor *d, enum doctor_verdict verdict, struct str why, struct str mend)
{
    struct doctor_finding *finding = ARENA_NEW(d->arena, struct doctor_finding);

    *finding = (struct doctor_finding){ d->check, verdict, why, mend, NULL };
    if (d->last)
        d->last->next = finding;
    else
        d->first = finding;
    d->last = finding;
    d->counts[verdict]++;
}

void
doctor_warn(struct doctor *d, struct str mend, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    add(d, DOCTOR_WARN, str_vformat(d->arena, format, args), mend);
    va_end(args);
}

void
doctor_fail(struct doctor *d, struct str mend, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    add(d, DOCTOR_FAIL, str_vformat(d->arena, format, args), mend);
    va_end(args);
}

void
doctor_skip(struct doctor *d, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    add(d, DOCTOR_SKIPPED, str_vformat(d->arena, format, args), STR_NONE);
    va_end(args);
}

const char *
doctor_quote(struct doctor *d, const char *path)
{
    struct buf *b = buf_new(d->arena);

    if (*path && !path[strspn(path, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                    "0123456789_./:@%+,-")])
        return path;
    buf_byte(b, '\'');
    for (; *path; path++)
        buf_put_c(b, *path == '\'' ? "'\\''" : (char[]){ *path, '\0' });
    buf_byte(b, '\'');
    return buf_copy(d->arena, b).ptr;
}

int
doctor_workers(const struct doctor *d)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);

    return d->config->workers > 0 ? d->config->workers : cores > 2 ? (int)cores : 2;
}

static void
hear(void *context, struct str message)
{
    struct doctor *d = context;

    d->heard = str_copy(d->arena, str_trim(message));
}

void
doctor_listen(struct doctor *d)
{
    d->heard = STR_NONE;
    d->silence = open("/dev/null", O_WRONLY | O_CLOEXEC);
    log_set_descriptor(d->silence);
    log_set_listener(hear, d);
}

void
doctor_listen_end(struct doctor *d)
{
    log_set_listener(NULL, NULL);
    log_set_descriptor(STDERR_FILENO);
    if (d->silence >= 0)
        close(d->silence);
}

const struct doctor_report *
doctor_examine(struct arena *a, const struct config *config, const struct doctor_options *options)
{
    struct doctor d = { .arena = a, .config = config, .options = *options };

    for (int i = 0; i < doctor_check_count; i++) {
        const struct doctor_finding *last = d.last;
        d.check = &doctor_checks[i];
        d.check->run(&d);
        if (d.last == last)
            add(&d, DOCTOR_OK, STR_NONE, STR_NONE);
    }
    if (d.db)
        db_close(d.db);
    struct doctor_report *report = ARENA_NEW(a, struct doctor_report);
    report->first = d.first;
    memcpy(report->counts, d.counts, sizeof(report->counts));
    return report;
}
