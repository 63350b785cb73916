// The pot check: what is in the pot, counted against an office's own count before the draw.
//
// 1. The office's signature is over T(count) || SHA-256(count.json); its key stands in the manifest.
// 2. A cell is off where the gap between the two ranges, times 1000, is more than per_mille times what was expected.
// 3. One cell off locks. A manifest whose check locks is wrong; a redraw needs one that locks.
// Source: docs/spec/draw.md 6 and 7.

import { concat, hex, text, unhex } from "./bytes.mjs";
import { signed } from "./ed25519.mjs";
import { checkVersion, isObject, parse } from "./json.mjs";
import { about, hasLedger } from "./only.mjs";
import { after } from "./proven.mjs";
import { Unable, Wrong } from "./report.mjs";
import { sha256 } from "./sha256.mjs";
import { tag } from "./tags.mjs";
import { isDay } from "./times.mjs";

const BY = ["birth-year", "district", "source", "stratum"];
const ADDED_UP = ["birth-year", "district", "stratum"];
const count = (value) => Number.isSafeInteger(value) && value >= 0;
const positive = (value) => Number.isSafeInteger(value) && value >= 1;
const digest = (value) => unhex(value, 32) !== null;
const isText = (value) => typeof value === "string" && value !== "";

/** A file of the check: its members and no other, of version 1 and this kind. */
function read(bytes, where, kind, members) {
  const value = parse(bytes);
  if (!isObject(value)) throw new Wrong("json.form", { where });
  checkVersion(value, where);
  if (value.kind !== kind) throw new Unable("manifest.version", { where, name: "kind", found: String(value.kind).slice(0, 80) });
  for (const [name, right] of Object.entries(members)) if (!right(value[name])) throw new Wrong("pot.form", { where, name });
  for (const name of Object.keys(value)) {
    if (name !== "v" && name !== "kind" && !Object.hasOwn(members, name)) throw new Unable("member.unknown", { where, name });
  }
  return value;
}

/** Whether cells have their members and ascend by (by, value), each once. */
const cells = (...numbers) => (value) =>
  Array.isArray(value) &&
  value.every((cell, i) => {
    if (!isObject(cell) || Object.keys(cell).length !== numbers.length + 2) return false;
    if (!BY.includes(cell.by) || typeof cell.value !== "string" || !/^[A-Za-z0-9._-]{1,128}$/.test(cell.value)) return false;
    if (cell.by === "birth-year" && !/^([0-9]{4}|unknown)$/.test(cell.value)) return false;
    if (!numbers.every((name) => count(cell[name]) || (name === "found" && cell[name] === null))) return false;
    const before = value[i - 1];
    return !before || before.by < cell.by || (before.by === cell.by && before.value < cell.value);
  });

/**
 * The verdict computed anew for the files in `folder`. `terms` are the manifest's `potcheck`, `expected` the hash of
 * potcheck.json, `manifest` the one whose list was counted; `again` where it was counted after a draw: then the office
 * names that manifest, so that it cannot have signed before. {verdict, check, off}.
 */
export async function examine(folder, terms, expected, manifest, again) {
  const where = folder.where("potcheck.json");
  const bytes = await folder.small("potcheck.json");
  const countBytes = await folder.small("count.json");
  const other = (name) => new Wrong("pot.other", { where, name });
  if (hex(sha256(bytes)) !== expected) throw new Wrong("pot.hash", { where, expected, found: hex(sha256(bytes)) });
  const check = read(bytes, where, "muster-roll/potcheck", {
    draw: isText,
    root: digest,
    size: count,
    count: digest,
    per_mille: (value) => positive(value) && value <= 200,
    rounded_to: (value) => positive(value) && value <= 10,
    least: (value) => positive(value) && value <= 20,
    cells: cells("expected", "found"),
    verdict: (value) => value === "holds" || value === "locks",
  });
  const own = read(countBytes, folder.where("count.json"), "muster-roll/count", {
    draw: isText,
    office: isText,
    reference_day: isDay,
    rounded_to: (value) => positive(value) && value <= 100,
    cells: cells("count"),
    manifest: (value) => (again ? value === manifest.digest : value === undefined),
  });
  const { value } = manifest;
  const same = { draw: value.draw, root: value.cohort.root, size: value.cohort.size, per_mille: terms.per_mille, count: hex(sha256(countBytes)) };
  for (const [name, right] of Object.entries(same)) if (check[name] !== right) throw other(name);
  if (own.draw !== value.draw) throw other("draw");
  if (own.office !== terms.office) throw other("office");
  if (value.reference_day !== undefined && own.reference_day !== value.reference_day) throw other("reference_day");
  const signature = unhex(text(await folder.small("count.sig")) ?? "", 64);
  const message = concat(tag("count"), sha256(countBytes));
  if (!signature || !(await signed(unhex(terms.key, 32), message, signature))) throw new Wrong("pot.signature", { where: folder.where("count.sig") });
  const counted = new Map(own.cells.map((cell) => [`${cell.by} ${cell.value}`, cell.count]));
  for (const cell of check.cells) {
    const key = `${cell.by} ${cell.value}`;
    if (cell.expected !== (counted.get(key) ?? 0)) throw other("cells");
    counted.delete(key);
  }
  if (counted.size) throw other("cells");
  const h = Math.floor(own.rounded_to / 2);
  const isOff = (cell, [low, high]) => {
    const gap = Math.max(0, Math.max(0, cell.expected - h) - high, low - (cell.expected + h));
    return BigInt(gap) * 1000n > BigInt(check.per_mille) * BigInt(cell.expected);
  };
  const off = check.cells.filter((cell) => isOff(cell, range(cell, check)));
  const verdict = off.length ? "locks" : "holds";
  if (check.verdict !== verdict) throw new Wrong("pot.verdict", { where, expected: verdict, found: check.verdict });
  if (!again || !off.length) return { verdict, check, off };
  // Of a stratum the manifest says how many: the register's word cannot void its own list.
  const sizes = new Map(value.cohort.strata.map((one) => [one.id, one.size]));
  const really = off.filter((cell) => cell.by !== "stratum" || isOff(cell, [sizes.get(cell.value) ?? 0, sizes.get(cell.value) ?? 0]));
  if (!really.length) throw new Wrong("attempt.notLocked", { where });
  return { verdict, check, off: really };
}

/** What a found number stands for. */
function range(cell, check) {
  if (cell.found === null) return [0, check.least - 1];
  const g = Math.floor(check.rounded_to / 2);
  return [Math.max(0, cell.found - g), cell.found + g];
}

/** Hold that the counts add up to the list, and agree with the strata. */
function checkSums({ check }, manifest, where) {
  const { size, strata } = manifest.value.cohort;
  for (const by of ADDED_UP) {
    const ranges = check.cells.filter((cell) => cell.by === by).map((cell) => range(cell, check));
    if (!ranges.length) continue;
    const low = ranges.reduce((sum, one) => sum + one[0], 0);
    const high = ranges.reduce((sum, one) => sum + one[1], 0);
    if (low > size || high < size) throw new Wrong("pot.sum", { where, name: by, expected: size, found: `${low} - ${high}` });
  }
  for (const cell of check.cells.filter((one) => one.by === "stratum")) {
    const [low, high] = range(cell, check);
    const there = strata.find((stratum) => stratum.id === cell.value)?.size ?? 0;
    if (there < low || there > high) throw new Wrong("pot.sum", { where, name: cell.value, expected: there, found: `${low} - ${high}` });
  }
}

/** The manifest's own check: it holds, and stood in the ledger before the manifest. */
export async function checkOwn(context, folder, manifest, fixed, report) {
  const { potcheck, cohort } = manifest.value;
  const logged = about(context, manifest, "draw.potcheck", false);
  const own = about(context, manifest, "draw.manifest", false).find(({ p }) => p.sha256 === manifest.digest);
  const locks = logged.find(({ p }) => p.verdict === "locks" && p.root === cohort.root);
  if (own && locks && after(own, locks)) throw new Wrong("pot.locked", { where: manifest.where });
  if (!potcheck) {
    report.notChecked("pot.absent");
    return;
  }
  const found = await examine(folder, potcheck, potcheck.sha256, manifest, false);
  const where = folder.where("potcheck.json");
  if (found.verdict !== "holds") throw new Wrong("pot.locks", { where, found: found.off.map((cell) => `${cell.by} ${cell.value}`).slice(0, 5).join(", ") });
  checkSums(found, manifest, where);
  if (hasLedger(context, manifest)) {
    const entry = logged.find(({ p }) => p.sha256 === potcheck.sha256 && p.verdict === "holds");
    if (!entry || (own && !after(own, entry))) throw new Wrong("pot.notLogged", { where });
  }
  if (!found.check.cells.some((cell) => ADDED_UP.includes(cell.by))) throw new Wrong("pot.form", { where, name: "cells" });
  report.holds("pot.holds", { cells: found.check.cells.length, office: potcheck.office });
  report.notChecked("named.key", { name: potcheck.office, key: potcheck.key });
}

/** Hold that a check that locks stands in the ledger after one manifest's entry and before another's. */
export function checkLogged(context, manifest, sha256Hex, before, now, where) {
  if (!hasLedger(context, manifest)) return;
  const entry = about(context, manifest, "draw.potcheck", false).find(({ p }) => p.sha256 === sha256Hex);
  if (!entry || !before || !after(entry, before) || (now && !after(now, entry))) throw new Wrong("pot.notLogged", { where });
}
