// session.mjs - who is signed in, for any client that takes a function like fetch(): tokens are renewed before they
// end, or when the server says that they have ended, and what was asked is then asked again.
//
// SPDX-License-Identifier: MIT
const TOKENS = 'token refreshToken payload';
const SIGN_IN = `mutation ($username: String!, $password: String!) { tokenAuth(username: $username, password: $password) { ${TOKENS} } }`;
const RENEW = `mutation ($refreshToken: String) { refreshToken(refreshToken: $refreshToken) { ${TOKENS} } }`;
const SIGN_OUT = 'mutation ($refreshToken: String) { revokeToken(refreshToken: $refreshToken) { revoked } }';
const DELETE_COOKIES = 'mutation { deleteRefreshTokenCookie { deleted } deleteTokenCookie { deleted } }';

const MARGIN = 30000; // milliseconds before its end in which a token is renewed

export class Session {
    // In a browser the tokens are cookies, which no script can read. Elsewhere they are kept in `store`, which has
    // get(), set() and delete().
    constructor(url, { useCookies = true, store = new Map(), fetch = globalThis.fetch } = {}) {
        Object.assign(this, { url, useCookies, store, send: fetch, expires: Infinity, renewal: null, renewals: 0 });
    }

    // For the client.
    fetch = async (url, options = {}) => {
        if (this.expires - Date.now() < MARGIN) await this.renew();
        const { renewals } = this;
        const response = await this.sendSigned(url, options);
        if (!(await isToBeRepeated(response, options))) return response;
        // Somebody else may have renewed the token meanwhile.
        const isRenewed = this.renewals > renewals || (await this.renew());
        return isRenewed ? this.sendSigned(url, options) : response;
    };

    // The errors why not; none: it has worked.
    async signIn(username, password) {
        const { status, data, errors } = await this.post(SIGN_IN, { username, password });
        if (data?.tokenAuth) this.keep(data.tokenAuth);
        else if (!errors) return [{ message: `There was no answer (${status}). Try again.` }];
        return errors ?? [];
    }

    async signOut() {
        const refreshToken = this.store.get('refreshToken');
        if (this.useCookies || refreshToken) await this.post(this.useCookies ? DELETE_COOKIES : SIGN_OUT, { refreshToken });
        this.forget();
    }

    // Is somebody signed in? Call it when a page is loaded, too. All that ask while it is under way get its answer:
    // a refresh token is good for one exchange.
    renew() {
        this.renewal ??= this.exchange().finally(() => (this.renewal = null));
        return this.renewal;
    }

    async exchange() {
        const refreshToken = this.store.get('refreshToken');
        if (!this.useCookies && !refreshToken) return false;
        const { status, data } = await this.post(RENEW, { refreshToken });
        if (data?.refreshToken) {
            this.keep(data.refreshToken);
            this.renewals++;
        } else if (status === 200) {
            this.forget(); // the session is over; else the server is away
        }
        return Boolean(data?.refreshToken);
    }

    keep({ token, refreshToken, payload }) {
        if (!this.useCookies) {
            this.store.set('token', token);
            if (refreshToken) this.store.set('refreshToken', refreshToken); // null: another tab has the next one
        }
        // A clock that is wrong by more than a token's life says nothing.
        const expires = 1000 * payload.exp;
        this.expires = expires - Date.now() > MARGIN ? expires : Infinity;
    }

    forget() {
        for (const name of ['token', 'refreshToken']) this.store.delete(name);
        this.expires = Infinity;
    }

    sendSigned(url, options) {
        const headers = new Headers(options.headers);
        const token = this.store.get('token');
        if (this.useCookies) headers.set('linnet-cookies', '1');
        else if (token) headers.set('authorization', `Bearer ${token}`);
        return this.send(url, { ...options, headers });
    }

    // Tokens are exchanged without the token that has ended.
    async post(query, variables) {
        const headers = { 'content-type': 'application/json', ...(this.useCookies && { 'linnet-cookies': '1' }) };
        const response = await this.send(this.url, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
        return { status: response.status, ...(await response.json().catch(() => ({}))) };
    }
}

// Has the token ended? A mutation is not sent again if one of its fields has done something, since it needed no user.
async function isToBeRepeated(response, { body = '' }) {
    const { data, errors = [] } = await response.clone().json().catch(() => ({}));
    const hasEnded = errors.some(({ extensions }) => /^TOKEN_(EXPIRED|INVALID)$/.test(extensions?.code));
    const mayHaveWritten = /\bmutation\b/.test(body) && Object.values(data ?? {}).some((value) => value !== null);
    return hasEnded && !mayHaveWritten;
}
