/*
 * fcgi_write.c - a response as FastCGI's records, sent without waiting.
 *
 * The library's output goes out in pieces of 8 kB, and waits for a peer that does not read.  So
 * records are written here, in one call for most responses; what the socket does not take
 * is copied, since a response's memory goes with its request.
 *
 * SPDX-License-Identifier: MIT
 */
#include "http/fcgi_write.h"

#include <assert.h>
#include <errno.h>
#include <sys/socket.h>

#include "http/fcgi_record.h"

/* The longest content that is a multiple of eight, so that no padding is needed. */
enum { CONTENT_MAXIMUM = 65528 };

/* The end of the stream STDOUT, and END_REQUEST with eight zeroes: complete. */
enum { TRAILER = 3 * FCGI_HEADER };

/* Slices of one record: its header, pieces of the response, the trailer. */
enum { SLICES = 16 };

static void
fill_header(unsigned char *header, int type, int id, size_t len)
{
    header[0] = 1; /* FastCGI's version */
    header[1] = (unsigned char)type;
    header[2] = (unsigned char)(id >> 8);
    header[3] = (unsigned char)id;
    header[4] = (unsigned char)(len >> 8);
    header[5] = (unsigned char)len;
    header[6] = header[7] = 0;
}

/* Send what the peer takes: how many bytes; -1: it has gone. */
static ssize_t
send_some(int descriptor, struct iovec *slices, size_t count)
{
    struct msghdr message = { .msg_iov = slices, .msg_iovlen = count };
    ssize_t sent;

    do
        sent = sendmsg(descriptor, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    while (sent < 0 && errno == EINTR);
    return sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) ? 0 : sent;
}

/* Keep all of the slices but the first `sent` bytes. */
static void
keep(struct buf *bytes, const struct iovec *slices, size_t count, size_t sent)
{
    for (size_t i = 0; i < count; i++) {
        size_t gone = sent < slices[i].iov_len ? sent : slices[i].iov_len;
        buf_put(bytes,
                (struct str){ (const char *)slices[i].iov_base + gone, slices[i].iov_len - gone });
        sent -= gone;
    }
}

/* Send the slices, or keep them after what is kept already. */
static bool
send_or_keep(int descriptor, struct iovec *slices, size_t count, struct fcgi_output *output)
{
    ssize_t sent = output->bytes.len > 0 ? 0 : send_some(descriptor, slices, count);

    if (sent >= 0)
        keep(&output->bytes, slices, count, (size_t)sent);
    return sent >= 0;
}

/* Add `len` bytes of the pieces, of which `*offset` bytes of the first are gone. */
static size_t
add_slices(struct iovec *slices, size_t count, const struct str **piece, size_t *offset, size_t len)
{
    while (len > 0) {
        size_t rest = (*piece)->len - *offset;
        size_t taken = rest < len ? rest : len;
        assert(count < SLICES - 1); /* the last is the trailer's */
        if (taken > 0)
            slices[count++] = (struct iovec){ (char *)(*piece)->ptr + *offset, taken };
        len -= taken;
        *offset += taken;
        if (*offset == (*piece)->len) {
            (*piece)++;
            *offset = 0;
        }
    }
    return count;
}

bool
fcgi_write(int descriptor, int id, const struct str *pieces, int count, struct fcgi_output *output)
{
    unsigned char header[FCGI_HEADER], trailer[TRAILER] = { 0 };
    size_t left = 0, offset = 0;
    bool is_there = true;

    fill_header(trailer, FCGI_STDOUT, id, 0);
    fill_header(trailer + FCGI_HEADER, FCGI_END_REQUEST, id, FCGI_HEADER);
    for (int i = 0; i < count; i++)
        left += pieces[i].len;
    while (is_there && left > 0) {
        struct iovec slices[SLICES] = { { header, sizeof(header) } };
        size_t len = left < CONTENT_MAXIMUM ? left : CONTENT_MAXIMUM;
        fill_header(header, FCGI_STDOUT, id, len);
        size_t used = add_slices(slices, 1, &pieces, &offset, len);
        left -= len;
        if (left == 0)
            slices[used++] = (struct iovec){ trailer, sizeof(trailer) };
        is_there = send_or_keep(descriptor, slices, used, output);
    }
    return is_there;
}

bool
fcgi_write_more(int descriptor, struct fcgi_output *output)
{
    while (!fcgi_is_written(output)) {
        struct iovec rest = { output->bytes.ptr + output->sent, output->bytes.len - output->sent };
        ssize_t sent = send_some(descriptor, &rest, 1);
        if (sent <= 0)
            return sent == 0;
        output->sent += (size_t)sent;
    }
    return true;
}

bool
fcgi_is_written(const struct fcgi_output *output)
{
    assert(output->sent <= output->bytes.len);
    return output->sent == output->bytes.len;
}

void
fcgi_output_free(struct fcgi_output *output)
{
    buf_free(&output->bytes);
    output->sent = 0;
}
