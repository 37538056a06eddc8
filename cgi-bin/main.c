/*
 * main.c - where the program begins.
 *
 * Started by a web server it reads no arguments at all: a CGI server makes them
 * of the query string (RFC 3875, 4.4), so that anybody could write them.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdlib.h>

#include "cgi-bin/command.h"

extern char **environ;

int
main(int argc, char **argv)
{
    if (getenv("GATEWAY_INTERFACE") || getenv("REQUEST_METHOD"))
        argc = argc > 0;
    return command_main(argc, argv, environ);
}
