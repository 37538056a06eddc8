// rows.mjs - random rows for the walks: few values, so that there are ties, and odd ones among them.
//
// SPDX-License-Identifier: MIT
import { quote } from '../lib/session.mjs';

// By the name of a column without its `x_` or `n_`.
export const VALUES = {
    boolean: ['true', 'false'],
    small: ['-32768', '-1', '0', '1', '32767'],
    integer: ['-2147483648', '-1', '0', '1', '7', '2147483647'],
    double: ['NaN', 'Infinity', '-Infinity', '-0', '0', '0.1', '0.30000000000000004', '1e-300', '5e-324', '1.7976931348623157e308'],
    real: ['NaN', '-Infinity', '-0', '0', '0.1', '16777217', '1e-45'],
    numeric: ['NaN', 'Infinity', '-1', '0', '0.0', '1.10', '1.1', '12345678901234567890.123456789', '1e-20'],
    text: ['', 'a', 'A', 'ä', 'Z', 'a b', '%', '\\', "it's", '"', '漢', '\u{1f600}', 'NULL', 'a'.repeat(300)],
    case: ['straße', 'STRASSE', 'Ada', 'ADA', 'ada', 'b'],
    char: ['a', 'ab', 'abc', ''],
    short: ['a', 'ab  ', 'b'],
    uuid: ['00000000-0000-0000-0000-000000000000', '0191ab3c-5d6e-7f80-9a1b-2c3d4e5f6071', 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
    date: ['-infinity', '0044-03-15 BC', '1999-12-31', '2000-01-01', 'infinity'],
    time: ['00:00:00', '12:30:00.000001', '12:30:00.000002', '24:00:00'],
    moment: ['-infinity', '0044-03-15 12:00:00+00 BC', '2026-01-01 00:00:00.000001+00', '2026-01-01 00:00:00.000002+00',
        '2026-01-01 00:00:00.001+00', '12026-01-01 00:00:00+00', 'infinity'],
    stamp: ['-infinity', '1969-12-31 23:59:59.999999', '1970-01-01', '1970-01-01 00:00:00.0005', 'infinity'],
    span: ['1 day', '24 hours', '-1 month', '00:00:00.000001', '1 year 2 mons -3 days'],
    bytes: ['\\x', '\\x00', '\\x00ff', '\\xff'],
    grade: ['low', 'high', 'middle'],
    address: ['127.0.0.1', '127.0.0.1/8', '10.0.0.0/8', '::1', 'fe80::1/64'],
    range: ['empty', '[1,5)', '(,5)', '[1,)', '(,)', '[2,3)'],
    numbers: ['{}', '{1}', '{1,NULL}', '{1,2}', '{-1}'],
    json: ['null', '1', '1.0', '"a"', '[]', '{}', '{"a": 1}', 'true'],
    words: ['cat', 'a cat and a dog', 'dog dog dog', 'the cat, the cat and the dog', 'eel', '', 'catdog'],
};

export const COLUMNS = Object.keys(VALUES).flatMap((name) => [`x_${name}`, `n_${name}`]);

const literal = (random, column) =>
    (column.startsWith('n_') && random.chance(0.4) ? 'NULL' : quote(random.pick(VALUES[column.slice(2)])));

export function makeItem(random, id) {
    const owner = random.chance(0.2) ? 'NULL' : random.between(1, 4);
    return `(${[id, owner, random.chance(0.1), ...COLUMNS.map((column) => literal(random, column))].join(', ')})`;
}

export const insertItems = (rows) =>
    (rows.length > 0 ? `INSERT INTO items (id, owner_id, is_hidden, ${COLUMNS.join(', ')}) VALUES\n${rows.join(',\n')};\n` : '');

// All rows anew.
export function makeRows(random) {
    const items = random.many(random.pick([0, 1, 5, 20, 60]), (i) => makeItem(random, i * 10 + 1));
    const pieces = random.many(30, (i) => `(${quote(random.pick(['a', 'B', 'ä']))}, ${i},
        ${quote(random.pick(VALUES.moment))}, ${literal(random, 'n_text')})`);
    const marks = items.flatMap((_, i) => random.many(random.pick([0, 0, 1, 1, 2, 3]), () => `(${i * 10 + 1}, ${random.chance(0.2)})`));
    return `TRUNCATE groups, owners, items, pieces, marks;
        INSERT INTO groups VALUES (1, 'y'), (2, 'x');
        INSERT INTO owners VALUES (1, 'a', 1, 2), (2, NULL, 1, NULL), (3, 'b', 2, 1), (4, 'hidden', 900, 1);
        ${insertItems(items)}
        ${marks.length > 0 ? `INSERT INTO marks (item_id, is_hidden) VALUES ${marks.join(', ')};` : ''}
        INSERT INTO pieces VALUES ${pieces.join(', ')}`;
}
