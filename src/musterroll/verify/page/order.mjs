// Seed, keys and places.
//
// 1. seed = SHA-256(T(seed) || SHA-256(manifest.json) || u16 number of sources || for each: u16 length || value).
// 2. K = SHA-256(T(key) || seed || C); by table K = u16 number of the day || the first 30 bytes of that.
// 3. Inside a stratum ascending by (K, C) as unsigned bytes; places count from 1.
// 4. The first 64 bits of K do not fit a number of JavaScript: they are kept as two words of 32 bits and sorted by
//    their four halves; where all 64 are equal, the whole K and then C are compared.
// Source: docs/spec/draw.md 2 and 9.

import { concat, equal, hex, u16, unhex } from "./bytes.mjs";
import { Wrong } from "./report.mjs";
import { Hasher, keyed, midstate, sha256 } from "./sha256.mjs";
import { tag } from "./tags.mjs";

const FEW = 20_000;
const BLOCK = 8_192;

export function seedOf(manifest, values) {
  const sources = values.flatMap((value) => [u16(value.length), value]);
  return sha256(tag("seed"), unhex(manifest.digest), u16(values.length), ...sources);
}

/** The keys of one draw: `seed` and, in a draw by table, the number that the drums gave to each day. */
export class Keys {
  constructor(list, seed, numbers = null) {
    this.list = list;
    this.seed = seed;
    this.numbers = numbers;
    this.middle = midstate(concat(tag("key"), seed));
    this.words = new Int32Array(8);
  }

  /** The eight words of K of the leaf that begins at `at`, in `this.words`. */
  of(leaves, at) {
    keyed(this.middle, leaves, at + this.list.ahead, this.words, 0);
    if (!this.list.byTable) return this.words;
    let before = this.numbers[leaves[at + 2] * 256 + leaves[at + 3]];
    for (let i = 0; i < 8; i++) {
      const word = this.words[i];
      this.words[i] = (before << 16) | (word >>> 16);
      before = word & 0xffff;
    }
    return this.words;
  }

  /** Below, equal or above: (K, C) of two leaves, as unsigned bytes. */
  compare(a, aAt, b, bAt) {
    const one = this.of(a, aAt).slice();
    const other = this.of(b, bAt);
    for (let i = 0; i < 8; i++) {
      if (one[i] !== other[i]) return one[i] >>> 0 < other[i] >>> 0 ? -1 : 1;
    }
    return compareC(a, aAt + this.list.ahead, b, bAt + this.list.ahead);
  }
}

export function compareC(a, aAt, b, bAt) {
  for (let i = 0; i < 32; i++) if (a[aAt + i] !== b[bAt + i]) return a[aAt + i] < b[bAt + i] ? -1 : 1;
  return 0;
}

/** What is shown to a person: floor(first 64 bits of K x 10^9 / 2^64), as `0.ddddddddd`. */
export function drawValue(words) {
  const first = (BigInt(words[0] >>> 0) << 32n) | BigInt(words[1] >>> 0);
  return `0.${((first * 1_000_000_000n) >> 64n).toString().padStart(9, "0")}`;
}

/**
 * The order of a list: its SHA-256, and the places of the indices in `wanted` (a Map that is filled).
 * Where `orderFile` is in the folder, it must be that order.
 */
export async function order(keys, report, wanted = new Map(), statistics = null) {
  const { list } = keys;
  const hasher = new Hasher();
  const folder = list.folder.has("order.bin") ? list.folder : null;
  if (folder && folder.size("order.bin") !== 32 * list.size) {
    throw new Wrong("order.length", { where: folder.where("order.bin"), expected: 32 * list.size, found: folder.size("order.bin") });
  }
  const block = new Uint8Array(32 * BLOCK);
  let filled = 0;
  let written = 0;
  const flush = async () => {
    const bytes = block.subarray(0, 32 * filled);
    hasher.update(bytes);
    if (folder) {
      const there = await folder.part("order.bin", 32 * written, 32 * (written + filled));
      if (!equal(there, bytes)) throw new Wrong("order.file", { where: folder.where("order.bin"), place: written + 1 });
    }
    written += filled;
    filled = 0;
    await report.progress("progress.order", written / list.size);
  };
  for (let stratum = 0; stratum < list.strata.length; stratum++) {
    const first = list.firsts[stratum];
    const { leaves, sorted } = await rank(keys, stratum, report, statistics);
    for (let place = 0; place < sorted.length; place++) {
      const index = sorted[place];
      const at = index * list.length + list.ahead;
      block.set(leaves.subarray(at, at + 32), 32 * filled);
      if (wanted.size && wanted.has(first + index)) wanted.set(first + index, place + 1);
      if (++filled === BLOCK) await flush();
    }
  }
  if (filled) await flush();
  return hex(hasher.digest());
}

/** The leaves of one stratum, and their indices in ascending (K, C). */
async function rank(keys, stratum, report, statistics) {
  const { list } = keys;
  const first = list.firsts[stratum];
  const size = list.strata[stratum].size;
  const leaves = await list.leaves(first, first + size);
  const high = new Uint32Array(size);
  const low = new Uint32Array(size);
  for (let i = 0; i < size; i++) {
    const words = keys.of(leaves, i * list.length);
    high[i] = words[0];
    low[i] = words[1];
    if ((i & 0x3ffff) === 0x3ffff) await report.progress("progress.keys", (first + i) / list.size);
  }
  statistics?.add(stratum, high, low);
  const whole = (a, b) => keys.compare(leaves, a * list.length, leaves, b * list.length);
  const indices = new Uint32Array(size);
  for (let i = 0; i < size; i++) indices[i] = i;
  if (size < FEW) {
    indices.sort((a, b) => high[a] - high[b] || low[a] - low[b] || whole(a, b));
    return { leaves, sorted: indices };
  }
  const sorted = byHalves(indices, high, low);
  for (let i = 1; i < size; i++) {
    // Equal in all 64 bits: rare (about 1.7e-5 pairs among 25 million), put in place one by one.
    for (let j = i; j > 0; j--) {
      const a = sorted[j - 1];
      const b = sorted[j];
      if (high[a] !== high[b] || low[a] !== low[b] || whole(a, b) <= 0) break;
      sorted[j - 1] = b;
      sorted[j] = a;
    }
  }
  return { leaves, sorted };
}

/** Indices in ascending order of the 64 bits, by counting: the lowest 16 bits first, each pass keeping what was. */
export function byHalves(indices, high, low) {
  let from = indices;
  let to = new Uint32Array(indices.length);
  for (const [words, shift] of [[low, 0], [low, 16], [high, 0], [high, 16]]) {
    const next = new Uint32Array(65_537);
    for (let i = 0; i < from.length; i++) next[((words[from[i]] >>> shift) & 0xffff) + 1]++;
    for (let i = 0; i < 65_536; i++) next[i + 1] += next[i];
    for (let i = 0; i < from.length; i++) to[next[(words[from[i]] >>> shift) & 0xffff]++] = from[i];
    [from, to] = [to, from];
  }
  return from;
}
