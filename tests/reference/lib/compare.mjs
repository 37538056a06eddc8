// compare.mjs - two answers to one case: do they agree, and if not, how badly?
//
// SPDX-License-Identifier: MIT

const places = (error) => (error?.locations ?? []).map(({ line, column }) => `${line}:${column}`).join(' ');

const showErrors = (errors) => (errors.length === 0
    ? '    (none)'
    : errors.map((error) => `    ${error.message}  ${places(error)}`).join('\n'));

export function showAnswer(answer) {
    if ('text' in answer)
        return answer.text.replace(/^/gm, '    | ');
    return showErrors(answer.schemaErrors ?? answer.errors);
}

// `verdict`, `place` (of the first error), `words` (of any), `text`; or null when the answers agree.
export function difference(ours, theirs) {
    if ('text' in ours && 'text' in theirs)
        return ours.text === theirs.text ? null : 'text';
    const [a, b] = [ours, theirs].map((answer) => answer.schemaErrors ?? answer.errors ?? []);
    const isOther = ['text', 'schemaErrors'].some((name) => name in ours !== name in theirs);
    if (isOther || (a.length > 0) !== (b.length > 0))
        return 'verdict';
    if (places(a[0]) !== places(b[0]))
        return 'place';
    // Beyond saying that a definition is not executable, the reference implementation looks into it.
    if (/is not executable\.$/.test(a[0]?.message))
        return a[0].message === b[0].message ? null : 'words';
    return showErrors(a) === showErrors(b) ? null : 'words';
}
