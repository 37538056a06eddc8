// contract.mjs - the contract of the walks, and orders as documents and PostgreSQL write them.
//
// SPDX-License-Identifier: MIT
import { COLUMNS } from './rows.mjs';

const page = 'first: Int, after: String, last: Int, before: String';

const connection = (type) => `
type ${type}Connection { pageInfo: PageInfo!  edges: [${type}Edge]!  nodes: [${type}!]!  totalCount: Int! }
type ${type}Edge { node: ${type}  cursor: String! }`;

// What else items are sorted by: as a document says it, with % for the direction, and as PostgreSQL does.
const owner = (what) => `(SELECT ${what} FROM owners o WHERE o.id = items.owner_id)`;
const group = (what) => owner(`(SELECT ${what} FROM groups g WHERE g.id = o.group_id)`);
const BEYOND = {
    'owner.name': { input: 'owner: { name: % }', sql: owner('o.name') },
    'owner.rank': { input: 'owner: { rank: % }', sql: owner('o.rank') },
    'owner.group.title': { input: 'owner: { group: { title: % } }', sql: group('g.title') },
    'owner.group.owners': { input: 'owner: { group: { owners: % } }',
        sql: `(SELECT count(*) FROM owners p WHERE p.group_id = ${owner('o.group_id')})` },
    marks: { input: 'marks: %', sql: '(SELECT count(*) FROM marks m WHERE m.item_id = items.id)' },
    digits: { input: 'digits: %', sql: 'digits(items)' },
};

// The orders that are values of an enum, with the terms that they have.
export const SORTS = {
    X_MOMENT_ASC: [['x_moment', 'ASC']],
    N_TEXT_DESC_NULLS_LAST: [['n_text', 'DESC_NULLS_LAST']],
    MIXED: [['x_integer', 'DESC'], ['n_moment', 'ASC_NULLS_FIRST'], ['x_text', 'ASC']],
};

const sqlOf = ([column, direction]) => `${BEYOND[column]?.sql ?? column} ${direction.replaceAll('_', ' ')}`;

export const contract = `
type Query {
  items(${page}, orderBy: [ItemOrder!]): ItemConnection!
  sorted(${page}, orderBy: [ItemSort!]): ItemConnection! @order(by: "x_grade DESC, n_numeric NULLS FIRST")
  pieces(${page}, orderBy: [PieceOrder!]): PieceConnection! @order(by: "kind DESC")
  owners: [Owner!]!
}
type Owner @table(name: "owners") {
  id: ID!
  items(${page}, orderBy: [ItemOrder!]): ItemConnection!
}
type Item @table(name: "items") { id: ID!  owner: Owner  marks: [Mark!]! }
type Mark @table(name: "marks") { id: ID! }
type Piece @table(name: "pieces") { kind: String!  number: Int! }
type PageInfo { hasNextPage: Boolean!  hasPreviousPage: Boolean!  startCursor: String  endCursor: String }
${connection('Item')}
${connection('Piece')}
enum Direction { ASC  DESC  ASC_NULLS_FIRST  ASC_NULLS_LAST  DESC_NULLS_FIRST  DESC_NULLS_LAST }
input OwnerOrder @oneOf { name: Direction  rank: Direction  group: GroupOrder }
input GroupOrder @oneOf { title: Direction  owners: Direction @count }
input ItemOrder @oneOf { owner: OwnerOrder  marks: Direction @count  digits: Direction @function(name: "digits")
  id: Direction  ${COLUMNS.map((column) => `${column}: Direction`).join('  ')} }
input PieceOrder @oneOf { kind: Direction  number: Direction  x_moment: Direction  n_text: Direction }
enum ItemSort { X_MOMENT_ASC  N_TEXT_DESC_NULLS_LAST  MIXED @order(by: "${SORTS.MIXED.map(sqlOf).join(', ')}") }
`;

const DIRECTIONS = ['ASC', 'DESC', 'ASC_NULLS_FIRST', 'ASC_NULLS_LAST', 'DESC_NULLS_FIRST', 'DESC_NULLS_LAST'];

const randomTerms = (random, columns) =>
    random.many(random.between(1, 3), () => [random.pick(columns), random.pick(DIRECTIONS)]);

// The terms, and the key behind them in the direction of the last one.
const orderSql = (terms, key) => {
    const last = terms.at(-1)?.[1].startsWith('DESC') ? ' DESC' : '';
    return [...terms.map(sqlOf), ...key.map((column) => column + last)].join(', ');
};

const inputs = (terms) => `[${terms.map(([column, direction]) =>
    `{ ${(BEYOND[column]?.input ?? `${column}: %`).replace('%', direction)} }`).join(', ')}]`;

// A field, in some order: as a document has it, what its rows are known by, and what finds all of them.
export function makeList(random) {
    const field = random.pick(['items', 'items', 'items', 'items', 'sorted', 'pieces']);
    if (field === 'pieces') {
        const terms = random.chance(0.3) ? [] : randomTerms(random, ['kind', 'number', 'x_moment', 'n_text']);
        const sql = orderSql(terms.length > 0 ? terms : [['kind', 'DESC']], ['kind', 'number']);
        return { field, orderBy: inputs(terms), node: 'kind number', keyOf: ({ kind, number }) => `${kind} ${number}`,
            sql: `SELECT kind || ' ' || number AS key FROM pieces ORDER BY ${sql}` };
    }
    const names = field === 'sorted' ? random.some(Object.keys(SORTS), 0.4) : [];
    const byDefault = [['x_grade', 'DESC'], ['n_numeric', 'ASC_NULLS_FIRST']];
    const columns = random.chance(0.3) ? Object.keys(BEYOND) : ['id', ...COLUMNS];
    const terms = field === 'items' ? randomTerms(random, columns)
        : names.length > 0 ? names.flatMap((name) => SORTS[name]) : byDefault;
    return { field, orderBy: field === 'sorted' ? `[${names.join(', ')}]` : inputs(terms), node: 'id', keyOf: ({ id }) => id,
        sql: `SELECT id, owner_id FROM items ORDER BY ${orderSql(terms, ['id'])}` };
}
