#!/usr/bin/env python3
"""measure.py - requests a second, latencies and CPU time of a running Linnet.

For each workload and number of clients: wrk against nginx, and pgbench on the same rows
without Linnet, in alternating rounds; medians are printed.  CPU time is that of the three
process trees, from /proc, divided by the requests.  bench/run starts all of it; bench/compare.py
takes from here how servers are measured.

SPDX-License-Identifier: MIT
"""
import argparse
import base64
import hashlib
import hmac
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
TICKS = os.sysconf("SC_CLK_TCK")
TREES = ("nginx", "workers", "postgresql")
# What Linnet sets on its connections too.
SETTINGS = "-c plan_cache_mode=force_generic_plan -c random_page_cost=1.1 -c jit=off"
PAGE = """SELECT array_agg(id)
FROM (SELECT id FROM links ORDER BY created_at DESC, id DESC LIMIT 20) AS page"""
# Where page 50 of W7 begins: it and what pgbench is told of it.
FIFTIETH = 490
PLACE = f"""SELECT created_at, id FROM links WHERE posted_by = 1 AND vote_count > 2
ORDER BY created_at DESC, id DESC OFFSET {FIFTIETH - 1} LIMIT 1"""
# More than these make PostgreSQL no faster on a machine that has so few cores.
MOST_CONNECTIONS = 16


def options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--url", required=True)
    for tree in TREES:
        parser.add_argument("--" + tree, type=int, required=True, help="the id of its first process")
    add_options(parser)
    parser.add_argument("--by-id", action="store_true",
                        help="compare with the same requests by the ids of their documents")
    return parser.parse_args()


def add_options(parser):
    """What every measurement is told."""
    parser.add_argument("--key", required=True, help="the file with the key of tokens")
    parser.add_argument("--clients", default="1,16,64")
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("workloads", nargs="*")


# --- CPU time ----------------------------------------------------------------


def processes():
    """All processes: id -> (parent, seconds of it and of its children that have ended)."""
    found = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat") as stat:
                fields = stat.read().rpartition(") ")[2].split()
        except OSError:
            continue
        found[int(name)] = (int(fields[1]), sum(map(int, fields[11:15])) / TICKS)
    return found


def members(root, found):
    """The processes of a tree."""
    children = {}
    for process, (parent, _) in found.items():
        children.setdefault(parent, []).append(process)
    tree, left = [], [root]
    while left:
        process = left.pop()
        tree += [process] if process in found else []
        left += children.get(process, [])
    return tree


def cpu(roots):
    found = processes()
    return {tree: sum(found[process][1] for process in members(root, found))
            for tree, root in roots.items()}


def settled(roots):
    """The CPU time, once all that was asked for has been done."""
    before = cpu(roots)
    for _ in range(50):
        time.sleep(0.1)
        after = cpu(roots)
        if sum(after.values()) - sum(before.values()) <= 0.01:
            break
        before = after
    return after


def measured(roots, command, **environment):
    """Run it; return its output and the CPU seconds that each tree spent meanwhile."""
    before = settled(roots)
    done = subprocess.run(command, capture_output=True, text=True,
                          env=dict(os.environ, **environment))
    after = settled(roots)
    if done.returncode != 0:
        sys.exit(f"{command[0]} failed:\n{done.stdout}{done.stderr}")
    return done.stdout, {tree: after[tree] - before[tree] for tree in roots}


# --- what is run -------------------------------------------------------------


def body_of(workload):
    return os.path.join(HERE, "workloads", workload + ".json")


def make_token(key):
    """A token as Linnet gives it: of user 1, for a quarter of an hour."""
    def encode(part):
        return base64.urlsafe_b64encode(part).rstrip(b"=")

    with open(key, "rb") as file:
        secret = file.read().removesuffix(b"\n")
    now = int(time.time())
    claims = {"iss": "linnet", "aud": "linnet", "sub": "1", "username": "user1", "role": "user",
              "iat": now, "exp": now + 900, "origIat": now, "jti": os.urandom(16).hex()}
    signed = b".".join(encode(json.dumps(part, separators=(",", ":")).encode())
                       for part in ({"typ": "JWT", "alg": "HS256"}, claims))
    return (signed + b"." + encode(hmac.new(secret, signed, "sha256").digest())).decode()


def headers_for(workload, key):
    """Who is signed in sends more, unless the server has no key."""
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if workload == "W4" and key:
        headers["Authorization"] = "JWT " + make_token(key)
    return headers


def ask(url, workload, body, key):
    """It must be answered, and without an error: errors are quick too."""
    request = urllib.request.Request(url, body, headers_for(workload, key))
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            answer = json.load(response)
    except urllib.error.HTTPError as error:
        sys.exit(f"{workload} is refused at {url}: {error}: {error.read()[:500]}")
    if "errors" in answer or not all(answer["data"].values()):
        sys.exit(f"{workload} is not answered at {url}: {json.dumps(answer)[:500]}")
    return answer["data"]


def prepare(url, workload, directory, key):
    """The file with the body of the request; of W7 the one for page 50, behind its cursor."""
    with open(body_of(workload), "rb") as file:
        body = file.read()
    if workload == "W7":
        request = json.loads(body)
        request["variables"]["first"] = 70
        for _ in range(FIFTIETH // 70):
            page = ask(url, workload, json.dumps(request).encode(), key)
            page = page["listedLinks"]["pageInfo"]
            request["variables"]["after"] = page["endCursor"]
        request["variables"]["first"] = 10
        body = json.dumps(request).encode()
    ask(url, workload, body, key)
    path = os.path.join(directory, workload + ".json")
    with open(path, "wb") as file:
        file.write(body)
    return path


def load(roots, url, workload, body, clients, seconds, key):
    """What comes of so many clients that ask for nothing else; what they have made is forgotten."""
    headers = headers_for(workload, key)
    output, spent = measured(
        roots,
        ["wrk", "-t1", f"-c{clients}", f"-d{seconds}s", "--latency", "--timeout", "10s",
         *(f"-H{name}: {value}" for name, value in headers.items()),
         "-s", os.path.join(HERE, "request.lua"), url],
        BENCH_BODY=body)
    if workload == "W4":
        forget_links()
    requests, duration, half, most, errors = map(
        int, re.search(r"^RESULT (.*)$", output, re.MULTILINE)[1].split())
    requests = max(requests, 1)
    result = {tree: spent[tree] * 1e6 / requests for tree in roots}
    result.update(rate=requests * 1e6 / duration, p50=half / 1000, p99=most / 1000, errors=errors)
    return result


def forget_links():
    """Links of W4, which has made the table longer than the data set's."""
    subprocess.run(["psql", "-Xqc", "DELETE FROM links WHERE url = 'https://example.com/new'",
                    "-c", "VACUUM (ANALYZE) links"], check=True)


# --- by the ids of documents --------------------------------------------------


def write_manifest():
    """The documents of all workloads, as a map of ids to texts."""
    documents = {}
    for name in os.listdir(os.path.join(HERE, "workloads")):
        with open(os.path.join(HERE, "workloads", name), "rb") as file:
            text = json.load(file)["query"]
        documents[hashlib.sha256(text.encode()).hexdigest()] = text
    json.dump(documents, sys.stdout)


def by_id(url, workload, body, key):
    """The file with the same request, by the id of its document."""
    with open(body, "rb") as file:
        request = json.load(file)
    text = request.pop("query")
    request = {"documentId": "sha256:" + hashlib.sha256(text.encode()).hexdigest(), **request}
    ask(url, workload, json.dumps(request).encode(), key)
    with open(body + ".id", "w", encoding="utf-8") as file:
        json.dump(request, file)
    return body + ".id"


def row_of_ids(workload, body, clients, given, roots):
    """Rounds by text and by id take turns; the least counts, since what else the machine does
    only adds to it."""
    bodies = (body, by_id(given.url, workload, body, given.key))
    rounds = [[load(roots, given.url, workload, each, clients, given.seconds, given.key)
               for each in bodies]
              for _ in range(given.rounds)]
    text, ids = (min((each[i] for each in rounds), key=lambda result: result["workers"])
                 for i in range(2))
    sizes = [os.path.getsize(each) for each in bodies]
    print(f"{workload:8} {clients:7} | by text {text['workers']:6.1f} us of a worker, "
          f"{sizes[0]:5} bytes | by id {ids['workers']:6.1f} us, {sizes[1]:5} bytes | "
          f"{ids['workers'] / text['workers']:.2f}, errors {text['errors'] + ids['errors']:.0f}",
          flush=True)


def run_limit(roots, name, clients, seconds, defines):
    """The same rows by pgbench; None for a workload that needs no database."""
    script = os.path.join(HERE, "limits", name + ".sql")
    if not os.path.exists(script):
        return None
    connections = min(clients, MOST_CONNECTIONS)
    output, spent = measured(
        {"postgresql": roots["postgresql"]},
        ["pgbench", "--no-vacuum", "--protocol=prepared", f"--client={connections}",
         f"--jobs={min(2, connections)}", f"--time={seconds}", f"--file={script}",
         *(f"--define={name}={value}" for name, value in defines.items())],
        PGOPTIONS=SETTINGS)
    transactions = int(re.search(r"actually processed: (\d+)", output)[1])
    return {"rate": float(re.search(r"tps = ([\d.]+)", output)[1]),
            "postgresql": spent["postgresql"] * 1e6 / max(transactions, 1)}


# --- the table ---------------------------------------------------------------

HEAD = (
    f"{'':16} | {'Linnet behind nginx':^34} | {'CPU us a request':^32} | {'by pgbench':^15} |\n"
    f"workload clients | {'req/s':>8} {'p50 ms':>8} {'p99 ms':>8} {'errors':>7} |"
    f" {'nginx':>6} {'workers':>7} {'postgresql':>10} {'total':>6} | {'tps':>7} {'CPU us':>7} | CPU x")


def medians(results):
    return {key: statistics.median(result[key] for result in results) for key in results[0]}


def row(workload, clients, linnet, limit):
    total = sum(linnet[tree] for tree in TREES)
    line = (f"{workload:8} {clients:7} | {linnet['rate']:8.0f} {linnet['p50']:8.2f} "
            f"{linnet['p99']:8.2f} {linnet['errors']:7.0f} | {linnet['nginx']:6.0f} "
            f"{linnet['workers']:7.0f} {linnet['postgresql']:10.0f} {total:6.0f} |")
    if limit:
        line += f" {limit['rate']:7.0f} {limit['postgresql']:7.0f} |"
        line += f" {total / limit['postgresql']:5.2f}" if limit["postgresql"] else ""
    return line


def query(text):
    return subprocess.run(["psql", "-XAtc", text], check=True, capture_output=True,
                          text=True).stdout.strip()


def find_defines():
    at, _, link = query(PLACE).partition("|")
    return {"page": query(PAGE), "at": f"'{at}'", "id": link}


def row_of_others(workload, clients, given, roots, defines):
    """What PostgreSQL takes for the statements that another server sends for the same, if known."""
    for name in ("hasura", "postgraphile"):
        rounds = [run_limit(roots, f"{workload}.{name}", clients, given.seconds, defines)
                  for _ in range(given.rounds)]
        if rounds[0]:
            other = medians(rounds)
            print(f"{workload:8} {clients:7} | {name + ', by pgbench':>34} | {'':32} |"
                  f" {other['rate']:7.0f} {other['postgresql']:7.0f} |", flush=True)


def main():
    if sys.argv[1:] == ["--write-manifest"]:
        write_manifest()
        return
    given = options()
    roots = {tree: getattr(given, tree) for tree in TREES}
    known = sorted(name[:-5] for name in os.listdir(os.path.join(HERE, "workloads")))
    for workload in given.workloads:
        if workload not in known:
            sys.exit(f"no workload {workload}; there are {', '.join(known)}")
    defines = {} if given.by_id else find_defines()
    directory = tempfile.mkdtemp(prefix="linnet-bench.")
    if not given.by_id:
        print(HEAD)
    for workload in given.workloads or known:
        body = prepare(given.url, workload, directory, given.key)
        load(roots, given.url, workload, body, 16, 1, given.key)
        for clients in map(int, given.clients.split(",")):
            if given.by_id:
                row_of_ids(workload, body, clients, given, roots)
                continue
            pairs = [(load(roots, given.url, workload, body, clients, given.seconds, given.key),
                      run_limit(roots, workload, clients, given.seconds, defines))
                     for _ in range(given.rounds)]
            limits = [limit for _, limit in pairs if limit]
            print(row(workload, clients, medians([linnet for linnet, _ in pairs]),
                      medians(limits) if limits else None), flush=True)
            row_of_others(workload, clients, given, roots, defines)
    shutil.rmtree(directory)


if __name__ == "__main__":
    main()
