// indexed.mjs - a table that is large enough for an index to matter, and random indexes on it.
//
// SPDX-License-Identifier: MIT
import { createHash } from 'node:crypto';

export const ROWS = process.env.CHECK_FULL === 'yes' ? 100000 : 30000;

// The row whose values are looked for.
const WANTED = 77;

// Each column with the expression for row i, what a contract has for it, and the wanted value.
const digest = (number) => createHash('md5').update(String(number)).digest('hex');
const text = (factor) => ({ sql: `md5((i * ${factor})::text)`, type: 'String', value: digest(WANTED * factor) });
export const COLUMNS = {
    a: { definition: 'integer', sql: `CASE WHEN i % 10 > 0 THEN i * 7919 % ${ROWS} END`, type: 'Int', value: (WANTED * 7919) % ROWS },
    b: {
        definition: 'timestamptz NOT NULL',
        sql: `timestamptz '2024-01-01Z' + i / 3 * interval '1 s'`,
        type: 'DateTime',
        value: '2024-01-01T00:00:25.000Z',
    },
    n: { definition: 'numeric(12, 2) NOT NULL', sql: `i * 7907 % ${ROWS} / 100.0`, type: 'Decimal', value: ((WANTED * 7907) % ROWS) / 100 },
    u: {
        definition: 'uuid NOT NULL',
        sql: 'md5(i::text)::uuid',
        type: 'ID',
        value: digest(WANTED).replace(/(.{8})(....)(....)(....)/, '$1-$2-$3-$4-'),
    },
    s: { definition: 'text NOT NULL', ...text(3) },
    v: { definition: 'varchar(40)', ...text(5) },
    c: { definition: 'text COLLATE "C" NOT NULL', ...text(11) },
};

const entries = Object.entries(COLUMNS);
export const tables = `
    CREATE EXTENSION btree_gin; CREATE EXTENSION btree_gist; CREATE EXTENSION pg_trgm;
    SET ROLE linnet_owner;
    CREATE TABLE parents (id int PRIMARY KEY);
    CREATE TABLE things (id int PRIMARY KEY, parent_id int NOT NULL REFERENCES parents,
        ${entries.map(([name, { definition }]) => `${name} ${definition}`).join(', ')}, filler text NOT NULL);
    INSERT INTO parents SELECT generate_series(0, 29);
    INSERT INTO things SELECT i, i % 30, ${entries.map(([, { sql }]) => sql).join(', ')}, repeat('-', 60)
    FROM generate_series(1, ${ROWS}) AS i;
    GRANT SELECT ON things, parents TO linnet_anon, linnet_user, linnet_staff;
    ALTER TABLE things ENABLE ROW LEVEL SECURITY; ALTER TABLE parents ENABLE ROW LEVEL SECURITY;
    CREATE POLICY read ON things USING (true); CREATE POLICY read ON parents USING (true);
    VACUUM (ANALYZE) things, parents;`;

const TEXTS = ['s', 'v', 'c'];

function term(pick, name) {
    const isText = TEXTS.includes(name);
    const operators = isText ? pick(['', '', ' COLLATE "C"', ` ${name === 'v' ? 'varchar' : 'text'}_pattern_ops`]) : '';
    return `${name}${operators}${pick(['', '', ' DESC', ' NULLS FIRST', ' DESC NULLS LAST'])}`;
}

// A B-tree; one of three begins with the parent, half end in the key.
function btree(pick) {
    const names = Object.keys(COLUMNS);
    const columns = [...new Set(Array.from({ length: 1 + pick.number(3) }, () => pick(names)))];
    const terms = columns.map((name) => (pick.number(4) ? name : term(pick, name)));
    if (pick.number(3) === 0) terms.unshift('parent_id');
    if (pick.number(2) === 0) terms.push(pick(['id', 'id', 'id DESC']));
    const include = pick.number(4) === 0 ? ' INCLUDE (filler)' : '';
    const where = pick(['', '', '', ' WHERE a IS NOT NULL', ' WHERE v IS NOT NULL', " WHERE b > '2020-01-01Z'"]);
    return `(${terms.join(', ')})${include}${where}`;
}

function other(pick) {
    const names = Object.keys(COLUMNS);
    return pick([
        () => `USING hash (${pick(names)})`,
        () => 'USING brin (b) WITH (pages_per_range = 4)',
        () => `USING gin (${pick(['a', 'b', 'n'])}, ${pick(['u', 's'])})`,
        () => `USING gist (${pick(['a', 'n', 'u'])})`,
        () => `USING gin (${pick(['s', 'v'])} gin_trgm_ops)`,
        () => `(lower(${pick(['s', 'v'])}), id)`,
        () => '((a + 1), id)',
    ])();
}

export function randomIndexes(pick) {
    return Array.from({ length: 4 + pick.number(6) }, () => (pick.number(4) ? btree(pick) : other(pick)));
}
