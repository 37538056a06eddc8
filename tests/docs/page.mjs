// page.mjs - a page of Markdown as what can be tried of it.
//
// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';

// What stands between ``` and ```: its language, the file that it is the text of, if any.
function readFences(lines) {
    const fences = [];
    let fence = null;
    lines.forEach((line, index) => {
        if (!line.startsWith('```')) {
            fence?.lines.push(line);
        } else if (fence) {
            fences.push(fence);
            fence = null;
        } else {
            const [language, file] = line.slice(3).trim().split(/\s+/);
            fence = { language, file, place: index + 1, lines: [] };
        }
    });
    return fences;
}

// Code within a line: `this`, and what stands between it and the code before it.
const readCode = (text) => [...text.matchAll(/([^`]*)`([^`]+)`/g)].map(([, before, code]) => ({ before, code }));

export function readPage(file) {
    const text = readFileSync(file, 'utf8');
    const lines = text.split('\n');
    let isFenced = false;
    const prose = lines.map((line) => {
        const isMark = line.startsWith('```');
        if (isMark)
            isFenced = !isFenced;
        return isMark || isFenced ? '' : line;
    });
    return {
        text,
        fences: readFences(lines),
        code: prose.flatMap((line, index) => readCode(line).map(({ code }) => ({ code, place: index + 1 }))),
        rows: prose.flatMap((line, index) => line.startsWith('| ') ? [{ text: line, code: readCode(line), place: index + 1 }] : []),
        links: prose.flatMap((line, index) => [...line.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => ({ target, place: index + 1 }))),
        settings: prose.flatMap((line, index) => [...line.matchAll(/^    #?([a-z][a-z_]*) = /g)].map(([, name]) => ({ name, place: index + 1 }))),
    };
}

// The names that a page's headings have in links.
export const readAnchors = (text) => [...text.matchAll(/^#+ (.*)$/gm)]
    .map(([, heading]) => heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-'));

// Does code begin as a document, rather than as a part of a contract?
export const isDocument = (code) => /^(\{\s+[a-zA-Z]|(query|mutation)\b.*\{)/.test(code);

// `$ command` and, below it, what it prints; a command goes on in indented lines.
export function readCommands(fence) {
    const commands = [];
    fence.lines.forEach((line, index) => {
        const last = commands.at(-1);
        if (line.startsWith('$ '))
            commands.push({ text: line.slice(2), output: [], place: fence.place + 1 + index });
        else if (last && last.output.length === 0 && /^ {6,}\S/.test(line))
            last.text += `\n${line}`;
        else
            last?.output.push(line);
    });
    return commands;
}

// Is `text` what a page shows, in which `...` stands for anything?
export function isAsShown(text, shown) {
    const pattern = shown.trim().split('...').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('[^]*');
    return new RegExp(`^${pattern}$`).test(text.trim());
}
