// Signed notes, their keys, and checkpoints.
//
// 1. A note is a text that ends in a newline, an empty line, and lines `— <name> <base64(key id || signature)>`.
// 2. Lines of keys that the reader does not know are passed over; a line of a known key must verify, or all is refused.
// 3. A checkpoint has exactly three lines: origin, size, root. A witness signs a second and those three lines.
// Sources: C2SP signed-note 1.0.0, tlog-checkpoint 1.0.0, tlog-cosignature 1.0.1; docs/spec/ledger.md 2.5.

import { decimal, hex, text, unbase64, unhex, utf8 } from "./bytes.mjs";
import { signed } from "./ed25519.mjs";
import { Wrong } from "./report.mjs";
import { sha256 } from "./sha256.mjs";

export const LOG = 0x01;
export const WITNESS = 0x04;
const MOST_LINES = 1_000;

const isName = (name) => name !== "" && !/[\p{White_Space}+]/u.test(name);

/** The key that `<name>+<hex id>+<base64(type || key)>` spells; null if it is spelt wrongly or its id is another. */
export function key(vkey) {
  const [name, id, rest, ...more] = vkey.split("+");
  const spelt = rest === undefined ? null : [rest, ...more].join("+"); // base64 has a plus of its own
  const bytes = spelt === null ? null : unbase64(spelt);
  const idBytes = unhex(id, 4);
  if (!isName(name) || !idBytes || !bytes || bytes.length !== 33) return null;
  const expected = sha256(utf8(name), Uint8Array.of(0x0a), bytes).subarray(0, 4);
  if (hex(expected) !== id) return null;
  return { name, id, type: bytes[0], bytes: bytes.slice(1), vkey };
}

/** A note in its parts: `text`, and `lines` of {name, id, signature}. `where` is told if it is none. */
export function split(bytes, where) {
  const malformed = () => new Wrong("note.form", { where });
  const string = text(bytes);
  if (string === null || /[\x00-\x09\x0b-\x1f]/.test(string)) throw malformed();
  const end = string.lastIndexOf("\n\n");
  if (end < 0 || !string.endsWith("\n") || end + 2 === string.length) throw malformed();
  const rows = string.slice(end + 2, -1).split("\n");
  if (rows.length > MOST_LINES) throw malformed();
  const lines = rows.map((row) => {
    const found = /^— ([^ ]+) ([^ ]+)$/u.exec(row);
    const signature = found && isName(found[1]) ? unbase64(found[2]) : null;
    if (!signature || signature.length < 5) throw malformed();
    return { name: found[1], id: hex(signature.subarray(0, 4)), signature: signature.subarray(4) };
  });
  return { text: string.slice(0, end + 1), lines };
}

/** The lines that keys of `keys` made: [{key, at}], `at` being the second of a witness, null for a log. */
export async function verified(note, keys, where) {
  const out = [];
  for (const line of note.lines) {
    const known = keys.find((key) => key.name === line.name && key.id === line.id);
    if (!known) continue;
    const at = known.type === WITNESS ? stamp(line.signature) : null;
    const message = known.type === WITNESS ? `cosignature/v1\ntime ${at}\n${note.text}` : note.text;
    const signature = known.type === WITNESS ? line.signature.subarray(8) : line.signature;
    const true_ = !(known.type === WITNESS && at === null) && (await signed(known.bytes, utf8(message), signature));
    if (!true_) throw new Wrong("note.signature", { name: known.name, where });
    out.push({ key: known, at });
  }
  return out;
}

/** The second in front of a cosignature; null if there is none or it lies beyond any calendar. */
function stamp(signature) {
  if (signature.length !== 72) return null;
  const view = new DataView(signature.buffer, signature.byteOffset, 8);
  const at = view.getUint32(0) * 2 ** 32 + view.getUint32(4);
  return at < 2 ** 53 ? at : null;
}

/** A checkpoint: {origin, size, root, note, bytes}. */
export function checkpoint(bytes, where) {
  const note = split(bytes, where);
  const [origin, size, root, ...more] = note.text.split("\n");
  const rootBytes = root === undefined ? null : unbase64(root);
  const count = size === undefined ? null : decimal(size);
  if (!origin || count === null || rootBytes?.length !== 32 || more.length !== 1 || more[0] !== "") {
    throw new Wrong("checkpoint.form", { where });
  }
  return { origin, size: count, root: rootBytes, note, bytes };
}

/** The bytes under a key entry's signature: four lines. */
export function keyMessage(origin, from, vkey) {
  return utf8(`muster-roll/key/v1\n${origin}\n${from}\n${vkey}\n`);
}
