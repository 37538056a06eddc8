/*
 * codec_internal.h - what the files of codec.h share: reading and writing of binary cells.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CODEC_CODEC_INTERNAL_H
#define CODEC_CODEC_INTERNAL_H

#include <endian.h>
#include <stdint.h>
#include <string.h>

#include "codec/codec.h"

/* PostgreSQL's binary integers and floats: network byte order. */
static inline int64_t
codec_int2(struct str cell)
{
    uint16_t raw;

    memcpy(&raw, cell.ptr, sizeof(raw));
    return (int16_t)be16toh(raw);
}

static inline int64_t
codec_int4(struct str cell)
{
    uint32_t raw;

    memcpy(&raw, cell.ptr, sizeof(raw));
    return (int32_t)be32toh(raw);
}

static inline int64_t
codec_int8(struct str cell)
{
    uint64_t raw;

    memcpy(&raw, cell.ptr, sizeof(raw));
    return (int64_t)be64toh(raw);
}

/* --- codec_write.c --- */

/* The shortest number that is this float: as a double it would show the digits of an
 * approximation, 0.1 as 0.10000000149011612.  False for what is not finite. */
bool codec_write_float4(struct buf *b, struct str cell);
bool codec_write_float8(struct buf *b, struct str cell);

/* --- codec_text.c --- */

/* An address without a mask of all bits, which the cast to text adds. */
struct str codec_inet_text(struct str cell);
void codec_write_hexadecimal(struct buf *b, struct str bytes);
/* Read base64 (RFC 4648, 4) as `\x`, and the bytes in hexadecimal digits, ended by NUL.
 * STR_NONE for anything else. */
struct str codec_read_base64(struct arena *a, struct str text);

#endif
