#!/usr/bin/env python3
"""measure.py - EXPLAIN (ANALYZE, BUFFERS) and pgbench for each form in forms.py.

Each statement is prepared, as Linnet does it, with a generic plan, as the role of requests under
the policy.  For each: pages of the buffer that it touched, the least execution time of seven, the
rows that a filter threw away, and transactions per second of pgbench with one client.

SPDX-License-Identifier: MIT
"""
import argparse
import json
import os
import re
import subprocess
import sys
import tempfile

import forms

SETTINGS = "-c role=linnet_user -c linnet.user_id=5 -c plan_cache_mode=%s -c jit=off"
PARAMETER = re.compile(r":(\w+)::((?:\w+)(?:\[\])?)")


def psql(script, role=None):
    environment = dict(os.environ)
    if role:
        environment["PGOPTIONS"] = role
    result = subprocess.run(["psql", "-XAtq", "-v", "ON_ERROR_STOP=1"], input=script, env=environment,
                            capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"{result.stderr}\n{script}")
    return result.stdout


def literal(value):
    return "NULL" if value is None else "'" + str(value).replace("'", "''") + "'"


def prepared(sql):
    """The statement with $1, $2, and the names and types of its parameters."""
    names, types = [], []

    def number(match):
        name, kind = match.groups()
        if name not in names:
            names.append(name)
            types.append(kind)
        return f"${names.index(name) + 1}"

    return PARAMETER.sub(number, sql), names, types


def discarded(node):
    rows = node.get("Rows Removed by Filter", 0) * node.get("Actual Loops", 1)
    return rows + sum(discarded(child) for child in node.get("Plans", []))


def explain(sql, values, mode):
    """Buffers, milliseconds, rows thrown away."""
    text, names, types = prepared(sql)
    head = f"PREPARE s({', '.join(types)}) AS {text};" if names else f"PREPARE s AS {text};"
    given = f"({', '.join(literal(values[n]) for n in names)})" if names else ""
    run = f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) EXECUTE s{given};"
    output = psql(head + (run + "SELECT '---';") * 7, SETTINGS % mode)
    plans = [json.loads(part)[0] for part in output.split("---\n") if part.strip()]
    last = plans[-1]["Plan"]
    return (last["Shared Hit Blocks"] + last["Shared Read Blocks"],
            min(plan["Execution Time"] for plan in plans), discarded(last))


def pgbench(sql, values, mode, seconds):
    _, names, _ = prepared(sql)
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(sql + ";\n")
        file.flush()
        command = ["pgbench", "-n", "-M", "prepared", "-T", str(seconds), "-f", file.name]
        for name in names:
            command += ["-D", f"{name}={values[name]}"]
        environment = dict(os.environ, PGOPTIONS=SETTINGS % mode)
        result = subprocess.run(command, env=environment, capture_output=True, text=True)
    found = re.search(r"tps = ([\d.]+)", result.stdout)
    return float(found.group(1)) if found else 0.0


def position(order, where, page_number):
    """The last row of the page before: what its cursor has."""
    columns = "id, created_at, rank, seen_at, price, state"
    offset = max(0, (page_number - 1) * forms.PAGE - 1)
    output = psql(f"SELECT to_json(i) FROM (SELECT {columns} FROM items WHERE {where} ORDER BY {order}"
                  f" LIMIT 1 OFFSET {offset}) AS i", SETTINGS % "auto")
    return dict(json.loads(output), offset=offset + 1)


def report(title, statements, values, seconds):
    print(f"\n{title}")
    for name, sql in statements.items():
        mode = "force_custom_plan" if name.startswith(("custom", "by the filter")) else "force_generic_plan"
        buffers, milliseconds, rows = explain(sql, values, mode)
        rate = pgbench(sql, values, mode, seconds)
        print(f"  {name:42} {buffers:9,} buffers {milliseconds:10.3f} ms {rows:10,} discarded {rate:10,.0f} tps", flush=True)


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
