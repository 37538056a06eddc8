/*
 * doctor.h - what is wrong with an installation: its files, its web server, its database.
 *
 * Each check asks one thing that breaks or endangers a real installation (checks.h), and finds
 * nothing, or says what is wrong, why that matters and what mends it.  Nothing is changed: files
 * are read, the socket is connected to, and PostgreSQL is asked in statements that only read.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef DOCTOR_DOCTOR_H
#define DOCTOR_DOCTOR_H

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct buf;
struct config;
struct doctor_check;

enum doctor_verdict {
    DOCTOR_OK,      /* the check has found nothing */
    DOCTOR_SKIPPED, /* it could not be made, or is about nothing that is here */
    DOCTOR_WARN,    /* it works, and will not under load, for long, or against an attacker */
    DOCTOR_FAIL     /* it does not work, or somebody gets what is not theirs */
};

enum { DOCTOR_VERDICTS = DOCTOR_FAIL + 1 };

/* Where else to look. */
struct doctor_options {
    /* The web server's main file, or for nginx what `nginx -T` has printed; NULL: Debian's path of
     * it, if there is one. */
    const char *nginx, *apache;
};

/* What one check says; a check has one OK or SKIPPED, or as many others as it has found. */
struct doctor_finding {
    const struct doctor_check *check;
    enum doctor_verdict verdict;
    struct str why;  /* a sentence about this installation; STR_NONE for OK */
    struct str mend; /* commands or lines of a configuration, or STR_NONE */
    struct doctor_finding *next;
};

struct doctor_report {
    const struct doctor_finding *first; /* in the order of checks.h */
    int counts[DOCTOR_VERDICTS];
};

/* Make all checks. */
const struct doctor_report *doctor_examine(struct arena *a, const struct config *config,
                                           const struct doctor_options *options) MUST_CHECK;

/* doctor_print.c: For people: warnings and failures, by group, and how many there are of the rest;
 * or all. */
void doctor_print(struct buf *b, const struct doctor_report *report, bool is_verbose);
/* For programs: one JSON object, {"findings": [{"check", "group", "verdict", "why", "mend"}],
 * "ok", "skipped", "warn", "fail"}; `why` and `mend` only where there is one. */
void doctor_print_json(struct buf *b, const struct doctor_report *report);
/* The manual's page of the checks: docs/doctor.md. */
void doctor_print_manual(struct buf *b);

#endif
