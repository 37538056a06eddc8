/*
 * password_gate.h - how many processes hash passwords at once.
 *
 * A hash takes a core and 19 MiB for some 30 ms.  As many processes as half the cores may
 * hash at once, so that the other cores go on answering; a short queue may wait, and others
 * are refused at once.  Waiting blocks no other request: a worker hashes in a thread of its
 * own (execution/resolver_thread.h).
 *
 * Places are locks on bytes of an anonymous file that the master makes before it forks.
 * The kernel releases a lock when its process dies, however it dies.  Such locks belong to
 * processes, which do not inherit them; a process hashes one password at a time.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef AUTH_PASSWORD_GATE_H
#define AUTH_PASSWORD_GATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct password_gate {
    int descriptor; /* of the file, open in every worker */
    int slots;      /* how many may hash at once */
    int queue;      /* how many more may wait */
};

/* Make the gate of a pool of `workers`, in the master before it forks.  False,
 * with errno set, when the kernel has no descriptor. */
bool password_gate_open(struct password_gate *gate, int workers) MUST_CHECK;
void password_gate_close(struct password_gate *gate);

/* Wait for a place, and take it: a number for password_gate_leave().  -1 at once when the queue
 * is full, or after two seconds, or at `deadline` (of clock_now()).  NULL is a gate that is
 * always open. */
int password_gate_enter(const struct password_gate *gate, int64_t deadline) MUST_CHECK;
void password_gate_leave(const struct password_gate *gate, int place);

#endif
