// compare.mjs - two answers to one case: do they agree, and if not, how badly?
//
// SPDX-License-Identifier: MIT

const places = (error) => (error?.locations ?? []).map(({ line, column }) => `${line}:${column}`).join(' ');

// A message of theirs may end within a character of two UTF-16 units; ours has all of it.
const words = ({ message }) => message.replace(/[\ud800-\udfff]/g, '');

const showPath = ({ path }) => (path ? `  at ${path.join('.')}` : '');

const showErrors = (errors) => (errors.length === 0
    ? '    (none)'
    : errors.map((error) => `    ${words(error)}  ${places(error)}${showPath(error)}`).join('\n'));

// Members in their order, as a text.
const showData = (answer) => ('data' in answer ? JSON.stringify(answer.data, null, 1) : 'none');

export function showAnswer(answer) {
    if ('text' in answer)
        return answer.text.replace(/^/gm, '    | ');
    const errors = showErrors(answer.schemaErrors ?? answer.errors ?? []);
    return 'data' in answer ? `${errors}\n${showData(answer).replace(/^/gm, '    | ')}` : errors;
}

// `verdict`, `data`, `place` (of the first error), `words` (of any, with its path), `text`; or null when the answers agree.
export function difference(ours, theirs) {
    if ('text' in ours && 'text' in theirs)
        return ours.text === theirs.text ? null : 'text';
    const [a, b] = [ours, theirs].map((answer) => answer.schemaErrors ?? answer.errors ?? []);
    const isOther = ['text', 'schemaErrors'].some((name) => name in ours !== name in theirs);
    if (isOther || (a.length > 0) !== (b.length > 0))
        return 'verdict';
    if (showData(ours) !== showData(theirs))
        return 'data';
    if (places(a[0]) !== places(b[0]))
        return 'place';
    // Beyond saying that a definition is not executable, the reference implementation looks into it.
    if (/is not executable\.$/.test(a[0]?.message))
        return a[0].message === b[0].message ? null : 'words';
    return showErrors(a) === showErrors(b) ? null : 'words';
}
