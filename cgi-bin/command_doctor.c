/*
 * command_doctor.c - linnet doctor: what is wrong with this installation.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>

#include "base/buf.h"
#include "doctor/doctor.h"
#include "cgi-bin/command.h"

int
command_doctor(const struct invocation *invocation)
{
    const struct doctor_options options = { .nginx = command_flag(invocation, "nginx"),
                                            .apache = command_flag(invocation, "apache") };
    const struct doctor_report *report =
        doctor_examine(invocation->arena, &invocation->config, &options);
    struct buf *b = buf_new(invocation->arena);

    if (command_flag(invocation, "json"))
        doctor_print_json(b, report);
    else
        doctor_print(b, report, command_flag(invocation, "verbose") != NULL);
    fwrite(b->ptr, 1, b->len, stdout);
    return report->counts[DOCTOR_FAIL] > 0 ? COMMAND_FAILED : 0;
}
