// Was everything fixed before chance spoke? The manifest's proof, its witnesses' second, and time stamps over it.
//
// Source: docs/spec/draw.md 3 and 12; docs/spec/ledger.md 2.6 and 2.9.

import { prove } from "./proven.mjs";
import { DRAW, STRATUM, SUPPLEMENT } from "./manifest.mjs";
import { sha256 } from "./sha256.mjs";
import * as stamps from "./stamp.mjs";
import { shown } from "./times.mjs";

const KIND = { [DRAW]: "draw.manifest", [SUPPLEMENT]: "supplement", [STRATUM]: "draw.stratum" };

/** Whether a ledger entry is the one of this manifest. */
export function isOf(manifest, { kind, p }) {
  const { value, digest } = manifest;
  if (kind !== KIND[value.kind] || p.draw !== value.draw || p.sha256 !== digest) return false;
  if (value.kind === DRAW) return p.attempt === value.attempt && p.supersedes === value.supersedes;
  if (p.number !== value.number || p.parent !== value.parent) return false;
  return value.kind === SUPPLEMENT || p.stratum === value.stratum;
}

/** The manifest's proof, after its time was compared with the round; null where there is none. */
export async function check(context, folder, manifest, report) {
  const fixed = await prove(context, folder, "manifest.tlog-proof", manifest.value.register, report, (entry) => isOf(manifest, entry));
  const lead = manifest.value.min_lead ?? 0;
  const deadline = manifest.time === null ? null : manifest.time - Math.max(1, lead);
  if (fixed && fixed.met !== null && deadline !== null) {
    const values = { round: manifest.round, at: shown(manifest.time), lead, needed: shown(deadline), found: shown(fixed.met) };
    if (fixed.met <= deadline) report.holds("time.holds", values);
    else report.notShown("time.late", values);
  }
  await checkStamps(folder, fixed, deadline, report);
  return fixed;
}

async function checkStamps(folder, fixed, deadline, report) {
  const files = folder.names().filter((name) => /^manifest\.[a-z0-9-]{1,32}\.tsr$/.test(name));
  if (!files.length || !fixed) {
    report.notChecked(files.length ? "stamp.noProof" : "stamp.none");
    return;
  }
  for (const file of files) {
    const where = folder.where(file);
    const stamp = stamps.read(await folder.small(file), where);
    stamps.check(stamp, sha256(fixed.checkpoint.bytes), where);
    if (deadline !== null && stamp.at > deadline) report.notShown("stamp.late", { file: where, found: shown(stamp.at), needed: shown(deadline) });
    else report.holds("stamp.holds", { file: where, at: shown(stamp.at) });
    report.notChecked("stamp.authority", { file: where });
  }
}
