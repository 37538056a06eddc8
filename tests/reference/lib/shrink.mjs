// shrink.mjs - makes a case that fails smaller, as long as it fails.
//
// A text is taken as tokens, roughly those of GraphQL. Bracketed groups go first, then runs of tokens,
// shorter and shorter, and at last single characters within tokens.
//
// SPDX-License-Identifier: MIT

const TOKEN = /"""[^]*?"""|"(?:\\.|[^"\\\n])*"|#[^\n]*\n?|\.\.\.|[A-Za-z_]\w*|\s+|[^]/gu;
const OPEN = '({[', CLOSE = ')}]';
const TRIES = 20000; // a case that is not minimal is good enough

const lex = (text) => text.match(TOKEN) ?? [];

// Where the group that opens at `start` closes, or -1.
function findClose(tokens, start) {
    let depth = 0;
    for (let i = start; i < tokens.length; i++) {
        depth += tokens[i].length === 1 && OPEN.includes(tokens[i]);
        depth -= tokens[i].length === 1 && CLOSE.includes(tokens[i]);
        if (depth === 0)
            return i;
    }
    return -1;
}

// Every text that lacks a definition, if definitions begin lines.
function* withoutDefinitions(text) {
    const definitions = text.split(/^(?=[a-z{])/m);
    for (let i = 0; i < definitions.length; i++)
        yield definitions.toSpliced(i, 1).join('');
}

// Every text that lacks one group, with or without what is inside.
function* withoutGroups(text) {
    const tokens = lex(text);
    for (let i = 0; i < tokens.length; i++) {
        const close = OPEN.includes(tokens[i]) ? findClose(tokens, i) : -1;
        if (close < 0)
            continue;
        yield [...tokens.slice(0, i), ...tokens.slice(close + 1)].join('');
        yield [...tokens.slice(0, i), ...tokens.slice(i + 1, close), ...tokens.slice(close + 1)].join('');
    }
}

// Every text that lacks a run of tokens.
function* withoutTokens(text) {
    const tokens = lex(text);
    for (let length = tokens.length >> 1; length > 0; length >>= 1)
        for (let i = 0; i < tokens.length; i += length)
            yield [...tokens.slice(0, i), ...tokens.slice(i + length)].join('');
}

// Every text that lacks a character, or has a plainer one in its place.
function* withoutCharacters(text) {
    const characters = [...text];
    for (let i = 0; i < characters.length; i++) {
        yield [...characters.slice(0, i), ...characters.slice(i + 1)].join('');
        if (/[\t\r\n]/.test(characters[i]))
            yield [...characters.slice(0, i), ' ', ...characters.slice(i + 1)].join('');
    }
}

// Shrinks the texts among the members of `it`, the first of `names` first; `isBad` says, perhaps later, whether
// what it is given still fails.
export async function shrink(it, names, isBad) {
    let tries = 0;
    for (let hasChanged = true; hasChanged;) {
        hasChanged = false;
        for (const name of names) {
            for (const ways of [withoutDefinitions, withoutGroups, withoutTokens, withoutCharacters]) {
                let candidates = ways(it[name]);
                for (let next = candidates.next(); !next.done; next = candidates.next()) {
                    if (next.value.length > it[name].length || next.value === it[name])
                        continue;
                    if (++tries > TRIES)
                        return it;
                    if (!await isBad({ ...it, [name]: next.value }))
                        continue;
                    it = { ...it, [name]: next.value };
                    hasChanged = true;
                    candidates = ways(it[name]);
                }
            }
        }
    }
    return it;
}
