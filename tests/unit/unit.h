/*
 * unit.h - cmocka, with the headers that it wants before its own.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef UNIT_UNIT_H
#define UNIT_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
