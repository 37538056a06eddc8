// usernames.test.mjs - names in any script: the server and PostgreSQL judge every character alike.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, beforeEach, suite, test } from 'node:test';

import { failureOf, goodPassword, signIn, signUp, unique } from './lib/accounts.mjs';
import { Session } from './lib/database.mjs';
import { isSanitized, program } from './lib/environment.mjs';

const session = new Session();
after(() => session.close());

const digits = unique('name').replace(/\D/g, '');

suite('a username', () => {
    beforeEach(() => session.run('DELETE FROM login_failures'));

    for (const name of ['हिन्दी', 'ภาษาไทยที่นี่', 'தமிழ்', 'עִבְרִית', 'عَرَبِي', 'Việt', '日本語', '한국어'])
        test(`may be ${name}, in each of its forms`, async () => {
            const username = `${name}${digits}`;
            const made = await signUp(username, goodPassword);
            assert.equal(made.json.errors, undefined, made.text);
            assert.equal(made.json.data.createUser.user.username, username.normalize('NFKC'));
            for (const form of ['NFC', 'NFD', 'NFKC', 'NFKD']) {
                const typed = username.normalize(form);
                const answer = await signIn(typed, goodPassword);
                assert.equal(answer.json.errors, undefined, answer.text);
                const error = failureOf(await signUp(typed, goodPassword), 'createUser');
                assert.equal(error.extensions.code, 'CONFLICT', form);
            }
        });

    for (const [what, name] of [
        ['a mark without a letter', '\u093fका'],
        ['a mark after a digit', '1\u0301'],
        ['a letter that is not shown', '\u3164a'],
        ['a mark that is not shown', 'a\u034fb'],
        ['a joiner', 'क्\u200dष'],
        ['a mark that encloses', 'a\u20dd'],
    ])
        test(`has not ${what}`, async () => {
            const error = failureOf(await signUp(name, goodPassword), 'createUser');
            assert.equal(error.extensions.code, 'BAD_USER_INPUT');
            assert.equal(error.extensions.argument, 'username');
        });

    test('that is there already, against the rule, may sign in', async () => {
        const username = unique('ok');
        await signUp(username, goodPassword);
        await session.run(`BEGIN;
            ALTER TABLE users DROP CONSTRAINT users_username_form;
            UPDATE users SET username = '${username}❶' WHERE username = '${username}';
            ALTER TABLE users ADD CONSTRAINT users_username_form CHECK (is_username(username)) NOT VALID;
            COMMIT`);
        const answer = await signIn(`${username}❶`, goodPassword);
        assert.equal(answer.json.errors, undefined, answer.text);
    });

    // The printed rule is the server's own (tests/unit/test_username.c).  PostgreSQL is the same beside
    // each build of the server.
    const options = { skip: isSanitized };
    test('is judged by PostgreSQL as by the server, each character', options, async () => {
        const sql = execFileSync(program, ['print', 'usernames'], { encoding: 'utf8' });
        const rule = sql.slice(sql.indexOf('^(?:')).replace(/'\n +'/g, '');
        const [, first, letters, marks] = /^\^\(\?:\[(.*?)\]\|\[(.*?)\]\[(.*?)\]\*\)\+\$/.exec(rule);
        const isFirst = new Set(),
            isNext = new Set();
        const add = (set, text) => {
            for (const [, from, to] of text.matchAll(/\\U([0-9A-F]{8})(?:-\\U([0-9A-F]{8}))?/g))
                for (let c = parseInt(from, 16); c <= parseInt(to ?? from, 16); c++) set.add(c);
            for (const c of text.replace(/\\U[0-9A-F]{8}(-(?=\\U))?/g, '')) set.add(c.charCodeAt(0));
        };
        add(isFirst, first + letters);
        add(isNext, first + letters + marks);
        const find = async (condition) => {
            const text = await session.run(
                `SELECT string_agg(c::text, ' ' ORDER BY c) FROM generate_series(1, 1114111) AS c
                 WHERE c NOT BETWEEN 55296 AND 57343 AND ${condition}`,
            );
            return text.trim().split(' ').map(Number);
        };
        const sorted = (set) => [...set].sort((a, b) => a - b);
        assert.ok(isFirst.size > 130000 && isNext.size > isFirst.size + 2000);
        assert.deepEqual(await find('is_username(chr(c))'), sorted(isFirst));
        assert.deepEqual(await find("is_username('a' || chr(c))"), sorted(isNext));
        assert.deepEqual(await find("is_username('1' || chr(c))"), sorted(isFirst));
    });
});
