// Probabilities by formula: chi-square, normal and Kolmogorov's, and Holm's correction. Source: docs/spec/fairness.md.

/** The logarithm of the gamma function at whole and half numbers above 0. */
function logGamma(a) {
  let out = Number.isInteger(a) ? 0 : Math.log(Math.sqrt(Math.PI));
  for (let x = Number.isInteger(a) ? 1 : 0.5; x < a; x++) out += Math.log(x);
  return out;
}

/** How often a chi-square of `degrees` is at least `x`: the regularised upper incomplete gamma function. */
export function chiSquare(x, degrees) {
  const a = degrees / 2;
  const z = x / 2;
  if (z <= 0) return 1;
  const front = Math.exp(a * Math.log(z) - z - logGamma(a));
  if (z < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = 1; n < 10_000 && term > sum * 1e-17; n++) {
      term *= z / (a + n);
      sum += term;
    }
    return Math.max(0, 1 - front * sum);
  }
  // Lentz's continued fraction
  let b = z + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let h = d;
  for (let n = 1; n < 10_000; n++) {
    const an = -n * (n - a);
    b += 2;
    d = 1 / (an * d + b);
    c = b + an / c;
    h *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) break;
  }
  return front * h;
}

/** How often a normal value is at least as far from 0 as `z`. */
export function normal(z) {
  return chiSquare(z * z, 1);
}

/** How often Kolmogorov's statistic is at least `x`. */
export function kolmogorov(x) {
  if (x < 0.2) return 1;
  let sum = 0;
  for (let k = 1; k <= 100; k++) sum += (k % 2 ? 1 : -1) * Math.exp(-2 * k * k * x * x);
  return Math.min(1, Math.max(0, 2 * sum));
}

/** Holm's corrected p of [name, p or null] pairs, by name. */
export function holm(tests) {
  const there = tests.filter(([, p]) => p !== null).sort((a, b) => a[1] - b[1] || (a[0] < b[0] ? -1 : 1));
  const out = new Map();
  let last = 0;
  there.forEach(([name, p], i) => {
    last = Math.max(last, Math.min(1, p * (there.length - i)));
    out.set(name, last);
  });
  return out;
}
