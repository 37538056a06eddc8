/*
 * load_documents.c - the trusted documents, from the files that the setting `documents` names.
 *
 * A path is a folder, of which the files that end in `.graphql` are read, or such a file, or else a
 * manifest in JSON.
 *
 * SPDX-License-Identifier: MIT
 */
#include "load/load_documents.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/log.h"
#include "document/manifest.h"
#include "document/trusted.h"
#include "config/config.h"
#include "metrics/metrics_board.h"
#include "load/load_file.h"

static const struct str suffix = STR_INIT(".graphql");

/* The set that is being read. */
struct reading {
    struct arena *arena;
    const struct limits *limits;
    struct trusted *trusted;
    struct errors *errors;
    size_t left; /* bytes that may still be read */
};

static bool
refuse(struct reading *r, struct str path, const char *message)
{
    errors_add(r->errors, ERROR_BAD_REQUEST, "%.*s: %s", STR_PRINT(path), message);
    return false;
}

static bool
add_file(struct reading *r, struct str path)
{
    struct str text;
    const char *fault =
        load_file(r->arena, path.ptr, r->left,
                  "the files of documents are longer than limit_documents_bytes.", &text);

    if (fault)
        return refuse(r, path, fault);
    r->left -= text.len;
    if (str_ends_with(path, suffix))
        return manifest_read_graphql(path, text, r->limits, r->trusted, r->errors);
    return manifest_read_json(r->arena, path, text, r->trusted, r->errors);
}

static int
is_document(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && str_ends_with(str_from(entry->d_name), suffix);
}

static bool
add_folder(struct reading *r, struct str path)
{
    struct dirent **entries;
    int count = scandir(path.ptr, &entries, is_document, alphasort);
    bool is_good = count > 0;

    if (count < 0)
        return refuse(r, path, strerror(errno));
    if (count == 0)
        refuse(r, path, "the folder has no file that ends in .graphql.");
    for (int i = 0; i < count; i++) {
        if (is_good)
            is_good =
                add_file(r, str_format(r->arena, "%.*s/%s", STR_PRINT(path), entries[i]->d_name));
        free(entries[i]);
    }
    free(entries);
    return is_good;
}

static bool
add_path(struct reading *r, struct str path)
{
    struct stat about;

    if (stat(path.ptr, &about) != 0)
        return refuse(r, path, strerror(errno));
    return S_ISDIR(about.st_mode) ? add_folder(r, path) : add_file(r, path);
}

bool
load_documents(struct arena *a, const struct config *config, const struct trusted **documents,
               struct errors *errors)
{
    struct str rest = str_trim(str_from(config->documents)), path;
    struct reading r = { .arena = a,
                         .limits = &config->limits,
                         .errors = errors,
                         .left = (size_t)config->limits.documents_bytes };

    *documents = NULL;
    if (rest.len == 0 && config->documents_only == DOCUMENTS_TRUSTED)
        return refuse(&r, STR("documents_only"), "`on` needs documents, or nothing is answered.");
    if (rest.len == 0)
        return true;
    r.trusted = trusted_new(a, &config->limits);
    while (str_next_word(&rest, &path))
        if (!add_path(&r, str_copy(a, path)))
            return false;
    trusted_set_places(r.trusted, metrics_name_document);
    *documents = r.trusted;
    return true;
}

bool
load_documents_or_log(struct arena *a, const struct config *config,
                      const struct trusted **documents)
{
    struct errors errors = { .arena = a };
    bool is_read = load_documents(a, config, documents, &errors);

    load_documents_log(&errors);
    return is_read;
}

void
load_documents_log(const struct errors *errors)
{
    for (const struct error *e = errors->first; e; e = e->next)
        log_error("%.*s", STR_PRINT(e->message));
}
