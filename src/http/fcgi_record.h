/*
 * fcgi_record.h - FastCGI's records: where a request ends, and whether it is one
 * (FastCGI 1.0, 3 to 5).
 *
 * The library reads without end what a peer has not sent yet, and believes what it says.
 * So a request is read only when all of its bytes are there and have been looked at here.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HTTP_FCGI_RECORD_H
#define HTTP_FCGI_RECORD_H

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

enum {
    FCGI_BEGIN_REQUEST = 1,
    FCGI_END_REQUEST = 3,
    FCGI_PARAMS = 4,
    FCGI_STDIN = 5,
    FCGI_STDOUT = 6
};

enum { FCGI_HEADER = 8 }; /* bytes before the content of a record */

enum fcgi_walk_state {
    FCGI_MORE,  /* so far it is a request; it has not come to its end */
    FCGI_WHOLE, /* it ends at `at` */
    FCGI_JUNK   /* it is none that a web server sends */
};

/* How far one has come; all zeroes: nowhere. */
struct fcgi_walk {
    size_t at;                     /* the first record that has not been looked at */
    int type;                      /* of the record that came last */
    int id;                        /* of the request */
    bool is_ended[FCGI_STDIN + 1]; /* the stream of that type */
    /* PARAMS is a stream of pairs: two lengths, a name, a value; and does not care for records. */
    int lengths;     /* that have been read of this pair: 0, 1 or 2 */
    int length_left; /* bytes of the length that is being read; 0: none has been begun */
    uint32_t length;
    uint64_t pair_left; /* bytes of name and value */
    int pairs;          /* that have come whole */
};

/* Go on over what has come: all of it from the start. */
enum fcgi_walk_state fcgi_walk(struct fcgi_walk *walk, const char *bytes, size_t len) MUST_CHECK;

#endif
