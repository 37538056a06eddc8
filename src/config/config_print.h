/*
 * config_print.h - the manual's page of the settings: docs/configuration.md.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CONFIG_CONFIG_PRINT_H
#define CONFIG_CONFIG_PRINT_H

struct buf;

/* Write the page, in Markdown. */
void config_print(struct buf *b);

#endif
