// The ledger: one log a year, its signatures, entries, tiles, keys, and how a year continues the one before.
//
// 1. The root follows from the entries, each of which keeps its grammar; every tile is what the entries say.
// 2. The log's key is trusted because the policy names it, or because a trusted key handed over to it (entry `key`).
// 3. A quorum of the policy's witnesses cosigned; the second when the last that was needed did, is when it was seen.
// 4. Entry 0 of each log but the first is `year`, and names the last checkpoint of the log before.
// Source: docs/spec/ledger.md.

import { equal, hex, unbase64, unhex } from "./bytes.mjs";
import { signed } from "./ed25519.mjs";
import * as entries from "./entry.mjs";
import * as note from "./note.mjs";
import * as policies from "./policy.mjs";
import { Unable, Wrong } from "./report.mjs";
import { sha256 } from "./sha256.mjs";
import * as stamps from "./stamp.mjs";
import { Tiles } from "./tiles.mjs";
import { shown } from "./times.mjs";
import { TILE, Tree, bytesOf, leaf } from "./tree.mjs";

// A year in four digits; a home of invented people may number its only log instead.
const ORIGIN = /^([^ /]+)\/ledger\/([0-9]{1,4})$/;

/** What is known of the logs of one register: the keys that are trusted, and the logs that were looked at. */
export class Ledgers {
  constructor(policy) {
    this.policy = policy;
    this.logs = [];
    /** Keys that entries of accepted logs name for other logs. */
    this.handed = [];
  }

  /** The keys that count for a log, before its own entries are read. */
  keysOf(origin) {
    const named = this.policy ? this.policy.logs : [];
    return [...named, ...this.handed].filter((key) => key.name === origin);
  }

  get witnesses() {
    return this.policy ? this.policy.witnesses.map((witness) => witness.key) : [];
  }

  of(origin) {
    return this.logs.find((log) => log.checkpoint.origin === origin);
  }

  /** All public entries of a kind, in the order in which they were logged, of the logs of a register's domain. */
  entries(domain, kind) {
    return this.logs
      .filter((log) => log.domain === domain)
      .flatMap((log) => log.public.filter((entry) => entry.kind === kind).map((entry) => ({ ...entry, year: log.year })));
  }
}

/** Look at the log in `folder`, whose name is `year`. */
export async function look(ledgers, folder, year, report) {
  const where = folder.where("checkpoint");
  const checkpoint = note.checkpoint(await folder.small("checkpoint"), where);
  const [, domain, ofYear] = ORIGIN.exec(checkpoint.origin) ?? [];
  if (ofYear !== year) throw new Wrong("ledger.folder", { where, found: checkpoint.origin });
  const log = { domain, year: Number(year), checkpoint, folder, where, tree: new Tree(), public: [], acts: 0 };
  if (ledgers.policy && !ledgers.keysOf(checkpoint.origin).length) {
    throw new Wrong("ledger.stranger", { where, found: checkpoint.origin });
  }
  const keys = [...ledgers.keysOf(checkpoint.origin), ...ledgers.witnesses];
  let lines = await note.verified(checkpoint.note, keys, where);
  await readEntries(log, report);
  report.holds("ledger.root", { entries: checkpoint.size, root: hex(checkpoint.root) });
  report.holds("ledger.entries", { acts: log.acts, public: log.public.length });
  report.holds("ledger.tiles", { tiles: log.tiles.count });
  for (const path of log.tiles.strange) report.notChecked("file.strange", { file: log.tiles.folder.where(path) });

  const trusted = await followKeys(ledgers, log, report);
  lines = await note.verified(checkpoint.note, [...trusted.map((one) => one.key), ...ledgers.witnesses], where);
  if (ledgers.policy) {
    checkSigner(trusted, lines, checkpoint.size, where);
    report.holds("ledger.signed", { entries: checkpoint.size, origin: checkpoint.origin });
    sayQuorum(ledgers.policy, lines, report);
  } else {
    report.notShown("ledger.noPolicy");
  }
  await checkAnchors(log, trusted, report);
  log.trusted = trusted;
  ledgers.logs.push(log);
  return log;
}

/** Say when the quorum had seen a checkpoint; the second, or null where that is not shown. */
export function sayQuorum(policy, lines, report) {
  if (policy.quorum === null) {
    report.notShown("quorum.none");
    return null;
  }
  const met = policies.metAt(policy, lines);
  if (met === null) {
    report.notShown("quorum.few", { found: lines.filter((line) => line.at !== null).length });
    return null;
  }
  report.holds("quorum.met", { at: shown(met.at), witnesses: met.names.join(", ") });
  return met.at;
}

/** Hold that a key that is trusted, and not replaced at this size, signed. */
export function checkSigner(trusted, lines, size, where) {
  const signers = lines.filter((line) => line.key.type === note.LOG).map((line) => line.key.vkey);
  const found = trusted.filter((one) => signers.includes(one.key.vkey));
  if (!found.length) throw new Wrong("ledger.unsigned", { where });
  if (found.every((one) => one.until <= size)) throw new Wrong("ledger.replaced", { where });
}

async function readEntries(log, report) {
  const { size } = log.checkpoint;
  const tiles = new Tiles(log.folder.inside("tile"));
  log.tiles = tiles;
  for (let first = 0; first < size; first += TILE) {
    const count = Math.min(TILE, size - first);
    const group = first / TILE;
    const list = await bundle(log, group, count);
    const hashes = new Int32Array(8 * count);
    list.forEach((bytes, i) => {
      hashes.set(leaf(bytes), 8 * i);
      const entry = entries.read(bytes, log.folder.where(""), first + i);
      if (entry.act) log.acts++;
      else log.public.push(entry);
    });
    await tiles.checkHashes(group, hashes, count);
    await tiles.checkEntries(group, list);
    log.tree.add(hashes, count);
    await report.progress("progress.ledger", (first + count) / size);
  }
  await tiles.checkAbove(log.tree);
  tiles.checkWhole(size);
  const root = bytesOf(log.tree.root());
  if (!equal(root, log.checkpoint.root)) {
    throw new Wrong("ledger.rootOther", { where: log.where, expected: hex(log.checkpoint.root), found: hex(root) });
  }
}

/** The `count` entries of a bundle, as bytes. */
async function bundle(log, group, count) {
  const path = log.tiles.entries(group, count);
  const bytes = await log.tiles.folder.small(path);
  const out = [];
  let at = 0;
  while (at + 2 <= bytes.length && out.length < count) {
    const length = bytes[at] * 256 + bytes[at + 1];
    if (at + 2 + length > bytes.length) break;
    out.push(bytes.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  if (out.length !== count || at !== bytes.length) throw new Wrong("tile.other", { where: log.tiles.folder.where(path) });
  return out;
}

/** The root that the log had when it held `size` entries. */
export async function rootAt(log, size) {
  const count = size % TILE;
  const group = (size - count) / TILE;
  const tail = new Int32Array(8 * count);
  if (count) {
    const width = Math.min(TILE, log.checkpoint.size - group * TILE);
    const list = await bundle(log, group, width);
    for (let i = 0; i < count; i++) tail.set(leaf(list[i]), 8 * i);
  }
  return bytesOf(log.tree.rootAt(size, tail));
}

/** The trusted keys of a log, each with the size from which it is replaced, after all its `key` entries (2.8). */
async function followKeys(ledgers, log, report) {
  const { origin } = log.checkpoint;
  const trusted = ledgers.keysOf(origin).map((key) => ({ key, until: Infinity }));
  for (const entry of log.public.filter((one) => one.kind === "key")) {
    const { p, index } = entry;
    const wrong = () => new Wrong("key.false", { where: log.where, index });
    const old = note.key(p.old);
    const next = note.key(p.new);
    const [, domain, year] = ORIGIN.exec(p.origin) ?? [];
    const own = p.origin === origin;
    if (!old || !next || old.type !== note.LOG || next.type !== note.LOG) throw wrong();
    if (next.name !== p.origin || old.name !== origin) throw wrong();
    if (!own && (domain !== log.domain || !(Number(year) > log.year))) throw wrong();
    if (p.from !== (own ? index + 1 : 0)) throw wrong();
    const signature = unbase64(p.signature);
    if (!signature || !(await signed(old.bytes, note.keyMessage(p.origin, p.from, p.new), signature))) throw wrong();
    const holder = trusted.find((one) => one.key.vkey === old.vkey && one.until === Infinity);
    if (!holder) continue;
    if (own) {
      holder.until = p.from;
      if (!trusted.some((one) => one.key.vkey === next.vkey)) trusted.push({ key: next, until: Infinity });
      report.holds("key.followed", { index, name: next.name });
    } else {
      ledgers.handed.push(next);
      report.holds("key.handed", { index, name: next.name });
    }
  }
  return trusted;
}

/** Checkpoints under `anchor/`, and the time stamps over them (2.9). */
async function checkAnchors(log, trusted, report) {
  const folder = log.folder.inside("anchor");
  for (const name of folder.names()) {
    const inside = folder.inside(name.replace(/\/$/, ""));
    if (!inside.has("checkpoint")) continue;
    const where = inside.where("checkpoint");
    const bytes = await inside.small("checkpoint");
    const anchor = note.checkpoint(bytes, where);
    const wrong = () => new Wrong("anchor.other", { where });
    if (anchor.origin !== log.checkpoint.origin || `${anchor.size}/` !== name || anchor.size > log.checkpoint.size) throw wrong();
    if (!equal(await rootAt(log, anchor.size), anchor.root)) throw wrong();
    const lines = await note.verified(anchor.note, trusted.map((one) => one.key), where);
    if (trusted.length && !lines.length) throw new Wrong("ledger.unsigned", { where });
    for (const file of inside.names().filter((one) => one.endsWith(".tsr"))) {
      const stamp = stamps.read(await inside.small(file), inside.where(file));
      stamps.check(stamp, sha256(bytes), inside.where(file));
      report.holds("stamp.holds", { file: inside.where(file), at: shown(stamp.at) });
      report.notChecked("stamp.authority", { file: inside.where(file) });
    }
  }
}

/** Hold that each year's log continues the one before (2.7). */
export function checkYears(ledgers, report) {
  const logs = [...ledgers.logs].sort((a, b) => a.year - b.year);
  for (const log of logs) {
    const years = log.public.filter((entry) => entry.kind === "year");
    const wrong = (found = "") => new Wrong("year.other", { where: log.where, found });
    if (years.some((entry) => entry.index !== 0)) throw wrong();
    const earlier = logs.filter((other) => other.domain === log.domain && other.year < log.year);
    if (!years.length) {
      if (earlier.length && log.checkpoint.size) throw wrong();
      continue;
    }
    const { p } = years[0];
    const [, domain, year] = ORIGIN.exec(p.origin) ?? [];
    if (domain !== log.domain || !(Number(year) < log.year)) throw wrong(p.origin);
    const before = earlier.find((other) => other.checkpoint.origin === p.origin);
    if (before) {
      if (before.checkpoint.size !== p.size || !equal(before.checkpoint.root, unhex(p.root, 32))) throw wrong(p.origin);
      if (earlier.some((other) => other.year > before.year)) throw wrong(p.origin);
      report.holds("year.continues", { origin: log.checkpoint.origin, before: p.origin });
    } else if (earlier.length) {
      throw new Unable("year.missing", { where: log.where, origin: p.origin });
    } else {
      report.notChecked("year.notHere", { origin: log.checkpoint.origin, before: p.origin });
    }
  }
}
