/*
 * fuzz.h - what the fuzz targets share.
 *
 * A target is one file, fuzz_NAME.c, with libFuzzer's LLVMFuzzerTestOneInput():
 * it feeds the input to a stage, and calls fuzz_fail() when what must hold does
 * not.  Inputs are texts; where a target takes several, a line `---` stands
 * between them, so that a finding can be read and kept.  Targets are started in
 * the root of the source tree, whose contract they load (tests/fuzz/run).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct arena;
struct contract;
struct errors;
struct resolver_signature;

/* libFuzzer's: called once for each input; always returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Say what does not hold, show up to two texts (or STR_NONE), and abort. */
_Noreturn void fuzz_fail(const char *what, struct str first, struct str second);

/* The input as a text of its own, so that a read beyond its end is seen.  To be called first:
 * clocks and random numbers begin anew. */
struct str fuzz_text(struct arena *a, const uint8_t *data, size_t size);
/* Take the part before the next line `---` off the text; STR_NONE when nothing is left. */
struct str fuzz_next_part(struct str *rest);

/* The text of a file of the source tree, in the arena. */
struct str fuzz_read_file(struct arena *a, const char *path);
/* The contract of sql/schema.graphql, bound to the catalog of the corpus and to
 * the C functions of src/account, once for the whole process. */
const struct contract *fuzz_contract(void);

/* The contract that the input is for: one that begins with `@`, which is taken off, is for that
 * of tests/corpus/abstract, whose interfaces and unions have tables. */
const struct contract *fuzz_pick_contract(struct str *input);

/* Build what the roles `anon`, `user` and `staff` see of the contract (contract_roles.h). */
bool fuzz_divide(struct arena *a, struct contract *contract, struct errors *errors);

/* The signatures of the C functions of src/account, ended by NULL. */
const struct resolver_signature *const *fuzz_resolvers(void);

/* Time goes on by a millisecond whenever somebody looks; it begins anew with each input. */
int64_t fuzz_tick(void);

/* Microseconds of CPU that the process has used. */
int64_t fuzz_cpu_time(void);
/* Has more been used since `start` than `milliseconds` of a release build?  Then fail, where
 * FUZZ_JUDGES_TIME is set: what is the same at each run does not depend on the machine. */
void fuzz_check_time(int64_t start, int milliseconds, struct str input);

#endif
