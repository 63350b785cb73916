// Draws by table: the drums decide between dates of birth, the seed between people born on the same date.
//
// 1. table.csv: the line `date,number`, then a line a date in ascending order; the numbers are a permutation of 1 to days.
// 2. The seed gives two orders in which the drums are loaded, which do not depend on one another.
// 3. The ledger holds one table for a manifest, at or after the time of the round.
// Source: docs/spec/draw.md 9.

import { compare, concat, hex, text, u16 } from "./bytes.mjs";
import { checkVersion, isObject, parse } from "./json.mjs";
import { about } from "./only.mjs";
import { prove } from "./proven.mjs";
import { Unable, Wrong } from "./report.mjs";
import { sha256 } from "./sha256.mjs";
import { tag } from "./tags.mjs";

const MONTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const TWENTY_NINTH = 60;

/** The number of a date, `MM-DD`, in a leap year; null if there is no such date. */
export function dayOf(monthDay) {
  const [found, month, day] = /^([0-9]{2})-([0-9]{2})$/.exec(monthDay) ?? [];
  if (found === undefined || Number(month) < 1 || Number(month) > 12) return null;
  const before = MONTHS.slice(0, Number(month) - 1).reduce((sum, one) => sum + one, 0);
  return Number(day) < 1 || Number(day) > MONTHS[Number(month) - 1] ? null : before + Number(day);
}

/** The dates of a table of 365 or 366 days, as numbers. */
function daysOf(table) {
  const all = Array.from({ length: 366 }, (_, i) => i + 1);
  return table.days === 366 ? all : all.filter((day) => day !== TWENTY_NINTH);
}

/** The number that the drums gave to each day: an array to be asked by the day's number. */
export async function numbersOf(context, folder, manifest, report) {
  const where = folder.where("table.csv");
  if (!folder.has("table.csv")) throw new Unable("table.missing", { file: where });
  const bytes = await folder.small("table.csv");
  const { days } = manifest.value.table;
  const rows = (text(bytes) ?? "").split("\n");
  const expected = daysOf(manifest.value.table);
  const out = new Uint16Array(367);
  const seen = new Set();
  if (rows[0] !== "date,number" || rows.at(-1) !== "") throw new Wrong("table.form", { where, line: 1 });
  const body = rows.slice(1, -1);
  for (let i = 0; i < Math.max(body.length, expected.length); i++) {
    const [, date, number] = /^([0-9-]{5}),([1-9][0-9]{0,2})$/.exec(body[i] ?? "") ?? [];
    if (date === undefined || dayOf(date) !== expected[i] || Number(number) > days || seen.has(number)) {
      throw new Wrong("table.form", { where, line: i + 2 });
    }
    seen.add(number);
    out[expected[i]] = Number(number);
  }
  report.holds("table.holds", { file: where, days });
  const digest = hex(sha256(bytes));
  const { draw, register } = manifest.value;
  const logged = about(context, manifest, "draw.table");
  if (logged.length > 1 || logged.some(({ p }) => p.sha256 !== digest)) throw new Wrong("table.another", { where });
  const matches = ({ kind, p }) => kind === "draw.table" && p.draw === draw && p.manifest === manifest.digest && p.sha256 === digest;
  const proof = await prove(context, folder, "table.tlog-proof", register, report, matches);
  for (const entry of [...logged, ...(proof ? [proof.entry] : [])]) {
    if (manifest.time !== null && entry.at < manifest.time) throw new Wrong("table.early", { where });
  }
  return out;
}

/** Hold that loading.json is the two orders that the seed gives. */
export async function checkLoading(folder, manifest, seed, report) {
  const where = folder.where("loading.json");
  if (!folder.has("loading.json")) {
    report.notChecked("loading.missing", { file: where });
    return;
  }
  const said = parse(await folder.small("loading.json"));
  if (!isObject(said)) throw new Wrong("json.form", { where });
  checkVersion(said, where);
  const days = daysOf(manifest.value.table);
  const expected = {
    v: 1,
    manifest_sha256: manifest.digest,
    dates: loaded("load-dates", seed, days),
    numbers: loaded("load-numbers", seed, days.map((_, i) => i + 1)),
  };
  for (const [name, value] of Object.entries(expected)) {
    if (JSON.stringify(said[name]) !== JSON.stringify(value)) throw new Wrong("loading.other", { where, name });
  }
  for (const name of Object.keys(said)) if (!Object.hasOwn(expected, name)) throw new Unable("member.unknown", { where, name });
  report.holds("loading.holds", { file: where });
}

function loaded(name, seed, values) {
  const own = sha256(tag(name), seed);
  const keyed = values.map((value) => ({ value, key: sha256(concat(own, u16(value))) }));
  return keyed.sort((a, b) => compare(a.key, b.key) || a.value - b.value).map((one) => one.value);
}
