/*
 * fuzz_dump.c - a dump is records, each JSON that PostgreSQL takes and that reads back the same, or
 * it is said what is wrong; and the text of a hash is read or refused.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/fuzz/fuzz.h"

#include <sys/mman.h>
#include <unistd.h>

#include "base/arena.h"
#include "hash/stored_hash.h"
#include "import/dump.h"
#include "value/value.h"
#include "value/value_json.h"

/* A file in memory with this text, by its descriptor. */
static int
make_file(struct str text)
{
    int file = memfd_create("dump", MFD_CLOEXEC);

    if (file < 0 || write(file, text.ptr, text.len) != (ssize_t)text.len ||
        lseek(file, 0, SEEK_SET) != 0)
        fuzz_fail("a file in memory", STR_NONE, STR_NONE);
    return file;
}

static enum source_state
read_record(struct import_source *source, struct arena *a, struct import_record *record)
{
    struct str message = STR_NONE;
    enum source_state state = source->next(source, a, record, &message);

    if (state == SOURCE_FAULT && message.len == 0)
        fuzz_fail("a fault without a message", STR_NONE, STR_NONE);
    return state;
}

/* PostgreSQL takes no U+0000 and no half of a surrogate pair, as this reader does not. */
static void
judge(struct arena *a, const struct import_record *record)
{
    static const struct value_json_bounds strict = {
        .depth = 64, .values = 100000, .string = DUMP_RECORD_MOST, .number = 1000
    };
    struct value_json_fault wrong;
    struct import_record again;
    const struct value *value = value_json_read(a, record->json, &strict, &wrong);

    if (!value || !value_find(value, STR("model")) || !value_find(value, STR("fields")))
        fuzz_fail("a record that is not one", record->json, STR_NONE);
    int file = make_file(record->json);
    struct import_source *source = dump_open(a, file, "again");
    if (read_record(source, a, &again) != SOURCE_RECORD || !str_equal(again.json, record->json))
        fuzz_fail("a record that reads back otherwise", record->json, again.json);
    if (read_record(source, a, &again) != SOURCE_END)
        fuzz_fail("something after a record", record->json, STR_NONE);
    close(file);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new("input");
    struct str text = fuzz_text(a, data, size);
    struct import_record record;
    struct stored_hash hash;
    int file = make_file(text);

    struct import_source *source = dump_open(a, file, "dump");
    while (read_record(source, a, &record) == SOURCE_RECORD)
        judge(a, &record);
    close(file);
    if (stored_hash_read(text, &hash) && text.len > STORED_MOST_BYTES)
        fuzz_fail("a long hash", text, STR_NONE);
    arena_free(a);
    return 0;
}
