// reference.mjs - what the reference implementation says, in the form of our answers (docs/batch.md).
//
// It is held to the edition of September 2025: there selection sets are not empty, which it would admit, and what
// is newer is told apart (isNewer), since it is no error there and one here.
//
// SPDX-License-Identifier: MIT
import { buildASTSchema, parse as parseText, print, validate, validateSchema } from 'graphql';
import { validateSDL } from 'graphql/validation/validate.js';

export const parse = (text, options) => parseText(text, { allowEmptySelectionSets: false, ...options });

const showErrors = (errors) => errors.map(({ message, locations }) => ({ message, ...locations && { locations } }));

// Syntax of later editions: directives on directive definitions, and two locations.
const NEWER = /\bextend[\s,]+directive\b|\b(FRAGMENT_VARIABLE|DIRECTIVE)_DEFINITION\b|\bdirective[\s,]*@[^@]*@/;
export const isNewer = (text) => NEWER.test(text.replace(/#.*/g, ''));

// Parses, or answers as we do: { document } or { errors }.
function read(text) {
    try {
        return { document: parse(text) };
    } catch (error) {
        return { errors: showErrors([error]) };
    }
}

function build(text) {
    const { document, errors } = read(text);
    const schemaErrors = errors ?? showErrors(validateSDL(document));
    if (schemaErrors.length > 0)
        return { schemaErrors };
    const schema = buildASTSchema(document, { assumeValidSDL: true });
    const faults = validateSchema(schema);
    return faults.length > 0 ? { schemaErrors: showErrors(faults) } : { schema };
}

let last = {};

// The schema of a text: { schema } or { schemaErrors }; the last one is kept.
export function readSchema(text) {
    if (last.text !== text)
        last = { text, ...build(text) };
    return last;
}

// What `linnet validate --batch` should answer.
export function answerValidate({ schema: sdl, document: text }) {
    const { schema, schemaErrors } = readSchema(sdl);
    if (schemaErrors)
        return { schemaErrors };
    const { document, errors } = read(text);
    return { errors: errors ?? showErrors(validate(schema, document, undefined, { allowEmptySelectionSets: false })) };
}

// What `linnet print document --batch` should answer.
export function answerPrint({ document: text }) {
    const { document, errors } = read(text);
    return errors ? { errors } : { text: print(document) };
}
