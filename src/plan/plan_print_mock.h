/*
 * plan_print_mock.h - what is made up, as text.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef PLAN_PLAN_PRINT_MOCK_H
#define PLAN_PLAN_PRINT_MOCK_H

struct buf;
struct plan_field;

/* Write a root field that is made up, and the objects below it, each level `indent` deeper. */
void plan_print_mock(struct buf *b, const struct plan_field *field, int indent);

#endif
