// public_contract.test.mjs - what clients were promised still holds: lib/public_contract.graphql is the public
// contract as clients know it, and the schema that is printed for them may have more, and nothing else.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';

import { buildSchema, findBreakingChanges, findDangerousChanges, parse, validate } from 'graphql';

import { program, root, state } from './lib/environment.mjs';

const promised = readFileSync(`${root}/tests/http/lib/public_contract.graphql`, 'utf8');
const printed = execFileSync(program, ['print', 'schema', '--contract', `${root}/sql/schema.graphql`], { encoding: 'utf8', env: {} });
const breaks = (after) => findBreakingChanges(buildSchema(promised), buildSchema(after)).map(({ description }) => description);

suite('the printed schema', () => {
    test('breaks nothing that clients rely on', () => assert.deepEqual(breaks(printed), []));

    test('changes no default', () => {
        const dangers = findDangerousChanges(buildSchema(promised), buildSchema(printed));
        // What may be added: arguments with a default, values, types.
        assert.deepEqual(dangers.filter(({ type }) => /DEFAULT/.test(type)), []);
    });

    // Each of these takes a part away, or makes it harder to give.
    const spoiled = {
        'a field': [/^  totalCount: Int!$/m, '  total: Int!'],
        'a `!` of a field': [/^  url: String!$/m, '  url: String'],
        'a type of a field': [/^  voteCount: Int!$/m, '  voteCount: ID!'],
        'an argument': ['deleteVote(linkId: ID!)', 'deleteVote(id: ID)'],
        'an argument that need not be given': [/relayLink\(id: ID!\)/, 'relayLink(id: ID!, more: Int!)'],
        'an interface': ['type VoteNode implements Node', 'type VoteNode'],
        'a member of an input object': [/^  clientMutationId: String$/m, '  other: String'],
    };
    for (const [title, [old, other]] of Object.entries(spoiled))
        test(`would not be allowed to lose ${title}`, () => {
            const text = printed.replace(old, other);
            assert.notEqual(text, printed);
            assert.notDeepEqual(breaks(text), []);
        });
});

suite('bench/compare', () => {
    // Of all servers, but of PostGraphile, which makes a schema of its own.
    const schema = buildSchema(printed);
    const documents = [1, 2, 3, 4, 5].map((n) => `workloads/W${n}.json`).concat('peers/W6.json');
    for (const file of documents)
        test(`asks in ${file} for what the contract has`, () => {
            const { query } = JSON.parse(readFileSync(`${root}/bench/${file}`, 'utf8'));
            assert.deepEqual(validate(schema, parse(query)), []);
        });

    test('tells the same answer in other words from another answer', () =>
        execFileSync('python3', ['-m', 'doctest', 'compare.py'], { cwd: `${root}/bench`, env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' } }));

    test('makes settings that nginx takes, of those of nginx/', () => {
        const script = '. scripts/common.sh; . scripts/instance.sh; . bench/front.sh; front_write checked 1 "$(front_proxy 2)"; front_nginx checked -t';
        const folder = `${state}/front/checked/nginx`;
        execFileSync('bash', ['-c', script], { cwd: root, env: { ...process.env, STATE: state }, stdio: 'pipe' });
        assert.match(readFileSync(`${folder}/linnet.conf`, 'utf8'), /proxy_pass http:\/\/linnet;/);
        assert.doesNotMatch(readFileSync(`${folder}/linnet.conf`, 'utf8').replaceAll(/#.*/g, ''), /fastcgi/);
    });
});
