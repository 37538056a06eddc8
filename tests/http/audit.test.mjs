// audit.test.mjs - what the audit of row-level security notes although nobody sees too much.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Application, open } from './lib/application.mjs';

const application = new Application(
    'audit',
    `CREATE TABLE shown (id int PRIMARY KEY); ${open('shown')}
    CREATE TABLE emptied (id int PRIMARY KEY); ${open('emptied', 'SELECT, TRUNCATE')}
    CREATE TABLE hidden (id int PRIMARY KEY);
    ALTER TABLE hidden ENABLE ROW LEVEL SECURITY;
    GRANT SELECT ON hidden TO linnet_user;
    CREATE TABLE "Forced" (id int PRIMARY KEY);
    ALTER TABLE "Forced" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY, OWNER TO linnet_owner;
    CREATE POLICY own ON "Forced" FOR SELECT TO linnet_user USING (id = 1);
    GRANT SELECT ON "Forced" TO linnet_user`,
);
const contract = 'type Query { shown: [Shown!]! } type Shown @table(name: "shown") { id: ID! }';

test('TRUNCATE, tables of which nobody sees a row, and FORCE that binds the owner', () => {
    const { lines, status } = application.check(contract);
    assert.deepEqual(lines, [
        'note: linnet_anon, linnet_staff, linnet_user may TRUNCATE (no policy restricts that) tables: emptied',
        '    REVOKE TRUNCATE ON public.emptied FROM linnet_anon, linnet_staff, linnet_user;',
        'note: linnet_user may read tables, but no policy shows any row of: hidden',
        '    CREATE POLICY hidden_read ON public.hidden FOR SELECT TO linnet_user USING (...);',
        'note: linnet_owner, the owner, is bound by FORCE but has no policy of its own, so its functions and migrations may not find all rows of tables: Forced',
        '    ALTER TABLE public."Forced" NO FORCE ROW LEVEL SECURITY;',
        'fits the database, with 3 notes',
    ]);
    assert.equal(status, 0);
});

test('not where a policy lets the owner through', () => {
    application.psql('CREATE POLICY owner ON "Forced" TO linnet_owner USING (true); REVOKE ALL ON emptied, hidden FROM linnet_anon, linnet_user, linnet_staff');
    assert.deepEqual(application.check(contract).lines, ['fits the database']);
});
