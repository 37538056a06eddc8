// orders.mjs - the order of a list, and the place of a row in it.
//
// An entry is { row, number }, with the number of its branch. Its place is what a cursor holds: { number, texts },
// a text or null for each term of the order, the key's last.
//
// SPDX-License-Identifier: MIT

// --- what it sorts by ----------------------------------------------------------------------

// The terms that are asked for, or the field's own.
function termsOf(binding, args) {
    const asked = [args.orderBy ?? []].flat().flatMap((one) => binding.orderBy.of(one));
    return asked.length > 0 ? asked : binding.order;
}

export const isAsked = (binding, args) => termsOf(binding, args).length > 0;

const keyOf = ({ table }) => (table.primaryKey ?? []).map(table.column);

// A row may be joined more than once through a table between: what then tells the rows there apart.
function betweenOf({ join }) {
    const settled = [...join?.to ?? [], ...join?.further?.from ?? []];
    return join?.between ? (join.between.primaryKey ?? []).map(join.between.column).filter((column) => !settled.includes(column)) : [];
}

const columnName = (column) => (column ? `${column.table.name}.${column.name}` : '-');

// What tells a term from others, but for its direction.
function nameOf({ isType, isBetween, counts, joins = [], functions, columns }) {
    if (isType)
        return 'type';
    const way = joins.map(([join]) => `${join.from.map(columnName)} `).join('');
    if (counts)
        return `${way}count of ${counts.map(({ to }) => to.map(columnName))}`;
    return (isBetween ? 'between ' : '') + way + (functions ? functions.map(({ name }) => name) : columns.map(columnName)).join('|');
}

// Where no null can be, it does not matter where nulls come.
const hasNulls = ({ columns, joins = [], functions, counts }) => !counts && (Boolean(functions) || joins.length > 0 || (columns ?? []).some((column) => !column?.isNotNull));

// The terms with the type's name and the key for ties, each once: { terms, id }, the same id for the same order.
export function describeOrder(binding, args) {
    const asked = termsOf(binding, args);
    const ways = { isDescending: asked.at(-1)?.isDescending ?? false };
    ways.isNullsFirst = ways.isDescending;
    const keys = binding.branches.map(keyOf);
    const ties = Array.from({ length: Math.max(...keys.map((columns) => columns.length)) }, (_, i) => ({ columns: keys.map((columns) => columns[i]), ...ways }));
    const between = betweenOf(binding.branches[0]).map((column) => ({ columns: [column], isBetween: true, ...ways }));
    const all = [...asked, ...binding.branches.length > 1 ? [{ isType: true, ...ways }] : [], ...ties, ...between].map((term) => ({ ...term, isNullsFirst: hasNulls(term) ? term.isNullsFirst : term.isDescending, name: nameOf(term) }));
    const terms = all.filter(({ name }, i) => all.findIndex((one) => one.name === name) === i);
    return { terms, id: terms.map(({ name, isDescending, isNullsFirst }) => `${name} ${isDescending ? 'down' : 'up'} ${isNullsFirst ? 'nulls first' : ''}`).join(', ') };
}

// --- reading and comparing ------------------------------------------------------------------

// The text that a row is sorted by, or null.
function readText({ rows }, { isType, isBetween, counts, joins = [], functions, columns }, { row, number }) {
    if (isType)
        return '';
    if (isBetween)
        return row.between.cell(columns[0]);
    const found = joins.reduce((one, branches) => one && (rows.joined(branches[number], one)[0] ?? null), row);
    // Of a row that is not there, none are counted.
    if (counts)
        return found ? String(rows.joined(counts[number], found).length) : '0';
    if (!found)
        return null;
    if (functions)
        return found.computed.get(functions[number]) ?? null;
    return columns[number] ? found.cell(columns[number]) : null;
}

// By branch, the rank of each text: what a table holds, PostgreSQL has ranked; what a function gives stands in no table.
function readRanks({ judge }, { isType, counts, functions, columns }, textsOf) {
    if (isType || counts)
        return [];
    if (functions)
        return Promise.all(functions.map((one, number) => judge.ranksOf(one, textsOf(number))));
    return Promise.all(columns.map((column, number) => (!column ? null
        : column.table.kind === 'function' ? judge.ranksOf(column, textsOf(number)) : judge.ranks(column))));
}

function compareTerm(term, ranks, a, b, i) {
    const sign = term.isDescending ? -1 : 1;
    if (term.isType)
        return (a.number - b.number) * sign;
    const one = a.texts[i], other = b.texts[i];
    if (one === null || other === null)
        return ((one === null) - (other === null)) * (term.isNullsFirst ? -1 : 1);
    const rank = (text, number) => (term.counts ? Number(text) : ranks[number].get(text));
    const difference = (rank(one, a.number) - rank(other, b.number)) * sign;
    if (Number.isNaN(difference))
        throw new Error(`no rank of ${one} or ${other} in ${term.name}`);
    return difference;
}

// A function that compares places; each entry gets its own. `places`: others that will be compared.
async function makeOrder(world, { terms }, entries, places) {
    for (const entry of entries)
        entry.place = { number: entry.number, texts: terms.map((term) => readText(world, term, entry)) };
    const all = [...entries.map(({ place }) => place), ...places];
    const ranks = await Promise.all(terms.map((term, i) => readRanks(world, term, (number) => all.filter((one) => one.number === number).map(({ texts }) => texts[i]))));
    return (a, b) => {
        for (const [i, term] of terms.entries()) {
            const found = compareTerm(term, ranks[i], a, b, i);
            if (found !== 0)
                return found;
        }
        return 0;
    };
}

// Sort the entries, and give what compares places. Where no key tells rows apart that are equal, context.isUndetermined
// is set: PostgreSQL may choose.
export async function sort(world, described, entries, places = []) {
    const compare = await makeOrder(world, described, entries, places);
    entries.sort((a, b) => compare(a.place, b.place));
    if (entries.some((entry, i) => i > 0 && entry.row !== entries[i - 1].row && compare(entries[i - 1].place, entry.place) === 0))
        world.context.isUndetermined = true;
    return compare;
}
