// proxy_statements.mjs - a proxy between a client and PostgreSQL, which knows what is asked, and can hold
// back what is answered.
//
// SPDX-License-Identifier: MIT
import net from 'node:net';

// Calls `take(type, body)` for each message of the protocol (PostgreSQL, 55.7); the first of a
// connection has no type.
function makeReader(take, head = 0) {
    let rest = Buffer.alloc(0);
    return (bytes) => {
        rest = Buffer.concat([rest, bytes]);
        while (rest.length >= head + 4) {
            const end = head + rest.readUInt32BE(head);
            if (rest.length < end) return;
            take(head ? String.fromCharCode(rest[0]) : '', rest.subarray(head + 4, end));
            rest = rest.subarray(end);
            head = 1;
        }
    };
}

export class StatementProxy {
    // The statements that were bound, in their order.
    statements = [];
    // Does it hold back what PostgreSQL answers after BEGIN until COMMIT has been sent, too?  A
    // client that waits for an answer before it sends the rest gets none.
    isHolding = false;
    // How often PostgreSQL had ended a transaction, and owed an answer to another flush.
    gaps = 0;

    constructor(target) {
        this.server = net.createServer((client) => this.#serve(client, net.connect(target)));
    }

    listen(path) {
        return new Promise((resolve) => this.server.listen(path, resolve));
    }

    close() {
        this.server.close();
    }

    #serve(client, database) {
        const texts = {};
        let held,
            flushes = 0;
        const read = makeReader((type, body) => {
            const [first, second] = body.toString('latin1').split('\0');
            if (type === 'P') texts[first] = second;
            if (type === 'S') flushes++;
            if (type !== 'B') return;
            this.statements.push(texts[second]);
            if (this.isHolding && texts[second].startsWith('BEGIN')) held = [];
            if (held && texts[second] === 'COMMIT') {
                held.forEach((bytes) => client.write(bytes));
                held = undefined;
            }
        });
        const readAnswer = makeReader((type, body) => {
            if (type !== 'Z' || flushes === 0) return; // or it is connected
            flushes--;
            this.gaps += flushes > 0 && body.toString('latin1') === 'I' ? 1 : 0;
        }, 1);
        client.on('data', (bytes) => {
            read(bytes);
            database.write(bytes);
        });
        database.on('data', (bytes) => {
            readAnswer(bytes);
            if (held) held.push(bytes);
            else client.write(bytes);
        });
        for (const [one, other] of [
            [client, database],
            [database, client],
        ])
            one.on('close', () => other.destroy()).on('error', () => other.destroy());
    }
}
