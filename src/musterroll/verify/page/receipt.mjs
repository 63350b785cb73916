// Your own entry: a receipt, which needs the list, or a ticket, which brings its own path.
//
// 1. C = SHA-256(T(entry) || salt || record), at the index named; the record's stratum, draw and birth date agree.
// 2. `in`: the path leads from the leaf to the manifest's root; place or label are those of the order.
// 3. `out`: S = SHA-256(T(spared) || salt || record); the path leads to the root in the entry `draw.spared`.
// Source: docs/spec/draw.md 2, 8, 10 and 11.

import { concat, equal, u16, unhex, utf8 } from "./bytes.mjs";
import { canonical, isObject, parse, parseText } from "./json.mjs";
import { label } from "./label.mjs";
import { about } from "./only.mjs";
import { drawValue } from "./order.mjs";
import { Unable, Wrong } from "./report.mjs";
import { sha256 } from "./sha256.mjs";
import { bornIn } from "./strata.mjs";
import { replaced } from "./supplement.mjs";
import { dayOf } from "./table.mjs";
import { tag } from "./tags.mjs";
import { isDay } from "./times.mjs";
import { bytesOf, leaf as leafHash, rootFromInclusion } from "./tree.mjs";

const TICKET = "muster-roll/ticket";
const RECEIPT = ["draw", "salt", "record", "index", "place"];
const IN = ["folder", "index", "size", "path", "salt", "record", "place", "label"];
const OUT = ["index", "size", "path", "salt", "record"];
const count = (value) => Number.isSafeInteger(value) && value >= 0;

/** The receipt or ticket in `bytes`: {draw, side, folder, index, ...}, after its shape was held to the rules. */
export function read(bytes, where) {
  const value = parse(bytes);
  const malformed = () => new Wrong("receipt.form", { where });
  if (!isObject(value)) throw new Wrong("json.form", { where });
  if (typeof value.draw !== "string") throw malformed();
  let own = value;
  let side = "in";
  let names = RECEIPT;
  if ("kind" in value) {
    if (value.kind !== TICKET || value.v !== 1) throw new Unable("manifest.version", { where, name: "kind", found: String(value.kind).slice(0, 80) });
    side = "in" in value ? "in" : "out";
    own = value[side];
    names = side === "in" ? IN : OUT;
    const outer = ["v", "kind", "draw", "manifest", side];
    if (!isObject(own) || Object.keys(value).some((name) => !outer.includes(name)) || !unhex(value.manifest, 32)) throw malformed();
    const hashes = Array.isArray(own.path) ? own.path.map((hash) => unhex(hash, 32)) : [null];
    if (hashes.includes(null) || !count(own.size)) throw malformed();
    if (side === "in" && "place" in own && own.folder?.startsWith?.("supplement")) throw malformed();
    if (side === "in" && "label" in own && !own.folder?.startsWith?.("supplement")) throw malformed();
    if (side === "in" && !/^((supplement|stratum)-[0-9]{2,})?$/.test(own.folder)) throw malformed();
  }
  if (Object.keys(own).some((name) => !names.includes(name))) throw malformed();
  const record = typeof own.record === "string" ? parseText(own.record) : undefined;
  if (typeof own.record === "string" && record === undefined) throw new Wrong("json.form", { where });
  if (!unhex(own.salt, 32) || !count(own.index) || !isObject(record)) throw malformed();
  return { where, draw: value.draw, manifest: value.manifest ?? null, side, own, record, folder: own.folder ?? "", ticket: "kind" in value };
}

/** Hold that the receipt's entry is in the draw, and where; `drawn` is what was learnt of it. */
export async function check(context, receipt, drawn, report) {
  if (receipt.side === "out") return checkOut(context, receipt, drawn, report);
  const { own, record, where, folder } = receipt;
  const mine = folder === "" ? drawn : drawn.further.find((one) => one.name === folder);
  if (!mine?.list || (receipt.manifest && receipt.manifest !== mine.manifest.digest)) throw new Unable("receipt.otherList", { where });
  const { list, keys, places } = mine;
  const elsewhere = () => new Wrong("receipt.elsewhere", { where, index: own.index });
  const stratum = list.strata.findIndex((one) => one.id === record.stratum);
  if (stratum < 0 || own.index >= list.size || record.draw !== receipt.draw) throw elsewhere();
  const leaf = leafOf(list, stratum, own, record);
  const { id, quota } = list.strata[stratum];
  if (!isEntry(record, drawn.manifest.value.source?.level === 1)) throw new Wrong("receipt.form", { where });
  if (leaf === null || bornIn(drawn.manifest.value.cohort.partition, id, record.born) === false) throw elsewhere();
  if (receipt.ticket) checkPath(own, leaf, list.size, mine.manifest.value.cohort.root, where);
  if (!list.folder.has("cohort.bin")) {
    report.holds("receipt.entry", { index: own.index, stratum: id });
    throw new Unable("receipt.noOrder");
  }
  if (!equal(await list.leaves(own.index, own.index + 1), leaf)) throw elsewhere();
  report.holds("receipt.entry", { index: own.index, stratum: id });
  if (folder === "" && replaced(drawn, id)) report.notShown("receipt.replaced", { stratum: id });
  if (!keys || !mine.order) throw new Unable("receipt.noOrder");
  if (folder.startsWith("supplement")) {
    const expected = await label(drawn, mine, stratum, leaf);
    if ("label" in own && own.label !== expected) throw new Wrong("receipt.place", { where, expected, found: String(own.label).slice(0, 40) });
    report.holds("receipt.label", { label: expected, stratum: id });
    return;
  }
  const place = places.get(own.index);
  if ("place" in own && own.place !== place) {
    throw new Wrong("receipt.place", { where, expected: place, found: typeof own.place === "number" ? own.place : "" });
  }
  if (list.byTable) report.holds("receipt.number", { number: keys.numbers[leaf[2] * 256 + leaf[3]], place, stratum: id, quota });
  else report.holds("receipt.place.holds", { value: drawValue(keys.of(leaf, 0)), place, stratum: id, quota });
}

/** Whether a record is of one person: its members, and texts. */
function isEntry(record, listed) {
  const names = Object.keys(record).filter((name) => !(listed && name === "n"));
  return names.sort().join() === "born,draw,person,stratum" && Object.values(record).every((one) => typeof one === "string" && one !== "");
}

const EXCLUDED = ["draw", "ground", "kind", "person"];
const PLACE = /^(?:[1-9][0-9]*|(0|[1-9][0-9]*)\+S[1-9][0-9]*\.[1-9][0-9]*)$/;

/** Whether a record is of somebody left out, or passed over: its members and their forms. */
function isSpared(record, spelt, { draw, cohort }) {
  const names = record.kind === "skipped" ? [...EXCLUDED, "place", "stratum"].sort() : EXCLUDED;
  if (!["excluded", "skipped"].includes(record.kind) || Object.keys(record).sort().join() !== names.join()) return false;
  if (!names.every((name) => typeof record[name] === "string" && record[name] !== "") || record.draw !== draw) return false;
  if (!equal(canonical(record), utf8(spelt)) || !/^[a-z0-9]+([ -][a-z0-9]+)*$/.test(record.ground)) return false;
  if (record.kind === "excluded") return true;
  return PLACE.test(record.place) && cohort.strata.some((one) => one.id === record.stratum);
}

/** The leaf that a record gives; null where its birth date has no day in the table. */
export function leafOf(list, stratum, own, record) {
  const c = sha256(tag("entry"), unhex(own.salt, 32), utf8(own.record));
  if (!list.byTable) return concat(u16(stratum), c);
  const day = isDay(record.born) ? dayOf(record.born.slice(5)) : null;
  return day === null ? null : concat(u16(stratum), u16(day), c);
}

function checkPath(own, leaf, size, root, where) {
  const path = own.path.map((hash) => unhex(hash, 32));
  const found = own.size === size ? rootFromInclusion(own.index, own.size, bytesOf(leafHash(leaf)), path) : null;
  if (!found || !equal(found, unhex(root, 32))) throw new Wrong("receipt.path", { where });
}

async function checkOut(context, { own, record, where, draw, manifest }, drawn, report) {
  if (manifest !== drawn.manifest.digest) throw new Unable("receipt.otherList", { where });
  const said = drawn.spared ?? about(context, drawn.manifest, "draw.spared").at(0)?.p;
  if (!said) throw new Unable("receipt.noSpared", { where });
  if (record.draw !== draw || !isSpared(record, own.record, drawn.manifest.value)) throw new Wrong("receipt.form", { where });
  const s = sha256(tag("spared"), unhex(own.salt, 32), utf8(own.record));
  checkPath(own, s, said.spared.size, said.spared.root, where);
  report.holds(record.kind === "excluded" ? "receipt.excluded" : "receipt.skipped", { ground: record.ground, index: own.index });
}
