/*
 * password_gate.h - how many processes hash passwords at once, and for whom.
 *
 * A hash takes a core and 19 MiB for some 30 ms.  As many processes as half the cores may
 * hash at once, so that the other cores go on answering; a short queue may wait, and others
 * are refused at once.  Waiting blocks no other request: a worker hashes in a thread of its
 * own (execution/resolver_thread.h).
 *
 * Where not all workers find a place, one client may take half of the places; and a client whose
 * turn it was lets another one pass that waits.  So a flood from one client keeps no other out.
 *
 * Places are locks on bytes of an anonymous file that the master makes before it forks.
 * The kernel releases a lock when its process dies, however it dies.  Such locks belong to
 * processes, which do not inherit them; a process hashes one password at a time.  The file
 * itself, mapped into each process, says which client a place was taken for.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef AUTH_PASSWORD_GATE_H
#define AUTH_PASSWORD_GATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct password_clients; /* of password_gate.c */

struct password_gate {
    int descriptor; /* of the file, open in every worker */
    int slots;      /* how many may hash at once */
    int queue;      /* how many more may wait */
    int share;      /* how many of both one client may take */
    struct password_clients *clients;
};

/* Who wants to hash a password. */
struct password_visitor {
    const struct password_gate *gate; /* NULL: it is always open */
    uint64_t client;                  /* client_key() of client.h; 0: not known, without a share */
    int descriptor;                   /* the client's socket, or -1 */
    int64_t deadline;                 /* of clock_now(): until then it waits */
};

/* Make the gate of a pool of `workers`, in the master before it forks.  False,
 * with errno set, when the kernel has no descriptor or no memory. */
bool password_gate_open(struct password_gate *gate, int workers) MUST_CHECK;
void password_gate_close(struct password_gate *gate);

/* Wait for a place, and take it: a number for password_gate_leave().  -1 at once when the queue
 * or the client's share is full, or when the client has gone; after two seconds; or at the
 * deadline. */
int password_gate_enter(const struct password_visitor *visitor) MUST_CHECK;
void password_gate_leave(const struct password_gate *gate, int place);

#endif
