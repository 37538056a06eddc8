/*
 * limits.h - every bound on hostile input: what is bounded, and why.
 *
 * One table, LIMITS: the struct, the defaults, the configuration's rows and
 * the manual's table are made from it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

/*  member, default, least, most, unit, what is bounded, and why */
#define LIMITS(X)                                                                                  \
    X(body, 262144, 1024, 16777216, "bytes",                                                       \
      "The length of a request's body, which is read into memory before it is examined.")          \
    X(graphiql_page, 65536, 1024, 1048576, "bytes",                                                \
      "The length of GraphiQL's page (`graphiql_page`), which is kept in memory. A longer file "   \
      "is not used.")                                                                              \
    X(cookie, 8192, 128, 65536, "bytes",                                                           \
      "The length of the header `Cookie`, which is searched for tokens. It has the cookies of "    \
      "other programs, too.")                                                                      \
    X(document, 32768, 64, 1048576, "bytes",                                                       \
      "The length of a document. Every later stage takes time in proportion to it.")               \
    X(documents, 5000, 1, 1000000, "documents",                                                    \
      "The number of trusted documents. A worker keeps each one that was asked for, and its "      \
      "plan, for good.")                                                                           \
    X(documents_bytes, 8388608, 1024, 268435456, "bytes",                                          \
      "The length of all files of the setting `documents` together. They are read into memory.")   \
    X(tokens, 2000, 10, 100000, "tokens",                                                          \
      "The number of tokens of a document. Each costs some hundred bytes of memory as a node.")    \
    X(nesting, 64, 4, 1000, "levels",                                                              \
      "How deep braces, brackets and types may nest, since the parser is recursive.")              \
    X(depth, 24, 1, 500, "fields",                                                                 \
      "How deep selections may nest, fragments included. Each level adds joins and waves of SQL.") \
    X(aliases, 30, 0, 10000, "aliases",                                                            \
      "The number of aliases of a document, counted with fragments expanded. A field under many "  \
      "aliases costs its work as many times.")                                                     \
    X(root_fields, 20, 1, 1000, "fields",                                                          \
      "The number of root fields, counted with fragments expanded. Each one is a statement.")      \
    X(mutation_fields, 5, 1, 1000, "fields",                                                       \
      "The number of root fields of a mutation. Each one is a transaction of its own.")            \
    X(resolver_calls, 1, 1, 100, "calls",                                                          \
      "How often one request may call the same C function: each login is a guess at a password.")  \
    X(directives, 50, 0, 10000, "directives",                                                      \
      "The number of directives of a document. They cost time at every stage, and few are ever "   \
      "needed.")                                                                                   \
    X(fields, 5000, 10, 1000000, "fields",                                                         \
      "The number of fields of a document, counted with fragments expanded. Fragments that "       \
      "spread fragments multiply.")                                                                \
    X(overlaps, 20000, 100, 10000000, "comparisons",                                               \
      "How many comparisons validation may make between fields with the same response name.")      \
    X(errors, 100, 1, 10000, "errors",                                                             \
      "The number of errors in an answer. An invalid document could otherwise make the answer "    \
      "many times its own size.")                                                                  \
    X(error_bytes, 32768, 1024, 16777216, "bytes",                                                 \
      "The length of all messages, paths and locations in an answer's errors, since they repeat "  \
      "parts of the document. Further errors are left out.")                                       \
    X(json_depth, 64, 2, 1000, "levels", "How deep JSON may nest, since it is read by recursion.") \
    X(json_values, 10000, 10, 1000000, "values",                                                   \
      "The number of values in the JSON of a request. Each costs some hundred bytes of memory.")   \
    X(json_string, 65536, 64, 16777216, "bytes",                                                   \
      "The length of a string in JSON. No argument of a contract needs a longer one.")             \
    X(json_number, 40, 10, 1000, "bytes",                                                          \
      "The length of a number in JSON. No argument of a contract needs a longer one.")             \
    X(page, 100, 1, 10000, "rows",                                                                 \
      "A larger `first` or `last` is refused; a list without either has at most this many rows.")  \
    X(offset, 10000, 0, 1000000000, "rows",                                                        \
      "The largest `skip`. PostgreSQL reads the rows that are skipped, and throws them away.")     \
    X(order_terms, 5, 1, 24, "terms",                                                              \
      "The number of terms of an order, without the key. PostgreSQL sorts by each term, and a "    \
      "cursor contains them all.")                                                                 \
    X(search, 100, 16, 1000000, "characters",                                                      \
      "The length of a text that is searched for. If no index helps, PostgreSQL compares it "      \
      "with every row.")                                                                           \
    X(filter_conditions, 40, 1, 1000, "conditions",                                                \
      "The number of conditions of a filter, counted with the values of variables. PostgreSQL "    \
      "plans each of them.")                                                                       \
    X(filter_depth, 6, 1, 100, "levels",                                                           \
      "How deep a filter may nest: `and`, `or`, `not` and joined rows.")                           \
    X(filter_relations, 4, 0, 100, "conditions",                                                   \
      "The number of conditions of a filter on joined rows. Each may read another table as a "     \
      "whole.")                                                                                    \
    X(filter_values, 500, 1, 100000, "values",                                                     \
      "The number of values in one list of a filter. PostgreSQL looks for each of them.")          \
    X(filter_cost, 5000000, 1000, 2147483647, "rows",                                              \
      "How many rows PostgreSQL may have to read for the filters of a request, by its own "        \
      "estimates of how many rows tables have. Patterns and joined rows that no index finds "      \
      "read whole tables, and each list, count and aggregate does so again.")                      \
    X(write_rows, 500, 1, 5000, "rows",                                                            \
      "The number of rows that a mutation may write. It does so in one transaction, which holds "  \
      "a lock on each row until it ends.")                                                         \
    X(nodes, 50000, 100, 1000000000, "rows",                                                       \
      "The number of rows of an answer, since lists within lists multiply. It is checked twice: "  \
      "before, by the row limits in the document, multiplied along each path; and later, by the "  \
      "rows that are fetched.")                                                                    \
    X(statements, 64, 1, 10000, "statements",                                                      \
      "The number of statements of an operation. PostgreSQL parses, plans and keeps each "         \
      "statement that is new to it, and a mutation's rows stay locked while all its statements "   \
      "run.")                                                                                      \
    X(columns, 1600, 100, 1600, "columns",                                                         \
      "The number of columns of a statement: those of everything that it joins, and of all "       \
      "possible types. A row of PostgreSQL has at most 1,664 columns.")                            \
    X(response, 8388608, 65536, 1073741824, "bytes",                                               \
      "The length of a response, which is kept in memory until it is complete.")                   \
    X(output, 33554432, 1048576, 2147483647, "bytes",                                              \
      "The parts of responses that web servers have not read yet, in each worker's memory. "       \
      "Beyond this, the connection that has not read for the longest time is closed.")             \
    X(database_time, 5000, 1, 600000, "milliseconds",                                              \
      "How long PostgreSQL may work for a request, over all of its statements. For so long the "   \
      "request occupies one of its worker's connections.")                                         \
    X(heavy_time, 50, 1, 600000, "milliseconds",                                                   \
      "A request is heavy if its statements took PostgreSQL longer than this before, or have "     \
      "not been sent before. Heavy requests do not get the last quarter of a worker's "            \
      "connections, so that other requests do.")                                                   \
    X(cheap_time, 1, 1, 60000, "milliseconds",                                                     \
      "A request is cheap, and may share a connection, if it nearly always takes PostgreSQL less " \
      "than this, without COMMIT. The time on the network counts, too: raise the limit if "        \
      "PostgreSQL is not near.")                                                                   \
    X(shared_requests, 16, 0, 1000, "requests",                                                    \
      "How many cheap requests (`limit_cheap_time`) may share a connection at the same time: "     \
      "queries, or mutations that call one function. 0 or 1: none share one, and lists within "    \
      "lists are read after the lists around them.")                                               \
    X(shared_time, 20, 1, 600000, "milliseconds",                                                  \
      "If a query that shares a connection takes longer than this, it gets the connection "        \
      "alone. The others, which wait behind it, are sent again on other connections. For "         \
      "mutations this is done after `limit_heavy_time`.")                                          \
    X(heavy_requests, 0, 0, 10000, "requests",                                                     \
      "How many queries that would occupy all cores may run at once, in all workers together: "    \
      "those that nearly always take PostgreSQL longer than `limit_heavy_time`, and those of a "   \
      "client address that takes more of PostgreSQL's time than all others. 0: one less than "     \
      "this machine has cores, but at least one.")                                                 \
    X(idempotency_key, 255, 1, 1000, "bytes",                                                      \
      "The length of a key that a client sends with a write. Each key is kept for a day, in an "   \
      "index.")                                                                                    \
    X(lock_time, 2000, 1, 600000, "milliseconds",                                                  \
      "How long a transaction may wait for a lock, since meanwhile it holds locks that others "    \
      "wait for.")                                                                                 \
    X(request_memory, 67108864, 65536, 1073741824, "bytes",                                        \
      "The memory of requests that wait for PostgreSQL, together in a worker. When it is used "    \
      "up, those that hold more than a 256th of it are refused with 503.")                         \
    X(cache_bytes, 67108864, 0, 1073741824, "bytes",                                               \
      "The memory in which each worker keeps documents, their plans, and answers that depend "     \
      "only on the schema. Those that were not used for the longest time are removed first; one "  \
      "that takes more than a thirty-second of this memory is not kept.")                          \
    X(known_tokens, 1000, 0, 100000, "tokens",                                                     \
      "How many verified tokens each worker remembers, in some 800 bytes each. 0: it verifies "    \
      "each token with each request.")

struct limits {
#define LIMIT_MEMBER(member, value, least, most, unit, reason) int member;
    LIMITS(LIMIT_MEMBER)
#undef LIMIT_MEMBER
};

/* What holds unless the configuration says otherwise. */
extern const struct limits limits_default;

/* A row of the table, for the configuration and for the manual. */
struct limit_row {
    const char *name;
    int value, least, most;
    const char *unit;
    const char *reason;
    unsigned offset; /* of the member in struct limits */
};

extern const struct limit_row limit_rows[];
extern const int limit_row_count;

#endif
