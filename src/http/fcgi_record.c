/*
 * fcgi_record.c - FastCGI's records: where a request ends, and whether it is one.
 *
 * BEGIN_REQUEST of a responder; PARAMS, the last of them empty; STDIN, the last of them
 * empty; all of one id.  Nothing else is taken: no other web server than a broken one would
 * send it, and the library would answer or throw away what must not be lost.
 *
 * SPDX-License-Identifier: MIT
 */
#include "http/fcgi_record.h"

#include <assert.h>

enum { FCGI_VERSION = 1, RESPONDER = 1, BEGIN_LENGTH = 8 };

/* Read a byte of a length: 7 bits, or, after a byte with the highest bit, 31 (3.4). */
static void
walk_length(struct fcgi_walk *walk, unsigned char byte)
{
    if (walk->length_left == 0) {
        walk->length = byte & 0x7f;
        walk->length_left = byte & 0x80 ? 3 : 0;
    } else {
        walk->length = walk->length << 8 | byte;
        walk->length_left--;
    }
    if (walk->length_left == 0) {
        walk->pair_left += walk->length;
        walk->lengths++;
    }
}

static void
walk_pairs(struct fcgi_walk *walk, const unsigned char *content, size_t len)
{
    size_t i = 0;

    while (i < len) {
        if (walk->lengths < 2) {
            walk_length(walk, content[i++]);
        } else {
            uint64_t left = len - i;
            uint64_t taken = walk->pair_left < left ? walk->pair_left : left;
            walk->pair_left -= taken;
            i += (size_t)taken;
        }
        if (walk->lengths == 2 && walk->pair_left == 0) {
            walk->lengths = 0;
            walk->pairs++;
        }
    }
}

static bool
walk_begin(struct fcgi_walk *walk, const unsigned char *content, size_t len)
{
    walk->is_ended[FCGI_BEGIN_REQUEST] = true;
    return len == BEGIN_LENGTH && content[0] == 0 && content[1] == RESPONDER;
}

/* Look at a record's content; false: it is junk. */
static bool
walk_content(struct fcgi_walk *walk, int type, const unsigned char *content, size_t len)
{
    bool is_stream_after = type == FCGI_PARAMS ? walk->is_ended[FCGI_BEGIN_REQUEST]
                                               : type == FCGI_STDIN && walk->is_ended[FCGI_PARAMS];

    if (type == FCGI_BEGIN_REQUEST && !walk->is_ended[FCGI_BEGIN_REQUEST])
        return walk_begin(walk, content, len);
    if (!is_stream_after || walk->is_ended[type])
        return false;
    if (type == FCGI_PARAMS)
        walk_pairs(walk, content, len);
    walk->is_ended[type] = len == 0;
    /* No pair is broken off. */
    return !walk->is_ended[FCGI_PARAMS] || (walk->lengths == 0 && walk->length_left == 0);
}

enum fcgi_walk_state
fcgi_walk(struct fcgi_walk *walk, const char *bytes, size_t len)
{
    assert(walk->at <= len); /* the bytes of the call before are among them */
    while (len - walk->at >= FCGI_HEADER) {
        const unsigned char *record = (const unsigned char *)bytes + walk->at;
        int type = record[1], id = record[2] << 8 | record[3];
        size_t content = (size_t)record[4] << 8 | record[5];
        size_t whole = FCGI_HEADER + content + record[6];

        if (record[0] != FCGI_VERSION || id == 0 || (walk->id && id != walk->id))
            return FCGI_JUNK;
        /* The library does not skip the padding of these; nobody pads nothing or eight bytes. */
        if ((content == 0 || type == FCGI_BEGIN_REQUEST) && record[6] > 0)
            return FCGI_JUNK;
        if (len - walk->at < whole)
            return FCGI_MORE;
        walk->id = id;
        if (!walk_content(walk, type, record + FCGI_HEADER, content))
            return FCGI_JUNK;
        walk->at += whole;
        if (walk->is_ended[FCGI_STDIN])
            return FCGI_WHOLE;
    }
    return FCGI_MORE;
}
