/*
 * file_watch.c - have the files changed that a generation was read from?
 *
 * Each look makes all anew: which folders paths lead through, and a hash of the files.  So no event
 * needs to be understood, and none that is lost for a moment matters.
 *
 * SPDX-License-Identifier: MIT
 */
#include "watch/file_watch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/log.h"
#include "event/clock.h"
#include "event/folders.h"
#include "config/config.h"
#include "watch/migration.h"
#include "watch/notice.h"

/* Milliseconds: how long nothing must happen before a look, and how long it is put off at most
 * while something goes on happening; and how often to look where the kernel tells of nothing. */
enum { QUIET_TIME = 30, BUSY_TIME = 150, LOOK_TIME = 1000 };

/* How often a symbolic link may lead to another path, as in the kernel; bytes read at once. */
enum { LINKS_MOST = 40, PIECE = 65536 };

static const struct str document_suffix = STR_INIT(".graphql");
static const struct str migration_suffix = STR_INIT(".sql");

/* The name of an entry of a folder that a path leads through. */
struct name {
    const char *text;
    struct name *next;
};

struct file_watch {
    struct arena *own;
    struct notices *notices;
    char *piece; /* PIECE bytes, of a file that is read */

    struct arena *followed; /* of the paths; NULL: nothing is followed */
    const char *config, *contract, *documents, *migrations;
    bool has_complained; /* that the kernel tells of nothing */

    struct arena *look; /* of the last look: */
    struct name *names;
    int descriptor; /* of folders.h; -1: there is none */
    int error;      /* of errno: why not; 0: there is one */
    uint64_t hash;  /* of the files */

    int64_t event_at; /* of clock_now(): the first event since the last look; 0: none */
    int64_t look_at;  /* when to look; 0: when something happens */
};

struct file_watch *
file_watch_new(struct notices *notices)
{
    struct arena *own = arena_new("watch");
    struct file_watch *w = ARENA_NEW(own, struct file_watch);

    w->own = own;
    w->notices = notices;
    w->piece = ARENA_ARRAY(own, char, PIECE);
    w->look = arena_new("look");
    w->descriptor = -1;
    return w;
}

static void
close_folders(struct file_watch *w)
{
    if (w->descriptor >= 0)
        close(w->descriptor);
    w->descriptor = -1;
}

static void
forget(struct file_watch *w)
{
    close_folders(w);
    if (w->followed)
        arena_free(w->followed);
    w->followed = NULL;
    w->look_at = w->event_at = 0;
}

void
file_watch_free(struct file_watch *w)
{
    forget(w);
    arena_free(w->look);
    arena_free(w->own);
}

/* --- which folders paths lead through --- */

static void
add_folder(struct file_watch *w, const char *folder)
{
    if (w->error == 0 && !folders_add(w->descriptor, folder))
        w->error = errno;
}

/* Watch for an entry of a folder; where there is no such folder, for that one. */
static void
add_entry(struct file_watch *w, struct str path)
{
    size_t slash = path.len;
    while (slash > 0 && path.ptr[slash - 1] != '/')
        slash--;

    struct name *name = ARENA_NEW(w->look, struct name);
    name->text = str_copy_c(w->look, (struct str){ path.ptr + slash, path.len - slash });
    name->next = w->names;
    w->names = name;

    size_t end = slash;
    while (end > 1 && path.ptr[end - 1] == '/')
        end--;
    struct str folder = end > 0 ? (struct str){ path.ptr, end } : STR(".");
    if (w->error != 0 || folders_add(w->descriptor, str_copy_c(w->look, folder)))
        return;
    if ((errno == ENOENT || errno == ENOTDIR) && end > 1)
        add_entry(w, folder);
    else
        w->error = errno;
}

/* Watch for whatever may change what a path leads to: the file, and each symbolic link on the way
 * to it. */
static void
follow_path(struct file_watch *w, struct str path, int depth)
{
    char target[PATH_MAX];

    for (size_t end = 1; end <= path.len; end++) {
        if (end < path.len && path.ptr[end] != '/')
            continue;
        struct str prefix = { path.ptr, end };
        struct str rest = { path.ptr + end, path.len - end };
        ssize_t len = readlink(str_copy_c(w->look, prefix), target, sizeof(target));
        if (len <= 0 || len == (ssize_t)sizeof(target))
            continue;
        add_entry(w, prefix);
        size_t slash = prefix.len;
        while (slash > 0 && prefix.ptr[slash - 1] != '/')
            slash--;
        struct str folder = { path.ptr, target[0] == '/' ? 0 : slash };
        if (depth < LINKS_MOST)
            follow_path(w,
                        str_format(w->look, "%.*s%.*s%.*s", STR_PRINT(folder), (int)len, target,
                                   STR_PRINT(rest)),
                        depth + 1);
        return;
    }
    add_entry(w, path);
}

/* --- what is in the files --- */

static void
hash_more(struct file_watch *w, struct str text)
{
    const uint64_t both[] = { w->hash, str_hash(text) };

    w->hash = str_hash((struct str){ (const char *)both, sizeof(both) });
}

static void
hash_content(struct file_watch *w, int descriptor)
{
    ssize_t got;

    while ((got = read(descriptor, w->piece, PIECE)) > 0)
        hash_more(w, (struct str){ w->piece, (size_t)got });
}

/* A named pipe would hold whoever reads it, and has nothing twice. */
static void
look_at_file(struct file_watch *w, struct str path)
{
    const char *name = str_copy_c(w->look, path);
    struct stat about;

    follow_path(w, path, 0);
    int descriptor = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    hash_more(w, path);
    hash_more(w, descriptor >= 0 ? STR("") : str_from(strerror(errno)));
    if (descriptor < 0)
        return;
    if (fstat(descriptor, &about) == 0 && S_ISREG(about.st_mode))
        hash_content(w, descriptor);
    close(descriptor);
}

static int
is_document(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && str_ends_with(str_from(entry->d_name), document_suffix);
}

/* A folder of documents, or a file of them. */
static void
look_at_documents(struct file_watch *w, struct str path)
{
    const char *folder = str_copy_c(w->look, path);
    struct dirent **entries;
    int count = scandir(folder, &entries, is_document, alphasort);

    if (count < 0) {
        look_at_file(w, path);
        return;
    }
    follow_path(w, path, 0);
    add_folder(w, folder);
    for (int i = 0; i < count; i++) {
        look_at_file(w, str_format(w->look, "%s/%s", folder, entries[i]->d_name));
        free(entries[i]);
    }
    free(entries);
}

/* Tell workers which files there are: the last ones, should there be too many. */
static void
look_at_migrations(struct file_watch *w)
{
    const char *const *names = NULL;
    int count = migration_list(w->look, w->migrations, &names);
    struct buf *b = buf_new(w->look);

    follow_path(w, str_format(w->look, "%s/.", w->migrations), 0);
    for (int i = count - 1; i >= 0; i--) {
        struct str name = str_from(names[i]);
        if (str_find(name, '\n') < name.len || b->len + name.len >= NOTICE_SIZE)
            continue;
        buf_printf(b, "%s%s", b->len > 0 ? "\n" : "", names[i]);
    }
    notice_set(&w->notices->files, buf_str(b));
}

/* --- looks --- */

/* Where the kernel tells of nothing, look again and again. */
static void
settle_look(struct file_watch *w)
{
    w->event_at = 0;
    w->look_at = w->error ? clock_now() + LOOK_TIME : 0;
    if (!w->error)
        return;
    close_folders(w);
    if (!w->has_complained)
        log_warning("files are looked at once a second, since they cannot be watched: %s",
                    strerror(w->error));
    w->has_complained = true;
}

static void
look(struct file_watch *w)
{
    struct str rest = str_from(w->documents), path;

    arena_reset(w->look);
    close_folders(w);
    w->names = NULL;
    w->hash = 0;
    w->descriptor = folders_open();
    w->error = w->descriptor < 0 ? errno : 0;
    look_at_file(w, str_from(w->config));
    look_at_file(w, str_from(w->contract));
    while (str_next_word(&rest, &path))
        look_at_documents(w, path);
    look_at_migrations(w);
    settle_look(w);
}

static const char *
keep(struct file_watch *w, const char *text)
{
    return str_copy_c(w->followed, str_from(text));
}

void
file_watch_follow(struct file_watch *w, const struct config *config)
{
    forget(w);
    if (!config_is_watching(config)) {
        notice_set(&w->notices->files, STR_NONE);
        return;
    }
    w->followed = arena_new("followed");
    w->config = keep(w, *config->config ? config->config : CONFIG_FILE);
    w->contract = keep(w, config->contract);
    w->documents = keep(w, config->documents);
    w->migrations = keep(w, migration_folder(w->followed, config));
    look(w);
}

bool
file_watch_is_on(const struct file_watch *w)
{
    return w->followed != NULL;
}

int
file_watch_descriptor(const struct file_watch *w)
{
    return w->descriptor;
}

int
file_watch_wait(const struct file_watch *w)
{
    int64_t left = w->look_at - clock_now();

    if (!w->look_at)
        return -1;
    return left > 0 ? (int)left : 0;
}

/* May what has happened to an entry of that name matter? */
static bool
is_followed(void *context, const char *entry)
{
    const struct file_watch *w = context;
    struct str text = str_from(entry);

    for (const struct name *name = w->names; name; name = name->next)
        if (str_is(text, name->text))
            return true;
    return str_ends_with(text, document_suffix) || str_ends_with(text, migration_suffix);
}

void
file_watch_take(struct file_watch *w)
{
    if (w->descriptor < 0 || !folders_take(w->descriptor, is_followed, w))
        return;
    int64_t now = clock_now();
    if (!w->event_at)
        w->event_at = now;
    int64_t last = w->event_at + BUSY_TIME;
    w->look_at = now + QUIET_TIME < last ? now + QUIET_TIME : last;
}

bool
file_watch_has_changed(struct file_watch *w)
{
    uint64_t before = w->hash;

    if (!w->look_at || w->look_at > clock_now())
        return false;
    look(w);
    return w->hash != before;
}
