/*
 * contract_orders.h - orders that are longer than any request's may be.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CONTRACT_CONTRACT_ORDERS_H
#define CONTRACT_CONTRACT_ORDERS_H

#include <stdbool.h>

#include "base/str.h"

struct contract;
struct errors;

/* Has no value of an enum that lists are ordered by more than `maximum` terms?  A misfit, with its
 * place, for each that has.  The contract is bound. */
bool
contract_orders_fit(const struct contract *contract, int maximum, struct errors *errors) MUST_CHECK;

#endif
