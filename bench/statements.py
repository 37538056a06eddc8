"""statements.py - what statements cost PostgreSQL alone: EXPLAIN (ANALYZE, BUFFERS), and pgbench.

Each statement is prepared, as Linnet does it, with a generic plan, as the role of requests.  It has
named parameters with types, `:at::timestamptz`.  For each: pages of the buffer that it touched, the
least execution time of seven, the rows that a filter threw away, and transactions per second of
pgbench with one client.

SPDX-License-Identifier: MIT
"""
import json
import os
import re
import subprocess
import sys
import tempfile

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


def report(title, statements, values, seconds):
    print(f"\n{title}")
    for name, sql in statements.items():
        mode = "force_custom_plan" if name.startswith(("custom", "by the filter")) else "force_generic_plan"
        buffers, milliseconds, rows = explain(sql, values, mode)
        rate = pgbench(sql, values, mode, seconds)
        print(f"  {name:42} {buffers:9,} buffers {milliseconds:10.3f} ms {rows:10,} discarded {rate:10,.0f} tps", flush=True)
