/*
 * report.c - what an import has to say: its progress, what became of records, what is wrong.
 *
 * SPDX-License-Identifier: MIT
 */
#include "import/report.h"

#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "database/rows.h"

/* Print a text with `?` for each character that commands a terminal. */
static void
print_clean(FILE *out, struct str text)
{
    size_t offset = 0;

    while (offset < text.len) {
        size_t start = offset;
        if (utf8_is_command(utf8_next(text, &offset)))
            fputc('?', out);
        else
            fwrite(text.ptr + start, 1, offset - start, out);
    }
}

static void
print_line(FILE *out, const char *begin, const char *format, va_list args)
{
    struct buf b = { 0 };

    buf_vprintf(&b, format, args);
    fputs(begin, out);
    print_clean(out, buf_str(&b));
    fputc('\n', out);
    buf_free(&b);
}

/* --- what is wrong, and progress --- */

/* Take the first line out of a text. */
static struct str
take_line(struct str *text)
{
    size_t len = str_find(*text, '\n');
    struct str line = { text->ptr, len };

    len += len < text->len;
    *text = (struct str){ text->ptr + len, text->len - len };
    return line;
}

/* Of what PostgreSQL says, the error and its hint; the other lines quote SQL of ours. */
bool
report_error(struct report *r, struct str message)
{
    static const struct str error = STR_INIT("ERROR:  "), hint = STR_INIT("HINT:");
    struct str line = take_line(&message);

    if (str_starts_with(line, error))
        line = (struct str){ line.ptr + error.len, line.len - error.len };
    fputs("linnet: ", r->complaints);
    print_clean(r->complaints, line);
    fputc('\n', r->complaints);
    while (message.len > 0) {
        line = take_line(&message);
        if (!str_starts_with(line, hint))
            continue;
        print_clean(r->complaints, line);
        fputc('\n', r->complaints);
    }
    return false;
}

void
report_fault(struct report *r, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    print_line(r->complaints, "linnet: ", format, args);
    va_end(args);
}

void
report_progress(struct report *r, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    print_line(r->complaints, "", format, args);
    va_end(args);
}

void
report_note(struct report *r, const char *text)
{
    fprintf(r->out, "%s\n", text);
}

/* --- outcomes --- */

void
report_begin(struct report *r, struct str model)
{
    r->model = model;
    r->outcome_count = 0;
}

/* Add to the number of an outcome.  The last one counts all for which there is no room. */
static void
count_outcome(struct report *r, struct str outcome, int64_t count)
{
    int i = 0;

    if (outcome.len >= sizeof(r->outcomes[0].name))
        outcome.len = sizeof(r->outcomes[0].name) - 1;
    while (i < r->outcome_count && !str_is(outcome, r->outcomes[i].name))
        i++;
    if (i == REPORT_OUTCOMES)
        i--;
    if (i == r->outcome_count) {
        r->outcome_count++;
        r->outcomes[i].count = 0;
        memcpy(r->outcomes[i].name, outcome.ptr, outcome.len);
        r->outcomes[i].name[outcome.len] = '\0';
    }
    r->outcomes[i].count += count;
}

void
report_rows(struct report *r, const struct rows *rows)
{
    for (int row = 0; row < rows_count(rows); row++) {
        struct str outcome = rows_get(rows, row, 0), key = rows_get(rows, row, 2);
        struct str reason = rows_get(rows, row, 3);
        int64_t count;
        if (!str_read_int64(rows_get(rows, row, 1), &count))
            count = 1; /* null: of the record that the row names */
        if (!outcome.ptr)
            outcome = STR("?");
        count_outcome(r, outcome, count);
        if (!reason.ptr)
            continue;
        print_clean(r->out, r->model);
        fputc(' ', r->out);
        print_clean(r->out, key.ptr ? key : STR("?"));
        fputs(": ", r->out);
        print_clean(r->out, outcome);
        fputs(": ", r->out);
        print_clean(r->out, reason);
        fputc('\n', r->out);
    }
}

void
report_end(struct report *r, int64_t read)
{
    print_clean(r->out, r->model);
    fprintf(r->out, ": %lld read", (long long)read);
    for (int i = 0; i < r->outcome_count; i++) {
        fprintf(r->out, ", %lld ", (long long)r->outcomes[i].count);
        print_clean(r->out, str_from(r->outcomes[i].name));
    }
    fputc('\n', r->out);
}

void
report_other(struct report *r, struct str model, int64_t count)
{
    print_clean(r->out, model);
    fprintf(r->out, ": %lld left out\n", (long long)count);
}
