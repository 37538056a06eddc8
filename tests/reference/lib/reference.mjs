// reference.mjs - what the reference implementation says, in the form of our answers (docs/batch.md).
//
// It is held to the edition of September 2025, from which it departs in five things: selection sets may be empty;
// directive definitions have directives and can be extended; there are two more locations of directives; and in
// introspection directives are deprecated.  And, against 3.5.2, a literal of a Float that is not finite is valid;
// and, against 5.8.5, a nullable variable may be the field of a OneOf Input Object whose type is wrapped.  What it does not
// refuse in schemas is in compare.mjs.
//
// SPDX-License-Identifier: MIT
import {
    __Directive, __DirectiveLocation, __Schema, buildASTSchema, GraphQLDeprecatedDirective, GraphQLError, GraphQLFloat, parse as parseText, print,
    getNamedType, isInputObjectType, Kind, printSchema, TypeInfo, validate, validateSchema,
} from 'graphql';
import { validateSDL } from 'graphql/validation/validate.js';

delete __Directive.getFields().isDeprecated;
delete __Directive.getFields().deprecationReason;
__Schema.getFields().directives.args.length = 0;
for (const list of [GraphQLDeprecatedDirective.locations, __DirectiveLocation.getValues()])
    for (const newer of ['FRAGMENT_VARIABLE_DEFINITION', 'DIRECTIVE_DEFINITION'])
        list.splice(0, list.length, ...list.filter((one) => (one.name ?? one) !== newer));

// 5.8.5: a nullable variable is not given to a field of a OneOf Input Object, whatever wraps the type of that.
const { enter, leave } = TypeInfo.prototype;
TypeInfo.prototype.enter = function enterField(node) {
    const stack = this._inputTypeStack;
    if (node.kind === Kind.OBJECT_FIELD) {
        const named = getNamedType(this.getInputType());
        (this.wrapped ??= []).push(stack.at(-1));
        if (isInputObjectType(named))
            stack[stack.length - 1] = named;
    }
    return enter.call(this, node);
};
TypeInfo.prototype.leave = function leaveField(node) {
    leave.call(this, node);
    if (node.kind === Kind.OBJECT_FIELD)
        this._inputTypeStack.splice(-1, 1, this.wrapped.pop());
};

const coerceFloat = GraphQLFloat.coerceInputLiteral;
GraphQLFloat.coerceInputLiteral = (node) => {
    const number = coerceFloat(node);
    if (!Number.isFinite(number))
        throw new GraphQLError(`Float cannot represent non numeric value: ${node.value}`, { nodes: node });
    return number;
};

export const parse = (text, options) => parseText(text, { allowEmptySelectionSets: false, ...options });

// Syntax of later editions: directives on directive definitions, their extensions, and two locations.
const STRING = String.raw`"""(?:\\"""|[^])*?"""|"(?:\\.|[^"\\\n])*"`;
const IGNORED = String.raw`[\s,\uFEFF]*`;
const group = (inside) => String.raw`\((?:${STRING}|[^()"]${inside})*\)`;
const NEWER = new RegExp(String.raw`\bextend[\s,]+directive\b|\b(?:FRAGMENT_VARIABLE|DIRECTIVE)_DEFINITION\b|\bdirective${IGNORED}@${IGNORED}\w+${IGNORED}(?:${group(`|${group('')}`)}${IGNORED})?@`);
const COMMENT = new RegExp(String.raw`${STRING}|#.*`, 'g');
export const isNewer = (text) => NEWER.test(text.replace(COMMENT, (token) => (token.startsWith('#') ? ' ' : token)));

const showErrors = (errors) => errors.map(({ message, locations }) => ({ message, ...locations && { locations } }));

// Parses, or answers as we do: { document } or { errors }.
function read(text) {
    try {
        return { document: parse(text) };
    } catch (error) {
        return { errors: showErrors([error]) };
    }
}

// What is wrong with a schema when building or judging it has thrown. Arguments of built-in directives are looked at while
// it is built, and the first that does not fit ends that: `isCut`. A default of a type that is not an input type ends judging
// it, whatever else is wrong: `isBroken`.
function showThrown(error) {
    if (error instanceof GraphQLError)
        return { schemaErrors: showErrors([error]), isCut: true };
    return { schemaErrors: [{ message: error.message }], isBroken: true };
}

function build(text) {
    const { document, errors } = read(text);
    const schemaErrors = errors ?? showErrors(validateSDL(document));
    if (schemaErrors.length > 0)
        return { schemaErrors };
    try {
        const schema = buildASTSchema(document, { assumeValidSDL: true });
        const faults = validateSchema(schema);
        return faults.length > 0 ? { schemaErrors: showErrors(faults) } : { schema };
    } catch (error) {
        return showThrown(error);
    }
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

// What `linnet print schema --batch` should answer.
export function answerPrintSchema({ schema: sdl }) {
    const { schema, text, ...faults } = readSchema(sdl);
    return schema ? { text: printSchema(schema) } : faults;
}
