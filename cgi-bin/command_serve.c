/*
 * command_serve.c - linnet serve: the socket, then the pool.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "event/log_file.h"
#include "config/config.h"
#include "process/generation.h"
#include "process/listener.h"
#include "process/pool.h"
#include "upgrade/handover.h"
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

/* The command line of the check of a program that is to take our place: with our settings. */
static char *const *
check_arguments(const struct invocation *invocation, bool is_mock)
{
    static char *const serving[] = { "linnet", "check", "--takes-over", HANDOVER_VERSION };
    static char *const mocking[] = { "linnet", "mock", "--batch", "--takes-over",
                                     HANDOVER_VERSION };
    int count = is_mock ? ARRAY_LENGTH(mocking) : ARRAY_LENGTH(serving);
    char **arguments =
        ARENA_ARRAY(invocation->arena, char *, (size_t)(count + invocation->setting_count + 1));

    for (int i = 0; i < count; i++)
        arguments[i] = is_mock ? mocking[i] : serving[i];
    for (int i = 0; i < invocation->setting_count; i++) {
        const struct config_flag *flag = &invocation->settings[i];
        arguments[count + i] =
            (char *)str_format(invocation->arena, "--%.*s=%s", STR_PRINT(flag->name), flag->value)
                .ptr;
    }
    return arguments;
}

int
command_takes_over(const struct invocation *invocation)
{
    const char *version = command_flag(invocation, "takes-over");

    if (!version || handover_is_known(str_from(version)))
        return 0;
    fprintf(stderr, "linnet " PACKAGE_VERSION
                    " cannot take over from the program that serves: restart instead\n");
    return EX_UNAVAILABLE;
}

/* The sockets: of the program that was here before, if it has handed them over, or new ones.  0, or
 * the exit status after logging what is wrong. */
static int
open_listener(const struct invocation *invocation, enum handover_result handed,
              const struct handover *before, struct listener *listener)
{
    switch (handed) {
    case HANDOVER_NONE:
        return listener_open(&invocation->config, listener);
    case HANDOVER_TAKEN:
        listener_adopt(before, listener);
        return 0;
    case HANDOVER_FAILED:
        break;
    }
    return EX_SOFTWARE;
}

static int
run_pool(const struct invocation *invocation, const struct generation_source *source)
{
    struct handover before;
    struct listener listener;

    if (!log_file_open(invocation->config.log_file))
        return EX_CANTCREAT;
    enum handover_result handed = handover_take(invocation->arena, &before);
    int status = open_listener(invocation, handed, &before, &listener);
    return status ? status : pool_run(source, &listener, handed == HANDOVER_TAKEN ? &before : NULL);
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
        .arguments = invocation->words,
        .check = check_arguments(invocation, is_mock),
    };
    int status = run_pool(invocation, &source);

    if (status != 0)
        say_missing_file(&invocation->config);
    return status;
}

int
command_serve(const struct invocation *invocation)
{
    return command_run_pool(invocation, false);
}
