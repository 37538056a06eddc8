// server.mjs - a `linnet serve` of one's own, and connections to it that are kept (FastCGI 1.0).
//
// SPDX-License-Identifier: MIT
import { spawn } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

const BEGIN_REQUEST = 1, END_REQUEST = 3, PARAMS = 4, STDIN = 5, STDOUT = 6;
const HEAD = 8;

// --- FastCGI -----------------------------------------------------------------

function record(type, content = Buffer.alloc(0)) {
    return Buffer.concat([Buffer.from([1, type, 0, 1, content.length >> 8, content.length & 255, 0, 0]), content]);
}

function stream(type, content) {
    const records = [];
    for (let i = 0; i < content.length; i += 65535)
        records.push(record(type, content.subarray(i, i + 65535)));
    return Buffer.concat([...records, record(type)]);
}

function pair(name, value) {
    const length = (n) => (n < 128 ? Buffer.from([n]) : Buffer.from([(n >>> 24) | 128, (n >>> 16) & 255, (n >>> 8) & 255, n & 255]));
    const bytes = [name, value].map((text) => Buffer.from(text));
    return Buffer.concat([...bytes.map(({ length: n }) => length(n)), ...bytes]);
}

function encode(body, token, headers) {
    const bytes = Buffer.from(body);
    const parameters = {
        GATEWAY_INTERFACE: 'CGI/1.1', REQUEST_METHOD: 'POST', QUERY_STRING: '', CONTENT_TYPE: 'application/json',
        CONTENT_LENGTH: String(bytes.length), SCRIPT_NAME: '/graphql', SERVER_PROTOCOL: 'HTTP/1.1',
        ...token && { HTTP_AUTHORIZATION: `JWT ${token}` },
        ...headers,
    };
    return Buffer.concat([
        record(BEGIN_REQUEST, Buffer.from([0, 1, 1, 0, 0, 0, 0, 0])),
        stream(PARAMS, Buffer.concat(Object.entries(parameters).map(([name, value]) => pair(name, value)))),
        stream(STDIN, bytes),
    ]);
}

// One request after the other on one connection.
class Connection {
    #path;
    #socket = null;
    #bytes = Buffer.alloc(0);
    #output = [];
    #settle = null;

    constructor(path) {
        this.#path = path;
    }

    // The response's body, or null when the connection ends without one.
    request(body, token, headers = {}) {
        if (!this.#socket || this.#socket.destroyed)
            this.#connect();
        return new Promise((resolve) => {
            this.#settle = resolve;
            this.#socket.write(encode(body, token, headers));
        });
    }

    #connect() {
        const socket = net.connect(this.#path);
        socket.on('data', (piece) => this.#read(piece));
        socket.on('error', () => {});
        socket.on('close', () => {
            if (this.#socket === socket)
                this.#end(null);
        });
        this.#socket = socket;
    }

    #read(piece) {
        this.#bytes = this.#bytes.length > 0 ? Buffer.concat([this.#bytes, piece]) : piece;
        let at = 0;
        for (; at + HEAD <= this.#bytes.length;) {
            const type = this.#bytes[at + 1], length = this.#bytes.readUInt16BE(at + 4);
            const end = at + HEAD + length + this.#bytes[at + 6];
            if (end > this.#bytes.length)
                break;
            if (type === STDOUT)
                this.#output.push(this.#bytes.subarray(at + HEAD, at + HEAD + length));
            at = end;
            if (type === END_REQUEST) {
                const text = Buffer.concat(this.#output).toString('utf8');
                this.#end(text.slice(text.indexOf('\r\n\r\n') + 4));
            }
        }
        this.#bytes = this.#bytes.subarray(at);
    }

    #end(text) {
        this.#output = [];
        const settle = this.#settle;
        this.#settle = null;
        settle?.(text);
    }

    close() {
        this.#socket?.destroy();
    }
}

// --- tokens ------------------------------------------------------------------

const encodePart = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

function mint(key, { id, claim }) {
    const now = Math.floor(Date.now() / 1000);
    const claims = {
        iss: 'linnet', aud: 'linnet', sub: id, username: 'somebody', role: claim, iat: now, exp: now + 86400, origIat: now,
        jti: randomBytes(16).toString('hex'),
    };
    const text = `${encodePart({ typ: 'JWT', alg: 'HS256' })}.${encodePart(claims)}`;
    return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
}

// --- the server --------------------------------------------------------------

// Bounds that hostile documents would meet; those here are not.
const SETTINGS = {
    user: process.getuid() === 0 ? 'root' : '', mode: 'production', log: 'warning', token_time: 86400, request_time: 60000, limit_database_time: 60000,
    limit_document: 1048576, limit_body: 4194304, limit_tokens: 100000, limit_aliases: 10000, limit_root_fields: 1000, limit_depth: 500,
    limit_directives: 10000, limit_nodes: 1000000000, limit_response: 1073741824, limit_json_values: 1000000, limit_errors: 10000, limit_json_number: 1000, limit_statements: 10000, limit_error_bytes: 16777216,
    limit_order_terms: 24, limit_json_string: 16777216, limit_filter_conditions: 1000, limit_filter_depth: 60, limit_filter_relations: 60, limit_filter_cost: 2147483647,
};

// Never longer than we are ourselves.
const children = new Set();
process.on('exit', () => children.forEach((child) => child.kill('SIGTERM')));
for (const signal of ['SIGINT', 'SIGTERM'])
    process.once(signal, () => process.exit(1));

// All have the same, so that they show the same cursors.
const KEY = randomBytes(32).toString('base64');

export class Server {
    #child;
    #directory;
    #key = KEY;
    #tokens = new Map();
    #idle;
    #waiting = [];
    log = '';

    // `connections`: how many requests may be at the server at once; `settings`: beside our own.
    static async start({ program, database, contract, connections, settings }) {
        const server = new Server();
        server.#start(program, database, contract, settings);
        const path = `${server.#directory}/s`;
        server.#idle = Array.from({ length: connections }, () => new Connection(path));
        await server.#ready();
        return server;
    }

    #start(program, database, contract, settings) {
        this.#directory = mkdtempSync(`${tmpdir()}/linnet-differential.`);
        const write = (name, text) => writeFileSync(`${this.#directory}/${name}`, text, { mode: 0o600 });
        write('key', this.#key);
        write('schema.graphql', contract);
        const lines = { ...SETTINGS, database, key_file: 'key', contract: 'schema.graphql', workers: 2, ...settings };
        write('linnet.conf', Object.entries(lines).map(([name, value]) => `${name} = ${value}\n`).join(''));
        const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(LINNET_|PG)/.test(name)));
        this.#child = spawn(program, ['serve', '--config', `${this.#directory}/linnet.conf`, '--listen', `${this.#directory}/s`],
            { env: environment, stdio: ['ignore', 'ignore', 'pipe'] });
        children.add(this.#child);
        this.#child.stderr.on('data', (piece) => { this.log = (this.log + piece).slice(-100000); });
    }

    // The socket is there before a worker is; one that answers has read the contract.
    async #ready() {
        for (let i = 0; i < 3000; i++) {
            if (this.#child.exitCode !== null)
                throw new Error(`The server does not start:\n${this.log}`);
            const isThere = await this.#idle[0].request('{"query":"{ __typename }"}', null);
            if (isThere)
                return;
            await sleep(20);
        }
        throw new Error(`The server does not answer:\n${this.log}`);
    }

    // The body of the response to a viewer; null when there was none.  `headers`: HTTP_NAME, beside the others.
    ask(body, viewer, headers) {
        return this.#lend((connection) => connection.request(body, this.#tokenOf(viewer), headers));
    }

    // The bodies of the responses to a query that is sent twice.  To the second, it is known what the query
    // costs: if that is little, its statements go out at once, and its batches find their keys themselves.
    askTwice(body, viewer) {
        return this.#lend(async (connection) => {
            const first = await connection.request(body, this.#tokenOf(viewer));
            return [first, await connection.request(body, this.#tokenOf(viewer))];
        });
    }

    async #lend(use) {
        const connection = this.#idle.pop() ?? await new Promise((resolve) => this.#waiting.push(resolve));
        const answer = await use(connection);
        const next = this.#waiting.shift();
        if (next)
            next(connection);
        else
            this.#idle.push(connection);
        return answer;
    }

    #tokenOf(viewer) {
        if (viewer.id === null)
            return null;
        if (!this.#tokens.has(viewer))
            this.#tokens.set(viewer, mint(this.#key, viewer));
        return this.#tokens.get(viewer);
    }

    // Stop it; what a sanitizer had to say, or nothing.
    async stop() {
        this.#idle.forEach((connection) => connection.close());
        if (this.#child.exitCode === null) {
            const ended = new Promise((resolve) => this.#child.on('close', resolve));
            this.#child.kill('SIGTERM');
            await ended;
        }
        children.delete(this.#child);
        rmSync(this.#directory, { recursive: true, force: true });
        return /ERROR: [A-Za-z]*Sanitizer|runtime error:/.test(this.log) ? this.log : '';
    }
}
