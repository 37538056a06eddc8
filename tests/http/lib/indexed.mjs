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
    v: { definition: 'varchar(40)', ...text(5), sql: `CASE WHEN i % 1000 <> 5 THEN md5((i * 5)::text) END` },
    c: { definition: 'text COLLATE "C" NOT NULL', ...text(11) },
};

// What only filters compare: an array, and jsonb.
export const PARTS = {
    t: { definition: 'text[] NOT NULL', sql: `ARRAY[md5(i::text), md5((i / 2)::text)]`, value: digest(WANTED) },
    j: { definition: 'jsonb NOT NULL', sql: `jsonb_build_object('k', i, md5(i::text), 1)`, value: digest(WANTED) },
};

const entries = Object.entries({ ...COLUMNS, ...PARTS });
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
        () => `USING gin (${pick(['t', 'j', 'j jsonb_path_ops', "to_tsvector('simple', s)"])})`,
        () => `USING gin (${pick(['t', 'j', "to_tsvector('simple', s)", "to_tsvector('english', s)"])}, a)`,
    ])();
}

// A condition for each operator of a column, which few rows meet: as GraphQL, and the parameter.
const compared = (value, least) => ({
    eq: [JSON.stringify(value), value],
    in: [JSON.stringify([value]), `{${value}}`],
    lt: [JSON.stringify(least), least],
    lte: [JSON.stringify(least), least],
});
const matched = (name, value = COLUMNS[name].value) => {
    const middle = value.slice(5, 17);
    return {
        ...compared(value, '001'),
        startsWith: [`"${value.slice(0, 8)}"`, `${value.slice(0, 8)}%`],
        contains: [`"${middle}"`, `%${middle}%`],
        endsWith: [`"${value.slice(18)}"`, `%${value.slice(18)}`],
        iContains: [`"${middle.toUpperCase()}"`, `%${middle.toUpperCase()}%`],
        iEq: [`"${value.toUpperCase()}"`, value.toUpperCase()],
    };
};
const parts = ({ value }) => [`["${value}"]`, `{${value}}`];
export const CONDITIONS = {
    a: compared(COLUMNS.a.value, 20),
    b: compared(COLUMNS.b.value, '2024-01-01T00:00:05.000Z'),
    n: compared(COLUMNS.n.value, 0.2),
    u: compared(COLUMNS.u.value, '00080000-0000-0000-0000-000000000000'),
    s: matched('s'),
    v: { ...matched('v'), isNull: ['true'] },
    c: matched('c'),
    words: { matches: [`"${COLUMNS.s.value}"`, COLUMNS.s.value] },
    t: { has: [`"${PARTS.t.value}"`, `{${PARTS.t.value}}`], hasAll: parts(PARTS.t), hasAny: parts(PARTS.t) },
    j: { contains: [`{k: ${WANTED}}`, `{"k": ${WANTED}}`], hasKey: [`"${PARTS.j.value}"`, PARTS.j.value] },
};

// The input types of a filter that has them.
const list = (type) => `eq: ${type} in: [${type}!] lt: ${type} lte: ${type}`;
const texts = 'startsWith: String contains: String endsWith: String iContains: String iEq: String';
const filterTypes = {
    a: list('Int'),
    b: list('DateTime'),
    n: list('Decimal'),
    u: list('ID'),
    s: `${list('String')} ${texts}`,
    v: `${list('String')} ${texts} isNull: Boolean`,
    c: `${list('String')} ${texts}`,
    t: 'has: String hasAll: [String!] hasAny: [String!]',
    j: 'contains: JSON hasKey: String',
};
export const filters = `
    scalar JSON
    input ThingFilter {
        ${Object.keys(filterTypes).map((name) => `${name}: Filter_${name}`).join(' ')}
        words: Words @search(columns: ["s"], config: "simple")
    }
    input Words { matches: String }
    ${Object.entries(filterTypes).map(([name, fields]) => `input Filter_${name} { ${fields} }`).join('\n')}`;

export function randomIndexes(pick) {
    return Array.from({ length: 5 + pick.number(7) }, () => (pick.number(3) ? btree(pick) : other(pick)));
}
