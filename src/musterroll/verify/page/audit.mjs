// The audit's sample: of each stratum the announced number of entries with the smallest hash under the audit's seed.
//
// audit seed = SHA-256(T(audit) || SHA-256(manifest.json) || value of the audit's round). Source: docs/spec/draw.md 10.

import { concat, unhex } from "./bytes.mjs";
import { keyed, midstate, sha256 } from "./sha256.mjs";
import { tag } from "./tags.mjs";

export function auditSeed(manifest, value) {
  return sha256(tag("audit"), unhex(manifest.digest), value);
}

/** Keeps the `count` smallest of what it is given under SHA-256(`label` || seed || 32 bytes). */
export class Smallest {
  constructor(label, seed, count) {
    this.middle = midstate(concat(tag(label), seed));
    this.count = count;
    this.kept = []; // ascending: {words, index}
    this.words = new Int32Array(8);
  }

  add(bytes, at, index) {
    if (!this.count) return;
    keyed(this.middle, bytes, at, this.words, 0);
    if (this.kept.length === this.count && !below(this.words, this.kept.at(-1).words)) return;
    let low = 0;
    let high = this.kept.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (below(this.words, this.kept[middle].words)) high = middle;
      else low = middle + 1;
    }
    this.kept.splice(low, 0, { words: this.words.slice(), index });
    if (this.kept.length > this.count) this.kept.pop();
  }

  /** The indices, ascending. */
  indices() {
    return this.kept.map((one) => one.index).sort((a, b) => a - b);
  }
}

function below(one, other) {
  for (let i = 0; i < 8; i++) if (one[i] !== other[i]) return one[i] >>> 0 < other[i] >>> 0;
  return false;
}

/** For each stratum of `list` the indices that the audit's round picks. */
export async function sample(list, seed, counts, report) {
  const out = [];
  for (let stratum = 0; stratum < list.strata.length; stratum++) {
    const smallest = new Smallest("audit", seed, counts[stratum]);
    const end = list.firsts[stratum + 1];
    for (let first = list.firsts[stratum]; first < end; first += 131_072) {
      const leaves = await list.leaves(first, Math.min(end, first + 131_072));
      for (let at = 0, i = first; at < leaves.length; at += list.length, i++) smallest.add(leaves, at + list.ahead, i);
      await report.progress("progress.audit", first / list.size);
    }
    out.push(smallest.indices());
  }
  return out;
}
