// hostile_tokens.mjs - tokens that look like ours and are not: each is made from the claims of a
// good one, and has to be refused.
//
// SPDX-License-Identifier: MIT
import { createHash, createHmac, generateKeyPairSync, sign as signBy } from 'node:crypto';

import { goodHeader, readKey, sign } from './accounts.mjs';

const header = (text) => (claims) => sign(text, claims);
export const changed = (changes) => (claims) => sign(goodHeader, { ...claims, ...changes });
export const now = () => Math.floor(Date.now() / 1000);
export const hostile = {
    'alg none': header('{"typ":"JWT","alg":"none"}'),
    'alg none without a signature': (c) =>
        sign('{"typ":"JWT","alg":"none"}', c).replace(/[^.]*$/, ''),
    'alg None': header('{"typ":"JWT","alg":"None"}'),
    'alg NONE': header('{"typ":"JWT","alg":"NONE"}'),
    'alg hs256': header('{"typ":"JWT","alg":"hs256"}'),
    'alg HS384, well signed': (c) =>
        sign('{"typ":"JWT","alg":"HS384"}', c, readKey(), 'sha384'),
    'alg HS512, well signed': (c) =>
        sign('{"typ":"JWT","alg":"HS512"}', c, readKey(), 'sha512'),
    'alg RS256': header('{"typ":"JWT","alg":"RS256"}'),
    'no alg': header('{"typ":"JWT"}'),
    'no typ': header('{"alg":"HS256"}'),
    'another typ': header('{"typ":"at+jwt","alg":"HS256"}'),
    'the members of the header in another order': header('{"alg":"HS256","typ":"JWT"}'),
    'a space in the header': header('{"typ":"JWT", "alg":"HS256"}'),
    'a kid that is a path': header('{"typ":"JWT","alg":"HS256","kid":"../../../dev/null"}'),
    'a kid that is SQL': header('{"typ":"JWT","alg":"HS256","kid":"x\' UNION SELECT \'key"}'),
    'a crit': header('{"typ":"JWT","alg":"HS256","crit":["exp"]}'),
    'a jku': header('{"typ":"JWT","alg":"HS256","jku":"https://evil.example/keys"}'),
    'two algs': header('{"typ":"JWT","alg":"HS256","alg":"none"}'),
    'a header of nothing': header(''),
    'another key': (c) => sign(goodHeader, c, 'k'.repeat(64)),
    'an empty key': (c) => sign(goodHeader, c, ''),
    'no signature': (c) => sign(goodHeader, c).replace(/\.[^.]*$/, '.'),
    'a signature cut short': (c) => sign(goodHeader, c).slice(0, -1),
    'a signature of other claims': (c) =>
        `${sign(goodHeader, c).replace(/\.[^.]*$/, '')}.${sign(goodHeader, { ...c, sub: '1' }).split('.')[2]}`,
    'the claims of another user': (c) =>
        sign(goodHeader, c).replace(
            /\.[^.]*\./,
            `.${Buffer.from(JSON.stringify({ ...c, sub: '1' })).toString('base64url')}.`,
        ),
    'two parts': (c) => sign(goodHeader, c).split('.').slice(0, 2).join('.'),
    'four parts': (c) => `${sign(goodHeader, c)}.x`,
    padding: (c) => `${sign(goodHeader, c)}=`,
    'a byte that is not base64': (c) => sign(goodHeader, c).replace('.', '.!'),
    'a space in the middle': (c) => sign(goodHeader, c).replace('.', '. '),
    'base64 of the other alphabet': (c) =>
        sign(goodHeader, { ...c, extra: '???>>>~~~ÿÿÿ' })
            .replace(/-/g, '+')
            .replace(/_/g, '/'),
    'claims that are a list': (c) => sign(goodHeader, JSON.stringify([c])),
    'claims that are null': () => sign(goodHeader, 'null'),
    'claims that are not JSON': () => sign(goodHeader, '{"sub":'),
    'a claim twice': (c) => sign(goodHeader, JSON.stringify(c).replace('{', '{"sub":"1",')),
    'text after the claims': (c) => sign(goodHeader, `${JSON.stringify(c)} x`),
    'claims that nest': changed({ extra: { a: [1] } }),
    'U+0000 in the name': changed({ username: 'a\0b' }),
    'sub as a number': (c) => changed({ sub: Number(c.sub) })(c),
    'an empty sub': changed({ sub: '' }),
    'a sub that is not a key': changed({ sub: 'x' }),
    'a sub that is not an integer': changed({ sub: '1.0' }),
    'a sub beyond the type of keys': changed({ sub: '2147483648' }),
    'a sub with U+0000': (c) => changed({ sub: `${c.sub}\u0000` })(c),
    'iss of another': changed({ iss: 'https://evil.example' }),
    'aud of another': changed({ aud: 'somebody else' }),
    'aud as a list': (c) => changed({ aud: [c.aud] })(c),
    'exp as a text': (c) => changed({ exp: String(c.exp) })(c),
    'exp as a fraction': (c) => changed({ exp: c.exp + 0.5 })(c),
    'exp below zero': changed({ exp: -1 }),
    'exp far away': (c) => changed({ exp: c.iat + 100000 })(c),
    'exp of 1e20': (c) =>
        sign(goodHeader, JSON.stringify(c).replace(/"exp":\d+/, '"exp":1e20')),
    'exp true': changed({ exp: true }),
    'iat in the future': (c) =>
        changed({ iat: now() + 600, exp: now() + 900, origIat: now() + 600 })(c),
    'nbf in the future': (c) => changed({ nbf: now() + 600 })(c),
    'an unknown role': changed({ role: 'postgres' }),
    'a token of 4,097 bytes': (c) => sized(c, 4097),
    'a token of 7,000 bytes': (c) => sized(c, 7000),
    'only dots': () => '..',
    text: () => 'undefined',
    'letters of Latin': () => 'é.ü.ß',
};
for (const claim of ['iss', 'aud', 'sub', 'username', 'iat', 'exp', 'jti'])
    hostile[`no ${claim}`] = changed({ [claim]: undefined });
for (const claim of ['iss', 'aud', 'username', 'jti'])
    hostile[`${claim} null`] = changed({ [claim]: null });

// A token of at least so many bytes, good but for its length.
export function sized(claims, bytes) {
    const token = (n) => sign(goodHeader, { ...claims, jti: 'j'.repeat(n) });
    let n = bytes / 4;
    while (token(n).length < bytes) n++;
    return token(n);
}

// --- algorithms and keys (RFC 8725, 3.1 to 3.6) ---

Object.assign(hostile, {
    'alg as a list': header('{"typ":"JWT","alg":["HS256"]}'),
    'alg null': header('{"typ":"JWT","alg":null}'),
    'alg as a number': header('{"typ":"JWT","alg":256}'),
    'an empty alg': header('{"typ":"JWT","alg":""}'),
    'alg with a space': header('{"typ":"JWT","alg":"HS256 "}'),
    'alg with U+0000': header('{"typ":"JWT","alg":"HS256\\u0000"}'),
    'alg in escapes': header('{"typ":"JWT","alg":"HS\\u0032\\u0035\\u0036"}'),
    'alg under a name in escapes': header('{"typ":"JWT","\\u0061lg":"HS256"}'),
    'alg nOnE': (c) => sign('{"typ":"JWT","alg":"nOnE"}', c).replace(/[^.]*$/, ''),
    'alg ES256 with r and s of zero': (c) =>
        withSignature('{"typ":"JWT","alg":"ES256"}', c, Buffer.alloc(64)),
    'alg PS256': header('{"typ":"JWT","alg":"PS256"}'),
    'alg EdDSA': header('{"typ":"JWT","alg":"EdDSA"}'),
    'alg ES256K': header('{"typ":"JWT","alg":"ES256K"}'),
    'alg HS256/64': header('{"typ":"JWT","alg":"HS256/64"}'),
    'alg dir': header('{"typ":"JWT","alg":"dir","enc":"A256GCM"}'),
    'alg PBES2, of a billion rounds': header(
        '{"typ":"JWT","alg":"PBES2-HS256+A128KW","enc":"A128GCM","p2c":1000000000,"p2s":"AAAA"}',
    ),
    'a pair of one\'s own, RSA': (c) => signWith('RS256', generateKeyPairSync('rsa', { modulusLength: 2048 }), c),
    'a pair of one\'s own, P-256': (c) => signWith('ES256', generateKeyPairSync('ec', { namedCurve: 'P-256' }), c),
    'a pair of one\'s own, Ed25519': (c) => signWith('EdDSA', generateKeyPairSync('ed25519'), c),
    'a key in the header': (c) => {
        const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
        return signWith('ES256', pair, c, { jwk: pair.publicKey.export({ format: 'jwk' }) });
    },
    'a symmetric key in the header': (c) =>
        sign(`{"typ":"JWT","alg":"HS256","jwk":{"kty":"oct","k":"${Buffer.from('mine').toString('base64url')}"}}`, c, 'mine'),
    'an x5c': header('{"typ":"JWT","alg":"HS256","x5c":["MIIB"]}'),
    'an x5u': header('{"typ":"JWT","alg":"HS256","x5u":"https://evil.example/c.pem"}'),
    'an x5t': header('{"typ":"JWT","alg":"HS256","x5t#S256":"AAAA"}'),
    'an empty kid': header('{"typ":"JWT","alg":"HS256","kid":""}'),
    'a kid as a number': header('{"typ":"JWT","alg":"HS256","kid":0}'),
    'a kid as an object': header('{"typ":"JWT","alg":"HS256","kid":{"$ne":null}}'),
    'a kid that is a command': header('{"typ":"JWT","alg":"HS256","kid":"|id"}'),
    'a kid of a null device, with an empty key': (c) => sign('{"typ":"JWT","alg":"HS256","kid":"/dev/null"}', c, ''),
    'the signature of SHA-1': (c) => sign(goodHeader, c, readKey(), 'sha1'),
    'the signature of MD5': (c) => sign(goodHeader, c, readKey(), 'md5'),
    'half a signature': (c) => cut(sign(goodHeader, c), 22),
    'one byte of a signature': (c) => cut(sign(goodHeader, c), 2),
    'a signature of zeros': (c) => withSignature(goodHeader, c, Buffer.alloc(32)),
    'a signature and a byte more': (c) => `${sign(goodHeader, c)}AA`,
    'a signature in hexadecimal': (c) => recode(sign(goodHeader, c), 'hex'),
    'a signature in base64 with padding': (c) => recode(sign(goodHeader, c), 'base64'),
    'a hash without a key': (c) => {
        const text = sign(goodHeader, c).split('.').slice(0, 2).join('.');
        return `${text}.${createHash('sha256').update(text).digest('base64url')}`;
    },
    'a signature of the claims alone': (c) => {
        const [head, claims] = sign(goodHeader, c).split('.');
        return `${head}.${claims}.${createHmac('sha256', Buffer.from(readKey(), 'latin1')).update(claims).digest('base64url')}`;
    },
    'the key and its newline': (c) => sign(goodHeader, c, `${readKey()}\n`),
    'the key decoded from base64': (c) => sign(goodHeader, c, Buffer.from(readKey(), 'base64').toString('latin1')),
    'the key in base64': (c) => sign(goodHeader, c, Buffer.from(readKey(), 'latin1').toString('base64')),
    'a key that everybody tries: secret': (c) => sign(goodHeader, c, 'secret'),
    "a key that everybody tries: the issuer's name": (c) => sign(goodHeader, c, c.iss),
    'a b64 of false': header('{"typ":"JWT","alg":"HS256","b64":false,"crit":["b64"]}'),
    'a zip': header('{"typ":"JWT","alg":"HS256","zip":"DEF"}'),
    'a crit of nothing': header('{"typ":"JWT","alg":"HS256","crit":[]}'),
    'a token in a token': (c) => sign('{"typ":"JWT","alg":"HS256","cty":"JWT"}', JSON.stringify(sign(goodHeader, c))),
    'five parts, as if it were encrypted': (c) => `${sign(goodHeader, c)}.AAAA.AAAA`,
    'the form of JSON': (c) => {
        const [head, payload, signature] = sign(goodHeader, c).split('.');
        return JSON.stringify({ payload, protected: head, signature });
    },
});

// --- encodings, and what a token is for (RFC 8725, 3.7 to 3.12) ---

Object.assign(hostile, {
    'typ jwt in small letters': header('{"typ":"jwt","alg":"HS256"}'),
    'typ of a refresh token': header('{"typ":"refresh+jwt","alg":"HS256"}'),
    'typ of a logout': header('{"typ":"logout+jwt","alg":"HS256"}'),
    'typ as a list': header('{"typ":["JWT"],"alg":"HS256"}'),
    'a header that is a list': header('["JWT","HS256"]'),
    'a header that is a text': header('"HS256"'),
    'a header with a name twice, in escapes': header('{"typ":"JWT","alg":"HS256","\\u0061lg":"none"}'),
    'a header with a newline': header('{"typ":"JWT","alg":"HS256"}\n'),
    'a header with a byte order mark': header('\ufeff{"typ":"JWT","alg":"HS256"}'),
    'a header with __proto__': header('{"typ":"JWT","alg":"HS256","__proto__":{"kid":"x"}}'),
    'claims with a byte order mark': (c) => sign(goodHeader, `\ufeff${JSON.stringify(c)}`),
    'claims in UTF-16': (c) => signBytes(Buffer.from(JSON.stringify(c), 'utf16le')),
    'claims that are not UTF-8': (c) =>
        signBytes(Buffer.from(JSON.stringify({ ...c, username: 'x\u00e9' }), 'latin1')),
    'claims with a lone surrogate': (c) => sign(goodHeader, JSON.stringify(c).replace('"username":"', '"username":"\\ud800')),
    'a claim twice, in escapes': (c) => sign(goodHeader, JSON.stringify(c).replace('{', '{"\\u0073ub":"1",')),
    'claims with a comment': (c) => sign(goodHeader, JSON.stringify(c).replace('{', '{/**/')),
    'claims with a comma too many': (c) => sign(goodHeader, JSON.stringify(c).replace(/}$/, ',}')),
    'claims in single quotes': (c) => sign(goodHeader, JSON.stringify(c).replaceAll('"', "'")),
    'claims of nothing': () => sign(goodHeader, '{}'),
    'claims that are empty': () => sign(goodHeader, ''),
    'claims twice': (c) => sign(goodHeader, JSON.stringify(c).repeat(2)),
    'claims that nest deeply': (c) => sign(goodHeader, JSON.stringify(c).replace('{', `{"x":${'['.repeat(500)}${']'.repeat(500)},`)),
    'iss as a list': (c) => changed({ iss: [c.iss] })(c),
    'iss in capitals': (c) => changed({ iss: c.iss.toUpperCase() })(c),
    'iss with a slash': (c) => changed({ iss: `${c.iss}/` })(c),
    'iss with a space': (c) => changed({ iss: ` ${c.iss}` })(c),
    'iss with U+0000': (c) => changed({ iss: `${c.iss}\0` })(c),
    'iss that begins like ours': (c) => changed({ iss: `${c.iss}.evil.example` })(c),
    'an empty iss': changed({ iss: '' }),
    'aud as an empty list': changed({ aud: [] }),
    'aud of us and another': (c) => changed({ aud: [c.aud, 'somebody else'] })(c),
    'aud as an object': (c) => changed({ aud: { [c.aud]: true } })(c),
    'an empty aud': changed({ aud: '' }),
    'aud of everybody': changed({ aud: '*' }),
    'sub as a list': (c) => changed({ sub: [c.sub] })(c),
    'sub as an object': changed({ sub: { $gt: '' } }),
    'sub that is SQL': (c) => changed({ sub: `${c.sub} OR 1=1` })(c),
    'sub with a space': (c) => changed({ sub: ` ${c.sub}` })(c),
    'sub in other digits': changed({ sub: '\u0661' }),
    'sub true': changed({ sub: true }),
    'role as a list': changed({ role: ['user', 'staff'] }),
    'role of a user of PostgreSQL': changed({ role: 'linnet_staff' }),
    'an empty role': changed({ role: '' }),
    'role in capitals': changed({ role: 'STAFF' }),
    'a username of nothing': changed({ username: '' }),
    'a jti as a number': changed({ jti: 1 }),
    'sid null': changed({ sid: null }),
    'sid as a number': changed({ sid: 7 }),
    'an empty sid': changed({ sid: '' }),
    'sid as a list': changed({ sid: ['7'] }),
    'an empty jti': changed({ jti: '' }),
    'exp before iat': (c) => changed({ exp: c.iat - 1 })(c),
    'exp as now': (c) => changed({ exp: c.iat })(c),
    'exp null': changed({ exp: null }),
    'exp in milliseconds': (c) => changed({ exp: c.exp * 1000 })(c),
    'exp as a date': changed({ exp: '2099-01-01T00:00:00Z' }),
    'exp of 2^63': (c) => sign(goodHeader, JSON.stringify(c).replace(/"exp":\d+/, '"exp":9223372036854775808')),
    'exp of NaN': (c) => sign(goodHeader, JSON.stringify(c).replace(/"exp":\d+/, '"exp":NaN')),
    'exp of Infinity': (c) => sign(goodHeader, JSON.stringify(c).replace(/"exp":\d+/, '"exp":Infinity')),
    'exp as a list': (c) => changed({ exp: [c.exp] })(c),
    'iat as a text': (c) => changed({ iat: String(c.iat) })(c),
    'iat null': changed({ iat: null }),
    'nbf as a text': (c) => changed({ nbf: String(c.iat) })(c),
    'nbf null': changed({ nbf: null }),
    'origIat in the future': (c) => changed({ origIat: c.iat + 600 })(c),
    'origIat long ago': (c) => changed({ origIat: c.iat - 400 * 86400 })(c),
    'no origIat': changed({ origIat: undefined }),
    'no role': changed({ role: undefined }),
    'three dots': (c) => `${sign(goodHeader, c)}.`,
    'a dot before': (c) => `.${sign(goodHeader, c)}`,
    'a tab in the middle': (c) => sign(goodHeader, c).replace('.', '.\t'),
    'dots in escapes': (c) => sign(goodHeader, c).replaceAll('.', '%2e'),
    'a last character that means the same': (c) => respell(sign(goodHeader, c)),
    'two tokens': (c) => `${sign(goodHeader, c)},${sign(goodHeader, c)}`,
    'the scheme again': (c) => `Bearer ${sign(goodHeader, c)}`,
    quotes: (c) => `"${sign(goodHeader, c)}"`,
});

// --- what makes them ---

function withSignature(head, claims, signature) {
    return sign(head, claims).replace(/[^.]*$/, signature.toString('base64url'));
}

// Signed by the private key of a pair, with more members in the header.
function signWith(alg, { privateKey }, claims, more = {}) {
    const text = [{ typ: 'JWT', alg, ...more }, claims]
        .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
        .join('.');
    const key = alg === 'ES256' ? { key: privateKey, dsaEncoding: 'ieee-p1363' } : privateKey;
    return `${text}.${signBy(alg === 'EdDSA' ? null : 'sha256', Buffer.from(text), key).toString('base64url')}`;
}

function signBytes(claims) {
    const text = `${Buffer.from(goodHeader).toString('base64url')}.${claims.toString('base64url')}`;
    return `${text}.${createHmac('sha256', Buffer.from(readKey(), 'latin1')).update(text).digest('base64url')}`;
}

const cut = (token, length) => token.replace(/[^.]*$/, (signature) => signature.slice(0, length));

const recode = (token, encoding) =>
    token.replace(/[^.]*$/, (signature) => Buffer.from(signature, 'base64url').toString(encoding));

// The last character of 32 bytes has two bits that mean nothing.
function respell(token) {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    return token.replace(/.$/, (last) => letters[letters.indexOf(last) ^ 1]);
}
