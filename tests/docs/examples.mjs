// examples.mjs - tries what the pages say, against the server of tests/docs/run.
//
// In a page,
//
//     ```sh               lines that begin with `$ ` are typed, all of a page's in one shell;
//                         what stands below is what they print, `...` for anything. Where
//                         nothing is shown, an answer has no errors
//     ```graphql          is a document that is sent, and has no errors
//     ```sql FILE         is the text of that file, ```graphql FILE its end; written when
//                         the commands above have run
//     | ... `query` |     so is code in a table that begins as a document does. After an arrow
//                         stands the error that it has; `Authorization: JWT TOKEN` in its row
//                         is sent, with the token that was answered last
//
//     ```js FILE          stands in that file, which the tests run
//
// and a page with SQL without a file is one example, from top to bottom (contract.mjs).  What has no
// language is not tried.  Everywhere, the files that are named exist, and so do the places that are linked.
//
// SPDX-License-Identifier: MIT
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { hasDatabase, tryContract } from './contract.mjs';
import { isAsShown, isDocument, readAnchors, readCommands, readPage } from './page.mjs';

const root = path.join(import.meta.dirname, '../..');
const { LINNET_TREE: tree, LINNET_URL: url, LINNET_PROGRAM: program, LINNET_UP: up } = process.env;
// To Linnet these would be settings, and there are none of these names.
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('LINNET_')));
const run = (command, args) => spawnSync(command, args, { cwd: tree, env: environment, encoding: 'utf8' });

let passed = 0, failed = 0;
function tell(place, what, fault) {
    if (fault)
        failed++;
    else
        passed++;
    console.log(`${fault ? 'not ok' : 'ok'} ${place} ${what.split('\n')[0].slice(0, 100)}${fault ? `\n${fault.replace(/^/gm, '    ')}` : ''}`);
}

// --- documents ---------------------------------------------------------------

let token = '';
async function send(document, isSignedIn) {
    const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...isSignedIn && { authorization: `JWT ${token}` } },
        body: JSON.stringify({ query: document.replaceAll('TOKEN', token) }),
    });
    const answer = await response.json();
    token = answer.data?.tokenAuth?.token ?? token;
    return answer;
}

async function tryDocument(place, document, { isSignedIn, message }) {
    const answer = await send(document, isSignedIn);
    const messages = answer.errors?.map((error) => error.message) ?? [];
    const isGood = message === undefined ? messages.length === 0 : messages.length === 1 && messages[0] === message;
    tell(place, document, isGood ? null : JSON.stringify(answer));
}

async function tryRow(name, row) {
    for (const [i, { code }] of row.code.entries())
        if (isDocument(code))
            await tryDocument(`${name}:${row.place}`, code, {
                isSignedIn: row.text.includes('Authorization: JWT TOKEN'),
                message: row.code[i + 1]?.before.includes('→') ? row.code[i + 1].code : undefined,
            });
}

// --- commands and files ------------------------------------------------------

// What stands between two commands' outputs, with the status of the first.
const MARK = '<<end of the example>>';
// No line of a file is this one.
const END = 'END OF THE FILE';

const typed = (text) => text.replaceAll('localhost:8080', new URL(url).host).replaceAll('./up --detach', up);

// All that a page types and writes, in its order, as one script.
function makeScript(fences) {
    return fences.map((fence) => {
        if (fence.file)
            return `cat ${fence.language === 'graphql' ? '>>' : '>'} ${fence.file} << '${END}'\n${fence.lines.join('\n')}\n${END}\n`;
        return readCommands(fence).map(({ text }) => `{ ${typed(text)}\n} 2>&1; echo "$?${MARK}"\n`).join('');
    }).join('');
}

function judgeCommand(command, output, status) {
    const shown = command.output.join('\n');
    if (status !== '0')
        return `exit status ${status}\n${output}`;
    if (shown)
        return isAsShown(output, shown) ? null : `shown:\n${shown}\nprinted:\n${output}`;
    return /^\s*\{/.test(output) && 'errors' in JSON.parse(output) ? output : null;
}

function tryCommands(name, page) {
    const fences = page.fences.filter(({ language, file }) => language === 'sh' || (file && language !== 'js'));
    const outputs = run('bash', ['-c', makeScript(fences)]).stdout.split(MARK);
    for (const [i, command] of fences.filter(({ file }) => !file).flatMap(readCommands).entries()) {
        const [, output, status] = /^([^]*?)(\d*)$/.exec(outputs[i] ?? '');
        tell(`${name}:${command.place}`, command.text, judgeCommand(command, output, status));
    }
}

// --- files and places --------------------------------------------------------

// src/base/arena.c, sql/NNN_what.sql: the second is a form of names, and no name.
const isPath = (code) => /^(apache|bench|cgi-bin|docs|nginx|scripts|sql|src|tests)\/[\w*./-]*\w$/.test(code) && !/[A-Z]{3}/.test(code);

function tryPaths(name, page) {
    for (const { code, place } of page.code.filter(({ code }) => isPath(code))) {
        const isThere = code.includes('*')
            ? spawnSync('bash', ['-c', `compgen -G '${code}'`], { cwd: root }).status === 0
            : existsSync(path.join(root, code)) || existsSync(path.join(tree, code));
        tell(`${name}:${place}`, code, isThere ? null : 'there is no such file');
    }
}

function tryLinks(name, page) {
    for (const { target, place } of page.links.filter(({ target }) => !/^[a-z]+:/.test(target))) {
        const [file, anchor] = target.split('#');
        const full = file ? path.join(root, path.dirname(name), file) : path.join(root, name);
        const isThere = existsSync(full) && (!anchor || readAnchors(readFileSync(full, 'utf8')).includes(anchor));
        tell(`${name}:${place}`, target, isThere ? null : 'there is no such place');
    }
}

// --- code of clients -----------------------------------------------------------

const plain = (text) => text.replace(/\s+/g, ' ').trim();

function tryCode(name, page) {
    for (const { language, file, lines, place } of page.fences.filter(({ language, file }) => language === 'js' && file))
        tell(`${name}:${place}`, file, plain(readFileSync(path.join(root, file), 'utf8')).includes(plain(lines.join('\n'))) ? null : `${language} that is not there`);
}

// --- settings ----------------------------------------------------------------

const manual = execFileSync(program, ['print', 'options'], { cwd: tree, env: environment, encoding: 'utf8' });

function trySettings(name, page) {
    for (const { name: setting, place } of page.settings)
        tell(`${name}:${place}`, setting, manual.includes(`| \`${setting}\` |`) ? null : 'there is no such setting');
}

function tryManual() {
    const isSame = readFileSync(path.join(root, 'docs/configuration.md'), 'utf8') === manual;
    tell('docs/configuration.md:1', 'is what linnet print options prints', isSame ? null : 'linnet print options > docs/configuration.md');
}

// --- all of it ---------------------------------------------------------------

for (const name of process.argv.slice(2)) {
    const page = readPage(path.join(root, name));
    if (hasDatabase(page)) {
        for (const { place, what, fault } of tryContract(name, page, run))
            tell(`${name}:${place}`, what, fault);
    } else {
        tryCommands(name, page);
        for (const { place, lines } of page.fences.filter(({ language, file }) => language === 'graphql' && !file))
            await tryDocument(`${name}:${place}`, lines.join('\n'), {});
        for (const row of page.rows)
            await tryRow(name, row);
    }
    tryCode(name, page);
    tryPaths(name, page);
    tryLinks(name, page);
    trySettings(name, page);
    if (name === 'docs/configuration.md')
        tryManual();
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
