/*
 * doctor_server.c - the socket that the web server connects to, and who listens there.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <grp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/arena.h"
#include "client/fcgi_ask.h"
#include "config/config.h"
#include "doctor/checks.h"
#include "doctor/doctor_internal.h"

enum { OTHERS_WRITE = 0002, GROUP_WRITE = 0020, STICKY = 01000 };

enum { READY_TIME = 5000 /* milliseconds; the server itself waits for PostgreSQL */ };

static const struct str restart = STR_INIT("systemctl restart linnet");

/* False after saying that there is no socket of ours to look at. */
static bool
need_socket(struct doctor *d)
{
    if (*d->config->listen)
        return true;
    doctor_skip(
        d, "`listen` is not set: the socket is inherited, or there is a process for each request.");
    return false;
}

/* The folder of the socket. */
static const char *
folder_of(struct doctor *d)
{
    const char *slash = strrchr(d->config->listen, '/');

    if (!slash)
        return ".";
    return str_copy_c(d->arena,
                      (struct str){ d->config->listen, slash == d->config->listen
                                                           ? 1
                                                           : (size_t)(slash - d->config->listen) });
}

/* Connect, and learn who listens.  0, or errno. */
static int
try_socket(struct doctor *d)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    struct ucred peer;
    socklen_t size = sizeof(peer);
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    memcpy(address.sun_path, d->config->listen, strlen(d->config->listen)); /* config.h: 107 */
    if (descriptor < 0 || connect(descriptor, (struct sockaddr *)&address, sizeof(address)) != 0) {
        int why = errno;
        if (descriptor >= 0)
            close(descriptor);
        return why;
    }
    if (getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0)
        d->master = peer.pid;
    close(descriptor);
    return 0;
}

void
doctor_server_user(struct doctor *d)
{
    const char *name = d->config->user;
    struct doctor_user user;

    if (!*name && geteuid() == 0)
        doctor_fail(d, STR("adduser --system --group linnet, and in linnet.conf: user = linnet"),
                    "`user` is not set: if root starts the server, the workers are root, too.");
    else if (*name && !doctor_user_find(name, &user))
        doctor_fail(d, str_format(d->arena, "adduser --system --group %s", name),
                    "There is no user \"%s\", as `user` says.", name);
    else if (*name && user.uid == 0)
        doctor_fail(d, STR("adduser --system --group linnet, and in linnet.conf: user = linnet"),
                    "`user` is root: whoever breaks into a worker has the whole machine.");
}

void
doctor_server_folder(struct doctor *d)
{
    struct stat s;

    if (!need_socket(d))
        return;
    const char *folder = folder_of(d);
    if (stat(folder, &s) != 0)
        doctor_fail(d,
                    str_format(d->arena, "mkdir %s (with systemd: RuntimeDirectory=linnet)",
                               doctor_quote(d, folder)),
                    "%s, the folder of the socket: %s.", folder, strerror(errno));
    else if ((s.st_mode & OTHERS_WRITE) && !(s.st_mode & STICKY))
        doctor_fail(d, str_format(d->arena, "chmod o-w %s", doctor_quote(d, folder)),
                    "Everybody may write to %s, and could put another socket in place of ours: the "
                    "web server would send all tokens to it.",
                    folder);
}

void
doctor_server_group(struct doctor *d)
{
    const char *group = d->config->socket_group, *where;
    struct doctor_user user;
    struct stat s;

    if (!need_socket(d))
        return;
    if (*group && !getgrnam(group)) {
        doctor_fail(d, str_format(d->arena, "addgroup --system %s", group),
                    "There is no group \"%s\", as `socket_group` says.", group);
        return;
    }
    const char *name = doctor_web_user(d);
    if (!name) {
        doctor_skip(d, "It is not known as which user the web server runs.");
    } else if (!doctor_user_find(name, &user)) {
        doctor_skip(d, "The web server would run as \"%s\", but there is no such user.", name);
    } else if (stat(d->config->listen, &s) != 0) {
        doctor_skip(d, "The socket is not there.");
    } else if (!doctor_user_may(d->arena, &user, d->config->listen, W_OK, &where)) {
        const struct group *is = getgrgid(s.st_gid);
        doctor_fail(d,
                    strcmp(where, d->config->listen) == 0
                        ? STR("in linnet.conf: socket_group = www-data; then restart the server")
                        : str_format(d->arena, "chmod o+x %s", doctor_quote(d, where)),
                    "The web server runs as %s, who may not open %s (mode %d%d%d%d, group %s).",
                    name, where, (int)(s.st_mode >> 9) & 7, (int)(s.st_mode >> 6) & 7,
                    (int)(s.st_mode >> 3) & 7, (int)s.st_mode & 7, is ? is->gr_name : "?");
    }
}

void
doctor_server_mode(struct doctor *d)
{
    struct stat s;

    if (!need_socket(d))
        return;
    if (stat(d->config->listen, &s) != 0)
        doctor_skip(d, "The socket is not there.");
    else if (s.st_mode & OTHERS_WRITE)
        doctor_fail(d, str_format(d->arena, "chmod o-rwx %s", doctor_quote(d, d->config->listen)),
                    "Everybody on this machine may write to %s, and so claim any client address: "
                    "failed logins are counted by address.",
                    d->config->listen);
}

void
doctor_server_socket(struct doctor *d)
{
    const char *path = d->config->listen;
    struct stat s;

    if (!need_socket(d))
        return;
    int why = try_socket(d);
    if (why == ENOENT)
        doctor_fail(d, STR("systemctl start linnet"), "The server does not run: there is no %s.",
                    path);
    else if (why == ECONNREFUSED && stat(path, &s) == 0 && S_ISSOCK(s.st_mode))
        doctor_fail(d, STR("systemctl start linnet"),
                    "The server does not run: nobody listens at %s, which an earlier server left.",
                    path);
    else if (why == ECONNREFUSED)
        doctor_fail(d, STR("Move it away, or set `listen` to another path."),
                    "%s is there, but is no socket.", path);
    else if (why == EAGAIN)
        doctor_fail(d, STR("Look at the log; then: systemctl restart linnet"),
                    "The queue of %s is full: no worker accepts connections.", path);
    else if (why == EACCES)
        doctor_skip(d, "This user may not open %s: run it as root.", path);
    else if (why != 0)
        doctor_fail(d, restart, "%s: %s.", path, strerror(why));
}

void
doctor_server_ready(struct doctor *d)
{
    struct fcgi_answer answer;

    if (!need_socket(d))
        return;
    int why = try_socket(d);
    if (why != 0) {
        doctor_skip(d, "No server answers: see socket.");
        return;
    }
    const char *fault = fcgi_ask(d->arena, d->config->listen, "/ready", READY_TIME, &answer);
    if (fault)
        doctor_fail(d, restart, "The server at %s does not say whether it is ready: %s.",
                    d->config->listen, fault);
    else if (answer.status != 200)
        doctor_fail(d, STR("Look at its log: journalctl -u linnet"),
                    "The server says that it is not ready (status %d): %.*s", answer.status,
                    STR_PRINT(str_trim(answer.body)));
    else if (memmem(answer.body.ptr, answer.body.len, "degraded", 8))
        doctor_warn(d, STR("Look at its log; then linnet check, and systemctl reload linnet"),
                    "The last reload failed: the server still uses what it loaded before.");
}
