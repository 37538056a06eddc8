// quoting.test.mjs - the statements that `linnet check` suggests can be given to psql as they are
// printed, whatever the names in them.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';

import { Application } from './lib/application.mjs';
import { psql } from './lib/database.mjs';

const quote = (name) => `"${name.replaceAll('"', '""')}"`;
const ROLES = ['Anonymous-1', 'user', 'a "quoted" one'];
const OPTIONS = ['--role', ROLES[0], '--role-user', ROLES[1], '--role-staff', ROLES[2]];

const closed = (table) => `
    ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
    CREATE POLICY "All rows" ON ${table} USING (true);`;

const application = new Application(
    'quoting',
    `CREATE TABLE "order" (id int PRIMARY KEY, "Unit Price" numeric);
    CREATE SCHEMA "Sales";
    CREATE TABLE "Sales"."The ""Details""" (id int PRIMARY KEY, "select" int, "Order" int UNIQUE);
    ALTER TABLE "Sales"."The ""Details""" ADD CONSTRAINT "of Order" FOREIGN KEY ("Order") REFERENCES "order" NOT VALID;
    ${closed('"order"')} ${closed('"Sales"."The ""Details"""')}
    CREATE FUNCTION "Sales"."Number of"("order") RETURNS int LANGUAGE sql STABLE RETURN 1;
    CREATE FUNCTION "Sales"."Number of"("order", text) RETURNS int LANGUAGE sql STABLE RETURN 2;
    CREATE FUNCTION "left"("Which" int) RETURNS int LANGUAGE sql STABLE RETURN 3;
    REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA "Sales", public FROM PUBLIC`,
);

const contract = `
scalar Decimal
type Query {
    orders: [Order!]!
    details(select: Int): [Detail!]!
    left(which: Int! @column(name: "Which")): Int @function(name: "left")
}
type Order @table(name: "order") {
    id: ID!
    price: Decimal @column(name: "Unit Price")
    number: Int @function(name: "Sales.Number of")
}
type Detail @table(name: "Sales.The \\"Details\\"") {
    id: ID!
    select: Int
    order: Order @join(column: "Order")
}`;

const check = (sdl, ...options) => application.check(sdl, ...OPTIONS, ...options).lines;
const statements = (lines) => lines.flatMap((line) => line.match(/(GRANT|ALTER|CREATE|REVOKE|DROP) .*;$/)?.[0] ?? []);

// What a person does: runs what is suggested, and checks again. The last lines.
function follow(sdl, rounds) {
    for (let round = 0; ; round++) {
        const lines = check(sdl);
        const suggested = statements(lines);
        if (round === rounds || suggested.length === 0) return lines;
        application.psql(suggested.join('\n'));
    }
}

before(() => ROLES.forEach((role) => psql(`CREATE ROLE ${quote(role)}; GRANT ${quote(role)} TO linnet_login`)));
after(() => ROLES.forEach((role) => psql(`DROP ROLE ${quote(role)}`)));

suite('suggested statements', () => {
    test('GRANT, also of a schema and a function, and VALIDATE', () => {
        const suggested = statements(check(contract)).join('\n');
        assert.match(suggested, /GRANT USAGE ON SCHEMA "Sales" TO "Anonymous-1", "user", "a ""quoted"" one";/);
        assert.match(suggested, /GRANT SELECT ON "Sales"."The ""Details""" TO /);
        assert.match(suggested, /GRANT EXECUTE ON FUNCTION "left"\(integer\) TO /);
        assert.match(suggested, /ALTER TABLE "Sales"."The ""Details""" VALIDATE CONSTRAINT "of Order";/);
        assert.deepEqual(follow(contract, 5), ['fits the database']);
    });

    test('with the schema, where it is the first of the search path of the server alone', () => {
        application.psql(`CREATE SCHEMA "App"; CREATE TABLE "App".things (id int PRIMARY KEY);
            CREATE FUNCTION "App".seven() RETURNS int LANGUAGE sql STABLE RETURN 7;
            REVOKE EXECUTE ON FUNCTION "App".seven FROM PUBLIC;
            ${closed('"App".things')}
            GRANT USAGE ON SCHEMA "App" TO linnet_login, "Anonymous-1";
            ALTER ROLE linnet_login IN DATABASE ${application.database} SET search_path = "App", public`);
        const sdl = `type Query { things: [Thing!]! seven: Int @function(name: "seven") }
            type Thing @table(name: "things") { id: ID! }`;
        assert.deepEqual(follow(sdl, 3), ['fits the database']);
        assert.deepEqual(application.ask(sdl, '{ things { id } seven }', ...OPTIONS), { things: [], seven: 7 });
        application.psql(`ALTER ROLE linnet_login IN DATABASE ${application.database} RESET search_path; DROP SCHEMA "App" CASCADE`);
    });

    test('GRANT of columns, for one role', () => {
        application.psql(`REVOKE SELECT ON "order" FROM "user"; GRANT SELECT (id) ON "order" TO "user"`);
        assert.deepEqual(statements(check(contract)).slice(0, 1), ['GRANT SELECT ("Unit Price") ON "order" TO "user";']);
        assert.deepEqual(follow(contract, 2), ['fits the database']);
    });

    test('what the audit suggests, and the script of --fix-sql', () => {
        const faults = `
            ALTER TABLE "order" DISABLE ROW LEVEL SECURITY;
            GRANT SELECT ("select"), UPDATE ("select", id) ON "Sales"."The ""Details""" TO PUBLIC;
            GRANT SELECT ON "order" TO pg_monitor;
            CREATE FUNCTION "Sales"."Definer Of"("Sales"."The ""Details""") RETURNS int LANGUAGE sql SECURITY DEFINER RETURN 1;
            GRANT EXECUTE ON FUNCTION "Sales"."Definer Of" TO "user";
            CREATE RULE "Odd Rule" AS ON UPDATE TO "Sales"."The ""Details""" DO ALSO UPDATE "order" SET id = 1;
            CREATE VIEW "Sales"."A View" AS SELECT * FROM "order";
            CREATE MATERIALIZED VIEW "Stored View" AS SELECT * FROM "order";
            GRANT SELECT ON "Sales"."A View", "Stored View" TO "a ""quoted"" one"`;
        const end = `DROP VIEW "Sales"."A View"; DROP MATERIALIZED VIEW "Stored View"; DROP FUNCTION "Sales"."Definer Of";
            DROP RULE IF EXISTS "Odd Rule" ON "Sales"."The ""Details"""`;

        application.psql(faults);
        assert.equal(statements(check(contract)).length, 5);
        assert.deepEqual(follow(contract, 5), ['fits the database']);
        application.psql(`${end}; ${faults}`);
        const { stdout } = application.run(contract, 'check', [...OPTIONS, '--fix-sql']);
        application.psql(stdout.replaceAll(/^--\? /gm, ''));
        assert.deepEqual(follow(contract, 0), ['fits the database']);
    });

    test('a name with a line break does not end a comment of the script', () => {
        application.psql(`CREATE TABLE "a
DROP TABLE ""order"";" (id int PRIMARY KEY, "b
DROP TABLE ""order"";" int);
            GRANT SELECT ("b
DROP TABLE ""order"";"), SELECT ON "a
DROP TABLE ""order"";" TO PUBLIC`);
        const { stdout } = application.run(contract, 'check', [...OPTIONS, '--fix-sql']);
        assert.match(stdout, /^-- open: a DROP TABLE "order";$/m);
        assert.doesNotMatch(stdout, /^DROP/m);
        application.psql(`${stdout}; DROP TABLE "a
DROP TABLE ""order"";"`);
        assert.equal(application.psql('SELECT count(*) FROM "order"'), '0');
    });

    test('every word of SQL is quoted as a name', () => {
        const words = application.psql(`SELECT word FROM pg_get_keywords() WHERE word ~ '^[a-z]' ORDER BY word`).split('\n');
        application.psql(words.map((word) => `CREATE TABLE "${word}" (id int PRIMARY KEY); ${closed(`"${word}"`)}`).join('\n').replace('CREATE TABLE "order"', 'CREATE TABLE IF NOT EXISTS "order"').replace(closed('"order"'), ''));
        const sdl = `type Query { ${words.map((word, i) => `f${i}: [T${i}!]!`).join(' ')} }
            ${words.map((word, i) => `type T${i} @table(name: "${word}") { id: ID! }`).join('\n')}`;
        assert.deepEqual(follow(sdl, 1), ['fits the database']);
    });
});
