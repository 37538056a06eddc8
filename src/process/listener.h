/*
 * listener.h - the listening socket: inherited, or made here.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef PROCESS_LISTENER_H
#define PROCESS_LISTENER_H

#include <stdbool.h>
#include <sys/types.h>

struct config;
struct handover;

struct listener {
    int descriptor;
    const char *path; /* of a socket made by this process; NULL: it is inherited */
    ino_t inode;      /* of that path */
    /* A pair of sockets through which workers that leave hand their connections to those that
     * stay: where they come out, and where they go in. */
    int arrivals, departures;
};

/* Is the descriptor a listening socket? */
bool listener_is_inherited(int descriptor);

/* Make the pair, and take the socket that was inherited, as descriptor 0 or as systemd's first
 * (LISTEN_FDS), or else make the one that the configuration names: mode 0660, its
 * group as configured; a socket that nobody listens on any more is replaced.
 * An exit status after logging why not; 0 when all is well. */
int listener_open(const struct config *config, struct listener *listener);

/* Take the sockets of the program that was here before; `handover` must live as long. */
void listener_adopt(const struct handover *handover, struct listener *listener);
/* Tell another program of it. */
void listener_hand_over(const struct listener *listener, struct handover *handover);

/* Remove the path of a socket made here, unless somebody else has put another
 * there; who is connected or queued stays so. */
void listener_unlink(const struct listener *listener);

#endif
