// The manifest: what was fixed before the round, member by member.
//
// 1. A member that this page does not know could change the meaning: it could not look.
// 2. A required member that is missing or malformed is wrong; one that every writer states is *not stated*.
// 3. Quotas, strata and counts follow from what is stated: they are computed anew.
// Source: docs/spec/draw.md 3 to 9.

import { hex, unhex } from "./bytes.mjs";
import { QUICKNET, timeOf } from "./beacon.mjs";
import { isObject, parse } from "./json.mjs";
import { largestRemainder } from "./quota.mjs";
import { Unable, Wrong } from "./report.mjs";
import { sha256 } from "./sha256.mjs";
import { attributes, fault } from "./strata.mjs";
import { isDay, second } from "./times.mjs";

export const DRAW = "muster-roll/draw";
export const SUPPLEMENT = "muster-roll/supplement";
export const STRATUM = "muster-roll/stratum";
export const HASH = "muster-roll/rank-sha256/v1";
export const TABLE = "muster-roll/rank-table/v1";

const LEAST = 20;
const text = (value) => typeof value === "string" && value !== "";
const digest = (value) => unhex(value, 32) !== null;
const count = (value) => Number.isSafeInteger(value) && value >= 0;
const positive = (value) => Number.isSafeInteger(value) && value >= 1;
const any = () => true;

// Of each object its members: [what a reader asks, form]. "required", "stated" (missing: not stated) or "optional".
const COMMON = {
  v: ["required", any],
  kind: ["required", any],
  algorithm: ["required", any],
  draw: ["required", (value) => typeof value === "string" && /^[a-z0-9-]{3,64}$/.test(value)],
  register: ["required", text],
  attempt: ["required", positive],
  supersedes: ["required", (value) => value === null || digest(value)],
  cohort: ["required", isObject],
  randomness: ["required", Array.isArray],
  min_lead: ["stated", count],
  reference_day: ["stated", isDay],
  legal: ["stated", text],
  pack: ["stated", digest],
  software: ["stated", digest],
  page: ["optional", digest],
};
const MEMBERS = {
  [DRAW]: {
    ...COMMON,
    source: ["stated", isObject],
    audit: ["stated", isObject],
    fairness: ["stated", isObject],
    fallback: ["stated", isObject],
    because: ["optional", isObject],
    potcheck: ["optional", isObject],
    table: ["optional", isObject],
  },
  [SUPPLEMENT]: { ...COMMON, parent: ["required", digest], number: ["required", positive] },
  [STRATUM]: {
    ...COMMON,
    parent: ["required", digest],
    number: ["required", positive],
    stratum: ["required", text],
    because: ["required", isObject],
  },
};
const CEREMONY = {
  type: ["required", any],
  alphabet: ["required", (value) => text(value) && /^[\x21-\x7e]+$/.test(value) && new Set(value).size === value.length],
  length: ["required", positive],
  procedure_sha256: ["stated", digest],
  not_after: ["stated", (value) => second(value) !== null],
};
const DRAND = {
  type: ["required", any],
  chain: ["required", text],
  group_key: ["required", text],
  scheme: ["required", text],
  genesis: ["required", count],
  period: ["required", positive],
  round: ["required", positive],
};

/** Reads one manifest; `stated` gathers what is not stated. */
class Reader {
  constructor(where) {
    this.where = where;
    this.unstated = [];
  }

  wrong(name) {
    return new Wrong("manifest.member", { where: this.where, name });
  }

  /** Hold that `value` has the members of `schema` and no other. */
  members(value, schema, path = "") {
    for (const [name, [need, right]] of Object.entries(schema)) {
      if (name in value) {
        if (!right(value[name])) throw this.wrong(path + name);
      } else if (need === "required") {
        throw this.wrong(path + name);
      } else if (need === "stated") {
        this.unstated.push(path + name);
      }
    }
    // What is wrong outweighs what is not known, so this comes last.
    for (const name of Object.keys(value)) {
      if (!Object.hasOwn(schema, name)) throw new Unable("member.unknown", { where: this.where, name: path + name });
    }
  }

  known(value, values, name) {
    if (value === undefined || value === null || typeof value === "object") throw this.wrong(name);
    if (!values.includes(value)) {
      const found = typeof value === "string" || typeof value === "number" ? String(value).slice(0, 80) : "";
      throw new Unable("manifest.version", { where: this.where, name, found });
    }
  }
}

/** {value, digest, unstated, round, time}: the manifest in `bytes`, after its shape was held to the rules. */
export function read(bytes, where) {
  const value = parse(bytes);
  if (!isObject(value)) throw new Wrong("json.form", { where });
  const reader = new Reader(where);
  if (!Number.isSafeInteger(value.v)) throw reader.wrong("v");
  reader.known(value.v, [1], "v");
  reader.known(value.kind, [DRAW, SUPPLEMENT, STRATUM], "kind");
  reader.known(value.algorithm, [HASH, TABLE], "algorithm");
  reader.members(value, MEMBERS[value.kind]);
  const draw = value.kind === DRAW;
  const round = randomness(reader, value);
  if (draw && !round) reader.unstated = reader.unstated.filter((name) => name !== "audit" && name !== "fallback");
  cohort(reader, value);
  if (draw) parts(reader, value, round);
  else further(reader, value);
  const time = round === null ? null : timeOf(round);
  return { value, bytes, where, digest: hex(sha256(bytes)), unstated: reader.unstated, round, time };
}

/** The drand item's round; null where a fallback left none. */
function randomness(reader, value) {
  if (!value.randomness.length) throw reader.wrong("randomness");
  let round = null;
  value.randomness.forEach((item, i) => {
    const path = `randomness[${i}].`;
    if (!isObject(item)) throw reader.wrong(`randomness[${i}]`);
    source(reader, item, path);
    if (item.type !== "drand") return;
    if (round !== null) throw reader.wrong("randomness");
    pinned(reader, item);
    round = item.round;
  });
  if (round === null && value.because?.ground !== "fallback") throw reader.wrong("randomness");
  if (round !== null) {
    for (const item of value.randomness) {
      if (item.not_after !== undefined && second(item.not_after) >= timeOf(round)) throw reader.wrong("not_after");
    }
  }
  return round;
}

function source(reader, item, path) {
  reader.known(item.type, ["drand", "ceremony"], `${path}type`);
  reader.members(item, item.type === "drand" ? DRAND : CEREMONY, path);
  if (item.type === "ceremony" && BigInt(item.alphabet.length) ** BigInt(Math.min(item.length, 4_096)) < 2n ** 128n) {
    throw new Wrong("ceremony.short", { where: reader.where });
  }
}

function pinned(reader, item) {
  for (const [name, expected] of Object.entries(QUICKNET)) {
    if (item[name] !== expected) throw new Wrong("beacon.other", { where: reader.where, name });
  }
}

function cohort(reader, value) {
  const draw = value.kind === DRAW;
  const stated = { partition: ["stated", isObject], quota: ["stated", isObject] };
  const list = { size: ["required", positive], root: ["required", digest], strata: ["required", Array.isArray] };
  reader.members(value.cohort, draw ? { ...list, ...stated } : list, "cohort.");
  const { strata, size, partition, quota } = value.cohort;
  if (!strata.length || strata.length > 65_536) throw reader.wrong("cohort.strata");
  const id = (one) => typeof one === "string" && /^[A-Za-z0-9._-]{1,128}$/.test(one);
  strata.forEach((stratum, i) => {
    if (!isObject(stratum)) throw reader.wrong(`cohort.strata[${i}]`);
    reader.members(stratum, { id: ["required", id], size: ["required", positive], quota: ["required", count] }, `cohort.strata[${i}].`);
    if (stratum.quota > stratum.size) throw reader.wrong(`cohort.strata[${i}].quota`);
  });
  if (new Set(strata.map((one) => one.id)).size !== strata.length) throw reader.wrong("cohort.strata");
  const sum = strata.reduce((all, one) => all + one.size, 0);
  if (sum !== size) throw new Wrong("strata.sum", { where: reader.where, expected: size, found: sum });
  if (partition) {
    const article = partition.merge === "none/v1" ? { article: ["required", text] } : {};
    reader.known(attributes(partition) !== null, [true], "cohort.partition");
    reader.members(partition, { by: ["required", any], merge: ["required", text], least: ["required", count], ...article }, "cohort.partition.");
    if (partition.least < LEAST) throw reader.wrong("cohort.partition.least");
  }
  if (quota) {
    if ("rule" in quota) reader.known(quota.rule, ["largest-remainder/v1"], "cohort.quota.rule");
    reader.members(quota, { rule: ["required", text], total: ["required", count], floor: ["required", count] }, "cohort.quota.");
  }
}

/** The members that only a draw has. */
function parts(reader, value, round) {
  const { source: said, audit, fairness, fallback, because, potcheck, table, cohort: list } = value;
  if (value.attempt === 1 ? value.supersedes !== null || because : value.supersedes === null) throw reader.wrong("supersedes");
  if (value.attempt > 1 && !because) reader.unstated.push("because");
  if (said) counts(reader, said, value);
  if (audit) {
    reader.members(audit, { round: ["required", positive], samples: ["required", Array.isArray] }, "audit.");
    if (round !== null && audit.round <= round) throw reader.wrong("audit.round");
    if (audit.samples.length !== list.strata.length || !audit.samples.every(count)) throw reader.wrong("audit.samples");
  }
  if (fairness) {
    const suite = value.algorithm === TABLE ? "muster-roll/fairness-a/v1" : "muster-roll/fairness-b/v1";
    if ("suite" in fairness) reader.known(fairness.suite, [suite], "fairness.suite");
    const alpha = (one) => typeof one === "string" && /^0\.[0-9]{1,9}$/.test(one);
    reader.members(fairness, { suite: ["required", text], alpha: ["required", alpha] }, "fairness.");
  }
  if (fallback) {
    reader.members(fallback, { after: ["required", count], second: ["required", isObject] }, "fallback.");
    source(reader, fallback.second, "fallback.second.");
  }
  if (because) grounds(reader, because, value.attempt === 1 ? [] : ["potcheck", "fallback"]);
  if (potcheck) {
    const share = (one) => positive(one) && one <= 200;
    const members = { sha256: digest, office: text, key: digest, per_mille: share };
    reader.members(potcheck, Object.fromEntries(Object.entries(members).map(([name, form]) => [name, ["required", form]])), "potcheck.");
  }
  if ((value.algorithm === TABLE) !== Boolean(table)) throw reader.wrong("table");
  if (table) {
    reader.members(table, { days: ["required", (one) => one === 365 || one === 366], held_on: ["required", isDay] }, "table.");
    const before = Date.parse(`${table.held_on}T00:00:00Z`) - 86_400_000;
    if (value.reference_day !== undefined && Date.parse(`${value.reference_day}T00:00:00Z`) !== before) throw reader.wrong("reference_day");
  }
}

function grounds(reader, because, allowed) {
  reader.known(because.ground, allowed, "because.ground");
  const hash = because.ground === "potcheck" ? { sha256: ["required", digest] } : {};
  reader.members(because, { ground: ["required", text], ...hash }, "because.");
}

/** The members of a supplement, or of a stratum drawn anew. */
function further(reader, value) {
  if (value.attempt !== 1 || value.supersedes !== null) throw reader.wrong("attempt");
  if (value.kind === STRATUM) {
    grounds(reader, value.because, ["potcheck"]);
    if (value.algorithm !== HASH) throw reader.wrong("algorithm");
    if (value.cohort.strata.length !== 1 || value.cohort.strata[0].id !== value.stratum) throw reader.wrong("stratum");
  } else if (value.cohort.strata.some((stratum) => stratum.quota !== 0)) {
    throw new Wrong("supplement.quota", { where: reader.where });
  }
}

/** What the source says about its list: published counts, or a list without names (draw.md 5). */
function counts(reader, said, value) {
  reader.known(said.level, [0, 1], "source.level");
  const required = (members) => Object.fromEntries(Object.entries(members).map(([name, form]) => [name, ["required", form]]));
  if (said.level === 0) {
    reader.members(said, required({ level: any, considered: count, excluded: count, rounded_to: (one) => positive(one) && one <= 100 }), "source.");
    const gap = Math.abs(said.considered - said.excluded - value.cohort.size);
    if (gap > (said.rounded_to === 1 ? 0 : said.rounded_to)) {
      throw new Wrong("source.sum", { where: reader.where, expected: said.considered - said.excluded, found: value.cohort.size });
    }
    return;
  }
  const signature = (one) => unhex(one, 64) !== null;
  const members = required({ level: any, authority: text, key: digest, size: count, root: digest, signature, nullifiers: digest, excluded: count });
  reader.members(said, { ...members, key_holder: ["optional", text], excluded_sha256: ["optional", digest] }, "source.");
  if (said.excluded !== said.size - value.cohort.size) {
    throw new Wrong("source.sum", { where: reader.where, expected: said.size - said.excluded, found: value.cohort.size });
  }
  const holder = said.key_holder?.trim().replace(/\.+$/, "").toLowerCase();
  if (holder === "" || holder === value.register.toLowerCase() || (said.excluded_sha256 && !said.key_holder)) {
    throw new Wrong("source.holder", { where: reader.where });
  }
}

/** Hold that quotas and strata follow from what the manifest states, and say so. */
export function follow(manifest, report) {
  const { cohort: list, source: said } = manifest.value;
  const { where } = manifest;
  if (list.quota) {
    const { total, floor } = list.quota;
    const wanted = Math.min(total, list.size);
    if (floor * list.strata.length > wanted || list.strata.some((one) => one.size < floor)) {
      throw new Wrong("manifest.member", { where, name: "cohort.quota.floor" });
    }
    const expected = largestRemainder(list.strata.map((one) => one.size), wanted, floor);
    const found = list.strata.map((one) => one.quota);
    const at = expected.findIndex((quota, i) => quota !== found[i]);
    if (at >= 0) {
      throw new Wrong("quota.other", { where, stratum: list.strata[at].id, expected: expected[at], found: found[at] });
    }
    report.holds("quota.holds", { total: wanted, strata: list.strata.length });
  }
  if (list.partition) {
    const code = fault(list.partition, list.strata);
    if (code) throw new Wrong(code, { where });
    const forbidden = list.partition.merge === "none/v1";
    report.holds(forbidden ? "strata.article" : "strata.holds", { strata: list.strata.length, least: list.partition.least, article: list.partition.article ?? "" });
  }
  if (said?.level === 0) {
    report.holds("source.counts", { considered: said.considered, excluded: said.excluded, size: list.size });
    report.notChecked("source.right");
  }
}
