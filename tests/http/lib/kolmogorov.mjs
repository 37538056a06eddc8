// kolmogorov.mjs - do two samples come from one distribution?  The test of Kolmogorov and Smirnov.
//
// SPDX-License-Identifier: MIT

// The largest distance between the shares of two samples that are below a value.
function distance(one, other) {
    const [a, b] = [one.toSorted((x, y) => x - y), other.toSorted((x, y) => x - y)];
    let i = 0,
        j = 0,
        most = 0;
    while (i < a.length && j < b.length) {
        const value = Math.min(a[i], b[j]);
        while (a[i] <= value) i++;
        while (b[j] <= value) j++;
        most = Math.max(most, Math.abs(i / a.length - j / b.length));
    }
    return most;
}

// How probable it is that samples of one distribution differ as much or more; for some hundred
// values and more.
export function sameDistribution(one, other) {
    const n = Math.sqrt((one.length * other.length) / (one.length + other.length));
    const lambda = (n + 0.12 + 0.11 / n) * distance(one, other);
    if (lambda < 0.3) return 1;
    let sum = 0;
    for (let k = 1; k <= 100; k++) sum += 2 * (-1) ** (k - 1) * Math.exp(-2 * k * k * lambda * lambda);
    return Math.min(1, Math.max(0, sum));
}
