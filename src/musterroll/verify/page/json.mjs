// JSON as the formats of the register use it: RFC 8785's, restricted.
//
// 1. Whole numbers below 2^53 in magnitude only, spelt as decimals without leading zeroes; no exponent, no point.
// 2. A name given twice in one object is refused: two readers must see one thing.
// 3. Strict UTF-8, no lone surrogates, at most 32 levels deep.
// 4. Whatever is parsed here is never written again to be hashed: the bytes that came are hashed.
//    `canonical` writes a value only to compare it with the bytes that came.

import { text, utf8 } from "./bytes.mjs";
import { Unable, Wrong } from "./report.mjs";

const DEEPEST = 32;
const ESCAPES = { '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };
const LONE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

class NotJson extends Error {}

/** The value of JSON bytes; undefined where they are not such JSON. Objects have no prototype. */
export function parse(bytes) {
  const string = text(bytes);
  return string === null ? undefined : parseText(string);
}

/** The same of a text, such as the record inside a receipt. */
export function parseText(string) {
  try {
    const reader = new Reader(string);
    const value = reader.value(0);
    reader.space();
    return reader.at === string.length ? value : undefined;
  } catch (error) {
    if (error instanceof NotJson) return undefined;
    throw error;
  }
}

class Reader {
  constructor(string) {
    this.string = string;
    this.at = 0;
  }

  space() {
    while (" \t\n\r".includes(this.string[this.at] ?? "x")) this.at++;
  }

  take(expected) {
    if (!this.string.startsWith(expected, this.at)) throw new NotJson();
    this.at += expected.length;
  }

  value(depth) {
    if (depth > DEEPEST) throw new NotJson();
    this.space();
    const first = this.string[this.at];
    if (first === "{") return this.object(depth);
    if (first === "[") return this.array(depth);
    if (first === '"') return this.text();
    if (first === "t") return this.take("true"), true;
    if (first === "f") return this.take("false"), false;
    if (first === "n") return this.take("null"), null;
    return this.number();
  }

  object(depth) {
    const out = Object.create(null);
    this.take("{");
    this.space();
    if (this.string[this.at] === "}") return this.take("}"), out;
    for (;;) {
      this.space();
      const name = this.text();
      if (name in out) throw new NotJson();
      this.space();
      this.take(":");
      out[name] = this.value(depth + 1);
      this.space();
      if (this.string[this.at] === "}") return this.take("}"), out;
      this.take(",");
    }
  }

  array(depth) {
    const out = [];
    this.take("[");
    this.space();
    if (this.string[this.at] === "]") return this.take("]"), out;
    for (;;) {
      out.push(this.value(depth + 1));
      this.space();
      if (this.string[this.at] === "]") return this.take("]"), out;
      this.take(",");
    }
  }

  text() {
    this.take('"');
    let out = "";
    for (;;) {
      const letter = this.string[this.at++];
      if (letter === undefined || letter < " ") throw new NotJson();
      if (letter === '"') break;
      if (letter !== "\\") {
        out += letter;
        continue;
      }
      const escape = this.string[this.at++];
      if (escape === "u") {
        const digits = this.string.slice(this.at, this.at + 4);
        if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw new NotJson();
        out += String.fromCharCode(parseInt(digits, 16));
        this.at += 4;
      } else if (escape in ESCAPES) {
        out += ESCAPES[escape];
      } else {
        throw new NotJson();
      }
    }
    if (LONE.test(out)) throw new NotJson();
    return out;
  }

  number() {
    const [spelt] = /^-?(0|[1-9][0-9]*)(?![0-9.eE])/.exec(this.string.slice(this.at, this.at + 32)) ?? [];
    if (spelt === undefined || !Number.isSafeInteger(Number(spelt)) || spelt === "-0") throw new NotJson();
    this.at += spelt.length;
    return Number(spelt);
  }
}

/** The canonical bytes (RFC 8785) of a parsed value. Names must be ASCII: then code units sort as bytes. */
export function canonical(value) {
  return utf8(written(value));
}

function written(value) {
  if (Array.isArray(value)) return `[${value.map(written).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const names = Object.keys(value).sort((a, b) => (a < b ? -1 : 1));
    return `{${names.map((name) => `${JSON.stringify(name)}:${written(value[name])}`).join(",")}}`;
  }
  return JSON.stringify(value);
}

/** Whether every member name, at any depth, is ASCII. */
export function asciiNames(value) {
  if (Array.isArray(value)) return value.every(asciiNames);
  if (value === null || typeof value !== "object") return true;
  return Object.keys(value).every((name) => /^[\x00-\x7f]*$/.test(name) && asciiNames(value[name]));
}

export function isObject(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** Hold that a parsed file is of version 1: another number is another format, anything else is malformed. */
export function checkVersion(value, where) {
  if (!isObject(value) || !Number.isSafeInteger(value.v)) throw new Wrong("json.form", { where });
  if (value.v !== 1) throw new Unable("manifest.version", { where, name: "v", found: value.v });
}
