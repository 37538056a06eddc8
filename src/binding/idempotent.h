/*
 * idempotent.h - what makes a write one that may be sent again: @idempotent, a key, and the
 * database's functions that know what was answered to it (sql/021_requests.sql).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BINDING_IDEMPOTENT_H
#define BINDING_IDEMPOTENT_H

/* A key, the field's place among those of the operation, and a hash of the document and the
 * variables: one row of an outcome (`new`, `same`, `other`), and what was answered. */
#define CLAIM_REQUEST     "linnet_claim_request"
#define CLAIM_REQUEST_SQL "SELECT outcome, answer, errors FROM " CLAIM_REQUEST "($1, $2, $3)"
/* The key and the place again, and the answer: its value and its errors. */
#define KEEP_ANSWER     "linnet_keep_answer"
#define KEEP_ANSWER_SQL "SELECT " KEEP_ANSWER "($1, $2, $3, $4)"

/* The argument, or field of `input`, that has the key, and the header. */
#define IDEMPOTENCY_KEY        "idempotencyKey"
#define IDEMPOTENCY_KEY_HEADER "Idempotency-Key"

#endif
