// The whole check of a folder: ledgers first, then draws, then one's own receipt. Nothing here knows a browser.
//
// What is checked must not vouch for itself: a policy never comes out of the folder. Source: docs/flow/verify.md.

import { equal } from "./bytes.mjs";
import * as draws from "./draw.mjs";
import * as ledgers from "./ledger.mjs";
import * as one from "./one.mjs";
import * as policies from "./policy.mjs";
import * as receipts from "./receipt.mjs";
import { Report, Unable } from "./report.mjs";

/**
 * Check `folder`, a whole `published` or one draw's folder; `policy` and `receipt` are {name, bytes} or null. `above` is
 * the `published` around a draw's folder, where it is known. `alone`: one person with a few files of one draw.
 */
export async function verify({ folder, policy = null, receipt = null, above = null, alone = false, progress }) {
  const report = new Report(progress);
  const context = { policy, ledgers: null, draws: [], receipt: null, indices: () => [] };
  report.section("section.policy");
  let pinned = null;
  const usable = await report.attempt(() => {
    if (policy) pinned = policies.read(policy.bytes, policy.name);
  });
  if (!usable) return report;
  if (pinned) report.line("told", "policy.used", { file: policy.name, logs: pinned.logs.length, witnesses: pinned.witnesses.length, quorum: pinned.quorum?.name ?? "none" });
  else report.line("told", "policy.absent");
  context.ledgers = new ledgers.Ledgers(pinned);

  let own = null;
  if (receipt) {
    // Read once here, to know whose place to keep; what is wrong with it is said in its own section.
    const unsaid = new Report();
    unsaid.section("section.receipt");
    await unsaid.attempt(() => (own = receipts.read(receipt.bytes, receipt.name)));
    context.indices = (manifest, name) => (own?.side === "in" && own.draw === manifest.value.draw && own.folder === name ? [own.own.index] : []);
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
  if (alone) return lookOne(context, folder, receipt, report);
  if (isDraw) await lookDraw(context, folder, report);
  else await lookPublished(context, folder, report);
  if (receipt) await lookReceipt(context, receipt, report);
  return report;
}

async function lookLedgers(context, folder, report) {
  const ledger = folder.inside("ledger");
  for (const name of ledger.names()) {
    if (!name.endsWith("/")) continue;
    const year = name.slice(0, -1);
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
    if (name === "policy.txt") await comparePolicy(context, folder, report);
    else if (name !== "ledger/" && name !== "draws/") report.notChecked("folder.stranger", { file: folder.where(name) });
  }
  for (const entry of context.ledgers.logs.flatMap((log) => log.public.filter(({ kind }) => kind === "draw.manifest"))) {
    await report.attempt(() => checkPublished(context, entry));
  }
  await report.attempt(() => {
    if (!names.length && !context.ledgers.logs.length) throw new Unable("folder.empty", { folder: folder.name });
  });
  report.line("told", "folder.counts", { ledgers: context.ledgers.logs.length, draws: names.length });
}

/** The register publishes its witnesses' list too. It is never used here, only compared with the reader's own. */
async function comparePolicy(context, folder, report) {
  if (!context.policy) return;
  const same = equal(await folder.small("policy.txt"), context.policy.bytes);
  const file = folder.where("policy.txt");
  if (same) report.line("told", "policy.same", { file });
  else report.notChecked("policy.other", { file });
}

/** Hold that a draw that the ledger names is here: its live manifest, or one that a later attempt replaced. */
function checkPublished(context, { p }) {
  const here = context.draws.some(({ manifest }) => manifest.digest === p.sha256);
  const replaced = context.ledgers.logs.some((log) => log.public.some((entry) => entry.kind === "draw.manifest" && entry.p.supersedes === p.sha256));
  if (!here && !replaced) throw new Unable("only.unpublished", { draw: p.draw, digest: p.sha256 });
}

async function lookReceipt(context, receipt, report) {
  report.section("section.receipt", { file: receipt.name });
  await report.attempt(async () => {
    const read = receipts.read(receipt.bytes, receipt.name);
    const drawn = context.draws.find((one) => one.manifest.value.draw === read.draw);
    if (!drawn?.list) throw new Unable("receipt.otherDraw", { draw: read.draw });
    await receipts.check(context, read, drawn, report);
  });
}

/** One person's files: of one draw, in its own folder or in `published/draws/<draw>`. */
async function lookOne(context, folder, receipt, report) {
  const draws = folder.inside("draws");
  const name = draws.names().find((path) => path.endsWith("/"));
  const found = name && !folder.has("manifest.json") ? draws.inside(name.slice(0, -1)) : folder;
  report.section("section.draw", { folder: found.name });
  await report.attempt(async () => {
    if (!receipt) throw new Unable("one.noReceipt");
    await one.look(context, found, receipt, report);
  });
  return report;
}
