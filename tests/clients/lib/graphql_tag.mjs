// graphql_tag.mjs - the tag graphql`...` of Relay's components: what the compiler has made of the document. Relay's plugin
// for a bundler puts it there when an application is built; here it is found when a component is loaded.
//
// SPDX-License-Identifier: MIT
let find = null;

// To be called before a component is loaded.
export function useArtifacts(artifact) {
    find = artifact;
}

export function graphql([text]) {
    const [, name] = /^\s*(?:query|mutation|fragment) (\w+)/.exec(text);
    return find(name);
}
