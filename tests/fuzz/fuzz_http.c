/*
 * fuzz_http.c - a request with any variables and any body is read, or refused
 * with a response that is one.
 *
 * The input has two parts: variables, a line each, and the body.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "config/config.h"
#include "config/config_read.h"
#include "http/http.h"
#include "http/params.h"
#include "http/response.h"
#include "tests/fuzz/fuzz_response.h"

enum { VARIABLES_MAXIMUM = 64, PIECE = 11 };

/* A request in memory. */
struct memory {
    struct http_source source; /* the first member */
    struct arena *arena;
    struct str body; /* what has not been read */
    struct str response;
};

static ssize_t
read_memory(struct http_source *source, char *out, size_t size)
{
    struct memory *m = (struct memory *)source;
    size_t len = m->body.len < size ? m->body.len : size;

    len = len < PIECE ? len : PIECE;
    memcpy(out, m->body.ptr, len);
    m->body = (struct str){ m->body.ptr + len, m->body.len - len };
    return (ssize_t)len;
}

static bool
write_memory(struct http_source *source, const struct str *pieces, int count)
{
    struct memory *m = (struct memory *)source;
    struct buf *b = buf_new(m->arena);

    for (int i = 0; i < count; i++)
        buf_put(b, pieces[i]);
    m->response = buf_str(b);
    return true;
}

static char **
read_variables(struct arena *a, struct str lines)
{
    char **variables = ARENA_ARRAY(a, char *, VARIABLES_MAXIMUM + 1);

    for (int i = 0; i < VARIABLES_MAXIMUM && lines.len > 0; i++) {
        size_t end = str_find(lines, '\n'), skip = end < lines.len ? end + 1 : end;
        variables[i] = (char *)str_copy_c(a, (struct str){ lines.ptr, end });
        lines = (struct str){ lines.ptr + skip, lines.len - skip };
    }
    return variables;
}

/* The settings, in which a page of another site may read the answers. */
static const struct config *
load_config(void)
{
    static struct config config;
    static char *environment[] = { (char *)"LINNET_ORIGINS=https://a.example", NULL };
    static struct arena *a;

    if (a)
        return &config;
    a = arena_new("config");
    struct buf *messages = buf_new(a);
    if (config_read(a, NULL, 0, environment, &config, messages) != CONFIG_OK)
        fuzz_fail("the settings", buf_str(messages), STR_NONE);
    return &config;
}

/* Refused: the response says so. */
static void
check_refusal(struct memory *m, struct response *response, const struct errors *errors)
{
    if (errors->count == 0)
        fuzz_fail("a refusal has an error", STR_NONE, STR_NONE);
    if (response_write(m->arena, &m->source, response, errors, STR_NONE) < 0)
        fuzz_fail("a refusal is written", STR_NONE, STR_NONE);
    if (!response->is_head)
        fuzz_check_response(m->arena, m->response, NULL);
    else if (!str_ends_with(m->response, STR("\r\n\r\n")))
        fuzz_fail("an answer to HEAD has no body", m->response, STR_NONE);
}

/* What came in a cookie can be set again, and is no attribute or header of its own. */
static void
check_cookies(struct arena *a, const struct cookies *cookies)
{
    for (int i = 0; cookies->mode != COOKIE_MODE_NONE && i < COOKIE_COUNT; i++) {
        struct str value = cookies->values[i].ptr ? cookies->values[i] : STR("");
        struct str header = cookie_write(a, cookies, (enum cookie_name)i, value, 1);
        int attributes = 0;
        for (size_t j = 0; j < header.len; j++) {
            attributes += header.ptr[j] == ';';
            if ((unsigned char)header.ptr[j] < ' ' || (unsigned char)header.ptr[j] >= 0x7f)
                fuzz_fail("a header has plain characters", header, STR_NONE);
        }
        if (attributes != (cookies->is_secure ? 5 : 4))
            fuzz_fail("a cookie has its attributes", header, STR_NONE);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct config *config = load_config();
    struct arena *a = arena_new("input");
    struct errors errors = { .arena = a, .maximum = config->limits.errors };
    struct str body = fuzz_text(a, data, size), lines = fuzz_next_part(&body);
    struct memory m = { .arena = a, .body = body.ptr ? body : STR("") };
    struct http_request request = { 0 };
    struct response response;
    struct params params = { 0 };

    m.source = (struct http_source){ .variables = read_variables(a, lines),
                                     .descriptor = -1,
                                     .read = read_memory,
                                     .write = write_memory };
    response_init(&response);
    enum http_result result = http_read(a, &m.source, config, &request, &response, &errors);
    if (result == HTTP_OK)
        check_cookies(a, &request.cookies);
    if (result == HTTP_REFUSED || (result == HTTP_OK && request.target == HTTP_OPERATION &&
                                   !params_read(a, &request, &config->limits, &params, &errors)))
        check_refusal(&m, &response, &errors);
    else if (errors.count > 0)
        fuzz_fail("a request that is taken has no errors", lines, errors.first->message);
    if (result != HTTP_GONE && m.body.len > 0)
        fuzz_fail("a body is read to its end", lines, m.body);
    arena_free(a);
    return 0;
}
