/*
 * limits.h - every bound on hostile input, with its reason.
 *
 * One table, LIMITS: the struct, the defaults, the configuration's rows and
 * the manual's table are made from it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

/*  member, default, least, most, unit, reason */
#define LIMITS(X)                                                                                  \
    X(body, 262144, 1024, 16777216, "bytes",                                                       \
      "A request's body is read into memory before it is examined.")                               \
    X(graphiql_page, 65536, 1024, 1048576, "bytes",                                                \
      "GraphiQL's page (`graphiql_page`) is kept in memory; a longer file is not used.")           \
    X(cookie, 8192, 128, 65536, "bytes",                                                           \
      "The header `Cookie` is searched for tokens; it has the cookies of other programs, too.")    \
    X(document, 32768, 64, 1048576, "bytes",                                                       \
      "Every later stage takes time in proportion to the document.")                               \
    X(documents, 5000, 1, 1000000, "documents",                                                    \
      "A worker keeps each trusted document that was asked for, and its plan, for good.")          \
    X(documents_bytes, 8388608, 1024, 268435456, "bytes",                                          \
      "The files of the setting `documents`, all together, are read into memory.")                 \
    X(tokens, 2000, 10, 100000, "tokens",                                                          \
      "Each token costs some hundred bytes of memory as a node.")                                  \
    X(nesting, 64, 4, 1000, "levels",                                                              \
      "The parser is recursive: braces, brackets and types nest no deeper than this.")             \
    X(depth, 24, 1, 500, "fields",                                                                 \
      "Each level of selections, fragments included, adds joins and waves of SQL.")                \
    X(aliases, 30, 0, 10000, "aliases",                                                            \
      "A field under many aliases costs its work as many times; counted with fragments "           \
      "expanded.")                                                                                 \
    X(root_fields, 20, 1, 1000, "fields",                                                          \
      "Each root field is a statement; counted with fragments expanded.")                          \
    X(mutation_fields, 5, 1, 1000, "fields",                                                       \
      "Each root field of a mutation is a transaction of its own.")                                \
    X(resolver_calls, 1, 1, 100, "calls",                                                          \
      "How often one request may call the same C function: each login is a guess at a password.")  \
    X(directives, 50, 0, 10000, "directives",                                                      \
      "Directives cost time at every stage, and few are ever needed.")                             \
    X(fields, 5000, 10, 1000000, "fields",                                                         \
      "Fragments that spread fragments multiply; counted with fragments expanded.")                \
    X(overlaps, 20000, 100, 10000000, "comparisons",                                               \
      "Fields with the same response name are compared with each other.")                          \
    X(errors, 100, 1, 10000, "errors",                                                             \
      "An invalid document could otherwise make the answer many times its own size.")              \
    X(error_bytes, 32768, 1024, 16777216, "bytes",                                                 \
      "Messages, paths and locations repeat what is in the document; what is over is left out.")   \
    X(json_depth, 64, 2, 1000, "levels", "JSON is read by recursion.")                             \
    X(json_values, 10000, 10, 1000000, "values",                                                   \
      "Each JSON value costs some hundred bytes of memory.")                                       \
    X(json_string, 65536, 64, 16777216, "bytes", "No argument of the contract is longer.")         \
    X(json_number, 40, 10, 1000, "bytes", "No number of the contract is longer.")                  \
    X(page, 100, 1, 10000, "rows",                                                                 \
      "A larger `first` or `last` is refused; a list without either has at most this many rows.")  \
    X(offset, 10000, 0, 1000000000, "rows",                                                        \
      "PostgreSQL reads the rows that `skip` skips, and throws them away.")                        \
    X(order_terms, 5, 1, 24, "terms",                                                              \
      "PostgreSQL sorts by each term of an order, and a cursor holds them all; the key is not "    \
      "counted.")                                                                                  \
    X(search, 100, 16, 1000000, "characters",                                                      \
      "PostgreSQL compares a text that is searched for with every row, where no index helps.")     \
    X(filter_conditions, 40, 1, 1000, "conditions",                                                \
      "PostgreSQL plans each condition of a filter; counted with what variables hold.")            \
    X(filter_depth, 6, 1, 100, "levels", "Filters nest: `and`, `or`, `not` and joined rows.")      \
    X(filter_relations, 4, 0, 100, "conditions",                                                   \
      "A condition on joined rows may read another table whole.")                                  \
    X(filter_values, 500, 1, 100000, "values",                                                     \
      "PostgreSQL looks for each value of a filter's list.")                                       \
    X(filter_cost, 5000000, 1000, 2147483647, "rows",                                              \
      "How many rows PostgreSQL may have to look at for the filters of a request, by its own "     \
      "estimates of how many tables have: patterns and joined rows that no index finds read "      \
      "tables whole, and each list, count and aggregate does it again.")                           \
    X(write_rows, 500, 1, 5000, "rows",                                                            \
      "A mutation writes its rows in one transaction, which holds a lock on each until it ends.")  \
    X(nodes, 50000, 100, 1000000000, "rows",                                                       \
      "Lists within lists multiply. Counted twice: the row limits in the document, multiplied "    \
      "along each path, and the rows that are fetched.")                                           \
    X(statements, 64, 1, 10000, "statements",                                                      \
      "PostgreSQL parses, plans and keeps each statement that it has not seen, and a mutation's "  \
      "statements all run while its rows are locked.")                                             \
    X(columns, 1600, 100, 1600, "columns",                                                         \
      "A row of PostgreSQL has at most 1,664 columns. A statement has the columns of "             \
      "everything it joins and of all possible types.")                                            \
    X(response, 8388608, 65536, 1073741824, "bytes",                                               \
      "A response is kept in memory until it is complete.")                                        \
    X(output, 33554432, 1048576, 2147483647, "bytes",                                              \
      "What web servers have not read of responses waits in each worker's memory. Beyond this, "   \
      "the connection that has not read for the longest time is closed.")                          \
    X(database_time, 5000, 1, 600000, "milliseconds",                                              \
      "How long PostgreSQL may work for a request, over all of its statements: so long it "        \
      "occupies one of its worker's connections.")                                                 \
    X(heavy_time, 50, 1, 600000, "milliseconds",                                                   \
      "A request whose statements took PostgreSQL longer before, or have not been sent before, "   \
      "gets no connection of the last quarter that a worker has, so that others do.")              \
    X(cheap_time, 1, 1, 60000, "milliseconds",                                                     \
      "What nearly always takes PostgreSQL less is cheap, and may share a connection. The way "    \
      "there and back counts: raise it where PostgreSQL is not near.")                             \
    X(shared_requests, 16, 0, 1000, "requests",                                                    \
      "At most so many requests share a connection, each of which is known to take less than "     \
      "`limit_cheap_time`; 0 or 1: none do, and lists within lists wait for these.")               \
    X(shared_time, 20, 1, 600000, "milliseconds",                                                  \
      "When one of those who share a connection takes longer, it gets the connection alone; the "  \
      "others, which wait behind it, ask again on others.")                                        \
    X(heavy_requests, 0, 0, 10000, "requests",                                                     \
      "Queries that nearly always take PostgreSQL longer than `limit_heavy_time` would occupy "    \
      "all cores, as would those of an address that takes more of its time than all others. Of "   \
      "all workers together this many run at once; 0: one less than this machine has cores, at "   \
      "least one.")                                                                                \
    X(idempotency_key, 255, 1, 1000, "bytes",                                                      \
      "Each key that a client sends with a write is kept for a day, in an index.")                 \
    X(lock_time, 2000, 1, 600000, "milliseconds",                                                  \
      "A transaction that waits for a lock holds locks that others wait for.")                     \
    X(request_memory, 67108864, 65536, 1073741824, "bytes",                                        \
      "What requests that wait for PostgreSQL hold, together in a worker. When it is used up, "    \
      "those that hold more than a 256th of it are refused with 503.")                             \
    X(cache_bytes, 67108864, 0, 1073741824, "bytes",                                               \
      "The memory in which each worker keeps documents, their plans, and answers that depend "     \
      "only on the schema. The least recently used go first; one that takes more than a "          \
      "thirty-second of it is not kept.")                                                          \
    X(known_tokens, 1000, 0, 100000, "tokens",                                                     \
      "Each worker remembers so many tokens that it has verified, in some 800 bytes each. 0: it "  \
      "verifies each token with each request.")

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
