// global_id.mjs - the ids of types that implement Node: which type, and which key.
//
// SPDX-License-Identifier: MIT
import { directive, isObjectType } from './contract.mjs';

const isBase64 = (text) => /^[A-Za-z0-9+/]+={0,2}$/.test(text) && Buffer.from(text, 'base64').toString('base64') === text;

export class GlobalIds {
    #schema;
    #tableOf;
    #form;

    constructor(schema, tableOf) {
        this.#schema = schema;
        this.#tableOf = tableOf;
        this.node = schema.getType('Node');
        this.#form = directive(this.node, 'globalId')?.form ?? 'TYPE_KEY';
    }

    isNode(type) {
        return Boolean(this.node) && type === this.node;
    }

    // Are the type's ids global ones?
    has(type) {
        return Boolean(this.node) && isObjectType(type) && type.getInterfaces().includes(this.node);
    }

    // The type whose ids an argument takes, or a field shows, that says so; or null.
    typeOf(it) {
        const name = directive(it, 'globalId')?.of;
        return name ? this.#schema.getType(name) : null;
    }

    #key(type) {
        const table = this.#tableOf(type);
        return table.primaryKey.map(table.column);
    }

    // The id of a row that is shown as the type, or of the one that these columns of the row refer to.
    write(type, row, columns) {
        const key = this.#key(type);
        const texts = (columns ?? key).map((column) => row.cell(column));
        if (texts.includes(null))
            return null;
        const isNumber = ({ base }) => ['int2', 'int4', 'int8'].includes(base);
        const parts = texts.map((text, i) => (isNumber(key[i]) ? text : JSON.stringify(text)));
        const whole = key.length === 1 ? texts[0] : `[${parts.join(',')}]`;
        if (this.#form === 'KEY')
            return texts[0];
        return this.#form === 'PREFIX' ? `${directive(type, 'globalId').prefix}_${whole}` : Buffer.from(`${type.name}:${whole}`).toString('base64');
    }

    // What an id names: { type, texts } of the key, or null. A key alone names a row of any type.
    read(id) {
        const types = this.#schema.getPossibleTypes(this.node);
        if (this.#form === 'KEY')
            return { type: null, texts: [id] };
        const whole = this.#form === 'PREFIX' ? id : isBase64(id) ? Buffer.from(id, 'base64').toString() : '';
        const type = types.find((one) => whole.startsWith(this.#form === 'PREFIX' ? `${directive(one, 'globalId').prefix}_` : `${one.name}:`));
        if (!type)
            return null;
        const rest = whole.slice((this.#form === 'PREFIX' ? directive(type, 'globalId').prefix : type.name).length + 1);
        return { type, texts: this.#readKey(type, rest) };
    }

    #readKey(type, text) {
        const key = this.#key(type);
        if (key.length === 1)
            return [text];
        try {
            const parts = JSON.parse(text, (name, value, { source }) => (typeof value === 'number' ? source : value));
            return Array.isArray(parts) && parts.length === key.length && parts.every((one) => typeof one === 'string') ? parts : [];
        } catch {
            return [];
        }
    }
}
