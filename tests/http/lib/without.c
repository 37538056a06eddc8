/*
 * without.c - run a command that the kernel refuses something: without WHAT COMMAND...
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static const struct {
    const char *what;
    unsigned call, error;
} refusals[] = {
    { "random", SYS_getrandom, ENOSYS },
    { "inotify", SYS_inotify_init1, EMFILE },
    { "watches", SYS_inotify_add_watch, ENOSPC },
};

/* Refuse it from now on, in what is executed too. */
static int
refuse(unsigned call, unsigned error)
{
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = { sizeof(filter) / sizeof(filter[0]), filter };

    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return -1;
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

int
main(int argc, char **argv)
{
    for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
        if (argc > 2 && strcmp(argv[1], refusals[i].what) == 0 &&
            refuse(refusals[i].call, refusals[i].error) == 0)
            execv(argv[2], argv + 2);
    perror("without");
    return 1;
}
