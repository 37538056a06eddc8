// cases.mjs - reads the cases made by hand, tests/reference/cases/*.cases.
//
//     --- schema           of the cases that follow; none until then
//     type Query { a: Int }
//     === what the case shows
//     { a }
//
// The last line end of a document is not part of it. A line that begins with `===` or `---` cannot be part of one;
// `%u{...}` stands for the character of that number, so that a case can have any.
//
// SPDX-License-Identifier: MIT
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

const decode = (text) => text.replace(/%u\{([0-9A-Fa-f]+)\}/g, (_, digits) => String.fromCodePoint(parseInt(digits, 16)));

function readFile(file) {
    const cases = [];
    let schema;
    for (const section of readFileSync(file, 'utf8').split(/^(?=(?:=== |--- ))/m).filter((text) => /^[=-]/.test(text))) {
        const end = section.indexOf('\n');
        const body = decode(section.slice(end + 1).replace(/\n+$/, ''));
        if (section.startsWith('--- schema'))
            schema = body;
        else
            cases.push({ title: `${path.basename(file)}: ${section.slice(4, end)}`, schema, document: body });
    }
    return cases;
}

// Every case of the folder: { title, schema or undefined, document }.
export const readCases = (folder) => readdirSync(folder).filter((name) => name.endsWith('.cases')).sort()
    .flatMap((name) => readFile(path.join(folder, name)));
