// relay.test.mjs - Relay: what its compiler says of the printed schema, and its runtime on both servers.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';

import relay from 'relay-runtime';

import { allLinks, keyOf } from './lib/lists.mjs';
import { compile, makeEnvironment } from './lib/relay.mjs';
import { ask, signedInAs, targets } from './lib/targets.mjs';

let compiled;
before(() => {
    compiled = compile('relay');
});
after(() => compiled?.remove());

suite('relay-compiler', () => {
    test('takes @connection, @refetchable and @deleteEdge', () => assert.equal(compiled.status, 0, compiled.output));

    test('refetches a link by node(id:)', () =>
        assert.match(compiled.artifact('LinkItemVotesQuery').params.text, /node\(id: \$id\)/));

    test('refuses what the schema has not', () => {
        const { status, output, remove } = compile({ 'Wrong.js': 'graphql`query WrongQuery { relayLinks(first: 1) { edges { cheese } } }`' });
        remove();
        assert.notEqual(status, 0);
        assert.match(output, /The type `LinkNodeEdge` has no field `cheese`/);
    });
});

const get = (environment, name, variables) => relay.fetchQuery(environment, compiled.artifact(name), variables).toPromise();
const commit = (environment, name, variables) => new Promise((resolve, reject) =>
    relay.commitMutation(environment, {
        mutation: compiled.artifact(name),
        variables,
        onCompleted: (data, errors) => (errors ? reject(new Error(errors[0].message)) : resolve(data)),
        onError: reject,
    }));

// The connection as the store has it: what components show.
function listOf(environment, search) {
    let list = null;
    relay.commitLocalUpdate(environment, (store) => {
        const record = relay.ConnectionHandler.getConnection(store.getRoot(), 'LinkList_relayLinks', { search });
        const pageInfo = record.getLinkedRecord('pageInfo');
        list = {
            id: record.getDataID(),
            ids: record.getLinkedRecords('edges').map((edge) => edge.getLinkedRecord('node').getValue('id')),
            hasNextPage: pageInfo.getValue('hasNextPage'),
            endCursor: pageInfo.getValue('endCursor'),
        };
    });
    return list;
}

for (const [name, open] of Object.entries(targets))
    suite(`relay-runtime, ${name}`, () => {
        let target, expected;
        before(async () => {
            target = await open();
            expected = await allLinks(target);
        });
        after(() => target?.close());

        test('@connection joins the pages, and keeps its place where nothing follows', async () => {
            const environment = makeEnvironment(target);
            const retained = environment.retain(relay.createOperationDescriptor(compiled.artifact('LinkListQuery'), { count: 60 }));
            await get(environment, 'LinkListQuery', { count: 60 });
            const getMore = () => get(environment, 'LinkListPaginationQuery', { count: 60, cursor: listOf(environment).endCursor });
            while (listOf(environment).hasNextPage) await getMore();
            const whole = listOf(environment);
            assert.deepEqual(whole.ids, expected);
            await getMore();
            assert.deepEqual(listOf(environment), whole);
            retained.dispose();
        });

        test('an object is read again by its global id', async () => {
            const environment = makeEnvironment(target);
            const { relayLinks } = await ask(target, '{ relayLinks(first: 1, orderBy: [{voteCount: DESC}]) { edges { node { id votes(first: 3) { edges { node { id } } } } } } }');
            const [{ node }] = relayLinks.edges;
            const { node: read } = await get(environment, 'LinkItemVotesQuery', { id: node.id, count: 3 });
            assert.ok(read);
            const record = environment.getStore().getSource().get(node.id);
            assert.equal(record.__typename, 'LinkNode');
        });

        test('keys of several types are kept apart', async () => {
            const environment = makeEnvironment(target);
            await get(environment, 'LinkListQuery', { count: 100 });
            const source = environment.getStore().getSource();
            const users = source.getRecordIDs().filter((id) => source.get(id).__typename === 'User');
            assert.ok(users.length > 0);
            for (const id of users) assert.match(id, /^User:\d+$/);
        });

        // The mock writes nothing.
        test('a vote is shown by the link that is in the store', { skip: name === 'mock' }, async () => {
            const environment = makeEnvironment(target, signedInAs(target.people[0]));
            await get(environment, 'LinkListQuery', { count: 2 });
            const id = listOf(environment).ids[1];
            const before = environment.getStore().getSource().get(id);
            await commit(environment, 'LinkItemVoteMutation', { pk: before.pk });
            assert.equal(environment.getStore().getSource().get(id).voteCount, before.voteCount + 1);
        });

        test('@prependNode puts a link into the list, and @deleteEdge takes it out', async () => {
            const environment = makeEnvironment(target, signedInAs(target.people[1]));
            const retained = environment.retain(relay.createOperationDescriptor(compiled.artifact('LinkListQuery'), { count: 5 }));
            await get(environment, 'LinkListQuery', { count: 5 });
            const { id: list, ids } = listOf(environment);
            const { createLink } = await commit(environment, 'NewLinkMutation', { url: 'https://example.com/relay', connections: [list] });
            const { id } = createLink.linkNode;
            assert.deepEqual(listOf(environment).ids, [id, ...ids]);
            const pk = keyOf('LinkNode', id);
            const { deleteLink } = await commit(environment, 'LinkItemDeleteMutation', { pk, connections: [list] });
            assert.equal(deleteLink.deletedId, id);
            assert.deepEqual(listOf(environment).ids, ids);
            retained.dispose();
        });
    });
