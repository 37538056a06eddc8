// applications.mjs - the applications whose contracts are asked about, and who asks.
//
// SPDX-License-Identifier: MIT

const nobody = { name: 'nobody', role: 'linnet_anon', id: null, claim: null };
const user = (id) => ({ name: `user ${id}`, role: 'linnet_user', id, claim: 'user' });
const staff = (id) => ({ name: `staff ${id}`, role: 'linnet_staff', id, claim: 'staff' });

// `later`: what is added to the contract when the server keeps it.
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
    },
    hackernews: {
        database: 'linnet',
        contract: 'sql/schema.graphql',
        viewers: [nobody, user('1'), user('42'), user('900001'), staff('3')],
    },
};
