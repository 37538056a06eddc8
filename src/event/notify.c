/*
 * notify.c - what the service manager is told.
 *
 * SPDX-License-Identifier: MIT
 */
#include "event/notify.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/str.h"
#include "event/clock.h"

/* A WATCHDOG=1 comes so many times within the time that the service manager waits for one. */
enum { WATCHDOG_TIMES = 3 };

enum { MESSAGE_SIZE = 256 };

static void
send_message(const struct notify *notify, const char *text)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    size_t len = notify->socket ? strlen(notify->socket) : 0;

    if (len == 0)
        return;
    memcpy(address.sun_path, notify->socket, len);
    if (address.sun_path[0] == '@')
        address.sun_path[0] = '\0'; /* Linux's abstract names */
    int descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0)
        return;
    (void)sendto(descriptor, text, strlen(text), MSG_NOSIGNAL, (const struct sockaddr *)&address,
                 (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len));
    close(descriptor);
}

/* WATCHDOG_USEC, if it is meant for this process (sd_watchdog_enabled(3)). */
static int
read_watchdog_time(void)
{
    const char *pid = getenv("WATCHDOG_PID"), *time = getenv("WATCHDOG_USEC");
    int64_t owner, microseconds;

    if (pid && (!str_read_int64(str_from(pid), &owner) || owner != getpid()))
        return 0;
    if (!time || !str_read_int64(str_from(time), &microseconds) || microseconds <= 0)
        return 0;
    int64_t milliseconds = microseconds / 1000 / WATCHDOG_TIMES;
    return milliseconds < 1 ? 1 : milliseconds > 3600000 ? 3600000 : (int)milliseconds;
}

void
notify_open(struct notify *notify)
{
    const char *path = getenv("NOTIFY_SOCKET");
    bool is_good = path && (*path == '/' || *path == '@') &&
                   strlen(path) < sizeof(((struct sockaddr_un *)0)->sun_path);

    *notify = (struct notify){ .socket = is_good ? path : NULL };
    if (is_good)
        notify->watchdog_time = read_watchdog_time();
}

void
notify_ready(struct notify *notify, const char *status)
{
    char text[MESSAGE_SIZE];

    if (notify->is_ready)
        return;
    notify->is_ready = true;
    snprintf(text, sizeof(text), "READY=1\nSTATUS=%s", status);
    send_message(notify, text);
}

void
notify_reloading(struct notify *notify)
{
    char text[MESSAGE_SIZE];

    notify->is_ready = false;
    snprintf(text, sizeof(text), "RELOADING=1\nMONOTONIC_USEC=%lld",
             (long long)(clock_nanoseconds() / 1000));
    send_message(notify, text);
}

void
notify_stopping(struct notify *notify)
{
    send_message(notify, "STOPPING=1");
}

void
notify_watchdog(struct notify *notify)
{
    int64_t now = clock_now();

    if (notify->watchdog_time == 0 || now < notify->watchdog_after)
        return;
    notify->watchdog_after = now + notify->watchdog_time;
    send_message(notify, "WATCHDOG=1");
}
