/*
 * fuzz_config.c - a configuration file is read, or each thing that is wrong with
 * it is said.
 *
 * The input has two parts: the file, and variables of the environment, a line
 * each.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/fuzz/fuzz.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/log.h"
#include "config/config.h"
#include "config/config_read.h"

enum { VARIABLES_MAXIMUM = 32 };

static char **
read_environment(struct arena *a, struct str lines)
{
    char **variables = ARENA_ARRAY(a, char *, VARIABLES_MAXIMUM + 1);

    for (int i = 0; i < VARIABLES_MAXIMUM && lines.len > 0; i++) {
        size_t end = str_find(lines, '\n'), skip = end < lines.len ? end + 1 : end;
        struct str line = { lines.ptr, end };
        variables[i] = (char *)str_format(a, "LINNET_%.*s", STR_PRINT(line)).ptr;
        lines = (struct str){ lines.ptr + skip, lines.len - skip };
    }
    return variables;
}

/* A file in memory with this text, by its descriptor. */
static int
make_file(struct str text)
{
    int file = memfd_create("config", MFD_CLOEXEC);

    if (file < 0 || write(file, text.ptr, text.len) != (ssize_t)text.len)
        fuzz_fail("a file in memory", STR_NONE, STR_NONE);
    return file;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static int nowhere;
    struct arena *a = arena_new("input");
    struct str rest = fuzz_text(a, data, size), text = fuzz_next_part(&rest);
    char **environment = read_environment(a, fuzz_next_part(&rest));
    int file = make_file(text);
    struct config_flag flag = { STR("config"), str_format(a, "/proc/self/fd/%d", file).ptr };
    struct buf *messages = buf_new(a);
    struct config config;

    if (!nowhere)
        log_set_descriptor(nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC));
    enum config_result result = config_read(a, &flag, 1, environment, &config, messages);
    if ((result == CONFIG_OK) != (messages->len == 0))
        fuzz_fail("settings are good, or messages say what is wrong", text, buf_str(messages));
    if (result == CONFIG_BAD_USAGE)
        fuzz_fail("there is nothing wrong with the option", text, buf_str(messages));
    close(file);
    arena_free(a);
    return 0;
}
