/*
 * fuzz_token.c - whatever stands in Authorization, only the token that was given
 * makes a user: byte for byte.
 *
 * An input that begins with `!` changes the good token: three bytes a change,
 * what to do, where, and a byte.  Any other is the header's value.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/fuzz/fuzz.h"

#include <fcntl.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/log.h"
#include "auth/auth.h"
#include "auth/token.h"
#include "tests/fuzz/fuzz_bytes.h"

static const struct auth_role roles[] = {
    { STR_INIT("user"), STR_INIT("linnet_user") },
    { STR_INIT("staff"), STR_INIT("linnet_staff") },
};
static struct auth auth = {
    .issuer = STR_INIT("linnet"),
    .audience = STR_INIT("linnet"),
    .token_time = 1 << 30,
    .refresh_time = 1 << 30,
    .roles = roles,
    .role_count = 2,
};

/* The good token, for the whole process. */
static struct str
make_token(void)
{
    static struct arena *a;
    static struct str good;
    struct token_claims token = { .user_id = STR_INIT("42"),
                                  .username = STR_INIT("ada"),
                                  .role = STR_INIT("staff") };

    if (a)
        return good;
    static struct token_key key;
    a = arena_new("token");
    key = token_key_of_secret(a, STR("0123456789abcdef0123456789abcdef"));
    auth.ring = (struct ring){ &key, 1 };
    log_set_descriptor(open("/dev/null", O_WRONLY | O_CLOEXEC));
    token.login = time(NULL);
    good = token_issue(a, &auth, token.login, &token);
    return good;
}

/* `JWT`, and the good token with one byte changed, put in, taken out, or cut off there. */
static struct str
change_token(struct arena *a, struct str good, struct fuzz_bytes *bytes)
{
    struct str text = str_format(a, "JWT %.*s", STR_PRINT(good));

    while (bytes->at < bytes->end) {
        int what = fuzz_pick(bytes, 5);
        size_t at = (size_t)fuzz_pick(bytes, 256) * 3 % (text.len + 1);
        char byte = (char)fuzz_pick(bytes, 256);
        struct str front = { text.ptr, at }, back = { text.ptr + at, text.len - at };
        struct buf *b = buf_new(a);
        if ((what == 0 || what == 2) && back.len > 0)
            back = (struct str){ back.ptr + 1, back.len - 1 };
        buf_put(b, front);
        if (what < 2)
            buf_byte(b, byte);
        if (what < 4)
            buf_put(b, back);
        text = buf_copy(a, b);
    }
    return text;
}

/* Is it the good token after a scheme that may be, with spaces around? */
static bool
is_good(struct str authorization, struct str good)
{
    struct str all = str_trim(authorization);
    size_t scheme = 0;

    while (scheme < all.len && all.ptr[scheme] != ' ' && all.ptr[scheme] != '\t')
        scheme++;
    struct str token = str_trim((struct str){ all.ptr + scheme, all.len - scheme });
    struct str name = { all.ptr, scheme };
    return str_equal(token, good) &&
           (str_equal_nocase(name, STR("JWT")) || str_equal_nocase(name, STR("Bearer")));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str good = make_token();
    struct arena *a = arena_new("input");
    struct str text = fuzz_text(a, data, size);
    struct auth_request request = { .auth = &auth };
    struct errors errors = { .arena = a };
    struct viewer viewer;

    if (text.len > 0 && text.ptr[0] == '!') {
        struct fuzz_bytes bytes = fuzz_bytes((struct str){ text.ptr + 1, text.len - 1 });
        text = change_token(a, good, &bytes);
    }
    if (!auth_identify(a, &request, text, &viewer, &errors))
        fuzz_fail("without a cookie there is nothing to differ from", text, STR_NONE);
    if ((viewer.user_id.ptr != NULL) != is_good(text, good))
        fuzz_fail("the good token is a user, and no other text is", text, good);
    if (viewer.user_id.ptr &&
        (viewer.token_error || !str_is(viewer.user_id, "42") || !str_is(viewer.role, "staff")))
        fuzz_fail("the user is the token's", text, viewer.user_id);
    if (!viewer.user_id.ptr && (viewer.role.ptr || viewer.database_role.ptr))
        fuzz_fail("nobody has no role", text, viewer.role);
    arena_free(a);
    return 0;
}
