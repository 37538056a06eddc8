// axe.mjs - what axe-core has to say about a page.
//
// It is run in the page by the browser's own protocol, which no policy of the page keeps out.
//
// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';

const source = readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');

// The violations: 'rule: help (what it is about)', one for each element.  `options` are axe's.
export async function violations(page, options = {}) {
    if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(source);
    const found = await page.evaluate(async (given) => (await window.axe.run(document, given)).violations, options);
    return found.flatMap(({ id, help, nodes }) =>
        nodes.map(({ target, failureSummary }) => `${id}: ${help} (${target.join(' ')}) ${failureSummary.replace(/\s+/g, ' ')}`),
    );
}
