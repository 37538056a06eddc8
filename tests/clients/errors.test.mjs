// errors.test.mjs - errors by their code, with each client: beside the input that they are about, or above the form.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';

import { goodPassword, signUp, unique } from '../http/lib/accounts.mjs';
import { clients } from './lib/clients.mjs';
import { sortErrors } from './lib/form_errors.mjs';
import { signedInAs, targets } from './lib/targets.mjs';

const withHeaders = (fetch, more) => (url, options) => {
    const headers = new Headers(options.headers);
    for (const [name, value] of Object.entries(more)) headers.set(name, value);
    return fetch(url, { ...options, headers });
};

for (const [name, open] of Object.entries(targets))
    for (const [client, connect] of Object.entries(clients))
        suite(`${client}, ${name}`, () => {
            let target;
            before(async () => (target = await open()));
            after(() => target?.close());

            test('nobody is signed in: what needs a user says so', async () => {
                const { errors } = await connect(target.fetch)('AccountPostMutation', { url: 'https://errors.example/' });
                assert.equal(errors[0].extensions.code, 'UNAUTHENTICATED');
                assert.deepEqual(sortErrors(errors), { fields: {}, message: 'Not logged in!', isSignedOut: true, retryAfter: 0 });
            });

            test('a variable that is not allowed is refused before anything is done', async () => {
                const { data, errors } = await connect(target.fetch)('AccountPostMutation', { url: 7 });
                assert.equal(data, null);
                assert.equal(errors[0].extensions.code, 'BAD_USER_INPUT');
            });

            // The mock takes any value.
            test('what a form has wrong stands beside its inputs', { skip: name === 'mock' }, async () => {
                const run = connect(target.fetch);
                const username = unique('form');
                await signUp(username, goodPassword);
                const taken = await run('AccountSignUpMutation', { username, password: goodPassword, email: 'a@example.com' });
                assert.equal(taken.errors[0].extensions.code, 'CONFLICT');
                assert.deepEqual(sortErrors(taken.errors).fields, { username: 'A user with that username already exists.' });
                const wrong = await run('AccountSignUpMutation', { username: unique('form'), password: goodPassword, email: 'nowhere' });
                assert.equal(wrong.errors[0].extensions.code, 'BAD_USER_INPUT');
                assert.deepEqual(Object.keys(sortErrors(wrong.errors).fields), ['email']);
                assert.equal(sortErrors(wrong.errors).message, '');
            });

            test('a link that is not one stands beside its input', { skip: name === 'mock' }, async () => {
                const run = connect(withHeaders(target.fetch, signedInAs(target.people[0])));
                const { errors } = await run('AccountPostMutation', { url: 'nowhere' });
                assert.deepEqual(sortErrors(errors), {
                    fields: { url: 'The url is not one of http or https.' }, message: '', isSignedOut: false, retryAfter: 0,
                });
            });
        });

test('what is an error of the server stands above the form, and when to try again', () => {
    const error = (message, extensions) => ({ message, extensions });
    assert.deepEqual(
        sortErrors([
            error('The database is not available.', { code: 'SERVICE_UNAVAILABLE', retryAfter: 2 }),
            error('Internal server error.', { code: 'INTERNAL_SERVER_ERROR' }),
            error('Too long.', { code: 'BAD_USER_INPUT', argument: 'url' }),
            error('Again.', { code: 'BAD_USER_INPUT', argument: 'url' }),
        ]),
        { fields: { url: 'Too long.' }, message: 'The database is not available.', isSignedOut: false, retryAfter: 2 },
    );
    assert.match(sortErrors([error('Internal server error.', { code: 'INTERNAL_SERVER_ERROR' })]).message, /try again/);
});
