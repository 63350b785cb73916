// Your own entry: a receipt, which needs the list, or a ticket, which brings its own path.
//
// C = SHA-256(T(entry) || salt || record), at the index that the receipt names. Source: docs/spec/draw.md 2 and 11.

import { equal, unhex, utf8 } from "./bytes.mjs";
import { isObject, parse, parseText } from "./json.mjs";
import { drawValue } from "./order.mjs";
import { Unable, Wrong } from "./report.mjs";
import { sha256 } from "./sha256.mjs";
import { tag } from "./tags.mjs";

const MEMBERS = ["draw", "salt", "record", "index", "place"];
const count = (value) => Number.isSafeInteger(value) && value >= 0;

/** {value, record} of the bytes of a receipt, after its shape was held to the rules. */
export function read(bytes, where) {
  const value = parse(bytes);
  const malformed = () => new Wrong("receipt.form", { where });
  if (!isObject(value)) throw new Wrong("json.form", { where });
  if (Object.keys(value).some((name) => !MEMBERS.includes(name))) throw malformed();
  const record = typeof value.record === "string" ? parseText(value.record) : undefined;
  if (typeof value.draw !== "string" || !unhex(value.salt, 32) || !count(value.index) || !isObject(record)) throw malformed();
  return { value, record, where };
}

export function commitment(salt, record) {
  return sha256(tag("entry"), unhex(salt, 32), utf8(record));
}

/** Hold that the receipt's entry is in the draw, at its index and place. */
export async function check(receipt, drawn, report) {
  const { value, record, where } = receipt;
  const { list, keys, places } = drawn;
  const c = commitment(value.salt, value.record);
  const elsewhere = () => new Wrong("receipt.elsewhere", { where, index: value.index });
  if (value.index >= list.size) throw elsewhere();
  const stratum = list.strata[list.stratumOf(value.index)];
  const leaf = await list.leaves(value.index, value.index + 1);
  if (!equal(leaf.subarray(list.ahead), c)) throw elsewhere();
  if (record.draw !== value.draw || record.stratum !== stratum.id) throw elsewhere();
  report.holds("receipt.entry", { index: value.index, stratum: stratum.id });
  if (!keys || !places || places.get(value.index) == null) throw new Unable("receipt.noOrder");
  const place = places.get(value.index);
  if ("place" in value && value.place !== place) {
    throw new Wrong("receipt.place", { where, expected: place, found: typeof value.place === "number" ? value.place : "" });
  }
  report.holds("receipt.place.holds", { value: drawValue(keys.of(leaf, 0)), place, stratum: stratum.id, quota: stratum.quota });
}

