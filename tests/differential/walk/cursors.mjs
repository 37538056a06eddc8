// cursors.mjs - cursors that no page has shown.
//
// SPDX-License-Identifier: MIT
const MASK = (1n << 64n) - 1n;
const turn = (x, bits) => ((x << bits) | (x >> (64n - bits))) & MASK;

// SipHash-2-4 under the key that is all zeros: the constant of a server without a key file.
function sipHash(bytes) {
    const v = [0x736f6d6570736575n, 0x646f72616e646f6dn, 0x6c7967656e657261n, 0x7465646279746573n];
    const round = () => {
        v[0] = (v[0] + v[1]) & MASK; v[1] = turn(v[1], 13n) ^ v[0]; v[0] = turn(v[0], 32n);
        v[2] = (v[2] + v[3]) & MASK; v[3] = turn(v[3], 16n) ^ v[2];
        v[0] = (v[0] + v[3]) & MASK; v[3] = turn(v[3], 21n) ^ v[0];
        v[2] = (v[2] + v[1]) & MASK; v[1] = turn(v[1], 17n) ^ v[2]; v[2] = turn(v[2], 32n);
    };
    const padded = Buffer.concat([bytes, Buffer.alloc(7 - bytes.length % 8), Buffer.from([bytes.length & 255])]);
    for (let i = 0; i < padded.length; i += 8) {
        const word = padded.readBigUInt64LE(i);
        v[3] ^= word;
        round(); round();
        v[0] ^= word;
    }
    v[2] ^= 0xffn;
    for (let i = 0; i < 4; i++)
        round();
    const hash = Buffer.alloc(8);
    hash.writeBigUInt64LE(v[0] ^ v[1] ^ v[2] ^ v[3]);
    return hash;
}

const seal = (rest) => Buffer.concat([Buffer.from([1]), sipHash(rest), rest]).toString('base64url');

// One that is sealed as ours are, of the same list, and whose terms are anything.
export function forge(random, cursor) {
    const rest = Buffer.from(cursor, 'base64url').subarray(9);
    const place = rest.subarray(0, 4), terms = Buffer.from(rest.subarray(4));
    if (random.chance(0.7)) {
        for (let i = random.between(1, 3); i > 0; i--)
            terms[random.below(terms.length)] = random.pick([0, 1, 2, 3, 4, 8, 127, 128, 255, random.below(256)]);
        return seal(Buffer.concat([place, terms.subarray(0, random.chance(0.8) ? terms.length : random.below(terms.length))]));
    }
    return seal(Buffer.concat([place, Buffer.from(random.many(random.below(40), () => random.below(256)))]));
}

// One that is cut, longer, or has another letter.
export function spoil(random, cursor) {
    const at = random.below(cursor.length);
    const letter = random.pick([...'AZaz09-_ =é\0'].filter((c) => c !== cursor[at]));
    return random.pick([
        cursor.slice(0, at), cursor.slice(at + 1), cursor.slice(0, at) + letter + cursor.slice(at + 1), cursor + letter, '',
    ]);
}
