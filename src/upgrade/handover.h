/*
 * handover.h - what a master tells the program that takes its place: sockets, workers, keys.
 *
 * An upgrade keeps the process: execve() puts another program into it, which inherits descriptors
 * and children, but no memory.  What it must know of them goes through a pipe, as lines of text.
 * The first has the version of all others; a master that does not know it is not started
 * (upgrade.h).  Secrets among the keys are in that pipe alone, and gone once it is read.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef UPGRADE_HANDOVER_H
#define UPGRADE_HANDOVER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/str.h"
#include "jose/token_key.h"

struct arena;

/* Of the lines; another one for each change of what they mean. */
#define HANDOVER_VERSION "2"

struct handover_worker {
    int number; /* on the board */
    pid_t pid;  /* a child */
};

/* The workers of one generation, process/crew.h. */
struct handover_crew {
    bool is_leaving;
    int64_t deadline; /* of clock_now(), which goes on: then those that leave are killed */
    int drain_time;   /* milliseconds that they have once they are sent away */
    int words;        /* descriptor: what they tell the master */
    /* Their board, process/board.h: the descriptor of its memory, or -1; and its layout. */
    int board;
    struct str layout;
    int places; /* how many workers it has room for */
    struct handover_worker *workers;
    int worker_count;
    /* The keys of their tokens, without private halves. */
    struct ring ring;
};

struct handover {
    /* The socket, process/listener.h; its path is STR_NONE when it was inherited. */
    int listener;
    struct str path;
    ino_t inode;
    int arrivals, departures;
    int metrics; /* the descriptor of the memory of metrics/metrics_board.h; 0: there is none */
    struct handover_crew *crews; /* the newest first */
    int crew_count;
};

/* Can this program take over what is handed over in that version? */
bool handover_is_known(struct str version);

/* Write all of it into a pipe, and let this process's next program inherit it and every descriptor
 * in it.  What that program finds it by is an entry of its environment, `*entry`, in the arena.
 * The descriptor of the pipe, or -1 after logging why not. */
int handover_write(struct arena *a, const struct handover *handover, char **entry) MUST_CHECK;
/* The upgrade has failed after that: let nobody inherit any of it. */
void handover_withdraw(const struct handover *handover, int pipe);

enum handover_result {
    HANDOVER_NONE,  /* nobody has handed anything over */
    HANDOVER_TAKEN, /* it is in `*handover`, for as long as the arena lives */
    HANDOVER_FAILED /* after logging why */
};

/* Read what the program that was here before has handed over, once: the entry is then removed from
 * the environment, and no child inherits a descriptor. */
enum handover_result handover_take(struct arena *a, struct handover *handover) MUST_CHECK;

/* For tests: the same as text. */
struct str handover_print(struct arena *a, const struct handover *handover);
/* False: it is not such a text. */
bool handover_parse(struct arena *a, struct str text, struct handover *handover) MUST_CHECK;

#endif
