#!/usr/bin/env python3
"""measure.py - what each form in forms.py costs (../statements.py), under a policy.

SPDX-License-Identifier: MIT
"""
import argparse
import json
import os
import sys

import forms

sys.path.append(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from statements import SETTINGS, psql, report  # noqa: E402


def position(order, where, page_number):
    """The last row of the page before: what its cursor has."""
    columns = "id, created_at, rank, seen_at, price, state"
    offset = max(0, (page_number - 1) * forms.PAGE - 1)
    output = psql(f"SELECT to_json(i) FROM (SELECT {columns} FROM items WHERE {where} ORDER BY {order}"
                  f" LIMIT 1 OFFSET {offset}) AS i", SETTINGS % "auto")
    return dict(json.loads(output), offset=offset + 1)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--seconds", type=int, default=2)
    options = options.parse_args()
    count = int(psql("SELECT reltuples::bigint FROM pg_class WHERE oid = 'items'::regclass"))
    print(f"{count:,} rows")
    for number in (2, 1000):
        for title, order, where, statements in forms.KEYSET:
            report(f"{title}: page {number:,}", statements, position(order, where, number), options.seconds)
    values = position(forms.NEWEST, "true", 1000)
    report(*forms.PROBES[0], values, options.seconds)
    keys = "{1," + ",".join(str(100 + 37 * i) for i in range(19)) + "}"
    middle = dict(position("created_at, id", f"id > {min(count, 1000000) // 2}", 1), keys=keys)
    for title, statements in forms.BATCHES + forms.COUNTS:
        report(title, statements, middle, options.seconds)
    for title, statements, author in forms.FILTERS:
        report(title, statements, {"author": author}, options.seconds)


main()
