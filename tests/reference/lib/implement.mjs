// implement.mjs - types that have what their interfaces demand.
//
// SPDX-License-Identifier: MIT

// What makes a schema: its fields and what they implement.
export class Implementer {
    constructor() {
        this.fields = new Map(); // of objects and interfaces: Map of name to definition
        this.implemented = new Map(); // interfaces by the name of what implements them
    }

    // Adds what the interfaces demand, theirs included; `narrow`, of who extends this, may then
    // change what the type promises.
    complete(name, fields, interfaces) {
        const all = new Set(interfaces.flatMap((one) => [one, ...this.implemented.get(one)]));
        const result = new Map(fields);
        for (const one of all)
            for (const [field, definition] of this.fields.get(one))
                result.set(field, definition);
        // Two interfaces may disagree on a field: then the type implements none.
        const fits = [...all].every((one) => [...this.fields.get(one)].every(([field, definition]) => result.get(field) === definition));
        this.implemented.set(name, fits ? [...all] : []);
        this.fields.set(name, fits ? this.narrow(result, [...all]) : fields);
    }
}
