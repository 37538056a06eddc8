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
    /* A listening socket of a process manager's: there is nothing else to do than to serve. */
    if (listener_is_inherited(0))
        return command_main(2, serve, environ);
    if (cgi_is_asked(environ))
        return cgi_run(environ);
    return command_main(argc, argv, environ);
}
