// graphql_tag.mjs - the tag graphql`...` of Relay's components: what the compiler has made of the document. Relay's plugin
// for a bundler puts it there when an application is built; here it is found when a component is shown.
//
// SPDX-License-Identifier: MIT
let found = null;

export function useArtifacts(artifact) {
    found = artifact;
}

// Relay takes a function that gives the document.
export function graphql([text]) {
    const [, name] = /^\s*(?:query|mutation|fragment) (\w+)/.exec(text);
    return () => found(name);
}
