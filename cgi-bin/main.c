/*
 * main.c - where the program begins: for a web server, or for a person.
 *
 * SPDX-License-Identifier: MIT
 */
#include <sysexits.h>

#include "process/listener.h"
#include "process/start.h"
#include "cgi-bin/cgi.h"
#include "cgi-bin/command.h"

extern char **environ;

int
main(int argc, char **argv)
{
    char *serve[] = { "linnet", "serve", NULL };

    if (!start_prepare())
        return EX_OSERR;
    /* What a web server adds as arguments is a part of a request (RFC 3875, 4.4), not ours. */
    bool is_asked = cgi_is_asked(environ);
    /* A listening socket of a process manager's: without other words it is to be served. */
    if (listener_is_inherited(0))
        return is_asked || argc < 2 ? command_main(2, serve, environ)
                                    : command_main(argc, argv, environ);
    return is_asked ? cgi_run(environ) : command_main(argc, argv, environ);
}
