/*
 * doctor_user.c - who may do what with a file.
 *
 * SPDX-License-Identifier: MIT
 */
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "doctor/doctor_internal.h"

bool
doctor_user_find(const char *name, struct doctor_user *user)
{
    const struct passwd *entry = getpwnam(name);

    if (!entry)
        return false;
    *user = (struct doctor_user){ .name = name, .uid = entry->pw_uid };
    user->group_count = DOCTOR_GROUPS;
    if (getgrouplist(name, entry->pw_gid, user->groups, &user->group_count) < 0)
        user->group_count = DOCTOR_GROUPS; /* there are more than that */
    return true;
}

/* The bits of the mode that hold for the user: 0 to 7, as access() has them. */
static int
rights_of(const struct doctor_user *user, const struct stat *s)
{
    if (user->uid == 0)
        return 7;
    if (s->st_uid == user->uid)
        return (int)(s->st_mode >> 6) & 7;
    for (int i = 0; i < user->group_count; i++)
        if (user->groups[i] == s->st_gid)
            return (int)(s->st_mode >> 3) & 7;
    return (int)s->st_mode & 7;
}

bool
doctor_user_may(struct arena *a, const struct doctor_user *user, const char *path, int what,
                const char **where)
{
    struct str rest = str_from(path);
    struct stat s;

    for (size_t i = 0; i <= rest.len; i++) {
        bool is_end = i == rest.len;
        if (!is_end && rest.ptr[i] != '/')
            continue;
        const char *part = i == 0 ? "/" : str_copy_c(a, (struct str){ rest.ptr, i });
        if (stat(part, &s) != 0)
            return true;
        int wanted = is_end ? what : 1; /* X_OK */
        if ((rights_of(user, &s) & wanted) != wanted) {
            *where = part;
            return false;
        }
    }
    return true;
}
