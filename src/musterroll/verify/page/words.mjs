// From marks, codes and values to sentences. The sentences stand in words/*.mjs, one file a language.
//
// A sentence is whole, with placeholders; nothing is put together from pieces. Values are shown as they are.

import ar from "./words/ar.mjs";
import en from "./words/en.mjs";
import et from "./words/et.mjs";
import uk from "./words/uk.mjs";

export const languages = { en, et, uk, ar };
export const EVIDENCE = ["expected", "found", "where"];
const UNSEEN = /[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]/gu;
const LONGEST = 400;

/** A value as text: no control characters, none that turn the direction, not endless. */
export function spelt(value) {
  const text = String(value).replaceAll(UNSEEN, "\ufffd");
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** A sentence in pieces: {text} or {value}. */
export function pieces(template, values) {
  return template
    .split(/(\{[a-z0-9]+\})/)
    .filter((piece) => piece !== "")
    .map((piece) => (/^\{.*\}$/.test(piece) ? { value: spelt(values[piece.slice(1, -1)] ?? "") } : { text: piece }));
}

/** A sentence as one text. */
export function filled(template, values) {
  return pieces(template, values).map((piece) => piece.text ?? piece.value).join("");
}

/** What was expected, found and where, of a line about something wrong: [word, value] pairs. */
export function evidence(line, words) {
  if (line.mark !== "wrong") return [];
  return EVIDENCE.filter((name) => line.values[name] !== undefined && line.values[name] !== "").map((name) => [words.page[name], spelt(line.values[name])]);
}

/** The whole report as text. */
export function printed(report, words) {
  const width = Math.max(...Object.values(words.marks).map((mark) => mark.length));
  const rows = [];
  for (const section of report.sections) {
    if (!section.lines.length) continue;
    rows.push(filled(words.lines[section.code], section.values));
    for (const line of section.lines) {
      rows.push(`  ${words.marks[line.mark].padEnd(width)}  ${filled(words.lines[line.code], line.values)}`);
      for (const [word, value] of evidence(line, words)) rows.push(`  ${"".padEnd(width)}    ${word}: ${value}`);
    }
    rows.push("");
  }
  const { status } = report;
  rows.push(`${filled(words.page.resultHeading, { status })}: ${words.results[status]}`);
  return rows.join("\n");
}
