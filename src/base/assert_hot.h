/*
 * assert_hot.h - assertions on paths where they would cost: each cell, each byte.
 *
 * They are on in builds that look for faults (--enable-asan, --enable-fuzz, --enable-coverage),
 * and off in others.  Elsewhere assert() is right: it is always on.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BASE_ASSERT_HOT_H
#define BASE_ASSERT_HOT_H

#include <assert.h>

#ifdef HOT_ASSERTIONS
#define ASSERT_HOT(condition) assert(condition)
#else
#define ASSERT_HOT(condition) ((void)(0 && (condition))) /* compiled, and not run */
#endif

#endif
