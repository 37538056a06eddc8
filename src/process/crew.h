/*
 * crew.h - the workers of one generation: started, replaced, watched, sent away.
 *
 * One worker starts first; the others follow when it is ready, so that a contract
 * that does not fit is told once.  A worker that dies is replaced, at once or,
 * when it lived for moments only, after a pause that grows.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef PROCESS_CREW_H
#define PROCESS_CREW_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/str.h"

struct arena;
struct generation;
struct handover;
struct handover_crew;
struct listener;
struct worker_slot; /* of one worker */

enum crew_state {
    CREW_STARTING, /* no worker has been ready yet */
    CREW_SERVING,
    CREW_FAILED, /* the first worker has found that the contract does not fit, or is not
                    ready in time; no other is started */
    CREW_LEAVING /* its workers finish what they are at */
};

struct crew {
    enum crew_state state;
    struct generation *generation;
    const struct listener *listener;
    bool is_first;    /* nobody serves beside it while it starts */
    int words;        /* descriptor: readable when a worker has said something (worker.h) */
    int words_end;    /* where workers say it */
    int ready_count;  /* that have become ready */
    bool is_outdated; /* a worker has ended since the contract does not fit any more */
    uint64_t wanted;  /* by a worker: a reload, for a catalog of this fingerprint; 0: none */
    struct worker_slot *slots;
    int64_t deadline; /* until which it may take to start; LEAVING: then what is left is killed */
    struct crew *next;
};

/* Make a crew without any worker yet, in the generation's arena; NULL after logging why. */
struct crew *
crew_new(struct generation *generation, const struct listener *listener, bool is_first) MUST_CHECK;
/* The crew of a program that was in the place of this one: its workers are children already, and
 * those that die are not replaced. */
struct crew *crew_adopt(struct generation *generation, const struct listener *listener,
                        const struct handover_crew *from);
/* Say what the program that takes our place must know of the crews, of which none is STARTING. */
void crew_hand_over(const struct crew *first, struct arena *a, struct handover *to);
/* Close its descriptors; it must be empty. */
void crew_free(struct crew *crew);

/* Start who is missing, and kill who hangs or should be gone.  Milliseconds until there may
 * be more of that to do, or -1. */
int crew_tend(struct crew *crew);
/* Workers may have said something: that they are ready, then SERVING; that they want a reload. */
void crew_hear(struct crew *crew);
/* Somebody has died; false: that was none of this crew. */
bool crew_bury(struct crew *crew, pid_t pid, int result);
/* Send all away: they have `time` milliseconds. */
void crew_dismiss(struct crew *crew, int time);
/* Does one of its workers turn its loop, or is about to begin? */
bool crew_answers(const struct crew *crew);
bool crew_is_empty(const struct crew *crew);
/* SERVING: are all of its workers ready, or have had the time to be, or never will be? */
bool crew_is_complete(const struct crew *crew);

#endif
