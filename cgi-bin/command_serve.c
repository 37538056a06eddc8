/*
 * command_serve.c - linnet serve: the socket, then the pool.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cgi-bin/command.h"
#include "cgi-bin/listener.h"
#include "cgi-bin/pool.h"

int
command_serve(const struct invocation *invocation)
{
    struct listener listener;
    int status = listener_open(&invocation->config, &listener);
    return status ? status : pool_run(invocation, &listener);
}
