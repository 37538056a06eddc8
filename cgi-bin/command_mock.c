/*
 * command_mock.c - linnet mock: the contract without a database, from a pool or for a batch.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cgi-bin/batch.h"
#include "cgi-bin/command.h"
#include "cgi-bin/listener.h"
#include "cgi-bin/pool.h"

int
command_mock(const struct invocation *invocation)
{
    struct invocation mock = *invocation;
    struct listener listener;
    if (command_flag(invocation, "batch"))
        return batch_run("mock", invocation->argument_count ? invocation->arguments[0] : "-");
    if (invocation->argument_count > 0)
        return command_misused(invocation);
    mock.is_mock = true;
    int status = listener_open(&mock.config, &listener);
    return status ? status : pool_run(&mock, &listener);
}
