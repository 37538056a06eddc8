/*
 * command_key.c - linnet key: make a key that signs tokens, and list those that are in use.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/arena.h"
#include "auth/auth_settings.h"
#include "auth/issuer.h"
#include "base/base64url.h"
#include "jose/jwks.h"
#include "jose/pair.h"
#include "jose/token_key.h"
#include "load/load.h"
#include "cgi-bin/command.h"

enum { SECRET_LENGTH = 48 }; /* random bytes of a new secret, before they become letters */

/* --- new --- */

static enum pair_kind
kind_of(enum token_key_algorithm algorithm)
{
    return algorithm == TOKEN_KEY_RS256   ? PAIR_RSA
           : algorithm == TOKEN_KEY_ES256 ? PAIR_P256
                                          : PAIR_ED25519;
}

/* The text of a file with a new key; STR_NONE when there are no random bytes. */
static struct str
make_key(struct arena *a, enum token_key_algorithm algorithm)
{
    char bytes[SECRET_LENGTH];

    if (algorithm != TOKEN_KEY_HS256) {
        const struct pair *pair = pair_make(a, kind_of(algorithm));
        return pair ? pair_write(a, pair) : STR_NONE;
    }
    if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
        return STR_NONE;
    struct str text = base64url_write(a, (struct str){ bytes, sizeof(bytes) });
    return str_format(a, "%.*s\n", STR_PRINT(text));
}

/* Write a file that nobody else can read and that was not there before. */
static bool
write_file(const char *path, struct str text)
{
    int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool is_open = descriptor >= 0;
    bool is_written = is_open && fchmod(descriptor, 0600) == 0 &&
                      write(descriptor, text.ptr, text.len) == (ssize_t)text.len &&
                      fsync(descriptor) == 0;

    if (!is_written)
        fprintf(stderr, "linnet: %s: %s\n", path, strerror(errno));
    if (is_open)
        close(descriptor);
    if (is_open && !is_written)
        unlink(path);
    return is_written;
}

/* With a whole path: those of the configuration file count from its folder. */
static void
print_setting(const char *path)
{
    char *whole = realpath(path, NULL);

    printf("key_file = %s\n", whole ? whole : path);
    free(whole);
}

static int
make_new(const struct invocation *invocation)
{
    struct arena *a = invocation->arena;
    const char *path = command_flag(invocation, "out"), *message;
    struct str name = str_from(invocation->arguments[1]);
    enum token_key_algorithm algorithm;

    if (!token_key_algorithm_find(name, &algorithm)) {
        fprintf(stderr, "linnet: the algorithms are RS256, ES256, EdDSA and HS256\n");
        return EX_USAGE;
    }
    struct str text = make_key(a, algorithm);
    const struct token_key *key = text.ptr ? token_key_parse(a, text, &message) : NULL;
    if (!key) {
        fprintf(stderr, "linnet: no key can be made\n");
        return EX_OSERR;
    }
    if (!path)
        path = algorithm == TOKEN_KEY_HS256 ? "key" : "key.pem";
    if (!write_file(path, text))
        return EX_CANTCREAT;
    if (key->id.ptr)
        printf("# %.*s, kid %.*s\n", STR_PRINT(name), STR_PRINT(key->id));
    print_setting(path);
    return 0;
}

/* --- list --- */

static void
print_key(const struct token_key *key, const char *use, struct str of)
{
    struct str name = token_key_algorithm_name(key->algorithm);
    struct str id = key->id.len > 0 ? key->id : STR("-");

    printf("%-9.*s  %-43.*s  %s%.*s\n", STR_PRINT(name), STR_PRINT(id), use, STR_PRINT(of));
}

static void
print_issuer(const struct issuer *issuer)
{
    static const char use[] = "verifies tokens of ";
    int count = 0;
    const struct token_key *keys = issuer->jwks ? jwks_keys(issuer->jwks, &count) : NULL;

    if (issuer->secret)
        print_key(issuer->secret, use, issuer->name);
    for (int i = 0; i < count; i++)
        if (issuer->algorithms[keys[i].algorithm])
            print_key(&keys[i], use, issuer->name);
}

static int
list(const struct invocation *invocation)
{
    struct auth auth;

    if (!load_auth(invocation->arena, &invocation->config, &auth))
        return EX_CONFIG;
    printf("%-9s  %-43s  %s\n", "algorithm", "kid", "use");
    for (int i = 0; i < auth.ring.count; i++)
        print_key(&auth.ring.keys[i],
                  i == 0 ? "signs and verifies our tokens" : "verifies our tokens", STR(""));
    if (auth.cursor_key)
        print_key(auth.cursor_key, "signs cursors", STR(""));
    for (int i = 0; i < auth.issuer_count; i++)
        print_issuer(&auth.issuers[i]);
    return 0;
}

int
command_key(const struct invocation *invocation)
{
    if (invocation->argument_count == 2 && strcmp(invocation->arguments[0], "new") == 0)
        return make_new(invocation);
    if (invocation->argument_count == 1 && strcmp(invocation->arguments[0], "list") == 0)
        return list(invocation);
    return command_misused(invocation);
}
