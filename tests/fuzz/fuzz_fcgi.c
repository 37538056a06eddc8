/*
 * fuzz_fcgi.c - what fcgi_walk() holds for a request, libfcgi reads to its end and finds
 * nothing missing; and pieces say what the whole says.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/fuzz/fuzz.h"

#include <fcgiapp.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/str.h"
#include "http/fcgi_record.h"

/* Have the library read the request, which is whole, from a file that ends with it. */
static void
read_by_library(struct str request)
{
    static bool is_started;
    FCGX_Request library;
    char piece[1000];
    int file = memfd_create("request", MFD_CLOEXEC);

    if (!is_started)
        FCGX_Init();
    is_started = true;
    if (write(file, request.ptr, request.len) != (ssize_t)request.len ||
        lseek(file, 0, SEEK_SET) != 0)
        fuzz_fail("a file of memory", request, STR_NONE);
    FCGX_InitRequest(&library, -1, 0);
    library.ipcFd = file;
    library.keepConnection = library.detached = 1;
    if (FCGX_Accept_r(&library) != 0 || FCGX_GetError(library.in) != 0)
        fuzz_fail("the library takes it", request, STR_NONE);
    while (FCGX_GetStr(piece, sizeof(piece), library.in) > 0)
        continue;
    if (FCGX_GetError(library.in) != 0)
        fuzz_fail("the library reads its body to the end", request, STR_NONE);
    if (lseek(file, 0, SEEK_CUR) != (off_t)request.len)
        fuzz_fail("the library reads all of it", request, STR_NONE);
    FCGX_Free(&library, 0);
    close(file);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new("input");
    struct str bytes = fuzz_text(a, data, size);
    struct fcgi_walk at_once = { 0 }, in_pieces = { 0 };
    enum fcgi_walk_state state = fcgi_walk(&at_once, bytes.ptr, bytes.len);
    enum fcgi_walk_state piecewise = FCGI_MORE;

    for (size_t len = 0; len <= bytes.len && piecewise == FCGI_MORE; len++)
        piecewise = fcgi_walk(&in_pieces, bytes.ptr, len);
    if (piecewise != state || (state == FCGI_WHOLE && in_pieces.at != at_once.at))
        fuzz_fail("pieces say what the whole says", bytes, STR_NONE);
    if (state == FCGI_WHOLE)
        read_by_library((struct str){ bytes.ptr, at_once.at });
    arena_free(a);
    return 0;
}
