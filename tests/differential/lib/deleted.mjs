// deleted.mjs - contracts with @auth at random places, and what of one is left for a role when the
// parts that are hidden from it are deleted from the text.
//
// SPDX-License-Identifier: MIT
import { Kind, parse, print, visit } from 'graphql';

export const ROLES = ['anon', 'user', 'staff'];

const MEMBERS = ['fields', 'values'];

const isType = ({ kind }) => /^(Object|Interface|Union|Enum|InputObject|Scalar)Type(Definition|Extension)$/.test(kind);

const directiveOf = (node, name) => node.directives?.find((one) => one.name.value === name);

const makeAuth = (roles) => parse(`type T @auth(roles: ${JSON.stringify(roles)})`).definitions[0].directives[0];

function namedType(type) {
    while (type.kind !== Kind.NAMED_TYPE)
        type = type.type;
    return type.name.value;
}

// Types whose rows are told apart by a column: what is hidden of them is null or left out, for which
// rows must be deleted, too.
function toldApart(document) {
    const tables = new Set();
    for (const node of document.definitions)
        if (isType(node) && directiveOf(node, 'discriminator'))
            tables.add(print(directiveOf(node, 'table')));
    return (node) => directiveOf(node, 'table') !== undefined && tables.has(print(directiveOf(node, 'table')));
}

// Without one of its parts, or of the arguments that go with each other, a connection is a misfit: hidden by
// chance, they would leave hardly a contract that is accepted.
const isOfPage = ({ name }) => /(Connection|Edge)$|^PageInfo$/.test(name.value);
const saysPage = (field, { name }) => isOfPage({ name: { value: namedType(field.type) } }) && /^(first|last|after|before)$/.test(name.value);

// What may be hidden: nodes of the document, by what they are.
function candidates(document) {
    const found = { types: [], fields: [], arguments: [], defaults: [], inputs: [], values: [] };
    const isTold = toldApart(document);
    const roots = ['Query', 'Mutation', 'Subscription'];
    for (const node of document.definitions.filter((one) => isType(one) && !isOfPage(one))) {
        if (node.kind.endsWith('Definition') && !roots.includes(node.name.value) && !isTold(node))
            found.types.push(node);
        found.values.push(...node.values ?? []);
        for (const field of node.fields ?? []) {
            (field.kind === Kind.INPUT_VALUE_DEFINITION ? found.inputs : found.fields).push(field);
            for (const one of (field.arguments ?? []).filter((argument) => !saysPage(field, argument)))
                if (one.defaultValue)
                    found.defaults.push(one);
                else if (one.type.kind !== Kind.NON_NULL_TYPE)
                    found.arguments.push(one);
        }
    }
    return found;
}

// The contract with some parts that only some roles see; among them, perhaps, the type `told`.
export function withAuth(random, sdl, told) {
    const document = parse(sdl);
    const found = candidates(document);
    const chosen = new Map();
    if (random.chance(0.7))
        chosen.set(document.definitions.find(({ name }) => name?.value === told), makeAuth(random.pick([['staff'], ['user', 'staff'], ['anon']])));
    const hide = (list, most) => {
        for (let i = random.between(0, most); i > 0 && list.length > 0; i--)
            chosen.set(random.pick(list), makeAuth(random.pick([['anon'], ['user'], ['staff'], ['user', 'staff'], ['user', 'staff'], ['anon', 'staff']])));
    };
    hide(found.types, 2);
    hide(found.fields, 12);
    hide(found.arguments, 6);
    if (random.chance(0.4))
        hide(found.defaults, 40);
    hide(found.inputs, 3);
    if (random.chance(0.1))
        hide(found.values, 1);
    const add = (node) => (chosen.has(node) ? { ...node, directives: [...node.directives ?? [], chosen.get(node)] } : undefined);
    return print(visit(document, { leave: (node, key, parent, path, ancestors) => {
        const original = ancestors.length >= 0 && chosen.has(node) ? node : null;
        return original ? add(original) : undefined;
    } }));
}

const isFor = (node, role) => {
    const auth = directiveOf(node, 'auth');
    return !auth || auth.arguments[0].value.values.some(({ value }) => value === role);
};

export const isHidden = (sdl, type, role) =>
    !isFor(parse(sdl).definitions.find(({ name }) => name?.value === type), role);

// Is an argument hidden that has a default?  Hidden, it has that; deleted, it has none.
export function hidesDefaults(sdl, role) {
    let isFound = false;
    visit(parse(sdl), { InputValueDefinition: (node) => {
        isFound ||= Boolean(node.defaultValue) && !isFor(node, role);
    } });
    return isFound;
}

// The text without what the role does not see; arguments with a default may stay.
export function deleted(sdl, role, keepsDefaults = false) {
    const document = parse(sdl);
    const hidden = new Set(document.definitions.filter((node) => isType(node) && !isFor(node, role)).map(({ name }) => name.value));
    const isKept = (node) => keepsDefaults && node.kind === Kind.INPUT_VALUE_DEFINITION && node.defaultValue;
    const isLeft = (node) => isKept(node) || (isFor(node, role) && !(node.type && hidden.has(namedType(node.type))));
    const bare = (node) => ({ ...node, directives: (node.directives ?? []).filter(({ name }) => name.value !== 'auth') });
    const leave = (list) => list?.filter(isLeft).map((node) => bare(node.arguments ? { ...node, arguments: leave(node.arguments) } : node));
    const definitions = [];
    for (const node of document.definitions) {
        if (!isType(node)) {
            const operationTypes = node.operationTypes?.filter(({ type }) => !hidden.has(type.name.value));
            definitions.push({ ...node, ...node.arguments && { arguments: leave(node.arguments) }, ...operationTypes && { operationTypes } });
            continue;
        }
        if (hidden.has(node.name.value))
            continue;
        const left = bare(node);
        for (const members of MEMBERS)
            if (node[members])
                left[members] = leave(node[members]);
        for (const names of ['interfaces', 'types'])
            if (node[names])
                left[names] = node[names].filter(({ name }) => !hidden.has(name.value));
        const isEmpty = [...MEMBERS, 'interfaces', 'types', 'directives'].every((name) => !(left[name]?.length > 0));
        if (!(node.kind.endsWith('Extension') && isEmpty))
            definitions.push(left);
    }
    return print({ ...document, definitions });
}
