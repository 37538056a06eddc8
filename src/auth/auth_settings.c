/*
 * auth_settings.c - what the operator says of users.
 *
 * SPDX-License-Identifier: MIT
 */
#include "auth/auth_settings.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "auth/jwt.h"

/* Longer files are not keys, but were named by mistake. */
enum { KEY_FILE_LENGTH = 4096 };

/* Read up to `capacity` bytes of the file; -1 with errno set when that fails. */
static ssize_t
read_file(const char *path, char *bytes, size_t capacity)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    struct stat status;
    size_t len = 0;
    ssize_t count = -1;

    if (descriptor < 0)
        return -1;
    if (fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) && status.st_mode & S_IROTH)
        log_warning("%s is readable by everybody; with this key, one can sign in as any user",
                    path);
    while (len < capacity && (count = read(descriptor, bytes + len, capacity - len)) > 0)
        len += (size_t)count;
    int error = errno;
    close(descriptor);
    errno = error;
    return count < 0 ? -1 : (ssize_t)len;
}

struct str
auth_read_key(struct arena *a, const char *path, struct str *message)
{
    char *bytes = ARENA_ARRAY(a, char, KEY_FILE_LENGTH + 1);
    ssize_t len = read_file(path, bytes, KEY_FILE_LENGTH + 1);

    if (len < 0) {
        *message = str_format(a, "The key file %s cannot be read: %s.", path, strerror(errno));
        return STR_NONE;
    }
    if (len > KEY_FILE_LENGTH) {
        *message = str_format(a, "The key file %s has more than %d bytes and cannot be a key.",
                              path, KEY_FILE_LENGTH);
        return STR_NONE;
    }
    if (len > 0 && bytes[len - 1] == '\n')
        len--;
    if (len < JWT_KEY_LENGTH) {
        *message = str_format(a, "The key in the file %s has %d bytes; it must have at least %d.",
                              path, (int)len, JWT_KEY_LENGTH);
        return STR_NONE;
    }
    return (struct str){ bytes, (size_t)len };
}

const struct auth_role *
auth_find_role(const struct auth *auth, struct str name)
{
    for (int i = 0; i < auth->role_count; i++)
        if (str_equal(auth->roles[i].name, name))
            return &auth->roles[i];
    return NULL;
}
