/*
 * metrics_sample.c - what a process takes of the machine.
 *
 * SPDX-License-Identifier: MIT
 */
#include "metrics/metrics_board_internal.h"

#include <assert.h>
#include <dirent.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

/* Milliseconds between two samples. */
enum { SAMPLE_TIME = 5000 };

/* What whoever had the slot before has taken, and when the next sample is due. */
static uint64_t cpu_before;
static int64_t due;

void
metrics_join(int slot)
{
    assert(slot < METRICS_SLOTS);
    metrics_own = metrics_board && slot >= 0 ? &metrics_board->slots[slot] : NULL;
    metrics_counters = metrics_own ? metrics_own->counters[0] : NULL;
    cpu_before = metrics_own ? atomic_load(&metrics_own->cpu) : 0;
    due = 0;
    metrics_board_close_descriptor();
}

static uint64_t
nanoseconds(struct timeval time)
{
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_usec * 1000;
}

/* Bytes of memory that are resident; 0: not known. */
static uint64_t
count_memory(void)
{
    FILE *file = fopen("/proc/self/statm", "re");
    unsigned long size, resident = 0;

    if (!file)
        return 0;
    if (fscanf(file, "%lu %lu", &size, &resident) != 2)
        resident = 0;
    fclose(file);
    return resident * (uint64_t)sysconf(_SC_PAGESIZE);
}

/* 0: not known. */
static uint64_t
count_descriptors(void)
{
    DIR *folder = opendir("/proc/self/fd");
    uint64_t count = 0;

    if (!folder)
        return 0;
    while (readdir(folder))
        count++;
    closedir(folder);
    return count > 3 ? count - 3 : 0; /* `.`, `..` and the folder's own */
}

void
metrics_sample(int64_t now)
{
    struct rusage usage;

    if (!metrics_own || now < due)
        return;
    due = now + SAMPLE_TIME;
    if (getrusage(RUSAGE_SELF, &usage) == 0)
        atomic_store(&metrics_own->cpu,
                     cpu_before + nanoseconds(usage.ru_utime) + nanoseconds(usage.ru_stime));
    metrics_set(METRICS_PROCESS_MEMORY, count_memory());
    metrics_set(METRICS_PROCESS_DESCRIPTORS, count_descriptors());
}
