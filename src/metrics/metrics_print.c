/*
 * metrics_print.c - what has been counted, as text for Prometheus (its exposition format, 0.0.4).
 *
 * SPDX-License-Identifier: MIT
 */
#include "metrics/metrics_board_internal.h"

#include <assert.h>

#include "base/arena.h"
#include "base/buf.h"

/* --- sums over all slots, taken once --- */

struct histogram {
    uint64_t buckets[METRICS_BOUNDS + 1], count, sum;
};

struct sums {
    int used;      /* slots */
    int processes; /* that run */
    uint64_t counters[METRICS_COUNTER_COUNT];
    uint64_t gauges[METRICS_GAUGE_COUNT];
    struct histogram requests[METRICS_OPERATION_COUNT][METRICS_OUTCOME_COUNT];
    struct histogram waits;
};

static uint64_t
load(const _Atomic uint64_t *word)
{
    return atomic_load_explicit(word, memory_order_relaxed);
}

static void
add_histogram(struct histogram *sum, const struct metrics_histogram *histogram)
{
    for (int i = 0; i <= METRICS_BOUNDS; i++) {
        uint64_t number = load(&histogram->buckets[i]);
        sum->buckets[i] += number;
        sum->count += number;
    }
    sum->sum += load(&histogram->sum);
}

static void
add_slot(struct sums *sums, const struct metrics_slot *slot)
{
    sums->processes += atomic_load(&slot->pid) != 0;
    for (int i = 0; i < METRICS_THREADS; i++)
        for (int j = 0; j < METRICS_COUNTER_COUNT; j++)
            sums->counters[j] += load(&slot->counters[i][j]);
    for (int i = 0; i < METRICS_GAUGE_COUNT; i++)
        sums->gauges[i] += load(&slot->gauges[i]);
    for (int i = 0; i < METRICS_OPERATION_COUNT; i++)
        for (int j = 0; j < METRICS_OUTCOME_COUNT; j++)
            add_histogram(&sums->requests[i][j], &slot->requests[i][j]);
    add_histogram(&sums->waits, &slot->waits);
}

/* --- lines --- */

static void
put_family(struct buf *b, const char *name, const char *type, const char *help)
{
    buf_printf(b, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void
put_number(struct buf *b, uint64_t number)
{
    buf_byte(b, ' ');
    buf_int64(b, (int64_t)number);
    buf_byte(b, '\n');
}

static void
put_seconds(struct buf *b, uint64_t nanoseconds)
{
    buf_printf(b, " %llu.%09llu\n", (unsigned long long)(nanoseconds / 1000000000),
               (unsigned long long)(nanoseconds % 1000000000));
}

static void
put_single(struct buf *b, const char *name, const char *type, const char *help, uint64_t number)
{
    put_family(b, name, type, help);
    buf_put_c(b, name);
    put_number(b, number);
}

/* A bound of a bucket, in seconds, without zeroes at its end. */
static void
put_bound(struct buf *b, int bucket)
{
    if (bucket == METRICS_BOUNDS) {
        buf_put(b, STR("+Inf"));
        return;
    }
    int64_t tenths = metrics_bounds[bucket] / 100000; /* of a millisecond */
    buf_printf(b, "%d", (int)(tenths / 10000));
    if (tenths % 10000) {
        size_t point = b->len;
        buf_printf(b, ".%04d", (int)(tenths % 10000));
        size_t end = b->len;
        while (!b->failed && end > point && b->ptr[end - 1] == '0')
            end--;
        buf_truncate(b, end);
    }
}

/* `labels` as they stand between braces; or "". */
static void
put_histogram(struct buf *b, const char *name, struct str labels, const struct histogram *histogram)
{
    const char *comma = labels.len > 0 ? "," : "";
    const char *open = labels.len > 0 ? "{" : "", *close = labels.len > 0 ? "}" : "";
    uint64_t count = 0;

    for (int i = 0; i <= METRICS_BOUNDS; i++) {
        count += histogram->buckets[i];
        buf_printf(b, "%s_bucket{%.*s%sle=\"", name, STR_PRINT(labels), comma);
        put_bound(b, i);
        buf_put(b, STR("\"}"));
        put_number(b, count);
    }
    buf_printf(b, "%s_sum%s%.*s%s", name, open, STR_PRINT(labels), close);
    put_seconds(b, histogram->sum);
    buf_printf(b, "%s_count%s%.*s%s", name, open, STR_PRINT(labels), close);
    put_number(b, histogram->count);
}

/* --- counters and gauges with one label --- */

static const struct {
    const char *value;
} counters[METRICS_COUNTER_COUNT] = {
#define METRICS_ROW(constant, name) [METRICS_##constant] = { #name },
    METRICS_COUNTERS(METRICS_ROW)
#undef METRICS_ROW
#define METRICS_ROW(constant, name) [METRICS_PHASE_##constant] = { #name },
        METRICS_PHASES(METRICS_ROW)
#undef METRICS_ROW
#define METRICS_ROW(name) [METRICS_CLASS_##name] = { #name },
            METRICS_CLASSES(METRICS_ROW)
#undef METRICS_ROW
                [METRICS_CLASS_OTHER] = { "other" },
};

/* Families of counters that follow each other; without a label the family has one. */
static const struct {
    const char *name, *label, *help;
    int first, last;
    bool is_time; /* nanoseconds */
} counter_families[] = {
    { "linnet_phase_seconds_total", "phase", "Time that requests spent, by phase.",
      METRICS_PHASE_READ, METRICS_PHASE_WRITE, true },
    { "linnet_documents_total", "result",
      "Documents of requests: known (hit), parsed and validated (miss), or refused.",
      METRICS_DOCUMENT_HIT, METRICS_DOCUMENT_REFUSED, false },
    { "linnet_db_connects_total", "result", "Attempts to connect to PostgreSQL.",
      METRICS_CONNECT_OK, METRICS_CONNECT_FAILED, false },
    { "linnet_db_statements_total", "result",
      "Statements that PostgreSQL has answered, or did not answer (lost).", METRICS_STATEMENT_OK,
      METRICS_STATEMENT_LOST, false },
    { "linnet_db_rows_total", NULL, "Rows that PostgreSQL has sent.", METRICS_ROWS, METRICS_ROWS,
      false },
    { "linnet_db_errors_total", "class", "Errors of statements, by the class of their SQLSTATE.",
      METRICS_CLASS_08, METRICS_CLASS_OTHER, false },
    { "linnet_passwords_total", "result",
      "Passwords that were hashed, or found right or wrong, or had no place (busy).",
      METRICS_PASSWORD_HASHED, METRICS_PASSWORD_BUSY, false },
    { "linnet_logins_total", "result",
      "Logins by name and password; limited: after too many failures; failed: for a fault here.",
      METRICS_LOGIN_OK, METRICS_LOGIN_FAILED, false },
};

static void
put_counters(struct buf *b, const struct sums *sums)
{
    for (size_t i = 0; i < ARRAY_LENGTH(counter_families); i++) {
        const char *name = counter_families[i].name, *label = counter_families[i].label;
        put_family(b, name, "counter", counter_families[i].help);
        for (int j = counter_families[i].first; j <= counter_families[i].last; j++) {
            buf_put_c(b, name);
            if (label)
                buf_printf(b, "{%s=\"%s\"}", label, counters[j].value);
            if (counter_families[i].is_time)
                put_seconds(b, sums->counters[j]);
            else
                put_number(b, sums->counters[j]);
        }
    }
}

static void
put_gauges(struct buf *b, const struct sums *sums)
{
    static const char *const states[] = {
#define METRICS_ROW(constant, name) [METRICS_##constant] = #name,
        METRICS_GAUGES(METRICS_ROW)
#undef METRICS_ROW
    };
    static const struct {
        const char *name, *help;
        enum metrics_gauge gauge;
    } singles[] = {
        { "linnet_db_connections_max",
          "Connections to PostgreSQL that workers may have for requests.", METRICS_DB_MAX },
        { "linnet_db_waiting", "Requests that wait for a connection to PostgreSQL.",
          METRICS_DB_WAITING },
        { "linnet_fcgi_connections", "Connections of web servers.", METRICS_FCGI },
        { "linnet_fcgi_connections_max", "Connections of web servers that workers accept.",
          METRICS_FCGI_MAX },
        { "linnet_cache_bytes", "Memory of the documents and plans that are kept.",
          METRICS_CACHE_BYTES },
    };

    put_family(b, "linnet_db_connections", "gauge", "Connections to PostgreSQL, by state.");
    for (int i = METRICS_DB_IDLE; i <= METRICS_DB_SETTLING; i++) {
        buf_printf(b, "linnet_db_connections{state=\"%s\"}", states[i]);
        put_number(b, sums->gauges[i]);
    }
    for (size_t i = 0; i < ARRAY_LENGTH(singles); i++)
        put_single(b, singles[i].name, "gauge", singles[i].help, sums->gauges[singles[i].gauge]);
}

/* --- requests --- */

/* Of a kind of operation and an outcome; which were not met yet are left out, but for these. */
static bool
is_shown(const struct sums *sums, int operation, int outcome)
{
    return sums->requests[operation][outcome].count > 0 ||
           (outcome == METRICS_OK && operation < METRICS_SUBSCRIPTION);
}

static struct str
request_labels(struct buf *labels, int operation, int outcome)
{
    static const char *const operations[] = { [METRICS_QUERY] = "query",
                                              [METRICS_MUTATION] = "mutation",
                                              [METRICS_SUBSCRIPTION] = "subscription",
                                              [METRICS_NONE] = "none" };
    const char *code = outcome == METRICS_OK     ? "OK"
                       : outcome == METRICS_GONE ? "GONE"
                                                 : error_code_name((enum error_code)outcome);

    buf_truncate(labels, 0);
    buf_printf(labels, "operation=\"%s\",code=\"%s\"", operations[operation], code);
    return buf_str(labels);
}

static void
put_requests(struct buf *b, const struct sums *sums)
{
    struct buf labels = { 0 };

    put_family(b, "linnet_requests_total", "counter",
               "Requests for operations; code: of the first error, OK, or GONE: the client left.");
    for (int i = 0; i < METRICS_OPERATION_COUNT; i++)
        for (int j = 0; j < METRICS_OUTCOME_COUNT; j++)
            if (is_shown(sums, i, j)) {
                struct str text = request_labels(&labels, i, j);
                buf_printf(b, "linnet_requests_total{%.*s}", STR_PRINT(text));
                put_number(b, sums->requests[i][j].count);
            }
    put_family(b, "linnet_request_seconds", "histogram",
               "Time from the arrival of a request until its answer can be sent.");
    for (int i = 0; i < METRICS_OPERATION_COUNT; i++)
        for (int j = 0; j < METRICS_OUTCOME_COUNT; j++)
            if (is_shown(sums, i, j))
                put_histogram(b, "linnet_request_seconds", request_labels(&labels, i, j),
                              &sums->requests[i][j]);
    buf_free(&labels);
    put_family(b, "linnet_db_wait_seconds", "histogram",
               "Time that requests which need PostgreSQL waited for a connection.");
    put_histogram(b, "linnet_db_wait_seconds", STR(""), &sums->waits);
}

/* A label's value: three characters are escaped. */
static void
put_escaped(struct buf *b, const char *text)
{
    for (; *text; text++) {
        if (*text == '\\' || *text == '"')
            buf_byte(b, '\\');
        if (*text == '\n')
            buf_put(b, STR("\\n"));
        else
            buf_byte(b, *text);
    }
}

static void
put_document(struct buf *b, const char *name, const char *id)
{
    buf_printf(b, "%s{id=\"", name);
    put_escaped(b, id);
    buf_put(b, STR("\"}"));
}

static void
put_documents(struct buf *b, int used)
{
    static const char requests[] = "linnet_document_requests_total",
                      seconds[] = "linnet_document_seconds_total";
    struct metrics_document documents[METRICS_DOCUMENTS] = { 0 };
    int named = atomic_load(&metrics_board->named);

    for (int i = 0; i < used; i++)
        for (int j = 0; j < named; j++) {
            const struct metrics_document *document = &metrics_board->slots[i].documents[j];
            metrics_add_to(&documents[j].requests, load(&document->requests));
            metrics_add_to(&documents[j].sum, load(&document->sum));
        }
    if (named == 0)
        return;
    put_family(b, requests, "counter", "Requests for trusted documents, by their ids.");
    for (int i = 0; i < named; i++) {
        put_document(b, requests, metrics_board->names[i]);
        put_number(b, load(&documents[i].requests));
    }
    put_family(b, seconds, "counter", "Time that these requests took.");
    for (int i = 0; i < named; i++) {
        put_document(b, seconds, metrics_board->names[i]);
        put_seconds(b, load(&documents[i].sum));
    }
}

/* --- processes --- */

static uint64_t
master(enum metrics_master word)
{
    return load(&metrics_board->master[word]);
}

static void
put_master_family(struct buf *b, const char *name, const char *label, const char *help, int first,
                  int last)
{
    static const char *const values[] = {
#define METRICS_ROW(constant, name) [METRICS_##constant] = #name,
        METRICS_MASTER(METRICS_ROW)
#undef METRICS_ROW
    };

    put_family(b, name, "counter", help);
    for (int i = first; i <= last; i++) {
        buf_printf(b, "%s{%s=\"%s\"}", name, label, values[i]);
        put_number(b, master((enum metrics_master)i));
    }
}

static void
put_master(struct buf *b, const struct sums *sums)
{
    put_single(b, "linnet_workers", "gauge", "Worker processes.", (uint64_t)sums->processes);
    put_master_family(b, "linnet_worker_restarts_total", "reason",
                      "Workers that were replaced: ended by a signal, ended with a status, or did "
                      "not respond (hung).",
                      METRICS_RESTART_SIGNAL, METRICS_RESTART_HUNG);
    put_master_family(b, "linnet_reloads_total", "result", "Reloads.", METRICS_RELOAD_OK,
                      METRICS_RELOAD_FAILED);
    put_single(b, "linnet_degraded", "gauge",
               "1: the last reload has failed, and the version before it is still served.",
               master(METRICS_DEGRADED));
    put_single(b, "linnet_generation", "gauge",
               "The generation that serves: 1 after the start, and one more with each reload.",
               master(METRICS_GENERATION));
    put_single(b, "process_start_time_seconds", "gauge",
               "When the server started, in seconds since the epoch.", master(METRICS_STARTED));
    put_family(b, "linnet_build_info", "gauge",
               "The version of the program; the value is always 1.");
    buf_printf(b, "linnet_build_info{version=\"%s\"} 1\n", PACKAGE_VERSION);
}

static void
put_processes(struct buf *b, int used)
{
    static const struct {
        const char *name, *help;
        enum metrics_gauge gauge;
    } families[] = {
        { "process_resident_memory_bytes", "Memory of the worker in this place, some seconds ago.",
          METRICS_PROCESS_MEMORY },
        { "process_open_fds", "Open descriptors of the worker in this place, some seconds ago.",
          METRICS_PROCESS_DESCRIPTORS },
    };

    put_family(b, "process_cpu_seconds_total", "counter",
               "CPU time of the workers in this place, some seconds ago.");
    for (int i = 0; i < used; i++) {
        buf_printf(b, "process_cpu_seconds_total{worker=\"%d\"}", i);
        put_seconds(b, load(&metrics_board->slots[i].cpu));
    }
    for (size_t i = 0; i < ARRAY_LENGTH(families); i++) {
        put_family(b, families[i].name, "gauge", families[i].help);
        for (int j = 0; j < used; j++) {
            const struct metrics_slot *slot = &metrics_board->slots[j];
            if (!atomic_load(&slot->pid))
                continue;
            buf_printf(b, "%s{worker=\"%d\"}", families[i].name, j);
            put_number(b, load(&slot->gauges[families[i].gauge]));
        }
    }
}

bool
metrics_print(struct buf *b)
{
    struct sums sums = { 0 };

    if (!metrics_board)
        return false;
    sums.used = atomic_load(&metrics_board->used);
    for (int i = 0; i < sums.used; i++)
        add_slot(&sums, &metrics_board->slots[i]);
    put_requests(b, &sums);
    put_counters(b, &sums);
    put_gauges(b, &sums);
    put_documents(b, sums.used);
    put_master(b, &sums);
    put_processes(b, sums.used);
    return true;
}
