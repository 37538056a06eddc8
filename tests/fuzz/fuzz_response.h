/*
 * fuzz_response.h - what must hold of any response.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef FUZZ_FUZZ_RESPONSE_H
#define FUZZ_FUZZ_RESPONSE_H

#include "base/str.h"

struct arena;
struct plan;

/* Hold a response, head and body, against HTTP, against the specification's
 * section 7 and, when it has data, against the plan that it comes from.  Return
 * its body. */
struct str fuzz_check_response(struct arena *a, struct str response, const struct plan *plan);

#endif
