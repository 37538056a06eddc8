// contract.mjs - tries a page with a database of its own, such as docs/contract.md: its SQL makes
// the database, its SDL a contract that fits it, and what the page shows of the two is what the
// program prints.
//
//     ```graphql          is a document where it begins as one, and is sent; else a part of the contract
//     ```json             is the answer to the document just above, "..." for any value
//     ```                 is what `linnet print bindings` prints of all that stands above and was not
//                         shown yet, or, where its lines have places, what `linnet check` prints: its
//                         misfits for the contract just above alone, its notes for all that stands above
//
// A contract that begins with APPLICATION is a part of the example application's.
//
// SPDX-License-Identifier: MIT
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { isDocument } from './page.mjs';

const DATABASE = 'page';
const APPLICATION = '# In the database of Hacker News';
// Of docs/contract.md: every relation, so that every right is needed; of tables that are empty.  The
// second is of what the page adds to its first contract.
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

// Does a page have such a database?
export const hasDatabase = (page) => page.fences.some(({ language, file }) => language === 'sql' && !file);

// An answer as it is shown, which has "..." for what is not the same each time.
function isShown(value, shown) {
    if (shown === '...') return value !== undefined;
    if (typeof shown !== 'object' || shown === null) return value === shown;
    if (typeof value !== 'object' || value === null || Array.isArray(value) !== Array.isArray(shown)) return false;
    const names = Object.keys(shown);
    return names.join() === Object.keys(value).join() && names.every((name) => isShown(value[name], shown[name]));
}

class Example {
    #directory = mkdtempSync(path.join(tmpdir(), 'linnet-contract.'));
    #file = path.join(this.#directory, 'schema.graphql');
    #contracts = [];
    #isChecked = false;
    #bindings = [];
    #answer = null;

    constructor(run, queries) {
        this.run = run;
        this.queries = queries;
        this.#psql('postgres', `CREATE DATABASE ${DATABASE} OWNER linnet_owner`);
    }

    close() {
        this.#psql('postgres', `DROP DATABASE ${DATABASE}`);
        rmSync(this.#directory, { recursive: true });
    }

    #psql(database, text) {
        return this.run('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', database, '-c', text]);
    }

    #linnetIn(database, args) {
        const { stdout, stderr, status } = this.run('build/linnet', [...args, '--contract', this.#file, '--database', database]);
        return { text: (stdout + stderr).trim().replaceAll(`${this.#directory}/`, ''), status };
    }

    #linnet(...args) {
        return this.#linnetIn(`host=${process.env.PGHOST} dbname=${DATABASE} user=linnet_login`, args);
    }

    #query(document) {
        writeFileSync(`${this.#directory}/query`, document);
        const { text } = this.#linnet('query', `${this.#directory}/query`);
        return { text, json: text.startsWith('{') ? JSON.parse(text) : { errors: text } };
    }

    // What was found of a fence: {what, fault}, with null where all is well.
    try({ language, lines }, next) {
        const text = lines.join('\n');
        if (language === 'sql') return this.#trySql(text);
        if (language === 'json') return [{ what: 'the answer', fault: isShown(this.#answer.json, JSON.parse(text)) ? null : this.#answer.text }];
        if (language === 'graphql' && isDocument(text)) return this.#tryDocument(text, next);
        if (language === 'graphql') return this.#addContract(text);
        if (language) return [];
        if (/^schema\.graphql:\d+:\d+: .*note: /.test(text)) return this.#tryNotes(text);
        if (/^schema\.graphql:\d+:\d+: /.test(text)) return this.#tryMisfits(text);
        return this.#contracts.at(-1).startsWith(APPLICATION) ? this.#tryApplication(text) : this.#tryBindings(text);
    }

    #trySql(text) {
        const { status, stderr } = this.#psql(DATABASE, `SET ROLE linnet_owner; ${text}`);
        return [{ what: 'SQL', fault: status === 0 ? null : stderr }];
    }

    #addContract(text) {
        this.#contracts.push(text);
        this.#isChecked = false;
        return [];
    }

    #tryContract() {
        if (this.#isChecked) return [];
        writeFileSync(this.#file, this.#contracts.join('\n'));
        this.#isChecked = true;
        const { status, text } = this.#linnet('check');
        return [{ what: 'the contract fits', fault: status === 0 ? null : text }];
    }

    // Without an answer that is shown, it has no errors.
    #tryDocument(text, next) {
        const found = this.#tryContract();
        this.#answer = this.#query(text);
        if (next?.language === 'json') return found;
        return [...found, { what: text, fault: 'errors' in this.#answer.json ? this.#answer.text : null }];
    }

    #tryNotes(text) {
        const found = this.#tryContract();
        const printed = this.#linnet('check').text.split('\n');
        const missing = text.split('\n').filter((line) => !printed.includes(line));
        return [...found, { what: 'notes', fault: missing.length > 0 ? printed.join('\n') : null }];
    }

    #tryMisfits(text) {
        writeFileSync(this.#file, this.#contracts.pop());
        this.#isChecked = false;
        const misfits = this.#linnet('check');
        return [{ what: 'misfits', fault: misfits.status === 1 && misfits.text === text ? null : misfits.text }];
    }

    #tryApplication(text) {
        writeFileSync(this.#file, this.#contracts.pop());
        this.#isChecked = false;
        const bindings = this.#linnetIn(process.env.LINNET_DATABASE, ['print', 'bindings']).text;
        return [{ what: 'bindings', fault: bindings === text ? null : bindings }];
    }

    #tryBindings(text) {
        const found = this.#tryContract();
        const bindings = this.#linnet('print', 'bindings').text.split('\n');
        const fresh = bindings.filter((line) => !this.#bindings.includes(line)).join('\n');
        found.push({ what: 'bindings', fault: fresh === text ? null : fresh });
        for (const { query, answer } of this.queries.slice(0, this.#bindings.length > 0 ? 2 : 1)) {
            const given = this.#query(query).text;
            found.push({ what: 'a query', fault: given === answer ? null : given });
        }
        this.#bindings = bindings;
        return found;
    }
}

export function* tryContract(name, page, run) {
    const example = new Example(run, name === 'docs/contract.md' ? QUERIES : []);
    for (const [i, fence] of page.fences.entries())
        for (const { what, fault } of example.try(fence, page.fences[i + 1]))
            yield { place: fence.place, what, fault };
    example.close();
}
