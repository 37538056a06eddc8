/// <reference types="vite/client" />

/** The id of the document Links: vite.config.ts reads it from the manifest. */
declare const __LINKS_DOCUMENT__: string;

/** What early.ts has asked for. */
declare var linnetEarly: { address: string; response: Promise<Response> } | undefined;
