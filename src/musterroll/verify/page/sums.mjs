// SHA256SUMS: every file of a bundle is listed and is as listed.
//
// It proves nothing by itself, since whoever changes a file can list it anew; it finds files that were damaged on the way.
// Source: docs/spec/draw.md 12.

import { hex, text } from "./bytes.mjs";
import { PIECE } from "./folder.mjs";
import { Unable, Wrong } from "./report.mjs";
import { Hasher } from "./sha256.mjs";

export const SUMS = "SHA256SUMS";
const WHOLE = 1 << 27;
const LONGEST = 1 << 28; // a draw of 25 million people has 196,000 tiles: 18 MB of lines
const KNOWN = [
  /^(manifest|result|beacon|loading|fairness|fairness-private|audit|spared|potcheck|count)\.json$/,
  /^(cohort|order|source|nullifiers|excluded|spared|hand)\.bin$/,
  /^(manifest|ceremony|table|spared)\.tlog-proof$/,
  /^manifest\.[a-z0-9-]{1,32}\.tsr$/,
  /^(ceremony\.txt|table\.csv|count\.sig|verify\.py|verify\.html)$/,
  /^cohort\/tile\/.+$/,
  /^before\/(manifest\.json|potcheck\.json|count\.json|count\.sig)$/,
];
const FURTHER = /^(supplement|stratum)-[0-9]{2,}\//;

/** Whether a path is that of a file of a bundle. */
export function isKnown(path) {
  const inside = path.replace(FURTHER, "");
  return KNOWN.some((form) => form.test(inside));
}

export async function check(folder, report) {
  const where = folder.where(SUMS);
  const string = text(await folder.small(SUMS, LONGEST));
  if (string === null || (string && !string.endsWith("\n"))) throw new Wrong("sums.form", { where, line: 1 });
  const listed = new Map();
  string.split("\n").slice(0, -1).forEach((row, i) => {
    const found = /^([0-9a-f]{64})  ([\x21-\x7e]+)$/.exec(row);
    const parts = found?.[2].split("/") ?? [""];
    if (parts.some((part) => part === "" || part === "." || part === "..") || listed.has(found[2])) {
      throw new Wrong("sums.form", { where, line: i + 1 });
    }
    listed.set(found[2], found[1]);
  });
  for (const path of folder.files.keys()) {
    if (path === SUMS || listed.has(path)) continue;
    if (isKnown(path)) throw new Wrong("sums.leftOut", { where, file: path });
    report.notChecked("sums.stranger", { file: path });
  }
  for (const path of listed.keys()) if (!isKnown(path)) report.notChecked("sums.stranger", { file: path });
  let done = 0;
  const missing = [];
  for (const [path, expected] of listed) {
    if (!folder.has(path)) {
      missing.push(path);
      continue;
    }
    const found = await digest(folder, path);
    if (found !== expected) throw new Wrong("sums.other", { where: folder.where(path), expected, found });
    await report.progress("progress.sums", ++done / listed.size);
  }
  if (missing.length) throw new Unable("file.missing", { file: folder.where(missing[0]) });
  report.holds("sums.hold", { files: listed.size });
}

/** The SHA-256 of a file: by the browser where the file fits into memory, else piece by piece. */
export async function digest(folder, path) {
  const size = folder.size(path);
  const subtle = globalThis.crypto?.subtle;
  if (subtle && size <= WHOLE) return hex(new Uint8Array(await subtle.digest("SHA-256", await folder.part(path, 0, size))));
  const hasher = new Hasher();
  for (let at = 0; at < size; at += PIECE) hasher.update(await folder.part(path, at, at + PIECE));
  return hex(hasher.digest());
}
