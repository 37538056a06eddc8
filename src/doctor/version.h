/*
 * version.h - which versions of PostgreSQL are good enough.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef DOCTOR_VERSION_H
#define DOCTOR_VERSION_H

#include <stdint.h>
#include <time.h>

#include "doctor/doctor.h"

/* Judge a server_version_num, such as 150018 for 15.18, at a time: WARN or FAIL with the rest of a
 * sentence, or OK with NULL. */
const char *version_judge(int64_t number, time_t now, enum doctor_verdict *verdict);

#endif
