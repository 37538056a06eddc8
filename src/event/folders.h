/*
 * folders.h - folders in which something may change: inotify.
 *
 *     descriptor = folders_open()      -1, with errno set: the kernel has no more of these
 *     folders_add(descriptor, path)    for each folder
 *     folders_take(descriptor, ...)    when the descriptor is readable
 *     close(descriptor)
 *
 * A folder is what its path meant when it was added; when that is another one later, nobody says
 * so.  Whoever follows a path makes all of it anew after each event.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef EVENT_FOLDERS_H
#define EVENT_FOLDERS_H

#include <stdbool.h>

#include "base/str.h" /* MUST_CHECK */

/* A descriptor that does not block and that exec() closes; -1, with errno set: there is none. */
int folders_open(void) MUST_CHECK;
/* Tell of what happens to the folder's entries and to itself.  False, with errno set. */
bool folders_add(int descriptor, const char *folder) MUST_CHECK;
/* Take all that has come.  Is there anything that `is_wanted` says yes to?  It is asked with the
 * name of an entry; what concerns a folder itself, or all, is wanted in any case. */
bool
folders_take(int descriptor, bool (*is_wanted)(void *context, const char *name), void *context);

#endif
