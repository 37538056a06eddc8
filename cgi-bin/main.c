/*
 * main.c - where the program begins: for a web server, or for a person.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>
#include <unistd.h>

#include "config/config.h"
#include "process/listener.h"
#include "process/start.h"
#include "cgi-bin/cgi.h"
#include "cgi-bin/command.h"

extern char **environ;

/* Whoever has it started without words, in whatever folder, may have left its configuration beside
 * it. */
static void
name_file_beside(void)
{
    char path[4096];
    ssize_t len = readlink("/proc/self/exe", path, sizeof(path));
    size_t room = sizeof(path) - sizeof(CONFIG_FILE);

    if (getenv("LINNET_CONFIG") || access(CONFIG_FILE, F_OK) == 0)
        return;
    while (len > 0 && path[len - 1] != '/')
        len--;
    if (len <= 0 || (size_t)len > room)
        return;
    snprintf(path + len, sizeof(path) - (size_t)len, "%s", CONFIG_FILE);
    if (access(path, F_OK) == 0)
        setenv("LINNET_CONFIG", path, 1);
}

int
main(int argc, char **argv)
{
    char *serve[] = { "linnet", "serve", NULL };

    if (!start_prepare())
        return EX_OSERR;
    /* What a web server adds as arguments is a part of a request (RFC 3875, 4.4), not ours. */
    bool is_asked = cgi_is_asked(environ), is_inherited = listener_is_inherited(0);
    if (is_asked || (is_inherited && argc < 2))
        name_file_beside();
    /* A listening socket of a process manager's: without other words it is to be served. */
    if (is_inherited)
        return is_asked || argc < 2 ? command_main(2, serve, environ)
                                    : command_main(argc, argv, environ);
    return is_asked ? cgi_run(environ) : command_main(argc, argv, environ);
}
