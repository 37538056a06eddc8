/*
 * auth.c - who is asking, and the key that tells.
 *
 * SPDX-License-Identifier: MIT
 */
#include "auth/auth.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/log.h"
#include "auth/jwt.h"
#include "auth/token.h"

/* A file that is longer than any key: something else was named by mistake. */
enum { KEY_FILE_LENGTH = 4096 };

/* The token behind `JWT` or `Bearer`: all that follows, so that a second word
 * makes it a bad one.  STR_NONE when there is none. */
static struct str
find_token(struct str authorization)
{
    struct str all = str_trim(authorization);
    size_t end = 0;

    while (end < all.len && all.ptr[end] != ' ' && all.ptr[end] != '\t')
        end++;
    struct str scheme = { all.ptr, end };
    struct str token = str_trim((struct str){ all.ptr + end, all.len - end });
    if (!str_equal_nocase(scheme, STR("JWT")) && !str_equal_nocase(scheme, STR("Bearer")))
        return STR_NONE;
    return token.len > 0 ? token : STR_NONE;
}

struct viewer
auth_viewer(const struct auth *auth, struct str user_id, struct str role)
{
    return (struct viewer){ .user_id = user_id,
                            .role = role,
                            .database_role =
                                str_is(role, "staff") ? auth->role_staff : auth->role_user };
}

void
auth_identify(struct arena *a, struct auth_request *request, struct str authorization,
              struct viewer *viewer)
{
    struct errors errors = { .arena = a };
    struct token token;

    *viewer = (struct viewer){ 0 };
    request->token = authorization.ptr ? find_token(authorization) : STR_NONE;
    if (!request->token.ptr)
        return;
    enum token_state state = token_read(a, request->auth, request->token, time(NULL), &token);
    if (state == TOKEN_GOOD)
        *viewer = auth_viewer(request->auth, token.user_id, token.role);
    else
        viewer->token_error = token_add_error(&errors, state);
}

void
auth_assume(struct auth_request *request, struct str authorization, struct viewer *viewer)
{
    *viewer = (struct viewer){ 0 };
    request->token = authorization.ptr ? find_token(authorization) : STR_NONE;
    if (request->token.ptr)
        *viewer = (struct viewer){ .user_id = STR("1"), .role = STR("user") };
}

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
        log_warning("%s is readable by everybody; whoever reads it can sign in as anybody", path);
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
        *message = str_format(a, "The key file %s has more than %d bytes; that is no key.", path,
                              KEY_FILE_LENGTH);
        return STR_NONE;
    }
    if (len > 0 && bytes[len - 1] == '\n')
        len--;
    if (len < JWT_KEY_LENGTH) {
        *message = str_format(a, "The key file %s has a key of %d bytes; %d are the least.", path,
                              (int)len, JWT_KEY_LENGTH);
        return STR_NONE;
    }
    return (struct str){ bytes, (size_t)len };
}
