/*
 * version.c - which versions of PostgreSQL are good enough.
 *
 * SPDX-License-Identifier: MIT
 */
#include "doctor/version.h"

#include <stddef.h>

#include "base/str.h"

enum { OLDEST = 15, MAJOR = 10000 };

/* Of each major version: until when it is mended (postgresql.org/support/versioning), as a day in
 * UTC; and the first minor versions without two faults that show rows which policies hide:
 * policies were applied as of the role that a plan was made for (CVE-2024-10976), and estimates
 * told of rows (CVE-2025-8713). */
static const struct {
    int major;
    int year, month, day;
    int least, better;
} majors[] = {
    { 15, 2027, 11, 11, 9, 14 },
    { 16, 2028, 11, 9, 5, 10 },
    { 17, 2029, 11, 8, 1, 6 },
    { 18, 2030, 11, 14, 0, 0 },
};

const char *
version_judge(int64_t number, time_t now, enum doctor_verdict *verdict)
{
    int major = (int)(number / MAJOR), minor = (int)(number % MAJOR);

    *verdict = DOCTOR_FAIL;
    if (major < OLDEST)
        return "older than 15, the oldest that is tested and the first with security_invoker views";
    for (size_t i = 0; i < ARRAY_LENGTH(majors); i++) {
        struct tm end = { .tm_year = majors[i].year - 1900,
                          .tm_mon = majors[i].month - 1,
                          .tm_mday = majors[i].day };
        if (majors[i].major != major)
            continue;
        if (minor < majors[i].least)
            return "which may apply the row-level security of another role (CVE-2024-10976)";
        *verdict = DOCTOR_WARN;
        if (minor < majors[i].better)
            return "whose estimates can reveal rows that policies hide (CVE-2025-8713)";
        if (now > timegm(&end))
            return "which gets no more fixes";
    }
    *verdict = DOCTOR_OK;
    return NULL;
}
