/*
 * fcgi_pass.h - hand a connection over to another process, and take one over.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HTTP_FCGI_PASS_H
#define HTTP_FCGI_PASS_H

#include <stdbool.h>

#include "base/str.h"

/* Send a descriptor over a socket of records, without waiting.  False: there is no room at the
 * moment.  The sender's own is to be closed. */
bool fcgi_pass(int socket, int descriptor) MUST_CHECK;

/* Take one, if there is one; else -1. */
int fcgi_receive(int socket) MUST_CHECK;

#endif
