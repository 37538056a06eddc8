// changes.mjs - what the reference implementation says of two schemas, in the form of our answers.
//
// Left out is what only one of the two looks at: built-in scalars that come and go with what refers to them, built-in
// directives that a schema defines otherwise, and our kinds of changes that it has no names for.
//
// SPDX-License-Identifier: MIT
import { BreakingChangeType, DangerousChangeType, findSchemaChanges, SafeChangeType, specifiedDirectives, specifiedScalarTypes } from 'graphql';

import { readSchema } from './reference.mjs';

const BUILT_IN = new Set(specifiedScalarTypes.map(({ name }) => name));
const DIRECTIVES = new Set(specifiedDirectives.map(({ name }) => `@${name}`));

// Of a change that is said by two types, the one that is meant: a new optional argument is dangerous.
const severityOf = (type) => (type in BreakingChangeType ? 'breaking' : type in DangerousChangeType ? 'dangerous' : 'safe');

// Kinds of ours that it calls otherwise, as they say less there.
const LESS = { ARG_BECAME_REQUIRED: 'ARG_DEFAULT_VALUE_CHANGE', INPUT_FIELD_BECAME_REQUIRED: 'INPUT_FIELD_DEFAULT_VALUE_CHANGE' };

const isKnown = (type) => type in BreakingChangeType || type in DangerousChangeType || type in SafeChangeType;

// Each kind with its severity, as often as it is there, in an order of its own.
function show(changes) {
    return { text: changes.map(({ type, severity, about }) => `${type} ${severity} ${about}`).sort().join('\n') };
}

// The names in a sentence of theirs: what has changed, without quotes and values.
const isBuiltIn = ({ type, description }) =>
    (/^TYPE_(REMOVED|ADDED)$/.test(type) && BUILT_IN.has(/(\w+) was (?:added|removed)/.exec(description)?.[1] ?? ''))
    || /^Standard scalar /.test(description)
    || (type === 'DESCRIPTION_CHANGED' && [...BUILT_IN].some((name) => description.startsWith(`Description of ${name} has`)))
    || [...description.matchAll(/@\w+/g)].some(([name]) => DIRECTIVES.has(name));

// The last sentence in quotes of a description may have anything in it.
const SUBJECT = /@?[A-Za-z_]\w*(?:\.\w+)?(?:\(\w+:\))?/;
const PHRASES = [
    [/^Description of (?:input-field|field|enum value|argument) (\S+) has/, 1],
    [/^Description of (@\w+)\(/, 1], // theirs names no argument
    [/^Description of (@?\w+) has/, 1],
    [/^(?:A required|An optional) (?:argument|field) (\S+) was/, 1],
    [/^(?:Argument|Field|Enum value|Directive) (\S+) (?:was|has|changed)/, 1],
    [/^\S+ was (?:added to|removed from) union type (\w+)/, 1],
    [/^\w+ was (?:added to|removed from) (@\w+)/, 1],
    [/^Repeatable flag was (?:added to|removed from) (@\w+)/, 1],
    [/^\w+ added to interfaces implemented by (\w+)/, 1],
    [/^(\S+) /, 1],
];
function aboutOf(description) {
    const [phrase, group] = PHRASES.find(([one]) => one.test(description));
    return SUBJECT.exec(phrase.exec(description)[group])[0];
}

// What `linnet diff --batch` should answer.
export function answerDiff({ old, new: text }) {
    const before = readSchema(old);
    if (before.schemaErrors)
        return null;
    const after = readSchema(text);
    if (after.schemaErrors)
        return null;
    return show(findSchemaChanges(before.schema, after.schema).filter((change) => !isBuiltIn(change))
        .map(({ type, description }) => ({ type, severity: severityOf(type), about: aboutOf(description) })));
}

// Our answer, as far as they are comparable: theirs says of the description of a directive's argument that it is the directive's.
export function readDiff(answer) {
    if (!answer.changes)
        return answer;
    return show(answer.changes.map(({ kind, severity, coordinate }) => ({
        type: LESS[kind] ?? kind,
        severity: LESS[kind] ? 'dangerous' : severity,
        about: kind === 'DESCRIPTION_CHANGED' && coordinate.startsWith('@') ? coordinate.replace(/\(.*/, '') : coordinate,
    })).filter(({ type, about }) => isKnown(type) && about !== 'schema'));
}
