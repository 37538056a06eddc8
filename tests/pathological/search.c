/*
 * search.c - look for documents that take long, by chance and by changing what took longest.
 *
 *     search [--seed N] [--seconds S] [--lifted] [--rich | --abstract] [--template TEXT]
 *
 * A template (template.h) is made of constructs of the language that are nested and repeated,
 * filled up to the length that a document may have, and judged.  A string of bytes decides
 * what it is made of; those that cost most are kept and changed.  Prints each document that is
 * costlier than all before it, or takes more memory.  With --template that one is judged.
 * Runs in the root of the source tree.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "tests/pathological/judge.h"
#include "tests/pathological/template.h"

enum {
    GENOME = 120,    /* bytes that decide */
    POPULATION = 40, /* of the costliest that are kept */
    DEPTH = 5,       /* of selections within selections in a template */
    LONGEST = 5000,  /* repetitions, each of some bytes */
    FRESH = 20       /* of a hundred, those that are made by chance alone */
};

struct genome {
    unsigned char bytes[GENOME];
    int64_t work;
};

/* A document in the making. */
struct maker {
    const unsigned char *at, *end;
    struct buf *out;
    enum judge_schema schema;
    bool has_fill; /* there is a `*` already: two would be no longer than one */
    int product;   /* of the repetitions around here */
};

static uint64_t random_state;

static uint64_t
random_number(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

/* One of `count` decisions; after the last byte always the first. */
static int
pick(struct maker *m, int count)
{
    return m->at < m->end ? *m->at++ % count : 0;
}

/* What may stand in selections: `{` is where selections follow, on their own `}`. */
static const char *const selections[JUDGE_SCHEMAS][40] = {
    [JUDGE_RICH] = { "id ",
                     "x:id ",
                     "x%:id ",
                     "x:age ",
                     "name ",
                     "name(surname:true)",
                     "name(surname:$v%)",
                     "friends(first:%){",
                     "friends(filter:{tag:RED}){",
                     "friends(filter:{within:{names:[<9:\"a\">]}}){",
                     "x:friends{",
                     "mate{",
                     "x:mate{",
                     "x%:mate{",
                     "...{",
                     "...on Person{",
                     "...on Being{",
                     "...on Node{",
                     "...on Dog{",
                     "...on Cat{",
                     "...F% ",
                     "...F%+ ",
                     "...F%^ ",
                     "...F0 ",
                     "zzz% ",
                     "nam% ",
                     "id@onField(reason:\"%\")",
                     "pets{",
                     "owner{",
                     "...on Peson{",
                     "name(surnam:1)",
                     "friends(filter:{withi:1}){",
                     "friends(filter:{range:{above:1,below:$v}}){",
                     "id@onFiel ",
                     "...F1 ",
                     "mate{id}",
                     "__typename " },
    [JUDGE_ABSTRACT] = { "id ",
                         "title ",
                         "x:id ",
                         "x%:title ",
                         "owner{",
                         "parent{",
                         "children{",
                         "children(first:%){",
                         "x%:children(first:1){",
                         "talk{",
                         "replies{",
                         "replies(text:$v){",
                         "latest{",
                         "...{",
                         "...on Item{",
                         "...on Task{",
                         "...on Note{",
                         "...on Event{",
                         "...on Comment{",
                         "...on Person{",
                         "...on Entry{",
                         "...on Review{",
                         "...F% ",
                         "...F%+ ",
                         "...F%^ ",
                         "...F0 ",
                         "label ",
                         "assignee{",
                         "items{",
                         "traces{",
                         "notices{",
                         "author{",
                         "item{",
                         "reviewer{",
                         "comments(first:1){",
                         "createdAt ",
                         "__typename ",
                         "id@skip(if:$v)",
                         "review{",
                         "x:talk(first:2){" },
    [JUDGE_CONTRACT] = { "id ",
                         "x:id ",
                         "x%:id ",
                         "url ",
                         "x:url ",
                         "linkSet{",
                         "linkSet(first:1){",
                         "x:linkSet(first:%){",
                         "x%:linkSet{",
                         "votes{",
                         "votes(first:$v){",
                         "postedBy{",
                         "x:postedBy{",
                         "user{",
                         "link{",
                         "...{",
                         "...on User{",
                         "...on Link{",
                         "...on Vote{",
                         "...F% ",
                         "...F%+ ",
                         "...F%^ ",
                         "...F0 ",
                         "id@skip(if:$v)",
                         "id@include(if:false)",
                         "zzz% ",
                         "linkSe% ",
                         "viewerHasVoted ",
                         "voteCount ",
                         "description ",
                         "__typename ",
                         "votes(firs:1){",
                         "votes(skip:%){",
                         "username ",
                         "email ",
                         "lastLogin ",
                         "...F1 " },
};

static const char *const roots[JUDGE_SCHEMAS][8] = {
    [JUDGE_RICH] = { "person(flag:true){", "node(id:1){", "being{", "pets{", "anything{",
                     "x%:person(flag:$v%){", "person(flag:true){", "__schema{types{" },
    [JUDGE_ABSTRACT] = { "items{", "search(text:\"%\"){", "entries{", "people{", "item(id:1){",
                         "x%:items(first:1){", "twins{", "comments(first:1){" },
    [JUDGE_CONTRACT] = { "link(id:1){", "users(first:1){", "links(orderBy:[<9:{url:ASC}>]){",
                         "links(search:\"%\",first:2){", "x%:link(id:%){", "user(id:1){",
                         "votes(first:$v){", "__schema{types{" },
};

static const char *const conditions[JUDGE_SCHEMAS][4] = {
    [JUDGE_RICH] = { "Person", "Being", "Node", "Dog" },
    [JUDGE_ABSTRACT] = { "Item", "Entry", "Task", "Person" },
    [JUDGE_CONTRACT] = { "Link", "User", "Vote", "Query" },
};

static int
count_of(const char *const *list, int capacity)
{
    int count = 0;

    while (count < capacity && list[count])
        count++;
    return count;
}

/* Open a repetition; the number of times, or 0 when there is none.  What would be too long
 * for any document is left out. */
static int
begin_repetition(struct maker *m)
{
    static const int counts[] = { 0, 0, 0, 2, 3, 8, 20, 60, 200, 1000, -1, -1 };
    int count = counts[pick(m, ARRAY_LENGTH(counts))];

    if (count < 0 && !m->has_fill) {
        m->has_fill = true;
        buf_put_c(m->out, "<*:");
        return 1;
    }
    if (count <= 0 || m->product > LONGEST / count)
        return 0;
    buf_printf(m->out, "<%d:", count);
    m->product *= count;
    return count;
}

static void
end_repetition(struct maker *m, int count)
{
    if (count == 0)
        return;
    buf_byte(m->out, '>');
    m->product /= count;
}

static void
make_selections(struct maker *m, int depth)
{
    int capacity = ARRAY_LENGTH(selections[0]);
    int count = 1 + pick(m, 4);

    for (int i = 0; i < count; i++) {
        const char *const *list = selections[m->schema];
        int times = begin_repetition(m);
        const char *item = list[pick(m, count_of(list, capacity))];

        buf_put_c(m->out, depth == 0 && strchr(item, '{') ? list[0] : item);
        if (depth > 0 && item[strlen(item) - 1] == '{') {
            make_selections(m, depth - 1);
            buf_byte(m->out, '}');
        }
        end_repetition(m, times);
    }
}

static void
make_operation(struct maker *m)
{
    static const char *const heads[] = { "query($v:Int)", "query Q%", "{", "query Q%(<9:$v%:Int >)",
                                         "query($v:Boolean!$v0:Boolean=true)" };
    int times = begin_repetition(m);
    const char *head = heads[pick(m, ARRAY_LENGTH(heads))];
    int inner_times;

    if (head[0] != '{')
        buf_put_c(m->out, head);
    buf_byte(m->out, '{');
    inner_times = begin_repetition(m);
    const char *root = roots[m->schema][pick(m, 8)];
    buf_put_c(m->out, root);
    make_selections(m, DEPTH - 1);
    buf_put_c(m->out, strstr(root, "types{") ? "}}" : "}");
    end_repetition(m, inner_times);
    buf_byte(m->out, '}');
    end_repetition(m, times);
}

static void
make_fragments(struct maker *m)
{
    int times = begin_repetition(m);

    buf_put_c(m->out, "fragment F% on ");
    buf_put_c(m->out, conditions[m->schema][pick(m, 4)]);
    buf_byte(m->out, '{');
    make_selections(m, DEPTH - 2);
    buf_byte(m->out, '}');
    end_repetition(m, times);
}

static struct str
make_template(struct arena *a, const struct genome *g, enum judge_schema schema)
{
    struct maker m = { g->bytes, g->bytes + GENOME, buf_new(a), schema, false, 1 };

    make_operation(&m);
    for (int i = pick(&m, 4); i > 0; i--)
        make_fragments(&m);
    return buf_copy(a, m.out);
}

/* Another one: a new one, or one of those that are kept, changed. */
static void
next_genome(struct genome *g, const struct genome *kept, int count)
{
    bool is_fresh = count == 0 || random_number() % 100 < FRESH;

    if (!is_fresh) {
        *g = kept[random_number() % (uint64_t)count];
        for (uint64_t i = 1 + random_number() % 6; i > 0; i--)
            g->bytes[random_number() % GENOME] = (unsigned char)random_number();
        return;
    }
    for (int i = 0; i < GENOME; i++)
        g->bytes[i] = (unsigned char)random_number();
}

/* Keep it if it is among the costliest. */
static void
keep(struct genome *kept, int *count, const struct genome *g)
{
    int at = *count < POPULATION ? (*count)++ : POPULATION - 1;

    if (at == POPULATION - 1 && *count == POPULATION && kept[at].work >= g->work && kept[at].work)
        return;
    for (; at > 0 && kept[at - 1].work < g->work; at--)
        kept[at] = kept[at - 1];
    kept[at] = *g;
}

static void
print_verdict(const char *what, const struct verdict *v, struct str document, struct str template)
{
    printf("%s: %.1f K blocks, %zu kB, %zu bytes, %zu written, %s\n    %.*s\n", what,
           (double)v->work / 1000, v->memory / 1024, document.len, v->written,
           v->reason ? v->reason : "valid", STR_PRINT(template));
    fflush(stdout);
}

static void
judge_template(struct arena *a, const struct contract *contract, const struct limits *limits,
               const char *template)
{
    struct str document = template_expand(a, template, 0, (size_t)limits->document);
    struct verdict v = judge(a, contract, limits, document);

    print_verdict("the template", &v, document, str_from(template));
}

static void
search(const struct contract *contract, enum judge_schema schema, const struct limits *limits,
       int seconds)
{
    static struct genome kept[POPULATION];
    int count = 0;
    int64_t most_work = 0;
    size_t largest = 0;
    long tried = 0;

    for (time_t end = time(NULL) + seconds; time(NULL) < end; tried++) {
        struct arena *a = arena_new("search");
        struct genome g;
        next_genome(&g, kept, count);
        struct str template = make_template(a, &g, schema);
        struct str document = template_expand(a, template.ptr, 0, (size_t)limits->document);
        if (!document.ptr) {
            arena_free(a);
            continue;
        }
        struct verdict v = judge(a, contract, limits, document);
        g.work = v.work;
        keep(kept, &count, &g);
        if (v.work > most_work || v.memory > largest)
            print_verdict(str_format(a, "%ld", tried).ptr, &v, document, template);
        most_work = v.work > most_work ? v.work : most_work;
        largest = v.memory > largest ? v.memory : largest;
        arena_free(a);
    }
    printf("%ld documents, %.1f K blocks at most, %zu kB at most\n", tried,
           (double)most_work / 1000, largest / 1024);
}

int
main(int argc, char **argv)
{
    struct arena *a = arena_new("contracts");
    enum judge_schema schema = JUDGE_CONTRACT;
    struct limits limits = limits_default;
    const char *template = NULL;
    int seconds = 10;

    random_state = 1;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--seed") == 0 && i + 1 < argc)
            random_state = strtoull(argv[++i], NULL, 10) | 1;
        else if (strcmp(argv[i], "--seconds") == 0 && i + 1 < argc)
            seconds = atoi(argv[++i]);
        else if (strcmp(argv[i], "--template") == 0 && i + 1 < argc)
            template = argv[++i];
        else if (strcmp(argv[i], "--lifted") == 0)
            limits = judge_lifted();
        else if (strcmp(argv[i], "--rich") == 0)
            schema = JUDGE_RICH;
        else if (strcmp(argv[i], "--abstract") == 0)
            schema = JUDGE_ABSTRACT;
        else
            return fprintf(stderr, "search: unknown option %s\n", argv[i]), 2;
    }
    const struct contract *contract = judge_load(a)[schema];
    if (template)
        judge_template(a, contract, &limits, template);
    else
        search(contract, schema, &limits, seconds);
    arena_free(a);
    return 0;
}
