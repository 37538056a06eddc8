/*
 * command_serve.c - linnet serve: the socket, then the pool.
 *
 * SPDX-License-Identifier: MIT
 */
#include <sysexits.h>
#include <unistd.h>

#include "base/log.h"
#include "event/log_file.h"
#include "config/config.h"
#include "process/generation.h"
#include "process/listener.h"
#include "process/pool.h"
#include "cgi-bin/command.h"

/* Nobody has named a configuration file, and there is none: that may be why something is
 * missing. */
static void
say_missing_file(const struct config *config)
{
    char folder[4096];

    if (!*config->config)
        log_error("no configuration file was read: there is no " CONFIG_FILE " in %s, and neither "
                  "--config nor LINNET_CONFIG names one",
                  getcwd(folder, sizeof(folder)) ? folder : "the current folder");
}

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
    int status = log_file_open(invocation->config.log_file)
                     ? listener_open(&invocation->config, &listener)
                     : EX_CANTCREAT;

    if (status == 0)
        status = pool_run(&source, &listener);
    if (status != 0)
        say_missing_file(&invocation->config);
    return status;
}

int
command_serve(const struct invocation *invocation)
{
    return command_run_pool(invocation, false);
}
