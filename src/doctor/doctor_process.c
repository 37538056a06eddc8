/*
 * doctor_process.c - the server that runs: its program, what it has read, its bounds.
 *
 * What is asked of the process that listens at the socket stands below /proc.
 *
 * SPDX-License-Identifier: MIT
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/arena.h"
#include "config/config.h"
#include "doctor/checks.h"
#include "doctor/doctor_internal.h"

enum {
    TEXT_MAXIMUM = 4096,
    /* Of a worker (process/worker.c): connections of web servers, and what else it opens. */
    WEB_CONNECTIONS = 256,
    OTHER_DESCRIPTORS = 16,
    START_TICKS = 19, /* in /proc/PID/stat, the fields behind the state before `starttime` */
    GRACE = 2         /* seconds: a start is known to the second */
};

#define MEBIBYTE      (1024LL * 1024)
#define LEAST_DISK    (100 * MEBIBYTE)
#define WORKER_MEMORY (6 * MEBIBYTE) /* of the program, the contract, buffers: docs/deployment.md */

/* A file below /proc or /sys, at most TEXT_MAXIMUM bytes of it; false: it cannot be read. */
static bool
read_small(const char *path, char text[TEXT_MAXIMUM])
{
    FILE *in = fopen(path, "re");
    size_t len = in ? fread(text, 1, TEXT_MAXIMUM - 1, in) : 0;

    if (in)
        fclose(in);
    text[len] = '\0';
    return len > 0;
}

/* False after saying that no server is known to run. */
static bool
need_master(struct doctor *d)
{
    char ours[TEXT_MAXIMUM], theirs[TEXT_MAXIMUM];

    if (d->master > 0 && read_small("/proc/self/comm", ours) &&
        read_small(str_format(d->arena, "/proc/%d/comm", (int)d->master).ptr, theirs) &&
        strcmp(ours, theirs) == 0)
        return true;
    doctor_skip(d, "No server is known that listens at the socket itself.");
    return false;
}

/* The seconds since the epoch at which the process began; 0: not known. */
static int64_t
start_of(struct doctor *d, int pid)
{
    char text[TEXT_MAXIMUM], boot[TEXT_MAXIMUM];
    FILE *in = fopen("/proc/stat", "re");
    long long ticks = 0, since = 0;

    while (in && fgets(boot, sizeof(boot), in))
        if (sscanf(boot, "btime %lld", &since) == 1)
            break;
    if (in)
        fclose(in);
    if (!read_small(str_format(d->arena, "/proc/%d/stat", pid).ptr, text) || !since)
        return 0;
    char *at = strrchr(text, ')'); /* of the name, which may have spaces */
    for (int field = 0; at && field <= START_TICKS; field++)
        at = strchr(at + 1, ' ');
    if (!at || sscanf(at, "%lld", &ticks) != 1)
        return 0;
    return since + ticks / sysconf(_SC_CLK_TCK);
}

/* Of the worker that was started last, or of the master when it has none. */
static int64_t
newest_start(struct doctor *d)
{
    char text[TEXT_MAXIMUM];
    int64_t newest = start_of(d, d->master);
    struct str rest = STR_NONE, word;
    int64_t pid;

    if (read_small(str_format(d->arena, "/proc/%d/task/%d/children", d->master, d->master).ptr,
                   text))
        rest = str_from(text);
    while (str_next_word(&rest, &word))
        if (str_read_int64(word, &pid) && start_of(d, (int)pid) > newest)
            newest = start_of(d, (int)pid);
    return newest;
}

void
doctor_process_program(struct doctor *d)
{
    char text[PATH_MAX];

    if (!need_master(d))
        return;
    ssize_t len = readlink(str_format(d->arena, "/proc/%d/exe", d->master).ptr, text, sizeof(text));
    if (len < 0)
        doctor_skip(d, "This user may not look at the program of process %d: run it as root.",
                    d->master);
    else if (str_ends_with((struct str){ text, (size_t)len }, STR(" (deleted)")))
        doctor_warn(d, STR("systemctl restart linnet"),
                    "The program has been replaced since the server (process %d) was started: the "
                    "old program still runs.",
                    d->master);
}

/* Was the file changed after the workers began? */
static bool
is_unread(struct doctor *d, const char *path, int64_t start)
{
    struct stat s;

    if (!*path || stat(path, &s) != 0 || s.st_mtime <= start + GRACE)
        return false;
    doctor_warn(d, STR("linnet check, and if all is well: systemctl reload linnet"),
                "%s has changed since the workers read it: they still use the old version.", path);
    return true;
}

void
doctor_process_reload(struct doctor *d)
{
    const struct config *config = d->config;

    if (!need_master(d))
        return;
    int64_t start = newest_start(d);
    if (!start) {
        doctor_skip(d, "It is not known when the workers started.");
        return;
    }
    const char *const files[] = { config->config, config->contract, config->key_file };
    for (size_t i = 0; i < ARRAY_LENGTH(files); i++)
        (void)is_unread(d, files[i], start);
}

/* A line of /proc/PID/limits: `Max open files  1024  4096  files`.  False: it cannot be read. */
static bool
read_limit(struct doctor *d, const char *name, int64_t *soft, int64_t *hard)
{
    char text[TEXT_MAXIMUM], first[32], second[32];

    if (!read_small(str_format(d->arena, "/proc/%d/limits", d->master).ptr, text))
        return false;
    const char *line = strstr(text, name);
    if (!line || sscanf(line + strlen(name), "%31s %31s", first, second) != 2)
        return false;
    if (!str_read_int64(str_from(first), soft))
        *soft = INT64_MAX; /* unlimited */
    if (!str_read_int64(str_from(second), hard))
        *hard = INT64_MAX;
    return true;
}

void
doctor_process_descriptors(struct doctor *d)
{
    int64_t soft, hard;
    int need = WEB_CONNECTIONS + OTHER_DESCRIPTORS + d->config->connections + 1;

    if (!need_master(d))
        return;
    if (!read_limit(d, "Max open files", &soft, &hard))
        doctor_skip(d, "The limits of process %d cannot be read.", d->master);
    else if (hard < need)
        doctor_warn(d, STR("in the unit: LimitNOFILE=4096; then systemctl restart linnet"),
                    "A worker may open %d files, but needs %d: it accepts fewer connections of the "
                    "web server.",
                    (int)hard, need);
}

/* May the kernel write the memory of process `pid` to a file?  Not where it has changed its user:
 * then its files below /proc are root's. */
static bool
is_dumpable(struct doctor *d, int pid)
{
    struct stat s;

    return !*d->config->user ||
           (stat(str_format(d->arena, "/proc/%d", pid).ptr, &s) == 0 && s.st_uid != 0);
}

void
doctor_process_core(struct doctor *d)
{
    char text[TEXT_MAXIMUM];
    int64_t soft, hard, pid = 0;
    struct str rest = STR_NONE, word;

    if (!need_master(d))
        return;
    if (read_small(str_format(d->arena, "/proc/%d/task/%d/children", d->master, d->master).ptr,
                   text))
        rest = str_from(text);
    if (!read_limit(d, "Max core file size", &soft, &hard))
        doctor_skip(d, "The limits of process %d cannot be read.", d->master);
    else if (soft > 0 && str_next_word(&rest, &word) && str_read_int64(word, &pid) &&
             is_dumpable(d, (int)pid))
        doctor_warn(d, STR("in the unit: LimitCORE=0; then systemctl restart linnet"),
                    "If a worker crashes, its memory is written to a file, with keys, tokens and "
                    "what users have sent.");
}

/* The least memory.max of the control group (version 2) and those above it; INT64_MAX: none. */
static int64_t
group_memory(struct doctor *d)
{
    char text[TEXT_MAXIMUM], value[TEXT_MAXIMUM];
    int64_t least = INT64_MAX, bytes;

    if (!read_small(str_format(d->arena, "/proc/%d/cgroup", d->master).ptr, text))
        return least;
    char *path = strstr(text, "0::");
    if (!path)
        return least;
    path += 3;
    path[strcspn(path, "\n")] = '\0';
    while (*path) {
        const char *file = str_format(d->arena, "/sys/fs/cgroup%s/memory.max", path).ptr;
        if (read_small(file, value) && str_read_int64(str_trim(str_from(value)), &bytes) &&
            bytes < least)
            least = bytes;
        char *slash = strrchr(path, '/');
        if (!slash)
            break;
        *slash = '\0';
    }
    return least;
}

void
doctor_process_memory(struct doctor *d)
{
    const struct limits *limits = &d->config->limits;
    int workers = doctor_workers(d);
    int64_t need = WORKER_MEMORY + limits->cache_bytes + limits->request_memory + limits->output;
    int64_t machine = (int64_t)sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE);
    int64_t bound = d->master > 0 ? group_memory(d) : INT64_MAX;

    need *= workers;
    if (machine > 0 && machine < bound)
        bound = machine;
    if (need > bound)
        doctor_warn(d,
                    STR("Raise the bound (in the unit: MemoryMax=), or lower `workers`, "
                        "`limit_cache_bytes`, `limit_request_memory` or `limit_output`."),
                    "%d workers may take %lld MiB, but there are only %lld MiB: the kernel would "
                    "kill workers under load.",
                    workers, (long long)(need / MEBIBYTE), (long long)(bound / MEBIBYTE));
}

void
doctor_process_log(struct doctor *d)
{
    const char *path = d->config->log_file;
    struct statvfs disk;
    struct stat s;

    if (!*path) { /* standard error of the server, where that is a file */
        if (!need_master(d))
            return;
        path = str_format(d->arena, "/proc/%d/fd/2", d->master).ptr;
    }
    if (stat(path, &s) == 0 && !S_ISREG(s.st_mode)) {
        doctor_skip(d, "The log is written to no file.");
        return;
    }
    if (statvfs(path, &disk) != 0) {
        doctor_skip(d, "%s: %s.", path, strerror(errno));
        return;
    }
    int64_t free_bytes = (int64_t)disk.f_bavail * (int64_t)disk.f_frsize;
    if (free_bytes < LEAST_DISK)
        doctor_warn(d, STR("Make room, and rotate the log (logrotate)"),
                    "Only %lld MiB are free where the log is written (%s).",
                    (long long)(free_bytes / MEBIBYTE), path);
}
