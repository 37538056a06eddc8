// shape.mjs - types that no table has and that are known by their fields: connections, their edges, page infos.
//
// SPDX-License-Identifier: MIT
import { directive, isList, isLeafType, isObjectType, namedType } from './contract.mjs';

const objectOf = (type, name) => {
    const found = isObjectType(type) && !directive(type, 'table') ? type.getFields()[name] : undefined;
    return found && !isLeafType(namedType(found.type)) ? found : undefined;
};

// The type of a connection's edges, or nothing.
export function edgeOf(type) {
    const edges = objectOf(type, 'edges');
    const edge = edges && objectOf(type, 'pageInfo') && isList(edges.type) ? namedType(edges.type) : undefined;
    return edge && objectOf(edge, 'node') && edge.getFields().cursor ? edge : undefined;
}

// What a connection shows the rows of, or nothing.
export const nodeOf = (type) => edgeOf(type) && namedType(edgeOf(type).getFields().node.type);
