/*
 * codec_text.c - binary cells as PostgreSQL's texts, and back.
 *
 * SPDX-License-Identifier: MIT
 */
#include <math.h>

#include "base/arena.h"
#include "base/buf.h"
#include "value/base64.h"
#include "value/scalar_time.h"
#include "codec/codec_internal.h"

static const char hexadecimal[] = "0123456789abcdef";

void
codec_write_hexadecimal(struct buf *b, struct str bytes)
{
    char *out = buf_reserve(b, bytes.len * 2);

    for (size_t i = 0; i < bytes.len; i++) {
        out[2 * i] = hexadecimal[(unsigned char)bytes.ptr[i] >> 4];
        out[2 * i + 1] = hexadecimal[bytes.ptr[i] & 15];
    }
    buf_advance(b, bytes.len * 2);
}

struct str
codec_inet_text(struct str cell)
{
    struct str all = str_find(cell, ':') < cell.len ? STR("/128") : STR("/32");

    if (str_ends_with(cell, all))
        cell.len -= all.len;
    return cell;
}

struct str
codec_read_base64(struct arena *a, struct str text)
{
    struct str bytes = base64_read(a, text);
    struct buf b = { 0 };

    if (!bytes.ptr)
        return STR_NONE;
    buf_put(&b, STR("\\x"));
    codec_write_hexadecimal(&b, bytes);
    struct str hexadecimal_text = buf_copy(a, &b);
    buf_free(&b);
    return hexadecimal_text;
}

static void
write_float(struct buf *b, struct str cell, bool is_real)
{
    double number;

    if (is_real ? codec_write_float4(b, cell) : codec_write_float8(b, cell))
        return;
    if (is_real) {
        uint32_t raw = (uint32_t)codec_int4(cell);
        float real;
        memcpy(&real, &raw, sizeof(real));
        number = real;
    } else {
        uint64_t raw = (uint64_t)codec_int8(cell);
        memcpy(&number, &raw, sizeof(number));
    }
    buf_put_c(b, isnan(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity");
}

static void
write_time(struct buf *b, struct str cell, bool has_zone)
{
    char text[SCALAR_TIME_MAX];
    int len = scalar_time_write_database(codec_int8(cell), has_zone, text);

    buf_put(b, (struct str){ text, (size_t)len });
}

void
codec_write_text(struct buf *b, struct str cell, enum column_kind kind)
{
    switch (kind) {
    case COLUMN_BOOLEAN:
        buf_byte(b, cell.ptr[0] ? 't' : 'f');
        return;
    case COLUMN_INT2:
        buf_int64(b, codec_int2(cell));
        return;
    case COLUMN_INT4:
        buf_int64(b, codec_int4(cell));
        return;
    case COLUMN_INT8:
        buf_int64(b, codec_int8(cell));
        return;
    case COLUMN_FLOAT4:
    case COLUMN_FLOAT8:
        write_float(b, cell, kind == COLUMN_FLOAT4);
        return;
    case COLUMN_TIMESTAMP:
    case COLUMN_TIMESTAMPTZ:
        write_time(b, cell, kind == COLUMN_TIMESTAMPTZ);
        return;
    case COLUMN_BYTEA:
        buf_put(b, STR("\\x"));
        codec_write_hexadecimal(b, cell);
        return;
    default:
        buf_put(b, cell);
        return;
    }
}
