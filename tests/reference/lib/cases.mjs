// cases.mjs - reads the cases made by hand, tests/reference/cases/*.cases.
//
//     --- schema NAME       of the cases that follow; an empty one is that of the name, further up in the file
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
    const cases = [], schemas = new Map();
    let schema;
    for (const section of readFileSync(file, 'utf8').split(/^(?=(?:=== |--- ))/m).filter((text) => /^[=-]/.test(text))) {
        const end = section.indexOf('\n');
        const body = decode(section.slice(end + 1).replace(/\n+$/, ''));
        const title = section.slice(4, end);
        if (section.startsWith('=== ')) {
            cases.push({ title: `${path.basename(file)}: ${title}`, schema, document: body });
        } else {
            schema = body || schemas.get(title);
            schemas.set(title, schema);
        }
    }
    return cases;
}

// Every case of the folder: { title, schema or undefined, document }.
export const readCases = (folder) => readdirSync(folder).filter((name) => name.endsWith('.cases')).sort()
    .flatMap((name) => readFile(path.join(folder, name)));
