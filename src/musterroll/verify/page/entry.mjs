// One entry of the ledger: its grammar, and the members that a verifier of draws needs.
//
// 1. UTF-8, canonical JSON, at most 1,024 bytes; no further members; a kind of the closed list.
// 2. Another `v` is another format: nothing is believed about that entry.
// Source: docs/spec/ledger.md 2.2; docs/spec/draw.md 13.

import { equal, uncommitment, unhex } from "./bytes.mjs";
import { asciiNames, canonical, isObject, parse } from "./json.mjs";
import { Unable, Wrong } from "./report.mjs";
import { hour, second } from "./times.mjs";

const LONGEST = 1_024;

const text = (value) => typeof value === "string";
const digest = (value) => unhex(value, 32) !== null;
const digestOrNull = (value) => value === null || digest(value);
const count = (value) => Number.isSafeInteger(value) && value >= 0;
const draw = (value) => text(value) && /^[a-z0-9-]{3,64}$/.test(value);
const list = (value) => isObject(value) && digest(value.root) && count(value.size);
const oneOf = (...values) => (value) => values.includes(value);

/** The members that are read, of each kind that is read. Kinds without any are only counted. */
export const KINDS = {
  import: {},
  roll: {},
  pack: {},
  config: {},
  key: { from: count, new: text, old: text, origin: text, signature: text },
  year: { origin: text, root: digest, size: count },
  "draw.potcheck": { draw, root: digest, sha256: digest, verdict: oneOf("holds", "locks") },
  "draw.manifest": { draw, sha256: digest, attempt: count, supersedes: digestOrNull },
  "draw.fallback": { draw, manifest: digest, round: count },
  "draw.ceremony": { draw, manifest: digest, symbols: text },
  "draw.table": { draw, manifest: digest, sha256: digest },
  "draw.result": { draw, manifest: digest, seed: digest, order: digest },
  "draw.fairness": { draw, manifest: digest, sha256: digest, verdict: oneOf("unremarkable", "note", "flag") },
  "draw.review": { draw, manifest: digest, fairness: digest },
  supplement: { draw, number: count, parent: digest, sha256: digest },
  "draw.stratum": { draw, number: count, parent: digest, sha256: digest, stratum: text },
  "draw.spared": { draw, manifest: digest, hand: list, spared: list, round: count, sample: count },
  audit: { draw, manifest: digest, openings: digest, cohort: count, spared: count, hand: count, wrong: count },
  order: {},
  questions: {},
  recall: {},
  campaign: {},
  stat: {},
  "erasure.stat": {},
};

/** {act: true} for an act about one person; {kind, p, at} for a public entry. */
export function read(bytes, where, index) {
  const refuse = () => new Wrong("entry.form", { where, index });
  if (bytes.length > LONGEST) throw refuse();
  const value = parse(bytes);
  if (!isObject(value)) throw refuse();
  if (value.v !== 1) {
    if (Number.isSafeInteger(value.v)) throw new Unable("entry.version", { where, index, found: value.v });
    throw refuse();
  }
  const names = Object.keys(value).sort().join();
  if (!asciiNames(value) || !equal(canonical(value), bytes)) throw refuse();
  if (value.k === "act") {
    if (names !== "c,k,t,v" || !uncommitment(value.c) || hour(value.t) === null) throw refuse();
    return { act: true };
  }
  const at = second(value.t);
  if (names !== "k,p,t,v" || at === null || !isObject(value.p)) throw refuse();
  if (!text(value.k) || !Object.hasOwn(KINDS, value.k)) throw new Wrong("entry.kind", { where, index, found: shortly(value.k) });
  for (const [name, right] of Object.entries(KINDS[value.k])) if (!right(value.p[name])) throw refuse();
  return { kind: value.k, p: value.p, at, index };
}

function shortly(value) {
  return text(value) ? value.replaceAll(/[^\x20-\x7e]/g, "?").slice(0, 40) : "";
}
