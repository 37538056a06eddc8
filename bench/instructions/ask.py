#!/usr/bin/env python3
"""ask.py - send one request many times over one connection, each after the answer to the one
before; wait first until the server answers.

SPDX-License-Identifier: MIT
"""
import argparse
import http.client
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from measure import headers_for

PATIENCE = 60  # seconds: callgrind makes a server slow to start


def ask(connection, body, headers):
    connection.request("POST", "/graphql", body, headers)
    response = connection.getresponse()
    return response.status, response.read()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--body", required=True, help="a file with the body of the request")
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--key", help="the file with the key of tokens, for who is signed in (W4)")
    given = parser.parse_args()
    with open(given.body, "rb") as file:
        body = file.read()
    workload = os.path.basename(given.body).partition(".")[0]
    headers = headers_for(workload, given.key)

    connection = http.client.HTTPConnection("127.0.0.1", given.port, timeout=PATIENCE)
    until = time.monotonic() + PATIENCE
    while (answer := ask(connection, body, headers))[0] >= 500 and time.monotonic() < until:
        time.sleep(0.1)
    for _ in range(given.count):
        if answer[0] != 200 or b'"errors"' in answer[1]:
            sys.exit(f"status {answer[0]}: {answer[1][:500]!r}")
        answer = ask(connection, body, headers)


if __name__ == "__main__":
    main()
