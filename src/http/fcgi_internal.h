/*
 * fcgi_internal.h - what the files of the door share: connections, and the door itself.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HTTP_FCGI_INTERNAL_H
#define HTTP_FCGI_INTERNAL_H

#include <sys/epoll.h>

#include "base/buf.h"
#include "event/loop.h"
#include "http/fcgi.h"
#include "http/fcgi_record.h"
#include "http/fcgi_write.h"
#include "http/http.h"

/* Bytes that are read at first; most requests are shorter, and have come as a whole. */
enum { FIRST_SIZE = 32768 };

/* What is waited for on a connection, at least. */
enum { CONNECTION_EVENTS = EPOLLIN | EPOLLRDHUP | EPOLLET };

enum connection_state {
    CONNECTION_FREE,
    CONNECTION_IDLE,    /* nothing has been read of the next request */
    CONNECTION_READING, /* some has */
    CONNECTION_BUSY,    /* a request is under way */
    CONNECTION_WRITING, /* the peer has not taken all of a response */
    CONNECTION_DRAINING /* the peer has its response, and still sends a request that was too long */
};

/* A request that came as a whole, read by fcgi_request.c. */
struct fcgi_request {
    struct buf memory; /* of what follows */
    char **variables;  /* "NAME=value", ended by NULL */
    struct str body;   /* what has not been taken of it */
    int id;
    bool is_kept; /* the connection, after the response */
};

struct connection {
    struct http_source source; /* the first member: a source is its connection */
    enum connection_state state;
    struct fcgi *door;
    struct loop_watch watch;
    struct loop_timer timer;            /* READING, WRITING, DRAINING: the peer takes too long */
    struct loop_task again;             /* IDLE, DRAINING: to be looked at */
    bool has_more;                      /* something came while it was not looked at */
    bool has_left;                      /* the peer has closed, or half */
    bool is_gone;                       /* it has closed, and reads nothing any more */
    bool is_kept;                       /* WRITING: by the web server, after this response */
    struct fcgi_request request;        /* BUSY: unless the library has read it */
    struct connection_request *library; /* BUSY, of a request that came in pieces: */
    bool is_library;                    /* the library has read it (fcgi_connection.c) */
    struct fcgi_walk walk;              /* READING */
    struct buf input;                   /* READING */
    int64_t deadline;                   /* READING: of clock_now() */
    struct fcgi_output output;
    struct connection *next; /* FREE */
};

struct fcgi {
    struct fcgi_options options;
    struct arena *arena;
    struct loop *loop;
    struct loop_watch listener, arrivals;
    struct loop_timer shortage; /* the kernel had none left: accepting pauses */
    struct loop_timer retry;    /* nobody had room for a connection that is to be handed over */
    int accepts;                /* in the next turn that finds connections waiting; 0: one */
    struct connection **all;    /* that were ever made */
    struct connection *free;
    int made, count;
    size_t output; /* bytes that are kept for peers */
    bool is_listening, is_leaving;
    int departures;
    int memory;             /* file that a request is read from which did not lie in its socket */
    char first[FIRST_SIZE]; /* what has come, while it is looked at */
};

/* fcgi_connection.c: Take a connection in, which is idle; false, with errno set, after closing
 * it. */
bool connection_open(struct fcgi *f, int descriptor) MUST_CHECK;
/* Close it, whatever it is at. */
void connection_close(struct connection *c);
/* The door closes: if it is idle, hand it over, or answer what has come and close it. */
void connection_let_go(struct connection *c);
/* All of a response has been sent, and the peer keeps the connection. */
void connection_become_idle(struct connection *c);
/* Start the library. */
void connection_start_library(void);

/* fcgi_answer.c: The request has been answered: what the peer has not taken is in c->output.
 * `is_there`: it has not gone.  False: it has, and the connection is closed. */
bool connection_answer(struct connection *c, bool is_there);
/* The peer may take more of the response. */
void connection_write_more(struct connection *c);
/* Release what the peer has not taken. */
void connection_free_output(struct connection *c);
/* Throw away what has come of a request that is too long; close the connection when its peer has
 * ended and has its response. */
void connection_drain(struct connection *c);

/* fcgi_request.c: Read the request from its bytes, of which the walk has found that they are one
 * and where it ends; or the variables and a part of the body, where it has not come to the end. */
void
fcgi_request_read(struct fcgi_request *request, const char *bytes, const struct fcgi_walk *walk);
/* Copy up to `size` bytes of the body, those that follow what was taken before: how many. */
size_t fcgi_request_take(struct fcgi_request *request, char *out, size_t size);
/* Release its memory; also of one that was not read. */
void fcgi_request_free(struct fcgi_request *request);

/* fcgi.c: There is one connection more, or less: accept as long as there is room. */
void fcgi_update(struct fcgi *f);

#endif
