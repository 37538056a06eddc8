#!/usr/bin/env python3
"""measure.py - the time of a start, the cost of plain CGI, and the memory of a worker.

bench/start/run starts what it needs.

SPDX-License-Identifier: MIT
"""
import argparse
import os
import re
import resource
import socket
import statistics
import struct
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import measure  # pylint: disable=wrong-import-position

WORKLOADS = ("W1", "W2", "W3", "W5")
CLIENTS = 16


def options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--bundle", help="the program of `make bundle`")
    for name in ("url", "program", "folder", "socket", "bare", "key"):
        parser.add_argument("--" + name, required=True)
    for tree in measure.TREES:
        parser.add_argument("--" + tree, type=int, required=True)
    parser.add_argument("--requests", type=int, default=1000000)
    parser.add_argument("--times", type=int, default=100)
    return parser.parse_args()


def environment(body, **more):
    """What a web server says of a request, to a program of a cgi-bin or in FastCGI."""
    return {"GATEWAY_INTERFACE": "CGI/1.1", "REQUEST_METHOD": "POST", "SCRIPT_NAME": "/graphql",
            "REQUEST_URI": "/graphql", "QUERY_STRING": "", "REMOTE_ADDR": "127.0.0.1",
            "SERVER_PROTOCOL": "HTTP/1.1", "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(body)), "HTTP_HOST": "localhost", **more}


# --- plain CGI ---------------------------------------------------------------


def run_once(command, body, folder, variables):
    """Milliseconds, and milliseconds of CPU, of one start and answer."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    done = subprocess.run(command, input=body, cwd=folder, env=variables, capture_output=True)
    wall = time.monotonic() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if b'"id":"42"' not in done.stdout:
        sys.exit(f"{command[0]} does not answer:\n{done.stdout}{done.stderr}")
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall * 1000, spent * 1000


def measure_cgi(given):
    with open(measure.body_of("W1"), "rb") as file:
        body = file.read()
    variables = environment(body)
    programs = [("bare", [given.bare], {"DATABASE": os.environ["DATABASE"]}),
                ("Linnet", [given.program], variables)]
    if given.bundle:
        programs.append(("bundle", [given.bundle], variables))
    rounds = [[run_once(command, body, given.folder, env) for _, command, env in programs]
              for _ in range(given.times)]
    results = [tuple(map(statistics.median, zip(*each))) for each in zip(*rounds)]
    for (name, _, _), (wall, spent) in zip(programs, results):
        print(f"plain CGI, {name:6} {wall:6.2f} ms, {spent:6.2f} ms of CPU, "
              f"{wall / results[0][0]:5.2f} x, {spent / results[0][1]:5.2f} x", flush=True)


# --- start -------------------------------------------------------------------


def connect(path):
    """A connection, as soon as there can be one."""
    while True:
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.connect(path)
            return connection
        except OSError:
            connection.close()
            time.sleep(0.0002)


def record(kind, content):
    return struct.pack(">BBHHBx", 1, kind, 1, len(content), 0) + content


def answer(connection, body):
    """The answer to a request of FastCGI, whole."""
    variables = b"".join(struct.pack(">BB", len(name), len(value)) + name.encode() + value.encode()
                         for name, value in environment(body).items())
    connection.sendall(record(1, struct.pack(">HB5x", 1, 0)) + record(4, variables) + record(4, b"") +
                       record(5, body) + record(5, b""))
    answered = b""
    while piece := connection.recv(65536):
        answered += piece
    return answered


def start_once(given):
    """Milliseconds until a client can connect, and until it is answered."""
    body = b'{"query":"{ __typename }"}'
    if os.path.exists(given.socket):
        os.unlink(given.socket)
    start = time.monotonic()
    with subprocess.Popen([given.program, "serve", "--config", os.path.join(given.folder, "linnet.conf")],
                          cwd=given.folder, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            with connect(given.socket) as connection:
                accepted = time.monotonic()
                if b'"__typename":"Query"' not in answer(connection, body):
                    sys.exit("the server that was started does not answer")
                answered = time.monotonic()
        finally:
            server.terminate()
    return (accepted - start) * 1000, (answered - start) * 1000


def measure_start(given):
    accepted, answered = map(statistics.median, zip(*(start_once(given) for _ in range(given.times // 4))))
    print(f"start: a client can connect after {accepted:.1f} ms, and is answered after {answered:.1f} ms",
          flush=True)


# --- memory ------------------------------------------------------------------


def resident(process):
    """KiB of a process: all, and without the pages of files, which processes share."""
    with open(f"/proc/{process}/status", encoding="ascii") as file:
        found = dict(re.findall(r"^(VmRSS|RssAnon|RssShmem):\s+(\d+)", file.read(), re.MULTILINE))
    return int(found["VmRSS"]), int(found["RssAnon"]) + int(found["RssShmem"])


def print_memory(given, title):
    """Of each worker: the children of the master."""
    workers = [process for process, (parent, _) in measure.processes().items() if parent == given.workers]
    sizes = [resident(process) for process in sorted(workers)]
    print(f"memory, {title:22} " + "; ".join(
        f"{own / 1024:5.2f} MiB, with pages of files {whole / 1024:5.2f}" for whole, own in sizes), flush=True)


def measure_memory(given):
    roots = {tree: getattr(given, tree) for tree in measure.TREES}
    answered, mark = 0, given.requests // 100
    print_memory(given, "idle")
    while answered < given.requests:
        for workload in WORKLOADS:
            result = measure.load(roots, given.url, workload, measure.body_of(workload), CLIENTS, 1, given.key)
            answered += int(result["rate"])
        if answered >= mark:
            print_memory(given, f"after {answered} requests")
            mark *= 10


def main():
    given = options()
    measure_cgi(given)
    measure_start(given)
    measure_memory(given)


if __name__ == "__main__":
    main()
