/*
 * pool.h - the master: it keeps the workers, and does nothing else.
 *
 * It holds no database connection and no library's state, and so a fork shares
 * none.  Its workers are a crew, all of one generation of the configuration, the
 * contract and the key.  SIGHUP reads those again and starts a second crew; when its
 * workers are ready the first crew finishes what it is at, hands its connections over
 * and goes.  A generation that cannot be read, or whose contract does not fit, is logged
 * and forgotten.
 *
 * SIGUSR2 puts the program's file, as it is now, into this process (upgrade/upgrade.h).  That
 * program's first crew takes the place of ours as the next one of a reload would.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef PROCESS_POOL_H
#define PROCESS_POOL_H

struct generation_source;
struct handover;
struct listener;

/* Keep the workers running until SIGTERM or SIGINT; the program's exit status.  `before` is what
 * the program that was in this process before has handed over, for as long as this runs; NULL:
 * there was none.
 * EX_CONFIG: no worker was ever ready, since the configuration, the contract, the key
 * or the database is not as it must be. */
int pool_run(const struct generation_source *source, const struct listener *listener,
             const struct handover *before);

#endif
