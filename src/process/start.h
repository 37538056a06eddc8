/*
 * start.h - what must hold before the program does anything.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef PROCESS_START_H
#define PROCESS_START_H

#include <stdbool.h>

#include "base/str.h"

/* To be called first: open /dev/null where one of the descriptors 0 to 2 is closed, ignore
 * signals that are not for us, and see whether the kernel gives random bytes.  False after logging
 * what is missing: the program must not go on. */
bool start_prepare(void) MUST_CHECK;

/* Raise the limit on descriptors as far as it goes.  How many more can be opened. */
int start_count_descriptors(void);

#endif
