/*
 * fuzz_fcgi.c - what fcgi_walk() holds for a request, libfcgi reads to its end and finds
 * nothing missing, and fcgi_request_read() finds the same in it; and pieces say what the
 * whole says.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/fuzz/fuzz.h"

#include <fcgiapp.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/str.h"
#include "http/fcgi_internal.h"

/* The library adds a variable for the role. */
static void
compare_variables(struct str request, char *const *ours, char *const *theirs)
{
    for (; *theirs; theirs++)
        if (*ours && strcmp(*ours, *theirs) == 0)
            ours++;
        else if (strncmp(*theirs, "FCGI_ROLE=", 10) != 0)
            break;
    if (*ours || *theirs)
        fuzz_fail("the same variables", request, STR_NONE);
}

/* Have the library read the request, which is whole, from a file that ends with it. */
static void
read_by_library(struct str request, struct fcgi_request *ours)
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
    compare_variables(request, ours->variables, library.envp);
    if (library.requestId != ours->id || (library.keepConnection != 0) != ours->is_kept)
        fuzz_fail("the same id and flag", request, STR_NONE);
    for (int got; (got = FCGX_GetStr(piece, sizeof(piece), library.in)) > 0;) {
        char same[sizeof(piece)];
        if (fcgi_request_take(ours, same, (size_t)got) != (size_t)got ||
            memcmp(same, piece, (size_t)got) != 0)
            fuzz_fail("the same body", request, STR_NONE);
    }
    if (ours->body.len > 0)
        fuzz_fail("a body that ends where the library's does", request, STR_NONE);
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
    if (state == FCGI_WHOLE) {
        struct fcgi_request request = { 0 };
        fcgi_request_read(&request, bytes.ptr, &at_once);
        read_by_library((struct str){ bytes.ptr, at_once.at }, &request);
        fcgi_request_free(&request);
    }
    arena_free(a);
    return 0;
}
