// proxy.mjs - stands between a worker and PostgreSQL, and breaks connections where a test says.
//
// What a worker sends goes on flush by flush: each ends with Sync (PostgreSQL, 55.2.3), and a test
// sees the statements in it before it goes on.
//
// SPDX-License-Identifier: MIT
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { after } from 'node:test';

const SOCKET = '.s.PGSQL.5432';

// What ends a flush: Sync, a simple query, and what is sent to connect and to end.
const ENDS = new Set(['S', 'Q', 'X', 'p', 'startup']);

// Takes messages out of a stream of bytes; at the start of a connection they have no type.
class Messages {
    constructor(isTyped) {
        this.isTyped = isTyped;
        this.bytes = Buffer.alloc(0);
    }

    // The complete messages, as { type, body, bytes }.
    *take(piece) {
        this.bytes = Buffer.concat([this.bytes, piece]);
        for (;;) {
            const at = this.isTyped ? 1 : 0;
            if (this.bytes.length < at + 4) return;
            const end = at + this.bytes.readInt32BE(at);
            if (this.bytes.length < end) return;
            const bytes = this.bytes.subarray(0, end);
            this.bytes = this.bytes.subarray(end);
            const type = this.isTyped ? String.fromCharCode(bytes[0]) : 'startup';
            this.isTyped = true;
            yield { type, body: bytes.subarray(at + 4), bytes };
        }
    }
}

const textsOf = (body) => body.toString('latin1').split('\0');

// One connection of a worker, and ours to PostgreSQL for it.
class Link {
    constructor(proxy, client) {
        this.proxy = proxy;
        this.client = client;
        this.server = net.connect(proxy.target);
        this.flush = [];
        this.statements = [];
        this.prepared = new Map();
        this.toServer = new Messages(false);
        this.toClient = new Messages(true);
        this.strike = null; // what to do with the answer
        this.waiting = 0; // flushes sent while answers are held back
        this.held = []; // pieces of these
        client.on('data', (piece) => this.#fromClient(piece));
        this.server.on('data', (piece) => this.#fromServer(piece));
        for (const end of [client, this.server]) {
            end.on('error', () => {});
            end.on('close', () => this.cut());
        }
    }

    cut() {
        this.client.destroy();
        this.server.destroy();
        this.proxy.links.delete(this);
    }

    // What is let through of a piece: `cut` ends the connection after so many bytes of one side.
    #limit(side, piece) {
        const { cut } = this.proxy;
        if (cut?.side !== side) return piece;
        cut.left -= piece.length;
        if (cut.left > 0) return piece;
        this.proxy.cut = null;
        const rest = piece.subarray(0, piece.length + cut.left);
        if (side === 'worker') this.server.end(Buffer.concat([...this.flush, this.toServer.bytes, rest]));
        else this.client.end(rest);
        (side === 'worker' ? this.client : this.server).destroy();
        return null;
    }

    #fromClient(whole) {
        const piece = this.#limit('worker', whole);
        if (!piece) return;
        for (const { type, body, bytes } of this.toServer.take(piece)) {
            this.flush.push(bytes);
            const [first, second] = type === 'P' || type === 'B' ? textsOf(body.subarray(0, 4096)) : [];
            if (type === 'P') this.prepared.set(first, second);
            if (type === 'B') this.statements.push(this.prepared.get(second));
            if (ENDS.has(type)) this.#send();
        }
    }

    #send() {
        const { flush, statements } = this;
        [this.flush, this.statements] = [[], []];
        const strike = this.proxy.strike(statements, this);
        if (strike === 'before') {
            this.cut();
            return;
        }
        this.strike = strike;
        this.waiting += this.proxy.holds;
        flush.forEach((bytes) => this.server.write(bytes));
        if (strike === 'sent') this.server.end();
    }

    // Go on with what was held back.
    release() {
        this.waiting = 0;
        this.held.splice(0).forEach((piece) => this.client.write(piece));
    }

    // The answer to a flush ends with ReadyForQuery.
    #fromServer(whole) {
        const piece = this.#limit('PostgreSQL', whole);
        if (!piece) return;
        if (this.proxy.holds) {
            this.held.push(piece);
            return;
        }
        if (!this.strike) {
            this.client.write(piece);
            return;
        }
        for (const { type } of this.toClient.take(piece))
            if (type === 'Z') {
                this.cut();
                this.proxy.struck();
            }
    }
}

const running = new Set();
after(() => running.forEach((proxy) => proxy.close()));

// A proxy before the PostgreSQL whose socket is in that folder; `host` is what to connect to.
// strike(statements, link) is called for each flush, with the text of each statement in it:
//
//     'before'    the flush does not reach PostgreSQL, and the connection is lost
//     'answered'  it does, and the connection is lost instead of the answer
//     'sent'      it does, and the connection is lost to PostgreSQL at once
//
// After 'answered' the proxy's struck() is called.  Between hold() and release() no answer comes back, and
// waiting() is the number of flushes sent since, each link's `waiting` those of one connection.  With `cut` a connection is lost after so many bytes.
export async function proxyTo(folder) {
    const host = mkdtempSync(`${tmpdir()}/linnet-proxy.`);
    const proxy = {
        host,
        target: `${folder}/${SOCKET}`,
        links: new Set(),
        flushes: [],
        strike: () => null,
        struck: () => {},
        isAway: false, // connections are refused
        cut: null, // { side: 'worker' or 'PostgreSQL', left: bytes }: once
        connections: 0,
        holds: false,
        cutAll: () => [...proxy.links].forEach((link) => link.cut()),
        hold: () => {
            proxy.holds = true;
        },
        release: () => {
            proxy.holds = false;
            proxy.links.forEach((link) => link.release());
        },
        waiting: () => [...proxy.links].reduce((sum, { waiting }) => sum + waiting, 0),
        async close() {
            proxy.cutAll();
            running.delete(proxy);
            await new Promise((resolve) => server.close(resolve));
            rmSync(host, { recursive: true, force: true });
        },
    };
    const server = net.createServer((client) => {
        proxy.connections++;
        if (proxy.isAway) {
            client.destroy();
            return;
        }
        proxy.links.add(new Link(proxy, client));
    });
    await new Promise((resolve) => server.listen(`${host}/${SOCKET}`, resolve));
    chmodSync(host, 0o755);
    chmodSync(`${host}/${SOCKET}`, 0o777);
    running.add(proxy);
    return proxy;
}

// A strike at the next flush that has this statement alone, and no other.
export function once(proxy, statement, how) {
    let isDone = false;
    proxy.strike = (statements) => {
        if (isDone || statements.length !== 1 || statements[0] !== statement) return null;
        isDone = true;
        return how;
    };
    return () => isDone;
}
