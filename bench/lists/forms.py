"""forms.py - the forms of SQL that are measured beside each other: groups of statements.

A statement has named parameters with types, `:at::timestamptz`; WHERE says with which values: those
of the last row of a page, which a query of its own finds.

SPDX-License-Identifier: MIT
"""

PAGE = 20

SHOWN = "id, title"
BATCH = "unnest(:keys::integer[]) WITH ORDINALITY AS k(key, n)"


def page(condition, order, columns=SHOWN, limit=PAGE + 1):
    where = f" WHERE {condition}" if condition else ""
    return f"SELECT {columns} FROM items{where} ORDER BY {order} LIMIT {limit}"


def both(first, second, order, columns, limit=PAGE + 1):
    """Two branches, each with the whole order and limit, and once more around both."""
    return (f"SELECT * FROM (({page(first, order, columns, limit)}) UNION ALL "
            f"({page(second, order, columns, limit)})) AS items ORDER BY {order} LIMIT {limit}")


def batch(inner):
    return f"SELECT k.n, i.* FROM {BATCH} CROSS JOIN LATERAL ({inner}) AS i ORDER BY k.n"


# The order, its terms as a cursor has them, and the forms of its condition.
KEYSET = [
    ("created_at DESC, id DESC: uniform, NOT NULL", "created_at DESC, id DESC", "true", {
        "row comparison (in use)": page("(created_at, id) < (:created_at::timestamptz, :id::integer)", "created_at DESC, id DESC"),
        "OR": page("created_at < :created_at::timestamptz OR created_at = :created_at::timestamptz AND id < :id::integer", "created_at DESC, id DESC"),
        "OFFSET": "SELECT id, title FROM items ORDER BY created_at DESC, id DESC LIMIT 21 OFFSET :offset::bigint",
    }),
    ("rank DESC, created_at, id: mixed", "rank DESC, created_at, id", "true", {
        "two branches (in use)": both("rank = :rank::integer AND (created_at, id) > (:created_at::timestamptz, :id::integer)", "rank < :rank::integer",
                                      "rank DESC, created_at, id", "rank, created_at, id, title"),
        "OR": page("rank < :rank::integer OR rank = :rank::integer AND (created_at, id) > (:created_at::timestamptz, :id::integer)",
                   "rank DESC, created_at, id"),
        "OR behind a bound": page("rank <= :rank::integer AND (rank < :rank::integer OR (created_at, id) > (:created_at::timestamptz, :id::integer))",
                                  "rank DESC, created_at, id"),
    }),
    ("seen_at, id: nullable, behind a value", "seen_at, id", "seen_at IS NOT NULL", {
        "two branches (in use)": both("(seen_at, id) > (:seen_at::timestamptz, :id::integer)", "seen_at IS NULL", "seen_at, id", "seen_at, id, title"),
        "OR": page("(seen_at, id) > (:seen_at::timestamptz, :id::integer) OR seen_at IS NULL", "seen_at, id"),
    }),
    ("seen_at, id: nullable, behind a null", "seen_at, id", "seen_at IS NULL", {
        "IS NULL AND id > (in use)": page("seen_at IS NULL AND id > :id::integer", "seen_at, id"),
    }),
    ("rank, seen_at, id: a later term nullable", "rank, seen_at, id", "rank > 0 AND seen_at IS NOT NULL", {
        "branches (in use)": "SELECT * FROM ((" + page("rank = :rank::integer AND (seen_at, id) > (:seen_at::timestamptz, :id::integer)", "rank, seen_at, id", "rank, seen_at, id, title")
                             + ") UNION ALL (" + page("rank = :rank::integer AND seen_at IS NULL", "rank, seen_at, id", "rank, seen_at, id, title")
                             + ") UNION ALL (" + page("rank > :rank::integer", "rank, seen_at, id", "rank, seen_at, id, title")
                             + ")) AS items ORDER BY rank, seen_at, id LIMIT 21",
        "OR": page("rank > :rank::integer OR rank = :rank::integer AND (seen_at > :seen_at::timestamptz OR seen_at IS NULL OR seen_at = :seen_at::timestamptz AND id > :id::integer)",
                   "rank, seen_at, id"),
    }),
    ("price, id: numeric, not leakproof", "price, id", "true", {
        "row comparison": page("(price, id) > (:price::numeric, :id::integer)", "price, id"),
    }),
    ("state, id: an enum, not leakproof", "state, id", "true", {
        "row comparison": page("(state, id) > (:state::state, :id::integer)", "state, id"),
    }),
]

# Below 20 parents, of which one has many, behind the same position.
BATCHES = [
    ("a batch: created_at, id", {
        "row comparison in the lateral (in use)": batch("SELECT id, title FROM items WHERE parent_id = k.key AND (created_at, id) > (:created_at::timestamptz, :id::integer)"
                                                        " ORDER BY created_at, id LIMIT 11"),
        "OR in the lateral": batch("SELECT id, title FROM items WHERE parent_id = k.key AND (created_at > :created_at::timestamptz OR created_at = :created_at::timestamptz AND id > :id::integer)"
                                   " ORDER BY created_at, id LIMIT 11"),
    }),
    ("a batch: seen_at, id, nullable", {
        "two branches in the lateral (in use)": batch(both("parent_id = k.key AND (seen_at, id) > (:created_at::timestamptz, :id::integer)", "parent_id = k.key AND seen_at IS NULL",
                                                           "seen_at, id", "seen_at, id, title", 11)),
        "OR in the lateral": batch("SELECT id, title FROM items WHERE parent_id = k.key AND ((seen_at, id) > (:created_at::timestamptz, :id::integer) OR seen_at IS NULL)"
                                   " ORDER BY seen_at, id LIMIT 11"),
    }),
]

BEHIND = "(created_at, id) < (:created_at::timestamptz, :id::integer)"
BEFORE = "(created_at, id) >= (:created_at::timestamptz, :id::integer)"
NEWEST = "created_at DESC, id DESC"
PROBES = [
    ("hasPreviousPage of page 1,000", {
        "the page alone": page(BEHIND, NEWEST),
        "probe, ordered and fenced (in use)": f"SELECT EXISTS (SELECT FROM (SELECT FROM items WHERE {BEFORE} ORDER BY created_at, id LIMIT 1 OFFSET 0) AS i)",
        "probe, bare EXISTS": f"SELECT EXISTS (SELECT FROM items WHERE {BEFORE})",
        "page and probe as a column": page(BEHIND, NEWEST, SHOWN + f", (SELECT EXISTS (SELECT FROM (SELECT FROM items WHERE {BEFORE} ORDER BY created_at, id LIMIT 1 OFFSET 0) AS i))"),
    }),
]

COUNTS = [
    ("count of 20 parents' items, one with many", {
        "lateral per key (in use)": f"SELECT k.n, c.count FROM {BATCH} CROSS JOIN LATERAL (SELECT count(*) FROM items WHERE parent_id = k.key) AS c",
        "lateral per key, at most 1,000": f"SELECT k.n, c.count FROM {BATCH} CROSS JOIN LATERAL (SELECT count(*) FROM (SELECT FROM items WHERE parent_id = k.key LIMIT 1001) AS i) AS c",
        "GROUP BY with = ANY": "SELECT parent_id, count(*) FROM items WHERE parent_id = ANY (:keys::integer[]) GROUP BY parent_id",
    }),
    ("count of all, at most 10,000", {
        "count of a cut (in use with atMost)": "SELECT count(*) FROM (SELECT FROM items LIMIT 10001) AS i",
        "count of all": "SELECT count(*) FROM items",
    }),
]

# An author of a twentieth of the rows, and one with a hundred.
FILTERS = [
    (f"the 20 newest of an author with {name}", {
        "generic plan": page("author_id = :author::integer", NEWEST),
        "custom plan": page("author_id = :author::integer", NEWEST),
        "by the filter's index (fence)": f"SELECT id, title FROM (SELECT * FROM items WHERE author_id = :author::integer OFFSET 0) AS i ORDER BY {NEWEST} LIMIT 21",
    }, author) for name, author in (("a twentieth of all", 1), ("a hundred", 77))
]
