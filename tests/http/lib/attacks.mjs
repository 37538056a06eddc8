// attacks.mjs - requests of one address that cost it little and the server much: ten programs, each
// of which goes on until SIGTERM.  It prints "begun" once it has done something, and at the end what
// it got: {"status or what it did": count}.
//
//     node attacks.mjs NAME ADDRESS
//
// A process of its own, so that its work is not counted as waiting by the clients who are measured.
//
// SPDX-License-Identifier: MIT
import http from 'node:http';
import net from 'node:net';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';

const url = new URL(process.env.LINNET_URL);

const counts = {};
function count(what) {
    if (Object.keys(counts).length === 0) process.stdout.write('begun\n');
    counts[what] = (counts[what] ?? 0) + 1;
}

const tokenAuth = (username, password) =>
    `mutation { tokenAuth(username: "${username}", password: "${password}") { token } }`;
const createUser = (username) =>
    `mutation { createUser(username: "${username}", password: "correct horse battery", email: "a@b.example") { user { id } } }`;

// Root fields that each search for the text.
const searches = `query ($text: String!) { ${Array.from(
    { length: 19 },
    (_, i) => `s${i}: links(search: $text, first: 1) { id }`,
).join(' ')} }`;
// What many rows hold a part of, and none the whole of.
const searched = (length) => ({ text: '%'.repeat(length) });

// Lists in lists, without an alias: each fragment spreads two of the next level.
function lists(levels) {
    const fragments = [];
    for (let i = 0; i < levels; i++) {
        const next = (letter) => (i + 1 < levels ? `...${letter}${i + 1}` : 'id');
        fragments.push(
            `fragment u${i} on User { linkSet(first: 1) { ${next('l')} } voteSet(first: 1) { ${next('v')} } }`,
            `fragment l${i} on Link { postedBy { ${next('u')} } votes(first: 1) { ${next('v')} } }`,
            `fragment v${i} on Vote { user { ${next('u')} } link { ${next('l')} } }`,
        );
    }
    return `{ users(first: 1) { ...u0 } links(first: 1) { ...l0 } votes(first: 1) { ...v0 } } ${fragments.join(' ')}`;
}

// A document that no other equals, with wide joins and a plan for each combination of variables.
function wideDocument(serial) {
    const person = (name, skip) =>
        `${name} @skip(if: $${skip}) { id username firstName lastName email dateJoined lastLogin }`;
    const roots = Array.from(
        { length: 8 },
        (_, i) => `r${i}: votes(first: 1, skip: ${serial % 5000}) { id createdAt ${person('user', 'abcde'[i % 5])}
            link { id url description createdAt voteCount viewerHasVoted ${person('postedBy', 'bcdea'[i % 5])}
                votes(first: 1) { id ${person('user', 'cdeab'[i % 5])} } } }`,
    );
    return `query W${serial}($a: Boolean!, $b: Boolean!, $c: Boolean!, $d: Boolean!, $e: Boolean!) { ${roots.join(' ')} }`;
}

// Each is given what an attacker of that address does it by.
const attacks = {
    async 'wide documents'({ clients, post }) {
        let serial = 0;
        await clients(4, () => {
            const variables = Object.fromEntries(
                [...'abcde'].map((name) => [name, Math.random() < 0.5]),
            );
            return post(wideDocument(serial++), { variables });
        });
    },
    async 'many statements'({ clients, post }) {
        await clients(2, (i) => post(lists(i % 2 ? 7 : 3)));
    },
    async 'costly searches'({ clients, post }) {
        await clients(9, (i) => post(searches, { variables: searched(i % 2 ? 2048 : 100) }));
    },
    async 'sign-ins that are left'({ every, leave }) {
        await every(100, () => leave(tokenAuth('nobody', 'x'), 3));
    },
    async 'a flood of sign-ups'({ clients, post }) {
        let serial = 0;
        await clients(24, () => post(createUser(`flood${process.pid}_${serial++}`)));
    },
    async 'slow queries that are left'({ clients, leave }) {
        await clients(4, async () => {
            leave(searches, 3, searched(100));
            await sleep(10);
        });
    },
    async "guesses at a neighbour's password"({ clients, post }) {
        await clients(4, () => post(tokenAuth(process.env.ATTACK_ACCOUNT, 'wrong')));
    },
    async 'errors that are longer than the document'({ clients, post }) {
        const name = 'n'.repeat(30000);
        const uses = Array.from({ length: 100 }, (_, i) => `user(id: $v${i}) { id }`);
        await clients(2, () => post(`query ${name} { ${uses.join(' ')} }`));
    },
    async 'answers that nobody reads'({ clients, connect }) {
        const fields = 'id url description createdAt';
        const roots = Array.from(
            { length: 20 },
            (_, i) => `r${i}: links(first: 100) { ${fields} }`,
        );
        const open = [];
        await clients(100, async () => {
            const socket = connect();
            socket.pause();
            socket.write(requestText(`{ ${roots.join(' ')} }`));
            open.push(socket);
            await Promise.race([
                sleep(20000),
                new Promise((resolve) => socket.on('close', resolve)),
            ]);
        });
    },
    async 'connections that are left'({ clients, connect }) {
        const text = requestText('{ __typename }');
        await clients(16, async () => {
            const socket = connect();
            await new Promise((resolve) => {
                socket.on('close', resolve);
                socket.on('connect', () => socket.write(text, () => socket.destroy()));
            });
        });
    },
};

export const attackNames = Object.keys(attacks);

function requestText(query, variables) {
    const body = JSON.stringify({ query, variables });
    return (
        `POST ${url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\nContent-Type: application/json\r\n` +
        `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
    );
}

// What all attacks are made of, from one address.
function attacker(localAddress) {
    const agent = new http.Agent({ keepAlive: true, localAddress });
    const connect = () => {
        const socket = net.connect({ host: url.hostname, port: url.port, localAddress });
        socket.on('error', ({ code }) => count(code));
        socket.on('connect', () => count('connected'));
        return socket;
    };
    return {
        connect,

        // Until the whole answer was read; status 0 where there was none.
        post: (query, { variables } = {}) =>
            new Promise((settle) => {
                count('sent');
                const resolve = (status) => settle(count(status));
                const outgoing = http.request(
                    {
                        host: url.hostname,
                        port: url.port,
                        path: url.pathname,
                        method: 'POST',
                        agent,
                        headers: { 'content-type': 'application/json' },
                    },
                    (incoming) => {
                        incoming.on('error', () => resolve(0));
                        incoming.on('end', () => resolve(incoming.statusCode)).resume();
                    },
                );
                outgoing.on('error', () => resolve(0));
                outgoing.end(JSON.stringify({ query, variables }));
            }),

        // Sends a request and closes the connection so many milliseconds later.
        leave(query, milliseconds, variables) {
            const socket = connect();
            socket.on('connect', () => {
                socket.write(requestText(query, variables));
                setTimeout(() => socket.destroy(), milliseconds);
            });
        },

        // So many at once, each without a pause; `act` gets a number that counts up for each.
        clients: (count, act) =>
            Promise.all(
                Array.from({ length: count }, async (_, first) => {
                    for (let i = first; ; i++) {
                        await act(i);
                        await new Promise(setImmediate);
                    }
                }),
            ),

        async every(milliseconds, act) {
            for (;;) {
                act();
                await sleep(milliseconds);
            }
        },
    };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    const [name, address] = process.argv.slice(2);
    process.on('SIGTERM', () => {
        process.stdout.write(JSON.stringify(counts), () => process.exit(0));
    });
    await attacks[name](attacker(address));
}
