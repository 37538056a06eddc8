/*
 * response.h - what a run has read becomes the response.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef RESPONSE_RESPONSE_H
#define RESPONSE_RESPONSE_H

struct buf;
struct errors;
struct plan_field;
struct run;

/* After EXECUTE_DONE (execute.h): write the value of `data`, and add to `errors` what has failed,
 * with paths and places. */
void write_data(struct buf *b, struct run *run, struct errors *errors);

/* Write the value of a root field whose statements are done, as `execute_answer_fn`. */
void
write_answer(struct buf *b, struct run *run, const struct plan_field *root, struct errors *errors);

#endif
