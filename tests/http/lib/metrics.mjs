// metrics.mjs - reads Prometheus's text format (0.0.4), strictly.
//
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';

const sampleLine = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\+Inf|-?[0-9]+(?:\.[0-9]+)?)$/;
const label = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/y;

function readLabels(text, line) {
    const names = new Set();
    label.lastIndex = 0;
    while (label.lastIndex < text.length) {
        const found = label.exec(text);
        assert.ok(found, `labels: ${line}`);
        assert.ok(!names.has(found[1]), `a label twice: ${line}`);
        names.add(found[1]);
    }
    return names;
}

// The family that a sample belongs to: a histogram's samples have endings.
function familyOf(name, types) {
    const stem = name.replace(/_(bucket|sum|count)$/, '');
    return types.get(stem) === 'histogram' ? stem : name;
}

function judgeBuckets(samples, types) {
    const last = new Map();
    for (const [series, value] of samples) {
        const bucket = /^(.*)_bucket\{(.*?),?le="([^"]*)"\}$/.exec(series);
        if (!bucket) continue;
        assert.equal(types.get(bucket[1]), 'histogram', series);
        const key = `${bucket[1]}{${bucket[2]}}`;
        const before = last.get(key) ?? { bound: -1, value: 0 };
        const bound = bucket[3] === '+Inf' ? Infinity : Number(bucket[3]);
        assert.ok(bound > before.bound && value >= before.value, `buckets fall: ${series}`);
        last.set(key, { bound, value });
    }
    for (const [key, { bound, value }] of last) {
        assert.equal(bound, Infinity, key);
        const [, name, labels] = /^(.*?)\{(.*)\}$/.exec(key);
        assert.equal(samples.get(labels ? `${name}_count{${labels}}` : `${name}_count`), value, key);
        assert.ok(samples.has(labels ? `${name}_sum{${labels}}` : `${name}_sum`), key);
    }
}

// { samples, types }: the values by their series, as it is written, and the types by families.
export function readMetrics(text) {
    const types = new Map(), samples = new Map();
    let family;
    assert.ok(text.endsWith('\n'));
    for (const line of text.slice(0, -1).split('\n')) {
        const help = /^# HELP ([a-z_]+) \S.*\.$/.exec(line);
        const type = /^# TYPE ([a-z_]+) (counter|gauge|histogram)$/.exec(line);
        if (help) {
            assert.ok(!types.has(help[1]), `a family twice: ${line}`);
            family = help[1];
            types.set(family, null);
        } else if (type) {
            assert.equal(type[1], family, line);
            types.set(family, type[2]);
            assert.equal(type[2] === 'counter', family.endsWith('_total'), line);
        } else {
            const sample = sampleLine.exec(line);
            assert.ok(sample, `no sample: ${line}`);
            const [, name, labels = '', value] = sample;
            readLabels(labels, line);
            assert.equal(familyOf(name, types), family, `not of its family: ${line}`);
            const series = line.slice(0, line.lastIndexOf(' '));
            assert.ok(!samples.has(series), `a series twice: ${line}`);
            samples.set(series, value === '+Inf' ? Infinity : Number(value));
        }
    }
    judgeBuckets(samples, types);
    return { samples, types };
}

// Asks a server of processes.mjs.
export async function scrape(server) {
    const answer = await server.request({
        method: 'GET',
        parameters: { SCRIPT_NAME: '/metrics', CONTENT_TYPE: null, CONTENT_LENGTH: null },
    });
    assert.equal(answer.status, 200, answer.text);
    return readMetrics(answer.text);
}

// The sum of a family's samples, of those series that match.
export function sum({ samples }, name, pattern = /./) {
    let total = 0;
    for (const [series, value] of samples)
        if (series.replace(/\{.*/, '') === name && pattern.test(series)) total += value;
    return total;
}

// The series of counters, and of histograms, that are lower now, or have gone.
export function fallen(before, now) {
    return [...before.samples]
        .filter(([series]) => before.types.get(familyOf(series.replace(/\{.*/, ''), before.types)) !== 'gauge')
        .filter(([series, value]) => !(now.samples.get(series) >= value))
        .map(([series, value]) => `${series} ${value} -> ${now.samples.get(series)}`);
}
