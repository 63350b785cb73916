// The whole check of a folder: ledgers first, then draws, then one's own receipt. Nothing here knows a browser.
//
// What is checked must not vouch for itself: a policy never comes out of the folder. Source: docs/flow/verify.md.

import * as draws from "./draw.mjs";
import * as ledgers from "./ledger.mjs";
import { isObject, parse } from "./json.mjs";
import * as policies from "./policy.mjs";
import * as receipts from "./receipt.mjs";
import { Report, Unable } from "./report.mjs";

/**
 * Check `folder`, a whole `published` or one draw's folder; `policy` and `receipt` are {name, bytes} or null. `above` is
 * the `published` around a draw's folder, where it is known.
 */
export async function verify({ folder, policy = null, receipt = null, above = null, progress }) {
  const report = new Report(progress);
  const context = { ledgers: null, draws: [], receipt: null, indices: () => [] };
  report.section("section.policy");
  let pinned = null;
  const usable = await report.attempt(() => {
    if (policy) pinned = policies.read(policy.bytes, policy.name);
  });
  if (!usable) return report;
  if (pinned) report.line("told", "policy.used", { file: policy.name, logs: pinned.logs.length, witnesses: pinned.witnesses.length, quorum: pinned.quorum?.name ?? "none" });
  else report.line("told", "policy.absent");
  context.ledgers = new ledgers.Ledgers(pinned);

  let wanted = null;
  if (receipt) {
    const early = parse(receipt.bytes);
    if (isObject(early) && Number.isSafeInteger(early.index)) wanted = early;
    context.indices = (manifest) => (wanted && manifest.value.draw === wanted.draw ? [wanted.index] : []);
  }
  const isDraw = folder.has("manifest.json");
  const isPublished = folder.names().some((name) => name === "ledger/" || name === "draws/");
  report.section("section.folder", { folder: folder.name });
  const known = await report.attempt(() => {
    if (isDraw && isPublished) throw new Unable("folder.both", { folder: folder.name });
    if (!isDraw && !isPublished) throw new Unable("folder.neither", { folder: folder.name });
  });
  if (!known) return report;
  const whole = isPublished ? folder : above;
  if (whole) await lookLedgers(context, whole, report);
  if (isDraw) await lookDraw(context, folder, report);
  else await lookPublished(context, folder, report);
  if (receipt) await lookReceipt(context, receipt, report);
  return report;
}

async function lookLedgers(context, folder, report) {
  const ledger = folder.inside("ledger");
  for (const name of ledger.names()) {
    if (!/^[0-9]{4}\/$/.test(name)) continue;
    const year = name.slice(0, 4);
    report.section("section.ledger", { folder: ledger.where(year) });
    await report.attempt(() => ledgers.look(context.ledgers, ledger.inside(year), year, report));
    report.notChecked("ledger.times");
  }
  if (context.ledgers.logs.length > 1 || context.ledgers.logs.some((log) => log.public.some((entry) => entry.kind === "year"))) {
    report.section("section.years");
    await report.attempt(() => ledgers.checkYears(context.ledgers, report));
  }
}

async function lookDraw(context, folder, report) {
  report.section("section.draw", { folder: folder.name });
  await report.attempt(() => draws.look(context, folder, report));
}

async function lookPublished(context, folder, report) {
  const all = folder.inside("draws");
  const names = all.names().filter((name) => name.endsWith("/"));
  for (const name of names) await lookDraw(context, all.inside(name.slice(0, -1)), report);
  report.section("section.all");
  for (const name of folder.names()) {
    if (name !== "ledger/" && name !== "draws/") report.notChecked("folder.stranger", { file: folder.where(name) });
  }
  await report.attempt(() => {
    if (!names.length && !context.ledgers.logs.length) throw new Unable("folder.empty", { folder: folder.name });
  });
  report.line("told", "folder.counts", { ledgers: context.ledgers.logs.length, draws: names.length });
}

async function lookReceipt(context, receipt, report) {
  report.section("section.receipt", { file: receipt.name });
  await report.attempt(async () => {
    const read = receipts.read(receipt.bytes, receipt.name);
    const drawn = context.draws.find((one) => one.manifest.value.draw === read.value.draw);
    if (!drawn?.list) throw new Unable("receipt.otherDraw", { draw: read.value.draw });
    await receipts.check(read, drawn, report);
  });
}
