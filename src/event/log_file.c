/*
 * log_file.c - the log in a file of its own.
 *
 * SPDX-License-Identifier: MIT
 */
#include "event/log_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"

/* What was standard error before there was a file; -1: it still is. */
static int before = -1;

/* The file's descriptor; or -1 after logging why not.  A link is not followed, since whoever may
 * write in the file's folder could have the master, which may be root, write to any file. */
static int
open_file(const char *path)
{
    int flags = O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
    int descriptor = open(path, flags, 0640);
    struct stat about;
    const char *why = NULL;

    if (descriptor < 0)
        why = errno == ELOOP ? "It is a symbolic link." : strerror(errno);
    else if (fstat(descriptor, &about) != 0)
        why = strerror(errno);
    else if (!S_ISREG(about.st_mode))
        why = "It is not a file.";
    if (!why)
        return descriptor;
    log_error("cannot write the log to %s: %s", path, why);
    if (descriptor >= 0)
        close(descriptor);
    return -1;
}

/* Let standard error be that; it is closed. */
static bool
replace(int descriptor)
{
    bool is_replaced = dup2(descriptor, STDERR_FILENO) == STDERR_FILENO;

    if (!is_replaced)
        log_error("cannot replace standard error: %s", strerror(errno));
    close(descriptor);
    return is_replaced;
}

bool
log_file_open(const char *path)
{
    int descriptor;

    if (!path || !*path) {
        descriptor = before;
        before = -1;
        return descriptor < 0 || replace(descriptor);
    }
    descriptor = open_file(path);
    if (descriptor < 0)
        return false;
    if (before < 0)
        before = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    return replace(descriptor);
}
