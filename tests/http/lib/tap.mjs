// tap.mjs - stands between a server and PostgreSQL, and reads what the server sends (PostgreSQL,
// 55.7): to count statements instead of milliseconds.
//
// SPDX-License-Identifier: MIT
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { after } from 'node:test';

const START_UP_HEAD = 4;
const port = process.env.PGPORT ?? 5432;

// What one connection has sent: {type, text} for each message, where Parse has its name too.
class Reader {
    constructor(messages) {
        this.messages = messages;
        this.bytes = Buffer.alloc(0);
        this.isStarted = false;
    }

    read(piece) {
        this.bytes = Buffer.concat([this.bytes, piece]);
        for (;;) {
            const head = this.isStarted ? 1 : 0;
            if (this.bytes.length < head + START_UP_HEAD) return;
            const size = head + this.bytes.readInt32BE(head);
            if (this.bytes.length < size) return;
            if (this.isStarted) this.#take(this.bytes.subarray(0, size));
            this.isStarted = true;
            this.bytes = this.bytes.subarray(size);
        }
    }

    #take(message) {
        const type = String.fromCharCode(message[0]);
        const [first, second] = message.subarray(5).toString('latin1').split('\0');
        if (type === 'P') this.messages.push({ type, name: first, text: second });
        else this.messages.push({ type });
    }
}

// Starts one.  `database` is the connection string that leads through it.
export async function tap() {
    const directory = mkdtempSync(`${tmpdir()}/linnet-tap.`);
    const connections = [];
    const listener = net.createServer((client) => {
        const messages = [];
        const reader = new Reader(messages);
        const server = net.connect(`${process.env.PGHOST}/.s.PGSQL.${port}`);
        connections.push(messages);
        client.on('data', (piece) => reader.read(piece));
        client.pipe(server).pipe(client);
        for (const [one, other] of [[client, server], [server, client]])
            one.on('error', () => other.destroy()).on('close', () => other.destroy());
    });
    const socket = `${directory}/.s.PGSQL.${port}`;
    await new Promise((resolve) => listener.listen(socket, resolve));
    chmodSync(directory, 0o755); // workers may run as somebody else
    chmodSync(socket, 0o666);
    after(() => {
        listener.close();
        rmSync(directory, { recursive: true, force: true });
    });
    const all = () => connections.flat();
    return {
        database: `host=${directory} dbname=linnet user=linnet_login`,
        // Connections that have been made: the messages of each, in their order.
        connections,
        // The texts that PostgreSQL was asked to prepare and keep.
        prepared: () => all().filter(({ type, name }) => type === 'P' && name).map(({ text }) => text),
        // Those that it was asked to run once.
        unnamed: () => all().filter(({ type, name }) => type === 'P' && !name).map(({ text }) => text),
        // How often anything was run.
        runs: () => all().filter(({ type }) => type === 'E').length,
        forget: () => connections.forEach((messages) => messages.splice(0)),
    };
}
