/*
 * notify.h - what the service manager is told: systemd's protocol, sd_notify(3).
 *
 * A message is a datagram to the socket that NOTIFY_SOCKET names; without that variable, nothing is
 * sent.  Nobody waits for the service manager: a message that it cannot take now is lost.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef EVENT_NOTIFY_H
#define EVENT_NOTIFY_H

#include <stdbool.h>
#include <stdint.h>

struct notify {
    const char *socket;     /* NULL: nobody is to be told */
    int watchdog_time;      /* milliseconds between two WATCHDOG=1; 0: none are wanted */
    int64_t watchdog_after; /* of clock_now(): the next one is due */
    bool is_ready;          /* that was the last word */
};

/* Read what the environment says, which must stay as it is. */
void notify_open(struct notify *notify);
/* READY=1, with a sentence for people; again only after notify_reloading(). */
void notify_ready(struct notify *notify, const char *status);
/* RELOADING=1: until the next notify_ready(). */
void notify_reloading(struct notify *notify);
/* STOPPING=1. */
void notify_stopping(struct notify *notify);
/* WATCHDOG=1, if it is due: the service answers. */
void notify_watchdog(struct notify *notify);

#endif
