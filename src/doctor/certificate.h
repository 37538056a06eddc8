/*
 * certificate.h - until when certificates are good (RFC 5280, 4.1.2.5).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef DOCTOR_CERTIFICATE_H
#define DOCTOR_CERTIFICATE_H

struct doctor;

/* Read all certificates of a file in PEM, and say which of them has ended, ends within three weeks,
 * or has not begun; or that the file has none.  `what` names the setting. */
void certificate_judge(struct doctor *d, const char *what, const char *path);

#endif
