// The figures about a draw's look, computed anew. They decide nothing: the draw is proved by computing it again.
//
// Suite B reads the keys; suite A a table of dates and numbers, against 20,000 tables of chance made from the manifest's
// hash. Source: docs/spec/fairness.md.

import { concat, hex, unhex } from "./bytes.mjs";
import { chiSquare, holm, kolmogorov, normal } from "./chance.mjs";
import { checkVersion, isObject, parse } from "./json.mjs";
import { about } from "./only.mjs";
import { Unable, Wrong } from "./report.mjs";
import { W, compress, midstate, sha256 } from "./sha256.mjs";
import { tag } from "./tags.mjs";

const NEAR = 0.000002;
const TABLES = 20_000;
const LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Gathers what suite B needs while the keys are computed, in the order of the list. */
export class Statistics {
  constructor(list) {
    this.list = list;
    this.values = new Float64Array(list.size); // x / 2^64
    this.groups = new Float64Array(256);
    this.neighbours = 0;
    this.strata = [];
  }

  add(stratum, high, low) {
    const first = this.list.firsts[stratum];
    let before = first ? this.values[first - 1] - 0.5 : null;
    let sum = 0;
    for (let i = 0; i < high.length; i++) {
      const value = (high[i] + low[i] / 2 ** 32) / 2 ** 32;
      const here = value - 0.5;
      this.values[first + i] = value;
      this.groups[high[i] >>> 24]++;
      if (before !== null) this.neighbours += before * here;
      before = here;
      sum += here;
    }
    this.strata.push({ size: high.length, sum });
  }

  /** [name, p or null] of B1 to B4. */
  tests() {
    const n = this.values.length;
    const enough = n >= 20;
    return [
      ["B1", n < 80 ? null : this.firstByte(n)],
      ["B2", enough ? this.uniform(n) : null],
      ["B3", enough ? normal((this.neighbours * 12) / Math.sqrt(n - 1)) : null],
      ["B4", enough ? this.means() : null],
    ];
  }

  firstByte(n) {
    const wide = n >= 1_280 ? 1 : 16;
    const count = 256 / wide;
    let sum = 0;
    for (let group = 0; group < count; group++) {
      let there = 0;
      for (let i = 0; i < wide; i++) there += this.groups[group * wide + i];
      sum += (there - n / count) ** 2 / (n / count);
    }
    return chiSquare(sum, count - 1);
  }

  uniform(n) {
    const sorted = this.values.slice().sort();
    let widest = 0;
    for (let i = 0; i < n; i++) widest = Math.max(widest, (i + 1) / n - sorted[i], sorted[i] - i / n);
    return kolmogorov(widest * (Math.sqrt(n) + 0.12 + 0.11 / Math.sqrt(n)));
  }

  means() {
    if (this.strata.some((one) => one.size < 20)) return null;
    return chiSquare(this.strata.reduce((sum, one) => sum + (12 * one.sum ** 2) / one.size, 0), this.strata.length);
  }
}

/** Hold that fairness.json is what its suite gives. */
export async function checkFairness(context, { folder, manifest, statistics, keys }, report) {
  if (folder.has("fairness-private.json")) report.notChecked("fairness.private", { file: folder.where("fairness-private.json") });
  const where = folder.where("fairness.json");
  const logged = about(context, manifest, "draw.fairness");
  if (!folder.has("fairness.json")) {
    if (logged.length) throw new Unable("file.missing", { file: where });
    report.notChecked("fairness.missing");
    return;
  }
  const bytes = await folder.small("fairness.json");
  const said = parse(bytes);
  const { fairness } = manifest.value;
  if (!isObject(said) || !Array.isArray(said.tests) || !said.tests.every(isObject)) throw new Wrong("json.form", { where });
  checkVersion(said, where);
  const digest = hex(sha256(bytes));
  if (logged.length > 1 || logged.some(({ p }) => p.draw !== manifest.value.draw || p.sha256 !== digest || p.verdict !== said.verdict)) {
    throw new Wrong("fairness.another", { where });
  }
  if (!fairness) {
    report.notChecked("fairness.unstated");
    return;
  }
  for (const name of ["suite", "alpha"]) if (said[name] !== fairness[name]) throw new Wrong("fairness.other", { where, name });
  const tests = statistics ? statistics.tests() : await suiteA(keys.numbers, manifest, report);
  const corrected = holm(tests);
  const names = said.tests.map((test) => test.test).join();
  if (names !== tests.map(([name]) => name).join()) throw new Wrong("fairness.other", { where, name: "tests" });
  tests.forEach(([name, p], i) => {
    const holmed = p === null ? null : corrected.get(name);
    if (!near(said.tests[i].p, p) || !near(said.tests[i].holm, holmed)) {
      throw new Wrong("fairness.figure", { where, name, expected: p === null ? "null" : `${p.toFixed(6)}, ${holmed.toFixed(6)}`, found: `${said.tests[i].p}, ${said.tests[i].holm}`.slice(0, 80) });
    }
  });
  const least = Math.min(1, ...corrected.values());
  const alpha = Number(fairness.alpha);
  const verdict = least <= alpha ? "flag" : least <= 10 * alpha ? "note" : "unremarkable";
  if (said.verdict !== verdict) throw new Wrong("fairness.other", { where, name: "verdict" });
  report.holds(`fairness.${verdict}`, { file: where, suite: fairness.suite });
}

function near(said, p) {
  if (p === null) return said === null;
  return typeof said === "string" && /^[01]\.[0-9]{6}$/.test(said) && Math.abs(Number(said) - p) <= NEAR;
}

/** [name, p] of A1 to A7 for a table of `numbers` by day of a leap year. */
export async function suiteA(numbers, manifest, report) {
  const days = manifest.value.table.days;
  const ranks = new Uint16Array(days);
  let at = 0;
  for (let day = 1; day <= 366; day++) if (days === 366 || day !== 60) ranks[at++] = numbers[day];
  return figures(ranks, unhex(manifest.digest), report);
}

export async function figures(ranks, seed, report) {
  const n = ranks.length;
  const months = LENGTHS.map((length, i) => (i === 1 && n === 366 ? 29 : length));
  const own = statisticsOf(ranks, months);
  const reached = own.map(() => 0);
  const chance = tablesOfChance(n, seed);
  for (let t = 0; t < TABLES; t++) {
    statisticsOf(chance(t), months).forEach((value, i) => {
      if (value >= own[i]) reached[i]++;
    });
    if (t % 500 === 0) await report.progress("progress.fairness", t / TABLES);
  }
  return reached.map((count, i) => [`A${i + 1}`, (1 + count) / (1 + TABLES)]);
}

/** A function that gives table `t` of chance: the day with the smallest eight bytes gets 1, and so on. */
function tablesOfChance(n, seed) {
  const middle = midstate(concat(tag("fairness"), seed));
  const high = new Uint32Array(n + 4);
  const low = new Uint32Array(n + 4);
  const out = new Int32Array(8);
  const order = new Uint16Array(n);
  const ranks = new Uint16Array(n);
  return (t) => {
    for (let block = 0; 4 * block < n; block++) {
      // u32 t || u16 block, then the padding of a message of 70 bytes
      W.fill(0, 0, 16);
      W[0] = t;
      W[1] = (block << 16) | 0x8000;
      W[15] = 70 * 8;
      compress(middle, 0, out, 0);
      for (let i = 0; i < 4; i++) {
        high[4 * block + i] = out[2 * i];
        low[4 * block + i] = out[2 * i + 1];
      }
    }
    for (let i = 0; i < n; i++) order[i] = i;
    order.sort((a, b) => high[a] - high[b] || low[a] - low[b] || a - b);
    for (let i = 0; i < n; i++) ranks[order[i]] = i + 1;
    return ranks;
  };
}

const waves = new Map();

/** The whole numbers nearest to 1000 times cosine and sine, halves up. */
function wave(n) {
  if (!waves.has(n)) {
    const angle = (i) => (2 * Math.PI * i) / n;
    const of = (shape) => Float64Array.from({ length: n }, (_, i) => Math.floor(1000 * shape(angle(i)) + 0.5));
    waves.set(n, [of(Math.cos), of(Math.sin)]);
  }
  return waves.get(n);
}

/** The seven statistics of a table: whole numbers, larger is odder. */
function statisticsOf(r, months) {
  const n = r.length;
  const h = Math.floor(n / 2);
  const common = n === 366 ? 26_970 : 26_040; // lcm(29, 30, 31); lcm(28, 30, 31)
  const [cosine, sine] = wave(n);
  let product = 0;
  let squares = 0;
  let changes = 0;
  let side = 0;
  let c = 0;
  let s = 0;
  for (let i = 0; i < n; i++) {
    product += (i + 1) * r[i];
    c += r[i] * cosine[i];
    s += r[i] * sine[i];
    if (i) squares += (r[i - 1] - r[i]) ** 2;
    const here = Math.sign(2 * r[i] - (n + 1));
    if (!here) continue;
    if (side && here !== side) changes++;
    side = here;
  }
  let two = 0;
  let three = 0;
  let first = 0;
  let firstDays = 0;
  let all = 0;
  let day = 0;
  months.forEach((days, month) => {
    let sum = 0;
    let lower = 0;
    for (let i = 0; i < days; i++, day++) {
      sum += r[day];
      if (r[day] <= h) lower++;
    }
    two += ((n * lower - days * h) ** 2 * common) / days;
    three += (sum ** 2 * common) / days;
    all += sum;
    if (month < 6) {
      first += sum;
      firstDays += days;
    }
  });
  return [
    Math.abs(4 * product - n * (n + 1) ** 2),
    two,
    three,
    Math.abs(first * (n - firstDays) - (all - first) * firstDays),
    Math.abs(changes - h),
    Math.abs(6 * squares - (n - 1) * n * (n + 1)),
    c * c + s * s,
  ];
}

