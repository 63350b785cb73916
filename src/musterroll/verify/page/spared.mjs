// The audit of the spared: who was left out or passed over, committed to before the round that picks whom an auditor sees.
//
// 1. One entry `draw.spared` for a draw, after the manifest, seen by the quorum before its round.
// 2. Both lists ascend, each once, and lead to the roots of that entry; at least as many as were left out.
// 3. The sample are those with the smallest SHA-256(T(spared) || audit seed || S).
// Source: docs/spec/draw.md 10.

import { Smallest, auditSeed } from "./audit.mjs";
import { timeOf, value as beaconValue } from "./beacon.mjs";
import { about } from "./only.mjs";
import { after, prove } from "./proven.mjs";
import { Wrong } from "./report.mjs";
import { Rows } from "./rows.mjs";
import { shown } from "./times.mjs";

const FEWEST = 299; // to be opened, unless the law says more

export async function checkSpared(context, drawn, fixed, report) {
  const { folder, manifest } = drawn;
  const { draw, register, source, cohort } = manifest.value;
  const misnamed = about(context, manifest, "draw.spared").filter(({ p }) => p.draw !== draw);
  const logged = [...about(context, manifest, "draw.spared", false), ...misnamed];
  if (logged.length > 1 || logged.some(({ p }) => p.manifest !== manifest.digest)) {
    throw new Wrong("spared.another", { where: manifest.where });
  }
  const files = ["spared.bin", "hand.bin", "spared.tlog-proof", "spared.json"].filter((name) => folder.has(name));
  if (!files.length && !logged.length) {
    report.notChecked("spared.toCome");
    return;
  }
  const matches = ({ kind, p }) => kind === "draw.spared" && p.draw === draw && p.manifest === manifest.digest;
  const proof = await prove(context, folder, "spared.tlog-proof", register, report, matches);
  const entry = proof?.entry ?? logged[0];
  if (!entry) return;
  const { p } = entry;
  drawn.spared = p;
  const where = folder.where("spared.bin");
  if (logged.length && JSON.stringify(logged[0].p) !== JSON.stringify(p)) throw new Wrong("spared.another", { where });
  if (fixed && proof && !after(proof, fixed)) throw new Wrong("spared.early", { where });
  const spared = new Rows(folder, "spared.bin");
  await spared.check(p.spared.size, p.spared.root, report);
  await new Rows(folder, "hand.bin").check(p.hand.size, p.hand.root, report);
  const least = source === undefined ? 0 : source.level === 0 ? source.considered - cohort.size - source.rounded_to : source.excluded;
  if (p.spared.size < least) throw new Wrong("spared.few", { where, expected: least, found: p.spared.size });
  const comes = timeOf(p.round);
  if (entry.at >= comes) throw new Wrong("spared.late", { where, needed: shown(comes), found: shown(entry.at) });
  if (proof && proof.met !== null) {
    if (proof.met >= comes) report.notShown("spared.time", { needed: shown(comes), found: shown(proof.met) });
    else report.holds("spared.holds", { spared: p.spared.size, hand: p.hand.size, at: shown(proof.met), round: p.round });
  }
  if (p.sample < FEWEST) report.notShown("spared.sampleFew", { expected: FEWEST, found: p.sample });
  await checkSample(folder, manifest, p, spared, report);
}

async function checkSample(folder, manifest, p, spared, report) {
  const where = folder.where("spared.json");
  if (!folder.has("spared.json")) {
    report.notChecked("spared.sampleToCome", { round: p.round, at: shown(timeOf(p.round)) });
    return;
  }
  const { value, served } = beaconValue(await folder.small("spared.json"), p.round, where, ["sample"]);
  const smallest = new Smallest("spared", auditSeed(manifest, value), p.sample);
  await spared.pieces((bytes, first) => {
    for (let at = 0; at < bytes.length; at += 32) smallest.add(bytes, at, first + at / 32);
  }, report);
  if (JSON.stringify(served.sample) !== JSON.stringify(smallest.indices())) throw new Wrong("spared.sample", { where });
  report.holds("spared.sampled", { file: where, entries: smallest.indices().length });
  report.notChecked("audit.opened");
}
