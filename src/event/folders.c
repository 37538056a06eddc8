/*
 * folders.c - folders in which something may change: inotify.
 *
 * SPDX-License-Identifier: MIT
 */
#include "event/folders.h"

#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/inotify.h>
#include <unistd.h>

/* Room for a good number of events, and for one with the longest name. */
enum { EVENTS_SIZE = 4096 + NAME_MAX + 1 };

int
folders_open(void)
{
    return inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
}

bool
folders_add(int descriptor, const char *folder)
{
    const uint32_t events = IN_MODIFY | IN_CLOSE_WRITE | IN_ATTRIB | IN_CREATE | IN_DELETE |
                            IN_MOVE | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;

    return inotify_add_watch(descriptor, folder, events) >= 0;
}

bool
folders_take(int descriptor, bool (*is_wanted)(void *context, const char *name), void *context)
{
    _Alignas(struct inotify_event) char events[EVENTS_SIZE];
    bool is_any = false;
    ssize_t length;

    while ((length = read(descriptor, events, sizeof(events))) > 0)
        for (ssize_t at = 0; at < length;) {
            const struct inotify_event *event = (const void *)(events + at);
            is_any |= event->len == 0 || is_wanted(context, event->name);
            at += (ssize_t)(offsetof(struct inotify_event, name) + event->len);
        }
    return is_any;
}
