// axe.mjs - what axe-core has to say about a page.
//
// It is run in the page by the browser's own protocol, which no policy of the page keeps out.
//
// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';

const source = readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');

// The violations: 'rule: help (what it is about)', one for each element.  `exclude`: selectors of what
// is not looked at; `options` are axe's.
export async function violations(page, { exclude = [], ...options } = {}) {
    if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(source);
    const found = await page.evaluate(
        async ([without, given]) => (await window.axe.run({ include: document, exclude: without }, given)).violations,
        [exclude, options],
    );
    return found.flatMap(({ id, help, nodes }) =>
        nodes.map(({ target, failureSummary }) => `${id}: ${help} (${target.join(' ')}) ${failureSummary.replace(/\s+/g, ' ')}`),
    );
}
