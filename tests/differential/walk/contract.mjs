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

// What finds words in items, and how well these fit.
const WORDS = ['cat', 'cat or dog', 'dog -eel', '"the cat"', 'nothing', ''];
const document = "to_tsvector('simple', coalesce(x_words, '') || ' ' || coalesce(n_words, ''))";
const query = (words) => `websearch_to_tsquery('simple', '${words}')`;

// The orders that are values of an enum, with the terms that they have.
export const SORTS = {
    X_MOMENT_ASC: [['x_moment', 'ASC']],
    N_TEXT_DESC_NULLS_LAST: [['n_text', 'DESC_NULLS_LAST']],
    MIXED: [['x_integer', 'DESC'], ['n_moment', 'ASC_NULLS_FIRST'], ['x_text', 'ASC']],
};

const sqlOf = ([column, direction]) => `${BEYOND[column]?.sql ?? column} ${direction.replaceAll('_', ' ')}`;
const search = '@search(columns: ["x_words", "n_words"], config: "simple")';

export const contract = `
type Query {
  items(${page}, orderBy: [ItemOrder!]): ItemConnection!
  sorted(${page}, orderBy: [ItemSort!]): ItemConnection! @order(by: "x_grade DESC, n_numeric NULLS FIRST")
  found(${page}, where: ItemFilter, orderBy: [FoundOrder!]): ItemConnection!
  to(most: Int!, ${page}, orderBy: [ItemOrder!]): ItemConnection! @function(name: "items_to")
  things(${page}, orderBy: [ThingSort!]): ThingConnection!
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
union Thing = Item | Piece
${connection('Thing')}
${connection('Item')}
${connection('Piece')}
enum Direction { ASC  DESC  ASC_NULLS_FIRST  ASC_NULLS_LAST  DESC_NULLS_FIRST  DESC_NULLS_LAST }
input OwnerOrder @oneOf { name: Direction  rank: Direction  group: GroupOrder }
input GroupOrder @oneOf { title: Direction  owners: Direction @count }
input ItemOrder @oneOf { owner: OwnerOrder  marks: Direction @count  digits: Direction @function(name: "digits")
  id: Direction  ${COLUMNS.map((column) => `${column}: Direction`).join('  ')} }
input ItemFilter { words: String ${search} }
input FoundOrder @oneOf { fit: Direction ${search}  x_text: Direction  n_moment: Direction }
enum ThingSort { X_MOMENT_ASC  X_MOMENT_DESC  N_TEXT_ASC_NULLS_FIRST  N_TEXT_DESC_NULLS_LAST  N_TEXT_DESC }
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

// Items in which words are found, the best ones first, or last.
function makeFound(random) {
    const words = random.pick(WORDS);
    const others = random.chance(0.5) ? randomTerms(random, ['x_text', 'n_moment']).slice(0, 2) : [];
    const fit = ['fit', random.pick(DIRECTIONS)];
    const terms = random.chance(0.7) ? [fit, ...others] : [...others, fit];
    const rank = `ts_rank(${document}, ${query(words)})`;
    const sql = orderSql(terms.map(([column, way]) => [column === 'fit' ? rank : column, way]), ['id']);
    return { field: 'found', given: `where: { words: ${JSON.stringify(words)} }`, orderBy: inputs(terms), node: 'id', keyOf: ({ id }) => id,
        sql: `SELECT id, owner_id FROM items WHERE ${document} @@ ${query(words)} ORDER BY ${sql}` };
}

// Rows of two tables: by type, and in one type by key, where they are equal.
function makeThings(random) {
    const sorts = { X_MOMENT_ASC: 'x_moment', X_MOMENT_DESC: 'x_moment DESC', N_TEXT_ASC_NULLS_FIRST: 'n_text NULLS FIRST',
        N_TEXT_DESC_NULLS_LAST: 'n_text DESC NULLS LAST', N_TEXT_DESC: 'n_text DESC' };
    const names = random.some(Object.keys(sorts), 0.4);
    const last = names.at(-1)?.includes('DESC') ? ' DESC' : '';
    const terms = [...names.map((name) => sorts[name]), ...['type COLLATE "C"', 'id', 'kind', 'number'].map((column) => column + last)];
    return { field: 'things', given: '', orderBy: `[${names.join(', ')}]`, node: '... on Item { id } ... on Piece { kind number }',
        keyOf: ({ id, kind, number }) => id ?? `${kind} ${number}`,
        sql: `SELECT coalesce(id::text, kind || ' ' || number) FROM (
            SELECT 'Item' AS type, id, NULL AS kind, NULL AS number, x_moment, n_text FROM items UNION ALL
            SELECT 'Piece', NULL, kind, number, x_moment, n_text FROM pieces) AS things ORDER BY ${terms.join(', ')}` };
}

// A field, in some order: as a document has it, what its rows are known by, and what finds all of them.
// `given` is what else it is given.
export function makeList(random) {
    const field = random.pick(['items', 'items', 'items', 'items', 'sorted', 'pieces', 'found', 'found', 'things', 'to']);
    if (field === 'found')
        return makeFound(random);
    if (field === 'things')
        return makeThings(random);
    if (field === 'pieces') {
        const terms = random.chance(0.3) ? [] : randomTerms(random, ['kind', 'number', 'x_moment', 'n_text']);
        const sql = orderSql(terms.length > 0 ? terms : [['kind', 'DESC']], ['kind', 'number']);
        return { field, given: '', orderBy: inputs(terms), node: 'kind number', keyOf: ({ kind, number }) => `${kind} ${number}`,
            sql: `SELECT kind || ' ' || number AS key FROM pieces ORDER BY ${sql}` };
    }
    const names = field === 'sorted' ? random.some(Object.keys(SORTS), 0.4) : [];
    const byDefault = [['x_grade', 'DESC'], ['n_numeric', 'ASC_NULLS_FIRST']];
    const columns = random.chance(0.3) ? Object.keys(BEYOND) : ['id', ...COLUMNS];
    const terms = field !== 'sorted' ? randomTerms(random, columns)
        : names.length > 0 ? names.flatMap((name) => SORTS[name]) : byDefault;
    const most = random.pick([-1, 1, 7]);
    return { field, given: field === 'to' ? `most: ${most}` : '', orderBy: field === 'sorted' ? `[${names.join(', ')}]` : inputs(terms),
        node: 'id', keyOf: ({ id }) => id,
        sql: `SELECT id, owner_id FROM items ${field === 'to' ? `WHERE x_integer <= ${most} ` : ''}ORDER BY ${orderSql(terms, ['id'])}` };
}
