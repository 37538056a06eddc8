/*
 * response.h - what a run has read becomes the response.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef RESPONSE_RESPONSE_H
#define RESPONSE_RESPONSE_H

struct buf;
struct errors;
struct run;

/* After EXECUTE_DONE (execute.h): write the value of `data`, and add to `errors` what has failed,
 * with paths and places. */
void write_data(struct buf *b, struct run *run, struct errors *errors);

#endif
