// early.ts - ask for the list while the rest of the program is still on its way.
//
// A script of its own, of some hundred bytes, that the page loads beside the others.
// wire.ts takes the answer when it would send the same request.
//
// SPDX-License-Identifier: MIT
import { PATIENCE, queryAddress, requestHeaders } from './graphql/address';
import { listVariables } from './links/lists';
import { base, endpoint } from './router/base';

const variables = listVariables(location.pathname.slice(base.length), new URLSearchParams(location.search));
if (variables) {
    const address = queryAddress(endpoint, __LINKS_DOCUMENT__, variables);
    const response = fetch(address, { headers: requestHeaders(), signal: AbortSignal.timeout(PATIENCE) });
    // Whoever takes it hears of a failure; here nobody does.
    response.catch(() => undefined);
    globalThis.linnetEarly = { address, response };
}
