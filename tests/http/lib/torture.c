/*
 * torture.c - preloaded by tests: one allocation or one call of the system fails, or the date is
 * another.
 *
 *     TORTURE_KIND    malloc or call
 *     TORTURE_AT      which one fails, from 1; 0: none
 *     TORTURE_ERRNO   of a call that fails
 *     TORTURE_COUNT   a file for the number of those that there were
 *     TORTURE_CLOCK   a file with the seconds by which the date is off
 *
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);

static enum { NOTHING, ALLOCATIONS, CALLS } kind;
static atomic_long count;
static long fail_at;
static int error_number;

__attribute__((constructor)) static void
begin(void)
{
    const char *name = getenv("TORTURE_KIND"), *at = getenv("TORTURE_AT");
    const char *number = getenv("TORTURE_ERRNO");

    fail_at = at ? atol(at) : 0;
    error_number = number ? atoi(number) : EIO;
    kind = !name ? NOTHING : strcmp(name, "malloc") == 0 ? ALLOCATIONS : CALLS;
}

__attribute__((destructor)) static void
end(void)
{
    const char *file = getenv("TORTURE_COUNT");
    char text[24];

    kind = NOTHING;
    int descriptor = file ? open(file, O_WRONLY | O_CREAT | O_TRUNC, 0644) : -1;
    int length = snprintf(text, sizeof(text), "%ld", atomic_load(&count));
    if (descriptor >= 0 && syscall(SYS_write, descriptor, text, (size_t)length) != length)
        _exit(1);
}

static int
fails(int which)
{
    if ((int)kind != which || atomic_fetch_add(&count, 1) + 1 != fail_at)
        return 0;
    errno = which == ALLOCATIONS ? ENOMEM : error_number;
    return 1;
}

void *
malloc(size_t size)
{
    return fails(ALLOCATIONS) ? NULL : __libc_malloc(size);
}

void *
calloc(size_t number, size_t size)
{
    return fails(ALLOCATIONS) ? NULL : __libc_calloc(number, size);
}

void *
realloc(void *old, size_t size)
{
    return fails(ALLOCATIONS) ? NULL : __libc_realloc(old, size);
}

#define CALL(type, name, parameters, ...)                                                          \
    type name parameters                                                                           \
    {                                                                                              \
        return fails(CALLS) ? -1 : (type)syscall(SYS_##name, __VA_ARGS__);                         \
    }

CALL(ssize_t, read, (int d, void *b, size_t n), d, b, n)
CALL(ssize_t, write, (int d, const void *b, size_t n), d, b, n)
CALL(ssize_t, writev, (int d, const struct iovec *v, int n), d, v, n)
CALL(int, poll, (struct pollfd * p, nfds_t n, int t), p, n, t)
CALL(int, socket, (int d, int t, int p), d, t, p)
CALL(int, connect, (int d, const struct sockaddr *a, socklen_t l), d, a, l)

ssize_t
recv(int d, void *b, size_t n, int flags)
{
    return fails(CALLS) ? -1 : syscall(SYS_recvfrom, d, b, n, flags, NULL, NULL);
}

ssize_t
send(int d, const void *b, size_t n, int flags)
{
    return fails(CALLS) ? -1 : syscall(SYS_sendto, d, b, n, flags, NULL, 0);
}

ssize_t
__read_chk(int d, void *b, size_t n, size_t room)
{
    return n > room ? -1 : read(d, b, n);
}

ssize_t
__recv_chk(int d, void *b, size_t n, size_t room, int flags)
{
    return n > room ? -1 : recv(d, b, n, flags);
}

int
__poll_chk(struct pollfd *p, nfds_t n, int t, size_t room)
{
    (void)room;
    return poll(p, n, t);
}

static long
seconds_off(void)
{
    const char *file = getenv("TORTURE_CLOCK");
    char text[24] = "";
    int descriptor = file ? open(file, O_RDONLY | O_CLOEXEC) : -1;

    if (descriptor < 0)
        return 0;
    if (syscall(SYS_read, descriptor, text, sizeof(text) - 1) < 0)
        text[0] = '\0';
    close(descriptor);
    return atol(text);
}

int
clock_gettime(clockid_t clock, struct timespec *now)
{
    int result = (int)syscall(SYS_clock_gettime, clock, now);

    if (result == 0 && clock == CLOCK_REALTIME)
        now->tv_sec += seconds_off();
    return result;
}

time_t
time(time_t *out)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    if (out)
        *out = now.tv_sec;
    return now.tv_sec;
}
