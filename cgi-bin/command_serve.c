/*
 * command_serve.c - linnet serve: the socket, then the pool.
 *
 * SPDX-License-Identifier: MIT
 */
#include <sysexits.h>

#include "cgi-bin/command.h"
#include "cgi-bin/listener.h"
#include "cgi-bin/load.h"
#include "cgi-bin/pool.h"

int
command_serve(const struct invocation *invocation)
{
    const struct config *config = &invocation->config;
    struct str contract;
    struct listener listener;
    /* Here and not in the workers, whose user may not be able to read it. */
    if (!load_text(invocation->arena, config->contract, &contract))
        return EX_NOINPUT;
    int status = listener_open(config, &listener);
    return status ? status : pool_run(config, contract, &listener);
}
