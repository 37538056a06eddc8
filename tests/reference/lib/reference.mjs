// reference.mjs - what the reference implementation says, in the form of our answers (docs/batch.md).
//
// It is held to the edition of September 2025, from which it departs in five things: selection sets may be empty;
// directive definitions have directives and can be extended; there are two more locations of directives; and in
// introspection directives are deprecated.  And, against 3.5.2, a literal that no finite Float is is valid.
//
// SPDX-License-Identifier: MIT
import {
    __Directive, __Schema, buildASTSchema, GraphQLError, GraphQLFloat, parse as parseText, print, validate, validateSchema,
} from 'graphql';
import { validateSDL } from 'graphql/validation/validate.js';

delete __Directive.getFields().isDeprecated;
delete __Directive.getFields().deprecationReason;
__Schema.getFields().directives.args.length = 0;

const coerceFloat = GraphQLFloat.coerceInputLiteral;
GraphQLFloat.coerceInputLiteral = (node) => {
    const number = coerceFloat(node);
    if (!Number.isFinite(number))
        throw new GraphQLError(`Float cannot represent non numeric value: ${node.value}`, { nodes: node });
    return number;
};

export const parse = (text, options) => parseText(text, { allowEmptySelectionSets: false, ...options });

// Is there syntax of later editions?  Here it is an error, and there it would be none.
const NEWER = /\bextend[\s,]+directive\b|\b(FRAGMENT_VARIABLE|DIRECTIVE)_DEFINITION\b|\bdirective[\s,]*@[\s,]*\w+[\s,]*(\([^()]*\))?[\s,]*@/;
export const isNewer = (text) => NEWER.test(text.replace(/#.*/g, ''));

const showErrors = (errors) => errors.map(({ message, locations }) => ({ message, ...locations && { locations } }));

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
