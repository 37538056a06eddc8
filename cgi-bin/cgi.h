/*
 * cgi.h - plain CGI: one process, one request (RFC 3875).
 *
 * For hosts that start a program for each request, and allow no other.  It is
 * told by its environment; of its arguments not one is read, since a web server
 * makes them of the query string (RFC 3875, 4.4), so that anybody could write them.
 *
 * The configuration is the file that LINNET_CONFIG names, or `linnet.conf` in the
 * current folder, which web servers make the program's, or beside the program.  The
 * catalog comes from the snapshot that `linnet check --write` keeps, so that a
 * request costs the database no more than its own statements; without one it is
 * read, and the log says so.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CGI_BIN_CGI_H
#define CGI_BIN_CGI_H

#include <stdbool.h>

/* Has a web server started this process to answer one request? */
bool cgi_is_asked(char *const *environment);

/* Answer the request; the program's exit status.  What goes wrong is answered with 503. */
int cgi_run(char **environment);

#endif
