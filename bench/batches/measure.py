#!/usr/bin/env python3
"""measure.py - what each form of a batch costs (../statements.py): at most 100 votes of each of 20
posts, with the names of who voted.

SPDX-License-Identifier: MIT
"""
import argparse
import os
import sys

sys.path.append(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from statements import SETTINGS, psql, report  # noqa: E402

POSTS = {
    "1 vote each": range(1, 21),
    "10 votes each": range(1001, 1021),
    "100 votes each": range(2001, 2021),
    "5 posts with 10,000 votes, 15 with 10": [*range(2201, 2206), *range(1001, 1016)],
}
KEYS = "unnest(:keys::integer[]) WITH ORDINALITY AS k(key, n)"


def votes_of_key(columns="id, created_at, person_id"):
    return f"(SELECT {columns} FROM votes WHERE post_id = k.key ORDER BY created_at, id LIMIT 100) AS v"


def joined(rows, key="n", more=""):
    """The rows of a subselect, and who voted."""
    return (f"SELECT v.{key}, v.id, people.id, people.name{more} FROM ({rows} OFFSET 0) AS v"
            " LEFT JOIN people ON people.id = v.person_id")


LATERAL = f"SELECT k.n, v.* FROM {KEYS} CROSS JOIN LATERAL {votes_of_key()}"
NUMBERED = "row_number() OVER (ORDER BY created_at, id) AS place, id, created_at, person_id"
ANY = "SELECT post_id, id, created_at, person_id FROM votes WHERE post_id = ANY(:keys::integer[])"
PLACES = ("SELECT * FROM (SELECT post_id, id, created_at, person_id, row_number() OVER"
          " (PARTITION BY post_id ORDER BY created_at, id) AS place FROM votes"
          " WHERE post_id = ANY(:keys::integer[])) AS v WHERE place <= 100")

FORMS = {
    "sorted by PostgreSQL": joined(LATERAL) + " ORDER BY v.n, v.created_at, v.id",
    "sorted by the worker (in use)": joined(LATERAL, more=", v.created_at"),
    "the same, by places numbered for each post": joined(
        f"SELECT k.n, v.* FROM {KEYS} CROSS JOIN LATERAL {votes_of_key(NUMBERED)}", more=", v.place"),
    "not fenced, sorted by the worker":
        f"SELECT k.n, v.id, people.id, people.name, v.created_at FROM {KEYS} CROSS JOIN LATERAL"
        f" {votes_of_key()} LEFT JOIN people ON people.id = v.person_id",
    "= ANY and row_number(), sorted by the worker": joined(PLACES, key="post_id", more=", v.created_at"),
    "= ANY without limit, in no order": joined(ANY, key="post_id"),
    "two waves: votes": f"SELECT k.n, v.* FROM {KEYS} CROSS JOIN LATERAL {votes_of_key()}",
    "two waves: people, each once": "SELECT id, name FROM people WHERE id = ANY(:people::integer[])",
}


def find_people(keys):
    """Who voted: what the second of two waves asks for."""
    return psql("SELECT array_agg(DISTINCT person_id) FROM"
                f" unnest('{keys}'::integer[]) AS k(key) CROSS JOIN LATERAL {votes_of_key()}",
                SETTINGS % "auto").strip()


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--seconds", type=int, default=2)
    options = options.parse_args()
    count = int(psql("SELECT count(*) FROM people"))
    for title, posts in POSTS.items():
        keys = "{" + ",".join(str(post) for post in posts) + "}"
        report(f"{title}, of {count:,} people", FORMS, {"keys": keys, "people": find_people(keys)}, options.seconds)


main()
