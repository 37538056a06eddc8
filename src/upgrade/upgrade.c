/*
 * upgrade.c - another program takes the place of this one.
 *
 * SPDX-License-Identifier: MIT
 */
#include "upgrade/upgrade.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "event/clock.h"
#include "event/log_file.h"
#include "upgrade/handover.h"

/* Milliseconds that the child may take: it reads a catalog and tries every field. */
enum { CHECK_TIME = 60000 };

/* Bytes of what it says that are logged, and of a read. */
enum { SAID_MOST = 8192, PIECE = 4096 };

/* --- the program's file --- */

static bool
is_same_file(const char *path, const char *other)
{
    struct stat one, two;

    return stat(path, &one) == 0 && stat(other, &two) == 0 && one.st_dev == two.st_dev &&
           one.st_ino == two.st_ino;
}

/* The path as it was named, with what may be a symbolic link in it: that is what an administrator
 * changes.  Without a slash it was found in PATH; then the kernel's word for it has to do. */
void
upgrade_prepare(struct upgrade *u, struct arena *a, const char *name)
{
    static const char running[] = "/proc/self/exe";
    char place[PATH_MAX];

    *u = (struct upgrade){ .words = -1 };
    if (name && name[0] == '/')
        u->path = str_copy_c(a, str_from(name));
    else if (name && strchr(name, '/') && getcwd(place, sizeof(place)))
        u->path = str_format(a, "%s/%s", place, name).ptr;
    if (u->path && is_same_file(u->path, running))
        return;
    ssize_t length = readlink(running, place, sizeof(place));
    bool is_known = length > 0 && (size_t)length < sizeof(place);
    u->path = is_known ? str_copy_c(a, (struct str){ place, (size_t)length }) : NULL;
}

void
upgrade_free(struct upgrade *u)
{
    upgrade_cancel(u);
    buf_free(&u->said);
}

/* --- the child --- */

/* Signals as a program finds them at its start. */
static void
set_attributes(posix_spawnattr_t *attributes)
{
    sigset_t none, all;

    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(attributes, &none);
    posix_spawnattr_setsigdefault(attributes, &all);
    posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
}

/* Start it such that all it says comes out of `words`; 0 or an errno. */
static int
start(struct upgrade *u, char *const *arguments, char *const *environment, int words)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;

    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, words, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, words, STDERR_FILENO);
    posix_spawnattr_init(&attributes);
    set_attributes(&attributes);
    int fault = posix_spawn(&u->check, u->path, &actions, &attributes, arguments, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return fault;
}

static void
stop_listening(struct upgrade *u)
{
    if (u->words >= 0)
        close(u->words);
    u->words = -1;
}

bool
upgrade_begin(struct upgrade *u, char *const *arguments, char *const *environment)
{
    int ends[2];

    u->is_good = u->is_late = false;
    buf_truncate(&u->said, 0);
    if (!u->path || pipe2(ends, O_CLOEXEC) != 0) {
        log_error("cannot upgrade: %s",
                  u->path ? strerror(errno) : "the program's file is not known");
        return false;
    }
    int fault = start(u, arguments, environment, ends[1]);
    close(ends[1]);
    u->words = ends[0];
    u->deadline = clock_now() + CHECK_TIME;
    if (fault == 0) {
        (void)fcntl(u->words, F_SETFL, O_NONBLOCK);
        return true;
    }
    u->check = 0;
    stop_listening(u);
    log_error("cannot upgrade: %s cannot be started: %s", u->path, strerror(fault));
    return false;
}

int
upgrade_wait(const struct upgrade *u)
{
    int64_t left = u->deadline - clock_now();

    if (!u->check || u->is_late)
        return -1;
    return left > 0 ? (int)left : 0;
}

/* Read what there is. */
static void
hear(struct upgrade *u)
{
    char piece[PIECE];
    ssize_t length;

    while (u->words >= 0 && (length = read(u->words, piece, sizeof(piece))) >= 0) {
        size_t room = SAID_MOST - u->said.len;
        buf_put(&u->said, (struct str){ piece, (size_t)length < room ? (size_t)length : room });
        if (length == 0)
            stop_listening(u);
    }
}

void
upgrade_tend(struct upgrade *u)
{
    if (!u->check)
        return;
    hear(u);
    if (!u->is_late && u->deadline <= clock_now()) {
        u->is_late = true;
        kill(u->check, SIGKILL);
    }
}

/* A line of the log for each of the child's. */
static void
log_said(const struct upgrade *u)
{
    struct str rest = buf_str(&u->said);

    while (rest.len > 0) {
        size_t end = str_find(rest, '\n');
        struct str line = str_trim((struct str){ rest.ptr, end });
        size_t skip = end < rest.len ? end + 1 : end;
        rest = (struct str){ rest.ptr + skip, rest.len - skip };
        if (line.len > 0)
            log_error("%.*s", STR_PRINT(line));
    }
}

bool
upgrade_bury(struct upgrade *u, pid_t pid, int result)
{
    if (!u->check || u->check != pid)
        return false;
    u->check = 0;
    hear(u);
    stop_listening(u); /* a child of its own may still have the other end */
    u->is_good = WIFEXITED(result) && WEXITSTATUS(result) == 0;
    if (u->is_good)
        return true;
    log_said(u);
    if (u->is_late)
        log_error("cannot upgrade: the check of %s has taken longer than %d seconds", u->path,
                  CHECK_TIME / 1000);
    else
        log_error("cannot upgrade: the check of %s has ended with %s %d", u->path,
                  WIFEXITED(result) ? "status" : "signal",
                  WIFEXITED(result) ? WEXITSTATUS(result) : WTERMSIG(result));
    return true;
}

void
upgrade_cancel(struct upgrade *u)
{
    int result;

    if (u->check) {
        kill(u->check, SIGKILL);
        while (waitpid(u->check, &result, 0) < 0 && errno == EINTR)
            continue;
    }
    u->check = 0;
    u->is_good = false;
    stop_listening(u);
}

/* --- the next program --- */

/* The environment with one more entry. */
static char *const *
environment_with(struct arena *a, char *const *environment, char *entry)
{
    size_t count = 0;

    while (environment[count])
        count++;
    char **more = ARENA_ARRAY(a, char *, count + 2);
    for (size_t i = 0; i < count; i++)
        more[i] = environment[i];
    more[count] = entry;
    return more;
}

void
upgrade_execute(struct upgrade *u, const struct handover *handover, const char *log_file,
                char *const *arguments, char *const *environment)
{
    struct arena *a = arena_new("upgrade");
    char *entry;
    int pipe = handover_write(a, handover, &entry);

    u->is_good = false;
    if (pipe >= 0) {
        bool is_open = log_file_open(NULL);
        execve(u->path, arguments, environment_with(a, environment, entry));
        int fault = errno;
        is_open &= log_file_open(log_file); /* if not, that was logged */
        (void)is_open;
        log_error("cannot upgrade: %s cannot be started: %s", u->path, strerror(fault));
        handover_withdraw(handover, pipe);
    }
    arena_free(a);
}
