/*
 * certificate.c - until when certificates are good.
 *
 * SPDX-License-Identifier: MIT
 */
#include "doctor/certificate.h"

#include <errno.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "doctor/doctor_internal.h"
#include "load/load_file.h"

enum {
    WARN_DAYS = 21,         /* who renews by a program does it a month before */
    FILE_MAXIMUM = 4 << 20, /* bytes: a bundle of all authorities has a quarter of a MiB */
    NAME_MAXIMUM = 256,
    DAY = 86400
};

static void
judge_one(struct doctor *d, const char *what, const char *path, X509 *certificate)
{
    char name[NAME_MAXIMUM];
    time_t soon = time(NULL) + (time_t)WARN_DAYS * DAY;
    struct str mend = STR("Renew it, and reload what uses it.");

    X509_NAME_oneline(X509_get_subject_name(certificate), name, sizeof(name));
    if (X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0)
        doctor_fail(d, mend, "%s: the certificate %s in %s has expired.", what, name, path);
    else if (X509_cmp_current_time(X509_get0_notBefore(certificate)) > 0)
        doctor_fail(d, STR("Set the clock of this machine, or use it later."),
                    "%s: the certificate %s in %s is not valid yet.", what, name, path);
    else if (X509_cmp_time(X509_get0_notAfter(certificate), &soon) < 0)
        doctor_warn(d, mend, "%s: the certificate %s in %s expires within %d days.", what, name,
                    path, WARN_DAYS);
}

void
certificate_judge(struct doctor *d, const char *what, const char *path)
{
    struct str text;
    const char *why = load_file(d->arena, path, FILE_MAXIMUM, "it is too long", &text);
    int count = 0;

    if (why && errno == EACCES) {
        doctor_skip(d, "%s: %s cannot be read by this user: run it as root.", what, path);
        return;
    }
    BIO *in = why ? NULL : BIO_new_mem_buf(text.ptr, (int)text.len);
    X509 *certificate;
    while (in && (certificate = PEM_read_bio_X509(in, NULL, NULL, NULL))) {
        judge_one(d, what, path, certificate);
        X509_free(certificate);
        count++;
    }
    BIO_free(in);
    ERR_clear_error();
    if (why)
        doctor_fail(d, STR_NONE, "%s: %s: %s.", what, path, why);
    else if (count == 0)
        doctor_fail(d, STR_NONE, "%s: %s has no certificate in PEM.", what, path);
}
