/*
 * command_serve.c - linnet serve: the socket, then the pool.
 *
 * SPDX-License-Identifier: MIT
 */
#include "process/generation.h"
#include "process/listener.h"
#include "process/pool.h"
#include "cgi-bin/command.h"

int
command_run_pool(const struct invocation *invocation, bool is_mock)
{
    const struct generation_source source = {
        .config = &invocation->config,
        .flags = invocation->settings,
        .flag_count = invocation->setting_count,
        .environment = invocation->environment,
        .is_mock = is_mock,
    };
    struct listener listener;
    int status = listener_open(&invocation->config, &listener);

    return status ? status : pool_run(&source, &listener);
}

int
command_serve(const struct invocation *invocation)
{
    return command_run_pool(invocation, false);
}
