// generate.mjs - a random database, as SQL, and a contract for it.
//
// Every table has the columns id, name and note; what a row is called says whose it is, so that
// it is known again wherever it is seen.
//
// SPDX-License-Identifier: MIT

export const requestRoles = ['linnet_anon', 'linnet_user', 'linnet_staff'];
// Of the application that lives there: `app` belongs to `crew`; two own things.
export const otherRoles = ['app', 'crew', 'reader', 'owner_a', 'owner_b'];
const everybody = [...requestRoles, 'PUBLIC', ...otherRoles.slice(0, 3)];

// mulberry32: the same numbers for a seed everywhere.
export function random(seed) {
    let state = seed >>> 0;
    const next = () => {
        state = (state + 0x6d2b79f5) >>> 0;
        let t = Math.imul(state ^ (state >>> 15), state | 1);
        t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
        return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    };
    const it = { chance: (p) => next() < p, below: (n) => Math.floor(next() * n) };
    it.pick = (list) => list[it.below(list.length)];
    it.some = (list, p) => list.filter(() => it.chance(p));
    return it;
}

export const setup = `
    CREATE ROLE app; CREATE ROLE crew; CREATE ROLE reader; CREATE ROLE owner_a; CREATE ROLE owner_b;
    CREATE ROLE solo LOGIN; GRANT crew TO app`;

const verbs = ['SELECT', 'INSERT', 'UPDATE', 'DELETE'];

function makeGrants(r, name, isStrict) {
    const lines = [];
    for (const role of r.some(everybody, isStrict ? 0.2 : 0.3)) {
        if (role === 'PUBLIC' && r.chance(0.6))
            continue;
        const given = r.chance(0.15) ? ['ALL'] : r.some(verbs, 0.45);
        const parts = given.map((verb) => (verb !== 'ALL' && verb !== 'DELETE' && r.chance(0.4) ? `${verb} (id, name, note)` : verb));
        if (parts.length > 0)
            lines.push(`GRANT ${parts.join(', ')} ON ${name} TO ${role}`);
    }
    return lines;
}

const condition = (r) => r.pick(['true', 'true', 'id = 1', 'id > 1', 'false']);

function makePolicies(r, name, isEnabled) {
    const lines = [];
    for (let n = r.below(4); n > 0; n--) {
        const verb = r.pick(['ALL', 'SELECT', 'SELECT', 'INSERT', 'UPDATE', 'DELETE']);
        // One that is restrictive and not yet in force would hide rows from others by ENABLE.
        const restricts = isEnabled && r.chance(0.2);
        const role = r.pick(everybody);
        lines.push(`CREATE POLICY p${n} ON ${name} AS ${restricts ? 'RESTRICTIVE' : 'PERMISSIVE'} FOR ${verb} TO ${role}` +
            (verb === 'INSERT' ? '' : ` USING (${condition(r)})`) + (verb === 'INSERT' ? ` WITH CHECK (${condition(r)})` : ''));
    }
    return lines;
}

// One case.  `relations` and `functions` are their names; `forAll` and `trusted` what the
// contract says.
export function generate(seed) {
    const r = random(seed);
    // Most have few faults, or one that others hid would not be missed.
    const isTight = r.chance(0.5), isStrict = isTight || r.chance(0.4);
    const isSingle = r.chance(0.15);
    const owners = isSingle ? ['owner_a', 'solo', 'solo'] : ['owner_a', 'owner_a', 'owner_b'];
    const lines = [], relations = [], functions = [], forAll = [], trusted = [], trustedCalls = [];

    const guard = (name) => {
        const isEnabled = r.chance(isTight ? 0.85 : isStrict ? 0.9 : 0.6);
        if (isEnabled)
            lines.push(`ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY`);
        if (r.chance(isSingle ? 0.8 : 0.15))
            lines.push(`ALTER TABLE ${name} FORCE ROW LEVEL SECURITY`);
        lines.push(...makePolicies(r, name, isEnabled));
        return isEnabled;
    };
    for (let n = 1 + r.below(3); n > 0; n--) {
        const name = r.chance(0.2) ? `side.t${n}` : `t${n}`, owner = r.pick(owners);
        const isSplit = r.chance(0.25);
        lines.push(`CREATE TABLE ${name} (id int, name text, note text)${isSplit ? ' PARTITION BY RANGE (id)' : ''}`);
        relations.push(name);
        if (isSplit)
            for (const [part, from, to] of [['a', 'MINVALUE', 3], ['b', 3, 'MAXVALUE']]) {
                lines.push(`CREATE TABLE ${name}${part} PARTITION OF ${name} FOR VALUES FROM (${from}) TO (${to})`);
                lines.push(`ALTER TABLE ${name}${part} OWNER TO ${owner}`);
                relations.push(`${name}${part}`);
                if (r.chance(0.3)) {
                    guard(`${name}${part}`);
                    lines.push(...makeGrants(r, `${name}${part}`, isStrict));
                }
            }
        lines.push(`INSERT INTO ${name} SELECT i, '${name}-' || i FROM generate_series(1, 4) AS i`);
        const isEnabled = guard(name);
        lines.push(...makeGrants(r, name, isStrict), `ALTER TABLE ${name} OWNER TO ${owner}`);
        if (!isEnabled && r.chance(0.5))
            forAll.push(name);
        if (r.chance(isTight ? 0.02 : 0.05))
            lines.push(`CREATE RULE seen AS ON UPDATE TO ${name} DO ALSO SELECT * FROM ${relations[0]}`);
    }
    // Those are read when they are made, and a view's owner may not be allowed to.
    const tables = [...relations];
    for (let n = r.below(4); n > 0; n--) {
        const name = `v${n}`, kind = r.chance(isTight ? 0.05 : 0.2) ? 'MATERIALIZED VIEW' : 'VIEW';
        const isInvoker = kind === 'VIEW' && r.chance(isTight ? 0.95 : isStrict ? 0.8 : 0.5);
        lines.push(`CREATE ${kind} ${name}${isInvoker ? ' WITH (security_invoker = on)' : ''} AS SELECT id, name, note FROM ${r.pick(kind === 'VIEW' ? relations : tables)}`);
        lines.push(...makeGrants(r, name, isStrict && !isInvoker), `ALTER ${kind} ${name} OWNER TO ${r.pick(owners)}`);
        relations.push(name);
        if (!isInvoker && r.chance(0.3))
            forAll.push(name);
    }
    for (let n = r.below(3); n > 0; n--) {
        const name = `f${n}`, from = r.pick(relations), isDefiner = r.chance(isTight ? 0.05 : isStrict ? 0.3 : 0.5);
        const body = r.chance(0.3) ? `DELETE FROM ${from} RETURNING name` : `SELECT name FROM ${from}`;
        lines.push(`CREATE FUNCTION ${name}() RETURNS SETOF text LANGUAGE plpgsql ${isDefiner ? 'SECURITY DEFINER' : ''}` +
            ` AS 'BEGIN RETURN QUERY ${body}; END'`, `ALTER FUNCTION ${name}() OWNER TO ${r.pick(owners)}`);
        if (r.chance(0.7))
            lines.push(`REVOKE EXECUTE ON FUNCTION ${name}() FROM PUBLIC`,
                ...r.some(everybody.filter((role) => role !== 'PUBLIC'), 0.3).map((role) => `GRANT EXECUTE ON FUNCTION ${name}() TO ${role}`));
        functions.push(`SELECT * FROM ${name}()`);
        if (isDefiner && r.chance(0.4)) {
            trustedCalls.push(`SELECT * FROM ${name}()`);
            trusted.push(r.chance(0.5) ? name : `${name}()`);
        }
    }
    if (r.chance(isTight ? 0.02 : 0.1)) {
        functions.push("SELECT f9(x) FROM (VALUES ('x')) v(x)");
        lines.push(`CREATE FUNCTION step(text, text) RETURNS text LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN RETURN (SELECT string_agg(name, '' '') FROM ${r.pick(relations)}); END'`,
            'REVOKE EXECUTE ON FUNCTION step(text, text) FROM PUBLIC', 'CREATE AGGREGATE f9(text) (SFUNC = step, STYPE = text)');
    }
    const join = r.chance(isStrict ? 0.05 : 0.15) && !isSingle ? `GRANT crew TO ${r.pick(requestRoles)}` : null;
    const isOwner = r.chance(isStrict ? 0 : 0.05) && !isSingle;
    if (join)
        lines.push(join);
    // A role that does not inherit has none of its group's rights, and may take the group on.
    for (const role of [...requestRoles, 'app'])
        if (r.chance(0.25) && !isSingle)
            lines.push(`ALTER ROLE ${role} NOINHERIT`);
    if (isOwner)
        lines.push('GRANT owner_a TO linnet_login');
    return { lines, relations, functions, forAll, trusted, trustedCalls, isSingle };
}

export const cleanup = `RESET ROLE; DROP SCHEMA IF EXISTS side CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public; CREATE SCHEMA side;
    GRANT USAGE ON SCHEMA public, side TO PUBLIC; GRANT CREATE ON SCHEMA public, side TO owner_a, owner_b, solo;
    REVOKE crew FROM linnet_anon, linnet_user, linnet_staff; REVOKE owner_a FROM linnet_login;
    ${[...requestRoles, 'app'].map((role) => `ALTER ROLE ${role} INHERIT`).join('; ')}`;

export const contractOf = (one) => [
    'type Query { one: Int @function(name: "one") }',
    one.trusted.length > 0 ? `extend schema @trusted(functions: ${JSON.stringify(one.trusted)})` : '',
    ...one.forAll.map((name) => `type ${name.replace('.', '_').toUpperCase()} @table(name: "${name}", rows: ALL) { name: String }`),
].join('\n');
