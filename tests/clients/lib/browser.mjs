// browser.mjs - a document for React components, without a browser: they are shown, clicked and typed into.
//
// SPDX-License-Identifier: MIT
import { after } from 'node:test';

import { Window } from 'happy-dom';

import { patience } from '../../http/lib/environment.mjs';
import { until } from '../../http/lib/processes.mjs';

const window = new Window({ url: 'http://localhost/' });
Object.assign(globalThis, { window, document: window.document });
after(() => window.happyDOM.close());

// Relay keeps what it has read for five minutes, which no test waits for.
const { setTimeout } = globalThis;
globalThis.setTimeout = (...args) => setTimeout(...args).unref();

// After the globals, which React looks for when it is loaded.
const { createElement } = await import('react');
const { createRoot } = await import('react-dom/client');

// Shows an element until it is closed.
export function show(element) {
    const container = document.body.appendChild(document.createElement('div'));
    const root = createRoot(container);
    root.render(element);
    const find = (selector) => container.querySelector(selector);
    const close = () => {
        if (container.isConnected) root.unmount();
        container.remove();
    };
    after(close);
    const shown = (selector) => until(() => find(selector), 10000 * patience, selector);
    return {
        find,
        texts: (selector) => [...container.querySelectorAll(selector)].map(({ textContent }) => textContent),
        // Waits until the page shows something; what that is.
        until: (condition, what) => until(condition, 10000 * patience, what),
        click: async (selector) => (await shown(selector)).click(),
        type: async (selector, text) => {
            (await shown(selector)).value = text;
        },
        close,
    };
}

export { createElement };
