// random_documents.mjs - documents that nobody has seen: valid and not, wide and deep, with
// variables; the same for the same seed.
//
// SPDX-License-Identifier: MIT

// Fields by type: a leaf, or the type of its rows and whether they are a list.
const types = {
    Query: {
        links: ['Link', true],
        users: ['User', true],
        votes: ['Vote', true],
        link: ['Link', false, 'id: 910011'],
        user: ['User', false, 'username: "ada"'],
    },
    Link: {
        id: null,
        url: null,
        description: null,
        createdAt: null,
        voteCount: null,
        postedBy: ['User', false],
        votes: ['Vote', true],
    },
    User: {
        id: null,
        username: null,
        firstName: null,
        dateJoined: null,
        linkSet: ['Link', true],
        voteSet: ['Vote', true],
    },
    Vote: { id: null, createdAt: null, user: ['User', false], link: ['Link', false] },
};

// A generator of numbers below `n`.
function numbers(seed) {
    let state = seed >>> 0;
    return (n) => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        return Math.floor((state / 2 ** 32) * n);
    };
}

export function randomDocuments(seed) {
    const pick = numbers(seed);
    const among = (list) => list[pick(list.length)];
    const word = (length) => Array.from({ length }, () => String.fromCharCode(97 + pick(26))).join('');
    let count = 0;

    function selection(type, depth, variables) {
        const names = Object.keys(types[type]);
        const fields = Array.from({ length: 1 + pick(6) }, () => field(type, among(names), depth, variables));
        return `{ ${fields.join(' ')} }`;
    }

    function field(type, name, depth, variables) {
        const below = types[type][name];
        const alias = pick(8) === 0 ? `${word(1 + pick(12))}: ` : '';
        const skip = pick(12) === 0 ? ` @${among(['skip', 'include'])}(if: $${variable('Boolean!', variables)})` : '';
        if (!below) return `${alias}${name}${skip}`;
        if (depth === 0) return '__typename';
        const [target, isList, key] = below;
        const first = pick(4) === 0 ? `$${variable('Int', variables)}` : pick(5);
        const argument = isList ? `(first: ${first})` : key ? `(${key})` : '';
        return `${alias}${name}${argument}${skip} ${selection(target, depth - 1, variables)}`;
    }

    function variable(type, variables) {
        const name = `v${variables.length}`;
        variables.push({ name, type, value: type === 'Int' ? pick(6) : pick(2) === 0 });
        return name;
    }

    function declare(variables) {
        const list = variables.map(({ name, type }) => `$${name}: ${type}`).join(', ');
        return list ? `(${list})` : '';
    }

    const kinds = {
        // Most may be executed; some break a rule or a limit by chance.
        plain() {
            const variables = [];
            const body = selection('Query', 1 + pick(3), variables);
            const values = Object.fromEntries(variables.map(({ name, value }) => [name, value]));
            return { query: `query Q${count}${declare(variables)} ${body}`, variables: values };
        },
        // Many cells of many joins, under names of its own.
        wide() {
            const below = `{ id username firstName lastName dateJoined }`;
            const users = `postedBy ${below}`;
            const row = `{ id url description createdAt voteCount ${users} votes(first: 1) { user ${below} link { id url ${users} } } }`;
            const fields = Array.from({ length: 6 }, (_, i) => `${word(6)}${i}: links(first: ${pick(3)}) ${row}`);
            return { query: `{ ${fields.join(' ')} }` };
        },
        // Up to 32 plans of one document, whose guards copy what they are given.
        guarded() {
            const order = Array.from({ length: 1 + pick(40) }, () => ({ [among(['url', 'hot', 'createdAt'])]: among(['ASC', 'DESC']) }));
            const flags = Array.from({ length: 5 }, (_, i) => [`f${i}`, pick(2) === 0]);
            const query = `query ($o: [LinkOrder!], ${flags.map(([name]) => `$${name}: Boolean!`).join(', ')}) {
                links(orderBy: $o, first: 2) { id ${flags.map(([name], i) => `${name}: ${among(['url', 'id'])} @skip(if: $${name})`).join(' ')}
                ${word(3)}: voteCount } }`;
            return { query, variables: { o: order, ...Object.fromEntries(flags) } };
        },
        invalid() {
            return { query: `{ links(first: 1) { ${word(1 + pick(200))} ${Array.from({ length: pick(60) }, () => word(10)).join(' ')} } }` };
        },
        nonsense() {
            return { query: word(pick(3000)) + '{'.repeat(pick(80)) };
        },
        schema() {
            return { query: `{ ${word(6)}: __schema { types { name fields { name type { name } } } } }` };
        },
        values() {
            return {
                query: `query Q${count}($s: String, $k: Int) { links(search: $s, skip: $k, first: 3) { id url } }`,
                variables: { s: word(pick(90)), k: pick(100) },
            };
        },
    };
    const chances = ['plain', 'plain', 'wide', 'guarded', 'invalid', 'nonsense', 'schema', 'values'];

    return () => {
        count++;
        return kinds[among(chances)]();
    };
}
