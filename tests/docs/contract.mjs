// contract.mjs - tries docs/contract.md: its SQL makes a database, its SDL a contract that
// fits it, and what the page shows of the two is what the program prints.
//
// A fence without language is what `linnet print bindings` prints of all that stands above
// and was not shown yet, or, where its lines have places, what `linnet check` prints of the
// contract just above alone.  A contract that begins with APPLICATION is a part of the example
// application's.
//
// SPDX-License-Identifier: MIT
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const DATABASE = 'contract_page';
const APPLICATION = '# In the database of Hacker News';
// Every relation, so that every right is needed; of tables that are empty.  The second is of
// what the page adds to its first contract.
const QUERIES = [
    {
        query: `{
  links { id text wordCount postedBy { username email } }
  linksOfSite(site: "example.com") { id }
  user(username: "nobody") { id linkSet { id } }
}`,
        answer: '{"data":{"links":[],"linksOfSite":[],"user":null}}',
    },
    {
        query: `{
  links { notices { id ... on Goodbye { successor { id } } } }
  notice(id: 1) { __typename text }
  offers { price }
  news { __typename ... on Link { url } }
  find(text: "x") { ... on User { username linkSet { notices { id } } } }
}`,
        answer: '{"data":{"links":[],"notice":null,"offers":[],"news":[],"find":[]}}',
    },
];

export function* tryContract(page, run) {
    const directory = mkdtempSync(path.join(tmpdir(), 'linnet-contract.'));
    const file = path.join(directory, 'schema.graphql');
    const linnetIn = (database, ...args) => {
        const { stdout, stderr, status } = run('build/linnet', [...args, '--contract', file, '--database', database]);
        return { text: (stdout + stderr).trim().replaceAll(`${directory}/`, ''), status };
    };
    const linnet = (...args) => linnetIn(`host=${process.env.PGHOST} dbname=${DATABASE} user=linnet_login`, ...args);
    const psql = (database, text) => run('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', database, '-c', text]);
    const contracts = [];
    let shown = [];

    psql('postgres', `CREATE DATABASE ${DATABASE} OWNER linnet_owner`);
    for (const fence of page.fences) {
        const text = fence.lines.join('\n');
        const report = (what, isGood, fault) => ({ place: fence.place, what, fault: isGood ? null : fault });
        if (fence.language === 'sql') {
            const { status, stderr } = psql(DATABASE, `SET ROLE linnet_owner; ${text}`);
            yield report('SQL', status === 0, stderr);
        } else if (fence.language === 'graphql') {
            contracts.push(text);
        } else if (/^schema\.graphql:\d+:\d+: /.test(text)) {
            writeFileSync(file, contracts.pop());
            const misfits = linnet('check');
            yield report('misfits', misfits.status === 1 && misfits.text === text, misfits.text);
        } else if (contracts.at(-1).startsWith(APPLICATION)) {
            writeFileSync(file, contracts.pop());
            const bindings = linnetIn(process.env.LINNET_DATABASE, 'print', 'bindings').text;
            yield report('bindings', bindings === text, bindings);
        } else {
            writeFileSync(file, contracts.join('\n'));
            const check = linnet('check');
            yield report('the contract fits', check.status === 0, check.text);
            const bindings = linnet('print', 'bindings').text.split('\n');
            const fresh = bindings.filter((line) => !shown.includes(line)).join('\n');
            yield report('bindings', fresh === text, fresh);
            for (const { query, answer } of QUERIES.slice(0, shown.length > 0 ? 2 : 1)) {
                writeFileSync(`${directory}/query`, query);
                const found = linnet('query', `${directory}/query`);
                yield report('a query', found.text === answer, found.text);
            }
            shown = bindings;
        }
    }
    psql('postgres', `DROP DATABASE ${DATABASE}`);
    rmSync(directory, { recursive: true });
}
