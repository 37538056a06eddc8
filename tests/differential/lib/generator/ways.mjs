// ways.mjs - how a document gets to objects of a type: a text to write a selection into.
//
// SPDX-License-Identifier: MIT
import { isNonNullType } from 'graphql';

import { isAbstractType, isLeafType, isList, isObjectType, namedType } from '../binding/contract.mjs';
import { nodeOf } from '../binding/shape.mjs';

const isFree = (argument) => !isNonNullType(argument.type) || argument.defaultValue !== undefined || Boolean(argument.default);

export class Ways {
    #ways = new Map();

    constructor(schema, bindings) {
        this.#ways.set(schema.getQueryType(), (text) => `{ ${text} }`);
        const waiting = [schema.getQueryType()];
        for (let type; (type = waiting.shift());)
            for (const field of Object.values(type.getFields())) {
                const target = nodeOf(namedType(field.type)) ?? namedType(field.type);
                const kind = bindings.of(type.name, field.name)?.kind;
                if (!['list', 'connection', 'one', 'call'].includes(kind) || isLeafType(target) || !field.args.every(isFree))
                    continue;
                for (const one of isAbstractType(target) ? schema.getPossibleTypes(target) : [target])
                    if (isObjectType(one) && !this.#ways.has(one)) {
                        this.#ways.set(one, this.#step(this.#ways.get(type), field, one));
                        waiting.push(one);
                    }
            }
    }

    #step(before, field, type) {
        const first = field.args.some(({ name }) => name === 'first') ? '(first: 30)' : '';
        const inside = (text) => (namedType(field.type) === type || nodeOf(namedType(field.type)) === type ? text : `... on ${type.name} { ${text} }`);
        if (nodeOf(namedType(field.type)))
            return (text) => before(`${field.name}${first} { edges { node { ${inside(text)} } } }`);
        return (text) => before(`${field.name}${isList(field.type) ? first : ''} { ${inside(text)} }`);
    }

    // A function that writes a selection of the type into a document; nothing when there is no way.
    to(type) {
        return this.#ways.get(type);
    }
}
