/*
 * report.h - what an import has to say: its progress, what became of records, what is wrong.
 *
 * Texts of records may hold anything: control characters are not printed.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef IMPORT_REPORT_H
#define IMPORT_REPORT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/str.h"

struct rows;

enum { REPORT_OUTCOMES = 8 /* of one model, that are counted each by itself */ };

struct report {
    FILE *out, *complaints;
    struct str model; /* of which outcomes are counted */
    struct {
        char name[32];
        int64_t count;
    } outcomes[REPORT_OUTCOMES];
    int outcome_count;
};

/* Say what PostgreSQL, or a source of records, has said; false. */
bool report_error(struct report *r, struct str message);
/* Say what is wrong. */
void report_fault(struct report *r, const char *format, ...) PRINTF(2, 3);
void report_progress(struct report *r, const char *format, ...) PRINTF(2, 3);
void report_note(struct report *r, const char *text);

/* Print the outcomes of a model, whose columns are outcome, count, key and reason; at the end how
 * many there were of each. */
void report_begin(struct report *r, struct str model);
void report_rows(struct report *r, const struct rows *rows);
void report_end(struct report *r, int64_t read);
/* Print that nobody takes records of this model. */
void report_other(struct report *r, struct str model, int64_t count);

#endif
