/*
 * doctor_files.c - the files that the configuration names: who may read them, and who write.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "config/config.h"
#include "conninfo/conninfo.h"
#include "doctor/checks.h"
#include "doctor/doctor_internal.h"
#include "jose/jwks.h"
#include "jose/token_key.h"
#include "load/load_file.h"

enum {
    OTHERS_READ = 0004,
    OTHERS_WRITE = 0002,
    GROUP_READ = 0040,
    GROUP_WRITE = 0020,
    STICKY = 01000,
    CONFIG_MAXIMUM = 1 << 20, /* bytes of a file that is searched for a password */
    JWKS_DAYS = 7             /* after which an issuer may have other keys */
};

static const char *
user_name(struct doctor *d, uid_t uid)
{
    const struct passwd *entry = getpwuid(uid);

    return entry ? str_copy_c(d->arena, str_from(entry->pw_name))
                 : str_format(d->arena, "%u", (unsigned)uid).ptr;
}

/* Has the group only its owner, as the one that is made with an account? */
static bool
is_private_group(const struct stat *s)
{
    const struct passwd *owner = getpwuid(s->st_uid);

    return s->st_gid == 0 || (owner && owner->pw_gid == s->st_gid);
}

/* Who else may write it, or put another in its place; NULL: nobody. */
static const char *
find_writer(struct doctor *d, const struct stat *s)
{
    bool is_shared = S_ISDIR(s->st_mode) && (s->st_mode & STICKY);

    if (s->st_uid != 0 && s->st_uid != geteuid())
        return str_format(d->arena, "the user %s", user_name(d, s->st_uid)).ptr;
    if ((s->st_mode & OTHERS_WRITE) && !is_shared)
        return "everybody";
    if ((s->st_mode & GROUP_WRITE) && !is_shared && !is_private_group(s)) {
        const struct group *group = getgrgid(s->st_gid);
        return str_format(d->arena, "the group %s", group ? group->gr_name : "that it has").ptr;
    }
    return NULL;
}

/* Look at the path and the folders above it. */
static void
judge_writers(struct doctor *d, const char *given)
{
    char *part = ARENA_ARRAY(d->arena, char, PATH_MAX);
    struct stat s;

    if (!realpath(given, part))
        return; /* the check that reads it says so */
    for (bool is_file = true; *part; is_file = false) {
        const char *writer = stat(part, &s) == 0 ? find_writer(d, &s) : NULL;
        if (writer) {
            const char *word = doctor_quote(d, part);
            doctor_fail(d, str_format(d->arena, "chown root %s && chmod go-w %s", word, word),
                        "%s may change %s, and so decide what %s serves.", writer, part,
                        is_file ? "the server"
                                : str_format(d->arena, "the server, by %s", given).ptr);
            return;
        }
        char *slash = strrchr(part, '/');
        if (!slash || slash == part)
            return;
        *slash = '\0';
    }
}

void
doctor_files_writable(struct doctor *d)
{
    const struct config *config = d->config;
    struct str rest = str_from(config->documents), path;

    if (*config->config)
        judge_writers(d, config->config);
    judge_writers(d, config->contract);
    while (str_next_word(&rest, &path))
        judge_writers(d, str_copy_c(d->arena, path));
    for (const struct config_issuer *issuer = config->issuers; issuer; issuer = issuer->next)
        if (*issuer->jwks)
            judge_writers(d, issuer->jwks);
}

void
doctor_files_password(struct doctor *d)
{
    const char *file = d->config->config;
    struct str password = conninfo_get(d->arena, d->config->database, "password"), text;
    struct stat s;

    if (!*file || password.len == 0 ||
        load_file(d->arena, file, CONFIG_MAXIMUM, "too long", &text) || stat(file, &s) != 0)
        return;
    if (!(s.st_mode & OTHERS_READ) || !memmem(text.ptr, text.len, password.ptr, password.len))
        return;
    doctor_fail(d, str_format(d->arena, "chmod 0600 %s", doctor_quote(d, file)),
                "%s has the password of the database, and everybody on this machine may read it.",
                file);
}

/* Is the secret one that others may read?  `*is_there`: it could be looked at. */
static void
judge_secret(struct doctor *d, const char *path, bool *is_there)
{
    struct stat s;

    *is_there = stat(path, &s) == 0;
    if (!*is_there) {
        doctor_fail(d, STR_NONE, "%s: %s.", path, strerror(errno));
        return;
    }
    struct str mend = str_format(d->arena, "chmod 0600 %s", doctor_quote(d, path));
    if (s.st_mode & (OTHERS_READ | OTHERS_WRITE))
        doctor_fail(d, mend, "Everybody on this machine may read %s.", path);
    else if ((s.st_mode & (GROUP_READ | GROUP_WRITE)) && !is_private_group(&s))
        doctor_warn(d, mend, "A group may read %s; only the master needs to.", path);
    else if (s.st_uid != 0 && s.st_uid != geteuid())
        doctor_warn(d, str_format(d->arena, "chown root %s", doctor_quote(d, path)),
                    "%s belongs to %s; only the master needs to read it.", path,
                    user_name(d, s.st_uid));
}

/* Read the key of one path, or of each in a list of them. */
static void
judge_keys(struct doctor *d, const char *list, bool must_be_secret)
{
    struct str rest = str_from(list), word, message;
    bool is_there;

    while (str_next_word(&rest, &word)) {
        const char *path = str_copy_c(d->arena, word);
        judge_secret(d, path, &is_there);
        if (!is_there)
            continue;
        if (access(path, R_OK) != 0) {
            doctor_skip(d, "%s cannot be read by this user: run it as root.", path);
            continue;
        }
        doctor_listen(d); /* it warns of what has just been said */
        const struct token_key *key = token_key_read(d->arena, path, &message);
        doctor_listen_end(d);
        if (!key)
            doctor_fail(d, STR("linnet key new EdDSA --out FILE"), "%.*s", STR_PRINT(message));
        else if (must_be_secret && key->algorithm != TOKEN_KEY_HS256)
            doctor_fail(d, STR("linnet key new HS256 --out FILE"),
                        "%s is a pair of keys; cursors need a secret.", path);
    }
}

void
doctor_files_key(struct doctor *d)
{
    if (!*d->config->key_file) {
        doctor_skip(d, "key_file is not set: nobody signs in here.");
        return;
    }
    judge_keys(d, d->config->key_file, false);
    struct str rest = str_from(d->config->old_key_files), word;
    while (str_next_word(&rest, &word)) {
        struct str message;
        if (!token_key_read(d->arena, str_copy_c(d->arena, word), &message))
            doctor_fail(d, STR_NONE, "%.*s", STR_PRINT(message));
    }
}

void
doctor_files_cursor_key(struct doctor *d)
{
    if (!*d->config->cursor_key_file)
        doctor_skip(d, "cursor_key_file is not set.");
    judge_keys(d, d->config->cursor_key_file, true);
    judge_keys(d, d->config->old_cursor_key_files, true);
}

static void
judge_jwks(struct doctor *d, const struct config_issuer *issuer)
{
    struct str message;
    struct stat s;
    struct doctor_user user;
    const char *where;
    const struct jwks *jwks = jwks_open(d->arena, issuer->jwks, &message);

    if (!jwks) {
        doctor_fail(d, STR("Fetch it from the issuer's jwks_uri: docs/accounts.md."),
                    "[issuer %.*s]: %.*s", STR_PRINT(issuer->name), STR_PRINT(message));
        return;
    }
    if (stat(issuer->jwks, &s) == 0 && time(NULL) - s.st_mtime > JWKS_DAYS * 86400)
        doctor_warn(d, STR("Fetch it by cron: docs/accounts.md, \"Tokens of other issuers\"."),
                    "[issuer %.*s]: %s has not changed for %d days: if the issuer has a newer key, "
                    "tokens that are signed with it are refused.",
                    STR_PRINT(issuer->name), issuer->jwks,
                    (int)((time(NULL) - s.st_mtime) / 86400));
    if (*d->config->user && doctor_user_find(d->config->user, &user) &&
        !doctor_user_may(d->arena, &user, issuer->jwks, R_OK, &where))
        doctor_fail(d, str_format(d->arena, "chmod a+r %s", doctor_quote(d, issuer->jwks)),
                    "[issuer %.*s]: the workers run as %s, who may not read %s: they never see "
                    "newer keys.",
                    STR_PRINT(issuer->name), d->config->user, where);
}

void
doctor_files_issuers(struct doctor *d)
{
    bool is_there;

    if (!d->config->issuers)
        doctor_skip(d, "There is no section [issuer NAME].");
    for (const struct config_issuer *issuer = d->config->issuers; issuer; issuer = issuer->next) {
        if (*issuer->jwks)
            judge_jwks(d, issuer);
        if (*issuer->secret_file)
            judge_secret(d, issuer->secret_file, &is_there);
    }
}
