/*
 * fcgi_request.c - a request whose bytes are all in memory: its variables and its body.
 *
 * Of a pair of PARAMS two lengths, the name and the value have come (FastCGI 1.0, 3.4), which is no
 * less than "NAME=value" and its NUL take: so the texts are written where the pairs lay.
 *
 * SPDX-License-Identifier: MIT
 */
#include "http/fcgi_internal.h"

#include <assert.h>
#include <string.h>

enum { KEEP_CONNECTION = 1 }; /* a flag of BEGIN_REQUEST (5.1) */

/* Copy what the records of that type have as their content; return where it ends. */
static char *
gather(char *out, const char *bytes, size_t len, int type)
{
    for (size_t at = 0; at < len;) {
        const unsigned char *record = (const unsigned char *)bytes + at;
        size_t content = (size_t)record[4] << 8 | record[5];
        if (record[1] == type) {
            memcpy(out, record + FCGI_HEADER, content);
            out += content;
        }
        at += FCGI_HEADER + content + record[6];
    }
    return out;
}

/* A length of one byte or, with the highest bit set, of four. */
static size_t
read_length(const unsigned char **at)
{
    const unsigned char *p = *at;
    bool is_long = p[0] & 0x80;

    *at += is_long ? 4 : 1;
    return is_long ? (size_t)(p[0] & 0x7f) << 24 | (size_t)p[1] << 16 | (size_t)p[2] << 8 | p[3]
                   : p[0];
}

/* Write the pairs between `pairs` and `end` as texts. */
static void
write_variables(char *pairs, const char *end, char **variables)
{
    const unsigned char *at = (const unsigned char *)pairs;
    char *out = pairs;

    while (at < (const unsigned char *)end) {
        size_t name = read_length(&at), value = read_length(&at);
        *variables++ = out;
        memmove(out, at, name);
        out[name] = '=';
        memmove(out + name + 1, at + name, value);
        out[name + 1 + value] = '\0';
        out += name + value + 2;
        at += name + value;
    }
    *variables = NULL;
}

void
fcgi_request_read(struct fcgi_request *request, const char *bytes, const struct fcgi_walk *walk)
{
    size_t pointers = ((size_t)walk->pairs + 1) * sizeof(char *);
    char *memory = buf_reserve(&request->memory, pointers + walk->at);

    assert(memory && walk->is_ended[FCGI_PARAMS]); /* it is shorter than any maximum */
    request->id = walk->id;
    request->is_kept = bytes[FCGI_HEADER + 2] & KEEP_CONNECTION;
    request->variables = (char **)(void *)memory;
    char *pairs = memory + pointers;
    char *body = gather(pairs, bytes, walk->at, FCGI_PARAMS);
    char *end = gather(body, bytes, walk->at, FCGI_STDIN);
    write_variables(pairs, body, request->variables);
    request->body = (struct str){ body, (size_t)(end - body) };
}

size_t
fcgi_request_take(struct fcgi_request *request, char *out, size_t size)
{
    size_t taken = size < request->body.len ? size : request->body.len;

    memcpy(out, request->body.ptr, taken);
    request->body = (struct str){ request->body.ptr + taken, request->body.len - taken };
    return taken;
}

void
fcgi_request_free(struct fcgi_request *request)
{
    buf_free(&request->memory);
    *request = (struct fcgi_request){ 0 };
}
