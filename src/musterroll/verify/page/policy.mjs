// The policy that a reader pins: which logs, which witnesses, and how many of them are enough.
//
// 1. Names are defined before they are used, once, and are members of one group at most.
// 2. Exactly one quorum. `none` asks for nobody, and then nothing about time is shown.
// Source: C2SP tlog-policy; docs/spec/ledger.md 1 and 3.

import { Unable } from "./report.mjs";
import * as note from "./note.mjs";

/** The policy in the bytes of a file; Unable where it cannot be used. */
export function read(bytes, where) {
  const refuse = (line) => new Unable("policy.form", { file: where, line });
  // Octets, not characters: two spellings that look alike stay two names.
  const string = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  const logs = [];
  const named = new Map();
  const used = new Set();
  let quorum;
  const rows = string.split("\n");
  rows.forEach((row, i) => {
    const line = i + 1;
    if (/[^\t\x20-\x7e\x80-\xff]/.test(row)) throw refuse(line);
    const [word, ...items] = row.split(/[ \t]+/).filter((item) => item !== "");
    if (word === undefined || word.startsWith("#")) return;
    const define = (name, value) => {
      if (name === "none" || named.has(name)) throw refuse(line);
      named.set(name, value);
    };
    const member = (name) => {
      const found = named.get(name);
      if (!found || used.has(name)) throw refuse(line);
      used.add(name);
      return found;
    };
    if (word === "log" && (items.length === 1 || items.length === 2)) {
      const key = keyOf(items[0], note.LOG);
      if (!key || logs.some((log) => same(log, key))) throw refuse(line);
      logs.push(key);
    } else if (word === "witness" && (items.length === 2 || items.length === 3)) {
      const key = keyOf(items[1], note.WITNESS);
      const twice = [...named.values()].some((one) => one.key && same(one.key, key));
      if (!key || twice) throw refuse(line);
      define(items[0], { name: items[0], key });
    } else if (word === "group" && items.length >= 3) {
      const [name, least, ...members] = items;
      const count = least === "any" ? 1 : least === "all" ? members.length : /^[1-9][0-9]{0,5}$/.test(least) ? Number(least) : 0;
      if (count < 1 || count > members.length) throw refuse(line);
      const group = { name, least: count, members: members.map(member) };
      define(name, group);
    } else if (word === "quorum" && items.length === 1 && quorum === undefined) {
      quorum = items[0] === "none" ? null : named.get(items[0]);
      if (quorum === undefined) throw refuse(line);
    } else {
      throw refuse(line);
    }
  });
  if (quorum === undefined) throw refuse(rows.length);
  const witnesses = [...named.values()].filter((one) => one.key);
  return { logs, witnesses, quorum };
}

function keyOf(vkey, type) {
  // The octets of the name are text in UTF-8 wherever a note names it.
  const bytes = Uint8Array.from(vkey, (letter) => letter.charCodeAt(0));
  const key = note.key(new TextDecoder().decode(bytes));
  return key?.type === type ? key : null;
}

function same(one, other) {
  return Boolean(one && other) && one.bytes.every((byte, i) => byte === other.bytes[i]);
}

/**
 * The second when the last witness that the quorum needed had cosigned, and who had by then; null if it is not met.
 * `lines` are the verified lines of a checkpoint.
 */
export function metAt(policy, lines) {
  if (policy.quorum === null) return null;
  const times = new Map();
  for (const { key, at } of lines) {
    if (key.type === note.WITNESS) times.set(key.vkey, Math.min(at, times.get(key.vkey) ?? at));
  }
  const at = reached(policy.quorum, times);
  if (at === null) return null;
  const names = policy.witnesses.filter((witness) => times.get(witness.key.vkey) <= at).map((witness) => witness.name);
  return { at, names };
}

function reached(part, times) {
  if (part.key) return times.get(part.key.vkey) ?? null;
  const found = part.members.map((one) => reached(one, times)).filter((at) => at !== null);
  found.sort((a, b) => a - b);
  return found.length < part.least ? null : found[part.least - 1];
}
