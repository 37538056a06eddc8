/*
 * upgrade.h - another program takes the place of this one, in the same process.
 *
 * The program is the file that now has the path which this one was started from.  It is tried
 * first, as a child: `NEW check --takes-over VERSION` with the settings of this one finds out
 * whether it starts, whether configuration, contract and database fit, and whether it can take over
 * what handover.h hands over.  Until all of that is so, nothing has changed.
 *
 *     upgrade_begin(u, ...)
 *     poll(u->words, ..., upgrade_wait(u)), upgrade_tend(u)      while u->check is not 0
 *     if (upgrade_bury(u, pid, result)) ...                      it has ended: u->is_good
 *     upgrade_execute(u, ...)                                    does not return, unless it fails
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef UPGRADE_UPGRADE_H
#define UPGRADE_UPGRADE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/str.h"

struct arena;
struct handover;

struct upgrade {
    const char *path; /* of the program; NULL: it is not known */
    pid_t check;      /* the child that tries it; 0: there is none */
    int words;        /* descriptor: what the child says; -1: nothing any more */
    struct buf said;  /* of that, the first kilobytes */
    int64_t deadline; /* until which it may take */
    bool is_late;     /* it has taken longer, and was killed */
    bool is_good;     /* the last one that was tried can take over */
};

/* To be called at the start, while the program's file is where it was started from: `name` is its
 * name on the command line, or NULL.  The path lives as long as the arena. */
void upgrade_prepare(struct upgrade *u, struct arena *a, const char *name);
void upgrade_free(struct upgrade *u);

/* Start the child, with these arguments; the first is the program's name, and NULL ends them.
 * False after logging why not. */
bool upgrade_begin(struct upgrade *u, char *const *arguments, char *const *environment) MUST_CHECK;
/* Milliseconds until upgrade_tend() has something to do; -1: it has not, or there is no child. */
int upgrade_wait(const struct upgrade *u);
/* Read what the child says, and kill it when it is late. */
void upgrade_tend(struct upgrade *u);
/* A child has died; false: it was not this one.  When the program cannot take over, that is
 * logged, with what it has said. */
bool upgrade_bury(struct upgrade *u, pid_t pid, int result);
/* End the child, if there is one, and wait for it. */
void upgrade_cancel(struct upgrade *u);

/* Put the program into this process.  It opens the log anew, which now is in `log_file`
 * (event/log_file.h), and so finds standard error as it was at the start.  Returns only when that
 * has failed, after logging why; then all is as it was before. */
void upgrade_execute(struct upgrade *u, const struct handover *handover, const char *log_file,
                     char *const *arguments, char *const *environment);

#endif
