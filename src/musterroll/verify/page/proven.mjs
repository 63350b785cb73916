// A proof that one entry of the ledger was seen: by whom, and when.
//
// 1. The entry stands in the proof's `extra`; it must say what it is expected to say, and the hashes must lead from it.
// 2. The log's key is one that the policy names (or that was handed on); the quorum's second is when it was seen.
// 3. Where the log is here, the proof's checkpoint must be an earlier state of that very log.
// Source: docs/spec/ledger.md 2.6 and 2.8; docs/spec/draw.md 13.

import { equal } from "./bytes.mjs";
import * as entries from "./entry.mjs";
import { checkSigner, rootAt, sayQuorum } from "./ledger.mjs";
import * as note from "./note.mjs";
import * as proofs from "./proof.mjs";
import { Unable, Wrong } from "./report.mjs";

/**
 * {entry, met, index, year, checkpoint} of the proof in `file`; null, said as not shown, where the file is not there.
 * `matches(entry)` tells whether the entry says what it should. `met` is the quorum's second, or null.
 */
export async function prove(context, folder, file, register, report, matches) {
  if (!folder.has(file)) {
    report.notShown("proof.missing", { file: folder.where(file) });
    return null;
  }
  const where = folder.where(file);
  const proof = proofs.read(await folder.small(file), where);
  const { origin } = proof.checkpoint;
  if (proof.extra === null) throw new Wrong("proof.form", { where });
  const entry = entries.read(proof.extra, where, proof.index);
  if (entry.act || !matches(entry)) throw new Wrong("proof.otherEntry", { where });
  proofs.check(proof, proof.extra, where);
  const [domain, year] = origin.split("/ledger/");
  if (domain !== register || !/^[0-9]{1,4}$/.test(year ?? "")) {
    throw new Wrong("proof.otherRegister", { where, expected: register, found: origin });
  }
  report.holds("proof.holds", { file: folder.where(file), index: proof.index, origin });
  const { ledgers } = context;
  let met = null;
  if (ledgers.policy) {
    const trusted = ledgers.of(origin)?.trusted ?? ledgers.keysOf(origin).map((key) => ({ key, until: Infinity }));
    if (!trusted.length) throw new Wrong("ledger.stranger", { where, found: origin });
    const keys = [...trusted.map((one) => one.key), ...ledgers.witnesses];
    const lines = await note.verified(proof.checkpoint.note, keys, where);
    checkSigner(trusted, lines, proof.checkpoint.size, where);
    met = sayQuorum(ledgers.policy, lines, report);
  } else {
    report.notShown("ledger.noPolicy");
  }
  await sameLedger(context, proof, where, report);
  return { entry, met, index: proof.index, year: Number(year), checkpoint: proof.checkpoint };
}

async function sameLedger(context, proof, where, report) {
  const { origin, size, root } = proof.checkpoint;
  const log = context.ledgers.of(origin);
  if (!log) {
    if (context.ledgers.logs.length) throw new Unable("ledger.notHere", { origin });
    return;
  }
  if (size > log.checkpoint.size) throw new Unable("proof.ahead", { where, expected: log.checkpoint.size, found: size });
  if (!equal(await rootAt(log, size), root)) throw new Wrong("proof.otherLedger", { where });
  report.holds("proof.sameLedger", { file: where, entries: size });
}

/** Whether one proven or logged entry stands after another: by year, then by index. */
export function after(one, other) {
  return one.year === other.year ? one.index > other.index : one.year > other.year;
}
