/*
 * trusted_check.h - do the trusted documents fit the contract?
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef DOCUMENT_TRUSTED_CHECK_H
#define DOCUMENT_TRUSTED_CHECK_H

#include <stdbool.h>

#include "base/str.h"

struct contract;
struct errors;
struct limits;
struct trusted;

/* Parse and validate each document as a request for it would.  Where roles see different parts of
 * the contract, there must be one who may ask for all of the document.  False after adding what is
 * wrong, with the places (trusted_complain()). */
bool trusted_check(const struct trusted *t, const struct contract *contract,
                   const struct limits *limits, struct errors *errors) MUST_CHECK;

/* Has one of the documents, which all fit, a field of that name? */
bool trusted_asks_for(const struct trusted *t, const struct limits *limits, struct str field);

#endif
