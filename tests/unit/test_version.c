/*
 * test_version.c - which versions of PostgreSQL are good enough, and when.
 *
 * SPDX-License-Identifier: MIT
 */

#include "doctor/version.h"
#include "tests/unit/unit.h"

enum { IN_2026 = 1796000000, IN_2028 = 1830000000, IN_2031 = 1924992000 };

static void
check(int64_t number, time_t now, enum doctor_verdict wanted, const char *part)
{
    enum doctor_verdict verdict;
    const char *why = version_judge(number, now, &verdict);

    assert_int_equal(verdict, wanted);
    if (part)
        assert_non_null(strstr(why, part));
    else
        assert_null(why);
}

static void
test_versions(void **state)
{
    (void)state;
    check(140020, IN_2026, DOCTOR_FAIL, "older than 15");
    check(150008, IN_2026, DOCTOR_FAIL, "CVE-2024-10976");
    check(150009, IN_2026, DOCTOR_WARN, "CVE-2025-8713");
    check(150018, IN_2026, DOCTOR_OK, NULL);
    check(150018, IN_2028, DOCTOR_WARN, "gets no more fixes");
    check(160004, IN_2026, DOCTOR_FAIL, "CVE-2024-10976");
    check(160010, IN_2026, DOCTOR_OK, NULL);
    check(170000, IN_2026, DOCTOR_FAIL, "CVE-2024-10976");
    check(170005, IN_2026, DOCTOR_WARN, "CVE-2025-8713");
    check(180000, IN_2026, DOCTOR_OK, NULL);
    check(180000, IN_2031, DOCTOR_WARN, "gets no more fixes");
    check(190000, IN_2031, DOCTOR_OK, NULL); /* what is not known yet */
}

int
main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_versions) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
