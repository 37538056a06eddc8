#!/usr/bin/env python3
"""search.py - which document that the limits admit costs PostgreSQL most?

Random documents, and variants of the dearest up to now, are sent one after the other; how long the
answer takes is what counts.  The same seed makes the same documents, but which of them are varied
depends on the machine.

SPDX-License-Identifier: MIT
"""
import argparse
import json
import random
import time
import urllib.request

TEXTS = ["e", "%", "ar", "article", "a%e%i", "x" * 40, "%e" * 40, "_" * 90, "zzzz"]
TIMES = ["2024-02-01T00:00:00.000Z", "2024-03-01T00:00:00.000Z", "2030-01-01T00:00:00.000Z"]


class Maker:
    """Makes values of the contract's types; a document is a tree of lists that a variant changes."""

    def __init__(self, chance):
        self.chance = chance

    def text(self):
        pick = self.chance.choice
        op = pick(["eq", "ne", "in", "startsWith", "contains", "iContains", "like", "iLike"])
        if op == "in":
            return f"{{in: {json.dumps([pick(TEXTS) + str(i) for i in range(pick([1, 50, 400]))])}}}"
        return f"{{{op}: {json.dumps(pick(TEXTS))}}}"

    def number(self):
        pick = self.chance.choice
        return pick(["{gt: -1}", "{lt: 100}", "{ne: 3}", "{eq: 10}", "{in: [%s]}" % ", ".join(map(str, range(400)))])

    def moment(self):
        pick = self.chance.choice
        times = [f"2024-02-{1 + i % 28:02}T00:{i % 60:02}:00.000Z" for i in range(pick([1, 60, 400]))]
        return pick([f'{{lt: "{pick(TIMES)}"}}', f'{{gte: "{pick(TIMES)}"}}', f"{{in: {json.dumps(times)}}}"])

    def many(self, kind, depth):
        return f"{{{self.chance.choice(['some', 'every', 'none'])}: {self.filter(kind, depth - 1)}}}"

    def filter(self, kind, depth):
        pick = self.chance.choice
        leaves = {"Link": {"url": self.text, "description": self.text, "voteCount": self.number, "createdAt": self.moment},
                  "User": {"username": self.text, "dateJoined": self.moment},
                  "Vote": {"createdAt": self.moment}}[kind]
        joins = {"Link": {"postedBy": "User", "votes": "Vote"}, "User": {"links": "Link", "votes": "Vote"},
                 "Vote": {"user": "User", "link": "Link"}}[kind]
        form = self.chance.random()
        if depth > 1 and form < 0.45:
            name = pick(list(joins))
            is_one = name in ("postedBy", "user", "link")
            return f"{{{name}: {self.filter(joins[name], depth - 1) if is_one else self.many(joins[name], depth)}}}"
        if depth > 1 and form < 0.6:
            inner = [self.filter(kind, depth - 1) for _ in range(pick([2, 3, 8]))]
            return f"{{{pick(['and', 'or'])}: [{', '.join(inner)}]}}"
        if depth > 1 and form < 0.7:
            return f"{{not: {self.filter(kind, depth - 1)}}}"
        name = pick(list(leaves))
        return f"{{{name}: {leaves[name]()}}}"

    def order(self):
        pick = self.chance.choice
        return pick(["{description: ASC}", "{url: DESC}", "{hot: DESC}"])

    def nested(self, depth):
        if depth == 0 or self.chance.random() < 0.6:
            return ""
        field = self.chance.choice(["votes", "votePages"])
        where = f"where: {self.filter('Vote', 3)}, " if self.chance.random() < 0.7 else ""
        shown = "{ id link { id } }" if field == "votes" else "{ totalCount edges { node { id } } }"
        return f" {field}({where}first: {self.chance.choice([1, 20, 100])}) {shown}"

    def root(self):
        pick = self.chance.choice
        kind, field = pick([("Link", "links"), ("Link", "linkPages"), ("Vote", "votes"), ("Vote", "votePages"), ("User", "users")])
        given = [f"first: {pick([1, 100, 100])}"]
        if self.chance.random() < 0.9:
            given.append(f"where: {self.filter(kind, pick([1, 2, 3, 5]))}")
        if kind == "Link" and self.chance.random() < 0.5:
            given.append(f"orderBy: [{self.order()}]")
        if "Pages" not in field and self.chance.random() < 0.3:
            given.append("skip: 10000")
        below = "id" + (self.nested(1) if kind == "Link" else "")
        shown = f"{{ totalCount edges {{ cursor node {{ {below} }} }} }}" if "Pages" in field else f"{{ {below} }}"
        return f"{field}({', '.join(given)}) {shown}"

    def document(self):
        return [self.root() for _ in range(self.chance.choice([1, 1, 2, 20]))]

    def vary(self, roots):
        roots = list(roots)
        change = self.chance.random()
        if change < 0.4 and len(roots) < 20:
            roots += [self.chance.choice(roots)] * min(20 - len(roots), self.chance.choice([1, 4, 19]))
        elif change < 0.7:
            roots[self.chance.randrange(len(roots))] = self.root()
        else:
            worst = self.chance.choice(roots)
            roots = [worst.replace('"%"', json.dumps(self.chance.choice(TEXTS)), 1), *roots[1:]]
        return roots


def ask(url, roots):
    """Seconds, and the codes of errors."""
    text = "{ " + " ".join(f"f{i}: {root}" for i, root in enumerate(roots)) + " }"
    request = urllib.request.Request(url, json.dumps({"query": text}).encode(), {"Content-Type": "application/json", "Accept": "application/json"})
    start = time.monotonic()
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            answer = json.load(response)
    except urllib.error.HTTPError as error:
        answer = json.load(error)
    codes = [e.get("extensions", {}).get("code") for e in answer.get("errors", [])]
    return time.monotonic() - start, codes, text


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--url", required=True)
    options.add_argument("--seconds", type=int, default=300)
    options.add_argument("--seed", type=int, default=1)
    options = options.parse_args()
    maker = Maker(random.Random(options.seed))
    dearest, asked, refused, cut = [], 0, {}, 0
    end = time.monotonic() + options.seconds
    while time.monotonic() < end:
        roots = maker.vary(maker.chance.choice(dearest)[1]) if len(dearest) > 5 and maker.chance.random() < 0.5 else maker.document()
        seconds, codes, text = ask(options.url, roots)
        asked += 1
        for code in set(codes):
            refused[code] = refused.get(code, 0) + 1
        cut += "TIMEOUT" in codes
        if "BAD_REQUEST" in codes or "GRAPHQL_VALIDATION_FAILED" in codes or "INTERNAL_SERVER_ERROR" in codes:
            print("unexpected:", codes, text[:2000])
        dearest = sorted(dearest + [(seconds, roots, codes)], key=lambda one: -one[0])[:20]
    print(f"{asked} documents; of {cut} the time was up; codes of errors: {refused}")
    for seconds, roots, codes in dearest[:5]:
        print(f"{seconds:7.3f} s {sorted(set(map(str, codes)))} {len(roots)} root fields: {roots[0][:1500]}")


main()
