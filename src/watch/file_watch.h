/*
 * file_watch.h - the master's: have the files changed that a generation was read from?
 *
 * They are the configuration, the contract and the trusted documents.  What counts is what a path
 * leads to and what is in it: editors write a file in place or put another one in its place, and
 * some change the symbolic link before it.  The kernel tells of the folders in which that may
 * happen; where it cannot (no room for another watch), all is looked at once a second.  After an
 * event a moment passes, since a file is written piece by piece.
 *
 * The names of the files of migrations are told to workers (notice.h).
 *
 *     file_watch_follow(watch, config)      before what it names is read
 *     poll(file_watch_descriptor(watch), ..., file_watch_wait(watch))
 *     file_watch_take(watch)                when the descriptor is readable
 *     if (file_watch_has_changed(watch)) ... read all of it anew
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef WATCH_FILE_WATCH_H
#define WATCH_FILE_WATCH_H

#include <stdbool.h>

#include "base/str.h" /* MUST_CHECK */

struct config;
struct file_watch;
struct notices;

/* It follows nothing yet.  Of `notices`, `files` is written. */
struct file_watch *file_watch_new(struct notices *notices);
void file_watch_free(struct file_watch *watch);

/* Follow what the configuration names from now on, or nothing, where it does not ask for that:
 * config_is_watched().  What they are now counts as known. */
void file_watch_follow(struct file_watch *watch, const struct config *config);

/* Does it follow anything? */
bool file_watch_is_on(const struct file_watch *watch);

/* What to wait for; -1: nothing. */
int file_watch_descriptor(const struct file_watch *watch);
/* Milliseconds after which to ask file_watch_has_changed() again; -1: no need to. */
int file_watch_wait(const struct file_watch *watch);
void file_watch_take(struct file_watch *watch);
/* If it is time to look: are the files others than when they were looked at before? */
bool file_watch_has_changed(struct file_watch *watch) MUST_CHECK;

#endif
