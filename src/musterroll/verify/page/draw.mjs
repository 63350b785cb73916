// One draw's folder, checked in the order of docs/flow/verify.md: sums, manifest, time, only one, list, randomness,
// order, audit, and whatever else the manifest or the ledger names.

import { hex } from "./bytes.mjs";
import { auditSeed, sample } from "./audit.mjs";
import { checkBefore } from "./attempt.mjs";
import { timeOf, value as beaconValue } from "./beacon.mjs";
import { checkFairness, Statistics } from "./fairness.mjs";
import { checkVersion, isObject, parse } from "./json.mjs";
import { List } from "./list.mjs";
import * as manifests from "./manifest.mjs";
import { checkManifest, checkOutcome } from "./only.mjs";
import { Keys, order, seedOf } from "./order.mjs";
import { checkOwn as checkPot } from "./potcheck.mjs";
import { values } from "./randomness.mjs";
import { Unable, Wrong } from "./report.mjs";
import { checkSource } from "./source.mjs";
import { checkSpared } from "./spared.mjs";
import * as sums from "./sums.mjs";
import { checkFurther } from "./supplement.mjs";
import { checkLoading, numbersOf } from "./table.mjs";
import * as times from "./time.mjs";
import { shown } from "./times.mjs";

/** Look at the draw in `folder`; what is learnt stays in `context.draws` for receipts. */
export async function look(context, folder, report) {
  await sums.check(folder, report);
  const manifest = manifests.read(await folder.small("manifest.json"), folder.where("manifest.json"));
  if (manifest.value.kind !== manifests.DRAW) throw new Unable("manifest.version", { where: manifest.where, name: "kind", found: manifest.value.kind });
  const drawn = { folder, manifest, further: [] };
  context.draws.push(drawn);
  sayStated(manifest, report);
  manifests.follow(manifest, report);
  await checkVerifiers(folder, manifest, report);
  await checkBefore(context, folder, manifest, report);
  const fixed = await times.check(context, folder, manifest, report);
  checkManifest(context, manifest, report);
  await checkPot(context, folder, manifest, fixed, report);
  await drawList(context, drawn, fixed, null, report);
  await checkFairness(context, drawn, report);
  report.notChecked("call.notChecked");
  await checkAudit(drawn, report);
  await checkSpared(context, drawn, fixed, report);
  await checkFurther(context, drawn, fixed, report);
}

/** What a manifest says of itself, and what it leaves out. */
export function sayStated(manifest, report) {
  const { draw, attempt } = manifest.value;
  report.holds("manifest.holds", { file: manifest.where, draw, attempt, digest: manifest.digest });
  for (const name of manifest.unstated) report.notStated("manifest.unstated", { name });
}

/** Hold that the verifiers in the bundle are those that the manifest names. */
export async function checkVerifiers(folder, manifest, report) {
  for (const [member, file] of [["software", "verify.py"], ["page", "verify.html"]]) {
    const expected = manifest.value[member];
    if (expected === undefined) continue;
    if (!folder.has(file)) {
      report.notChecked("verifier.missing", { file });
      continue;
    }
    const found = await sums.digest(folder, file);
    if (found !== expected) throw new Wrong("verifier.other", { where: folder.where(file), expected, found });
    report.holds("verifier.holds", { file });
  }
}

/** List, randomness, seed, order and result of one manifest: a draw's, or with `parent` a supplement's. */
export async function drawList(context, drawn, fixed, parent, report) {
  const { folder, manifest } = drawn;
  const list = new List(folder, manifest);
  if (parent) list.table = parent.list.table;
  drawn.list = list;
  await list.check(report);
  if (!parent) await checkSource(drawn, report);
  const drawnValues = await values(context, folder, manifest, fixed, report);
  const seed = seedOf(manifest, drawnValues.values);
  report.holds("seed.holds", { seed: hex(seed) });
  let numbers = null;
  if (list.byTable) {
    if (!parent) await checkLoading(folder, manifest, seed, report);
    numbers = parent ? parent.keys.numbers : await numbersOf(context, folder, manifest, report);
  }
  const keys = new Keys(list, seed, numbers);
  drawn.keys = keys;
  drawn.places = new Map(context.indices(manifest, drawn.name ?? "").map((index) => [index, null]));
  drawn.statistics = parent || list.byTable ? null : new Statistics(list);
  const found = await order(keys, report, drawn.places, drawn.statistics);
  report.holds("order.holds", { size: list.size, digest: found });
  await checkResult(folder, manifest, hex(seed), found, report);
  checkOutcome(context, manifest, { symbols: drawnValues.symbols, seed: hex(seed), order: found });
  drawn.order = found;
}

async function checkResult(folder, manifest, seed, order, report) {
  const where = folder.where("result.json");
  const said = parse(await folder.small("result.json"));
  if (!isObject(said)) throw new Wrong("json.form", { where });
  const expected = { manifest_sha256: manifest.digest, order_sha256: order, seed };
  checkVersion(said, where);
  for (const [name, value] of Object.entries(expected)) {
    if (said[name] !== value) throw new Wrong("result.other", { where, name, expected: value, found: typeof said[name] === "string" ? said[name].slice(0, 80) : "" });
  }
  for (const name of Object.keys(said)) {
    if (name !== "v" && !Object.hasOwn(expected, name)) throw new Unable("member.unknown", { where, name });
  }
  report.holds("result.holds", { file: where });
}

async function checkAudit({ folder, manifest, list }, report) {
  const { audit } = manifest.value;
  if (!audit) return;
  const where = folder.where("audit.json");
  if (!folder.has("audit.json")) {
    report.notChecked("audit.toCome", { round: audit.round, at: shown(timeOf(audit.round)) });
    return;
  }
  const { value, served } = beaconValue(await folder.small("audit.json"), audit.round, where, ["sample"]);
  const expected = await sample(list, auditSeed(manifest, value), audit.samples, report);
  if (JSON.stringify(served.sample) !== JSON.stringify(expected)) throw new Wrong("audit.other", { where });
  report.holds("audit.holds", { file: where, entries: expected.flat().length, round: audit.round });
  report.notChecked("audit.opened");
}

