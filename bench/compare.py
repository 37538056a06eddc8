#!/usr/bin/env python3
"""compare.py - requests a second, latencies, CPU time and memory of servers that answer the same.

The servers take turns in each round; medians are printed.  CPU time is that of three process trees,
the front server, the server and PostgreSQL, divided by the requests.  bench/compare starts all of it.

SPDX-License-Identifier: MIT
"""
import argparse
import collections
import datetime
import json
import os
import re
import sys

import measure

WORKLOADS = ("W1", "W2", "W3", "W4", "W5", "W6")
# Who makes a schema of the tables; that of the others is Linnet's.
OWN_SCHEMA = ("postgraphile", "django")
# Who writes a link of user 1 in W4, whoever asks; the others verify a token.
WITHOUT_TOKENS = ("bun", "mercurius", "postgraphile", "django")
TREES = ("front", "server", "postgresql")
# Of these a server may show only those that are used.
BUILT_IN = {"Int", "Float", "String", "Boolean", "ID"}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")

Server = collections.namedtuple("Server", "name url roots key")


def options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--postgresql", type=int, required=True)
    parser.add_argument("--server", nargs=4, action="append", required=True,
                        metavar=("NAME", "URL", "FRONT", "PROCESS"))
    measure.add_options(parser)
    parser.set_defaults(clients="16,64")
    given = parser.parse_args()
    for workload in given.workloads:
        if workload not in WORKLOADS:
            sys.exit(f"no workload {workload}; there are {', '.join(WORKLOADS)}")
    return given


def kind(name):
    """The server, however it is called."""
    return name.partition(".")[0]


def servers(given):
    for name, url, front, process in given.server:
        ids = zip(TREES, (int(front), int(process), given.postgresql))
        key = given.key if kind(name) not in WITHOUT_TOKENS else None
        yield Server(name, url, {tree: root for tree, root in ids if root}, key)


def body_of(name, workload):
    """The file with the request: a server's own spelling, or that of all."""
    peers = os.path.join(measure.HERE, "peers")
    for path in (os.path.join(peers, kind(name), workload + ".json"),
                 os.path.join(peers, workload + ".json")):
        if os.path.exists(path):
            return path
    return measure.body_of(workload)


# --- do they answer the same? -------------------------------------------------


def plain(value):
    """A value as all of them can write it.

    >>> plain(7) == plain("7"), plain(None)
    (True, 'None')
    >>> plain("2024-01-02T03:04:05.000Z") == plain("2024-01-02T04:04:05+01:00")
    True
    """
    text = str(value)
    if TIME.match(text):
        return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()
    return text


def leaves(value, name=""):
    """The scalars of an answer with the names of their fields, in order.

    >>> leaves({"links": [{"id": 1, "url": "a"}, {"id": 2, "url": None}]})
    [('id', '1'), ('url', 'a'), ('id', '2'), ('url', 'None')]
    """
    if isinstance(value, dict):
        return [leaf for key, each in value.items() for leaf in leaves(each, key)]
    if isinstance(value, list):
        return [leaf for each in value for leaf in leaves(each, name)]
    return [(name, plain(value))]


def comparable(workload, data):
    """What must be the same: of a new link not its id, of a schema its types."""
    if workload == "W6":
        names = {each["name"] for each in data["__schema"]["types"]}
        return sorted(name for name in names - BUILT_IN if not name.startswith("__"))
    return [leaf for leaf in leaves(data) if workload != "W4" or leaf[0] != "id"]


def check(workload, all_servers):
    """End here, if one of them does not answer what the first does."""
    expected = None
    for server in all_servers:
        with open(body_of(server.name, workload), "rb") as file:
            data = measure.ask(server.url, workload, file.read(), server.key)
        if workload == "W6" and kind(server.name) in OWN_SCHEMA:
            continue
        answer = comparable(workload, data)
        expected = expected or answer
        if answer != expected:
            sys.exit(f"{server.name} answers {workload} with\n{json.dumps(data)[:2000]}\n"
                     f"instead of\n{expected[:50]}")
    if workload == "W4":
        measure.forget_links()


# --- the table ---------------------------------------------------------------

HEAD = (f"{'workload':8} {'clients':>7} {'server':20} | {'req/s':>8} {'p50 ms':>8} {'p99 ms':>8} {'errors':>7} |"
        f" {'front':>6} {'server':>7} {'postgresql':>10} {'total':>7} us | {'MiB':>5} | req/s x  CPU x")


def memory(root):
    """MiB of a tree; what several of its processes share counts once."""
    kib = 0
    for process in measure.members(root, measure.processes()):
        try:
            with open(f"/proc/{process}/smaps_rollup", encoding="ascii") as file:
                kib += int(re.search(r"^Pss: *(\d+)", file.read(), re.MULTILINE)[1])
        except OSError:
            pass
    return kib / 1024


def run(server, workload, clients, given):
    result = measure.load(server.roots, server.url, workload, body_of(server.name, workload),
                          clients, given.seconds, server.key)
    result.setdefault("front", 0)
    result["total"] = sum(result[tree] for tree in TREES)
    result["memory"] = memory(server.roots["server"])
    return result


def row(workload, clients, name, result, first):
    return (f"{workload:8} {clients:7} {name:20} | {result['rate']:8.0f} {result['p50']:8.2f} "
            f"{result['p99']:8.2f} {result['errors']:7.0f} | {result['front']:6.0f} {result['server']:7.0f} "
            f"{result['postgresql']:10.0f} {result['total']:7.0f}    | {result['memory']:5.0f} | "
            f"{result['rate'] / first['rate']:7.2f} {result['total'] / first['total']:6.2f}")


def main():
    given = options()
    all_servers = list(servers(given))
    workloads = given.workloads or WORKLOADS
    for workload in workloads:
        check(workload, all_servers)
    print(HEAD)
    for workload in workloads:
        for server in all_servers:
            measure.load(server.roots, server.url, workload, body_of(server.name, workload),
                         16, 1, server.key)
        for clients in map(int, given.clients.split(",")):
            rounds = [[run(server, workload, clients, given) for server in all_servers]
                      for _ in range(given.rounds)]
            results = [measure.medians(results) for results in zip(*rounds)]
            for server, result in zip(all_servers, results):
                print(row(workload, clients, server.name, result, results[0]), flush=True)


if __name__ == "__main__":
    main()
