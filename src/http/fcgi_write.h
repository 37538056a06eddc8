/*
 * fcgi_write.h - a response as FastCGI's records, sent without waiting.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HTTP_FCGI_WRITE_H
#define HTTP_FCGI_WRITE_H

#include <stddef.h>

#include "base/buf.h"
#include "base/str.h"

/* What a peer has not taken yet. */
struct fcgi_output {
    struct buf bytes;
    size_t sent; /* how many of them */
};

/* Send the whole response to the request `id`, and keep in `output`, which is empty, what
 * the peer does not take at once.  False: the peer has gone. */
bool fcgi_write(int descriptor, int id, const struct str *pieces, int count,
                struct fcgi_output *output) MUST_CHECK;

/* Send more of what was kept.  False: the peer has gone. */
bool fcgi_write_more(int descriptor, struct fcgi_output *output) MUST_CHECK;
/* Has the peer taken all? */
bool fcgi_is_written(const struct fcgi_output *output);
/* Release its memory. */
void fcgi_output_free(struct fcgi_output *output);

#endif
