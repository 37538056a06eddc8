// up.test.mjs - ./up with a database and a contract of somebody's own: what it prints can be typed.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import net from 'node:net';
import { test } from 'node:test';

import { Application, open } from './lib/application.mjs';
import { program, root, sockets } from './lib/environment.mjs';

const application = new Application('up', `CREATE TABLE things (id int PRIMARY KEY); INSERT INTO things VALUES (7); ${open('things')}`);
const state = `${application.directory}/state`;
const contract = `${application.directory}/own.graphql`;
const environment = {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(LINNET_|PG)/.test(name))),
    LINNET_DATABASE: `host=${sockets}/postgresql dbname=${application.database} user=linnet_login`,
    LINNET_CONTRACT: contract,
};

const freePort = () =>
    new Promise((resolve) => {
        const server = net.createServer().listen(0, '127.0.0.1', () => {
            const { port } = server.address();
            server.close(() => resolve(port));
        });
    });

test('./up with LINNET_DATABASE and LINNET_CONTRACT', async (context) => {
    // Before the database and the directory are removed.
    context.after(() => spawnSync(`${root}/down`, ['--purge', '--state', state], { env: environment }));
    writeFileSync(contract, 'type Query { things: [Thing!]! } type Thing @table(name: "things") { id: ID! }');
    const port = String(await freePort());
    const said = execFileSync(`${root}/up`, ['--detach', '--no-web', '--port', port, '--state', state, '--program', program], { env: environment, encoding: 'utf8' });
    const line = said.split('\n').find((one) => one.includes('curl'));
    const answer = JSON.parse(execFileSync('sh', ['-c', line], { encoding: 'utf8' }));
    assert.deepEqual(answer, { data: { __schema: { queryType: { fields: [{ name: 'things' }] } } } });
    const rows = execFileSync('sh', ['-c', line.replace(/\{"query.*\}/, '{"query":"{ things { id } }"}')], { encoding: 'utf8' });
    assert.deepEqual(JSON.parse(rows), { data: { things: [{ id: '7' }] } });
    assert.match(said, new RegExp(`the database: +host=.* dbname=${application.database} `));
});
