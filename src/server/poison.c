/*
 * poison.c - documents that workers have died of.
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/poison.h"

#include <string.h>

/* The suspect's place, which may have been another's: of the one that is longest ago. */
static int
find_suspect(const struct poison *poison, uint64_t hash)
{
    int oldest = 0;

    for (int i = 0; i < POISON_SUSPECTS; i++) {
        if (poison->suspects[i].hash == hash)
            return i;
        if (poison->suspects[i].deaths[POISON_DEATHS - 1] <
            poison->suspects[oldest].deaths[POISON_DEATHS - 1])
            oldest = i;
    }
    return oldest;
}

/* In its own place if it was refused before, else in that of what was refused first. */
static void
refuse(struct poison *poison, uint64_t hash, int64_t until)
{
    int first = 0;

    for (int i = 0; i < POISON_REFUSED; i++)
        if (atomic_load(&poison->refused[i].hash) == hash) {
            first = i;
            break;
        } else if (atomic_load(&poison->refused[i].until) <
                   atomic_load(&poison->refused[first].until))
            first = i;
    atomic_store(&poison->refused[first].hash, hash);
    atomic_store(&poison->refused[first].until, until);
}

bool
poison_note(struct poison *poison, uint64_t hash, int64_t now)
{
    int place = find_suspect(poison, hash);
    int64_t *deaths = poison->suspects[place].deaths;

    if (poison->suspects[place].hash != hash)
        memset(deaths, 0, sizeof(poison->suspects[place].deaths));
    poison->suspects[place].hash = hash;
    memmove(deaths, deaths + 1, (POISON_DEATHS - 1) * sizeof(*deaths));
    deaths[POISON_DEATHS - 1] = now;
    if (!deaths[0] || now - deaths[0] > POISON_WINDOW)
        return false;
    memset(deaths, 0, sizeof(poison->suspects[place].deaths));
    refuse(poison, hash, now + POISON_TIME);
    return true;
}

int64_t
poison_left(const struct poison *poison, uint64_t hash, int64_t now)
{
    for (int i = 0; i < POISON_REFUSED; i++)
        if (atomic_load(&poison->refused[i].hash) == hash)
            return atomic_load(&poison->refused[i].until) > now
                       ? atomic_load(&poison->refused[i].until) - now
                       : 0;
    return 0;
}
