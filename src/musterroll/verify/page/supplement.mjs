// Supplements for people found missing, and strata drawn anew.
//
// 1. Each has its own list and its own future round; nobody is removed, nothing is renumbered.
// 2. Numbers have no gap; each stands in the ledger once, after its draw, and is published.
// 3. Nobody stands in two lists of one draw, leaving aside a stratum that was replaced.
// Source: docs/spec/draw.md 8 and 13.

import { drawList, sayStated } from "./draw.mjs";
import * as manifests from "./manifest.mjs";
import { about, hasLedger } from "./only.mjs";
import { compareC } from "./order.mjs";
import { checkLogged, examine } from "./potcheck.mjs";
import { after } from "./proven.mjs";
import { Unable, Wrong } from "./report.mjs";
import * as times from "./time.mjs";

const NAME = /^(supplement|stratum)-([0-9]{2,})\/$/;
const KIND = { supplement: manifests.SUPPLEMENT, stratum: manifests.STRATUM };
const ENTRY = { supplement: "supplement", stratum: "draw.stratum" };

export async function checkFurther(context, drawn, fixed, report) {
  const names = drawn.folder.names().filter((name) => NAME.test(name));
  for (const sort of ["supplement", "stratum"]) checkNumbers(context, drawn, names, sort);
  for (const name of names) {
    report.section("section.further", { folder: drawn.folder.where(name.slice(0, -1)) });
    await report.attempt(() => one(context, drawn, name.slice(0, -1), fixed, report));
  }
  if (!drawn.further.length) return;
  await report.attempt(() => checkTwice(drawn, report));
}

function numberOf(name) {
  return Number(NAME.exec(name)[2]);
}

/** Hold that numbers have no gap, and that what the ledger names is published. */
function checkNumbers(context, { folder, manifest }, names, sort) {
  const here = names.filter((name) => name.startsWith(sort)).map(numberOf).sort((a, b) => a - b);
  const every = about(context, manifest, ENTRY[sort], false);
  const known = new Set([manifest.digest, ...about(context, manifest, "draw.manifest", false).map(({ p }) => p.sha256)]);
  if (every.some(({ p }) => !known.has(p.parent))) throw new Wrong("further.member", { where: folder.where(sort), name: "parent" });
  const logged = every.filter(({ p }) => p.parent === manifest.digest);
  const numbers = logged.map(({ p }) => p.number);
  const gap = (list) => list.some((number, i) => number !== i + 1);
  if (new Set(numbers).size !== numbers.length || gap([...numbers].sort((a, b) => a - b)) || gap(here)) {
    throw new Wrong("further.number", { where: folder.where(sort) });
  }
  const missing = numbers.find((number) => !here.includes(number));
  if (missing !== undefined) throw new Unable("file.missing", { file: folder.where(`${sort}-${String(missing).padStart(2, "0")}/manifest.json`) });
}

async function one(context, parent, name, fixed, report) {
  const sort = NAME.exec(`${name}/`)[1];
  const folder = parent.folder.inside(name);
  const manifest = manifests.read(await folder.small("manifest.json"), folder.where("manifest.json"));
  const { value, where } = manifest;
  const wrong = (member) => new Wrong("further.member", { where, name: member });
  if (value.kind !== KIND[sort]) throw wrong("kind");
  if (value.parent !== parent.manifest.digest) throw wrong("parent");
  if (value.number !== numberOf(`${name}/`)) throw wrong("number");
  for (const member of ["draw", "register", "algorithm"]) if (value[member] !== parent.manifest.value[member]) throw wrong(member);
  if (parent.manifest.round !== null && manifest.round <= parent.manifest.round) throw new Wrong("further.round", { where });
  sayStated(manifest, report);
  const own = { name, folder, manifest, further: [] };
  if (sort === "supplement") checkStrata(manifest, parent, wrong);
  else await checkAnew(context, parent, own, wrong);
  const seen = await times.check(context, folder, manifest, report);
  if (seen && fixed && !after(seen, fixed)) throw new Wrong("further.early", { where });
  checkEntry(context, parent, manifest, sort);
  await drawList(context, own, seen, parent, report);
  parent.further.push(own);
}

function checkStrata(manifest, parent, wrong) {
  const ids = parent.manifest.value.cohort.strata.map((stratum) => stratum.id);
  let before = null;
  for (const { id } of manifest.value.cohort.strata) {
    if (!ids.includes(id) || (before !== null && id <= before)) throw wrong("cohort.strata");
    before = id;
  }
}

/** A stratum may be drawn anew once, after a pot check that locks and shows this stratum off. */
async function checkAnew(context, parent, { folder, manifest }, wrong) {
  const { value } = manifest;
  const old = parent.manifest.value.cohort.strata.find((stratum) => stratum.id === value.stratum);
  if (!old) throw wrong("stratum");
  if (value.cohort.strata[0].quota !== Math.min(old.quota, value.cohort.size)) throw wrong("cohort.strata[0].quota");
  const terms = parent.manifest.value.potcheck;
  if (!terms) throw new Wrong("attempt.noCount", { where: parent.manifest.where });
  const before = folder.inside("before");
  const found = await examine(before, terms, value.because.sha256, parent.manifest, true);
  const off = found.off.some((cell) => cell.by === "stratum" && cell.value === value.stratum);
  if (found.verdict !== "locks" || !off) throw new Wrong("attempt.notLocked", { where: before.where("potcheck.json") });
  if (parent.further.some((other) => other.manifest.value.stratum === value.stratum)) throw new Wrong("attempt.twice", { where: manifest.where });
  const entries = about(context, parent.manifest, "draw.manifest", false);
  const now = about(context, parent.manifest, "draw.stratum", false).find(({ p }) => p.sha256 === manifest.digest);
  const first = entries.find(({ p }) => p.sha256 === parent.manifest.digest);
  checkLogged(context, parent.manifest, value.because.sha256, first, now, before.where("potcheck.json"));
}

/** Hold that the ledger, where it is here, holds this manifest after its draw's. */
function checkEntry(context, parent, manifest, sort) {
  if (!hasLedger(context, manifest)) return;
  const logged = about(context, manifest, ENTRY[sort], false).filter(({ p }) => p.number === manifest.value.number && p.parent === manifest.value.parent);
  const first = about(context, manifest, "draw.manifest", false).find(({ p }) => p.sha256 === parent.manifest.digest);
  if (logged.length !== 1 || !times.isOf(manifest, logged[0]) || (first && !after(logged[0], first))) {
    throw new Wrong("only.notLogged", { where: manifest.where, digest: manifest.digest });
  }
}

/** Whether the parent's order of a stratum no longer counts. */
export function replaced(drawn, id) {
  return drawn.further.some((own) => own.manifest.value.stratum === id);
}

/** Hold that no C stands in two lists. */
async function checkTwice(drawn, report) {
  const seen = new Map();
  const twice = (where) => new Wrong("further.twice", { where });
  for (const { list } of drawn.further) {
    await each(list, (bytes, at) => {
      const key = word(bytes, at);
      const there = seen.get(key) ?? [];
      if (there.some((other) => compareC(other, 0, bytes, at) === 0)) throw twice(list.where);
      seen.set(key, [...there, bytes.slice(at, at + 32)]);
    });
  }
  await each(drawn.list, (bytes, at, stratum) => {
    const there = seen.get(word(bytes, at));
    if (there?.some((other) => compareC(other, 0, bytes, at) === 0) && !replaced(drawn, drawn.list.strata[stratum].id)) throw twice(drawn.list.where);
  });
  report.holds("further.once", { lists: drawn.further.length + 1 });
}

async function each(list, call) {
  for (let first = 0; first < list.size; first += 131_072) {
    const bytes = await list.leaves(first, Math.min(list.size, first + 131_072));
    for (let at = 0; at < bytes.length; at += list.length) call(bytes, at + list.ahead, bytes[at] * 256 + bytes[at + 1]);
  }
}

function word(bytes, at) {
  return ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0;
}
