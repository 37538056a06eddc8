/*
 * listener.c - the listening socket: inherited, or made here.
 *
 * SPDX-License-Identifier: MIT
 */
#include "process/listener.h"

#include <errno.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/log.h"
#include "base/str.h"
#include "config/config.h"
#include "upgrade/handover.h"

/* Connections that wait for a worker; the kernel's own bound may be lower. */
enum { BACKLOG = 1024 };

/* Workers of a master that was killed finish their request: wait so long for
 * them, in tenths of a second, before saying that another server is at work. */
enum { PATIENCE = 20 };

/* The first descriptor that systemd hands over. */
enum { SYSTEMD_DESCRIPTOR = 3 };

bool
listener_is_inherited(int descriptor)
{
    int is_listening = 0;
    socklen_t len = sizeof(is_listening);
    return getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &is_listening, &len) == 0 &&
           is_listening;
}

static bool
is_from_systemd(void)
{
    const char *pid = getenv("LISTEN_PID"), *count = getenv("LISTEN_FDS");
    int64_t ours, descriptors;
    return pid && count && str_read_int64(str_from(pid), &ours) && ours == getpid() &&
           str_read_int64(str_from(count), &descriptors) && descriptors >= 1 &&
           listener_is_inherited(SYSTEMD_DESCRIPTOR);
}

/* Does anybody listen on the socket there? */
static bool
is_in_use(const struct sockaddr_un *address)
{
    int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool is_connected =
        probe >= 0 && connect(probe, (const struct sockaddr *)address, sizeof(*address)) == 0;
    if (probe >= 0)
        close(probe);
    return is_connected;
}

/* Remove a stale socket.  False when something else is there. */
static bool
make_room(const struct sockaddr_un *address)
{
    struct stat status;
    if (lstat(address->sun_path, &status) != 0)
        return true;
    if (!S_ISSOCK(status.st_mode)) {
        log_error("%s exists and is not a socket", address->sun_path);
        return false;
    }
    for (int i = 0; is_in_use(address); i++) {
        if (i == PATIENCE) {
            log_error("another server is listening on %s", address->sun_path);
            return false;
        }
        usleep(100000);
    }
    unlink(address->sun_path);
    return true;
}

/* Give the socket to the group that may connect. */
static bool
give_to_group(const char *path, const char *name)
{
    if (!*name)
        return true;
    const struct group *group = getgrnam(name);
    if (!group) {
        log_error("unknown group \"%s\" (socket_group)", name);
        return false;
    }
    if (chown(path, (uid_t)-1, group->gr_gid) != 0) {
        log_error("cannot give %s to the group %s: %s", path, name, strerror(errno));
        return false;
    }
    return true;
}

/* Bind and listen; the path is ours from here on. */
static bool
bind_path(int descriptor, const struct sockaddr_un *address, const char *group)
{
    const char *path = address->sun_path;
    mode_t mask = umask(0117);
    int result = bind(descriptor, (const struct sockaddr *)address, sizeof(*address));
    umask(mask);
    if (result != 0) {
        log_error("cannot create the socket %s: %s", path, strerror(errno));
        return false;
    }
    if (give_to_group(path, group)) {
        if (listen(descriptor, BACKLOG) == 0)
            return true;
        log_error("cannot listen on %s: %s", path, strerror(errno));
    }
    unlink(path);
    return false;
}

static bool
open_passage(struct listener *listener)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
        log_error("cannot make the sockets that hand connections over: %s", strerror(errno));
        return false;
    }
    listener->arrivals = ends[0];
    listener->departures = ends[1];
    return true;
}

int
listener_open(const struct config *config, struct listener *listener)
{
    *listener = (struct listener){ .descriptor = 0 };
    if (!open_passage(listener))
        return EX_OSERR;
    if (listener_is_inherited(0))
        return 0;
    if (is_from_systemd()) {
        listener->descriptor = SYSTEMD_DESCRIPTOR;
        return 0;
    }
    if (!*config->listen) {
        log_error("no socket to listen on: set `listen`");
        return EX_USAGE;
    }

    struct sockaddr_un address = { .sun_family = AF_UNIX };
    memcpy(address.sun_path, config->listen, strlen(config->listen));
    if (!make_room(&address))
        return EX_TEMPFAIL;
    listener->descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener->descriptor < 0 ||
        !bind_path(listener->descriptor, &address, config->socket_group))
        return EX_CANTCREAT;

    struct stat status;
    listener->path = config->listen;
    listener->inode = stat(listener->path, &status) == 0 ? status.st_ino : 0;
    return 0;
}

void
listener_adopt(const struct handover *handover, struct listener *listener)
{
    *listener = (struct listener){
        .descriptor = handover->listener,
        .path = handover->path.ptr,
        .inode = handover->inode,
        .arrivals = handover->arrivals,
        .departures = handover->departures,
    };
}

void
listener_unlink(const struct listener *listener)
{
    struct stat status;
    if (listener->path && stat(listener->path, &status) == 0 && status.st_ino == listener->inode)
        unlink(listener->path);
}

void
listener_hand_over(const struct listener *listener, struct handover *handover)
{
    handover->listener = listener->descriptor;
    handover->path = str_from(listener->path);
    handover->inode = listener->inode;
    handover->arrivals = listener->arrivals;
    handover->departures = listener->departures;
}
