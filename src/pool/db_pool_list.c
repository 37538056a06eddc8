/*
 * db_pool_list.c - loans in the order in which they came.
 *
 * SPDX-License-Identifier: MIT
 */
#include "pool/db_pool_internal.h"

#include <assert.h>

void
db_pool_list_add(struct db_loan_list *list, struct db_loan *loan)
{
    loan->next = NULL;
    if (list->last)
        list->last->next = loan;
    else
        list->first = loan;
    list->last = loan;
    list->count++;
}

void
db_pool_list_remove(struct db_loan_list *list, struct db_loan *loan)
{
    struct db_loan **link = &list->first, *before = NULL;

    while (*link != loan) {
        assert(*link);
        before = *link;
        link = &before->next;
    }
    *link = loan->next;
    if (list->last == loan)
        list->last = before;
    list->count--;
}
