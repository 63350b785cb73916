// Makes ../verify.html: one file with its style, its script and the licences of what it carries. Same sources and lock
// file, same bytes.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { buildSync, transformSync } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? join(here, "..", "verify.html");
const read = (name) => readFileSync(join(here, name), "utf8");
const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

const [built] = buildSync({
  entryPoints: [join(here, "main.mjs")],
  bundle: true,
  write: false,
  format: "iife",
  target: ["es2022"],
  charset: "utf8",
  minify: true,
  legalComments: "none",
  logLevel: "warning",
}).outputFiles;
const script = built.text.trimEnd();
if (/<\/script|<!--/i.test(script)) throw new Error("the script would end too early inside a page");
const style = transformSync(read("page.css"), { loader: "css", minify: true, charset: "utf8" }).code.trimEnd();
const policy = `default-src 'none'; script-src ${hash(script)}; style-src ${hash(style)}; worker-src blob:; base-uri 'none'; form-action 'none'`;
const parts = { policy, style, script, licences: escaped(read("THIRD-PARTY.txt").trimEnd()) };
const page = read("page.html").replaceAll(/\{\{([a-z]+)\}\}/g, (_, name) => parts[name]);
writeFileSync(out, page);
