// The proof that one entry is in a log: index, hashes, and the checkpoint they lead to, in one text file.
//
// 1. Nothing in it is believed: `extra` carries the entry, and the proof is checked *of those bytes*.
// 2. A hash too many or too few proves another thing and is refused.
// Source: C2SP tlog-proof (v1); docs/spec/ledger.md 1 and 3.

import { decimal, equal, text, unbase64 } from "./bytes.mjs";
import * as note from "./note.mjs";
import { Unable, Wrong } from "./report.mjs";
import { bytesOf, leaf, rootFromInclusion } from "./tree.mjs";

const FIRST = "c2sp.org/tlog-proof@v1";

/** {index, path, extra, checkpoint}. */
export function read(bytes, where) {
  const malformed = () => new Wrong("proof.form", { where });
  const string = text(bytes);
  if (string === null) throw malformed();
  const end = string.indexOf("\n\n");
  if (end < 0) throw malformed();
  const rows = string.slice(0, end).split("\n");
  if (rows[0] !== FIRST) {
    if (rows[0].startsWith("c2sp.org/tlog-proof@")) throw new Unable("proof.version", { where, found: rows[0] });
    throw malformed();
  }
  rows.shift();
  let extra = null;
  if (rows[0]?.startsWith("extra ")) {
    extra = unbase64(rows.shift().slice("extra ".length));
    if (extra === null) throw malformed();
  }
  const index = rows[0]?.startsWith("index ") ? decimal(rows.shift().slice("index ".length)) : null;
  if (index === null) throw malformed();
  const path = rows.map((row) => {
    const hash = row === "" ? null : unbase64(row);
    if (hash?.length !== 32) throw malformed();
    return hash;
  });
  // What follows the first empty line, byte for byte: text() has shown that the bytes are UTF-8.
  const after = new TextEncoder().encode(string.slice(end + 2));
  return { index, path, extra, checkpoint: note.checkpoint(after, where) };
}

/** Hold that `entry` is at the proof's index in the log that its checkpoint names. */
export function check(proof, entry, where) {
  const { size, root } = proof.checkpoint;
  const found = rootFromInclusion(proof.index, size, bytesOf(leaf(entry)), proof.path);
  if (found === null || !equal(found, root)) throw new Wrong("proof.root", { where });
}
