// applications.mjs - the applications whose contracts are asked about, and who asks.
//
// SPDX-License-Identifier: MIT

const nobody = { name: 'nobody', role: 'linnet_anon', id: null, claim: null };
const user = (id) => ({ name: `user ${id}`, role: 'linnet_user', id, claim: 'user' });
const staff = (id) => ({ name: `staff ${id}`, role: 'linnet_staff', id, claim: 'staff' });

// `later`: what is added to the contract when the server keeps it. `fixed`: makes what mutations write the same
// wherever they run.
export const applications = {
    shop: {
        database: 'shop',
        contract: 'tests/shop/schema.graphql',
        later: 'tests/shop/later.graphql',
        viewers: [
            nobody,
            user('10000000-0000-4000-8000-000000000001'),
            user('10000000-0000-4000-8000-000000000003'),
            user('99999999-0000-4000-8000-000000000000'), // of no tenant
            staff('ffffffff-ffff-ffff-ffff-ffffffffffff'),
        ],
        fixed: `
            CREATE SCHEMA fixed;
            GRANT USAGE ON SCHEMA fixed TO linnet_anon, linnet_user, linnet_staff;
            CREATE SEQUENCE fixed.numbers;
            GRANT USAGE ON SEQUENCE fixed.numbers TO linnet_anon, linnet_user, linnet_staff;
            CREATE FUNCTION fixed.now() RETURNS timestamptz LANGUAGE sql IMMUTABLE RETURN timestamptz '2026-01-01 00:00:00Z';
            CREATE FUNCTION fixed.gen_random_uuid() RETURNS uuid LANGUAGE sql
            RETURN ('ffffffff-0000-4000-8000-' || lpad(nextval('fixed.numbers')::text, 12, '0'))::uuid;
            ALTER FUNCTION write_review SET search_path = fixed, pg_catalog, public;
            ALTER TABLE audit_log ALTER at SET DEFAULT '2026-01-01 00:00:00Z'`,
    },
    hackernews: {
        database: 'linnet',
        contract: 'sql/schema.graphql',
        viewers: [nobody, user('1'), user('42'), user('900001'), staff('3')],
        fixed: `
            ALTER TABLE links ALTER created_at SET DEFAULT '2026-01-01 00:00:00Z';
            ALTER TABLE votes ALTER created_at SET DEFAULT '2026-01-01 00:00:00Z'`,
    },
};
