// What the ledger says about a draw: one live manifest, one ceremony, one result, and what stands in which order.
//
// Without the ledger nobody can know that there was no other: then it is *not shown*. Source: docs/spec/draw.md 13, 14.

import { Wrong } from "./report.mjs";

/**
 * The entries of a kind that concern a draw, or one manifest, in the order of the log. An entry that names the manifest
 * is about it, even if it names another draw beside it.
 */
export function about(context, manifest, kind, ofManifest = true) {
  const { register, draw } = manifest.value;
  return context.ledgers
    .entries(register, kind)
    .filter(({ p }) => (ofManifest ? p.manifest === manifest.digest : p.draw === draw));
}

/** Whether a log of this register is here. */
export function hasLedger(context, manifest) {
  return context.ledgers.logs.some((log) => log.domain === manifest.value.register);
}

/** Hold that the manifest is in the ledger, and that no other for this draw counts. */
export function checkManifest(context, manifest, report) {
  const { draw, attempt } = manifest.value;
  if (!hasLedger(context, manifest)) {
    report.notShown("only.noLedger", { draw });
    return;
  }
  const all = about(context, manifest, "draw.manifest", false);
  const own = all.filter(({ p }) => p.sha256 === manifest.digest);
  if (!own.length) throw new Wrong("only.notLogged", { where: manifest.where, digest: manifest.digest });
  const replaced = new Set(all.map(({ p }) => p.supersedes).filter((one) => one !== null));
  const live = all.filter(({ p }) => !replaced.has(p.sha256));
  const others = new Set(live.map(({ p }) => p.sha256));
  others.delete(manifest.digest);
  if (replaced.has(manifest.digest)) {
    report.notShown("only.replaced", { draw, attempt });
    if (others.size > 1) throw new Wrong("only.another", { draw, found: [...others].sort().join(", ") });
    return;
  }
  if (others.size) throw new Wrong("only.another", { draw, found: [...others].sort().join(", ") });
  if (own.some(({ p }) => p.attempt !== attempt || p.supersedes !== manifest.value.supersedes)) {
    throw new Wrong("only.otherEntry", { where: manifest.where });
  }
  report.holds("only.holds", { draw });
}

/** Hold that there is at most one ceremony and result for this manifest, and that they are the ones published. */
export function checkOutcome(context, manifest, { symbols, seed, order }) {
  const ceremonies = about(context, manifest, "draw.ceremony");
  const announced = manifest.value.randomness.filter((item) => item.type === "ceremony").length;
  if (ceremonies.length > announced || ceremonies.some(({ p }) => p.symbols !== symbols)) {
    throw new Wrong("only.ceremony", { where: manifest.where });
  }
  const results = about(context, manifest, "draw.result");
  const other = results.find(({ p }) => p.draw !== manifest.value.draw || p.seed !== seed || p.order !== order);
  if (results.length > 1 || other) throw new Wrong("only.result", { where: manifest.where });
}
