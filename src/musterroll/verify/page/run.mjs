// The script inside ../verify.html, run without a browser, for tests and measurements:
//   node run.mjs DIR [--receipt FILE] [--policy FILE] [--alone] [--lang et]
// Exits 0, 1, 2 or 3 as docs/flow/verify.md says. People use verify.html, or verify.py.

import { closeSync, existsSync, openSync, readFileSync, readSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { runInThisContext } from "node:vm";

const PAGE = fileURLToPath(new URL("../verify.html", import.meta.url));

/** What the script of a built page offers where there is no page: verify, words and the parts that tests look at. */
export function offered(page = PAGE) {
  const [, script] = /<script>([^]*)<\/script>/.exec(readFileSync(page, "utf8"));
  runInThisContext(script, { filename: page });
  return globalThis.musterRollVerifier;
}

const { Folder, verify, languages, printed } = offered();

/** The files under a directory of this machine. */
export function ofDisk(directory, name = directory) {
  const files = new Map();
  const walk = (at, before) => {
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      const path = join(at, entry.name);
      const inside = before ? `${before}/${entry.name}` : entry.name;
      if (entry.isSymbolicLink()) throw Object.assign(new Error("a link"), { code: "ELINK", path });
      if (entry.isDirectory()) walk(path, inside);
      else files.set(inside, { size: statSync(path).size, read: async (from, to) => part(path, from, to) });
    }
  };
  if (existsSync(directory)) walk(directory, "");
  return new Folder(files, name);
}

function part(path, from, to) {
  const out = new Uint8Array(to - from);
  const file = openSync(path, "r");
  try {
    let at = 0;
    while (at < out.length) {
      const count = readSync(file, out, at, Math.min(out.length - at, 1 << 30), from + at);
      if (!count) break;
      at += count;
    }
    return out.subarray(0, at);
  } finally {
    closeSync(file);
  }
}

/** As muster_verify.py: a draw's folder inside `published` is looked at with its ledger; the policy lies beside. */
async function look({ folder, policy = null, receipt = null, alone = false }) {
  const directory = resolve(folder);
  const isDraw = existsSync(join(directory, "manifest.json"));
  const outer = isDraw && basename(dirname(directory)) === "draws" ? dirname(dirname(directory)) : null;
  const beside = join(dirname(outer ?? directory), "trust", "policy.txt");
  const pinned = policy ?? (existsSync(beside) ? beside : null);
  const file = (path) => (path === null ? null : { name: path, bytes: new Uint8Array(readFileSync(path)) });
  const above = outer && existsSync(join(outer, "ledger")) ? ofDisk(outer) : null;
  try {
    return await verify({ folder: ofDisk(directory, folder), policy: file(pinned), receipt: file(receipt), above, alone });
  } catch (error) {
    if (!["ENOENT", "EISDIR", "ELINK"].includes(error.code)) throw error;
    return { status: 2, sections: [{ code: "section.folder", values: { folder }, lines: [{ mark: "unable", code: "file.missing", values: { file: error.path ?? "" } }] }] };
  }
}

/** Answer one line of JSON after another, a question each: so that tests start Node once. */
async function serve() {
  for await (const line of createInterface({ input: process.stdin })) {
    const { status, sections } = await look(JSON.parse(line));
    process.stdout.write(`${JSON.stringify({ status, sections, text: printed({ status, sections }, languages.en) })}\n`);
  }
}

async function main() {
  const text = { type: "string" };
  const options = { receipt: text, policy: text, lang: { ...text, default: "en" }, alone: { type: "boolean" }, serve: { type: "boolean" } };
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  if (values.serve) return serve();
  if (positionals.length !== 1) throw new Error("node run.mjs DIR [--receipt FILE] [--policy FILE] [--alone] [--lang et]");
  const report = await look({ folder: positionals[0], ...values });
  process.stdout.write(`${printed(report, languages[values.lang])}\n`);
  process.exitCode = report.status;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
