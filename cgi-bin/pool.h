/*
 * pool.h - the master: it keeps the workers, and does nothing else.
 *
 * It holds no database connection and no library's state, and so a fork shares
 * none.  One worker starts first; the others follow when it is ready, so that a
 * contract that does not fit is told once.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CGI_BIN_POOL_H
#define CGI_BIN_POOL_H

#include "base/str.h"

struct config;
struct listener;

/* Keep the workers running until SIGTERM or SIGINT; the program's exit status.
 * A worker that dies is replaced, at once or, when it lived for moments only, after a
 * pause that grows.  EX_CONFIG: no worker was ever ready, since the contract is
 * wrong. */
int pool_run(const struct config *config, struct str contract, const struct listener *listener);

#endif
