/*
 * command_mock.c - linnet mock: the contract without a database, from a pool or for a batch.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cgi-bin/batch/batch.h"
#include "cgi-bin/command.h"

int
command_mock(const struct invocation *invocation)
{
    int status = command_takes_over(invocation);

    if (status)
        return status;
    if (command_flag(invocation, "batch"))
        return batch_run("mock", invocation->argument_count ? invocation->arguments[0] : "-");
    if (invocation->argument_count > 0)
        return command_misused(invocation);
    return command_run_pool(invocation, true);
}
