// audits.test.mjs - GraphQL over HTTP: every audit of graphql-http must be "ok", also those
// that a server may leave out.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { serverAudits } from 'graphql-http';

import { url } from './lib/environment.mjs';

const audits = serverAudits({ url: url.href });

test('there are 61 audits', () => assert.equal(audits.length, 61));

for (const audit of audits) {
    test(`${audit.id} ${audit.name}`, async () => {
        const result = await audit.fn();
        assert.equal(result.status, 'ok', result.reason);
    });
}
