/*
 * test_db_pool_list.c - loans in the order in which they came.
 *
 * SPDX-License-Identifier: MIT
 */
#include "pool/db_pool_internal.h"
#include "tests/unit/unit.h"

enum { LOANS = 3 };

/* Is it these, from the first to the last? */
static void
assert_is(const struct db_loan_list *list, const struct db_loan *loans, const char *letters)
{
    const struct db_loan *loan = list->first, *last = NULL;
    int count = 0;

    for (; *letters; letters++, count++) {
        last = &loans[*letters - 'a'];
        assert_ptr_equal(loan, last);
        loan = loan->next;
    }
    assert_null(loan);
    assert_ptr_equal(list->last, last);
    assert_int_equal(list->count, count);
}

static void
test_order(void **state)
{
    struct db_loan loans[LOANS] = { { .owner = 1 }, { .owner = 2 }, { .owner = 3 } };
    struct db_loan_list list = { 0 };

    (void)state;
    assert_is(&list, loans, "");
    for (int i = 0; i < LOANS; i++)
        db_pool_list_add(&list, &loans[i]);
    assert_is(&list, loans, "abc");
    db_pool_list_remove(&list, &loans[0]);
    assert_is(&list, loans, "bc");
    db_pool_list_add(&list, &loans[0]);
    assert_is(&list, loans, "bca");
}

/* What is added then comes after those that are left. */
static void
test_last_is_removed(void **state)
{
    struct db_loan loans[LOANS] = { { .owner = 1 }, { .owner = 2 }, { .owner = 3 } };
    struct db_loan_list list = { 0 };

    (void)state;
    db_pool_list_add(&list, &loans[0]);
    db_pool_list_add(&list, &loans[1]);
    db_pool_list_remove(&list, &loans[1]);
    assert_is(&list, loans, "a");
    db_pool_list_add(&list, &loans[2]);
    assert_is(&list, loans, "ac");
    db_pool_list_remove(&list, &loans[0]);
    db_pool_list_remove(&list, &loans[2]);
    assert_is(&list, loans, "");
    db_pool_list_add(&list, &loans[1]);
    assert_is(&list, loans, "b");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_last_is_removed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
