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
    return {
        find,
        texts: (selector) => [...container.querySelectorAll(selector)].map(({ textContent }) => textContent),
        // Waits until the page shows something; what that is.
        until: (condition, what) => until(condition, 10000 * patience, what),
        click: (selector) => find(selector).click(),
        type: (selector, text) => {
            find(selector).value = text;
        },
        close,
    };
}

export { createElement };
