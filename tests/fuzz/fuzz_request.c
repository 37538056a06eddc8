/*
 * fuzz_request.c - a whole request, on rows that a fake database makes up: the
 * response is one that the contract allows.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/fuzz/fuzz.h"

#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/log.h"
#include "contract/contract.h"
#include "document/cache.h"
#include "document/trusted.h"
#include "execution/execute.h"
#include "auth/auth.h"
#include "auth/token.h"
#include "config/config.h"
#include "config/config_read.h"
#include "http/http.h"
#include "server/request.h"
#include "server/service.h"
#include "tests/fuzz/db_fake.h"
#include "tests/fuzz/fuzz_case.h"
#include "tests/fuzz/fuzz_response.h"

enum { TIME_MAXIMUM = 100 }; /* milliseconds for a request, on rows that are there at once */

/* One input: a worker, and the requests that it serves one after the other. */
struct session {
    struct service service;
    struct http_source source; /* of the request at hand */
    struct arena *arena;
    struct config config;
    struct fuzz_bytes bytes;
    struct str body;
    size_t read;
    bool is_answered;
    struct str answer; /* the body of the last response */
};

/* The plan of the request at hand, and the same once it is run, which needs not be where its
 * data is constant; or NULL. */
static const struct plan *current_plan, *running_plan;
static const struct contract *current_contract;

/* The connection that knows of that run. */
static struct db *current_db;

/* The linker puts these before the library's own (--wrap), which they then call. */
const struct plan *
__real_cache_plan(struct cache *c, struct document *d, const struct ast_operation *operation,
                  const struct variables *variables, uint32_t role, struct arena *scratch);
const struct plan *
__wrap_cache_plan(struct cache *c, struct document *d, const struct ast_operation *operation,
                  const struct variables *variables, uint32_t role, struct arena *scratch);
struct run *__real_execute_start(struct arena *a, const struct execute_options *options);
struct run *__wrap_execute_start(struct arena *a, const struct execute_options *options);
void __real_execute_connect(struct run *run, struct db *db);
void __wrap_execute_connect(struct run *run, struct db *db);
bool __real_execute_begin_again(struct run *run);
bool __wrap_execute_begin_again(struct run *run);

const struct plan *
__wrap_cache_plan(struct cache *c, struct document *d, const struct ast_operation *operation,
                  const struct variables *variables, uint32_t role, struct arena *scratch)
{
    current_plan = __real_cache_plan(c, d, operation, variables, role, scratch);
    return current_plan;
}

struct run *
__wrap_execute_start(struct arena *a, const struct execute_options *options)
{
    running_plan = options->plan;
    current_db = NULL;
    return __real_execute_start(a, options);
}

/* What has failed before does not count. */
bool
__wrap_execute_begin_again(struct run *run)
{
    bool is_again = __real_execute_begin_again(run);

    if (is_again && current_db)
        db_fake_plan(current_db, running_plan);
    return is_again;
}

void
__wrap_execute_connect(struct run *run, struct db *db)
{
    if (db != current_db)
        db_fake_plan(db, running_plan);
    current_db = db;
    __real_execute_connect(run, db);
}

/* In place of libsodium's, which take their time. */
int
crypto_pwhash_str(char out[crypto_pwhash_STRBYTES], const char *const passwd,
                  unsigned long long passwdlen, unsigned long long opslimit, size_t memlimit)
{
    (void)passwd, (void)passwdlen, (void)opslimit, (void)memlimit;
    memset(out, 0, crypto_pwhash_STRBYTES);
    strcpy(out, "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$aGFzaA");
    return 0;
}

int
crypto_pwhash_str_verify(const char str[crypto_pwhash_STRBYTES], const char *const passwd,
                         unsigned long long passwdlen)
{
    (void)str;
    return passwdlen > 0 && passwd[0] == 'z' ? 0 : -1;
}

static bool
need_db(struct service *service, bool needs_write)
{
    (void)needs_write;
    struct session *s = CONTAINER_OF(service, struct session, service);

    if (service->db && db_is_ready(service->db))
        return true;
    db_close(service->db);
    service->db = fuzz_once(&s->bytes, 8) ? NULL : db_fake_open(&s->bytes);
    return service->db != NULL;
}

static struct session *
session_of(struct http_source *source)
{
    return CONTAINER_OF(source, struct session, source);
}

static ssize_t
read_body(struct http_source *source, char *out, size_t size)
{
    struct session *s = session_of(source);
    size_t left = s->body.len - s->read;

    size = size < left ? size : left;
    memcpy(out, s->body.ptr + s->read, size);
    s->read += size;
    return (ssize_t)size;
}

static bool
write_response(struct http_source *source, const struct str *pieces, int count)
{
    struct session *s = session_of(source);
    struct buf *b = buf_new(s->arena);

    for (int i = 0; i < count; i++)
        buf_put(b, pieces[i]);
    if (s->is_answered)
        fuzz_fail("a request is answered once", buf_str(b), STR_NONE);
    s->is_answered = true;
    s->answer = fuzz_check_response(s->arena, buf_str(b), current_plan);
    if (running_plan && s->service.db && db_fake_has_failed(s->service.db) &&
        !str_starts_with(s->answer, STR("{\"errors\":")))
        fuzz_fail("what failed is an error", s->answer, STR_NONE);
    return !fuzz_once(&s->bytes, 16);
}

/* The default settings, read once. */
static const struct config *
load_config(void)
{
    static char *environment[] = { NULL };
    static struct config config;
    static struct arena *a;

    if (a)
        return &config;
    a = arena_new("config");
    struct buf *messages = buf_new(a);
    if (config_read(a, NULL, 0, environment, &config, messages) != CONFIG_OK)
        fuzz_fail("the default settings", buf_str(messages), STR_NONE);
    config.limits.aliases = config.limits.fields; /* a generated document has many */
    return &config;
}

/* Fill in the session; some settings are the input's to decide. */
static void
start(struct session *s, const struct auth *auth)
{
    s->config = *load_config();
    s->config.introspection = fuzz_once(&s->bytes, 8) ? INTROSPECTION_OFF : INTROSPECTION_ON;
    s->config.mode = fuzz_once(&s->bytes, 2) ? MODE_PRODUCTION : MODE_DEVELOPMENT;
    if (fuzz_once(&s->bytes, 8))
        s->config.limits.nodes = 100;
    s->config.limits.response = fuzz_once(&s->bytes, 8) ? 300 : 65536;
    s->source =
        (struct http_source){ .descriptor = -1, .read = read_body, .write = write_response };
    s->service = (struct service){ .config = &s->config,
                                   .contract = current_contract,
                                   .auth = auth,
                                   .arena = arena_new("session"),
                                   .need_db = need_db };
    s->service.cache = cache_new(&s->config.limits);
}

static void
finish(struct session *s)
{
    cache_free(s->service.cache);
    db_close(s->service.db);
    request_release_idle(&s->service);
    buf_free(&s->service.data);
    arena_free(s->service.arena);
}

/* The document is one that the operator has named, if it may be one. */
static void
trust(struct session *s, const struct fuzz_case *c)
{
    const struct trusted_document document = { .text = c->document, .file = STR("case") };
    struct trusted *documents = trusted_new(s->service.arena, &s->config.limits);

    if (!trusted_add(documents, &document))
        s->service.documents = documents;
}

/* How a request says which document it wants: by its text, or by its id. */
struct wanted {
    struct str name, value;
};

static struct wanted
choose_wanted(struct session *s, const struct fuzz_case *c)
{
    if (!s->service.documents || !fuzz_once(&s->bytes, 2))
        return (struct wanted){ STR("query"), c->document };
    return (struct wanted){ STR("documentId"), trusted_first(s->service.documents)->hash };
}

static struct str
make_body(struct arena *a, const struct fuzz_case *c, struct wanted wanted, struct str variables)
{
    struct buf *b = buf_new(a);

    buf_byte(b, '{');
    json_write_name(b, wanted.name);
    json_write_string(b, wanted.value);
    if (c->operation.ptr) {
        buf_put_c(b, ",\"operationName\":");
        json_write_string(b, c->operation);
    }
    if (variables.len > 0)
        buf_printf(b, ",\"variables\":%.*s", STR_PRINT(variables));
    buf_byte(b, '}');
    return buf_str(b);
}

static struct str
make_query_string(struct arena *a, const struct fuzz_case *c, struct wanted wanted,
                  struct str variables)
{
    struct str parts[] = { wanted.value, c->operation, variables };
    const struct str names[] = { wanted.name, STR("&operationName"), STR("&variables") };
    struct buf *b = buf_new(a);

    for (int i = 0; i < 3; i++) {
        buf_put(b, names[i]);
        buf_byte(b, '=');
        for (size_t at = 0; at < parts[i].len; at++)
            buf_printf(b, "%%%02x", (unsigned char)parts[i].ptr[at]);
    }
    return buf_str(b);
}

/* Ask once; `token` is a good one. */
static void
ask(struct session *s, const struct fuzz_case *c, struct str variables, struct str token)
{
    struct arena *a = s->arena;
    bool is_get = fuzz_once(&s->bytes, 6);
    struct wanted wanted = choose_wanted(s, c);
    struct str body = is_get ? STR("") : make_body(a, c, wanted, variables);
    struct str query = is_get ? make_query_string(a, c, wanted, variables) : STR("");
    int credentials = fuzz_pick(&s->bytes, 4); /* the token, nothing, a bad token */
    char *entries[] = {
        (char *)(is_get ? "REQUEST_METHOD=GET" : "REQUEST_METHOD=POST"),
        "CONTENT_TYPE=application/json",
        "HTTP_GRAPHQL_REQUIRE_PREFLIGHT=1",
        "REMOTE_ADDR=127.0.0.1",
        "REQUEST_ID=0123456789abcdef",
        (char *)(fuzz_once(&s->bytes, 2) ? "HTTP_ACCEPT=application/graphql-response+json"
                                         : "HTTP_ACCEPT="),
        (char *)(fuzz_once(&s->bytes, 2) ? "HTTP_LINNET_EXPLAIN=1" : "HTTP_LINNET_OTHER=1"),
        (char *)str_format(a, "CONTENT_LENGTH=%zu", body.len).ptr,
        (char *)str_format(a, "QUERY_STRING=%.*s", STR_PRINT(query)).ptr,
        (char *)str_format(a, "HTTP_AUTHORIZATION=%s%.*s%s", credentials != 1 ? "JWT " : "",
                           credentials != 1 ? (int)token.len : 0, token.ptr,
                           credentials == 2 ? "x" : "")
            .ptr,
        NULL,
    };

    s->source.variables = entries;
    s->body = body;
    s->read = 0;
    s->is_answered = false;
    current_plan = running_plan = NULL;
    int64_t start = fuzz_cpu_time();
    request_serve(&s->service, &s->source);
    fuzz_check_time(start, TIME_MAXIMUM, c->document);
    if (!s->is_answered)
        fuzz_fail("a request is answered", body, query);
    if (s->service.db && db_is_ready(s->service.db))
        db_fake_plan(s->service.db, NULL);
}

/* The key, and a token that it signed; both last as long as the process. */
static const struct auth *
make_auth(struct str *token)
{
    static const struct auth_role roles[] = {
        { STR_INIT("user"), STR_INIT("linnet_user") },
        { STR_INIT("staff"), STR_INIT("linnet_staff") },
    };
    static struct auth auth = {
        .token_time = 1 << 30, .refresh_time = 1 << 30, .roles = roles, .role_count = 2
    };
    static struct arena *a;
    static struct str good;
    struct token_claims ours = { .user_id = STR("1"), .username = STR("ada"), .role = STR("user") };

    if (!a) {
        a = arena_new("auth");
        static struct token_key key;
        key = token_key_of_secret(a, STR("0123456789abcdef0123456789abcdef"));
        auth.ring = (struct ring){ &key, 1 };
        auth.issuer = auth.audience = STR("linnet");
        ours.login = time(NULL);
        good = token_issue(a, &auth, ours.login, &ours);
        log_set_descriptor(open("/dev/null", O_WRONLY | O_CLOEXEC));
    }
    *token = good;
    return &auth;
}

/* Serve the case with the variables from `first` to `last`; return the last answer. */
static struct str
serve(struct arena *a, const struct fuzz_case *c, struct fuzz_bytes bytes, int first, int last)
{
    struct session s = { .arena = a, .bytes = bytes };
    struct str token;

    start(&s, make_auth(&token));
    if (fuzz_once(&s.bytes, 2))
        trust(&s, c);
    for (int i = first; i <= last; i++)
        ask(&s, c, c->variables[i % FUZZ_VARIANTS], token);
    finish(&s);
    return s.answer;
}

/* Where all goes well, does a plan that was made for other variables, and that
 * holds, answer as one made for these?  (Tokens are never the same.) */
static void
compare_answers(struct arena *a, const struct fuzz_case *c)
{
    struct fuzz_bytes none = fuzz_bytes(STR(""));

    if (str_equal(c->variables[0], c->variables[1]) ||
        memmem(c->document.ptr, c->document.len, "oken", 4))
        return;
    struct str kept = serve(a, c, none, 0, 1), fresh = serve(a, c, none, 1, 1);
    if (!str_equal(kept, fresh))
        fuzz_fail("a kept plan answers as a new one", kept, fresh);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new("input");
    (void)make_auth(&(struct str){ 0 }); /* once, before the input's random numbers begin */
    struct str text = fuzz_text(a, data, size);

    current_contract = fuzz_pick_contract(&text);
    struct fuzz_case c = fuzz_case(a, current_contract->schema, text);
    serve(a, &c, c.rest, 0, FUZZ_VARIANTS); /* the first one twice: out of the cache */
    compare_answers(a, &c);
    arena_free(a);
    return 0;
}
