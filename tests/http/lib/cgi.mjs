// cgi.mjs - plain CGI: a process for each request.
//
// SPDX-License-Identifier: MIT
import { spawn } from 'node:child_process';

import { makeAnswer } from './client.mjs';
import { program, state } from './environment.mjs';

// POSTs to a process of its own: { answer, code, signal, output, log }; `answer` is null when there
// is no output.
export function plainCgi(query, variables, { environment = {} } = {}) {
    const body = JSON.stringify({ query, variables });
    const own = Object.entries(process.env).filter(([name]) => !/^(LINNET_|PG)/.test(name));
    const child = spawn(program, [], {
        cwd: state,
        stdio: ['pipe', 'pipe', 'pipe'],
        env: {
            ...Object.fromEntries(own),
            LINNET_CONFIG: `${state}/linnet.conf`,
            GATEWAY_INTERFACE: 'CGI/1.1',
            REQUEST_METHOD: 'POST',
            SCRIPT_NAME: '/graphql',
            CONTENT_TYPE: 'application/json',
            CONTENT_LENGTH: String(Buffer.byteLength(body)),
            ...environment,
        },
    });
    let output = '',
        log = '';
    child.stdin.on('error', () => {}); // it may end before it has read
    child.stdin.end(body);
    child.stdout.on('data', (piece) => (output += piece));
    child.stderr.on('data', (piece) => (log += piece));
    return new Promise((resolve) =>
        child.on('close', (code, signal) =>
            resolve({ answer: output ? read(output) : null, code, signal, output, log }),
        ),
    );
}

function read(output) {
    const [head, ...rest] = output.split('\r\n\r\n');
    const lines = head.split('\r\n').map((line) => line.split(/: (.*)/).slice(0, 2));
    const headers = Object.fromEntries(lines.map(([name, value]) => [name.toLowerCase(), value]));
    return makeAnswer(parseInt(headers.status, 10), headers, Buffer.from(rest.join('\r\n\r\n')));
}
