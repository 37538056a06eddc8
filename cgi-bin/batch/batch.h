/*
 * batch.h - many cases in one process: JSON lines in, JSON lines out.
 *
 * For tools and tests that would otherwise start a process a case.  A case brings
 * its own schema; the binding directives are not declared in it, and no limits hold but
 * those that guard memory and stack: what parsing and validation have where they are
 * given none, and the maximum of a line.
 *
 * A form is a row of the table in batch.c and a function there, or in a file of its own.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CGI_BIN_BATCH_H
#define CGI_BIN_BATCH_H

#include <stdbool.h>

#include "base/str.h"

/* Errors of a document that are listed: the reference implementation's maximum. */
enum { BATCH_ERRORS_MAXIMUM = 100 };

struct arena;
struct buf;
struct contract;
struct errors;
struct limits;
struct schema;
struct value;

/* One case: what was asked, and where the answer goes. */
struct batch_case {
    struct arena *arena;           /* until the case is answered */
    const struct value *request;   /* an object that has what the form needs */
    const struct value *schema_id; /* the number or text that its schema is kept under; or NULL */
    bool is_definition;            /* it only gives a schema to be kept */
    struct batch_schemas *schemas; /* those of cases before, which may be this one's too */
    struct buf *out;               /* after the id: members, each with its comma before it */
};

/* The limits of documents: those that bound memory and stack. */
extern const struct limits batch_document_limits;

/* The text of a member that the form needs. */
struct str batch_text(const struct batch_case *c, const char *name);

/* Answer `,"name":[...]`: messages and locations. */
void batch_errors(struct batch_case *c, const char *name, const struct errors *errors);

/* --- batch_schema.c: schemas, which are kept --- */

/* Keep schemas, in arenas of their own; release them by batch_schemas_free(). */
struct batch_schemas *batch_schemas_new(struct arena *a);
void batch_schemas_free(struct batch_schemas *s);

/* The case's `schemaId`; NULL: it has none, or an error was added. */
const struct value *batch_schema_id(const struct value *request, struct errors *errors);

/* The schema of the case, built unless it is kept.  NULL after answering what is wrong with it,
 * `schemaErrors`, or that there is none under the `schemaId`, `errors`. */
const struct schema *batch_schema(struct batch_case *c) MUST_CHECK;

/* The same, bound to comparable values (mock_binding/bind_mock.h). */
const struct contract *batch_contract(struct batch_case *c) MUST_CHECK;

/* batch_mock.c: the form `mock`. */
void batch_answer_mock(struct batch_case *c);

/* batch_diff.c: the form `diff`. */
void batch_answer_diff(struct batch_case *c);

/* Is there a form of this name: a command, and the argument that says what it prints? */
bool batch_has(const char *form);

/* Read cases from the file, NULL and "-" being standard input, and write the answers to
 * standard output, one per line in the same order, each before the next case is waited for.
 * The exit status. */
int batch_run(const char *form, const char *file);

#endif
