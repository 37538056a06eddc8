// execution.mjs - what the reference implementation answers where every value is made up: the comparable values of
// docs/batch.md.
//
// SPDX-License-Identifier: MIT
import { execute, getNullableType, isAbstractType, isEnumType, isLeafType, isListType, validate } from 'graphql';

import { parse, readSchema } from './reference.mjs';
import { readVariables } from './variables.mjs';

const FIELDS = 10000; // of a response, and errors, of which we list no more

const SCALARS = { Int: 42, Float: 3.14, String: 'mock', Boolean: true, ID: '1' };

// A value of the type; an object has nothing in it, since its fields are made up too.
function makeUp(schema, wrapped) {
    const type = getNullableType(wrapped);
    if (isListType(type))
        return [makeUp(schema, type.ofType), makeUp(schema, type.ofType)];
    if (isEnumType(type))
        return type.getValues()[0].value;
    if (isLeafType(type))
        return SCALARS[type.name] ?? 'mock';
    return isAbstractType(type) && schema.getPossibleTypes(type).length === 0 ? null : {};
}

const show = ({ message, locations, path }) => ({ message, ...locations && { locations }, ...path && { path } });

// The response, with its errors as we show them.
function showResponse({ errors, data }) {
    return { ...errors && { errors: errors.map(show) }, ...data !== undefined && { data } };
}

// What `linnet mock --batch` should answer; nothing when that is too large.
export function answerMock({ schema: sdl, document: text, variables, operationName }) {
    const { schema, schemaErrors } = readSchema(sdl);
    if (schemaErrors)
        return { schemaErrors };
    let document;
    try {
        document = parse(text);
    } catch (error) {
        return showResponse({ errors: [error] });
    }
    const errors = validate(schema, document, undefined, { allowEmptySelectionSets: false });
    if (errors.length > 0)
        return showResponse({ errors });
    let count = 0;
    const response = execute({
        schema,
        document,
        variableValues: readVariables(variables),
        operationName: operationName || undefined,
        fieldResolver: (source, args, context, info) => (++count > FIELDS ? null : makeUp(schema, info.returnType)),
        typeResolver: (value, context, info, type) => schema.getPossibleTypes(type)[0].name,
    });
    return Math.max(count, response.errors?.length ?? 0) > FIELDS ? undefined : showResponse(response);
}
