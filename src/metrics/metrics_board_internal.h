/*
 * metrics_board_internal.h - what the files of the board share.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef METRICS_METRICS_BOARD_INTERNAL_H
#define METRICS_METRICS_BOARD_INTERNAL_H

#include "metrics/metrics_board.h"

extern struct metrics_board *metrics_board; /* of this process; NULL: there is none */

/* Close the descriptor of the memory, if there is one; errno stays. */
void metrics_board_close_descriptor(void);

#endif
