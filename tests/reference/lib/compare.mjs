// compare.mjs - two answers to one case: do they agree, and if not, how badly?
//
// SPDX-License-Identifier: MIT

const SHOWN = 12; // errors of an answer
const BEFORE = 10, LINES = 40; // of a text: before the first difference, and in all

const places = (error) => (error?.locations ?? []).map(({ line, column }) => `${line}:${column}`).join(' ');

// Where arguments are coerced while an operation is executed, theirs are named by their coordinates.
// Of a variable they suggest other names, and show its value as JavaScript has it, which has fewer digits.
function words({ message }) {
    if (message.startsWith('Variable "$'))
        return message.replace(/( (?:value|found|Found)): .*$/s, '$1').replace(/,? (found|Found)$/, '')
            .replace(/\.? Did you mean .*\?$/s, '').replace(/\.$/, '').replace(' a non-string and non-integer value', ' value').replace(/^(.*Value ).*( does not exist)/s, '$1$2');
    return message.replace(/^Argument "[\w.@]+\((\w+):\)" (has|of required)/, 'Argument "$1" $2');
}

const showPath = ({ path }) => (path ? `  at ${path.join('.')}` : '');

const showErrors = (errors) => (errors.length === 0
    ? '    (none)'
    : errors.map((error) => `    ${words(error)}  ${places(error)}${showPath(error)}`).join('\n'));

// Members in their order, as a text.
const showData = (answer) => ('data' in answer ? JSON.stringify(answer.data, null, 1) : 'none');

// A text, from shortly before where it begins to differ from the other.
function showText(text, other) {
    const lines = text.split('\n');
    const others = other?.split('\n') ?? [];
    const first = lines.findIndex((line, i) => line !== others[i]);
    const start = Math.max(0, first - BEFORE);
    return lines.slice(start, start + LINES).map((line) => `    | ${line}`).join('\n');
}

// For people; with regard to the other answer.
export function showAnswer(answer, other) {
    if ('text' in answer)
        return showText(answer.text, other.text);
    const errors = answer.schemaErrors ?? answer.errors ?? [];
    const more = errors.length - SHOWN;
    const shown = showErrors(errors.slice(0, SHOWN)) + (more > 0 ? `\n    ... and ${more} more` : '');
    return 'data' in answer ? `${shown}\n${showData(answer).replace(/^/gm, '    | ')}` : shown;
}

// What the edition of September 2025 refuses in a schema and the reference implementation does not.
const STRICTER = [
    /^Type ".*" already exists in the schema\./, // 3: no type has the name of a built-in one
    /^Directive "@oneOf" may not be used on an extension of input object /, // 3.10.2, 5
    /^Directive ".*" is built in, and a contract must not define another of that name\./, // of contracts, for `diff`
    /^Directive ".*" must not reference itself, /, // 3.13, Type Validation 2 and 3
];

// Our answer without that; or theirs, when that was all that we had to say.
function allow(ours, theirs) {
    const schemaErrors = ours.schemaErrors?.filter(({ message }) => !STRICTER.some((one) => one.test(message)));
    if (!schemaErrors || schemaErrors.length === ours.schemaErrors.length)
        return ours;
    return schemaErrors.length > 0 ? { schemaErrors } : theirs;
}

// Our answer, as far as theirs goes: it may have ended at the first error, or at one of its own.
const cut = ({ schemaErrors, ...rest }, theirs) => ({
    ...rest,
    ...schemaErrors && { schemaErrors: theirs.isBroken ? theirs.schemaErrors : theirs.isCut ? schemaErrors.slice(0, 1) : schemaErrors },
});

// The reference implementation says of a member that is there three times the same twice, and of one that is there a
// thousand times as often as that, each time with all the places.
const once = (errors) => errors?.filter((error, i) => i === errors.findIndex((one) => one.message === error.message && places(one) === places(error)));

// `verdict`, `data`, `place` (of the first error), `words` (of any, with its path), `text`; or null when the answers agree.
export function difference(answer, theirs) {
    const ours = cut(allow(answer, theirs), theirs);
    if ('text' in ours && 'text' in theirs)
        return ours.text === theirs.text ? null : 'text';
    const [a, b] = [ours, theirs].map((answer) => once(answer.schemaErrors) ?? answer.errors ?? []);
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
    // A message of theirs may show half a character or be cut within one.
    if (b.some(({ message }) => !message.isWellFormed()))
        return null;
    return showErrors(a) === showErrors(b) ? null : 'words';
}
