// main.tsx - where the site begins.
//
// SPDX-License-Identifier: MIT
import { render } from 'preact';
import { App } from './app';
import { startVotes } from './links/send_vote';
import { startRouter } from './router/router';
import { startSession } from './session/sign_out';

startSession();
startVotes();
startRouter();
render(<App />, document.getElementById('app')!);
