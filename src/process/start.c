/*
 * start.c - what must hold before the program does anything.
 *
 * SPDX-License-Identifier: MIT
 */
#include "process/start.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/log.h"

/* Whoever starts a program may have closed one of these.  The next file or socket would then have
 * its number: the log would be written into a connection to PostgreSQL. */
static bool
open_standard(void)
{
    for (int descriptor = 0; descriptor <= STDERR_FILENO; descriptor++)
        if (fcntl(descriptor, F_GETFD) < 0 && open("/dev/null", O_RDWR) != descriptor)
            return false;
    return true;
}

bool
start_prepare(void)
{
    unsigned char byte;

    if (!open_standard())
        return false;         /* there may be no place to say it */
    signal(SIGXFSZ, SIG_IGN); /* a log as large as it may be is a line lost, and not the end */
    signal(SIGUSR1, SIG_IGN);
    signal(SIGUSR2, SIG_IGN);
    if (getrandom(&byte, 1, 0) == 1)
        return true;
    log_error("the kernel gives no random bytes, so that tokens could be guessed: %s",
              strerror(errno));
    return false;
}

int
start_count_descriptors(void)
{
    struct rlimit limit;
    int next = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0);

    if (next >= 0)
        close(next);
    if (next < 0 || getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 0;
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0 && getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 0;
    /* Descriptors have the lowest numbers that are free. */
    rlim_t spare = limit.rlim_cur > (rlim_t)next ? limit.rlim_cur - (rlim_t)next : 0;
    return spare < INT_MAX ? (int)spare : INT_MAX;
}
