/*
 * names.c - a name server that may not answer, to be preloaded: database.test is 127.0.0.1, and is
 * not found out while the file NAMES_HANG exists.
 *
 * SPDX-License-Identifier: MIT
 */
#include <dlfcn.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int
getaddrinfo(const char *restrict name, const char *restrict service,
            const struct addrinfo *restrict hints, struct addrinfo **restrict result)
{
    int (*next)(const char *, const char *, const struct addrinfo *, struct addrinfo **);

    *(void **)&next = dlsym(RTLD_NEXT, "getaddrinfo");
    if (!name || strcmp(name, "database.test") != 0)
        return next(name, service, hints, result);
    while (access(getenv("NAMES_HANG"), F_OK) == 0)
        usleep(10000);
    return next("127.0.0.1", service, hints, result);
}
