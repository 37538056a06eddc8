// measure.mjs - the largest contentful paint of the front page, with an empty cache, on the profiles of
// Lighthouse: a phone (1.6 Mbit/s down, 750 kbit/s up, 150 ms, a processor that is 4 times slower) and
// a desktop (10 Mbit/s, 40 ms).  The median of five loads each.
//
// SPDX-License-Identifier: MIT
import { browse } from '../../tests/browser/lib/browser.mjs';
import { rows } from '../../tests/browser/lib/look.mjs';

const loads = 5;
const bytes = (kilobits) => (kilobits * 1000) / 8;
const profiles = {
    phone: { down: bytes(1638.4), up: bytes(750), latency: 150, slower: 4, viewport: { width: 360, height: 640 } },
    desktop: { down: bytes(10240), up: bytes(10240), latency: 40, slower: 1, viewport: { width: 1350, height: 940 } },
};

function watch() {
    window.largest = null;
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) {
            window.largest = { time: entry.startTime, element: entry.element?.className ?? '' };
        }
    }).observe({ type: 'largest-contentful-paint', buffered: true });
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

for (const [name, { down, up, latency, slower, viewport }] of Object.entries(profiles))
    browse(name, { viewport }, async (_person, enter, test) => {
        const seen = [];
        for (let load = 0; load < loads; load++) {
            const person = await enter({ viewport });
            const session = await person.context.newCDPSession(person.page);
            await session.send('Network.enable');
            await session.send('Network.emulateNetworkConditions', {
                offline: false,
                downloadThroughput: down,
                uploadThroughput: up,
                latency,
            });
            await session.send('Emulation.setCPUThrottlingRate', { rate: slower });
            await person.page.addInitScript(watch);
            await person.visit();
            await rows(person.page).nth(29).waitFor();
            await person.page.waitForLoadState('networkidle');
            seen.push(await person.page.evaluate(() => window.largest));
        }
        test.diagnostic(`${name}: ${Math.round(median(seen.map(({ time }) => time)))} ms, element .${seen.at(-1).element}`);
    });
