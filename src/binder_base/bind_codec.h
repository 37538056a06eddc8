/*
 * bind_codec.h - how the leaves of the contract show types of the database: the codecs of
 * fields and arguments, and what @label, @quoted and `zone:` say of them.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BINDER_BASE_BIND_CODEC_H
#define BINDER_BASE_BIND_CODEC_H

#include "binder_base/binder.h"

/* What the values of the enum stand for in the database; misfits are reported once. */
const struct codec_labels *bind_codec_labels(struct binder *b, const struct type *type);
/* How `type`, a leaf of the contract or a list of leaves, shows a type of the database.  `rows`
 * is the type whose @table(zone:) holds, or NULL.  NULL, and nothing reported: it cannot. */
const struct codec *
bind_codec(struct binder *b, const struct type *type, const struct ast_node *directives,
           const struct type *rows, const struct column_type *shown);
/* The same for the field; `what` names the value in messages (`column links.url`).  NULL after
 * a misfit. */
const struct codec *
bind_codec_field(const struct bind_site *site, struct str what, const struct column_type *shown);
/* May the items of the field's list be non-null?  False after a misfit. */
bool
bind_codec_check_items(const struct bind_site *site, struct str what, bool has_elements_not_null);
/* See that a directive's `zone:` is one that there is. */
void
bind_codec_check_zone(struct binder *b, const struct ast_directive *directive, struct str subject);

#endif
