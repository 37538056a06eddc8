/*
 * mock.h - made-up values in place of a database (mock_binding/bind_mock.h).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MOCK_MOCK_H
#define MOCK_MOCK_H

#include "execution/execute_options.h"

/* The execute_mock_fn (execution/execute_options.h) of contracts that are bound for mock. */
execute_mock_fn mock_write;

#endif
